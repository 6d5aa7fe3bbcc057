//! Word files as packages: complete, without loose ends, made of named styles, and
//! what ECMA-376 allows.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use roxmltree::Node;
use serde_json::Value;
use vanban::block::Orientation;
use vanban::pipeline::Format;

use super::support::docx::{Docx, R, W};
use super::support::papers::{DOCX, PAPERS, Paper, each, tables};
use super::support::repository;

/// Does something with every paper and its Word file.
fn all(check: impl Fn(&Paper, &Docx) + Sync) {
    let numbers: Vec<usize> = (0..PAPERS.len()).collect();
    each(&numbers, |&at| check(&PAPERS[at], &Docx::new(&DOCX[at])));
}

/// The value of an attribute of WordprocessingML.
fn value<'a>(node: Node<'a, '_>, name: &str) -> &'a str {
    let found = node.attribute((W, name));
    found.unwrap_or_else(|| panic!("{} has no {name}", node.tag_name().name()))
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name((W, name)))
}

fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name((W, name)))
}

fn descendants<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants().filter(move |child| child.has_tag_name((W, name)))
}

/// The number that the child of a name says with `w:val` or `w:w`.
fn number(node: Option<Node<'_, '_>>, attribute: &str) -> Option<i64> {
    node.map(|node| value(node, attribute).parse().unwrap())
}

/// The parts that tell a story: text, headers, footers and notes.
fn stories(docx: &Docx) -> Vec<String> {
    let mut parts = vec!["word/document.xml".to_owned()];
    for kind in ["header", "footer", "footnotes"] {
        parts.extend(docx.related(kind));
    }
    parts
}

#[test]
fn parts_have_types_and_nothing_is_left_over() {
    all(|Paper { name, .. }, docx| {
        assert_eq!(docx.names().next(), Some("[Content_Types].xml"), "{name}");
        let types = docx.tree("[Content_Types].xml");
        let entries = || types.root_element().children().filter(Node::is_element);
        let typed = |attribute: &'static str| {
            entries().filter_map(move |node| node.attribute(attribute)).collect::<BTreeSet<_>>()
        };
        let (endings, named) = (typed("Extension"), typed("PartName"));
        let parts: BTreeSet<&str> = docx.names().collect();
        assert_eq!(parts.len(), docx.parts.len(), "{name}: a part is there twice");
        for part in &named {
            assert!(parts.contains(&part[1..]), "{name}: {part} has a type and is not there");
        }
        let mut reached = BTreeSet::from(["[Content_Types].xml".to_owned()]);
        reach(docx, "", &mut reached);
        for part in parts {
            let ending = part.rsplit('.').next().unwrap();
            let known = named.contains(format!("/{part}").as_str()) || endings.contains(ending);
            assert!(known, "{name}: {part} has no type");
            // The type of XML is that of its part; `application/xml` is none.
            assert!(
                ending != "xml"
                    || part == "[Content_Types].xml"
                    || named.contains(&*format!("/{part}")),
                "{name}: {part} has no type of its own"
            );
            assert!(reached.contains(part), "{name}: nothing leads to {part}");
        }
    });
}

/// Follows the relationships of a part.
fn reach(docx: &Docx, part: &str, reached: &mut BTreeSet<String>) {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let list = format!("{folder}/_rels/{file}.rels");
    if docx.has(list.trim_start_matches('/')) {
        reached.insert(list.trim_start_matches('/').to_owned());
    }
    for relationship in docx.relationships(part) {
        let target = relationship.target;
        assert!(docx.has(&target), "{part} leads to {target}, which is not there");
        if reached.insert(target.clone()) {
            reach(docx, &target, reached);
        }
    }
}

