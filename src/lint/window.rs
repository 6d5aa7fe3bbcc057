use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::{Form, Manifest, Template};
use crate::input::Node;
use crate::viet::PartialDate;

/// Checks that a form is in force on the day of the document.
///
/// Other documents of Nghị định 30/2020/NĐ-CP are not asked: they say themselves which day
/// they have, and one that is written down later keeps its form.
pub(super) fn check(source: &SourceText, data: &Node, template: &Template) -> Option<Finding> {
    let manifest = &template.manifest;
    if !manifest.is_filled_in() {
        return None;
    }
    let node = data.child("date")?;
    let date: PartialDate = node.spelling()?.parse().ok()?;
    let day = date.date()?;
    let days = &manifest.in_force;
    let early = days.from.filter(|from| day < *from);
    let late = days.to.filter(|to| day > *to);
    let finding = match (early, late) {
        (Some(from), _) => Finding::new("FM01")
            .with("since", PartialDate::full(from).to_string())
            .with("before", before(&manifest.replaces)),
        (None, Some(to)) => Finding::new("FM02").with("until", PartialDate::full(to).to_string()),
        (None, None) => return None,
    };
    let finding = finding.with("template", manifest.id.as_str()).with("found", date.to_string());
    Some(finding.at(node.place(source, "/date")))
}

/// That no law has a sample of a form, so that nobody takes it for an official one.
pub fn unofficial(manifest: &Manifest) -> Option<Finding> {
    let finding = || {
        let title = Bilingual::new(manifest.title.clone(), manifest.title_en.clone());
        Finding::new("FM03").with("template", manifest.id.as_str()).with("title", title)
    };
    manifest.is_unofficial_form().then(finding)
}

/// What was to be used before.
fn before(replaced: &[Form]) -> Bilingual {
    if replaced.is_empty() {
        return Bilingual::new("trước đó không có mẫu này", "there was no such form before");
    }
    let list: Vec<String> =
        replaced.iter().map(|form| format!("{} ({})", form.form, form.law)).collect();
    let list = list.join("; ");
    Bilingual::new(format!("trước đó là {list}"), format!("before, it was {list}"))
}
