//! Hostile texts come out as they went in: through every text field of every
//! template, in the PDF, in plain text and in the block tree.

use serde_json::{Value, json};

use super::support::pdf::Pdf;
use super::support::{RENDERER, pdf_of, text_of};
use vanban::base::Severity;
use vanban::catalog::{Schema, Template};
use vanban::pipeline::{Composed, Emit, Format, Input};

/// Texts that would do something in Typst, Tera, XML, Markdown, JSON or YAML.
pub const HOSTILE: [&str; 16] = [
    "#eval(\"1\")",
    "#panic(1)",
    "{{ x }}",
    "{% if x %}",
    "{# x #}",
    "</p><p>",
    "<!--x-->",
    "&lt;b&gt;",
    "]]>",
    "*x*_y_`z`",
    "$a$ $x^2$",
    "= a",
    "@ref <label>",
    "\\u{41} \\n \\",
    "\"a\" 'b'",
    "//x /*y*/ ~ -- --- ...",
];

/// A plan with `text` in every text field, each time behind a mark of its own.
pub fn plan(text: &str, marks: &mut Vec<String>) -> Value {
    let mut field = |name: &str| {
        let mark = format!("m{}{name}", marks.len());
        marks.push(mark.clone());
        format!("{mark} {text} e")
    };
    json!({
        "template": "plan",
        "issuer": { "superior": field("superior"), "name": field("issuer"), "symbol": "UBND",
            "name_in_text": field("intext") },
        "place": field("place").chars().take(60).collect::<String>(),
        "subject": field("subject"),
        "bases": [field("basis")],
        "opening": field("opening"),
        "targets": { "a": { "name": field("target"), "value": field("value"), "unit": field("unit"),
            "note": field("note"), "section": "s" } },
        "sections": [{
            "id": "s", "title": field("title"),
            "content": [field("paragraph"),
                { "items": [{ "text": field("item"), "items": [field("plus")] }] },
                { "table": { "caption": field("caption"), "columns": [field("column")],
                    "rows": [[field("cell")], [{ "text": field("bold"), "bold": true }]] } },
                { "targets": "list" }],
            "sections": [{ "text": field("lead") }, { "title": field("inner"),
                "content": ["tail"], "ending": field("ending") }],
        }],
        "funding": { "title": field("funding"),
            "sources": [{ "name": field("source"), "amount": 1, "note": field("srcnote") }] },
        "assignments": { "agencies": [{ "agency": field("agency"), "duties": [
            { "text": field("duty"), "with": [field("with")], "deadline": field("deadline"),
              "product": field("product") }] }] },
        "reporting": { "reports": [{ "name": field("report"), "to": field("to"),
            "via": field("via"), "period": field("period") }] },
        "schedule": { "rows": [{ "task": field("task"), "agency": field("lead_agency"),
            "time": field("time"), "product": field("output") }] },
        "closing": field("closing"),
        "annexes": [{ "title": field("annex"), "content": [field("annextext")] }],
        "recipients": {
            "paper": [{ "name": field("recipient"), "purpose": field("purpose") }],
            "electronic": [field("electronic")],
            "archive": { "unit": field("unitname"), "drafter": field("drafter") } },
        "signature": { "TM": field("tm"), "title": field("signer"), "name": field("name") },
    })
}

/// Without spaces, and in capitals: some fields are printed so.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
}

#[test]
fn every_field_prints_what_it_was_given() {
    for hostile in HOSTILE {
        let mut marks = Vec::new();
        let data = plan(hostile, &mut marks).to_string();
        let text = squeezed(&text_of(&data));
        let pdf = squeezed(&Pdf::new(&pdf_of(&data)).ask("pdftotext", &["-raw"], &["-"]));
        for mark in &marks {
            // The place field is cut to its longest length.
            let expected = if mark.ends_with("place") {
                squeezed(&format!("{mark} {hostile} e").chars().take(60).collect::<String>())
            } else {
                squeezed(&format!("{mark} {hostile} e"))
            };
            assert!(text.contains(&expected), "text: {mark} of {hostile}");
            assert!(pdf.contains(&expected), "pdf: {mark} of {hostile}\n{pdf}");
        }
    }
}

/// Keys that are left out: what is printed nowhere, and what ties a value to
/// another so that neither can be any text.
const TIED: [&str; 2] = ["$schema", "total_of"];

