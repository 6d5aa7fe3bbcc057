use serde::Serialize;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Words.
    Text(String),
    /// Words set off in bold.
    Strong(Vec<Inline>),
    /// Words set off in italics.
    Emphasis(Vec<Inline>),
    /// A gap to be filled by hand, as wide as this many digits.
    Blank(u8),
    /// Dots to the end of the line, to be written on.
    Fill,
    /// A new line within the paragraph.
    Break,
    /// A box to be ticked; whether it is.
    Tick(bool),
    /// A note at the foot of the page, at its place in the text.
    Note(Note),
}

/// A footnote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its number, counted through the whole document: the mark in the text, and
    /// what stands before the words. Set by [`number`](super::number).
    pub label: String,
    /// Its words.
    pub content: Vec<Inline>,
}

/// Dots of a [`Fill`](Inline::Fill) where lines have no width.
const DOTS: &str = "……………";

impl Inline {
    /// Plain words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// The character of a box, ticked or empty.
pub fn tick(on: bool) -> char {
    if on { '☑' } else { '☐' }
}

/// The words of a line; a blank is a run of spaces, a break a space. Of a note it
/// has the mark alone: [`notes`](super::notes) gives the words.
pub fn plain_text(line: &[Inline]) -> String {
    let mut out = String::new();
    collect(line, usize::from, &mut out);
    out
}

/// How many spaces a blank is where its width must not matter.
const ANY_BLANK: usize = 5;

/// The same, all blanks of one width: two lines that say the same are the same.
pub fn canonical_text(line: &[Inline]) -> String {
    let mut out = String::new();
    collect(line, |_| ANY_BLANK, &mut out);
    out
}

fn collect(line: &[Inline], blank: fn(u8) -> usize, out: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(text) => out.push_str(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) => collect(inner, blank, out),
            Inline::Blank(width) => out.extend(std::iter::repeat_n(' ', blank(*width))),
            Inline::Fill => out.push_str(DOTS),
            Inline::Break => out.push(' '),
            Inline::Tick(on) => out.push(tick(*on)),
            Inline::Note(note) => out.push_str(&note.label),
        }
    }
}
