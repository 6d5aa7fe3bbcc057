use super::walk::noted_lines_mut;
use super::{Block, Document, Inline, Numbering, Rank, Section, TitleStyle};
use crate::viet::{point_letter, roman, upper};

/// How deep sections may nest: mục, khoản, điểm and one level below.
pub const MAX_LEVEL: usize = 4;

/// Numbers every section and note of body and annexes, and writes titles in
/// capitals where their level asks for it.
///
/// The sections of the body are numbered through; each annex starts anew. Parts
/// below [`MAX_LEVEL`] are numbered like the last level. Notes are counted
/// through the whole document.
pub fn number(document: &mut Document) {
    let scheme = document.settings.numbering;
    number_blocks(&mut document.body, scheme, 1, "", &mut Named::default());
    for annex in &mut document.annexes {
        number_blocks(&mut annex.content, scheme, 1, "", &mut Named::default());
    }
    let mut count = 0;
    noted_lines_mut(document, &mut |line| number_notes(line, &mut count));
}

fn number_notes(line: &mut [Inline], count: &mut usize) {
    for inline in line {
        match inline {
            Inline::Note(note) => {
                *count += 1;
                note.label = count.to_string();
            }
            Inline::Strong(inner) | Inline::Emphasis(inner) => number_notes(inner, count),
            Inline::Text(_) | Inline::Blank(_) | Inline::Fill | Inline::Break | Inline::Tick(_) => {
            }
        }
    }
}

/// How many parts with a name there are so far. Chương and điều are counted
/// through the whole text, mục within a chương, tiểu mục within a mục.
#[derive(Default)]
struct Named {
    parts: usize,
    chapters: usize,
    divisions: usize,
    subdivisions: usize,
    articles: usize,
}

impl Named {
    fn label(&mut self, rank: Rank) -> String {
        let next = |count: &mut usize| {
            *count += 1;
            *count
        };
        match rank {
            Rank::Part => {
                self.divisions = 0;
                format!("Phần {}", roman(next(&mut self.parts)))
            }
            Rank::Chapter => {
                self.divisions = 0;
                format!("Chương {}", roman(next(&mut self.chapters)))
            }
            Rank::Division => {
                self.subdivisions = 0;
                format!("Mục {}", next(&mut self.divisions))
            }
            Rank::Subdivision => format!("Tiểu mục {}", next(&mut self.subdivisions)),
            Rank::Article => format!("Điều {}.", next(&mut self.articles)),
        }
    }
}

fn number_blocks(
    blocks: &mut [Block],
    scheme: Numbering,
    level: usize,
    parent: &str,
    named: &mut Named,
) {
    let mut count = 0;
    for block in blocks {
        match block {
            Block::Section(section) => {
                if let Some(rank) = section.rank {
                    name_section(section, rank, scheme, named);
                } else {
                    count += 1;
                    number_section(section, scheme, level, count, parent, named);
                }
            }
            Block::Paragraph(_)
            | Block::Centered(_)
            | Block::List(_)
            | Block::Table(_)
            | Block::Chart(_)
            | Block::Photo(_)
            | Block::Signatures(_) => {}
        }
    }
}

/// Khoản and điểm below a điều are numbered as in structure (b) from its second
/// level on.
fn name_section(section: &mut Section, rank: Rank, scheme: Numbering, named: &mut Named) {
    section.label = named.label(rank);
    section.style = TitleStyle::Centered;
    let (mut scheme, mut level) = (scheme, 1);
    if rank == Rank::Article {
        section.style = TitleStyle::Article;
        (scheme, level) = (Numbering::Roman, 2);
    } else {
        section.title.iter_mut().for_each(capitalise);
    }
    section.level = level;
    number_blocks(&mut section.content, scheme, level, "", named);
}

