//! Every format says the same words in the same order, in every sample of every
//! template and in every example.
//!
//! What is folded away: white space of all kinds, dots to be written on, and the
//! line ends of a page, at which a long word may be broken. What stands around the
//! text of a document in no order of reading (marks in the margin, the address at
//! the foot of the page, several signatures beside each other) is looked for as a
//! whole and compared too, wherever a format has it.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Node, ParsingOptions};
use vanban::block::{Bar, Document, RecipientLine, Signature, charts, notes, plain_text};
use vanban::pipeline::Format;

use super::support::docx::{Docx, PICTURE, Story};
use super::support::office::OPENED;
use super::support::papers::{DOCX, PAPERS, PDF, Paper, each, tables};
use super::support::pdf::{Pdf, Piece};

/// So many of these dots and more are a line to be written on.
const DOTS: usize = 5;

/// What a document says in a format.
#[derive(Debug, Default, PartialEq)]
struct Reading {
    words: Vec<String>,
    /// What signatures and seals say to those who do not see them; a plain text has
    /// no images. What a chart says is among the words.
    images: Vec<String>,
    /// It has no pictures: what charts say is missing.
    without_pictures: bool,
}

impl Reading {
    fn of_text(paper: &Paper) -> Self {
        let text = String::from_utf8(paper.write(Format::Text)).unwrap();
        Self { words: words(&text), ..Self::default() }
    }

    /// What the tags of a PDF say. Where lines and styles meet within a paragraph without
    /// a space, the longest of the known words is read.
    fn of_pdf(pdf: &[u8], known: &[String]) -> Self {
        let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        let mut reading = Self::default();
        let pieces = Pdf::new(pdf).tagged();
        // Words, and whether the next may go on with them.
        let mut line: Vec<(String, bool)> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Picture(alternative) => {
                    reading.join(&mut line, &known);
                    reading.picture(alternative);
                }
                Piece::Text { text, block } => {
                    line.extend(words(text).into_iter().map(|word| (word, false)));
                    let goes_on = match pieces.get(at + 1) {
                        Some(Piece::Text { text: next, block: other }) => {
                            let space = |c: char| c.is_whitespace();
                            block == other && !text.ends_with(space) && !next.starts_with(space)
                        }
                        _ => false,
                    };
                    if let Some(last) = line.last_mut() {
                        last.1 = goes_on;
                    }
                }
            }
        }
        reading.join(&mut line, &known);
        reading
    }

    /// Takes the words over, those that belong together as one.
    fn join(&mut self, line: &mut Vec<(String, bool)>, known: &BTreeSet<&str>) {
        let mut start = 0;
        while start < line.len() {
            let most = line[start..].iter().take_while(|(_, goes_on)| *goes_on).count();
            let last = line.len().min(start + most + 1);
            let joined = |end: usize| line[start..end].iter().map(|word| &*word.0).collect();
            let ends = (start + 2..=last).rev();
            let whole = ends
                .map(|end| (end, joined(end)))
                .find(|(_, word): &(_, String)| known.contains(word.as_str()));
            let (end, word) = whole.unwrap_or_else(|| (start + 1, joined(start + 1)));
            self.words.push(word);
            start = end;
        }
        line.clear();
    }

    /// What stands in the XML of a Word file.
    fn of_word(docx: &Docx) -> Self {
        let mut reading = Self::default();
        for header in docx.related("header") {
            reading.story(&docx.story(&header));
        }
        let text = docx.story("word/document.xml");
        reading.story(&text);
        let notes = docx.footnotes();
        for (at, note) in text.footnotes.iter().enumerate() {
            reading.words.push((at + 1).to_string());
            reading.story(&notes[note]);
        }
        for footer in docx.related("footer") {
            reading.story(&docx.story(&footer));
        }
        reading
    }

    fn story(&mut self, story: &Story) {
        let mut pictures = story.pictures.iter();
        for paragraph in &story.paragraphs {
            for (at, text) in paragraph.split(PICTURE).enumerate() {
                if at > 0 {
                    self.picture(pictures.next().unwrap());
                }
                self.words.extend(words(text));
            }
        }
    }

    /// What a web page says to those who hear it.
    fn of_page(page: &str) -> Self {
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let tree = roxmltree::Document::parse_with_options(page, options).unwrap();
        let body = tree.descendants().find(|node| node.has_tag_name("body")).unwrap();
        let mut reading = Self::default();
        let mut text = String::new();
        // On a narrow screen the bars of a chart stand in words instead of its picture.
        let instead = |node: &Node<'_, '_>| {
            let class = |node: Node<'_, '_>| node.attribute("class").map(str::to_owned);
            node.ancestors().filter_map(class).any(|class| class.contains("beside-picture"))
        };
        for node in body.descendants().filter(|node| !instead(node)) {
            if let Some(alternative) = node.attribute("alt").filter(|_| node.has_tag_name("img")) {
                reading.words.extend(words(&std::mem::take(&mut text)));
                reading.picture(alternative);
            }
            text.push_str(node.text().filter(|_| node.is_text()).unwrap_or_default());
        }
        reading.words.extend(words(&text));
        reading
    }

    fn picture(&mut self, alternative: &str) {
        if ["Chữ ký của ", "Dấu của "].iter().any(|image| alternative.starts_with(image)) {
            self.images.push(alternative.to_owned());
        } else {
            self.words.extend(words(alternative));
        }
    }

    /// Its words, with those behind all others that have no place in the order of
    /// reading; or the part that is missing.
    fn arranged(mut self, loose: &[Vec<Vec<String>>]) -> Result<Vec<String>, String> {
        for parts in loose {
            let all = parts.concat();
            let Some(start) = stretch(&self.words, parts) else {
                return Err(format!("it does not say “{}”", all.join(" ")));
            };
            self.words.drain(start..start + all.len());
            self.words.extend(all);
        }
        Ok(self.words)
    }
}

