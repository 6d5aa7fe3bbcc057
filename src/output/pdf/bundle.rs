use chrono::NaiveDate;
use serde::Serialize;
use typst::foundations::{Label, Selector};
use typst::introspection::Introspector;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use super::sweep::Turn;
use super::view::Date;
use super::world::BUNDLE;
use super::{Press, View, message, write};

use crate::output::OutputError;

/// The layout of stamps alone.
const STAMPS: &str = "stamps";

/// Several documents that are laid out together and written into one file: the
/// papers of a dossier, or the documents of a batch to print. Version 1 of what the
/// layout reads.
#[derive(Debug, Serialize)]
pub struct Bundle<'a> {
    version: u8,
    title: &'a str,
    author: &'a str,
    date: Date,
    /// Whether paper is printed on both sides: each document then begins on an odd
    /// page.
    duplex: bool,
    stamps: Stamps<'a>,
    papers: Vec<Bundled<'a>>,
}

/// A document of a bundle.
#[derive(Debug, Serialize)]
pub struct Bundled<'a> {
    /// Its layout.
    pub layout: &'a str,
    /// What the layout reads.
    pub document: View<'a>,
    /// The number of its first sheet or page; none where it is not numbered.
    pub first: Option<usize>,
    /// What is printed above its first page: that it is a copy.
    pub mark: Option<&'a str>,
    /// Its pages, where they are known beforehand: the layout then need not find out.
    pub place: Option<Span>,
}

/// How sheets are numbered (bút lục): no law says where and how, so all of it is a
/// setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stamps<'a> {
    /// The families to set them in.
    pub fonts: Vec<&'a str>,
    /// What is printed; `{n}` is the number.
    pub text: &'a str,
    /// The least number of digits.
    pub digits: usize,
    /// Whether every page has a number, or every sheet of two pages.
    pub per_page: bool,
    /// The corner.
    pub position: Corner,
    /// From the upper or lower edge of the page, in millimetres.
    pub top: f64,
    /// From the left or right edge of the page, in millimetres.
    pub side: f64,
    /// The size of the letters, in points.
    pub size: f64,
}

/// A corner of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corner {
    /// Where practice has the numbers of sheets.
    #[default]
    TopRight,
    /// Above on the left.
    TopLeft,
    /// Below on the right.
    BottomRight,
    /// Below on the left.
    BottomLeft,
}

/// The pages of a document in a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first page, from 1.
    pub first: usize,
    /// How many there are, without those that only fill a sheet.
    pub pages: usize,
}

impl<'a> Bundle<'a> {
    /// A bundle without documents. The title, the author and the date are those of the
    /// file; the title must not name a person.
    pub fn new(
        title: &'a str,
        author: &'a str,
        date: NaiveDate,
        duplex: bool,
        stamps: Stamps<'a>,
    ) -> Self {
        Self { version: 1, title, author, date: date.into(), duplex, stamps, papers: Vec::new() }
    }

    /// Adds a document.
    pub fn push(&mut self, mut paper: Bundled<'a>) {
        let before = self.papers.iter().map(|paper| paper.document.images().len()).sum();
        paper.document.move_images(before);
        self.papers.push(paper);
    }

    fn json(&self) -> String {
        serde_json::to_string(self).expect("a view holds nothing that JSON cannot")
    }
}

/// A page of stamps alone: a layer to be laid over a page that was made elsewhere.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct StampSheet<'a> {
    /// The width of the page as it is seen, in points.
    pub width: f64,
    /// Its height, in points.
    pub height: f64,
    /// The number, as printed.
    pub number: Option<&'a str>,
    /// That it is a copy.
    pub mark: Option<&'a str>,
}

/// What the layout of stamps reads.
#[derive(Debug, Serialize)]
struct Layer<'a> {
    version: u8,
    stamps: &'a Stamps<'a>,
    sheets: &'a [StampSheet<'a>],
}

