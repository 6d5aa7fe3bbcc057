use super::drawing::Drawing;
use super::flow::{Flow, Paragraph, Run, Tab};
use super::metrics::{ITALIC, Look, REGULAR, line_widths};
use super::styles::{Style, Title, line_rest};
use super::units::MM;
use super::{closing, table};
use crate::block::{Block, Chart, Inline, Item, Marker, Section, Settings, TitleStyle};
use crate::output::{Picture, Pictures};

/// Makes paragraphs and tables of blocks.
pub(super) struct Body<'a> {
    pub settings: &'a Settings,
    /// The width of the text in points.
    pub column: f64,
    /// The pictures of the charts that are still to come.
    charts: std::slice::Iter<'a, Vec<Picture>>,
    /// The pictures of the file so far.
    pub images: Vec<&'a [u8]>,
}

impl<'a> Body<'a> {
    pub fn new(settings: &'a Settings, charts: &'a Pictures) -> Self {
        Self {
            settings,
            column: super::styles::text_width(settings),
            charts: charts.iter(),
            images: Vec::new(),
        }
    }

    /// The blocks; titles stand at this level of the outline, from 0.
    pub fn blocks(&mut self, blocks: &'a [Block], level: u8, flows: &mut Vec<Flow<'a>>) {
        for block in blocks {
            match block {
                Block::Section(section) => self.section(section, level, flows),
                Block::Paragraph(line) => flows.push(self.text(Style::Body, line).into()),
                Block::Centered(line) => flows.push(Paragraph::text(Style::Centered, line).into()),
                Block::List(items) => {
                    for item in items {
                        self.item(item, level, flows);
                    }
                }
                Block::Table(it) => {
                    separate(flows, self.settings.paragraph_gap);
                    if !it.caption.is_empty() {
                        let mut caption = Paragraph::text(Style::Caption, &it.caption);
                        caption.after = self.settings.paragraph_gap + line_rest(self.settings);
                        flows.push(caption.into());
                    }
                    flows.push(table::table(it, self.column, self.settings).into());
                }
                Block::Chart(chart) => self.chart(chart, flows),
                Block::Signatures(rows) => {
                    closing::signature_rows(rows, self, flows);
                }
                Block::Photo(photo) => {
                    separate(flows, self.settings.paragraph_gap);
                    flows.push(table::frame(photo).into());
                }
            }
        }
    }

    fn section(&mut self, section: &'a Section, level: u8, flows: &mut Vec<Flow<'a>>) {
        let centered = section.style == TitleStyle::Centered;
        let titled = centered || !section.title.is_empty();
        if titled {
            let style = Style::Titled(Title::from(section.style), level);
            let mut title = Paragraph::words(style, section.label.as_str());
            if !section.title.is_empty() {
                if centered {
                    title.runs.push(Run::Break);
                } else {
                    title.push(" ");
                }
                title.inlines(&section.title);
            }
            flows.push(title.into());
            if !section.lead.is_empty() {
                flows.push(self.text(Style::Body, &section.lead).into());
            }
        } else {
            flows.push(untitled(section).into());
        }
        self.blocks(&section.content, level + u8::from(titled), flows);
    }

    fn item(&mut self, item: &'a Item, level: u8, flows: &mut Vec<Flow<'a>>) {
        let style = match item.marker {
            Marker::Dash => Style::Dash,
            Marker::Plus => Style::Plus,
        };
        let mut paragraph = Paragraph::words(style, format!("{} ", item.marker.sign()));
        paragraph.inlines(&item.content);
        flows.push(paragraph.into());
        self.blocks(&item.children, level, flows);
    }

    /// A paragraph of the text. Where a line has dots in several places, each gets
    /// its tab stop; a single one has that of the style.
    fn text(&self, style: Style, line: &'a [Inline]) -> Paragraph<'a> {
        let mut paragraph = Paragraph::text(style, line);
        let styled = super::styles::text_width(self.settings);
        if fills(line) > 1 || (self.column - styled).abs() > 1.0 {
            paragraph.tabs = tab_stops(line, self.settings, self.column, style);
        }
        paragraph
    }

    fn chart(&mut self, chart: &'a Chart, flows: &mut Vec<Flow<'a>>) {
        let pictures = self.charts.next();
        if !chart.caption.is_empty() && chart.period().is_some() {
            flows.push(Paragraph::text(Style::Caption, &chart.caption).into());
        }
        for picture in pictures.into_iter().flatten() {
            let number = self.image(&picture.png);
            let drawing = Drawing {
                number,
                alt: picture.alt.as_str().into(),
                size: (picture.width, picture.height),
                place: None,
            };
            let mut paragraph = Paragraph::new(Style::Figure);
            paragraph.runs.push(Run::Drawing(drawing));
            flows.push(paragraph.into());
        }
    }

    /// Takes a picture into the file and gives its number.
    pub fn image(&mut self, bytes: &'a [u8]) -> usize {
        self.images.push(bytes);
        self.images.len()
    }
}

/// Number and text in one paragraph.
fn untitled(section: &Section) -> Paragraph<'_> {
    let article = section.style == TitleStyle::Article;
    let style = match section.label.as_str() {
        _ if article => Style::Article,
        "-" => Style::Dash,
        "+" => Style::Plus,
        label if label.ends_with(')') => Style::Point,
        _ => Style::Clause,
    };
    let mut paragraph = Paragraph::words(style, section.label.as_str());
    if let (true, Some(Run::Text(label))) = (article, paragraph.runs.last_mut()) {
        label.strong = true;
    }
    paragraph.push(" ");
    paragraph.inlines(&section.lead);
    paragraph
}

