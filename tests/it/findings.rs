//! Broken data files, and what `vanban check` says about them.
//!
//! A case is a file: adding one is adding files to `tests/suite`.
//!
//! | files | what they say |
//! |---|---|
//! | `findings/NAME.yaml` or `.json`, `NAME.expected` | a broken file and the whole report, in Vietnamese |
//! | `findings/NAME.expected.en` | the same in English, where there is one |
//! | `findings/NAME.arguments` | more arguments of the command, one a line, where there are some |
//! | `findings/NAME.right.arguments` | those for the file done right, where they are others |
//! | `findings/images/` | images that the broken files name |
//! | `findings/NAME.right.yaml` | the same done right: the report is empty |
//! | `findings/generated/NAME.expected` | the report of a file that `GENERATED` makes |
//! | `templates/NAME/` | a template folder, with `data.yaml` and `data.expected`; `data.right.yaml` done right |
//!
//! `UPDATE_SUITE=1 cargo test findings` writes the reports anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vanban::app::Folder;
use vanban::base::{Example, Finding, Language, example, placeholders, rules};
use vanban::catalog::{Catalog, FontSet};
use vanban::input::{self, MAX_BYTES, MAX_FINDINGS, MAX_KEYS, MAX_VALUES, Node};
use vanban::pipeline::{Input, Renderer};

use super::support::{RENDERER, repository, vanban};

/// Makes a data file.
type Make = fn() -> Vec<u8>;

/// Files that are too large to be stored, or that show more when they are counted.
const GENERATED: [(&str, Make); 5] = [
    ("too-large.yaml", || vec![b'#'; MAX_BYTES + 1]),
    ("nested-too-deep.json", || {
        let (open, close) = ("[".repeat(64), "]".repeat(64));
        format!("{{\"template\": \"plan\", \"sections\": {open}{close}}}").into_bytes()
    }),
    ("too-many-keys.yaml", || {
        let keys = (0..=MAX_KEYS).map(|key| format!("  k{key}: 1\n"));
        format!("template: plan\ntargets:\n{}", keys.collect::<String>()).into_bytes()
    }),
    ("too-many-values.yaml", || {
        format!("template: plan\nbases:\n{}", "- a\n".repeat(MAX_VALUES)).into_bytes()
    }),
    ("too-many-findings.yaml", || {
        let keys = (0..MAX_FINDINGS + 3).map(|key| format!("k{key}: 1\n"));
        format!("template: plan\n{}", keys.collect::<String>()).into_bytes()
    }),
];

/// What is just within the bounds that the generated files break.
const GENERATED_RIGHT: [(&str, Make); 4] = [
    ("too-large.right.yaml", || {
        let mut file = sample().into_bytes();
        file.push(b'#');
        file.resize(MAX_BYTES, b'-');
        file
    }),
    ("too-many-keys.right.yaml", || with_targets(MAX_KEYS).into_bytes()),
    ("too-many-values.right.yaml", || {
        let values = values_of(&sample());
        format!("{}bases:\n{}", sample(), "- a\n".repeat(MAX_VALUES - values - 1)).into_bytes()
    }),
    // Targets that are printed nowhere: advice, and no error.
    ("too-many-findings.right.yaml", || {
        with_targets(MAX_FINDINGS).replace("    targets: list\n", "").into_bytes()
    }),
];

/// The smallest sample of a plan.
fn sample() -> String {
    RENDERER.catalog().template("plan").unwrap().sample(false).to_owned()
}

/// A plan with this many targets, all of them printed in its first section.
fn with_targets(count: usize) -> String {
    let sample = sample();
    let (before, after) = sample.split_once("sections:\n").unwrap();
    let targets = (0..count).map(|at| format!("  k{at}: {{name: Lớp tập huấn}}\n"));
    let targets: String = targets.collect();
    let section = "  - title: Chỉ tiêu\n    targets: list\n";
    format!("{before}targets:\n{targets}sections:\n{section}{after}")
}

