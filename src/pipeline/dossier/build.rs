use super::{Completeness, PaperState, Status};
use crate::base::{Finding, has_errors};
use crate::block::canonical_text;
use crate::catalog::CopySet;
use crate::input::Files;
use crate::output::OutputError;
use crate::output::sheet::Survey;
use crate::viet::PartialDate;

use super::super::{Checked, Composed, Input, Numbering, Renderer, add_new};
use super::outside::from_outside;
use super::record::{Record, RecordPaper};

/// A dossier whose papers are all there: made of the case, or read from outside.
#[derive(Debug)]
pub struct Dossier {
    /// What was found about the case.
    pub completeness: Completeness,
    /// The papers, in the order of the file.
    pub papers: Vec<BoundPaper>,
    /// How it is printed.
    pub numbering: Numbering,
    /// Warnings and advice about the case and its papers.
    pub findings: Vec<Finding>,
}

/// A paper of a dossier.
#[derive(Debug)]
pub struct BoundPaper {
    /// The key of the paper in the procedure.
    pub key: String,
    /// The title that the index gives.
    pub title: String,
    /// Number and symbol.
    pub number: Option<String>,
    /// The date, as the index writes it.
    pub date: Option<String>,
    /// A note of the index.
    pub note: Option<String>,
    /// What it is.
    pub content: PaperContent,
    /// How many pages it is printed on; 0 until it is numbered.
    pub pages: usize,
    /// The number of its first sheet; 0 until it is numbered.
    pub first: usize,
}

/// What a paper of a dossier is.
#[derive(Debug)]
pub enum PaperContent {
    /// Made of the case.
    Made(Box<Composed>),
    /// From outside. The file is not kept: it is read again when its turn comes.
    Outside {
        /// Its path relative to the case.
        file: String,
        /// The JSON pointer of the entry that names it.
        pointer: String,
        /// What was found in the file, once it was read.
        survey: Option<Box<Survey>>,
    },
}

/// Why a dossier was not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The user can mend it: every paper that is missing and every file that cannot be
    /// used.
    #[error("{} findings", .0.len())]
    Findings(Vec<Finding>),
    /// The program or a layout failed.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// What was built could not be written.
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

impl BoundPaper {
    /// How many sheets or, if pages are numbered, pages it has.
    pub fn count(&self, numbering: &Numbering) -> usize {
        numbering.count(self.pages)
    }

    pub(super) fn composed(&self) -> Option<&Composed> {
        match &self.content {
            PaperContent::Made(composed) => Some(composed),
            PaperContent::Outside { .. } => None,
        }
    }
}

impl Renderer {
    /// Makes the papers of a complete dossier, without numbers yet; files from outside
    /// are not read before [`Renderer::number`].
    ///
    /// # Errors
    ///
    /// Findings that name every paper that is missing or cannot be made.
    pub fn bind(
        &self,
        input: &Input<'_>,
        completeness: Completeness,
        numbering: Numbering,
    ) -> Result<Dossier, BuildError> {
        let mut findings = completeness.findings.clone();
        let mut papers = Vec::new();
        let case = &completeness.case;
        for state in &completeness.papers {
            if state.is_wanting() {
                let missing = Finding::new("DB01").with("paper", state.paper.titles());
                let missing = missing.with("clause", state.paper.clause.as_str());
                findings.push(missing.at(case.node.place(&case.source, "")));
                add_new(&mut findings, state.missing.clone());
            }
            match state.status {
                Status::Generated => match self.made(input, state) {
                    Ok(paper) => {
                        let composed = paper.composed();
                        let more = composed.map(|one| one.findings.clone()).unwrap_or_default();
                        add_new(&mut findings, more);
                        papers.push(paper);
                    }
                    Err(more) => add_new(&mut findings, more),
                },
                Status::Outside => papers.extend(from_outside(state)),
                _ => {}
            }
        }
        let mut dossier = Dossier { completeness, papers, numbering, findings };
        if has_errors(&dossier.findings) {
            // Whoever mends the case wants to know of the files too.
            let _ = dossier.survey(input.files);
            return Err(BuildError::Findings(dossier.findings));
        }
        Ok(dossier)
    }

