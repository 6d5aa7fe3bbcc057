use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::source::{BatchData, Records};
use super::{BatchOutcome, BatchReport, Done, Run, Table, read_common};
use crate::app::AppError;
use crate::base::{Finding, Language};
use crate::catalog::Template;
use crate::input::Files;
use crate::input::table::Wanted;
use crate::output::Archive;
use crate::pipeline::{Desk, Entry, Format, Order, Renderer, Sink};

/// A batch whose data is at hand and whose archive is sent while it is made: nothing is
/// read from files and nothing written to any. One process makes it, in constant memory.
#[derive(Debug)]
pub struct StreamedBatch {
    /// The template.
    pub template: Arc<Template>,
    /// The data.
    pub data: BatchData,
    /// Values that hold for every record: what findings call them, and their bytes.
    pub common: Option<(String, Vec<u8>)>,
    /// The files that the data name.
    pub files: Box<dyn Files + Send>,
    /// The sheet and row of the header.
    pub wanted: Wanted,
    /// The formats.
    pub formats: Vec<Format>,
    /// Whether documents are made although some records are wrong.
    pub keep_going: bool,
    /// The language of the report among the documents.
    pub language: Language,
}

/// Where an archive goes while it is made.
pub trait Outlet: Write {
    /// The archive begins: what is known of the batch, and what has been found until now.
    ///
    /// # Errors
    ///
    /// If nobody waits for it any more.
    fn begin(&mut self, report: &BatchReport, findings: &[Finding]) -> io::Result<()>;
}

/// Makes a document of each record and writes them into an archive, one after the other.
///
/// All records are checked before the first document is made, and nothing is written if one
/// has errors. With `keep_going` they are checked as they come: the archive then ends with a
/// report that names each record of which there is no document. The outlet is told once that
/// the archive begins, before its first bytes; it is told nothing if nothing is to be
/// written.
///
/// # Errors
///
/// If an operation failed. What was written until then is no whole archive.
pub fn stream_batch(
    renderer: &Renderer,
    batch: StreamedBatch,
    to: &mut dyn Outlet,
) -> Result<BatchOutcome, AppError> {
    let StreamedBatch { template, data, common, files, wanted, formats, keep_going, language } =
        batch;
    let name = data.name.clone();
    let mut report = BatchReport::new(&template.manifest.id, &name);
    let opened = read_common(common.as_ref()).and_then(|common| {
        let opened = Records::of_bytes(data, &wanted, &template, common.as_ref());
        Ok((Table::new(opened, &name, &mut report)?, common))
    });
    let (Table { mut records, count, warnings }, common) = match opened {
        Ok(opened) => opened,
        Err(refused) => return BatchOutcome::refused(refused, report),
    };
    let layout = records.layout().cloned();
    let order = Order { template, formats, layout, file: name, common, files };
    let desk = Desk::new(renderer, order).map_err(|one| AppError::NotReady(one.message))?;
    let mut run = Run::new(report, count, records.places(), keep_going, language);
    run.findings.add(warnings);
    let mut archive = Beginning { to: Some(to), archive: None };
    if keep_going {
        each(&desk, &mut records, &mut run, Some(&mut archive))?;
        if archive.archive.is_none() || !run.is_to_be_written() {
            return Ok(run.outcome(false));
        }
        run.add_report(&mut archive).map_err(failed)?;
    } else {
        each(&desk, &mut records, &mut run, None)?;
        if !run.is_to_be_written() {
            return Ok(run.outcome(false));
        }
        archive.start(&run).map_err(failed)?;
        let mut second = run.again();
        each(&desk, &mut records, &mut second, Some(&mut archive))?;
        if second.report.made != run.report.made {
            return Err(failed(io::Error::other("the second pass came out otherwise")));
        }
    }
    archive.finish().map_err(failed)?;
    Ok(run.outcome(true))
}

/// Goes through the records; without an archive they are only checked.
fn each(
    desk: &Desk<&Renderer>,
    records: &mut Records,
    run: &mut Run,
    mut archive: Option<&mut Beginning<'_>>,
) -> Result<(), AppError> {
    let mut wanted = archive.is_some();
    let mut result = Ok(wanted);
    let read = records.each(&mut |number, entry| {
        result = one(desk, run, number, entry, wanted, archive.as_deref_mut());
        match result {
            Ok(wants) => wanted = wanted && wants,
            Err(_) => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    });
    result?;
    run.see_end(read.err());
    Ok(())
}

/// Makes what is wanted of a record; says whether the documents of the following are.
fn one(
    desk: &Desk<&Renderer>,
    run: &mut Run,
    number: u32,
    entry: Entry,
    wanted: bool,
    archive: Option<&mut Beginning<'_>>,
) -> Result<bool, AppError> {
    let made = desk.make(entry, wanted);
    let made = made
        .map_err(|error| AppError::Record { number, message: AppError::from(error).message() })?;
    match archive {
        Some(archive) => {
            if !made.files.is_empty() {
                archive.start(run).map_err(failed)?;
            }
            run.take(Done { number, made }, archive).map_err(failed)
        }
        None => run.take(Done { number, made }, &mut Nowhere).map_err(failed),
    }
}

/// An archive that begins with its first file.
struct Beginning<'a> {
    /// Where it goes, until it begins.
    to: Option<&'a mut dyn Outlet>,
    archive: Option<Archive<&'a mut dyn Outlet>>,
}

impl Beginning<'_> {
    fn start(&mut self, run: &Run) -> io::Result<()> {
        if let Some(to) = self.to.take() {
            to.begin(&run.report, &run.findings.kept)?;
            self.archive = Some(Archive::new(to));
        }
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        let Some(archive) = self.archive else { return Ok(()) };
        archive.finish()?.flush()
    }
}

impl Sink for Beginning<'_> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        match &mut self.archive {
            Some(archive) => archive.put(path, bytes),
            None => Err(io::Error::other("the archive has not begun")),
        }
    }
}

/// Takes files and keeps none.
struct Nowhere;

impl Sink for Nowhere {
    fn put(&mut self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

fn failed(error: io::Error) -> AppError {
    AppError::Write { path: "-".to_owned(), error }
}
