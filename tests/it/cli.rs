//! The command line, through the program itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::support::{EXAMPLES, pdf::Pdf, repository, vanban};

/// What the program did.
pub struct Outcome {
    pub code: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Outcome {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.out).unwrap()
    }

    /// Fails the test unless the program ended with this code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", String::from_utf8_lossy(&self.out), self.err);
        self
    }
}

/// Runs the program in a folder, with something on standard input.
pub fn run_in(folder: &Path, arguments: &[&str], input: &[u8]) -> Outcome {
    let output = vanban().current_dir(folder).args(arguments).write_stdin(input).output().unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        out: output.stdout,
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder with the smallest plan in `plan.yaml`.
pub struct Desk(pub TempDir);

impl Desk {
    pub fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        desk.write("plan.yaml", &minimal());
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        run_in(self.0.path(), arguments, b"")
    }

    /// A template folder with one file of the built-in ones, changed.
    pub fn overlay(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(repository("templates").join(file)).unwrap();
        assert!(text.contains(from), "`{file}` no longer holds {from}");
        self.write(&format!("own/{file}"), &text.replace(from, to));
    }
}

pub fn minimal() -> String {
    fs::read_to_string(repository("templates/plan/plan/samples/minimal.yaml")).unwrap()
}

/// The smallest plan without the key that must be there.
fn without_subject() -> String {
    minimal().lines().filter(|line| !line.starts_with("subject:")).collect::<Vec<_>>().join("\n")
}

pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-") && bytes.trim_ascii_end().ends_with(b"%%EOF")
}

