//! Samples and example plans: they render, and lose no word of their data.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};
use vanban::base::{Finding, Severity};
use vanban::catalog::{Schema, Template};
use vanban::pipeline::{Composed, Emit, Format, Input};
use vanban::viet::{PartialDate, clock_text, grouped};

use super::support::{EXAMPLES, RENDERER, example, repository};

/// How many agencies each example gives work to.
const ASSIGNEES: [(&str, usize); 6] = [
    ("tuyen-quang-2010", 8),
    ("son-tay-2017", 14),
    ("kien-giang-2019", 10),
    ("bac-giang-2017", 2),
    ("quang-tri-2023", 4),
    ("dinh-my-2026", 8),
];

/// Properties that no full sample has, and why.
const NOT_IN_A_SAMPLE: [(&str, &str); 9] = [
    ("#/$defs/marks/secrecy", "such a document is refused"),
    ("#/$defs/signature/TL", "a deputy who signs for a collective does not sign by order"),
    ("#/$defs/signature/TUQ", "nor by authorisation"),
    ("#/$defs/regulation/chapters", "a regulation with parts has its chapters in them"),
    ("#/$defs/regulation/articles", "and its articles too"),
    ("#/$defs/signature/image", "a sample comes without other files"),
    ("#/$defs/signature/seal", "the same"),
    ("#/$defs/signature/properties/seal/image", "the same"),
    ("#/$defs/signature/properties/seal/diameter", "the same"),
];

/// Properties of a template that exclude another one: its full sample has that
/// other one, its minimal sample these.
const IN_THE_MINIMAL_SAMPLE: [(&str, &str); 7] = [
    ("nghi-quyet", "sections"),
    ("ban-ghi-nho", "sections"),
    ("ban-thoa-thuan", "sections"),
    ("de-an", "sections"),
    ("bao-cao", "sections"),
    ("quy-che", "articles"),
    ("quy-dinh", "articles"),
];

/// Keys whose values are not words of the document: names of forms and parts,
/// numbers of the layout, and what another test checks in its printed form.
const NOT_WORDS: [&str; 21] = [
    "kind",
    "stage",
    "level",
    "$schema",
    "template",
    "medium",
    "part",
    "id",
    "section",
    "form",
    "align",
    "orientation",
    "targets",
    "total_of",
    "layout",
    "symbol",
    "name_in_text",
    "number",
    "date",
    "signed_at",
    "draft",
];

fn composed(name: &str, text: &str) -> Composed {
    let input = Input::new(name, text.as_bytes());
    RENDERER.compose(&input).unwrap_or_else(|findings| panic!("{name}: {findings:#?}"))
}

fn text(composed: &Composed) -> String {
    RENDERER.emit(composed, Emit::Text).unwrap()
}

fn serious(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.severity != Severity::Advice).collect()
}

/// Every sample of every template and every example, with its name.
fn everything() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        EXAMPLES.iter().map(|name| ((*name).to_owned(), example(name))).collect();
    for template in RENDERER.catalog().templates() {
        for full in [false, true] {
            let name = format!("{} ({})", template.manifest.id, if full { "full" } else { "min" });
            all.push((name, template.sample(full).to_owned()));
        }
    }
    all
}

#[test]
fn the_list_of_examples_is_complete() {
    let files = fs::read_dir(repository("examples/plan")).unwrap();
    let found: BTreeSet<String> = files
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(found, EXAMPLES.iter().map(|name| (*name).to_owned()).collect());
}

/// What a drafter reads first: which form it is, in Vietnamese, beside the template.
#[test]
fn every_template_has_a_note_for_the_drafter() {
    for template in RENDERER.catalog().templates() {
        let path = format!("templates/{}/README.md", template.folder);
        let note = fs::read_to_string(repository(&path)).unwrap_or_else(|_| panic!("no {path}"));
        let form = template.manifest.source.form.split(' ').next_back().unwrap();
        let unofficial = template.manifest.evidence != vanban::catalog::Evidence::Decree;
        let told = ["Mẫu", "Mẫu số"].iter().any(|word| note.contains(&format!("{word} {form}")))
            || note.contains("Mẫu 1.3");
        assert!(note.starts_with("# ") && (unofficial || told), "{path} does not name its form");
    }
}

