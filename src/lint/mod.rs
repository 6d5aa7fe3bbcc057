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

use std::ops::Range;

use crate::base::{Finding, Place, SourceText};
use crate::block::Document;
use crate::catalog::Template;
use crate::input::{Node, push_index, push_part};

/// Checks the data of a template: what its schema cannot say.
pub fn check_data(source: &SourceText, data: &Node, template: &Template) -> Vec<Finding> {
    let values = Values::of(data);
    let mut findings = layout::check(source, data);
    findings.extend(data::check(source, data, &values));
    findings.extend(section::check(source, data));
    findings.extend(envelope::check(source, data));
    findings.extend(recipient::check(source, data, template));
    findings.extend(signature::check(source, data));
    findings.extend(total::check(source, data));
    findings.extend(window::check(source, data, template));
    findings.extend(agency::check(source, data, &values));
    findings.extend(unit::check(source, data, &values));
    findings.extend(repealed::check(source, data, &values, template));
    let mut mentions = Vec::new();
    for (node, pointer) in values.iter() {
        findings.extend(envelope::thousands(source, node, pointer));
        findings.extend(section::typed_number(source, node, pointer));
        mentions.extend(annex::Mention::of(node, pointer));
    }
    findings.extend(annex::check(source, data, &values, template, &mentions));
    findings.extend(leftover::check_data(source, data, &values));
    findings
}

/// Checks the finished document for what the data cannot be blamed for; these
/// findings have no place in the data file.
pub fn check_document(source: &SourceText, document: &Document) -> Vec<Finding> {
    leftover::check_document(source, document)
}

/// The first place in the data at which these words stand, if they come from it.
pub fn locate(source: &SourceText, data: &Node, words: &str) -> Option<Place> {
    let values = Values::of(data);
    let says = |node: &Node| node.text().is_some_and(|text| text.contains(words));
    let (node, pointer) = values.iter().find(|(node, _)| says(node))?;
    Some(place_in(source, node, pointer, words))
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

/// All values of the data with their JSON pointers, in the order of the file: many checks
/// look at each of them.
struct Values<'a> {
    /// Each value, and where its pointer stands.
    values: Vec<(&'a Node, Range<usize>)>,
    /// The pointers, one behind the other.
    pointers: String,
}

impl<'a> Values<'a> {
    fn of(data: &'a Node) -> Self {
        let mut values = Self { values: Vec::new(), pointers: String::new() };
        values.add(data, &mut String::new());
        values
    }

    fn add(&mut self, node: &'a Node, pointer: &mut String) {
        let start = self.pointers.len();
        self.pointers.push_str(pointer);
        self.values.push((node, start..self.pointers.len()));
        let length = pointer.len();
        for entry in node.entries() {
            push_part(pointer, &entry.key);
            self.add(&entry.node, pointer);
            pointer.truncate(length);
        }
        for (at, item) in node.items().iter().enumerate() {
            push_index(pointer, at);
            self.add(item, pointer);
            pointer.truncate(length);
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&'a Node, &str)> {
        self.values.iter().map(|(node, pointer)| (*node, &self.pointers[pointer.clone()]))
    }
}