fn number_section(
    section: &mut Section,
    scheme: Numbering,
    level: usize,
    count: usize,
    parent: &str,
    named: &mut Named,
) {
    if !section.label.is_empty() {
        // A form says its numbers itself.
        section.level = level;
        section.style =
            if section.title.is_empty() { TitleStyle::Regular } else { TitleStyle::Bold };
        return number_blocks(&mut section.content, scheme, level + 1, parent, named);
    }
    let mark = mark(scheme, level.min(MAX_LEVEL));
    let (label, path) = mark.label(count, parent);
    section.level = level;
    section.label = label;
    section.style = match mark {
        _ if section.title.is_empty() => TitleStyle::Regular,
        Mark::Roman => TitleStyle::CapitalsBold,
        Mark::Arabic | Mark::Decimal => TitleStyle::Bold,
        Mark::Letter | Mark::Dash | Mark::Plus => TitleStyle::Regular,
    };
    if section.style == TitleStyle::CapitalsBold {
        section.title.iter_mut().for_each(capitalise);
    }
    number_blocks(&mut section.content, scheme, level + 1, &path, named);
}

#[derive(Clone, Copy)]
enum Mark {
    Roman,
    Arabic,
    Decimal,
    Letter,
    Dash,
    Plus,
}

fn mark(scheme: Numbering, level: usize) -> Mark {
    let marks = match scheme {
        Numbering::Roman => [Mark::Roman, Mark::Arabic, Mark::Letter, Mark::Dash],
        Numbering::Arabic => [Mark::Arabic, Mark::Letter, Mark::Dash, Mark::Plus],
        Numbering::RomanDecimal => [Mark::Roman, Mark::Arabic, Mark::Decimal, Mark::Letter],
        Numbering::Decimal => [Mark::Arabic, Mark::Decimal, Mark::Decimal, Mark::Letter],
    };
    marks[level - 1]
}

impl Mark {
    /// The printed label, and the path that decimal numbers below build on.
    fn label(self, count: usize, parent: &str) -> (String, String) {
        match self {
            Self::Roman => (format!("{}.", roman(count)), String::new()),
            Self::Arabic => (format!("{count}."), count.to_string()),
            Self::Decimal => {
                let path = format!("{parent}.{count}");
                (format!("{path}."), path)
            }
            Self::Letter => (format!("{})", point_letter(count)), String::new()),
            Self::Dash => ("-".to_owned(), String::new()),
            Self::Plus => ("+".to_owned(), String::new()),
        }
    }
}

