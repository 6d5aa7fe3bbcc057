//! The file as a whole: fonts, structure, conformity.

use std::collections::BTreeMap;

use vanban::block::{Block, Document};

use super::elements::{Measured, SHEETS};
use crate::support::pdf::Pdf;

#[test]
fn the_fonts_are_the_shipped_ones_embedded_and_subset() {
    for Measured { name, sheet, .. } in SHEETS.iter() {
        let table = Pdf::new(&sheet.bytes).ask("pdffonts", &[], &[]);
        let fonts: Vec<Vec<&str>> =
            table.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
        assert!(fonts.len() >= 4, "{name}: {table}");
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
    for Measured { name, sheet, .. } in SHEETS.iter() {
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
        let lists = found["L"];
        assert!(0 < lists && lists <= expected["LI"], "{name}: {lists} lists");
        assert!(expected["H1"] > 0 && expected["H2"] > 0, "{name}: {expected:?}");
    }
    assert!(tables > 0, "no example holds a table");
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
            Block::Paragraph(_) | Block::Centered(_) => {}
            Block::Section(section) => {
                let titled = usize::from(!section.title.is_empty());
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
                add(counts, "TH", table.header.iter().map(Vec::len).sum());
                add(counts, "TD", table.rows.iter().map(Vec::len).sum());
            }
        }
    }
}

fn add(counts: &mut BTreeMap<String, usize>, tag: &str, by: usize) {
    *counts.entry(tag.to_owned()).or_default() += by;
}
