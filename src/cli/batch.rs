use std::io::IsTerminal;
use std::path::PathBuf;
use std::thread::available_parallelism;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Outcome;
use super::arguments::{Arguments, BatchArguments, each_once};
use super::terminal::Terminal;
use crate::app::batch::{
    BatchOptions, BatchOutcome, BatchReport, Progress, batch, sample_workbook,
};
use crate::app::{AppError, Report, Session, write_whole};
use crate::input::table::Wanted;

/// `vanban batch --json`. Version 1.
#[derive(Serialize)]
struct Finished {
    version: u8,
    output: Option<String>,
    batch: BatchReport,
    report: Report,
}

pub(super) fn run(
    verb: &BatchArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    if let Some(id) = &verb.sample {
        return sample(id, verb, arguments, terminal);
    }
    let options = BatchOptions {
        session: arguments.session(),
        template: verb.template.clone().unwrap_or_default(),
        data: verb.data.clone().unwrap_or_default(),
        output: verb.output.clone().unwrap_or_default(),
        common: verb.common.clone(),
        wanted: Wanted { sheet: verb.sheet.clone(), header: verb.header_row },
        formats: each_once(&verb.format),
        merge: verb.merge,
        keep_going: verb.keep_going,
        jobs: verb.jobs.map_or_else(cores, usize::from),
        program: std::env::current_exe().ok(),
        language: terminal.language(),
    };
    let shows = !verb.json && !verb.quiet && std::io::stderr().is_terminal();
    let bar = if shows { Some(bar(terminal)) } else { None };
    let outcome = batch(&options, &mut |progress| {
        if let Some(bar) = &bar {
            show(bar, progress);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    told(verb, &outcome?, &options.output, terminal)
}

/// A worker: answers the program that started it until that is gone.
pub(super) fn serve() -> Result<Outcome, AppError> {
    let (mut from, mut to) = (std::io::stdin().lock(), std::io::stdout().lock());
    crate::app::batch::serve(&mut from, &mut to)?;
    Ok(Outcome::Fine)
}

fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// Records, records a second, time left.
fn bar(terminal: &Terminal) -> ProgressBar {
    let words = terminal.words(
        "{bar:32} {pos}/{len} văn bản, {per_sec}, còn {eta}",
        "{bar:32} {pos}/{len} documents, {per_sec}, {eta} left",
    );
    let style = ProgressStyle::with_template(words);
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.all as u64);
    bar.set_position(progress.done as u64);
}

fn told(
    verb: &BatchArguments,
    outcome: &BatchOutcome,
    output: &std::path::Path,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let shown = outcome.written.then(|| output.display().to_string());
    let batch = &outcome.report;
    if verb.json {
        let mut report = Report::new(&batch.data, &outcome.findings, terminal.language());
        report.summary = batch.summary;
        terminal.json(&Finished { version: 1, output: shown, batch: batch.clone(), report })?;
    } else {
        terminal.findings(&outcome.findings);
        if batch.summary.errors > 0 {
            terminal.say(terminal.summary(batch.summary));
        }
        if !verb.quiet && batch.records > 0 {
            terminal.say(numbers(batch, terminal));
            shown.iter().try_for_each(|path| terminal.line(path))?;
        }
    }
    Ok(if batch.summary.errors > 0 { Outcome::Findings } else { Outcome::Fine })
}

/// How many documents there are, in words.
fn numbers(batch: &BatchReport, terminal: &Terminal) -> String {
    let (made, all, failed) = (batch.made, batch.records, batch.failed.len());
    let (vi, en) = (
        format!("{all} dòng: {made} đạt, {failed} không đạt"),
        format!("{all} records: {made} right, {failed} wrong"),
    );
    terminal.words(&vi, &en).to_owned()
}

fn sample(
    id: &str,
    verb: &BatchArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let session = Session::open(&arguments.session())?;
    let workbook = sample_workbook(session.template(id)?)?;
    let path = verb.output.clone().unwrap_or_else(|| PathBuf::from(format!("{id}.xlsx")));
    write_whole(&path, &workbook)?;
    if !verb.quiet {
        terminal.line(path.display())?;
    }
    Ok(Outcome::Fine)
}
