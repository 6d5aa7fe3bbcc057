use std::sync::Arc;

use serde_json::Value;

use super::super::Checked;
use crate::base::{Bilingual, Finding};
use crate::catalog::Paper;
use crate::input::{Files, PaperFileError, paper_file};

/// A paper of a procedure, as the case has it.
#[derive(Debug, Clone)]
pub struct PaperState {
    /// The paper.
    pub paper: Paper,
    /// Whether it is there.
    pub status: Status,
    /// Whether the file is incomplete without it.
    pub required: bool,
    /// The files from outside that the case gives for it, in its order.
    pub outside: Vec<OutsidePaper>,
    /// What keeps it from being there: the data that its form lacks.
    pub missing: Vec<Finding>,
    /// Why it is not needed, where it is not.
    pub reason: Option<Bilingual>,
    /// The case as its form takes it, where it is made of the case.
    pub checked: Option<Arc<Checked>>,
}

/// Whether a paper is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It is made of the case with its template.
    Generated,
    /// It comes from outside, and its files are there.
    Outside,
    /// It is not there.
    Missing,
    /// Another paper stands in its place; its key.
    Replaced(String),
    /// The case does not need it.
    NotNeeded,
    /// It goes in where there is one (`nếu có`), and there is none.
    Absent,
}

/// A file of a paper from outside, as the case names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsidePaper {
    /// The key of the paper.
    pub paper: String,
    /// The path as the case writes it, relative to the case.
    pub file: String,
    /// The path in its shortest form, or why it cannot be used.
    pub found: Result<String, PaperFileError>,
    /// What the case calls the paper.
    pub title: Option<String>,
    /// Number and symbol.
    pub number: Option<String>,
    /// The date, as it is written.
    pub date: Option<String>,
    /// Who made it.
    pub issuer: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// The JSON pointer of the entry.
    pub pointer: String,
}

impl PaperState {
    /// Whether the paper goes into the file.
    pub fn is_there(&self) -> bool {
        matches!(self.status, Status::Generated | Status::Outside)
    }

    /// Whether the file is incomplete for want of it.
    pub fn is_wanting(&self) -> bool {
        self.required && self.status == Status::Missing
    }
}

/// The papers from outside that a case names.
pub(super) fn outside_papers(data: &Value, files: &dyn Files) -> Vec<OutsidePaper> {
    let list = data.pointer("/dossier/outside").and_then(Value::as_array);
    let entries = list.map(Vec::as_slice).unwrap_or_default().iter().enumerate();
    let text = |entry: &Value, key: &str| match &entry[key] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    entries
        .map(|(at, entry)| {
            let file = text(entry, "file").unwrap_or_default();
            OutsidePaper {
                paper: text(entry, "paper").unwrap_or_default(),
                found: paper_file(&file, files),
                file,
                title: text(entry, "title"),
                number: text(entry, "number"),
                date: text(entry, "date"),
                issuer: text(entry, "issuer"),
                note: text(entry, "note"),
                pointer: format!("/dossier/outside/{at}"),
            }
        })
        .collect()
}
