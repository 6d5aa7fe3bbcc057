use super::{Block, Chart, Document, Envelope, Inline, Item, Note, Orientation};

/// Calls `see` with every run of text of body and annexes, in reading order:
/// titles, leads, paragraphs, items, cells, and notes after the text that they
/// belong to.
pub fn paragraphs<'a>(document: &'a Document, see: &mut dyn FnMut(&'a [Inline])) {
    let mut with_notes = |line: &'a [Inline]| {
        see(line);
        notes_of(line, &mut |note| see(&note.content));
    };
    blocks(&document.body, &mut with_notes);
    for annex in &document.annexes {
        blocks(&annex.content, &mut with_notes);
    }
}

/// Calls `see` with every line of the envelope in which notes can stand, in reading
/// order: all are above the body.
fn envelope_lines<'a>(envelope: &'a Envelope, see: &mut dyn FnMut(&'a [Inline])) {
    let issuer = &envelope.issuer;
    see(&issuer.superior_notes);
    see(&issuer.name_notes);
    let own = envelope.own_number_line.iter().chain(&envelope.own_place_date);
    own.for_each(|line| see(line));
    envelope.addressees.iter().for_each(|addressees| see(&addressees.notes));
    envelope.bases.iter().for_each(|line| see(line));
}

fn envelope_lines_mut(envelope: &mut Envelope, change: &mut dyn FnMut(&mut Vec<Inline>)) {
    let issuer = &mut envelope.issuer;
    change(&mut issuer.superior_notes);
    change(&mut issuer.name_notes);
    let own = envelope.own_number_line.iter_mut().chain(&mut envelope.own_place_date);
    own.for_each(&mut *change);
    envelope.addressees.iter_mut().for_each(|addressees| change(&mut addressees.notes));
    envelope.bases.iter_mut().for_each(change);
}

/// The notes of the envelope, in reading order.
pub fn envelope_notes(envelope: &Envelope) -> Vec<&Note> {
    let mut found = Vec::new();
    envelope_lines(envelope, &mut |line| notes_of(line, &mut |note| found.push(note)));
    found
}

/// The notes of envelope and body, in reading order.
pub fn document_notes(document: &Document) -> Vec<&Note> {
    let mut found = envelope_notes(&document.envelope);
    found.extend(notes(&document.body));
    found
}

/// The notes of a body or an annex, in reading order.
pub fn notes(content: &[Block]) -> Vec<&Note> {
    let mut notes = Vec::new();
    blocks(content, &mut |line| notes_of(line, &mut |note| notes.push(note)));
    notes
}

fn notes_of<'a>(line: &'a [Inline], see: &mut dyn FnMut(&'a Note)) {
    for inline in line {
        match inline {
            Inline::Note(note) => see(note),
            Inline::Strong(inner) | Inline::Emphasis(inner) => notes_of(inner, see),
            Inline::Text(_) | Inline::Blank(_) | Inline::Fill | Inline::Break | Inline::Tick(_) => {
            }
        }
    }
}

fn blocks<'a>(list: &'a [Block], see: &mut dyn FnMut(&'a [Inline])) {
    for block in list {
        match block {
            Block::Section(section) => {
                see(&section.title);
                see(&section.lead);
                blocks(&section.content, see);
            }
            Block::Paragraph(line) | Block::Centered(line) => see(line),
            Block::List(list) => list.iter().for_each(|item| item_text(item, see)),
            Block::Table(table) => {
                see(&table.caption);
                for cell in table.header.iter().chain(&table.rows).flatten() {
                    see(&cell.content);
                }
            }
            Block::Chart(chart) => {
                see(&chart.caption);
                chart.bars.iter().for_each(|bar| see(&bar.label));
            }
            Block::Photo(photo) => see(&photo.words),
            Block::Signatures(_) => {}
        }
    }
}

fn item_text<'a>(item: &'a Item, see: &mut dyn FnMut(&'a [Inline])) {
    see(&item.content);
    blocks(&item.children, see);
}

/// The charts of body and annexes, in reading order, each with the orientation of
/// the pages on which it stands.
pub fn charts(document: &Document) -> Vec<(&Chart, Orientation)> {
    let mut found = Vec::new();
    charts_of(&document.body, document.settings.orientation, &mut found);
    for annex in &document.annexes {
        charts_of(&annex.content, annex.orientation, &mut found);
    }
    found
}

fn charts_of<'a>(
    list: &'a [Block],
    orientation: Orientation,
    found: &mut Vec<(&'a Chart, Orientation)>,
) {
    for block in list {
        match block {
            Block::Section(section) => charts_of(&section.content, orientation, found),
            Block::List(items) => {
                for item in items {
                    charts_of(&item.children, orientation, found);
                }
            }
            Block::Chart(chart) => found.push((chart, orientation)),
            Block::Paragraph(_)
            | Block::Centered(_)
            | Block::Table(_)
            | Block::Photo(_)
            | Block::Signatures(_) => {}
        }
    }
}

/// Takes the notes out of the document.
pub fn drop_notes(document: &mut Document) {
    envelope_lines_mut(&mut document.envelope, &mut |line| without_notes(line));
    paragraphs_mut(document, &mut |line| without_notes(line));
}

fn without_notes(line: &mut Vec<Inline>) {
    line.retain(|inline| !matches!(inline, Inline::Note(_)));
    for inline in line {
        if let Inline::Strong(inner) | Inline::Emphasis(inner) = inline {
            without_notes(inner);
        }
    }
}

/// Calls `change` with every line in which notes can stand, in reading order.
pub(super) fn noted_lines_mut(document: &mut Document, change: &mut dyn FnMut(&mut Vec<Inline>)) {
    envelope_lines_mut(&mut document.envelope, change);
    paragraphs_mut(document, change);
}

/// Calls `change` with every run of text of body and annexes but those of notes,
/// in the order of [`paragraphs`].
pub(super) fn paragraphs_mut(document: &mut Document, change: &mut dyn FnMut(&mut Vec<Inline>)) {
    blocks_mut(&mut document.body, change);
    for annex in &mut document.annexes {
        blocks_mut(&mut annex.content, change);
    }
}

fn blocks_mut(list: &mut [Block], change: &mut dyn FnMut(&mut Vec<Inline>)) {
    for block in list {
        match block {
            Block::Section(section) => {
                change(&mut section.title);
                change(&mut section.lead);
                blocks_mut(&mut section.content, change);
            }
            Block::Paragraph(line) | Block::Centered(line) => change(line),
            Block::List(items) => {
                for item in items {
                    change(&mut item.content);
                    blocks_mut(&mut item.children, change);
                }
            }
            Block::Table(table) => {
                change(&mut table.caption);
                for cell in table.header.iter_mut().chain(&mut table.rows).flatten() {
                    change(&mut cell.content);
                }
            }
            Block::Chart(chart) => {
                change(&mut chart.caption);
                chart.bars.iter_mut().for_each(|bar| change(&mut bar.label));
            }
            Block::Photo(photo) => change(&mut photo.words),
            Block::Signatures(_) => {}
        }
    }
}