/// What free text the schema allows at a place: none where it asks for a date, a
/// symbol, a name of its own, or one of a few words.
fn longest(schema: &Schema, pointer: &str) -> Option<usize> {
    let at = schema.describe(pointer)?;
    let bound = ["pattern", "enum", "const", "format"];
    let free = bound.iter().all(|keyword| schema.keyword(at, keyword).is_none());
    let length = schema.keyword(at, "maxLength").and_then(Value::as_u64);
    free.then(|| length.map_or(usize::MAX, |length| usize::try_from(length).unwrap()))
}

/// Puts texts into all free text fields of a value, and collects them.
fn fill(
    schema: &Schema,
    pointer: &str,
    value: &mut Value,
    next: &mut dyn FnMut() -> String,
    texts: &mut Vec<String>,
) {
    match value {
        Value::String(text) => {
            if let Some(length) = longest(schema, pointer) {
                *text = next().chars().take(length).collect();
                texts.push(text.clone());
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter_mut().enumerate() {
                fill(schema, &format!("{pointer}/{at}"), value, next, texts);
            }
        }
        Value::Object(object) => {
            object.retain(|key, _| !TIED.contains(&key.as_str()));
            for (key, value) in object.iter_mut() {
                fill(schema, &format!("{pointer}/{key}"), value, next, texts);
            }
        }
        _ => {}
    }
}

/// The full sample of a template with a text in every free field, each behind a
/// mark of its own. The texts take turns, beginning with `first`. In a numbered
/// document left-over marks are errors: it has no number, or no such texts.
fn filled(template: &Template, texts: &[&str], first: usize) -> (Composed, Vec<String>) {
    let (_, node) = vanban::input::read("full.yaml", template.sample(true).as_bytes()).unwrap();
    let mut data = node.to_json();
    let (schema, id) = (template.schema().unwrap(), template.manifest.id.as_str());
    let required =
        schema.bundle["required"].as_array().is_some_and(|all| all.contains(&json!("number")));
    let mut texts = texts.to_vec();
    if required {
        texts.retain(|text| !text.contains("{{"));
    } else {
        data.as_object_mut().unwrap().remove("number");
    }
    let (mut at, mut written) = (0, Vec::new());
    let mut next = || {
        at += 1;
        format!("m{at} {} e", texts[(first + at) % texts.len()])
    };
    fill(schema, "", &mut data, &mut next, &mut written);
    let data = data.to_string();
    let input = Input { template: Some(id), ..Input::new("full.json", data.as_bytes()) };
    let composed = RENDERER.compose(&input).unwrap_or_else(|found| {
        let errors = found.iter().filter(|one| one.severity == Severity::Error);
        let errors: Vec<_> = errors.map(|one| (one.code.clone(), &one.message.en)).collect();
        panic!("{id}: {errors:#?}")
    });
    (composed, written)
}

/// Which of the texts stand in a printed text.
fn printed(printed: &str, texts: &[String]) -> Vec<bool> {
    let printed = squeezed(printed);
    texts.iter().map(|text| printed.contains(&squeezed(text))).collect()
}

fn each_template(test: impl Fn(&Template) + Sync) {
    let templates: Vec<_> = RENDERER.catalog().templates().collect();
    std::thread::scope(|scope| {
        for start in 0..4 {
            let mine = templates.iter().skip(start).step_by(4);
            let test = &test;
            scope.spawn(move || mine.for_each(|template| test(template)));
        }
    });
}

/// Which fields a form prints is seen with a harmless text: the name of an agency
/// in a sentence is not printed where there is no annex.
#[test]
fn every_field_of_every_template_prints_what_it_was_given() {
    each_template(|template| {
        let id = &template.manifest.id;
        let (harmless, texts) = filled(template, &["abc"], 0);
        let expected = printed(&RENDERER.emit(&harmless, Emit::Text).unwrap(), &texts);
        let lost = texts.iter().zip(&expected).filter(|(_, printed)| !**printed);
        let lost: Vec<&String> = lost.map(|(text, _)| text).collect();
        // A paper that is made from the data of another template prints some of it.
        // A form prints some of a case.
        let own =
            harmless.checked.data["template"] == json!(id) && !template.manifest.is_filled_in();
        let allowed = if own { texts.len() / 10 } else { texts.len().saturating_sub(3) };
        assert!(lost.len() <= allowed, "{id}: {lost:?} of {}", texts.len());
        let shape = |composed: &Composed| {
            let tree = RENDERER.emit(composed, Emit::Blocks).unwrap();
            skeleton(&serde_json::from_str(&tree).unwrap()).to_string()
        };
        let shape_of_harmless = shape(&harmless);
        for first in 0..HOSTILE.len() {
            let (composed, texts) = filled(template, &HOSTILE, first);
            let text = RENDERER.emit(&composed, Emit::Text).unwrap();
            let found = printed(&text, &texts);
            let lost = texts.iter().zip(expected.iter().zip(&found));
            let lost: Vec<&String> =
                lost.filter(|(_, (one, other))| one != other).map(|(text, _)| text).collect();
            assert!(lost.is_empty(), "{id}: {lost:#?}\n{text}");
            // The data is never source code.
            assert_eq!(shape(&composed), shape_of_harmless, "{id}: the shape of the tree");
        }
    });
}

#[test]
fn the_pdf_of_every_template_prints_what_it_was_given() {
    each_template(|template| {
        let id = &template.manifest.id;
        let (composed, texts) = filled(template, &HOSTILE, 0);
        let expected = printed(&RENDERER.emit(&composed, Emit::Text).unwrap(), &texts);
        let pdf = RENDERER.write(&composed, Format::Pdf).unwrap();
        let pdf = without_numbers(&Pdf::new(&pdf).ask("pdftotext", &["-raw"], &["-"]));
        let found = printed(&pdf, &texts);
        for (text, (expected, found)) in texts.iter().zip(expected.iter().zip(found)) {
            assert_eq!(*expected, found, "{id}: {text}\n{pdf}");
        }
    });
}

/// The words of all pages without the page numbers, which stand first or last.
fn without_numbers(pages: &str) -> String {
    let number = |line: &&str| line.trim().parse::<u32>().is_ok_and(|number| number > 1);
    let mut kept = String::new();
    for page in pages.split('\u{c}') {
        let mut lines: Vec<&str> = page.lines().collect();
        if lines.first().is_some_and(number) {
            lines.remove(0);
        }
        if lines.last().is_some_and(number) {
            lines.pop();
        }
        kept.extend(lines.iter().flat_map(|line| [line, "\n"]));
    }
    kept
}

/// Layout tools fold double spaces; the words that go to every format do not.
#[test]
fn spaces_inside_a_text_stay() {
    let text = text_of(&super::repertoire::plan("hai  dấu   cách"));
    assert!(text.contains("hai  dấu   cách"), "{text}");
}

#[test]
fn ten_thousand_characters_without_a_space_stay_on_the_page() {
    let long: String = "ắn0".chars().cycle().take(10_000).collect();
    let data = super::repertoire::plan(&long);
    let pdf = Pdf::new(&pdf_of(&data));
    let words = pdf.ask("pdftotext", &["-raw"], &["-"]);
    // Page numbers stand between the lines of two pages.
    let letters = |text: &str| text.matches('ắ').count();
    assert_eq!(letters(&words), letters(&long));
    for line in pdf.ask("pdftotext", &["-bbox"], &["-"]).lines() {
        let Some(rest) = line.split("xMax=\"").nth(1) else { continue };
        let right: f64 = rest.split('"').next().unwrap().parse().unwrap();
        assert!(right < 595.3, "a word ends at {right} pt, off the page: {line}");
    }
}

/// The data is never source code: the block tree of a hostile plan has the shape
/// of a harmless one.
#[test]
fn hostile_texts_do_not_change_the_shape_of_the_tree() {
    let shape = |text: &str| {
        let data = plan(text, &mut Vec::new()).to_string();
        let input = Input::new("x.json", data.as_bytes());
        let composed = RENDERER.compose(&input).unwrap();
        let tree: Value =
            serde_json::from_str(&RENDERER.emit(&composed, Emit::Blocks).unwrap()).unwrap();
        skeleton(&tree).to_string()
    };
    let harmless = shape("abc");
    for hostile in HOSTILE {
        assert_eq!(shape(hostile), harmless, "{hostile}");
    }
}

fn skeleton(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            object.iter().map(|(key, value)| (key.clone(), skeleton(value))).collect()
        }
        Value::Array(list) => list.iter().map(skeleton).collect(),
        _ => Value::Null,
    }
}

/// `${` is the one thing that means something in a text, and it can be escaped.
#[test]
fn an_escaped_reference_is_text() {
    let text = text_of(&super::repertoire::plan("giá $${targets.x.value} và $5"));
    assert!(text.contains("giá ${targets.x.value} và $5"), "{text}");
}
