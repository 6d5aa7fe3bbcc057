//! What stands before the text: boxes 1 to 5, 9a, 10 and 11 of the diagram in
//! PL1-IV of Nghị định 30/2020/NĐ-CP.

use super::flow::{Flow, Paragraph, Row, Run, Table, TableCell, Text, Vertical};
use super::metrics::{BOLD, ITALIC, REGULAR, line_widths, longest, width, wrapped};
use super::styles::{HEADING_RULE, Style, line_rest, text_width};
use super::units::MM;
use crate::block::{
    Addressees, Annex, Document, Envelope, Header, Heading, Inline, MOTTO, NATION, Settings,
    Urgency,
};
use crate::viet::upper;

/// The least width that agency names get, in points.
const LEAST_AGENCY: f64 = 45.0 * MM;
/// The room between the columns of a header, in points.
const GAP: f64 = 3.0 * MM;
/// What a column is wider than its longest line, in points: a line that fits exactly
/// might be broken.
const SLACK: f64 = 2.0;

/// Agency names and number on the left, Quốc hiệu, Tiêu ngữ and date on the right.
///
/// The columns follow from the measured text: the right one never wraps, the left one
/// gets what it needs, at least its 40 parts of 100.
struct Columns {
    text: f64,
    left: f64,
    /// Where the date begins: a long symbol takes room from beside it.
    number: f64,
    /// The longest printed line of the issuer.
    issuer: f64,
}

impl Columns {
    fn new(envelope: &Envelope, s: &Settings, full: bool) -> Self {
        let text = text_width(s);
        let (names, motto) = (s.sizes.names(), s.sizes.motto());
        let one = |line: &[Inline], size, look| line_widths(line, size, look)[0] + SLACK;
        let number = one(&envelope.number_line(), 13.0, REGULAR);
        let number = if envelope.unnumbered || !full { 0.0 } else { number };
        let date = one(&envelope.place_date_line(), motto, ITALIC);
        let date = if envelope.undated || !full { 0.0 } else { date };
        // A line of place and date that leaves no room for the agency is broken.
        let date = date.min(text - GAP - LEAST_AGENCY);
        let nation = width(NATION, names, BOLD) + SLACK;
        let right = nation.max(width(MOTTO, motto, BOLD) + SLACK).max(date);
        let issuer = &envelope.issuer;
        let left =
            longest(&issuer.superior, names, REGULAR).max(longest(&issuer.name, names, BOLD))
                + SLACK;
        let left = left.max(number).max(0.4 * (text - GAP)).min(text - GAP - right);
        Self {
            text,
            left,
            number: left.max(number.min(text - GAP - date)),
            issuer: wrapped(&issuer.name, names, BOLD, left),
        }
    }

    fn right(&self) -> f64 {
        self.text - GAP - self.left
    }
}

/// Everything above the addressees: form number, header, kind and subject; beside a
/// frame for a photograph Quốc hiệu and title, or the title alone.
pub(super) fn top<'a>(document: &'a Document, flows: &mut Vec<Flow<'a>>) {
    let (envelope, s) = (&document.envelope, &document.settings);
    if let Some(words) = &envelope.form {
        let mut number = Paragraph::words(Style::FormNumber, words);
        number.after = 6.0;
        flows.push(number.into());
    }
    if envelope.header == Header::Beside {
        flows.push(header(document, true));
    }
    let Some(photo) = &envelope.photo else { return head(envelope, s, text_width(s), flows) };
    let outside = 10.0 * MM;
    let frame = photo.width * MM + GAP;
    let rest = text_width(s) + outside - frame;
    let mut beside = Vec::new();
    head(envelope, s, rest, &mut beside);
    let cells = vec![cell(1, GAP, vec![super::table::frame(photo).into()]), cell(1, 0.0, beside)];
    let row = Row { cells, ..Row::default() };
    super::body::separate(flows, 0.0);
    flows.push(Table { ruled: false, outside, grid: vec![frame, rest], rows: vec![row] }.into());
}

/// Quốc hiệu where it stands alone, kind and subject, in a column of this width.
fn head<'a>(envelope: &'a Envelope, s: &Settings, column: f64, flows: &mut Vec<Flow<'a>>) {
    if envelope.header == Header::Centered {
        centered_header(envelope, s, column, flows);
    }
    if envelope.heading == Heading::Named {
        heading(envelope, s, column, flows);
    }
}

