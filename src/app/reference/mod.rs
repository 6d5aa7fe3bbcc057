//! What can be looked up: templates, procedures, rules, units, laws.
//!
//! Answers of a running service, so they have versions and bounds; what costs time is
//! worked out once, when the [`Reference`] is made.

mod error;
mod laws;
mod procedures;
mod query;
mod rules;
mod templates;
mod units;
mod version;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use error::{ReferenceError, Thing};
pub use laws::{LawList, LawQuery, LawReport, LawView};
pub use procedures::{ProcedureQuery, ProcedureReport, ProcedureSummary, Procedures};
pub use query::{Count, LONGEST, NoCount};
pub use rules::{RuleList, RuleReport};
pub use templates::{TemplateList, TemplateQuery, TemplateReport, TemplateSummary};
pub use units::{ProvinceView, UnitList, UnitQuery, UnitView};
pub use version::{DataSet, VersionView};

use super::AppError;
use crate::base::Digest;
use crate::catalog::{Catalog, Procedure, Template, nearest};

/// Everything that can be looked up, with what is known of it once for all.
#[derive(Debug)]
pub struct Reference {
    catalog: Arc<Catalog>,
    /// The digest of each template, by id.
    digests: BTreeMap<String, Digest>,
    version: VersionView,
}

impl Reference {
    /// Takes a catalogue.
    ///
    /// # Errors
    ///
    /// If a file of a template is missing.
    pub fn new(catalog: Arc<Catalog>) -> Result<Self, AppError> {
        let digest = |template: &Arc<Template>| {
            Ok((template.manifest.id.clone(), template.digest(catalog.assets())?))
        };
        let digests: Result<_, AppError> = catalog.templates().map(digest).collect();
        let digests = digests?;
        let version = VersionView::of(&catalog, &digests);
        Ok(Self { catalog, digests, version })
    }

    /// The hash of everything that makes the words and looks of a template; none of one
    /// that is not in the catalogue.
    pub fn digest(&self, template: &Template) -> Option<Digest> {
        self.digests.get(&template.manifest.id).copied()
    }

    /// The templates and procedures.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The versions of the program and of its data.
    pub fn version(&self) -> &VersionView {
        &self.version
    }

    /// The ids of the procedures that make a paper with a template.
    fn procedures_with<'a>(&'a self, template: &'a str) -> impl Iterator<Item = &'a str> {
        let makes = move |one: &&Arc<Procedure>| makes(one, template);
        self.catalog.procedures().filter(makes).map(|one| one.id.as_str())
    }

    /// That there is no template with an id, and which one is near.
    pub fn no_template(&self, id: &str) -> ReferenceError {
        let ids = self.catalog.templates().map(|one| one.manifest.id.as_str());
        ReferenceError::unknown(Thing::Template, id, nearest(id, ids))
    }

    fn procedure_of(&self, id: &str) -> Result<&Arc<Procedure>, ReferenceError> {
        self.catalog.procedure(id).ok_or_else(|| {
            let ids = self.catalog.procedures().map(|one| one.id.as_str());
            ReferenceError::unknown(Thing::Procedure, id, nearest(id, ids))
        })
    }

    fn template_of(&self, id: &str) -> Result<&Arc<Template>, ReferenceError> {
        self.catalog.template(id).map_err(|_| self.no_template(id))
    }
}

/// Whether a procedure makes a paper with a template.
fn makes(procedure: &Procedure, template: &str) -> bool {
    procedure.papers.iter().any(|paper| paper.template.as_deref() == Some(template))
}