/// How many values a file holds, objects and lists counted as one each.
fn values_of(yaml: &str) -> usize {
    fn count(node: &Node) -> usize {
        let keys: usize = node.entries().iter().map(|entry| count(&entry.node)).sum();
        1 + keys + node.items().iter().map(count).sum::<usize>()
    }
    count(&input::read("sample.yaml", yaml.as_bytes()).unwrap().1)
}

/// A data file, and the report that is expected for it.
#[derive(Debug, Clone)]
struct Case {
    /// The folder in which the program is run.
    folder: PathBuf,
    /// The data file in it.
    file: String,
    /// The report.
    expected: PathBuf,
    /// `vi` or `en`.
    language: &'static str,
    /// Whether the folder is laid over the built-in templates.
    templates: bool,
    /// More arguments of the command.
    arguments: Vec<String>,
}

impl Case {
    /// What the program prints.
    fn report(&self) -> String {
        let mut command = vanban();
        command.current_dir(&self.folder).args(["check", &self.file, "--lang", self.language]);
        command.args(&self.arguments);
        if self.templates {
            command.args(["--templates", "."]);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let errors = ["lỗi[", "error["]
            .iter()
            .any(|label| text.starts_with(label) || text.contains(&format!("\n{label}")));
        assert_eq!(output.status.code(), Some(i32::from(errors)), "{}", self.file);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", self.file);
        text
    }

    /// The difference between what is expected and what the program prints.
    fn difference(&self) -> Option<String> {
        let report = self.report();
        if std::env::var_os("UPDATE_SUITE").is_some() {
            fs::write(&self.expected, &report).unwrap();
        }
        let name = self.expected.strip_prefix(repository("")).unwrap().display();
        let Ok(expected) = fs::read_to_string(&self.expected) else {
            return Some(format!("{name} is missing; the report is\n{report}"));
        };
        (expected != report).then(|| format!("{name}\n{}", compared(&expected, &report)))
    }
}

/// Both texts line by line, with the lines that only one of them has marked.
fn compared(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    // The length of the longest common part of what follows line i and line j.
    let mut common = vec![vec![0usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        let (mark, line);
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (mark, line) = (' ', old[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            (mark, line) = ('-', old[i]);
            i += 1;
        } else {
            (mark, line) = ('+', new[j]);
            j += 1;
        }
        out.push_str(&format!("  {mark} {line}\n"));
    }
    out
}

fn suite(path: &str) -> PathBuf {
    repository("tests/suite").join(path)
}

/// The names of the files (not folders) of a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn is_data(name: &str) -> bool {
    [".yaml", ".json"].iter().any(|ending| name.ends_with(ending))
}

fn is_right(name: &str) -> bool {
    name.ends_with(".right.yaml") || name.ends_with(".right.json")
}

/// The name of a case: the file without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').unwrap().0
}

/// The file with more arguments for a case.
fn arguments_file(file: &str) -> PathBuf {
    suite("findings").join(format!("{}.arguments", stem(file)))
}

/// The arguments for a case, none if there is no file with them. A file done right
/// has its own or those of the broken one.
fn arguments(file: &str) -> Vec<String> {
    let broken = file.replace(".right.", ".");
    let text =
        [file, &broken].iter().find_map(|name| fs::read_to_string(arguments_file(name)).ok());
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}

/// The stored broken files.
fn broken() -> Vec<String> {
    let all = names(&suite("findings"));
    all.into_iter().filter(|name| is_data(name) && !is_right(name)).collect()
}

/// The stored files done right.
fn right() -> Vec<String> {
    names(&suite("findings")).into_iter().filter(|name| is_right(name)).collect()
}

/// The folders of templates with mistakes.
fn template_folders() -> Vec<PathBuf> {
    let folders = fs::read_dir(suite("templates")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Every case; what is generated is written to `folder`.
fn cases(folder: &Path) -> Vec<Case> {
    let findings = suite("findings");
    let mut cases = Vec::new();
    for file in broken() {
        let case = |language, ending: &str| Case {
            folder: findings.clone(),
            expected: findings.join(format!("{}.{ending}", stem(&file))),
            file: file.clone(),
            language,
            templates: false,
            arguments: arguments(&file),
        };
        cases.push(case("vi", "expected"));
        cases.extend(Some(case("en", "expected.en")).filter(|case| case.expected.exists()));
    }
    for (file, make) in GENERATED_RIGHT {
        fs::write(folder.join(file), make()).unwrap();
    }
    for (file, make) in GENERATED {
        fs::write(folder.join(file), make()).unwrap();
        cases.push(Case {
            folder: folder.to_owned(),
            file: file.to_owned(),
            expected: findings.join(format!("generated/{}.expected", stem(file))),
            language: "vi",
            templates: false,
            arguments: Vec::new(),
        });
    }
    cases.extend(template_folders().into_iter().map(|folder| Case {
        expected: folder.join("data.expected"),
        folder,
        file: "data.yaml".to_owned(),
        language: "vi",
        templates: true,
        arguments: Vec::new(),
    }));
    cases
}

/// The codes in the report of a case.
fn codes(report: &str) -> BTreeSet<String> {
    let labels = ["lỗi[", "cảnh báo[", "lời khuyên["];
    let code = |line: &str| {
        let rest = labels.iter().find_map(|label| line.strip_prefix(label))?;
        Some(rest.split_once(']')?.0.to_owned())
    };
    report.lines().filter_map(code).collect()
}

/// What the program finds in a stored file, with the arguments that belong to it.
fn findings_of(file: &str) -> Vec<Finding> {
    let path = suite("findings").join(file);
    let bytes = fs::read(&path).unwrap();
    let folder = Folder::of(&path);
    let (mut template, mut options) = (None, Vec::new());
    for pair in arguments(file).chunks(2) {
        match (pair[0].as_str(), pair[1].split_once('=')) {
            ("--template", _) => template = Some(pair[1].clone()),
            ("--option", Some((name, value))) => options.push((name.to_owned(), value.to_owned())),
            _ => panic!("{file}: {pair:?} cannot be given to a file done right"),
        }
    }
    let input = Input::new(file, &bytes).with_files(&folder);
    RENDERER.findings(&Input { template: template.as_deref(), ..input }, &options)
}

#[test]
fn reports_are_as_expected() {
    let folder = tempfile::tempdir().unwrap();
    let cases = cases(folder.path());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let differences: Vec<String> = std::thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(threads));
        let work = |part: &[Case]| part.iter().filter_map(Case::difference).collect::<Vec<_>>();
        let running: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(
        differences.is_empty(),
        "{} of {} reports differ (- expected, + found); UPDATE_SUITE=1 writes them anew\n\n{}",
        differences.len(),
        cases.len(),
        differences.join("\n")
    );
}

#[test]
fn every_file_of_the_suite_belongs_to_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let mut known: BTreeSet<PathBuf> =
        cases(folder.path()).into_iter().map(|case| case.expected).collect();
    let findings = suite("findings");
    known.extend(broken().iter().chain(&right()).map(|name| findings.join(name)));
    let with_arguments = broken().into_iter().chain(right()).map(|name| arguments_file(&name));
    known.extend(with_arguments.filter(|path| path.exists()));
    for folder in [findings.clone(), findings.join("generated")] {
        for name in names(&folder) {
            assert!(known.contains(&folder.join(&name)), "no data file for `{name}`");
        }
    }
    for path in known {
        assert!(path.exists(), "{} is missing", path.display());
    }
    for folder in template_folders() {
        let mut names = names(&folder);
        names.remove("data.right.yaml");
        assert_eq!(names.iter().collect::<Vec<_>>(), ["data.expected", "data.yaml"], "{folder:?}");
    }
}

#[test]
fn files_done_right_have_no_findings() {
    for file in right() {
        let mut findings = findings_of(&file);
        // It is about the form, whatever the data.
        findings.retain(|finding| finding.code != "FM03");
        assert!(findings.is_empty(), "{file}: {findings:#?}");
    }
    let mut with_templates = 0;
    for folder in template_folders() {
        let Ok(bytes) = fs::read(folder.join("data.right.yaml")) else { continue };
        let catalog = Catalog::with_folder(&folder).unwrap();
        let renderer = Renderer::new(catalog, FontSet::shipped()).unwrap();
        let input = Input::new("data.right.yaml", &bytes);
        let findings = renderer.compose(&input).map(|composed| composed.findings);
        assert_eq!(findings, Ok(vec![]), "{}", folder.display());
        with_templates += 1;
    }
    assert!(with_templates > 0, "no template folder has data done right");
}

/// Files at the edge of a bound, and data of templates with mistakes, do not break
/// the rules that the case beside them shows broken.
#[test]
fn cases_beside_right_files_are_kept_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    for case in cases(folder.path()).iter().filter(|case| case.templates || is_generated(case)) {
        let right = format!("{}.right.yaml", stem(&case.file));
        if !case.folder.join(&right).exists() {
            continue;
        }
        let kept = codes(&fs::read_to_string(&case.expected).unwrap());
        let report = Case { file: right.clone(), ..case.clone() }.report();
        let found = codes(&report);
        assert!(kept.is_disjoint(&found), "{right}: {report}");
        assert!(!report.contains("lỗi["), "{right}: {report}");
        seen += 1;
    }
    assert!(seen > GENERATED_RIGHT.len(), "only {seen} files were looked at");
}