    fn made(&self, input: &Input<'_>, state: &PaperState) -> Result<BoundPaper, Vec<Finding>> {
        let composed = if let Some(checked) = &state.checked {
            self.compose_checked(Checked::clone(checked))?
        } else {
            let template = state.paper.template.as_deref();
            self.compose(&Input { template, ..*input })?
        };
        let envelope = &composed.document.envelope;
        let number = match (&envelope.own_number_line, envelope.unnumbered) {
            (Some(line), _) => Some(canonical_text(line)),
            // A paper of citizens or minutes without an agency has none.
            (None, true) => None,
            (None, false) if envelope.issuer.name.is_empty() => None,
            (None, false) => Some(canonical_text(&envelope.number_line())),
        };
        let number = number.and_then(|line| {
            let number = line.trim_start_matches("Số:").trim().to_owned();
            let known = number.starts_with(|c: char| c.is_ascii_digit());
            known.then_some(number)
        });
        let date = composed.checked.data["date"].as_str();
        let date = date.and_then(|date| date.parse::<PartialDate>().ok());
        Ok(BoundPaper {
            key: state.paper.key.clone(),
            title: state.paper.title.clone(),
            number,
            date: date.map(|date| date.to_string()),
            note: state.paper.copy.then(|| COPY.to_owned()),
            content: PaperContent::Made(Box::new(composed)),
            pages: 0,
            first: 0,
        })
    }

    /// Reads the files from outside and numbers the sheets of all papers.
    ///
    /// # Errors
    ///
    /// Findings that name every file that cannot be used, or a failure of a layout.
    pub fn number(&self, dossier: &mut Dossier, files: &dyn Files) -> Result<(), BuildError> {
        if !dossier.survey(files) {
            return Err(BuildError::Findings(dossier.findings.clone()));
        }
        let made: Vec<&Composed> = dossier.papers.iter().filter_map(BoundPaper::composed).collect();
        let mut counts = self.count_pages(&made)?.into_iter();
        let mut next = dossier.numbering.start;
        for paper in &mut dossier.papers {
            paper.pages = match &paper.content {
                PaperContent::Made(_) => counts.next().unwrap_or(0),
                PaperContent::Outside { survey, .. } => {
                    survey.as_ref().map_or(0, |survey| survey.pages())
                }
            };
            paper.first = next;
            next += dossier.numbering.count(paper.pages);
        }
        Ok(())
    }
}

/// The note on a paper of which the law wants a copy.
pub(super) const COPY: &str = "bản sao";

impl Dossier {
    /// The papers that a set holds.
    pub fn papers_of<'a>(
        &'a self,
        set: Option<&'a CopySet>,
    ) -> impl Iterator<Item = &'a BoundPaper> {
        let without = set.map(|set| set.without.as_slice()).unwrap_or_default();
        self.papers.iter().filter(move |paper| !without.contains(&paper.key))
    }

    /// What cover, index and closing sheet say of a set.
    pub fn record(&self, set: Option<&CopySet>) -> Record {
        let procedure = &self.completeness.case.procedure;
        let papers: Vec<&BoundPaper> = self.papers_of(set).collect();
        let count = |paper: &&BoundPaper| paper.count(&self.numbering);
        let last = |paper: &&BoundPaper| paper.first + paper.count(&self.numbering) - 1;
        let row = |paper: &&BoundPaper| RecordPaper {
            title: paper.title.clone(),
            number: paper.number.clone(),
            date: paper.date.clone(),
            sheets: count(paper),
            from: self.numbering.number(paper.first),
            to: self.numbering.number(last(paper)),
            note: paper.note.clone(),
        };
        Record {
            title: procedure.title.clone(),
            procedure: format!("{}, {}", procedure.id, procedure.clause),
            mark: set.map(|set| set.mark.clone()),
            for_whom: set.map(|set| set.for_whom.clone()),
            per_page: self.numbering.per_page,
            sheets: papers.iter().map(count).sum(),
            first: papers.first().map(|paper| self.numbering.number(paper.first)),
            last: papers.last().map(|paper| self.numbering.number(last(paper))),
            papers: papers.iter().map(row).collect(),
        }
    }
}
