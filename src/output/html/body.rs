use std::slice;

use super::address::data_address;
use super::inline::{inlines, paragraph};
use super::writer::Writer;
use super::{closing, table};
use crate::block::{Block, Chart, Inline, Item, Photo, Section, Settings, TitleStyle};
use crate::output::Picture;

/// What writes the blocks of body and annexes.
pub(super) struct Body<'w, 'd> {
    pub(super) writer: &'w mut Writer,
    /// The pictures of the charts that are still to come.
    pub(super) charts: slice::Iter<'d, Vec<Picture>>,
    pub(super) settings: &'d Settings,
}

impl Body<'_, '_> {
    /// Blocks in order; a section with a title has a heading of this level.
    pub(super) fn blocks(&mut self, list: &[Block], level: usize) {
        for block in list {
            match block {
                Block::Section(section) => self.section(section, level),
                Block::Paragraph(line) => paragraph(self.writer, "", &[], line),
                Block::Centered(line) => paragraph(self.writer, "centered", &[], line),
                Block::List(items) => self.list(items, level),
                Block::Table(table) => table::table(self.writer, table, self.settings),
                Block::Chart(chart) => self.chart(chart),
                Block::Photo(photo) => photo_frame(self.writer, photo),
                Block::Signatures(rows) => closing::rows(self.writer, rows),
            }
        }
    }

    /// A section with a title makes the outline; one without is a paragraph and
    /// what follows it.
    fn section(&mut self, section: &Section, level: usize) {
        let label = |label: &str| Inline::text(format!("{label} "));
        if section.title.is_empty() && section.style != TitleStyle::Centered {
            let before = match section.style {
                TitleStyle::Article => {
                    [Inline::Strong(vec![Inline::text(&section.label)]), Inline::text(" ")]
                }
                TitleStyle::CapitalsBold
                | TitleStyle::Centered
                | TitleStyle::Bold
                | TitleStyle::Regular => [label(&section.label), Inline::text("")],
            };
            paragraph(self.writer, "", &before, &section.lead);
            self.blocks(&section.content, level);
            return;
        }
        self.writer.open("section", &[]);
        self.writer.raw("\n");
        let class = match section.style {
            TitleStyle::CapitalsBold | TitleStyle::Article | TitleStyle::Bold => "bold",
            TitleStyle::Centered => "centered bold",
            TitleStyle::Regular => "regular",
        };
        self.writer.open(heading(level), &[("class", class)]);
        if section.style == TitleStyle::Centered {
            self.writer.text(&section.label);
            if !section.title.is_empty() {
                self.writer.line_end();
            }
        } else {
            inlines(self.writer, &[label(&section.label)]);
        }
        inlines(self.writer, &section.title);
        self.writer.close();
        if !section.lead.is_empty() {
            paragraph(self.writer, "", &[], &section.lead);
        }
        self.blocks(&section.content, level + 1);
        self.writer.close();
    }

    /// The sign of an item is a word of the page. Without bullets, a list is a list
    /// for every browser only if it says so.
    fn list(&mut self, items: &[Item], level: usize) {
        self.writer.open("ul", &[("role", "list")]);
        self.writer.raw("\n");
        for item in items {
            self.writer.open("li", &[]);
            let sign = Inline::text(format!("{} ", item.marker.sign()));
            paragraph(self.writer, "", &[sign], &item.content);
            self.blocks(&item.children, level);
            self.writer.close();
        }
        self.writer.close();
    }

    /// The pictures, or where they are too small to be read the bars in words.
    fn chart(&mut self, chart: &Chart) {
        let pictures = self.charts.next().map_or(&[][..], Vec::as_slice);
        if chart.period().is_none() {
            return;
        }
        self.writer.open("figure", &[]);
        self.writer.raw("\n");
        if !chart.caption.is_empty() {
            self.writer.open("figcaption", &[]);
            inlines(self.writer, &chart.caption);
            self.writer.close();
        }
        for picture in pictures {
            let size = format!("width:{:.2}mm", picture.width);
            let address = data_address("image/svg+xml", picture.svg.as_bytes());
            self.writer.empty("img", &[("alt", &picture.alt), ("style", &size), ("src", &address)]);
            self.writer.raw("\n");
        }
        let class = if pictures.is_empty() { "bars" } else { "bars beside-picture" };
        self.writer.open("div", &[("class", class)]);
        self.writer.element("p", &[], &chart.sentence());
        self.writer.open("ul", &[("role", "list")]);
        self.writer.raw("\n");
        for (at, bar) in chart.bars.iter().enumerate() {
            let mark = if at + 1 == chart.bars.len() { '.' } else { ';' };
            self.writer.element("li", &[], &format!("{}{mark}", bar.words()));
        }
        self.writer.close();
        self.writer.close();
        self.writer.close();
    }
}

/// A frame to glue a photograph in.
pub(super) fn photo_frame(writer: &mut Writer, photo: &Photo) {
    let size = format!("width:{}mm;height:{}mm", photo.width, photo.height);
    writer.open("div", &[("class", "photo"), ("style", &size)]);
    writer.open("p", &[]);
    inlines(writer, &photo.words);
    writer.close_inline();
    writer.close();
}

/// The element of a heading; there are six levels.
pub(super) fn heading(level: usize) -> &'static str {
    ["h1", "h2", "h3", "h4", "h5", "h6"][level.clamp(1, 6) - 1]
}
