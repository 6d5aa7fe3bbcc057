use std::ops::RangeInclusive;

use roxmltree::{Document as Xml, Node};

use super::parts;
use super::xml::Reader;
use crate::base::{Finding, Place, SourceText};
use crate::block::{
    Align, Annex, Bar, Block, Cell, Chart, Column, Document, Images, Item, Marker, Orientation,
    Rank, Section, Signature, Table,
};
use crate::catalog::kind;
use crate::viet::upper;

/// The elements of a body.
pub(super) const BLOCKS: [&str; 8] =
    ["section", "p", "center", "list", "table", "chart", "photo", "signatures"];

/// How wide and high a photo frame may be, in millimetres: what a page of either
/// orientation has room for.
pub(super) const PHOTO: RangeInclusive<f64> = 10.0..=160.0;

/// Reads content markup into a document, not yet numbered.
///
/// # Errors
///
/// Everything that the markup breaks, each with its place in the markup. The
/// elements are described in `templates/README.md`. `images` are those that the
/// markup may name.
pub fn parse(source: &SourceText, images: &Images) -> Result<Document, Vec<Finding>> {
    let xml = Xml::parse(source.text()).map_err(|error| {
        let at = error.pos();
        let at = source.offset(at.row as usize, at.col as usize);
        let place = Place { source: source.clone(), span: at..at, pointer: String::new() };
        vec![Finding::new("CM01").with("detail", error.to_string()).at(place)]
    })?;
    let mut reader = Reader::new(source.clone(), images);
    let document = reader.document(xml.root_element());
    if reader.findings.is_empty() { Ok(document) } else { Err(reader.findings) }
}

