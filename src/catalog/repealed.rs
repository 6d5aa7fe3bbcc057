use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::base::Bilingual;
use crate::viet::Citation;

/// What papers of a case no longer cite or say from a day on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repealed {
    /// The laws, of provisions.
    #[serde(default)]
    laws: Vec<String>,
    /// The provisions.
    #[serde(default)]
    articles: Vec<Provision>,
    /// The words by which a document or a measure is known; case counts.
    #[serde(default)]
    names: Vec<String>,
    #[serde(deserialize_with = "day")]
    since: NaiveDate,
    vi: String,
    en: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Provision {
    article: u32,
    clause: Option<u32>,
    point: Option<String>,
}

/// `repealed.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provision: Vec<Repealed>,
    document: Vec<Repealed>,
    name: Vec<Repealed>,
}

static TABLE: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/_data/repealed.toml"))
        .expect("repealed.toml is part of the program and a test reads it")
});

/// All names, and the word with which provisions are cited.
static MENTIONS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let names = Repealed::cited().chain(Repealed::named()).flat_map(|one| &one.names);
    let words = names.map(String::as_str).chain(["Điều", "điều"]);
    AhoCorasick::new(words).expect("a few dozen names are no too large automaton")
});

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl Repealed {
    /// Provisions and documents that are repealed.
    pub fn cited() -> impl Iterator<Item = &'static Self> {
        TABLE.provision.iter().chain(&TABLE.document)
    }

    /// Names of measures that are no longer used.
    pub fn named() -> impl Iterator<Item = &'static Self> {
        TABLE.name.iter()
    }

    /// The first day on which it is no longer used.
    pub fn since(&self) -> NaiveDate {
        self.since
    }

    /// Whether a text can say any of it: most texts say none, and are not looked at
    /// again.
    pub fn may_be_in(text: &str) -> bool {
        MENTIONS.is_match(text)
    }

    /// What stands in its place.
    pub fn instead(&self) -> Bilingual {
        Bilingual::new(self.vi.clone(), self.en.clone())
    }

    /// Where a text says it: the bytes of the first place.
    pub fn found_in(&self, text: &str) -> Option<Range<usize>> {
        let named = |name: &String| text.find(name.as_str()).map(|at| at..at + name.len());
        self.names.iter().find_map(named).or_else(|| self.provision_in(text))
    }

    fn provision_in(&self, text: &str) -> Option<Range<usize>> {
        if self.articles.is_empty() {
            return None;
        }
        let fits = |one: &Citation| {
            self.laws.iter().any(|law| one.is_of(law))
                && self.articles.iter().any(|provision| provision.holds(one))
        };
        Citation::all(text).into_iter().find(fits).map(|one| one.span)
    }
}

impl Provision {
    /// Whether what is cited lies in this provision.
    fn holds(&self, one: &Citation) -> bool {
        one.article == self.article
            && self.clause.is_none_or(|clause| one.clause == Some(clause))
            && self.point.as_ref().is_none_or(|point| one.point.as_ref() == Some(point))
    }
}

#[cfg(test)]
mod tests {
    use super::Repealed;

    #[test]
    fn every_entry_has_a_day_and_something_to_find() {
        for one in Repealed::cited().chain(Repealed::named()) {
            assert!(!one.names.is_empty() || !one.articles.is_empty(), "{one:?}");
            assert!(one.articles.is_empty() || !one.laws.is_empty(), "{one:?}");
        }
    }

    #[test]
    fn repealed_provisions_are_told_from_others() {
        let found = |text: &str| Repealed::cited().any(|one| one.found_in(text).is_some());
        for text in [
            "khoản 5 Điều 90 Luật Xử lý vi phạm hành chính",
            "Điều 96, Điều 103 Luật XLVPHC",
            "điểm d khoản 2 Điều 6 của Luật Xử lý vi phạm hành chính",
            "Mẫu 27 của NĐ 116/2021",
        ] {
            assert!(found(text), "{text}");
        }
        for text in [
            "khoản 4 Điều 90 Luật Xử lý vi phạm hành chính",
            "điểm a khoản 2 Điều 6 Luật Xử lý vi phạm hành chính",
            "Điều 96 Luật Phòng, chống ma túy",
            "Điều 103",
            "Quyết định số 116/2021/QĐ-UBND",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
