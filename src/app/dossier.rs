use std::path::Path;

use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};

use super::report::FindingView;
use super::{AppError, Folder, read_input};
use crate::base::{Bilingual, Finding, Language, Place, SourceText};
use crate::catalog::{Basis, Clock, CopySet, Procedure, Side};
use crate::pipeline::{
    Completeness, Deadline, DeadlineState, Format, Input, OutsidePaper, PaperState, RenderError,
    Renderer, Status,
};
use crate::viet::{Calendar, Moment};

/// The id of the template that prints a checklist.
const CHECKLIST: &str = "product-ho-so-danh-muc";
/// The size of its tables, in points.
const CHECKLIST_SIZE: u32 = 11;

/// The state of a dossier as other programs read it. Version 1.
#[derive(Debug, Serialize)]
pub struct DossierReport {
    /// The version of this format.
    pub version: u8,
    /// The case.
    pub file: String,
    /// The id of the procedure.
    pub procedure: String,
    /// Its title.
    pub title: String,
    /// The clause that lists its papers.
    pub clause: String,
    /// The moment at which time limits were looked at.
    pub as_of: Option<String>,
    /// Whether every required paper is there.
    pub complete: bool,
    /// Whether a time limit is over.
    pub overdue: bool,
    /// The papers.
    pub papers: Vec<PaperView>,
    /// The sets that are to be made.
    pub sets: Vec<SetView>,
    /// The time limits.
    pub deadlines: Vec<DeadlineView>,
    /// What was found in the case.
    pub findings: Vec<FindingView>,
}

/// A paper of a dossier.
#[derive(Debug, Serialize)]
pub struct PaperView {
    /// Its name within the procedure.
    pub key: String,
    /// The item of the clause.
    pub item: String,
    /// The title.
    pub title: String,
    /// `generated`, `outside`, `missing`, `replaced`, `not_needed` or `absent`.
    pub status: &'static str,
    /// Whether the dossier is incomplete without it.
    pub required: bool,
    /// The template that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Who signs it.
    pub signer: String,
    /// Whether the law asks for a copy.
    pub copy: bool,
    /// The clause that asks for it.
    pub clause: String,
    /// What its place in the dossier rests on.
    pub basis: Basis,
    /// The paper that stands in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// How it stands, in words.
    pub state: String,
    /// What its form lacks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<FindingView>,
    /// Its files from outside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileView>,
}

