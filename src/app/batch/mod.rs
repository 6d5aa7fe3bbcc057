//! One document for each record of a table or list, on all cores.

mod crew;
mod merge;
mod run;
mod sample;
mod source;
mod stream;
mod summary;
mod wire;
mod worker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use sample::sample_workbook;
pub use source::{BatchData, DataKind};
pub use stream::{Outlet, StreamedBatch, stream_batch};
pub use summary::{BatchReport, FailedRecord};
pub use worker::{COMMAND, serve};

use super::{AppError, Session, SessionOptions, read_input};
use crate::app::store::Store;
use crate::base::{Finding, Language};
use crate::input::table::{Common, Wanted};
use crate::pipeline::Format;
use crew::{Crew, Done};
use run::Run;
use source::{Count, Records, Refused, whole};

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
    let common_bytes = options.common.as_deref().map(read_input).transpose()?;
    let name = options.data.display().to_string();
    let mut report = BatchReport::new(&options.template, &name);
    let opened = read_common(common_bytes.as_ref()).and_then(|common| {
        let opened = Records::open(&options.data, &options.wanted, &template, common.as_ref());
        let table = Table::new(opened, &name, &mut report)?;
        if options.merge {
            let fits = merge::fits(table.count.records);
            fits.map_err(|finding| Refused::Findings(vec![finding.at(whole(&name))]))?;
        }
        Ok(table)
    });
    let Table { mut records, count, warnings } = match opened {
        Ok(table) => table,
        Err(refused) => return BatchOutcome::refused(refused, report),
    };
    let setup = setup(options, &session, &records, common_bytes);
    let mut store = if options.merge {
        Store::nothing(&options.output)
    } else {
        Store::start(&options.output)?
    };
    let places = records.places();
    let mut run = Run::new(report, count, places, options.keep_going, options.language);
    run.findings.add(warnings);
    if options.merge {
        return merge::merge(options, run, &setup, &mut records, tell);
    }
    let crew = Crew::gather(options, &setup, count.records)?;
    let broken = crew.work(&mut records, &mut |done| {
        let keeps = run.take(done, &mut store).map_err(|error| store.failed(error))?;
        if !keeps {
            store.forget();
        }
        tell(Progress { done: run.done(), all: count.records });
        Ok(keeps)
    })?;
    run.see_end(broken);
    let written = run.is_to_be_written();
    if written {
        run.add_report(&mut store).map_err(|error| store.failed(error))?;
        store.finish()?;
    }
    Ok(run.outcome(written))
}

/// The records of a batch, found and counted.
#[derive(Debug)]
struct Table {
    records: Records,
    count: Count,
    warnings: Vec<Finding>,
}

impl Table {
    /// Counts what was opened; without a record there is no batch.
    fn new(
        opened: Result<(Records, Vec<Finding>), Refused>,
        name: &str,
        report: &mut BatchReport,
    ) -> Result<Self, Refused> {
        let (mut records, warnings) = opened?;
        report.sheet = records.layout().and_then(|layout| layout.sheet.clone());
        let count = match records.count() {
            Ok(count) if count.records > 0 => count,
            Ok(_) => return Err(Refused::Findings(vec![Finding::new("BT18").at(whole(name))])),
            Err(finding) => return Err(Refused::Findings(vec![finding])),
        };
        report.records = count.records;
        Ok(Self { records, count, warnings })
    }
}

impl BatchOutcome {
    /// What becomes of a batch whose data cannot be used.
    fn refused(refused: Refused, mut report: BatchReport) -> Result<Self, AppError> {
        match refused {
            Refused::Failed(error) => Err(error),
            Refused::Findings(findings) => {
                report.summary = super::Summary::of(&findings);
                Ok(Self { written: false, findings, report })
            }
        }
    }
}

fn read_common(file: Option<&(String, Vec<u8>)>) -> Result<Option<Common>, Refused> {
    let Some((name, bytes)) = file else { return Ok(None) };
    let (source, node) = crate::input::read(name, bytes).map_err(Refused::Findings)?;
    Ok(Some(Common { source, node }))
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
