use chrono::NaiveDate;

use super::place_in;
use crate::base::{Finding, SourceText};
use crate::catalog::{Repealed, Template};
use crate::input::{Node, push_index, push_part};
use crate::viet::PartialDate;

/// Groups that speak of what was: the history of a person, registers.
const PAST: [&str; 5] = ["/history", "/register", "/papers", "/profile", "/stop/reason"];

/// Finds provisions, documents and names of measures that are no longer used on the day
/// of a paper of a case.
///
/// What has a date of its own is of that day: a decision of 2024 is called what it was
/// called then.
pub(super) fn check(source: &SourceText, data: &Node, template: &Template) -> Vec<Finding> {
    let manifest = &template.manifest;
    let mut findings = Vec::new();
    if let (true, Some(day)) = (manifest.is_form(), manifest.in_force.from) {
        look(source, data, &mut String::new(), day, &mut findings);
    }
    findings
}

fn look(
    source: &SourceText,
    node: &Node,
    pointer: &mut String,
    day: NaiveDate,
    findings: &mut Vec<Finding>,
) {
    if PAST.contains(&pointer.as_str()) {
        return;
    }
    let day = own_day(node).unwrap_or(day);
    if let Some(text) = node.text() {
        findings.extend(of_text(source, node, pointer, text, day));
    }
    let length = pointer.len();
    for entry in node.entries() {
        push_part(pointer, &entry.key);
        look(source, &entry.node, pointer, day, findings);
        pointer.truncate(length);
    }
    for (at, item) in node.items().iter().enumerate() {
        push_index(pointer, at);
        look(source, item, pointer, day, findings);
        pointer.truncate(length);
    }
}

fn own_day(node: &Node) -> Option<NaiveDate> {
    let date: PartialDate = node.child("date")?.spelling()?.parse().ok()?;
    date.date()
}

fn of_text(
    source: &SourceText,
    node: &Node,
    pointer: &str,
    text: &str,
    day: NaiveDate,
) -> Vec<Finding> {
    if !Repealed::may_be_in(text) {
        return Vec::new();
    }
    let found = |new: fn() -> Finding, one: &Repealed| {
        let since = Some(one.since()).filter(|since| *since <= day)?;
        let words = &text[one.found_in(text)?];
        let finding = new()
            .with("found", words)
            .with("since", PartialDate::full(since).to_string())
            .with("instead", one.instead());
        Some(finding.at(place_in(source, node, pointer, words)))
    };
    let cited = Repealed::cited().filter_map(|one| found(|| Finding::new("LW01"), one));
    let named = Repealed::named().filter_map(|one| found(|| Finding::new("LW02"), one));
    cited.chain(named).collect()
}
