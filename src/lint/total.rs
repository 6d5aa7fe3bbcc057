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
        let mut sum = Some(0.0);
        for (at, part) in parts.items().iter().enumerate() {
            let Some(name) = part.text() else { continue };
            let number = addend(targets, &entry.node, name);
            sum = sum.zip(number).map(|(sum, number)| sum + number);
            if number.is_none() {
                let place = part.place(source, format!("{pointer}/total_of/{at}"));
                findings.push(not_added(targets, &entry.key, name).at(place));
            }
        }
        let value = entry.node.child("value");
        let stated = value.and_then(|value| Some((value, number(value)?)));
        if let (Some(sum), Some((value, stated))) = (sum, stated)
            && !parts.items().is_empty()
            && (stated - sum).abs() > 1e-6 * stated.abs().max(1.0)
        {
            let finding = Finding::new("TG03")
                .with("name", entry.key.as_str())
                .with("found", written(stated))
                .with("sum", written(sum));
            findings.push(finding.at(value.place(source, format!("{pointer}/value"))));
        }
    }
    findings
}

/// The number that a named target adds to a total of the same unit.
fn addend(targets: &Node, total: &Node, name: &str) -> Option<f64> {
    let target = targets.child(name)?;
    let unit = |node: &'_ Node| node.child("unit").and_then(Node::text).map(str::to_owned);
    if unit(target) == unit(total) { number(target.child("value")?) } else { None }
}

/// Why a named target cannot be added.
fn not_added(targets: &Node, total: &str, name: &str) -> Finding {
    if targets.child(name).is_some() {
        return Finding::new("TG05").with("part", name).with("name", total);
    }
    let others = targets.entries().iter().map(|entry| entry.key.as_str());
    let near = nearest(name, others.filter(|other| *other != total));
    Finding::new("TG04").with("name", name).suggest(near)
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
