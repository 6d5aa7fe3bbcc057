//! Reading PDF files with poppler and qpdf, the judges from outside.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A piece of what a PDF says.
#[derive(Debug)]
pub enum Piece {
    /// Words on one line in one style.
    Text(String),
    /// A picture, with its alternative text.
    Picture(String),
}

/// A PDF on disk, to be asked about by outside programs.
pub struct Pdf {
    folder: TempDir,
}

impl Pdf {
    pub fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file.pdf"), bytes).unwrap();
        Self { folder }
    }

    /// A folder of its own, for what a program writes beside its output.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("file.pdf")
    }

    /// Runs a program on the file and gives its standard output. A program that
    /// is missing or fails fails the test. Poppler prints some titles in UTF-16:
    /// what is not UTF-8 is replaced.
    pub fn ask(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let output = Command::new(program)
            .args(before)
            .arg(self.path())
            .args(after)
            .output()
            .unwrap_or_else(|error| {
                panic!("cannot run `{program}` ({error}); `tests/run` installs it")
            });
        assert!(
            output.status.success(),
            "`{program}` failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The words of the file in reading order.
    pub fn text(&self) -> String {
        self.ask("pdftotext", &["-layout"], &["-"])
    }

    /// What the tags say in reading order. Words drawn in a picture are left out.
    pub fn tagged(&self) -> Vec<Piece> {
        let outline = self.ask("pdfinfo", &["-struct-text", "-enc", "UTF-8"], &[]);
        let mut alternatives = self.alternatives().into_iter();
        let mut pieces = Vec::new();
        // How far the picture is indented whose words are being left out.
        let mut picture = None;
        for line in outline.lines() {
            let entry = line.trim_start();
            let indent = line.len() - entry.len();
            if picture.is_some_and(|outside| indent > outside) {
                continue;
            }
            picture = None;
            if let Some(text) = entry.strip_prefix('"') {
                let text = text.strip_suffix('"').unwrap_or_else(|| panic!("not a text: {line}"));
                pieces.push(Piece::Text(text.to_owned()));
            } else if entry.starts_with("Figure") {
                picture = Some(indent);
                let alternative = alternatives.next();
                pieces.push(Piece::Picture(alternative.expect("poppler sees the same pictures")));
            }
        }
        assert_eq!(alternatives.next(), None, "poppler and qpdf see the same pictures");
        pieces
    }

    /// The alternative texts of the pictures, in reading order.
    fn alternatives(&self) -> Vec<String> {
        let json: Value = serde_json::from_str(&self.ask("qpdf", &["--json=2"], &[])).unwrap();
        let objects = &json["qpdf"][1];
        let root = &deref(objects, &objects["trailer"]["value"]["/Root"])["/StructTreeRoot"];
        let mut found = Vec::new();
        pictures(objects, &deref(objects, root)["/K"], &mut found);
        found
    }
}

/// What a reference stands for.
fn deref<'a>(objects: &'a Value, value: &'a Value) -> &'a Value {
    match value.as_str() {
        Some(text) if text.ends_with(" R") => &objects[format!("obj:{text}")]["value"],
        _ => value,
    }
}

fn pictures(objects: &Value, kids: &Value, found: &mut Vec<String>) {
    let kids = deref(objects, kids);
    for kid in kids.as_array().unwrap_or(&vec![kids.clone()]) {
        let element = deref(objects, kid);
        if element["/S"] == "/Figure" {
            let words = element["/Alt"].as_str().and_then(|text| text.strip_prefix("u:"));
            found.push(words.expect("a picture has an alternative text").to_owned());
        } else if element.is_object() {
            pictures(objects, &element["/K"], found);
        }
    }
}
