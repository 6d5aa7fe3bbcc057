use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::{FindingView, Summary};
use crate::base::Severity;

/// Something that the caller can mend: what, where, why and how.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Finding)]
pub struct FindingBody {
    /// The stable code; `/api/v1/rules/{code}` explains it.
    #[schema(example = "SC01")]
    pub code: String,
    /// How much it matters.
    #[schema(inline, pattern = "^(error|warning|advice)$")]
    pub severity: String,
    /// What is wrong, in the language asked for.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The clause that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Which of the parts of the request it is in, by name.
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
    /// The row of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The cell of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The JSON pointer (RFC 6901) of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/person/name")]
    pub pointer: Option<String>,
}

/// How much was found.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = Summary)]
pub struct SummaryBody {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Pieces of advice.
    pub advice: usize,
}

impl From<FindingView> for FindingBody {
    fn from(view: FindingView) -> Self {
        let severity = match view.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        };
        Self {
            code: view.code.into_owned(),
            severity: severity.to_owned(),
            message: view.message,
            hint: view.hint,
            clause: view.clause.map(std::borrow::Cow::into_owned),
            file: view.file,
            line: view.line,
            column: view.column,
            sheet: view.sheet,
            row: view.row,
            cell: view.cell,
            pointer: view.pointer,
        }
    }
}

impl From<Summary> for SummaryBody {
    fn from(summary: Summary) -> Self {
        let Summary { errors, warnings, advice } = summary;
        Self { errors, warnings, advice }
    }
}
