use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

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

/// How many bytes are written at once.
pub(super) const PIECE: usize = 1 << 16;
/// The name of the layer among the objects of a page.
const NAME: &str = "VanbanStamp";

impl Press {
    /// Lays stamps over the pages of a paper from outside and writes it. The bytes that it
    /// has stay as they are, and the layer is added behind them: a signature stays valid
    /// for what was signed.
    ///
    /// # Errors
    ///
    /// If the layer cannot be made, or the paper not written.
    pub fn stamped<E: From<OutputError> + From<io::Error>>(
        &self,
        paper: Outside,
        stamps: &[PageStamp],
        style: &Stamps<'_>,
        to: &mut dyn Write,
    ) -> Result<(), E> {
        let Outside { pdf, document, pages, sizes, .. } = paper;
        let layer = self.layer(&sizes, stamps, style, document.max_id)?;
        let mut added = Document::new();
        added.max_id = layer.last;
        added.objects = layer.objects;
        for (id, form) in pages.iter().zip(&layer.forms) {
            let Some(form) = form else { continue };
            let (page, visible) = seen(&document, *id).map_err(unwritten)?;
            let page = overlaid(&document, &mut added, page, visible, *form).map_err(unwritten)?;
            added.set_object(*id, page);
        }
        let mut update = IncrementalDocument::create_from(pdf, document);
        update.new_document.max_id = added.max_id;
        update.new_document.objects = added.objects;
        let mut to = BufWriter::with_capacity(PIECE, to);
        update.save_to(&mut to)?;
        Ok(to.flush()?)
    }

    /// Lays out the stamps of a paper with pages of these sizes as objects, numbered from
    /// `after`.
    pub(super) fn layer(
        &self,
        sizes: &[(f64, f64)],
        stamps: &[PageStamp],
        style: &Stamps<'_>,
        after: u32,
    ) -> Result<Layer, OutputError> {
        let mut layer =
            Layer { objects: BTreeMap::new(), forms: vec![None; sizes.len()], last: after };
        let stamped: Vec<usize> =
            (0..sizes.len()).filter(|at| stamps.get(*at).is_some_and(|s| !s.is_empty())).collect();
        if stamped.is_empty() {
            return Ok(layer);
        }
        let sheet = |at: &usize| {
            let (width, height) = sizes[*at];
            let stamp = &stamps[*at];
            let (number, mark) = (stamp.number.as_deref(), stamp.mark.as_deref());
            StampSheet { width, height, number, mark }
        };
        let sheets: Vec<StampSheet<'_>> = stamped.iter().map(sheet).collect();
        let pdf = self.stamp_sheets(&sheets, style)?;
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
