use crate::base::{Finding, Place, SourceText};
use crate::block::{Document, paragraphs, plain_text};

/// Marks that an unfinished draft leaves behind.
const LEFTOVERS: [&str; 3] = ["[CẦN BỔ SUNG]", "{{", "**"];

pub(super) fn check(source: &SourceText, document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    if document.envelope.number.is_none() {
        return findings;
    }
    paragraphs(document, &mut |line| {
        let text = plain_text(line);
        for mark in LEFTOVERS.iter().filter(|mark| text.contains(**mark)) {
            let at = source.text().find(mark).unwrap_or(0);
            let place = Place {
                source: source.clone(),
                span: at..(at + mark.len()).min(source.text().len()),
                pointer: String::new(),
            };
            findings.push(Finding::new("TR01").with("mark", *mark).at(place));
        }
    });
    findings.dedup();
    findings
}
