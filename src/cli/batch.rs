use std::fmt;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
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

/// Records, records a second, time left; the bar takes what is left of the line.
fn bar(terminal: &Terminal) -> ProgressBar {
    let words = terminal.words(
        "{pos}/{len} văn bản, {rate}/giây, còn {left} {wide_bar}",
        "{pos}/{len} documents, {rate}/s, {left} left {wide_bar}",
    );
    let style = ProgressStyle::with_template(words);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let style = style
        .with_key("rate", |state: &ProgressState, to: &mut dyn fmt::Write| {
            let _ = to.write_str(&rate(state.per_sec()));
        })
        .with_key("left", |state: &ProgressState, to: &mut dyn fmt::Write| {
            let _ = to.write_str(&time(state.eta()));
        });
    ProgressBar::new(0).with_style(style)
}

fn show(bar: &ProgressBar, progress: Progress) {
    if bar.length() != Some(progress.all as u64) {
        bar.set_length(progress.all as u64);
        // What it took to open the table is no measure of what is left.
        bar.reset_elapsed();
        bar.reset_eta();
    }
    bar.set_position(progress.done as u64);
}

/// Documents a second, as exact as it is known.
fn rate(per_second: f64) -> String {
    if per_second < 10.0 { format!("{per_second:.1}") } else { format!("{per_second:.0}") }
}

/// A time as a clock shows it: minutes and seconds.
fn time(left: Duration) -> String {
    let seconds = left.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        assert_eq!([0.46, 9.87, 13.66, 1234.4].map(rate), ["0.5", "9.9", "14", "1234"]);
        let clock = [0, 7, 65, 3725].map(|seconds| time(Duration::from_secs(seconds)));
        assert_eq!(clock, ["0:00", "0:07", "1:05", "1:02:05"]);
    }
}