/// A text in words.
fn words(text: &str) -> Vec<String> {
    let mut folded = String::with_capacity(text.len());
    for part in text.split_inclusive(|c| c != '…') {
        let words = part.trim_start_matches('…');
        let dots = part.chars().count() - words.chars().count();
        folded.push_str(if dots < DOTS { &part[..part.len() - words.len()] } else { " " });
        folded.push_str(words);
    }
    folded.split_whitespace().map(str::to_owned).collect()
}

/// The words in the margins of the first page.
fn margin(document: &Document) -> Vec<Vec<String>> {
    if document.detached {
        return document.signing.iter().map(|signing| words(signing)).collect();
    }
    let marks = &document.envelope.marks;
    let draft = marks.draft.then_some("DỰ THẢO");
    let contact = document.envelope.contact.join(" ");
    let all = draft.into_iter().chain(marks.circulation.as_deref()).chain([contact.as_str()]);
    all.map(words).filter(|part| !part.is_empty()).collect()
}

/// The notes at the foot of pages, each with its number.
fn note_parts(document: &Document) -> Vec<Vec<String>> {
    let contents = document.annexes.iter().map(|annex| &annex.content);
    let all = [&document.body].into_iter().chain(contents).flat_map(|blocks| notes(blocks));
    all.map(|note| words(&format!("{} {}", note.label, plain_text(&note.content)))).collect()
}

/// The parts of a document that a format may have anywhere, in words; those of one
/// list stand side by side, in any order.
fn loose(document: &Document) -> Vec<Vec<Vec<String>>> {
    let mut loose: Vec<_> = margin(document).into_iter().map(|part| vec![part]).collect();
    loose.extend(note_parts(document).into_iter().map(|part| vec![part]));
    if document.detached {
        return loose;
    }
    let envelope = &document.envelope;
    loose.extend(envelope.marks.urgency.map(|urgency| vec![words(urgency.text())]));
    // Several sign above the recipients on a page.
    if !envelope.co_signatures.is_empty() {
        let lead = envelope.recipients.as_ref().map_or("", |_| "Nơi nhận:");
        let mut recipients = words(lead);
        for line in envelope.recipient_lines() {
            match line {
                RecipientLine::Group(text) => recipients.extend(words(&text)),
                RecipientLine::Entry(text) => recipients.extend(words(&format!("- {text}"))),
            }
        }
        let signed = envelope.signatures().flat_map(|signature| {
            let Signature { hint, other_title, name, .. } = signature;
            let below = [hint, other_title, name].into_iter().flatten().cloned();
            signature.title_lines().into_iter().chain(below)
        });
        let signed = words(&signed.collect::<Vec<_>>().join(" "));
        loose.push([signed, recipients].into_iter().filter(|part| !part.is_empty()).collect());
    }
    loose
}

/// Where the first stretch of words begins that is made of all parts, in any order.
fn stretch(words: &[String], parts: &[Vec<String>]) -> Option<usize> {
    (0..words.len()).find(|start| made_of(&words[*start..], parts))
}

/// Whether some words begin with all parts, in any order.
fn made_of(words: &[String], parts: &[Vec<String>]) -> bool {
    parts.is_empty()
        || parts.iter().enumerate().any(|(at, part)| {
            words.starts_with(part) && {
                let others = [&parts[..at], &parts[at + 1..]].concat();
                made_of(&words[part.len()..], &others)
            }
        })
}

/// Where two readings part, for a message.
fn difference(one: &[String], other: &[String]) -> String {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let around = |words: &[String]| {
        let end = words.len().min(same + 12);
        words[same.saturating_sub(6).min(end)..end].join(" ")
    };
    format!("word {same} of {}: “{}” and “{}”", one.len(), around(one), around(other))
}

/// What the charts say, each without its caption.
fn chart_parts(document: &Document) -> Vec<Vec<String>> {
    let drawn = charts(document).into_iter().filter(|(chart, _)| chart.period().is_some());
    let told = drawn.map(|(chart, _)| {
        let bars: Vec<String> = chart.bars.iter().map(Bar::words).collect();
        words(&format!("{} {}.", chart.sentence(), bars.join("; ")))
    });
    told.collect()
}

