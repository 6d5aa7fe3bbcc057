use super::writer::Writer;
use crate::block::{Inline, Note, plain_text, tick};

/// A run of characters without a space that is longer than this may be broken, so
/// that it stays on the page.
const LONGEST_WORD: usize = 40;
/// How many characters of such a run stay together.
const PIECE: usize = 8;
/// A line to be filled with more characters than this may not fit on one line of
/// paper: its dots have a length of their own.
const ONE_LINE: usize = 64;

/// Words, with places where an overlong one may be broken.
pub(super) fn words(writer: &mut Writer, text: &str) {
    let long = |word: &str| word.len() > LONGEST_WORD && word.chars().count() > LONGEST_WORD;
    if text.len() <= LONGEST_WORD || !text.split(' ').any(long) {
        writer.text(text);
        return;
    }
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            writer.text(" ");
        }
        if !long(word) {
            writer.text(word);
            continue;
        }
        let mut rest = word;
        while let Some((end, _)) = rest.char_indices().nth(PIECE) {
            writer.text(&rest[..end]);
            writer.empty("wbr", &[]);
            rest = &rest[end..];
        }
        writer.text(rest);
    }
}

/// A paragraph of a class, `""` for none, with something before its words.
pub(super) fn paragraph(writer: &mut Writer, class: &str, before: &[Inline], line: &[Inline]) {
    let filled = has_fill(line);
    let class = match (class, filled) {
        ("", true) => "lines",
        (class, _) => class,
    };
    if class.is_empty() {
        writer.open("p", &[]);
    } else {
        writer.open("p", &[("class", class)]);
    }
    if filled {
        let all: Vec<Inline> = before.iter().chain(line).cloned().collect();
        filled_lines(writer, &all);
    } else {
        inlines(writer, before);
        inlines(writer, line);
    }
    writer.close();
}

/// The pieces of a line of text, one after the other.
pub(super) fn inlines(writer: &mut Writer, line: &[Inline]) {
    for inline in line {
        match inline {
            Inline::Text(text) => words(writer, text),
            Inline::Strong(inner) => {
                writer.open("strong", &[]);
                inlines(writer, inner);
                writer.close_inline();
            }
            Inline::Emphasis(inner) => {
                writer.open("em", &[]);
                inlines(writer, inner);
                writer.close_inline();
            }
            Inline::Blank(width) => {
                let width = format!("width:{}em", f32::from(*width) / 2.0);
                writer.open("span", &[("class", "blank"), ("style", &width)]);
                writer.text(" ");
                writer.close_inline();
            }
            Inline::Fill => fill(writer),
            Inline::Break => writer.line_end(),
            Inline::Tick(on) => tick_box(writer, *on),
            Inline::Note(note) => reference(writer, note),
        }
    }
}

/// A box with a name for those who hear it.
fn tick_box(writer: &mut Writer, on: bool) {
    let name = if on { "ô đã đánh dấu" } else { "ô chưa đánh dấu" };
    writer.open("span", &[("class", "tick"), ("role", "img"), ("aria-label", name)]);
    writer.text(tick(on).encode_utf8(&mut [0; 4]));
    writer.close_inline();
}

/// The number of a note in the text; it leads to the note, and back.
fn reference(writer: &mut Writer, note: &Note) {
    let (id, target) = (format!("ghi-chu-{}-o", note.label), format!("#ghi-chu-{}", note.label));
    writer.open("sup", &[]);
    writer.open("a", &[("id", &id), ("href", &target), ("role", "doc-noteref")]);
    writer.text(&note.label);
    writer.close_inline();
    writer.close_inline();
}

/// The notes of a body or an annex, at its end: on a page without end there is no
/// foot.
pub(super) fn note_list(writer: &mut Writer, notes: &[&Note]) {
    if notes.is_empty() {
        return;
    }
    writer.open("div", &[("class", "notes"), ("role", "doc-endnotes"), ("aria-label", "Ghi chú")]);
    writer.raw("\n");
    for note in notes {
        let (id, target) =
            (format!("ghi-chu-{}", note.label), format!("#ghi-chu-{}-o", note.label));
        writer.open("p", &[("id", &id)]);
        writer.open("sup", &[]);
        writer.open("a", &[("href", &target), ("role", "doc-backlink")]);
        writer.text(&note.label);
        writer.close_inline();
        writer.close_inline();
        writer.text(" ");
        inlines(writer, &note.content);
        writer.close();
    }
    writer.close();
}

/// Dots; the style sheet gives them their length.
fn fill(writer: &mut Writer) {
    writer.open("span", &[("class", "fill")]);
    writer.text(&plain_text(&[Inline::Fill]));
    writer.close_inline();
}

fn has_fill(line: &[Inline]) -> bool {
    line.iter().any(|inline| match inline {
        Inline::Fill => true,
        Inline::Strong(inner) | Inline::Emphasis(inner) => has_fill(inner),
        Inline::Text(_) | Inline::Blank(_) | Inline::Break | Inline::Tick(_) | Inline::Note(_) => {
            false
        }
    })
}

/// Lines of which some are filled with dots to their end.
fn filled_lines(writer: &mut Writer, text: &[Inline]) {
    for (at, line) in text.split(|inline| *inline == Inline::Break).enumerate() {
        if at > 0 {
            writer.text(" ");
        }
        let last = line.iter().rposition(|inline| *inline == Inline::Fill);
        let after = plain_text(&line[last.map_or(line.len(), |last| last + 1)..]);
        let short = plain_text(line).chars().count() <= ONE_LINE;
        let class = match last {
            Some(_) if after.is_empty() => "line tail",
            Some(_) if !after.contains(' ') => "line tail closed",
            Some(_) if short => "line between",
            _ => "line",
        };
        writer.open("span", &[("class", class)]);
        for (at, part) in line.split(|inline| *inline == Inline::Fill).enumerate() {
            if at > 0 {
                fill(writer);
            }
            if !part.is_empty() {
                writer.open("span", &[]);
                inlines(writer, part);
                writer.close_inline();
            }
        }
        writer.close_inline();
    }
}
