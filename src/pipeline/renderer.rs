use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use chrono::NaiveDate;

use super::{Composed, Format, Profile};
use crate::base::Finding;
use crate::catalog::{Catalog, FontFile, FontSet, FontSource, Template};
use crate::content::Engine;
use crate::input::{Files, NoFiles};
use crate::output::OutputError;
use crate::output::pdf::{Fonts, Press, View};

/// What to render.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The name of the data file, for messages.
    pub name: &'a str,
    /// Its bytes: YAML or JSON.
    pub bytes: &'a [u8],
    /// The template, where it is not the one that the file names.
    pub template: Option<&'a str>,
    /// The files that the data names: images of signatures and seals.
    pub files: &'a dyn Files,
    /// Whether to print the form without data, to be filled by hand.
    pub blank: bool,
}

impl<'a> Input<'a> {
    /// A data file alone: no other files come with it, and it names its template.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self { name, bytes, template: None, files: &NoFiles, blank: false }
    }

    /// A form without data, to be filled by hand: with its notes, and dots for
    /// everything.
    pub fn blank(template: &'a str) -> Self {
        Self { template: Some(template), blank: true, ..Self::new("", b"{}") }
    }

    /// Gives the files that the data names.
    #[must_use]
    pub fn with_files(self, files: &'a dyn Files) -> Self {
        Self { files, ..self }
    }
}

/// A finished document.
#[derive(Debug)]
pub struct Rendered {
    /// The file.
    pub bytes: Vec<u8>,
    /// Warnings and advice; they do not change the file.
    pub findings: Vec<Finding>,
}

/// Why a document was not rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The user can mend it.
    #[error("{} findings", .0.len())]
    Findings(Vec<Finding>),
    /// The program or a layout failed.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Makes documents. Keep one alive and share it between threads: it remembers
/// compiled templates and laid-out parts.
#[derive(Debug)]
pub struct Renderer {
    catalog: Arc<Catalog>,
    fonts: FontSet,
    press: OnceLock<Arc<Press>>,
    engines: RwLock<HashMap<String, Arc<Engine>>>,
    pub(super) as_of: NaiveDate,
    pub(super) profile: Option<Profile>,
    /// How many cores are used; without a number, all of them.
    pub(super) cores: Option<usize>,
}

/// The date in the metadata of a document that has none and for which the
/// caller gives none: the day Nghị định 30/2020 came into force. A fixed day, for
/// the same data must give the same bytes.
const UNDATED: NaiveDate = NaiveDate::from_ymd_opt(2020, 3, 5).expect("the day exists");

impl Renderer {
    /// Takes templates and fonts; nothing is compiled before it is needed, and
    /// the shipped fonts are not read before the first PDF.
    ///
    /// # Errors
    ///
    /// If a font or a layout of the user cannot be used.
    pub fn new(catalog: Arc<Catalog>, fonts: FontSet) -> Result<Self, OutputError> {
        let renderer = Self {
            catalog,
            fonts,
            press: OnceLock::new(),
            engines: RwLock::new(HashMap::new()),
            as_of: UNDATED,
            profile: None,
            cores: None,
        };
        // What the user gave may be unusable, and that is to be said at once.
        let user = |file: &Arc<FontFile>| file.source == FontSource::User;
        if renderer.catalog.assets().folder().is_some() || renderer.fonts.files().iter().any(user) {
            let press = renderer.new_press()?;
            renderer.press.get_or_init(|| press);
        }
        Ok(renderer)
    }

    fn new_press(&self) -> Result<Arc<Press>, OutputError> {
        Press::new(self.catalog.assets(), Fonts::new(&self.fonts)?)
    }

    /// Sets the date in the metadata of documents that have none.
    #[must_use]
    pub fn as_of(mut self, date: NaiveDate) -> Self {
        self.as_of = date;
        self
    }

    /// Sets the date in the metadata of documents that have none, for those that come
    /// next; without one, as a new renderer has it.
    pub fn set_as_of(&mut self, date: Option<NaiveDate>) {
        self.as_of = date.unwrap_or(UNDATED);
    }

    /// Uses no more cores than that for the papers of one dossier.
    #[must_use]
    pub fn on_cores(mut self, cores: usize) -> Self {
        self.cores = Some(cores);
        self
    }

    /// The templates.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What lays pages out.
    ///
    /// # Panics
    ///
    /// Never: the shipped fonts and layouts are read by tests, those of the user when the
    /// renderer is made.
    pub fn press(&self) -> &Press {
        let make = || self.new_press().expect("the shipped fonts and layouts are read by tests");
        self.press.get_or_init(make)
    }

    pub(super) fn engine(&self, template: &Template) -> Result<Arc<Engine>, Vec<Finding>> {
        let id = &template.manifest.id;
        let known = self.engines.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(engine) = known.get(id) {
            return Ok(engine.clone());
        }
        drop(known);
        let engine = Arc::new(Engine::new(self.catalog.assets(), template)?);
        let mut known = self.engines.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(known.entry(id.clone()).or_insert(engine).clone())
    }

    /// Renders a data file.
    ///
    /// # Errors
    ///
    /// Findings of severity error, a failure of the layout, or more than one page in a
    /// format with a file a page.
    pub fn render(&self, input: &Input<'_>, format: Format) -> Result<Rendered, RenderError> {
        let composed = self.compose(input).map_err(RenderError::Findings)?;
        let bytes = self.write(&composed, format)?;
        Ok(Rendered { bytes, findings: composed.findings })
    }

    /// What the layout reads of a composed document.
    pub fn view<'a>(&'a self, composed: &'a Composed) -> View<'a> {
        View::new(&composed.document, self.press().fonts().families(), self.as_of)
    }
}
