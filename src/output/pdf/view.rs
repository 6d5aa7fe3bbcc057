use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::chart::ChartView;
use crate::block::{
    self, Align, Annex, Block, Cell, Confirmation, Document, Heading, Image, Inline, Item, Margins,
    Marker, Orientation, Photo, RecipientLine, SIGNATURE_ROOM, Seal, Signature, Table, TitleStyle,
    kept_purpose, tick,
};
use crate::viet::{PartialDate, upper};

/// A run of characters without a space that is longer than this may be broken
/// anywhere, so that it stays on the page.
const LONGEST_WORD: usize = 40;
/// How many characters of such a run stay together.
const PIECE: usize = 8;

/// `document.json`: what a layout reads. Version 1.
///
/// Every word is in its final form; a layout adds none but the ones that the
/// decree prescribes for every document (Quốc hiệu, Tiêu ngữ, `Nơi nhận:`).
#[derive(Debug, Serialize)]
pub struct View<'a> {
    version: u8,
    title: String,
    author: &'a str,
    description: String,
    date: Date,
    fonts: Vec<&'a str>,
    settings: Sizes,
    /// What the form is called.
    form: Option<&'a str>,
    header: Header<'a>,
    /// The frame for a photograph beside the header or below it.
    photo: Option<PhotoView<'a>>,
    /// Kind and subject in the middle of the page.
    heading: Option<HeadingView<'a>>,
    addressees: Option<AddresseesView<'a>>,
    /// Who decides.
    authority: &'a [String],
    bases: Vec<Line<'a>>,
    /// The word of decision, with its colon.
    enacting: Option<String>,
    /// Whether the last line of the body keeps the room of what follows; a table or
    /// a frame does not.
    kept: bool,
    body: Vec<BlockView<'a>>,
    recipients: Option<Vec<RecipientView>>,
    /// Those who sign at the end, in rows, from left to right.
    signatures: Vec<Vec<SignatureView<'a>>>,
    confirmation: Option<&'a Confirmation>,
    contact: &'a [String],
    /// The file holds annexes alone.
    detached: bool,
    signing: Option<&'a str>,
    annexes: Vec<AnnexView<'a>>,
    /// The pictures that it names, by their paths.
    #[serde(skip)]
    images: Vec<(String, Arc<[u8]>)>,
}

#[derive(Debug, Serialize)]
struct HeadingView<'a> {
    kind: String,
    subject: &'a [String],
}

#[derive(Debug, Serialize)]
struct AddresseesView<'a> {
    lead: &'a str,
    names: Vec<String>,
    notes: Line<'a>,
}

#[derive(Debug, Serialize)]
pub(super) struct Date {
    year: i32,
    month: u32,
    day: u32,
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }
}

#[derive(Debug, Serialize)]
struct Sizes {
    names: f64,
    motto: f64,
    text_size: f64,
    table_size: f64,
    margins: Margins,
    /// Whether the paper lies across in front of the annexes.
    landscape: bool,
    indent: f64,
    paragraph_gap: f64,
    line_spacing: f64,
    agency_rule: f64,
    subject_rule: f64,
}

