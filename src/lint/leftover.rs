use super::{Values, place_in};
use crate::base::{Finding, SourceText};
use crate::block::{Document, paragraphs, plain_text};
use crate::input::Node;

/// Marks that an unfinished draft leaves behind.
const MARKS: [&str; 3] = ["[CẦN BỔ SUNG]", "{{", "**"];

/// A document that has a number is finished: its data holds no marks.
pub(super) fn check_data(source: &SourceText, data: &Node, values: &Values<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let marks: Vec<&str> = MARKS.into_iter().filter(|mark| holds(source.text(), mark)).collect();
    if data.child("number").is_none() || marks.is_empty() {
        return findings;
    }
    for (node, pointer) in values.iter() {
        let Some(text) = node.text() else { continue };
        for mark in marks.iter().filter(|mark| text.contains(**mark)) {
            let place = place_in(source, node, pointer, mark);
            findings.push(Finding::new("TR01").with("mark", *mark).at(place));
        }
    }
    findings
}

/// Whether a text holds a mark: most do not even hold its first two signs, which are
/// quickly looked for.
fn holds(text: &str, mark: &str) -> bool {
    text.contains(&mark[..2]) && text.contains(mark)
}

/// The same for marks that come from the content template.
pub(super) fn check_document(source: &SourceText, document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    if document.envelope.number.is_none() {
        return findings;
    }
    let foreign = MARKS.into_iter().filter(|mark| !holds(source.text(), mark));
    let mut foreign: Vec<(&str, bool)> = foreign.map(|mark| (mark, false)).collect();
    paragraphs(document, &mut |line| {
        let text = plain_text(line);
        for (mark, found) in &mut foreign {
            *found = *found || holds(&text, mark);
        }
    });
    let found = foreign.into_iter().filter(|(_, found)| *found);
    findings.extend(found.map(|(mark, _)| Finding::new("TR01").with("mark", mark)));
    findings
}
