//! Every kind of block and of inline element in one paper: tick boxes, notes at the
//! foot of the page and frames for photographs, measured in the PDF.

use std::fs;
use std::ops::Range;
use std::sync::LazyLock;

use vanban::block::{Block, Document, Inline, Note, Photo, notes, paragraphs, plain_text};
use vanban::pipeline::{Composed, Format, Input};

use super::layout::measure::{MM, Page, Rule, Run, measure, same};
use super::support::pdf::Pdf;
use super::support::{EVERY_KIND, every_kind, repository};

/// The line pitch of single spacing, in em.
const SINGLE: f64 = 1.1495;
/// The size of notes, and that of their numbers.
const NOTE: f64 = 10.0;
const NUMBER: f64 = 6.5;

/// A paper with its PDF.
struct Paper {
    composed: Composed,
    bytes: Vec<u8>,
}

impl Paper {
    fn of(yaml: &str) -> Self {
        let input = Input::new("every-kind.yaml", yaml.as_bytes());
        let composed = EVERY_KIND.compose(&input).unwrap_or_else(|found| panic!("{found:#?}"));
        let bytes = EVERY_KIND.write(&composed, Format::Pdf).unwrap();
        Self { composed, bytes }
    }

    fn document(&self) -> &Document {
        &self.composed.document
    }

    /// The text that programs compare.
    fn text(&self) -> String {
        String::from_utf8(EVERY_KIND.write(&self.composed, Format::Text).unwrap()).unwrap()
    }

    /// The words of each page in the order in which they are drawn, without spaces.
    fn pages(&self) -> Vec<String> {
        let text = Pdf::new(&self.bytes).ask("pdftotext", &["-raw"], &["-"]);
        text.split('\u{c}').map(letters).collect()
    }

    /// The contents of the body and of the annexes.
    fn parts(&self) -> Vec<&[Block]> {
        let annexes = self.document().annexes.iter().map(|annex| annex.content.as_slice());
        [self.document().body.as_slice()].into_iter().chain(annexes).collect()
    }

    fn notes(&self) -> Vec<&Note> {
        self.parts().into_iter().flat_map(notes).collect()
    }
}

static FULL: LazyLock<Paper> = LazyLock::new(|| Paper::of(&every_kind()));
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| measure(&FULL.bytes));

fn letters(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The guide names every element (`readme.rs`); this paper has them all, so that
/// whoever tests a format with it tests every kind.
#[test]
fn the_paper_holds_every_element_of_blocks_and_running_text() {
    let guide = fs::read_to_string(repository("templates/README.md")).unwrap();
    let markup = fs::read_to_string(repository("tests/suite/kinds/every-kind/content.xml"));
    let markup = markup.unwrap();
    let tables = guide.split("\n## Content markup").nth(1).unwrap();
    let tables = tables.split("\nThe envelope, in any order").next().unwrap();
    let rows = tables.lines().filter_map(|line| line.strip_prefix("| `"));
    let elements: Vec<&str> = rows.map(|row| row.split('`').next().unwrap()).collect();
    assert!(elements.len() > 20, "{elements:?}");
    // The words at the top of a file that holds annexes alone.
    for element in elements.into_iter().filter(|element| *element != "signing") {
        let found = markup.contains(&format!("<{element}>"))
            || markup.contains(&format!("<{element} "))
            || markup.contains(&format!("<{element}/>"));
        assert!(found, "the paper has no `<{element}>`");
    }
    for rank in ["part", "chapter", "division", "subdivision", "article"] {
        assert!(markup.contains(&format!("rank=\"{rank}\"")), "the paper has no {rank}");
    }
}

#[test]
fn judges_find_nothing_wrong_and_the_tags_hold_every_note() {
    let pdf = Pdf::new(&FULL.bytes);
    let said = pdf.ask("qpdf", &["--check"], &[]);
    assert!(said.contains("No syntax or stream encoding errors found"), "{said}");
    let tree = pdf.ask("pdfinfo", &["-struct"], &[]);
    let tagged = tree.lines().filter(|line| line.trim_start().starts_with("Note")).count();
    assert_eq!(tagged, FULL.notes().len(), "{tree}");
}

#[test]
fn every_tick_is_drawn_as_it_is_set() {
    let mut expected = String::new();
    paragraphs(FULL.document(), &mut |line| expected.push_str(&ticks(&plain_text(line))));
    assert!(expected.contains('☑') && expected.chars().count() > 60, "{expected}");
    assert_eq!(ticks(&FULL.text()), expected);
    assert_eq!(ticks(&FULL.pages().concat()), expected);
    let runs = PAGES.iter().flat_map(|page| &page.runs);
    let boxes: Vec<&Run> = runs.filter(|run| !ticks(&run.text).is_empty()).collect();
    assert!(!boxes.is_empty());
    for run in boxes {
        assert_eq!(run.font, "DejaVuSans", "{run:#?}");
        assert_eq!(ticks(&run.text), run.text, "a box has a run of its own");
    }
}

fn ticks(text: &str) -> String {
    text.chars().filter(|character| "☐☑".contains(*character)).collect()
}

fn photos<'a>(blocks: &'a [Block], found: &mut Vec<&'a Photo>) {
    for block in blocks {
        match block {
            Block::Photo(photo) => found.push(photo),
            Block::Section(section) => photos(&section.content, found),
            _ => {}
        }
    }
}

