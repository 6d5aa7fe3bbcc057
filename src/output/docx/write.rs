//! From paragraphs and tables to XML, in the order of elements that ECMA-376 asks for.

use super::flow::{
    FirstHeader, Flow, Merge, Paragraph, Row, Run, Section, Tab, Table, TableCell, Text, Vertical,
};
use super::styles::{Definition, INSET, NOTE_MARK, PLAIN_TABLE, RULED_TABLE, Style};
use super::units::{MM, twips};
use super::xml::Xml;
use crate::block::{Note, Settings};

/// Writes paragraphs and tables with the settings of a document.
pub(super) struct Writer<'a> {
    pub xml: Xml,
    settings: &'a Settings,
    /// The styles that were used, with what they say.
    used: Vec<(Style, Definition)>,
    /// The notes so far.
    pub notes: Vec<&'a Note>,
}

impl<'a> Writer<'a> {
    /// Starts a part of the file with this root element.
    pub fn new(root: &str, settings: &'a Settings) -> Self {
        let mut xml = Xml::new();
        xml.start(
            root,
            &[
                ("xmlns:w", super::WORD),
                ("xmlns:r", super::RELATIONS),
                ("xmlns:wp", super::DRAWINGS),
            ],
        );
        Self { xml, settings, used: Vec::new(), notes: Vec::new() }
    }

    /// Ends the part; also gives the styles that it uses.
    pub fn finish(mut self, root: &str) -> (Vec<u8>, Vec<Style>) {
        self.xml.end(root);
        (self.xml.finish(), self.used.into_iter().map(|(style, _)| style).collect())
    }

