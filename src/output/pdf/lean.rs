//! Smaller copies of the shipped fonts.
//!
//! Writing a PDF copies parts of each used font into the document: the outlines of the used
//! glyphs with their hinting programs, the hinting tables of the whole font, the glyph names and
//! the licence text of the `name` table. No page needs any of it but the outlines. [`lean`]
//! makes a copy of a font without the rest: a document set with the copy looks the same, is
//! smaller and is written faster.
//!
//! The glyph of a character and the class of a glyph are written so that they are found sooner,
//! for they are asked for every character of a text.
//!
//! The copy keeps all glyphs with their numbers, outlines, metrics, kerning, ligatures and mark
//! positions, so a text has the same layout with either font. It is meant for memory only and
//! must not be given away as a font file: the licence of Liberation Serif reserves the name for
//! the original. A document may hold any part of it.

#![expect(
    clippy::cast_possible_truncation,
    reason = "a copy is never larger than the original, whose sizes are numbers of 32 and 16 bits"
)]

mod lookup;

use std::borrow::Cow;

use ttf_parser::{Face, RawFace, Tag};

/// Tables that serve hinting, bitmaps of old printers, signatures or font editors.
const DROPPED: [&[u8; 4]; 13] = [
    b"DSIG", b"FFTM", b"LTSH", b"PCLT", b"VDMX", b"cvar", b"cvt ", b"fpgm", b"gasp", b"hdmx",
    b"meta", b"prep", b"TTFA",
];

/// Names that the copy keeps: copyright, family, style, full name, PostScript name, and the
/// typographic family and style.
const NAMES: [u16; 7] = [0, 1, 2, 4, 6, 16, 17];

/// The size of the header of a glyph: the number of its contours and its bounding box.
const GLYPH_HEADER: usize = 10;

/// Why no lean copy of a font could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeanError {
    /// The data is not an OpenType font, or a table that every font has is broken.
    #[error("the font cannot be read: {0}")]
    Unreadable(#[from] ttf_parser::FaceParsingError),
    /// A table reaches past the end of the data.
    #[error("the font is cut off: its `{0}` table is not complete")]
    CutOff(Tag),
    /// A table that a TrueType font has is missing or broken.
    #[error("the font has no usable `{0}` table")]
    Table(Tag),
    /// The outline of the glyph with this number is broken.
    #[error("the outline of glyph {0} is damaged")]
    Outline(usize),
}

/// Returns a smaller TrueType font that draws every character exactly as `font` does; see above how. Of a collection, the first font is taken.
///
/// # Errors
///
/// Fails if `font` is damaged or has no TrueType outlines.
pub fn lean(font: &[u8]) -> Result<Vec<u8>, LeanError> {
    let face = Face::parse(font, 0)?;
    let raw = face.raw_face();
    let (glyf, loca) = outlines(raw, usize::from(face.number_of_glyphs()))?;
    let mut glyf = Some(glyf);
    let mut loca = Some(loca);

    let mut tables: Vec<(Tag, Cow<[u8]>)> = Vec::new();
    for tag in raw.table_records.into_iter().map(|record| record.tag) {
        let data = raw.table(tag).ok_or(LeanError::CutOff(tag))?;
        let data: Cow<[u8]> = match &tag.to_bytes() {
            dropped if DROPPED.contains(&dropped) => continue,
            b"GDEF" => lookup::gdef(data)?,
            b"cmap" => lookup::cmap(&face, data),
            b"glyf" => glyf.take().unwrap_or_default().into(),
            b"head" => head(data)?.into(),
            b"loca" => loca.take().unwrap_or_default().into(),
            b"maxp" => maxp(data)?.into(),
            b"name" => name(data)?,
            b"post" => post(data)?.into(),
            _ => data.into(),
        };
        tables.push((tag, data));
    }
    tables.sort_by_key(|(tag, _)| *tag);
    Ok(assemble(&tables))
}

