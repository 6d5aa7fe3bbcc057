use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use utoipa::ToSchema;

use super::bundle::SharedSchemas;
use super::{AssetError, Assets, CatalogError, Check, Defect, Issuer, Schema};
use crate::base::{Bilingual, Digest, Finding, SourceText};
use crate::viet::fold;

/// A template: a folder with a manifest, a content template, a schema and
/// samples.
#[derive(Debug)]
pub struct Template {
    /// What the manifest says.
    pub manifest: Manifest,
    /// The folder, for example `plan/plan`.
    pub folder: String,
    /// Shared with the templates that are derived from this one.
    schema: Arc<OnceLock<Result<Schema, String>>>,
    /// Path and text of its own schema; empty where it is derived from another.
    own_schema: (String, String),
    shared_schemas: Arc<SharedSchemas>,
    checks: Vec<Check>,
    check_faults: Vec<Finding>,
    samples: [String; 2],
}

/// `template.toml`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this file format, 1.
    pub manifest: u8,
    /// The id that a data file names.
    pub id: String,
    /// The version of the template.
    pub version: String,
    /// The title in Vietnamese.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// The code of the kind of document.
    pub kind: String,
    /// The layout.
    pub layout: String,
    /// Who issues the paper, where that is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    /// The template whose data this one reads, if it has none of its own: the
    /// paper is derived from a document of that template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derives_from: Option<String>,
    /// The keys of that data from which the paper is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<String>,
    /// What can be chosen for one rendering, with `--option`.
    #[serde(default, rename = "option", skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Where the form comes from.
    pub source: Form,
    /// What its looks rest on.
    #[serde(default)]
    pub evidence: Evidence,
    /// Whether it is a form to be filled in, although no sector decree prescribes it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fill_in: bool,
    /// When it may be used.
    pub in_force: InForce,
    /// The forms of earlier decrees in whose place it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Form>,
    /// Where the blank form departs from what the gazette prints, and why.
    #[serde(default, rename = "exception", skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// The faults of the form as the gazette prints it, and what is done about each.
    #[serde(default, rename = "defect", skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Defect>,
    /// Checks that it shares with other templates: files of `_checks`, without
    /// `.toml`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// Its checks as they are written; [`Template::checks`] has them read.
    #[serde(default, skip_serializing)]
    check: Vec<Spanned<toml::Value>>,
}

impl Manifest {
    /// Whether it is a form that a sector decree prescribes.
    pub fn is_form(&self) -> bool {
        self.layout == "form"
    }

    /// Whether it is a form to be filled in, by hand too: one of a sector decree, or one
    /// that says so of itself.
    pub fn is_filled_in(&self) -> bool {
        self.fill_in || self.is_form()
    }

    /// Whether it is such a form and no law has a sample of it.
    pub fn is_unofficial_form(&self) -> bool {
        self.is_filled_in() && self.evidence == Evidence::Inferred
    }

    /// Whether it is meant by some words: all of them stand in its id, its titles, its
    /// source or in what it replaces. Case and marks do not matter.
    pub fn is_meant_by(&self, words: &str) -> bool {
        let titles = format!("{} {}", self.title, self.title_en);
        let own = format!("{} {titles} {} {}", self.id, self.source.law, self.source.form);
        // The number of an old form is not that of this one.
        let old = self.replaces.iter().map(|form| format!("{titles} {} {}", form.law, form.form));
        let mut places = std::iter::once(own).chain(old).map(|place| fold(&place));
        let apart = |text: &str| -> Vec<String> {
            let parts = text.split([' ', ',', '/', '-']).filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect()
        };
        let words = apart(&fold(words));
        places.any(|place| {
            let place = apart(&place);
            words.iter().all(|word| LOOSE.contains(&word.as_str()) || place.contains(word))
        })
    }
}

/// Words that people put before numbers or leave out.
const LOOSE: [&str; 2] = ["nd", "so"];

/// A file of checks that templates share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedChecks {
    check: Vec<Spanned<toml::Value>>,
}

/// What the looks of a form rest on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A sample form in the law that is in force.
    #[default]
    Decree,
    /// A sample form of a law that this one has replaced.
    Predecessor,
    /// No sample form: the general rules for all documents, and custom.
    Inferred,
}

