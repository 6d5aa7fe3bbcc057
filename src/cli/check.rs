use std::path::Path;

use super::Outcome;
use super::arguments::{Arguments, CheckArguments, Deny, ReportFormat};
use super::terminal::Terminal;
use crate::app::{
    AppError, CheckedFile, Folder, Report, Reports, Sarif, Session, Summary, read_input,
};
use crate::pipeline::{Input, Renderer};

pub(super) fn run(
    verb: &CheckArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let renderer = Session::open(&arguments.session())?.renderer()?;
    let format = verb.report_format();
    let (mut files, mut failures) = (Vec::new(), Vec::new());
    for path in &verb.files {
        match check(path, verb, &renderer) {
            Ok(file) => {
                if format == ReportFormat::Human {
                    terminal.data(terminal.pictures(&file.findings).as_bytes())?;
                }
                files.push(file);
            }
            Err(error) => {
                terminal.failure(&error);
                failures.push(error.message().get(terminal.language()).to_owned());
            }
        }
    }
    report(format, verb.files.len(), &files, &failures, terminal)?;
    let summary = Summary::of_files(&files);
    let denied = verb.deny == Some(Deny::Warnings) && summary.warnings > 0;
    Ok(if !failures.is_empty() {
        Outcome::Failed
    } else if summary.errors > 0 || denied {
        Outcome::Findings
    } else {
        Outcome::Fine
    })
}

fn check(path: &Path, verb: &CheckArguments, renderer: &Renderer) -> Result<CheckedFile, AppError> {
    let (name, bytes) = read_input(path)?;
    let files = Folder::of(path);
    let template = verb.template.as_deref();
    let input = Input { name: &name, bytes: &bytes, template, files: &files, blank: false };
    let findings = renderer.findings(&input, &verb.options);
    Ok(CheckedFile { name, findings })
}

/// Writes what is left to write after the last file. Where no file could be read,
/// only SARIF has something to say.
fn report(
    format: ReportFormat,
    asked: usize,
    files: &[CheckedFile],
    failures: &[String],
    terminal: &Terminal,
) -> Result<(), AppError> {
    let language = terminal.language();
    match (format, files) {
        (ReportFormat::Sarif, _) => terminal.json(&Sarif::new(files, failures, language)),
        (_, []) => Ok(()),
        (ReportFormat::Human, _) => terminal.line(terminal.summary(Summary::of_files(files))),
        (ReportFormat::Json, [file]) if asked == 1 => {
            terminal.json(&Report::new(&file.name, &file.findings, language))
        }
        (ReportFormat::Json, _) => terminal.json(&Reports::new(files, language)),
    }
}
