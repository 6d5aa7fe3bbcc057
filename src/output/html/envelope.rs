use super::body::{heading, photo_frame};
use super::inline::{inlines, paragraph, words};
use super::writer::Writer;
use crate::block::{
    Addressees, Document, Enacting, Envelope, Header, Heading, MOTTO, Marks, NATION,
};
use crate::viet::upper;

/// Roughly the advance of a letter, in em.
const LETTER: f64 = 0.44;

/// Lines below each other.
pub(super) fn lines(writer: &mut Writer, list: &[impl AsRef<str>]) {
    for (at, line) in list.iter().enumerate() {
        if at > 0 {
            writer.line_end();
        }
        words(writer, line.as_ref());
    }
}

/// Boxes 1 to 4, 5b, 10 and 11: agency names, Quốc hiệu and Tiêu ngữ; of a whole
/// document also its number, date, marks and the subject below the number.
pub(super) fn header(writer: &mut Writer, document: &Document, whole: bool) {
    let envelope = &document.envelope;
    writer.open("header", &[("class", "head")]);
    writer.raw("\n");
    writer.open("div", &[("class", "agency")]);
    writer.raw("\n");
    if !envelope.issuer.superior.is_empty() {
        writer.open("p", &[("class", "superior")]);
        lines(writer, &envelope.issuer.superior);
        if whole {
            inlines(writer, &envelope.issuer.superior_notes);
        }
        writer.close();
    }
    writer.open("p", &[("class", "issuer")]);
    lines(writer, &envelope.issuer.name);
    if whole {
        inlines(writer, &envelope.issuer.name_notes);
    }
    writer.close();
    writer.close();
    writer.open("div", &[("class", "nation")]);
    writer.raw("\n");
    writer.element("p", &[("class", "name")], NATION);
    writer.element("p", &[("class", "motto")], MOTTO);
    writer.close();
    if whole {
        if !envelope.unnumbered {
            paragraph(writer, "number", &[], &envelope.number_line());
        }
        if !envelope.undated {
            paragraph(writer, "date", &[], &envelope.place_date_line());
        }
        marks(writer, &envelope.marks);
        about(writer, envelope);
    }
    writer.close();
}

/// Everything above the addressees: form number, header, kind and subject; beside a
/// frame for a photograph Quốc hiệu and title, or the title alone.
pub(super) fn top(writer: &mut Writer, document: &Document) {
    let envelope = &document.envelope;
    if let Some(form) = &envelope.form {
        writer.element("p", &[("class", "form")], form);
    }
    if envelope.header == Header::Beside {
        header(writer, document, true);
    }
    if let Some(photo) = &envelope.photo {
        writer.open("div", &[("class", "beside-photo")]);
        writer.raw("\n");
        photo_frame(writer, photo);
        writer.open("div", &[]);
        writer.raw("\n");
    }
    if envelope.header == Header::Centered {
        centered_header(writer, envelope);
    }
    if envelope.heading == Heading::Named {
        title(writer, envelope);
    }
    if envelope.photo.is_some() {
        writer.close();
        writer.close();
    }
}

/// Quốc hiệu and Tiêu ngữ in the middle of the page, place and date below.
fn centered_header(writer: &mut Writer, envelope: &Envelope) {
    writer.open("header", &[("class", "head centered")]);
    writer.raw("\n");
    writer.open("div", &[("class", "nation")]);
    writer.raw("\n");
    writer.element("p", &[("class", "name")], NATION);
    writer.element("p", &[("class", "motto")], MOTTO);
    writer.close();
    if !envelope.undated {
        paragraph(writer, "date", &[], &envelope.place_date_line());
    }
    writer.close();
}

/// Boxes 10b and 11.
fn marks(writer: &mut Writer, marks: &Marks) {
    if let Some(urgency) = marks.urgency {
        let width = format!("--frame:{}mm", urgency.width());
        writer.element("p", &[("class", "urgency"), ("style", &width)], urgency.text());
    }
    let in_margin = marks.in_margin();
    if in_margin.is_empty() {
        return;
    }
    writer.open("p", &[("class", "marks")]);
    for mark in in_margin {
        writer.element("span", &[], mark);
    }
    writer.close();
}

