use lopdf::{Dictionary, Document, Object, ObjectId};
use sha2::{Digest, Sha256};

use super::stamp::{overlaid, seen, text, unwritten};
use super::{Outside, PageStamp, page};
use crate::output::OutputError;
use crate::output::pdf::{Press, Span, Stamps};

/// A part of a joined file.
#[derive(Debug)]
pub enum Part<'a> {
    /// Pages of what was laid out here.
    Pages(Span),
    /// A paper from outside, with what is laid over each of its pages.
    Outside(&'a Outside, Vec<PageStamp>),
}

/// Joins what was laid out here, a PDF with tags, with papers from outside, in the
/// order of the parts, each with its entry in the outline; with `duplex` each begins a
/// sheet. What was laid out keeps its tags. The file claims to be PDF/A only if
/// nothing came from outside.
///
/// # Errors
///
/// If a layer cannot be made or the file not written.
pub fn join(
    press: &Press,
    base: &[u8],
    parts: &[(String, Part<'_>)],
    style: &Stamps<'_>,
    duplex: bool,
) -> Result<Vec<u8>, OutputError> {
    let document = Document::load_mem(base).map_err(unwritten)?;
    let own: Vec<ObjectId> = document.page_iter().collect();
    let root = document.catalog().and_then(|catalog| catalog.get(b"Pages")?.as_reference());
    let root = root.map_err(unwritten)?;
    let mut joined = Joined { press, style, document, root, pages: Vec::new() };
    let mut outline = Vec::new();
    let mut digest = Sha256::new_with_prefix(base);
    let mut foreign = false;
    for (title, part) in parts {
        if duplex && joined.pages.len() % 2 == 1 {
            joined.fill_sheet();
        }
        let first = joined.pages.len();
        match part {
            Part::Pages(span) => {
                let pages = own.get(span.first - 1..span.first - 1 + span.pages);
                for id in pages.unwrap_or_default() {
                    joined.own_page(*id)?;
                }
            }
            Part::Outside(paper, stamps) => {
                foreign = true;
                digest.update(&paper.pdf);
                joined.paper(paper, stamps)?;
            }
        }
        outline.extend(joined.pages.get(first).map(|page| (title.as_str(), *page)));
    }
    if duplex && joined.pages.len() % 2 == 1 {
        joined.fill_sheet();
    }
    joined.finish(&outline, foreign, &digest.finalize())
}

/// A file in the making.
struct Joined<'a> {
    press: &'a Press,
    style: &'a Stamps<'a>,
    document: Document,
    /// The node above all pages.
    root: ObjectId,
    pages: Vec<ObjectId>,
}

impl Joined<'_> {
    /// Adds the empty back of a sheet.
    fn fill_sheet(&mut self) {
        let filler = self.document.add_object(page::empty(self.root));
        self.pages.push(filler);
    }

    fn own_page(&mut self, id: ObjectId) -> Result<(), OutputError> {
        let mut page = page::whole(&self.document, id).map_err(unwritten)?;
        page.set("Parent", self.root);
        self.document.set_object(id, page);
        self.pages.push(id);
        Ok(())
    }

    /// Adds the pages of a paper from outside.
    fn paper(&mut self, paper: &Outside, stamps: &[PageStamp]) -> Result<(), OutputError> {
        let mut other = paper.document.clone();
        other.renumber_objects_with(self.document.max_id + 1);
        let layer = self.press.layer(paper, stamps, self.style, other.max_id)?;
        self.document.max_id = layer.last;
        self.document.objects.extend(layer.objects);
        let ids: Vec<ObjectId> = other.page_iter().collect();
        for (id, form) in ids.iter().zip(&layer.forms) {
            let (page, visible) = seen(&other, *id).map_err(unwritten)?;
            let mut page = match form {
                Some(form) => {
                    overlaid(&other, &mut self.document, page, visible, *form).map_err(unwritten)?
                }
                None => page,
            };
            page.set("Parent", self.root);
            // They lead into a tree of tags that stays behind.
            for key in [b"StructParents".as_slice(), b"B", b"Tabs"] {
                page.remove(key);
            }
            self.document.objects.insert(*id, Object::Dictionary(page));
            self.pages.push(*id);
        }
        let dropped = |kind: &[u8]| [b"Catalog".as_slice(), b"Pages", b"Page"].contains(&kind);
        for (id, mut object) in other.objects {
            let kind = object.as_dict().ok().and_then(|dict| dict.get(b"Type").ok());
            if kind.and_then(|kind| kind.as_name().ok()).is_some_and(dropped) {
                continue;
            }
            if let Ok(dict) = object.as_dict_mut() {
                dict.remove(b"StructParent");
            }
            self.document.objects.entry(id).or_insert(object);
        }
        Ok(())
    }

    /// Sets pages, outline and claims, and writes the file.
    fn finish(
        mut self,
        outline: &[(&str, ObjectId)],
        foreign: bool,
        digest: &[u8],
    ) -> Result<Vec<u8>, OutputError> {
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
        if foreign {
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
        let id = Object::String(digest[..16].to_vec(), lopdf::StringFormat::Hexadecimal);
        self.document.trailer.set("ID", vec![id.clone(), id]);
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).map_err(|error| unwritten(error.into()))?;
        Ok(bytes)
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
