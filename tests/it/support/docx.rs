//! Reading Word files: the parts of the package and what the stories in it say.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use roxmltree::{Document, Node};

/// The namespace of WordprocessingML.
pub const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// The namespace of references to relationships.
pub const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The namespace of placed drawings.
const WP: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
/// The namespace of alternatives for older programs.
const MC: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";

/// Stands in a text for a picture.
pub const PICTURE: char = '\u{FFFC}';

/// A Word file, unpacked.
pub struct Docx {
    /// Names and contents, in the order of the file.
    pub parts: Vec<(String, Vec<u8>)>,
}

/// A relationship of a part.
#[derive(Debug)]
pub struct Relationship {
    pub id: String,
    /// The last part of its type, such as `styles`.
    pub kind: String,
    /// The part that it leads to.
    pub target: String,
}

/// What a part says: its paragraphs in reading order, with [`PICTURE`] for every
/// picture, and what the pictures say instead.
#[derive(Debug, Default)]
pub struct Story {
    pub paragraphs: Vec<String>,
    pub pictures: Vec<String>,
    /// The footnotes that it refers to, in order.
    pub footnotes: Vec<String>,
}

impl Docx {
    pub fn new(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a Word file is a ZIP");
        let parts = (0..archive.len()).map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        });
        Self { parts: parts.collect() }
    }

    /// The file with another content of a part.
    pub fn with(&self, name: &str, content: &[u8]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (part, bytes) in &self.parts {
            let options = zip::write::SimpleFileOptions::default();
            archive.start_file(part.as_str(), options).unwrap();
            let bytes = if part == name { content } else { bytes };
            std::io::Write::write_all(&mut archive, bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.names().any(|other| other == name)
    }

    /// A part as text.
    pub fn text(&self, name: &str) -> &str {
        let part = self.parts.iter().find(|(other, _)| other == name);
        let (_, bytes) = part.unwrap_or_else(|| panic!("the package has no {name}"));
        std::str::from_utf8(bytes).unwrap()
    }

    /// A part as XML.
    pub fn tree(&self, name: &str) -> Document<'_> {
        Document::parse(self.text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The relationships of a part; of the package for an empty name.
    pub fn relationships(&self, name: &str) -> Vec<Relationship> {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let slash = if folder.is_empty() { "" } else { "/" };
        let list = format!("{folder}{slash}_rels/{file}.rels");
        if !self.has(&list) {
            return Vec::new();
        }
        let tree = self.tree(&list);
        let relationships = tree.root_element().children().filter(Node::is_element);
        relationships
            .map(|node| {
                let value = |name| node.attribute(name).unwrap_or_else(|| panic!("{list}: {name}"));
                let target = match value("Target").strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None => format!("{folder}{slash}{}", value("Target")),
                };
                let kind = value("Type").rsplit('/').next().unwrap().to_owned();
                Relationship { id: value("Id").to_owned(), kind, target }
            })
            .collect()
    }

    /// The parts that the document leads to by a kind of relationship, such as
    /// `header`.
    pub fn related(&self, kind: &str) -> Vec<String> {
        let all = self.relationships("word/document.xml").into_iter();
        all.filter(|one| one.kind == kind).map(|one| one.target).collect()
    }

    /// What a part says, footnotes and results of fields left out.
    pub fn story(&self, name: &str) -> Story {
        let mut story = Story::default();
        tell(self.tree(name).root_element(), &mut story);
        story
    }

    /// The footnotes by their number in the file, those that draw lines left out.
    pub fn footnotes(&self) -> BTreeMap<String, Story> {
        let mut notes = BTreeMap::new();
        if self.has("word/footnotes.xml") {
            let tree = self.tree("word/footnotes.xml");
            let all = tree.descendants().filter(|node| node.has_tag_name((W, "footnote")));
            for note in all.filter(|note| note.attribute((W, "type")).is_none()) {
                let mut story = Story::default();
                note.children().for_each(|child| tell(child, &mut story));
                notes.insert(note.attribute((W, "id")).unwrap().to_owned(), story);
            }
        }
        notes
    }
}

/// Adds what a node says.
fn tell(node: Node<'_, '_>, story: &mut Story) {
    if node.has_tag_name((W, "p")) {
        let at = story.paragraphs.len();
        let mut field = 0;
        story.paragraphs.push(String::new());
        node.children().for_each(|child| say(child, at, &mut field, story));
        assert_eq!(field, 0, "a field ends in its paragraph: {}", story.paragraphs[at]);
    } else if !node.has_tag_name((MC, "Fallback")) {
        node.children().for_each(|child| tell(child, story));
    }
}

/// Adds what a part of a paragraph says. `field` is how deep in fields it stands:
/// what a field shows is the program's, not ours.
fn say(node: Node<'_, '_>, at: usize, field: &mut usize, story: &mut Story) {
    let name = node.tag_name();
    let line = &mut story.paragraphs[at];
    match (name.namespace(), name.name()) {
        (Some(W), "fldChar") => match node.attribute((W, "fldCharType")) {
            Some("begin") => *field += 1,
            Some("end") => *field -= 1,
            _ => {}
        },
        (Some(W), "t") if *field == 0 => line.push_str(node.text().unwrap_or_default()),
        (Some(W), "tab" | "br" | "cr") => line.push(' '),
        (Some(W), "noBreakHyphen") => line.push('-'),
        (Some(W), "footnoteReference") => {
            story.footnotes.push(node.attribute((W, "id")).unwrap().to_owned());
            line.push_str(&story.footnotes.len().to_string());
        }
        (Some(W), "sym") => {
            let code = u32::from_str_radix(node.attribute((W, "char")).unwrap(), 16).unwrap();
            line.push(char::from_u32(code).unwrap());
        }
        // A picture, or words in a frame: those are paragraphs of their own.
        (Some(WP), "inline" | "anchor") => {
            let words = node.descendants().find(|node| node.has_tag_name((W, "txbxContent")));
            if let Some(words) = words {
                tell(words, story);
                return;
            }
            let properties = node.children().find(|node| node.has_tag_name((WP, "docPr")));
            let words = properties.and_then(|node| node.attribute("descr")).unwrap_or_default();
            if !words.is_empty() {
                line.push(PICTURE);
                story.pictures.push(words.to_owned());
            }
        }
        // Marks of styles, and what is written for other programs.
        (Some(W), "pPr" | "rPr" | "instrText" | "fldSimple") | (Some(MC), "Fallback") => {}
        _ => node.children().for_each(|child| say(child, at, field, story)),
    }
}
