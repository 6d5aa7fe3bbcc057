//! Batches: a table or a list in, an archive of documents out.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;
use socket2::{Domain, Socket, Type};
use zip::ZipArchive;

use super::form::{Form, is_too_large};
use super::{Answer, Service};
use crate::support::vanban;

const TEMPLATE: &str = "nd163-v-20";
const PATH: &str = "/api/v1/batches/nd163-v-20";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const TABLE: &str = "subject.full_name;subject.sex\nPhạm Văn Một;Nam\nPhạm Thị Hai;nữ\n";
const LIST: &str = r#"[{"subject": {"full_name": "Phạm Văn Một", "sex": "Nam"}}, {"subject": {"full_name": "Phạm Thị Hai", "sex": "Nữ"}}]"#;
const COMMON: &str = "date: 2026-08-14\nsubject: {phone: 0912 000 001}\n";

fn workbook(rows: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Hộ").unwrap();
    for (row, line) in (0u32..).zip(rows.lines()) {
        for (column, cell) in (0u16..).zip(line.split(';')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn post(service: &Service, path: &str, media_type: &str, body: &[u8]) -> Answer {
    service.send("POST", path, &[("content-type", media_type)], body)
}

/// What the command line makes of a data file.
fn made(folder: &Path, data: &str, more: &[&str]) -> Vec<u8> {
    let mut command = vanban();
    command.current_dir(folder);
    command.args(["batch", "--template", TEMPLATE, "--data", data, "-o", "out.zip", "--quiet"]);
    let output = command.args(more).output().unwrap();
    assert!(folder.join("out.zip").exists(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = fs::read(folder.join("out.zip")).unwrap();
    fs::remove_file(folder.join("out.zip")).unwrap();
    bytes
}

fn names(archive: &[u8]) -> Vec<String> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned())
        .collect()
}

#[test]
fn archives_are_those_of_the_command_line() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let yaml = "- subject: {full_name: Phạm Văn Một}\n- subject:\n    full_name: Phạm Thị Hai\n";
    let workbook = workbook(TABLE);
    fs::write(folder.path().join("common.yaml"), COMMON).unwrap();
    for (name, media_type, bytes) in [
        ("a.csv", "text/csv; charset=utf-8", TABLE.as_bytes()),
        ("a.xlsx", XLSX, &workbook),
        ("a.json", "application/json", LIST.as_bytes()),
        ("a.yaml", "application/yaml", yaml.as_bytes()),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
        let texts = made(folder.path(), name, &["--format", "txt,html"]);
        let path = format!("{PATH}?format=txt,html");
        let answer = post(&service, &path, media_type, bytes);
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        assert!(answer.body == texts, "{name}: other bytes");
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("x-vanban-warnings"), "0");
        let hash = vanban::base::Digest::of(bytes).to_string();
        assert_eq!(answer.header("x-vanban-data-hash"), hash);
        let file = answer.header("content-disposition");
        assert!(file.contains(&format!("filename=\"{TEMPLATE}.zip\"")), "{file}");
        let form = Form::new().file("data", name, bytes);
        assert!(form.post(&service, &path).body == texts, "{name}: as a form");
        let texts = made(folder.path(), name, &["--common", "common.yaml"]);
        let form = Form::new().part("common", COMMON);
        let typed = format!("Content-Type: {media_type}\r\n");
        let form = form.with("name=\"data\"; filename=\"x\"", &typed, bytes);
        assert!(form.post(&service, PATH).body == texts, "{name}: with common values, as PDF");
    }
    service.logged("\"outcome\":\"fine\"");
    assert!(!service.log().contains("Phạm"), "{}", service.log());
}

#[test]
fn what_is_wrong_is_told_at_its_cell_before_anything_is_sent() {
    let service = Service::start();
    let table = format!("{TABLE}Phạm Văn Ba;Khác\n;Nam\n");
    let answer = post(&service, PATH, XLSX, &workbook(&table));
    let problem = answer.problem(422, "findings");
    let cells: Vec<_> = problem["findings"].as_array().unwrap().iter().collect();
    assert_eq!(cells.len(), 2, "{problem}");
    for (finding, cell) in cells.iter().zip(["B4", "A5"]) {
        assert_eq!((&finding["cell"], &finding["sheet"]), (&cell.into(), &"Hộ".into()));
    }
    // The others are made if that is asked for, and those that are not are named.
    let path = format!("{PATH}?format=txt&keep_going=true");
    let answer = post(&service, &path, "text/csv", table.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let names = names(&answer.body);
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(names[2..], ["bao-cao.json", "bao-cao.txt"]);
    let mut archive = ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    let mut report = String::new();
    archive.by_name("bao-cao.json").unwrap().read_to_string(&mut report).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let failed: Vec<_> = report["failed"].as_array().unwrap().iter().collect();
    assert_eq!((&failed[0]["record"], &failed[1]["record"]), (&4.into(), &5.into()));
    let none = post(&service, &path, "text/csv", b"subject.full_name\n123\n");
    assert_eq!(none.problem(422, "findings")["findings"][0]["code"], "SC05");
    // What is wrong with the whole.
    let code = |path: &str, media_type: &str, body: &[u8]| {
        let problem = post(&service, path, media_type, body).problem(422, "findings");
        problem["findings"][0]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code(PATH, "text/csv", b""), "BT05");
    assert_eq!(code(PATH, "application/json", b"{}"), "BT17");
    assert_eq!(code(PATH, "application/json", b"[]"), "BT18");
    assert_eq!(code(PATH, XLSX, b"PK\x03\x04"), "BT01");
    assert_eq!(code(&format!("{PATH}?sheet=x"), XLSX, &workbook(TABLE)), "BT04");
    assert_eq!(code(&format!("{PATH}?header_row=9"), XLSX, &workbook(TABLE)), "BT05");
    let bad_common = Form::new().file("data", "a.csv", TABLE).part("common", "- 1\n");
    bad_common.post(&service, PATH).problem(400, "malformed-request");
    post(&service, PATH, "application/json", b"[{").problem(400, "malformed-request");
    let long = vec![b' '; 10 * 1024 * 1024 + 1];
    is_too_large(&service, PATH, "application/json", long.len());
    is_too_large(&service, PATH, XLSX, 64 * 1024 * 1024 + 1);
    let long = Form::new().file("data", "a.json", &long);
    long.post(&service, PATH).problem(413, "body-too-large");
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let service = Service::start();
    let csv = |path: &str| post(&service, path, "text/csv", TABLE.as_bytes());
    csv("/api/v1/batches/nd163-v20").problem(404, "unknown-template");
    for query in ["format=odt", "header_row=0", "header_row=x", "keep-going=true", "keep_going=2"] {
        csv(&format!("{PATH}?{query}")).problem(400, "bad-parameter");
    }
    for kind in ["application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet"] {
        post(&service, PATH, kind, b"x").problem(415, "unsupported-media-type");
    }
    let headers = [("content-type", "text/csv"), ("accept", "application/pdf")];
    let answer = service.send("POST", PATH, &headers, TABLE.as_bytes());
    answer.problem(406, "not-acceptable");
    let data = || Form::new().file("data", "a.csv", TABLE);
    for (form, word) in [
        (data().part("commn", COMMON), "không nhận phần `commn`"),
        (data().file("file", "a.png", "x"), "không nhận phần `file`"),
        (data().file("data", "a.csv", TABLE), "cùng tên `data`"),
        (Form::new().part("common", COMMON), "thiếu phần `data`"),
        (Form::new().file("data", "a.ods", "x"), "tên tệp"),
    ] {
        let problem = form.post(&service, PATH).problem(400, "malformed-request");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{problem}");
    }
    // The workbook to be filled is that of the command line.
    let folder = tempfile::tempdir().unwrap();
    let mut command = vanban();
    command.current_dir(folder.path()).args(["batch", "--sample", TEMPLATE, "-o", "a.xlsx"]);
    assert!(command.output().unwrap().status.success());
    let answer = service.get(&format!("{PATH}/workbook"));
    assert_eq!((answer.status, answer.header("content-type")), (200, XLSX));
    assert!(answer.body == fs::read(folder.path().join("a.xlsx")).unwrap());
    service.get("/api/v1/batches/x/workbook").problem(404, "unknown-template");
}

/// A few kilobytes that unpack to more than a worker may have.
#[test]
fn workbooks_that_unpack_to_too_much_are_refused() {
    let service = Service::start();
    let bombs = [
        crate::batch::with_part("xl/media/image1.emf", &|to| spaces(to, 257)),
        crate::batch::with_part("xl/sharedStrings.xml", &|to| {
            to.write_all(b"<sst><si><t>").unwrap();
            spaces(to, 64);
        }),
        crate::batch::with_part("xl/sharedStrings.xml", &|to| {
            to.write_all(b"<sst uniqueCount=\"9000000000000\"><si/></sst>").unwrap();
        }),
    ];
    for bomb in bombs {
        for answer in [
            post(&service, PATH, XLSX, &bomb),
            Form::new().file("data", "a.xlsx", &bomb).post(&service, PATH),
        ] {
            assert_eq!(answer.problem(422, "findings")["findings"][0]["code"], "BT02");
        }
    }
}

fn spaces(to: &mut dyn Write, mebibytes: usize) {
    let part = vec![b' '; 1024 * 1024];
    (0..mebibytes).for_each(|_| to.write_all(&part).unwrap());
}

/// A table that takes long.
fn long_table() -> String {
    format!("subject.full_name\n{}", "Phạm Văn Thí Dụ\n".repeat(50_000))
}

/// A request on a line of its own; its answer is read by hand.
fn raw(service: &Service, query: &str, body: &str) -> TcpStream {
    ask(TcpStream::connect(service.address).unwrap(), query, body)
}

fn ask(mut line: TcpStream, query: &str, body: &str) -> TcpStream {
    line.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let head = format!(
        "POST {PATH}?{query} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    line.write_all(head.as_bytes()).unwrap();
    line.write_all(body.as_bytes()).unwrap();
    line
}

/// Reads until some words have come.
fn read_to(line: &mut TcpStream, words: &[u8]) {
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    while !seen.windows(words.len()).any(|window| window == words) {
        let length = line.read(&mut part).unwrap();
        assert!(length > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend(&part[..length]);
    }
}

fn figure(service: &Service, name: &str) -> String {
    let figures = service.get("/metrics").text();
    let line = figures.lines().find(|line| line.starts_with(&format!("{name} ")));
    line.unwrap_or_else(|| panic!("{figures}")).split(' ').nth(1).unwrap().to_owned()
}

/// The first document comes while the others are being made, and who goes away stops the
/// work.
#[test]
fn documents_come_while_others_are_made() {
    let service = Service::start();
    let mut line = raw(&service, "format=txt&keep_going=true", &long_table());
    read_to(&mut line, b"nd163-v-20-00002.txt");
    assert_eq!(figure(&service, "vanban_workers_working"), "1");
    assert!(!service.log().contains("/api/v1/batches"), "it is not over");
    drop(line);
    service.logged("\"outcome\":\"broken-off\"");
    let begun = Instant::now();
    while figure(&service, "vanban_workers_working") != "0" {
        assert!(begun.elapsed() < Duration::from_mins(1), "the work goes on");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(service.get("/readyz").status, 200);
}

/// What cannot be finished ends without an end, and is told as what it was.
#[test]
fn what_cannot_be_finished_is_no_whole_answer() {
    let service = Service::with("[limits]\nbatch_seconds = 3\n");
    let mut line = raw(&service, "format=txt&keep_going=true", &long_table());
    let mut all = Vec::new();
    let _ = line.read_to_end(&mut all);
    assert!(all.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&all[..200]));
    assert!(!all.ends_with(b"0\r\n\r\n"), "it looks whole");
    let archive = all.len() - 200..;
    assert!(!all[archive].windows(4).any(|four| four == b"PK\x05\x06"), "a list of files");
    service.logged("\"outcome\":\"too-heavy\"");
    let figures = service.get("/metrics").text();
    let counted = "vanban_requests_total{method=\"POST\",route=\"/api/v1/batches/{template}\",status=\"200\",outcome=\"too-heavy\"} 1";
    assert!(figures.contains(counted), "{figures}");
    // Before it begins it is a problem like others.
    let checked = raw(&service, "format=txt", &long_table());
    let mut answer = String::new();
    let mut checked = checked;
    read_some(&mut checked, &mut answer);
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(answer.contains("/problems/too-heavy"), "{answer}");
}

/// Who asks and does not read holds a worker no longer than the work may take.
#[test]
fn who_reads_nothing_does_not_hold_a_worker() {
    let service = Service::with("[limits]\nbatch_seconds = 5\nanswer_seconds = 300\n");
    // Little fits into what the kernel keeps for who does not read.
    let line = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    line.set_recv_buffer_size(4096).unwrap();
    line.connect(&service.address.into()).unwrap();
    let deaf = ask(line.into(), "format=png&keep_going=true", &long_table());
    let begun = Instant::now();
    for working in ["1", "0"] {
        while figure(&service, "vanban_workers_working") != working {
            assert!(begun.elapsed() < Duration::from_mins(1), "not {working}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    drop(deaf);
    service.logged("\"outcome\":\"too-heavy\"");
}

fn read_some(line: &mut TcpStream, to: &mut String) {
    let mut part = [0; 4096];
    while !to.contains("request_id") {
        let length = line.read(&mut part).unwrap();
        assert!(length > 0, "{to}");
        to.push_str(&String::from_utf8_lossy(&part[..length]));
    }
}
