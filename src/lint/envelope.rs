use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::kind;
use crate::input::{Node, NodeValue, Scalar};
use crate::viet::{PartialDate, upper};

/// Checks number, symbol, place and date.
pub(super) fn check(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut findings: Vec<Finding> = symbol(source, data).into_iter().collect();
    findings.extend(number(source, data));
    findings.extend(place(source, data));
    findings
}

/// The code of the kind comes by itself (PL1-II.3.b); that of the agency is in
/// capitals (PL1-II.3.c).
fn symbol(source: &SourceText, data: &Node) -> Option<Finding> {
    let pointer = "/issuer/symbol";
    let node = data.at(pointer)?;
    let text = node.text()?;
    let Some((code, rest)) = text.split_once('-').filter(|(code, _)| kind(code).is_some()) else {
        // Spaces and other marks are for the schema to find.
        let lower = text.contains(char::is_lowercase);
        let finding = || Finding::new("NB01").with("found", text).with("meant", upper(text));
        return lower.then(|| finding().at(node.place(source, pointer)));
    };
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

/// Common nouns that the decree drops from the place (PL1-II.4.a).
const NOUNS: [&str; 3] = ["tỉnh", "huyện", "xã"];

/// Words with which names of persons and events start, after which communes are
/// named: such a name keeps its common noun, with a capital.
const PERSONS: [&str; 32] = [
    "nguyễn", "trần", "lê", "phạm", "phan", "hoàng", "huỳnh", "vũ", "võ", "đặng", "bùi", "đỗ",
    "hồ", "ngô", "dương", "lý", "đinh", "lương", "trương", "hà", "mai", "tô", "cao", "đoàn",
    "trịnh", "lâm", "tạ", "triệu", "hùng", "quang", "hồng", "điện",
];

/// The place is a name alone: `Định Mỹ`, not `xã Định Mỹ`. Names after a number, a
/// person or an event keep the noun; which those are cannot be known for sure.
fn place(source: &SourceText, data: &Node) -> Option<Finding> {
    let node = data.child("place")?;
    let (noun, name) = node.text()?.trim().split_once(' ')?;
    let (noun, name) = (noun, name.trim());
    let lower = noun.to_lowercase();
    if !NOUNS.contains(&lower.as_str()) {
        return None;
    }
    let first = name.split(' ').next()?.to_lowercase();
    let may_keep = lower != "tỉnh"
        && (PERSONS.contains(&first.as_str()) || first.starts_with(|c: char| c.is_ascii_digit()));
    if noun != lower && may_keep {
        return None;
    }
    let finding = Finding::new("DT04").with("noun", noun).with("name", name);
    Some(finding.at(node.place(source, "/place")))
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
