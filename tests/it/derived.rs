//! Papers that are derived from a plan: the same data file, another template.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use vanban::base::Severity;
use vanban::block::{Block, Chart, Document, Table, plain_text};
use vanban::pipeline::{Composed, Emit, Format, Input, Options};

use super::support::{EXAMPLES, RENDERER, example, pdf::Pdf, repository, vanban};

const PAPERS: [&str; 5] =
    ["plan-assignments", "plan-extract", "plan-targets", "plan-schedule", "plan-distribution"];

/// Every document that a template makes of a plan.
fn documents(data: &str, template: &str, options: &[(&str, &str)]) -> Vec<Composed> {
    let options: Vec<(String, String)> =
        options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let options: &Options = &options;
    let input = Input { template: Some(template), ..Input::new("plan.yaml", data.as_bytes()) };
    let checked = RENDERER.check_with(&input, options);
    let checked = checked.unwrap_or_else(|findings| panic!("{template}: {findings:#?}"));
    let compose = |checked| {
        let composed = RENDERER.compose_checked(checked);
        composed.unwrap_or_else(|findings| panic!("{template}: {findings:#?}"))
    };
    checked.editions().into_iter().map(|edition| compose(edition.checked)).collect()
}

fn document(data: &str, template: &str) -> Composed {
    documents(data, template, &[]).remove(0)
}

fn text(composed: &Composed) -> String {
    RENDERER.emit(composed, Emit::Text).unwrap()
}

fn table(document: &Document) -> &Table {
    let blocks = &document.annexes[0].content;
    let table = blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    table.expect("a table")
}

fn chart(document: &Document) -> Option<&Chart> {
    document.annexes[0].content.iter().find_map(|block| match block {
        Block::Chart(chart) => Some(chart),
        _ => None,
    })
}

/// The rows of a table as texts, without those that head others.
fn rows(table: &Table) -> Vec<Vec<String>> {
    let plain = table.rows.iter().enumerate().filter(|(at, _)| !table.headings.contains(at));
    plain.map(|(_, row)| row.iter().map(|cell| plain_text(&cell.content)).collect()).collect()
}

