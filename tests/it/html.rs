//! Web pages: what they say and how they are built; in a browser, on a narrow
//! screen and in print.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use roxmltree::{Node, ParsingOptions};
use serde_json::json;
use vanban::app::Folder;
use vanban::block::{Block, Document, Orientation, notes};
use vanban::catalog::{Catalog, FontSet};
use vanban::output::{self, Picture};
use vanban::pipeline::{Composed, Format, Input, Renderer};

use super::hostile::{HOSTILE, plan};
use super::support::pdf::Pdf;
use super::support::{EVERY_KIND, RENDERER, browser, every_kind, example, repository};

/// Points in a millimetre.
const MM: f64 = 72.0 / 25.4;

fn compose(input: &Input<'_>) -> Composed {
    RENDERER.compose(input).unwrap_or_else(|found| panic!("{}: {found:#?}", input.name))
}

/// A data file of the repository, with the files beside it.
fn file(path: &str) -> Composed {
    let path = repository(path);
    let (bytes, folder) = (fs::read(&path).unwrap(), Folder::of(&path));
    compose(&Input::new(&path.display().to_string(), &bytes).with_files(&folder))
}

/// A sample of a template.
fn sample(id: &str, full: bool) -> Composed {
    let template = RENDERER.catalog().template(id).unwrap();
    let bytes = template.sample(full).as_bytes();
    compose(&Input { template: Some(id), ..Input::new(id, bytes) })
}

/// A paper with every kind of block and inline element.
fn every() -> Composed {
    let data = every_kind();
    let composed = EVERY_KIND.compose(&Input::new("every-kind", data.as_bytes()));
    composed.unwrap_or_else(|found| panic!("{found:#?}"))
}

/// A letter and a plan with images of signature and seal.
const WITH_IMAGES: [&str; 2] =
    ["examples/electronic/cong-van.yaml", "tests/suite/findings/image-colour.right.yaml"];

/// Every sample of every template, every example.
fn all() -> Vec<(String, Composed)> {
    let mut all = Vec::new();
    for template in RENDERER.catalog().templates() {
        let id = &template.manifest.id;
        // A paper that is derived from a plan needs what the full sample has.
        let derived = template.manifest.derives_from.is_some();
        for (full, name) in
            [(false, "minimal"), (true, "full")].into_iter().skip(usize::from(derived))
        {
            all.push((format!("{id} {name}"), sample(id, full)));
        }
    }
    for name in super::support::EXAMPLES {
        all.push((name.to_owned(), compose(&Input::new(name, example(name).as_bytes()))));
    }
    all.push(("every-kind".to_owned(), every()));
    all.extend(WITH_IMAGES.map(|path| (path.to_owned(), file(path))));
    all
}

fn page(document: &Document) -> String {
    output::html(document, &Vec::new())
}

/// Reads a page as XML, which every page is.
fn read<'a>(name: &str, html: &'a str) -> roxmltree::Document<'a> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let read = roxmltree::Document::parse_with_options(html, options);
    read.unwrap_or_else(|error| panic!("{name}: {error}\n{html}"))
}

fn elements<'a, 'i>(tree: &'a roxmltree::Document<'i>, name: &'a str) -> Vec<Node<'a, 'i>> {
    tree.descendants().filter(|node| node.has_tag_name(name)).collect()
}

/// The words that a reader meets, in order.
fn words(tree: &roxmltree::Document<'_>) -> Vec<String> {
    let body = elements(tree, "body")[0];
    let text: String =
        body.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect();
    text.split_whitespace().map(str::to_owned).collect()
}

