//! A browser without a window, the judge of web pages.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::repository;

/// Switches that make runs alike and keep the browser off the network.
const SWITCHES: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
];

/// Opens a page in a new profile with the repository's fonts alone, and gives what
/// the browser prints to standard output. A browser that is missing or fails fails
/// the test.
fn open(folder: &TempDir, address: &str, switches: &[String]) -> String {
    let fonts = folder.path().join("fonts.conf");
    let conf = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig>\
         <dir>{}</dir><cachedir>{}</cachedir><alias binding=\"same\"><family>Times New Roman</family>\
         <prefer><family>Liberation Serif</family></prefer></alias></fontconfig>",
        repository("fonts").display(),
        folder.path().join("cache").display()
    );
    std::fs::write(&fonts, conf).unwrap();
    let output = Command::new("chromium")
        .env("FONTCONFIG_FILE", &fonts)
        .env("HOME", folder.path())
        .args(SWITCHES)
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .args(switches)
        .arg(address)
        .output()
        .unwrap_or_else(|error| panic!("cannot run `chromium` ({error}); `tests/run` installs it"));
    assert!(
        output.status.success(),
        "`chromium` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The address of a file.
fn of_file(page: &Path) -> String {
    format!("file://{}", page.display())
}

fn written(html: &str) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(&page, html).unwrap();
    (folder, page)
}

/// A web page, printed to PDF.
pub fn print(html: &str) -> Vec<u8> {
    let (folder, page) = written(html);
    let pdf = folder.path().join("page.pdf");
    open(&folder, &of_file(&page), &[format!("--print-to-pdf={}", pdf.display())]);
    std::fs::read(&pdf).expect("the browser has printed the page")
}

/// The elements of a web page once its scripts have run.
pub fn loaded(html: &str) -> String {
    let (folder, page) = written(html);
    dumped(&folder, &of_file(&page))
}

/// The elements of the page at an address once its scripts have run.
pub fn visited(address: &str) -> String {
    dumped(&tempfile::tempdir().unwrap(), address)
}

fn dumped(folder: &TempDir, address: &str) -> String {
    open(folder, address, &["--dump-dom".into(), "--virtual-time-budget=20000".into()])
}
