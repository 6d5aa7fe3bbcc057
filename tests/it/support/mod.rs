//! What the tests share.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Format, Input, Renderer};

pub mod browser;
pub mod docx;
pub mod office;
pub mod papers;
pub mod pdf;

/// One renderer for all tests of this process.
pub static RENDERER: LazyLock<Renderer> =
    LazyLock::new(|| Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap());

/// A renderer with the template `every-kind`, which has every kind of block and of
/// inline element.
pub static EVERY_KIND: LazyLock<Renderer> = LazyLock::new(|| {
    let catalog = Catalog::with_folder(&repository("tests/suite/kinds")).unwrap();
    Renderer::new(catalog, FontSet::shipped()).unwrap()
});

/// The data of its full sample: every kind of block, many times.
pub fn every_kind() -> String {
    EVERY_KIND.catalog().template("every-kind").unwrap().sample(true).to_owned()
}

/// A path inside the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The six example plans.
pub const EXAMPLES: [&str; 6] = [
    "tuyen-quang-2010",
    "son-tay-2017",
    "kien-giang-2019",
    "bac-giang-2017",
    "quang-tri-2023",
    "dinh-my-2026",
];

/// The text of an example plan.
pub fn example(name: &str) -> String {
    std::fs::read_to_string(repository(&format!("examples/plan/{name}.yaml"))).unwrap()
}

/// Renders data to PDF; findings of severity error fail the test.
pub fn pdf_of(yaml: &str) -> Vec<u8> {
    render(yaml, Format::Pdf)
}

/// Renders data to text; findings of severity error fail the test.
pub fn text_of(yaml: &str) -> String {
    String::from_utf8(render(yaml, Format::Text)).unwrap()
}

fn render(yaml: &str, format: Format) -> Vec<u8> {
    let input = Input::new("test.yaml", yaml.as_bytes());
    match RENDERER.render(&input, format) {
        Ok(rendered) => rendered.bytes,
        Err(error) => panic!("{error:#?}\n{yaml}"),
    }
}

/// The codes of all findings of a data file.
pub fn codes_of(yaml: &str) -> Vec<String> {
    let input = Input::new("test.yaml", yaml.as_bytes());
    let findings = match RENDERER.compose(&input) {
        Ok(composed) => composed.findings,
        Err(findings) => findings,
    };
    findings.iter().map(|finding| finding.code.to_string()).collect()
}

/// A command that runs the program in the repository's folder.
pub fn vanban() -> assert_cmd::Command {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("vanban");
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}
