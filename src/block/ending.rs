use super::{Block, Document, Header, Inline};

/// The mark that ends a body (PL3, all forms).
const END: &str = "./.";

/// Puts the closing marks: `;` after every legal basis and `.` after the last
/// (PL1-II.6.a), `./.` once at the very end of the body and of each annex that
/// ends with text.
///
/// The forms of sector decrees say themselves how their lines end, and the papers of
/// citizens, which have no agency in their header, end without a mark.
pub fn finish(document: &mut Document) {
    let envelope = &document.envelope;
    if envelope.form.is_some() || envelope.header == Header::Centered || envelope.unmarked {
        return;
    }
    let last = document.envelope.bases.len().saturating_sub(1);
    for (at, basis) in document.envelope.bases.iter_mut().enumerate() {
        close(basis, if at == last { "." } else { ";" });
    }
    if end_blocks(&mut document.body) == Ended::No && !document.detached {
        document.body.push(Block::Paragraph(vec![Inline::text(END)]));
    }
    for annex in &mut document.annexes {
        end_blocks(&mut annex.content);
    }
}

#[derive(PartialEq, Eq)]
enum Ended {
    Yes,
    No,
}

fn end_blocks(blocks: &mut [Block]) -> Ended {
    // Those who sign stand below the text, which ends before them.
    let last = blocks.iter_mut().rfind(|block| !matches!(block, Block::Signatures(_)));
    match last {
        Some(Block::Paragraph(line) | Block::Centered(line)) => {
            close(line, END);
            Ended::Yes
        }
        Some(Block::List(items)) => match items.last_mut() {
            Some(item) if item.children.is_empty() => {
                close(&mut item.content, END);
                Ended::Yes
            }
            Some(item) => end_blocks(&mut item.children),
            None => Ended::No,
        },
        Some(Block::Section(section)) => {
            if !section.content.is_empty() {
                end_blocks(&mut section.content)
            } else if !section.lead.is_empty() {
                close(&mut section.lead, END);
                Ended::Yes
            } else {
                Ended::No
            }
        }
        Some(Block::Table(_) | Block::Chart(_) | Block::Photo(_) | Block::Signatures(_)) | None => {
            Ended::No
        }
    }
}

/// Replaces whatever closes the line by `mark`. Notes at its end stay with the
/// words before it.
fn close(line: &mut Vec<Inline>, mark: &str) {
    open(line);
    match line.last_mut() {
        Some(Inline::Text(text)) => text.push_str(mark),
        _ => line.push(Inline::text(mark)),
    }
}

/// Takes off whatever closes the line.
fn open(line: &mut [Inline]) {
    let last = line.iter_mut().rev().find(|inline| !matches!(inline, Inline::Note(_)));
    match last {
        Some(Inline::Text(text)) => {
            let kept = text.trim_end_matches(['.', ',', ';', '/', ' ', '\u{a0}']).len();
            let kept = kept + dots(&text[kept..]);
            text.truncate(kept);
        }
        Some(Inline::Strong(inner) | Inline::Emphasis(inner)) => open(inner),
        _ => {}
    }
}

/// How much of what closes a line is an ellipsis or dots to be written on.
fn dots(closing: &str) -> usize {
    let rest = closing.trim_start_matches([' ', '\u{a0}']);
    let count = rest.bytes().take_while(|byte| *byte == b'.').count();
    if count >= 3 { closing.len() - rest.len() + count } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::super::{Note, plain_text};
    use super::*;

    fn closed(text: &str, mark: &str) -> String {
        let mut line = vec![Inline::text(text)];
        close(&mut line, mark);
        plain_text(&line)
    }

    #[test]
    fn whatever_closes_a_line_is_replaced() {
        for text in [
            "thực hiện",
            "thực hiện.",
            "thực hiện./.",
            "thực hiện.//",
            "thực hiện./,",
            "thực hiện ; ",
        ] {
            assert_eq!(closed(text, END), "thực hiện./.", "{text}");
        }
        assert_eq!(closed("dạy nghề...", END), "dạy nghề..../.");
        assert_eq!(closed("tháng 3 năm .......", END), "tháng 3 năm ......../.");
        assert_eq!(closed("Luật Phòng, chống ma túy;", "."), "Luật Phòng, chống ma túy.");
    }

    #[test]
    fn the_mark_stands_behind_notes_and_words_that_are_set_off() {
        let text = || Inline::text("thực hiện.");
        let note = || Inline::Note(Note { label: "1".into(), content: vec![Inline::text("Xem.")] });
        for (mut line, expected) in [
            (vec![text(), note()], "thực hiện1./."),
            (vec![Inline::text("thực hiện"), note(), Inline::text(".")], "thực hiện1./."),
            (vec![Inline::Strong(vec![text()])], "thực hiện./."),
            (vec![Inline::Emphasis(vec![text(), note()])], "thực hiện1./."),
            (vec![text(), Inline::Tick(true)], "thực hiện.☑./."),
            (vec![note()], "1./."),
        ] {
            close(&mut line, END);
            assert_eq!(plain_text(&line), expected);
        }
    }

    #[test]
    fn a_body_that_ends_with_a_table_gets_the_mark_on_its_own() {
        let mut document = Document {
            body: vec![Block::Table(crate::block::Table::default())],
            ..Document::default()
        };
        finish(&mut document);
        assert_eq!(document.body.last(), Some(&Block::Paragraph(vec![Inline::text(END)])));
    }
}