#[derive(Debug, Serialize)]
struct Header<'a> {
    arrangement: block::Header,
    superior: &'a [String],
    superior_notes: Line<'a>,
    issuer: &'a [String],
    issuer_notes: Line<'a>,
    number: Option<Line<'a>>,
    place_date: Option<Line<'a>>,
    /// The subject below the number.
    about: Vec<String>,
    urgency: Option<UrgencyView>,
    margin_marks: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct UrgencyView {
    text: &'static str,
    width: u8,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum RecipientView {
    Group(Line<'static>),
    Entry(Line<'static>),
}

#[derive(Debug, Serialize)]
struct SignatureView<'a> {
    /// Its number, from left to right and from row to row; none in the middle of a
    /// text.
    at: Option<usize>,
    /// Whether the agency puts its seal there.
    agency: bool,
    title: Vec<String>,
    hint: Option<&'a str>,
    other_title: Option<&'a str>,
    name: Option<&'a str>,
    /// The image of the signature.
    image: Option<PictureView>,
    /// The image of the seal.
    seal: Option<PictureView>,
}

/// A picture, in the size of its print.
#[derive(Debug, Serialize)]
struct PictureView {
    /// Where it lies in the layout's eyes.
    path: String,
    /// What it shows, for those who do not see it.
    alt: String,
    /// Millimetres.
    width: f64,
    height: f64,
}

#[derive(Debug, Serialize)]
struct AnnexView<'a> {
    label: String,
    /// The kind of a regulation, in capitals; it has the header of a document.
    kind: Option<String>,
    title: &'a [String],
    reference: Line<'a>,
    landscape: bool,
    content: Vec<BlockView<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum BlockView<'a> {
    Section(SectionView<'a>),
    Paragraph(ParagraphView<'a>),
    Centered(ParagraphView<'a>),
    List(Vec<ItemView<'a>>),
    Table(TableView<'a>),
    Chart(ChartView<'a>),
    Photo(PhotoView<'a>),
    Signatures(Vec<Vec<SignatureView<'a>>>),
}

#[derive(Debug, Serialize)]
struct PhotoView<'a> {
    /// Millimetres.
    width: f64,
    height: f64,
    words: Line<'a>,
    /// It stays on the page of what follows.
    keep: bool,
}

#[derive(Debug, Serialize)]
struct ParagraphView<'a> {
    content: Line<'a>,
    keep: u8,
}

#[derive(Debug, Serialize)]
struct SectionView<'a> {
    label: &'a str,
    style: TitleStyle,
    title: Line<'a>,
    lead: Line<'a>,
    keep: u8,
    content: Vec<BlockView<'a>>,
}

#[derive(Debug, Serialize)]
struct ItemView<'a> {
    marker: Marker,
    content: Line<'a>,
    keep: u8,
    children: Vec<BlockView<'a>>,
}

#[derive(Debug, Serialize)]
struct TableView<'a> {
    caption: Line<'a>,
    columns: Vec<ColumnView>,
    header: Vec<Vec<CellView<'a>>>,
    rows: Vec<Vec<CellView<'a>>>,
    /// Which rows stay with the next one.
    headings: &'a [usize],
    keep: bool,
}

#[derive(Debug, Serialize)]
struct ColumnView {
    width: Option<f64>,
    align: Align,
}

#[derive(Debug, Serialize)]
struct CellView<'a> {
    content: Line<'a>,
    columns: usize,
    rows: usize,
    align: Option<Align>,
    breakable: bool,
}

pub(super) type Line<'a> = Vec<Piece<'a>>;

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Piece<'a> {
    Text(std::borrow::Cow<'a, str>),
    Long {
        pieces: Vec<String>,
    },
    Strong {
        strong: Line<'a>,
    },
    Emphasis {
        emphasis: Line<'a>,
    },
    Blank {
        blank: u8,
    },
    Break {
        r#break: bool,
    },
    /// Dots to the end of the line.
    Fill {
        fill: bool,
    },
    /// Words that stay on one line.
    Kept {
        kept: String,
    },
    /// A box, ticked or empty.
    Tick {
        tick: char,
    },
    Note {
        note: NoteView<'a>,
    },
}

/// A footnote.
#[derive(Debug, Serialize)]
pub(super) struct NoteView<'a> {
    /// Its number.
    label: std::borrow::Cow<'a, str>,
    content: Line<'a>,
}

impl<'a> View<'a> {
    /// Makes the view of a document.
    ///
    /// `fonts` are the families to try, in order; `fallback` is the date in the
    /// file's metadata where the document has none.
    pub fn new(document: &'a Document, fonts: Vec<&'a str>, fallback: NaiveDate) -> Self {
        let envelope = &document.envelope;
        let settings = &document.settings;
        let date = envelope.date.and_then(PartialDate::first_day).unwrap_or(fallback);
        let reference = || line_owned(document.annex_reference());
        let mut images = Vec::new();
        let (body, rows) = signature_rows(document);
        let mut body = blocks(body);
        let mut marked = 0;
        close(&mut body, &mut marked);
        let kept = marked > 0;
        let mut at = 0;
        let mut signer = |signature| {
            at += 1;
            signature_view(signature, Some(at - 1), &envelope.issuer.in_text, &mut images)
        };
        let mut signatures: Vec<Vec<_>> =
            rows.into_iter().map(|row| row.into_iter().map(&mut signer).collect()).collect();
        if let Some(last) = signatures.last_mut().and_then(|row| row.last_mut()) {
            // The agency signs once, by the last signature.
            last.agency = last.agency || envelope.form.is_none();
        }
        Self {
            version: 1,
            title: document.title(),
            author: &envelope.issuer.in_text,
            description: envelope.subject.join(" "),
            date: date.into(),
            fonts,
            settings: Sizes {
                names: settings.sizes.names(),
                motto: settings.sizes.motto(),
                text_size: settings.text_size,
                table_size: settings.table_size,
                margins: settings.margins,
                landscape: settings.orientation == Orientation::Landscape,
                indent: settings.indent,
                paragraph_gap: settings.paragraph_gap,
                line_spacing: settings.line_spacing,
                agency_rule: settings.agency_rule,
                subject_rule: settings.subject_rule,
            },
            form: envelope.form.as_deref(),
            photo: envelope.photo.as_ref().map(photo_view),
            header: Header {
                arrangement: envelope.header,
                superior: &envelope.issuer.superior,
                superior_notes: line(&envelope.issuer.superior_notes),
                issuer: &envelope.issuer.name,
                issuer_notes: line(&envelope.issuer.name_notes),
                number: (!envelope.unnumbered).then(|| line_owned(envelope.number_line())),
                place_date: (!envelope.undated).then(|| line_owned(envelope.place_date_line())),
                about: envelope.about_lines(),
                urgency: envelope
                    .marks
                    .urgency
                    .map(|urgency| UrgencyView { text: urgency.text(), width: urgency.width() }),
                margin_marks: envelope.marks.in_margin(),
            },
            heading: (envelope.heading == Heading::Named).then(|| HeadingView {
                kind: upper(&envelope.kind.name),
                subject: &envelope.subject,
            }),
            addressees: envelope.addressees.as_ref().map(|addressees| AddresseesView {
                lead: &addressees.lead,
                names: addressees.lines(),
                notes: line(&addressees.notes),
            }),
            authority: envelope.enacting.as_ref().map_or(&[], |enacting| &enacting.authority),
            enacting: envelope.enacting.as_ref().map(|enacting| format!("{}:", enacting.words)),
            bases: envelope.bases.iter().map(|basis| line(basis)).collect(),
            kept,
            body,
            recipients: envelope
                .recipients
                .as_ref()
                .map(|recipients| recipients.lines().into_iter().map(recipient).collect()),
            signatures,
            confirmation: envelope.confirmation.as_ref(),
            contact: &envelope.contact,
            detached: document.detached,
            signing: document.signing.as_deref(),
            annexes: document
                .annexes
                .iter()
                .enumerate()
                .map(|(at, annex)| annex_view(document.annex_label(at), annex, reference()))
                .collect(),
            images,
        }
    }

    /// The pictures that the layout may read, by their paths.
    pub fn images(&self) -> &[(String, Arc<[u8]>)] {
        &self.images
    }

    /// Renames the pictures as if so many others came first: several documents may stand
    /// in one file.
    pub(super) fn move_images(&mut self, before: usize) {
        for (at, (path, _)) in self.images.iter_mut().enumerate() {
            *path = image_path(before + at);
        }
        let mut next = before;
        for signature in self.signatures.iter_mut().flatten() {
            for picture in [&mut signature.image, &mut signature.seal].into_iter().flatten() {
                picture.path = image_path(next);
                next += 1;
            }
        }
    }

    /// The lines above the n-th signature (from 0, from left to right) and the name
    /// below it.
    pub(super) fn signer(&self, at: usize) -> Option<(Vec<String>, Option<String>)> {
        let signature = self.signatures.iter().flatten().nth(at)?;
        Some((signature.title.clone(), signature.name.map(str::to_owned)))
    }

    /// The view as JSON.
    ///
    /// # Panics
    ///
    /// Never: a view holds nothing that JSON cannot.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("a view holds nothing that JSON cannot")
    }
}

/// What a form says where somebody puts a seal.
const SEAL: &str = "đóng dấu";

/// The body without those who sign at its end, and these, in rows.
fn signature_rows(document: &Document) -> (&[Block], Vec<Vec<&Signature>>) {
    let own: Vec<&Signature> = document.envelope.signatures().collect();
    match document.body.split_last() {
        Some((Block::Signatures(rows), body)) if own.is_empty() => {
            (body, rows.iter().map(|row| row.iter().collect()).collect())
        }
        _ if own.is_empty() => (&document.body, Vec::new()),
        _ => (&document.body, vec![own]),
    }
}

/// Where a picture lies in the layout's eyes. Typst remembers each path for ever, so
/// they are the same in all documents.
fn image_path(at: usize) -> String {
    format!("/image-{at}.png")
}

fn signature_view<'a>(
    signature: &'a Signature,
    at: Option<usize>,
    issuer: &str,
    images: &mut Vec<(String, Arc<[u8]>)>,
) -> SignatureView<'a> {
    let mut picture = |image: &Image, (width, height): (f64, f64), alt: String| {
        let path = image_path(images.len());
        images.push((path.clone(), image.bytes.clone()));
        PictureView { path, alt, width, height }
    };
    let hint = signature.hint.as_deref();
    SignatureView {
        at,
        agency: signature.seal.is_some() || hint.is_some_and(|hint| hint.contains(SEAL)),
        title: signature.title_lines(),
        hint,
        other_title: signature.other_title.as_deref(),
        name: signature.name.as_deref(),
        image: signature
            .image
            .as_ref()
            .map(|image| picture(image, image.fitted(SIGNATURE_ROOM), signature.image_alt())),
        seal: signature
            .seal
            .as_ref()
            .map(|seal| picture(&seal.image, seal.size(), Seal::alt(issuer))),
    }
}

