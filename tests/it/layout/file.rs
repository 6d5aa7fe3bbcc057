//! The file as a whole: fonts, structure, conformity.

use std::collections::BTreeMap;

use serde_json::Value;
use vanban::block::{Block, Cell, Document, Rank, plain_text};

use super::elements::{Measured, SHEETS};
use super::expect::letters;
use crate::support::pdf::Pdf;

#[test]
fn the_fonts_are_the_shipped_ones_embedded_and_subset() {
    for Measured { name, sheet, .. } in SHEETS.iter() {
        let table = Pdf::new(&sheet.bytes).ask("pdffonts", &[], &[]);
        let fonts: Vec<Vec<&str>> =
            table.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
        // Upright, bold, italic, and both in `Nơi nhận:`; the italic ones are place and
        // date.
        let document = sheet.document();
        let least = if document.detached || document.envelope.undated { 3 } else { 4 };
        assert!(fonts.len() >= least, "{name}: {table}");
        for font in fonts {
            let (mark, family) = font[0].split_once('+').unwrap_or_default();
            let shipped = family == "DejaVuSans"
                || ["", "-Bold", "-Italic", "-BoldItalic"]
                    .map(|style| format!("LiberationSerif{style}"))
                    .contains(&family.to_owned());
            assert!(mark.len() == 6 && shipped, "{name}: {font:?}");
            // The last columns: embedded, subset, Unicode, object.
            let flags = &font[font.len() - 5..font.len() - 2];
            assert_eq!(flags, ["yes"; 3], "{name}: {font:?}");
        }
    }
}

#[test]
fn qpdf_finds_nothing_wrong() {
    for Measured { name, sheet, .. } in SHEETS.iter() {
        // Warnings would end the program with code 3.
        let said = Pdf::new(&sheet.bytes).ask("qpdf", &["--check"], &[]);
        assert!(said.contains("No syntax or stream encoding errors found"), "{name}: {said}");
    }
}

#[test]
fn the_tags_hold_every_heading_list_and_table() {
    let mut tables = 0;
    for measured in SHEETS.iter() {
        let Measured { name, sheet, .. } = measured;
        let pdf = Pdf::new(&sheet.bytes);
        let info = pdf.ask("pdfinfo", &[], &[]);
        assert!(info.lines().any(|line| line.replace(' ', "") == "Tagged:yes"), "{name}: {info}");
        let found = tags(&pdf.ask("pdfinfo", &["-struct"], &[]));
        let expected = expected_tags(sheet.document());
        tables += expected["Table"];
        for (tag, count) in &expected {
            let found = found.get(tag).copied().unwrap_or_default();
            assert_eq!(found, *count, "{name}: elements `{tag}`");
        }
        let lists = found.get("L").copied().unwrap_or_default();
        let items = expected["LI"];
        assert!(lists <= items && (lists > 0) == (items > 0), "{name}: {lists} lists");
        let headed = expected.get("H2").is_some_and(|count| *count > 0);
        assert!(headed || !measured.is_example(), "{name}: {expected:?}");
    }
    assert!(tables > 0, "no example holds a table");
}

/// The bookmarks of a reader are the headings, in their order.
#[test]
fn the_outline_names_every_heading() {
    let mut all = 0;
    for Measured { name, sheet, .. } in SHEETS.iter() {
        let json = Pdf::new(&sheet.bytes).ask("qpdf", &["--json", "--json-key=outlines"], &[]);
        let json: Value = serde_json::from_str(&json).unwrap();
        let mut found = Vec::new();
        bookmarks(&json["outlines"], &mut found);
        let mut expected = Vec::new();
        let document = sheet.document();
        headings(&document.body, &mut expected);
        for (at, annex) in document.annexes.iter().enumerate() {
            let kind = annex.kind.as_ref().map(|kind| kind.name.to_uppercase());
            let label = kind.unwrap_or_else(|| document.annex_label(at));
            expected.push(letters(&format!("{label}{}", annex.title.concat())));
            headings(&annex.content, &mut expected);
        }
        assert_eq!(found, expected, "{name}");
        all += found.len();
    }
    assert!(all > 0);
}

fn bookmarks(list: &Value, found: &mut Vec<String>) {
    for bookmark in list.as_array().into_iter().flatten() {
        found.push(letters(bookmark["title"].as_str().unwrap()));
        bookmarks(&bookmark["kids"], found);
    }
}

fn headings(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        if let Block::Section(section) = block {
            let centred = section.rank.is_some_and(|rank| rank != Rank::Article);
            if centred || !section.title.is_empty() {
                found.push(letters(&format!("{}{}", section.label, plain_text(&section.title))));
            }
            headings(&section.content, found);
        }
    }
}

/// How often each structure element occurs.
fn tags(tree: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for line in tree.lines() {
        let line = line.trim_start();
        let tag: String = line.chars().take_while(char::is_ascii_alphanumeric).collect();
        if !tag.is_empty() {
            *counts.entry(tag).or_default() += 1;
        }
    }
    counts
}

fn expected_tags(document: &Document) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for tag in ["H1", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD"] {
        add(&mut counts, tag, 0);
    }
    count(&document.body, 1, &mut counts);
    for annex in &document.annexes {
        add(&mut counts, "H1", 1);
        count(&annex.content, 2, &mut counts);
    }
    counts
}

fn count(blocks: &[Block], depth: usize, counts: &mut BTreeMap<String, usize>) {
    for block in blocks {
        match block {
            Block::Paragraph(_) | Block::Centered(_) | Block::Photo(_) | Block::Signatures(_) => {}
            Block::Section(section) => {
                let centred = section.rank.is_some_and(|rank| rank != Rank::Article);
                let titled = usize::from(centred || !section.title.is_empty());
                add(counts, &format!("H{depth}"), titled);
                count(&section.content, depth + titled, counts);
            }
            Block::List(items) => {
                for tag in ["LI", "Lbl", "LBody"] {
                    add(counts, tag, items.len());
                }
                for item in items {
                    count(&item.children, depth, counts);
                }
            }
            Block::Chart(chart) => add(counts, "Figure", usize::from(!chart.bars.is_empty())),
            Block::Table(table) => {
                add(counts, "Table", 1);
                add(counts, "TR", table.header.len() + table.rows.len());
                // Rows that head the rows below them are heads too.
                let (heads, plain): (Vec<_>, Vec<_>) =
                    table.rows.iter().enumerate().partition(|(at, _)| table.headings.contains(at));
                let cells = |rows: &[(usize, &Vec<Cell>)]| -> usize {
                    rows.iter().map(|(_, row)| row.len()).sum()
                };
                let header: usize = table.header.iter().map(Vec::len).sum();
                add(counts, "TH", header + cells(&heads));
                add(counts, "TD", cells(&plain));
            }
        }
    }
}

fn add(counts: &mut BTreeMap<String, usize>, tag: &str, by: usize) {
    *counts.entry(tag.to_owned()).or_default() += by;
}
