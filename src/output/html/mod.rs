//! Web pages: the block tree as one self-contained HTML file.
//!
//! On a screen the page is a sheet of paper, on a narrow one a column of text;
//! printed, it is the document on A4. It refers to nothing outside itself and
//! holds no script. The words stand in the order of [`text`](super::text()).

mod address;
mod body;
mod closing;
mod envelope;
mod inline;
mod style;
mod table;
mod writer;

use self::body::Body;
use self::writer::Writer;
use super::Pictures;
use crate::block::{Document, Orientation, document_notes, notes};

/// Nothing may be loaded or run, whatever a page may be made to hold.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
                      form-action 'none'; base-uri 'none'";

/// Writes a document as a web page.
///
/// `charts` are the pictures of its charts; a chart without pictures is a list of
/// its bars.
pub fn html(document: &Document, charts: &Pictures) -> String {
    let mut writer = Writer::new();
    writer.raw("<!DOCTYPE html>\n");
    writer.open("html", &[("lang", "vi")]);
    writer.raw("\n");
    head(&mut writer, document);
    writer.open("body", &[]);
    writer.raw("\n");
    writer.open("main", &[]);
    writer.raw("\n");
    let mut body =
        Body { writer: &mut writer, charts: charts.iter(), settings: &document.settings };
    if !document.detached {
        whole(&mut body, document);
    }
    for at in 0..document.annexes.len() {
        annex(&mut body, document, at);
    }
    writer.close();
    writer.close();
    writer.close();
    writer.finish()
}

/// What is not seen: metadata and style.
fn head(writer: &mut Writer, document: &Document) {
    let envelope = &document.envelope;
    writer.open("head", &[]);
    writer.raw("\n");
    let mut meta = |attributes: &writer::Attributes<'_>| {
        writer.empty("meta", attributes);
        writer.raw("\n");
    };
    meta(&[("charset", "utf-8")]);
    meta(&[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
    meta(&[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    meta(&[("name", "description"), ("content", &description(document))]);
    meta(&[("name", "author"), ("content", &envelope.issuer.in_text)]);
    writer.element("title", &[], &document.title());
    writer.open("style", &[]);
    writer.raw("\n");
    writer.raw(&style::style(document));
    writer.close();
    writer.close();
}

/// Title and issuing agency.
fn description(document: &Document) -> String {
    let issuer = &document.envelope.issuer.in_text;
    if issuer.is_empty() { document.title() } else { format!("{} – {issuer}", document.title()) }
}

/// The document in front of its annexes.
fn whole(body: &mut Body<'_, '_>, document: &Document) {
    let class = match document.settings.orientation {
        Orientation::Portrait => "sheet",
        Orientation::Landscape => "sheet landscape",
    };
    body.writer.open("article", &[("class", class)]);
    body.writer.raw("\n");
    if !document.envelope.contact.is_empty() {
        // Keeps the foot of the first page free, in print.
        for class in ["above-contact", "room-for-contact"] {
            body.writer.element("div", &[("class", class)], "");
        }
    }
    envelope::top(body.writer, document);
    envelope::opening(body.writer, &document.envelope);
    body.blocks(&document.body, 2);
    closing::closing(body.writer, &document.envelope);
    inline::note_list(body.writer, &document_notes(document));
    body.writer.close();
}

/// An annex, or a regulation that the document issues.
fn annex(body: &mut Body<'_, '_>, document: &Document, at: usize) {
    let annex = &document.annexes[at];
    // The first of a file of annexes is its title.
    let level = if document.detached && at == 0 { 1 } else { 2 };
    let class = match annex.orientation {
        Orientation::Portrait => "sheet annex",
        Orientation::Landscape => "sheet annex landscape",
    };
    let id = style::annex_name(at);
    body.writer.open("section", &[("class", class), ("id", &id)]);
    body.writer.raw("\n");
    if let Some(signing) = document.signing.as_ref().filter(|_| document.detached && at == 0) {
        body.writer.element("p", &[("class", "signing")], signing);
    }
    envelope::annex_head(body.writer, document, at, level);
    body.blocks(&annex.content, level + 1);
    inline::note_list(body.writer, &notes(&annex.content));
    body.writer.close();
}
