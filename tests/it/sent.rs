//! A dossier of what is at hand: no file is read, the archive goes out while it is made.

use std::fs;

use rstest::rstest;
use vanban::app::{BuildOptions, Parts, bind_case, print_dossier, send_dossier};
use vanban::pipeline::{BuildError, Dossier, Input, Numbering};

use super::support::{RENDERER, repository, vanban};

const OPTIONS: fn() -> BuildOptions<'static> =
    || BuildOptions { procedure: None, set: None, numbering: Numbering::default() };

fn case(name: &str) -> Vec<u8> {
    fs::read(repository(&format!("examples/case/{name}.yaml"))).unwrap()
}

/// The papers from outside of the examples, under the paths that the cases give.
fn papers() -> Parts {
    let mut parts = Parts::default();
    for entry in fs::read_dir(repository("examples/case/giay-to")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("giay-to/{}", path.file_name().unwrap().to_str().unwrap());
        parts.add(&name, fs::read(&path).unwrap()).unwrap();
    }
    parts
}

fn bound(case: &[u8], parts: &Parts) -> Result<Dossier, BuildError> {
    bind_case(&RENDERER, &Input::new("case.yaml", case).with_files(parts), &OPTIONS())
}

/// The archive and the print set are those of the command line, byte for byte.
#[rstest]
#[case("nguoi-thanh-nien-co-noi-cu-tru")]
#[case("nguoi-thanh-nien-khong-noi-cu-tru")]
#[case("nguoi-chua-thanh-nien-15-tuoi")]
#[case("cai-nghien-tu-nguyen")]
#[case("quan-ly-sau-cai")]
fn a_dossier_of_what_is_at_hand_is_that_of_the_files(#[case] name: &str) {
    let file = format!("examples/case/{name}.yaml");
    let output = vanban().args(["dossier", "build", &file, "-o", "-"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let parts = papers();
    let mut dossier = bound(&case(name), &parts).unwrap();
    RENDERER.read_outside(&mut dossier, &parts).unwrap();
    let mut sent = Vec::new();
    send_dossier(&RENDERER, &mut dossier, &parts, &mut sent).unwrap();
    assert!(sent == output.stdout, "other bytes");
    let mut dossier = bound(&case(name), &parts).unwrap();
    let mut printed = Vec::new();
    print_dossier(&RENDERER, &mut dossier, &parts, None, &mut printed).unwrap();
    assert!(printed.starts_with(b"%PDF-"));
}

/// What is wrong with a file from outside is known before anything is sent.
#[test]
fn files_are_read_before_anything_is_sent() {
    let case = case("quan-ly-sau-cai");
    let codes = |error: BuildError| match error {
        BuildError::Findings(all) => all.iter().map(|one| one.code.to_string()).collect(),
        other => panic!("{other}"),
    };
    let codes = |error| -> Vec<String> { codes(error) };
    let missing = bound(&case, &Parts::default()).unwrap_err();
    assert_eq!(codes(missing), ["PR04", "DB01"]);
    let mut parts = Parts::default();
    parts.add("giay-to/giay-xac-nhan.pdf", b"%PDF-1.7 no pages".to_vec()).unwrap();
    let mut dossier = bound(&case, &parts).unwrap();
    assert_eq!(codes(RENDERER.read_outside(&mut dossier, &parts).unwrap_err()), ["DB02"]);
}

/// A failure leaves no archive that looks whole.
#[test]
fn an_archive_that_fails_has_no_list_of_files() {
    let mut parts = Parts::default();
    parts.add("giay-to/giay-xac-nhan.pdf", b"%PDF-1.7 no pages".to_vec()).unwrap();
    let mut dossier = bound(&case("quan-ly-sau-cai"), &parts).unwrap();
    let mut sent = Vec::new();
    assert!(send_dossier(&RENDERER, &mut dossier, &parts, &mut sent).is_err());
    assert!(sent.starts_with(b"PK\x03\x04"), "it failed on the way");
    // Word files in it end so too.
    assert!(!sent[sent.len() - 22..].starts_with(b"PK\x05\x06"));
}
