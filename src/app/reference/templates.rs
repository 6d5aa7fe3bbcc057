use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Reference, ReferenceError, query};
use crate::app::AppError;
use crate::base::{Digest, Language};
use crate::block::Kind;
use crate::catalog::{
    Choice, Defect, Evidence, Exception, Form, InForce, Issuer, Manifest, Template, kind,
    kind_meant,
};
use crate::input::read;
use crate::viet::fold;

/// Which templates are asked for: those that fit everything that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TemplateQuery {
    /// The kind of document: its code (`KH`) or its name (`ke hoach`). A form of a sector
    /// decree is of the kind with which its title starts.
    #[param(max_length = 200, required = false, example = "KH")]
    pub kind: Option<String>,
    /// The number of the law from which the form comes, or a part of it.
    #[param(max_length = 200, required = false, example = "163/2026")]
    pub source: Option<String>,
    /// Who issues the paper.
    #[param(required = false, inline)]
    pub issuer: Option<Issuer>,
    /// The id of a procedure that needs the paper.
    #[param(max_length = 200, required = false, example = "D-C18")]
    pub procedure: Option<String>,
    /// A day on which the form may be used.
    #[param(value_type = Option<String>, format = Date, required = false, example = "2026-07-01")]
    pub in_force_at: Option<NaiveDate>,
    /// Words of the title, of the source or of the form that it replaces; case and marks
    /// do not count.
    #[param(max_length = 200, required = false, example = "NĐ 116 mẫu 27")]
    pub q: Option<String>,
}

/// Templates. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateList<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// How many there are.
    pub total: usize,
    /// The templates, by id.
    pub templates: Vec<TemplateSummary<'a>>,
}

/// A template in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateSummary<'a> {
    /// The id that a data file names, and that stands in addresses.
    #[schema(example = "nd163-v-36")]
    pub id: &'a str,
    /// The version of the template.
    pub version: &'a str,
    /// The title in Vietnamese.
    pub title: &'a str,
    /// The title in English.
    pub title_en: &'a str,
    /// The code of the kind of document; empty for forms, and where the data names it.
    pub kind: &'a str,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind_name: Option<&'static str>,
    /// The layout: `nd30` for documents of Nghị định 30/2020/NĐ-CP, `form` for forms.
    pub layout: &'a str,
    /// Who issues the paper, where that is certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    /// Where the form comes from.
    pub source: &'a Form,
    /// What its looks rest on.
    pub evidence: Evidence,
    /// Whether it is a form that can be printed blank, to be filled in by hand.
    pub fill_in: bool,
    /// When it may be used.
    pub in_force: &'a InForce,
    /// The forms of earlier decrees in whose place it stands.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<Form>, required = false)]
    pub replaces: &'a [Form],
    /// The template whose data this one reads, if it has none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derives_from: Option<&'a str>,
    /// The ids of the procedures that need the paper.
    pub procedures: Vec<&'a str>,
    /// A SHA-256 of everything that makes the document's words and looks.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub digest: Digest,
}

/// A template with everything that its manifest says. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateReport<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// What a list says of it.
    pub template: TemplateSummary<'a>,
    /// The keys of the data from which a derived paper is made.
    #[schema(value_type = Vec<String>)]
    pub reads: &'a [String],
    /// What can be chosen for one rendering.
    #[schema(value_type = Vec<Choice>)]
    pub options: &'a [Choice],
    /// Where the blank form departs from what the gazette prints, and why.
    #[schema(value_type = Vec<Exception>)]
    pub exceptions: &'a [Exception],
    /// The faults of the form as the gazette prints it.
    #[schema(value_type = Vec<Defect>)]
    pub defects: &'a [Defect],
    /// The codes of the checks on data that the template declares.
    pub checks: Vec<&'a str>,
    /// The samples that there are.
    pub samples: Vec<&'static str>,
}