/// The texts of all duties below a value, as they stand in the data.
fn duties(value: &Value, out: &mut Vec<String>) {
    for duty in value["duties"].as_array().into_iter().flatten() {
        let text = duty.as_str().or(duty["text"].as_str()).unwrap();
        out.push(joined(text));
        duties(duty, out);
    }
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The agencies of a plan with all their duties.
fn agencies(data: &Value) -> Vec<(String, Vec<String>)> {
    let list = data["assignments"]["agencies"].as_array().unwrap();
    let agency = |one: &Value| {
        let mut texts = Vec::new();
        duties(one, &mut texts);
        (one["agency"].as_str().unwrap().to_owned(), texts)
    };
    list.iter().map(agency).collect()
}

#[test]
fn every_paper_of_every_example_renders() {
    for name in EXAMPLES {
        let data = example(name);
        for template in PAPERS {
            for composed in documents(&data, template, &[]) {
                let serious: Vec<_> = composed
                    .findings
                    .iter()
                    .filter(|finding| finding.severity != Severity::Advice)
                    .collect();
                assert!(serious.is_empty(), "{name}, {template}: {serious:#?}");
                let pdf = RENDERER.write(&composed, Format::Pdf).unwrap();
                assert!(pdf.starts_with(b"%PDF-1.7"), "{name}, {template}");
            }
        }
    }
}

#[test]
fn the_assignment_table_has_every_duty_once_however_it_is_grouped() {
    for name in EXAMPLES {
        for group in ["agency", "section"] {
            let composed =
                documents(&example(name), "plan-assignments", &[("group", group)]).remove(0);
            let rows = rows(table(&composed.document));
            let mut printed: Vec<String> = rows.iter().map(|row| joined(&row[1])).collect();
            let mut expected: Vec<String> =
                agencies(&composed.checked.data).into_iter().flat_map(|(_, texts)| texts).collect();
            printed.sort();
            expected.sort();
            assert_eq!(printed, expected, "{name}, {group}");
            let numbers: BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
            assert_eq!(numbers.len(), rows.len(), "{name}, {group}: numbers are given once");
        }
    }
}

#[test]
fn groups_are_agencies_or_sections_in_their_order() {
    let titles = |group| {
        let composed =
            documents(&example("dinh-my-2026"), "plan-assignments", &[("group", group)]).remove(0);
        let table = table(&composed.document);
        let title = |at: &usize| plain_text(&table.rows[*at][1].content);
        table.headings.iter().map(title).collect::<Vec<_>>()
    };
    assert_eq!(titles("agency")[..2], ["Công an xã", "Trạm Y tế xã"]);
    assert_eq!(titles("agency").len(), 8);
    assert_eq!(
        titles("section"),
        [
            "Tuyên truyền, phổ biến pháp luật",
            "Quản lý người sử dụng trái phép chất ma túy",
            "Cai nghiện ma túy",
            "Quản lý sau cai nghiện ma túy",
            "Xây dựng địa bàn không ma túy",
            "Nhiệm vụ không ghi mục",
        ]
    );
}

#[test]
fn each_agency_gets_its_duties_and_no_others() {
    for name in EXAMPLES {
        let letters = documents(&example(name), "plan-extract", &[]);
        let agencies = agencies(&letters[0].checked.data);
        assert_eq!(letters.len(), agencies.len(), "{name}");
        for (letter, (agency, _)) in letters.iter().zip(&agencies) {
            let printed = joined(&text(letter));
            assert!(printed.contains(&joined(&format!("Kính gửi: {agency}"))), "{name}: {agency}");
            for (other, texts) in &agencies {
                for duty in texts.iter().filter(|duty| duty.len() > 60) {
                    let duty = duty.trim_end_matches(['.', ';', ':', ',']);
                    let here = printed.contains(duty);
                    assert_eq!(here, other == agency, "{name}: {agency}: {duty}");
                }
            }
        }
    }
}

#[test]
fn a_letter_has_its_own_number_and_date_and_names_the_plan() {
    let letter =
        documents(&example("dinh-my-2026"), "plan-extract", &[("agency", "cong an XA")]).remove(0);
    let text = text(&letter);
    assert!(letter.document.envelope.number.is_none() && letter.document.envelope.date.is_none());
    assert_eq!(letter.document.envelope.symbol(), "UBND-CAX");
    for part in [
        "V/v thực hiện nhiệm vụ theo Kế hoạch số 12/KH-UBND",
        "Kế hoạch số 12/KH-UBND ngày 15 tháng 7 năm 2026 của Ủy ban nhân dân xã Định Mỹ",
        "giao Công an xã thực hiện các nhiệm vụ sau:",
        "Thời hạn: 31/7/2026.",
        "- Báo cáo sơ kết quý III năm 2026: gửi UBND xã",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("Báo cáo tổng kết công tác"), "a report of the issuer itself\n{text}");
    let asked = documents(&example("dinh-my-2026"), "plan-extract", &[("agency", "all")]).remove(7);
    assert!(self::text(&asked).contains("đề nghị Ủy ban Mặt trận"), "an agency that is asked");
}

#[test]
fn targets_stand_in_the_table_and_totals_are_marked() {
    let full = RENDERER.catalog().template("plan").unwrap().sample(true).to_owned();
    let composed = document(&full, "plan-targets");
    let rows = rows(table(&composed.document));
    let names = composed.checked.data["targets"].as_object().unwrap().len();
    assert_eq!(rows.len(), names);
    let totals: Vec<&Vec<String>> = rows.iter().filter(|row| row[7].starts_with("Tổng")).collect();
    assert_eq!(totals.len(), 1);
    assert_eq!((totals[0][3].as_str(), totals[0][4].as_str()), ("12", "tin, bài"));
    let none = document(&example("son-tay-2017"), "plan-targets");
    assert!(!text(&none).contains("Tổng\n"), "no total that the plan does not state");
}

#[test]
fn the_distribution_list_adds_up_the_copies() {
    // Six on paper (1, 1, 1, 1, 3, 1), two kept.
    let text = text(&document(&example("dinh-my-2026"), "plan-distribution"));
    assert!(text.contains("Tổng số bản giấy cần in\t10"), "{text}");
    assert!(text.contains("7\tCông an xã, Trạm Y tế xã\tĐể thực hiện\tBản điện tử\t–"), "{text}");
    // Nobody on paper; one kept where no number is given.
    let text = self::text(&document(&example("bac-giang-2017"), "plan-distribution"));
    assert!(text.contains("Tổng số bản giấy cần in\t1\n"), "{text}");
}

#[test]
fn the_timetable_is_a_table_and_a_chart() {
    let composed = document(&example("dinh-my-2026"), "plan-schedule");
    assert_eq!(table(&composed.document).rows.len(), 10);
    let chart = chart(&composed.document).expect("a chart");
    assert_eq!(chart.bars.len(), 8, "two rows have a time in words");
    let text = text(&composed);
    assert!(text.contains("Truyền thông lưu động, họp dân tại các ấp: từ 8/2026 đến 11/2026"));
    assert!(text.contains("thời gian ghi bằng lời chỉ có trong bảng"), "{text}");
}

#[test]
fn without_a_timetable_the_deadlines_of_duties_are_shown() {
    let plan = example("dinh-my-2026");
    let (start, end) = (plan.find("\nschedule:").unwrap(), plan.find("\nassignments:").unwrap());
    let plan = format!("{}{}", &plan[..start], &plan[end..]);
    let composed = document(&plan, "plan-schedule");
    let dated = plan[start..].matches("deadline: 2026-").count();
    let in_reports = plan[plan.find("\nreporting:").unwrap()..].matches("deadline: 2026-").count();
    let chart = chart(&composed.document).expect("a chart");
    assert_eq!(chart.bars.len(), dated - in_reports);
    assert!(chart.bars.iter().all(|bar| bar.from.is_none() && bar.to.is_some()));
    let nothing = document(&example("kien-giang-2019"), "plan-schedule");
    let codes: Vec<_> = nothing.findings.iter().map(|finding| &*finding.code).collect();
    assert_eq!(codes, ["DV02"]);
    assert!(text(&nothing).contains("không có bảng tiến độ"), "the page is not empty");
}

/// The file as qpdf writes it for reading.
fn readable(bytes: &[u8]) -> (String, Pdf) {
    let pdf = Pdf::new(bytes);
    let text = pdf.ask("qpdf", &["--qdf", "--object-streams=disable"], &["-"]);
    (text, pdf)
}

#[test]
fn a_long_chart_goes_over_pages_and_each_piece_says_what_it_shows() {
    let plan = example("dinh-my-2026");
    let (start, end) = (plan.find("\nschedule:").unwrap(), plan.find("\nassignments:").unwrap());
    let row = |at: usize| {
        format!("    - {{task: Công việc {at} xong, to: 2026-{:02}-15}}\n", at % 12 + 1)
    };
    let rows: String = (1..=60).map(row).collect();
    let plan = format!("{}\nschedule:\n  rows:\n{rows}{}", &plan[..start], &plan[end..]);
    let composed = document(&plan, "plan-schedule");
    let (readable, pdf) = readable(&RENDERER.write(&composed, Format::Pdf).unwrap());
    let figures = readable.matches("/S /Figure").count();
    assert!(figures >= 3, "{figures} pieces");
    assert_eq!(readable.matches("/Alt ").count(), figures, "each has an alternative text");
    let text = pdf.text();
    for at in 1..=60 {
        let found = text.matches(&format!("Công việc {at} xong")).count();
        assert_eq!(found, 2, "task {at} stands in table and chart");
    }
    assert_eq!(text.matches("Năm 2026").count(), figures, "each piece has the head");
}

/// The program in a folder with a plan.
fn desk(name: &str) -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("plan.yaml"), example(name)).unwrap();
    desk
}

