//! `vanban explain`: the examples break and keep their rules, and everything that
//! is shown is there.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use vanban::app::Folder;
use vanban::base::{Example, Finding, Rule, Severity, example, placeholders, rules};
use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Input, Renderer};

use super::support::{RENDERER, repository, vanban};

/// What the program prints to standard output and standard error, and its exit code.
fn explain(arguments: &[&str]) -> (String, String, i32) {
    let output = vanban().arg("explain").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

fn findings_of(renderer: &Renderer, yaml: &str) -> Vec<Finding> {
    // The examples name images of the suite.
    let folder = Folder::of(&repository("tests/suite/findings/example.yaml"));
    match renderer.compose(&Input::new("example.yaml", yaml.as_bytes()).with_files(&folder)) {
        Ok(composed) => composed.findings,
        Err(findings) => findings,
    }
}

/// The key of a line that starts one at the top of a file.
fn top_key(line: &str) -> Option<&str> {
    let starts_key = line.starts_with(char::is_alphabetic);
    line.split_once(':').filter(|_| starts_key).map(|(key, _)| key)
}

/// A sample in which the keys of a fragment stand in the place of its own.
fn merged(sample: &str, fragment: &str) -> String {
    let replaced: BTreeSet<&str> = fragment.lines().filter_map(top_key).collect();
    let mut out = String::new();
    let mut kept = true;
    for line in sample.lines() {
        if let Some(key) = top_key(line) {
            kept = !replaced.contains(key);
        }
        if kept {
            out.push_str(line);
            out.push('\n');
        }
    }
    out + fragment + "\n"
}

/// Fails unless the wrong side breaks the rule and nothing is wrong with the right
/// side.
fn assert_shows(code: &str, wrong: &[Finding], right: &[Finding]) {
    assert!(wrong.iter().any(|one| one.code == code), "{code}: `wrong` is fine: {wrong:#?}");
    assert!(right.iter().all(|one| one.code != code), "{code}: `right` breaks it: {right:#?}");
    let error = right.iter().find(|one| one.severity == Severity::Error);
    assert!(error.is_none(), "{code}: `right` is not right: {right:#?}");
}

#[test]
fn examples_of_data_break_and_keep_their_rules() {
    let mut run = 0;
    for rule in rules() {
        let Some(Example::Data { template, wrong, right }) = example(&rule.code) else { continue };
        let sample = RENDERER.catalog().template(template).unwrap().sample(false);
        let findings = |fragment| findings_of(&RENDERER, &merged(sample, fragment));
        assert_shows(&rule.code, &findings(wrong), &findings(right));
        run += 1;
    }
    assert!(run > 45, "only {run} examples were run");
}

/// A content template that holds a fragment: an envelope, or blocks of the body.
fn content(fragment: &str) -> String {
    let envelope =
        r#"<envelope kind="KH"><issuer symbol="UBND"><name>Xã Định Mỹ</name></issuer></envelope>"#;
    if fragment.starts_with("<envelope") {
        format!("<document>{fragment}<body/></document>")
    } else {
        format!("<document>{envelope}<body>{fragment}</body></document>")
    }
}

#[test]
fn examples_of_content_break_and_keep_their_rules() {
    let sample = RENDERER.catalog().template("plan").unwrap().sample(false);
    let findings = |fragment: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("plan/plan")).unwrap();
        fs::write(folder.path().join("plan/plan/content.xml"), content(fragment)).unwrap();
        let catalog = Catalog::with_folder(folder.path()).unwrap();
        findings_of(&Renderer::new(catalog, FontSet::shipped()).unwrap(), sample)
    };
    let mut run = 0;
    for rule in rules() {
        let Some(Example::Content { wrong, right }) = example(&rule.code) else { continue };
        assert_shows(&rule.code, &findings(wrong), &findings(right));
        run += 1;
    }
    assert!(run >= 6, "only {run} examples were run");
}

