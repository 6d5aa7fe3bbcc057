//! Sizes, weights and styles of every element of PL1-V, on all examples and in
//! both size sets.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use vanban::block::Orientation;
use vanban::pipeline::Renderer;

use super::expect::{Element, Role, Sheet, letters};
use super::measure::{MM, Run, same};
use super::text::{DEFAULT, Text};
use super::{Area, MARGINS, Rule, SINGLE, SIZE_SETS};
use crate::support::papers::FORMS;
use crate::support::{EXAMPLES, RENDERER, example};

/// A document in a size set.
pub struct Measured {
    pub name: String,
    /// The size of Quốc hiệu and agency names.
    pub names: f64,
    /// The size of Tiêu ngữ, place and date.
    pub motto: f64,
    /// How its text is laid out.
    pub text: Text,
    pub renderer: &'static Renderer,
    pub sheet: Sheet,
}

impl Measured {
    /// Whether it is one of the example plans.
    pub fn is_example(&self) -> bool {
        EXAMPLES.iter().any(|name| self.name.starts_with(name))
    }
}

/// Examples, samples of all templates and of those of this test, in both size
/// sets, measured once.
pub static SHEETS: LazyLock<Vec<Measured>> = LazyLock::new(|| {
    let forms = &*FORMS;
    let of_example = |name: &&str| Source {
        name: (*name).to_owned(),
        yaml: example(name),
        template: None,
        renderer: &RENDERER,
    };
    let mut sources: Vec<Source> = EXAMPLES.iter().map(of_example).collect();
    // The forms of sector decrees keep the look of their decree, and forms without a
    // sample have sizes of their own.
    let nd30 = forms.catalog().templates().filter(|one| !one.manifest.is_filled_in());
    for template in nd30 {
        let id = &template.manifest.id;
        for (name, full) in [("full", true), ("minimal", false)] {
            // The least data of another template may be too little for a paper
            // that is derived from it.
            let own = template.sample(full).contains(&format!("template: {id}\n"));
            if !full && !own {
                continue;
            }
            sources.push(Source {
                name: format!("{id}/{name}"),
                yaml: template.sample(full).to_owned(),
                template: Some(id),
                renderer: forms,
            });
        }
    }
    let jobs: Vec<_> = sources
        .iter()
        .flat_map(|source| SIZE_SETS.iter().map(move |sizes| (source, *sizes)))
        .collect();
    let threads = std::thread::available_parallelism().map_or(4, std::num::NonZero::get);
    let work = &|first: usize| -> Vec<Measured> {
        let jobs = jobs.iter().skip(first).step_by(threads);
        jobs.map(|(source, sizes)| measured(source, *sizes)).collect()
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|first| scope.spawn(move || work(first))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
});

/// Data and the template to measure it with.
struct Source {
    name: String,
    yaml: String,
    template: Option<&'static str>,
    renderer: &'static Renderer,
}

fn measured(source: &Source, (sizes, names, motto): (&str, f64, f64)) -> Measured {
    let Source { name, yaml, template, renderer } = source;
    let (_, node) = vanban::input::read(name, yaml.as_bytes()).unwrap();
    let mut data = node.to_json();
    data["layout"]["sizes"] = sizes.into();
    let name = format!("{name} {sizes}");
    let sheet = AssertUnwindSafe(|| Sheet::by(renderer, *template, &data.to_string()));
    let sheet = catch_unwind(sheet).unwrap_or_else(|_| panic!("{name} cannot be measured"));
    let text = if EXAMPLES.iter().any(|example| name.starts_with(example)) {
        let spacing = if name.starts_with("dinh-my") { 1.0 } else { 1.15 };
        Text { spacing, ..DEFAULT }
    } else {
        Text::of(&sheet)
    };
    Measured { name, names, motto, text, renderer, sheet }
}

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
const LOOKS: [Look; 37] = {
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
        look(Role::AboutLine, Names, REGULAR, Lower, "PL1-V.5b"),
        look(Role::AddressLead, Text, REGULAR, Lower, "PL1-V.8a"),
        look(Role::Addressee, Text, REGULAR, Any, "PL1-V.8a"),
        // Seen in the forms only: the decree does not say it.
        look(Role::Decider, Text, BOLD, Capitals, "PL3-M1.2"),
        look(Role::Enacting, Text, BOLD, Capitals, "PL3-M1.2"),
        look(Role::CenteredLabel, Text, BOLD, Lower, "PL1-V.6a"),
        look(Role::CenteredTitle, Text, BOLD, Capitals, "PL1-V.6a"),
        look(Role::ArticleHeading, Text, BOLD, Lower, "PL1-V.6a"),
        look(Role::Article, Text, REGULAR, Lower, "PL1-V.6a"),
        look(Role::Centered, Text, REGULAR, Any, "PL1-V.6"),
        look(Role::Contact, Fixed(11.0), REGULAR, Lower, "PL1-V.12"),
        // Smaller than the text, in italics: seen in the form only.
        look(Role::Confirmation, Fixed(12.0), ITALIC, Lower, "PL3-M1.10"),
        look(Role::ConfirmationName, Text, BOLD, Lower, "PL3-M1.10"),
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
        if !font.starts_with("LiberationSerif") {
            found.push(format!("font {font}: `{text}`"));
        }
        if run.black() == (look.role == Role::Urgency) {
            found.push(format!("colour {:?}: `{text}`", run.colour));
        }
    }
    // What is set off within the text is bold or italic, and nothing else.
    let said = |style: fn(&Run) -> bool| -> String {
        let runs = element.lines.iter().flat_map(|line| &line.runs);
        letters(&runs.filter(|run| style(run)).map(|run| run.text.as_str()).collect::<String>())
    };
    let bold = if look.bold { &element.letters } else { &element.strong };
    let italic = if look.italic { &element.letters } else { &element.emphasised };
    for (style, expected, found_in) in
        [("bold", bold, said(Run::bold)), ("italic", italic, said(Run::italic))]
    {
        if *expected != found_in {
            found.push(format!("{style} is `{found_in}` for `{expected}`"));
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
    SHEETS.iter().for_each(check_look);
}

/// Checks the looks of every element of a document.
pub fn check_look(measured: &Measured) {
    let Measured { name, names, motto, text, sheet, .. } = measured;
    check_looks(name, sheet, *names, *motto, text.size);
}

#[test]
fn every_element_is_measured_in_some_document() {
    let elements = SHEETS.iter().flat_map(|measured| &measured.sheet.elements);
    let seen: BTreeSet<String> = elements.map(|element| format!("{:?}", element.role)).collect();
    for look in &LOOKS {
        assert!(seen.contains(&format!("{:?}", look.role)), "no document has {:?}", look.role);
    }
}

#[test]
fn text_in_tables_has_the_size_that_the_layout_says() {
    let tables: usize = SHEETS.iter().map(check_tables).sum();
    assert!(tables > 0);
}

/// Checks the text of tables, and gives how many there are.
pub fn check_tables(measured: &Measured) -> usize {
    let Measured { name, sheet, .. } = measured;
    let size = match measured.is_example() {
        true if name.starts_with("dinh-my") => 12.0,
        true => 13.0,
        false => sheet.document().settings.table_size,
    };
    let tables = sheet.all(Role::Table);
    let captions = sheet.all(Role::Caption);
    for run in tables.iter().chain(&captions).flat_map(|one| &one.lines).flat_map(|l| &l.runs) {
        assert!(same(run.size, size) && !run.italic() && run.black(), "{name}: {run:#?}");
    }
    let bold = |run: &Run| run.bold();
    assert!(captions.iter().flat_map(|one| &one.lines).flat_map(|l| &l.runs).all(bold), "{name}");
    tables.len()
}

/// The labels of a chart are a point smaller than the text of tables; a head for
/// which there is little room is smaller still.
#[test]
fn words_of_charts_are_smaller_than_those_of_tables() {
    let mut charts = 0;
    for Measured { name, sheet, .. } in SHEETS.iter() {
        let size = sheet.document().settings.table_size - 1.0;
        for chart in sheet.all(Role::Chart) {
            charts += 1;
            for run in chart.lines.iter().flat_map(|line| &line.runs) {
                let fits = same(run.size, size) || run.bold() && (6.0..size).contains(&run.size);
                assert!(fits && !run.italic() && run.black(), "{name}: {run:#?}");
            }
        }
    }
    assert!(charts > 0, "no sample holds a chart");
}

#[test]
fn everything_is_black_but_the_mark_of_urgency() {
    SHEETS.iter().for_each(check_colours);
}

pub fn check_colours(Measured { name, sheet, .. }: &Measured) {
    let document = sheet.document();
    // The marks stand in the envelope, which a paper on its own does not have.
    let mark = document.envelope.marks.urgency.filter(|_| !document.detached);
    let mark = mark.map_or("", |urgency| urgency.text());
    for page in &sheet.pages {
        let black = |run: &Run| run.black() || run.text == mark;
        assert!(page.runs.iter().all(black), "{name}: PL1-I.4 asks for black text");
    }
    let rules = sheet.pages.iter().flat_map(|page| &page.rules);
    let red = rules.filter(|rule| !Rule::black(rule)).count();
    assert_eq!(red, usize::from(!mark.is_empty()), "{name}: rules that are not black");
}

#[test]
fn pages_are_a4_and_everything_stands_between_the_margins() {
    SHEETS.iter().for_each(check_area);
}

/// Checks the pages, and that the text of the first starts at its top.
pub fn check_area(Measured { name, text, sheet, .. }: &Measured) {
    check_areas(name, sheet, text.margins);
    let first = &sheet.pages[0];
    let area = Area::of(first, text.margins);
    let inside = first.runs.iter().filter(|run| run.bottom() > area.top);
    let top = inside.map(Run::top).fold(f64::MAX, f64::min);
    let level = sheet.maker.same(top, area.top);
    assert!(level, "{name}: the first line is at {top}, the margin at {}", area.top);
}

#[test]
fn the_examples_use_the_page_up_to_the_margins() {
    SHEETS.iter().filter(|one| one.is_example()).for_each(check_use);
}

pub fn check_use(Measured { name, text, sheet, .. }: &Measured) {
    let maker = sheet.maker;
    let first = &sheet.pages[0];
    let area = Area::of(first, MARGINS);
    let left = first.runs.iter().map(|run| run.left).fold(f64::MAX, f64::min);
    let right = first.runs.iter().map(|run| run.right).fold(f64::MIN, f64::max);
    assert!(maker.same(left, area.left), "{name}: the left margin is used");
    assert!(maker.within(right - area.right, 0.5), "{name}: the right margin too");
    let lowest = sheet.pages.iter().flat_map(|page| &page.runs).map(Run::bottom);
    let unused = area.bottom - lowest.fold(f64::MIN, f64::max);
    // Less than the next line would have needed.
    let limit = SINGLE * text.spacing * text.size + text.gap;
    assert!(unused < limit, "{name}: {unused} pt above the bottom margin are never used");
}

/// Checks the size of every page, and that text and rules stay between the
/// margins, but for what belongs into the top margin.
pub fn check_areas(name: &str, sheet: &Sheet, margins: super::Margins) {
    let hair = sheet.maker.hair();
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
                run.top() > area.top - hair
                    && run.bottom() < area.bottom + hair
                    && run.left > area.left - hair
                    && run.right < area.right + 0.5 + hair,
                "{name}: page {at}: outside the margins: {run:#?} {area:?}"
            );
        }
        for rule in page.rules.iter().filter(|rule| rule.bottom > area.top) {
            // A line is drawn half to each side of the edge.
            let half = rule.weight / 2.0 + hair;
            assert!(
                rule.left > area.left - half
                    && rule.right < area.right + half
                    && rule.top > area.top - half
                    && rule.bottom < area.bottom + half,
                "{name}: page {at}: outside the margins: {rule:#?} {area:?}"
            );
        }
        for picture in &page.pictures {
            let inside = picture.left > area.left - hair
                && picture.right < area.right + hair
                && picture.top > area.top - hair
                && picture.bottom < area.bottom + hair;
            assert!(inside, "{name}: page {at}: outside the margins: {picture:#?} {area:?}");
        }
    }
}

