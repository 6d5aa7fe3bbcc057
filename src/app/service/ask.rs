use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::base::Language;

/// The version of asks and answers.
pub(super) const VERSION: u8 = 1;

/// Something to be made or checked. Version 1.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// What.
    pub job: Job,
    /// The language of findings.
    pub language: Language,
}

/// What is asked for; the first part that comes with it is the data.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Job {
    /// A document of a template.
    Document(DocumentJob),
}

/// A document, or only what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentJob {
    /// The id of the template.
    pub template: String,
    /// The endings of the formats; none where the data is only checked.
    pub formats: Vec<String>,
    /// The options of the template, as the user chose them.
    pub options: Vec<(String, String)>,
    /// Whether a form is printed to be filled in by hand; there are no data then.
    pub blank: bool,
    /// The date (yyyy-mm-dd) in the metadata of a document that has none.
    pub as_of: Option<String>,
    /// The only page wanted of formats that make a file of each, from 1.
    pub page: Option<usize>,
}

/// A part that comes with an ask: the data, or a file that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name by which findings or the data speak of it.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
}

impl Part {
    /// A part.
    pub fn new(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}