/// Compares what a format says with the plain text, in all papers.
fn same_words(read: impl Fn(usize, &[String]) -> Reading + Sync) {
    let numbers: Vec<usize> = (0..PAPERS.len()).collect();
    let wrong = each(&numbers, |&at| {
        let paper = &PAPERS[at];
        let text = Reading::of_text(paper);
        let reading = read(at, &text.words);
        let document = &paper.composed.document;
        let mut loose = loose(document);
        if reading.without_pictures {
            loose.extend(chart_parts(document).into_iter().map(|part| vec![part]));
        }
        let text = text.arranged(&loose).unwrap_or_else(|e| panic!("{}: text: {e}", paper.name));
        let told = match reading.arranged(&loose) {
            Ok(words) => (words != text).then(|| difference(&text, &words)),
            Err(missing) => Some(missing),
        };
        told.map(|told| format!("{}: {told}", paper.name))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} papers differ: {wrong:#?}", wrong.len());
}

#[test]
fn a_pdf_says_what_the_plain_text_says() {
    same_words(|at, known| Reading::of_pdf(&PDF[at], known));
}

#[test]
fn a_word_file_says_what_the_plain_text_says() {
    same_words(|at, _| Reading::of_word(&Docx::new(&DOCX[at])));
}

/// LibreOffice makes a text of the body alone. Its pages are asked for margins and
/// notes; what charts say is seen in the XML.
#[test]
fn libreoffice_reads_in_a_word_file_what_the_plain_text_says() {
    same_words(|at, _| {
        let (document, opened) = (&PAPERS[at].composed.document, &OPENED[at]);
        let shown = Pdf::new(&opened.pdf).ask("pdftotext", &["-raw"], &["-"]);
        let shown: String = shown.split_whitespace().collect();
        let on_pages = [margin(document), note_parts(document)].concat();
        let on_pages = on_pages.into_iter().filter(|part| shown.contains(&part.concat()));
        let all = [vec![words(&opened.text)], on_pages.collect(), chart_parts(document)];
        Reading { words: all.concat().concat(), without_pictures: true, ..Reading::default() }
    });
}

#[test]
fn a_web_page_says_what_the_plain_text_says() {
    same_words(|at, _| {
        let page = PAPERS[at].write(Format::Html);
        Reading::of_page(std::str::from_utf8(&page).unwrap())
    });
}

/// A plain text has no pictures, so these are compared with each other.
#[test]
fn images_say_the_same_to_those_who_do_not_see_them() {
    let mut images = 0;
    for ((paper, docx), pdf) in PAPERS.iter().zip(DOCX.iter()).zip(PDF.iter()) {
        let mut signatures = paper.composed.document.envelope.signatures();
        if signatures.any(|one| one.image.is_some() || one.seal.is_some()) {
            let pdf = Reading::of_pdf(pdf, &[]).images;
            let page = String::from_utf8(paper.write(Format::Html)).unwrap();
            assert_eq!(Reading::of_word(&Docx::new(docx)).images, pdf, "{}", paper.name);
            assert_eq!(Reading::of_page(&page).images, pdf, "{}", paper.name);
            images += pdf.len();
        }
    }
    assert!(images >= 2, "an example has a signature and a seal");
}

/// How often each letter is there.
fn letters(text: &str) -> BTreeMap<char, usize> {
    let mut count = BTreeMap::new();
    text.chars().filter(|c| !c.is_whitespace()).for_each(|c| *count.entry(c).or_default() += 1);
    count
}

/// What is said is seen, letter by letter; and nothing else but numbers of pages,
/// repeated heads of tables and dots to be written on. Words in charts are left out.
#[test]
fn the_pages_of_a_pdf_show_what_the_plain_text_says() {
    let numbers: Vec<usize> = (0..PAPERS.len()).collect();
    each(&numbers, |&at| {
        let paper = &PAPERS[at];
        let document = &paper.composed.document;
        if !charts(document).is_empty() {
            return;
        }
        let said = letters(&Reading::of_text(paper).words.concat());
        let seen = Pdf::new(&PDF[at]).ask("pdftotext", &["-raw"], &["-"]);
        let seen = letters(&seen);
        let of = |count: &BTreeMap<char, usize>, c| count.get(&c).copied().unwrap_or_default();
        let mut heads = String::from("0123456789.…");
        for table in tables(document) {
            table.header.iter().flatten().for_each(|cell| heads += &plain_text(&cell.content));
        }
        for (&letter, &times) in &said {
            let shown = of(&seen, letter);
            assert!(shown >= times, "{}: {letter} is said {times} times, seen {shown}", paper.name);
        }
        for (&letter, &times) in &seen {
            let extra = times - of(&said, letter);
            assert!(extra == 0 || heads.contains(letter), "{}: {extra} {letter} more", paper.name);
        }
    });
}