impl Evidence {
    /// What a user must know about it; nothing where the law itself has the form.
    pub fn note(self) -> Option<Bilingual> {
        match self {
            Self::Decree => None,
            Self::Predecessor => Some(Bilingual::new(
                "theo mẫu của văn bản đã được thay thế",
                "after a form of a law since replaced",
            )),
            Self::Inferred => Some(Bilingual::new(
                "không phải mẫu chính thức",
                "no official form, built on the general rules",
            )),
        }
    }
}

/// An option of a template: a choice about one rendering that is no part of the
/// data.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The name, as in `--option NAME=VALUE`.
    pub name: String,
    /// What is chosen, in Vietnamese.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// The values that may be given; empty where they come from the data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Where in the data the values stand: a JSON pointer, in which `*` is any
    /// item. Then `all` makes one document for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The value where none is given.
    pub default: String,
}

impl Choice {
    /// The value that stands for all values of the data.
    pub const ALL: &str = "all";
}

/// The legal source of a form.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Number and symbol of the legal document.
    pub law: String,
    /// Annex and number of the form.
    pub form: String,
    /// The first and the last page of the gazette (Công báo) on which the form is
    /// printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gazette_pages: Option<[u32; 2]>,
}

/// Words of a statutory form that the template prints otherwise than the gazette:
/// a defect that it corrects, a footnote that it drops.
///
/// All else that a blank form says is what the gazette says, word for word; a test
/// compares them.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The words as the gazette prints them, wherever they stand in the form; as many
    /// as are needed to find the right place.
    pub gazette: String,
    /// The words that the template prints in their place; empty where it drops them.
    pub ours: String,
    /// Why.
    pub reason: String,
}

impl Exception {
    fn fault(&self) -> Option<&'static str> {
        let blank = |text: &str| text.trim().is_empty();
        if blank(&self.gazette) {
            Some("an `[[exception]]` needs words of the gazette in `gazette`")
        } else if blank(&self.reason) {
            Some("an `[[exception]]` needs a `reason`")
        } else if self.gazette == self.ours {
            Some("an `[[exception]]` needs other words in `ours` than in `gazette`")
        } else {
            None
        }
    }
}

/// The days on which a form is in force, both ends included.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// The first day.
    #[serde(with = "day")]
    #[schema(value_type = Option<String>, format = Date, required)]
    pub from: Option<NaiveDate>,
    /// The last day, if it has ended.
    #[serde(default, with = "day", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<NaiveDate>,
}

impl InForce {
    /// Whether it is in force on a day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

mod day {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
        let text = String::deserialize(from)?;
        NaiveDate::parse_from_str(&text, "%Y-%m-%d").map(Some).map_err(D::Error::custom)
    }

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands the field over by reference"
    )]
    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => to.collect_str(day),
            None => to.serialize_none(),
        }
    }
}

