use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Bilingual, Severity};

/// A rule that a document or its data can break, as `rules.toml` or a check in
/// the manifest of a template states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The stable code, such as `PG03`.
    pub code: String,
    /// How much a breach matters.
    pub severity: Severity,
    /// The clause it comes from; `None` for rules of the program itself.
    pub clause: Option<String>,
    /// What is wrong, with placeholders in braces.
    pub message: Bilingual,
    /// What to do about it.
    pub hint: Option<Bilingual>,
}

/// All rules, in the order of the file.
pub fn rules() -> &'static [Rule] {
    &TABLE.rules
}

/// The rule with this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    TABLE.by_code.get(code).map(|at| &TABLE.rules[*at])
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::load);

struct Table {
    rules: Vec<Rule>,
    by_code: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    severity: Severity,
    clause: Option<String>,
    vi: String,
    en: String,
    hint_vi: Option<String>,
    hint_en: Option<String>,
}

impl Table {
    fn load() -> Self {
        let file: File = toml::from_str(include_str!("../../templates/_data/rules.toml"))
            .expect("rules.toml is part of the program and a test reads it");
        let rules: Vec<Rule> = file.rule.into_iter().map(Entry::into_rule).collect();
        let by_code = rules.iter().enumerate().map(|(at, rule)| (rule.code.clone(), at)).collect();
        Self { rules, by_code }
    }
}

impl Entry {
    fn into_rule(self) -> Rule {
        let hint = match (self.hint_vi, self.hint_en) {
            (Some(vi), Some(en)) => Some(Bilingual { vi, en }),
            _ => None,
        };
        Rule {
            code: self.code,
            severity: self.severity,
            clause: self.clause,
            message: Bilingual { vi: self.vi, en: self.en },
            hint,
        }
    }
}