fn words_of_text(document: &Document) -> Vec<String> {
    output::text(document).split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_page_has_the_words_of_the_text() {
    for (name, composed) in all() {
        let html = page(&composed.document);
        assert_eq!(words(&read(&name, &html)), words_of_text(&composed.document), "{name}");
    }
}

#[test]
fn a_page_is_a_document_with_an_outline() {
    for (name, composed) in all() {
        let html = page(&composed.document);
        let tree = read(&name, &html);
        assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"vi\">"), "{name}");
        let title = elements(&tree, "title")[0].text();
        assert_eq!(title, Some(composed.document.title().as_str()), "{name}");
        let metas = elements(&tree, "meta");
        for meta in ["viewport", "description"] {
            let found = metas.iter().find(|one| one.attribute("name") == Some(meta));
            let content = found.and_then(|one| one.attribute("content")).unwrap_or_default();
            assert!(!content.is_empty(), "{name}: {meta}");
        }
        assert!(metas.iter().any(|one| one.attribute("charset") == Some("utf-8")), "{name}");
        let levels: Vec<u32> = tree
            .descendants()
            .filter_map(|node| node.tag_name().name().strip_prefix('h')?.parse().ok())
            .collect();
        assert_eq!(levels.first(), Some(&1), "{name}");
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{name}: h{} after h{}", pair[1], pair[0]);
        }
        let ids: Vec<&str> = tree.descendants().filter_map(|node| node.attribute("id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: {ids:?}");
        let annexes = &composed.document.annexes;
        let contents = annexes.iter().map(|annex| &annex.content).chain([&composed.document.body]);
        let noted: usize = contents.map(|content| notes(content).len()).sum();
        assert_eq!(ids.len(), annexes.len() + 2 * noted, "{name}");
    }
}

#[test]
fn a_page_refers_to_nothing_and_runs_nothing() {
    for (name, composed) in all() {
        let html = page(&composed.document);
        let tree = read(&name, &html);
        for node in tree.descendants().filter(Node::is_element) {
            let tag = node.tag_name().name();
            let foreign = ["script", "link", "iframe", "object", "embed", "form", "base"];
            assert!(!foreign.contains(&tag), "{name}: {tag}");
            for attribute in node.attributes() {
                let (key, value) = (attribute.name(), attribute.value());
                assert!(!key.starts_with("on"), "{name}: {key}");
                let inside =
                    |id: &str| tree.descendants().any(|node| node.attribute("id") == Some(id));
                assert!(
                    key != "href" || value.strip_prefix('#').is_some_and(inside),
                    "{name}: {value}"
                );
                assert!(key != "src" || value.starts_with("data:image/"), "{name}: {value}");
                assert!(key != "style" || !value.contains("url"), "{name}: {value}");
            }
        }
        let style = elements(&tree, "style")[0].text().unwrap();
        for word in ["http", "url(", "@import", "//"] {
            assert!(!style.contains(word), "{name}: {word} in the style");
        }
    }
}

#[test]
fn what_is_seen_can_be_heard() {
    let mut images = 0;
    for (name, composed) in all() {
        let html = page(&composed.document);
        let tree = read(&name, &html);
        for image in elements(&tree, "img") {
            assert!(image.attribute("alt").is_some_and(|alt| alt.len() > 3), "{name}: {image:?}");
            images += 1;
        }
        for head in elements(&tree, "thead").iter().flat_map(Node::descendants) {
            assert!(!head.has_tag_name("td"), "{name}: a cell of a head");
            assert!(!head.has_tag_name("th") || head.attribute("scope").is_some(), "{name}");
        }
        for figure in elements(&tree, "figure") {
            let heard = |node: Node<'_, '_>| node.has_tag_name("li") || node.has_tag_name("img");
            assert!(figure.descendants().any(heard), "{name}: a figure without words");
        }
    }
    assert_eq!(images, 4, "signature and seal of two documents");
}

#[test]
fn charts_have_their_own_pictures_and_the_same_words() {
    let data = example("dinh-my-2026");
    let input = Input { template: Some("plan-schedule"), ..Input::new("plan", data.as_bytes()) };
    let mut document = compose(&input).document;
    let chart = |block: &Block| matches!(block, Block::Chart(_));
    assert_eq!(document.annexes[0].content.iter().filter(|block| chart(block)).count(), 1);
    document.annexes.push(document.annexes[0].clone());
    let picture = |name: &str| Picture {
        width: 160.0,
        height: 80.0,
        alt: format!("Biểu đồ \"{name}\" <1>"),
        png: Vec::new(),
        svg: format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{name}</title></svg>"),
    };
    let pictures = vec![vec![picture("a"), picture("b")], vec![picture("c")]];
    let html = output::html(&document, &pictures);
    let tree = read("charts", &html);
    let alts: Vec<&str> =
        elements(&tree, "img").iter().map(|image| image.attribute("alt").unwrap()).collect();
    let expected = ["a", "b", "c"].map(|name| format!("Biểu đồ \"{name}\" <1>"));
    assert_eq!(alts, expected, "in reading order");
    assert_eq!(words(&tree), words_of_text(&document));
    // Without an address in it, and without names of parts that could meet twice.
    assert!(!html.contains("www.w3.org"), "pictures are addresses of themselves");
}

