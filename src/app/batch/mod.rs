//! One document for each record of a table or list, on all cores.

mod crew;
mod merge;
mod sample;
mod source;
mod summary;
mod wire;
mod worker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use sample::sample_workbook;
pub use summary::{BatchReport, FailedRecord};
pub use worker::{COMMAND, serve};

use super::{AppError, FindingView, Session, SessionOptions, read_input};
use crate::app::store::Store;
use crate::base::{Finding, Language, Place, SourceText, has_errors};
use crate::input::table::{Common, Wanted};
use crate::pipeline::{Format, Made};
use crew::{Crew, Done};
use source::{Count, Places, Records, Refused};
use summary::Findings;

/// What to make, and of what.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// Templates, fonts, date and profile.
    pub session: SessionOptions,
    /// The id of the template.
    pub template: String,
    /// The data file: a workbook, delimited text, or a list in YAML or JSON.
    pub data: PathBuf,
    /// The archive (`….zip`) or folder to make.
    pub output: PathBuf,
    /// A file of values that hold for every record.
    pub common: Option<PathBuf>,
    /// The sheet and row of the header.
    pub wanted: Wanted,
    /// The formats.
    pub formats: Vec<Format>,
    /// Whether all documents go into one PDF, which `output` then names.
    pub merge: bool,
    /// Whether documents are made although some records are wrong.
    pub keep_going: bool,
    /// How many workers there are.
    pub jobs: usize,
    /// The program to start as workers; without one, threads of this process work.
    pub program: Option<PathBuf>,
    /// The language of the report that lies beside the documents.
    pub language: Language,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Records that are done.
    pub done: usize,
    /// All records.
    pub all: usize,
}

/// What became of a batch.
#[derive(Debug)]
pub struct BatchOutcome {
    /// Whether the archive or folder was written.
    pub written: bool,
    /// What was found, in the order of the records.
    pub findings: Vec<Finding>,
    /// The numbers.
    pub report: BatchReport,
}

/// The name of the reports that lie among the documents, without ending.
const REPORT: &str = "bao-cao";

/// Makes a document of each record. Nothing is written if a record has errors, unless the
/// options say to keep going; what is written has its name only when it is whole.
///
/// # Errors
///
/// If an operation failed: a file cannot be read or written, a worker ended.
pub fn batch(
    options: &BatchOptions,
    tell: &mut dyn FnMut(Progress),
) -> Result<BatchOutcome, AppError> {
    let session = Session::open(&options.session)?;
    let template = session.template(&options.template)?.clone();
    let mut report = BatchReport {
        version: 1,
        template: options.template.clone(),
        data: options.data.display().to_string(),
        sheet: None,
        records: 0,
        made: 0,
        summary: super::Summary::default(),
        failed: Vec::new(),
    };
    let refused = |findings: Vec<Finding>, mut report: BatchReport| {
        report.summary = super::Summary::of(&findings);
        Ok(BatchOutcome { written: false, findings, report })
    };
    let common_bytes = options.common.as_deref().map(read_input).transpose()?;
    let common = match read_common(common_bytes.as_ref()) {
        Ok(common) => common,
        Err(findings) => return refused(findings, report),
    };
    let opened = Records::open(&options.data, &options.wanted, &template, common.as_ref());
    let (mut records, warnings) = match opened {
        Ok(opened) => opened,
        Err(Refused::Findings(findings)) => return refused(findings, report),
        Err(Refused::Failed(error)) => return Err(error),
    };
    report.sheet = records.layout().and_then(|layout| layout.sheet.clone());
    let count = match records.count() {
        Ok(count) if count.records > 0 => count,
        Ok(_) => return refused(vec![Finding::new("BT18").at(whole(&options.data))], report),
        Err(finding) => return refused(vec![finding], report),
    };
    report.records = count.records;
    if options.merge
        && let Err(finding) = merge::fits(count.records)
    {
        return refused(vec![finding.at(whole(&options.data))], report);
    }
    let setup = setup(options, &session, &records, common_bytes);
    let store = if options.merge {
        Store::nothing(&options.output)
    } else {
        Store::start(&options.output)?
    };
    let places = records.places();
    let mut run = Run { options, count, places, store, findings: Findings::default(), report };
    run.findings.add(warnings);
    if options.merge {
        return merge::merge(run, &setup, &mut records, tell);
    }
    let crew = Crew::gather(options, &setup, count.records)?;
    let broken = crew.work(&mut records, &mut |done| {
        let keeps = run.take(done)?;
        tell(Progress { done: run.report.made + run.report.failed.len(), all: count.records });
        Ok(keeps)
    })?;
    run.end(broken)
}

