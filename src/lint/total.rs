use crate::base::{Finding, SourceText};
use crate::catalog::nearest;
use crate::input::{Node, NodeValue, Scalar};
use crate::viet::grouped;

/// Checks that targets which are stated to be totals are the sum of their parts.
pub(super) fn check(source: &SourceText, data: &Node) -> Vec<Finding> {
    let Some(targets) = data.child("targets") else { return Vec::new() };
    let mut findings = Vec::new();
    for entry in targets.entries() {
        let Some(parts) = entry.node.child("total_of") else { continue };
        let pointer = format!("/targets/{}", entry.key);
        let before = findings.len();
        let mut sum = 0.0;
        for (at, part) in parts.items().iter().enumerate() {
            match addend(targets, &entry.node, &entry.key, part) {
                Ok(number) => sum += number,
                Err(finding) => {
                    findings.extend(
                        finding.map(|it| {
                            it.at(part.place(source, format!("{pointer}/total_of/{at}")))
                        }),
                    );
                }
            }
        }
        if findings.len() > before || parts.items().is_empty() {
            continue;
        }
        let Some(value) = entry.node.child("value") else { continue };
        let Some(stated) = number(value) else { continue };
        if (stated - sum).abs() > 1e-6 * stated.abs().max(1.0) {
            let finding = Finding::new("TG03")
                .with("name", entry.key.as_str())
                .with("found", written(stated))
                .with("sum", written(sum));
            findings.push(finding.at(value.place(source, format!("{pointer}/value"))));
        }
    }
    findings
}

/// The number that a named target adds to a total; the finding is left out where
/// another rule tells what is wrong.
fn addend(
    targets: &Node,
    total: &Node,
    total_name: &str,
    part: &Node,
) -> Result<f64, Option<Finding>> {
    let name = part.text().ok_or(None)?;
    let Some(target) = targets.child(name) else {
        let names = targets.entries().iter().map(|entry| entry.key.as_str());
        let near = nearest(name, names.filter(|other| *other != total_name));
        return Err(Some(Finding::new("TG04").with("name", name).suggest(near)));
    };
    let unit =
        |node: &Node| node.child("unit").and_then(Node::text).map(str::trim).map(str::to_owned);
    let value = target.child("value").and_then(number);
    match value {
        Some(value) if unit(target) == unit(total) => Ok(value),
        _ => Err(Some(Finding::new("TG05").with("part", name).with("name", total_name))),
    }
}

/// A number, or a text of digits such as `05`.
fn number(node: &Node) -> Option<f64> {
    match &node.value {
        NodeValue::Scalar(Scalar::Number(number, _)) => number.as_f64(),
        NodeValue::Scalar(Scalar::Text(text)) => {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| digits)
        }
        _ => None,
    }
}

/// A number as it is printed, without the noise of binary fractions.
fn written(number: f64) -> String {
    let text = format!("{number:.6}");
    grouped(text.trim_end_matches('0').trim_end_matches('.'))
}