/// Quốc hiệu and Tiêu ngữ in the middle of the page, place and date below.
fn centered_header<'a>(
    envelope: &'a Envelope,
    s: &Settings,
    column: f64,
    flows: &mut Vec<Flow<'a>>,
) {
    let length = width(MOTTO, s.sizes.motto(), BOLD);
    flows.push(Paragraph::words(Style::Nation, NATION).into());
    flows.push(Paragraph::words(Style::Motto, MOTTO).into());
    flows.push(rule(Style::HeaderRule, length, column).into());
    if !envelope.undated {
        let mut date = Paragraph::new(Style::PlaceDate);
        match &envelope.own_place_date {
            Some(line) => date.noted(line),
            None => date.owned(envelope.place_date_line()),
        }
        flows.push(date.into());
    }
}

/// The header of a document, or of a regulation that it issues: that has no number,
/// date and marks (`full` is false).
pub(super) fn header(document: &Document, full: bool) -> Flow<'_> {
    let (envelope, s) = (&document.envelope, &document.settings);
    let columns = Columns::new(envelope, s, full);
    let one_grid = (columns.number - columns.left).abs() < 0.5;
    let grid = if one_grid {
        vec![columns.left + GAP, columns.right()]
    } else {
        let middle = columns.number - columns.left;
        vec![columns.left + GAP, middle, columns.right() - middle]
    };
    let last = grid.len() - 1;
    let mut rows = vec![Row {
        cells: vec![
            cell(1, GAP, agency(envelope, &columns, s, full)),
            cell(last, 0.0, nation(&columns, s)),
        ],
        ..Row::default()
    }];
    if full && !(envelope.unnumbered && envelope.undated) {
        rows.push(number_and_date(envelope, last));
    }
    if full {
        let about = about(envelope).map(|about| vec![about.into()]);
        let urgency = envelope.marks.urgency.map(|urgency| urgency_mark(urgency, &columns));
        for content in about.into_iter().chain(urgency) {
            let empty = vec![Paragraph::new(Style::PlaceDate).before(0.0).into()];
            let cells = vec![cell(1, GAP, content), cell(last, 0.0, empty)];
            rows.push(Row { cells, ..Row::default() });
        }
    }
    Table { ruled: false, outside: 0.0, grid, rows }.into()
}

fn cell(span: usize, gap: f64, content: Vec<Flow<'_>>) -> TableCell<'_> {
    TableCell { span, gap, content, ..TableCell::default() }
}

fn agency<'a>(
    envelope: &'a Envelope,
    columns: &Columns,
    s: &Settings,
    whole: bool,
) -> Vec<Flow<'a>> {
    let lines = |style, lines: &'a [String], notes: &'a [Inline]| {
        let mut list: Vec<Paragraph<'a>> =
            lines.iter().map(|line| Paragraph::words(style, line)).collect();
        if let Some(last) = list.last_mut().filter(|_| whole) {
            last.inlines(notes);
        }
        list
    };
    let issuer = &envelope.issuer;
    let superior = lines(Style::Superior, &issuer.superior, &issuer.superior_notes);
    let name = lines(Style::Issuer, &issuer.name, &issuer.name_notes);
    let mut flows: Vec<Flow<'a>> = superior.into_iter().chain(name).map(Flow::from).collect();
    flows.push(rule(Style::HeaderRule, columns.issuer * s.agency_rule, columns.left).into());
    flows
}

fn nation<'a>(columns: &Columns, s: &Settings) -> Vec<Flow<'a>> {
    let length = width(MOTTO, s.sizes.motto(), BOLD);
    vec![
        Paragraph::words(Style::Nation, NATION).into(),
        Paragraph::words(Style::Motto, MOTTO).into(),
        rule(Style::HeaderRule, length, columns.right()).into(),
    ]
}

/// A rule of a length in the middle of a column.
pub(super) fn rule<'a>(style: Style, length: f64, column: f64) -> Paragraph<'a> {
    let beside = ((column - length) / 2.0).max(0.0);
    Paragraph::new(style).indented(beside, beside)
}