fn read_common(file: Option<&(String, Vec<u8>)>) -> Result<Option<Common>, Vec<Finding>> {
    let Some((name, bytes)) = file else { return Ok(None) };
    let (source, node) = crate::input::read(name, bytes)?;
    Ok(Some(Common { source, node }))
}

fn whole(path: &Path) -> Place {
    let source = SourceText::new(path.display().to_string(), "");
    Place { source, span: 0..0, pointer: String::new() }
}

fn setup(
    options: &BatchOptions,
    session: &Session,
    records: &Records,
    common: Option<(String, Vec<u8>)>,
) -> wire::Setup {
    let folder = options.data.parent().filter(|folder| !folder.as_os_str().is_empty());
    wire::Setup {
        version: wire::VERSION,
        templates: options.session.templates.clone(),
        fonts: options.session.fonts.clone(),
        as_of: options.session.as_of.map(|day| day.to_string()),
        profile: session.profile().cloned(),
        template: options.template.clone(),
        formats: options.formats.iter().map(|one| one.extension().to_owned()).collect(),
        layout: records.layout().cloned(),
        file: options.data.display().to_string(),
        common,
        folder: folder.unwrap_or(Path::new(".")).to_owned(),
    }
}

/// A batch at work: takes what the workers make, in the order of the records.
struct Run<'a> {
    options: &'a BatchOptions,
    count: Count,
    places: Places,
    store: Store,
    findings: Findings,
    report: BatchReport,
}

impl Run<'_> {
    /// Takes the next record; says whether files of the following are wanted.
    fn take(&mut self, done: Done) -> Result<bool, AppError> {
        let Made { files, findings } = done.made;
        let findings: Vec<Finding> =
            findings.into_iter().map(|one| self.places.settle(one, done.number)).collect();
        if has_errors(&findings) {
            self.fail(done.number, &findings);
        } else {
            let width = self.count.last.to_string().len().max(3);
            for file in files {
                let name = format!(
                    "{}-{:0width$}{}.{}",
                    self.options.template,
                    done.number,
                    file.part,
                    file.format.extension()
                );
                self.store.add(&name, &file.bytes)?;
            }
            self.report.made += 1;
        }
        self.findings.add(findings);
        Ok(self.options.keep_going || self.report.failed.is_empty())
    }

    fn fail(&mut self, number: u32, findings: &[Finding]) {
        if self.report.failed.is_empty() && !self.options.keep_going {
            self.store.forget();
        }
        let told = if self.findings.has_room() { findings } else { &[] };
        let language = self.options.language;
        let findings = told.iter().map(|finding| FindingView::new(finding, language)).collect();
        self.report.failed.push(FailedRecord { record: number, findings });
    }

    /// Whether what was made is to be kept; `whole` says that all records were read.
    fn is_to_be_written(&self, whole: bool) -> bool {
        let fine = self.report.failed.is_empty();
        whole && (fine || (self.options.keep_going && self.report.made > 0))
    }

    /// Ends the batch: `broken` says that the table could not be read to its end.
    fn end(mut self, broken: Option<Finding>) -> Result<BatchOutcome, AppError> {
        let whole = broken.is_none();
        self.findings.add(broken.into_iter().collect());
        self.report.summary = self.findings.summary;
        let written = self.is_to_be_written(whole);
        if written {
            if !self.report.failed.is_empty() {
                let (json, text) = self.report.files(self.options.language);
                self.store.add(&format!("{REPORT}.json"), &json)?;
                self.store.add(&format!("{REPORT}.txt"), &text)?;
            }
            self.store.finish()?;
        }
        Ok(BatchOutcome { written, findings: self.findings.kept, report: self.report })
    }
}

/// What was made of records, put back into their order.
#[derive(Debug, Default)]
struct Order {
    waiting: BTreeMap<usize, Done>,
    next: usize,
}

impl Order {
    fn put(&mut self, at: usize, done: Done) {
        self.waiting.insert(at, done);
    }

    /// The next record, if it is there.
    fn next(&mut self) -> Option<Done> {
        let done = self.waiting.remove(&self.next)?;
        self.next += 1;
        Some(done)
    }
}
