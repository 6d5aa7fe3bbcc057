//! Everything that is data: templates, layouts, fonts, kinds of documents.

mod agencies;
mod assets;
mod bundle;
mod check;
mod column;
mod defect;
mod fonts;
mod issuer;
mod kinds;
mod laws;
mod procedure;
mod procedures;
mod repealed;
mod schema;
mod template;
mod units;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

pub use agencies::{Agencies, Agency, AgencyLevel, Certainty};
pub use assets::{AssetError, Assets};
pub use check::{Check, paths, unknown_key};
pub use column::{Column, ColumnKind, ITEM};
pub use defect::{Defect, Wording};
pub use fonts::{FontFile, FontSet, FontSource};
pub use issuer::{Issuer, UnknownIssuer};
pub use kinds::{kind, kind_meant};
pub use laws::{Confidence, Law, LawState, LawTitle, Laws};
pub use procedure::{Basis, Clock, CopySet, Limit, Need, Paper, Procedure, Side};
pub use repealed::Repealed;
pub use schema::{Schema, Shape, ShapeKind};
pub use template::{Choice, Evidence, Exception, Form, InForce, Manifest, Template};
pub use units::{Unit, UnitKind, Units, split_kind};

use bundle::SharedSchemas;
use procedures::Procedures;

use crate::base::Finding;
use crate::viet::fold;

/// The templates at hand: the built-in ones, with the user's folder laid over.
#[derive(Debug)]
pub struct Catalog {
    assets: Assets,
    templates: BTreeMap<String, Arc<Template>>,
    shared_schemas: Arc<SharedSchemas>,
    profile_schema: OnceLock<Result<Schema, String>>,
    case_schema: OnceLock<Result<Schema, String>>,
    procedures: OnceLock<Procedures>,
}

/// Why the catalogue cannot be read or used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A file could not be read.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// A manifest or schema is not well-formed.
    #[error("`{path}`: {message}")]
    Malformed {
        /// The file inside the template folder.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// Two folders claim the same id.
    #[error("template `{id}` stands both in `{first}` and in `{second}`")]
    Duplicate {
        /// The id.
        id: String,
        /// One folder.
        first: String,
        /// The other.
        second: String,
    },
    /// A template is derived from one that does not exist or has no data of its
    /// own.
    #[error("template `{id}` is derived from `{source_id}`, which has no schema of its own")]
    NoSource {
        /// The id.
        id: String,
        /// What its manifest names.
        source_id: String,
    },
    /// No template has the id.
    #[error("there is no template `{id}`; `vanban templates` lists them{}", near.as_ref().map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default())]
    Unknown {
        /// The id asked for.
        id: String,
        /// The nearest id, if one is near.
        near: Option<String>,
    },
}

impl Catalog {
    /// The built-in templates.
    ///
    /// # Panics
    ///
    /// If they cannot be read: a mistake in the program, which a test finds.
    pub fn builtin() -> Arc<Self> {
        static BUILTIN: OnceLock<Arc<Catalog>> = OnceLock::new();
        let make = || {
            let catalog = Self::read(Assets::builtin());
            Arc::new(catalog.expect("the built-in templates are read by a test"))
        };
        BUILTIN.get_or_init(make).clone()
    }

    /// The built-in templates with a folder laid over them by path: where both
    /// have a file, the folder's wins.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read or a manifest in it is not well-formed.
    pub fn with_folder(folder: &Path) -> Result<Arc<Self>, CatalogError> {
        Ok(Arc::new(Self::read(Assets::with_folder(folder)?)?))
    }

