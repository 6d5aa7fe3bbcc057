use super::{place_in, walk};
use crate::base::{Finding, SourceText};
use crate::block::{Document, paragraphs, plain_text};
use crate::input::Node;

/// Marks that an unfinished draft leaves behind.
const MARKS: [&str; 3] = ["[CẦN BỔ SUNG]", "{{", "**"];

/// A document that has a number is finished: its data holds no marks.
pub(super) fn check_data(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    let marks: Vec<&str> = MARKS.into_iter().filter(|mark| source.text().contains(mark)).collect();
    if data.child("number").is_none() || marks.is_empty() {
        return findings;
    }
    walk(data, &mut String::new(), &mut |node, pointer| {
        let Some(text) = node.text() else { return };
        for mark in marks.iter().filter(|mark| text.contains(**mark)) {
            let place = place_in(source, node, pointer, mark);
            findings.push(Finding::new("TR01").with("mark", *mark).at(place));
        }
    });
    findings
}

/// The same for marks that come from the content template.
pub(super) fn check_document(source: &SourceText, document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    if document.envelope.number.is_none() {
        return findings;
    }
    let foreign = MARKS.iter().filter(|mark| !source.text().contains(**mark));
    for mark in foreign {
        let mut found = false;
        paragraphs(document, &mut |line| found |= plain_text(line).contains(mark));
        if found {
            findings.push(Finding::new("TR01").with("mark", *mark));
        }
    }
    findings
}
