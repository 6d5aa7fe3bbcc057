//! What a document must print, in the order of the page.

use std::sync::Arc;

use vanban::block::{
    Block, Cell, Chart, Document, Envelope, Heading, Inline, Rank, RecipientLine, Section,
    Signature, Table, tick,
};
use vanban::pipeline::{Composed, Format, Input, Renderer};
use vanban::viet::PartialDate;

use super::measure::{Maker, Page, Run, measure};
use super::placing::place;
use crate::support::RENDERER;

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
    /// `V/v …` below the number.
    AboutLine,
    /// `Kính gửi:`
    AddressLead,
    Addressee,
    /// Who decides, above the legal bases.
    Decider,
    /// `QUYẾT ĐỊNH:`
    Enacting,
    Basis,
    Paragraph,
    /// A line in the middle of the page.
    Centered,
    /// `Chương I`; phần, mục and tiểu mục too.
    CenteredLabel,
    /// The title below it.
    CenteredTitle,
    /// `Điều 1.` with a title.
    ArticleHeading,
    /// `Điều 1.` before its text.
    Article,
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
    /// A bar chart: its head and the labels of its bars.
    Chart,
    /// The words in a frame for a photograph.
    Photo,
    RecipientsLabel,
    Recipient,
    Authority,
    OtherTitle,
    SignerName,
    AnnexLabel,
    AnnexTitle,
    AnnexReference,
    /// What another body confirms.
    Confirmation,
    /// The name below it.
    ConfirmationName,
    /// Address and telephone at the foot of the first page.
    Contact,
}

impl Role {
    /// Whether the element is a paragraph of the text: indented, justified.
    pub fn flows(self) -> bool {
        use Role::{
            ArabicHeading, Article, ArticleHeading, Basis, Item, Paragraph, Point, PointHeading,
            RomanHeading,
        };
        let numbered = matches!(self, ArticleHeading | Article | PointHeading | Point | Item);
        numbered || matches!(self, Basis | Paragraph | RomanHeading | ArabicHeading)
    }
}

/// An element and the lines that print it.
#[derive(Debug)]
pub struct Element {
    pub role: Role,
    /// 0 for the document, n for its n-th annex.
    pub part: usize,
    /// Its words, without spaces.
    pub letters: String,
    /// Those of its words that are set off in bold, and in italics.
    pub strong: String,
    pub emphasised: String,
    /// Whether it says where its lines end.
    pub broken: bool,
    /// The words of the header rows of a table, or of the head of a chart, without spaces.
    pub repeated: String,
    pub lines: Vec<Line>,
}

impl Element {
    fn new(role: Role, part: usize, letters: String) -> Self {
        let [strong, emphasised, repeated] = [const { String::new() }; 3];
        Self { role, part, letters, strong, emphasised, broken: false, repeated, lines: Vec::new() }
    }
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
    pub maker: Maker,
    pub composed: Arc<Composed>,
    pub bytes: Vec<u8>,
    pub pages: Vec<Page>,
    pub elements: Vec<Element>,
}

impl Sheet {
    /// Renders and measures data, and finds every element on the pages.
    pub fn of(yaml: &str) -> Self {
        Self::by(&RENDERER, None, yaml)
    }

    /// The same with a template of a renderer; `None` for the one that the data
    /// names.
    pub fn by(renderer: &Renderer, template: Option<&str>, yaml: &str) -> Self {
        let input = Input { template, ..Input::new("test.yaml", yaml.as_bytes()) };
        let composed = renderer.compose(&input).unwrap_or_else(|found| panic!("{found:#?}"));
        let bytes = renderer.write(&composed, Format::Pdf).unwrap();
        Self::read(Maker::Program, Arc::new(composed), bytes)
    }