/// Which pages lie across.
fn landscape(sheet: &Sheet) -> Vec<bool> {
    let document = sheet.document();
    let across = |part: usize| match part.checked_sub(1) {
        Some(annex) => document.annexes[annex].orientation == Orientation::Landscape,
        None => document.settings.orientation == Orientation::Landscape,
    };
    sheet.parts().into_iter().map(across).collect()
}

#[test]
fn pages_are_numbered_in_the_top_margin_from_the_second_of_each_part() {
    SHEETS.iter().for_each(check_numbers);
}

pub fn check_numbers(Measured { name, text, sheet, .. }: &Measured) {
    check_page_numbers(name, sheet, text.margins, text.size);
}

/// Checks the page numbers: PL1-I.7 and PL1-III.1.đ. Beside them the top margin
/// holds the marks of box 11 and what an agency's signature says.
pub fn check_page_numbers(name: &str, sheet: &Sheet, margins: super::Margins, size: f64) {
    let parts = sheet.parts();
    let mut number = 0;
    for (at, page) in sheet.pages.iter().enumerate() {
        number = if at > 0 && parts[at] == parts[at - 1] { number + 1 } else { 1 };
        let area = Area::of(page, margins);
        let above: Vec<&Run> = page.runs.iter().filter(|run| run.bottom() <= area.top).collect();
        if number == 1 {
            let words: String = above.iter().map(|run| run.text.as_str()).collect();
            let expected = if at == 0 { top_words(sheet) } else { String::new() };
            assert_eq!(letters(&words), expected, "{name}: page {at}: shows no number");
            continue;
        }
        assert_eq!(above.len(), 1, "{name}: page {at}: {above:#?}");
        let run = above[0];
        assert_eq!(run.text, number.to_string(), "{name}: page {at}");
        let off = run.centre() - area.centre();
        assert!(sheet.maker.within(off, 0.1), "{name}: page {at}: {off} off: {run:#?}");
        assert!(run.top() > 0.0 && same(run.size, size), "{name}: page {at}: {run:#?}");
        assert!(!run.bold() && !run.italic() && run.black(), "{name}: page {at}: {run:#?}");
    }
}