    /// Writes a list of paragraphs and tables.
    pub fn flows(&mut self, flows: &[Flow<'a>]) {
        for flow in flows {
            match flow {
                Flow::Paragraph(paragraph) => self.paragraph(paragraph),
                Flow::Table(table) => self.table(table),
            }
        }
    }

    fn define(&mut self, style: Style) -> usize {
        if let Some(at) = self.used.iter().position(|(used, _)| *used == style) {
            return at;
        }
        self.used.push((style, style.define(self.settings)));
        self.used.len() - 1
    }

    fn paragraph(&mut self, paragraph: &Paragraph<'a>) {
        let at = self.define(paragraph.style);
        self.xml.start("w:p", &[]);
        self.xml.start("w:pPr", &[]);
        self.xml.value("w:pStyle", &self.used[at].1.id);
        if paragraph.keep_next && !self.used[at].1.keep_next {
            self.xml.empty("w:keepNext", &[]);
        }
        tabs(&mut self.xml, &paragraph.tabs);
        spacing(&mut self.xml, paragraph);
        indent(&mut self.xml, paragraph);
        if let Some(section) = &paragraph.section {
            self.section(section);
        }
        self.xml.end("w:pPr");
        for run in &paragraph.runs {
            self.run(run, at);
        }
        self.xml.end("w:p");
    }

    fn run(&mut self, run: &Run<'a>, at: usize) {
        match run {
            Run::Text(text) => {
                self.xml.start("w:r", &[]);
                look(&mut self.xml, text, &self.used[at].1);
                words(&mut self.xml, &text.words);
                self.xml.end("w:r");
            }
            Run::Break => self.simple("w:br"),
            Run::Fill => self.simple("w:tab"),
            Run::PageNumber => {
                self.xml.start("w:fldSimple", &[("w:instr", " PAGE ")]);
                self.xml.start("w:r", &[]);
                self.xml.text_element("w:t", &[], "2");
                self.xml.end("w:r");
                self.xml.end("w:fldSimple");
            }
            Run::NoteMark => {
                self.xml.start("w:r", &[]);
                note_mark(&mut self.xml);
                self.xml.empty("w:footnoteRef", &[]);
                self.xml.end("w:r");
            }
            Run::Note(note) => {
                self.notes.push(note);
                let id = self.notes.len().to_string();
                self.xml.start("w:r", &[]);
                note_mark(&mut self.xml);
                self.xml.empty("w:footnoteReference", &[("w:id", &id)]);
                self.xml.end("w:r");
            }
            Run::Drawing(drawing) => {
                self.xml.start("w:r", &[]);
                drawing.write(&mut self.xml);
                self.xml.end("w:r");
            }
        }
    }

    fn simple(&mut self, name: &str) {
        self.xml.start("w:r", &[]);
        self.xml.empty(name, &[]);
        self.xml.end("w:r");
    }

    /// The pages of a part: size, margins, headers (PL1-I.1 to I.3, I.7).
    pub fn section(&mut self, section: &Section) {
        let margins = self.settings.margins;
        let xml = &mut self.xml;
        xml.start("w:sectPr", &[]);
        let first = match section.first_header {
            FirstHeader::Empty => super::EMPTY_HEADER,
            FirstHeader::Marked => super::MARKED_HEADER,
        };
        for (kind, id) in [("default", super::NUMBERED_HEADER), ("first", first)] {
            xml.empty("w:headerReference", &[("w:type", kind), ("r:id", id)]);
        }
        if let Some(footer) = section.first_footer {
            xml.empty("w:footerReference", &[("w:type", "first"), ("r:id", footer)]);
        }
        let contact = section.first_footer == Some(super::CONTACT_FOOTER);
        let (short, long) = ("11906", "16838");
        if section.landscape {
            xml.empty("w:pgSz", &[("w:w", long), ("w:h", short), ("w:orient", "landscape")]);
        } else {
            xml.empty("w:pgSz", &[("w:w", short), ("w:h", long)]);
        }
        let edges = [margins.top, margins.right, margins.bottom, margins.left];
        let [top, right, bottom, left] = edges.map(|edge| twips(edge * MM).to_string());
        let header = twips(super::header_distance(self.settings)).to_string();
        xml.empty(
            "w:pgMar",
            &[
                ("w:top", &top),
                ("w:right", &right),
                ("w:bottom", &bottom),
                ("w:left", &left),
                ("w:header", &header),
                // Text ends above the footer: at the margin, unless a footer needs room.
                ("w:footer", if contact { &bottom } else { &header }),
                ("w:gutter", "0"),
            ],
        );
        if section.restart {
            xml.empty("w:pgNumType", &[("w:start", "1")]);
        }
        xml.empty("w:titlePg", &[]);
        xml.end("w:sectPr");
    }

    fn table(&mut self, table: &Table<'a>) {
        let total: u32 = table.grid.iter().map(|width| twips(*width)).sum();
        self.xml.start("w:tbl", &[]);
        self.xml.start("w:tblPr", &[]);
        self.xml.value("w:tblStyle", if table.ruled { RULED_TABLE } else { PLAIN_TABLE });
        self.xml.empty("w:tblW", &[("w:w", &total.to_string()), ("w:type", "dxa")]);
        if table.outside > 0.0 {
            let indent = format!("-{}", twips(table.outside));
            self.xml.empty("w:tblInd", &[("w:w", &indent), ("w:type", "dxa")]);
        }
        self.xml.empty("w:tblLayout", &[("w:type", "fixed")]);
        self.xml.end("w:tblPr");
        self.xml.start("w:tblGrid", &[]);
        for width in &table.grid {
            self.xml.empty("w:gridCol", &[("w:w", &twips(*width).to_string())]);
        }
        self.xml.end("w:tblGrid");
        for row in &table.rows {
            self.row(table, row);
        }
        self.xml.end("w:tbl");
    }

    fn row(&mut self, table: &Table<'a>, row: &Row<'a>) {
        self.xml.start("w:tr", &[]);
        if !row.split || row.header || row.height.is_some() {
            self.xml.start("w:trPr", &[]);
            if !row.split {
                self.xml.empty("w:cantSplit", &[]);
            }
            if let Some(height) = row.height {
                let height = twips(height).to_string();
                self.xml.empty("w:trHeight", &[("w:val", &height), ("w:hRule", "exact")]);
            }
            if row.header {
                self.xml.empty("w:tblHeader", &[]);
            }
            self.xml.end("w:trPr");
        }
        let mut column = 0;
        for cell in &row.cells {
            let end = (column + cell.span).min(table.grid.len());
            let width = table.grid[column..end].iter().map(|width| twips(*width)).sum();
            self.cell(table, cell, width);
            column = end;
        }
        self.xml.end("w:tr");
    }

    fn cell(&mut self, table: &Table<'a>, cell: &TableCell<'a>, width: u32) {
        let xml = &mut self.xml;
        xml.start("w:tc", &[]);
        xml.start("w:tcPr", &[]);
        xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
        if cell.span > 1 {
            xml.value("w:gridSpan", &cell.span.to_string());
        }
        match cell.merge {
            Merge::None => {}
            Merge::Start => xml.value("w:vMerge", "restart"),
            Merge::Continued => xml.empty("w:vMerge", &[]),
        }
        if cell.framed {
            xml.start("w:tcBorders", &[]);
            for side in ["w:top", "w:left", "w:bottom", "w:right"] {
                let line =
                    [("w:val", "single"), ("w:sz", "8"), ("w:space", "0"), ("w:color", "E60000")];
                xml.empty(side, &line);
            }
            xml.end("w:tcBorders");
        }
        if cell.gap > 0.0 {
            let own = if table.ruled { INSET.0 * MM } else { 0.0 };
            let gap = twips(own + cell.gap).to_string();
            xml.start("w:tcMar", &[]);
            xml.empty("w:right", &[("w:w", &gap), ("w:type", "dxa")]);
            xml.end("w:tcMar");
        }
        match cell.align {
            Vertical::Top => {}
            Vertical::Center => xml.value("w:vAlign", "center"),
            Vertical::Bottom => xml.value("w:vAlign", "bottom"),
        }
        xml.end("w:tcPr");
        self.flows(&cell.content);
        // A cell ends with a paragraph.
        if !matches!(cell.content.last(), Some(Flow::Paragraph(_))) {
            self.paragraph(&Paragraph::new(Style::Gap));
        }
        self.xml.end("w:tc");
    }
}

fn note_mark(xml: &mut Xml) {
    xml.start("w:rPr", &[]);
    xml.value("w:rStyle", NOTE_MARK);
    xml.end("w:rPr");
}

/// Writes the part with the notes: the line above them, and each with its number.
pub(super) fn notes(notes: &[&Note], settings: &Settings) -> (Vec<u8>, Vec<Style>) {
    let mut writer = Writer::new("w:footnotes", settings);
    for (id, kind, line) in [
        ("-1", "separator", "w:separator"),
        ("0", "continuationSeparator", "w:continuationSeparator"),
    ] {
        writer.xml.start("w:footnote", &[("w:type", kind), ("w:id", id)]);
        writer.xml.start("w:p", &[]);
        writer.simple(line);
        writer.xml.end("w:p");
        writer.xml.end("w:footnote");
    }
    for (at, note) in notes.iter().enumerate() {
        writer.xml.start("w:footnote", &[("w:id", &(at + 1).to_string())]);
        let mut paragraph = Paragraph::new(Style::Note);
        paragraph.runs.push(Run::NoteMark);
        paragraph.push("\u{a0}");
        paragraph.inlines(&note.content);
        writer.paragraph(&paragraph);
        writer.xml.end("w:footnote");
    }
    writer.finish("w:footnotes")
}

fn tabs(xml: &mut Xml, tabs: &[Tab]) {
    if tabs.is_empty() {
        return;
    }
    xml.start("w:tabs", &[]);
    for tab in tabs {
        let kind = if tab.right { "right" } else { "left" };
        let at = twips(tab.at).to_string();
        xml.empty("w:tab", &[("w:val", kind), ("w:leader", "dot"), ("w:pos", &at)]);
    }
    xml.end("w:tabs");
}

fn spacing(xml: &mut Xml, paragraph: &Paragraph<'_>) {
    let before = paragraph.before.map(|points| twips(points).to_string());
    let after = (paragraph.after > 0.0).then(|| twips(paragraph.after).to_string());
    let mut attributes = Vec::new();
    attributes.extend(before.as_deref().map(|points| ("w:before", points)));
    attributes.extend(after.as_deref().map(|points| ("w:after", points)));
    if !attributes.is_empty() {
        xml.empty("w:spacing", &attributes);
    }
}

fn indent(xml: &mut Xml, paragraph: &Paragraph<'_>) {
    let Some((left, right)) = paragraph.indent else { return };
    let [left, right, hanging] =
        [left, right, paragraph.hanging].map(|length| twips(length).to_string());
    let mut attributes = vec![("w:left", left.as_str()), ("w:right", right.as_str())];
    if paragraph.hanging > 0.0 {
        attributes.push(("w:hanging", &hanging));
    }
    xml.empty("w:ind", &attributes);
}

/// What a run says beside its paragraph's style. Bold words in a bold line need
/// nothing; italics in an italic line are upright.
fn look(xml: &mut Xml, text: &Text<'_>, line: &Definition) {
    let strong = text.strong && !line.bold;
    let style = text
        .style
        .or(strong.then_some("NhanDam"))
        .or((text.emphasis && !line.italic).then_some("NhanNghieng"));
    let emphasis = match (text.emphasis, line.italic) {
        (true, false) if style != Some("NhanNghieng") => Some(true),
        (true, true) => Some(false),
        _ => None,
    };
    if style.is_none() && emphasis.is_none() {
        return;
    }
    xml.start("w:rPr", &[]);
    if let Some(style) = style {
        xml.value("w:rStyle", style);
    }
    match emphasis {
        Some(true) => ["w:i", "w:iCs"].iter().for_each(|name| xml.empty(name, &[])),
        Some(false) => ["w:i", "w:iCs"].iter().for_each(|name| xml.value(name, "0")),
        None => {}
    }
    xml.end("w:rPr");
}

fn words(xml: &mut Xml, words: &str) {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
    let bytes = words.as_bytes();
    if edge(bytes.first()) || edge(bytes.last()) || words.contains("  ") {
        xml.text_element("w:t", &[("xml:space", "preserve")], words);
    } else {
        xml.text_element("w:t", &[], words);
    }
}