fn run(desk: &tempfile::TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = vanban().current_dir(desk.path()).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_derived_paper_does_not_take_the_place_of_the_plan() {
    let desk = desk("dinh-my-2026");
    run(&desk, &["render", "plan.yaml"]);
    let before = fs::read(desk.path().join("plan.pdf")).unwrap();
    let (code, out, _) = run(&desk, &["render", "plan.yaml", "--template", "plan-targets"]);
    assert_eq!((code, out.as_str()), (0, "plan.plan-targets.pdf\n"));
    assert!(fs::read(desk.path().join("plan.pdf")).unwrap() == before);
    let (_, out, _) =
        run(&desk, &["render", "plan.yaml", "--template", "plan-targets", "-o", "a.pdf"]);
    assert_eq!(out, "a.pdf\n");
}

#[test]
fn letters_for_all_are_files_and_each_that_fails_is_named() {
    let desk = desk("bac-giang-2017");
    let letters = ["render", "plan.yaml", "--template", "plan-extract", "--format", "txt"];
    let (code, out, err) = run(&desk, &letters);
    assert_eq!((code, err.as_str()), (0, ""));
    let files: Vec<&str> = out.lines().collect();
    assert_eq!(files[1], "plan.plan-extract.cac-don-vi-trong-nganh.txt");
    assert_eq!(files.len(), 2);
    for file in &files {
        fs::remove_file(desk.path().join(file)).unwrap();
    }
    // A folder stands where the first letter should go: the other is written.
    fs::create_dir(desk.path().join(files[0])).unwrap();
    let (code, out, err) = run(&desk, &letters);
    assert_eq!((code, out.as_str()), (2, format!("{}\n", files[1]).as_str()));
    assert!(err.contains("không tạo được 1 trong 2 văn bản") && err.contains(files[0]), "{err}");
    let (code, out, err) = run(&desk, &[&letters[..], &["-o", "-"]].concat());
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("`--option agency=…`"), "{err}");
    let (code, out, _) = run(
        &desk,
        &[&letters[..], &["--option", "agency=cac don vi trong nganh", "-o", "-"]].concat(),
    );
    assert_eq!(code, 0);
    assert!(out.contains("Kính gửi: Các đơn vị trong ngành"), "{out}");
    let one = [&letters[..], &["--option", "agency=các ĐƠN VỊ trong ngành"]].concat();
    assert_eq!(run(&desk, &one).1, format!("{}\n", files[1]), "called as among all");
}

