use crate::block::{Annex, Block, Cell, Document, Item, RecipientLine, plain_text};
use crate::viet::upper;

/// The document as plain text: one paragraph a line, the parts in reading
/// order, table cells separated by tabs.
///
/// The text has the words of every other format and nothing else, so that two
/// plans can be compared line by line.
pub fn text(document: &Document) -> String {
    let mut lines = Vec::new();
    let envelope = &document.envelope;
    lines.extend(envelope.issuer.superior.iter().cloned());
    lines.extend(envelope.issuer.name.iter().cloned());
    lines.push("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".to_owned());
    lines.push("Độc lập - Tự do - Hạnh phúc".to_owned());
    lines.push(plain_text(&envelope.number_line()));
    lines.push(plain_text(&envelope.place_date_line()));
    lines.extend(envelope.marks.urgency.map(|urgency| urgency.text().to_owned()));
    lines.extend(envelope.marks.draft.then(|| "DỰ THẢO".to_owned()));
    lines.extend(envelope.marks.circulation.clone());
    lines.push(String::new());
    lines.push(upper(&envelope.kind.name));
    lines.extend(envelope.subject.iter().cloned());
    lines.push(String::new());
    lines.extend(envelope.bases.iter().map(|basis| plain_text(basis)));
    blocks(&document.body, &mut lines);
    lines.push(String::new());
    closing(document, &mut lines);
    for (at, annex) in document.annexes.iter().enumerate() {
        lines.push(String::new());
        annex_lines(document, at, annex, &mut lines);
    }
    lines.push(String::new());
    lines.join("\n")
}

fn closing(document: &Document, lines: &mut Vec<String>) {
    let envelope = &document.envelope;
    lines.push("Nơi nhận:".to_owned());
    for line in envelope.recipients.lines() {
        lines.push(match line {
            RecipientLine::Group(text) => text,
            RecipientLine::Entry(text) => format!("- {text}"),
        });
    }
    lines.push(String::new());
    lines.extend(envelope.signature.title_lines());
    lines.extend(envelope.signature.other_title.clone());
    lines.extend(envelope.signature.name.clone());
}

fn annex_lines(document: &Document, at: usize, annex: &Annex, lines: &mut Vec<String>) {
    lines.push(document.annex_label(at));
    lines.extend(annex.title.iter().cloned());
    lines.push(plain_text(&document.annex_reference()));
    lines.push(String::new());
    blocks(&annex.content, lines);
}

fn blocks(list: &[Block], lines: &mut Vec<String>) {
    for block in list {
        match block {
            Block::Section(section) => {
                let title = plain_text(&section.title);
                let lead = plain_text(&section.lead);
                if title.is_empty() {
                    lines.push(format!("{} {lead}", section.label));
                } else {
                    lines.push(format!("{} {title}", section.label));
                    lines.extend((!lead.is_empty()).then_some(lead));
                }
                blocks(&section.content, lines);
            }
            Block::Paragraph(line) => lines.push(plain_text(line)),
            Block::List(items) => items.iter().for_each(|item| item_lines(item, lines)),
            Block::Table(table) => {
                let caption = plain_text(&table.caption);
                lines.extend((!caption.is_empty()).then_some(caption));
                lines.extend(table.header.iter().chain(&table.rows).map(|row| row_line(row)));
            }
        }
    }
}

fn item_lines(item: &Item, lines: &mut Vec<String>) {
    lines.push(format!("{} {}", item.marker.sign(), plain_text(&item.content)));
    blocks(&item.children, lines);
}

fn row_line(row: &[Cell]) -> String {
    let cells: Vec<String> = row.iter().map(|cell| plain_text(&cell.content)).collect();
    cells.join("\t").trim_end().to_owned()
}
