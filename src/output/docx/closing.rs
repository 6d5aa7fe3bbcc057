//! What stands after the text: recipients, signatures, address (boxes 7, 8, 9b and 13
//! of the diagram in PL1-IV).

use super::body::Body;
use super::drawing::{Drawing, Place};
use super::flow::{Flow, Paragraph, Row, Run, Table, TableCell};
use super::metrics::{BOLD, ITALIC, broken};
use super::styles::{SIGNING_ROOM, Style, line_rest, text_width};
use super::units::MM;
use crate::block::{
    Envelope, Image, MANY_RECIPIENTS, RecipientLine, SIGNATURE_ROOM, Seal, Settings, Signature,
    kept_purpose,
};

/// The gap between text and signature block, in points; the last line of the text has
/// a part of it.
const GAP: f64 = 13.4;
/// The room between columns, in points.
const BETWEEN: f64 = 3.0 * MM;
/// The share of the width that the recipients get.
const RECIPIENTS: f64 = 0.45;
/// Line pitch of single spacing, in em.
const SINGLE: f64 = 1.15;
/// The most that a signature takes up in width, in millimetres.
const SIGNATURE_WIDTH: f64 = SIGNATURE_ROOM.0;

/// Recipients and signature side by side, first lines level; or several signatures
/// side by side and the recipients below them (Mẫu 1.9).
pub(super) fn closing<'a>(
    envelope: &'a Envelope,
    s: &Settings,
    body: &mut Body<'a>,
    flows: &mut Vec<Flow<'a>>,
) {
    let signatures: Vec<&Signature> = envelope.signatures().collect();
    if signatures.len() == 1 || (signatures.is_empty() && envelope.recipients.is_some()) {
        super::body::separate(flows, 0.0);
        flows.push(beside(envelope, signatures.first().copied(), s, body).into());
    } else if !signatures.is_empty() {
        super::body::separate(flows, 0.0);
        flows.push(signature_row(&signatures, &envelope.issuer.in_text, body).into());
        flows.extend(recipients(envelope, 10.0));
    }
    if let Some(confirmation) = &envelope.confirmation {
        flows.push(Paragraph::words(Style::Confirmation, &confirmation.words).into());
        let mut room = Paragraph::new(Style::ConfirmationRoom);
        room.keep_next = confirmation.name.is_some();
        flows.push(room.into());
        if let Some(name) = &confirmation.name {
            flows.push(Paragraph::words(Style::ConfirmationName, name).into());
        }
    }
}

/// The recipients (PL1-II.9.d), with room above.
fn recipients(envelope: &Envelope, above: f64) -> Vec<Flow<'_>> {
    if envelope.recipients.is_none() {
        return Vec::new();
    }
    let lead = Paragraph::words(Style::RecipientsLead, "Nơi nhận:").before(above).kept();
    let lines = envelope.recipient_lines().into_iter().map(|line| {
        let words = match line {
            RecipientLine::Group(words) => words,
            RecipientLine::Entry(words) => format!("- {}", recipient(words)),
        };
        Paragraph::words(Style::Recipients, words).into()
    });
    std::iter::once(lead.into()).chain(lines).collect()
}

/// A recipient; the spaces of a purpose that is not broken do not break.
fn recipient(text: String) -> String {
    match kept_purpose(&text) {
        Some((name, purpose)) => format!("{name}{}", purpose.replace(' ', "\u{a0}")),
        None => text,
    }
}

fn beside<'a>(
    envelope: &'a Envelope,
    signature: Option<&'a Signature>,
    s: &Settings,
    body: &mut Body<'a>,
) -> Table<'a> {
    let width = text_width(s) - BETWEEN;
    let left = width * RECIPIENTS + BETWEEN;
    let right = width * (1.0 - RECIPIENTS);
    let split = envelope.recipient_lines().len() > MANY_RECIPIENTS;
    let gap = gap_above(s);
    let issuer = &envelope.issuer.in_text;
    let content = signature.map(|one| signed(one, issuer, right, 0.0, body)).unwrap_or_default();
    let cells = vec![
        TableCell {
            span: 1,
            gap: BETWEEN,
            content: recipients(envelope, gap),
            ..TableCell::default()
        },
        TableCell { span: 1, content, ..TableCell::default() },
    ];
    Table {
        ruled: false,
        outside: 0.0,
        grid: vec![left, right],
        rows: vec![Row { split, cells, ..Row::default() }],
    }
}

/// Rows of signatures, with nothing around them.
pub(super) fn signature_rows<'a>(
    rows: &'a [Vec<Signature>],
    body: &mut Body<'a>,
    flows: &mut Vec<Flow<'a>>,
) {
    for row in rows.iter().filter(|row| !row.is_empty()) {
        super::body::separate(flows, 0.0);
        flows.push(signature_row(&row.iter().collect::<Vec<_>>(), "", body).into());
    }
}