fn recipient(line: RecipientLine) -> RecipientView {
    match line {
        RecipientLine::Group(text) => RecipientView::Group(words(text.into())),
        RecipientLine::Entry(text) => RecipientView::Entry(entry(text)),
    }
}

/// A recipient, whose purpose in brackets (`(để b/c)`) is not broken if it is
/// short.
fn entry(text: String) -> Line<'static> {
    match kept_purpose(&text) {
        Some((name, purpose)) => {
            let mut line = words(name.to_owned().into());
            line.push(Piece::Kept { kept: purpose.to_owned() });
            line
        }
        None => words(text.into()),
    }
}

fn annex_view<'a>(label: String, annex: &'a Annex, reference: Line<'a>) -> AnnexView<'a> {
    AnnexView {
        label,
        kind: annex.kind.as_ref().map(|kind| upper(&kind.name)),
        title: &annex.title,
        reference,
        landscape: annex.orientation == Orientation::Landscape,
        content: blocks(&annex.content),
    }
}

fn blocks(list: &[Block]) -> Vec<BlockView<'_>> {
    list.iter().map(block).collect()
}

/// A text with fewer characters may be a single line.
const ONE_LINE: usize = 100;
/// A table with more rows may be split from the signature.
const SHORT_TABLE: usize = 12;

