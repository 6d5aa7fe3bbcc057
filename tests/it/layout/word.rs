//! The Word files: the PDF files that LibreOffice makes of them, measured with the
//! table of our own.
//!
//! What cannot be measured in them are the tags and bookmarks of a PDF and how its
//! fonts are embedded (`file`), the places to be signed (`signing`), and the words of
//! charts, which are pictures in a Word file. Where LibreOffice ends lines and pages is
//! its own affair, so elements are found by their words.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::thread;

use vanban::pipeline::{Composed, Format, Input, Renderer};

use super::elements::{self, Measured, SHEETS};
use super::expect::{Element, Role, Sheet};
use super::measure::{MM, Maker, measure};
use super::{Case, annex, closing, header, settings, text};
use crate::support::RENDERER;
use crate::support::office::convert;
use crate::support::papers::{FORMS, each};

/// The documents of `SHEETS` as Word files, opened by LibreOffice, or why one
/// could not be measured.
static WORD: LazyLock<Vec<Result<Measured, String>>> = LazyLock::new(|| {
    let documents: Vec<(&Renderer, &Composed)> =
        SHEETS.iter().map(|one| (one.renderer, &*one.sheet.composed)).collect();
    let pdfs = opened(&documents);
    let pairs: Vec<(&Measured, Vec<u8>)> = SHEETS.iter().zip(pdfs).collect();
    each(&pairs, |(ours, pdf)| measured(ours, pdf))
});

fn measured(ours: &Measured, pdf: &[u8]) -> Result<Measured, String> {
    let composed = Arc::clone(&ours.sheet.composed);
    let sheet = || Sheet::read(Maker::LibreOffice, composed, pdf.to_vec());
    let sheet = catch_unwind(AssertUnwindSafe(sheet)).map_err(|cause| why(&*cause))?;
    Ok(Measured { name: ours.name.clone(), sheet, ..*ours })
}

/// The PDF files that LibreOffice makes of the Word files of documents.
pub fn opened(documents: &[(&Renderer, &Composed)]) -> Vec<Vec<u8>> {
    let threads = thread::available_parallelism().map_or(4, std::num::NonZero::get);
    let parts: Vec<&[_]> = documents.chunks(documents.len().div_ceil(threads).max(1)).collect();
    let open = |part: &&[(&Renderer, &Composed)]| {
        let names: Vec<String> = (0..part.len()).map(|at| format!("{at:03}")).collect();
        let word = |(renderer, composed): &(&Renderer, &Composed)| {
            renderer.write(composed, Format::Docx).unwrap()
        };
        let files: Vec<Vec<u8>> = part.iter().map(word).collect();
        let named = names.iter().map(String::as_str).zip(files.iter().map(Vec::as_slice));
        convert(&named.collect::<Vec<_>>(), "pdf", "pdf")
    };
    each(&parts, open).into_iter().flatten().collect()
}

fn why(cause: &(dyn std::any::Any + Send)) -> String {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// Checks every Word file, and fails with what is wrong in each.
fn check<R>(what: impl Fn(&Measured) -> R) {
    let mut wrong = Vec::new();
    for (measured, ours) in WORD.iter().zip(SHEETS.iter()) {
        let found = match measured {
            Ok(measured) => catch_unwind(AssertUnwindSafe(|| what(measured))).map_err(|c| why(&*c)),
            Err(unread) => Err(format!("{}: {unread}", ours.name)),
        };
        wrong.extend(found.err());
    }
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} of {} Word files:\n{}", WORD.len(), wrong.join("\n"));
}

/// Checks Word files of other data.
fn check_cases(cases: &[Case]) {
    let composed: Vec<Arc<Composed>> = cases
        .iter()
        .map(|case| {
            let data = case.data.to_string();
            Arc::new(RENDERER.compose(&Input::new("test.yaml", data.as_bytes())).unwrap())
        })
        .collect();
    let documents: Vec<(&Renderer, &Composed)> =
        composed.iter().map(|composed| (&*RENDERER, &**composed)).collect();
    let mut wrong = Vec::new();
    for ((case, composed), pdf) in cases.iter().zip(&composed).zip(opened(&documents)) {
        let composed = Arc::clone(composed);
        let check = || (case.check)(&case.name, &Sheet::read(Maker::LibreOffice, composed, pdf));
        let found = catch_unwind(AssertUnwindSafe(check));
        wrong.extend(found.err().map(|cause| format!("{}: {}", case.name, why(&*cause))));
    }
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} of {} Word files:\n{}", cases.len(), wrong.join("\n"));
}

