use serde::Serialize;

use super::{Block, Envelope, Inline, Settings};

/// A whole document.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Document {
    /// Everything around the body.
    pub envelope: Envelope,
    /// The settings of the layout.
    pub settings: Settings,
    /// The body.
    pub body: Vec<Block>,
    /// The annexes, in order.
    pub annexes: Vec<Annex>,
}

/// An annex (phụ lục) in the same file (PL1-III.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Annex {
    /// The title, in lines.
    pub title: Vec<String>,
    /// Portrait or landscape.
    pub orientation: Orientation,
    /// Its content.
    pub content: Vec<Block>,
}

/// Orientation of the paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// The long side upright.
    #[default]
    Portrait,
    /// The long side across.
    Landscape,
}

impl Document {
    /// The name and number of the n-th annex (from 0): Roman numerals only if
    /// there are two or more (PL1-III.1.a).
    pub fn annex_label(&self, at: usize) -> String {
        if self.annexes.len() < 2 {
            "Phụ lục".to_owned()
        } else {
            format!("Phụ lục {}", crate::viet::roman(at + 1))
        }
    }

    /// The line that ties an annex to this document (PL1-III.1.c): filled on
    /// paper, with blanks in an electronic document.
    pub fn annex_reference(&self) -> Vec<Inline> {
        self.envelope.reference_line()
    }

    /// The title of the document in one line: kind and subject.
    pub fn title(&self) -> String {
        let subject = self.envelope.subject.join(" ");
        format!("{} {subject}", self.envelope.kind.name).trim().to_owned()
    }
}