#[test]
fn frames_for_photographs_are_whole_and_have_their_size() {
    let mut expected = Vec::new();
    FULL.parts().into_iter().for_each(|part| photos(part, &mut expected));
    assert!(expected.len() >= 6);
    let high = |rule: &&Rule| rule.bottom - rule.top > 9.0 * MM && rule.length() > 9.0 * MM;
    // The chart, which has frames too, is across the page.
    let upright = PAGES.iter().filter(|page| page.width < page.height);
    let of = |page: &'static Page| -> Vec<_> {
        page.rules.iter().filter(high).map(|one| (page, one)).collect()
    };
    let frames: Vec<(&Page, &Rule)> = upright.flat_map(of).collect();
    assert_eq!(frames.len(), expected.len(), "{frames:#?}");
    for ((page, frame), photo) in frames.into_iter().zip(expected) {
        let size = (frame.length() / MM, (frame.bottom - frame.top) / MM);
        let right = (size.0 - photo.width).abs() < 0.05 && (size.1 - photo.height).abs() < 0.05;
        assert!(right, "{size:?} for {photo:#?}");
        assert!(same(frame.weight, 0.5) && frame.black(), "{frame:#?}");
        assert!(same(frame.left, 30.0 * MM), "it stands on the left: {frame:#?}");
        assert!(frame.top > 20.0 * MM && frame.bottom < page.height - 20.0 * MM, "{frame:#?}");
        let inside = |run: &&Run| {
            frame.left < run.left
                && run.right < frame.right
                && frame.top < run.top()
                && run.bottom() < frame.bottom
        };
        let words: Vec<&Run> = page.runs.iter().filter(inside).collect();
        let said: String = words.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(letters(&said), letters(&plain_text(&photo.words)));
        let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
        let middle = f64::midpoint(first.top(), last.bottom());
        assert!((middle - f64::midpoint(frame.top, frame.bottom)).abs() < 1.0, "{words:#?}");
        for run in words {
            assert!((run.centre() - frame.centre()).abs() < 2.0, "{run:#?} {frame:#?}");
        }
    }
}

/// The short rule above the notes of a page.
fn separator(page: &Page) -> Option<&Rule> {
    let short = |rule: &&Rule| {
        rule.horizontal() && same(rule.length(), 50.0 * MM) && same(rule.left, 30.0 * MM)
    };
    let found: Vec<&Rule> = page.rules.iter().filter(short).collect();
    assert!(found.len() < 2, "{found:#?}");
    found.first().copied()
}

/// The words of each note before which the words of the text stand, without spaces:
/// what is printed up to its number, at most 20 letters.
fn marks(document: &Document) -> Vec<String> {
    fn see(line: &[Inline], before: &mut String, found: &mut Vec<String>) {
        for inline in line {
            match inline {
                Inline::Note(note) => {
                    before.push_str(&note.label);
                    let from = before.char_indices().rev().nth(19).map_or(0, |(at, _)| at);
                    found.push(before[from..].to_owned());
                }
                Inline::Strong(inner) | Inline::Emphasis(inner) => see(inner, before, found),
                other => before.push_str(&letters(&plain_text(std::slice::from_ref(other)))),
            }
        }
    }
    let mut found = Vec::new();
    paragraphs(document, &mut |line| see(line, &mut String::new(), &mut found));
    found
}

#[test]
fn notes_stand_at_the_foot_of_the_page_of_their_mark() {
    let expected = FULL.notes();
    let labels: Vec<String> = expected.iter().map(|note| note.label.clone()).collect();
    let counted: Vec<String> = (1..=expected.len()).map(|number| number.to_string()).collect();
    assert_eq!(labels, counted, "numbered through the document and its annexes");
    let (marks, words) = (marks(FULL.document()), FULL.pages());
    let mut rest = expected.iter().zip(&marks);
    for (page, said) in PAGES.iter().zip(&words) {
        let Some(rule) = separator(page) else { continue };
        let below: Vec<&Run> = page.runs.iter().filter(|run| run.bottom() > rule.top).collect();
        let above = page.runs.iter().filter(|run| run.bottom() <= rule.top);
        assert!(above.clone().count() > 0);
        let mut foot: String = below.iter().map(|run| run.text.as_str()).collect();
        foot = letters(&foot);
        assert!(said.ends_with(&foot), "{foot} {said}");
        let text = &said[..said.len() - foot.len()];
        while !foot.is_empty() {
            let (note, mark) = rest.next().unwrap_or_else(|| panic!("no note says {foot}"));
            let entry = format!("{}{}", note.label, letters(&plain_text(&note.content)));
            foot = foot.strip_prefix(&entry).unwrap_or_else(|| panic!("{entry} {foot}")).to_owned();
            assert!(text.contains(mark.as_str()), "`{mark}` is not on the page of its note");
        }
        check_looks(page, rule, &below);
    }
    assert_eq!(rest.next(), None, "every note is printed");
}

