use std::io::Write;

use super::{BoundPaper, BuildError, Dossier, PaperContent, Record};
use crate::catalog::CopySet;
use crate::input::Files;
use crate::output::OutputError;
use crate::output::pdf::Span;
use crate::output::sheet::{Outside, Part, join};

use super::super::{Composed, Input, Renderer, Together};

/// The templates of cover, index and closing sheet.
pub(super) const RECORD_TEMPLATES: [&str; 3] =
    ["product-ho-so-bia", "product-ho-so-thong-ke", "product-ho-so-ket-thuc"];
/// What they are called.
pub(super) const COVER: &str = "Bìa hồ sơ";
pub(super) const INDEX: &str = "Bảng thống kê tài liệu";
pub(super) const CLOSING: &str = "Chứng từ kết thúc";
/// The mark of the set that is no copy.
const ORIGINAL: &str = "BẢN GỐC";
/// What is laid out has fewer bytes, with all stamps.
const MOST_LAID_OUT: u64 = 1 << 28;

impl Renderer {
    /// Prints a set of a numbered dossier: cover, index, papers, closing sheet. Papers from
    /// outside are read one after the other while it is written.
    ///
    /// # Errors
    ///
    /// If a layout fails, if pages came out otherwise than they were counted, if a file
    /// from outside is not the same any more, or if the set cannot be written.
    pub fn print_set(
        &self,
        dossier: &Dossier,
        set: Option<&CopySet>,
        files: &dyn Files,
        to: &mut dyn Write,
    ) -> Result<(), BuildError> {
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
        let mut of_parts = vec![None, None];
        for paper in &papers {
            let part = match &paper.content {
                PaperContent::Made(_) => Part::Pages(next(Some(paper.pages))?),
                PaperContent::Outside { survey: Some(survey), .. } => {
                    Part::Outside(survey, dossier.stamps(paper, mark))
                }
                PaperContent::Outside { survey: None, .. } => continue,
            };
            of_parts.push(Some(*paper));
            parts.push((paper.title.clone(), part));
        }
        parts.push((CLOSING.to_owned(), Part::Pages(next(None)?)));
        let style = self.stamp_style(&dossier.numbering);
        let mut read = |part: usize| {
            let lost = || OutputError::Pdf(vec!["a part has no file".to_owned()]);
            let paper = of_parts.get(part).copied().flatten().ok_or_else(lost)?;
            let (bytes, survey) = dossier.file_again(paper, files)?.ok_or_else(lost)?;
            dossier.pages_again(paper, bytes, survey)
        };
        join(self.press(), base, &parts, &style, dossier.numbering.duplex, &mut read, to)
    }

    /// The most bytes that a set may have.
    pub(super) fn most_bytes(dossier: &Dossier, set: Option<&CopySet>) -> u64 {
        let of_paper = |paper: &BoundPaper| match &paper.content {
            PaperContent::Outside { survey: Some(survey), .. } => survey.bytes() as u64,
            _ => 0,
        };
        dossier.papers_of(set).map(of_paper).sum::<u64>() + MOST_LAID_OUT
    }

    /// Writes a paper from outside with its numbers, beside which the original stays as it
    /// is.
    ///
    /// # Errors
    ///
    /// If the layer cannot be made, if the file is not the same any more, or if it cannot
    /// be written.
    pub(super) fn stamped_copy(
        &self,
        dossier: &Dossier,
        paper: &BoundPaper,
        pages: Outside,
        to: &mut dyn Write,
    ) -> Result<(), BuildError> {
        let style = self.stamp_style(&dossier.numbering);
        self.press().stamped(pages, &dossier.stamps(paper, None), &style, to)
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