#[test]
fn relationships_are_used_and_what_is_used_is_there() {
    all(|Paper { name, .. }, docx| {
        for part in stories(docx) {
            let tree = docx.tree(&part);
            let used: BTreeSet<&str> = tree
                .descendants()
                .flat_map(|node| node.attributes())
                .filter(|attribute| attribute.namespace() == Some(R))
                .map(|attribute| attribute.value())
                .collect();
            let relationships = docx.relationships(&part);
            let mut ids: Vec<&str> = relationships.iter().map(|one| one.id.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), relationships.len(), "{name}: {part}: an id is there twice");
            assert!(used.iter().all(|id| ids.contains(id)), "{name}: {part}: {used:?} of {ids:?}");
            for one in &relationships {
                // Where no part has a first page without marks, its header is not needed.
                let asked = match one.kind.as_str() {
                    "image" => true,
                    "header" | "footer" => !docx.story(&one.target).paragraphs.concat().is_empty(),
                    _ => false,
                };
                assert!(!asked || used.contains(&*one.id), "{name}: {part}: {} unused", one.target);
            }
        }
    });
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let again = each(&PAPERS, |paper| paper.write(Format::Docx));
    for ((paper, first), again) in PAPERS.iter().zip(DOCX.iter()).zip(&again) {
        assert!(first == again, "{}", paper.name);
    }
}

#[test]
fn properties_name_title_and_agency_and_no_person_or_machine() {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let secrets = [host.trim(), env!("CARGO_MANIFEST_DIR")];
    all(|paper, docx| {
        let (name, document) = (&paper.name, &paper.composed.document);
        let tree = docx.tree("docProps/core.xml");
        let told = |tag: &str| {
            let mut found = tree.descendants().filter(|node| node.tag_name().name() == tag);
            found.next().map(|node| node.text().unwrap_or_default().to_owned())
        };
        assert_eq!(told("title"), Some(document.title()), "{name}");
        assert_eq!(told("creator").as_deref(), Some(&*document.envelope.issuer.in_text), "{name}");
        for secret in ["lastModifiedBy", "lastPrinted", "revision"] {
            assert_eq!(told(secret), None, "{name}");
        }
        for (part, bytes) in docx.parts.iter().filter(|(part, _)| !part.contains("/media/")) {
            let text = std::str::from_utf8(bytes).unwrap();
            for secret in secrets.iter().filter(|secret| secret.len() > 4) {
                assert!(!text.contains(secret), "{name}: {part} says {secret}");
            }
        }
    });
}

#[test]
fn the_language_is_vietnamese_and_the_font_times_new_roman() {
    all(|Paper { name, .. }, docx| {
        let styles = docx.tree("word/styles.xml");
        let defaults = descendants(styles.root_element(), "rPrDefault").next().unwrap();
        let fonts = descendants(defaults, "rFonts").next().unwrap();
        for slot in ["ascii", "hAnsi", "eastAsia", "cs"] {
            assert_eq!(value(fonts, slot), "Times New Roman", "{name}");
        }
        let language = descendants(defaults, "lang").next().unwrap();
        assert_eq!(value(language, "val"), "vi-VN", "{name}");
        // Nothing else asks for a font or a language.
        let others = stories(docx).into_iter().map(|part| {
            docx.tree(&part)
                .descendants()
                .filter(|node| node.has_tag_name((W, "rFonts")) || node.has_tag_name((W, "lang")))
                .count()
        });
        assert_eq!(others.sum::<usize>(), 0, "{name}");
        assert_eq!(descendants(styles.root_element(), "rFonts").count(), 1, "{name}");
        let theme = docx.related("theme");
        let theme = docx.tree(&theme[0]);
        let mut latin = theme.descendants().filter(|node| node.tag_name().name() == "latin");
        assert!(latin.all(|node| node.attribute("typeface") == Some("Times New Roman")), "{name}");
        let settings = docx.tree("word/settings.xml");
        let mode = descendants(settings.root_element(), "compatSetting")
            .find(|node| value(*node, "name") == "compatibilityMode");
        assert_eq!(value(mode.unwrap(), "val"), "15", "{name}: no banner of compatibility");
    });
}

/// The styles of a file: kind and name by identifier.
fn styles(docx: &Docx) -> BTreeMap<String, (String, String)> {
    let tree = docx.tree("word/styles.xml");
    let styles = children(tree.root_element(), "style").map(|style| {
        let name = value(child(style, "name").unwrap(), "val").to_owned();
        (value(style, "styleId").to_owned(), (value(style, "type").to_owned(), name))
    });
    let all: Vec<_> = styles.collect();
    let count = all.len();
    let map: BTreeMap<_, _> = all.into_iter().collect();
    assert_eq!(map.len(), count, "an identifier is there twice");
    map
}