impl Press {
    /// Sets stamps alone on pages without a ground, as PDF without tags.
    ///
    /// # Panics
    ///
    /// Never: a layer holds nothing that JSON cannot.
    ///
    /// # Errors
    ///
    /// If the layout fails.
    pub fn stamp_sheets(
        &self,
        sheets: &[StampSheet<'_>],
        stamps: &Stamps<'_>,
    ) -> Result<Vec<u8>, OutputError> {
        let layer = Layer { version: 1, stamps, sheets };
        let json = serde_json::to_string(&layer).expect("a layer holds nothing that JSON cannot");
        let turn = Turn::begin();
        let (document, written) = match self.compile(STAMPS, json, &[]) {
            Ok(document) => {
                let options = PdfOptions { tagged: false, ..PdfOptions::default() };
                let written = typst_pdf::pdf(&document, &options);
                let written = written
                    .map_err(|errors| OutputError::Pdf(errors.iter().map(message).collect()));
                (Some(document), written)
            }
            Err(error) => (None, Err(error)),
        };
        turn.end(document);
        written
    }

    /// Lays a document out, and counts its pages.
    ///
    /// # Errors
    ///
    /// If the layout is unknown or fails.
    pub fn count_pages(&self, layout: &str, view: &View<'_>) -> Result<usize, OutputError> {
        let turn = Turn::begin();
        let document = self.lay_out(layout, view);
        let (document, count) = match document {
            Ok(document) => {
                let count = document.pages().len();
                (Some(document), Ok(count))
            }
            Err(error) => (None, Err(error)),
        };
        turn.end(document);
        count
    }

    /// Lays the documents of a bundle out in one run and writes them as one file,
    /// PDF/A-2a and PDF/UA-1; gives the pages of each.
    ///
    /// # Errors
    ///
    /// If a layout is unknown or fails.
    pub fn bundle(&self, bundle: &Bundle<'_>) -> Result<(Vec<u8>, Vec<Span>), OutputError> {
        self.bundled(bundle, |document, spans| Ok((write(document)?, spans)))
    }

    fn bundled<T>(
        &self,
        bundle: &Bundle<'_>,
        then: impl FnOnce(&PagedDocument, Vec<Span>) -> Result<T, OutputError>,
    ) -> Result<T, OutputError> {
        let images = bundle.papers.iter().flat_map(|paper| paper.document.images().iter().cloned());
        let images: Vec<_> = images.collect();
        let turn = Turn::begin();
        let (document, result) = match self.compile(BUNDLE, bundle.json(), &images) {
            Ok(document) => {
                let spans = spans(&document, bundle.papers.len());
                let result = spans.and_then(|spans| then(&document, spans));
                (Some(document), result)
            }
            Err(error) => (None, Err(error)),
        };
        turn.end(document);
        result
    }
}

/// The pages of each document, from the marks that the layout sets at its edges.
fn spans(document: &PagedDocument, count: usize) -> Result<Vec<Span>, OutputError> {
    let introspector = document.introspector();
    let pages = |name: &str| -> Vec<usize> {
        let Some(label) = Label::new(PicoStr::intern(name)) else { return Vec::new() };
        let marks = introspector.query(&Selector::Label(label));
        let page = |mark: &typst::foundations::Content| {
            introspector.position(mark.location()?).map(|position| position.page.get())
        };
        marks.iter().filter_map(page).collect()
    };
    let (begins, ends) = (pages("paper-begin"), pages("paper-end"));
    let spans: Vec<Span> = (begins.iter().zip(&ends))
        .map(|(first, last)| Span { first: *first, pages: (last + 1).saturating_sub(*first) })
        .collect();
    if spans.len() == count && ends.len() == count && spans.iter().all(|span| span.pages > 0) {
        return Ok(spans);
    }
    let message = format!("{} documents have their pages, of {count}", spans.len());
    Err(OutputError::Layout(vec![message]))
}
