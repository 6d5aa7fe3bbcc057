//! Word files: the block tree as WordprocessingML (ECMA-376).
//!
//! `envelope`, `body`, `table` and `closing` make paragraphs and tables of the tree
//! (`flow`), `write` puts them into XML, `styles` defines what they look like, and
//! `package` packs the parts.

mod body;
mod closing;
mod drawing;
mod envelope;
mod flow;
mod metrics;
mod package;
mod styles;
mod table;
mod units;
mod write;
mod xml;

use chrono::NaiveDate;

use self::body::Body;
use self::flow::{FirstHeader, Flow, Paragraph, Run, Section};
use self::package::Package;
use self::styles::Style;
use self::units::MM;
use self::write::Writer;
use super::{OutputError, Pictures};
use crate::block::{Document, Orientation, Settings};

/// Namespaces.
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const DRAWINGS: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";

/// The names under which the text asks for its headers.
const NUMBERED_HEADER: &str = "rIdHeader1";
const EMPTY_HEADER: &str = "rIdHeader2";
const MARKED_HEADER: &str = "rIdHeader3";
/// The names under which it asks for the footers of first pages.
const CONTACT_FOOTER: &str = "rIdFooter1";
const EMPTY_FOOTER: &str = "rIdFooter2";

/// Writes a document as a Word file.
///
/// `charts` are the pictures of its charts; `fallback` is the date in the file's
/// metadata where the document has none.
///
/// # Errors
///
/// If the file cannot be packed.
pub fn docx(
    document: &Document,
    charts: &Pictures,
    fallback: NaiveDate,
) -> Result<Vec<u8>, OutputError> {
    let settings = &document.settings;
    let mut body = Body::new(settings, charts);
    let flows = flows(document, &mut body);
    let mut writer = Writer::new("w:document", settings);
    writer.xml.start("w:body", &[]);
    writer.flows(&flows);
    writer.section(&last_section(document));
    writer.xml.end("w:body");
    let notes = std::mem::take(&mut writer.notes);
    let (text, mut used) = writer.finish("w:document");
    let notes = (!notes.is_empty()).then(|| {
        let (part, styles) = write::notes(&notes, settings);
        used.extend(styles);
        part
    });

    let mut header = |paragraph: Paragraph<'_>| {
        let mut writer = Writer::new("w:hdr", settings);
        writer.flows(&[paragraph.into()]);
        let (part, styles) = writer.finish("w:hdr");
        used.extend(styles);
        part
    };
    let mut number = Paragraph::new(Style::PageNumber);
    number.runs.push(Run::PageNumber);
    let headers = [
        header(number),
        header(Paragraph::new(Style::PageNumber)),
        header(envelope::margin(document).unwrap_or_else(|| Paragraph::new(Style::PageNumber))),
    ];
    let mut footer = |flows: &[Flow<'_>]| {
        let mut writer = Writer::new("w:ftr", settings);
        writer.flows(flows);
        let (part, styles) = writer.finish("w:ftr");
        used.extend(styles);
        part
    };
    let footers = if has_contact(document) {
        let contact = closing::contact(&document.envelope.contact);
        vec![footer(&contact), footer(&[Paragraph::new(Style::Contact).into()])]
    } else {
        Vec::new()
    };
    let package = Package {
        footers,
        notes,
        document,
        text,
        styles: styles::styles(settings, &used),
        headers,
        images: body.images,
        fallback,
    };
    package.pack().map_err(|error| OutputError::Docx(error.to_string()))
}

/// The whole body of the file.
fn flows<'a>(document: &'a Document, body: &mut Body<'a>) -> Vec<Flow<'a>> {
    let mut flows = Vec::new();
    if !document.detached {
        main(document, body, &mut flows);
    }
    for (at, annex) in document.annexes.iter().enumerate() {
        if at > 0 || !document.detached {
            end_section(&mut flows, section_before(document, at));
        }
        let s = &document.settings;
        body.column = s.text_width(annex.orientation) * MM;
        envelope::annex_head(document, at, annex, body.column, &mut flows);
        body.blocks(&annex.content, 1, &mut flows);
    }
    if let Some(Flow::Table(_)) = flows.last() {
        flows.push(Paragraph::new(Style::Gap).into());
    }
    body::space_below_tables(&mut flows, &document.settings);
    flows
}

/// The document in front of its annexes.
fn main<'a>(document: &'a Document, body: &mut Body<'a>, flows: &mut Vec<Flow<'a>>) {
    let envelope = &document.envelope;
    envelope::top(document, flows);
    envelope::opening(document, flows);
    let start = flows.len();
    body.blocks(&document.body, 0, flows);
    body::keep_end(&mut flows[start..]);
    closing::closing(envelope, &document.settings, body, flows);
}

/// Ends the pages of a part in its last paragraph.
fn end_section(flows: &mut Vec<Flow<'_>>, section: Section) {
    if !matches!(flows.last(), Some(Flow::Paragraph(_))) {
        flows.push(Paragraph::new(Style::Gap).into());
    }
    if let Some(Flow::Paragraph(last)) = flows.last_mut() {
        last.section = Some(section);
    }
}

/// The pages before the n-th annex.
fn section_before(document: &Document, at: usize) -> Section {
    match at.checked_sub(1) {
        Some(before) => annex_section(document, before),
        None => Section {
            landscape: document.settings.orientation == Orientation::Landscape,
            restart: false,
            first_header: FirstHeader::Marked,
            first_footer: has_contact(document).then_some(CONTACT_FOOTER),
        },
    }
}

/// The pages of an annex: counted from 1 (PL1-III.1.đ).
fn annex_section(document: &Document, at: usize) -> Section {
    let landscape = document.annexes[at].orientation == Orientation::Landscape;
    let first = if document.detached && at == 0 { FirstHeader::Marked } else { FirstHeader::Empty };
    // Without a footer of its own it would have that of the document.
    let footer = has_contact(document).then_some(EMPTY_FOOTER);
    Section { landscape, restart: true, first_header: first, first_footer: footer }
}

/// Whether address and telephone stand at the foot of the first page.
fn has_contact(document: &Document) -> bool {
    !document.detached && !document.envelope.contact.is_empty()
}

fn last_section(document: &Document) -> Section {
    section_before(document, document.annexes.len())
}

/// How far below the paper's edge the header stands, in points: a line in it is in the
/// middle of the top margin (PL1-I.7).
fn header_distance(s: &Settings) -> f64 {
    const LINE: f64 = 1.15;
    ((s.margins.top * MM - LINE * s.text_size) / 2.0).max(0.0)
}
