//! The measure: Typst as it comes, on the same layout and data. One library, the
//! fonts as they are shipped, and the eviction that Typst's own loop does.

use std::collections::HashMap;

use typst::comemo;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use vanban::catalog::{Catalog, FontSet};

/// What all documents of the loop share.
pub struct Plain {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
    main: FileId,
    data: FileId,
}

impl Plain {
    /// The layout `nd30` and the shipped fonts, unmodified.
    pub fn new() -> Self {
        let mut sources = HashMap::new();
        let catalog = Catalog::builtin();
        for (path, bytes) in catalog.assets().below("_layout/") {
            let id = file_id(&format!("/{path}"));
            sources.insert(id, Source::new(id, String::from_utf8(bytes.to_vec()).unwrap()));
        }
        let main = file_id("/main.typ");
        let text = "#import \"/_layout/nd30.typ\": render\n#render(json(\"/document.json\"))\n";
        sources.insert(main, Source::new(main, text.to_owned()));
        let set = FontSet::shipped();
        let files = set.files().iter();
        let fonts: Vec<Font> =
            files.flat_map(|file| Font::iter(Bytes::new(file.bytes.clone()))).collect();
        Self {
            library: LazyHash::new(Library::builder().build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
            main,
            data: file_id("/document.json"),
        }
    }

    pub fn compile(&self, json: &str) -> PagedDocument {
        let world = PlainWorld { shared: self, data: Bytes::from_string(json.to_owned()) };
        typst::compile::<PagedDocument>(&world).output.unwrap()
    }

    pub fn render(&self, json: &str) -> Vec<u8> {
        let pdf = write(&self.compile(json));
        comemo::evict(10);
        pdf
    }
}

pub fn write(document: &PagedDocument) -> Vec<u8> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).unwrap();
    typst_pdf::pdf(document, &PdfOptions { standards, ..PdfOptions::default() }).unwrap()
}

fn file_id(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).unwrap()).intern()
}

struct PlainWorld<'a> {
    shared: &'a Plain,
    data: Bytes,
}

impl World for PlainWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.shared.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let source = self.shared.sources.get(&id).cloned();
        source.ok_or_else(|| FileError::NotFound(id.vpath().get_with_slash().into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shared.data {
            Ok(self.data.clone())
        } else {
            Err(FileError::NotFound(id.vpath().get_with_slash().into()))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
