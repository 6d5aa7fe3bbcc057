use serde::Serialize;

use super::super::Outcome;
use super::super::arguments::{Arguments, DossierBuildArguments, StampCorner};
use super::super::terminal::Terminal;
use crate::app::{AppError, Bindery, BuildOptions, Built, Report, Session, Summary, build_dossier};
use crate::base::{Finding, Language};
use crate::output::pdf::Corner;
use crate::pipeline::{Dossier, Numbering};

/// `vanban dossier build --json`. Version 1.
#[derive(Serialize)]
struct Done {
    version: u8,
    output: Option<String>,
    papers: Vec<Row>,
    report: Report,
}

/// A paper of the dossier, with the numbers of its sheets.
#[derive(Serialize)]
struct Row {
    paper: String,
    title: String,
    pages: usize,
    sheets: usize,
    first: String,
    last: String,
}

pub(super) fn run(
    verb: &DossierBuildArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let renderer = Session::open(&arguments.session())?.renderer()?;
    let to = Bindery::new(&verb.file, verb.output.as_deref());
    let options = BuildOptions {
        procedure: verb.procedure.as_deref(),
        set: verb.set.as_deref(),
        numbering: numbering(verb),
    };
    let name = verb.file.display().to_string();
    match build_dossier(&renderer, &verb.file, &to, &options)? {
        Ok(built) => told(verb, &name, &built, terminal),
        Err(findings) => {
            if verb.json {
                let report = Report::new(&name, &findings, terminal.language());
                terminal.json(&Done { version: 1, output: None, papers: Vec::new(), report })?;
            } else {
                terminal.findings(&findings);
                terminal.say(terminal.summary(Summary::of(&findings)));
            }
            Ok(Outcome::Findings)
        }
    }
}

fn numbering(verb: &DossierBuildArguments) -> Numbering {
    Numbering {
        duplex: !verb.simplex,
        per_page: verb.per_page,
        start: verb.start,
        text: verb.stamp.clone(),
        position: match verb.stamp_at {
            StampCorner::TopRight => Corner::TopRight,
            StampCorner::TopLeft => Corner::TopLeft,
            StampCorner::BottomRight => Corner::BottomRight,
            StampCorner::BottomLeft => Corner::BottomLeft,
        },
        ..Numbering::default()
    }
}

fn told(
    verb: &DossierBuildArguments,
    name: &str,
    built: &Built,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let findings: &[Finding] = &built.dossier.findings;
    let Some(path) = &built.path else {
        terminal.findings(findings);
        return Ok(Outcome::Fine);
    };
    let path = path.display().to_string();
    if verb.json {
        let report = Report::new(name, findings, terminal.language());
        let papers = rows(&built.dossier);
        terminal.json(&Done { version: 1, output: Some(path), papers, report })?;
    } else {
        terminal.findings(findings);
        terminal.say(summary(&built.dossier, terminal.language()));
        terminal.line(path)?;
    }
    Ok(Outcome::Fine)
}

/// How many papers and sheets there are.
fn summary(dossier: &Dossier, language: Language) -> String {
    let record = dossier.record(None);
    let (papers, sheets) = (record.papers.len(), record.sheets);
    let [first, last] = [record.first, record.last].map(Option::unwrap_or_default);
    match language {
        Language::Vi => format!("{papers} tài liệu, {sheets} tờ, bút lục {first}–{last}"),
        Language::En => format!("{papers} papers, {sheets} sheets, numbered {first}–{last}"),
    }
}

fn rows(dossier: &Dossier) -> Vec<Row> {
    let record = dossier.record(None);
    let row = |(paper, row): (&crate::pipeline::BoundPaper, crate::pipeline::RecordPaper)| Row {
        paper: paper.key.clone(),
        title: row.title,
        pages: paper.pages,
        sheets: row.sheets,
        first: row.from,
        last: row.to,
    };
    dossier.papers.iter().zip(record.papers).map(row).collect()
}
