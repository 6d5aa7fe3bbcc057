use std::io::{Cursor, Write};

use chrono::NaiveDate;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::drawing::relation;
use super::xml::Xml;
use crate::block::Document;
use crate::viet::PartialDate;

/// The parts of a Word file.
pub(super) struct Package<'a> {
    pub document: &'a Document,
    pub text: Vec<u8>,
    pub styles: Vec<u8>,
    /// Numbered pages, empty, and first page.
    pub headers: [Vec<u8>; 3],
    /// Those of first pages: of the document, and of its annexes.
    pub footers: Vec<Vec<u8>>,
    /// The notes, where there are any.
    pub notes: Option<Vec<u8>>,
    pub images: Vec<&'a [u8]>,
    pub fallback: NaiveDate,
}

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
/// The folder of the pictures, which are packed already.
const MEDIA: &str = "word/media/";
/// The beginning of the content type of every part of the text.
const TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

impl Package<'_> {
    /// Packs the parts. The same parts give the same bytes: no entry has a time.
    pub fn pack(self) -> ZipResult<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(64 * 1024)));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let mut add = |name: &str, bytes: &[u8]| -> ZipResult<()> {
            let options = if name.starts_with(MEDIA) {
                options.compression_method(CompressionMethod::Stored)
            } else {
                options
            };
            zip.start_file(name, options)?;
            zip.write_all(bytes)?;
            Ok(())
        };
        add("[Content_Types].xml", &self.content_types())?;
        add("_rels/.rels", &package_relations())?;
        add("docProps/core.xml", &self.core())?;
        add("docProps/app.xml", &self.application())?;
        add("word/document.xml", &self.text)?;
        add("word/_rels/document.xml.rels", &self.relations())?;
        add("word/styles.xml", &self.styles)?;
        add("word/settings.xml", &settings(self.notes.is_some()))?;
        add("word/fontTable.xml", &font_table())?;
        add("word/theme/theme1.xml", THEME.as_bytes())?;
        for (at, header) in self.headers.iter().enumerate() {
            add(&format!("word/header{}.xml", at + 1), header)?;
        }
        for (at, footer) in self.footers.iter().enumerate() {
            add(&format!("word/footer{}.xml", at + 1), footer)?;
        }
        if let Some(notes) = &self.notes {
            add("word/footnotes.xml", notes)?;
        }
        for (at, image) in self.images.iter().enumerate() {
            add(&format!("{MEDIA}image{}.png", at + 1), image)?;
        }
        Ok(zip.finish()?.into_inner())
    }

    fn relations(&self) -> Vec<u8> {
        let mut list: Vec<(String, &str, String)> = ["styles", "settings", "fontTable"]
            .iter()
            .map(|part| (format!("rId-{part}"), *part, format!("{part}.xml")))
            .collect();
        list.push(("rId-theme".to_owned(), "theme", "theme/theme1.xml".to_owned()));
        for at in 1..=self.headers.len() {
            list.push((format!("rIdHeader{at}"), "header", format!("header{at}.xml")));
        }
        for at in 1..=self.footers.len() {
            list.push((format!("rIdFooter{at}"), "footer", format!("footer{at}.xml")));
        }
        if self.notes.is_some() {
            list.push(("rId-footnotes".to_owned(), "footnotes", "footnotes.xml".to_owned()));
        }
        for at in 1..=self.images.len() {
            list.push((relation(at), "image", format!("media/image{at}.png")));
        }
        let list = list
            .into_iter()
            .map(|(id, kind, target)| (id, format!("{OFFICE}/relationships/{kind}"), target));
        relations(list)
    }

    fn content_types(&self) -> Vec<u8> {
        let mut xml = Xml::new();
        xml.start("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))]);
        let relations = "application/vnd.openxmlformats-package.relationships+xml";
        for (extension, kind) in
            [("rels", relations), ("xml", "application/xml"), ("png", "image/png")]
        {
            xml.empty("Default", &[("Extension", extension), ("ContentType", kind)]);
        }
        let mut part = |name: &str, kind: &str| {
            xml.empty("Override", &[("PartName", name), ("ContentType", kind)]);
        };
        part("/word/document.xml", &format!("{TYPE}.document.main+xml"));
        for name in ["styles", "settings", "fontTable"] {
            part(&format!("/word/{name}.xml"), &format!("{TYPE}.{name}+xml"));
        }
        for at in 1..=3 {
            part(&format!("/word/header{at}.xml"), &format!("{TYPE}.header+xml"));
        }
        for at in 1..=self.footers.len() {
            part(&format!("/word/footer{at}.xml"), &format!("{TYPE}.footer+xml"));
        }
        if self.notes.is_some() {
            part("/word/footnotes.xml", &format!("{TYPE}.footnotes+xml"));
        }
        let office = "application/vnd.openxmlformats-officedocument";
        part("/word/theme/theme1.xml", &format!("{office}.theme+xml"));
        part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
        part("/docProps/app.xml", &format!("{office}.extended-properties+xml"));
        xml.end("Types");
        xml.finish()
    }

    /// Title, agency and subject; no names of people, machines or programs.
    fn core(&self) -> Vec<u8> {
        let envelope = &self.document.envelope;
        let date = envelope.date.and_then(PartialDate::first_day).unwrap_or(self.fallback);
        let time = format!("{date}T00:00:00Z");
        let mut xml = Xml::new();
        xml.start(
            "cp:coreProperties",
            &[
                ("xmlns:cp", &format!("{PACKAGE}/metadata/core-properties")),
                ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
                ("xmlns:dcterms", "http://purl.org/dc/terms/"),
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ],
        );
        xml.text_element("dc:title", &[], &self.document.title());
        xml.text_element("dc:subject", &[], &envelope.subject.join(" "));
        xml.text_element("dc:creator", &[], &envelope.issuer.in_text);
        xml.text_element("dc:language", &[], "vi-VN");
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.text_element(name, &[("xsi:type", "dcterms:W3CDTF")], &time);
        }
        xml.end("cp:coreProperties");
        xml.finish()
    }

    fn application(&self) -> Vec<u8> {
        let mut xml = Xml::new();
        xml.start("Properties", &[("xmlns", &format!("{OFFICE}/extended-properties"))]);
        let name = format!("vanban {}", env!("CARGO_PKG_VERSION"));
        xml.text_element("Application", &[], &name);
        xml.text_element("Company", &[], &self.document.envelope.issuer.in_text);
        xml.end("Properties");
        xml.finish()
    }
}