#[test]
fn render_writes_beside_the_data_and_prints_the_path() {
    let desk = Desk::new();
    let outcome = desk.run(&["render", "plan.yaml"]).expect(0);
    assert_eq!((outcome.text(), outcome.err.as_str()), ("plan.pdf\n", ""));
    assert!(is_pdf(&fs::read(desk.path("plan.pdf")).unwrap()));
    let left: Vec<_> = fs::read_dir(desk.0.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn render_writes_where_it_is_told() {
    let desk = Desk::new();
    desk.run(&["render", "plan.yaml", "-o", "kế hoạch.pdf"]).expect(0);
    let to_file = fs::read(desk.path("kế hoạch.pdf")).unwrap();
    let to_stdout = desk.run(&["render", "plan.yaml", "--output", "-"]).expect(0);
    assert!(is_pdf(&to_file));
    assert!(to_file == to_stdout.out, "the same document, whatever its place");
    assert!(!desk.path("plan.pdf").exists());
}

#[test]
fn standard_input_goes_to_standard_output() {
    let desk = Desk::new();
    let outcome = run_in(desk.0.path(), &["render", "-"], minimal().as_bytes()).expect(0);
    assert!(is_pdf(&outcome.out));
    let broken = run_in(desk.0.path(), &["render", "-"], without_subject().as_bytes()).expect(1);
    assert!(broken.out.is_empty() && broken.err.contains("<stdin>"), "{}", broken.err);
}

#[test]
fn render_makes_plain_text() {
    let desk = Desk::new();
    let outcome = desk.run(&["render", "plan.yaml", "--format", "txt"]).expect(0);
    assert_eq!(outcome.text(), "plan.txt\n");
    let file = fs::read_to_string(desk.path("plan.txt")).unwrap();
    assert!(file.contains("ỦY BAN NHÂN DÂN\nXÃ ĐỊNH MỸ\n"), "{file}");
    assert_eq!(file, desk.run(&["render", "plan.yaml", "--emit", "text"]).expect(0).text());
}

/// Images lie beside the data file, wherever the program is started; beside data from
/// standard input is the current folder.
#[test]
fn images_are_found_from_the_data_file() {
    let desk = Desk::new();
    let plan = minimal() + "  image: anh/chu-ky.png\nmedium: electronic\n";
    assert!(plan.contains("\nsignature:\n"), "the last key of the sample is no signature");
    desk.write("data/plan.yaml", &plan);
    fs::create_dir(desk.path("data/anh")).unwrap();
    let image = repository("tests/suite/findings/images/signature.png");
    fs::copy(image, desk.path("data/anh/chu-ky.png")).unwrap();
    desk.run(&["render", "data/plan.yaml", "-o", "plan.pdf"]).expect(0);
    let here = fs::read(desk.path("plan.pdf")).unwrap();
    let render = ["render", "-", "-o", "-"];
    assert!(run_in(&desk.path("data"), &render, plan.as_bytes()).expect(0).out == here);
    let missing = run_in(desk.0.path(), &render, plan.as_bytes()).expect(1);
    assert!(missing.err.contains("SG12"), "{}", missing.err);
    // Whoever looks into a stage sees the image as its name, or all of it.
    let emit = |stage| desk.run(&["render", "data/plan.yaml", "--emit", stage]).expect(0);
    assert_eq!(emit("data").json()["signature"]["image"], "anh/chu-ky.png");
    let blocks = emit("blocks").json();
    assert_eq!(blocks["document"]["envelope"]["signature"]["image"]["path"], "anh/chu-ky.png");
    let places = emit("places").json();
    let roles: Vec<_> =
        places["places"].as_array().unwrap().iter().map(|place| &place["role"]).collect();
    assert_eq!(roles, ["copy", "signature", "agency"]);
    let typst = emit("typst");
    assert!(typst.text().contains("#let pictures = (\n  \"/image-0.png\": bytes((137,80,78,71,"));
}

#[test]
fn render_stops_after_a_stage() {
    let desk = Desk::new();
    let emit = |stage| desk.run(&["render", "plan.yaml", "--emit", stage]).expect(0);
    assert_eq!(emit("data").json()["sections"][0]["title"], "Mục đích");
    assert_eq!(emit("blocks").json()["document"]["envelope"]["issuer"]["symbol"], "UBND");
    let markup = emit("markup");
    let xml = roxmltree::Document::parse(markup.text()).unwrap();
    assert!(xml.root_element().has_tag_name("document"));
    let typst = emit("typst");
    assert!(typst.text().contains("#render(json(bytes("));
    assert!(typst.text().contains("#let render(doc)"), "the layout is part of the file");
    assert!(typst.text().contains("#let block-kinds") || typst.text().contains("#let blocks("));
    assert!(!typst.text().contains("#import"), "the file needs no other");
    assert!(typst.text().contains("XÃ ĐỊNH MỸ"));
    desk.run(&["render", "plan.yaml", "--emit", "data", "-o", "data.json"]).expect(0);
    assert_eq!(fs::read(desk.path("data.json")).unwrap(), emit("data").out);
    assert!(!desk.path("plan.pdf").exists());
}

#[test]
fn a_template_can_be_named_on_the_command_line() {
    let desk = Desk::new();
    let unnamed = minimal().replace("template: plan\n", "");
    desk.write("unnamed.yaml", &unnamed);
    let refused = desk.run(&["check", "unnamed.yaml"]).expect(1);
    assert!(refused.text().contains("lỗi[IN10]"), "{}", refused.text());
    desk.run(&["check", "unnamed.yaml", "--template", "plan"]).expect(0);
    desk.write("other.yaml", &minimal().replace("template: plan", "template: khac"));
    desk.run(&["render", "other.yaml", "--template", "plan"]).expect(0);
    assert!(is_pdf(&fs::read(desk.path("other.pdf")).unwrap()));
    let unknown = desk.run(&["check", "plan.yaml", "--template", "plam"]).expect(1);
    assert!(unknown.text().contains("có phải bạn muốn viết `plan`?"), "{}", unknown.text());
}

#[test]
fn a_folder_of_templates_is_laid_over_the_built_in_ones() {
    let desk = Desk::new();
    let path = "plan/plan/content.xml";
    desk.overlay(path, "<document>", "{#- the office's own -#}<document>");
    let same = desk.run(&["--templates", "own", "render", "plan.yaml", "--emit", "text"]).expect(0);
    assert_eq!(same.text(), desk.run(&["render", "plan.yaml", "--emit", "text"]).text());
    desk.overlay(path, "<body>", "<body><p>Lời riêng của cơ quan.</p>");
    let own = desk.run(&["--templates", "own", "render", "plan.yaml", "--emit", "text"]).expect(0);
    assert!(own.text().contains("\nLời riêng của cơ quan.\n"), "{}", own.text());
    let digest = |arguments: &[&str]| {
        listed(&desk.run(arguments).expect(0).json(), "plan")["digest"].clone()
    };
    assert_ne!(
        digest(&["templates", "--json"]),
        digest(&["templates", "--json", "--templates", "own"]),
        "the hash tells a changed template from the built-in one"
    );
}

#[test]
fn a_template_folder_that_cannot_be_used_is_refused() {
    let desk = Desk::new();
    desk.overlay("plan/plan/template.toml", "kind = ", "kinds = ");
    let broken = desk.run(&["--templates", "own", "render", "plan.yaml"]).expect(2);
    assert!(broken.err.contains("plan/plan/template.toml"), "{}", broken.err);
    assert!(broken.err.contains("unknown field `kinds`"), "{}", broken.err);
    let absent = desk.run(&["--templates", "không-có", "render", "plan.yaml"]).expect(2);
    assert!(absent.err.contains("không-có"), "{}", absent.err);
    assert!(!desk.path("plan.pdf").exists());
}

#[test]
fn a_broken_content_template_is_reported_with_its_place() {
    let desk = Desk::new();
    desk.overlay("plan/plan/content.xml", "<body>", "<body><paragraph/>");
    let outcome = desk.run(&["--templates", "own", "check", "plan.yaml"]).expect(1);
    assert!(outcome.text().contains("lỗi[CM02]"), "{}", outcome.text());
    assert!(outcome.text().contains("plan/plan/content.xml"), "{}", outcome.text());
}

#[test]
fn an_office_can_use_its_own_fonts() {
    let desk = Desk::new();
    fs::create_dir(desk.path("fonts")).unwrap();
    let empty = desk.run(&["--font-dir", "fonts", "render", "plan.yaml"]).expect(2);
    assert!(empty.err.contains("fonts"), "{}", empty.err);
    desk.write("fonts/broken.ttf", "not a font");
    let broken = desk.run(&["--font-dir", "fonts", "render", "plan.yaml"]).expect(2);
    assert!(broken.err.contains("broken.ttf"), "{}", broken.err);
    fs::remove_file(desk.path("fonts/broken.ttf")).unwrap();
    assert!(!desk.path("plan.pdf").exists());
    let file = "LiberationSerif-Regular.ttf";
    fs::copy(repository("fonts").join(file), desk.path("fonts").join(file)).unwrap();
    let listed = desk.run(&["--font-dir", "fonts", "fonts", "--json"]).expect(0).json();
    assert_eq!(listed["fonts"][0]["file"], file);
    assert_eq!(listed["fonts"][0]["source"], "user");
    desk.run(&["--font-dir", "fonts", "render", "plan.yaml"]).expect(0);
    let pdf = Pdf::new(&fs::read(desk.path("plan.pdf")).unwrap());
    assert!(pdf.text().contains("Nâng cao trách nhiệm"), "{}", pdf.text());
}

#[test]
fn fonts_are_listed_with_their_hashes() {
    let fonts = Desk::new().run(&["fonts", "--json"]).expect(0).json();
    let notes = fs::read_to_string(repository("fonts/README.md")).unwrap();
    let list = fonts["fonts"].as_array().unwrap();
    assert_eq!(list.len(), 5);
    for font in list {
        assert!(notes.contains(font["sha256"].as_str().unwrap()), "{font}");
        assert_eq!(font["source"], "shipped");
    }
}

#[test]
fn messages_are_vietnamese_or_english() {
    let desk = Desk::new();
    desk.write("plan.yaml", &without_subject());
    let vi = desk.run(&["check", "plan.yaml"]).expect(1);
    assert!(vi.text().contains("lỗi[SC01]: thiếu "), "{}", vi.text());
    let en = desk.run(&["--lang", "en", "check", "plan.yaml"]).expect(1);
    assert!(en.text().contains("error[SC01]: `subject`"), "{}", en.text());
    let failed = desk.run(&["check", "không-có.yaml", "--lang", "en"]).expect(2);
    assert!(failed.err.starts_with("error: cannot read `không-có.yaml`"), "{}", failed.err);
}

#[test]
fn check_tells_other_programs_what_it_found() {
    let desk = Desk::new();
    let fine = desk.run(&["check", "plan.yaml", "--json"]).expect(0).json();
    assert_eq!((&fine["version"], &fine["summary"]["errors"]), (&1.into(), &0.into()));
    desk.write("plan.yaml", &without_subject().replace("symbol: UBND", "symbol: U B"));
    let report = desk.run(&["check", "plan.yaml", "--json"]).expect(1).json();
    assert_eq!(report["file"], "plan.yaml");
    assert_eq!(report["summary"]["errors"], 2);
    let findings = report["findings"].as_array().unwrap();
    let symbol = findings.iter().find(|one| one["pointer"] == "/issuer/symbol").unwrap();
    assert_eq!((&symbol["code"], &symbol["severity"]), (&"SC05".into(), &"error".into()));
    let line = fs::read_to_string(desk.path("plan.yaml")).unwrap();
    let line = line.lines().position(|line| line.contains("symbol:")).unwrap() + 1;
    assert_eq!((&symbol["line"], &symbol["column"]), (&line.into(), &11.into()));
    assert!(findings.iter().all(|one| !one["message"].as_str().unwrap().contains('{')));
}

#[test]
fn render_tells_other_programs_what_it_did() {
    let desk = Desk::new();
    let done = desk.run(&["render", "plan.yaml", "--json"]).expect(0).json();
    assert_eq!(
        (&done["output"], &done["report"]["findings"]),
        (&"plan.pdf".into(), &Value::Array(vec![]))
    );
    desk.write("plan.yaml", &without_subject());
    let failed = desk.run(&["render", "plan.yaml", "--json"]).expect(1).json();
    assert_eq!(
        (&failed["output"], &failed["report"]["summary"]["errors"]),
        (&Value::Null, &1.into())
    );
}

#[test]
fn what_cannot_be_done_ends_with_2() {
    let desk = Desk::new();
    let missing = desk.run(&["render", "không-có.yaml"]).expect(2);
    assert!(missing.err.starts_with("lỗi: không đọc được `không-có.yaml`"), "{}", missing.err);
    fs::create_dir(desk.path("plan.pdf")).unwrap();
    for output in ["không/có/plan.pdf", "plan.pdf"] {
        let outcome = desk.run(&["render", "plan.yaml", "-o", output]).expect(2);
        assert!(
            outcome.err.starts_with(&format!("lỗi: không ghi được `{output}`")),
            "{}",
            outcome.err
        );
    }
    for arguments in [
        &["render", "plan.yaml", "--formats", "pdf"][..],
        &["render", "plan.yaml", "--format", "doc"],
        &["render", "plan.yaml", "--emit", "words"],
        &["render", "plan.yaml", "--as-of", "2026-02-30"],
        &["check", "plan.yaml", "--lang", "fr"],
        &["render"],
        &["check"],
        &["check", "plan.yaml", "--format", "xml"],
        &["explain", "PG03", "BD01"],
        &["xyz"],
        &[],
    ] {
        let outcome = desk.run(arguments).expect(2);
        assert!(outcome.out.is_empty() && !outcome.err.is_empty(), "{arguments:?}");
    }
    for verb in ["schema", "sample"] {
        let unknown = desk.run(&[verb, "plam"]).expect(2);
        assert!(unknown.err.contains("có phải `plan`?"), "{}", unknown.err);
    }
}

#[test]
fn a_document_is_written_whole_or_not_at_all() {
    let desk = Desk::new();
    desk.run(&["render", "plan.yaml"]).expect(0);
    let before = fs::read(desk.path("plan.pdf")).unwrap();
    desk.write("plan.yaml", &without_subject());
    desk.run(&["render", "plan.yaml"]).expect(1);
    assert!(fs::read(desk.path("plan.pdf")).unwrap() == before, "the older file is untouched");
    assert_eq!(fs::read_dir(desk.0.path()).unwrap().count(), 2, "nothing else is left behind");
}

/// A template in the list for programs.
fn listed(list: &Value, id: &str) -> Value {
    let templates = list["templates"].as_array().unwrap();
    templates.iter().find(|one| one["id"] == id).unwrap().clone()
}

#[test]
fn templates_are_listed() {
    let desk = Desk::new();
    let list = desk.run(&["templates", "--json"]).expect(0).json();
    assert_eq!(list["version"], 1);
    assert_eq!(listed(&list, "plan")["in_force"]["from"], "2020-03-05");
    let lines = desk.run(&["templates"]).expect(0);
    assert!(lines.text().contains("\nplan\tKế hoạch\t30/2020/NĐ-CP"), "{}", lines.text());
    let english = desk.run(&["templates", "--lang", "en"]).expect(0);
    assert!(english.text().contains("\nplan\tPlan\t"), "{}", english.text());
}

/// One line each: id, title, source, days in force, and what the form rests on
/// where the law has none.
#[test]
fn the_list_of_templates_tells_which_have_no_official_form() {
    let desk = Desk::new();
    let cells = |language: &str| -> Vec<Vec<String>> {
        let list = desk.run(&["templates", "--lang", language]).expect(0);
        let line = |line: &str| line.split('\t').map(str::to_owned).collect();
        list.text().lines().map(line).collect()
    };
    let json = desk.run(&["templates", "--json"]).expect(0).json();
    let (vi, en) = (cells("vi"), cells("en"));
    assert_eq!(vi.len(), json["templates"].as_array().unwrap().len());
    for (vi, en) in vi.iter().zip(&en) {
        let one = listed(&json, &vi[0]);
        assert_eq!(vi[1..3], [one["title"].as_str().unwrap(), &en[2]]);
        let since = one["in_force"]["from"].as_str().unwrap();
        let told = (format!("từ {since}"), format!("since {since}"));
        assert_eq!((&vi[3], &en[3]), (&told.0, &told.1));
        let note = (vi.get(4).map(String::as_str), en.get(4).map(String::as_str));
        let inferred = (
            Some("không phải mẫu chính thức"),
            Some("no official form, built on the general rules"),
        );
        let predecessor = (
            Some("theo mẫu của văn bản đã được thay thế"),
            Some("after a form of a law since replaced"),
        );
        match one["evidence"].as_str().unwrap() {
            "decree" => assert_eq!(note, (None, None)),
            "predecessor" => assert_eq!(note, predecessor),
            evidence => assert_eq!((evidence, note), ("inferred", inferred)),
        }
        let formless = one["source"]["form"].as_str().unwrap().contains("không có mẫu");
        assert_eq!(formless, one["evidence"] == "inferred", "{}", vi[0]);
    }
    for id in ["hop-dong", "ban-ghi-nho", "ban-thoa-thuan", "thu-cong"] {
        assert_eq!(listed(&json, id)["evidence"], "inferred", "{id}");
        let notes = fs::read_to_string(repository(&format!("templates/nd30/{id}/README.md")));
        let notes = notes.unwrap();
        assert!(notes.contains("không có mẫu cho loại này"), "{id}");
        assert!(notes.contains("\n## Suy từ quy định chung\n"), "{id}");
    }

    desk.overlay("plan/plan/template.toml", "[source]", "evidence = \"predecessor\"\n\n[source]");
    desk.overlay(
        "nd30/cong-van/template.toml",
        "2020-03-05\"",
        "2020-03-05\"\nto = \"2027-12-31\"",
    );
    let own = desk.run(&["--templates", "own", "templates"]).expect(0);
    let line = |id: &str| own.text().lines().find(|line| line.starts_with(id)).unwrap().to_owned();
    assert!(line("plan\t").ends_with("\ttừ 2020-03-05\ttheo mẫu của văn bản đã được thay thế"));
    assert!(line("cong-van\t").ends_with("\t2020-03-05 – 2027-12-31"), "{}", own.text());
    desk.overlay("plan/plan/template.toml", "[source]", "evidence = \"hearsay\"\n\n[source]");
    let refused = desk.run(&["--templates", "own", "templates"]).expect(2);
    assert!(refused.err.contains("plan/plan/template.toml"), "{}", refused.err);
    assert!(refused.err.contains("hearsay"), "{}", refused.err);
}

/// An editor that knows nothing of this program uses the schema.
#[test]
fn the_schema_is_a_whole_json_schema_that_accepts_the_samples() {
    let desk = Desk::new();
    let schema = desk.run(&["schema", "plan"]).expect(0).json();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    let mut references = Vec::new();
    collect_references(&schema, &mut references);
    assert!(references.len() > 50, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference}"));
        assert!(schema.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = EXAMPLES
        .iter()
        .map(|name| repository(&format!("examples/plan/{name}.yaml")))
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .collect();
    files.push(("minimal".into(), desk.run(&["sample", "plan"]).expect(0).out));
    files.push(("full".into(), desk.run(&["sample", "plan", "--full"]).expect(0).out));
    for (name, bytes) in files {
        let (_, node) = vanban::input::read(&name, &bytes).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&node.to_json()).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({ "template": "plan" })));
}

fn collect_references(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            out.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| collect_references(value, out));
        }
        Value::Array(list) => list.iter().for_each(|value| collect_references(value, out)),
        _ => {}
    }
}

