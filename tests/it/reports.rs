//! `vanban check` of several files, what it denies, and its reports.

use std::fs;
use std::path::Path;

use serde_json::Value;
use vanban::base::rule;

use super::support::{repository, vanban};

/// A folder with a plan that is fine, one with a warning and one with errors.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let fine = fs::read_to_string(repository("templates/plan/plan/samples/minimal.yaml")).unwrap();
    let write = |name: &str, text: String| fs::write(desk.path().join(name), text).unwrap();
    write("fine.yaml", fine.clone());
    write("warning.yaml", format!("{fine}number: 6\n"));
    let folder = desk.path().join("kế hoạch #1");
    fs::create_dir(&folder).unwrap();
    let broken = format!("{fine}closing: Đơn vị ${{đơn_vị}} thực hiện.\nlayout: {{indent: 2}}\n");
    write("kế hoạch #1/broken.yaml", broken);
    desk
}

const BROKEN: &str = "kế hoạch #1/broken.yaml";

/// Runs `vanban check`: standard output, standard error, exit code.
fn check(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let output = vanban().current_dir(folder).arg("check").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[test]
fn several_files_are_counted_together() {
    let desk = desk();
    let (text, err, code) = check(desk.path(), &["fine.yaml", BROKEN, "warning.yaml"]);
    assert_eq!((err.as_str(), code), ("", 1));
    assert_eq!(last_line(&text), "2 lỗi, 1 cảnh báo, 0 lời khuyên");
    let places = ["kế hoạch #1/broken.yaml:", "warning.yaml:"].map(|name| text.find(name));
    assert!(places[0].is_some() && places[0] < places[1], "{text}");
    assert_eq!(text.matches(" lời khuyên").count(), 1, "one count in all: {text}");
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let desk = desk();
    for format in ["human", "json", "sarif"] {
        let (text, err, code) = check(desk.path(), &["no.yaml", BROKEN, "--format", format]);
        assert_eq!(code, 2, "{format}");
        assert!(err.starts_with("lỗi: không đọc được `no.yaml`"), "{err}");
        assert!(text.contains("RF01") && text.contains("BD02"), "{format}: {text}");
    }
    let (text, _, code) = check(desk.path(), &["no.yaml"]);
    assert_eq!((text.as_str(), code), ("", 2), "nothing was checked, nothing is counted");
}

#[test]
fn denied_warnings_end_with_1() {
    let desk = desk();
    let code = |arguments: &[&str]| check(desk.path(), arguments).2;
    assert_eq!(code(&["warning.yaml"]), 0);
    for format in ["human", "json", "sarif"] {
        assert_eq!(code(&["--deny", "warnings", "warning.yaml", "--format", format]), 1);
        assert_eq!(code(&["--deny", "warnings", "fine.yaml", "--format", format]), 0);
    }
    // Advice is no warning.
    let advice = repository("tests/suite/findings/subject-full-stop.yaml");
    assert_eq!(code(&["--deny", "warnings", advice.to_str().unwrap()]), 0);
    let (plain, denied) = (
        check(desk.path(), &["warning.yaml"]).0,
        check(desk.path(), &["warning.yaml", "--deny", "warnings"]).0,
    );
    assert_eq!(plain, denied, "a denied warning is still called a warning");
    assert_eq!(code(&["--deny", "errors", "fine.yaml"]), 2);
}

#[test]
fn json_is_the_report_of_a_file_or_the_reports_of_several() {
    let desk = desk();
    let short = check(desk.path(), &["--json", BROKEN]).0;
    assert_eq!(short, check(desk.path(), &["--format", "json", BROKEN]).0);
    let one = json(&short);
    let several = json(&check(desk.path(), &["--json", "fine.yaml", BROKEN, "warning.yaml"]).0);
    assert_eq!(several["version"], 1);
    assert_eq!(several["summary"], serde_json::json!({"errors": 2, "warnings": 1, "advice": 0}));
    let reports = several["reports"].as_array().unwrap();
    let files: Vec<&Value> = reports.iter().map(|report| &report["file"]).collect();
    assert_eq!(files, ["fine.yaml", BROKEN, "warning.yaml"]);
    assert_eq!(reports[1], one, "a report is the same, alone and among others");
    // Two files were asked for: the answer has the form for several.
    let (text, _, code) = check(desk.path(), &["--json", "no.yaml", "fine.yaml"]);
    assert_eq!((json(&text)["reports"].as_array().unwrap().len(), code), (1, 2));
    let (_, err, code) = check(desk.path(), &["--json", "--format", "sarif", "fine.yaml"]);
    assert!(code == 2 && err.contains("--json"), "{err}");
}

/// A property that the standard requires, as a text.
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.filter(|text| !text.is_empty()).unwrap_or_else(|| panic!("no {pointer} in {value:#}"))
}

