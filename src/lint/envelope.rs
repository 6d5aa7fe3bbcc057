use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::kind;
use crate::input::{Node, NodeValue, Scalar};
use crate::viet::{PartialDate, fold};

/// Checks number, symbol, date and recipients.
pub(super) fn check(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut findings: Vec<Finding> = symbol(source, data).into_iter().collect();
    findings.extend(number(source, data));
    findings.extend(recipients(source, data));
    findings
}

/// The code of the kind comes by itself (PL1-II.3.b).
fn symbol(source: &SourceText, data: &Node) -> Option<Finding> {
    let pointer = "/issuer/symbol";
    let node = data.at(pointer)?;
    let (code, rest) = node.text()?.split_once('-')?;
    kind(code)?;
    let finding = Finding::new("NB03")
        .with("code", code)
        .hint(Bilingual::new(format!("ghi `symbol: {rest}`"), format!("write `symbol: {rest}`")));
    Some(finding.at(node.place(source, pointer)))
}

/// A document that has a number has a full date (Điều 15).
fn number(source: &SourceText, data: &Node) -> Option<Finding> {
    let node = data.child("number")?;
    let date = data.child("date").and_then(Node::spelling);
    let full = date.and_then(|text| text.parse::<PartialDate>().ok()?.date());
    full.is_none().then(|| Finding::new("DT06").at(node.place(source, "/number")))
}

/// The archive line comes by itself, and nobody is listed twice (PL1-II.9.d).
fn recipients(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for list in ["paper", "electronic"] {
        let pointer = format!("/recipients/{list}");
        let items = data.at(&pointer).map(Node::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            let (name, pointer) = match item.child("name") {
                Some(name) => (name, format!("{pointer}/{at}/name")),
                None => (item, format!("{pointer}/{at}")),
            };
            let Some(text) = name.text() else { continue };
            let text = text.trim_start_matches(['-', ' ']).trim_end_matches([';', '.', ' ']);
            let key = fold(text);
            if key.starts_with("luu:") || key.starts_with("luu :") {
                findings.push(Finding::new("NN03").at(name.place(source, &pointer)));
            } else if seen.contains(&key) {
                let finding = Finding::new("NN07").with("name", text);
                findings.push(finding.at(name.place(source, &pointer)));
            }
            seen.push(key);
        }
    }
    findings
}

/// Numbers with exactly three digits behind the point: in Vietnam `12.500` is
/// twelve thousand five hundred, in YAML it is twelve and a half.
pub(super) fn thousands(source: &SourceText, node: &Node, pointer: &str) -> Option<Finding> {
    let NodeValue::Scalar(Scalar::Number(_, spelled)) = &node.value else { return None };
    let (whole, fraction) = spelled.split_once('.')?;
    if fraction.len() != 3 || whole.trim_start_matches('-').len() > 3 || whole == "0" {
        return None;
    }
    let finding = Finding::new("SC11")
        .with("found", spelled.as_str())
        .with("read", crate::viet::grouped(spelled))
        .with("meant", format!("{whole}{fraction}"));
    Some(finding.at(node.place(source, pointer)))
}