    /// Measures a PDF of a document.
    pub fn read(maker: Maker, composed: Arc<Composed>, bytes: Vec<u8>) -> Self {
        let pages = measure(&bytes);
        let margins = composed.document.settings.margins;
        let mut elements = expected(&composed.document, maker);
        let top = margins.top * super::measure::MM;
        let runs = pages.iter().flat_map(|page| &page.runs).filter(|run| run.bottom() > top);
        place(&mut elements, runs.cloned().collect(), maker);
        Self { maker, composed, bytes, pages, elements }
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

    /// The elements of the document (0) or of its n-th annex.
    pub fn all_of(&self, part: usize, role: Role) -> Vec<&Element> {
        self.all(role).into_iter().filter(|element| element.part == part).collect()
    }

    /// Their lines.
    pub fn lines_of(&self, part: usize, role: Role) -> Vec<&Line> {
        self.all_of(part, role).into_iter().flat_map(|element| &element.lines).collect()
    }

    /// The part that each page shows: 0 for the document, n for its n-th annex.
    pub fn parts(&self) -> Vec<usize> {
        let mut parts = vec![0; self.pages.len()];
        for element in &self.elements {
            for line in &element.lines {
                parts[line.page] = element.part;
            }
        }
        parts
    }

    /// The only line of an element of which there is one.
    pub fn line(&self, role: Role) -> &Line {
        let lines = self.lines(role);
        assert_eq!(lines.len(), 1, "{role:?} is one line: {lines:#?}");
        lines[0]
    }
}

/// A text without its spaces, and without dots to be written on.
pub fn letters(text: &str) -> String {
    let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    if !text.contains("...") {
        return text;
    }
    let kept = |part: &&str| !part.chars().all(|one| one == '.') || part.len() < 3;
    let dots = |one: char, other: char| (one == '.') == (other == '.');
    let characters: Vec<char> = text.chars().collect();
    let parts = characters.chunk_by(|one, other| dots(*one, *other));
    let parts: Vec<String> = parts.map(|part| part.iter().collect()).collect();
    parts.iter().map(String::as_str).filter(kept).collect()
}

/// What a line says and how.
#[derive(Default)]
struct Words {
    all: String,
    strong: String,
    emphasised: String,
    broken: bool,
}

impl Words {
    fn of(line: &[Inline]) -> Self {
        let mut words = Self::default();
        words.read(line, false, false);
        words
    }

    fn read(&mut self, line: &[Inline], strong: bool, emphasised: bool) {
        for inline in line {
            match inline {
                Inline::Text(text) => {
                    self.all.push_str(text);
                    if strong {
                        self.strong.push_str(text);
                    }
                    if emphasised {
                        self.emphasised.push_str(text);
                    }
                }
                Inline::Strong(inner) => self.read(inner, true, emphasised),
                Inline::Emphasis(inner) => self.read(inner, strong, true),
                Inline::Blank(_) => {}
                Inline::Fill => self.all.push_str("....."),
                Inline::Break => self.broken = true,
                Inline::Tick(on) => self.all.push(tick(*on)),
                Inline::Note(note) => self.all.push_str(&note.label),
            }
        }
    }
}

fn joined<'a>(lines: impl IntoIterator<Item = &'a [Inline]>) -> String {
    lines.into_iter().map(|line| Words::of(line).all).collect()
}

/// Elements in the making.
#[derive(Default)]
struct List {
    part: usize,
    /// Whether the words of charts are printed as words.
    charted: bool,
    elements: Vec<Element>,
}

impl List {
    fn add(&mut self, role: Role, text: &str) {
        let letters = letters(text);
        if !letters.is_empty() {
            self.elements.push(Element::new(role, self.part, letters));
        }
    }

    fn add_line(&mut self, role: Role, line: &[Inline]) {
        self.labelled(role, "", line);
    }