fn capitalise(inline: &mut Inline) {
    match inline {
        Inline::Text(text) => *text = upper(text),
        Inline::Strong(inner) | Inline::Emphasis(inner) => inner.iter_mut().for_each(capitalise),
        Inline::Blank(_) | Inline::Fill | Inline::Break | Inline::Tick(_) | Inline::Note(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{Annex, Cell, Item, Marker, Note, Settings, Table, notes};

    fn section(title: &str, content: Vec<Block>) -> Block {
        Block::Section(Section { title: vec![Inline::text(title)], content, ..Section::default() })
    }

    fn labels(blocks: &[Block], out: &mut Vec<String>) {
        for block in blocks {
            if let Block::Section(section) = block {
                out.push(section.label.clone());
                labels(&section.content, out);
            }
        }
    }

    fn labels_of(numbering: Numbering) -> Vec<String> {
        let deep = section("Sâu", vec![]);
        let third = section("Ba", vec![deep.clone(), deep]);
        let second = section("Hai", vec![third.clone(), third]);
        let mut document = Document {
            settings: Settings { numbering, ..Settings::default() },
            body: vec![section("Một", vec![second.clone(), second]), section("Kết", vec![])],
            ..Document::default()
        };
        number(&mut document);
        let mut out = Vec::new();
        labels(&document.body, &mut out);
        out
    }

    #[test]
    fn every_scheme_numbers_four_levels() {
        let join = |numbering| labels_of(numbering).join(" ");
        assert_eq!(join(Numbering::Roman), "I. 1. a) - - b) - - 2. a) - - b) - - II.");
        assert_eq!(join(Numbering::Arabic), "1. a) - + + - + + b) - + + - + + 2.");
        assert_eq!(
            join(Numbering::RomanDecimal),
            "I. 1. 1.1. a) b) 1.2. a) b) 2. 2.1. a) b) 2.2. a) b) II."
        );
        assert_eq!(
            join(Numbering::Decimal),
            "1. 1.1. 1.1.1. a) b) 1.1.2. a) b) 1.2. 1.2.1. a) b) 1.2.2. a) b) 2."
        );
    }

    #[test]
    fn named_parts_are_numbered_through_and_khoan_anew() {
        let named = |rank, content| {
            Block::Section(Section { rank: Some(rank), content, ..Section::default() })
        };
        let article = || {
            let points = vec![section("", vec![]), section("", vec![])];
            named(Rank::Article, vec![section("", points), section("", vec![])])
        };
        let divisions = vec![
            named(Rank::Division, vec![named(Rank::Subdivision, vec![article()])]),
            named(Rank::Division, vec![article()]),
        ];
        let mut document = Document {
            body: vec![
                named(Rank::Chapter, divisions),
                named(Rank::Chapter, vec![named(Rank::Division, vec![article()])]),
            ],
            ..Document::default()
        };
        number(&mut document);
        let mut out = Vec::new();
        labels(&document.body, &mut out);
        assert_eq!(
            out.join(" "),
            "Chương I Mục 1 Tiểu mục 1 Điều 1. 1. a) b) 2. Mục 2 Điều 2. 1. a) b) 2. \
             Chương II Mục 1 Điều 3. 1. a) b) 2."
        );
    }

    #[test]
    fn notes_are_counted_through_body_and_annexes_in_reading_order() {
        let note = || Inline::Note(Note::default());
        let cell = || Cell::new(vec![note()]);
        let lead = vec![Inline::Strong(vec![Inline::text("Một"), note()]), note()];
        let child = Item { marker: Marker::Plus, content: vec![note()], children: vec![] };
        let item = Item {
            marker: Marker::Dash,
            content: vec![note()],
            children: vec![Block::List(vec![child])],
        };
        let table = Table { rows: vec![vec![cell(), cell()]], ..Table::default() };
        let annex = |content| Annex { content, ..Annex::default() };
        let mut document = Document {
            body: vec![
                Block::Section(Section {
                    lead,
                    content: vec![Block::List(vec![item])],
                    ..Section::default()
                }),
                Block::Centered(vec![note()]),
            ],
            annexes: vec![
                annex(vec![Block::Table(table)]),
                annex(vec![Block::Paragraph(vec![Inline::Emphasis(vec![note()])])]),
            ],
            ..Document::default()
        };
        number(&mut document);
        let labels = |content: &[Block]| -> Vec<String> {
            notes(content).iter().map(|note| note.label.clone()).collect()
        };
        assert_eq!(labels(&document.body), ["1", "2", "3", "4", "5"]);
        assert_eq!(labels(&document.annexes[0].content), ["6", "7"]);
        assert_eq!(labels(&document.annexes[1].content), ["8"]);
    }

    #[test]
    fn only_roman_titles_are_in_capitals() {
        let mut document = Document {
            body: vec![section("Mục tiêu", vec![section("Yêu cầu", vec![])])],
            ..Document::default()
        };
        number(&mut document);
        let Block::Section(first) = &document.body[0] else { panic!("a section") };
        assert_eq!(first.title, [Inline::text("MỤC TIÊU")]);
        assert_eq!(first.style, TitleStyle::CapitalsBold);
        let Block::Section(second) = &first.content[0] else { panic!("a section") };
        assert_eq!(second.title, [Inline::text("Yêu cầu")]);
        assert_eq!(second.style, TitleStyle::Bold);
    }
}