fn is_generated(case: &Case) -> bool {
    GENERATED.iter().any(|(file, _)| *file == case.file)
}

/// Of every rule the suite has a file that breaks it. One that keeps it stands
/// beside that file, or in the rule's example (`explain.rs` runs these).
#[test]
fn every_rule_is_shown_broken_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = BTreeSet::new();
    let mut kept = BTreeSet::new();
    for case in cases(folder.path()).iter().filter(|case| case.language == "vi") {
        let codes = codes(&fs::read_to_string(&case.expected).unwrap());
        let right = case.folder.join(format!("{}.right.yaml", stem(&case.file)));
        if right.exists() {
            kept.extend(codes.iter().cloned());
        }
        wrong.extend(codes);
    }
    // A declared check that can be used and computed: `declared-check`, run by
    // `files_done_right_have_no_findings`.
    kept.extend(["CM07".to_owned(), "CM08".to_owned()]);
    // Only `render --blank` says it: `forms.rs` shows both.
    // Shown by the tests of blank forms and of the service.
    for code in ["OP04", "OP05", "OP06"] {
        wrong.insert(code.to_owned());
        kept.insert(code.to_owned());
    }
    // Tables of batches have a suite of their own.
    wrong.extend(super::batch::shown_and_kept());
    kept.extend(super::batch::shown_and_kept());
    // It is about the form, whatever the data: `product.rs` shows both.
    wrong.insert("FM03".to_owned());
    kept.insert("FM03".to_owned());
    // Only `dossier check` and `dossier build` say them: `dossier.rs`, `deadlines.rs` and
    // `build.rs` show both.
    for code in ["PR06", "PR07", "PR08", "PR09", "PR10", "DB01", "DB02", "DB03", "DB04"] {
        wrong.insert(code.to_owned());
        kept.insert(code.to_owned());
    }
    let is_run =
        |code: &str| matches!(example(code), Some(Example::Data { .. } | Example::Content { .. }));
    let all: Vec<&str> = rules().iter().map(|rule| rule.code.as_str()).collect();
    let unshown: Vec<_> = all.iter().filter(|code| !wrong.contains(**code)).collect();
    assert!(unshown.is_empty(), "no broken file shows {unshown:?}");
    let unkept = all.iter().filter(|code| !kept.contains(**code) && !is_run(code));
    let unkept: Vec<_> = unkept.collect();
    assert!(unkept.is_empty(), "no file and no example keeps {unkept:?}");
    // Checks that the built-in templates declare.
    let templates = RENDERER.catalog().templates();
    let declared = templates.flat_map(|template| template.checks()).map(|check| &check.rule.code);
    let unshown: Vec<_> =
        declared.filter(|code| !wrong.contains(*code) || !kept.contains(*code)).collect();
    assert!(unshown.is_empty(), "no broken or no right file shows {unshown:?}");
    let untold: Vec<_> = all.iter().filter(|code| example(code).is_none()).collect();
    assert!(untold.is_empty(), "explain.toml has no example of {untold:?}");
}