#[test]
fn schema_samples_and_options_of_a_derived_template_can_be_asked_for() {
    let desk = desk("dinh-my-2026");
    for verb in ["schema", "sample"] {
        assert_eq!(run(&desk, &[verb, "plan-schedule"]), run(&desk, &[verb, "plan"]));
    }
    let (_, out, _) = run(&desk, &["templates", "--json"]);
    let list: Value = serde_json::from_str(&out).unwrap();
    let list = list["templates"].as_array().unwrap();
    let manifest = list.iter().find(|one| one["id"] == "plan-assignments").unwrap();
    assert_eq!(manifest["derives_from"], "plan");
    assert_eq!(manifest["option"][0]["values"], serde_json::json!(["agency", "section"]));
    assert_eq!(run(&desk, &["render", "plan.yaml", "--option", "agency"]).0, 2, "no value");
}

#[test]
fn a_paper_derived_from_nothing_is_refused() {
    let desk = desk("dinh-my-2026");
    let path = repository("templates/plan/plan-targets/template.toml");
    let manifest = fs::read_to_string(path).unwrap();
    fs::create_dir_all(desk.path().join("own/a/b")).unwrap();
    let broken =
        manifest.replace("id = \"plan-targets\"", "id = \"b\"").replace("= \"plan\"", "= \"c\"");
    fs::write(desk.path().join("own/a/b/template.toml"), broken).unwrap();
    let (code, _, err) = run(&desk, &["--templates", "own", "check", "plan.yaml", "--lang", "en"]);
    assert_eq!(code, 2);
    assert!(err.contains("template `b` is derived from `c`"), "{err}");
}

/// Without care the first two pages of this table end with the name of an agency.
#[test]
fn the_name_of_a_group_is_not_left_alone_at_the_foot_of_a_page() {
    for name in ["dinh-my-2026", "son-tay-2017"] {
        let composed = document(&example(name), "plan-assignments");
        let table = table(&composed.document);
        let titles: Vec<String> =
            table.headings.iter().map(|at| plain_text(&table.rows[*at][1].content)).collect();
        let text = Pdf::new(&RENDERER.write(&composed, Format::Pdf).unwrap()).text();
        let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
        assert!(pages.len() >= 3, "{name}");
        for page in pages {
            let last = page.lines().rfind(|line| !line.trim().is_empty()).unwrap();
            let (_, words) = last.trim().split_once(' ').unwrap_or_default();
            assert!(!titles.contains(&words.trim().to_owned()), "{name}: {last}");
        }
    }
}
