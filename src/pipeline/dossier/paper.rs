use serde_json::Value;

use super::Case;
use crate::base::{Bilingual, Finding};
use crate::catalog::{Need, Paper, Schema, paths};
use crate::content::Conditions;
use crate::input::{Files, PaperFileError, paper_file};

/// A paper of a procedure, as the case has it.
#[derive(Debug, Clone)]
pub struct PaperState {
    /// The paper.
    pub paper: Paper,
    /// Whether it is there.
    pub status: Status,
    /// Whether the file is incomplete without it.
    pub required: bool,
    /// The files from outside that the case gives for it, in its order.
    pub outside: Vec<OutsidePaper>,
    /// What keeps it from being there: the data that its form lacks.
    pub missing: Vec<Finding>,
    /// Why it is not needed, where it is not.
    pub reason: Option<Bilingual>,
}

/// Whether a paper is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It is made of the case with its template.
    Generated,
    /// It comes from outside, and its files are there.
    Outside,
    /// It is not there.
    Missing,
    /// Another paper stands in its place; its key.
    Replaced(String),
    /// The case does not need it.
    NotNeeded,
    /// It goes in where there is one (`nếu có`), and there is none.
    Absent,
}

/// A file of a paper from outside, as the case names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsidePaper {
    /// The key of the paper.
    pub paper: String,
    /// The path as the case writes it, relative to the case.
    pub file: String,
    /// The path in its shortest form, or why it cannot be used.
    pub found: Result<String, PaperFileError>,
    /// What the case calls the paper.
    pub title: Option<String>,
    /// Number and symbol.
    pub number: Option<String>,
    /// The date, as it is written.
    pub date: Option<String>,
    /// Who made it.
    pub issuer: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// The JSON pointer of the entry.
    pub pointer: String,
}

impl PaperState {
    /// Whether the paper goes into the file.
    pub fn is_there(&self) -> bool {
        matches!(self.status, Status::Generated | Status::Outside)
    }

    /// Whether the file is incomplete for want of it.
    pub fn is_wanting(&self) -> bool {
        self.required && self.status == Status::Missing
    }
}

/// The papers from outside that a case names.
pub(super) fn outside_papers(data: &Value, files: &dyn Files) -> Vec<OutsidePaper> {
    let list = data.pointer("/dossier/outside").and_then(Value::as_array);
    let entries = list.map(Vec::as_slice).unwrap_or_default().iter().enumerate();
    let text = |entry: &Value, key: &str| match &entry[key] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    entries
        .map(|(at, entry)| {
            let file = text(entry, "file").unwrap_or_default();
            OutsidePaper {
                paper: text(entry, "paper").unwrap_or_default(),
                found: paper_file(&file, files),
                file,
                title: text(entry, "title"),
                number: text(entry, "number"),
                date: text(entry, "date"),
                issuer: text(entry, "issuer"),
                note: text(entry, "note"),
                pointer: format!("/dossier/outside/{at}"),
            }
        })
        .collect()
}

/// Which papers a case asks for: conditions evaluated, alternatives chosen.
pub(super) struct Demand<'a> {
    pub case: &'a Case,
    pub schema: &'a Schema,
    pub outside: &'a [OutsidePaper],
    /// Of each paper of the procedure, whether its condition holds.
    holds: Vec<bool>,
}

impl<'a> Demand<'a> {
    /// Evaluates the conditions of all papers.
    ///
    /// # Errors
    ///
    /// Findings about conditions that cannot be evaluated.
    pub fn new(
        case: &'a Case,
        schema: &'a Schema,
        outside: &'a [OutsidePaper],
        conditions: &Conditions,
    ) -> Result<Self, Vec<Finding>> {
        let (mut holds, mut faults) = (Vec::new(), Vec::new());
        for paper in &case.procedure.papers {
            match conditions.holds(&paper.condition(), &case.data) {
                Ok(answer) => holds.push(answer),
                Err(detail) => {
                    let key = &paper.key;
                    faults.push(case.procedure.unusable(format!("`{key}`: {detail}")));
                }
            }
        }
        if faults.is_empty() { Ok(Self { case, schema, outside, holds }) } else { Err(faults) }
    }

    fn papers(&self) -> impl Iterator<Item = (&'a Paper, bool)> {
        self.case.procedure.papers.iter().zip(self.holds.iter().copied())
    }

    /// The files that the case gives for a paper.
    pub fn files_of(&self, paper: &Paper) -> Vec<OutsidePaper> {
        self.outside.iter().filter(|one| one.paper == paper.key).cloned().collect()
    }

