use serde::Serialize;

use super::super::report::FindingView;
use super::words::{deadline_state, paper_state};
use crate::base::Language;
use crate::catalog::{Basis, Clock, CopySet, Procedure, Side};
use crate::pipeline::{Completeness, Deadline, DeadlineState, OutsidePaper, PaperState, Status};
use crate::viet::Moment;

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
