//! The pages of a PDF, measured: poppler says which words stand where, qpdf's
//! content streams say in which font, size and colour, and what is drawn.
//! Lengths are points, `y` grows downwards from the top of the page.

use std::fs;

use serde_json::Value;

use super::content::{self, Painted, Shown};
use crate::support::pdf::Pdf;

/// Points in a millimetre.
pub const MM: f64 = 72.0 / 25.4;
/// The ascent and descent of Times New Roman, in em.
const ASCENT: f64 = 0.891;
const DESCENT: f64 = 0.216;

/// A page.
#[derive(Debug)]
pub struct Page {
    pub width: f64,
    pub height: f64,
    /// Texts in the order in which they are drawn.
    pub runs: Vec<Run>,
    /// Rules and frames.
    pub rules: Vec<Rule>,
    pub pictures: Vec<Picture>,
}

/// The box around a picture.
#[derive(Debug, Clone)]
pub struct Picture {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// Words on one line in one font, size and colour.
#[derive(Debug, Clone)]
pub struct Run {
    /// The page, from 0.
    pub page: usize,
    pub text: String,
    /// Its words, from left to right.
    pub words: Vec<Word>,
    pub left: f64,
    pub right: f64,
    pub baseline: f64,
    pub size: f64,
    /// The name of the font, without the mark of a subset.
    pub font: String,
    pub colour: Vec<f64>,
}

/// A drawn line, frame or filled shape: the box around it.
#[derive(Debug, Clone)]
pub struct Rule {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub weight: f64,
    pub colour: Vec<f64>,
}

/// A word and the box that poppler gives it.
#[derive(Debug, Clone)]
pub struct Word {
    pub text: String,
    pub left: f64,
    pub right: f64,
    top: f64,
    bottom: f64,
}

impl Run {
    /// This run with these of its words.
    pub fn with(&self, words: Vec<Word>) -> Self {
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let text = texts.join(" ");
        let left = words.iter().map(|word| word.left).fold(f64::MAX, f64::min);
        let right = words.iter().map(|word| word.right).fold(f64::MIN, f64::max);
        Self {
            text,
            words,
            left,
            right,
            font: self.font.clone(),
            colour: self.colour.clone(),
            ..*self
        }
    }

    /// Whether it is of the same look and on the same line as another, a space
    /// from it: LibreOffice draws a line in pieces.
    pub fn goes_on(&self, last: &Self) -> bool {
        let looks = same(self.size, last.size) && self.font == last.font;
        let gap = (self.left - last.right) / self.size;
        let line = self.page == last.page && same(self.baseline, last.baseline);
        looks && line && self.colour == last.colour && (-0.1..0.4).contains(&gap)
    }

    pub fn bold(&self) -> bool {
        self.font.contains("Bold")
    }

    pub fn italic(&self) -> bool {
        self.font.contains("Italic")
    }

    pub fn black(&self) -> bool {
        black(&self.colour)
    }

    pub fn centre(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    /// The upper edge of the line box.
    pub fn top(&self) -> f64 {
        self.baseline - ASCENT * self.size
    }

    /// The lower edge of the line box.
    pub fn bottom(&self) -> f64 {
        self.baseline + DESCENT * self.size
    }
}

impl Rule {
    pub fn length(&self) -> f64 {
        self.right - self.left
    }

    pub fn centre(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    /// Whether it touches another.
    fn meets(&self, other: &Self) -> bool {
        let near = |one: f64, other: f64| one < other + 1.0;
        near(self.left, other.right)
            && near(other.left, self.right)
            && near(self.top, other.bottom)
            && near(other.top, self.bottom)
    }

    pub fn horizontal(&self) -> bool {
        self.bottom - self.top < 0.01
    }

    pub fn black(&self) -> bool {
        black(&self.colour)
    }
}

/// Gray or RGB, all parts zero.
fn black(colour: &[f64]) -> bool {
    matches!(colour.len(), 1 | 3) && colour.iter().all(|part| *part == 0.0)
}

/// Two lengths are the same, as exactly as a PDF writes them.
pub fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.05
}

/// What wrote a PDF, and so how exactly positions in it can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    Program,
    /// From a Word file of the program.
    LibreOffice,
}

impl Maker {
    /// Whether a position is off by no more than this, or than the 2 mm of another
    /// program that sets the text.
    pub fn within(self, off: f64, limit: f64) -> bool {
        let limit = if self == Self::Program { limit } else { limit.max(2.0 * MM) };
        off.abs() < limit
    }

