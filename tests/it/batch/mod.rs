//! `vanban batch`: many documents of one table, what is wrong with it, and what is left
//! when it is stopped.

mod bombs;
mod columns;
mod formats;
mod long;
mod sample;
mod stopped;
mod streamed;
mod suite;

pub use bombs::with_part;
pub use suite::shown_and_kept;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::Value;
use tempfile::TempDir;

use super::support::{repository, vanban};

/// The template of these tests.
const TEMPLATE: &str = "nd163-v-20";

/// What a cell of a test is filled with.
#[derive(Debug, Clone)]
enum Fill {
    Text(String),
    Number(f64),
    Date(i32, u32, u32),
    Bool(bool),
    /// A formula with its stored result.
    Formula(&'static str, &'static str),
}

impl From<&str> for Fill {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A workbook with one sheet: the rows from the top, cells from the left.
fn workbook(sheet: &str, rows: &[Vec<Fill>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let to = book.add_worksheet().set_name(sheet).unwrap();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Fill::Text(text) if text.is_empty() => continue,
                Fill::Text(text) => to.write(row, column, text.as_str()).unwrap(),
                Fill::Number(number) => to.write(row, column, *number).unwrap(),
                Fill::Bool(value) => to.write(row, column, *value).unwrap(),
                Fill::Date(year, month, day) => {
                    let day = chrono::NaiveDate::from_ymd_opt(*year, *month, *day).unwrap();
                    let epoch = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
                    let number = (day - epoch).num_days();
                    #[expect(clippy::cast_precision_loss, reason = "a few ten thousand days")]
                    to.write_with_format(row, column, number as f64, &date).unwrap()
                }
                Fill::Formula(formula, result) => {
                    to.write(row, column, Formula::new(*formula).set_result(*result)).unwrap()
                }
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// A folder with a data file.
fn desk(name: &str, bytes: &[u8]) -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    std::fs::write(desk.path().join(name), bytes).unwrap();
    desk
}

/// How a run ended.
#[derive(Debug)]
struct Ran {
    out: String,
    err: String,
    code: i32,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    /// Code and cell of each finding.
    fn found(&self) -> Vec<(String, String)> {
        let report = self.json();
        let findings = report["report"]["findings"].as_array().unwrap().clone();
        let text = |finding: &Value, key: &str| {
            finding[key].as_str().map_or_else(|| finding[key].to_string(), str::to_owned)
        };
        findings
            .iter()
            .map(|one| {
                let place =
                    if one["cell"].is_null() { text(one, "row") } else { text(one, "cell") };
                (text(one, "code"), place)
            })
            .collect()
    }
}

/// Runs `vanban batch` in a folder.
fn batch(folder: &Path, arguments: &[&str]) -> Ran {
    let output = vanban().current_dir(folder).arg("batch").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { out: text(output.stdout), err: text(output.stderr), code: output.status.code().unwrap() }
}

/// Makes text documents of a data file as one archive, with a report as JSON.
fn texts(folder: &Path, data: &str, more: &[&str]) -> Ran {
    let arguments =
        ["--template", TEMPLATE, "--data", data, "-o", "out.zip", "--format", "txt", "--json"];
    batch(folder, &[&arguments, more].concat())
}

/// The files of an archive, by name, in their order.
fn unpacked(path: &Path) -> Vec<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn names(path: &Path) -> Vec<String> {
    unpacked(path).into_iter().map(|(name, _)| name).collect()
}

/// The text of a document in the archive.
fn document(path: &Path, name: &str) -> String {
    let found = unpacked(path).into_iter().find(|(other, _)| other == name);
    String::from_utf8(found.unwrap_or_else(|| panic!("no {name} in the archive")).1).unwrap()
}

fn profile() -> PathBuf {
    repository("examples/profile/dinh-my.yaml")
}