/// Marks the end of the body: the texts that stay on the page of the signature.
///
/// A mark is the number of the text from the end; two lines are enough, so
/// marking stops at a text of two lines, at the second text, or at a heading,
/// which stays with its text anyway.
fn close(blocks: &mut [BlockView<'_>], marked: &mut u8) -> bool {
    blocks.iter_mut().rev().any(|block| match block {
        BlockView::Paragraph(paragraph) | BlockView::Centered(paragraph) => {
            mark(&paragraph.content, &mut paragraph.keep, marked)
        }
        BlockView::List(items) => items.iter_mut().rev().any(|item| {
            close(&mut item.children, marked) || mark(&item.content, &mut item.keep, marked)
        }),
        BlockView::Section(section) => {
            let bare = !section.title.is_empty() && section.lead.is_empty();
            close(&mut section.content, marked)
                || bare
                || mark(&section.lead, &mut section.keep, marked)
                || !section.title.is_empty()
        }
        BlockView::Table(table) => {
            table.keep = table.rows.len() <= SHORT_TABLE;
            true
        }
        BlockView::Chart(_) | BlockView::Signatures(_) => true,
        BlockView::Photo(photo) => {
            photo.keep = true;
            true
        }
    })
}

fn mark(line: &Line<'_>, keep: &mut u8, marked: &mut u8) -> bool {
    *marked += 1;
    *keep = *marked;
    let length: usize = line.iter().map(Piece::length).sum();
    *marked >= 2 || length > ONE_LINE
}

impl Piece<'_> {
    /// How many characters it has, roughly.
    fn length(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Long { .. } => LONGEST_WORD,
            Self::Strong { strong: inner } | Self::Emphasis { emphasis: inner } => {
                inner.iter().map(Self::length).sum()
            }
            Self::Blank { blank } => usize::from(*blank),
            // Dots fill a line that is there anyway.
            Self::Fill { .. } | Self::Break { .. } => 0,
            Self::Kept { kept } => kept.chars().count(),
            Self::Tick { .. } => 1,
            Self::Note { note } => note.label.len(),
        }
    }
}

fn block(block: &Block) -> BlockView<'_> {
    match block {
        Block::Section(section) => BlockView::Section(SectionView {
            label: &section.label,
            style: section.style,
            title: line(&section.title),
            lead: line(&section.lead),
            keep: 0,
            content: blocks(&section.content),
        }),
        Block::Paragraph(text) => {
            BlockView::Paragraph(ParagraphView { content: line(text), keep: 0 })
        }
        Block::Centered(text) => {
            BlockView::Centered(ParagraphView { content: line(text), keep: 0 })
        }
        Block::List(items) => BlockView::List(items.iter().map(item).collect()),
        Block::Table(table) => BlockView::Table(table_view(table)),
        Block::Chart(chart) => BlockView::Chart(ChartView::new(chart)),
        Block::Photo(photo) => BlockView::Photo(photo_view(photo)),
        Block::Signatures(rows) => BlockView::Signatures(
            rows.iter().map(|row| row.iter().map(unplaced_signature).collect()).collect(),
        ),
    }
}