    /// How far beyond a margin something may seem to stand.
    pub fn hair(self) -> f64 {
        if self == Self::Program { 0.05 } else { 0.5 }
    }

    /// Whether two positions are the same.
    pub fn same(self, one: f64, other: f64) -> bool {
        self.within(one - other, 0.05)
    }

    /// Whether two distances between neighbours are the same: LibreOffice rounds
    /// them, but has no other.
    pub fn pitch(self, one: f64, other: f64) -> bool {
        (one - other).abs() < self.hair()
    }
}

/// Measures a PDF.
pub fn measure(bytes: &[u8]) -> Vec<Page> {
    let pdf = Pdf::new(bytes);
    let words = words(&pdf);
    let streams = streams(&pdf);
    assert_eq!(words.len(), streams.len(), "poppler and qpdf see the same pages");
    words.into_iter().zip(streams).enumerate().map(|(at, (words, s))| page(at, words, &s)).collect()
}

struct Stream {
    bytes: Vec<u8>,
    /// The fonts of the page: the name in the stream, the name of the font.
    fonts: Vec<(String, String)>,
}

/// The words of each page with the boxes that poppler gives them.
fn words(pdf: &Pdf) -> Vec<((f64, f64), Vec<Word>)> {
    let xml = pdf.ask("pdftotext", &["-bbox"], &["-"]);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let tree = roxmltree::Document::parse_with_options(&xml, options).unwrap();
    let number = |node: &roxmltree::Node<'_, '_>, name| -> f64 {
        node.attribute(name).unwrap().parse().unwrap()
    };
    let word = |node: roxmltree::Node<'_, '_>| Word {
        text: node.text().unwrap_or_default().to_owned(),
        left: number(&node, "xMin"),
        right: number(&node, "xMax"),
        top: number(&node, "yMin"),
        bottom: number(&node, "yMax"),
    };
    tree.descendants()
        .filter(|node| node.has_tag_name("page"))
        .map(|page| {
            let words = page.descendants().filter(|node| node.has_tag_name("word")).map(word);
            ((number(&page, "width"), number(&page, "height")), words.collect())
        })
        .collect()
}

/// The content stream and the fonts of each page.
fn streams(pdf: &Pdf) -> Vec<Stream> {
    let prefix = format!("--json-stream-prefix={}/stream", pdf.folder().display());
    let options = ["--json=2", "--json-stream-data=file", "--decode-level=generalized", &prefix];
    let json: Value = serde_json::from_str(&pdf.ask("qpdf", &options, &[])).unwrap();
    let objects = &json["qpdf"][1];
    let object = |reference: &Value| match reference.as_str() {
        Some(text) if text.ends_with(" R") => &objects[format!("obj:{text}")],
        _ => panic!("{reference} is not a reference"),
    };
    // The program writes the dictionary of fonts in its place, LibreOffice elsewhere.
    let here = |value: &'_ Value| match value {
        Value::String(_) => object(value)["value"].clone(),
        _ => value.clone(),
    };
    let fonts = |page: &Value| {
        let resources = here(&object(page)["value"]["/Resources"]);
        let name = |font: &Value| object(font)["value"]["/BaseFont"].as_str().unwrap().to_owned();
        let fonts = match &resources["/Font"] {
            Value::Null => Value::Null,
            fonts => here(fonts),
        };
        let entries = fonts.as_object().into_iter().flatten();
        entries.map(|(key, font)| (key[1..].to_owned(), plain_name(&name(font)))).collect()
    };
    let pages = json["pages"].as_array().unwrap();
    pages
        .iter()
        .map(|page| {
            let parts = page["contents"].as_array().unwrap();
            let file = |part| object(part)["stream"]["datafile"].as_str().unwrap();
            let bytes = parts.iter().flat_map(|part| fs::read(file(part)).unwrap()).collect();
            Stream { bytes, fonts: fonts(&page["object"]) }
        })
        .collect()
}

/// `/ABCDEF+LiberationSerif-Bold` without the slash and the mark of a subset.
fn plain_name(name: &str) -> String {
    name.trim_start_matches('/').split('+').next_back().unwrap().to_owned()
}

