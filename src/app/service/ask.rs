use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::base::Language;
use crate::output::pdf::Corner;
use crate::pipeline::Numbering;

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
    /// A dossier of a case; the parts behind the case are its papers from outside.
    Dossier(DossierJob),
    /// What there is of a dossier and what is missing.
    DossierCheck(DossierCheckJob),
    /// A document of each record of a table or list.
    Batch(BatchJob),
}

/// A dossier, in an archive or as one set to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DossierJob {
    /// The id of the procedure.
    pub procedure: String,
    /// What is printed: a set instead of the archive of everything.
    pub print: Option<PrintJob>,
    /// How sheets are numbered.
    pub numbering: NumberingJob,
    /// The date (yyyy-mm-dd) in the metadata of documents that have none.
    pub as_of: Option<String>,
}

/// A set of a dossier, as PDF.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintJob {
    /// Its id; the first one, if none is named.
    pub set: Option<String>,
}

/// How the sheets of a dossier are printed and numbered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberingJob {
    /// The first number.
    pub start: u32,
    /// Whether every page has a number, or every sheet.
    pub per_page: bool,
    /// Whether paper is printed on one side.
    pub simplex: bool,
    /// What is printed; `{n}` is the number.
    pub stamp: String,
    /// The corner of the page.
    pub stamp_at: Corner,
}

impl Default for NumberingJob {
    fn default() -> Self {
        let Numbering { start, per_page, duplex, text, position, .. } = Numbering::default();
        let start = u32::try_from(start).unwrap_or(1);
        Self { start, per_page, simplex: !duplex, stamp: text, stamp_at: position }
    }
}

impl NumberingJob {
    /// The same for the renderer.
    pub(super) fn numbering(&self) -> Numbering {
        Numbering {
            duplex: !self.simplex,
            per_page: self.per_page,
            start: usize::try_from(self.start).unwrap_or(usize::MAX),
            text: self.stamp.clone(),
            position: self.stamp_at,
            ..Numbering::default()
        }
    }
}

/// What there is of a dossier, and how its time limits stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DossierCheckJob {
    /// The id of the procedure.
    pub procedure: String,
    /// The moment at which time limits are looked at: a day, or `2026-08-09T14:30`.
    pub as_of: String,
    /// Whether the part behind the case is the calendar of the house.
    pub calendar: bool,
}

/// A document of each record of a table or list, in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchJob {
    /// The id of the template.
    pub template: String,
    /// What the data is.
    pub data: BatchForm,
    /// Whether the part behind the data holds values for every record.
    pub common: bool,
    /// The endings of the formats.
    pub formats: Vec<String>,
    /// The sheet of the table.
    pub sheet: Option<String>,
    /// The row of the headings, from 1.
    pub header_row: Option<u32>,
    /// Whether documents are made although some records are wrong.
    pub keep_going: bool,
    /// The date (yyyy-mm-dd) in the metadata of documents that have none.
    pub as_of: Option<String>,
}

/// What the data of a batch is. Other workbooks than these are read whole, and cannot be
/// bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BatchForm {
    /// Delimited text.
    Csv,
    /// A workbook of Office Open XML.
    Xlsx,
    /// A list in JSON or YAML.
    List,
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
