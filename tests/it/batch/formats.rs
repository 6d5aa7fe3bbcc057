use super::*;

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
