use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, StringFormat};

use super::page::{self, Visible};
use super::{Outside, OutsideError};
use crate::output::OutputError;
use crate::output::pdf::{Press, StampSheet, Stamps};

/// What is laid over a page of a paper from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageStamp {
    /// The number of the sheet, as printed.
    pub number: Option<String>,
    /// That it is a copy.
    pub mark: Option<String>,
}

impl PageStamp {
    fn is_empty(&self) -> bool {
        self.number.is_none() && self.mark.is_none()
    }
}

/// Stamps, laid out: for each page that has one, the object to draw.
#[derive(Debug)]
pub(super) struct Layer {
    /// The objects, numbered from where the file they go into ends.
    pub objects: BTreeMap<ObjectId, Object>,
    /// The object of each page.
    pub forms: Vec<Option<ObjectId>>,
    /// The highest number of an object.
    pub last: u32,
}

/// The name of the layer among the objects of a page.
const NAME: &str = "VanbanStamp";

impl Press {
    /// Lays stamps over the pages of a paper from outside. The bytes that it has stay
    /// as they are, and the layer is added behind them: a signature stays valid for
    /// what was signed.
    ///
    /// # Errors
    ///
    /// If the layer cannot be made or written.
    pub fn stamped(
        &self,
        paper: &Outside,
        stamps: &[PageStamp],
        style: &Stamps<'_>,
    ) -> Result<Vec<u8>, OutputError> {
        let layer = self.layer(paper, stamps, style, paper.document.max_id)?;
        let mut update =
            IncrementalDocument::create_from(paper.pdf.clone(), paper.document.clone());
        update.new_document.max_id = layer.last;
        update.new_document.objects.extend(layer.objects);
        for (id, form) in paper.pages.iter().zip(&layer.forms) {
            let Some(form) = form else { continue };
            let (page, visible) = seen(&paper.document, *id).map_err(unwritten)?;
            let page = overlaid(&paper.document, &mut update.new_document, page, visible, *form)
                .map_err(unwritten)?;
            update.new_document.set_object(*id, page);
        }
        let mut bytes = Vec::new();
        update.save_to(&mut bytes).map_err(|error| unwritten(error.into()))?;
        Ok(bytes)
    }

    /// Lays out the stamps of a paper as objects, numbered from `after`.
    pub(super) fn layer(
        &self,
        paper: &Outside,
        stamps: &[PageStamp],
        style: &Stamps<'_>,
        after: u32,
    ) -> Result<Layer, OutputError> {
        let mut layer =
            Layer { objects: BTreeMap::new(), forms: vec![None; paper.pages.len()], last: after };
        let stamped: Vec<usize> = (0..paper.pages.len())
            .filter(|at| stamps.get(*at).is_some_and(|s| !s.is_empty()))
            .collect();
        if stamped.is_empty() {
            return Ok(layer);
        }
        let sheet = |at: &usize| {
            let (_, visible) = seen(&paper.document, paper.pages[*at])?;
            let (width, height) = visible.size();
            let stamp = &stamps[*at];
            let (number, mark) = (stamp.number.as_deref(), stamp.mark.as_deref());
            Ok(StampSheet { width, height, number, mark })
        };
        let sheets: Result<Vec<StampSheet<'_>>, lopdf::Error> = stamped.iter().map(sheet).collect();
        let pdf = self.stamp_sheets(&sheets.map_err(unwritten)?, style)?;
        let mut drawn = Document::load_mem(&pdf).map_err(unwritten)?;
        drawn.renumber_objects_with(after + 1);
        layer.last = drawn.max_id;
        let pages: Vec<ObjectId> = drawn.page_iter().collect();
        for (at, id) in stamped.iter().zip(pages) {
            let form = form(&drawn, id).map_err(unwritten)?;
            layer.last += 1;
            layer.forms[*at] = Some((layer.last, 0));
            layer.objects.insert((layer.last, 0), form);
        }
        let needed = |object: &Object| {
            let kind = object.as_dict().ok().and_then(|dict| dict.get(b"Type").ok());
            let kind = kind.and_then(|kind| kind.as_name().ok()).unwrap_or_default();
            ![b"Page".as_slice(), b"Pages", b"Catalog"].contains(&kind)
        };
        layer.objects.extend(drawn.objects.into_iter().filter(|(_, object)| needed(object)));
        Ok(layer)
    }
}

