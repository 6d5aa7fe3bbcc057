use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::explanation::placeholder;
use super::{Bilingual, Language, Severity};

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

impl Rule {
    /// The family: the letters of the code, such as `PG`.
    pub fn family(&self) -> &str {
        self.code.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    /// The message for people who read about the rule: what is filled in where
    /// the rule is broken is named, as in `cỡ chữ ‹điều tìm thấy›`.
    pub fn general_message(&self, language: Language) -> String {
        general(self.message.get(language), language)
    }

    /// The hint, written like [`general_message`](Self::general_message).
    pub fn general_hint(&self, language: Language) -> Option<String> {
        self.hint.as_ref().map(|hint| general(hint.get(language), language))
    }
}

/// A text of a rule with names for its placeholders.
fn general(text: &str, language: Language) -> String {
    let mut out = text.to_owned();
    for name in placeholders(text) {
        let meaning = placeholder(name).map_or(name, |meaning| meaning.get(language));
        out = out.replace(&format!("{{{name}}}"), &format!("‹{meaning}›"));
    }
    out
}

/// The names of the placeholders of a text: lower-case letters in braces.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    names.filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Words with which the full name of a legal document starts.
const LAWS: [&str; 7] =
    ["Luật", "Bộ luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Quyết định", "Thông tư"];

/// A clause as officials cite it: `PL1-II.5.b` is `Nghị định 30/2020/NĐ-CP, Phụ lục
/// I, Phần I, Mục II, khoản 5, điểm b`, `PL3, Mẫu 1.2` is `Phụ lục III, Mẫu 1.2` of
/// it. A clause that names its law is not of the decree.
pub fn cite(clause: &str) -> String {
    if LAWS.iter().any(|law| clause.contains(law)) {
        return clause.to_owned();
    }
    let mut words = String::from("Nghị định 30/2020/NĐ-CP, ");
    let Some(rest) = clause.strip_prefix("PL1-") else {
        let annex = clause.strip_prefix("PL").and_then(|rest| rest.split_at_checked(1));
        let roman = |number: &str| {
            Some(
                *["I", "II", "III", "IV", "V", "VI"]
                    .get(number.parse::<usize>().ok()?.checked_sub(1)?)?,
            )
        };
        match annex.and_then(|(number, rest)| Some((roman(number)?, rest))) {
            Some((number, rest)) => words.push_str(&format!("Phụ lục {number}{rest}")),
            None => words.push_str(clause),
        }
        return words;
    };
    words.push_str("Phụ lục I, Phần I");
    // Mục V is a table: its rows are numbered.
    let second = if rest.starts_with("V.") { "số thứ tự" } else { "khoản" };
    for (part, name) in rest.split('.').zip(["Mục", second, "điểm"]) {
        words.push_str(&format!(", {name} {part}"));
    }
    words
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

#[cfg(test)]
mod tests {
    use super::cite;

    #[test]
    fn clauses_are_cited_with_their_law() {
        let decree = "Nghị định 30/2020/NĐ-CP, ";
        let cases = [
            ("PL1-II.5.b", "Phụ lục I, Phần I, Mục II, khoản 5, điểm b"),
            ("PL1-V.6", "Phụ lục I, Phần I, Mục V, số thứ tự 6"),
            ("PL3, Mẫu 1.2", "Phụ lục III, Mẫu 1.2"),
            ("Điều 13", "Điều 13"),
            ("PL", "PL"),
            ("PLđ", "PLđ"),
        ];
        for (clause, words) in cases {
            assert_eq!(cite(clause), format!("{decree}{words}"));
        }
        let other = "Nghị định 163/2026/NĐ-CP, Phụ lục V";
        assert_eq!(cite(other), other);
    }
}
