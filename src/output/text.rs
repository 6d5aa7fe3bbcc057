use unicode_normalization::UnicodeNormalization;

use crate::block::{
    Annex, Block, Cell, Chart, Document, Envelope, Header, Heading, Inline, Item, MOTTO, NATION,
    Note, RecipientLine, Signature, TitleStyle, canonical_text, document_notes, notes,
};
use crate::viet::upper;

/// The document as plain text, in a form that is the same for two documents that say
/// the same, so that they can be compared line by line.
///
/// A line is a paragraph, an item, or a row with its cells separated by tabs; the parts
/// stand in reading order with one empty line between them. There are no page numbers
/// and no spaces at line ends; all blanks are of one width, all spaces plain, all
/// letters composed (NFC).
pub fn text(document: &Document) -> String {
    let mut lines = Vec::new();
    if document.detached {
        lines.extend(document.signing.clone());
    } else {
        header(document, true, &mut lines);
        opening(&document.envelope, &mut lines);
        blocks(&document.body, &mut lines);
        lines.push(String::new());
        closing(&document.envelope, &mut lines);
        note_lines(document_notes(document), &mut lines);
    }
    for (at, annex) in document.annexes.iter().enumerate() {
        lines.push(String::new());
        annex_lines(document, at, annex, &mut lines);
    }
    joined(&lines)
}