impl Reader<'_> {
    fn document(&mut self, root: Node<'_, '_>) -> Document {
        self.attributes(root, &["detached", "orientation"]);
        let mut document =
            Document { detached: self.value(root, "detached", false), ..Document::default() };
        let mut enveloped = false;
        for child in self.children(root, &["envelope", "settings", "signing", "body", "annex"]) {
            match child.tag_name().name() {
                "envelope" => {
                    document.envelope = parts::envelope(self, child);
                    enveloped = true;
                }
                "settings" => document.settings = parts::settings(self, child),
                "signing" => document.signing = Some(self.text(child)),
                "body" => document.body = self.blocks(child),
                _ => document.annexes.push(self.annex(child)),
            }
        }
        document.settings.orientation = self.orientation(root);
        if !enveloped {
            self.missing(root, "envelope");
        }
        document
    }

    fn annex(&mut self, node: Node<'_, '_>) -> Annex {
        self.attributes(node, &["orientation", "kind", "label"]);
        let kind = self.choose(node, "kind", |code| kind(code).cloned());
        let mut allowed = vec!["title"];
        allowed.extend(BLOCKS);
        let (titles, blocks): (Vec<_>, Vec<_>) = self
            .children(node, &allowed)
            .into_iter()
            .partition(|child| child.has_tag_name("title"));
        let titles = titles.into_iter().map(|title| self.text(title));
        // The title of an annex is in capitals, the subject of a regulation not.
        let title = match kind {
            None => titles.map(|title| upper(&title)).collect(),
            Some(_) => titles.collect(),
        };
        Annex {
            kind,
            label: node.attribute("label").map(str::to_owned),
            title,
            orientation: self.orientation(node),
            content: blocks.into_iter().map(|block| self.block(block)).collect(),
        }
    }

    /// How the paper of a document or an annex lies.
    fn orientation(&mut self, node: Node<'_, '_>) -> Orientation {
        let chosen = self.choose(node, "orientation", |text| match text {
            "portrait" => Some(Orientation::Portrait),
            "landscape" => Some(Orientation::Landscape),
            _ => None,
        });
        chosen.unwrap_or_default()
    }

    fn blocks(&mut self, node: Node<'_, '_>) -> Vec<Block> {
        let children = self.children(node, &BLOCKS);
        children.into_iter().map(|child| self.block(child)).collect()
    }

    fn block(&mut self, node: Node<'_, '_>) -> Block {
        match node.tag_name().name() {
            "section" => Block::Section(self.section(node)),
            "center" => Block::Centered(self.noted(node, &[])),
            "list" => Block::List(self.list(node)),
            "table" => Block::Table(self.table(node)),
            "chart" => Block::Chart(self.chart(node)),
            "photo" => Block::Photo(parts::photo(self, node)),
            "signatures" => Block::Signatures(self.signatures(node)),
            _ => Block::Paragraph(self.noted(node, &[])),
        }
    }

    fn section(&mut self, node: Node<'_, '_>) -> Section {
        self.attributes(node, &["rank", "label"]);
        let rank = self.choose(node, "rank", |text| match text {
            "part" => Some(Rank::Part),
            "chapter" => Some(Rank::Chapter),
            "division" => Some(Rank::Division),
            "subdivision" => Some(Rank::Subdivision),
            "article" => Some(Rank::Article),
            _ => None,
        });
        let mut allowed = vec!["title", "lead"];
        allowed.extend(BLOCKS);
        let label = node.attribute("label").unwrap_or_default().to_owned();
        let mut section = Section { rank, label, ..Section::default() };
        for child in self.children(node, &allowed) {
            match child.tag_name().name() {
                "title" => section.title = self.inlines(child),
                "lead" => section.lead = self.noted(child, &[]),
                _ => section.content.push(self.block(child)),
            }
        }
        section
    }

    fn list(&mut self, node: Node<'_, '_>) -> Vec<Item> {
        self.attributes(node, &["marker"]);
        let marker = self.choose(node, "marker", |text| match text {
            "dash" => Some(Marker::Dash),
            "plus" => Some(Marker::Plus),
            _ => None,
        });
        let marker = marker.unwrap_or(Marker::Dash);
        let items = self.children(node, &["item"]);
        items.into_iter().map(|item| self.item(item, marker)).collect()
    }

    fn item(&mut self, node: Node<'_, '_>, marker: Marker) -> Item {
        let content = self.noted(node, &["list"]);
        let lists = node.children().filter(|child| child.has_tag_name("list"));
        let children = lists.map(|list| Block::List(self.list(list))).collect();
        Item { marker, content, children }
    }

    fn table(&mut self, node: Node<'_, '_>) -> Table {
        let mut table = Table::default();
        for child in self.children(node, &["caption", "column", "header", "row"]) {
            match child.tag_name().name() {
                "caption" => table.caption = self.inlines(child),
                "column" => {
                    self.attributes(child, &["width", "align"]);
                    let width = match child.attribute("width") {
                        Some("auto") => None,
                        _ => Some(self.value(child, "width", 1.0)),
                    };
                    let align = self.align(child).unwrap_or_default();
                    table.columns.push(Column { width, align });
                }
                "header" => {
                    let rows = self.children(child, &["row"]);
                    table.header = rows.into_iter().map(|row| self.row(row, true)).collect();
                }
                _ => {
                    self.attributes(child, &["heading"]);
                    if self.value(child, "heading", false) {
                        table.headings.push(table.rows.len());
                    }
                    table.rows.push(self.row(child, false));
                }
            }
        }
        table
    }

    fn chart(&mut self, node: Node<'_, '_>) -> Chart {
        self.attributes(node, &["from", "to"]);
        let mut chart = Chart {
            from: self.choose(node, "from", |text| text.parse().ok()),
            to: self.choose(node, "to", |text| text.parse().ok()),
            ..Chart::default()
        };
        for child in self.children(node, &["caption", "bar"]) {
            if child.has_tag_name("caption") {
                chart.caption = self.inlines(child);
            } else {
                self.attributes(child, &["from", "to"]);
                chart.bars.push(Bar {
                    from: self.choose(child, "from", |text| text.parse().ok()),
                    to: self.choose(child, "to", |text| text.parse().ok()),
                    label: self.inlines(child),
                });
            }
        }
        chart
    }

    fn signatures(&mut self, node: Node<'_, '_>) -> Vec<Vec<Signature>> {
        self.attributes(node, &[]);
        let rows = self.children(node, &["row"]);
        rows.into_iter()
            .map(|row| {
                let cells = self.children(row, &["signature"]);
                cells.into_iter().map(|cell| parts::signature(self, cell)).collect()
            })
            .collect()
    }

    fn row(&mut self, node: Node<'_, '_>, header: bool) -> Vec<Cell> {
        let cells = self.children(node, &["cell"]);
        cells.into_iter().map(|cell| self.cell(cell, header)).collect()
    }

    /// A cell; one of the header is repeated, and so holds no notes.
    fn cell(&mut self, node: Node<'_, '_>, header: bool) -> Cell {
        self.attributes(node, &["columns", "rows", "align"]);
        let content = if header { self.inlines(node) } else { self.noted(node, &[]) };
        Cell {
            content,
            columns: self.value(node, "columns", 1),
            rows: self.value(node, "rows", 1),
            align: self.align(node),
        }
    }

    fn align(&mut self, node: Node<'_, '_>) -> Option<Align> {
        self.choose(node, "align", |text| match text {
            "left" => Some(Align::Left),
            "center" => Some(Align::Center),
            "right" => Some(Align::Right),
            _ => None,
        })
    }
}
