use super::*;
use crate::support::pdf::Pdf;

/// A list of the data of several documents, in YAML or JSON: places are lines.
#[test]
fn a_list_in_yaml_is_a_batch() {
    let yaml = "- subject: {full_name: Phạm Văn Thí Dụ}\n- subject:\n    full_name: Phạm Thị Minh Họa\n    sex: Khác\n";
    let desk = desk("a.yaml", yaml.as_bytes());
    let ran = texts(desk.path(), "a.yaml", &["--keep-going"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let finding = &ran.json()["report"]["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["line"], &finding["column"]),
        (&"SC04".into(), &4.into(), &10.into())
    );
    assert_eq!(finding["pointer"], "/1/subject/sex");
    let out = desk.path().join("out.zip");
    assert_eq!(names(&out), ["nd163-v-20-001.txt", "bao-cao.json", "bao-cao.txt"]);
    let report = document(&out, "bao-cao.txt");
    assert!(report.contains("Dòng 2:\n  ") && report.contains("[SC04]"), "{report}");
    let json = r#"[{"subject": {"full_name": "Phạm Văn Thí Dụ"}}]"#;
    std::fs::write(desk.path().join("a.json"), json).unwrap();
    assert_eq!(texts(desk.path(), "a.json", &[]).code, 0);
    std::fs::write(desk.path().join("b.json"), "{}").unwrap();
    assert_eq!(texts(desk.path(), "b.json", &[]).found()[0].0, "BT17");
}

/// Common values fill what the table leaves open, and what is wrong with them is told
/// once, in their own file.
#[test]
fn common_values_hold_for_every_row() {
    let desk =
        desk("a.csv", "subject.full_name;subject.sex\nPhạm Văn A;\nPhạm Văn B;nữ\n".as_bytes());
    let write = |text: &str| std::fs::write(desk.path().join("chung.yaml"), text).unwrap();
    write("subject: {sex: Nam, phone: 0912 000 001}\ndate: 2026-08-14\n");
    let profile = profile();
    let more = ["--common", "chung.yaml", "--profile", profile.to_str().unwrap()];
    let ran = texts(desk.path(), "a.csv", &more);
    assert_eq!((ran.code, ran.found()), (0, vec![]), "{ran:#?}");
    let out = desk.path().join("out.zip");
    let [first, second] =
        ["002", "003"].map(|row| document(&out, &format!("nd163-v-20-{row}.txt")));
    assert!(first.contains("PHẠM VĂN A") && first.contains("0912 000 001"), "{first}");
    assert!(first.contains("Định Mỹ"), "the profile counts: {first}");
    assert_ne!(first.contains("Nữ"), second.contains("Nữ"), "{second}");
    write("date: 2026-08-14\nsubject: {phone: 123}\n");
    let ran = texts(desk.path(), "a.csv", &more);
    let findings = ran.json()["report"]["findings"].as_array().unwrap().clone();
    let [finding] = findings.as_slice() else { panic!("told once: {ran:#?}") };
    assert_eq!((&finding["file"], &finding["line"]), (&"chung.yaml".into(), &2.into()));
    assert_eq!(ran.json()["batch"]["failed"].as_array().unwrap().len(), 2);
}

/// A document with pages as pictures has a file for each.
#[test]
fn pictures_of_pages_are_numbered() {
    let desk = desk("a.csv", b"subject.full_name\nA B\n");
    let ran = batch(
        desk.path(),
        &["--template", TEMPLATE, "--data", "a.csv", "-o", "out.zip", "--format", "svg,txt"],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out, "out.zip\n");
    let names = names(&desk.path().join("out.zip"));
    assert_eq!(names[..2], ["nd163-v-20-002-1.svg", "nd163-v-20-002-2.svg"]);
}

/// What is printed in a batch is what is printed of a data file alone.
#[test]
fn a_document_of_a_batch_is_that_of_its_data() {
    let desk = desk(
        "a.csv",
        "subject.full_name;subject.birth_date\nPhạm Văn Thí Dụ;12/5/1990\n".as_bytes(),
    );
    let ran = batch(desk.path(), &["--template", TEMPLATE, "--data", "a.csv", "-o", "out.zip"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let data = "subject: {full_name: Phạm Văn Thí Dụ, birth_date: 12/5/1990}\n";
    let input = vanban::pipeline::Input {
        template: Some(TEMPLATE),
        ..vanban::pipeline::Input::new("a.yaml", data.as_bytes())
    };
    let alone =
        crate::support::RENDERER.render(&input, vanban::pipeline::Format::Pdf).unwrap().bytes;
    let files = unpacked(&desk.path().join("out.zip"));
    assert!(files[0].1 == alone, "other bytes than `vanban render` makes");
}

/// One file to print: every document begins a sheet, and is there whole.
#[test]
fn merged_documents_begin_sheets_of_their_own() {
    let table = "subject.full_name\nPhạm Văn Một\nPhạm Văn Hai\nPhạm Văn Ba\n";
    let desk = desk("a.csv", table.as_bytes());
    let run = |data: &str, more: &[&str]| {
        let arguments = ["--template", TEMPLATE, "--data", data, "-o", "in.pdf", "--merge"];
        batch(desk.path(), &[&arguments, more].concat())
    };
    let ran = run("a.csv", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "in.pdf\n"), "{}", ran.err);
    let bytes = std::fs::read(desk.path().join("in.pdf")).unwrap();
    let pdf = Pdf::new(&bytes);
    let one = batch(
        desk.path(),
        &["--template", TEMPLATE, "--data", "a.csv", "-o", "one", "--jobs", "1"],
    );
    assert_eq!(one.code, 0, "{}", one.err);
    let alone = std::fs::read(desk.path().join("one/nd163-v-20-002.pdf")).unwrap();
    let pages = |pdf: &Pdf| {
        let info = pdf.ask("pdfinfo", &[], &[]);
        let line = info.lines().find(|line| line.starts_with("Pages:")).unwrap().to_owned();
        line.split_whitespace().last().unwrap().parse::<usize>().unwrap()
    };
    let sheets = pages(&Pdf::new(&alone)).div_ceil(2);
    assert!([sheets * 6, sheets * 6 - 1].contains(&pages(&pdf)), "{} pages", pages(&pdf));
    for (at, name) in ["MỘT", "HAI", "BA"].iter().enumerate() {
        let first = (at * sheets * 2 + 1).to_string();
        let words = pdf.ask("pdftotext", &["-f", &first, "-l", &first], &["-"]);
        assert!(words.contains(&format!("PHẠM VĂN {name}")), "page {first}: {words}");
    }
    pdf.ask("qpdf", &["--check"], &[]);
    let said = String::from_utf8_lossy(&bytes);
    assert!(!said.contains("Phạm"), "no name of a person in the metadata");
    // What is wrong keeps the old file, and `--keep-going` tells beside the new one.
    std::fs::write(desk.path().join("b.csv"), format!("{table}123\n")).unwrap();
    assert_eq!(run("b.csv", &[]).code, 1);
    assert!(std::fs::read(desk.path().join("in.pdf")).unwrap() == bytes);
    assert_eq!(run("b.csv", &["--keep-going"]).code, 1);
    assert!(std::fs::read(desk.path().join("in.pdf")).unwrap() == bytes, "the same three");
    let told = std::fs::read_to_string(desk.path().join("in.bao-cao.txt")).unwrap();
    assert!(told.contains("Dòng 5:") && told.contains("A5: "), "{told}");
}

#[test]
fn too_many_documents_are_not_merged() {
    let table = format!("subject.full_name\n{}", "Phạm Văn Thí Dụ\n".repeat(2_001));
    let desk = desk("a.csv", table.as_bytes());
    let arguments =
        ["--template", TEMPLATE, "--data", "a.csv", "-o", "in.pdf", "--merge", "--json"];
    assert_eq!(batch(desk.path(), &arguments).found()[0].0, "BT19");
}
