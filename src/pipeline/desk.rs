use std::borrow::Borrow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Checked, Composed, Edition, Format, Input, Numbering, Renderer, Together};
use crate::base::{Finding, Severity, SourceText, has_errors};
use crate::catalog::Template;
use crate::input::table::{Common, Layout, Record, Records, Row, item_record};
use crate::input::{self, Files, Node};
use crate::output::OutputError;
use crate::output::pdf::Span;

/// What a desk is to make of each record.
#[derive(Debug)]
pub struct Order {
    /// The template.
    pub template: Arc<Template>,
    /// The formats.
    pub formats: Vec<Format>,
    /// Where the values of a row stand; none where the records are items of a list.
    pub layout: Option<Layout>,
    /// The name of the data file.
    pub file: String,
    /// Values that hold for every record.
    pub common: Option<Common>,
    /// The files that the data name.
    pub files: Box<dyn Files + Send>,
}

/// One record of a batch, as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Entry {
    /// A row of a table.
    Row(Row),
    /// An item of a list: its text, and its values placed in it.
    Item {
        /// The text.
        text: String,
        /// The values.
        node: Node,
    },
}

/// What became of a record.
#[derive(Debug, Default)]
pub struct Made {
    /// The files, empty if the data has errors or none were asked for.
    pub files: Vec<MadeFile>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// A file of a document that is one of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeFile {
    /// What tells it from other files of the record in the same format, such as `-2` for
    /// the second page; empty where there are no others.
    pub part: String,
    /// The format.
    pub format: Format,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Makes a document of each record of a batch, one after the other, with a renderer of its
/// own or a borrowed one.
#[derive(Debug)]
pub struct Desk<R = Renderer> {
    renderer: R,
    order: Order,
    records: Option<Records>,
}

impl<R: Borrow<Renderer>> Desk<R> {
    /// Gets everything ready.
    ///
    /// # Errors
    ///
    /// A finding, if the schema of the template cannot be used.
    pub fn new(renderer: R, mut order: Order) -> Result<Self, Finding> {
        let template = order.template.clone();
        let schema = template
            .schema()
            .map_err(|error| Finding::new("CM05").with("detail", error.to_string()))?;
        let layout = order.layout.take();
        let records = layout.map(|layout| Records::new(layout, order.common.clone(), schema));
        Ok(Self { renderer, order, records })
    }

    /// Makes the files of a record, or only says what is wrong with it.
    ///
    /// # Errors
    ///
    /// If a format cannot be written.
    pub fn make(&self, entry: Entry, write: bool) -> Result<Made, OutputError> {
        let mut made = Made::default();
        if let Some(composed) = self.compose(entry, &mut made.findings)
            && write
        {
            let several = composed.len() > 1;
            for (at, composed) in composed.iter().enumerate() {
                let edition = if several { format!("-{}", at + 1) } else { String::new() };
                self.write(composed, &edition, &mut made.files)?;
            }
        }
        Ok(made)
    }

    /// The documents of a record; none if one of the findings is an error.
    pub fn compose(&self, entry: Entry, findings: &mut Vec<Finding>) -> Option<Vec<Composed>> {
        let composed = self.composed(entry, findings);
        for finding in findings.iter_mut() {
            finding.place = finding.place.take().map(crate::base::Place::settled);
        }
        let refused: Vec<_> = findings.iter().filter(|one| is_of_cell(one)).map(place).collect();
        // A cell that could not be read is not also missing.
        findings.retain(|one| one.code != "SC01" || !refused.contains(&place(one)));
        input::shorten(findings);
        if has_errors(findings) { None } else { composed }
    }

    /// Writes documents into one PDF, called after the template.
    ///
    /// # Errors
    ///
    /// If a layout fails.
    pub fn together(
        &self,
        documents: &[Together<'_>],
        numbering: &Numbering,
    ) -> Result<(Vec<u8>, Vec<Span>), OutputError> {
        self.renderer().together(&self.order.template.manifest.title, documents, numbering)
    }

    fn renderer(&self) -> &Renderer {
        self.renderer.borrow()
    }

    fn composed(&self, entry: Entry, findings: &mut Vec<Finding>) -> Option<Vec<Composed>> {
        let Record { source, node, findings: found } = match (entry, &self.records) {
            (Entry::Row(row), Some(records)) => records.record(&row),
            (Entry::Row(_), None) => return None,
            (Entry::Item { text, node }, _) => {
                item_record(&self.order.file, &text, node, self.order.common.as_ref())
            }
        };
        findings.extend(found);
        let checked = match self.check(source, node) {
            Ok(checked) => checked,
            Err(found) => {
                findings.extend(found);
                return None;
            }
        };
        let mut composed = Vec::new();
        for edition in checked.editions() {
            let Edition { checked, .. } = edition;
            match self.renderer().compose_checked(checked) {
                Ok(mut one) => {
                    super::add_new(findings, std::mem::take(&mut one.findings));
                    composed.push(one);
                }
                Err(found) => super::add_new(findings, found),
            }
        }
        Some(composed)
    }

    fn check(&self, source: SourceText, node: Node) -> Result<Checked, Vec<Finding>> {
        let id = self.order.template.manifest.id.as_str();
        let input = Input { template: Some(id), ..Input::new(&self.order.file, b"") };
        let input = input.with_files(&*self.order.files);
        self.renderer().check_read(source, node, &input, &[])
    }

    fn write(
        &self,
        composed: &Composed,
        edition: &str,
        files: &mut Vec<MadeFile>,
    ) -> Result<(), OutputError> {
        for output in self.renderer().write_all(composed, &self.order.formats)? {
            let several = output.files.len() > 1;
            for (page, bytes) in output.files.into_iter().enumerate() {
                let page = if several { format!("-{}", page + 1) } else { String::new() };
                let part = format!("{edition}{page}");
                files.push(MadeFile { part, format: output.format, bytes });
            }
        }
        Ok(())
    }
}

/// Whether a finding refuses what stands in a cell.
fn is_of_cell(finding: &Finding) -> bool {
    finding.severity == Severity::Error && finding.code.starts_with("BT")
}

fn place(finding: &Finding) -> Option<crate::base::Cell> {
    finding.place.as_ref().and_then(crate::base::Place::cell).cloned()
}
