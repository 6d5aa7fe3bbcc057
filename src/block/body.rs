use serde::Serialize;

use super::{Chart, Inline, Signature, plain_text};

/// A block of the body or of an annex.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A numbered part with or without a title, and what it holds.
    Section(Section),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A line in the middle of the page.
    Centered(Vec<Inline>),
    /// Items with dashes or plus signs.
    List(Vec<Item>),
    /// A table.
    Table(Table),
    /// Bars over months.
    Chart(Chart),
    /// A frame to glue a photograph in.
    Photo(Photo),
    /// Those who sign, in rows.
    Signatures(Vec<Vec<Signature>>),
}

/// A numbered part: mục, khoản, điểm, or one of a deeper level.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Section {
    /// What it is called in structure (a); `None` where its number says it.
    pub rank: Option<Rank>,
    /// The level, from 1. Set by [`number`](super::number).
    pub level: usize,
    /// The number as printed, such as `I.` or `a)`. Set by
    /// [`number`](super::number).
    pub label: String,
    /// How number and title look. Set by [`number`](super::number).
    pub style: TitleStyle,
    /// The title; empty for a part without one.
    pub title: Vec<Inline>,
    /// The text that follows the number of a part without a title.
    pub lead: Vec<Inline>,
    /// What the part holds.
    pub content: Vec<Block>,
}

/// The parts of structure (a) that are called by a name (PL1-II.6.d): khoản and
/// điểm below them have numbers alone. A phần may also stand above structure (b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Phần.
    Part,
    /// Chương.
    Chapter,
    /// Mục.
    Division,
    /// Tiểu mục.
    Subdivision,
    /// Điều.
    Article,
}

/// How the number and title of a section look (PL1-V.6a, 6b).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TitleStyle {
    /// Bold, in capitals: the mục of structure (b).
    CapitalsBold,
    /// Number and title on lines of their own in the middle, bold, the title in
    /// capitals: from phần to tiểu mục.
    Centered,
    /// Bold number, before a bold title or the text: a điều.
    Article,
    /// Bold: a khoản with a title.
    Bold,
    /// Upright, not bold: a điểm, and a part without a title.
    #[default]
    Regular,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// The sign before it.
    pub marker: Marker,
    /// Its text.
    pub content: Vec<Inline>,
    /// Lists below it.
    pub children: Vec<Block>,
}

/// The sign before an item. The decree defines none below điểm; dash and then
/// plus are universal practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// `-`
    Dash,
    /// `+`
    Plus,
}

impl Marker {
    /// The sign as printed.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Dash => "-",
            Self::Plus => "+",
        }
    }
}

/// A table; its header rows are repeated on every page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Table {
    /// The name above the table; empty for none.
    pub caption: Vec<Inline>,
    /// Width and alignment of each column.
    pub columns: Vec<Column>,
    /// The header rows.
    pub header: Vec<Vec<Cell>>,
    /// The other rows.
    pub rows: Vec<Vec<Cell>>,
    /// Which of the rows, from 0, are the headings of the rows that follow, with
    /// which they stay together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<usize>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// The share of the width, relative to the other columns; `None` for as
    /// much as the content needs.
    pub width: Option<f64>,
    /// How cells are aligned that do not say it themselves.
    pub align: Align,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// Its text.
    pub content: Vec<Inline>,
    /// How many columns it spans.
    pub columns: usize,
    /// How many rows it spans.
    pub rows: usize,
    /// Its alignment where it differs from the column's.
    pub align: Option<Align>,
}

/// A cell with more text than this, in bytes, may be split between pages.
const LONGEST_CELL: usize = 2000;

impl Cell {
    /// Whether it may be split between pages.
    pub fn may_split(&self) -> bool {
        plain_text(&self.content).len() > LONGEST_CELL
    }

    /// A cell of one row and column.
    pub fn new(content: Vec<Inline>) -> Self {
        Self { content, columns: 1, rows: 1, align: None }
    }
}

/// An empty frame to glue a photograph in, on the left of the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Photo {
    /// Its width in millimetres.
    pub width: f64,
    /// Its height in millimetres.
    pub height: f64,
    /// The words in its middle.
    pub words: Vec<Inline>,
}

/// Alignment in a table cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// To the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}