fn package_relations() -> Vec<u8> {
    let list = [
        ("rId1", format!("{OFFICE}/relationships/officeDocument"), "word/document.xml"),
        ("rId2", format!("{PACKAGE}/relationships/metadata/core-properties"), "docProps/core.xml"),
        ("rId3", format!("{OFFICE}/relationships/extended-properties"), "docProps/app.xml"),
    ];
    relations(list.into_iter().map(|(id, kind, to)| (id.to_owned(), kind, to.to_owned())))
}

/// Identifier, kind and target of each.
fn relations(list: impl Iterator<Item = (String, String, String)>) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.start("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))]);
    for (id, kind, target) in list {
        xml.empty("Relationship", &[("Id", &id), ("Type", &kind), ("Target", &target)]);
    }
    xml.end("Relationships");
    xml.finish()
}

fn settings(notes: bool) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.start("w:settings", &[("xmlns:w", super::WORD)]);
    xml.empty("w:zoom", &[("w:percent", "100")]);
    xml.value("w:defaultTabStop", "567");
    xml.value("w:characterSpacingControl", "doNotCompress");
    if notes {
        xml.start("w:footnotePr", &[]);
        for id in ["-1", "0"] {
            xml.empty("w:footnote", &[("w:id", id)]);
        }
        xml.end("w:footnotePr");
    }
    xml.start("w:compat", &[]);
    // A line that ends before its time is not stretched.
    xml.empty("w:doNotExpandShiftReturn", &[]);
    let uri = "http://schemas.microsoft.com/office/word";
    // Without it Word takes the file for one of an older version and says so.
    for (name, value) in [
        ("compatibilityMode", "15"),
        ("overrideTableStyleFontSizeAndJustification", "1"),
        ("enableOpenTypeFeatures", "1"),
        ("doNotFlipMirrorIndents", "1"),
        ("differentiateMultirowTableHeaders", "1"),
    ] {
        let attributes = [("w:name", name), ("w:uri", uri), ("w:val", value)];
        xml.empty("w:compatSetting", &attributes);
    }
    xml.end("w:compat");
    xml.empty("w:themeFontLang", &[("w:val", "vi-VN")]);
    let scheme = [
        ("w:bg1", "light1"),
        ("w:t1", "dark1"),
        ("w:bg2", "light2"),
        ("w:t2", "dark2"),
        ("w:accent1", "accent1"),
        ("w:accent2", "accent2"),
        ("w:accent3", "accent3"),
        ("w:accent4", "accent4"),
        ("w:accent5", "accent5"),
        ("w:accent6", "accent6"),
        ("w:hyperlink", "hyperlink"),
        ("w:followedHyperlink", "followedHyperlink"),
    ];
    xml.empty("w:clrSchemeMapping", &scheme);
    xml.value("w:decimalSymbol", ",");
    xml.value("w:listSeparator", ";");
    xml.end("w:settings");
    xml.finish()
}

fn font_table() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.start("w:fonts", &[("xmlns:w", super::WORD)]);
    xml.start("w:font", &[("w:name", "Times New Roman")]);
    xml.value("w:panose1", "02020603050405020304");
    xml.value("w:charset", "00");
    xml.value("w:family", "roman");
    xml.value("w:pitch", "variable");
    xml.end("w:font");
    xml.end("w:fonts");
    xml.finish()
}

/// The theme: Times New Roman for everything, black on white.
const THEME: &str = include_str!("theme.xml");
