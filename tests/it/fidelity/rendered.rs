//! The comparison on a template, from its files to the report.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use vanban::catalog::{Catalog, CatalogError, FontSet};
use vanban::pipeline::Renderer;

use super::super::support::repository;
use super::report;

/// Where the template lies, inside a template folder.
const FORM: &str = "nd163/v-39";

/// A template folder that holds the form of the tests, one file of it changed.
fn changed(file: &str, from: &str, to: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = repository("tests/suite/fidelity").join(FORM);
    let target = folder.path().join(FORM);
    fs::create_dir_all(target.join("samples")).unwrap();
    for name in
        ["template.toml", "content.xml", "schema.json", "samples/minimal.yaml", "samples/full.yaml"]
    {
        let text = fs::read_to_string(source.join(name)).unwrap();
        assert!(name != file || text.contains(from), "`{file}` has no `{from}`");
        let text = if name == file { text.replacen(from, to, 1) } else { text };
        fs::write(target.join(name), text).unwrap();
    }
    folder
}

/// The report on the form in a template folder.
fn report_in(folder: &Path) -> String {
    let catalog = Catalog::with_folder(folder).unwrap();
    let renderer = Renderer::new(catalog, FontSet::shipped()).unwrap();
    report(&renderer, renderer.catalog().template("nd163-v-39").unwrap())
}

fn report_of_change(file: &str, from: &str, to: &str) -> String {
    report_in(changed(file, from, to).path())
}

#[test]
fn a_faithful_form_has_no_faults() {
    assert_eq!(report_in(&repository("tests/suite/fidelity")), "");
}

#[test]
fn a_slip_in_a_template_is_found() {
    let change = |from, to| report_of_change("content.xml", from, to);
    insta::assert_snapshot!(change("Điện thoại liên lạc", "Số điện thoại"), @"
    other words:
        gazette: cư trú hoặc chỗ ở hiện nay : ⟦…… Điện thoại liên lạc⟧ : …… 2 . Quan hệ với người nghiện
        ours:    cư trú hoặc chỗ ở hiện nay : ⟦…… Số điện thoại⟧ : …… 2 . Quan hệ với người nghiện
    ");
    let missing = change("<p>Tên gọi khác (nếu có): <fill/></p>", "");
    assert!(missing.starts_with("missing:"), "{missing}");
    let no_dots = change("Điện thoại liên lạc: <fill/>", "Điện thoại liên lạc:");
    assert!(no_dots.starts_with("no blank:"), "{no_dots}");
    let note = change("Đồng ý hay không đồng ý.", "Đồng ý/không đồng ý.");
    assert!(note.contains("a note is not in the gazette:"), "{note}");
}

#[test]
fn exceptions_are_used_and_have_reasons() {
    let change = |from, to| report_of_change("template.toml", from, to);
    let unused = change("(nêu có)", "(nêu rõ)");
    assert!(unused.contains("is not used"), "{unused}");
    for (from, to) in [("a slip of the gazette", " "), ("Ý kiến khác (nêu có)", "")] {
        let folder = changed("template.toml", from, to);
        let Err(CatalogError::Malformed { message, .. }) = Catalog::with_folder(folder.path())
        else {
            panic!("`{from}` → `{to}` is accepted");
        };
        assert!(message.contains("[[exception]]"), "{message}");
    }
}
