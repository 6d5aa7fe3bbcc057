//! What a document must print, in the order of the page, and where the measured
//! pages print it.

use std::collections::VecDeque;

use vanban::block::{Block, Document, Inline, RecipientLine, Section, Table};
use vanban::pipeline::{Composed, Input};

use super::measure::{Page, Run, measure};
use crate::support::{RENDERER, pdf_of};

/// What an element is, by the rows of PL1-V.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Superior,
    Issuer,
    Nation,
    Motto,
    Number,
    PlaceDate,
    Urgency,
    Kind,
    Subject,
    Basis,
    Paragraph,
    /// `I.` with a title.
    RomanHeading,
    /// `1.` or `1.1.` with a title.
    ArabicHeading,
    /// `a)`, `-` or `+` with a title.
    PointHeading,
    /// A numbered part without a title.
    Point,
    Item,
    Caption,
    Table,
    RecipientsLabel,
    Recipient,
    Authority,
    OtherTitle,
    SignerName,
    AnnexLabel,
    AnnexTitle,
    AnnexReference,
}

impl Role {
    /// Whether the element is a paragraph of the text: indented, justified.
    pub fn flows(self) -> bool {
        use Role::{ArabicHeading, Basis, Item, Paragraph, Point, PointHeading, RomanHeading};
        matches!(
            self,
            Basis | Paragraph | RomanHeading | ArabicHeading | PointHeading | Point | Item
        )
    }
}

/// An element and the lines that print it.
#[derive(Debug)]
pub struct Element {
    pub role: Role,
    /// Its words, without spaces.
    pub letters: String,
    /// The words of the header rows of a table, without spaces.
    repeated: String,
    pub lines: Vec<Line>,
}

/// A printed line of an element.
#[derive(Debug, Clone)]
pub struct Line {
    pub page: usize,
    pub left: f64,
    pub right: f64,
    pub baseline: f64,
    pub runs: Vec<Run>,
}

impl Line {
    pub fn centre(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// A document, its pages, and its elements on them.
#[derive(Debug)]
pub struct Sheet {
    pub composed: Composed,
    pub bytes: Vec<u8>,
    pub pages: Vec<Page>,
    pub elements: Vec<Element>,
}

impl Sheet {
    /// Renders and measures data, and finds every element on the pages.
    pub fn of(yaml: &str) -> Self {
        let input = Input { name: "test.yaml", bytes: yaml.as_bytes(), template: None };
        let composed = RENDERER.compose(&input).unwrap_or_else(|found| panic!("{found:#?}"));
        let bytes = pdf_of(yaml);
        let pages = measure(&bytes);
        let margins = composed.document.settings.margins;
        let mut elements = expected(&composed.document);
        let top = margins.top * super::measure::MM;
        let runs = pages.iter().flat_map(|page| &page.runs).filter(|run| run.bottom() > top);
        place(&mut elements, &runs.collect::<Vec<_>>());
        Self { composed, bytes, pages, elements }
    }

    pub fn document(&self) -> &Document {
        &self.composed.document
    }

    pub fn all(&self, role: Role) -> Vec<&Element> {
        self.elements.iter().filter(|element| element.role == role).collect()
    }

    pub fn lines(&self, role: Role) -> Vec<&Line> {
        self.all(role).into_iter().flat_map(|element| &element.lines).collect()
    }

    /// The only line of an element of which there is one.
    pub fn line(&self, role: Role) -> &Line {
        let lines = self.lines(role);
        assert_eq!(lines.len(), 1, "{role:?} is one line: {lines:#?}");
        lines[0]
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn words(line: &[Inline], out: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(text) => out.push_str(&letters(text)),
            Inline::Strong(inner) | Inline::Emphasis(inner) => words(inner, out),
            Inline::Blank(_) | Inline::Fill | Inline::Break => {}
        }
    }
}

fn joined<'a>(lines: impl IntoIterator<Item = &'a [Inline]>) -> String {
    let mut out = String::new();
    lines.into_iter().for_each(|line| words(line, &mut out));
    out
}

/// Elements in the making.
#[derive(Default)]
struct List(Vec<Element>);

impl List {
    fn add(&mut self, role: Role, text: &str) {
        let letters = letters(text);
        if !letters.is_empty() {
            self.0.push(Element { role, letters, repeated: String::new(), lines: Vec::new() });
        }
    }

