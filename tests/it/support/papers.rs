//! Every sample of every template, every example and every paper derived from one,
//! composed once, and what is written of them.

use std::sync::LazyLock;
use std::thread;

use vanban::app::Folder;
use vanban::block::{Block, Document, Table};
use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Composed, Format, Input, Renderer};

use crate::hostile;

use super::{EVERY_KIND, EXAMPLES, RENDERER, every_kind, example, repository};

/// The templates with those of the tests laid over: what the built-in ones have
/// rarely.
pub static FORMS: LazyLock<Renderer> = LazyLock::new(|| {
    let folder = repository("tests/suite/templates-right");
    Renderer::new(Catalog::with_folder(&folder).unwrap(), FontSet::shipped()).unwrap()
});

/// A document, and what makes files of it.
pub struct Paper {
    /// Such as `plan/full` or the name of an example.
    pub name: String,
    pub composed: Composed,
    renderer: &'static Renderer,
}

impl Paper {
    fn new(name: String, renderer: &'static Renderer, input: &Input<'_>) -> Self {
        let composed = renderer.compose(input).unwrap_or_else(|found| panic!("{name}: {found:#?}"));
        Self { name, composed, renderer }
    }

    /// Writes it in a format.
    pub fn write(&self, format: Format) -> Vec<u8> {
        self.renderer.write(&self.composed, format).unwrap_or_else(|e| panic!("{}: {e}", self.name))
    }

    /// A name that a file can have.
    pub fn file_stem(&self) -> String {
        self.name.replace('/', "-")
    }
}

/// Samples of all templates, the examples, those with images, and papers derived from
/// them.
pub static PAPERS: LazyLock<Vec<Paper>> = LazyLock::new(|| {
    let mut papers = Vec::new();
    for name in EXAMPLES {
        let yaml = example(name);
        papers.push(Paper::new(name.to_owned(), &RENDERER, &Input::new(name, yaml.as_bytes())));
    }
    let path = repository("examples/electronic/cong-van.yaml");
    let (yaml, folder) = (std::fs::read_to_string(&path).unwrap(), Folder::of(&path));
    let input = Input::new("electronic", yaml.as_bytes()).with_files(&folder);
    papers.push(Paper::new("electronic".to_owned(), &RENDERER, &input));
    for template in FORMS.catalog().templates() {
        let id = &template.manifest.id;
        for (name, full) in [("full", true), ("minimal", false)] {
            let sample = template.sample(full);
            // The least data of another template may be too little for a paper that
            // is derived from it.
            if full || sample.contains(&format!("template: {id}\n")) {
                let input = Input { template: Some(id), ..Input::new(id, sample.as_bytes()) };
                papers.push(Paper::new(format!("{id}/{name}"), &FORMS, &input));
            }
        }
    }
    // Long tables and charts.
    for name in EXAMPLES {
        let yaml = example(name);
        for template in RENDERER.catalog().templates() {
            let id = &template.manifest.id;
            if template.manifest.derives_from.is_some() {
                let input = Input { template: Some(id), ..Input::new(name, yaml.as_bytes()) };
                papers.push(Paper::new(format!("{name}/{id}"), &RENDERER, &input));
            }
        }
    }
    let yaml = every_kind();
    papers.push(Paper::new("every-kind".to_owned(), &EVERY_KIND, &Input::new("", yaml.as_bytes())));
    // Texts that would do something in a format, in every field but the one that is
    // printed beside the names of agencies.
    let mut hostile = hostile::plan(&hostile::HOSTILE.join(" "), &mut Vec::new());
    hostile["place"] = "#x".into();
    let json = hostile.to_string();
    papers.push(Paper::new("hostile".to_owned(), &RENDERER, &Input::new("", json.as_bytes())));
    papers
});

/// The PDF files of the papers.
pub static PDF: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| each(&PAPERS, |paper| paper.write(Format::Pdf)));

/// The Word files of the papers.
pub static DOCX: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| each(&PAPERS, |paper| paper.write(Format::Docx)));

/// Does something with each of many things, on all cores; the results in order.
pub fn each<T: Sync, R: Send>(list: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let part = list.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let work = &work;
        let parts = list.chunks(part);
        let jobs = parts.map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<_>>()));
        let jobs: Vec<_> = jobs.collect();
        let results = jobs.into_iter().flat_map(|job| match job.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        results.collect()
    })
}

/// The tables of a document.
pub fn tables(document: &Document) -> Vec<&Table> {
    fn collect<'a>(blocks: &'a [Block], out: &mut Vec<&'a Table>) {
        for block in blocks {
            match block {
                Block::Table(table) => out.push(table),
                Block::Section(section) => collect(&section.content, out),
                Block::List(items) => items.iter().for_each(|item| collect(&item.children, out)),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    collect(&document.body, &mut out);
    document.annexes.iter().for_each(|annex| collect(&annex.content, &mut out));
    out
}