/// A file of a paper from outside.
#[derive(Debug, Serialize)]
pub struct FileView {
    /// The path, as the case has it.
    pub file: String,
    /// Why it cannot be used, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A set of a dossier.
#[derive(Debug, Serialize)]
pub struct SetView {
    /// Its name within the procedure.
    pub id: String,
    /// The title.
    pub title: String,
    /// What is printed on its cover.
    pub mark: String,
    /// Who gets it.
    pub for_whom: String,
    /// The clause that asks for it.
    pub clause: String,
    /// What it rests on.
    pub basis: Basis,
}

/// A time limit of a dossier.
#[derive(Debug, Serialize)]
pub struct DeadlineView {
    /// Its name within the procedure.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// How it is counted.
    pub clock: Clock,
    /// How many units.
    pub length: u32,
    /// Which way it is counted.
    pub side: Side,
    /// Whether it is the term of a measure.
    pub term: bool,
    /// What it is counted from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When that was: `2026-08-09T14:30` or a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// When it may be done at the earliest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<String>,
    /// When it ends; a day ends at 24 giờ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<String>,
    /// `waiting`, `running`, `done`, `late`, `overdue` or `ended`.
    pub status: &'static str,
    /// How it stands, in words.
    pub state: String,
    /// The clause that sets it.
    pub clause: String,
    /// What it rests on.
    pub basis: Basis,
    /// What to know about the count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A procedure as `vanban dossier procedures` lists it. Version 1.
#[derive(Debug, Serialize)]
pub struct ProcedureList<'a> {
    /// The version of this format.
    pub version: u8,
    /// The procedures, by id.
    pub procedures: Vec<&'a Procedure>,
}

/// The calendar of Viet Nam, with that of a house laid over.
///
/// # Errors
///
/// The file cannot be read; what is wrong in it is a finding of the inner result.
pub fn read_calendar(path: Option<&Path>) -> Result<Result<Calendar, Vec<Finding>>, AppError> {
    let Some(path) = path else { return Ok(Ok(Calendar::of_vietnam().clone())) };
    let (name, bytes) = read_input(path)?;
    let source = SourceText::new(name, String::from_utf8_lossy(&bytes).into_owned());
    Ok(Calendar::of_vietnam().with(source.text()).map_err(|error| {
        let line = usize::try_from(error.line).unwrap_or(usize::MAX).saturating_sub(1);
        let lines = source.text().split_inclusive('\n');
        let start: usize = lines.take(line).map(str::len).sum();
        let length = source.text()[start..].lines().next().map_or(0, str::len);
        let place = Place { span: start..start + length, source, pointer: String::new() };
        vec![Finding::new("PR08").with("detail", error.detail).at(place)]
    }))
}

/// Looks at the dossier of a case file.
///
/// # Errors
///
/// The file cannot be read; what is wrong in it is a finding of the inner result.
pub fn check_dossier(
    renderer: &Renderer,
    path: &Path,
    procedure: Option<&str>,
    as_of: Moment,
    calendar: &Calendar,
) -> Result<Result<Completeness, Vec<Finding>>, AppError> {
    let (name, bytes) = read_input(path)?;
    let files = Folder::of(path);
    let input = Input::new(&name, &bytes).with_files(&files);
    Ok(renderer.completeness(&input, procedure, Some(as_of), calendar))
}

/// Prints the checklist of a dossier.
///
/// # Errors
///
/// If it cannot be laid out: the fault of a user's own template.
pub fn print_checklist(
    renderer: &Renderer,
    completeness: &Completeness,
    format: Format,
) -> Result<Vec<u8>, RenderError> {
    let data = checklist(completeness).to_string();
    let input = Input::new("danh-muc.json", data.as_bytes());
    renderer.render(&input, format).map(|rendered| rendered.bytes)
}

/// The data of a checklist.
fn checklist(of: &Completeness) -> Value {
    let report = DossierReport::new(of, Language::Vi);
    let data = &of.case.data;
    let police = &data["profile"]["police"];
    let text = |value: &Value, other: &str| value.as_str().unwrap_or(other).to_owned();
    // The law stands above the table.
    let law = format!("Nghị định {}, ", of.case.procedure.law);
    let short = |clause: &str, basis: Basis| {
        let clause = clause.strip_prefix(&law).unwrap_or(clause);
        match basis {
            Basis::Law => clause.to_owned(),
            Basis::Practice => format!("{clause} (theo thông lệ)"),
            Basis::Inferred => format!("{clause} (suy ra)"),
        }
    };
    let paper = |paper: &PaperView, state: &PaperState| {
        json!({
            "item": paper.item,
            "title": paper.title,
            "copy": paper.copy,
            "signer": paper.signer,
            "there": state.is_there(),
            "state": if state.status == Status::Absent { "" } else { &paper.state },
            "clause": short(&paper.clause, paper.basis),
        })
    };
    let deadline = |one: &DeadlineView, deadline: &Deadline| {
        let start = deadline.start.as_ref().map(|(_, start)| start.words());
        json!({
            "title": one.title,
            "length": length(deadline).vi,
            "start": start.unwrap_or_else(|| "chưa biết".to_owned()),
            "due": deadline.due.map(|due| end(due).vi).unwrap_or_default(),
            "state": one.state,
            "clause": short(&one.clause, one.basis),
        })
    };
    let sets = report.sets.iter();
    let sets = sets.map(|set| format!("{}: {} ({})", set.title, set.for_whom, set.mark));
    let mut out = json!({
        "template": CHECKLIST,
        "issuer": {
            "name": text(&police["name"], "Công an cấp xã"),
            "symbol": text(&police["symbol"], "CAX"),
        },
        "procedure": report.title,
        "clause": report.clause,
        "result": result(of).vi,
        "papers": report.papers.iter().zip(&of.papers).map(|(one, state)| paper(one, state)).collect::<Vec<_>>(),
        "deadlines": report.deadlines.iter().zip(&of.deadlines).map(|(one, of)| deadline(one, of)).collect::<Vec<_>>(),
        "sets": sets.collect::<Vec<_>>(),
        "layout": {"table_size": CHECKLIST_SIZE},
    });
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out[key] = value.into();
        }
    };
    set("person", data["subject"]["full_name"].as_str().map(str::to_owned));
    set("place", police["place"].as_str().map(str::to_owned));
    set("as_of", of.as_of.map(Moment::words));
    set("date", of.as_of.map(|now| now.day().to_string()));
    set("checker", data["officers"][0]["full_name"].as_str().map(str::to_owned));
    if let Some(superior) = police["superior"].as_str().filter(|text| !text.is_empty()) {
        out["issuer"]["superior"] = superior.into();
    }
    out
}