fn count(value: &Value, pointer: &str) -> u64 {
    let found = value.pointer(pointer).and_then(Value::as_u64);
    found.unwrap_or_else(|| panic!("no {pointer} in {value:#}"))
}

/// The names of the properties of an object are some of these.
fn assert_known(value: &Value, known: &[&str]) {
    for key in value.as_object().unwrap_or_else(|| panic!("no object: {value:#}")).keys() {
        assert!(known.contains(&key.as_str()), "SARIF 2.1.0 has no `{key}` here: {value:#}");
    }
}

/// What SARIF 2.1.0 requires of a log, its run, rules and results (3.13 to 3.52).
fn assert_sarif(log: &Value) {
    assert_known(log, &["$schema", "version", "runs"]);
    assert_eq!(log["version"], "2.1.0");
    assert!(text(log, "/$schema").ends_with("/sarif-schema-2.1.0.json"));
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    let run = &log["runs"][0];
    assert_known(run, &["tool", "language", "columnKind", "invocations", "results"]);
    let driver = &run["tool"]["driver"];
    assert_known(driver, &["name", "version", "language", "rules"]);
    assert_eq!(text(driver, "/name"), "vanban");
    assert_eq!(text(driver, "/version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["language"], driver["language"]);
    assert!(run["invocations"][0]["executionSuccessful"].is_boolean());
    let rules = driver["rules"].as_array().unwrap();
    for descriptor in rules {
        assert_known(descriptor, &["id", "shortDescription", "help", "defaultConfiguration"]);
        text(descriptor, "/shortDescription/text");
        let known = rule(text(descriptor, "/id")).unwrap();
        let help = text(descriptor, "/help/text");
        let words = known.clause.as_deref().map(vanban::base::cite).unwrap_or_default();
        assert!(help.contains(&words), "{help}");
        assert!(
            ["error", "warning", "note"].contains(&text(descriptor, "/defaultConfiguration/level"))
        );
    }
    for result in run["results"].as_array().unwrap() {
        assert_result(result, rules);
    }
}

fn assert_result(result: &Value, rules: &[Value]) {
    assert_known(result, &["ruleId", "ruleIndex", "level", "message", "locations"]);
    let descriptor = &rules[usize::try_from(count(result, "/ruleIndex")).unwrap()];
    assert_eq!(descriptor["id"], result["ruleId"]);
    assert_eq!(descriptor["defaultConfiguration"]["level"], result["level"]);
    let message = text(result, "/message/text");
    let lone = message.replace("{{", "").replace("}}", "");
    assert!(!lone.contains(['{', '}']), "a brace would be a placeholder: {message}");
    assert_eq!(result["locations"].as_array().unwrap().len(), 1);
    let location = &result["locations"][0];
    assert_known(location, &["physicalLocation", "logicalLocations"]);
    let uri = text(location, "/physicalLocation/artifactLocation/uri");
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~/%:".contains(c);
    assert!(uri.chars().all(allowed), "no URI: {uri}");
    let Some(region) = location["physicalLocation"].get("region") else { return };
    assert_known(region, &["startLine", "startColumn", "endLine", "endColumn"]);
    let end = |line: &str, column: &str| (count(region, line), count(region, column));
    let (start, end) = (end("/startLine", "/startColumn"), end("/endLine", "/endColumn"));
    assert!(start.0 >= 1 && start.1 >= 1 && start <= end, "{region}");
}

#[test]
fn sarif_is_what_the_standard_asks_for() {
    let desk = desk();
    let arguments = ["--format", "sarif", "fine.yaml", BROKEN, "warning.yaml"];
    let (log, err, code) = check(desk.path(), &arguments);
    assert_eq!((err.as_str(), code), ("", 1));
    assert_eq!(log, check(desk.path(), &arguments).0, "the same files, the same log");
    let there = desk.path().to_str().unwrap();
    assert!(!log.contains(there) && !log.contains("file:"), "a path that nobody gave: {log}");
    let log = json(&log);
    assert_sarif(&log);
    let run = &log["runs"][0];
    let ids: Vec<&str> =
        run["results"].as_array().unwrap().iter().map(|one| text(one, "/ruleId")).collect();
    assert_eq!(ids, ["RF01", "BD02", "DT06"]);
    let levels: Vec<&Value> = (0..3).map(|at| &run["results"][at]["level"]).collect();
    assert_eq!(levels, ["error", "error", "warning"]);
    // The place of `${đơn_vị}`, counted in characters.
    let place = &run["results"][0]["locations"][0];
    let uri = "k%E1%BA%BF%20ho%E1%BA%A1ch%20%231/broken.yaml";
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], uri);
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "/closing");
    let file = fs::read_to_string(desk.path().join(BROKEN)).unwrap();
    let line = file.lines().position(|line| line.starts_with("closing:")).unwrap() + 1;
    let region = serde_json::json!(
        {"startLine": line, "startColumn": 17, "endLine": line, "endColumn": 26}
    );
    assert_eq!(place["physicalLocation"]["region"], region);
}