/// The elements of a page in order, without those that lie within a line: these
/// depend on its length.
fn skeleton(tree: &roxmltree::Document<'_>) -> Vec<String> {
    let within = ["span", "wbr", "br"];
    tree.descendants()
        .filter(|node| node.is_element() && !within.contains(&node.tag_name().name()))
        .map(|node| node.tag_name().name().to_owned())
        .collect()
}

#[test]
fn hostile_texts_are_words() {
    let tree_of = |text: &str| {
        let data = plan(text, &mut Vec::new()).to_string();
        let document = compose(&Input::new("plan", data.as_bytes())).document;
        let html = page(&document);
        let tree = read(text, &html);
        assert_eq!(words(&tree), words_of_text(&document), "{text}");
        skeleton(&tree)
    };
    let harmless = tree_of("abc");
    for hostile in HOSTILE.iter().chain(&["<script>alert(1)</script>", "\" onload=\"x", "</style>"])
    {
        assert_eq!(tree_of(hostile), harmless, "{hostile}");
    }
}

#[test]
fn an_overlong_word_may_be_broken_and_is_whole() {
    let long: String = "ắn0".chars().cycle().take(3_000).collect();
    let data = super::repertoire::plan(&long);
    let document = compose(&Input::new("plan", data.as_bytes())).document;
    let html = page(&document);
    let tree = read("long", &html);
    assert_eq!(words(&tree), words_of_text(&document));
    assert!(elements(&tree, "wbr").len() >= 3_000 / 8 - 1);
}

#[test]
fn the_same_data_give_the_same_page() {
    let path = repository(WITH_IMAGES[0]);
    let (bytes, folder) = (fs::read(&path).unwrap(), Folder::of(&path));
    let input = Input::new("letter", &bytes).with_files(&folder);
    let first = page(&compose(&input).document);
    let other = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    let other = std::thread::scope(|scope| {
        scope.spawn(|| page(&other.compose(&input).unwrap().document)).join().unwrap()
    });
    assert!(other == first);
}

/// A page for a reader: the style sheet left out, images cut short.
fn readable(html: &str) -> String {
    let (head, rest) = html.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let mut out = format!("{head}<style>…</style>{body}");
    let mut from = 0;
    while let Some(at) = out[from..].find("base64,").map(|at| from + at + 7) {
        let end = at + out[at..].find('"').unwrap();
        out.replace_range(at..end, "…");
        from = at;
    }
    out
}

#[test]
fn snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let short = page(&sample("plan", false).document);
        insta::assert_snapshot!("plan-minimal.html", readable(&short));
        let sealed = page(&file(WITH_IMAGES[0]).document);
        insta::assert_snapshot!("electronic-letter.html", readable(&sealed));
        insta::assert_snapshot!("every-kind.html", readable(&page(&every().document)));
        let annexes = page(&sample("cong-van", true).document);
        insta::assert_snapshot!("letter-with-annex.html", readable(&annexes));
    });
}

