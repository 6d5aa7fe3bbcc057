//! The text: indents, justification, line pitch, gaps between paragraphs.

use super::elements::{Measured, SHEETS};
use super::expect::{Element, Sheet};
use super::measure::{MM, same};
use super::{Area, MARGINS, Margins, SINGLE};

/// What a document says about its text.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    pub margins: Margins,
    /// Size in points.
    pub size: f64,
    /// In lines.
    pub spacing: f64,
    /// In points.
    pub gap: f64,
    /// In millimetres.
    pub indent: f64,
}

/// Checks every paragraph of the text (PL1-II.6.e).
pub fn check_text(name: &str, sheet: &Sheet, text: Text) {
    let pitch = SINGLE * text.spacing * text.size;
    let flowing = |element: &&Element| element.role.flows();
    for element in sheet.elements.iter().filter(flowing) {
        check_paragraph(name, sheet, element, text);
        for pair in element.lines.windows(2).filter(|pair| pair[0].page == pair[1].page) {
            let found = pair[1].baseline - pair[0].baseline;
            assert!(
                same(found, pitch),
                "{name}: a line pitch of {found} for {pitch}: `{}`",
                pair[1].text()
            );
        }
    }
    let mut pairs = 0;
    for pair in sheet.elements.windows(2).filter(|pair| pair.iter().all(|one| one.role.flows())) {
        let (above, below) = (pair[0].lines.last().unwrap(), &pair[1].lines[0]);
        if above.page == below.page {
            pairs += 1;
            let gap = below.baseline - above.baseline - pitch;
            let words = below.text();
            assert!(same(gap, text.gap), "{name}: a gap of {gap} for {} above `{words}`", text.gap);
        }
    }
    assert!(pairs > 0, "{name}: no two paragraphs to compare");
}

fn check_paragraph(name: &str, sheet: &Sheet, element: &Element, text: Text) {
    let last = element.lines.len() - 1;
    for (at, line) in element.lines.iter().enumerate() {
        let area = Area::of(&sheet.pages[line.page], text.margins);
        let left = if at == 0 { area.left + text.indent * MM } else { area.left };
        let words = line.text();
        assert!(same(line.left, left), "{name}: starts at {} for {left}: `{words}`", line.left);
        let off = line.right - area.right;
        if at < last {
            assert!(off.abs() <= 0.5, "{name}: ends {off} off the right margin: `{words}`");
        } else {
            assert!(off <= 0.5, "{name}: ends {off} beyond the right margin: `{words}`");
        }
    }
}

#[test]
fn the_text_of_the_examples_is_indented_justified_and_spaced() {
    for Measured { name, sheet, .. } in SHEETS.iter() {
        let spacing = if name.starts_with("dinh-my") { 1.0 } else { 1.15 };
        let text = Text { margins: MARGINS, size: 14.0, spacing, gap: 6.0, indent: 10.0 };
        check_text(name, sheet, text);
    }
}
