use serde::Serialize;

use super::{Block, Envelope, Inline, Kind, Settings};

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
    /// Whether this file holds annexes alone, of a document in another file
    /// (Mẫu 2.2).
    pub detached: bool,
    /// What the signature of the agency says on such a file: number and symbol,
    /// time of signing (PL1-II.8.b).
    pub signing: Option<String>,
}

/// An annex (phụ lục) in the same file (PL1-III.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Annex {
    /// The kind of a regulation that the document issues (Mẫu 1.3): it has the
    /// header of a document. `None` for an annex.
    pub kind: Option<Kind>,
    /// Its number where it stands in a file of its own.
    pub label: Option<String>,
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

impl Orientation {
    /// Width and height of A4 paper that lies so, in millimetres.
    pub fn paper(self) -> (f64, f64) {
        const SHORT: f64 = 210.0;
        const LONG: f64 = 297.0;
        match self {
            Self::Portrait => (SHORT, LONG),
            Self::Landscape => (LONG, SHORT),
        }
    }
}

impl Document {
    /// The name and number of the n-th annex (from 0): Roman numerals only if
    /// there are two or more (PL1-III.1.a).
    pub fn annex_label(&self, at: usize) -> String {
        let is_annex = |annex: &&Annex| annex.kind.is_none();
        let label = match self.annexes.get(at).and_then(|annex| annex.label.clone()) {
            None if self.annexes.iter().filter(is_annex).count() > 1 => {
                let before = self.annexes.iter().take(at).filter(is_annex).count();
                crate::viet::roman(before + 1)
            }
            label => label.unwrap_or_default(),
        };
        format!("Phụ lục {label}").trim_end().to_owned()
    }

    /// The line that ties an annex to this document (PL1-III.1.c): filled on
    /// paper, with blanks in an electronic document.
    pub fn annex_reference(&self) -> Vec<Inline> {
        self.envelope.reference_line()
    }

    /// The title of the document in one line: kind and subject, or what the annex
    /// or regulation in a file of its own is called.
    pub fn title(&self) -> String {
        let subject = self.envelope.subject.join(" ");
        match self.annexes.first() {
            Some(annex) if self.detached => {
                let label = annex.kind.as_ref().map(|kind| kind.name.clone());
                let label = label.unwrap_or_else(|| self.annex_label(0));
                format!("{label} {}", annex.title.join(" "))
            }
            _ => format!("{} {}{subject}", self.envelope.kind.name, self.envelope.about()),
        }
        .trim()
        .to_owned()
    }
}