    fn read(assets: Assets) -> Result<Self, CatalogError> {
        let shared = assets.below("_schema/").map(|(path, _)| path);
        let shared: Result<Vec<_>, AssetError> =
            shared.map(|path| Ok((path.to_owned(), assets.text(path)?.to_owned()))).collect();
        let shared = Arc::new(SharedSchemas::new(shared?));
        let mut templates: BTreeMap<String, Arc<Template>> = BTreeMap::new();
        let mut derived = Vec::new();
        for path in assets.paths().filter(|path| path.ends_with("/template.toml")) {
            let template = Template::read(&assets, &shared, path)?;
            let id = template.manifest.id.clone();
            if let Some(other) = templates.get(&id) {
                return Err(CatalogError::Duplicate {
                    id,
                    first: other.folder.clone(),
                    second: template.folder.clone(),
                });
            }
            if template.manifest.derives_from.is_some() {
                derived.push(template);
            } else {
                templates.insert(id, Arc::new(template));
            }
        }
        let sources = templates.clone();
        for mut template in derived {
            let id = template.manifest.id.clone();
            let Some(source) = sources.get(template.data_id()) else {
                return Err(CatalogError::NoSource {
                    id,
                    source_id: template.data_id().to_owned(),
                });
            };
            template.adopt(source);
            if let Some(other) = templates.get(&id) {
                return Err(CatalogError::Duplicate {
                    id,
                    first: other.folder.clone(),
                    second: template.folder,
                });
            }
            templates.insert(id, Arc::new(template));
        }
        Ok(Self {
            assets,
            templates,
            shared_schemas: shared,
            profile_schema: OnceLock::new(),
            case_schema: OnceLock::new(),
            procedures: OnceLock::new(),
        })
    }

    /// The files that templates are made of.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// All templates, by id.
    pub fn templates(&self) -> impl Iterator<Item = &Arc<Template>> {
        self.templates.values()
    }

    /// All procedures that can be used, by id; read when they are first asked for.
    pub fn procedures(&self) -> impl Iterator<Item = &Arc<Procedure>> {
        self.all_procedures().by_id.values()
    }

    /// The procedure with this id.
    pub fn procedure(&self, id: &str) -> Option<&Arc<Procedure>> {
        self.all_procedures().by_id.get(id)
    }

    /// What is wrong with the files of procedures that cannot be used.
    pub fn procedure_faults(&self) -> &[Finding] {
        &self.all_procedures().faults
    }

    fn all_procedures(&self) -> &Procedures {
        let read = || Procedures::read(&self.assets, |id| self.templates.contains_key(id));
        self.procedures.get_or_init(read)
    }

    /// The schema of a case as a whole: the data of many papers.
    ///
    /// # Errors
    ///
    /// If a shared schema file is not valid.
    pub fn case_schema(&self) -> Result<&Schema, CatalogError> {
        self.shared_schema(&self.case_schema, "case")
    }

    /// The schema of a profile: what agencies say of themselves once for all their
    /// papers.
    ///
    /// # Errors
    ///
    /// If a shared schema file is not valid.
    pub fn profile_schema(&self) -> Result<&Schema, CatalogError> {
        self.shared_schema(&self.profile_schema, "profile")
    }

    /// A definition of the case model, compiled.
    fn shared_schema<'a>(
        &'a self,
        compiled: &'a OnceLock<Result<Schema, String>>,
        definition: &str,
    ) -> Result<&'a Schema, CatalogError> {
        let path = "_schema/case.json";
        let text = format!("{{\"$ref\": \"case.json#/$defs/{definition}\"}}");
        let compile = || Schema::compile((path, &text), &self.shared_schemas);
        compiled.get_or_init(compile).as_ref().map_err(|message| CatalogError::Malformed {
            path: path.to_owned(),
            message: message.clone(),
        })
    }

    /// The template with this id.
    ///
    /// # Errors
    ///
    /// If there is none; the error names the nearest id.
    pub fn template(&self, id: &str) -> Result<&Arc<Template>, CatalogError> {
        self.templates.get(id).ok_or_else(|| CatalogError::Unknown {
            id: id.to_owned(),
            near: nearest(id, self.templates.keys().map(String::as_str)).map(str::to_owned),
        })
    }
}

/// The candidate that was probably meant, if one is near enough. Case and
/// Vietnamese marks do not count.
pub fn nearest<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(given);
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.chars().count().min(given.chars().count()) / 4
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
