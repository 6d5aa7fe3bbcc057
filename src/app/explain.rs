use serde::Serialize;
use utoipa::ToSchema;

use super::AppError;
use crate::base::{Example, Language, Rule, Severity, cite, example, family_title, rule, rules};
use crate::catalog::{Catalog, nearest};

/// A rule as `vanban explain` tells it, in one language.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleView<'a> {
    /// The stable code.
    pub code: &'a str,
    /// How much a breach matters.
    pub severity: Severity,
    /// What is wrong; what a finding fills in is named, as in `‹giới hạn›`.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The clause that asks for it, such as `PL1-I.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<&'a str>,
    /// The template that declares the rule as a check of its own; the first, where
    /// several share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<&'a str>,
    /// The clause as officials cite it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citation: Option<String>,
    /// The rule broken and kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleView>,
}

/// An example of a rule broken and kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExampleView {
    /// What the two texts are.
    pub form: ExampleForm,
    /// The template whose data they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<&'static str>,
    /// What breaks the rule.
    pub wrong: &'static str,
    /// What keeps it.
    pub right: &'static str,
}

/// What the texts of an example are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExampleForm {
    /// Keys of a data file, in YAML.
    Data,
    /// Parts of a content template.
    Content,
    /// A description.
    Text,
}

/// The rules whose codes start with the same letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct FamilyView<'a> {
    /// The letters.
    pub family: &'a str,
    /// What the rules are about.
    pub title: &'a str,
    /// The rules, in the order in which they are declared.
    pub rules: Vec<RuleView<'a>>,
}

impl<'a> RuleView<'a> {
    /// The rule with this code, also one that a template declares; case does not
    /// matter.
    ///
    /// # Errors
    ///
    /// If no rule has the code; the error names the nearest one.
    pub fn of_code(code: &str, catalog: &'a Catalog, language: Language) -> Result<Self, AppError> {
        let upper = code.trim().to_uppercase();
        if let Some(rule) = rule(&upper) {
            return Ok(Self::new(rule, language));
        }
        if let Some((template, rule)) = declared(catalog).find(|(_, rule)| rule.code == upper) {
            return Ok(Self { template: Some(template), ..Self::new(rule, language) });
        }
        Err(AppError::UnknownCode { code: code.to_owned(), near: nearest_code(code) })
    }

    fn new(rule: &'a Rule, language: Language) -> Self {
        Self {
            template: None,
            code: &rule.code,
            severity: rule.severity,
            message: rule.general_message(language),
            hint: rule.general_hint(language),
            clause: rule.clause.as_deref(),
            citation: rule.clause.as_deref().map(cite),
            example: example(&rule.code).map(|example| ExampleView::new(example, language)),
        }
    }
}

impl ExampleView {
    fn new(example: &'static Example, language: Language) -> Self {
        match example {
            Example::Data { template, wrong, right } => {
                Self { form: ExampleForm::Data, template: Some(template), wrong, right }
            }
            Example::Content { wrong, right } => {
                Self { form: ExampleForm::Content, template: None, wrong, right }
            }
            Example::Text { wrong, right } => Self {
                form: ExampleForm::Text,
                template: None,
                wrong: wrong.get(language),
                right: right.get(language),
            },
        }
    }
}

impl<'a> FamilyView<'a> {
    /// All rules by family; families come in the order of their first rules.
    pub fn all(language: Language) -> Vec<Self> {
        let mut families: Vec<Self> = Vec::new();
        for rule in rules() {
            let view = RuleView::new(rule, language);
            let family = rule.family();
            match families.iter_mut().find(|one| one.family == family) {
                Some(known) => known.rules.push(view),
                None => families.push(Self {
                    family,
                    title: family_title(family).map_or(family, |title| title.get(language)),
                    rules: vec![view],
                }),
            }
        }
        families
    }

    /// The checks that templates declare, by family; one that several share stands there
    /// once.
    pub fn declared(catalog: &'a Catalog, language: Language) -> Vec<Self> {
        let mut families: Vec<Self> = Vec::new();
        for (template, rule) in declared(catalog) {
            let view = || RuleView { template: Some(template), ..RuleView::new(rule, language) };
            match families.iter_mut().find(|one| one.family == rule.family()) {
                Some(known) if known.rules.iter().any(|one| one.code == rule.code) => {}
                Some(known) => known.rules.push(view()),
                None => families.push(Self {
                    family: rule.family(),
                    title: match language {
                        Language::Vi => "kiểm tra riêng của mẫu",
                        Language::En => "checks of templates",
                    },
                    rules: vec![view()],
                }),
            }
        }
        families
    }
}

/// The rules that templates declare as checks, with the template.
fn declared(catalog: &Catalog) -> impl Iterator<Item = (&str, &Rule)> {
    catalog.templates().flat_map(|template| {
        let id = template.manifest.id.as_str();
        template.checks().iter().map(move |check| (id, &check.rule))
    })
}

/// The code that was probably meant: of the same family, if there is one.
fn nearest_code(code: &str) -> Option<String> {
    let upper = code.trim().to_uppercase();
    let codes = || rules().iter().map(|rule| rule.code.as_str());
    let family = rules().iter().map(Rule::family).find(|family| upper.starts_with(family));
    let relatives = codes().filter(|code| family.is_some_and(|family| code.starts_with(family)));
    nearest(code, relatives).or_else(|| nearest(code, codes())).map(str::to_owned)
}