#[test]
fn every_look_is_a_named_style() {
    const REFERENCES: [(&str, &str); 3] =
        [("pStyle", "paragraph"), ("rStyle", "character"), ("tblStyle", "table")];
    // What a paragraph or a run may say beside its style: places, no looks.
    const PARAGRAPH: [&str; 7] =
        ["pStyle", "keepNext", "framePr", "tabs", "spacing", "ind", "sectPr"];
    // Within words in italics, what is set off is upright.
    const RUN: [&str; 3] = ["rStyle", "i", "iCs"];
    all(|Paper { name, .. }, docx| {
        let styles = styles(docx);
        for part in stories(docx) {
            let tree = docx.tree(&part);
            for (reference, kind) in REFERENCES {
                for node in descendants(tree.root_element(), reference) {
                    let id = value(node, "val");
                    let style = styles.get(id).unwrap_or_else(|| panic!("{name}: no style {id}"));
                    assert_eq!(style.0, kind, "{name}: {id}");
                }
            }
            // Lines above notes belong to the program.
            let ours = |node: &Node<'_, '_>| {
                node.parent_element().unwrap().attribute((W, "type")).is_none()
            };
            for paragraph in descendants(tree.root_element(), "p").filter(ours) {
                let style = child(paragraph, "pPr").and_then(|it| child(it, "pStyle"));
                assert!(style.is_some(), "{name}: {part}: a paragraph without a style");
            }
            for (properties, allowed) in [("pPr", &PARAGRAPH[..]), ("rPr", &RUN[..])] {
                for node in descendants(tree.root_element(), properties) {
                    for look in node.children().filter(Node::is_element) {
                        let look = look.tag_name().name();
                        assert!(allowed.contains(&look), "{name}: {part}: {look} beside a style");
                    }
                }
            }
        }
        // The names that people see in Word's list are Vietnamese.
        for (id, (_, shown)) in &styles {
            let own = ["Normal", "Default Paragraph Font"].contains(&shown.as_str());
            assert!(own || !shown.is_ascii(), "{name}: {id} is called {shown}");
        }
    });
}

#[test]
fn styles_lead_to_styles() {
    all(|Paper { name, .. }, docx| {
        let known = styles(docx);
        let tree = docx.tree("word/styles.xml");
        for style in children(tree.root_element(), "style") {
            for reference in ["basedOn", "next", "link"] {
                if let Some(node) = child(style, reference) {
                    let id = value(node, "val");
                    let kind = known.get(id).map(|style| style.0.as_str());
                    assert_eq!(kind, Some(value(style, "type")), "{name}: {reference} {id}");
                }
            }
        }
    });
}

/// A paragraph without words, picture, rule or field.
fn is_empty(paragraph: Node<'_, '_>, ruled: &BTreeSet<String>) -> bool {
    let style = descendants(paragraph, "pStyle").next().map(|node| value(node, "val"));
    paragraph.has_tag_name((W, "p"))
        && !paragraph.children().any(|child| child.is_element() && !child.has_tag_name((W, "pPr")))
        && !style.is_some_and(|style| ruled.contains(style))
}

#[test]
fn room_is_made_by_styles_and_not_by_empty_paragraphs() {
    all(|Paper { name, .. }, docx| {
        let tree = docx.tree("word/styles.xml");
        let ruled: BTreeSet<String> = children(tree.root_element(), "style")
            .filter(|style| descendants(*style, "pBdr").next().is_some())
            .map(|style| value(style, "styleId").to_owned())
            .collect();
        for part in stories(docx) {
            let tree = docx.tree(&part);
            for paragraph in descendants(tree.root_element(), "p") {
                let next = paragraph.next_sibling_element();
                let both =
                    is_empty(paragraph, &ruled) && next.is_some_and(|it| is_empty(it, &ruled));
                assert!(!both, "{name}: {part}: two empty paragraphs: {:?}", paragraph.range());
            }
            // Nor are words spaced out with runs of spaces; a blank is one of its own.
            let spaced = descendants(tree.root_element(), "t")
                .filter(|node| node.text().is_some_and(|text| text.trim().contains("  ")));
            assert_eq!(spaced.count(), 0, "{name}: {part}");
        }
    });
}