    fn add_line(&mut self, role: Role, line: &[Inline]) {
        self.add(role, &joined([line]));
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Section(section) => self.section(section),
                Block::Paragraph(line) => self.add_line(Role::Paragraph, line),
                Block::Centered(line) => self.add_line(Role::Caption, line),
                Block::List(items) => {
                    for item in items {
                        let text = joined([item.content.as_slice()]);
                        self.add(Role::Item, &format!("{}{text}", item.marker.sign()));
                        self.blocks(&item.children);
                    }
                }
                Block::Table(table) => self.table(table),
                Block::Chart(chart) => {
                    self.add_line(Role::Caption, &chart.caption);
                    chart.bars.iter().for_each(|bar| self.add_line(Role::Paragraph, &bar.label));
                }
            }
        }
    }

    fn section(&mut self, section: &Section) {
        let [title, lead] = [&section.title, &section.lead].map(|line| joined([line.as_slice()]));
        let label = section.label.as_str();
        let roman = label.starts_with(['I', 'V', 'X']);
        let arabic = label.starts_with(|first: char| first.is_ascii_digit());
        if title.is_empty() {
            self.add(Role::Point, &format!("{label}{lead}"));
        } else {
            let role = match (roman, arabic) {
                (true, _) => Role::RomanHeading,
                (_, true) => Role::ArabicHeading,
                _ => Role::PointHeading,
            };
            self.add(role, &format!("{label}{title}"));
            self.add(Role::Paragraph, &lead);
        }
        self.blocks(&section.content);
    }

    fn table(&mut self, table: &Table) {
        self.add_line(Role::Caption, &table.caption);
        let cells = |rows: &[Vec<vanban::block::Cell>]| {
            joined(rows.iter().flatten().map(|cell| cell.content.as_slice()))
        };
        let repeated = cells(&table.header);
        let letters = format!("{repeated}{}", cells(&table.rows));
        self.0.push(Element { role: Role::Table, letters, repeated, lines: Vec::new() });
    }
}

fn expected(document: &Document) -> Vec<Element> {
    let envelope = &document.envelope;
    let mut list = List::default();
    list.add(Role::Superior, &envelope.issuer.superior.concat());
    list.add(Role::Issuer, &envelope.issuer.name.concat());
    list.add(Role::Nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    list.add(Role::Motto, "Độc lập - Tự do - Hạnh phúc");
    list.add_line(Role::Number, &envelope.number_line());
    list.add_line(Role::PlaceDate, &envelope.place_date_line());
    list.add(Role::Urgency, envelope.marks.urgency.map_or("", |urgency| urgency.text()));
    list.add(Role::Kind, &envelope.kind.name.to_uppercase());
    list.add(Role::Subject, &envelope.subject.concat());
    envelope.bases.iter().for_each(|basis| list.add_line(Role::Basis, basis));
    list.blocks(&document.body);
    list.add(Role::RecipientsLabel, "Nơi nhận:");
    for line in envelope.recipients.lines() {
        match line {
            RecipientLine::Group(text) => list.add(Role::Recipient, &text),
            RecipientLine::Entry(text) => list.add(Role::Recipient, &format!("-{text}")),
        }
    }
    let signature = &envelope.signature;
    signature.title_lines().iter().for_each(|line| list.add(Role::Authority, line));
    list.add(Role::OtherTitle, signature.other_title.as_deref().unwrap_or_default());
    list.add(Role::SignerName, signature.name.as_deref().unwrap_or_default());
    for (at, annex) in document.annexes.iter().enumerate() {
        list.add(Role::AnnexLabel, &document.annex_label(at));
        list.add(Role::AnnexTitle, &annex.title.concat());
        list.add_line(Role::AnnexReference, &document.annex_reference());
        list.blocks(&annex.content);
    }
    list.0
}

/// Gives every run to the element that it prints. Words that are missing, added
/// or out of order fail the test.
fn place(elements: &mut [Element], runs: &[&Run]) {
    let mut rest = runs.iter().copied().peekable();
    // A list of recipients that goes on after the page with the signature.
    let mut signature: VecDeque<&Run> = VecDeque::new();
    for element in elements {
        let signed = matches!(element.role, Role::Authority | Role::OtherTitle | Role::SignerName);
        let mut open = element.letters.clone();
        let mut read = String::new();
        let mut page = None;
        while read.chars().count() < open.chars().count() {
            while element.role == Role::Recipient
                && let Some(run) = rest.next_if(|run| run.bold())
            {
                signature.push_back(run);
            }
            let held = if signed { signature.pop_front() } else { None };
            let run = held.or_else(|| rest.next());
            let run = run.unwrap_or_else(|| panic!("not printed: {element:#?}"));
            // A table repeats its header on every page.
            if element.role == Role::Table && page.is_some_and(|page| page != run.page) {
                open.push_str(&element.repeated);
            }
            page = Some(run.page);
            read.push_str(&letters(&run.text));
            add(&mut element.lines, run);
        }
        if element.role == Role::Table {
            // The cells of a row may be drawn in any order.
            assert_eq!(sorted(&read), sorted(&open), "the words of a table");
        } else {
            assert_eq!(read, open, "the words of {:?}", element.role);
        }
    }
    assert!(rest.peek().is_none(), "printed beyond the document: {:#?}", rest.peek());
}

fn sorted(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters.into_iter().collect()
}

fn add(lines: &mut Vec<Line>, run: &Run) {
    match lines.last_mut() {
        Some(line)
            if line.page == run.page
                && super::measure::same(line.baseline, run.baseline)
                && run.left >= line.right - 0.5 =>
        {
            line.right = run.right;
            line.runs.push(run.clone());
        }
        _ => lines.push(Line {
            page: run.page,
            left: run.left,
            right: run.right,
            baseline: run.baseline,
            runs: vec![run.clone()],
        }),
    }
}