#[test]
fn samples_and_examples_render_without_errors_or_warnings() {
    for (name, data) in everything() {
        let composed = composed(&name, &data);
        assert!(serious(&composed.findings).is_empty(), "{name}: {:#?}", composed.findings);
        let pdf = RENDERER.write(&composed, Format::Pdf).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"), "{name}");
    }
}

#[test]
fn the_only_advice_is_about_what_agencies_really_did() {
    for (name, data) in everything() {
        let findings = composed(&name, &data).findings;
        let codes: Vec<&str> = findings.iter().map(|one| &*one.code).collect();
        let expected: &[&str] = match name.as_str() {
            "tuyen-quang-2010" => &["ST04"],
            // The centre for social protection has duties and does not get the plan.
            "quang-tri-2023" => &["NN06"],
            // It has a sample of a law since replaced; the others have none.
            _ if name.starts_with("product-bao-cao-thang ") => &[],
            // The checklist of a dossier is a report, and no form.
            _ if name.starts_with("product-ho-so-danh-muc ") => &[],
            _ if name.starts_with("product-") => &["FM03"],
            _ => &[],
        };
        assert_eq!(codes, expected, "{name}");
    }
}

/// The properties of a template are used by its full sample, those of shared
/// definitions by a sample of some template.
#[test]
fn full_samples_use_every_property_of_their_schemas() {
    let shared: Value = serde_json::from_str(
        &fs::read_to_string(repository("templates/_schema/nd30.json")).unwrap(),
    )
    .unwrap();
    let is_shared = |path: &str| {
        let name = path.strip_prefix("#/$defs/").and_then(|rest| rest.split('/').next());
        ["#/$schema", "#/layout"].contains(&path)
            || name.is_some_and(|name| shared["$defs"].get(name).is_some())
    };
    let (mut all_shared, mut used_shared) = (BTreeSet::new(), BTreeSet::new());
    let mut samples = String::new();
    // The forms of sector decrees share one case, of which each prints a part.
    let with_own_data = |one: &&Arc<Template>| !one.manifest.is_filled_in();
    for template in RENDERER.catalog().templates().filter(with_own_data) {
        let sample = template.sample(true);
        samples.push_str(sample);
        let (_, node) = vanban::input::read("full.yaml", sample.as_bytes()).unwrap();
        let schema = template.schema().unwrap();
        let mut used = BTreeSet::new();
        uses(schema, "#", &node.to_json(), &mut used);
        let id = template.manifest.id.as_str();
        for (_, key) in IN_THE_MINIMAL_SAMPLE.iter().filter(|(name, _)| *name == id) {
            assert!(template.sample(false).contains(&format!("\n{key}:\n")), "{id}: {key}");
            assert!(used.insert(format!("#/{key}")), "{id}: the full sample has `{key}` too");
        }
        let minimal = template.sample(false);
        let (_, node) = vanban::input::read("minimal.yaml", minimal.as_bytes()).unwrap();
        uses(schema, "#", &node.to_json(), &mut used_shared);
        let mut all = BTreeSet::new();
        properties(&schema.bundle, "#", &mut all);
        let missing: Vec<_> =
            all.iter().filter(|path| !is_shared(path) && !used.contains(*path)).collect();
        assert!(missing.is_empty(), "{}: {missing:#?}", template.manifest.id);
        all_shared.extend(all.into_iter().filter(|path| is_shared(path)));
        used_shared.extend(used.into_iter().filter(|path| is_shared(path)));
    }
    for (path, reason) in NOT_IN_A_SAMPLE {
        assert!(all_shared.remove(path), "there is no `{path}` any more ({reason})");
        let key = path.rsplit('/').next().unwrap();
        assert!(samples.contains(&format!("`{key}: ")), "a comment must name `{key}`");
    }
    let missing: Vec<_> = all_shared.difference(&used_shared).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Follows a reference; gives the path and the schema that it leads to.
fn target<'a>(schema: &'a Schema, path: &str) -> (String, &'a Value) {
    let at = schema.bundle.pointer(path.trim_start_matches('#')).unwrap();
    match at.get("$ref").and_then(Value::as_str) {
        Some(reference) => target(schema, reference),
        None => (path.to_owned(), at),
    }
}

