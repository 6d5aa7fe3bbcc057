//! The text: indents, justification, line pitch, gaps between paragraphs.

use super::elements::{Measured, SHEETS};
use super::expect::{Element, Role, Sheet};
use super::measure::{MM, Maker, same};
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

/// The text of a document that does not say otherwise.
pub const DEFAULT: Text =
    Text { margins: MARGINS, size: 14.0, spacing: 1.15, gap: 6.0, indent: 10.0 };

impl Text {
    /// What the settings of a document say, within the ranges of the decree.
    pub fn of(sheet: &Sheet) -> Self {
        let settings = &sheet.document().settings;
        let margins = settings.margins;
        let [top, bottom, left, right] = [margins.top, margins.bottom, margins.left, margins.right];
        let vertical = 20.0..=25.0;
        assert!(vertical.contains(&top) && vertical.contains(&bottom), "PL1-I.3: {margins:?}");
        assert!((30.0..=35.0).contains(&left), "PL1-I.3: {margins:?}");
        assert!((15.0..=20.0).contains(&right), "PL1-I.3: {margins:?}");
        let (size, indent) = (settings.text_size, settings.indent);
        assert!((13.0..=14.0).contains(&size), "PL1-V.6: {size}");
        assert!(same(indent, 10.0) || same(indent, 12.7), "PL1-II.6.e: {indent}");
        let (spacing, gap) = (settings.line_spacing, settings.paragraph_gap);
        assert!((1.0..=1.5).contains(&spacing) && gap >= 6.0, "PL1-II.6.e: {spacing}, {gap}");
        Self { margins: [top, bottom, left, right], size, spacing, gap, indent }
    }
}

/// Checks every paragraph of the text (PL1-II.6.e).
/// Gives how many pairs of neighbours there were to compare.
pub fn check_text(name: &str, sheet: &Sheet, text: Text) -> usize {
    let maker = sheet.maker;
    let pitch = SINGLE * text.spacing * text.size;
    let flowing = |element: &&Element| element.role.flows();
    for element in sheet.elements.iter().filter(flowing) {
        check_paragraph(name, sheet, element, text);
        for pair in element.lines.windows(2).filter(|pair| pair[0].page == pair[1].page) {
            let found = pair[1].baseline - pair[0].baseline;
            assert!(
                maker.pitch(found, pitch),
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
            assert!(
                maker.pitch(gap, text.gap),
                "{name}: a gap of {gap} for {} above `{words}`",
                text.gap
            );
        }
    }
    pairs
}

fn check_paragraph(name: &str, sheet: &Sheet, element: &Element, text: Text) {
    let last = element.lines.len() - 1;
    for (at, line) in element.lines.iter().enumerate() {
        let area = Area::of(&sheet.pages[line.page], text.margins);
        let left = if at == 0 { area.left + text.indent * MM } else { area.left };
        let words = line.text();
        assert!(
            sheet.maker.same(line.left, left),
            "{name}: starts at {} for {left}: `{words}`",
            line.left
        );
        let off = line.right - area.right;
        if at < last && !element.broken {
            assert!(
                sheet.maker.within(off, 0.5),
                "{name}: ends {off} off the right margin: `{words}`"
            );
        } else {
            let over = off.max(0.0);
            assert!(
                sheet.maker.within(over, 0.5),
                "{name}: ends {off} beyond the right margin: `{words}`"
            );
        }
    }
}

#[test]
fn the_text_is_indented_justified_and_spaced() {
    SHEETS.iter().for_each(check_flow);
}

pub fn check_flow(measured: &Measured) {
    let Measured { name, text, sheet, .. } = measured;
    let pairs = check_text(name, sheet, *text);
    assert!(pairs > 0 || !measured.is_example(), "{name}: no two paragraphs to compare");
}

#[test]
fn headings_with_names_and_words_of_decision_stand_in_the_middle() {
    SHEETS.iter().for_each(check_middle);
}

/// Checks what stands in the middle: the headings of structure (a), lines of the
/// text, and the words around the legal bases.
pub fn check_middle(Measured { name, text, sheet, .. }: &Measured) {
    use Role::{Centered, CenteredLabel, CenteredTitle, Decider, Enacting};
    let maker = sheet.maker;
    for element in &sheet.elements {
        // PL1-II.6.d for the headings; the forms for the others.
        if ![Centered, CenteredLabel, CenteredTitle, Decider, Enacting].contains(&element.role) {
            continue;
        }
        for line in &element.lines {
            let area = Area::of(&sheet.pages[line.page], text.margins);
            let off = line.centre() - area.centre();
            let words = line.text();
            assert!(maker.within(off, 0.5), "{name}: `{words}` is {off} off the centre");
        }
        for pair in element.lines.windows(2).filter(|_| element.role != Centered) {
            let pitch = pair[1].baseline - pair[0].baseline;
            assert!(maker.pitch(pitch, SINGLE * text.size), "{name}: {pitch}: {element:#?}");
        }
    }
    for pair in sheet.elements.windows(2) {
        let [above, below] = [&pair[0], &pair[1]];
        if above.role == CenteredLabel {
            check_label(name, sheet, above, below, *text);
        }
        // A heading, or what is decided, does not end a page. LibreOffice lets one stand
        // that fills the last line of a page to the margin.
        let ours = [Role::RomanHeading, Role::ArabicHeading, Role::PointHeading];
        let kept = [CenteredTitle, Role::ArticleHeading, Enacting].contains(&above.role)
            || maker == Maker::Program && ours.contains(&above.role);
        if kept {
            let page = above.lines.last().unwrap().page;
            assert_eq!(page, below.lines[0].page, "{name}: alone: {above:#?}");
        }
    }
}

/// Checks a label such as `Chương I` and the title on the line below it
/// (PL1-II.6.d).
fn check_label(name: &str, sheet: &Sheet, label: &Element, title: &Element, text: Text) {
    let words = &label.letters;
    assert_eq!(label.lines.len(), 1, "{name}: `{words}` is on a line of its own");
    assert_eq!(title.role, Role::CenteredTitle, "{name}: PL1-II.6.d: `{words}` has a title");
    let (above, below) = (&label.lines[0], &title.lines[0]);
    assert_eq!(above.page, below.page, "{name}: `{words}` and its title");
    let pitch = below.baseline - above.baseline;
    let single = sheet.maker.pitch(pitch, SINGLE * text.size);
    assert!(single, "{name}: the title is {pitch} below `{words}`");
}