#[test]
fn a_sample_is_where_a_drafter_starts() {
    let desk = Desk::new();
    for (arguments, name) in
        [(&["sample", "plan"][..], "a.yaml"), (&["sample", "plan", "--full"], "b.yaml")]
    {
        let sample = desk.run(arguments).expect(0);
        desk.write(name, sample.text());
        let summary = desk.run(&["check", name]).expect(0);
        assert_eq!(summary.text(), "0 lỗi, 0 cảnh báo, 0 lời khuyên\n");
    }
}

/// What a user reads first, word for word.
#[test]
fn help_is_in_vietnamese() {
    let desk = Desk::new();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for verb in ["", "render", "check", "explain"] {
            let mut command = vanban();
            command.current_dir(desk.0.path()).env_remove("COLUMNS");
            command.args(Some(verb).filter(|verb| !verb.is_empty())).arg("--help");
            let output = command.output().unwrap();
            assert!(output.status.success());
            let help = String::from_utf8(output.stdout).unwrap();
            let name = format!("help {verb}").trim().replace(' ', "-");
            insta::assert_snapshot!(format!("{name}.txt"), help);
        }
    });
}

#[test]
fn a_shell_gets_its_completions() {
    let script = Desk::new().run(&["completions", "bash"]).expect(0);
    for word in [
        "_vanban()",
        "--font-dir",
        "templates",
        "explain",
        "--deny",
        "sarif",
        "complete -F _vanban",
    ] {
        assert!(script.text().contains(word), "{word}");
    }
}

