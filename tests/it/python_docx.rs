//! python-docx opens every Word file, finds its styles by their names, and saves a file
//! that says the same.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;
use vanban::block::{Block, Document, Inline, Section, Signature, plain_text};

use super::support::docx::Docx;
use super::support::office::{File, OPENED, convert};
use super::support::papers::{DOCX, PAPERS, Paper};
use super::support::repository;

/// What `tests/judges/read_word.py` tells of a file.
#[derive(Deserialize)]
struct Told {
    /// Names, with the level in the outline.
    styles: BTreeMap<String, Option<u8>>,
    /// The name of the style and the text.
    paragraphs: Vec<(String, String)>,
    title: String,
    author: String,
    last_modified_by: String,
    sections: usize,
}

/// What python-docx tells of all papers, and the files that it has saved.
static TOLD: LazyLock<(Vec<Told>, Vec<Vec<u8>>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved");
    fs::create_dir(&saved).unwrap();
    let names: Vec<String> = PAPERS.iter().map(|paper| paper.file_stem() + ".docx").collect();
    for (name, bytes) in names.iter().zip(DOCX.iter()) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let output = Command::new(repository("target/judges/bin/python"))
        .arg(repository("tests/judges/read_word.py"))
        .arg(&saved)
        .args(names.iter().map(|name| folder.path().join(name)))
        .output()
        .unwrap_or_else(|error| panic!("no python-docx ({error}); `tests/run` installs it"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "python-docx: {said}");
    let told = serde_json::from_slice(&output.stdout).unwrap();
    (told, names.iter().map(|name| fs::read(saved.join(name)).unwrap()).collect())
});

fn each(check: impl Fn(&Paper, &Told)) {
    PAPERS.iter().zip(&TOLD.0).for_each(|(paper, told)| check(paper, told));
}

/// What the navigation of a word processor shows: titles of sections and annexes with
/// their levels, from 0.
fn outline(document: &Document) -> Vec<(u8, String)> {
    let mut out = Vec::new();
    if !document.detached {
        sections(&document.body, 0, &mut out);
    }
    for (at, annex) in document.annexes.iter().enumerate() {
        let label = match &annex.kind {
            Some(kind) => kind.name.to_uppercase(),
            None => document.annex_label(at),
        };
        out.push((0, folded(&format!("{label} {}", annex.title.join(" ")))));
        sections(&annex.content, 1, &mut out);
    }
    out
}

fn sections(blocks: &[Block], level: u8, out: &mut Vec<(u8, String)>) {
    for block in blocks {
        if let Block::Section(Section { label, title, content, .. }) = block {
            let titled = !title.is_empty();
            if titled {
                out.push((level, folded(&format!("{label} {}", plain_text(title)))));
            }
            sections(content, level + u8::from(titled), out);
        }
    }
}

/// The signatures in the text.
fn signed<'a>(blocks: &'a [Block], out: &mut Vec<&'a Signature>) {
    for block in blocks {
        match block {
            Block::Signatures(rows) => out.extend(rows.iter().flatten()),
            Block::Section(section) => signed(&section.content, out),
            _ => {}
        }
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_outline_of_the_styles_is_that_of_the_titles() {
    each(|paper, told| {
        let title = |(style, text): &(String, String)| {
            told.styles[style].map(|level| (level, folded(text)))
        };
        let shown: Vec<(u8, String)> = told.paragraphs.iter().filter_map(title).collect();
        assert_eq!(shown, outline(&paper.composed.document), "{}", paper.name);
    });
}

#[test]
fn parts_of_a_document_are_found_by_the_names_of_their_styles() {
    each(|paper, told| {
        let (name, document) = (&paper.name, &paper.composed.document);
        let of = |style: &str| -> Vec<String> {
            let found = told.paragraphs.iter().filter(|paragraph| paragraph.0 == style);
            found.map(|paragraph| folded(&paragraph.1)).collect()
        };
        assert!(of("Normal").is_empty(), "{name}: {:?}", of("Normal"));
        if document.detached {
            return;
        }
        let envelope = &document.envelope;
        assert!(of("Tên cơ quan").starts_with(&envelope.issuer.name), "{name}");
        // Dots to the end of a line are a tab.
        let words = |basis: &Vec<Inline>| folded(&plain_text(basis).replace('…', " "));
        let bases: Vec<_> = envelope.bases.iter().map(words).collect();
        let told: Vec<_> =
            of("Căn cứ").iter().map(|text| folded(&text.replace('…', " "))).collect();
        assert_eq!(told, bases, "{name}");
        let lines = envelope.recipient_lines().len();
        assert_eq!(of("Danh sách nơi nhận").len(), lines, "{name}");
        let mut signatures = Vec::new();
        signed(&document.body, &mut signatures);
        signatures.extend(envelope.signatures());
        document.annexes.iter().for_each(|annex| signed(&annex.content, &mut signatures));
        let names = |one: &Signature| one.other_title.iter().chain(&one.name).cloned().collect();
        let mut signers: Vec<String> =
            signatures.into_iter().flat_map::<Vec<_>, _>(names).collect();
        signers.retain(|name| !name.is_empty());
        let mut shown = of("Họ và tên người ký");
        shown.retain(|text| !text.is_empty());
        assert_eq!(shown, signers, "{name}");
    });
}

#[test]
fn properties_are_those_of_the_document() {
    each(|paper, told| {
        let (name, document) = (&paper.name, &paper.composed.document);
        assert_eq!(told.title, document.title(), "{name}");
        assert_eq!(told.author, document.envelope.issuer.in_text, "{name}");
        assert_eq!(told.last_modified_by, "", "{name}");
        assert_eq!(told.sections, document.annexes.len() + usize::from(!document.detached));
    });
}

#[test]
fn what_python_docx_saves_says_the_same() {
    let saved = &TOLD.1;
    for (at, paper) in PAPERS.iter().enumerate() {
        let (ours, theirs) = (Docx::new(&DOCX[at]), Docx::new(&saved[at]));
        let text = "word/document.xml";
        assert_eq!(theirs.story(text).paragraphs, ours.story(text).paragraphs, "{}", paper.name);
        for kind in ["header", "footer", "footnotes", "image"] {
            assert_eq!(theirs.related(kind).len(), ours.related(kind).len(), "{}", paper.name);
        }
    }
    let names: Vec<String> = PAPERS.iter().map(Paper::file_stem).collect();
    let files: Vec<File<'_>> =
        names.iter().map(String::as_str).zip(saved.iter().map(Vec::as_slice)).collect();
    let texts = convert(&files, "txt", "txt:Text (encoded):UTF8");
    for ((name, text), opened) in names.iter().zip(texts).zip(OPENED.iter()) {
        let text = String::from_utf8(text).unwrap();
        assert!(text.trim_start_matches('\u{FEFF}') == opened.text, "{name}: LibreOffice reads");
    }
}
