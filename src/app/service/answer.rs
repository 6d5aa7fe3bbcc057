use serde::{Deserialize, Serialize};

use crate::app::{FindingView, Summary};
use crate::base::Bilingual;
use crate::pipeline::Format;

/// What an answer begins with: what became of the ask. The bytes of what was made, if
/// anything was, follow it. Version 1.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Whether it was made.
    pub outcome: Outcome,
    /// What was found.
    pub findings: Vec<FindingView>,
    /// How much was found.
    pub summary: Summary,
    /// What follows, if something was made.
    pub made: Option<Made>,
}

/// What became of an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was made, or checked and found without errors.
    Fine,
    /// The data has errors: the findings say which.
    Refused,
}

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// What kind of file.
    pub media: Media,
    /// What it may be called, without a word of the data, with its ending: in Vietnamese.
    pub name: String,
    /// The same in ASCII.
    pub plain_name: String,
    /// How many bytes follow, where it is known before they are made.
    pub length: Option<u64>,
    /// How many pages it has, where it has pages and they have been counted.
    pub pages: Option<usize>,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// PDF.
    Pdf,
    /// A Word file.
    Docx,
    /// A web page.
    Html,
    /// Plain text in UTF-8.
    Text,
    /// A picture made of lines.
    Svg,
    /// A picture made of pixels.
    Png,
    /// Several files.
    Zip,
    /// A report.
    Json,
    /// A workbook.
    Xlsx,
}

/// What an answer ends with. Version 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Why there is nothing, or not all of it: an operation failed.
    pub failed: Option<Bilingual>,
    /// How long each step took.
    pub spent: Spent,
    /// How much memory the worker holds, in bytes; 0 where it cannot be known, or was not
    /// asked for this time.
    pub resident: u64,
}

/// How long the steps of an ask took, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// Reading and checking the data, and making the words.
    pub compose: u64,
    /// Laying out.
    pub compile: u64,
    /// Writing files.
    pub export: u64,
}

impl Media {
    /// The ending of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Html => "html",
            Self::Text => "txt",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Zip => "zip",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type, as HTTP and mail name it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Zip => "application/zip",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The same without its parameters, as it is asked for.
    pub fn plain_type(self) -> &'static str {
        let whole = self.media_type();
        whole.split_once(';').map_or(whole, |(plain, _)| plain)
    }
}

impl From<Format> for Media {
    fn from(format: Format) -> Self {
        match format {
            Format::Pdf => Self::Pdf,
            Format::Docx => Self::Docx,
            Format::Html => Self::Html,
            Format::Text => Self::Text,
            Format::Svg => Self::Svg,
            Format::Png => Self::Png,
        }
    }
}
