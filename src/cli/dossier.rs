mod build;

use std::ffi::OsStr;
use std::path::Path;

use super::Outcome;
use super::arguments::{Arguments, DossierCheckArguments, DossierVerb, ListArguments};
use super::clock::{now, there};
use super::terminal::Terminal;
use crate::app::{
    AppError, DossierReport, ProcedureList, Report, Session, check_dossier, deadline_state, end,
    length, paper_state, print_checklist, read_calendar, result, write_whole,
};
use crate::base::{Bilingual, Finding, Language, cite};
use crate::pipeline::{
    Completeness, Deadline, DeadlineState, Format, PaperState, RenderError, Renderer, Status,
};

pub(super) fn run(
    verb: &DossierVerb,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    match verb {
        DossierVerb::Check(verb) => check(verb, arguments, terminal),
        DossierVerb::Build(verb) => build::run(verb, arguments, terminal),
        DossierVerb::Procedures(verb) => procedures(verb, arguments, terminal),
    }
}

fn procedures(
    verb: &ListArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let session = Session::open(&arguments.session())?;
    let catalog = session.catalog();
    let procedures: Vec<_> = catalog.procedures().map(AsRef::as_ref).collect();
    if verb.json {
        terminal.json(&ProcedureList { version: 1, procedures })?;
    } else {
        for one in procedures {
            let title = one.titles();
            let title = title.get(terminal.language());
            terminal.line(format!("{}\t{title}\t{}", one.id, one.clause))?;
        }
    }
    let faults = catalog.procedure_faults();
    terminal.findings(faults);
    Ok(if faults.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

fn check(
    verb: &DossierCheckArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let renderer = Session::open(&arguments.session())?.renderer()?;
    let calendar = match read_calendar(verb.calendar.as_deref())? {
        Ok(calendar) => calendar,
        Err(findings) => return broken(verb, &findings, terminal),
    };
    let as_of = arguments.as_of.unwrap_or_else(|| there(now()));
    let procedure = verb.procedure.as_deref();
    let found = match check_dossier(&renderer, &verb.file, procedure, as_of, &calendar)? {
        Ok(found) => found,
        Err(findings) => return broken(verb, &findings, terminal),
    };
    if let Some(output) = &verb.output
        && let Err(findings) = print(&renderer, &found, output)?
    {
        return broken(verb, &findings, terminal);
    }
    if verb.json {
        terminal.json(&DossierReport::new(&found, terminal.language()))?;
    } else {
        terminal.data(terminal.pictures(&found.findings).as_bytes())?;
        terminal.data(text(&found, terminal.language()).as_bytes())?;
    }
    let fine = found.is_complete() && !found.is_overdue();
    Ok(if fine { Outcome::Fine } else { Outcome::Findings })
}

/// Tells what keeps a case from being looked at.
fn broken(
    verb: &DossierCheckArguments,
    findings: &[Finding],
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    if verb.json {
        let name = verb.file.display().to_string();
        terminal.json(&Report::new(&name, findings, terminal.language()))?;
    } else {
        terminal.data(terminal.pictures(findings).as_bytes())?;
    }
    Ok(Outcome::Findings)
}

/// Writes the checklist.
fn print(
    renderer: &Renderer,
    found: &Completeness,
    output: &Path,
) -> Result<Result<(), Vec<Finding>>, AppError> {
    let ending = output.extension().and_then(OsStr::to_str);
    let format = ending.and_then(Format::of_extension).unwrap_or(Format::Pdf);
    match print_checklist(renderer, found, format) {
        Ok(bytes) => write_whole(output, &bytes).map(Ok),
        Err(RenderError::Findings(findings)) => Ok(Err(findings)),
        Err(RenderError::Output(error)) => Err(error.into()),
    }
}

/// The state of a dossier for people.
fn text(found: &Completeness, language: Language) -> String {
    let words = |vi: &str, en: &str| match language {
        Language::Vi => vi.to_owned(),
        Language::En => en.to_owned(),
    };
    let procedure = &found.case.procedure;
    let mut out = format!("{}  {}\n", procedure.id, procedure.titles().get(language));
    out.push_str(&format!("{}\n", cite(&procedure.clause)));
    if let Some(now) = found.as_of {
        out.push_str(&format!("{} {}\n", words("Tính đến", "As of"), now.words()));
    }
    out.push_str(&format!("\n{}\n", words("GIẤY TỜ", "PAPERS")));
    for paper in &found.papers {
        out.push_str(&paper_lines(paper, language));
    }
    if !found.deadlines.is_empty() {
        out.push_str(&format!("\n{}\n", words("THỜI HẠN", "TIME LIMITS")));
    }
    for deadline in &found.deadlines {
        out.push_str(&deadline_lines(deadline, language));
    }
    out.push_str(&format!("\n{}\n", words("CÁC BỘ HỒ SƠ", "SETS")));
    for set in &found.sets {
        let whom = words(&set.for_whom, &set.for_whom_en);
        let title = set.titles();
        let note = basis(set.basis.note(), language);
        out.push_str(&format!("  {}: {whom} ({}){note}\n", title.get(language), set.mark));
        out.push_str(&format!("      {}\n", cite(&set.clause)));
    }
    let result = result(found);
    out.push_str(&format!("\n{}: {}\n", words("Kết luận", "Result"), result.get(language)));
    out
}

fn basis(note: Option<Bilingual>, language: Language) -> String {
    note.map(|note| format!(" [{}]", note.get(language))).unwrap_or_default()
}

/// A paper: a mark, the item, the title; below it how it stands, and the clause.
fn paper_lines(paper: &PaperState, language: Language) -> String {
    let mark = match paper.status {
        Status::Generated | Status::Outside => "[x]",
        Status::Missing if paper.is_wanting() => "[!]",
        Status::Missing => "[ ]",
        Status::Replaced(_) | Status::NotNeeded | Status::Absent => " - ",
    };
    let one = &paper.paper;
    let title = one.titles();
    let item = format!("{:<3}", one.item);
    let note = basis(one.basis.note(), language);
    let state = paper_state(paper);
    format!(
        "  {mark} {item}{} ({}){note}\n         {} · {}\n",
        title.get(language),
        one.key,
        state.get(language),
        cite(&one.clause),
    )
}

/// A time limit: a mark, the title with its length; below it start and end, and the
/// clause.
fn deadline_lines(deadline: &Deadline, language: Language) -> String {
    let mark = match deadline.state {
        DeadlineState::Done | DeadlineState::Ended => "[x]",
        DeadlineState::Late | DeadlineState::Overdue => "[!]",
        DeadlineState::Running => "[ ]",
        DeadlineState::Waiting => " - ",
    };
    let limit = &deadline.limit;
    let (title, length) = (limit.titles(), length(deadline));
    let note = basis(limit.basis.note(), language);
    let state = deadline_state(deadline);
    let mut out = format!(
        "  {mark} {} ({}){note}: {}\n",
        title.get(language),
        length.get(language),
        state.get(language)
    );
    if let (Some((_, start)), Some(due)) = (&deadline.start, deadline.due) {
        let (from, to) = match language {
            Language::Vi => ("tính từ", "hạn cuối"),
            Language::En => ("from", "due"),
        };
        let due = end(due);
        out.push_str(&format!("      {from} {}; {to} {}", start.words(), due.get(language)));
        if let Some(opens) = deadline.opens {
            let not_before = match language {
                Language::Vi => "không sớm hơn",
                Language::En => "not before",
            };
            out.push_str(&format!("; {not_before} {}", opens.words()));
        }
        out.push('\n');
    }
    for note in &deadline.notes {
        out.push_str(&format!("      {}\n", note.get(language)));
    }
    out.push_str(&format!("      {}\n", cite(&limit.clause)));
    out
}
