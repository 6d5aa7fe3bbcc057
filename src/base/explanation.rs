use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Bilingual;

/// What breaks a rule, and the same done right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Example {
    /// Keys of a data file; they replace those of the smallest sample of a
    /// template.
    Data {
        /// The id of the template.
        template: String,
        /// YAML that breaks the rule.
        wrong: String,
        /// YAML that keeps it.
        right: String,
    },
    /// Parts of a content template.
    Content {
        /// Markup that breaks the rule.
        wrong: String,
        /// Markup that keeps it.
        right: String,
    },
    /// Words, for what is too large to be shown or cannot be seen.
    Text {
        /// What breaks the rule.
        wrong: Bilingual,
        /// What keeps it.
        right: Bilingual,
    },
}

/// The example of the rule with this code. A test makes sure that every rule has
/// one.
pub fn example(code: &str) -> Option<&'static Example> {
    TABLE.examples.get(code)
}

/// What the rules of a family (`PG`, `BD`, …) are about.
pub fn family_title(family: &str) -> Option<&'static Bilingual> {
    TABLE.families.get(family)
}

/// What stands in the place of `{name}` in the message of a rule.
pub(super) fn placeholder(name: &str) -> Option<&'static Bilingual> {
    TABLE.placeholders.get(name)
}

/// Read when a rule is explained: checking a file does not need it.
static TABLE: LazyLock<Table> = LazyLock::new(Table::load);

struct Table {
    families: BTreeMap<String, Bilingual>,
    placeholders: BTreeMap<String, Bilingual>,
    examples: BTreeMap<String, Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    family: BTreeMap<String, Bilingual>,
    placeholder: BTreeMap<String, Bilingual>,
    data: BTreeMap<String, Data>,
    content: BTreeMap<String, Content>,
    text: BTreeMap<String, Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    #[serde(default = "plan")]
    template: String,
    wrong: String,
    right: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    wrong: String,
    right: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    wrong: Bilingual,
    right: Bilingual,
}

fn plan() -> String {
    "plan".to_owned()
}

impl Table {
    fn load() -> Self {
        let file: File = toml::from_str(include_str!("../../templates/_data/explain.toml"))
            .expect("explain.toml is part of the program and a test reads it");
        let data = file.data.into_iter().map(|(code, Data { template, wrong, right })| {
            (code, Example::Data { template, wrong, right })
        });
        let content = file
            .content
            .into_iter()
            .map(|(code, Content { wrong, right })| (code, Example::Content { wrong, right }));
        let text = file
            .text
            .into_iter()
            .map(|(code, Text { wrong, right })| (code, Example::Text { wrong, right }));
        Self {
            families: file.family,
            placeholders: file.placeholder,
            examples: data.chain(content).chain(text).collect(),
        }
    }
}