/// Lines as text: spaces plain and none at the end, never two empty lines in a row.
fn joined(lines: &[String]) -> String {
    let mut out = String::new();
    let mut gap = false;
    for line in lines {
        let plain = |c: char| if c.is_whitespace() && c != '\t' { ' ' } else { c };
        let line: String = line.nfc().map(plain).collect();
        let line = line.trim_end();
        if line.is_empty() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('\n');
            gap = false;
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Agency names, Quốc hiệu and Tiêu ngữ; of a whole document also its number and
/// date.
fn header(document: &Document, whole: bool, lines: &mut Vec<String>) {
    let envelope = &document.envelope;
    if whole {
        lines.extend(envelope.form.clone());
    }
    match envelope.header {
        Header::Beside => {}
        Header::Centered => {
            photo(envelope, lines);
            return centered_header(envelope, lines);
        }
        Header::None => return photo(envelope, lines),
    }
    let issuer = &envelope.issuer;
    let marks = |notes: &[Inline]| if whole { canonical_text(notes) } else { String::new() };
    lines.extend(noted(&issuer.superior, &marks(&issuer.superior_notes)));
    lines.extend(noted(&issuer.name, &marks(&issuer.name_notes)));
    lines.push(NATION.to_owned());
    lines.push(MOTTO.to_owned());
    if !whole {
        return;
    }
    if !envelope.unnumbered {
        lines.push(canonical_text(&envelope.number_line()));
    }
    if !envelope.undated {
        lines.push(canonical_text(&envelope.place_date_line()));
    }
    lines.extend(envelope.marks.urgency.map(|urgency| urgency.text().to_owned()));
    lines.extend(envelope.marks.in_margin().into_iter().map(str::to_owned));
    photo(envelope, lines);
}

/// Lines, the last with the marks of its notes.
fn noted(lines: &[String], marks: &str) -> Vec<String> {
    let mut lines = lines.to_vec();
    if let Some(last) = lines.last_mut() {
        last.push_str(marks);
    }
    lines
}

/// The words in the frame for a photograph.
fn photo(envelope: &Envelope, lines: &mut Vec<String>) {
    lines.extend(envelope.photo.iter().map(|photo| canonical_text(&photo.words)));
}

/// Quốc hiệu and Tiêu ngữ in the middle of the page, place and date below.
fn centered_header(envelope: &Envelope, lines: &mut Vec<String>) {
    lines.push(NATION.to_owned());
    lines.push(MOTTO.to_owned());
    if !envelope.undated {
        lines.push(canonical_text(&envelope.place_date_line()));
    }
}

/// From the kind to the legal bases.
fn opening(envelope: &Envelope, lines: &mut Vec<String>) {
    lines.push(String::new());
    if envelope.heading == Heading::Named {
        lines.push(upper(&envelope.kind.name));
    }
    let mut subject = envelope.subject.clone();
    if let Some(first) = subject.first_mut() {
        first.insert_str(0, envelope.about());
    }
    lines.extend(subject);
    lines.push(String::new());
    if let Some(addressees) = &envelope.addressees {
        let lines_of = noted(&addressees.lines(), &canonical_text(&addressees.notes));
        match lines_of.as_slice() {
            [one] => lines.push(format!("{}: {one}", addressees.lead)),
            several => {
                lines.push(format!("{}:", addressees.lead));
                lines.extend(several.iter().map(|name| format!("- {name}")));
            }
        }
        lines.push(String::new());
    }
    if let Some(enacting) = &envelope.enacting {
        lines.extend(enacting.authority.iter().cloned());
    }
    lines.extend(envelope.bases.iter().map(|basis| canonical_text(basis)));
    if let Some(enacting) = &envelope.enacting {
        lines.push(format!("{}:", enacting.words));
    }
}

fn closing(envelope: &Envelope, lines: &mut Vec<String>) {
    if envelope.recipients.is_some() {
        lines.push("Nơi nhận:".to_owned());
    }
    for line in envelope.recipient_lines() {
        lines.push(match line {
            RecipientLine::Group(text) => text,
            RecipientLine::Entry(text) => format!("- {text}"),
        });
    }
    envelope.signatures().for_each(|signature| signature_lines(signature, lines));
    if let Some(confirmation) = &envelope.confirmation {
        lines.push(String::new());
        lines.push(confirmation.words.clone());
        lines.extend(confirmation.name.clone());
    }
    if !envelope.contact.is_empty() {
        lines.push(String::new());
        lines.extend(envelope.contact.iter().cloned());
    }
}

fn signature_lines(signature: &Signature, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.extend(signature.title_lines());
    lines.extend(signature.hint.clone());
    lines.extend(signature.other_title.clone());
    lines.extend(signature.name.clone());
}

fn annex_lines(document: &Document, at: usize, annex: &Annex, lines: &mut Vec<String>) {
    if let Some(kind) = &annex.kind {
        header(document, false, lines);
        lines.push(String::new());
        lines.push(upper(&kind.name));
    } else {
        lines.push(document.annex_label(at));
    }
    lines.extend(annex.title.iter().cloned());
    lines.push(canonical_text(&document.annex_reference()));
    lines.push(String::new());
    blocks(&annex.content, lines);
    note_lines(notes(&annex.content), lines);
}

/// The notes of a body or an annex, each after its number.
fn note_lines(notes: Vec<&Note>, lines: &mut Vec<String>) {
    if !notes.is_empty() {
        lines.push(String::new());
    }
    let line = |note: &Note| format!("{} {}", note.label, canonical_text(&note.content));
    lines.extend(notes.into_iter().map(line));
}

fn blocks(list: &[Block], lines: &mut Vec<String>) {
    for block in list {
        match block {
            Block::Section(section) => {
                let title = canonical_text(&section.title);
                let lead = canonical_text(&section.lead);
                if title.is_empty() {
                    lines.push(format!("{} {lead}", section.label));
                } else {
                    if section.style == TitleStyle::Centered {
                        lines.push(section.label.clone());
                        lines.push(title);
                    } else {
                        lines.push(format!("{} {title}", section.label));
                    }
                    lines.extend((!lead.is_empty()).then_some(lead));
                }
                blocks(&section.content, lines);
            }
            Block::Paragraph(line) | Block::Centered(line) => lines.push(canonical_text(line)),
            Block::List(items) => items.iter().for_each(|item| item_lines(item, lines)),
            Block::Table(table) => {
                let caption = canonical_text(&table.caption);
                lines.extend((!caption.is_empty()).then_some(caption));
                lines.extend(table.header.iter().chain(&table.rows).map(|row| row_line(row)));
            }
            Block::Chart(chart) => {
                chart_lines(chart, lines);
            }
            Block::Signatures(rows) => {
                rows.iter().flatten().for_each(|signature| signature_lines(signature, lines));
                lines.push(String::new());
            }
            Block::Photo(photo) => {
                let words = canonical_text(&photo.words);
                lines.extend((!words.is_empty()).then_some(words));
            }
        }
    }
}

/// What is heard of a chart in formats that draw it; nothing, where there is nothing
/// to draw.
fn chart_lines(chart: &Chart, lines: &mut Vec<String>) {
    if chart.period().is_none() {
        return;
    }
    let caption = canonical_text(&chart.caption);
    lines.extend((!caption.is_empty()).then_some(caption));
    lines.push(chart.sentence());
    for (at, bar) in chart.bars.iter().enumerate() {
        let mark = if at + 1 == chart.bars.len() { '.' } else { ';' };
        lines.push(format!("{}{mark}", bar.words()));
    }
}

fn item_lines(item: &Item, lines: &mut Vec<String>) {
    lines.push(format!("{} {}", item.marker.sign(), canonical_text(&item.content)));
    blocks(&item.children, lines);
}

fn row_line(row: &[Cell]) -> String {
    // Tabs stand between cells alone.
    let words = |cell: &Cell| canonical_text(&cell.content).replace('\t', " ");
    row.iter().map(words).collect::<Vec<_>>().join("\t")
}