/// Notes are of 10 pt, single-spaced, justified, and end at the bottom margin.
fn check_looks(page: &Page, rule: &Rule, below: &[&Run]) {
    assert!(same(rule.weight, 0.5) && rule.black(), "{rule:#?}");
    let right = page.width - 20.0 * MM;
    let lowest = below.iter().map(|run| run.bottom()).fold(f64::MIN, f64::max);
    assert!((lowest - (page.height - 20.0 * MM)).abs() < 0.5, "{lowest}");
    for run in below {
        let number = run.text.chars().all(|one| one.is_ascii_digit()) && run.left < 31.0 * MM;
        assert!(same(run.size, if number { NUMBER } else { NOTE }), "{run:#?}");
        assert!(run.black() && !run.bold() && run.left > 29.9 * MM, "{run:#?}");
        assert!(run.right < right + 0.5, "{run:#?}");
    }
    let mut baselines: Vec<f64> =
        below.iter().filter(|run| same(run.size, NOTE)).map(|run| run.baseline).collect();
    baselines.dedup_by(|one, other| same(*one, *other));
    for pair in baselines.windows(2) {
        let pitch = pair[1] - pair[0];
        // Lines of one note, or the gap between notes.
        let new = below
            .iter()
            .any(|run| same(run.size, NUMBER) && (pair[0]..pair[1]).contains(&run.baseline));
        let expected = SINGLE * NOTE + if new { 2.0 - (SINGLE - 1.107) * NOTE } else { 0.0 };
        assert!((pitch - expected).abs() < 0.1, "{pitch} for {expected}");
        if !new {
            let line = below.iter().filter(|run| same(run.baseline, pair[0]));
            let end = line.map(|run| run.right).fold(f64::MIN, f64::max);
            assert!((end - right).abs() < 0.5, "not justified: {end} for {right}");
        }
    }
}

/// However far down the page the last mark stands: its note is on the same page, and
/// the last words of the text are on the page of the signature.
#[test]
fn notes_stay_with_their_marks_and_the_signature_with_the_text() {
    let questions = |count: Range<usize>| -> String {
        let one = |at: usize| format!("  - {{text: Câu hỏi {at}, note: Chú thích {at}}}\n");
        let list: String = count.map(one).collect();
        format!("template: every-kind\nquestions:\n{list}")
    };
    let mut alone = 0;
    for count in 1..24 {
        let paper = Paper::of(&questions(0..count));
        let pages = paper.pages();
        for (note, mark) in paper.notes().into_iter().zip(marks(paper.document())) {
            let entry = format!("{}{}", note.label, letters(&plain_text(&note.content)));
            let of = |words: &str| pages.iter().position(|page| page.contains(words));
            assert!(of(&mark).is_some(), "{count}: {mark}");
            assert_eq!(of(&mark), of(&entry), "{count}: {mark} {entry}");
        }
        let signed = pages.iter().find(|page| page.contains("NguyễnVănVíDụ")).unwrap();
        assert!(signed.contains("./."), "{count}: {signed}");
        alone += usize::from(!signed.contains("Sốnhà"));
    }
    assert!(alone > 0, "the text never reached the end of a page");
}

#[test]
fn the_text_lists_the_notes_of_each_part_at_its_end() {
    let text = FULL.text();
    let lines: Vec<&str> = text.lines().collect();
    let at =
        |line: &str| lines.iter().position(|one| *one == line).unwrap_or_else(|| panic!("{line}"));
    let signed = at("Nguyễn Văn Ví Dụ");
    assert_eq!(lines[signed + 1], "");
    assert!(lines[signed + 2].starts_with("1 Biểu mẫu được in"), "{}", lines[signed + 2]);
    assert!(at("17 Ngày ký là ngày ghi ở đầu Quyết định.") < at("QUY CHẾ"));
    assert!(at("Điều 1. Phạm vi") < at("18 Ý kiến bằng văn bản."));
    assert!(at("18 Ý kiến bằng văn bản.") < at("Phụ lục I"));
    assert!(at("20 Ghi ngắn gọn.") < at("Phụ lục II"));
    assert_eq!(lines.last(), Some(&"25 Một bản lưu tại xã."));
    at("- Phiếu hỏi ý kiến2;");
    at("Ảnh 3 x 4");
}
