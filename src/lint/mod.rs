//! Checks of data and document against the decree and against themselves.

mod data;
mod document;
mod layout;

use crate::base::{Finding, SourceText};
use crate::block::Document;
use crate::input::Node;

/// Checks the data: what the schema cannot say.
pub fn check_data(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut findings = layout::check(source, data);
    findings.extend(data::check(source, data));
    findings
}

/// Checks the finished document. Its findings point at the data file as a whole,
/// for the words may come from anywhere in it.
pub fn check_document(source: &SourceText, document: &Document) -> Vec<Finding> {
    document::check(source, document)
}
