//! The forms of sector decrees: blank, and filled from a case.

use std::fs;

use vanban::base::Severity;
use vanban::block::{Inline, plain_text};
use vanban::catalog::{Template, Wording};
use vanban::pipeline::{Composed, Emit, Input};

use super::support::pdf::Pdf;
use super::support::{RENDERER, repository, vanban};

/// The templates of forms that a decree prescribes.
fn forms() -> impl Iterator<Item = &'static Template> {
    let templates = RENDERER.catalog().templates().map(AsRef::as_ref);
    templates.filter(|one: &&Template| one.manifest.id.starts_with("nd163-"))
}

fn composed(input: &Input<'_>) -> Composed {
    RENDERER.compose(input).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn text_of(composed: &Composed) -> String {
    RENDERER.emit(composed, Emit::Text).unwrap()
}

#[test]
fn a_blank_form_is_printed_without_a_data_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = vanban();
    command.current_dir(folder.path()).args(["render", "--blank", "--template", "nd163-v-34"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pdf = Pdf::new(&fs::read(folder.path().join("nd163-v-34.pdf")).unwrap());
    let text = pdf.text();
    for words in ["Mẫu số 34", "CÁ NHÂN VI PHẠM", "Ghi rõ địa danh cấp xã, tỉnh.", "....."]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn only_forms_are_printed_blank() {
    let output = vanban()
        .args(["render", "--blank", "--template", "quyet-dinh", "-o", "never.pdf"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("OP04"));
    assert!(!repository("never.pdf").exists());
    let findings = RENDERER.compose(&Input::blank("quyet-dinh")).unwrap_err();
    assert_eq!(findings[0].code, "OP04");
    for form in forms() {
        assert_eq!(composed(&Input::blank(&form.manifest.id)).findings, []);
    }
}

/// The notes of a form say how to fill it in.
#[test]
fn a_blank_form_keeps_its_notes_and_a_filled_one_drops_them() {
    let mut noted = 0;
    for form in forms() {
        let id = &form.manifest.id;
        let marks = |composed: &Composed| {
            let mut marks = 0;
            vanban::block::paragraphs(&composed.document, &mut |line| marks += notes(line));
            marks
        };
        noted += usize::from(marks(&composed(&Input::blank(id))) > 0);
        for full in [false, true] {
            let input = Input::new(id, form.sample(full).as_bytes());
            assert_eq!(marks(&composed(&input)), 0, "{id}");
        }
    }
    assert!(noted > 0, "no form has notes");
}

fn notes(line: &[Inline]) -> usize {
    let of = |inline: &Inline| match inline {
        Inline::Note(_) => 1,
        Inline::Strong(inner) | Inline::Emphasis(inner) => notes(inner),
        _ => 0,
    };
    line.iter().map(of).sum()
}

/// One case, typed once, prints every form: each says the name of its person or, where
/// the form is about others, is at least printed.
#[test]
fn every_form_is_printed_from_every_example_case() {
    let files = fs::read_dir(repository("examples/case")).unwrap();
    let cases: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert!(cases.len() >= 5, "{cases:?}");
    for path in cases {
        if path.is_dir() {
            continue;
        }
        let data = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for form in forms() {
            let id = &form.manifest.id;
            let input = Input { template: Some(id), ..Input::new(name, &data) };
            let composed = RENDERER.compose(&input);
            // A list of people is no case of one.
            if name == "so-danh-sach.yaml" {
                continue;
            }
            let composed = composed.unwrap_or_else(|found| panic!("{name}, {id}: {found:#?}"));
            // What is honest to say of a case that prints every form, also those of others.
            let codes = composed.findings.iter().filter(|one| one.severity != Severity::Advice);
            let codes: Vec<&str> = codes.map(|one| &*one.code).collect();
            assert!(codes.iter().all(|code| *code == "VT03"), "{name}, {id}: {codes:?}");
            assert!(plain_text(&composed.document.envelope.number_line()).len() < 80);
            assert!(
                text_of(&composed).contains(form.manifest.source.form.rsplit(", ").next().unwrap())
            );
        }
    }
}

/// The table of forms in the guide, as the manifests have it.
fn table_of_forms() -> String {
    let mut table = String::from(
        "| id | form | title | gazette, pages | notes left out | faults, of which a choice | corrected by default |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let mut all: Vec<&Template> = forms().collect();
    all.sort_by_key(|form| form.manifest.source.gazette_pages);
    for form in all {
        let manifest = &form.manifest;
        let [first, last] = manifest.source.gazette_pages.unwrap();
        let pages = if first == last { first.to_string() } else { format!("{first}–{last}") };
        let (dropped, changed): (Vec<_>, Vec<_>) =
            manifest.exceptions.iter().partition(|one| one.ours.is_empty());
        assert!(changed.is_empty(), "{}: a correction is a `[[defect]]`", manifest.id);
        let choices = manifest.defects.iter().filter(|one| one.corrected.is_some());
        let corrected = manifest.defects.iter().filter(|one| one.default == Wording::Corrected);
        let changed: Vec<String> = corrected
            .map(|one| format!("“{}” → “{}”", one.printed, one.words(Wording::Corrected)))
            .collect();
        table.push_str(&format!(
            "| `{}` | {} | {} | {pages} | {} | {}, {} | {} |\n",
            manifest.id,
            manifest.source.form,
            manifest.title,
            dropped.len(),
            manifest.defects.len(),
            choices.count(),
            changed.join("; ")
        ));
    }
    table
}

/// `UPDATE_SUITE=1` writes it.
#[test]
fn the_guide_lists_every_form() {
    let path = repository("templates/README.md");
    let guide = fs::read_to_string(&path).unwrap();
    let (before, rest) =
        guide.split_once("<!-- forms -->\n").expect("the guide has a place for it");
    let (table, after) = rest.split_once("<!-- end of forms -->").unwrap();
    if table != table_of_forms() {
        assert!(
            std::env::var_os("UPDATE_SUITE").is_some(),
            "UPDATE_SUITE=1 writes the table of forms anew"
        );
        let guide =
            format!("{before}<!-- forms -->\n{}<!-- end of forms -->{after}", table_of_forms());
        fs::write(path, guide).unwrap();
    }
}

/// The faults of a form as its README lists them; nothing, if there are none.
fn table_of_faults(form: &Template) -> String {
    let defects = &form.manifest.defects;
    if defects.is_empty() {
        return String::new();
    }
    let mut table = String::from("\n<!-- faults -->\n## Chỗ sai sót của bản in Công báo\n\n");
    if defects.iter().any(|one| one.corrected.is_some()) {
        table.push_str(
            "Chọn chữ được in: `--option wording=decree` (đúng Công báo), `--option wording=corrected` (mọi chỗ đính \
             chính), hoặc từng chỗ, `--option MÃ=decree`. Chữ in đậm là mặc định.\n\n",
        );
    }
    table.push_str("| mã | Công báo in | đính chính | ghi chú |\n|---|---|---|---|\n");
    for one in defects {
        let strong =
            |text: &str, on: bool| if on { format!("**{text}**") } else { text.to_owned() };
        let decree = one.default == Wording::Decree;
        let printed = strong(&one.printed, decree && one.corrected.is_some());
        let corrected = one.corrected.as_ref();
        let corrected =
            corrected.map_or_else(|| "in nguyên".to_owned(), |text| strong(text, !decree));
        table.push_str(&format!("| `{}` | {printed} | {corrected} | {} |\n", one.id, one.vi));
    }
    table + "<!-- end of faults -->\n"
}

/// `UPDATE_SUITE=1` writes it.
#[test]
fn every_form_tells_its_faults() {
    for form in forms() {
        let path = repository(&format!("templates/{}/README.md", form.folder));
        let readme = fs::read_to_string(&path).unwrap();
        let written = readme.split_once("\n<!-- faults -->").map_or(&*readme, |(before, _)| before);
        let expected = format!("{written}{}", table_of_faults(form));
        if readme != expected {
            assert!(
                std::env::var_os("UPDATE_SUITE").is_some(),
                "{}: UPDATE_SUITE=1 writes the table of faults anew",
                form.manifest.id
            );
            fs::write(path, expected).unwrap();
        }
    }
}

/// A fault of the gazette is printed or corrected as the user asks, blank and filled;
/// what the user typed stays.
#[test]
fn words_of_the_gazette_or_corrected_ones_are_chosen() {
    let print = |id: &str, options: &[&str], data: Option<&str>| {
        let data = data.map(|data| Input { template: Some(id), ..Input::new(id, data.as_bytes()) });
        let input = data.unwrap_or_else(|| Input::blank(id));
        let options: Vec<_> = options
            .iter()
            .map(|option| option.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let checked = RENDERER.check_with(&input, &options);
        text_of(&checked.and_then(|checked| RENDERER.compose_checked(checked)).unwrap())
    };
    let data = "date: 2026-08-12\nsubject: {full_name: Nguyễn Văn Ví Dụ}\nrequest: {reasons: [lí do riêng]}\n";
    for data in [None, Some(data)] {
        let one = |options: &[&str]| print("nd163-v-36", options, data);
        assert!(one(&[]).contains("Chánh án Tòa án nhân dân"));
        assert!(one(&["wording=decree"]).contains("Chánh án tòa án nhân dân"));
        assert!(one(&["v-36-2=decree"]).contains("Chánh án tòa án nhân dân"));
        // What is said of one place is said of it alone.
        let both = one(&["wording=decree", "v-36-2=corrected"]);
        assert!(both.contains("Chánh án Tòa án nhân dân"));
        let other = |options: &[&str]| print("nd163-v-44", options, data);
        assert!(other(&[]).contains("với lí do sau"));
        assert!(other(&["wording=corrected"]).contains("với lý do sau"));
        assert_eq!(other(&["wording=corrected"]).contains("lí do riêng"), data.is_some());
    }
    let unknown = [("wording".to_owned(), "mine".to_owned())];
    let findings = RENDERER.check_with(&Input::blank("nd163-v-36"), &unknown).unwrap_err();
    assert_eq!(findings[0].code, "OP02");
    // A form without choices has no such option.
    let findings = RENDERER.check_with(&Input::blank("nd163-v-37"), &unknown).unwrap_err();
    assert_eq!(findings[0].code, "OP01");
}

/// Who knows the number of an old form finds the one that replaces it.
#[test]
fn a_form_is_found_by_what_it_replaces() {
    let found = |words: &str| {
        let output = vanban().args(["templates", "--find", words]).output().unwrap();
        let list = String::from_utf8(output.stdout).unwrap();
        list.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("NĐ 116 mẫu 27"), ["nd163-v-34"]);
    assert_eq!(found("116/2021/NĐ-CP, mẫu số 27"), ["nd163-v-34"]);
    assert_eq!(found("bien ban vi pham cai nghien bat buoc"), ["nd163-v-34"]);
    assert!(found("NĐ 163 mẫu 34").contains(&"nd163-v-34".to_owned()));
    assert!(found("NĐ 116 mẫu 99").is_empty());
}

/// Registers hold any number of people; their header stands on every page.
#[test]
fn registers_hold_any_number_of_people() {
    for id in ["nd163-v-21", "nd163-iii-10"] {
        for count in [0, 1, 6, 7, 150] {
            let list: Vec<String> = (1..=count)
                .map(|n| format!("{{full_name: Nguyễn Văn Thí Dụ, birth_date: {}}}", 1900 + n))
                .collect();
            let list = list.join(", ");
            let data =
                format!("template: {id}\nregister: {{users: [{list}], voluntary: [{list}]}}\n");
            let input = Input::new(id, data.as_bytes());
            let composed = composed(&input);
            let rows = text_of(&composed).matches("Nguyễn Văn Thí Dụ").count();
            assert_eq!(rows, count, "{id}");
            if count == 150 {
                let pdf = RENDERER.write(&composed, vanban::pipeline::Format::Pdf).unwrap();
                let text = Pdf::new(&pdf).text();
                let pages: Vec<&str> =
                    text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
                assert!(pages.len() > 2, "{id}");
                for page in pages.iter().filter(|page| page.contains("Nguyễn Văn Thí Dụ")) {
                    assert!(page.contains("TT") || page.contains("STT"), "{id}: {page}");
                }
            }
        }
    }
}

/// A blank form takes as many sheets as in the gazette.
#[test]
fn blank_forms_have_the_pages_of_the_gazette() {
    // Set closer than in the gazette: a sheet less to be filled in.
    let shorter = [("nd163-v-17", 3)];
    let mut found = Vec::new();
    for form in forms() {
        let id = form.manifest.id.as_str();
        let [first, last] = form.manifest.source.gazette_pages.unwrap();
        let known = shorter.iter().find(|one| one.0 == id).map(|one| one.1);
        let expected = known.unwrap_or(last - first + 1);
        let composed = composed(&Input::blank(id));
        let pdf = RENDERER.write(&composed, vanban::pipeline::Format::Pdf).unwrap();
        let told = Pdf::new(&pdf).ask("pdfinfo", &[], &[]);
        let pages = told.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap();
        if pages.trim() != expected.to_string() {
            found.push(format!("{id}: {} for {expected}", pages.trim()));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