#[test]
fn tables_fit_together() {
    all(|Paper { name, .. }, docx| {
        let tree = docx.tree("word/document.xml");
        for table in descendants(tree.root_element(), "tbl") {
            let grid: Vec<i64> = children(child(table, "tblGrid").unwrap(), "gridCol")
                .map(|column| number(Some(column), "w").unwrap())
                .collect();
            let properties = child(table, "tblPr").unwrap();
            let width = number(child(properties, "tblW"), "w");
            assert_eq!(width, Some(grid.iter().sum()), "{name}: the grid has the table's width");
            // The columns in which a cell goes on below.
            let mut open: BTreeSet<usize> = BTreeSet::new();
            for row in children(table, "tr") {
                let mut at = 0;
                for cell in children(row, "tc") {
                    let properties = child(cell, "tcPr").unwrap();
                    let span = number(child(properties, "gridSpan"), "val").unwrap_or(1);
                    let end = at + usize::try_from(span).unwrap();
                    assert!(end <= grid.len(), "{name}: a row is too long");
                    let width = number(child(properties, "tcW"), "w");
                    assert_eq!(width, Some(grid[at..end].iter().sum()), "{name}: width of a cell");
                    let merge = child(properties, "vMerge");
                    let starts = merge.map(|it| it.attribute((W, "val")) == Some("restart"));
                    assert!(starts != Some(false) || open.contains(&at), "{name}: nothing above");
                    (at..end).for_each(|at| _ = open.remove(&at));
                    open.extend(starts.map(|_| at));
                    let last = cell.children().rfind(Node::is_element).unwrap();
                    assert!(last.has_tag_name((W, "p")), "{name}: a cell ends in a paragraph");
                    at = end;
                }
                assert_eq!(at, grid.len(), "{name}: a row is too short");
            }
        }
    });
}

#[test]
fn header_rows_are_repeated() {
    all(|paper, docx| {
        let tree = docx.tree("word/document.xml");
        let marked: Vec<usize> = descendants(tree.root_element(), "tbl")
            .map(|table| {
                let mut rows = children(table, "tr").map(|row| {
                    child(row, "trPr").is_some_and(|it| child(it, "tblHeader").is_some())
                });
                let first = rows.by_ref().take_while(|header| *header).count();
                assert!(!rows.any(|header| header), "{}: only first rows are", paper.name);
                first
            })
            .filter(|count| *count > 0)
            .collect();
        let expected: Vec<usize> = tables(&paper.composed.document)
            .iter()
            .map(|table| table.header.len())
            .filter(|count| *count > 0)
            .collect();
        assert_eq!(marked, expected, "{}", paper.name);
    });
}

#[test]
fn pages_have_the_paper_and_the_margins_of_the_document() {
    all(|paper, docx| {
        let (name, document) = (&paper.name, &paper.composed.document);
        let tree = docx.tree("word/document.xml");
        let sections: Vec<_> = descendants(tree.root_element(), "sectPr").collect();
        let own = (!document.detached).then_some(document.settings.orientation);
        let parts = own.into_iter().chain(document.annexes.iter().map(|a| a.orientation));
        let expected: Vec<bool> = parts.map(|one| one == Orientation::Landscape).collect();
        let wide = |section: &Node<'_, '_>| {
            let size = child(*section, "pgSz").unwrap();
            let (width, height) =
                (number(Some(size), "w").unwrap(), number(Some(size), "h").unwrap());
            let wide = size.attribute((W, "orient")) == Some("landscape");
            assert_eq!((width.min(height), width.max(height)), (11906, 16838), "{name}: A4");
            assert_eq!(wide, width > height, "{name}");
            wide
        };
        assert_eq!(sections.iter().map(wide).collect::<Vec<_>>(), expected, "{name}");
        let margins = document.settings.margins;
        for (at, section) in sections.into_iter().enumerate() {
            let edges = child(section, "pgMar").unwrap();
            for (edge, wanted) in [
                ("top", margins.top),
                ("right", margins.right),
                ("bottom", margins.bottom),
                ("left", margins.left),
            ] {
                #[expect(clippy::cast_precision_loss, reason = "margins are short")]
                let millimetres = number(Some(edges), edge).unwrap() as f64 * 25.4 / 1440.0;
                assert!((millimetres - wanted).abs() < 0.02, "{name}: {edge} is {millimetres} mm");
            }
            assert!(child(section, "titlePg").is_some(), "{name}: no number on the first page");
            let start = number(child(section, "pgNumType"), "start");
            assert_eq!(start, (at > 0 || document.detached).then_some(1), "{name}: section {at}");
        }
    });
}

