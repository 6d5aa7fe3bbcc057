//! LibreOffice, which opens Word files as another office does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::thread;

use tempfile::TempDir;

use super::papers::{DOCX, PAPERS, Paper};
use super::repository;

/// A file that LibreOffice is to open: its name without an ending, its bytes.
pub type File<'a> = (&'a str, &'a [u8]);

/// What LibreOffice made of a Word file.
pub struct Opened {
    pub pdf: Vec<u8>,
    /// Its text: paragraphs and cells in lines of their own, without headers,
    /// footers and pictures.
    pub text: String,
}

/// All papers, opened by LibreOffice once.
pub static OPENED: LazyLock<Vec<Opened>> = LazyLock::new(|| {
    let names: Vec<String> = PAPERS.iter().map(Paper::file_stem).collect();
    let files: Vec<File<'_>> =
        names.iter().map(String::as_str).zip(DOCX.iter().map(Vec::as_slice)).collect();
    open(&files)
});

/// Opens Word files and makes PDF and text of each.
pub fn open(files: &[File<'_>]) -> Vec<Opened> {
    let (pdfs, texts) = thread::scope(|scope| {
        let pdfs = scope.spawn(|| convert(files, "pdf", "pdf"));
        let texts = convert(files, "txt", "txt:Text (encoded):UTF8");
        (pdfs.join().unwrap(), texts)
    });
    pdfs.into_iter()
        .zip(texts)
        .map(|(pdf, text)| {
            let text = String::from_utf8(text).unwrap().trim_start_matches('\u{FEFF}').to_owned();
            Opened { pdf, text }
        })
        .collect()
}

/// How many files are given to one run: it stops in silence when it is given many more.
const AT_ONCE: usize = 80;

/// Converts Word files, many in one run of the program, which has its own settings
/// and our fonts alone. A file that is not converted, and any warning, fails the
/// test.
pub fn convert(files: &[File<'_>], extension: &str, filter: &str) -> Vec<Vec<u8>> {
    files.chunks(AT_ONCE).flat_map(|part| convert_part(part, extension, filter)).collect()
}

/// Converts a file of the kind `from` to the kind `to`.
pub fn convert_to(bytes: &[u8], from: &str, to: &str, filter: &str) -> Vec<u8> {
    convert_files(&[("file", bytes)], from, to, &format!("{to}:{filter}")).remove(0)
}

fn convert_part(files: &[File<'_>], extension: &str, filter: &str) -> Vec<Vec<u8>> {
    convert_files(files, "docx", extension, filter)
}

fn convert_files(files: &[File<'_>], from: &str, extension: &str, filter: &str) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, extension: &str| folder.path().join(format!("{name}.{extension}"));
    for (name, bytes) in files {
        fs::write(path(name, from), bytes).unwrap();
    }
    let profile = folder.path().join("profile");
    let output = Command::new("soffice")
        .env("FONTCONFIG_FILE", fonts(&folder))
        .env("LC_ALL", "C.UTF-8")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--norestore", "--convert-to", filter, "--outdir"])
        .arg(folder.path())
        .args(files.iter().map(|(name, _)| path(name, from)))
        .output()
        .unwrap_or_else(|error| panic!("cannot run `soffice` ({error}); `tests/run` installs it"));
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let said = String::from_utf8_lossy(&said);
    let expected = |line: &&str| line.starts_with("convert /") || line.contains(NO_JAVA);
    let unexpected: Vec<&str> = said.lines().filter(|line| !expected(line)).collect();
    assert!(output.status.success() && unexpected.is_empty(), "LibreOffice says {unexpected:#?}");
    let read = |path: PathBuf| {
        fs::read(&path).unwrap_or_else(|_| panic!("LibreOffice has not made {}", path.display()))
    };
    files.iter().map(|(name, _)| read(path(name, extension))).collect()
}

/// Said once in every run where no Java is installed, which Writer does not need.
const NO_JAVA: &str = "failed to launch javaldx";

/// The settings of fontconfig: the fonts of this repository and no others.
fn fonts(folder: &TempDir) -> PathBuf {
    let settings = folder.path().join("fonts.conf");
    let lines = format!(
        "<?xml version=\"1.0\"?>\n\
         <!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n\
         <fontconfig>\n\
         <dir>{}</dir>\n\
         <cachedir>{}</cachedir>\n\
         <alias binding=\"same\"><family>Times New Roman</family>\
         <prefer><family>Liberation Serif</family></prefer></alias>\n\
         </fontconfig>\n",
        repository("fonts").display(),
        Path::new(folder.path()).join("cache").display(),
    );
    fs::write(&settings, lines).unwrap();
    settings
}
