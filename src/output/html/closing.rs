use super::address::data_address;
use super::envelope::lines;
use super::inline::words;
use super::writer::Writer;
use crate::block::{
    Confirmation, Envelope, Image, MANY_RECIPIENTS, RecipientLine, SIGNATURE_ROOM, Seal, Signature,
    kept_purpose,
};

/// Boxes 7 to 9 and 13: recipients, signatures, room for a confirmation, contact.
pub(super) fn closing(writer: &mut Writer, envelope: &Envelope) {
    let recipients = envelope.recipient_lines();
    let several = !envelope.co_signatures.is_empty();
    writer.open("footer", &[]);
    writer.raw("\n");
    let class = match (several, recipients.len() > MANY_RECIPIENTS) {
        (false, false) => "closing",
        (false, true) => "closing long",
        (true, false) => "closing several",
        (true, true) => "closing several long",
    };
    writer.open("div", &[("class", class)]);
    writer.raw("\n");
    if envelope.recipients.is_some() {
        recipient_list(writer, &recipients);
    } else {
        writer.element("div", &[], "");
    }
    writer.open("div", &[("class", "signatures")]);
    writer.raw("\n");
    for one in envelope.signatures() {
        signature(writer, one, &envelope.issuer.in_text);
    }
    writer.close();
    writer.close();
    if let Some(room) = &envelope.confirmation {
        confirmation(writer, room);
    }
    if !envelope.contact.is_empty() {
        writer.open("address", &[("class", "contact")]);
        lines(writer, &envelope.contact);
        writer.close();
    }
    writer.close();
}

/// Rows of signatures in a text.
pub(super) fn rows(writer: &mut Writer, rows: &[Vec<Signature>]) {
    for row in rows {
        writer.open("div", &[("class", "closing several")]);
        writer.raw("\n");
        writer.open("div", &[("class", "signatures")]);
        writer.raw("\n");
        for one in row {
            signature(writer, one, "");
        }
        writer.close();
        writer.close();
    }
}

/// Box 9b. The names of groups stand between lists.
fn recipient_list(writer: &mut Writer, recipients: &[RecipientLine]) {
    writer.open("div", &[("class", "recipients")]);
    writer.raw("\n");
    writer.element("p", &[("class", "lead")], "Nơi nhận:");
    let mut in_list = false;
    for line in recipients {
        match line {
            RecipientLine::Group(name) => {
                if in_list {
                    writer.close();
                }
                in_list = false;
                writer.element("p", &[], name);
            }
            RecipientLine::Entry(text) => {
                if !in_list {
                    writer.open("ul", &[("role", "list")]);
                    writer.raw("\n");
                }
                in_list = true;
                recipient(writer, text);
            }
        }
    }
    if in_list {
        writer.close();
    }
    writer.close();
}

/// A recipient, whose purpose in brackets (`(để b/c)`) is not broken if it is
/// short.
fn recipient(writer: &mut Writer, text: &str) {
    writer.open("li", &[]);
    writer.text("- ");
    match kept_purpose(text) {
        Some((name, purpose)) => {
            words(writer, name);
            writer.open("span", &[("class", "kept")]);
            writer.text(purpose);
            writer.close_inline();
        }
        None => words(writer, text),
    }
    writer.close();
}

/// Boxes 7 and 8: authority and title, the images of signature and seal in the
/// room below them, another post and the name.
fn signature(writer: &mut Writer, signature: &Signature, issuer: &str) {
    writer.open("div", &[("class", "signature")]);
    writer.raw("\n");
    writer.open("p", &[]);
    lines(writer, &signature.title_lines());
    if let Some(hint) = &signature.hint {
        writer.line_end();
        writer.element("span", &[("class", "hint")], hint);
    }
    writer.close();
    writer.open("div", &[("class", "room")]);
    let mut width = SIGNATURE_ROOM.0;
    if let Some(image) = &signature.image {
        let size = image.fitted(SIGNATURE_ROOM);
        width = size.0;
        picture(writer, image, size, 0.0, &signature.image_alt());
    }
    if let Some(seal) = &signature.seal {
        let size = seal.size();
        // It reaches over the left third of the signature (PL1-II.8.a).
        let middle = width / 3.0 - width / 2.0 - size.0 / 2.0;
        picture(writer, &seal.image, size, middle, &Seal::alt(issuer));
    }
    writer.close();
    let names: Vec<&str> = [&signature.other_title, &signature.name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    if !names.is_empty() {
        writer.open("p", &[("class", "signer")]);
        lines(writer, &names);
        writer.close();
    }
    writer.close();
}

/// An image, its middle so many millimetres to the right of that of the room.
fn picture(writer: &mut Writer, image: &Image, size: (f64, f64), middle: f64, alt: &str) {
    let (width, height) = size;
    let style = format!(
        "width:{width:.2}mm;height:{height:.2}mm;left:calc(50% + {:.2}mm);top:calc(50% - {:.2}mm)",
        middle - width / 2.0,
        height / 2.0
    );
    let address = data_address("image/png", &image.bytes);
    writer.empty("img", &[("alt", alt), ("style", &style), ("src", &address)]);
}

/// Room for another body to confirm something (Mẫu 1.10).
fn confirmation(writer: &mut Writer, room: &Confirmation) {
    writer.open("div", &[("class", "confirmation")]);
    writer.raw("\n");
    writer.element("p", &[], &room.words);
    writer.element("div", &[("class", "room")], "");
    if let Some(name) = &room.name {
        writer.element("p", &[("class", "signer")], name);
    }
    writer.close();
}
