//! Reading PDF files with poppler and qpdf, the judges from outside.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A piece of what a PDF says.
#[derive(Debug)]
pub enum Piece {
    /// Words on one line in one style, and the number of their paragraph.
    Text { text: String, block: usize },
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

    /// What the tags say in reading order, notes behind everything else. Words drawn in
    /// a picture are left out.
    pub fn tagged(&self) -> Vec<Piece> {
        /// What stands in the line, or in a piece of it.
        const INLINE: [&str; 4] = ["Span", "Link", "Lbl", "Object"];
        let outline = self.ask("pdfinfo", &["-struct-text", "-enc", "UTF-8"], &[]);
        let pictures = outline.lines().any(|line| line.trim_start().starts_with("Figure"));
        let alternatives = if pictures { self.alternatives() } else { Vec::new() };
        let mut alternatives = alternatives.into_iter();
        let (mut pieces, mut notes) = (Vec::new(), Vec::new());
        // The elements that are open: indent, block, whether in a note or a picture.
        let mut open: Vec<(usize, usize, bool, bool)> = Vec::new();
        for (at, line) in outline.lines().enumerate() {
            let entry = line.trim_start();
            let indent = line.len() - entry.len();
            while open.last().is_some_and(|element| element.0 >= indent) {
                open.pop();
            }
            let (_, block, note, picture) = open.last().copied().unwrap_or_default();
            let told = if note { &mut notes } else { &mut pieces };
            if let Some(text) = entry.strip_prefix('"') {
                let text = text.strip_suffix('"').unwrap_or_else(|| panic!("not a text: {line}"));
                if !picture {
                    told.push(Piece::Text { text: text.to_owned(), block });
                }
            } else if !entry.starts_with('/') {
                let name = entry.split([' ', ':']).next().unwrap();
                let figure = name == "Figure";
                if figure {
                    let alternative = alternatives.next().expect("poppler sees the same pictures");
                    told.push(Piece::Picture(alternative));
                }
                let block = if INLINE.contains(&name) { block } else { at };
                open.push((indent, block, note || name == "Note", picture || figure));
            }
        }
        assert_eq!(alternatives.next(), None, "poppler and qpdf see the same pictures");
        pieces.extend(notes);
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