/// The signatures in columns, their names level.
fn signature_row<'a>(list: &[&'a Signature], issuer: &str, body: &mut Body<'a>) -> Table<'a> {
    let s = body.settings;
    #[expect(clippy::cast_precision_loss, reason = "few sign beside each other")]
    let count = list.len() as f64;
    let column = (body.column - BETWEEN * (count - 1.0)) / count;
    let last = list.len() - 1;
    let gap = |at: usize| if at == last { 0.0 } else { BETWEEN };
    // How many lines stand above and below the room for each.
    let titles_of = |signature: &Signature| {
        let titles: usize = signature
            .title_lines()
            .iter()
            .map(|line| broken(line, s.text_size, BOLD, column).len())
            .sum();
        let hint = signature
            .hint
            .as_deref()
            .map_or(0, |hint| broken(hint, s.text_size - 1.0, ITALIC, column).len());
        titles + hint
    };
    let names_of = |signature: &Signature| {
        let names = signature.other_title.iter().chain(&signature.name);
        names.map(|name| broken(name, s.text_size, BOLD, column).len()).sum::<usize>()
    };
    let most = |of: &dyn Fn(&Signature) -> usize| list.iter().map(|one| of(one)).max().unwrap_or(0);
    let (most_titles, most_names) = (most(&titles_of), most(&names_of));
    let cells = list.iter().enumerate().map(|(at, signature)| {
        let missing = most_titles - titles_of(signature) + most_names - names_of(signature);
        #[expect(clippy::cast_precision_loss, reason = "a title has few lines")]
        let more = missing as f64 * SINGLE * s.text_size;
        TableCell {
            span: 1,
            gap: gap(at),
            content: signed(signature, issuer, column, more, body),
            ..TableCell::default()
        }
    });
    let cells = cells.collect();
    let grid = (0..=last).map(|at| column + gap(at)).collect();
    Table { ruled: false, outside: 0.0, grid, rows: vec![Row { cells, ..Row::default() }] }
}

/// Title, room and name of one who signs; the room is so many points higher.
fn signed<'a>(
    signature: &'a Signature,
    issuer: &str,
    column: f64,
    more: f64,
    body: &mut Body<'a>,
) -> Vec<Flow<'a>> {
    let mut flows = titles(signature);
    if let Some(Flow::Paragraph(first)) = flows.first_mut() {
        first.before = Some(gap_above(body.settings));
    }
    let mut room = room(signature, issuer, column, body);
    room.before = (more > 0.0).then_some(more);
    flows.push(room.into());
    flows.extend(names(signature));
    flows
}

fn gap_above(s: &Settings) -> f64 {
    (GAP - line_rest(s)).max(0.0)
}

/// Box 7a: authority and title.
fn titles(signature: &Signature) -> Vec<Flow<'_>> {
    let lines = signature.title_lines().into_iter();
    let lines = lines.map(|line| Paragraph::words(Style::SignatureTitle, line).into());
    let hint = signature.hint.iter();
    lines.chain(hint.map(|hint| Paragraph::words(Style::SignatureHint, hint).into())).collect()
}

/// Box 7b: another post, and the name.
fn names(signature: &Signature) -> Vec<Flow<'_>> {
    let lines = signature.other_title.iter().chain(&signature.name);
    lines.map(|line| Paragraph::words(Style::SignerName, line).into()).collect()
}

/// Boxes 7c and 8: the image of the signature in the middle (PL1-II.7.d); over it the
/// seal in its true size, which reaches over the left third of the signature
/// (PL1-II.8.a).
fn room<'a>(
    signature: &'a Signature,
    issuer: &str,
    column: f64,
    body: &mut Body<'a>,
) -> Paragraph<'a> {
    let mut paragraph = Paragraph::new(Style::SigningRoom);
    let (x, y) = (column / MM / 2.0, SIGNING_ROOM / 2.0);
    let mut width = SIGNATURE_WIDTH.min(column / MM);
    let mut around = |x: f64, size: (f64, f64), image: &'a Image, alt: String| {
        let place = Place { left: x - size.0 / 2.0, top: y - size.1 / 2.0 };
        let number = body.image(&image.bytes);
        let drawing = Drawing { number, alt: alt.into(), size, place: Some(place) };
        paragraph.runs.push(Run::Drawing(drawing));
    };
    if let Some(image) = &signature.image {
        let size = image.fitted(SIGNATURE_ROOM);
        width = size.0;
        around(x, size, image, signature.image_alt());
    }
    if let Some(seal) = &signature.seal {
        let size = seal.size();
        let middle = x - width / 2.0 + width / 3.0 - size.0 / 2.0;
        around(middle, size, &seal.image, Seal::alt(issuer));
    }
    paragraph
}

/// Box 13: address and telephone at the foot of the first page, below a rule of the
/// width of the text (PL1-III.4).
pub(super) fn contact(lines: &[String]) -> Vec<Flow<'_>> {
    let rule = Paragraph::new(Style::ContactRule);
    let lines = lines.iter().map(|line| Paragraph::words(Style::Contact, line).into());
    std::iter::once(rule.into()).chain(lines).collect()
}