/// Ends the program when the test ends.
pub struct Watching(pub Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until a file holds something new; fails after 20 seconds.
pub fn wait_for(path: &Path, old: &[u8], what: &str) -> Vec<u8> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match fs::read(path) {
            Ok(bytes) if bytes != old => return bytes,
            _ if Instant::now() > deadline => panic!("{what}: no new document in 20 seconds"),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[test]
fn watching_renders_again_after_a_change() {
    let desk = Desk::new();
    desk.overlay("plan/plan/content.xml", "<body>", "<body>");
    let child = Command::new(env!("CARGO_BIN_EXE_vanban"))
        .args(["--templates", "own", "render", "plan.yaml", "--watch"])
        .current_dir(desk.0.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut watching = Watching(child);
    let pdf = desk.path("plan.pdf");
    let first = wait_for(&pdf, b"", "at the start");
    // An error in between neither ends the watching nor touches the document.
    desk.write("plan.yaml", &without_subject());
    std::thread::sleep(Duration::from_millis(500));
    assert!(fs::read(&pdf).unwrap() == first);
    desk.write("plan.yaml", &minimal().replace("Mục đích", "Mục đích mới"));
    let second = wait_for(&pdf, &first, "after a change of the data");
    assert!(Pdf::new(&second).text().contains("MỤC ĐÍCH MỚI"));
    desk.overlay("plan/plan/content.xml", "<body>", "<body><p>Lời riêng của cơ quan.</p>");
    let third = wait_for(&pdf, &second, "after a change of the template");
    assert!(Pdf::new(&third).text().contains("Lời riêng của cơ quan."));
    assert!(watching.0.try_wait().unwrap().is_none(), "the program is still watching");
}

/// The file's own information: what stands on its first page, and no more.
#[test]
fn the_pdf_tells_nothing_about_people_and_machines() {
    let desk = Desk::new();
    let folder = desk.path("bàn-của-người-soạn");
    fs::create_dir(&folder).unwrap();
    fs::copy(repository("examples/plan/kien-giang-2019.yaml"), folder.join("plan.yaml")).unwrap();
    let output = vanban()
        .current_dir(&folder)
        .env("USER", "nguoi-soan")
        .env("LOGNAME", "nguoi-soan")
        .env("HOSTNAME", "may-cua-phong")
        .args(["render", "plan.yaml", "-o", "-"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let pdf = Pdf::new(&output.stdout);
    let info = pdf.ask("pdfinfo", &[], &[]);
    let field = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.map_or_else(|| panic!("no {name} in {info}"), str::trim)
    };
    let subject = "Phòng, chống tệ nạn mại dâm; cai nghiện ma túy và quản lý sau cai năm 2019 trên địa bàn tỉnh Kiên Giang";
    assert_eq!(field("Title"), format!("Kế hoạch {subject}"));
    assert_eq!(field("Subject"), subject);
    assert_eq!(field("Author"), "Ủy ban nhân dân tỉnh Kiên Giang");
    assert_eq!(field("Creator"), format!("vanban {}", env!("CARGO_PKG_VERSION")));
    assert!(field("CreationDate").contains("Jan 17 00:00:00 2019"), "{info}");
    for name in ["Keywords", "Producer"] {
        assert!(!info.contains(&format!("{name}:")), "{info}");
    }
    let metadata = pdf.ask("pdfinfo", &["-meta"], &[]);
    assert!(metadata.contains("<dc:language><rdf:Bag><rdf:li>vi-VN</rdf:li>"), "{metadata}");
    let objects = pdf.ask("qpdf", &["--json", "--json-key=qpdf"], &[]);
    assert!(objects.contains("\"/Lang\": \"u:vi-VN\""));
    for word in ["nguoi-soan", "may-cua-phong", "bàn-của", "plan.yaml", "/home/", "/tmp/"] {
        let found = [&info, &metadata, &objects].iter().any(|text| text.contains(word));
        assert!(!found, "the file holds “{word}”");
    }
    assert!(pdf.text().contains("Nguyễn Văn Mẫu"), "the signer's name is on the page");
    assert!(!metadata.contains("Nguyễn Văn Mẫu") && !info.contains("Nguyễn Văn Mẫu"));
}

#[test]
fn an_undated_document_can_be_given_a_date_for_its_metadata() {
    let desk = Desk::new();
    desk.write("plan.yaml", &minimal().replace("date: 2026\n", ""));
    let created = |arguments: &[&str]| {
        let pdf = Pdf::new(&desk.run(arguments).expect(0).out);
        let info = pdf.ask("pdfinfo", &["-isodates"], &[]);
        let line = info.lines().find_map(|line| line.strip_prefix("CreationDate:"));
        line.unwrap().trim().to_owned()
    };
    let render = ["render", "plan.yaml", "-o", "-"];
    assert_eq!(created(&render), "2020-03-05T00:00:00Z");
    assert_eq!(
        created(&[&render[..], &["--as-of", "2026-08-05"]].concat()),
        "2026-08-05T00:00:00Z"
    );
}
