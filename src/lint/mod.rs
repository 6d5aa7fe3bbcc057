//! Checks of data and document against the decree and against themselves.

mod agency;
mod annex;
mod assignment;
mod data;
mod declared;
mod dossier;
mod envelope;
mod image;
mod layout;
mod leftover;
mod recipient;
mod repealed;
mod section;
mod signature;
mod total;
mod unit;
mod window;

pub use declared::declared;
pub use dossier::{check_dossier, unknown_procedure};
pub use image::check_images;
pub use window::unofficial;

use crate::base::{Finding, Place, SourceText};
use crate::block::Document;
use crate::catalog::Template;
use crate::input::{Node, push_index, push_part};

/// Checks the data of a template: what its schema cannot say.
pub fn check_data(source: &SourceText, data: &Node, template: &Template) -> Vec<Finding> {
    let mut findings = layout::check(source, data);
    findings.extend(data::check(source, data));
    findings.extend(section::check(source, data));
    findings.extend(envelope::check(source, data));
    findings.extend(recipient::check(source, data, template));
    findings.extend(signature::check(source, data));
    findings.extend(total::check(source, data));
    findings.extend(window::check(source, data, template));
    findings.extend(agency::check(source, data));
    findings.extend(unit::check(source, data));
    findings.extend(repealed::check(source, data, template));
    let mut mentions = Vec::new();
    walk(data, &mut String::new(), &mut |node, pointer| {
        findings.extend(envelope::thousands(source, node, pointer));
        findings.extend(section::typed_number(source, node, pointer));
        mentions.extend(annex::Mention::of(node, pointer));
    });
    findings.extend(annex::check(source, data, template, &mentions));
    findings.extend(leftover::check_data(source, data));
    findings
}

/// Checks the finished document for what the data cannot be blamed for; these
/// findings have no place in the data file.
pub fn check_document(source: &SourceText, document: &Document) -> Vec<Finding> {
    leftover::check_document(source, document)
}

/// The first place in the data at which these words stand, if they come from it.
pub fn locate(source: &SourceText, data: &Node, words: &str) -> Option<Place> {
    let mut place = None;
    walk(data, &mut String::new(), &mut |node, pointer| {
        if place.is_none() && node.text().is_some_and(|text| text.contains(words)) {
            place = Some(place_in(source, node, pointer, words));
        }
    });
    place
}

/// A finding about a value, at its place; a value of a profile has none in this file.
fn placed(finding: Finding, source: &SourceText, node: &Node, pointer: &str) -> Finding {
    if node.span.is_empty() { finding } else { finding.at(node.place(source, pointer)) }
}

/// The place of words inside a value; the whole value, where it is spelled
/// otherwise in the file.
fn place_in(source: &SourceText, node: &Node, pointer: &str, words: &str) -> Place {
    let mut place = node.place(source, pointer);
    if let Some(at) = source.slice(node.span.clone()).find(words) {
        place.span = node.span.start + at..node.span.start + at + words.len();
    }
    place
}

/// Calls `see` with every value below `node` and its JSON pointer.
fn walk<'a>(node: &'a Node, pointer: &mut String, see: &mut dyn FnMut(&'a Node, &str)) {
    see(node, pointer);
    let length = pointer.len();
    for entry in node.entries() {
        push_part(pointer, &entry.key);
        walk(&entry.node, pointer, see);
        pointer.truncate(length);
    }
    for (at, item) in node.items().iter().enumerate() {
        push_index(pointer, at);
        walk(item, pointer, see);
        pointer.truncate(length);
    }
}