/// Gives what follows a table as much room above as what follows lines of the text,
/// which have a part of it below their words.
pub(super) fn space_below_tables(flows: &mut [Flow<'_>], s: &Settings) {
    let mut below = false;
    for flow in flows {
        if let (true, Flow::Paragraph(paragraph)) = (below, &mut *flow) {
            let before = paragraph.style.define(s).before;
            paragraph.before.get_or_insert(before + line_rest(s));
        }
        below = matches!(flow, Flow::Table(table) if table.ruled);
    }
}

/// Gives a table room above: a paragraph before it ends with it, and between two
/// tables there must be a paragraph.
pub(super) fn separate(flows: &mut Vec<Flow<'_>>, gap: f64) {
    match flows.last_mut() {
        Some(Flow::Paragraph(paragraph)) => paragraph.after = paragraph.after.max(gap),
        Some(Flow::Table(_)) => flows.push(Paragraph::new(Style::Gap).before(gap).into()),
        None => {}
    }
}

fn fills(line: &[Inline]) -> usize {
    line.iter()
        .map(|inline| match inline {
            Inline::Fill => 1,
            Inline::Strong(inner) | Inline::Emphasis(inner) => fills(inner),
            Inline::Text(_)
            | Inline::Blank(_)
            | Inline::Break
            | Inline::Tick(_)
            | Inline::Note(_) => 0,
        })
        .sum()
}

/// Where the dots of a text end: those of one line share the room that its words
/// leave.
fn tab_stops(line: &[Inline], s: &Settings, column: f64, style: Style) -> Vec<Tab> {
    let look = if style == Style::Basis { ITALIC } else { REGULAR };
    let mut stops: Vec<Tab> = Vec::new();
    for (at, part) in line.split(|inline| *inline == Inline::Break).enumerate() {
        let start = if at == 0 { s.indent * MM } else { 0.0 };
        let words: f64 = line_widths(part, s.text_size, look).iter().sum();
        let count = fills(part);
        #[expect(clippy::cast_precision_loss, reason = "a line has few dots")]
        let each = ((column - start - words) / count.max(1) as f64).max(10.0);
        let (mut x, mut left) = (start, count);
        for inline in part {
            if *inline == Inline::Fill {
                x += each;
                left -= 1;
                if left > 0 {
                    stops.push(Tab { at: x, right: false });
                }
            } else {
                let look = look_of(inline, look);
                x += line_widths(std::slice::from_ref(inline), s.text_size, look)[0];
            }
        }
    }
    stops.push(Tab { at: column, right: true });
    stops.sort_by(|one, other| one.at.total_cmp(&other.at));
    stops.dedup_by(|one, other| (one.at - other.at).abs() < 0.5);
    stops
}

fn look_of(inline: &Inline, look: Look) -> Look {
    match inline {
        Inline::Strong(_) => Look { bold: true, ..look },
        Inline::Emphasis(_) => Look { italic: true, ..look },
        Inline::Text(_)
        | Inline::Blank(_)
        | Inline::Fill
        | Inline::Break
        | Inline::Tick(_)
        | Inline::Note(_) => look,
    }
}

/// A text with fewer characters may be a single line.
const ONE_LINE: usize = 100;
/// A table with more rows may be split from the signature.
const SHORT_TABLE: usize = 12;

/// Keeps the end of the text on the page of the signature block: at least two lines,
/// or a short table.
pub(super) fn keep_end(flows: &mut [Flow<'_>]) {
    let mut kept = 0;
    for flow in flows.iter_mut().rev() {
        match flow {
            Flow::Paragraph(paragraph) => {
                paragraph.keep_next = true;
                kept += 1;
                let title = matches!(paragraph.style, Style::Titled(..));
                if kept >= 2 || title || paragraph.length() > ONE_LINE {
                    return;
                }
            }
            Flow::Table(table) => {
                let short = table.rows.len() <= SHORT_TABLE;
                for row in table.rows.iter_mut().filter(|_| short) {
                    row.keep_next();
                }
                return;
            }
        }
    }
}