/// Returns the `glyf` table without instructions and the `loca` table for it, with long offsets.
fn outlines(raw: &RawFace, count: usize) -> Result<(Vec<u8>, Vec<u8>), LeanError> {
    let glyf = table(raw, *b"glyf")?;
    let loca = table(raw, *b"loca")?;
    let long = u16_at(table(raw, *b"head")?, 50).ok_or(broken(*b"head"))? != 0;
    let offset = |glyph: usize| {
        if long {
            u32_at(loca, 4 * glyph).map(|offset| offset as usize)
        } else {
            u16_at(loca, 2 * glyph).map(|half| 2 * usize::from(half))
        }
    };

    let mut new_glyf = Vec::with_capacity(glyf.len());
    let mut new_loca = Vec::with_capacity(4 * count + 4);
    new_loca.extend([0; 4]);
    for glyph in 0..count {
        let (start, end) = offset(glyph).zip(offset(glyph + 1)).ok_or(broken(*b"loca"))?;
        let data = glyf.get(start..end).ok_or(LeanError::Outline(glyph))?;
        push_outline(&mut new_glyf, data).ok_or(LeanError::Outline(glyph))?;
        new_loca.extend((new_glyf.len() as u32).to_be_bytes());
    }
    Ok((new_glyf, new_loca))
}

/// Appends the data of a glyph without its instructions to `out`, or gives nothing back if it is
/// damaged.
fn push_outline(out: &mut Vec<u8>, data: &[u8]) -> Option<()> {
    // A glyph without an outline, such as a space, has no data.
    if data.is_empty() {
        return Some(());
    }
    let from = out.len();
    if let Ok(contours) = usize::try_from(u16_at(data, 0)?.cast_signed()) {
        // The end of each contour, the length of the instructions, the instructions, the points.
        let length_at = GLYPH_HEADER + 2 * contours;
        let length = usize::from(u16_at(data, length_at)?);
        out.extend(data.get(..length_at)?);
        out.extend([0, 0]);
        out.extend(data.get(length_at + 2 + length..)?);
    } else {
        let (last, end) = last_component(data)?;
        out.extend(data.get(..end)?);
        put_u16(out, from + last, u16_at(data, last)? & !component::HAS_INSTRUCTIONS)?;
    }
    Some(())
}

/// Flags of the components of a composite glyph.
mod component {
    pub const HAS_WORDS: u16 = 0x0001;
    pub const HAS_SCALE: u16 = 0x0008;
    pub const IS_FOLLOWED: u16 = 0x0020;
    pub const HAS_TWO_SCALES: u16 = 0x0040;
    pub const HAS_MATRIX: u16 = 0x0080;
    /// Instructions follow the last component.
    pub const HAS_INSTRUCTIONS: u16 = 0x0100;
}

/// Returns where the last component of a composite glyph begins and ends.
fn last_component(data: &[u8]) -> Option<(usize, usize)> {
    let mut start = GLYPH_HEADER;
    loop {
        let flags = u16_at(data, start)?;
        let has = |flag| flags & flag != 0;
        let place = if has(component::HAS_WORDS) { 4 } else { 2 };
        let scale = match () {
            () if has(component::HAS_SCALE) => 2,
            () if has(component::HAS_TWO_SCALES) => 4,
            () if has(component::HAS_MATRIX) => 8,
            () => 0,
        };
        // The flags and the number of the glyph come first.
        let end = start + 4 + place + scale;
        if !has(component::IS_FOLLOWED) {
            return Some((start, end));
        }
        start = end;
    }
}

/// Returns the `head` table for long glyph offsets; its checksum is set at the end.
fn head(data: &[u8]) -> Result<Vec<u8>, LeanError> {
    let mut head = data.get(..54).ok_or(broken(*b"head"))?.to_vec();
    head[8..12].fill(0);
    head[50..52].copy_from_slice(&[0, 1]);
    Ok(head)
}

/// Returns the `maxp` table of a font without instructions.
fn maxp(data: &[u8]) -> Result<Vec<u8>, LeanError> {
    let mut maxp = data.get(..32).ok_or(broken(*b"maxp"))?.to_vec();
    maxp[14..16].copy_from_slice(&[0, 1]);
    maxp[16..28].fill(0);
    Ok(maxp)
}

/// Returns the `post` table without glyph names, which is version 3.
fn post(data: &[u8]) -> Result<Vec<u8>, LeanError> {
    let mut post = data.get(..32).ok_or(broken(*b"post"))?.to_vec();
    post[..4].copy_from_slice(&[0, 3, 0, 0]);
    Ok(post)
}

