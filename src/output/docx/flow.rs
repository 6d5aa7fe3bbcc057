//! What the body of a Word file is made of, before it is written: paragraphs and
//! tables whose styles and neighbours can still be asked about.

use std::borrow::Cow;

use super::drawing::Drawing;
use super::styles::Style;
use crate::block::{Inline, Note, plain_text, tick};

/// A paragraph or a table.
#[derive(Debug)]
pub(super) enum Flow<'a> {
    Paragraph(Paragraph<'a>),
    Table(Table<'a>),
}

/// A paragraph. What its style does not say stands here; lengths in points.
#[derive(Debug)]
pub(super) struct Paragraph<'a> {
    pub style: Style,
    pub runs: Vec<Run<'a>>,
    /// Stays on the page of what follows.
    pub keep_next: bool,
    /// Left and right indent.
    pub indent: Option<(f64, f64)>,
    /// How far the first line stands out to the left.
    pub hanging: f64,
    /// Space before, where it is not that of the style.
    pub before: Option<f64>,
    /// Space after.
    pub after: f64,
    pub tabs: Vec<Tab>,
    /// Ends a part with pages of its own.
    pub section: Option<Section>,
}

/// A tab stop; dots lead to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tab {
    /// From the left edge of the text, in points.
    pub at: f64,
    /// Whether what follows ends at it and does not begin.
    pub right: bool,
}

/// A piece of a paragraph.
#[derive(Debug)]
pub(super) enum Run<'a> {
    Text(Text<'a>),
    Break,
    /// Dots to the next tab stop.
    Fill,
    /// The number of the page.
    PageNumber,
    Drawing(Drawing<'a>),
    /// A note at the foot of the page.
    Note(&'a Note),
    /// Its number, in the note.
    NoteMark,
}

/// Words of one look.
#[derive(Debug, Clone, Default)]
pub(super) struct Text<'a> {
    pub words: Cow<'a, str>,
    pub strong: bool,
    pub emphasis: bool,
    /// A character style.
    pub style: Option<&'static str>,
}

/// The pages of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Section {
    pub landscape: bool,
    /// Whether its pages are counted from 1.
    pub restart: bool,
    /// The part of the file that holds the header of its first page.
    pub first_header: FirstHeader,
    /// The part of the file that holds the footer of its first page.
    pub first_footer: Option<&'static str>,
}

/// What stands in the top margin of a first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstHeader {
    Empty,
    /// Marks or what the agency's signature says.
    Marked,
}

/// A table.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub ruled: bool,
    /// How far it stands out into the left margin, in points.
    pub outside: f64,
    /// The widths of the grid's columns in points.
    pub grid: Vec<f64>,
    pub rows: Vec<Row<'a>>,
}

/// A row of a table.
#[derive(Debug, Default)]
pub(super) struct Row<'a> {
    /// Repeated on every page.
    pub header: bool,
    /// May be split between pages.
    pub split: bool,
    /// Its height in points, where it is fixed.
    pub height: Option<f64>,
    pub cells: Vec<TableCell<'a>>,
}

/// A cell of a table.
#[derive(Debug, Default)]
pub(super) struct TableCell<'a> {
    /// How many columns of the grid it takes.
    pub span: usize,
    pub merge: Merge,
    pub align: Vertical,
    /// Free room at its right edge, in points.
    pub gap: f64,
    /// A red frame.
    pub framed: bool,
    pub content: Vec<Flow<'a>>,
}

/// How a cell belongs to those above and below it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Merge {
    #[default]
    None,
    Start,
    Continued,
}

/// Where the content of a cell stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Vertical {
    #[default]
    Top,
    Center,
    Bottom,
}

impl<'a> Paragraph<'a> {
    pub fn new(style: Style) -> Self {
        Self {
            style,
            runs: Vec::new(),
            keep_next: false,
            indent: None,
            hanging: 0.0,
            before: None,
            after: 0.0,
            tabs: Vec::new(),
            section: None,
        }
    }

    /// A paragraph of plain words.
    pub fn words(style: Style, words: impl Into<Cow<'a, str>>) -> Self {
        let mut paragraph = Self::new(style);
        paragraph.push(words);
        paragraph
    }

