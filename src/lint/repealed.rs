use chrono::NaiveDate;

use super::{Values, place_in};
use crate::base::{Finding, SourceText};
use crate::catalog::{Repealed, Template};
use crate::input::Node;
use crate::viet::PartialDate;

/// Groups that speak of what was: the history of a person, registers.
const PAST: [&str; 5] = ["/history", "/register", "/papers", "/profile", "/stop/reason"];

/// Finds provisions, documents and names of measures that are no longer used on the day
/// of a paper of a case.
///
/// What has a date of its own is of that day: a decision of 2024 is called what it was
/// called then.
pub(super) fn check(
    source: &SourceText,
    data: &Node,
    values: &Values<'_>,
    template: &Template,
) -> Vec<Finding> {
    let manifest = &template.manifest;
    let (true, Some(day)) = (manifest.is_form(), manifest.in_force.from) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (node, pointer) in values.iter() {
        if let Some(text) = node.text().filter(|text| Repealed::may_be_in(text))
            && !is_past(pointer)
        {
            let day = day_at(data, pointer).unwrap_or(day);
            findings.extend(of_text(source, node, pointer, text, day));
        }
    }
    findings
}

fn is_past(pointer: &str) -> bool {
    let below = |group: &str| pointer.strip_prefix(group);
    PAST.into_iter().filter_map(below).any(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The day of the nearest value around this one that has one.
fn day_at(data: &Node, pointer: &str) -> Option<NaiveDate> {
    let ends = pointer.rmatch_indices('/').map(|(at, _)| at);
    ends.filter_map(|end| data.at(&pointer[..end])).find_map(own_day)
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
