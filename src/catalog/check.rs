use serde::Deserialize;
use toml::Spanned;

use super::Schema;
use crate::base::{Bilingual, Finding, Place, Rule, Severity, SourceText, rule};

/// A check on data that a template declares in its manifest, as `[[check]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Code, severity, clause and words, like those of any other rule; the words
    /// may hold `{found}`, the value at `at`.
    pub rule: Rule,
    /// The Tera expression that is true when the data is wrong.
    pub wrong: String,
    /// The JSON pointer (RFC 6901) of the value to blame.
    pub at: String,
    /// Where the manifest declares it.
    pub place: Place,
}

/// A `[[check]]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    wrong: String,
    at: String,
    severity: Severity,
    clause: Option<String>,
    vi: String,
    en: String,
    hint_vi: Option<String>,
    hint_en: Option<String>,
}

impl Check {
    /// Reads the checks of a manifest; what cannot be used is a finding, so that
    /// a slip in one template does not stop the others. `known` are the checks that
    /// the template has already.
    pub(super) fn read_all(
        manifest: &SourceText,
        template: &str,
        tables: &[Spanned<toml::Value>],
        known: &[Self],
    ) -> (Vec<Self>, Vec<Finding>) {
        let (mut checks, mut faults): (Vec<Self>, Vec<Finding>) = Default::default();
        for (at, table) in tables.iter().enumerate() {
            let place =
                Place { source: manifest.clone(), span: table.span(), pointer: String::new() };
            let written = table.get_ref().get("code").and_then(toml::Value::as_str);
            let name = written.map_or_else(|| format!("[[check]] {}", at + 1), str::to_owned);
            let others = || known.iter().chain(&checks);
            match Self::read(table.get_ref(), &place, others()) {
                Ok(check) => checks.push(check),
                Err(detail) => faults.push(unusable(&name, template, detail).at(place)),
            }
        }
        (checks, faults)
    }

    fn read<'a>(
        table: &toml::Value,
        place: &Place,
        others: impl Iterator<Item = &'a Self>,
    ) -> Result<Self, Bilingual> {
        let entry: Entry = table
            .clone()
            .try_into()
            .map_err(|error: toml::de::Error| Bilingual::from(error.message()))?;
        entry.fault(others).map_or(Ok(()), Err)?;
        Ok(Self {
            rule: Rule {
                code: entry.code,
                severity: entry.severity,
                clause: entry.clause,
                message: Bilingual::new(entry.vi, entry.en),
                hint: entry.hint_vi.zip(entry.hint_en).map(|(vi, en)| Bilingual { vi, en }),
            },
            wrong: entry.wrong,
            at: entry.at,
            place: place.clone(),
        })
    }

    /// A key that it asks for and data of this schema can never have: a key that is
    /// misspelt would else be one that is always empty.
    pub fn unknown_key(&self, schema: &Schema) -> Option<String> {
        let own = || unknown_key_at(&self.at, schema);
        unknown_key(&self.wrong, schema).or_else(own)
    }

    /// A finding that this check of a template cannot be used, and why.
    pub fn unusable(&self, template: &str, detail: impl Into<Bilingual>) -> Finding {
        unusable(&self.rule.code, template, detail.into()).at(self.place.clone())
    }
}

fn unusable(check: &str, template: &str, detail: Bilingual) -> Finding {
    Finding::new("CM07").with("check", check).with("template", template).with("detail", detail)
}

impl Entry {
    /// What is wrong with it, if something is.
    fn fault<'a>(&self, mut others: impl Iterator<Item = &'a Check>) -> Option<Bilingual> {
        let code = self.code.as_str();
        let (vi, en) = if !is_code(code) {
            (
                "`code` phải gồm hai hoặc ba chữ in hoa và hai chữ số, ví dụ `KH01`",
                "`code` must be two or three capital letters and two digits, such as `KH01`",
            )
        } else if rule(code).is_some() {
            (
                "`code` trùng với một quy tắc của chương trình (`_data/rules.toml`)",
                "`code` is that of a rule of the program (`_data/rules.toml`)",
            )
        } else if others.any(|other| other.rule.code == code) {
            ("`code` đã được dùng trong mẫu này", "`code` is used before in this template")
        } else if !(self.at.is_empty() || self.at.starts_with('/')) {
            (
                "`at` phải là JSON pointer, ví dụ `/issuer/name`",
                "`at` must be a JSON pointer, such as `/issuer/name`",
            )
        } else if [&self.wrong, &self.vi, &self.en].iter().any(|text| text.trim().is_empty()) {
            ("`wrong`, `vi`, `en` không được để trống", "`wrong`, `vi` and `en` must not be empty")
        } else if self.hint_vi.is_some() != self.hint_en.is_some() {
            ("`hint_vi` và `hint_en` phải đi cùng nhau", "`hint_vi` and `hint_en` go together")
        } else {
            return None;
        };
        Some(Bilingual::new(vi, en))
    }
}

/// A key that an expression asks for and data of this schema can never have.
pub fn unknown_key(expression: &str, schema: &Schema) -> Option<String> {
    paths(expression).iter().find_map(|path| unknown_key_at(path, schema))
}

/// The first key of a path that is not known: the one that is misspelt.
fn unknown_key_at(path: &str, schema: &Schema) -> Option<String> {
    let unknown = |path: &str| {
        let (parent, key) = path.rsplit_once('/')?;
        let parent_schema = schema.describe(parent)?;
        let closed = schema.keyword(parent_schema, "additionalProperties")
            == Some(&serde_json::Value::Bool(false));
        (closed && !schema.knows(parent, key)).then(|| key.to_owned())
    };
    let ends = path.match_indices('/').skip(1).map(|(at, _)| at).chain([path.len()]);
    ends.into_iter().find_map(|end| unknown(&path[..end]))
}

/// The values of `data` that an expression names, as JSON pointers:
/// `data.issuer.name` is `/issuer/name`.
pub fn paths(expression: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in expression.char_indices() {
        let starts = quote.is_none() && !is_of_name(before) && before != '.';
        match quote {
            Some(mark) if c == mark => quote = None,
            None if ['"', '\'', '`'].contains(&c) => quote = Some(c),
            None if starts && expression[at..].starts_with("data.") => {
                let rest = &expression[at + "data".len()..];
                let end = rest.find(|c| !is_of_name(c) && c != '.').unwrap_or(rest.len());
                paths.push(rest[..end].trim_end_matches('.').replace('.', "/"));
            }
            _ => {}
        }
        before = c;
    }
    paths
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether this is a code of a rule: two or three capitals, two digits.
fn is_code(code: &str) -> bool {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let capitals = code.len() - digits.len();
    (2..=3).contains(&capitals)
        && digits.len() == 2
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{is_code, paths};

    #[test]
    fn values_that_an_expression_names_are_found() {
        let expression =
            r#"data.a and not data.b.c | length > 2 or "data.d" == x.data.e ~ mydata.f"#;
        assert_eq!(paths(expression), ["/a", "/b/c"]);
        assert_eq!(paths("(data.list[0].x)"), ["/list"]);
        assert!(paths("template.kind == 'KH'").is_empty());
    }

    #[test]
    fn codes_have_two_or_three_capitals_and_two_digits() {
        assert!(is_code("KH01") && is_code("VKH99"));
        for code in ["", "K01", "KH1", "KH001", "kh01", "ĐA01", "ABCD01", "KH0a", "01", "KH 01"] {
            assert!(!is_code(code), "{code}");
        }
    }
}