/// The codes in quotes behind `start` in a source text.
fn quoted_codes(source: &str, start: &str) -> Vec<String> {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let text: Vec<&str> = lines.collect();
    let text = text.join("\n");
    text.match_indices(start)
        .filter_map(|(at, _)| text[at + start.len()..].trim_start().strip_prefix('"'))
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

#[test]
fn the_codes_in_the_sources_are_those_of_the_rules() {
    let mut paths = Vec::new();
    sources(&repository("src"), &mut paths);
    let mut used: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in paths {
        let source = fs::read_to_string(&path).unwrap();
        let mut starts = vec!["Finding::new("];
        if path.ends_with("lint/layout.rs") {
            starts.push("range(");
        }
        for start in starts {
            for code in quoted_codes(&source, start) {
                used.insert(code, path.clone());
            }
        }
    }
    let listed: BTreeSet<&str> = rules().iter().map(|rule| rule.code.as_str()).collect();
    assert_eq!(listed.len(), rules().len(), "a code is listed twice");
    for (code, path) in &used {
        assert!(listed.contains(code.as_str()), "{code} of {} is no rule", path.display());
    }
    let unused: Vec<_> = listed.iter().filter(|code| !used.contains_key(**code)).collect();
    assert!(unused.is_empty(), "no source uses {unused:?}");
}

#[test]
fn both_languages_of_a_rule_say_the_same() {
    let text = fs::read_to_string(repository("templates/_data/rules.toml")).unwrap();
    let file: toml::Table = text.parse().unwrap();
    for rule in file["rule"].as_array().unwrap() {
        let get = |key: &str| rule.get(key).and_then(toml::Value::as_str);
        let code = get("code").unwrap();
        let marks = |key| get(key).into_iter().flat_map(placeholders).collect::<BTreeSet<_>>();
        assert_eq!(marks("vi"), marks("en"), "{code}");
        assert_eq!(get("hint_vi").is_some(), get("hint_en").is_some(), "{code}");
        for text in ["vi", "en", "hint_vi", "hint_en"].iter().filter_map(|key| get(key)) {
            assert!(!text.ends_with('.'), "{code}: a message ends without a full stop: {text}");
            let capital = text.starts_with(char::is_uppercase) && !text.starts_with("YAML");
            assert!(!capital, "{code}: a message starts in lower case: {text}");
        }
    }
}

/// The value at the pointer of a finding, with the place of its key.
fn pointed<'a>(root: &'a Node, pointer: &str) -> Option<(&'a Node, Option<usize>)> {
    let node = root.at(pointer)?;
    let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
    let entries = root.at(parent).map(Node::entries).unwrap_or_default();
    let key = key.replace("~1", "/").replace("~0", "~");
    let entry = entries.iter().find(|entry| !pointer.is_empty() && entry.key == key);
    Some((node, entry.map(|entry| entry.key_span.start)))
}

