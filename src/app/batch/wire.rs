//! What goes between the program and its workers: frames of JSON, each with its length
//! before it, and the bytes of files behind it. Both ends are the same program.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::app::frame;
use crate::base::{Bilingual, Cell, Finding, Place, Severity, SourceText};
use crate::input::table::Layout;
use crate::pipeline::{Entry, Format, Made, MadeFile};

/// The version of the frames.
pub const VERSION: u8 = 1;

/// The first frame to a worker: all that it must know. Version 1.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// [`VERSION`].
    pub version: u8,
    /// The folder laid over the built-in templates.
    pub templates: Option<PathBuf>,
    /// The folder of fonts.
    pub fonts: Option<PathBuf>,
    /// The date of documents without one.
    pub as_of: Option<String>,
    /// Name and bytes of the profile.
    pub profile: Option<(String, Vec<u8>)>,
    /// The id of the template.
    pub template: String,
    /// The endings of the formats.
    pub formats: Vec<String>,
    /// Where the values of rows stand.
    pub layout: Option<Layout>,
    /// The name of the data file.
    pub file: String,
    /// Name and bytes of the file of common values.
    pub common: Option<(String, Vec<u8>)>,
    /// The folder of the files that the data name.
    pub folder: PathBuf,
}

impl Setup {
    /// The date of documents without one.
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.as_of.as_ref()?.parse().ok()
    }

    /// The formats.
    pub fn formats(&self) -> Vec<Format> {
        self.formats.iter().filter_map(|ending| Format::of_extension(ending)).collect()
    }
}

/// A record to be made.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The record.
    pub entry: Entry,
    /// Whether its files are wanted, or only what is wrong with it.
    pub write: bool,
}

/// The answer to a setup or a job; the bytes of the files follow it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Why there is nothing: an operation failed.
    pub failed: Option<Bilingual>,
    findings: Vec<Told>,
    files: Vec<(String, String, usize)>,
}

/// A finding with its place, whose source may be long and is then not sent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    code: String,
    severity: Severity,
    message: Bilingual,
    hint: Option<Bilingual>,
    clause: Option<String>,
    place: Option<ToldPlace>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldPlace {
    name: String,
    cell: Option<Cell>,
    /// None for the file of common values, which both ends have.
    text: Option<String>,
    span: std::ops::Range<usize>,
    pointer: String,
}

impl Answer {
    /// An answer without files.
    pub fn of(failed: Option<Bilingual>) -> Self {
        Self { failed, findings: Vec::new(), files: Vec::new() }
    }

    /// Writes what was made of a record.
    ///
    /// # Errors
    ///
    /// If nobody reads it.
    pub fn send(made: &Made, common: Option<&SourceText>, to: &mut impl Write) -> io::Result<()> {
        let file = |file: &MadeFile| {
            (file.part.clone(), file.format.extension().to_owned(), file.bytes.len())
        };
        let answer = Self {
            failed: None,
            findings: made.findings.iter().map(|one| Told::new(one, common)).collect(),
            files: made.files.iter().map(file).collect(),
        };
        frame::send(&answer, to)?;
        for file in &made.files {
            to.write_all(&file.bytes)?;
        }
        to.flush()
    }

    /// Reads the files that follow an answer.
    ///
    /// # Errors
    ///
    /// If they end early.
    pub fn receive(self, common: Option<&SourceText>, from: &mut impl Read) -> io::Result<Made> {
        let mut files = Vec::with_capacity(self.files.len());
        for (part, ending, length) in self.files {
            let format = Format::of_extension(&ending).ok_or(io::ErrorKind::InvalidData)?;
            let mut bytes = vec![0; length];
            from.read_exact(&mut bytes)?;
            files.push(MadeFile { part, format, bytes });
        }
        let findings = self.findings.into_iter().map(|one| one.finding(common)).collect();
        Ok(Made { files, findings })
    }
}

impl Told {
    fn new(finding: &Finding, common: Option<&SourceText>) -> Self {
        let place = |place: &Place| ToldPlace {
            name: place.source.name().to_owned(),
            cell: place.source.cell().cloned(),
            text: (Some(&place.source) != common).then(|| place.source.text().to_owned()),
            span: place.span.clone(),
            pointer: place.pointer.clone(),
        };
        Self {
            code: finding.code.clone().into_owned(),
            severity: finding.severity,
            message: finding.message.clone(),
            hint: finding.hint.clone(),
            clause: finding.clause.clone().map(Cow::into_owned),
            place: finding.place.as_ref().map(place),
        }
    }

    fn finding(self, common: Option<&SourceText>) -> Finding {
        let place = |place: ToldPlace| Place {
            source: match (place.text, place.cell, common) {
                (None, _, Some(common)) => common.clone(),
                (text, Some(cell), _) => {
                    SourceText::of_cell(place.name, text.unwrap_or_default(), cell)
                }
                (text, None, _) => SourceText::new(place.name, text.unwrap_or_default()),
            },
            span: place.span,
            pointer: place.pointer,
        };
        Finding {
            code: Cow::Owned(self.code),
            severity: self.severity,
            message: self.message,
            hint: self.hint,
            clause: self.clause.map(Cow::Owned),
            place: self.place.map(place),
        }
    }
}
