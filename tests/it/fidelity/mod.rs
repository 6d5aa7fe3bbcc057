//! The statutory forms say what the gazette says, word for word.
//!
//! `tests/suite/gazette` holds the words of each form as Công báo prints them, in the
//! order of our plain text. A template is printed blank and compared with them; where
//! it departs from them on purpose, its manifest says so and why.

mod comparison;
mod form;
mod rendered;
mod words;

use std::collections::BTreeSet;
use std::fs;

use vanban::catalog::{Defect, Evidence, Exception, Template, Wording};
use vanban::content;
use vanban::output;
use vanban::pipeline::{Input, Renderer};
use vanban::{base::SourceText, block};

use super::support::{RENDERER, repository};
use form::{Words, faults};

/// Forms of the gazette that have no template yet. Whoever makes one strikes it off.
const STILL_TO_COME: &[&str] = &[];

/// What the ids of the forms of NĐ 163/2026 begin with.
const FORMS: &str = "nd163-";

/// The templates that are forms of the gazette: not those that have no sample there.
fn statutory() -> impl Iterator<Item = &'static Template> {
    let templates = RENDERER.catalog().templates().map(AsRef::as_ref);
    templates.filter(|template: &&Template| {
        template.manifest.id.starts_with(FORMS) && template.manifest.evidence == Evidence::Decree
    })
}

/// The files of the forms that have a template.
fn made() -> impl Iterator<Item = String> {
    statutory().map(|template| template.manifest.id.trim_start_matches(FORMS).to_owned())
}

