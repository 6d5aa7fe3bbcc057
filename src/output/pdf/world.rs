use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::Fonts;
use crate::catalog::Assets;
use crate::output::OutputError;

/// Where the document's data lies in Typst's eyes. The same for every document:
/// Typst remembers each path for ever.
const DATA: &str = "/document.json";
/// The layout that sets several documents, whose own layouts define `paper`.
pub(super) const BUNDLE: &str = "bundle";

/// What all documents share: Typst's library, the layouts and the fonts.
///
/// Keep one alive: Typst remembers laid-out parts from document to document as
/// long as these stay the same.
#[derive(Debug)]
pub struct Press {
    mains: HashMap<String, FileId>,
    sources: HashMap<FileId, Source>,
    data: FileId,
    fonts: Fonts,
}

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(Library::builder().build()));

impl Press {
    /// Reads the layouts of a catalogue.
    ///
    /// # Errors
    ///
    /// If a layout's path cannot be used.
    pub fn new(assets: &Assets, fonts: Fonts) -> Result<Arc<Self>, OutputError> {
        let mut papers = Vec::new();
        let mut press =
            Self { mains: HashMap::new(), sources: HashMap::new(), data: file_id(DATA)?, fonts };
        for (path, bytes) in assets.below("_layout/") {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let sets_papers = text.lines().any(|line| line.starts_with("#let paper("))
                || text.lines().any(|line| line.starts_with("#import") && line.contains(" paper"));
            press.add(&format!("/{path}"), text)?;
            if let Some(name) = path.strip_prefix("_layout/").and_then(|p| p.strip_suffix(".typ")) {
                let main = press.add(&format!("/{name}.typ"), main_text(name))?;
                press.mains.insert(name.to_owned(), main);
                if sets_papers {
                    papers.push(name.to_owned());
                }
            }
        }
        let main = press.add(&format!("/{BUNDLE}.typ"), bundle_text(&papers))?;
        press.mains.insert(BUNDLE.to_owned(), main);
        Ok(Arc::new(press))
    }

    fn add(&mut self, path: &str, text: String) -> Result<FileId, OutputError> {
        let id = file_id(path)?;
        self.sources.insert(id, Source::new(id, text));
        Ok(id)
    }

    /// The fonts.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    pub(super) fn world(
        &self,
        layout: &str,
        json: String,
        images: &[(String, Arc<[u8]>)],
    ) -> Result<DocumentWorld<'_>, OutputError> {
        let main = self.mains.get(layout);
        let main = *main.ok_or_else(|| OutputError::UnknownLayout(layout.to_owned()))?;
        let images = images.iter();
        let images =
            images.map(|(path, bytes)| (path.clone(), Bytes::new(bytes.clone()))).collect();
        Ok(DocumentWorld { press: self, main, data: Bytes::from_string(json), images })
    }
}

/// The main file of a layout: it reads the data and calls the layout.
pub(super) fn main_text(layout: &str) -> String {
    format!("#import \"/_layout/{layout}.typ\": render\n#render(json(\"{DATA}\"))\n")
}

/// The main file of a bundle: it gives the layout of bundles those of its papers.
fn bundle_text(papers: &[String]) -> String {
    let imports = papers
        .iter()
        .enumerate()
        .map(|(at, name)| format!("#import \"/_layout/{name}.typ\": paper as paper-{at}\n"));
    let entries = papers.iter().enumerate().map(|(at, name)| format!("\"{name}\": paper-{at}, "));
    format!(
        "{}#import \"/_layout/{BUNDLE}.typ\": render\n#render(json(\"{DATA}\"), ({}))\n",
        imports.collect::<String>(),
        entries.collect::<String>()
    )
}

fn file_id(path: &str) -> Result<FileId, OutputError> {
    let path = VirtualPath::new(path).map_err(|_| OutputError::UnknownLayout(path.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// One document in front of the shared parts.
pub(super) struct DocumentWorld<'a> {
    press: &'a Press,
    main: FileId,
    data: Bytes,
    images: HashMap<String, Bytes>,
}

impl World for DocumentWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let source = self.press.sources.get(&id).cloned();
        source.ok_or_else(|| FileError::NotFound(id.vpath().get_with_slash().into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.press.data {
            return Ok(self.data.clone());
        }
        let path = id.vpath().get_with_slash();
        self.images.get(path).cloned().ok_or_else(|| FileError::NotFound(path.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.fonts.get(index).cloned()
    }

    /// There is no clock: dates come with the document.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