fn photo_view(photo: &Photo) -> PhotoView<'_> {
    PhotoView { width: photo.width, height: photo.height, words: line(&photo.words), keep: false }
}

/// A signature in the middle of a text: no image is put there.
fn unplaced_signature(signature: &Signature) -> SignatureView<'_> {
    signature_view(signature, None, "", &mut Vec::new())
}

fn item(item: &Item) -> ItemView<'_> {
    ItemView {
        marker: item.marker,
        content: line(&item.content),
        keep: 0,
        children: blocks(&item.children),
    }
}

fn table_view(table: &Table) -> TableView<'_> {
    TableView {
        caption: line(&table.caption),
        columns: table
            .columns
            .iter()
            .map(|column| ColumnView { width: column.width, align: column.align })
            .collect(),
        header: rows(&table.header),
        rows: rows(&table.rows),
        headings: &table.headings,
        keep: false,
    }
}

fn rows(rows: &[Vec<Cell>]) -> Vec<Vec<CellView<'_>>> {
    rows.iter().map(|row| row.iter().map(cell).collect()).collect()
}

fn cell(cell: &Cell) -> CellView<'_> {
    CellView {
        content: line(&cell.content),
        columns: cell.columns,
        rows: cell.rows,
        align: cell.align,
        breakable: cell.may_split(),
    }
}

pub(super) fn line(line: &[Inline]) -> Line<'_> {
    let mut out = Vec::with_capacity(line.len());
    for inline in line {
        match inline {
            Inline::Text(text) => out.extend(words(text.as_str().into())),
            Inline::Strong(inner) => out.push(Piece::Strong { strong: self::line(inner) }),
            Inline::Emphasis(inner) => out.push(Piece::Emphasis { emphasis: self::line(inner) }),
            Inline::Blank(width) => out.push(Piece::Blank { blank: *width }),
            Inline::Fill => out.push(Piece::Fill { fill: true }),
            Inline::Break => out.push(Piece::Break { r#break: true }),
            Inline::Tick(on) => out.push(Piece::Tick { tick: tick(*on) }),
            Inline::Note(note) => {
                let content = self::line(&note.content);
                let label = note.label.as_str().into();
                out.push(Piece::Note { note: NoteView { label, content } });
            }
        }
    }
    out
}

pub(super) fn line_owned(line: Vec<Inline>) -> Line<'static> {
    line.into_iter()
        .flat_map(|inline| match inline {
            Inline::Text(text) => words(text.into()),
            Inline::Strong(inner) => vec![Piece::Strong { strong: line_owned(inner) }],
            Inline::Emphasis(inner) => vec![Piece::Emphasis { emphasis: line_owned(inner) }],
            Inline::Blank(width) => vec![Piece::Blank { blank: width }],
            Inline::Fill => vec![Piece::Fill { fill: true }],
            Inline::Break => vec![Piece::Break { r#break: true }],
            Inline::Tick(on) => vec![Piece::Tick { tick: tick(on) }],
            Inline::Note(note) => {
                let content = line_owned(note.content);
                vec![Piece::Note { note: NoteView { label: note.label.into(), content } }]
            }
        })
        .collect()
}

/// A text as it is, or with the places where an overlong word may be broken.
fn words(text: std::borrow::Cow<'_, str>) -> Line<'_> {
    let long = |word: &str| word.len() > LONGEST_WORD && word.chars().count() > LONGEST_WORD;
    if !may_be_long(&text) || !text.split(' ').any(long) {
        return vec![Piece::Text(text)];
    }
    let mut out = Vec::new();
    for (at, word) in text.split(' ').enumerate() {
        let space = if at > 0 { " " } else { "" };
        if long(word) {
            let characters: Vec<char> = word.chars().collect();
            let mut pieces: Vec<String> =
                characters.chunks(PIECE).map(|chunk| chunk.iter().collect()).collect();
            pieces[0].insert_str(0, space);
            out.push(Piece::Long { pieces });
        } else {
            out.push(Piece::Text(format!("{space}{word}").into()));
        }
    }
    out
}

/// Whether some word has more bytes than a long one has characters: of most texts
/// none has, which one pass tells.
fn may_be_long(text: &str) -> bool {
    let mut run = 0;
    text.bytes().any(|byte| {
        run = if byte == b' ' { 0 } else { run + 1 };
        run > LONGEST_WORD
    })
}