impl Reference {
    /// The templates that fit.
    ///
    /// # Errors
    ///
    /// If the kind or the procedure is not known.
    pub fn templates(&self, query: &TemplateQuery) -> Result<TemplateList<'_>, ReferenceError> {
        if let Some(id) = &query.procedure {
            self.procedure_of(id).map_err(|unknown| unknown.of_parameter("procedure"))?;
        }
        let kind = query.kind.as_deref().map(kind_of).transpose()?;
        let fits = |one: &&Arc<Template>| {
            kind.is_none_or(|kind| is_of_kind(&one.manifest, kind))
                && self.fits(&one.manifest, query)
        };
        let all = self.catalog.templates().filter(fits);
        let templates: Vec<_> = all.map(|one| self.summary(one)).collect();
        Ok(TemplateList { version: 1, total: templates.len(), templates })
    }

    /// The template with this id.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn template(&self, id: &str) -> Result<TemplateReport<'_>, ReferenceError> {
        let template = self.template_of(id)?;
        let manifest = &template.manifest;
        Ok(TemplateReport {
            version: 1,
            template: self.summary(template),
            reads: &manifest.reads,
            options: &manifest.options,
            exceptions: &manifest.exceptions,
            defects: &manifest.defects,
            checks: template.checks().iter().map(|check| check.rule.code.as_str()).collect(),
            samples: vec!["minimal", "full"],
        })
    }

    /// The sample data of a template, in JSON.
    ///
    /// # Errors
    ///
    /// If there is no such template, or its sample is no data.
    pub fn sample(&self, id: &str, full: bool) -> Result<Value, ReferenceError> {
        let template = self.template_of(id)?;
        let (_, data) = read("sample", template.sample(full).as_bytes()).map_err(|findings| {
            let words = findings.iter().map(|one| one.text(Language::En).to_owned());
            AppError::NotReady(words.collect::<Vec<_>>().join("; ").into())
        })?;
        Ok(data.to_json())
    }

    fn fits(&self, manifest: &Manifest, query: &TemplateQuery) -> bool {
        let source = query.source.as_deref();
        let words = query.q.as_deref();
        let procedure = query.procedure.as_deref();
        query::has(&manifest.source.law, source)
            && query.issuer.is_none_or(|issuer| manifest.issuer == Some(issuer))
            && procedure.is_none_or(|id| self.procedures_with(&manifest.id).any(|one| one == id))
            && query::holds(&manifest.in_force, query.in_force_at)
            && words.is_none_or(|words| manifest.is_meant_by(words))
    }

    fn summary<'a>(&'a self, template: &'a Arc<Template>) -> TemplateSummary<'a> {
        let manifest = &template.manifest;
        TemplateSummary {
            id: &manifest.id,
            version: &manifest.version,
            title: &manifest.title,
            title_en: &manifest.title_en,
            kind: &manifest.kind,
            kind_name: kind(&manifest.kind).map(|kind| kind.name.as_str()),
            layout: &manifest.layout,
            issuer: manifest.issuer,
            source: &manifest.source,
            evidence: manifest.evidence,
            fill_in: manifest.is_filled_in(),
            in_force: &manifest.in_force,
            replaces: &manifest.replaces,
            derives_from: manifest.derives_from.as_deref(),
            procedures: self.procedures_with(&manifest.id).collect(),
            digest: self.digests[&manifest.id],
        }
    }
}

fn kind_of(words: &str) -> Result<&'static Kind, ReferenceError> {
    kind_meant(words).ok_or_else(|| {
        ReferenceError::parameter(
            "kind",
            format!("không có loại văn bản `{words}`; ghi chữ viết tắt (`KH`) hoặc tên loại"),
            format!("there is no kind `{words}`; give its code (`KH`) or its name"),
        )
    })
}

/// Whether a template is of a kind: a form of a sector decree by its title.
fn is_of_kind(manifest: &Manifest, wanted: &Kind) -> bool {
    if manifest.kind.is_empty() {
        let (title, name) = (fold(&manifest.title), fold(&wanted.name));
        let rest = title.strip_prefix(&name);
        return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    }
    kind(&manifest.kind).is_some_and(|own| own.name == wanted.name)
}