/// Box 5b: the subject of a công văn, which is the title of the page.
fn about(writer: &mut Writer, envelope: &Envelope) {
    if envelope.heading == Heading::About && !envelope.subject.is_empty() {
        writer.open("h1", &[("class", "about")]);
        writer.text(envelope.about());
        lines(writer, &envelope.subject);
        writer.close();
    }
}

/// From the addressees to the word of decision.
pub(super) fn opening(writer: &mut Writer, envelope: &Envelope) {
    if let Some(list) = &envelope.addressees {
        addressees(writer, list);
    }
    if let Some(Enacting { authority, .. }) = &envelope.enacting
        && !authority.is_empty()
    {
        writer.open("p", &[("class", "enacting")]);
        lines(writer, authority);
        writer.close();
    }
    for basis in &envelope.bases {
        paragraph(writer, "basis", &[], basis);
    }
    if let Some(enacting) = &envelope.enacting {
        writer.element("p", &[("class", "enacting")], &format!("{}:", enacting.words));
    }
}

/// Box 5a: kind and subject; the rule stands below the last of them.
fn title(writer: &mut Writer, envelope: &Envelope) {
    writer.open("h1", &[("class", "title")]);
    writer.open("span", &[("class", "kind")]);
    writer.text(&upper(&envelope.kind.name));
    writer.close();
    if !envelope.subject.is_empty() {
        writer.open("span", &[("class", "subject")]);
        lines(writer, &envelope.subject);
        writer.close();
    }
    writer.close();
}

/// Box 9a: one addressee follows the words, several stand in lines of their own,
/// their dashes under the colon (PL1-II.9.c).
fn addressees(writer: &mut Writer, list: &Addressees) {
    let names = list.lines();
    let lead = format!("{}:", list.lead);
    if let [name] = names.as_slice() {
        writer.open("p", &[("class", "addressee")]);
        writer.element("span", &[("class", "lead")], &lead);
        writer.open("span", &[]);
        writer.text(name);
        inlines(writer, &list.notes);
        writer.close();
        writer.close();
        return;
    }
    writer.open("div", &[("class", "addressees")]);
    writer.raw("\n");
    writer.element("p", &[], &lead);
    let letters = u16::try_from(list.lead.chars().count()).unwrap_or(u16::MAX);
    let start = format!("--start:{:.1}em", f64::from(letters) * LETTER);
    writer.open("ul", &[("role", "list"), ("style", &start)]);
    writer.raw("\n");
    let last = names.len().saturating_sub(1);
    for (at, name) in names.iter().enumerate() {
        writer.open("li", &[]);
        writer.text(&format!("- {name}"));
        if at == last {
            inlines(writer, &list.notes);
        }
        writer.close();
    }
    writer.close();
    writer.close();
}

/// The head of an annex, or of a regulation that the document issues (Mẫu 1.3).
pub(super) fn annex_head(writer: &mut Writer, document: &Document, at: usize, level: usize) {
    let annex = &document.annexes[at];
    let label = if let Some(kind) = &annex.kind {
        header(writer, document, false);
        upper(&kind.name)
    } else {
        document.annex_label(at)
    };
    writer.open("header", &[("class", "annex-head")]);
    writer.raw("\n");
    writer.open(heading(level), &[]);
    let class = if annex.kind.is_some() { "kind" } else { "label" };
    writer.open("span", &[("class", class)]);
    writer.text(&label);
    writer.close();
    if !annex.title.is_empty() {
        writer.open("span", &[("class", "subject")]);
        lines(writer, &annex.title);
        writer.close();
    }
    writer.close();
    writer.open("p", &[]);
    inlines(writer, &document.annex_reference());
    writer.close();
    writer.close();
}