/// Collects the properties that a value uses, as schema path and name.
fn uses(schema: &Schema, path: &str, value: &Value, used: &mut BTreeSet<String>) {
    let (path, at) = target(schema, path);
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let named = at.pointer(&format!("/properties/{key}")).is_some();
                used.insert(format!("{path}/{key}"));
                let below =
                    if named { format!("properties/{key}") } else { "additionalProperties".into() };
                uses(schema, &format!("{path}/{below}"), value, used);
            }
        }
        Value::Array(list) if at.get("items").is_some() => {
            for value in list {
                uses(schema, &format!("{path}/items"), value, used);
            }
        }
        _ => {}
    }
}

/// Collects all properties that a schema names.
fn properties(at: &Value, path: &str, all: &mut BTreeSet<String>) {
    let Value::Object(object) = at else { return };
    if let Some(Value::Object(named)) = object.get("properties") {
        all.extend(named.keys().map(|key| format!("{path}/{key}")));
    }
    for (key, below) in object {
        match key.as_str() {
            "properties" | "$defs" => {
                for (name, schema) in below.as_object().unwrap() {
                    properties(schema, &format!("{path}/{key}/{name}"), all);
                }
            }
            "items" | "additionalProperties" => {
                properties(below, &format!("{path}/{key}"), all);
            }
            _ => {}
        }
    }
}

#[test]
fn a_regulation_has_parts_chapters_or_articles() {
    let sample = RENDERER.catalog().template("quyet-dinh-ban-hanh").unwrap().sample(true);
    let (_, node) = vanban::input::read("full.yaml", sample.as_bytes()).unwrap();
    let mut data = node.to_json();
    let heads = |data: &Value| {
        let text = text(&composed("regulation", &data.to_string()));
        let at = text.find("QUY CHẾ").unwrap();
        let head = |line: &&str| {
            ["Phần ", "Chương ", "Mục ", "Điều "].iter().any(|start| line.starts_with(start))
        };
        text[at..].lines().filter(head).map(str::to_owned).collect::<Vec<_>>()
    };
    let parts = data["regulation"].as_object_mut().unwrap().remove("parts").unwrap();
    data["regulation"]["chapters"] = parts[1]["chapters"].clone();
    assert_eq!(
        heads(&data),
        [
            "Chương I",
            "Mục 1",
            "Điều 1. Danh sách theo dõi",
            "Mục 2",
            "Điều 2. Hồ sơ theo dõi",
            "Chương II",
            "Điều 3. Hiệu lực thi hành",
        ]
    );
    data["regulation"].as_object_mut().unwrap().remove("chapters");
    data["regulation"]["articles"] = parts[0]["articles"].clone();
    assert_eq!(heads(&data), ["Điều 1. Phạm vi điều chỉnh", "Điều 2. Nguyên tắc phối hợp"]);
    data["regulation"].as_object_mut().unwrap().remove("articles");
    data["regulation"]["parts"] = parts;
    assert_eq!(heads(&data)[..2], ["Phần I", "Điều 1. Phạm vi điều chỉnh"]);
}

#[test]
fn examples_keep_the_structure_of_the_plans_they_come_from() {
    for (name, count) in ASSIGNEES {
        let composed = composed(name, &example(name));
        let agencies = composed.checked.data["assignments"]["agencies"].as_array().unwrap();
        assert_eq!(agencies.len(), count, "{name}");
    }
}

#[test]
fn every_number_of_a_target_is_printed() {
    for name in EXAMPLES {
        let data = composed(name, &example(name)).checked.data;
        for (target, values) in data["targets"].as_object().into_iter().flatten() {
            for key in ["value", "percent"] {
                let printed = text(&composed(name, &example(name)));
                let figure = match &values[key] {
                    Value::Null => continue,
                    Value::Number(number) => grouped(&number.to_string()),
                    other => other.as_str().unwrap().to_owned(),
                };
                assert!(printed.contains(&figure), "{name}: {target}.{key} = {figure}");
                // The figure might stand there for another reason: change it.
                let changed = changed(name, &format!("/targets/{target}/{key}"), json!(77_077));
                assert!(!printed.contains("77.077"));
                assert!(text(&changed).contains("77.077"), "{name}: {target}.{key}");
            }
        }
    }
}