/// What stands in the top margin of the first page.
fn top_words(sheet: &Sheet) -> String {
    let document = sheet.document();
    let marks = &document.envelope.marks;
    let words = if document.detached {
        document.signing.clone().unwrap_or_default()
    } else {
        let draft = if marks.draft { "DỰ THẢO" } else { "" };
        format!("{draft}{}", marks.circulation.as_deref().unwrap_or_default())
    };
    letters(&words)
}

#[test]
fn what_the_signature_of_the_agency_says_stands_at_the_top_right() {
    let signed: usize = SHEETS.iter().map(check_signing).sum();
    assert!(signed > 0, "no document has such a line");
}

/// Checks the line of an agency's signature, and gives how many there are.
pub fn check_signing(Measured { name, text, sheet, .. }: &Measured) -> usize {
    let Some(words) = &sheet.document().signing else { return 0 };
    let page = &sheet.pages[0];
    let area = Area::of(page, text.margins);
    let runs: Vec<&Run> = page.runs.iter().filter(|run| run.bottom() <= area.top).collect();
    assert_eq!(runs.len(), 1, "{name}: `{words}` is one line: {runs:#?}");
    let run = runs[0];
    // PL1-II.8.b: size 10, upright, black, on the right at the top.
    assert!(same(run.size, 10.0) && !run.bold() && !run.italic() && run.black(), "{name}");
    assert!(sheet.maker.within(run.right - area.right, 0.5), "{name}: {run:#?}");
    assert!(run.top() > 5.0 * MM, "{name}: not at the edge of the paper: {run:#?}");
    1
}
