use std::sync::LazyLock;

use ttf_parser::Face;

use crate::block::Inline;
use crate::catalog::FontSet;

/// A weight and slant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub bold: bool,
    pub italic: bool,
}

/// Bold, upright.
pub(super) const BOLD: Look = Look { bold: true, italic: false };
/// Italic, not bold.
pub(super) const ITALIC: Look = Look { bold: false, italic: true };
/// Upright, not bold.
pub(super) const REGULAR: Look = Look { bold: false, italic: false };

/// The first character whose width is not remembered: everything Vietnamese stands
/// before it.
const END: usize = 0x2100;

/// The widths of characters in em, for the four styles of Times New Roman: the
/// shipped fonts have the same.
static WIDTHS: LazyLock<[Vec<f32>; 4]> = LazyLock::new(|| {
    let fonts = FontSet::shipped();
    let names = ["Regular", "Bold", "Italic", "BoldItalic"];
    names.map(|style| {
        let name = format!("LiberationSerif-{style}.ttf");
        let file = fonts.files().iter().find(|file| file.name == name);
        let face = file.and_then(|file| Face::parse(&file.bytes, 0).ok());
        let face = face.expect("the shipped fonts are there and can be read");
        let em = f32::from(face.units_per_em());
        let width = |code: u32| {
            let glyph = char::from_u32(code).and_then(|character| face.glyph_index(character));
            let advance = glyph.and_then(|glyph| face.glyph_hor_advance(glyph));
            advance.map_or(UNKNOWN, |advance| f32::from(advance) / em)
        };
        (0..u32::try_from(END).unwrap_or_default()).map(width).collect()
    })
});

/// The width in em of a character that is not in the table.
const UNKNOWN: f32 = 0.9;

/// The width of words on one line, in points.
pub(super) fn width(text: &str, size: f64, look: Look) -> f64 {
    let table = &WIDTHS[usize::from(look.bold) + 2 * usize::from(look.italic)];
    let of = |character: char| table.get(character as usize).copied().unwrap_or(UNKNOWN);
    f64::from(text.chars().map(of).sum::<f32>()) * size
}

/// The width of the longest of some lines, in points.
pub(super) fn longest<'a>(
    lines: impl IntoIterator<Item = &'a String>,
    size: f64,
    look: Look,
) -> f64 {
    lines.into_iter().map(|line| width(line, size, look)).fold(0.0, f64::max)
}

/// The widths of the lines, in points, into which words are broken that have so much
/// room.
pub(super) fn broken(text: &str, size: f64, look: Look, room: f64) -> Vec<f64> {
    let space = width(" ", size, look);
    let mut lines = vec![0.0];
    for word in text.split(' ') {
        let word = width(word, size, look);
        match lines.last_mut() {
            Some(used) if *used == 0.0 => *used = word,
            Some(used) if *used + space + word <= room => *used += space + word,
            _ => lines.push(word),
        }
    }
    lines
}

/// The width of the longest line, in points, when lines are broken so.
pub(super) fn wrapped<'a>(
    lines: impl IntoIterator<Item = &'a String>,
    size: f64,
    look: Look,
    room: f64,
) -> f64 {
    let widths = lines.into_iter().flat_map(|line| broken(line, size, look, room));
    widths.fold(0.0, f64::max)
}

/// A digit's width in em: blanks are given in digits.
const DIGIT: f64 = 0.5;

/// The width of a box to be ticked, in em.
const TICK: f64 = 0.9;
/// The size of a note's number in the text.
const NOTE: f64 = 0.65;

/// The widths of the lines of a text that is broken only where it says so, in
/// points. Dots to the end of a line are taken as nothing.
pub(super) fn line_widths(line: &[Inline], size: f64, look: Look) -> Vec<f64> {
    let mut widths = vec![0.0];
    add_widths(line, size, look, &mut widths);
    widths
}

fn add_widths(line: &[Inline], size: f64, look: Look, widths: &mut Vec<f64>) {
    for inline in line {
        let more = match inline {
            Inline::Text(text) => width(text, size, look),
            Inline::Strong(inner) => {
                add_widths(inner, size, Look { bold: true, ..look }, widths);
                continue;
            }
            Inline::Emphasis(inner) => {
                add_widths(inner, size, Look { italic: true, ..look }, widths);
                continue;
            }
            Inline::Blank(digits) => f64::from(*digits) * DIGIT * size,
            Inline::Fill => 0.0,
            Inline::Tick(_) => TICK * size,
            Inline::Note(note) => width(&note.label, size, look) * NOTE,
            Inline::Break => {
                widths.push(0.0);
                continue;
            }
        };
        if let Some(last) = widths.last_mut() {
            *last += more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_lines_have_their_widths_in_times() {
        // In millimetres, as a header set in Times New Roman measures.
        let in_mm = |text, size, look| width(text, size, look) / super::super::units::MM;
        let close = |one: f64, other: f64| (one - other).abs() < 0.1;
        assert!(close(in_mm("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13.0, BOLD), 95.7));
        assert!(close(in_mm("Độc lập - Tự do - Hạnh phúc", 14.0, BOLD), 60.5));
        assert!(close(in_mm("Hà Nội, ngày 05 tháng 01 năm 2020", 14.0, ITALIC), 72.2));
    }

    #[test]
    fn the_longest_line_of_broken_words_is_measured() {
        let lines = ["mười mười mười".to_owned()];
        let word = width("mười", 14.0, REGULAR);
        let two = 2.0 * word + width(" ", 14.0, REGULAR);
        assert!((wrapped(&lines, 14.0, REGULAR, two + 1.0) - two).abs() < 1e-3);
        assert!((wrapped(&lines, 14.0, REGULAR, word / 2.0) - word).abs() < 1e-3);
    }
}