impl DossierReport {
    /// Makes the report of a dossier.
    pub fn new(of: &Completeness, language: Language) -> Self {
        let procedure = &of.case.procedure;
        let set = |set: &CopySet| SetView {
            id: set.id.clone(),
            title: set.titles().get(language).to_owned(),
            mark: set.mark.clone(),
            for_whom: match language {
                Language::Vi => set.for_whom.clone(),
                Language::En => set.for_whom_en.clone(),
            },
            clause: set.clause.clone(),
            basis: set.basis,
        };
        Self {
            version: 1,
            file: of.case.source.name().to_owned(),
            procedure: procedure.id.clone(),
            title: procedure.titles().get(language).to_owned(),
            clause: procedure.clause.clone(),
            as_of: of.as_of.map(|now| now.to_string()),
            complete: of.is_complete(),
            overdue: of.is_overdue(),
            papers: of.papers.iter().map(|paper| PaperView::new(paper, language)).collect(),
            sets: of.sets.iter().map(set).collect(),
            deadlines: of.deadlines.iter().map(|one| DeadlineView::new(one, language)).collect(),
            findings: of.findings.iter().map(|one| FindingView::new(one, language)).collect(),
        }
    }
}

impl PaperView {
    fn new(state: &PaperState, language: Language) -> Self {
        let paper = &state.paper;
        let file = |one: &OutsidePaper| FileView {
            file: one.file.clone(),
            problem: one.found.as_ref().err().map(|error| error.message().get(language).to_owned()),
        };
        Self {
            key: paper.key.clone(),
            item: paper.item.clone(),
            title: paper.titles().get(language).to_owned(),
            status: match state.status {
                Status::Generated => "generated",
                Status::Outside => "outside",
                Status::Missing => "missing",
                Status::Replaced(_) => "replaced",
                Status::NotNeeded => "not_needed",
                Status::Absent => "absent",
            },
            required: state.required,
            template: paper.template.clone(),
            signer: paper.signers().get(language).to_owned(),
            copy: paper.copy,
            clause: paper.clause.clone(),
            basis: paper.basis,
            replaced_by: match &state.status {
                Status::Replaced(key) => Some(key.clone()),
                _ => None,
            },
            state: paper_state(state).get(language).to_owned(),
            missing: state.missing.iter().map(|one| FindingView::new(one, language)).collect(),
            files: state.outside.iter().map(file).collect(),
        }
    }
}

impl DeadlineView {
    fn new(deadline: &Deadline, language: Language) -> Self {
        let limit = &deadline.limit;
        let written = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
        Self {
            id: limit.id.clone(),
            title: limit.titles().get(language).to_owned(),
            clock: limit.clock,
            length: limit.length,
            side: limit.side,
            term: limit.term,
            from: deadline.start.as_ref().map(|(name, _)| name.clone()),
            start: written(deadline.start.as_ref().map(|(_, start)| *start)),
            opens: written(deadline.opens),
            due: written(deadline.due),
            done: written(deadline.done),
            status: match deadline.state {
                DeadlineState::Waiting => "waiting",
                DeadlineState::Running => "running",
                DeadlineState::Done => "done",
                DeadlineState::Late => "late",
                DeadlineState::Overdue => "overdue",
                DeadlineState::Ended => "ended",
            },
            state: deadline_state(deadline).get(language).to_owned(),
            clause: limit.clause.clone(),
            basis: limit.basis,
            notes: deadline.notes.iter().map(|note| note.get(language).to_owned()).collect(),
        }
    }
}

/// How a paper stands, in words.
pub fn paper_state(state: &PaperState) -> Bilingual {
    let reason = state.reason.clone().unwrap_or_default();
    match &state.status {
        Status::Generated => said("lập được từ hồ sơ", "can be made of the case"),
        Status::Outside => {
            let files: Vec<&str> = state.outside.iter().map(|one| one.file.as_str()).collect();
            let files = files.join(", ");
            Bilingual::new(format!("có tệp {files}"), format!("there is {files}"))
        }
        Status::Missing => missing(state),
        Status::Replaced(_) => reason,
        Status::NotNeeded => Bilingual::new(
            format!("không cần: {}", reason.vi),
            format!("not needed: {}", reason.en),
        ),
        Status::Absent => said("không có (chỉ cần nếu có)", "none (goes in if there is one)"),
    }
}

