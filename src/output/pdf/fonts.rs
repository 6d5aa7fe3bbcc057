use std::collections::BTreeSet;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use super::lean;
use crate::block::{Document, Inline, envelope_notes, paragraphs, tick};
use crate::catalog::{FontFile, FontSet, FontSource};
use crate::output::OutputError;
use crate::viet::is_vietnamese_letter;

/// The fonts of a press: lean copies of the shipped ones, and the user's own as
/// they are.
#[derive(Debug)]
pub struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) fonts: Vec<Font>,
}

impl Fonts {
    /// Makes lean copies of the shipped fonts.
    ///
    /// # Errors
    ///
    /// If a file is not a font.
    pub fn new(set: &FontSet) -> Result<Self, OutputError> {
        Self::load(set, |file| match file.source {
            FontSource::Shipped => lean(&file.bytes)
                .map(Bytes::new)
                .map_err(|error| font_error(file, &error.to_string())),
            FontSource::User => Ok(Bytes::new(file.bytes.clone())),
        })
    }

    /// Uses every font as it is, without lean copies.
    ///
    /// # Errors
    ///
    /// If a file is not a font.
    pub fn unmodified(set: &FontSet) -> Result<Self, OutputError> {
        Self::load(set, |file| Ok(Bytes::new(file.bytes.clone())))
    }

    fn load(
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
        for font in &self.fonts {
            let family = font.info().family.as_str();
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }

    /// Whether one of the fonts has a glyph for the character.
    pub fn covers(&self, character: char) -> bool {
        let code = u32::from(character);
        character.is_whitespace()
            || self.fonts.iter().any(|font| font.info().coverage.contains(code))
    }
}

fn font_error(file: &FontFile, message: &str) -> OutputError {
    OutputError::Font { name: file.name.clone(), message: message.to_owned() }
}

/// Signs that the shipped fonts have and most documents use.
const USUAL_SIGNS: [char; 7] = ['“', '”', '‘', '’', '–', '—', '…'];

/// The characters of a document that a font might not have. Most documents have
/// none, and then the fonts need not be read to check them.
pub fn unusual_characters(document: &Document) -> BTreeSet<char> {
    let usual = |c: &char| is_vietnamese_letter(*c) || USUAL_SIGNS.contains(c);
    let mut seen = BTreeSet::new();
    each_text(document, &mut |text| {
        // What is neither ASCII nor in the middle of a character.
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| *byte >= 0xc2) {
            rest = &rest[at..];
            // U+1EA0 to U+1EF9 are letters of Vietnamese, and the most of what is left.
            if !matches!(rest, [0xe1, 0xba, 0xa0..=0xff, ..] | [0xe1, 0xbb, 0..=0xb9, ..]) {
                let from = text.len() - rest.len();
                seen.extend(text[from..].chars().next().filter(|c| !usual(c)));
            }
            rest = &rest[1..];
        }
    });
    seen
}

fn each_text(document: &Document, see: &mut dyn FnMut(&str)) {
    let envelope = &document.envelope;
    let issuer = &envelope.issuer;
    let lines = issuer.superior.iter().chain(&issuer.name).chain(&envelope.subject);
    lines.chain(&envelope.place).for_each(|line| see(line));
    see(&issuer.in_text);
    envelope.bases.iter().for_each(|basis| pieces(basis, see));
    for line in envelope.recipient_lines() {
        match line {
            crate::block::RecipientLine::Group(text) | crate::block::RecipientLine::Entry(text) => {
                see(&text);
            }
        }
    }
    for signature in envelope.signatures() {
        signature.title_lines().iter().chain(&signature.hint).for_each(|line| see(line));
        let names = signature.other_title.iter().chain(&signature.name);
        names.for_each(|line| see(line));
    }
    if let Some(addressees) = &envelope.addressees {
        see(&addressees.lead);
        addressees.names.iter().for_each(|line| see(line));
    }
    if let Some(enacting) = &envelope.enacting {
        see(&enacting.words);
        enacting.authority.iter().for_each(|line| see(line));
    }
    if let Some(confirmation) = &envelope.confirmation {
        see(&confirmation.words);
        confirmation.name.iter().for_each(|line| see(line));
    }
    envelope.form.iter().for_each(|line| see(line));
    envelope.photo.iter().for_each(|photo| pieces(&photo.words, see));
    let own = envelope.own_number_line.iter().chain(&envelope.own_place_date);
    own.for_each(|line| pieces(line, see));
    envelope.contact.iter().chain(&document.signing).for_each(|line| see(line));
    document.annexes.iter().flat_map(|annex| &annex.title).for_each(|line| see(line));
    for note in envelope_notes(envelope) {
        pieces(&note.content, see);
    }
    paragraphs(document, &mut |line| pieces(line, see));
}

fn pieces(line: &[Inline], see: &mut dyn FnMut(&str)) {
    for inline in line {
        match inline {
            Inline::Text(text) => see(text),
            Inline::Strong(inner) | Inline::Emphasis(inner) => pieces(inner, see),
            Inline::Tick(on) => see(tick(*on).encode_utf8(&mut [0; 4])),
            // The words of notes are paragraphs of their own.
            Inline::Blank(_) | Inline::Fill | Inline::Break | Inline::Note(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_text_fonts_have_the_usual_signs() {
        for font in &Fonts::new(&FontSet::shipped()).unwrap().fonts[..4] {
            for sign in USUAL_SIGNS {
                assert!(font.info().coverage.contains(u32::from(sign)), "{sign}");
            }
        }
    }
}