    /// A paragraph of lines.
    pub fn lines(style: Style, lines: &'a [String]) -> Self {
        let mut paragraph = Self::new(style);
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                paragraph.runs.push(Run::Break);
            }
            paragraph.push(line);
        }
        paragraph
    }

    /// A paragraph with the text of a block.
    pub fn text(style: Style, line: &'a [Inline]) -> Self {
        let mut paragraph = Self::new(style);
        paragraph.inlines(line);
        paragraph
    }

    /// Adds plain words.
    pub fn push(&mut self, words: impl Into<Cow<'a, str>>) {
        self.runs.push(Run::Text(Text { words: words.into(), ..Text::default() }));
    }

    /// Adds the text of a block.
    pub fn inlines(&mut self, line: &'a [Inline]) {
        self.styled(line, &Text::default());
    }

    /// Adds inlines in the look of `like`.
    pub fn styled(&mut self, line: &'a [Inline], like: &Text<'a>) {
        for inline in line {
            match inline {
                Inline::Text(text) => {
                    self.runs.push(Run::Text(Text { words: text.as_str().into(), ..like.clone() }));
                }
                Inline::Strong(inner) => {
                    self.styled(inner, &Text { strong: true, ..like.clone() });
                }
                Inline::Emphasis(inner) => {
                    self.styled(inner, &Text { emphasis: !like.emphasis, ..like.clone() });
                }
                Inline::Blank(digits) => {
                    self.runs
                        .push(Run::Text(Text { words: blank(*digits).into(), ..like.clone() }));
                }
                Inline::Fill => self.runs.push(Run::Fill),
                Inline::Break => self.runs.push(Run::Break),
                Inline::Tick(on) => self
                    .runs
                    .push(Run::Text(Text { words: tick(*on).to_string().into(), ..like.clone() })),
                Inline::Note(note) => self.runs.push(Run::Note(note)),
            }
        }
    }

    /// Adds a line of the envelope in which notes may stand: one that a form gives.
    pub fn noted(&mut self, line: &'a [Inline]) {
        let (mut rest, ends) = (line, |inline: &Inline| matches!(inline, Inline::Note(_)));
        while let Some(at) = rest.iter().position(ends) {
            self.owned(rest[..at].to_vec());
            self.inlines(&rest[at..=at]);
            rest = &rest[at + 1..];
        }
        self.owned(rest.to_vec());
    }

    /// Adds a line of the envelope: words and blanks.
    pub fn owned(&mut self, line: Vec<Inline>) {
        let count = line.len();
        let last = line.iter().rposition(|inline| matches!(inline, Inline::Blank(_)));
        // A line may end in a blank, that of a reference to the document at its break.
        let reference = self.style == Style::Reference;
        let ends = |at: usize| Some(at) == last && (reference || at + 1 == count);
        for (at, inline) in line.into_iter().enumerate() {
            match inline {
                Inline::Text(text) => self.push(text),
                Inline::Blank(digits) => self.push(loose_blank(digits, ends(at))),
                Inline::Fill => self.runs.push(Run::Fill),
                Inline::Break => self.runs.push(Run::Break),
                Inline::Tick(_) | Inline::Note(_) | Inline::Strong(_) | Inline::Emphasis(_) => {
                    self.push(plain_text(&[inline]));
                }
            }
        }
    }

    /// Keeps it on the page of what follows.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.keep_next = true;
        self
    }

    /// Sets the space before.
    #[must_use]
    pub fn before(mut self, points: f64) -> Self {
        self.before = Some(points);
        self
    }

    /// Sets left and right indents.
    #[must_use]
    pub fn indented(mut self, left: f64, right: f64) -> Self {
        self.indent = Some((left, right));
        self
    }

    /// How many characters it has, roughly.
    pub fn length(&self) -> usize {
        let length = |run: &Run<'_>| match run {
            Run::Text(text) => text.words.chars().count(),
            Run::Break
            | Run::Fill
            | Run::PageNumber
            | Run::Drawing(_)
            | Run::Note(_)
            | Run::NoteMark => 0,
        };
        self.runs.iter().map(length).sum()
    }
}

impl<'a> From<Paragraph<'a>> for Flow<'a> {
    fn from(paragraph: Paragraph<'a>) -> Self {
        Self::Paragraph(paragraph)
    }
}

impl<'a> From<Table<'a>> for Flow<'a> {
    fn from(table: Table<'a>) -> Self {
        Self::Table(table)
    }
}

/// A gap of so many digits: two spaces are as wide as one. They do not break and are
/// not stretched.
fn blank(digits: u8) -> String {
    "\u{a0}".repeat(2 * usize::from(digits))
}

/// The same in a line that is not justified, of spaces that break: those that do not
/// are too wide in LibreOffice where they are italic. The last keeps those at the end
/// of a line from being taken for nothing.
fn loose_blank(digits: u8, ends: bool) -> String {
    let spaces = " ".repeat(2 * usize::from(digits));
    if ends { format!("{}\u{a0}", &spaces[1..]) } else { spaces }
}
