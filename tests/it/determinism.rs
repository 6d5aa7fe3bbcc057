//! The same data gives the same bytes: again, on other threads, in other
//! processes, after other documents.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

use vanban::app::Folder;
use vanban::base::Digest;
use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Format, Input, Renderer};

use super::support::{EXAMPLES, RENDERER, example, pdf_of, repository, vanban};

fn digest(renderer: &Renderer, yaml: &str, format: Format) -> Digest {
    let input = Input::new("x.yaml", yaml.as_bytes());
    Digest::of(&renderer.render(&input, format).unwrap().bytes)
}

#[test]
fn twice_and_by_another_renderer() {
    let other = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    for name in EXAMPLES {
        let yaml = example(name);
        for format in [Format::Pdf, Format::Text] {
            let first = digest(&RENDERER, &yaml, format);
            assert_eq!(digest(&RENDERER, &yaml, format), first, "{name}");
            assert_eq!(digest(&other, &yaml, format), first, "{name}");
        }
    }
}

#[test]
fn on_other_threads_beside_other_documents() {
    let alone: Vec<Digest> =
        EXAMPLES.iter().map(|name| digest(&RENDERER, &example(name), Format::Pdf)).collect();
    thread::scope(|scope| {
        for turn in 0..4 {
            let alone = &alone;
            scope.spawn(move || {
                for at in 0..EXAMPLES.len() {
                    let at = (at + turn) % EXAMPLES.len();
                    let bytes = pdf_of(&example(EXAMPLES[at]));
                    assert_eq!(Digest::of(&bytes), alone[at], "{}", EXAMPLES[at]);
                }
            });
        }
    });
}

#[test]
fn in_another_process() {
    for name in ["dinh-my-2026", "bac-giang-2017"] {
        let path = format!("examples/plan/{name}.yaml");
        let run = |zone: &str| {
            let mut command = vanban();
            command.env("TZ", zone).env("LANG", "C").env("SOURCE_DATE_EPOCH", "1");
            command.args(["render", path.as_str(), "-o", "-"]).output().unwrap().stdout
        };
        let here = pdf_of(&example(name));
        assert_eq!(run("Asia/Ho_Chi_Minh"), here, "{name}");
        assert_eq!(run("America/Los_Angeles"), here, "{name}");
    }
}

/// Images are a part of the data.
#[test]
fn with_images() {
    let name = "image-colour.right.yaml";
    let path = repository("tests/suite/findings").join(name);
    let bytes = std::fs::read(&path).unwrap();
    let folder = Folder::of(&path);
    let input = Input::new(name, &bytes).with_files(&folder);
    let first = RENDERER.render(&input, Format::Pdf).unwrap().bytes;
    let other = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    assert!(other.render(&input, Format::Pdf).unwrap().bytes == first);
    let output = vanban().arg("render").arg(&path).args(["-o", "-"]).output().unwrap();
    assert!(output.stdout == first, "another process");
    // Other images under the same names give another document.
    let images = path.parent().unwrap().join("images");
    let read = |name: &str| -> Arc<[u8]> { std::fs::read(images.join(name)).unwrap().into() };
    let thinner: Arc<[u8]> = read("small.png");
    let files = BTreeMap::from([
        ("images/signature.png".to_owned(), thinner),
        ("images/seal.png".to_owned(), read("seal.png")),
    ]);
    let changed = RENDERER.render(&Input::new(name, &bytes).with_files(&files), Format::Pdf);
    assert!(changed.unwrap().bytes != first);
    assert!(RENDERER.render(&input, Format::Pdf).unwrap().bytes == first, "and back again");
}

/// The bytes of an undated draft do not depend on the day of printing.
#[test]
fn an_undated_document_has_a_fixed_date() {
    let yaml = vanban::catalog::Catalog::builtin();
    let yaml = yaml.template("plan").unwrap().sample(false).replace("date: 2026\n", "");
    assert!(!yaml.contains("date:"));
    let text = super::support::pdf::Pdf::new(&pdf_of(&yaml)).ask("pdfinfo", &["-isodates"], &[]);
    assert!(text.contains("CreationDate:    2020-03-05"), "{text}");
}
