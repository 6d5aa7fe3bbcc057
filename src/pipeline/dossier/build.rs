use super::{Completeness, PaperState, Status};
use crate::base::{Finding, has_errors};
use crate::block::canonical_text;
use crate::catalog::CopySet;
use crate::input::Files;
use crate::output::OutputError;
use crate::output::pdf::Span;
use crate::output::sheet::{MOST_BYTES, Outside, OutsideError, PageStamp, Part, join};
use crate::viet::PartialDate;

use super::super::parallel::on_cores;
use super::super::{Checked, Composed, Input, Numbering, Renderer, Together, add_new};
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
    /// From outside: its path relative to the case, and the file once it is read.
    Outside {
        /// The path.
        file: String,
        /// The JSON pointer of the entry that names it.
        pointer: String,
        /// The file.
        read: Option<Box<Outside>>,
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

    fn composed(&self) -> Option<&Composed> {
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
            let _ = dossier.read(input.files, self.cores);
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

    /// Reads the files from outside that are not read yet.
    ///
    /// # Errors
    ///
    /// Findings that name every file that cannot be used.
    pub fn read_outside(&self, dossier: &mut Dossier, files: &dyn Files) -> Result<(), BuildError> {
        let all = dossier.read(files, self.cores);
        if all { Ok(()) } else { Err(BuildError::Findings(dossier.findings.clone())) }
    }

    /// Reads the files from outside and numbers the sheets of all papers.
    ///
    /// # Errors
    ///
    /// Findings that name every file that cannot be used, or a failure of a layout.
    pub fn number(&self, dossier: &mut Dossier, files: &dyn Files) -> Result<(), BuildError> {
        self.read_outside(dossier, files)?;
        let made: Vec<&Composed> = dossier.papers.iter().filter_map(BoundPaper::composed).collect();
        let mut counts = self.count_pages(&made)?.into_iter();
        let mut next = dossier.numbering.start;
        for paper in &mut dossier.papers {
            paper.pages = match &paper.content {
                PaperContent::Made(_) => counts.next().unwrap_or(0),
                PaperContent::Outside { read, .. } => {
                    read.as_ref().map_or(0, |outside| outside.pages())
                }
            };
            paper.first = next;
            next += dossier.numbering.count(paper.pages);
        }
        Ok(())
    }

    /// Prints a set of a numbered dossier: cover, index, papers, closing sheet.
    ///
    /// # Errors
    ///
    /// If a layout fails, or if pages came out otherwise than they were counted.
    pub fn print_set(
        &self,
        dossier: &Dossier,
        set: Option<&CopySet>,
    ) -> Result<Vec<u8>, BuildError> {
        let papers: Vec<&BoundPaper> = dossier.papers_of(set).collect();
        let record = dossier.record(set);
        let [cover, index, closing] = self.record_papers(dossier, &record)?;
        let mark = set.map(|set| set.mark.as_str()).filter(|mark| *mark != ORIGINAL);
        let own = [&cover, &index, &closing];
        let counts = self.count_pages(&own)?;
        let [cover, index, closing] = [0, 1, 2].map(|at| {
            let pages = counts.get(at).copied();
            Together { pages, ..Together::new(own[at]) }
        });
        let numbered = papers.iter().filter_map(|paper| {
            let composed = paper.composed()?;
            Some(Together { composed, first: Some(paper.first), mark, pages: Some(paper.pages) })
        });
        let made: Vec<Together<'_>> =
            [cover, index].into_iter().chain(numbered).chain([closing]).collect();
        let title = match set {
            Some(set) => format!("{} – {}", dossier.completeness.case.procedure.title, set.title),
            None => dossier.completeness.case.procedure.title.clone(),
        };
        let (base, spans) = self.together(&title, &made, &dossier.numbering)?;
        let mut spans = spans.into_iter();
        let mut next = |counted: Option<usize>| -> Result<Span, OutputError> {
            let span = spans.next().filter(|span| counted.is_none_or(|n| n == span.pages));
            let message = || vec!["pages came out otherwise than counted".to_owned()];
            span.ok_or_else(|| OutputError::Layout(message()))
        };
        let mut parts = vec![
            (COVER.to_owned(), Part::Pages(next(None)?)),
            (INDEX.to_owned(), Part::Pages(next(None)?)),
        ];
        for paper in &papers {
            let part = match &paper.content {
                PaperContent::Made(_) => Part::Pages(next(Some(paper.pages))?),
                PaperContent::Outside { read: Some(outside), .. } => {
                    Part::Outside(outside, dossier.stamps(paper, mark))
                }
                PaperContent::Outside { read: None, .. } => continue,
            };
            parts.push((paper.title.clone(), part));
        }
        parts.push((CLOSING.to_owned(), Part::Pages(next(None)?)));
        let style = self.stamp_style(&dossier.numbering);
        Ok(join(self.press(), &base, &parts, &style, dossier.numbering.duplex)?)
    }

    /// A paper from outside with its numbers, beside which the original stays as it is.
    ///
    /// # Errors
    ///
    /// If the layer cannot be made.
    pub fn stamped_copy(
        &self,
        dossier: &Dossier,
        paper: &BoundPaper,
    ) -> Result<Option<Vec<u8>>, BuildError> {
        let PaperContent::Outside { read: Some(outside), .. } = &paper.content else {
            return Ok(None);
        };
        let style = self.stamp_style(&dossier.numbering);
        let stamps = dossier.stamps(paper, None);
        Ok(Some(self.press().stamped(outside, &stamps, &style)?))
    }

    /// Cover, index and closing sheet.
    pub(super) fn record_papers(
        &self,
        dossier: &Dossier,
        record: &Record,
    ) -> Result<[Composed; 3], BuildError> {
        let bytes = dossier.record_data(record);
        let compose = |id: &str| {
            let input = Input { template: Some(id), ..Input::new(INDEX, &bytes) };
            self.compose(&input).map_err(BuildError::Findings)
        };
        let [cover, index, closing] = RECORD_TEMPLATES;
        Ok([compose(cover)?, compose(index)?, compose(closing)?])
    }
}

/// The templates of cover, index and closing sheet.
pub(super) const RECORD_TEMPLATES: [&str; 3] =
    ["product-ho-so-bia", "product-ho-so-thong-ke", "product-ho-so-ket-thuc"];
/// What they are called.
pub(super) const COVER: &str = "Bìa hồ sơ";
pub(super) const INDEX: &str = "Bảng thống kê tài liệu";
pub(super) const CLOSING: &str = "Chứng từ kết thúc";
/// The mark of the set that is no copy.
const ORIGINAL: &str = "BẢN GỐC";
/// The note on a paper of which the law wants a copy.
const COPY: &str = "bản sao";

impl Dossier {
    /// The papers that a set holds.
    pub fn papers_of<'a>(
        &'a self,
        set: Option<&'a CopySet>,
    ) -> impl Iterator<Item = &'a BoundPaper> {
        let without = set.map(|set| set.without.as_slice()).unwrap_or_default();
        self.papers.iter().filter(move |paper| !without.contains(&paper.key))
    }

    /// Reads the files from outside that are not read yet, at the same time; whether all
    /// could be used.
    fn read(&mut self, files: &dyn Files, cores: Option<usize>) -> bool {
        let wanted: Vec<(usize, String)> = self
            .papers
            .iter()
            .enumerate()
            .filter_map(|(at, paper)| match &paper.content {
                PaperContent::Outside { file, read: None, .. } => Some((at, file.clone())),
                _ => None,
            })
            .collect();
        let read = |file: &str| {
            let bytes = files.read(file, MOST_BYTES);
            let bytes = bytes.map_err(|error| OutsideError::Damaged(error.to_string()))?;
            Outside::read(bytes)
        };
        let results = on_cores(cores, &wanted, |(at, file)| (*at, read(file)));
        let mut all = true;
        for (at, result) in results {
            let PaperContent::Outside { file, pointer, read } = &mut self.papers[at].content else {
                continue;
            };
            match result {
                Ok(outside) => *read = Some(Box::new(outside)),
                Err(error) => {
                    all = false;
                    let case = &self.completeness.case;
                    let pointer = format!("{pointer}/file");
                    let node = case.node.at(&pointer).unwrap_or(&case.node);
                    let finding = Finding::new("DB02").with("file", file.as_str());
                    let finding = finding.with("detail", error.message());
                    self.findings.push(finding.at(node.place(&case.source, &pointer)));
                }
            }
        }
        all
    }

    /// What is laid over the pages of a paper from outside.
    fn stamps(&self, paper: &BoundPaper, mark: Option<&str>) -> Vec<PageStamp> {
        let stamp = |page| PageStamp {
            number: self.numbering.of_page(paper.first, page),
            mark: mark.filter(|_| page == 0).map(str::to_owned),
        };
        (0..paper.pages).map(stamp).collect()
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

/// The files that a case gives for a paper, each a paper of the index.
fn from_outside(state: &PaperState) -> impl Iterator<Item = BoundPaper> {
    state.outside.iter().filter_map(|one| {
        let file = one.found.as_ref().ok()?.clone();
        let copy = state.paper.copy.then(|| COPY.to_owned());
        let date = one.date.as_deref();
        let known =
            date.and_then(|date| date.parse::<PartialDate>().ok()).map(|date| date.to_string());
        Some(BoundPaper {
            key: state.paper.key.clone(),
            title: one.title.clone().unwrap_or_else(|| state.paper.title.clone()),
            number: one.number.clone(),
            date: known.or_else(|| one.date.clone()),
            note: one.note.clone().or(copy),
            content: PaperContent::Outside { file, pointer: one.pointer.clone(), read: None },
            pages: 0,
            first: 0,
        })
    })
}
