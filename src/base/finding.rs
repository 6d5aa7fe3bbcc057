use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use super::{Bilingual, Cell, Language, Position, Rule, SourceText, rule};

/// How much a finding matters.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document breaks a rule or cannot be made.
    Error,
    /// The document departs from a form or from near-universal practice.
    Warning,
    /// Worth a look; nothing is wrong with the document.
    Advice,
}

/// Where in the user's file a finding lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The text that the finding is about.
    pub source: SourceText,
    /// The bytes of that text.
    pub span: Range<usize>,
    /// The JSON pointer (RFC 6901) of the value; empty for the whole document
    /// or where there is no value.
    pub pointer: String,
}

impl Place {
    /// Line and column at which the place starts.
    pub fn start(&self) -> Position {
        self.source.position(self.span.start)
    }

    /// The cell in which the place lies, if it lies in a table.
    pub fn cell(&self) -> Option<&Cell> {
        self.source.cell()
    }

    /// The same place in the text that it comes from, where the source is one of
    /// several texts put together.
    #[must_use]
    pub fn settled(self) -> Self {
        let Some((part, start)) = self.source.part_at(self.span.start) else { return self };
        let within = |offset: usize| offset.saturating_sub(start).min(part.text().len());
        let span = within(self.span.start)..within(self.span.end);
        Self { source: part.clone(), span, pointer: self.pointer }
    }
}

/// Something that the user can mend: what, where, why and how.
///
/// Its texts come from the list of rules ([`rule`]) or from a check that a
/// template declares, so every finding has a stable code, both languages and,
/// where a law asks for it, a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code, such as `PG03`.
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in both languages.
    pub message: Bilingual,
    /// What to do about it, if there is something to say.
    pub hint: Option<Bilingual>,
    /// The clause that asks for it, for example `PL1-I.3` (Nghị định 30/2020,
    /// Phụ lục I, Phần I, Mục I, khoản 3).
    pub clause: Option<Cow<'static, str>>,
    /// Where, if the finding has a place.
    pub place: Option<Place>,
}

impl Finding {
    /// Starts a finding of the rule with this code; its texts still hold the
    /// placeholders that [`with`](Self::with) fills.
    ///
    /// # Panics
    ///
    /// If no rule has the code; a test compares every code used in the sources
    /// with the list of rules.
    pub fn new(code: &str) -> Self {
        let rule = rule(code).expect("every code used in the sources is in rules.toml");
        Self {
            code: Cow::Borrowed(&rule.code),
            severity: rule.severity,
            message: rule.message.clone(),
            hint: rule.hint.clone(),
            clause: rule.clause.as_deref().map(Cow::Borrowed),
            place: None,
        }
    }

    /// Starts a finding of a rule that is not in the list: a check that a
    /// template declares.
    pub fn of(rule: &Rule) -> Self {
        Self {
            code: Cow::Owned(rule.code.clone()),
            severity: rule.severity,
            message: rule.message.clone(),
            hint: rule.hint.clone(),
            clause: rule.clause.clone().map(Cow::Owned),
            place: None,
        }
    }

    /// Fills the placeholder `{name}` in message and hint.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Bilingual>) -> Self {
        let value = value.into();
        self.message.fill(name, &value);
        if let Some(hint) = &mut self.hint {
            hint.fill(name, &value);
        }
        self
    }

    /// Sets the hint where the rule has none or a better one is known.
    #[must_use]
    pub fn hint(mut self, hint: Bilingual) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Asks whether `near` was meant, if there is something near.
    #[must_use]
    pub fn suggest(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.hint(Bilingual::new(
                format!("có phải bạn muốn viết `{near}`?"),
                format!("did you mean `{near}`?"),
            )),
            None => self,
        }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The message in one language.
    pub fn text(&self, language: Language) -> &str {
        self.message.get(language)
    }
}

/// Whether one of the findings is an error.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