/// Findings about the file as a whole have no pointer: a key that is missing at the
/// top.
const OF_THE_WHOLE_FILE: [&str; 3] = ["IN10", "SC01", "DV02"];

/// Findings about the command line and the template have no place in the file.
const OF_THE_COMMAND: [&str; 9] =
    ["DB03", "FM03", "FM04", "OP01", "OP02", "OP03", "OP04", "OP05", "OP06"];

/// A finding tells the place twice, for people and for programs: both must be
/// the same value, or its key.
#[test]
fn places_and_pointers_agree() {
    let mut checked = 0;
    for file in broken() {
        let bytes = fs::read(suite("findings").join(&file)).unwrap();
        let Ok((_, root)) = input::read(&file, &bytes) else { continue };
        for finding in findings_of(&file) {
            let what = format!("{file}: {}: {}", finding.code, finding.message.vi);
            if OF_THE_COMMAND.contains(&&*finding.code) {
                assert!(finding.place.is_none(), "{what}: a place");
                continue;
            }
            let place = finding.place.as_ref().unwrap_or_else(|| panic!("{what}: no place"));
            assert!(place.span.end <= place.source.text().len(), "{what}");
            if place.pointer.is_empty() {
                assert!(OF_THE_WHOLE_FILE.contains(&&*finding.code), "{what}: no pointer");
                continue;
            }
            let (node, key) = pointed(&root, &place.pointer)
                .unwrap_or_else(|| panic!("{what}: nothing at `{}`", place.pointer));
            let start = place.span.start;
            let inside = node.span.start == start || node.span.contains(&start);
            assert!(inside || key == Some(start), "{what}: not at `{}`", place.pointer);
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} findings were looked at");
}

/// No placeholder is left in a message, in either language.
#[test]
fn messages_are_filled_in() {
    for file in broken() {
        for finding in findings_of(&file) {
            for language in [Language::Vi, Language::En] {
                let left: Vec<&str> = placeholders(finding.text(language)).collect();
                assert!(left.is_empty(), "{file}: {}: {left:?}", finding.code);
            }
        }
    }
}

#[test]
fn findings_stand_in_the_order_of_the_file() {
    for file in broken() {
        let findings = findings_of(&file);
        let in_the_file = findings.iter().filter(|one| one.code != "FM03");
        let starts: Vec<_> =
            in_the_file.map(|one| one.place.as_ref().map(|place| place.span.start)).collect();
        assert!(starts.is_sorted(), "{file}: {starts:?}");
    }
}

#[test]
fn the_report_for_programs_has_place_and_pointer() {
    let output = vanban()
        .current_dir(suite("findings"))
        .args(["check", "--json", "deep-in-assignments.yaml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["file"], "deep-in-assignments.yaml");
    assert_eq!(report["summary"]["errors"], report["findings"].as_array().unwrap().len());
    let finding = &report["findings"][1];
    assert_eq!(finding["code"], "SC02");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["file"], "deep-in-assignments.yaml");
    assert_eq!((&finding["line"], &finding["column"]), (&24.into(), &11.into()));
    assert_eq!(finding["pointer"], "/assignments/agencies/0/duties/1/deadlin");
    assert_eq!(finding["hint"], "có phải bạn muốn viết `deadline`?");
    assert!(finding["message"].as_str().unwrap().contains("`text`, `with`, `deadline`"));
}

/// What looks like a number keeps the digits that were typed.
#[test]
fn digits_stay_as_they_were_typed() {
    let file = "numbers-stay-text.right.yaml";
    let bytes = fs::read(suite("findings").join(file)).unwrap();
    let input = Input::new(file, &bytes);
    let data = RENDERER.check(&input).unwrap().data;
    assert_eq!(data["number"], "06");
    assert_eq!(data["issuer"]["symbol"], "113");
    assert_eq!(data["targets"]["can_cuoc"]["value"], "012345678901");
    let text = data["sections"][0]["text"].as_str().unwrap();
    assert_eq!(text, "Người liên hệ có số căn cước 012345678901, điện thoại 0912345678.");
    let cells = &data["sections"][0]["content"][0]["table"]["rows"];
    assert_eq!(cells[0][0], "089123456789");
    assert_eq!(cells[1][0], "012345678901");
}

/// A broken template of the user is the user's to mend: findings, not a failure,
/// and the built-in templates still work beside it.
#[test]
fn a_broken_template_leaves_the_others_alone() {
    for folder in template_folders() {
        let catalog = Catalog::with_folder(&folder).unwrap();
        let renderer = Renderer::new(catalog, FontSet::shipped()).unwrap();
        let sample = renderer.catalog().template("plan").unwrap().sample(false).to_owned();
        let input = Input::new("plan.yaml", sample.as_bytes());
        assert!(renderer.compose(&input).is_ok(), "{}", folder.display());
    }
}