/// A word on a printed page, in points.
struct Word {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Word {
    /// The type size: the box of a word in Times New Roman is 1.107 em high.
    fn size(&self) -> f64 {
        (self.bottom - self.top) / 1.107
    }
}

struct Printed {
    width: f64,
    height: f64,
    words: Vec<Word>,
}

/// The pages of a PDF with their words, as poppler sees them.
fn printed(pdf: &[u8]) -> Vec<Printed> {
    let xml = Pdf::new(pdf).ask("pdftotext", &["-bbox"], &["-"]);
    let tree = read("pdftotext", &xml);
    let number =
        |node: &Node<'_, '_>, name| -> f64 { node.attribute(name).unwrap().parse().unwrap() };
    let word = |node: Node<'_, '_>| Word {
        text: node.text().unwrap_or_default().to_owned(),
        left: number(&node, "xMin"),
        right: number(&node, "xMax"),
        top: number(&node, "yMin"),
        bottom: number(&node, "yMax"),
    };
    let page = |node: &Node<'_, '_>| Printed {
        width: number(node, "width"),
        height: number(node, "height"),
        words: node.children().filter(|node| node.has_tag_name("word")).map(word).collect(),
    };
    elements(&tree, "page").iter().map(page).collect()
}

fn near(one: f64, other: f64, by: f64) -> bool {
    (one - other).abs() <= by
}

/// How often each word is there.
fn counted<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in words.filter(|word| !word.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// Prints a document from its web page, and measures it.
fn check_print(name: &str, composed: &Composed) {
    let document = &composed.document;
    let settings = &document.settings;
    let pages = printed(&browser::print(&page(document)));
    let own = printed(&RENDERER.write(composed, Format::Pdf).unwrap());
    assert!(pages.len().abs_diff(own.len()) <= 1, "{name}: {} pages, {}", pages.len(), own.len());
    let margins = settings.margins;
    let own = document.settings.orientation;
    let mut orientations = document.annexes.iter().map(|annex| annex.orientation).chain([own]);
    let landscape = orientations.any(|one| one == Orientation::Landscape);
    assert_eq!(landscape, pages.iter().any(|page| page.width > page.height), "{name}");
    let starts: BTreeSet<usize> = annex_starts(name, document, &pages);
    let mut count = 0;
    for (at, page) in pages.iter().enumerate() {
        let sides = [page.width, page.height].map(|side| side / MM);
        let (short, long) = (sides[0].min(sides[1]), sides[0].max(sides[1]));
        assert!(near(short, 210.0, 0.5) && near(long, 297.0, 0.5), "{name}: {sides:?} mm");
        let (left, right) = (margins.left * MM, page.width - margins.right * MM);
        let (top, bottom) = (margins.top * MM, page.height - margins.bottom * MM);
        // The number of the page, in the middle of the top margin.
        count = if starts.contains(&at) { 1 } else { count + 1 };
        let (above, inside): (Vec<&Word>, Vec<&Word>) =
            page.words.iter().partition(|word| word.bottom <= top);
        let numbers: Vec<_> = above
            .iter()
            .filter(|word| {
                near(f64::midpoint(word.left, word.right), f64::midpoint(left, right), 2.0)
            })
            .map(|word| (word.text.clone(), word.size().round()))
            .collect();
        let expected = (count > 1).then(|| (count.to_string(), settings.text_size));
        assert_eq!(numbers, Vec::from_iter(expected), "{name}: page {}", at + 1);
        // Dots are cut off at the end of their line.
        for word in inside.iter().filter(|word| !word.text.ends_with('…')) {
            let fits =
                word.left >= left - 0.5 && word.right <= right + 0.8 && word.bottom <= bottom + 2.0;
            assert!(fits, "{name}: `{}` leaves page {}", word.text, at + 1);
        }
    }
    // Lines are broken at hyphens and slashes too. Heads of tables are repeated.
    let number = |word: &&Word| word.bottom <= margins.top * MM && word.text.parse::<u32>().is_ok();
    let shown = pages.iter().flat_map(|page| &page.words).filter(|word| !number(word));
    let shown: Vec<&str> = shown.flat_map(|word| word.text.split(['-', '/'])).collect();
    let said = output::text(document);
    let said = said.split(|c: char| c.is_whitespace() || c == '-' || c == '/');
    let shown = counted(shown.into_iter());
    // The number of a note is a word of its own on paper.
    let noted = !elements(&read(name, &page(document)), "sup").is_empty();
    for (word, times) in counted(said.filter(|_| !noted)) {
        let printed = shown.get(word).copied().unwrap_or_default();
        assert!(printed >= times, "{name}: `{word}` is there {times} times, printed {printed}");
    }
    // The signature is not alone on a page.
    let of_page =
        |page: &Printed, end: &str| page.words.iter().any(|word| word.text.ends_with(end));
    let signed = pages.iter().find(|page| of_page(page, "nhận:")).expect("recipients");
    assert!(of_page(signed, "./."), "{name}: the text ends on the page before");
    let first = &pages[0];
    let nation = first.words.iter().find(|word| word.text == "CỘNG").expect("Quốc hiệu");
    assert!(near(nation.size(), settings.sizes.names(), 0.1), "{name}: {} pt", nation.size());
    // The text is as wide as the room between the margins, and of its size.
    let text: Vec<&Word> =
        first.words.iter().filter(|word| near(word.size(), settings.text_size, 0.1)).collect();
    let least = text.iter().map(|word| word.left).fold(f64::MAX, f64::min);
    let whole = text.iter().filter(|word| !word.text.ends_with('…'));
    let most = whole.map(|word| word.right).fold(f64::MIN, f64::max);
    assert!(near(least, margins.left * MM, 1.0), "{name}: the text begins at {least} pt");
    assert!(near(most, first.width - margins.right * MM, 1.0), "{name}: it ends at {most} pt");
}

/// The pages on which annexes begin.
fn annex_starts(name: &str, document: &Document, pages: &[Printed]) -> BTreeSet<usize> {
    let label = |at: usize| {
        let annex = &document.annexes[at];
        let label = annex.kind.as_ref().map(|kind| kind.name.to_uppercase());
        label.unwrap_or_else(|| document.annex_label(at))
    };
    let start = |at: usize| {
        let label = label(at);
        let begins = |page: &Printed| {
            let words: Vec<&str> = page.words.iter().map(|word| word.text.as_str()).collect();
            let mut titles = words.windows(label.split(' ').count()).take(40);
            titles.any(|words| words.join(" ") == label) && page.words[0].text != "CỘNG"
        };
        // The last page that has the label near its beginning: the first may be the
        // one that mentions it.
        pages.iter().rposition(begins).unwrap_or_else(|| panic!("{name}: no page of {label}"))
    };
    (0..document.annexes.len()).map(start).collect()
}

#[test]
fn a_printed_page_is_the_sheet_that_the_decree_asks_for() {
    let documents = [
        ("letter with images", file(WITH_IMAGES[0])),
        ("plan with annexes", file("examples/plan/dinh-my-2026.yaml")),
        ("letter with contact", sample("cong-van", true)),
        ("minutes with marks", sample("bien-ban", true)),
        ("every kind", every()),
        ("decision with regulation", sample("quyet-dinh-ban-hanh", true)),
    ];
    std::thread::scope(|scope| {
        for (name, composed) in &documents {
            scope.spawn(move || check_print(name, composed));
        }
    });
}

/// On a telephone the page scrolls up and down only; tables scroll by themselves.
#[test]
fn a_narrow_screen_is_wide_enough() {
    let all = all();
    let mut pages: Vec<String> = all.iter().map(|(_, composed)| page(&composed.document)).collect();
    // The judge sees what is too wide.
    pages.push("<!DOCTYPE html><p style=\"width:500px\">x</p>".to_owned());
    let data = json!(pages).to_string().replace('<', "\\u003c");
    let wrapper = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><body><pre></pre><script>\
         const pages = {data};\
         const frames = pages.map(html => {{\
           const frame = document.createElement('iframe');\
           frame.style.cssText = 'width:360px;height:640px;border:0';\
           frame.srcdoc = html;\
           document.body.append(frame);\
           return frame;\
         }});\
         window.onload = () => {{\
           const widths = frames.map(frame => frame.contentDocument.documentElement.scrollWidth);\
           document.querySelector('pre').textContent = widths.join(' ');\
         }};\
         </script>"
    );
    let dom = browser::loaded(&wrapper);
    let widths = dom.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next()).unwrap();
    let widths: Vec<u32> = widths.split(' ').map(|width| width.parse().unwrap()).collect();
    assert_eq!(widths.len(), pages.len());
    assert!(widths[all.len()] >= 500, "{widths:?}");
    for ((name, _), width) in all.iter().zip(&widths) {
        assert!(*width <= 360, "{name} is {width} px wide");
    }
}
