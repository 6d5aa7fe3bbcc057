use serde::Serialize;
use utoipa::ToSchema;

use super::{Reference, ReferenceError, Thing};
use crate::app::{AppError, FamilyView, RuleView};
use crate::base::Language;

/// All codes of findings, by family. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleList<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// The families: rules whose codes start with the same letters.
    pub families: Vec<FamilyView<'a>>,
}

/// A rule. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleReport<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// The rule.
    pub rule: RuleView<'a>,
}

impl Reference {
    /// The rules of the program and the checks that templates declare.
    pub fn rules(&self, language: Language) -> RuleList<'_> {
        let mut families = FamilyView::all(language);
        families.extend(FamilyView::declared(&self.catalog, language));
        RuleList { version: 1, families }
    }

    /// The rule with this code.
    ///
    /// # Errors
    ///
    /// If no rule has it.
    pub fn rule(&self, code: &str, language: Language) -> Result<RuleReport<'_>, ReferenceError> {
        let rule = RuleView::of_code(code, &self.catalog, language);
        let rule = rule.map_err(|error| match error {
            AppError::UnknownCode { code, near } => {
                ReferenceError::unknown(Thing::Rule, &code, near.as_deref())
            }
            other => other.into(),
        })?;
        Ok(RuleReport { version: 1, rule })
    }
}