fn page(at: usize, (size, words): ((f64, f64), Vec<Word>), stream: &Stream) -> Page {
    let (width, height) = size;
    let content::Drawn { shown, painted, placed } = content::read(&stream.bytes);
    let empty = |shown: &Shown| Run {
        page: at,
        text: String::new(),
        words: Vec::new(),
        left: f64::MAX,
        right: f64::MIN,
        baseline: height - shown.y,
        size: shown.size,
        font: stream.fonts.iter().find(|font| font.0 == shown.font).unwrap().1.clone(),
        colour: shown.colour.clone(),
    };
    let mut owned: Vec<Vec<Word>> = vec![Vec::new(); shown.len()];
    for word in words {
        let owner = owner(&word, &shown, height);
        owned[owner.unwrap_or_else(|| panic!("nothing draws `{}`", word.text))].push(word);
    }
    // A run without words is one of spaces.
    // Poppler takes words between wide gaps for columns.
    for words in &mut owned {
        words.sort_by(|one, other| one.left.total_cmp(&other.left));
    }
    let filled = owned.into_iter().zip(&shown).filter(|(words, _)| !words.is_empty());
    let runs = filled.map(|(words, shown)| empty(shown).with(words)).collect();
    let rules = painted.into_iter().map(|painted| rule(painted, height)).collect();
    let picture = |placed: content::Placed| Picture {
        left: placed.left,
        right: placed.right,
        top: height - placed.top,
        bottom: height - placed.bottom,
    };
    let pictures = placed.into_iter().map(picture).collect();
    Page { width, height, runs, rules: framed(once(rules)), pictures }
}

/// A line may be drawn, by hand of rounding a hair aslant, or be a thin filled
/// shape.
fn rule(painted: Painted, height: f64) -> Rule {
    let (top, bottom) = (height - painted.top, height - painted.bottom);
    let (wide, high) = (painted.right - painted.left, bottom - top);
    let filled = painted.width == 0.0;
    let thin = if filled { 2.0 } else { 0.1 };
    let mut rule = Rule {
        left: painted.left,
        right: painted.right,
        top,
        bottom,
        weight: painted.width,
        colour: painted.colour,
    };
    if high < thin && high < wide {
        rule.top = f64::midpoint(top, bottom);
        rule.bottom = rule.top;
        rule.weight = if filled { high } else { painted.width };
    }
    rule
}

/// LibreOffice draws a line at the edge of two things once for each.
fn once(rules: Vec<Rule>) -> Vec<Rule> {
    let mut kept: Vec<Rule> = Vec::new();
    for rule in rules {
        let equal = |other: &Rule| {
            same(other.left, rule.left)
                && same(other.right, rule.right)
                && same(other.top, rule.top)
                && same(other.bottom, rule.bottom)
        };
        if !kept.iter().any(equal) {
            kept.push(rule);
        }
    }
    kept
}

/// Lines that meet each other and no others, on four sides, are a frame: LibreOffice
/// draws its sides one by one and in pieces.
fn framed(rules: Vec<Rule>) -> Vec<Rule> {
    let mut groups: Vec<Vec<Rule>> = Vec::new();
    for rule in rules {
        let (met, mut others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|one| one.meets(&rule)));
        let mut group: Vec<Rule> = met.into_iter().flatten().collect();
        group.push(rule);
        others.push(group);
        groups = others;
    }
    groups.into_iter().flat_map(|group| frame(&group).map_or(group, |frame| vec![frame])).collect()
}

fn frame(lines: &[Rule]) -> Option<Rule> {
    let (across, upright): (Vec<&Rule>, Vec<&Rule>) =
        lines.iter().partition(|line| line.horizontal());
    let [top, bottom] = places(across.iter().map(|line| line.top))[..] else { return None };
    let middles = upright.iter().map(|line| f64::midpoint(line.left, line.right));
    let [left, right] = places(middles)[..] else { return None };
    Some(Rule { left, right, top, bottom, ..(*across[0]).clone() })
}

/// The different values among some.
fn places(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup_by(|one, other| (*one - *other).abs() < 0.5);
    values
}

/// The run that draws a word: of those whose baseline runs through the word's
/// box, the one that starts last before it.
fn owner(word: &Word, shown: &[Shown], height: f64) -> Option<usize> {
    let through = |shown: &Shown| {
        let baseline = height - shown.y;
        word.top < baseline && baseline < word.bottom && shown.x < word.left + 0.5
    };
    let candidates = shown.iter().enumerate().filter(|(_, shown)| through(shown));
    candidates.max_by(|one, other| one.1.x.total_cmp(&other.1.x)).map(|(at, _)| at)
}