fn missing(state: &PaperState) -> Bilingual {
    if !state.missing.is_empty() {
        let list = |language| {
            let all = state.missing.iter().map(|one| one.text(language).to_owned());
            all.collect::<Vec<_>>().join("; ")
        };
        let (vi, en) = (list(Language::Vi), list(Language::En));
        return Bilingual::new(format!("thiếu: {vi}"), format!("missing: {en}"));
    }
    let broken = state.outside.iter().find_map(|one| Some((&one.file, one.found.as_ref().err()?)));
    match broken {
        Some((file, error)) => {
            let Bilingual { vi, en } = error.message();
            Bilingual::new(format!("thiếu: `{file}`: {vi}"), format!("missing: `{file}`: {en}"))
        }
        None => Bilingual::new("thiếu: hồ sơ chưa có tệp", "missing: the case has no file of it"),
    }
}

/// How a time limit stands, in words.
pub fn deadline_state(deadline: &Deadline) -> Bilingual {
    let done = deadline.done.map(Moment::words).unwrap_or_default();
    let left = deadline.left.map(duration).unwrap_or_default();
    match deadline.state {
        DeadlineState::Waiting => {
            said("chưa đến: chưa có mốc bắt đầu", "not yet: no start is given")
        }
        DeadlineState::Running if deadline.left.is_none() => said("đang tính", "running"),
        DeadlineState::Running => {
            Bilingual::new(format!("còn {}", left.vi), format!("{} left", left.en))
        }
        DeadlineState::Done => Bilingual::new(format!("đã xong {done}"), format!("done {done}")),
        DeadlineState::Late => {
            Bilingual::new(format!("đã xong {done}, quá hạn"), format!("done {done}, too late"))
        }
        DeadlineState::Overdue => {
            Bilingual::new(format!("QUÁ HẠN {}", left.vi), format!("OVERDUE by {}", left.en))
        }
        DeadlineState::Ended => said("đã hết", "over"),
    }
}

/// When something ends, in words.
pub fn end(due: Moment) -> Bilingual {
    let words = due.words();
    match due {
        Moment::Day(_) => Bilingual::new(format!("hết {words}"), format!("the end of {words}")),
        Moment::Hour(_) => Bilingual::from(words),
    }
}

/// How long a limit is, in words.
pub fn length(deadline: &Deadline) -> Bilingual {
    let (vi, en) = match deadline.limit.clock {
        Clock::Hours => ("giờ", "hours"),
        Clock::WorkingDays => ("ngày làm việc", "working days"),
        Clock::CalendarDays => ("ngày", "days"),
        Clock::Months => ("tháng", "months"),
        Clock::Years => ("năm", "years"),
        Clock::Age => ("tuổi", "years of age"),
    };
    let count = format!("{:02}", deadline.limit.length);
    let (vi, en) = (format!("{count} {vi}"), format!("{count} {en}"));
    match deadline.limit.side {
        Side::After => Bilingual { vi, en },
        Side::Before => Bilingual::new(format!("trước {vi}"), format!("{en} before")),
        Side::Within => Bilingual::new(format!("trong {vi} cuối"), format!("the last {en}")),
    }
}

/// What the check comes to, in words.
pub fn result(of: &Completeness) -> Bilingual {
    let wanting = of.papers.iter().filter(|paper| paper.is_wanting()).count();
    let late = of.deadlines.iter().filter(|one| one.state == DeadlineState::Overdue).count();
    let papers = match wanting {
        0 => said("hồ sơ đủ giấy tờ", "the dossier is complete"),
        _ => Bilingual::new(
            format!("hồ sơ còn thiếu {wanting:02} giấy tờ"),
            format!("papers missing: {wanting}"),
        ),
    };
    match late {
        0 => papers,
        _ => Bilingual::new(
            format!("{}; {late:02} thời hạn đã quá", papers.vi),
            format!("{}; time limits over: {late}", papers.en),
        ),
    }
}

/// A length of time, without its sign: days where it is two or more, else hours.
fn duration(left: TimeDelta) -> Bilingual {
    let minutes = left.num_minutes().abs();
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60, minutes % 60);
    if days >= 2 {
        return Bilingual::new(format!("{days} ngày"), format!("{days} days"));
    }
    match minutes {
        0 => Bilingual::new(format!("{hours} giờ"), format!("{hours} h")),
        _ => Bilingual::new(
            format!("{hours} giờ {minutes} phút"),
            format!("{hours} h {minutes} min"),
        ),
    }
}

fn said(vi: &str, en: &str) -> Bilingual {
    Bilingual::new(vi, en)
}
