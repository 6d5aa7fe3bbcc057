use super::{Block, Chart, Document, Inline, Item, Note, Orientation};

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

/// Takes the notes out of body and annexes.
pub fn drop_notes(document: &mut Document) {
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