fn gazette_file(template: &Template) -> String {
    let id = template.manifest.id.trim_start_matches(FORMS);
    let path = repository(&format!("tests/suite/gazette/{id}.txt"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is wrong with the words of a form, a fault a paragraph: as it is printed by
/// default, with the slips of the gazette, and with all of them corrected.
fn report(renderer: &Renderer, template: &Template) -> String {
    let gazette = Words::of_gazette(&gazette_file(template));
    let manifest = &template.manifest;
    let choosable = manifest.defects.iter().any(|defect| defect.corrected.is_some());
    let wordings: &[&str] = if choosable { &["default", "decree", "corrected"] } else { &[] };
    let mut found = Vec::new();
    for wording in wordings.iter().copied().map(Some).chain(wordings.is_empty().then_some(None)) {
        let ours = blank(renderer, template, wording);
        let mut exceptions = manifest.exceptions.clone();
        for (id, chosen) in
            Defect::chosen(&manifest.defects, |name| wording.filter(|_| name == Wording::OPTION))
        {
            let defect = manifest.defects.iter().find(|one| one.id == id).unwrap();
            if chosen == Wording::Corrected {
                exceptions.push(Exception {
                    gazette: defect.printed.clone(),
                    ours: defect.words(chosen).to_owned(),
                    reason: defect.vi.clone(),
                });
            }
        }
        let faults = faults(&gazette, &ours, &exceptions);
        let name = wording.filter(|name| *name != "default");
        let heading = |fault: String| match name {
            Some(name) => format!("({name}) {fault}"),
            None => fault,
        };
        found.extend(faults.into_iter().map(heading));
    }
    found.join("\n")
}

#[test]
fn every_form_says_what_the_gazette_says() {
    let mut reports = Vec::new();
    for template in statutory() {
        let report = report(&RENDERER, template);
        if !report.is_empty() {
            reports.push(format!("== {}\n{report}\n", template.manifest.id));
        }
    }
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}

#[test]
fn every_form_names_its_pages_of_the_gazette() {
    for template in statutory() {
        let id = &template.manifest.id;
        let pages = template.manifest.source.gazette_pages;
        let [first, last] = pages.unwrap_or_else(|| panic!("{id}: no `gazette_pages`"));
        let pages = if first == last { first.to_string() } else { format!("{first}-{last}") };
        let file = gazette_file(template);
        let named = file.lines().find_map(|line| Some(line.split_once("trang ")?.1));
        assert_eq!(named, Some(pages.as_str()), "{id}");
    }
}

#[test]
fn every_form_of_the_gazette_has_a_template_or_is_still_to_come() {
    let files: BTreeSet<String> = fs::read_dir(repository("tests/suite/gazette"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".txt").unwrap().to_owned())
        .collect();
    assert_eq!(files.len(), 68, "the catalogue has 68 forms");
    let made: BTreeSet<String> = made().collect();
    let to_come: BTreeSet<String> = STILL_TO_COME.iter().map(|&name| name.to_owned()).collect();
    let both: Vec<_> = made.intersection(&to_come).collect();
    assert!(both.is_empty(), "made, so strike off `STILL_TO_COME`: {both:?}");
    let accounted: BTreeSet<String> = made.union(&to_come).cloned().collect();
    let unknown: Vec<_> = accounted.difference(&files).collect();
    assert!(unknown.is_empty(), "no such form in the gazette: {unknown:?}");
    let forgotten: Vec<_> = files.difference(&accounted).collect();
    assert!(forgotten.is_empty(), "neither made nor to come: {forgotten:?}");
}

/// The faults of the gazette that are known, form by form: none is forgotten. The list
/// is the catalogue's of the forms, in words of our own.
#[test]
fn every_known_defect_is_dealt_with() {
    let text = fs::read_to_string(repository("tests/suite/defects/nd163.json")).unwrap();
    let known: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let known: BTreeSet<String> =
        known.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(known.len(), 116, "the catalogue has 116 defects");
    let mut dealt = BTreeSet::new();
    for template in statutory() {
        let form = template.manifest.id.trim_start_matches(FORMS);
        for defect in &template.manifest.defects {
            let (of, _) = defect.id.rsplit_once('-').unwrap();
            assert_eq!(of, form, "the id of a defect begins with its form");
            assert!(dealt.insert(defect.id.clone()), "{} twice", defect.id);
        }
    }
    let forgotten: Vec<_> = known.difference(&dealt).collect();
    assert!(forgotten.is_empty(), "in no manifest: {forgotten:?}");
    let unknown: Vec<_> = dealt.difference(&known).collect();
    assert!(unknown.is_empty(), "not in the list: {unknown:?}");
}

/// A mark of the gazette to which it has no note: a defect of Phụ lục I, Mẫu số 12.
const MARK_WITHOUT_NOTE: &str = "i-12";

#[test]
fn the_files_of_the_gazette_are_well_formed() {
    for name in STILL_TO_COME.iter().copied().map(str::to_owned).chain(made()) {
        let path = repository(&format!("tests/suite/gazette/{name}.txt"));
        let text = fs::read_to_string(&path).unwrap();
        let (annex, number) = name.split_once('-').unwrap();
        let title = format!("# Mẫu số {number}, Phụ lục {}, ", annex.to_uppercase());
        assert!(text.starts_with(&title), "{name}");
        assert!(text.contains(&format!("\n\nMẫu số {number}\n")), "{name}");
        let form = Words::of_gazette(&text);
        let marks: BTreeSet<char> = form.body.iter().flat_map(|word| word.marks.clone()).collect();
        let notes: BTreeSet<char> = form.notes.keys().copied().collect();
        assert_eq!(marks == notes, name != MARK_WITHOUT_NOTE, "{name}: marks and notes");
    }
}

/// The words of a form without any data.
fn blank(renderer: &Renderer, template: &Template, wording: Option<&str>) -> Words {
    let input = Input::blank(&template.manifest.id);
    let options: Vec<_> = wording
        .map(|wording| (Wording::OPTION.to_owned(), wording.to_owned()))
        .into_iter()
        .collect();
    let checked = renderer.check_with(&input, &options);
    let composed = checked.and_then(|checked| renderer.compose_checked(checked));
    let composed = composed.unwrap_or_else(|findings| {
        let messages: Vec<_> = findings.iter().map(|one| &one.message.en).collect();
        panic!("{}: {messages:#?}", template.manifest.id)
    });
    let (markup, notes) = marked(composed.markup.text());
    let markup = SourceText::new("content.xml", &markup);
    let mut document = content::parse(&markup, &composed.checked.images).unwrap();
    block::number(&mut document);
    block::finish(&mut document);
    Words::new(&output::text(&document), notes.into_iter().enumerate())
}

/// The markup with marks in place of its notes, so that numbers do not run into
/// words; and the words of the notes, by the numbers of their marks.
fn marked(markup: &str) -> (String, Vec<String>) {
    let mut rest = markup;
    let (mut out, mut notes) = (String::new(), Vec::new());
    while let Some((before, after)) = rest.split_once("<note>") {
        let (note, after) = after.split_once("</note>").expect("a note is closed");
        out.push_str(before);
        out.push(words::mark(notes.len()));
        notes.push(characters(note));
        rest = after;
    }
    out.push_str(rest);
    (out, notes)
}

/// The characters of running text without its elements.
fn characters(markup: &str) -> String {
    let mut out = String::new();
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let (element, after) = after.split_once('>').expect("a tag is closed");
        if element.starts_with("br") {
            out.push(' ');
        }
        rest = after;
    }
    out.push_str(rest);
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    entities.into_iter().fold(out, |text, (entity, sign)| text.replace(entity, sign))
}