/// Every report of the suite has the form, whatever was found and wherever.
#[test]
fn every_finding_of_the_suite_can_be_told_in_sarif() {
    let folder = repository("tests/suite/findings");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| [".yaml", ".json"].iter().any(|ending| name.ends_with(ending)));
    names.sort();
    let mut arguments = vec!["--format", "sarif", "--lang", "en"];
    arguments.extend(names.iter().map(String::as_str));
    let (log, err, code) = check(&folder, &arguments);
    assert_eq!((err.as_str(), code), ("", 1));
    let log = json(&log);
    assert_sarif(&log);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let counted = json(&check(&folder, &[&["--json"][..], &arguments[4..]].concat()).0);
    let summary = counted["summary"].as_object().unwrap().values();
    assert_eq!(results.len() as u64, summary.map(|one| one.as_u64().unwrap()).sum::<u64>());
    assert!(results.len() > 100, "only {} findings", results.len());
}

/// A finding about a template points at the data file, and names the place in the
/// template, whose path is no path of the user's.
#[test]
fn findings_about_templates_point_at_the_data() {
    let folder = repository("tests/suite/templates/text-between-blocks");
    let (log, _, code) = check(&folder, &["--format", "sarif", "--templates", ".", "data.yaml"]);
    assert_eq!(code, 1);
    let log = json(&log);
    assert_sarif(&log);
    let place = &log["runs"][0]["results"][0]["locations"][0];
    assert_eq!(
        place,
        &serde_json::json!({
            "physicalLocation": {"artifactLocation": {"uri": "data.yaml"}},
            "logicalLocations": [{"fullyQualifiedName": "form/content.xml (markup):3:7"}]
        })
    );
}

#[test]
fn sarif_tells_of_files_that_could_not_be_read() {
    let desk = desk();
    let path = desk.path().join("fine.yaml");
    let (log, _, code) =
        check(desk.path(), &["--format", "sarif", "no.yaml", path.to_str().unwrap()]);
    assert_eq!(code, 2);
    let log = json(&log);
    assert_sarif(&log);
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.len(), 1);
    assert!(text(&notes[0], "/message/text").contains("no.yaml"));
    assert_eq!(notes[0]["level"], "error");
    let fine = json(&check(desk.path(), &["--format", "sarif", "fine.yaml"]).0);
    assert_sarif(&fine);
    assert_eq!(fine["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert_eq!(fine["runs"][0]["results"], Value::Array(vec![]));
}