/// An example with one value replaced.
fn changed(name: &str, pointer: &str, value: Value) -> Composed {
    let source = example(name);
    let (_, node) = vanban::input::read(name, source.as_bytes()).unwrap();
    let mut data = node.to_json();
    *data.pointer_mut(pointer).unwrap() = value;
    composed(name, &data.to_string())
}

/// Assignees, duties, recipients, legal bases, titles, texts, items, cells:
/// whatever the data says in words stands in the document.
#[test]
fn no_word_of_the_data_is_lost() {
    let mut lost = Vec::new();
    for (name, data) in everything() {
        let composed = composed(&name, &data);
        let printed = joined(&text(&composed));
        let mut words = Vec::new();
        collect(&composed.checked.data, &mut words);
        // The least data of a small form is a form to be filled by hand.
        let form = composed.checked.template.manifest.is_filled_in();
        let least = match name.ends_with("(min)") {
            true if form => 0,
            true => 1,
            false => 6,
        };
        assert!(words.len() >= least, "{name}: {words:?}");
        // What follows from the rest, such as the names of agencies from that of their commune,
        // is nobody's words.
        let typed = plain(&data);
        words.retain(|word| !form || typed.contains(&plain(word)));
        for word in words {
            let word = plain(&clock_text(&word).unwrap_or(word));
            let date = word.parse::<PartialDate>().ok();
            let long = |date: PartialDate| {
                let (day, month) = (date.day_text()?, date.month_text()?);
                Some(plain(&format!("{day} tháng {month} năm {}", date.year)))
            };
            let found = printed.contains(&word)
                || date.and_then(long).is_some_and(|long| printed.contains(&long));
            if !found {
                lost.push(format!("{name}: “{word}”"));
            }
        }
    }
    assert!(lost.is_empty(), "not printed: {lost:#?}");
}

/// The texts of a value that must be printed.
fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => words.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| collect(value, words)),
        Value::Object(object) => {
            // A duty or report that the running text states already, and a part
            // without a heading.
            let stated = object.get("stated") == Some(&json!(true));
            let bare = object.get("heading") == Some(&json!(false));
            let unspoken = |key: &str| {
                NOT_WORDS.contains(&key)
                    || (stated && !["text", "duties"].contains(&key))
                    || (bare && key == "title")
            };
            for (_, value) in object.iter().filter(|(key, _)| !unspoken(key)) {
                collect(value, words);
            }
        }
        _ => {}
    }
}

/// A text as it can be found in the printed text: lines joined, dates in the
/// short form, closing marks left out.
fn plain(text: &str) -> String {
    let date = text.parse::<PartialDate>().ok().filter(|date| date.month.is_some());
    let text = date.map_or_else(|| text.to_owned(), |date| date.to_string());
    joined(text.trim_end_matches(['.', ';', ',', '/', ' ', '\n']))
}

/// A text without line ends and capitals.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[test]
fn targets_are_printed_with_name_unit_and_note() {
    let full = RENDERER.catalog().template("plan").unwrap().sample(true).to_owned();
    let printed = text(&composed("full.yaml", &full));
    for line in [
        "1\tHộ gia đình ký cam kết không vi phạm pháp luật về ma túy\thộ\t1.250 (95%)\t15/10/2026; Danh sách lập theo từng ấp",
        "- Buổi truyền thông trực tiếp tại trường học: 05 buổi, thời hạn 30/9/2026.",
    ] {
        assert!(printed.lines().any(|found| found == line), "{line}\n{printed}");
    }
}

#[test]
fn the_text_of_an_example_and_the_full_sample_stays_as_it_is() {
    let full = RENDERER.catalog().template("plan").unwrap().sample(true).to_owned();
    let full = composed("full.yaml", &full);
    let kien_giang = composed("kien-giang-2019.yaml", &example("kien-giang-2019"));
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("plan-kien-giang-2019.txt", text(&kien_giang));
        insta::assert_snapshot!("plan-full.txt", text(&full));
        insta::assert_snapshot!(
            "plan-full.blocks.json",
            RENDERER.emit(&full, Emit::Blocks).unwrap()
        );
    });
}
