use std::collections::BTreeSet;
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use super::{is_kept, lean};
use crate::block::{Document, Inline, paragraphs};
use crate::catalog::{FontFile, FontSet, FontSource};
use crate::output::OutputError;

/// The fonts of a press, in two sets: lean copies of the shipped fonts, which
/// draw everything that official documents usually hold, and the files
/// themselves, for a document that holds something else.
#[derive(Debug)]
pub struct Fonts {
    set: FontSet,
    lean: Shelf,
    full: OnceLock<Shelf>,
}

/// Fonts ready for use.
#[derive(Debug)]
pub(super) struct Shelf {
    pub book: LazyHash<FontBook>,
    pub fonts: Vec<Font>,
}

impl Fonts {
    /// Makes lean copies of the shipped fonts; the user's own fonts are used as
    /// they are.
    ///
    /// # Errors
    ///
    /// If a file is not a font.
    pub fn new(set: FontSet) -> Result<Self, OutputError> {
        let lean = Shelf::new(&set, |file| match file.source {
            FontSource::Shipped => lean(&file.bytes, is_kept)
                .map(Bytes::new)
                .map_err(|error| font_error(file, &error.to_string())),
            FontSource::User => Ok(Bytes::new(file.bytes.clone())),
        })?;
        Ok(Self { set, lean, full: OnceLock::new() })
    }

    /// Uses every font as it is, without lean copies.
    ///
    /// # Errors
    ///
    /// If a file is not a font.
    pub fn unmodified(set: FontSet) -> Result<Self, OutputError> {
        let lean = Shelf::new(&set, |file| Ok(Bytes::new(file.bytes.clone())))?;
        Ok(Self { set, lean, full: OnceLock::new() })
    }

    /// The family of a font file.
    ///
    /// # Errors
    ///
    /// If the file is not a font.
    pub fn family_of(file: &FontFile) -> Result<String, OutputError> {
        Font::new(Bytes::new(file.bytes.clone()), 0)
            .map(|font| font.info().family.clone())
            .ok_or_else(|| font_error(file, "not a font"))
    }

    /// The families in the order in which they are tried, each once.
    pub fn families(&self) -> Vec<&str> {
        let mut families: Vec<&str> = Vec::new();
        for font in &self.lean.fonts {
            let family = font.info().family.as_str();
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }

    /// The set that can draw the text.
    pub(super) fn for_text(&self, text: &str) -> &Shelf {
        if text.chars().all(is_kept) {
            return &self.lean;
        }
        self.full.get_or_init(|| {
            Shelf::new(&self.set, |file| Ok(Bytes::new(file.bytes.clone())))
                .expect("the same files were read as fonts when the press was made")
        })
    }

    /// Whether one of the fonts has a glyph for the character.
    pub fn covers(&self, character: char) -> bool {
        if character.is_control() || is_kept(character) {
            return true;
        }
        let code = u32::from(character);
        self.set.files().iter().any(|file| {
            Font::new(Bytes::new(file.bytes.clone()), 0)
                .is_some_and(|font| font.info().coverage.contains(code))
        })
    }
}

impl Shelf {
    fn new(
        set: &FontSet,
        bytes: impl Fn(&FontFile) -> Result<Bytes, OutputError>,
    ) -> Result<Self, OutputError> {
        let mut fonts = Vec::new();
        for file in set.files() {
            let before = fonts.len();
            fonts.extend(Font::iter(bytes(file)?));
            if fonts.len() == before {
                return Err(font_error(file, "not a font"));
            }
        }
        let book = FontBook::from_fonts(&fonts);
        Ok(Self { book: LazyHash::new(book), fonts })
    }
}

fn font_error(file: &FontFile, message: &str) -> OutputError {
    OutputError::Font { name: file.name.clone(), message: message.to_owned() }
}

/// The characters of a document that no font can draw.
pub fn missing_characters(fonts: &Fonts, document: &Document) -> BTreeSet<char> {
    let mut seen = BTreeSet::new();
    let mut see = |text: &str| seen.extend(text.chars().filter(|c| !is_kept(*c)));
    each_text(document, &mut see);
    seen.retain(|character| !fonts.covers(*character));
    seen
}

fn each_text(document: &Document, see: &mut dyn FnMut(&str)) {
    let envelope = &document.envelope;
    let issuer = &envelope.issuer;
    let lines = issuer.superior.iter().chain(&issuer.name).chain(&envelope.subject);
    lines.chain(&envelope.place).for_each(|line| see(line));
    see(&issuer.in_text);
    envelope.bases.iter().for_each(|basis| pieces(basis, see));
    for line in envelope.recipients.lines() {
        match line {
            crate::block::RecipientLine::Group(text) | crate::block::RecipientLine::Entry(text) => {
                see(&text);
            }
        }
    }
    envelope.signature.title_lines().iter().for_each(|line| see(line));
    envelope.signature.other_title.iter().for_each(|line| see(line));
    envelope.signature.name.iter().for_each(|line| see(line));
    document.annexes.iter().flat_map(|annex| &annex.title).for_each(|line| see(line));
    paragraphs(document, &mut |line| pieces(line, see));
}

fn pieces(line: &[Inline], see: &mut dyn FnMut(&str)) {
    for inline in line {
        match inline {
            Inline::Text(text) => see(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) => pieces(inner, see),
            Inline::Blank(_) | Inline::Break => {}
        }
    }
}