#[test]
fn headers_hold_long_names_dates_and_symbols() {
    use header::{four_lines, long_dates, long_names, symbols, wide_numbers};
    let cases = [four_lines(), long_names(), long_dates(), symbols(), wide_numbers()];
    check_cases(&cases.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn marks_have_their_frames() {
    check_cases(&header::urgency());
    check_cases(&header::margin_marks());
}

#[test]
fn settings_are_applied_at_both_ends_of_their_ranges() {
    use settings::{ends_of_ranges, shares_of_rules, sizes_of_tables};
    let cases = [ends_of_ranges(), shares_of_rules(), sizes_of_tables()];
    check_cases(&cases.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn annexes_are_counted_and_their_tables_repeat_their_headers() {
    let cases = [annex::annexes(), annex::long_tables()];
    check_cases(&cases.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn signatures_and_recipients_of_all_kinds_stand_in_their_columns() {
    use closing::{authorities, many_recipients, unusual_signatures};
    let cases = [authorities(), unusual_signatures(), many_recipients()];
    check_cases(&cases.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn signatures_are_not_alone_on_a_page() {
    check_cases(&closing::endings());
}

/// Charts are pictures, of which a long one has several.
#[test]
fn charts_are_pictures() {
    let mut charts = 0;
    for (ours, word) in SHEETS.iter().zip(WORD.iter()) {
        let Ok(word) = word else { continue };
        let expected = ours.sheet.all(Role::Chart).len();
        let found: usize = word.sheet.pages.iter().map(|page| page.pictures.len()).sum();
        let right = found >= expected && (found > 0) == (expected > 0);
        assert!(right, "{}: {found} pictures of {expected} charts", ours.name);
        charts += expected;
    }
    assert!(charts > 0, "no sample holds a chart");
}

#[test]
fn every_element_has_its_size_weight_and_style() {
    check(elements::check_look);
}

#[test]
fn text_in_tables_has_the_size_that_the_layout_says() {
    check(elements::check_tables);
}

#[test]
fn everything_is_black_but_the_mark_of_urgency() {
    check(elements::check_colours);
}

#[test]
fn pages_are_a4_and_everything_stands_between_the_margins() {
    check(elements::check_area);
}

#[test]
fn the_examples_use_the_page_up_to_the_margins() {
    check(|measured| {
        if measured.is_example() {
            elements::check_use(measured);
        }
    });
}

#[test]
fn pages_are_numbered_in_the_top_margin_from_the_second_of_each_part() {
    check(elements::check_numbers);
}

#[test]
fn what_the_signature_of_the_agency_says_stands_at_the_top_right() {
    check(elements::check_signing);
}

#[test]
fn annexes_and_regulations_have_their_heads() {
    check(annex::check_heads);
}

#[test]
fn recipients_and_signatures_stand_side_by_side() {
    check(closing::check_end);
}

#[test]
fn another_body_confirms_on_the_left_below_the_recipients() {
    check(closing::check_confirmation);
}

#[test]
fn address_and_telephone_stand_at_the_foot_of_the_first_page() {
    check(closing::check_contact);
}

#[test]
fn headers_are_laid_out_as_the_decree_asks() {
    check(header::check_head);
}

#[test]
fn addressees_stand_below_the_header() {
    check(header::check_addressed);
}

#[test]
fn the_text_is_indented_justified_and_spaced() {
    check(text::check_flow);
}

#[test]
fn headings_with_names_and_words_of_decision_stand_in_the_middle() {
    check(text::check_middle);
}

/// As many pages as our own PDF; of documents over five pages one more or less.
#[test]
fn word_files_have_as_many_pages() {
    let mut long = 0;
    let mut wrong = Vec::new();
    for (ours, word) in SHEETS.iter().zip(WORD.iter()) {
        let Ok(word) = word else {
            wrong.push(format!("{}: not measured", ours.name));
            continue;
        };
        let [one, other] = [ours, word].map(|measured| measured.sheet.pages.len());
        long += usize::from(one > 5);
        let allowed = usize::from(one > 5);
        if one.abs_diff(other) > allowed {
            wrong.push(format!("{}: {other} pages for {one}", ours.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(long > 0, "no document has more than five pages");
}

/// The forms that are filled in: those of sector decrees, which the table of Nghị định
/// 30/2020/NĐ-CP does not describe, and those without a sample.
#[test]
fn word_files_of_forms_have_as_many_pages() {
    let forms = FORMS.catalog().templates().filter(|one| one.manifest.is_filled_in());
    let samples = forms.flat_map(|form| [true, false].map(|full| (form, full)));
    let samples = samples.filter(|(form, full)| {
        *full || form.sample(false).contains(&format!("template: {}\n", form.manifest.id))
    });
    let composed: Vec<(String, Composed)> = samples
        .map(|(form, full)| {
            let id = form.manifest.id.as_str();
            let input = Input::new(id, form.sample(full).as_bytes());
            let composed = FORMS.compose(&Input { template: Some(id), ..input });
            let name = format!("{id}, {}", if full { "full" } else { "minimal" });
            (name, composed.unwrap_or_else(|found| panic!("{id}: {found:#?}")))
        })
        .collect();
    let documents: Vec<(&Renderer, &Composed)> =
        composed.iter().map(|(_, composed)| (&*FORMS, composed)).collect();
    assert!(!documents.is_empty(), "no template has a layout of its own");
    let mut wrong = Vec::new();
    for ((name, composed), word) in composed.iter().zip(opened(&documents)) {
        let ours = measure(&FORMS.write(composed, Format::Pdf).unwrap()).len();
        let word = measure(&word).len();
        if ours.abs_diff(word) > usize::from(ours > 5) {
            wrong.push(format!("{name}: {word} pages for {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Elements stand where those of our own PDF stand: from the left, and below the
/// element before them on the page; those at the top of the first page also from the
/// top, so that the small differences of some lines do not add up.
#[test]
fn elements_of_word_files_stand_where_ours_stand() {
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for (ours, word) in SHEETS.iter().zip(WORD.iter()) {
        let Ok(word) = word else {
            wrong.push(format!("{}: not measured", ours.name));
            continue;
        };
        let [one, other] = [ours, word].map(|measured| {
            let printed = measured.sheet.elements.iter().filter(|one| one.role != Role::Chart);
            printed.collect::<Vec<_>>()
        });
        assert_eq!(one.len(), other.len(), "{}", ours.name);
        for at in 0..one.len() {
            pairs += 1;
            let before = at.checked_sub(1).map(|before| (one[before], other[before]));
            let moved = moved((one[at], other[at]), before);
            let words = one[at].lines[0].text();
            let role = one[at].role;
            wrong.extend(moved.map(|how| format!("{}: {role:?} `{words}`: {how}", ours.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pairs > 1000, "only {pairs} elements were compared");
}

/// How far an element stands from where it stands in our PDF, if that is too far.
fn moved(
    (ours, word): (&Element, &Element),
    before: Option<(&Element, &Element)>,
) -> Option<String> {
    let far = |off: f64, what: &str| (off.abs() > 2.0 * MM).then(|| format!("{off:.1} pt {what}"));
    assert_eq!(ours.letters, word.letters);
    // A gap at the end of a line is not seen, and columns of tables depend on it.
    let right = word.lines[0].left - ours.lines[0].left;
    let right = if ours.role == Role::Table { None } else { far(right, "to the right") };
    right.or_else(|| {
        if above_text(ours.role) && start(ours).0 == 0 && start(word).0 == 0 {
            return far(start(word).1 - start(ours).1, "lower");
        }
        let below = |element: &Element, before: &Element| {
            let ((page, top), (page_before, bottom)) = (start(element), end(before));
            (page == page_before).then_some(top - bottom)
        };
        let (ours_before, word_before) = before?;
        // Recipients may have other lines, and a signature stands beside them.
        if ours_before.role == Role::Recipient && ours.role != Role::Recipient {
            return None;
        }
        let down = below(word, word_before)? - below(ours, ours_before)?;
        far(down, "farther below what is before it")
    })
}

/// The page and the baseline of the first line.
fn start(element: &Element) -> (usize, f64) {
    let page = element.lines.iter().map(|line| line.page).min().unwrap();
    let lines = element.lines.iter().filter(|line| line.page == page);
    (page, lines.map(|line| line.baseline).fold(f64::MAX, f64::min))
}

/// Those of the last.
fn end(element: &Element) -> (usize, f64) {
    let page = element.lines.iter().map(|line| line.page).max().unwrap();
    let lines = element.lines.iter().filter(|line| line.page == page);
    (page, lines.map(|line| line.baseline).fold(f64::MIN, f64::max))
}

/// Whether an element stands above the text of the first page.
fn above_text(role: Role) -> bool {
    use Role::{
        AboutLine, AddressLead, Addressee, Decider, Issuer, Kind, Motto, Nation, Number, PlaceDate,
        Subject, Superior, Urgency,
    };
    let header = [Superior, Issuer, Nation, Motto, Number, PlaceDate, AboutLine, Urgency];
    header.contains(&role) || matches!(role, Kind | Subject | AddressLead | Addressee | Decider)
}
