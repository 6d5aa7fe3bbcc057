//! Sizes, weights and styles of every element of PL1-V, on all examples and in
//! both size sets.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::expect::{Element, Role, Sheet};
use super::measure::{Run, same};
use super::{Area, MARGINS, SIZE_SETS, with_layout};
use crate::support::{EXAMPLES, example};

/// An example in a size set.
pub struct Measured {
    pub name: String,
    /// The size of Quốc hiệu and agency names.
    pub names: f64,
    /// The size of Tiêu ngữ, place and date.
    pub motto: f64,
    pub sheet: Sheet,
}

/// The examples in both size sets, measured once.
pub static SHEETS: LazyLock<Vec<Measured>> = LazyLock::new(|| {
    let mut sheets = Vec::new();
    for name in EXAMPLES {
        for (sizes, names, motto) in SIZE_SETS {
            let yaml = with_layout(&example(name), &format!("  sizes: {sizes}"));
            let sheet = Sheet::of(&yaml);
            sheets.push(Measured { name: format!("{name} {sizes}"), names, motto, sheet });
        }
    }
    sheets
});

/// The size of an element.
#[derive(Debug, Clone, Copy)]
enum Size {
    /// That of Quốc hiệu.
    Names,
    /// That of Tiêu ngữ.
    Motto,
    /// That of the text: 14 in the examples.
    Text,
    /// What the decree prescribes for all documents.
    Fixed(f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Letters {
    Capitals,
    /// Not all capitals.
    Lower,
    Any,
}

#[derive(Debug)]
struct Look {
    role: Role,
    size: Size,
    bold: bool,
    italic: bool,
    letters: Letters,
    clause: &'static str,
}

const fn look(
    role: Role,
    size: Size,
    style: (bool, bool),
    letters: Letters,
    clause: &'static str,
) -> Look {
    Look { role, size, bold: style.0, italic: style.1, letters, clause }
}

const REGULAR: (bool, bool) = (false, false);
const BOLD: (bool, bool) = (true, false);
const ITALIC: (bool, bool) = (false, true);
const BOLD_ITALIC: (bool, bool) = (true, true);

/// PL1-V, row by row.
const LOOKS: [Look; 24] = {
    use Letters::{Any, Capitals, Lower};
    use Size::{Fixed, Motto, Names, Text};
    [
        look(Role::Nation, Names, BOLD, Capitals, "PL1-V.1"),
        look(Role::Motto, Motto, BOLD, Lower, "PL1-V.1"),
        look(Role::Superior, Names, REGULAR, Capitals, "PL1-V.2"),
        look(Role::Issuer, Names, BOLD, Capitals, "PL1-V.2"),
        look(Role::Number, Fixed(13.0), REGULAR, Lower, "PL1-V.3"),
        look(Role::PlaceDate, Motto, ITALIC, Lower, "PL1-V.4"),
        look(Role::Kind, Text, BOLD, Capitals, "PL1-V.5a"),
        look(Role::Subject, Text, BOLD, Lower, "PL1-V.5a"),
        look(Role::Basis, Text, ITALIC, Lower, "PL1-II.6.a"),
        look(Role::Paragraph, Text, REGULAR, Lower, "PL1-V.6"),
        look(Role::RomanHeading, Text, BOLD, Capitals, "PL1-V.6b"),
        look(Role::ArabicHeading, Text, BOLD, Lower, "PL1-V.6b"),
        look(Role::PointHeading, Text, REGULAR, Lower, "PL1-V.6b"),
        look(Role::Point, Text, REGULAR, Lower, "PL1-V.6b"),
        look(Role::Item, Text, REGULAR, Lower, "PL1-V.6"),
        look(Role::Authority, Text, BOLD, Capitals, "PL1-V.7"),
        look(Role::OtherTitle, Text, BOLD, Any, "PL1-V.7"),
        look(Role::SignerName, Text, BOLD, Lower, "PL1-V.7"),
        look(Role::RecipientsLabel, Fixed(12.0), BOLD_ITALIC, Lower, "PL1-V.8b"),
        look(Role::Recipient, Fixed(11.0), REGULAR, Any, "PL1-V.8b"),
        look(Role::AnnexLabel, Fixed(14.0), BOLD, Lower, "PL1-V.9"),
        look(Role::AnnexTitle, Text, BOLD, Capitals, "PL1-V.9"),
        look(Role::AnnexReference, Text, ITALIC, Lower, "PL1-III.1.c"),
        look(Role::Urgency, Motto, BOLD, Capitals, "PL1-V.10"),
    ]
};

/// What is wrong with the looks of an element; empty if nothing is.
fn wrong(element: &Element, look: &Look, size: f64) -> Vec<String> {
    let mut found = Vec::new();
    for run in element.lines.iter().flat_map(|line| &line.runs) {
        let Run { text, font, .. } = run;
        if !same(run.size, size) {
            found.push(format!("size {} for {size}: `{text}`", run.size));
        }
        if (run.bold(), run.italic()) != (look.bold, look.italic) {
            found.push(format!("font {font}: `{text}`"));
        }
        if !font.starts_with("LiberationSerif") {
            found.push(format!("font {font}: `{text}`"));
        }
        if run.black() == (look.role == Role::Urgency) {
            found.push(format!("colour {:?}: `{text}`", run.colour));
        }
    }
    let capitals = element.letters == element.letters.to_uppercase();
    if look.letters != Letters::Any && capitals != (look.letters == Letters::Capitals) {
        found.push(format!("letters: `{}`", element.letters));
    }
    found
}

/// Checks the looks of every element; `names` and `motto` are the size set.
pub fn check_looks(name: &str, sheet: &Sheet, names: f64, motto: f64, text: f64) {
    let mut found = Vec::new();
    for element in &sheet.elements {
        let Some(look) = LOOKS.iter().find(|look| look.role == element.role) else { continue };
        let size = match look.size {
            Size::Names => names,
            Size::Motto => motto,
            Size::Text => text,
            Size::Fixed(size) => size,
        };
        let role = look.role;
        let all = wrong(element, look, size);
        found.extend(all.into_iter().map(|what| format!("{} {role:?}: {what}", look.clause)));
    }
    assert!(found.is_empty(), "{name}: {found:#?}");
}

#[test]
fn every_element_has_its_size_weight_and_style() {
    for Measured { name, names, motto, sheet } in SHEETS.iter() {
        check_looks(name, sheet, *names, *motto, 14.0);
    }
}

#[test]
fn the_examples_hold_every_element_but_the_rare_ones() {
    let elements = SHEETS.iter().flat_map(|measured| &measured.sheet.elements);
    let seen: BTreeSet<String> = elements.map(|element| format!("{:?}", element.role)).collect();
    let rare = [Role::OtherTitle, Role::Urgency];
    for look in LOOKS.iter().filter(|look| !rare.contains(&look.role)) {
        assert!(seen.contains(&format!("{:?}", look.role)), "no example has {:?}", look.role);
    }
}

#[test]
fn text_in_tables_has_the_size_that_the_layout_says() {
    let mut tables = 0;
    for Measured { name, sheet, .. } in SHEETS.iter() {
        let size = if name.starts_with("dinh-my") { 12.0 } else { 13.0 };
        for table in sheet.all(Role::Table) {
            tables += 1;
            for run in table.lines.iter().flat_map(|line| &line.runs) {
                assert!(same(run.size, size) && !run.italic() && run.black(), "{name}: {run:#?}");
            }
        }
    }
    assert!(tables > 0);
}

#[test]
fn everything_is_black() {
    for Measured { name, sheet, .. } in SHEETS.iter() {
        for page in &sheet.pages {
            assert!(page.runs.iter().all(Run::black), "{name}: PL1-I.4 asks for black text");
            assert!(page.rules.iter().all(super::Rule::black), "{name}: a rule is not black");
        }
    }
}

#[test]
fn pages_are_a4_and_everything_stands_between_the_margins() {
    for Measured { name, sheet, .. } in SHEETS.iter() {
        check_areas(name, sheet, MARGINS);
        let first = &sheet.pages[0];
        let area = Area::of(first, MARGINS);
        let least = |of: fn(&Run) -> f64| first.runs.iter().map(of).fold(f64::MAX, f64::min);
        let right = first.runs.iter().map(|run| run.right).fold(f64::MIN, f64::max);
        assert!(same(least(|run| run.left), area.left), "{name}: the left margin is used");
        assert!((right - area.right).abs() < 0.5, "{name}: the right margin too");
        assert!(same(least(Run::top), area.top), "{name}: the first line is at the top margin");
        let lowest = sheet.pages.iter().flat_map(|page| &page.runs).map(Run::bottom);
        let unused = area.bottom - lowest.fold(f64::MIN, f64::max);
        assert!(unused < 20.0, "{name}: {unused} pt above the bottom margin are never used");
    }
}

/// Checks the size of every page, and that text and rules stay between the
/// margins, but for what belongs into the top margin.
pub fn check_areas(name: &str, sheet: &Sheet, margins: super::Margins) {
    let landscape: Vec<bool> = landscape(sheet);
    for (at, page) in sheet.pages.iter().enumerate() {
        let (width, height) = if landscape[at] { (297.0, 210.0) } else { (210.0, 297.0) };
        let millimetres = (page.width / super::MM, page.height / super::MM);
        assert!(
            (millimetres.0 - width).abs() < 0.05 && (millimetres.1 - height).abs() < 0.05,
            "{name}: page {at} has {millimetres:?} mm"
        );
        let area = Area::of(page, margins);
        for run in page.runs.iter().filter(|run| run.bottom() > area.top) {
            assert!(
                run.top() > area.top - 0.05
                    && run.bottom() < area.bottom + 0.05
                    && run.left > area.left - 0.05
                    && run.right < area.right + 0.5,
                "{name}: page {at}: outside the margins: {run:#?} {area:?}"
            );
        }
        for rule in page.rules.iter().filter(|rule| rule.bottom > area.top) {
            // A line is drawn half to each side of the edge.
            let half = rule.weight / 2.0 + 0.05;
            assert!(
                rule.left > area.left - half
                    && rule.right < area.right + half
                    && rule.top > area.top - half
                    && rule.bottom < area.bottom + half,
                "{name}: page {at}: outside the margins: {rule:#?} {area:?}"
            );
        }
    }
}

/// Which pages belong to annexes in landscape.
fn landscape(sheet: &Sheet) -> Vec<bool> {
    use vanban::block::Orientation;
    let starts: Vec<usize> = sheet.lines(Role::AnnexLabel).iter().map(|line| line.page).collect();
    let annexes = &sheet.document().annexes;
    (0..sheet.pages.len())
        .map(|page| {
            let annex = starts.iter().rposition(|start| *start <= page);
            annex.is_some_and(|annex| annexes[annex].orientation == Orientation::Landscape)
        })
        .collect()
}

#[test]
fn pages_are_numbered_in_the_top_margin_from_the_second_of_each_part() {
    for Measured { name, sheet, .. } in SHEETS.iter() {
        check_page_numbers(name, sheet, MARGINS, 14.0);
    }
}

/// Checks the page numbers: PL1-I.7 and PL1-III.1.đ.
pub fn check_page_numbers(name: &str, sheet: &Sheet, margins: super::Margins, size: f64) {
    let starts: Vec<usize> = sheet.lines(Role::AnnexLabel).iter().map(|line| line.page).collect();
    let mut number = 0;
    for (at, page) in sheet.pages.iter().enumerate() {
        number = if starts.contains(&at) { 1 } else { number + 1 };
        let area = Area::of(page, margins);
        let above: Vec<&Run> = page.runs.iter().filter(|run| run.bottom() <= area.top).collect();
        if number == 1 {
            assert!(above.is_empty(), "{name}: page {at}: the first page shows no number");
            continue;
        }
        assert_eq!(above.len(), 1, "{name}: page {at}: {above:#?}");
        let run = above[0];
        assert_eq!(run.text, number.to_string(), "{name}: page {at}");
        assert!((run.centre() - area.centre()).abs() < 0.1, "{name}: page {at}: {run:#?}");
        assert!(run.top() > 0.0 && same(run.size, size), "{name}: page {at}: {run:#?}");
        assert!(!run.bold() && !run.italic() && run.black(), "{name}: page {at}: {run:#?}");
    }
}
