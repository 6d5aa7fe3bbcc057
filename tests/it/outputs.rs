//! Several formats and pages from one run of the program: which files it writes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::cli::{Desk, Watching, is_pdf, minimal, run_in, wait_for};
use super::support::{EXAMPLES, example};

/// The files of a desk, with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

#[test]
fn several_formats_lie_beside_the_data() {
    let desk = Desk::new();
    let outcome = desk.run(&["render", "plan.yaml", "--format", "pdf,docx"]).expect(0);
    assert_eq!((outcome.text(), outcome.err.as_str()), ("plan.pdf\nplan.docx\n", ""));
    assert_eq!(names(desk.0.path()), ["plan.docx", "plan.pdf", "plan.yaml"]);
    let together = files(desk.0.path());
    assert!(is_pdf(&together["plan.pdf"]));
    // Repeated options are added up, a format that comes twice is made once.
    let list = ["--format", "txt", "--format", "pdf,txt", "--format", "html,png,svg"];
    let outcome = desk.run(&[&["render", "plan.yaml"][..], &list].concat()).expect(0);
    assert_eq!(outcome.text(), "plan.txt\nplan.pdf\nplan.html\nplan.png\nplan.svg\n");
    // Each is the file that the format alone gives.
    let together = files(desk.0.path());
    for format in ["pdf", "docx", "html", "txt", "svg", "png"] {
        let alone = desk.run(&["render", "plan.yaml", "--format", format, "-o", "-"]).expect(0);
        assert!(alone.out == together[&format!("plan.{format}")], "{format}");
    }
}

#[test]
fn a_name_serves_several_formats() {
    let desk = Desk::new();
    let run = |out: &str, formats: &str| {
        let arguments = ["render", "plan.yaml", "-o", out, "--format", formats];
        desk.run(&arguments).expect(0).text().to_owned()
    };
    assert_eq!(run("a.pdf", "pdf,docx"), "a.pdf\na.docx\n");
    assert_eq!(run("b.2026", "txt,html"), "b.2026.txt\nb.2026.html\n");
    assert_eq!(run("c.bin", "txt"), "c.bin\n", "one format: the name as it is");
}

#[test]
fn the_extension_tells_the_format() {
    let desk = Desk::new();
    let first = |out: &str| {
        desk.run(&["render", "plan.yaml", "-o", out]).expect(0);
        fs::read(desk.path(out)).unwrap()
    };
    assert!(is_pdf(&first("a.pdf")));
    assert!(is_pdf(&first("a.dat")) && is_pdf(&first("a")), "what is unknown is PDF");
    assert!(first("a.txt").starts_with("ỦY BAN".as_bytes()));
    assert!(first("a.PNG").starts_with(b"\x89PNG"));
    assert!(first("a.svg").starts_with(b"<svg"));
    let docx = first("a.docx");
    assert!(!is_pdf(&docx));
    assert!(docx == desk.run(&["render", "plan.yaml", "--format", "docx", "-o", "-"]).out);
    // What is said outright counts.
    desk.run(&["render", "plan.yaml", "-o", "b.docx", "--format", "pdf"]).expect(0);
    assert!(is_pdf(&fs::read(desk.path("b.docx")).unwrap()));
}

