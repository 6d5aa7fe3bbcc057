use super::parallel::on_cores;
use super::{Composed, Renderer};
use crate::output::OutputError;
use crate::output::pdf::{Bundle, Bundled, Corner, Span, Stamps};
use crate::viet::PartialDate;

/// How a bundle is printed and its sheets are numbered. No source of law says how
/// sheets are numbered (Luật Phòng, chống ma túy số 120/2025/QH15, Điều 35 khoản 3
/// điểm b, and Nghị định 163/2026/NĐ-CP, Điều 102 and 104, only that they are), so all
/// of it can be set.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbering {
    /// Whether paper is printed on both sides: each document then begins a sheet.
    pub duplex: bool,
    /// Whether every page has a number, or every sheet.
    pub per_page: bool,
    /// The first number.
    pub start: usize,
    /// What is printed; `{n}` is the number.
    pub text: String,
    /// The least number of digits.
    pub digits: usize,
    /// The corner of the page.
    pub position: Corner,
}

impl Default for Numbering {
    /// As practice has it: a number a sheet, at the upper right, from `01`.
    fn default() -> Self {
        Self {
            duplex: true,
            per_page: false,
            start: 1,
            text: "{n}".to_owned(),
            digits: 2,
            position: Corner::default(),
        }
    }
}

/// Sizes of the stamps: from the edges of the page in millimetres, in points.
const FROM_EDGE: f64 = 6.0;
const FROM_SIDE: f64 = 12.0;
const SIZE: f64 = 12.0;

impl Numbering {
    /// How many sheets or, if pages are counted, pages a document of so many pages has.
    pub fn count(&self, pages: usize) -> usize {
        if self.counts_pages() { pages } else { pages.div_ceil(2) }
    }

    /// Whether every printed page has a number of its own.
    fn counts_pages(&self) -> bool {
        self.per_page || !self.duplex
    }

    /// The number as it is printed, without the words around it.
    pub fn number(&self, number: usize) -> String {
        format!("{number:0width$}", width = self.digits)
    }

    /// The number as it is stamped.
    pub fn stamp(&self, number: usize) -> String {
        self.text.replace("{n}", &self.number(number))
    }

    /// What a page of a document whose first number is `first` is stamped with; pages
    /// from 0.
    pub fn of_page(&self, first: usize, page: usize) -> Option<String> {
        match self.counts_pages() {
            true => Some(self.stamp(first + page)),
            false if page.is_multiple_of(2) => Some(self.stamp(first + page / 2)),
            false => None,
        }
    }
}

/// A document among others in one file.
#[derive(Debug, Clone, Copy)]
pub struct Together<'a> {
    /// The document.
    pub composed: &'a Composed,
    /// The number of its first sheet; none where it has none.
    pub first: Option<usize>,
    /// What is printed above its first page.
    pub mark: Option<&'a str>,
    /// How many pages it has, where that is known.
    pub pages: Option<usize>,
}

impl<'a> Together<'a> {
    /// A document without a number.
    pub fn new(composed: &'a Composed) -> Self {
        Self { composed, first: None, mark: None, pages: None }
    }
}

impl Renderer {
    /// Writes documents into one PDF, each on a sheet of its own, laid out in one run;
    /// gives the pages of each. The title must not name a person.
    ///
    /// # Errors
    ///
    /// If a layout fails.
    pub fn together(
        &self,
        title: &str,
        documents: &[Together<'_>],
        numbering: &Numbering,
    ) -> Result<(Vec<u8>, Vec<Span>), OutputError> {
        self.press().bundle(&self.bundle(title, documents, numbering))
    }

    /// How many pages each document has, laid out on all cores.
    ///
    /// # Errors
    ///
    /// If a layout fails.
    pub fn count_pages(&self, documents: &[&Composed]) -> Result<Vec<usize>, OutputError> {
        let count = |composed: &&Composed| {
            let layout = &composed.checked.template.manifest.layout;
            self.press().count_pages(layout, &self.view(composed))
        };
        on_cores(self.cores, documents, count).into_iter().collect()
    }

    /// How numbers and marks are set.
    pub(super) fn stamp_style<'a>(&'a self, numbering: &'a Numbering) -> Stamps<'a> {
        Stamps {
            fonts: self.press().fonts().families(),
            text: &numbering.text,
            digits: numbering.digits,
            per_page: numbering.counts_pages(),
            position: numbering.position,
            top: FROM_EDGE,
            side: FROM_SIDE,
            size: SIZE,
        }
    }

    fn bundle<'a>(
        &'a self,
        title: &'a str,
        documents: &[Together<'a>],
        numbering: &'a Numbering,
    ) -> Bundle<'a> {
        let stamps = self.stamp_style(numbering);
        let issuer = documents.iter().find_map(|document| {
            let issuer = document.composed.document.envelope.issuer.in_text.as_str();
            (!issuer.is_empty()).then_some(issuer)
        });
        let dates = documents.iter().filter_map(|document| {
            document.composed.document.envelope.date.and_then(PartialDate::first_day)
        });
        let date = dates.max().unwrap_or(self.as_of);
        let mut bundle =
            Bundle::new(title, issuer.unwrap_or_default(), date, numbering.duplex, stamps);
        // Each begins where those before it end, if their pages are known.
        let mut next = Some(1);
        for document in documents {
            let place = next.zip(document.pages).map(|(first, pages)| Span { first, pages });
            let filled = |pages: usize| {
                if numbering.duplex { pages.next_multiple_of(2) } else { pages }
            };
            next = place.map(|place| place.first + filled(place.pages));
            bundle.push(Bundled {
                place,
                layout: &document.composed.checked.template.manifest.layout,
                document: self.view(document.composed),
                first: document.first,
                mark: document.mark,
            });
        }
        bundle
    }
}
