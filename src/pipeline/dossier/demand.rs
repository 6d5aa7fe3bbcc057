use serde_json::Value;

use super::{Case, OutsidePaper, Status};
use crate::base::{Bilingual, Finding};
use crate::catalog::{Need, Paper, Schema, paths};
use crate::content::Conditions;

/// What is known of a paper before templates and files are looked at.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub status: Status,
    /// Why it is not there.
    pub reason: Option<Bilingual>,
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
                    faults.push(case.procedure.unusable(key, format!("`{key}`: {detail}")));
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
    pub fn decided(&self) -> Vec<(&'a Paper, Option<Decision>)> {
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
                let status = Status::Replaced(other.key.clone());
                decided.push((paper, Some(Decision { status, reason: Some(reason) })));
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
                    decided.push((paper, Some(Decision { status, reason: Some(reason) })));
                    continue;
                }
                made.push((template, &paper.key));
            }
            decided.push((paper, None));
        }
        decided
    }

    /// Why a paper is not wanted.
    fn unwanted(&self, paper: &Paper, holds: bool) -> Decision {
        if paper.need == Need::IfAny && paper.instead_of.is_empty() {
            return Decision { status: Status::Absent, reason: None };
        }
        if let Some(key) = paper.instead_of.first() {
            let other = self.case.procedure.paper(key).map(Paper::titles).unwrap_or_default();
            let reason = Bilingual::new(
                format!("chỉ dùng khi không có “{}”", other.vi),
                format!("only where there is no “{}”", other.en),
            );
            return Decision { status: Status::NotNeeded, reason: Some(reason) };
        }
        debug_assert!(!holds, "a required paper whose condition holds is wanted");
        let reason = self.unsaid(paper).or_else(|| {
            let (vi, en) = paper.unless.clone().zip(paper.unless_en.clone())?;
            Some(Bilingual::new(vi, en))
        });
        Decision { status: Status::NotNeeded, reason }
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