fn number_and_date(envelope: &Envelope, last: usize) -> Row<'_> {
    let mut number = Paragraph::new(Style::Number);
    if !envelope.unnumbered {
        match &envelope.own_number_line {
            Some(line) => number.noted(line),
            None => number.owned(envelope.number_line()),
        }
    }
    let mut date = Paragraph::new(Style::PlaceDate);
    if !envelope.undated {
        match &envelope.own_place_date {
            Some(line) => date.noted(line),
            None => date.owned(envelope.place_date_line()),
        }
    }
    let bottom = |cell| TableCell { align: Vertical::Bottom, ..cell };
    // The number may reach into the middle column.
    let cells =
        vec![bottom(cell(last, GAP, vec![number.into()])), bottom(cell(1, 0.0, vec![date.into()]))];
    Row { cells, ..Row::default() }
}

/// The subject below the number (công văn, PL1-II.5.b).
fn about(envelope: &Envelope) -> Option<Paragraph<'_>> {
    let lines = envelope.about_lines();
    if lines.is_empty() {
        return None;
    }
    let mut paragraph = Paragraph::new(Style::About);
    for (at, line) in lines.into_iter().enumerate() {
        if at > 0 {
            paragraph.runs.push(Run::Break);
        }
        paragraph.push(line);
    }
    Some(paragraph)
}

/// Box 10b: a red frame of the prescribed size (PL1-III.2.b).
fn urgency_mark<'a>(urgency: Urgency, columns: &Columns) -> Vec<Flow<'a>> {
    const HEIGHT: f64 = 8.0 * MM;
    let width = f64::from(urgency.width()) * MM;
    let beside = ((columns.left - width) / 2.0).max(0.0);
    let mark = TableCell {
        span: 1,
        framed: true,
        align: Vertical::Center,
        content: vec![Paragraph::words(Style::Urgency, urgency.text()).into()],
        ..TableCell::default()
    };
    let aside = TableCell {
        span: 1,
        content: vec![Paragraph::new(Style::Gap).into()],
        ..TableCell::default()
    };
    let row = Row { height: Some(HEIGHT), cells: vec![aside, mark], ..Row::default() };
    let table = Table { ruled: false, outside: 0.0, grid: vec![beside, width], rows: vec![row] };
    // The room above the frame.
    vec![
        Paragraph::new(Style::Gap).before(4.0).into(),
        table.into(),
        Paragraph::new(Style::Gap).before(4.0).into(),
    ]
}

/// From the addressees to the word of decision.
pub(super) fn opening<'a>(document: &'a Document, flows: &mut Vec<Flow<'a>>) {
    let (envelope, s) = (&document.envelope, &document.settings);
    let headed = envelope.heading == Heading::Named && envelope.photo.is_none();
    let start = flows.len();
    if let Some(to) = &envelope.addressees {
        addressees(to, s, flows);
    }
    if let Some(enacting) = &envelope.enacting {
        flows.push(Paragraph::lines(Style::Enacting, &enacting.authority).into());
    }
    // The rule below the heading takes a part of the room.
    if let (true, Some(Flow::Paragraph(first))) = (headed, flows.get_mut(start)) {
        let gap = (s.paragraph_gap + line_rest(s)).max(14.0);
        let room = if first.style == Style::Enacting { gap } else { 18.0 };
        first.before = Some(room - HEADING_RULE);
    }
    flows.extend(envelope.bases.iter().map(|basis| Paragraph::text(Style::Basis, basis).into()));
    if let Some(enacting) = &envelope.enacting {
        flows.push(Paragraph::words(Style::Enacting, format!("{}:", enacting.words)).into());
    }
}

/// Kind and subject with the rule below (PL1-II.5.b); below the kind where there is
/// no subject (Mẫu 1.8, 1.10).
fn heading<'a>(envelope: &'a Envelope, s: &Settings, column: f64, flows: &mut Vec<Flow<'a>>) {
    let kind = [upper(&envelope.kind.name)];
    let ruled = if envelope.subject.is_empty() { &kind[..] } else { &envelope.subject };
    let ruled = wrapped(ruled, s.text_size, BOLD, column);
    let [kind] = kind;
    flows.push(Paragraph::words(Style::Kind, kind).into());
    if !envelope.subject.is_empty() {
        flows.push(Paragraph::lines(Style::Subject, &envelope.subject).into());
    }
    flows.push(rule(Style::Rule, ruled * s.subject_rule, column).kept().into());
}