/// The file of explanations holds what the rules need and nothing else.
#[test]
fn explanations_are_those_of_the_rules() {
    let text = fs::read_to_string(repository("templates/_data/explain.toml")).unwrap();
    let file: toml::Table = text.parse().unwrap();
    let names = |tables: &[&str]| -> Vec<&str> {
        let tables = tables.iter().flat_map(|table| file[*table].as_table().unwrap().keys());
        let mut names: Vec<&str> = tables.map(String::as_str).collect();
        names.sort_unstable();
        names
    };
    let listed = |names: &mut dyn Iterator<Item = &'static str>| -> Vec<&str> {
        names.collect::<BTreeSet<_>>().into_iter().collect()
    };
    let codes = listed(&mut rules().iter().map(|rule| rule.code.as_str()));
    assert_eq!(names(&["data", "content", "text"]), codes, "an example for each rule");
    assert_eq!(names(&["family"]), listed(&mut rules().iter().map(Rule::family)));
    let texts = rules().iter().flat_map(|rule| [Some(&rule.message), rule.hint.as_ref()]);
    let texts = texts.flatten().flat_map(|text| [text.vi.as_str(), text.en.as_str()]);
    assert_eq!(names(&["placeholder"]), listed(&mut texts.flat_map(placeholders)));
}

#[test]
fn a_rule_is_told_with_clause_hint_and_example() {
    let (text, _, code) = explain(&["nn03"]);
    assert_eq!(code, 0);
    assert_eq!(
        text,
        "NN03 (lỗi): dòng `Lưu` do chương trình thêm ở cuối; không ghi vào danh sách nơi nhận\n\
         căn cứ: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 9, điểm d\n\
         gợi ý: ghi đơn vị soạn thảo, số bản lưu vào `recipients.archive`\n\
         \n\
         sai (dữ liệu của mẫu `plan`):\n    \
             recipients:\n      \
               paper: [Công an xã, \"Lưu: VT\"]\n\
         \n\
         đúng (dữ liệu của mẫu `plan`):\n    \
             recipients:\n      \
               paper: [Công an xã]\n      \
               archive: {unit: VP}\n"
    );
    let (english, _, _) = explain(&["IN02", "--lang", "en"]);
    assert!(english.starts_with("IN02 (error): the file is larger than the limit of ‹number› MiB"));
    assert!(english.contains("\nwrong:\n    a file of 6 MiB"), "{english}");
}

#[test]
fn a_rule_is_told_to_programs() {
    let (text, _, _) = explain(&["bd01", "--json", "--lang", "en"]);
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        told,
        serde_json::json!({
            "version": 1,
            "rule": {
                "code": "BD01",
                "severity": "error",
                "message": "a text size of ‹what was found› pt is outside the range of ‹lowest› to ‹highest› pt",
                "clause": "PL1-V.6",
                "citation": "Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục V, số thứ tự 6",
                "example": {
                    "form": "data",
                    "template": "plan",
                    "wrong": "layout: {text_size: 12}",
                    "right": "layout: {text_size: 14}"
                }
            }
        })
    );
}

#[test]
fn an_unknown_code_is_refused_with_what_was_meant() {
    for (given, meant) in [("PG3", "PG03"), ("gp03", "PG03"), ("SG02", "SG0"), ("IN99", "IN")] {
        let (out, err, code) = explain(&[given]);
        assert_eq!((out.as_str(), code), ("", 2), "{given}");
        let start = format!("lỗi: không có mã `{given}` (có phải `{meant}");
        assert!(err.starts_with(&start), "{given}: {err}");
    }
    let (_, err, code) = explain(&["nothing", "--lang", "en"]);
    assert_eq!(code, 2);
    assert_eq!(err, "error: there is no code `nothing`; `vanban explain` lists them\n");
}

/// Every rule is listed once, below its family, with nothing left to be filled in.
#[test]
fn all_rules_are_listed_by_family() {
    for language in ["vi", "en"] {
        let (text, _, code) = explain(&["--lang", language]);
        assert_eq!(code, 0);
        let mut family = "";
        let mut seen = Vec::new();
        for line in text.lines() {
            match line.strip_prefix("  ") {
                Some(rule) => {
                    assert!(rule.starts_with(family), "`{line}` stands below {family}");
                    assert_eq!(placeholders(rule).next(), None, "{line}");
                    seen.push(&rule[..4]);
                }
                None => family = line.split_once(": ").unwrap().0,
            }
        }
        seen.sort_unstable();
        let mut all: Vec<&str> = rules().iter().map(|rule| rule.code.as_str()).collect();
        all.sort_unstable();
        assert_eq!(seen, all);
    }
    let (json, _, _) = explain(&["--json"]);
    let list: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(list["version"], 1);
    let families = list["families"].as_array().unwrap();
    let count: usize = families.iter().map(|one| one["rules"].as_array().unwrap().len()).sum();
    assert_eq!(count, rules().len());
    assert_eq!(
        (&families[0]["family"], &families[0]["title"]),
        (&"IN".into(), &"tệp dữ liệu".into())
    );
}