/// Returns the `name` table with only the [`NAMES`] for Windows; a font without a family name
/// there keeps its table.
fn name(data: &[u8]) -> Result<Cow<'_, [u8]>, LeanError> {
    let at = |at| u16_at(data, at).ok_or(broken(*b"name"));
    let strings = usize::from(at(4)?);
    let mut records = Vec::new();
    let mut storage: Vec<u8> = Vec::new();
    for record in (6..).step_by(12).take(usize::from(at(2)?)) {
        let (platform, encoding, language) = (at(record)?, at(record + 2)?, at(record + 4)?);
        let id = at(record + 6)?;
        if (platform, encoding) == (3, 1) && NAMES.contains(&id) {
            let (length, start) = (at(record + 8)?, strings + usize::from(at(record + 10)?));
            let text = data.get(start..start + usize::from(length)).ok_or(broken(*b"name"))?;
            let place = u16::try_from(storage.len()).map_err(|_| broken(*b"name"))?;
            records.push([platform, encoding, language, id, length, place]);
            storage.extend(text);
        }
    }
    if !records.iter().any(|record| record[3] == 1) {
        return Ok(data.into());
    }
    let count = records.len() as u16;
    let mut out = [0, count, 6 + 12 * count].map(u16::to_be_bytes).concat();
    out.extend(records.into_iter().flatten().flat_map(u16::to_be_bytes));
    out.extend(storage);
    Ok(out.into())
}

/// Returns the font file made of the given tables, which are in order.
fn assemble(tables: &[(Tag, Cow<[u8]>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = count.max(1).ilog2() as u16;
    let range = 16 << power;
    let mut out = vec![0, 1, 0, 0];
    out.extend([count, range, power, 16 * count - range].map(u16::to_be_bytes).concat());
    let mut start = 12 + 16 * tables.len();
    let mut checksum_at = None;
    for (tag, data) in tables {
        if *tag == Tag::from_bytes(b"head") {
            checksum_at = Some(start + 8);
        }
        out.extend(tag.to_bytes());
        let record = [checksum(data), start as u32, data.len() as u32];
        out.extend(record.map(u32::to_be_bytes).concat());
        start += data.len().next_multiple_of(4);
    }
    out.reserve(start - out.len());
    for (_, data) in tables {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(checksum(&out));
    if let Some(place) = checksum_at.and_then(|at| out.get_mut(at..at + 4)) {
        place.copy_from_slice(&adjustment.to_be_bytes());
    }
    out
}

/// Returns the sum of the big-endian words of `data`, filled up with zeros.
fn checksum(data: &[u8]) -> u32 {
    let (words, rest) = data.as_chunks();
    let mut last = [0; 4];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u32::from_be_bytes(*word));
    words.fold(0, u32::wrapping_add)
}

/// Returns the table with the given tag.
fn table<'a>(raw: &RawFace<'a>, tag: [u8; 4]) -> Result<&'a [u8], LeanError> {
    raw.table(Tag::from_bytes(&tag)).ok_or(broken(tag))
}

/// Returns the error for a missing or broken table.
fn broken(tag: [u8; 4]) -> LeanError {
    LeanError::Table(Tag::from_bytes(&tag))
}

/// Reads a big-endian number.
fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
}

/// Reads a big-endian number.
fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

