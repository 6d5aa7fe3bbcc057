//! The layout against Nghị định 30/2020/NĐ-CP, measured in the PDF by poppler
//! and qpdf.
//!
//! `content`, `measure`, `expect` and `placing` turn a PDF into elements with
//! their lines; the other files are the tests. The example plans and the samples
//! of every template are measured once and shared (`elements::SHEETS`). `word` puts
//! the same checks to the PDF files that LibreOffice makes of the Word files.

mod annex;
mod closing;
mod content;
mod elements;
mod expect;
mod file;
mod forms;
mod header;
pub mod measure;
mod placing;
mod settings;
mod signing;
mod text;
mod word;

use serde_json::{Value, json};

use self::expect::{Line, Sheet};
use self::measure::{MM, Page, Rule};

/// The sizes of Quốc hiệu and agency names, and of Tiêu ngữ and date, in the two
/// sets that the footnote of PL1-V names.
const SIZE_SETS: [(&str, f64, f64); 2] = [("13-14-14", 13.0, 14.0), ("12-13-13", 12.0, 13.0)];

/// Margins in millimetres: top, bottom, left, right.
type Margins = [f64; 4];

/// The margins of a document that does not say otherwise.
const MARGINS: Margins = [20.0, 20.0, 30.0, 20.0];

/// Line pitch of single spacing in Times New Roman, in em.
const SINGLE: f64 = 1.1495;

/// The text area of a page.
#[derive(Debug, Clone, Copy)]
struct Area {
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
}

impl Area {
    fn of(page: &Page, [top, bottom, left, right]: Margins) -> Self {
        Self {
            top: top * MM,
            bottom: page.height - bottom * MM,
            left: left * MM,
            right: page.width - right * MM,
        }
    }

    fn centre(self) -> f64 {
        f64::midpoint(self.left, self.right)
    }
}

/// The rule under some lines: the one horizontal rule within 12 pt below them.
fn rule_below<'a>(page: &'a Page, lines: &[&Line]) -> &'a Rule {
    let last = lines.iter().map(|line| line.baseline).fold(f64::MIN, f64::max);
    let centre = lines[0].centre();
    let below = |rule: &&Rule| {
        rule.horizontal()
            && (1.0..12.0).contains(&(rule.top - last))
            && rule.left < centre
            && centre < rule.right
    };
    let found: Vec<&Rule> = page.rules.iter().filter(below).collect();
    assert_eq!(found.len(), 1, "one rule below `{}`: {found:#?}", lines[0].text());
    found[0]
}

/// The longest of some lines.
fn longest(lines: &[&Line]) -> f64 {
    lines.iter().map(|line| line.width()).fold(0.0, f64::max)
}

/// A short plan, to be changed by a test.
fn plan() -> Value {
    json!({
        "template": "plan",
        "issuer": {
            "name": "ỦY BAN NHÂN DÂN\nXÃ ĐỊNH MỸ",
            "symbol": "UBND",
            "name_in_text": "Ủy ban nhân dân xã Định Mỹ",
        },
        "number": 12,
        "place": "Định Mỹ",
        "date": "2026-07-15",
        "subject": "Phòng, chống ma túy năm 2026",
        "sections": [{ "title": "Mục đích", "content": [filler(40)] }],
        "recipients": { "paper": ["Các ban, ngành, đoàn thể xã"], "archive": { "unit": "CAX" } },
        "signature": { "TM": "Ủy ban nhân dân", "title": "Chủ tịch", "name": "Nguyễn Văn Mẫu" },
    })
}

/// A paragraph of so many words.
fn filler(words: usize) -> String {
    const WORDS: [&str; 7] = ["Nhân dân", "tích cực", "tham gia", "phòng", "chống", "ma túy", "và"];
    let words: Vec<&str> = (0..words).map(|at| WORDS[at % WORDS.len()]).collect();
    format!("Tổ chức để {} trên địa bàn xã.", words.join(" "))
}

/// Data to be laid out, and what must hold of it in our PDF and in that of the Word
/// file.
struct Case {
    name: String,
    data: Value,
    check: Check,
}

type Check = Box<dyn Fn(&str, &Sheet)>;

impl Case {
    fn new(name: impl Into<String>, data: Value, check: impl Fn(&str, &Sheet) + 'static) -> Self {
        Self { name: name.into(), data, check: Box::new(check) }
    }

    /// Lays it out as PDF and checks it.
    fn check(&self) {
        (self.check)(&self.name, &sheet(&self.data));
    }
}

fn sheet(data: &Value) -> Sheet {
    Sheet::of(&data.to_string())
}
