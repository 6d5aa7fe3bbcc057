//! A dossier from case to print set: what its index says is read back from the pages.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rstest::rstest;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::ZipArchive;

use super::sheets::{jpeg, scan};
use super::support::pdf::Pdf;
use super::support::{RENDERER, example, pdf_of, repository, vanban};

pub const CASES: [(&str, &str); 5] = [
    ("nguoi-thanh-nien-co-noi-cu-tru", "D-C18"),
    ("nguoi-thanh-nien-khong-noi-cu-tru", "D-C18"),
    ("nguoi-chua-thanh-nien-15-tuoi", "D-C12"),
    ("cai-nghien-tu-nguyen", "D-V"),
    ("quan-ly-sau-cai", "D-P"),
];

/// A folder with the example cases and their papers.
pub fn desk() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    let papers = desk.path().join("giay-to");
    fs::create_dir(&papers).unwrap();
    for folder in ["examples/case", "examples/case/giay-to"] {
        for entry in fs::read_dir(repository(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let to = if folder.ends_with("giay-to") { &papers } else { desk.path() };
                fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    desk
}

/// Runs `vanban dossier build` in a folder: exit code, output, what it said.
fn build(desk: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = vanban();
    let output =
        command.current_dir(desk).args(["dossier", "build"]).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The rows that the program tells, and the files in its archive.
fn built(desk: &Path, case: &str, more: &[&str]) -> (Vec<Value>, BTreeMap<String, Vec<u8>>) {
    let file = format!("{case}.yaml");
    let mut arguments = vec![file.as_str(), "-o", "ho-so.zip", "--json"];
    arguments.extend(more);
    let (code, out, error) = build(desk, &arguments);
    assert_eq!(code, 0, "{out}{error}");
    let told: Value = serde_json::from_str(&out).unwrap();
    (
        told["papers"].as_array().unwrap().clone(),
        unzipped(&fs::read(desk.join("ho-so.zip")).unwrap()),
    )
}

fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

/// What a print set says, read by poppler and qpdf.
struct Printed {
    /// For each page, the number stamped at the upper right.
    stamps: Vec<Option<String>>,
    /// The entries of the outline, with their page from 1.
    outline: Vec<(String, usize)>,
    /// The rows of the index: its cells.
    index: Vec<Vec<String>>,
    words: Vec<String>,
}

impl Printed {
    fn new(bytes: &[u8]) -> Self {
        let pdf = Pdf::new(bytes);
        let check = pdf.ask("qpdf", &["--check"], &[]);
        assert!(check.contains("No syntax or stream encoding errors"), "{check}");
        let outline = pdf.ask("qpdf", &["--json", "--json-key=outlines"], &[]);
        let outline: Value = serde_json::from_str(&outline).unwrap();
        let entry = |one: &Value| {
            let page = usize::try_from(one["destpageposfrom1"].as_u64().unwrap()).unwrap();
            (one["title"].as_str().unwrap().to_owned(), page)
        };
        let outline = outline["outlines"].as_array().unwrap().iter().map(entry).collect();
        let boxes = pdf.ask("pdftotext", &["-bbox"], &["-"]);
        let pages: Vec<&str> = boxes.split("<page ").skip(1).collect();
        let words = pdf.ask("pdftotext", &[], &["-"]);
        Self {
            stamps: pages.iter().map(|page| stamp(page)).collect(),
            outline,
            index: rows(&pdf.ask("pdfinfo", &["-struct-text", "-enc", "UTF-8"], &[])),
            words: words.split('\u{c}').map(str::to_owned).collect(),
        }
    }

    /// The pages of an entry of the outline, from 1.
    fn pages(&self, entry: usize) -> std::ops::Range<usize> {
        let last = self.outline.get(entry + 1).map_or(self.stamps.len() + 1, |next| next.1);
        self.outline[entry].1..last
    }

    /// The numbers on the pages of an entry of the outline.
    fn numbers(&self, entry: usize) -> Vec<&str> {
        self.pages(entry).filter_map(|page| self.stamps[page - 1].as_deref()).collect()
    }
}

fn attribute(line: &str, name: &str) -> f64 {
    let start = line.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    line[start..].split('"').next().unwrap().parse().unwrap()
}

/// The word in the upper right corner: within 15 mm of both edges.
fn stamp(page: &str) -> Option<String> {
    let width = attribute(page, "width");
    let word = page.lines().filter(|line| line.contains("<word ")).find(|line| {
        attribute(line, "yMax") < 15.0 / 25.4 * 72.0
            && attribute(line, "xMax") > width - 15.0 / 25.4 * 72.0
    })?;
    Some(word.split_once('>').unwrap().1.split("</word>").next().unwrap().to_owned())
}

/// The rows of the first table with cells, from the tags.
fn rows(tags: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut inside, mut table) = (false, None);
    for line in tags.lines() {
        let entry = line.trim_start();
        let indent = line.len() - entry.len();
        if entry.starts_with("Table") && table.is_none() {
            table = Some(indent);
        } else if table.is_some_and(|table| indent <= table) {
            break;
        }
        if entry.starts_with("TR") {
            rows.push(Vec::new());
        } else if entry.starts_with("TD") || entry.starts_with("TH ") || entry.starts_with("TH:") {
            rows.last_mut().unwrap().push(String::new());
            inside = true;
        } else if let (true, Some(text)) = (inside, entry.strip_prefix('"')) {
            let cell = rows.last_mut().unwrap().last_mut().unwrap();
            cell.push_str(text.strip_suffix('"').unwrap());
        }
    }
    rows.into_iter().skip(1).collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[rstest]
#[case(0)]
#[case(1)]
#[case(2)]
#[case(3)]
#[case(4)]
fn the_index_agrees_with_the_pages(#[case] case: usize) {
    let (name, procedure) = CASES[case];
    let desk = desk();
    let (told, files) = built(desk.path(), name, &[]);
    let procedure = RENDERER.catalog().procedure(procedure).unwrap();
    let sets: Vec<&str> =
        files.keys().filter(|path| path.starts_with("Bản in/")).map(String::as_str).collect();
    assert_eq!(sets.len(), procedure.sets.len().max(1), "{sets:?}");
    for (at, path) in sets.iter().enumerate() {
        let set = Printed::new(&files[*path]);
        let without = procedure.sets.get(at).map(|set| set.without.clone()).unwrap_or_default();
        let told: Vec<&Value> = told
            .iter()
            .filter(|one| !without.contains(&one["paper"].as_str().unwrap().to_owned()))
            .collect();
        // Cover, index, papers, closing sheet, each on a new sheet.
        assert_eq!(set.outline.len(), told.len() + 3, "{path}");
        assert!(set.outline.iter().all(|(_, page)| page % 2 == 1), "{:?}", set.outline);
        assert_eq!(set.stamps.len() % 2, 0, "whole sheets");
        assert_eq!(set.index.len(), told.len(), "{path}: {:?}", set.index);
        for unnumbered in [0, 1, told.len() + 2] {
            assert_eq!(set.numbers(unnumbered), Vec::<&str>::new());
        }
        for (row, one) in told.iter().enumerate() {
            let numbers = set.numbers(row + 2);
            let (first, last) = (one["first"].as_str().unwrap(), one["last"].as_str().unwrap());
            assert_eq!((numbers[0], *numbers.last().unwrap()), (first, last), "{path}");
            assert_eq!(numbers.len() as u64, one["sheets"].as_u64().unwrap());
            // A number a sheet, on its front.
            for page in set.pages(row + 2) {
                let front = page % 2 == 1;
                assert_eq!(set.stamps[page - 1].is_some(), front, "{path}, page {page}");
            }
            let cells: Vec<String> = set.index[row].iter().map(|cell| squeezed(cell)).collect();
            assert_eq!(cells[0], (row + 1).to_string());
            assert_eq!(cells[1], squeezed(one["title"].as_str().unwrap()));
            assert_eq!(cells[4], format!("{:02}", one["sheets"].as_u64().unwrap()));
            let span = if first == last { first.to_owned() } else { format!("{first} – {last}") };
            assert_eq!(cells[5], span, "{path}");
            assert_eq!(set.outline[row + 2].0, one["title"].as_str().unwrap());
        }
        // The cover and the closing sheet count the same.
        let sheets: u64 = told.iter().map(|one| one["sheets"].as_u64().unwrap()).sum();
        let (first, last) = (&told[0]["first"], &told.last().unwrap()["last"]);
        let extent = format!(
            "{sheets:02} tờ, bút lục từ số {} đến số {}",
            first.as_str().unwrap(),
            last.as_str().unwrap()
        );
        assert!(squeezed(&set.words[0]).contains(&extent), "{}", set.words[0]);
    }
}

#[test]
fn sets_say_what_they_are_and_hold_what_they_should() {
    let desk = desk();
    let (_, files) = built(desk.path(), CASES[0].0, &[]);
    let set = |n: usize| {
        let path = files.keys().filter(|path| path.starts_with("Bản in/")).nth(n).unwrap();
        Printed::new(&files[path])
    };
    let (court, police, notice) = (set(0), set(1), set(2));
    assert!(squeezed(&court.words[0]).contains("BẢN GỐC"));
    assert!(squeezed(&court.words[0]).contains("Giao cho: Tòa án nhân dân khu vực"));
    let marked = |set: &Printed| {
        let papers = 2..set.outline.len() - 1;
        papers.filter(|at| set.words[set.outline[*at].1 - 1].contains("BẢN SAO")).count()
    };
    assert_eq!(marked(&court), 0);
    assert_eq!(marked(&police), police.index.len());
    assert_eq!(notice.index.len() + 1, police.index.len(), "the notice itself is not with it");
    assert!(squeezed(&notice.words[0]).contains("BẢN SAO"));
}

#[test]
fn the_archive_holds_every_paper_and_says_so() {
    let desk = desk();
    let (told, files) = built(desk.path(), CASES[0].0, &[]);
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["version"], 1);
    let case = fs::read(desk.path().join(format!("{}.yaml", CASES[0].0))).unwrap();
    assert_eq!(manifest["data"], format!("{:x}", Sha256::digest(&case)));
    let listed = manifest["files"].as_array().unwrap();
    assert_eq!(listed.len() + 1, files.len());
    for file in listed {
        let bytes = &files[file["path"].as_str().unwrap()];
        assert_eq!(file["sha256"], format!("{:x}", Sha256::digest(bytes)));
        assert_eq!(file["bytes"], bytes.len());
    }
    let papers = manifest["papers"].as_array().unwrap();
    assert_eq!(papers.len(), told.len());
    let contents = String::from_utf8(files["MUC-LUC.txt"].clone()).unwrap();
    for paper in papers {
        assert!(contents.contains(paper["title"].as_str().unwrap()), "{contents}");
        let paths: Vec<&str> =
            paper["files"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
        let endings: Vec<&str> =
            paths.iter().map(|path| path.rsplit('.').next().unwrap()).collect();
        let expected = if paper["template"].is_null() { ["jpg", "pdf"] } else { ["docx", "pdf"] };
        assert_eq!(endings, expected);
        for path in paths {
            assert!(files.contains_key(path) && contents.contains(path), "{path}");
        }
    }
    // What came from outside is there as it came.
    let original = fs::read(desk.path().join("giay-to/phieu-ket-qua.jpg")).unwrap();
    assert!(files.values().any(|bytes| *bytes == original));
    // No name of a person, and nothing that Windows refuses.
    for path in files.keys() {
        assert!(
            !path.contains("Ví Dụ") && !path.contains(['\\', ':', '*', '?', '"', '<', '>', '|'])
        );
        assert!(path.chars().count() < 130, "{path}");
    }
}

#[test]
fn the_same_case_gives_the_same_bytes_as_archive_and_as_folder() {
    let desk = desk();
    let case = format!("{}.yaml", CASES[3].0);
    let once = |out: &str| {
        let (code, said, error) = build(desk.path(), &[&case, "-o", out]);
        assert_eq!((code, said.trim()), (0, out), "{error}");
    };
    once("a.zip");
    once("b.zip");
    let a = fs::read(desk.path().join("a.zip")).unwrap();
    assert_eq!(a, fs::read(desk.path().join("b.zip")).unwrap());
    once("thu-muc");
    for (path, bytes) in unzipped(&a) {
        assert_eq!(fs::read(desk.path().join("thu-muc").join(&path)).unwrap(), bytes, "{path}");
    }
    // Somebody's folder is not written over.
    let (code, _, error) = build(desk.path(), &[&case, "-o", "thu-muc"]);
    assert_eq!(code, 2, "{error}");
    let output = vanban()
        .current_dir(desk.path())
        .args(["dossier", "build", &case, "-o", "-"])
        .output()
        .unwrap();
    assert_eq!(output.stdout, a);
}

#[test]
fn numbers_follow_the_settings() {
    let desk = desk();
    let case = format!("{}.yaml", CASES[0].0);
    let set = |more: &[&str]| {
        let mut arguments = vec![case.as_str(), "-o", "bo.pdf"];
        arguments.extend(more);
        let (code, _, error) = build(desk.path(), &arguments);
        assert_eq!(code, 0, "{error}");
        fs::read(desk.path().join("bo.pdf")).unwrap()
    };
    let plain = Printed::new(&set(&["--start", "98"]));
    let numbers: Vec<&str> = plain.stamps.iter().flatten().map(String::as_str).collect();
    assert_eq!(numbers, ["98", "99", "100", "101", "102"]);
    let pages = Printed::new(&set(&["--per-page"]));
    let printed: usize = (2..pages.outline.len() - 1).map(|at| pages.numbers(at).len()).sum();
    let last = pages.stamps.iter().flatten().next_back().unwrap().clone();
    assert_eq!(last, format!("{printed:02}"));
    assert!(squeezed(&pages.words[0]).contains(&format!("{printed:02} trang")));
    let simplex = Printed::new(&set(&["--simplex"]));
    assert!(simplex.words[1].contains("THỐNG KÊ"), "no empty back of the cover");
    assert_eq!(simplex.stamps.iter().flatten().count(), printed);
    let words = Pdf::new(&set(&["--stamp", "BL {n}", "--stamp-at", "bottom-left"]));
    let boxes = words.ask("pdftotext", &["-bbox"], &["-"]);
    let stamps: Vec<&str> = boxes.lines().filter(|line| line.contains(">BL<")).collect();
    assert_eq!(stamps.len(), 5);
    assert!(
        stamps.iter().all(|line| attribute(line, "yMin") > 800.0 && attribute(line, "xMin") < 60.0)
    );
    let (code, _, error) = build(desk.path(), &[&case, "-o", "bo.pdf", "--set", "toa-an"]);
    assert_eq!(code, 1);
    assert!(error.contains("DB03") && error.contains("`court`"), "{error}");
}

/// Gives a case more papers from outside.
pub fn with_papers(desk: &Path, papers: &[(&str, &[u8])]) -> PathBuf {
    let name = CASES[0].0;
    let text = fs::read_to_string(desk.join(format!("{name}.yaml"))).unwrap();
    let mut entries = String::from("\n  outside:\n");
    for (file, bytes) in papers {
        fs::write(desk.join("giay-to").join(file), bytes).unwrap();
        entries.push_str(&format!("    - {{paper: other-papers, file: giay-to/{file}}}\n"));
    }
    let path = desk.join("nhieu.yaml");
    fs::write(&path, text.replacen("\n  outside:\n", &entries, 1)).unwrap();
    path
}

fn locked(desk: &Path, bytes: &[u8]) -> Vec<u8> {
    let [plain, locked] = ["plain.pdf", "locked.pdf"].map(|name| desk.join(name));
    fs::write(&plain, bytes).unwrap();
    let status = Command::new("qpdf")
        .args(["--encrypt", "secret", "owner", "256", "--"])
        .args([&plain, &locked])
        .status();
    assert!(status.expect("tests/run installs qpdf").success());
    fs::read(&locked).unwrap()
}

#[test]
fn every_file_that_cannot_be_used_is_named_and_nothing_is_left() {
    let desk = desk();
    let whole = pdf_of(&example("quang-tri-2023"));
    let secret = locked(desk.path(), &whole);
    let picture = jpeg(&scan(600, 800), 100);
    with_papers(
        desk.path(),
        &[
            ("hong.pdf", &whole[..whole.len() / 2]),
            ("khoa.pdf", &secret),
            ("hong.jpg", &picture[..picture.len() / 2]),
            ("gia.pdf", b"khong phai pdf"),
        ],
    );
    for out in ["x.zip", "x.pdf", "x"] {
        let (code, said, error) = build(desk.path(), &["nhieu.yaml", "-o", out]);
        assert_eq!((code, said.as_str()), (1, ""), "{error}");
        for file in ["hong.pdf", "khoa.pdf", "hong.jpg", "gia.pdf"] {
            let line = error.lines().find(|line| {
                line.contains(&format!("giay-to/{file}` "))
                    || line.contains(&format!("giay-to/{file}`:"))
            });
            assert!(line.is_some_and(|line| line.contains("DB02")), "{file}: {error}");
        }
        assert!(!desk.path().join(out).exists());
    }
    let hidden = fs::read_dir(desk.path()).unwrap();
    let left =
        hidden.filter(|one| one.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_missing_paper_is_named_with_all_others() {
    let desk = desk();
    let name = format!("{}.yaml", CASES[0].0);
    let text = fs::read_to_string(desk.path().join(&name)).unwrap();
    let text = text.replacen("paper: addiction-result", "paper: other-papers", 1);
    fs::write(
        desk.path().join(&name),
        text.replacen("giay-to/phieu-ket-qua.jpg", "giay-to/khong-co.jpg", 1),
    )
    .unwrap();
    let (code, _, error) = build(desk.path(), &[&name, "-o", "x.zip"]);
    assert_eq!(code, 1);
    assert!(error.contains("DB01") && error.contains("Phiếu kết quả xác định"), "{error}");
    assert!(error.contains("khong-co.jpg"), "{error}");
}

/// A PDF of so many pages, made of another one.
fn long(desk: &Path, pages: usize) -> Vec<u8> {
    let one = desk.join("one.pdf");
    fs::write(&one, pdf_of(&example("quang-tri-2023"))).unwrap();
    let many = desk.join("many.pdf");
    let mut command = Command::new("qpdf");
    command.args(["--empty", "--pages"]);
    for _ in 0..pages {
        command.arg(&one).arg("1");
    }
    let status = command.arg("--").arg(&many).status();
    assert!(status.expect("tests/run installs qpdf").success());
    fs::read(&many).unwrap()
}

#[test]
fn real_files_from_outside_are_bound() {
    let desk = desk();
    let fax = fs::read(repository("tests/suite/outside/fax-two-pages.tif")).unwrap();
    let many = long(desk.path(), 200);
    // One of its pages lies on its side.
    let flat = pdf_of(&example("dinh-my-2026"));
    with_papers(
        desk.path(),
        &[
            ("mau.jpg", &jpeg(&scan(2480, 3508), 300)),
            ("ngang.jpg", &jpeg(&scan(3508, 2480), 300)),
            ("fax.tif", &fax),
            ("dai.pdf", &many),
            ("ke-hoach.pdf", &flat),
        ],
    );
    let (told, files) = built(desk.path(), "nhieu", &[]);
    let sheets: BTreeMap<&str, u64> = told
        .iter()
        .filter(|one| one["paper"] == "other-papers")
        .zip(["mau", "ngang", "fax", "dai"])
        .map(|(one, name)| (name, one["sheets"].as_u64().unwrap()))
        .collect();
    assert_eq!(sheets, BTreeMap::from([("mau", 1), ("ngang", 1), ("fax", 1), ("dai", 100)]));
    let path = files.keys().find(|path| path.starts_with("Bản in/1.")).unwrap();
    let set = Printed::new(&files[path]);
    let numbers: Vec<usize> = set.stamps.iter().flatten().map(|n| n.parse().unwrap()).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    assert!(numbers.len() > 108);
}

/// Asks pyHanko, which `tests/run` installs.
fn hanko(arguments: &[&Path]) -> String {
    let mut command = Command::new(repository("target/judges/bin/python"));
    let verb = if arguments.len() == 2 { "sign" } else { "verify" };
    let output = command.arg(repository("tests/judges/sign.py")).arg(verb).args(arguments).output();
    let output = output.expect("tests/run installs pyHanko");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_signature_from_outside_stays_valid() {
    let desk = desk();
    let [plain, signed] = ["plain.pdf", "signed.pdf"].map(|name| desk.path().join(name));
    fs::write(&plain, pdf_of(&example("quang-tri-2023"))).unwrap();
    hanko(&[&plain, &signed]);
    let bytes = fs::read(&signed).unwrap();
    with_papers(desk.path(), &[("da-ky.pdf", &bytes)]);
    let (_, files) = built(desk.path(), "nhieu", &[]);
    let path = files.iter().find(|(_, file)| **file == bytes).expect("the original is there").0;
    let copy = desk.path().join("copy.pdf");
    fs::write(&copy, &files[path]).unwrap();
    let told = hanko(&[&copy]);
    assert_eq!(told.trim(), r#"[{"intact": true, "valid": true, "whole": true}]"#);
    // The copy with numbers still holds what was signed, and says that more came after.
    let stamped = files.iter().find(|(path, file)| {
        path.starts_with("Giấy tờ/") && file.starts_with(&bytes) && file.len() > bytes.len()
    });
    fs::write(&copy, stamped.expect("a stamped copy lies beside it").1).unwrap();
    let told: Value = serde_json::from_str(&hanko(&[&copy])).unwrap();
    assert_eq!((&told[0]["intact"], &told[0]["whole"]), (&true.into(), &false.into()));
}

#[test]
fn a_build_that_is_killed_leaves_no_half_file() {
    let desk = desk();
    let case = format!("{}.yaml", CASES[0].0);
    let whole = |out: &str| {
        let path = desk.path().join(out);
        if path.is_dir() {
            let manifest = fs::read(path.join("manifest.json")).unwrap();
            let manifest: Value = serde_json::from_slice(&manifest).unwrap();
            for file in manifest["files"].as_array().unwrap() {
                let bytes = fs::read(path.join(file["path"].as_str().unwrap())).unwrap();
                assert_eq!(file["sha256"], format!("{:x}", Sha256::digest(&bytes)));
            }
        } else {
            assert!(unzipped(&fs::read(path).unwrap()).contains_key("manifest.json"));
        }
    };
    let mut finished = 0;
    for round in 0..20_u64 {
        let out = if round % 2 == 0 { format!("x{round}.zip") } else { format!("x{round}") };
        let mut child = Command::new(env!("CARGO_BIN_EXE_vanban"))
            .current_dir(desk.path())
            .args(["dossier", "build", &case, "-o", &out])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // From the very start to long after the end, not in steps.
        sleep(Duration::from_millis(round * round * 7 % 1900));
        child.kill().unwrap();
        child.wait().unwrap();
        if desk.path().join(&out).exists() {
            whole(&out);
            finished += 1;
        }
    }
    // One that is not killed is whole too: the test looks at something.
    let (code, _, error) = build(desk.path(), &[&case, "-o", "het.zip"]);
    assert_eq!(code, 0, "{error}");
    whole("het.zip");
    assert!(finished < 20, "some were killed in time");
}