/// Writes a big-endian number.
fn put_u16(data: &mut [u8], at: usize, value: u16) -> Option<()> {
    data.get_mut(at..at + 2)?.copy_from_slice(&value.to_be_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    const FONTS: [&str; 5] = [
        "LiberationSerif-Regular",
        "LiberationSerif-Bold",
        "LiberationSerif-Italic",
        "LiberationSerif-BoldItalic",
        "DejaVuSans",
    ];

    fn shipped(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/");
        std::fs::read(format!("{folder}{name}.ttf")).unwrap()
    }

    fn vietnamese_letters() -> Vec<char> {
        let tones = ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"];
        let vowels = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".chars();
        let toned = vowels.flat_map(|vowel| tones.map(|tone| format!("{vowel}{tone}")));
        let marked = toned.flat_map(|letter| letter.nfc().collect::<Vec<_>>());
        marked.chain("đĐ".chars()).filter(|letter| !letter.is_ascii()).collect()
    }

    /// The lines of an outline, as text.
    #[derive(Default)]
    struct Path(String);

    impl ttf_parser::OutlineBuilder for Path {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x},{y}");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x},{y}");
        }
        fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
            self.0 += &format!("Q{x1},{y1},{x},{y}");
        }
        fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
            self.0 += &format!("C{x1},{y1},{x2},{y2},{x},{y}");
        }
        fn close(&mut self) {
            self.0.push('Z');
        }
    }

    #[test]
    fn glyphs_are_the_same() {
        for font in FONTS.map(shipped) {
            let copy = lean(&font).unwrap();
            let full = Face::parse(&font, 0).unwrap();
            let copy = Face::parse(&copy, 0).unwrap();
            assert_eq!(vietnamese_letters().len(), 134);
            for c in vietnamese_letters() {
                assert!(copy.glyph_index(c).is_some(), "{c}");
            }
            // A list may give a character that no text has the glyph of those without one.
            let drawn = |face: &Face, c| face.glyph_index(c).filter(|glyph| glyph.0 > 0);
            for c in '\0'..=char::MAX {
                assert_eq!(drawn(&copy, c), drawn(&full, c), "{c}");
            }
            for glyph in (0..full.number_of_glyphs()).map(ttf_parser::GlyphId) {
                assert_eq!(full.glyph_hor_advance(glyph), copy.glyph_hor_advance(glyph));
                let [left, right] = [&full, &copy].map(|face| face.glyph_bounding_box(glyph));
                assert_eq!(left, right, "glyph {}", glyph.0);
                let [left, right] = [&full, &copy].map(|face| {
                    let mut path = Path::default();
                    face.outline_glyph(glyph, &mut path).map(|_| path.0)
                });
                assert_eq!(left, right, "glyph {}", glyph.0);
            }
        }
    }

    #[test]
    fn what_is_asked_for_every_character_is_found_soon() {
        for (name, font) in FONTS.map(|name| (name, shipped(name))) {
            let copy = lean(&font).unwrap();
            let [full, copy] = [&font, &copy].map(|font| Face::parse(font, 0).unwrap());
            let lists = copy.tables().cmap.unwrap().subtables;
            let all = lists.into_iter().find(|list| list.encoding_id == 10).unwrap();
            let is_groups = matches!(all.format, ttf_parser::cmap::Format::SegmentedCoverage(_));
            assert!(is_groups, "{name}");
            let gdef = table(copy.raw_face(), *b"GDEF").unwrap();
            let classes = usize::from(u16_at(gdef, 4).unwrap());
            // Signs of forms are few: that font keeps its ranges.
            let format = if name == "DejaVuSans" { 2 } else { 1 };
            assert_eq!(u16_at(gdef, classes), Some(format), "{name}");
            let [full, copy] = [full, copy].map(|face| face.tables().gdef.unwrap());
            for glyph in (0..=u16::MAX).map(ttf_parser::GlyphId) {
                assert_eq!(copy.glyph_class(glyph), full.glyph_class(glyph), "{name} {glyph:?}");
                let [left, right] =
                    [&copy, &full].map(|gdef| gdef.glyph_mark_attachment_class(glyph));
                assert_eq!(left, right, "{name} {glyph:?}");
            }
        }
    }

    #[test]
    fn instructions_are_gone() {
        for font in FONTS.map(shipped) {
            let copy = lean(&font).unwrap();
            assert!(copy.len() < font.len() * 4 / 5);
            let face = Face::parse(&copy, 0).unwrap();
            for tag in DROPPED {
                assert_eq!(face.raw_face().table(Tag::from_bytes(tag)), None);
            }
            // Nothing is left to take away.
            assert_eq!(lean(&copy).unwrap(), copy);
        }
    }

    #[test]
    fn damaged_fonts_are_refused() {
        let font = shipped(FONTS[0]);
        let records = Face::parse(&font, 0).unwrap().raw_face().table_records;
        let ends = records.into_iter().map(|r| (r.offset + r.length) as usize);
        let end = ends.max().unwrap();
        for length in (0..end).step_by(2999).chain(0..300).chain([end - 1]) {
            assert!(lean(&font[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn changed_bytes_cause_no_panic() {
        let mut font = shipped(FONTS[0]);
        for at in (0..font.len()).step_by(7993).chain((0..300).step_by(3)) {
            font[at] ^= 0xFF;
            let _ = lean(&font);
            font[at] ^= 0xFF;
        }
    }
}
