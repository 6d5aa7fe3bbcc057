use super::{Block, Chart, Document, Inline, Item, Orientation};

/// Calls `see` with every run of text of body and annexes, in reading order:
/// titles, leads, paragraphs, items and cells.
pub fn paragraphs<'a>(document: &'a Document, see: &mut dyn FnMut(&'a [Inline])) {
    blocks(&document.body, see);
    for annex in &document.annexes {
        blocks(&annex.content, see);
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
    charts_of(&document.body, Orientation::Portrait, &mut found);
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
            Block::Paragraph(_) | Block::Centered(_) | Block::Table(_) => {}
        }
    }
}
