use chrono::NaiveDate;

use super::{Values, placed};
use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::{Agencies, Agency};
use crate::input::Node;
use crate::viet::PartialDate;

/// Keys whose value names an agency that acts on a day, and the key beside them that
/// tells the day; without it, it is that of the document.
const ACTING: [(&str, &str); 6] = [
    ("issuer", "date"),
    ("issued_by", "issued_date"),
    ("agency", "date"),
    ("superior", "date"),
    ("name", "date"),
    ("to", "date"),
];

/// Objects whose `name`, `superior` or list is of agencies.
const OF_AGENCIES: [&str; 6] =
    ["/issuer", "/profile/police", "/profile/committee", "/facility", "/recipients", "/addressees"];

/// Checks that those who issue and receive a document existed on its day, and those
/// who issued what it cites on the day of that.
///
/// Running text is not looked at: it may tell of what has been.
pub(super) fn check(source: &SourceText, data: &Node, values: &Values<'_>) -> Vec<Finding> {
    let document = data.child("date").and_then(whole_day);
    let found = |(node, pointer)| {
        let name = name_at(node, pointer)?;
        let finding = finding(&name, day_of(data, pointer).or(document)?)?;
        Some(placed(finding, source, node, pointer))
    };
    values.iter().filter_map(found).collect()
}

fn whole_day(node: &Node) -> Option<NaiveDate> {
    node.spelling()?.parse::<PartialDate>().ok()?.date()
}

/// The name of an agency that stands there, if one can: a text, or the lines of one.
fn name_at(node: &Node, pointer: &str) -> Option<String> {
    let (above, key) = pointer.rsplit_once('/')?;
    let listed = key.bytes().all(|byte| byte.is_ascii_digit());
    let acts = ["issuer", "issued_by", "agency"].contains(&key);
    let of_agencies = || OF_AGENCIES.iter().any(|group| pointer.starts_with(group));
    // The lines of a name are read together, at the name.
    let is_line = listed && (above.ends_with("/name") || above.ends_with("/superior"));
    let named = ["name", "superior", "to"].contains(&key) || (listed && !is_line);
    let is_person = above.ends_with("/signer");
    if is_line || is_person || !(acts || (named && of_agencies())) {
        return None;
    }
    match node.items() {
        [] => node.text().map(str::to_owned),
        lines => {
            let lines: Vec<&str> = lines.iter().filter_map(Node::text).collect();
            Some(lines.join(" ")).filter(|_| key == "name" || key == "superior")
        }
    }
}

/// The day that stands beside a name.
fn day_of(data: &Node, pointer: &str) -> Option<NaiveDate> {
    let (above, key) = pointer.rsplit_once('/')?;
    let (_, beside) = ACTING.iter().find(|(name, _)| *name == key)?;
    data.at(above)?.child(beside).and_then(whole_day)
}

fn finding(name: &str, day: NaiveDate) -> Option<Finding> {
    let name = name.trim().trim_start_matches("Các ");
    let agencies = Agencies::all().at_head_of(name);
    let (first, last) = (agencies.first()?, agencies.last()?);
    let date = |day: NaiveDate| PartialDate::full(day).to_string();
    let finding = if agencies.iter().all(|agency| agency.had_ended(day)) {
        Finding::new("AG01")
            .with("until", last.to.map(date)?)
            .with("successor", successors(last, day))
    } else if agencies.iter().all(|agency| agency.was_to_come(day)) {
        Finding::new("AG02").with("since", first.from.map(date)?)
    } else {
        return None;
    };
    Some(finding.with("agency", last.name.as_str()).with("found", date(day)))
}

/// Who took over.
fn successors(agency: &Agency, day: NaiveDate) -> Bilingual {
    let names = Agencies::all().successors_on(agency, day);
    if names.is_empty() {
        return Bilingual::new("không có cơ quan kế tục", "nobody took over");
    }
    let names = names.join("; ");
    Bilingual::new(format!("kế tục: {names}"), format!("taken over by: {names}"))
}
