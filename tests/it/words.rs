//! Every format says the same words in the same order, in every sample of every
//! template and in every example.
//!
//! What is folded away: white space of all kinds, dots to be written on, and the
//! line ends of a page, at which a long word may be broken. What stands around the
//! text of a document in no order of reading (marks in the margin, the address at
//! the foot of the page, several signatures beside each other) is looked for as a
//! whole and compared too, wherever a format has it.

use std::collections::BTreeSet;

use vanban::block::{Document, RecipientLine, Signature};
use vanban::pipeline::Format;

use super::support::docx::{Docx, PICTURE, Story};
use super::support::office::OPENED;
use super::support::papers::{DOCX, PAPERS, Paper, each};
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
}

impl Reading {
    fn of_text(paper: &Paper) -> Self {
        let text = String::from_utf8(paper.write(Format::Text)).unwrap();
        Self { words: words(&text), images: Vec::new() }
    }

    /// What the tags of a PDF say. A piece that ends within one of the known words is
    /// continued by the next.
    fn of_pdf(pdf: &[u8], known: &[String]) -> Self {
        let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        let mut reading = Self::default();
        let mut begun = String::new();
        for piece in Pdf::new(pdf).tagged() {
            match piece {
                Piece::Picture(words) => reading.picture(&words),
                Piece::Text(text) => {
                    let mut words = words(&text).into_iter().peekable();
                    while let Some(word) = words.next() {
                        begun.push_str(&word);
                        if known.contains(begun.as_str()) || words.peek().is_some() {
                            reading.words.push(std::mem::take(&mut begun));
                        }
                    }
                }
            }
        }
        reading.words.extend((!begun.is_empty()).then_some(begun));
        reading
    }

    /// What stands in the XML of a Word file: marks in the margin first, notes after
    /// the part of the text in which they stand.
    fn of_word(docx: &Docx) -> Self {
        let mut reading = Self::default();
        for header in docx.related("header") {
            reading.story(&docx.story(&header));
        }
        reading.story(&docx.story("word/document.xml"));
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

/// The words in the top margin.
fn margin(document: &Document) -> Vec<Vec<String>> {
    if document.detached {
        return document.signing.iter().map(|signing| words(signing)).collect();
    }
    let marks = &document.envelope.marks;
    let draft = marks.draft.then_some("DỰ THẢO");
    draft.into_iter().chain(marks.circulation.as_deref()).map(words).collect()
}

/// The parts of a document that a format may have anywhere, in words; those of one
/// list stand side by side, in any order.
fn loose(document: &Document) -> Vec<Vec<Vec<String>>> {
    let mut loose: Vec<_> = margin(document).into_iter().map(|part| vec![part]).collect();
    if document.detached {
        return loose;
    }
    let envelope = &document.envelope;
    loose.extend(envelope.marks.urgency.map(|urgency| vec![words(urgency.text())]));
    loose.extend((!envelope.contact.is_empty()).then(|| vec![words(&envelope.contact.join(" "))]));
    if !envelope.co_signatures.is_empty() {
        let mut recipients = words("Nơi nhận:");
        for line in envelope.recipients.lines() {
            match line {
                RecipientLine::Group(text) => recipients.extend(words(&text)),
                RecipientLine::Entry(text) => recipients.extend(words(&format!("- {text}"))),
            }
        }
        // In a table of signatures all titles may come before all names.
        let parts = |signature: &Signature| {
            let names = signature.other_title.iter().chain(&signature.name).map(String::as_str);
            [signature.title_lines().join(" "), names.collect::<Vec<_>>().join(" ")]
        };
        let signatures = envelope.co_signatures.iter().chain([&envelope.signature]);
        let parts = signatures.flat_map(parts).map(|part| words(&part));
        loose.push(parts.chain([recipients]).filter(|part| !part.is_empty()).collect());
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

/// Compares what a format says with the plain text, in all papers.
fn same_words(read: impl Fn(usize, &[String]) -> Reading + Sync) {
    let numbers: Vec<usize> = (0..PAPERS.len()).collect();
    let wrong = each(&numbers, |&at| {
        let paper = &PAPERS[at];
        let loose = loose(&paper.composed.document);
        let text = Reading::of_text(paper);
        let reading = read(at, &text.words);
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
    same_words(|at, known| Reading::of_pdf(&PAPERS[at].write(Format::Pdf), known));
}

#[test]
fn a_word_file_says_what_the_plain_text_says() {
    same_words(|at, _| Reading::of_word(&Docx::new(&DOCX[at])));
}

/// LibreOffice leaves the margins out of a text: of those its pages are asked.
#[test]
fn libreoffice_reads_in_a_word_file_what_the_plain_text_says() {
    same_words(|at, _| {
        let mut reading = Reading { words: words(&OPENED[at].text), images: Vec::new() };
        let margin = margin(&PAPERS[at].composed.document);
        if !margin.is_empty() {
            let page = words(&Pdf::new(&OPENED[at].pdf).ask("pdftotext", &["-l", "1"], &["-"]));
            let there = |part: &&Vec<String>| stretch(&page, &[part.to_vec()]).is_some();
            let found: Vec<String> = margin.iter().filter(there).flatten().cloned().collect();
            reading.words.splice(0..0, found);
        }
        reading
    });
}

/// A plain text has no pictures, so these are compared with each other.
#[test]
fn images_say_the_same_to_those_who_do_not_see_them() {
    let mut images = 0;
    for (paper, docx) in PAPERS.iter().zip(DOCX.iter()) {
        let signature = &paper.composed.document.envelope.signature;
        if signature.image.is_some() || signature.seal.is_some() {
            let pdf = Reading::of_pdf(&paper.write(Format::Pdf), &[]).images;
            assert_eq!(Reading::of_word(&Docx::new(docx)).images, pdf, "{}", paper.name);
            images += pdf.len();
        }
    }
    assert!(images >= 2, "an example has a signature and a seal");
}

