//! Hostile texts come out as they went in: through every text field of a plan,
//! in the PDF, in plain text and in the block tree.

use serde_json::{Value, json};

use super::support::pdf::Pdf;
use super::support::{RENDERER, pdf_of, text_of};
use vanban::pipeline::{Emit, Input};

/// Texts that would do something in Typst, Tera, XML, Markdown, JSON or YAML.
const HOSTILE: [&str; 16] = [
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
fn plan(text: &str, marks: &mut Vec<String>) -> Value {
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