    /// Adds a line with its number or dash before it.
    fn labelled(&mut self, role: Role, label: &str, line: &[Inline]) {
        let words = Words::of(line);
        let all = letters(&format!("{label}{}", words.all));
        if all.is_empty() {
            return;
        }
        let mut element = Element::new(role, self.part, all);
        // The number of an article is bold before a text that is not (PL1-V.6a).
        let label = if role == Role::Article { label } else { "" };
        element.strong = letters(&format!("{label}{}", words.strong));
        element.emphasised = letters(&words.emphasised);
        element.broken = words.broken;
        self.elements.push(element);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Section(section) => self.section(section),
                Block::Paragraph(line) => self.add_line(Role::Paragraph, line),
                Block::Centered(line) => self.add_line(Role::Centered, line),
                Block::List(items) => {
                    for item in items {
                        self.labelled(Role::Item, item.marker.sign(), &item.content);
                        self.blocks(&item.children);
                    }
                }
                Block::Table(table) => self.table(table),
                Block::Chart(chart) => self.chart(chart),
                Block::Photo(photo) => self.add_line(Role::Photo, &photo.words),
                Block::Signatures(rows) => {
                    rows.iter().flatten().for_each(|signature| self.signature(signature));
                }
            }
        }
    }

    fn section(&mut self, section: &Section) {
        let label = section.label.as_str();
        let roman = label.starts_with(['I', 'V', 'X']);
        let arabic = label.starts_with(|first: char| first.is_ascii_digit());
        let titled = !section.title.is_empty();
        match section.rank {
            Some(Rank::Article) if titled => {
                self.labelled(Role::ArticleHeading, label, &section.title);
            }
            Some(Rank::Article) => self.labelled(Role::Article, label, &section.lead),
            Some(Rank::Part | Rank::Chapter | Rank::Division | Rank::Subdivision) => {
                self.add(Role::CenteredLabel, label);
                self.add_line(Role::CenteredTitle, &section.title);
            }
            None if !titled => self.labelled(Role::Point, label, &section.lead),
            None if roman => self.labelled(Role::RomanHeading, label, &section.title),
            None if arabic => self.labelled(Role::ArabicHeading, label, &section.title),
            None => self.labelled(Role::PointHeading, label, &section.title),
        }
        let centred = section.rank.is_some_and(|rank| rank != Rank::Article);
        if titled || centred {
            self.add_line(Role::Paragraph, &section.lead);
        }
        self.blocks(&section.content);
    }

    fn table(&mut self, table: &Table) {
        self.add_line(Role::Caption, &table.caption);
        let cells =
            |rows: &[Vec<Cell>]| joined(rows.iter().flatten().map(|cell| cell.content.as_slice()));
        let repeated = letters(&cells(&table.header));
        let all = format!("{repeated}{}", letters(&cells(&table.rows)));
        let mut element = Element::new(Role::Table, self.part, all);
        element.repeated = repeated;
        self.elements.push(element);
    }

    /// A chart of bars that fit on a page, of less than three years, with room for
    /// the words of every year.
    fn chart(&mut self, chart: &Chart) {
        // Months since the year 0.
        let month = |date: PartialDate, unsaid: i32| {
            date.year * 12 + date.month.map_or(unsaid, |month| i32::try_from(month).unwrap()) - 1
        };
        let times = chart.bars.iter().map(|bar| (bar.from, bar.to)).chain([(chart.from, chart.to)]);
        let months: Vec<i32> = times
            .flat_map(|(from, to)| [from.map(|from| month(from, 1)), to.map(|to| month(to, 12))])
            .flatten()
            .collect();
        let (Some(first), Some(last)) = (months.iter().min(), months.iter().max()) else { return };
        assert!(last - first < 36, "a chart of quarters cannot be measured");
        self.add_line(Role::Caption, &chart.caption);
        if !self.charted {
            return;
        }
        let years = (first / 12..=last / 12).map(|year| format!("Năm {year}"));
        let numbers = (*first..=*last).map(|month| (month % 12 + 1).to_string());
        let head: String = years.chain(numbers).collect();
        let head = letters(&format!("Công việc / Tháng{head}"));
        let labels = joined(chart.bars.iter().map(|bar| bar.label.as_slice()));
        let mut element =
            Element::new(Role::Chart, self.part, format!("{head}{}", letters(&labels)));
        element.repeated = head;
        self.elements.push(element);
    }

    /// Boxes 1 and 2.
    fn agencies(&mut self, envelope: &Envelope) {
        self.add(Role::Superior, &envelope.issuer.superior.concat());
        self.add(Role::Issuer, &envelope.issuer.name.concat());
        self.add(Role::Nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
        self.add(Role::Motto, "Độc lập - Tự do - Hạnh phúc");
    }

    /// From the agency names to the word of decision.
    fn opening(&mut self, envelope: &Envelope) {
        self.agencies(envelope);
        if !envelope.unnumbered {
            self.add_line(Role::Number, &envelope.number_line());
        }
        if !envelope.undated {
            self.add_line(Role::PlaceDate, &envelope.place_date_line());
        }
        let subject = envelope.subject.concat();
        if envelope.heading == Heading::About {
            self.add(Role::AboutLine, &format!("V/v {subject}"));
        }
        self.add(Role::Urgency, envelope.marks.urgency.map_or("", |urgency| urgency.text()));
        if envelope.heading == Heading::Named {
            self.add(Role::Kind, &envelope.kind.name.to_uppercase());
            self.add(Role::Subject, &subject);
        }
        if let Some(addressees) = &envelope.addressees {
            self.add(Role::AddressLead, &format!("{}:", addressees.lead));
            let dash = if addressees.names.len() > 1 { "- " } else { "" };
            for name in addressees.lines() {
                self.add(Role::Addressee, &format!("{dash}{name}"));
            }
        }
        if let Some(enacting) = &envelope.enacting {
            self.add(Role::Decider, &enacting.authority.concat());
        }
        envelope.bases.iter().for_each(|basis| self.add_line(Role::Basis, basis));
        if let Some(enacting) = &envelope.enacting {
            self.add(Role::Enacting, &format!("{}:", enacting.words));
        }
    }

    fn recipients(&mut self, envelope: &Envelope) {
        if envelope.recipients.is_none() {
            return;
        }
        self.add(Role::RecipientsLabel, "Nơi nhận:");
        for line in envelope.recipient_lines() {
            match line {
                RecipientLine::Group(text) => self.add(Role::Recipient, &text),
                RecipientLine::Entry(text) => self.add(Role::Recipient, &format!("-{text}")),
            }
        }
    }

    fn signature(&mut self, signature: &Signature) {
        signature.title_lines().iter().for_each(|line| self.add(Role::Authority, line));
        self.add(Role::OtherTitle, signature.other_title.as_deref().unwrap_or_default());
        self.add(Role::SignerName, signature.name.as_deref().unwrap_or_default());
    }

    /// Recipients and signatures, in the order in which they are drawn: of
    /// several signatures the recipients stand below (Mẫu 1.9).
    fn closing(&mut self, envelope: &Envelope) {
        if envelope.co_signatures.is_empty() {
            self.recipients(envelope);
            envelope.signatures().for_each(|signature| self.signature(signature));
        } else {
            envelope.signatures().for_each(|signature| self.signature(signature));
            self.recipients(envelope);
        }
        if let Some(confirmation) = &envelope.confirmation {
            self.add(Role::Confirmation, &confirmation.words);
            self.add(Role::ConfirmationName, confirmation.name.as_deref().unwrap_or_default());
        }
        self.add(Role::Contact, &envelope.contact.concat());
    }
}

fn expected(document: &Document, maker: Maker) -> Vec<Element> {
    // A Word file shows charts as pictures, which hold no words.
    let mut list = List { charted: maker == Maker::Program, ..List::default() };
    if !document.detached {
        list.opening(&document.envelope);
        list.blocks(&document.body);
        list.closing(&document.envelope);
    }
    for (at, annex) in document.annexes.iter().enumerate() {
        list.part = at + 1;
        match &annex.kind {
            None => {
                list.add(Role::AnnexLabel, &document.annex_label(at));
                list.add(Role::AnnexTitle, &annex.title.concat());
            }
            Some(kind) => {
                list.agencies(&document.envelope);
                list.add(Role::Kind, &kind.name.to_uppercase());
                list.add(Role::Subject, &annex.title.concat());
            }
        }
        list.add_line(Role::AnnexReference, &document.annex_reference());
        list.blocks(&annex.content);
    }
    list.elements
}
