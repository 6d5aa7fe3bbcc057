//! Reading PDF files with poppler and qpdf, the judges from outside.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

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
}
