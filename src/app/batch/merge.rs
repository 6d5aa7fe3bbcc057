use std::ops::ControlFlow;
use std::path::PathBuf;

use super::crew::Done;
use super::source::Records;
use super::wire::Setup;
use super::{BatchOptions, BatchOutcome, Progress, REPORT, Run, worker};
use crate::app::store::Store;
use crate::app::{AppError, Target, write_together};
use crate::base::Finding;
use crate::pipeline::{Composed, Desk, Made, Numbering, Together};

/// The most records that go into one file: all of them are laid out in one run, whose
/// memory grows with them.
pub(super) const MOST: usize = 2_000;

/// Makes one file of the documents of all records, each on a sheet of its own.
pub(super) fn merge(
    options: &BatchOptions,
    mut run: Run,
    setup: &Setup,
    records: &mut Records,
    tell: &mut dyn FnMut(Progress),
) -> Result<BatchOutcome, AppError> {
    let desk = worker::desk(setup).map_err(AppError::NotReady)?;
    let mut composed: Vec<Composed> = Vec::new();
    let all = run.report.records;
    let mut nowhere = Store::nothing(&options.output);
    let mut failed = Ok(true);
    let read = records.each(&mut |number, entry| {
        let mut findings = Vec::new();
        let documents = desk.compose(entry, &mut findings);
        let made = Made { files: Vec::new(), findings };
        failed =
            run.take(Done { number, made }, &mut nowhere).map_err(|error| nowhere.failed(error));
        match &failed {
            Err(_) => return ControlFlow::Break(()),
            Ok(true) => composed.extend(documents.into_iter().flatten()),
            Ok(false) => composed.clear(),
        }
        tell(Progress { done: run.done(), all });
        ControlFlow::Continue(())
    });
    failed?;
    run.see_end(read.err());
    let written = run.is_to_be_written();
    if written {
        write(options, &run, &desk, &composed)?;
    }
    Ok(run.outcome(written))
}

fn write(
    options: &BatchOptions,
    run: &Run,
    desk: &Desk,
    composed: &[Composed],
) -> Result<(), AppError> {
    let documents: Vec<Together<'_>> = composed.iter().map(Together::new).collect();
    let (pdf, _) = desk.together(&documents, &Numbering::default())?;
    let output = options.output.as_path();
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![(output.to_owned(), pdf)];
    if !run.report.failed.is_empty() {
        let (json, text) = run.report.files(options.language);
        // They lie beside the one file.
        for (ending, bytes) in [("json", json), ("txt", text)] {
            let beside = Target::Files(vec![output.with_extension(ending)]).part(REPORT);
            let Target::Files(paths) = beside else { continue };
            files.extend(paths.into_iter().map(|path| (path, bytes.clone())));
        }
    }
    write_together(files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())))
}

/// Whether so many records fit into one file.
pub(super) fn fits(records: usize) -> Result<(), Finding> {
    if records <= MOST {
        return Ok(());
    }
    Err(Finding::new("BT19").with("found", records.to_string()).with("limit", MOST.to_string()))
}