/// Box 9a: one addressee follows the words, several stand in lines of their own,
/// their dashes under the colon (PL1-II.9.c).
fn addressees<'a>(to: &'a Addressees, s: &Settings, flows: &mut Vec<Flow<'a>>) {
    let (lead, names) = (to.lead.as_str(), to.lines());
    let column = text_width(s);
    let of = |text: &str| width(text, s.text_size, REGULAR);
    let dash = of("- ");
    let beside = of(lead) + of(": ");
    let one = names.len() == 1 && beside < 0.5 * column;
    let start = if one { beside } else { of(lead).min(22.0 * MM) };
    let marked = if one { 0.0 } else { dash };
    let widest = names.iter().map(|name| marked + of(name)).fold(0.0, f64::max) + SLACK;
    let widest = widest.min(column - 20.0 * MM - start);
    let block = if one { start + widest } else { (start + widest).max(of(lead) + dash) };
    let left = ((column - block.min(column)) / 2.0).max(0.0);
    let right = (column - left - start - widest).max(0.0);
    let mut last = if let ([name], true) = (names.as_slice(), one) {
        let words = format!("{lead}: {name}");
        let mut paragraph = Paragraph::words(Style::Addressees, words);
        paragraph.hanging = start;
        paragraph.indented(left + start, right)
    } else {
        let words = Paragraph::words(Style::Addressees, format!("{lead}:"));
        flows.push(words.indented(left, 0.0).into());
        let mut entries = names.iter().map(|name| {
            let mut entry = Paragraph::words(Style::Addressee, format!("- {name}"));
            entry.hanging = dash;
            entry.indented(left + start + dash, right)
        });
        let last = entries.next_back();
        flows.extend(entries.map(Flow::from));
        last.unwrap_or_else(|| Paragraph::new(Style::Addressee))
    };
    last.inlines(&to.notes);
    last.after = 14.0;
    flows.push(last.into());
}

/// Box 11: marks in the top margin, on the right (PL1-III.2.c), or what the agency's
/// signature says on annexes in a file of their own (PL1-II.8.b).
pub(super) fn margin(document: &Document) -> Option<Paragraph<'_>> {
    if document.detached {
        let words = document.signing.as_deref()?;
        return Some(Paragraph::words(Style::SigningText, words));
    }
    let words = document.envelope.marks.in_margin();
    if words.is_empty() {
        return None;
    }
    let mut paragraph = Paragraph::new(Style::MarginMarks);
    for (at, words) in words.iter().enumerate() {
        if at > 0 {
            paragraph.push("\u{2003}");
        }
        paragraph.runs.push(Run::Text(Text {
            words: format!("\u{a0}{words}\u{a0}").into(),
            style: Some("KhungDau"),
            ..Text::default()
        }));
    }
    Some(paragraph)
}

/// `Phụ lục I`, its title, the document that it belongs to (PL1-III.1); or the header
/// and heading of a regulation that the document issues (Mẫu 1.3).
pub(super) fn annex_head<'a>(
    document: &'a Document,
    at: usize,
    annex: &'a Annex,
    column: f64,
    flows: &mut Vec<Flow<'a>>,
) {
    let mut title = Paragraph::new(Style::AnnexTitle);
    if let Some(kind) = &annex.kind {
        flows.push(header(document, false));
        title.push(upper(&kind.name));
        title = title.before(18.0);
    } else {
        let words = document.annex_label(at).into();
        let style = Some("SoPhuLuc");
        title.runs.push(Run::Text(Text { words, style, ..Text::default() }));
    }
    for line in &annex.title {
        title.runs.push(Run::Break);
        title.push(line);
    }
    flows.push(title.into());
    let mut reference = Paragraph::new(Style::Reference);
    reference.owned(document.annex_reference());
    flows.push(reference.into());
    let mut below = rule(Style::AnnexRule, 30.0 * MM, column).kept();
    if annex.kind.is_some() {
        below.after = 9.0;
    }
    flows.push(below.into());
}
