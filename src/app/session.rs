use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use super::reference::Reference;
use super::{AppError, read_input};
use crate::base::Digest;
use crate::catalog::{Catalog, FontSet, FontSource, Manifest, Template};
use crate::output::pdf::Fonts;
use crate::pipeline::Renderer;

/// What a user can set for a whole run.
#[derive(Debug, Clone, Default)]
pub struct SessionOptions {
    /// A folder laid over the built-in templates.
    pub templates: Option<PathBuf>,
    /// A folder of fonts that are tried before the shipped ones.
    pub fonts: Option<PathBuf>,
    /// The date in the metadata of documents that have none.
    pub as_of: Option<NaiveDate>,
    /// The file in which agencies say what is true of them in all their papers.
    pub profile: Option<PathBuf>,
}

/// Templates, fonts and a renderer, as the options ask for them.
#[derive(Debug)]
pub struct Session {
    catalog: Arc<Catalog>,
    fonts: FontSet,
    as_of: Option<NaiveDate>,
    profile: Option<(String, Vec<u8>)>,
}

/// A template as `vanban templates` lists it. Version 1.
#[derive(Debug, Serialize)]
pub struct TemplateView<'a> {
    /// What the manifest says.
    #[serde(flatten)]
    pub manifest: &'a Manifest,
    /// A hash of everything that makes the document's words and looks.
    pub digest: Digest,
}

/// A font as `vanban fonts` lists it. Version 1.
#[derive(Debug, Serialize)]
pub struct FontView {
    /// The file name.
    pub file: String,
    /// The family.
    pub family: String,
    /// Whether it is shipped or the user's.
    pub source: &'static str,
    /// The SHA-256 of the file.
    pub sha256: Digest,
}

impl Session {
    /// Opens templates and fonts.
    ///
    /// # Errors
    ///
    /// If a folder or the profile cannot be read.
    pub fn open(options: &SessionOptions) -> Result<Self, AppError> {
        let catalog = match &options.templates {
            Some(folder) => Catalog::with_folder(folder)?,
            None => Catalog::builtin(),
        };
        let fonts = match &options.fonts {
            Some(folder) => FontSet::with_folder(folder)?,
            None => FontSet::shipped(),
        };
        let profile = options.profile.as_deref().map(read_input).transpose()?;
        Ok(Self { catalog, fonts, as_of: options.as_of, profile })
    }

    /// Takes a profile that has been read: its name and bytes.
    #[must_use]
    pub fn with_profile(self, profile: Option<(String, Vec<u8>)>) -> Self {
        Self { profile, ..self }
    }

    /// The profile as it was read: its name and bytes.
    pub fn profile(&self) -> Option<&(String, Vec<u8>)> {
        self.profile.as_ref()
    }

    /// Makes a renderer.
    ///
    /// # Errors
    ///
    /// If a font or layout cannot be used.
    pub fn renderer(&self) -> Result<Renderer, AppError> {
        let mut renderer = Renderer::new(self.catalog.clone(), self.fonts.clone())?;
        if let Some(date) = self.as_of {
            renderer = renderer.as_of(date);
        }
        if let Some((name, bytes)) = &self.profile {
            renderer = renderer.with_profile(name, bytes);
        }
        Ok(renderer)
    }

    /// What can be looked up.
    ///
    /// # Errors
    ///
    /// If a file of a template is missing.
    pub fn reference(&self) -> Result<Reference, AppError> {
        Reference::new(self.catalog.clone())
    }

    /// The catalogue.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The template with this id.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn template(&self, id: &str) -> Result<&Arc<Template>, AppError> {
        Ok(self.catalog.template(id)?)
    }

    /// All templates.
    ///
    /// # Errors
    ///
    /// If a file of a template is missing.
    pub fn templates(&self) -> Result<Vec<TemplateView<'_>>, AppError> {
        let view = |template: &'_ Arc<Template>| template.digest(self.catalog.assets());
        let list = self.catalog.templates();
        list.map(|template| {
            Ok(TemplateView { manifest: &template.manifest, digest: view(template)? })
        })
        .collect()
    }

    /// All fonts, in the order in which they are tried.
    ///
    /// # Errors
    ///
    /// If a file is not a font.
    pub fn fonts(&self) -> Result<Vec<FontView>, AppError> {
        let mut views = Vec::new();
        for file in self.fonts.files() {
            let family = Fonts::family_of(file)?;
            let source = match file.source {
                FontSource::Shipped => "shipped",
                FontSource::User => "user",
            };
            let sha256 = file.digest();
            views.push(FontView { file: file.name.clone(), family, source, sha256 });
        }
        Ok(views)
    }
}