#[test]
fn each_page_is_a_file() {
    let desk = Desk::new();
    desk.write("long.yaml", &example("dinh-my-2026"));
    let outcome = desk.run(&["render", "long.yaml", "--format", "svg", "--json"]).expect(0).json();
    assert_eq!(outcome["output"], serde_json::Value::Null);
    let outputs: Vec<&str> =
        outcome["outputs"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(outputs.len() > 1, "{outputs:?}");
    let width = outputs.len().to_string().len();
    for (at, name) in outputs.iter().enumerate() {
        assert_eq!(*name, format!("long-{:0width$}.svg", at + 1));
        assert!(desk.path(name).is_file());
    }
    // The pages of several formats are all listed.
    let outcome = desk.run(&["render", "long.yaml", "--format", "pdf,png"]).expect(0);
    assert_eq!(outcome.text().lines().count(), 1 + outputs.len());
    assert_eq!(outcome.text().lines().nth(1).unwrap(), outputs[0].replace(".svg", ".png"));
    // A document of one page has no number.
    desk.run(&["render", "plan.yaml", "--format", "svg"]).expect(0);
    assert!(desk.path("plan.svg").is_file() && !desk.path("plan-1.svg").exists());
    let one = desk.run(&["render", "plan.yaml", "--format", "svg", "--json"]).expect(0).json();
    assert_eq!((&one["output"], one.get("outputs")), (&"plan.svg".into(), None));
}

#[test]
fn standard_output_takes_one_file() {
    let desk = Desk::new();
    desk.write("long.yaml", &example("dinh-my-2026"));
    let several = ["render", "plan.yaml", "-o", "-", "--format", "pdf,docx"];
    let vi = desk.run(&several).expect(2);
    assert!(vi.out.is_empty());
    assert!(vi.err.contains("không in được 2 tệp ra đầu ra chuẩn"), "{}", vi.err);
    assert!(vi.err.contains("`-o OUT`"), "{}", vi.err);
    let en = desk.run(&[&several[..], &["--lang", "en"]].concat()).expect(2);
    assert!(en.err.contains("2 files cannot go to standard output"), "{}", en.err);
    let stdin = ["render", "-", "--format", "pdf,txt"];
    let outcome = run_in(desk.0.path(), &stdin, minimal().as_bytes()).expect(2);
    assert!(outcome.out.is_empty() && outcome.err.contains("`-o OUT`"), "{}", outcome.err);
    let named = run_in(desk.0.path(), &[&stdin[..], &["-o", "x"]].concat(), minimal().as_bytes());
    assert_eq!(named.expect(0).text(), "x.pdf\nx.txt\n");
    // Pages are counted when they are laid out.
    let pages = desk.run(&["render", "long.yaml", "-o", "-", "--format", "png"]).expect(2);
    assert!(pages.out.is_empty() && pages.err.contains("tệp ra đầu ra chuẩn"), "{}", pages.err);
}

/// A layout that fails, or a folder in the way, leaves nothing half done.
#[test]
fn all_files_are_written_or_none() {
    let desk = Desk::new();
    desk.write("own/_layout/nd30.typ", "#let render(doc) = panic(\"broken\")\n");
    let render = ["--templates", "own", "render", "plan.yaml", "--format"];
    let both = desk.run(&[&render[..], &["txt,pdf"]].concat()).expect(2);
    assert!(both.err.contains("broken"), "{}", both.err);
    assert_eq!(names(desk.0.path()), ["plan.yaml"]);
    // Text, web page and Word file need no layout of pages.
    let others = desk.run(&[&render[..], &["txt,html,docx"]].concat()).expect(0);
    assert_eq!(others.text(), "plan.txt\nplan.html\nplan.docx\n");
    let desk = Desk::new();
    fs::create_dir(desk.path("plan.svg")).unwrap();
    let blocked = desk.run(&["render", "plan.yaml", "--format", "pdf,svg,txt"]).expect(2);
    assert!(blocked.err.contains("plan.svg"), "{}", blocked.err);
    assert_eq!(names(desk.0.path()), ["plan.yaml"]);
}

#[test]
fn the_data_file_is_never_written_over() {
    let desk = Desk::new();
    desk.write("plan.txt", &minimal());
    for arguments in [
        &["render", "plan.txt", "--format", "txt"][..],
        &["render", "plan.txt", "--format", "pdf,txt"],
        &["render", "plan.yaml", "-o", "plan.yaml"],
    ] {
        let refused = desk.run(arguments).expect(2);
        assert!(refused.err.contains("là tệp dữ liệu"), "{}", refused.err);
    }
    assert_eq!(names(desk.0.path()), ["plan.txt", "plan.yaml"]);
    assert_eq!(fs::read_to_string(desk.path("plan.txt")).unwrap(), minimal());
}

#[test]
fn every_letter_is_made_in_every_format() {
    let desk = Desk::new();
    desk.write("plan.yaml", &example(EXAMPLES[3]));
    let letters =
        ["render", "plan.yaml", "--template", "plan-extract", "--option", "agency=all", "--json"];
    let one = desk.run(&[&letters[..], &["--format", "txt"]].concat()).expect(0).json();
    let both = desk.run(&[&letters[..], &["--format", "docx,txt"]].concat()).expect(0).json();
    let list = |outcome: &serde_json::Value| -> Vec<String> {
        let outputs = outcome["outputs"].as_array().unwrap().iter();
        outputs.map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let expected: Vec<String> =
        list(&one).iter().flat_map(|name| [name.replace(".txt", ".docx"), name.clone()]).collect();
    assert!(expected.len() >= 4);
    assert_eq!(list(&both), expected);
    assert!(expected.iter().all(|name| desk.path(name).is_file()));
}

#[test]
fn word_file_and_web_page_can_be_looked_into() {
    let desk = Desk::new();
    let words = desk.run(&["render", "plan.yaml", "--emit", "docx"]).expect(0);
    let xml = roxmltree::Document::parse(words.text()).unwrap();
    assert_eq!(xml.root_element().tag_name().name(), "document");
    assert!(words.text().lines().count() > 100, "an element a line");
    assert!(words.text().contains("Nâng cao trách nhiệm"));
    let page = desk.run(&["render", "plan.yaml", "--emit", "html"]).expect(0);
    desk.run(&["render", "plan.yaml", "--format", "html"]).expect(0);
    assert!(page.out == fs::read(desk.path("plan.html")).unwrap());
    let unknown = desk.run(&["render", "plan.yaml", "--emit", "pdf"]).expect(2);
    for stage in ["`html`", "`docx`", "`places`"] {
        assert!(unknown.err.contains(stage), "{}", unknown.err);
    }
}

/// The pages that it writes are PNG files beside the data, as images of signatures
/// are: they must not make it render again, and again.
#[test]
fn watching_does_not_follow_its_own_pages() {
    let desk = Desk::new();
    let child = Command::new(env!("CARGO_BIN_EXE_vanban"))
        .args(["render", "plan.yaml", "--watch", "--format", "png,txt"])
        .current_dir(desk.0.path())
        .stdout(Stdio::null())
        .stderr(fs::File::create(desk.path("log")).unwrap())
        .spawn()
        .unwrap();
    let mut watching = Watching(child);
    let png = desk.path("plan.png");
    let first = wait_for(&png, b"", "at the start");
    std::thread::sleep(Duration::from_millis(1500));
    let log = fs::read_to_string(desk.path("log")).unwrap();
    assert_eq!(log.lines().count(), 1, "it rendered once: {log}");
    desk.write("plan.yaml", &minimal().replace("Mục đích", "Mục đích mới"));
    wait_for(&png, &first, "after a change of the data");
    assert!(fs::read_to_string(desk.path("plan.txt")).unwrap().contains("MỤC ĐÍCH MỚI"));
    assert!(watching.0.try_wait().unwrap().is_none(), "the program is still watching");
}