    fn is_chosen(&self, key: &str) -> bool {
        let chosen = self.case.data.pointer("/dossier/chosen").and_then(Value::as_array);
        chosen.is_some_and(|chosen| chosen.iter().any(|one| one == key))
    }

    /// Whether the case itself asks for a paper: it gives a file of it, or chooses it.
    pub fn is_asked_for(&self, key: &str) -> bool {
        self.is_chosen(key) || self.outside.iter().any(|one| one.paper == key)
    }

    /// Whether the paper is to go into the file.
    fn is_wanted(&self, paper: &Paper, holds: bool) -> bool {
        if self.is_asked_for(&paper.key) {
            return true;
        }
        let by_itself = paper.when.is_some() && holds;
        match (paper.instead_of.as_slice(), paper.need) {
            ([], Need::Required) => holds,
            ([], Need::IfAny) => by_itself,
            // Its condition speaks for it where nobody asks for the other.
            (others, _) => by_itself && !others.iter().any(|key| self.is_asked_for(key)),
        }
    }

    /// The paper that stands in the place of this one.
    fn substitute(&self, paper: &Paper) -> Option<&'a Paper> {
        if self.is_asked_for(&paper.key) {
            return None;
        }
        let others = self.papers().filter(|(one, _)| one.instead_of.contains(&paper.key));
        let mut wanted = others.filter(|(one, holds)| self.is_wanted(one, *holds));
        wanted.next().map(|(one, _)| one)
    }

    /// The papers, and what is known of each before templates and files are looked at:
    /// `None` where the paper is to be there.
    pub fn decided(&self) -> Vec<(&'a Paper, Option<(Status, Option<Bilingual>)>)> {
        let mut made: Vec<(&str, &str)> = Vec::new();
        let mut decided = Vec::new();
        for (paper, holds) in self.papers() {
            if !self.is_wanted(paper, holds) {
                decided.push((paper, Some(self.unwanted(paper, holds))));
                continue;
            }
            if let Some(other) = self.substitute(paper) {
                let reason = Bilingual::new(
                    format!("thay bằng “{}”", other.title),
                    format!("“{}” stands in its place", other.title_en),
                );
                decided.push((paper, Some((Status::Replaced(other.key.clone()), Some(reason)))));
                continue;
            }
            // One document that does for two papers is printed once.
            let template = paper.template.as_deref().filter(|_| self.files_of(paper).is_empty());
            if let Some(template) = template {
                if let Some((_, key)) = made.iter().find(|(one, _)| *one == template) {
                    let reason = Bilingual::new(
                        format!("cùng một văn bản với `{key}`"),
                        format!("the same document as `{key}`"),
                    );
                    let status = Status::Replaced((*key).to_owned());
                    decided.push((paper, Some((status, Some(reason)))));
                    continue;
                }
                made.push((template, &paper.key));
            }
            decided.push((paper, None));
        }
        decided
    }

    /// Why a paper is not wanted.
    fn unwanted(&self, paper: &Paper, holds: bool) -> (Status, Option<Bilingual>) {
        if paper.need == Need::IfAny && paper.instead_of.is_empty() {
            return (Status::Absent, None);
        }
        if let Some(key) = paper.instead_of.first() {
            let other = self.case.procedure.paper(key).map(|one| one.titles()).unwrap_or_default();
            let reason = Bilingual::new(
                format!("chỉ dùng khi không có “{}”", other.vi),
                format!("only where there is no “{}”", other.en),
            );
            return (Status::NotNeeded, Some(reason));
        }
        debug_assert!(!holds, "a required paper whose condition holds is wanted");
        let reason = self.unsaid(paper).or_else(|| {
            let (vi, en) = paper.unless.clone().zip(paper.unless_en.clone())?;
            Some(Bilingual::new(vi, en))
        });
        (Status::NotNeeded, reason)
    }

    /// That the data does not say what the condition of a paper asks for.
    fn unsaid(&self, paper: &Paper) -> Option<Bilingual> {
        let asked = paths(paper.when.as_deref()?);
        let unsaid =
            asked.iter().find(|path| self.case.data.pointer(path).is_none_or(Value::is_null))?;
        let described = self.schema.describe(unsaid);
        let title = described.and_then(|one| self.schema.keyword(one, "title")?.as_str());
        let title = title.unwrap_or(unsaid);
        Some(Bilingual::new(
            format!("hồ sơ không ghi “{title}”, coi như không cần"),
            format!("the case does not say “{title}”, taken as not needed"),
        ))
    }
}