/// A page of the layer as an object that other pages can draw.
fn form(layer: &Document, id: ObjectId) -> Result<Object, lopdf::Error> {
    let page = page::whole(layer, id)?;
    let mut dict = Dictionary::new();
    dict.set("Type", Object::Name(b"XObject".to_vec()));
    dict.set("Subtype", Object::Name(b"Form".to_vec()));
    dict.set("BBox", page.get(b"MediaBox")?.clone());
    let resources = page.get(b"Resources").cloned();
    dict.set("Resources", resources.unwrap_or_else(|_| Dictionary::new().into()));
    let mut stream = Stream::new(dict, layer.get_page_content(id));
    stream.compress()?;
    Ok(Object::Stream(stream))
}

/// A page with all that belongs to it, and how it is seen.
pub(super) fn seen(
    document: &Document,
    id: ObjectId,
) -> Result<(Dictionary, Visible), lopdf::Error> {
    let page = page::whole(document, id)?;
    let visible = page::visible(document, &page);
    Ok((page, visible))
}

/// The page with the layer drawn over it. What the page draws is not touched; new
/// streams around it go to `target`.
pub(super) fn overlaid(
    source: &Document,
    target: &mut Document,
    mut page: Dictionary,
    visible: Visible,
    form: ObjectId,
) -> Result<Dictionary, lopdf::Error> {
    let of_page = |key: &[u8]| -> Option<Object> {
        source.dereference(page.get(key).ok()?).ok().map(|(_, object)| object.clone())
    };
    let mut resources = match of_page(b"Resources") {
        Some(Object::Dictionary(resources)) => resources,
        _ => Dictionary::new(),
    };
    let objects = resources.get(b"XObject").ok().and_then(|list| source.dereference(list).ok());
    let mut objects = match objects {
        Some((_, Object::Dictionary(objects))) => objects.clone(),
        _ => Dictionary::new(),
    };
    objects.set(NAME, form);
    resources.set("XObject", objects);
    let operation = |operator: &str, operands| Operation::new(operator, operands);
    let stream = |operations| -> Result<Object, lopdf::Error> {
        let content = Content { operations }.encode()?;
        Ok(Object::Stream(Stream::new(Dictionary::new(), content)))
    };
    // What the page draws may leave its plane moved or turned.
    let before = target.add_object(stream(vec![operation("q", Vec::new())])?);
    let matrix = visible.matrix().map(page::real).to_vec();
    let after = target.add_object(stream(vec![
        operation("Q", Vec::new()),
        operation("q", Vec::new()),
        operation("cm", matrix),
        // Those who hear the document do not hear the stamp.
        operation("BMC", vec![Object::Name(b"Artifact".to_vec())]),
        operation("Do", vec![Object::Name(NAME.as_bytes().to_vec())]),
        operation("EMC", Vec::new()),
        operation("Q", Vec::new()),
    ])?);
    let mut contents = vec![Object::Reference(before)];
    match page.get(b"Contents") {
        Ok(Object::Array(list)) => contents.extend(list.iter().cloned()),
        Ok(Object::Reference(id)) => match source.get_object(*id) {
            Ok(Object::Array(list)) => contents.extend(list.iter().cloned()),
            _ => contents.push(Object::Reference(*id)),
        },
        _ => {}
    }
    contents.push(Object::Reference(after));
    page.set("Contents", contents);
    page.set("Resources", resources);
    Ok(page)
}

/// Words for a PDF, in any script.
pub(super) fn text(words: &str) -> Object {
    let utf16 = words.encode_utf16().flat_map(u16::to_be_bytes);
    let bytes = [0xFE, 0xFF].into_iter().chain(utf16).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// A file that was read before cannot be written: a fault of the program.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub(super) fn unwritten(error: lopdf::Error) -> OutputError {
    OutputError::Pdf(vec![error.to_string()])
}

impl From<OutsideError> for OutputError {
    fn from(error: OutsideError) -> Self {
        Self::Pdf(vec![error.to_string()])
    }
}
