use serde::Serialize;

use crate::app::{FindingView, Summary};
use crate::base::{Cell, Finding, Language, Severity};

/// How many findings are kept to be told, of each severity: a table may be wrong in every
/// cell.
pub(super) const KEPT: usize = 1_000;

/// What became of a batch. Version 1.
#[derive(Debug, Clone, Serialize)]
pub struct BatchReport {
    /// The version of this format.
    pub version: u8,
    /// The template.
    pub template: String,
    /// The data file.
    pub data: String,
    /// The sheet, where the data file is a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// How many records there are.
    pub records: usize,
    /// Of how many records the documents were made.
    pub made: usize,
    /// How many findings there are of each severity.
    pub summary: Summary,
    /// The records of which no document was made.
    pub failed: Vec<FailedRecord>,
}

/// A record of which no document was made. No words of the data stand here but those of
/// the findings.
#[derive(Debug, Clone, Serialize)]
pub struct FailedRecord {
    /// Its row, or its place in the list, from 1.
    pub record: u32,
    /// What is wrong; nothing beyond the first thousand findings.
    pub findings: Vec<FindingView>,
}

impl BatchReport {
    /// The report of a batch of which nothing is known yet.
    pub(super) fn new(template: &str, data: &str) -> Self {
        Self {
            version: 1,
            template: template.to_owned(),
            data: data.to_owned(),
            sheet: None,
            records: 0,
            made: 0,
            summary: Summary::default(),
            failed: Vec::new(),
        }
    }

    /// The report for programs and that for people, as files.
    pub(super) fn files(&self, language: Language) -> (Vec<u8>, Vec<u8>) {
        let json = serde_json::to_vec_pretty(self).expect("views hold what JSON can");
        (json, self.text(language).into_bytes())
    }

    /// The report for people.
    pub fn text(&self, language: Language) -> String {
        let words = |vi: String, en: String| match language {
            Language::Vi => vi,
            Language::En => en,
        };
        let mut out = words(
            format!("Mẫu: {}\nTệp dữ liệu: {}\n", self.template, self.data),
            format!("Template: {}\nData file: {}\n", self.template, self.data),
        );
        out.push_str(&words(
            format!(
                "Đã tạo văn bản cho {} trên {} dòng; {} dòng không tạo được.\n",
                self.made,
                self.records,
                self.failed.len()
            ),
            format!(
                "Documents were made of {} of {} records; of {} none were made.\n",
                self.made,
                self.records,
                self.failed.len()
            ),
        ));
        for failed in &self.failed {
            out.push_str(&words(
                format!("\nDòng {}:\n", failed.record),
                format!("\nRecord {}:\n", failed.record),
            ));
            for finding in &failed.findings {
                let cell = finding.cell.as_ref().map(|cell| format!("{cell}: "));
                let cell = cell.unwrap_or_default();
                out.push_str(&format!("  {cell}{} [{}]\n", finding.message, finding.code));
            }
        }
        out
    }
}

/// The findings of a batch, each once, and not without end.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub kept: Vec<Finding>,
    pub summary: Summary,
}

impl Findings {
    /// Adds what was found in a record. What is said of no cell, such as of the common
    /// values, is true of all records and told once.
    pub fn add(&mut self, found: Vec<Finding>) {
        for finding in found {
            let of_record = cell(&finding).is_some_and(|cell| cell.row > 0);
            if !of_record && self.kept.contains(&finding) {
                continue;
            }
            let count = match finding.severity {
                Severity::Error => &mut self.summary.errors,
                Severity::Warning => &mut self.summary.warnings,
                Severity::Advice => &mut self.summary.advice,
            };
            *count += 1;
            if *count <= KEPT {
                self.kept.push(finding);
            } else if *count == KEPT + 1 {
                self.kept.push(Finding::new("IN14").with("limit", KEPT.to_string()));
            }
        }
    }

    /// Whether more errors would be kept.
    pub fn has_room(&self) -> bool {
        self.summary.errors < KEPT
    }
}

fn cell(finding: &Finding) -> Option<&Cell> {
    finding.place.as_ref()?.cell()
}
