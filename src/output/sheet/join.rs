use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use lopdf::{Dictionary, Document, Object, ObjectId};
use sha2::{Digest, Sha256};

use super::series::Series;
use super::stamp::{Layer, overlaid, seen, text, unwritten};
use super::{Outside, PageStamp, Survey, page};
use crate::output::OutputError;
use crate::output::pdf::{Press, Span, Stamps};

/// A part of a joined file.
#[derive(Debug)]
pub enum Part<'a> {
    /// Pages of what was laid out here.
    Pages(Span),
    /// A paper from outside, with what is laid over each of its pages.
    Outside(&'a Survey, Vec<PageStamp>),
}

/// Joins what was laid out here, a PDF with tags, with papers from outside, in the
/// order of the parts, each with its entry in the outline; with `duplex` each begins a
/// sheet. What was laid out keeps its tags. The file claims to be PDF/A only if
/// nothing came from outside.
///
/// `read` gives the paper of a part when its turn comes, and no two papers are held at
/// once: memory does not grow with them.
///
/// # Errors
///
/// If a layer cannot be made, a paper not read or the file not written.
pub fn join<E: From<OutputError> + From<io::Error>>(
    press: &Press,
    base: Vec<u8>,
    parts: &[(String, Part<'_>)],
    style: &Stamps<'_>,
    duplex: bool,
    read: &mut dyn FnMut(usize) -> Result<Outside, E>,
    to: &mut dyn Write,
) -> Result<(), E> {
    let document = Document::load_mem(&base).map_err(unwritten)?;
    let digest = Sha256::new_with_prefix(&base);
    drop(base);
    let own: Vec<ObjectId> = document.page_iter().collect();
    let root = document.catalog().and_then(|catalog| catalog.get(b"Pages")?.as_reference());
    let root = root.map_err(unwritten)?;
    let last = document.max_id;
    let mut joined = Joined { document, root, last, pages: Vec::new(), steps: Vec::new() };
    let mut outline = Vec::new();
    for (at, (title, part)) in parts.iter().enumerate() {
        joined.begin_sheet(duplex);
        let first = joined.pages.len();
        match part {
            Part::Pages(span) => {
                let pages = own.get(span.first - 1..span.first - 1 + span.pages);
                for id in pages.unwrap_or_default() {
                    joined.own_page(*id)?;
                }
            }
            Part::Outside(paper, stamps) => {
                let after = joined.last + paper.objects;
                joined.paper(at, paper, press.layer(&paper.sizes, stamps, style, after)?);
            }
        }
        outline.extend(joined.pages.get(first).map(|page| (title.as_str(), *page)));
    }
    joined.begin_sheet(duplex);
    joined.write(&outline, digest, read, to)
}

/// A file in the making: all is numbered before the first paper is read.
struct Joined {
    document: Document,
    /// The node above all pages.
    root: ObjectId,
    /// The highest number of an object.
    last: u32,
    pages: Vec<ObjectId>,
    /// What follows the objects of what was laid out, in the order of its numbers.
    steps: Vec<Step>,
}

/// Objects that are written when their turn comes.
enum Step {
    /// The empty back of a sheet.
    Filler(ObjectId),
    /// A paper from outside: its part, how many objects, the highest number before its
    /// own, and what is laid over it.
    Paper { part: usize, objects: u32, before: u32, layer: Layer },
}

impl Joined {
    /// Adds the empty back of a sheet, if its front is the last page.
    fn begin_sheet(&mut self, duplex: bool) {
        if duplex && self.pages.len() % 2 == 1 {
            self.last += 1;
            self.pages.push((self.last, 0));
            self.steps.push(Step::Filler((self.last, 0)));
        }
    }

    fn own_page(&mut self, id: ObjectId) -> Result<(), OutputError> {
        let mut page = page::whole(&self.document, id).map_err(unwritten)?;
        page.set("Parent", self.root);
        self.document.set_object(id, page);
        self.pages.push(id);
        Ok(())
    }

    /// Adds the pages of a paper from outside.
    fn paper(&mut self, part: usize, paper: &Survey, layer: Layer) {
        let before = self.last;
        self.pages.extend(paper.pages.iter().map(|(id, generation)| (before + id, *generation)));
        let forms = layer.forms.iter().flatten();
        // Around what a page draws there are two streams.
        self.last = forms.fold(layer.last, |last, _| last + 2);
        self.steps.push(Step::Paper { part, objects: paper.objects, before, layer });
    }

    /// Sets pages, outline and claims, and writes the file.
    fn write<E: From<OutputError> + From<io::Error>>(
        mut self,
        outline: &[(&str, ObjectId)],
        mut digest: Sha256,
        read: &mut dyn FnMut(usize) -> Result<Outside, E>,
        to: &mut dyn Write,
    ) -> Result<(), E> {
        let laid_out = self.document.max_id;
        self.document.max_id = self.last;
        self.finish(outline)?;
        let Self { mut document, root, steps, .. } = self;
        let closing = document.objects.split_off(&(laid_out + 1, 0));
        let mut series = Series::begin(&document, to)?;
        series.extend(&std::mem::take(&mut document.objects))?;
        for step in steps {
            match step {
                Step::Filler(id) => series.object(id, &page::empty(root).into())?,
                Step::Paper { part, objects, before, layer } => {
                    let paper = read(part)?;
                    digest.update(&paper.pdf);
                    let paper = numbered(paper.document, before, layer, root)?;
                    if paper.numbered != before + objects {
                        return Err(OutputError::Pdf(vec![
                            "a paper has other objects than were counted".to_owned(),
                        ])
                        .into());
                    }
                    series.extend(&paper.objects)?;
                }
            }
        }
        series.extend(&closing)?;
        let id = digest.finalize()[..16].to_vec();
        let id = Object::String(id, lopdf::StringFormat::Hexadecimal);
        document.trailer.set("ID", vec![id.clone(), id]);
        Ok(series.finish(document.trailer, document.max_id)?)
    }

    /// Sets pages, outline and claims.
    fn finish(&mut self, outline: &[(&str, ObjectId)]) -> Result<(), OutputError> {
        let mut tree = Dictionary::new();
        tree.set("Type", Object::Name(b"Pages".to_vec()));
        tree.set("Count", i64::try_from(self.pages.len()).unwrap_or(i64::MAX));
        let kids: Vec<Object> = self.pages.iter().map(|id| Object::Reference(*id)).collect();
        tree.set("Kids", kids);
        self.document.set_object(self.root, tree);
        let outline = self.outline(outline);
        let catalog = self.document.catalog_mut().map_err(unwritten)?;
        catalog.set("Outlines", outline);
        catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
        let metadata = catalog.get(b"Metadata").and_then(Object::as_reference).ok();
        if self.steps.iter().any(|step| matches!(step, Step::Paper { .. })) {
            // Intents and claims are those of what was laid out alone.
            catalog.remove(b"OutputIntents");
            if let Some(Ok(Object::Stream(stream))) =
                metadata.map(|id| self.document.get_object_mut(id))
            {
                let words = String::from_utf8_lossy(&stream.content).into_owned();
                stream.set_plain_content(without_claims(&words).into_bytes());
            }
        }
        self.document.prune_objects();
        Ok(())
    }

    /// One entry a paper.
    fn outline(&mut self, entries: &[(&str, ObjectId)]) -> ObjectId {
        let root = self.document.new_object_id();
        let ids: Vec<ObjectId> = entries.iter().map(|_| self.document.new_object_id()).collect();
        for (at, (title, page)) in entries.iter().enumerate() {
            let mut entry = Dictionary::new();
            entry.set("Title", text(title));
            entry.set("Parent", root);
            let place = vec![Object::Reference(*page), Object::Name(b"Fit".to_vec())];
            entry.set("Dest", place);
            if let Some(before) = at.checked_sub(1).and_then(|at| ids.get(at)) {
                entry.set("Prev", *before);
            }
            if let Some(next) = ids.get(at + 1) {
                entry.set("Next", *next);
            }
            self.document.set_object(ids[at], entry);
        }
        let mut tree = Dictionary::new();
        tree.set("Type", Object::Name(b"Outlines".to_vec()));
        if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
            tree.set("First", *first);
            tree.set("Last", *last);
        }
        tree.set("Count", i64::try_from(ids.len()).unwrap_or(0));
        self.document.set_object(root, tree);
        root
    }
}

/// The objects of a paper from outside as they go into a joined file.
struct Numbered {
    objects: BTreeMap<ObjectId, Object>,
    /// The highest number of an object that the paper brought.
    numbered: u32,
}

/// Numbers the objects of a paper on from `before`, with its layer, and leaves out what no
/// page needs.
fn numbered(
    mut other: Document,
    before: u32,
    layer: Layer,
    root: ObjectId,
) -> Result<Numbered, OutputError> {
    nothing_for_what_is_missing(&mut other);
    other.renumber_objects_with(before + 1);
    let mut part = Document::new();
    part.max_id = layer.last;
    part.objects = layer.objects;
    let ids: Vec<ObjectId> = other.page_iter().collect();
    for (id, form) in ids.iter().zip(&layer.forms) {
        let (page, visible) = seen(&other, *id).map_err(unwritten)?;
        let mut page = match form {
            Some(form) => overlaid(&other, &mut part, page, visible, *form).map_err(unwritten)?,
            None => page,
        };
        page.set("Parent", root);
        // They lead into a tree of tags that stays behind.
        for key in [b"StructParents".as_slice(), b"B", b"Tabs"] {
            page.remove(key);
        }
        part.objects.insert(*id, Object::Dictionary(page));
    }
    let numbered = other.max_id;
    let dropped = |kind: &[u8]| [b"Catalog".as_slice(), b"Pages", b"Page"].contains(&kind);
    for (id, mut object) in other.objects {
        let kind = object.as_dict().ok().and_then(|dict| dict.get(b"Type").ok());
        if kind.and_then(|kind| kind.as_name().ok()).is_some_and(dropped) {
            continue;
        }
        if let Ok(dict) = object.as_dict_mut() {
            dict.remove(b"StructParent");
        }
        part.objects.entry(id).or_insert(object);
    }
    let pages: Vec<Object> = ids.into_iter().map(Object::Reference).collect();
    part.trailer.set("Kids", pages);
    part.prune_objects();
    Ok(Numbered { objects: part.objects, numbered })
}

/// A reference to an object that is not there means nothing. In a joined file another
/// object may have the number.
fn nothing_for_what_is_missing(document: &mut Document) {
    let known: HashSet<ObjectId> = document.objects.keys().copied().collect();
    document.traverse_objects(|object| {
        if object.as_reference().is_ok_and(|id| !known.contains(&id)) {
            *object = Object::Null;
        }
    });
}

/// Metadata that do not say which standards the file follows.
fn without_claims(xmp: &str) -> String {
    let mut rest = xmp.to_owned();
    for name in ["pdfaid:part", "pdfaid:conformance", "pdfaid:rev", "pdfuaid:part"] {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        while let (Some(from), Some(to)) = (rest.find(&open), rest.find(&close)) {
            if to < from {
                break;
            }
            rest.replace_range(from..to + close.len(), "");
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_go_and_all_else_stays() {
        let xmp = "<a/><pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>\
                   <dc:title>x</dc:title><pdfuaid:part>1</pdfuaid:part>";
        assert_eq!(without_claims(xmp), "<a/><dc:title>x</dc:title>");
    }
}