#[test]
fn pictures_have_numbers_sizes_and_words() {
    all(|Paper { name, .. }, docx| {
        let tree = docx.tree("word/document.xml");
        let of = |tag: &'static str| tree.descendants().filter(move |n| n.tag_name().name() == tag);
        let mut numbers = BTreeSet::new();
        for picture in of("docPr") {
            assert!(
                numbers.insert(picture.attribute("id").unwrap()),
                "{name}: a number is there twice"
            );
            assert!(!picture.attribute("descr").unwrap_or_default().is_empty(), "{name}");
        }
        assert_eq!(of("blip").count(), numbers.len(), "{name}");
        for size in of("extent") {
            for side in ["cx", "cy"] {
                let length: i64 = size.attribute(side).unwrap().parse().unwrap();
                assert!(length > 0, "{name}");
            }
        }
    });
}

#[test]
fn notes_are_there_and_asked_for_once() {
    let mut notes = 0;
    for (Paper { name, .. }, bytes) in PAPERS.iter().zip(DOCX.iter()) {
        let docx = Docx::new(bytes);
        let asked = docx.story("word/document.xml").footnotes;
        let there: Vec<String> = docx.footnotes().into_keys().collect();
        let mut sorted = asked.clone();
        sorted.sort();
        assert_eq!(sorted, there, "{name}");
        assert_eq!(docx.has("word/footnotes.xml"), !asked.is_empty(), "{name}");
        notes += asked.len();
    }
    assert!(notes > 0, "a paper has notes");
}

/// What the validator of the Open XML SDK finds in a Word file.
fn faults(bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.docx");
    std::fs::write(&path, bytes).unwrap();
    let program = repository("target/judges/bin/ooxml-validator");
    let output = Command::new(program)
        .arg(&path)
        // The program is to need no libraries of the system for languages.
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        // It runs for less than a second: no time for its own measurements.
        .env("DOTNET_TieredPGO", "0")
        .env("DOTNET_gcConcurrent", "0")
        .output()
        .unwrap_or_else(|error| panic!("no schema check ({error}); `tests/run` installs it"));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("the schema check says {error}: {}", String::from_utf8_lossy(&output.stderr))
    });
    let faults = report["errors"].as_array().unwrap();
    assert_eq!(report["ok"].as_bool(), Some(faults.is_empty()));
    let fault =
        |fault: &Value| format!("{} {}: {}", fault["path"], fault["xPath"], fault["description"]);
    faults.iter().map(fault).collect()
}

#[test]
fn every_file_is_valid() {
    let found = each(&DOCX, |bytes| faults(bytes));
    for (paper, faults) in PAPERS.iter().zip(&found) {
        assert!(faults.is_empty(), "{}: {faults:#?}", paper.name);
    }
}

/// The check sees what it is there for.
#[test]
fn a_file_in_disorder_is_not_valid() {
    let docx = Docx::new(&DOCX[0]);
    let broken = |part: &str, from: &str, to: &str| {
        let text = docx.text(part);
        assert!(text.contains(from), "{part} has no {from}");
        let text = text.replacen(from, to, 1);
        docx.with(part, text.as_bytes())
    };
    for (part, from, to) in [
        // Children in the wrong order, one that is not allowed, one that is missing.
        (
            "word/document.xml",
            "<w:cantSplit/></w:trPr>",
            "</w:trPr><w:trPr><w:cantSplit/></w:trPr>",
        ),
        ("word/document.xml", "<w:tblGrid>", "<w:tblGrid><w:p/>"),
        ("word/styles.xml", "<w:docDefaults>", "<w:style/><w:docDefaults>"),
        ("word/document.xml", "w:type=\"dxa\"", "w:type=\"miles\""),
        ("word/_rels/document.xml.rels", "rIdHeader1", "rIdElsewhere"),
    ] {
        assert!(!faults(&broken(part, from, to)).is_empty(), "{part}: {from}");
    }
}
