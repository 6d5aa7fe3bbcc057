use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{Cell, Finding, Language, Place, Severity};

/// Findings as other programs read them. Version 1.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of this format.
    pub version: u8,
    /// The data file.
    pub file: String,
    /// How many findings there are of each severity.
    pub summary: Summary,
    /// The findings, in the order of the file.
    pub findings: Vec<FindingView>,
}

/// The findings of several files as other programs read them. Version 1.
#[derive(Debug, Serialize)]
pub struct Reports {
    /// The version of this format.
    pub version: u8,
    /// How many findings of each severity there are in all.
    pub summary: Summary,
    /// The report of each file, in the order in which they were given.
    pub reports: Vec<Report>,
}

/// A data file and what was found in it.
#[derive(Debug)]
pub struct CheckedFile {
    /// The name of the file, as given.
    pub name: String,
    /// The findings, in the order of the file.
    pub findings: Vec<Finding>,
}

/// How much was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Pieces of advice.
    pub advice: usize,
}

/// Something that the caller can mend: what, where, why and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Finding)]
pub struct FindingView {
    /// The stable code; `/api/v1/rules/{code}` explains it.
    #[schema(example = "SC01")]
    pub code: Cow<'static, str>,
    /// How much it matters.
    #[schema(value_type = String, pattern = "^(error|warning|advice)$")]
    pub severity: Severity,
    /// What is wrong, in the language asked for.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The clause that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<Cow<'static, str>>,
    /// The file or part of the request that it is in, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row of a table, from 1; there is no line and column then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The cell of a table, such as `C5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The JSON pointer (RFC 6901) of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/person/name")]
    pub pointer: Option<String>,
}

impl Report {
    /// Makes the report of a file.
    pub fn new(file: &str, findings: &[Finding], language: Language) -> Self {
        Self {
            version: 1,
            file: file.to_owned(),
            summary: Summary::of(findings),
            findings: findings.iter().map(|finding| FindingView::new(finding, language)).collect(),
        }
    }
}

impl Reports {
    /// Makes the reports of several files.
    pub fn new(files: &[CheckedFile], language: Language) -> Self {
        let report = |file: &CheckedFile| Report::new(&file.name, &file.findings, language);
        Self {
            version: 1,
            summary: Summary::of_files(files),
            reports: files.iter().map(report).collect(),
        }
    }
}

impl Summary {
    /// Counts findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut summary = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Advice => summary.advice += 1,
            }
        }
        summary
    }

    /// Counts the findings of several files.
    pub fn of_files(files: &[CheckedFile]) -> Self {
        Self::of(files.iter().flat_map(|file| &file.findings))
    }
}

impl FindingView {
    /// A finding, in one language.
    pub fn new(finding: &Finding, language: Language) -> Self {
        let place = finding.place.as_ref();
        let cell = place.and_then(Place::cell);
        let start = place.filter(|_| cell.is_none()).map(Place::start);
        Self {
            code: finding.code.clone(),
            severity: finding.severity,
            message: finding.text(language).to_owned(),
            hint: finding.hint.as_ref().map(|hint| hint.get(language).to_owned()),
            clause: finding.clause.clone(),
            file: place.map(|place| place.source.name().to_owned()),
            line: start.map(|start| start.line),
            column: start.map(|start| start.column),
            sheet: cell.and_then(|cell| cell.sheet.clone()),
            row: cell.map(|cell| cell.row).filter(|row| *row > 0),
            cell: cell.and_then(Cell::name),
            pointer: place.map(|place| place.pointer.clone()),
        }
    }
}
