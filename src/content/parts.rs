use roxmltree::Node;

use super::markup::PHOTO;
use super::xml::Reader;
use crate::block::{
    Addressees, Authority, Confirmation, Enacting, Envelope, Header, Heading, Issuer, Kind,
    Margins, Marks, Medium, Numbering, Photo, Recipient, Recipients, Seal, Settings, Signature,
    SizeSet, Urgency,
};
use crate::catalog::kind;
use crate::viet::upper;

/// The attributes of `<envelope>`.
const ENVELOPE: [&str; 9] =
    ["kind", "form", "title", "header", "medium", "heading", "unnumbered", "undated", "unmarked"];

/// Reads `<envelope>`.
pub(super) fn envelope(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Envelope {
    reader.attributes(node, &ENVELOPE);
    let form = node.attribute("form").map(str::to_owned);
    let header = reader
        .choose(node, "header", |text| match text {
            "beside" => Some(Header::Beside),
            "centered" => Some(Header::Centered),
            "none" => Some(Header::None),
            _ => None,
        })
        .unwrap_or_default();
    let mut envelope = Envelope {
        header,
        unnumbered: reader.value(node, "unnumbered", false),
        unmarked: reader.value(node, "unmarked", false),
        undated: reader.value(node, "undated", false),
        heading: reader
            .choose(node, "heading", |text| match text {
                "named" => Some(Heading::Named),
                "about" => Some(Heading::About),
                _ => None,
            })
            .unwrap_or_default(),
        kind: reader.choose(node, "kind", |code| kind(code).cloned()).unwrap_or_default(),
        medium: reader
            .choose(node, "medium", |text| match text {
                "paper" => Some(Medium::Paper),
                "electronic" => Some(Medium::Electronic),
                _ => None,
            })
            .unwrap_or_default(),
        ..Envelope::default()
    };
    let allowed = [
        "issuer",
        "number-line",
        "place-date",
        "photo",
        "number",
        "place",
        "date",
        "subject",
        "marks",
        "addressees",
        "enacting",
        "basis",
        "recipients",
        "signature",
        "confirmation",
        "contact",
    ];
    for child in reader.children(node, &allowed) {
        match child.tag_name().name() {
            "issuer" => envelope.issuer = issuer(reader, child),
            "number-line" => envelope.own_number_line = Some(reader.noted(child, &[])),
            "place-date" => envelope.own_place_date = Some(reader.noted(child, &[])),
            "photo" => envelope.photo = Some(photo(reader, child)),
            "number" => envelope.number = Some(reader.text(child)),
            "place" => envelope.place = Some(reader.text(child)),
            "date" => envelope.date = reader.text(child).parse().ok(),
            "subject" => envelope.subject.push(reader.text(child)),
            "marks" => envelope.marks = marks(reader, child),
            "basis" => envelope.bases.push(reader.noted(child, &[])),
            "addressees" => envelope.addressees = Some(addressees(reader, child)),
            "enacting" => envelope.enacting = Some(enacting(reader, child)),
            "recipients" => envelope.recipients = Some(recipients(reader, child)),
            "confirmation" => envelope.confirmation = Some(confirmation(reader, child)),
            "contact" => envelope.contact.push(reader.text(child)),
            _ => {
                let signature = signature(reader, child);
                match child.attribute("side") {
                    Some("left") => envelope.co_signatures.push(signature),
                    _ => envelope.signature = Some(signature),
                }
            }
        }
    }
    if let Some(title) = node.attribute("title") {
        envelope.kind = Kind { name: title.to_owned(), code: String::new() };
    }
    if form.is_some() {
        // A form has the lines that it gives.
        envelope.unnumbered = envelope.own_number_line.is_none();
        envelope.undated = envelope.own_place_date.is_none();
    }
    envelope.form = form;
    if envelope.issuer.name.is_empty() && header == Header::Beside {
        reader.missing(node, "issuer");
    }
    envelope
}

/// Reads `<photo>`.
pub(super) fn photo(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Photo {
    reader.attributes(node, &["width", "height"]);
    Photo {
        width: reader.millimetres(node, "width", 30.0, PHOTO),
        height: reader.millimetres(node, "height", 40.0, PHOTO),
        words: reader.inlines(node),
    }
}

fn issuer(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Issuer {
    reader.attributes(node, &["symbol"]);
    let mut issuer = Issuer {
        symbol: node.attribute("symbol").unwrap_or_default().to_owned(),
        ..Issuer::default()
    };
    for child in reader.children(node, &["superior", "name", "in-text"]) {
        let (text, notes) = reader.text_and_notes(child);
        match child.tag_name().name() {
            "superior" => {
                issuer.superior.push(upper(&text));
                issuer.superior_notes.extend(notes);
            }
            "name" => {
                issuer.name.push(upper(&text));
                issuer.name_notes.extend(notes);
            }
            _ => issuer.in_text = text,
        }
    }
    if issuer.in_text.is_empty() {
        issuer.in_text = issuer.name.join(" ");
    }
    issuer
}

fn marks(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Marks {
    reader.attributes(node, &["draft"]);
    let mut marks = Marks { draft: reader.value(node, "draft", false), ..Marks::default() };
    for child in reader.children(node, &["urgency", "circulation"]) {
        let text = reader.text(child);
        if child.has_tag_name("urgency") {
            let all = [Urgency::Flash, Urgency::Immediate, Urgency::Urgent];
            marks.urgency = all.into_iter().find(|urgency| urgency.text() == text);
        } else {
            marks.circulation = Some(text);
        }
    }
    marks
}

fn addressees(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Addressees {
    reader.attributes(node, &["lead"]);
    let lead = node.attribute("lead").unwrap_or("Kính gửi").to_owned();
    let mut addressees = Addressees { lead, ..Addressees::default() };
    for name in reader.children(node, &["to"]) {
        let (text, notes) = reader.text_and_notes(name);
        addressees.names.push(text);
        addressees.notes.extend(notes);
    }
    addressees
}

fn enacting(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Enacting {
    reader.attributes(node, &["words"]);
    let lines = reader.children(node, &["authority"]);
    Enacting {
        authority: lines.into_iter().map(|line| upper(&reader.text(line))).collect(),
        words: upper(node.attribute("words").unwrap_or_default()),
    }
}

fn confirmation(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Confirmation {
    let mut confirmation = Confirmation::default();
    for child in reader.children(node, &["words", "name"]) {
        let text = reader.text(child);
        if child.has_tag_name("words") {
            confirmation.words = text;
        } else {
            confirmation.name = Some(text);
        }
    }
    confirmation
}

fn recipients(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Recipients {
    let mut recipients = Recipients::default();
    for child in reader.children(node, &["recipient", "archive", "print-run", "line"]) {
        if child.has_tag_name("line") {
            recipients.printed.push(reader.text(child));
        } else if child.has_tag_name("print-run") {
            recipients.print_run = Some(reader.text(child));
        } else if child.has_tag_name("recipient") {
            reader.attributes(child, &["channel", "copies"]);
            let one = recipient(reader, child);
            match child.attribute("channel") {
                Some("electronic") => recipients.electronic.push(one),
                _ => recipients.paper.push(one),
            }
        } else {
            reader.attributes(child, &["copies"]);
            recipients.archive.copies = reader.choose(child, "copies", |text| text.parse().ok());
            for part in reader.children(child, &["unit", "drafter"]) {
                let text = Some(reader.text(part));
                if part.has_tag_name("unit") {
                    recipients.archive.unit = text;
                } else {
                    recipients.archive.drafter = text;
                }
            }
        }
    }
    recipients
}

fn recipient(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Recipient {
    let mut recipient = Recipient {
        copies: reader.choose(node, "copies", |text| text.parse().ok()),
        ..Recipient::default()
    };
    for child in reader.children(node, &["to", "purpose"]) {
        let text = reader.text(child);
        if child.has_tag_name("to") {
            recipient.name = text;
        } else {
            recipient.purpose = Some(text);
        }
    }
    recipient
}

pub(super) fn signature(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Signature {
    reader.attributes(node, &["acting", "side", "exact", "image", "seal", "seal-diameter"]);
    let mut signature = Signature {
        acting: reader.value(node, "acting", false),
        exact: reader.value(node, "exact", false),
        image: reader.image(node, "image"),
        ..Signature::default()
    };
    if let Some(image) = reader.image(node, "seal") {
        let diameter = reader.choose(node, "seal-diameter", |text| text.parse().ok());
        signature.seal = diameter.map(|diameter| Seal { image, diameter });
    }
    for child in reader.children(node, &["authority", "title", "hint", "other-title", "name"]) {
        let text = reader.text(child);
        match child.tag_name().name() {
            "authority" => signature.authority.push(Authority {
                form: child.attribute("form").unwrap_or_default().to_owned(),
                of: text,
            }),
            "title" if signature.title.is_empty() => signature.title = text,
            "title" => {
                signature.title.push('\n');
                signature.title.push_str(&text);
            }
            "hint" => signature.hint = Some(text),
            "other-title" => signature.other_title = Some(text),
            _ => signature.name = Some(text),
        }
    }
    signature
}

/// Reads `<settings>`; what it does not say has the defaults.
pub(super) fn settings(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Settings {
    reader.attributes(
        node,
        &[
            "sizes",
            "text-size",
            "table-size",
            "indent",
            "paragraph-gap",
            "line-spacing",
            "agency-rule",
            "subject-rule",
            "numbering",
            "top",
            "bottom",
            "left",
            "right",
        ],
    );
    let default = Settings::default();
    let sizes = reader.choose(node, "sizes", |text| match text {
        "13-14-14" => Some(SizeSet::Large),
        "12-13-13" => Some(SizeSet::Small),
        _ => None,
    });
    let numbering = reader.choose(node, "numbering", |text| match text {
        "I-1-a" => Some(Numbering::Roman),
        "1-a" => Some(Numbering::Arabic),
        "I-1-1.1" => Some(Numbering::RomanDecimal),
        "1-1.1" => Some(Numbering::Decimal),
        _ => None,
    });
    // The data gives the indent in centimetres, as the decree does.
    let indent = reader.value(node, "indent", default.indent / 10.0) * 10.0;
    Settings {
        sizes: sizes.unwrap_or(default.sizes),
        text_size: reader.value(node, "text-size", default.text_size),
        table_size: reader.value(node, "table-size", default.table_size),
        margins: Margins {
            top: reader.value(node, "top", default.margins.top),
            bottom: reader.value(node, "bottom", default.margins.bottom),
            left: reader.value(node, "left", default.margins.left),
            right: reader.value(node, "right", default.margins.right),
        },
        // What the document element says.
        orientation: default.orientation,
        indent,
        paragraph_gap: reader.value(node, "paragraph-gap", default.paragraph_gap),
        line_spacing: reader.value(node, "line-spacing", default.line_spacing),
        agency_rule: reader.value(node, "agency-rule", default.agency_rule),
        subject_rule: reader.value(node, "subject-rule", default.subject_rule),
        numbering: numbering.unwrap_or(default.numbering),
    }
}