impl Template {
    pub(super) fn read(
        assets: &Assets,
        shared_schemas: &Arc<SharedSchemas>,
        path: &str,
    ) -> Result<Self, CatalogError> {
        let malformed =
            |message: String| CatalogError::Malformed { path: path.to_owned(), message };
        let mut manifest: Manifest =
            toml::from_str(assets.text(path)?).map_err(|error| malformed(error.to_string()))?;
        if manifest.manifest != 1 {
            return Err(malformed(format!("manifest version {} is not known", manifest.manifest)));
        }
        if let Some(fault) = manifest.exceptions.iter().find_map(Exception::fault) {
            return Err(malformed(fault.to_owned()));
        }
        let mut defects = manifest.defects.iter().enumerate();
        if let Some(fault) = defects.find_map(|(at, one)| one.fault(&manifest.defects[..at])) {
            return Err(malformed(fault.to_owned()));
        }
        manifest.options.extend(Defect::options(&manifest.defects));
        let folder = path.trim_end_matches("/template.toml").to_owned();
        let text = |name: &str| -> Result<String, AssetError> {
            assets.text(&format!("{folder}/{name}")).map(str::to_owned)
        };
        if manifest.derives_from.is_some() {
            if !manifest.check.is_empty() {
                let message = "checks stand in the manifest of the template that it derives from";
                return Err(malformed(message.to_owned()));
            }
            return Ok(Self {
                samples: Default::default(),
                manifest,
                checks: Vec::new(),
                check_faults: Vec::new(),
                own_schema: Default::default(),
                shared_schemas: shared_schemas.clone(),
                schema: Arc::default(),
                folder,
            });
        }
        let own_schema = (format!("{folder}/schema.json"), text("schema.json")?);
        let (mut checks, mut check_faults) = if manifest.check.is_empty() {
            Default::default()
        } else {
            let source = SourceText::new(path, assets.text(path)?);
            Check::read_all(&source, &manifest.id, &manifest.check, &[])
        };
        for name in &manifest.checks {
            let path = format!("_checks/{name}.toml");
            let source = SourceText::new(&*path, assets.text(&path)?);
            let shared: SharedChecks = toml::from_str(source.text()).map_err(|error| {
                CatalogError::Malformed { path: path.clone(), message: error.to_string() }
            })?;
            let (more, faults) = Check::read_all(&source, &manifest.id, &shared.check, &checks);
            checks.extend(more);
            check_faults.extend(faults);
        }
        Ok(Self {
            samples: [text("samples/minimal.yaml")?, text("samples/full.yaml")?],
            manifest,
            checks,
            check_faults,
            own_schema,
            shared_schemas: shared_schemas.clone(),
            schema: Arc::default(),
            folder,
        })
    }

    /// Takes schema, checks and samples from the template that this one is derived
    /// from.
    pub(super) fn adopt(&mut self, source: &Self) {
        self.checks.clone_from(&source.checks);
        self.check_faults.clone_from(&source.check_faults);
        self.schema = source.schema.clone();
        self.own_schema.clone_from(&source.own_schema);
        self.samples.clone_from(&source.samples);
    }

    /// The id that the data names: that of the source, where the template is
    /// derived from another.
    pub fn data_id(&self) -> &str {
        self.manifest.derives_from.as_deref().unwrap_or(&self.manifest.id)
    }

    /// The schema of its data, compiled on first use.
    ///
    /// # Errors
    ///
    /// If a schema file is not valid.
    pub fn schema(&self) -> Result<&Schema, CatalogError> {
        let (path, text) = &self.own_schema;
        let compile = || Schema::compile((path, text), &self.shared_schemas);
        self.schema.get_or_init(compile).as_ref().map_err(|message| CatalogError::Malformed {
            path: format!("{}/schema.json", self.folder),
            message: message.clone(),
        })
    }

    /// Whether several papers are made of the data that this template reads: it is
    /// derived from another, or one form of a case.
    pub fn shares_its_data(&self) -> bool {
        self.manifest.derives_from.is_some()
            || self.schema().is_ok_and(|schema| schema.knows("", "papers"))
    }

    /// The checks on data that its manifest declares, in the order of the file;
    /// those that cannot be used are in [`check_faults`](Self::check_faults).
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// What is wrong with the checks that its manifest declares.
    pub fn check_faults(&self) -> &[Finding] {
        &self.check_faults
    }

    /// The path of the content template.
    pub fn content_path(&self) -> String {
        format!("{}/content.xml", self.folder)
    }

    /// The sample data: the least that a document needs, or everything.
    pub fn sample(&self, full: bool) -> &str {
        &self.samples[usize::from(full)]
    }

    /// A hash of everything that makes the words: content template, shared
    /// components and schemas.
    ///
    /// # Errors
    ///
    /// If the content template is missing.
    pub fn digest(&self, assets: &Assets) -> Result<Digest, AssetError> {
        let mut bytes = assets.text(&self.content_path())?.as_bytes().to_vec();
        for (path, file) in assets.below("_content/").chain(assets.below("_layout/")) {
            bytes.extend_from_slice(path.as_bytes());
            bytes.extend_from_slice(file);
        }
        for (path, text) in [&self.own_schema].into_iter().chain(self.shared_schemas.files()) {
            bytes.extend_from_slice(path.as_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        Ok(Digest::of(&bytes))
    }
}
