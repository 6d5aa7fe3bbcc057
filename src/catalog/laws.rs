use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::viet::fold;

/// A legal document that others cite, and when it is in force: a row of `laws.csv`.
///
/// The register is a help for drafters and no official one: `confidence` says how well
/// a row is known.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Number and symbol, such as `163/2026/NĐ-CP`.
    pub id: String,
    /// What it is: `Luật`, `Nghị định`, `Thông tư`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who issued it, as it was called then.
    pub issuer: String,
    /// The day it was signed.
    #[serde(deserialize_with = "day")]
    pub issued: NaiveDate,
    /// The title (trích yếu) without the kind, first letter capital.
    pub title: String,
    /// What the title is.
    pub title_is: LawTitle,
    /// The first day in force; none where it is not known.
    #[serde(deserialize_with = "day_if_any")]
    pub from: Option<NaiveDate>,
    /// The last day in force; none where it has not ended.
    #[serde(deserialize_with = "day_if_any")]
    pub to: Option<NaiveDate>,
    /// How it stands on [`Laws::AS_OF`].
    pub state: LawState,
    /// The numbers of what ended it.
    #[serde(deserialize_with = "list")]
    pub replaced_by: Vec<String>,
    /// The numbers of what amends it; perhaps not all.
    #[serde(deserialize_with = "list")]
    pub amended_by: Vec<String>,
    /// How well the row is known.
    pub confidence: Confidence,
    /// Where it was seen; `laws.README.md` tells the abbreviations.
    pub source: String,
    /// What a reader must know, in Vietnamese.
    pub note: String,
}

/// What the title of a [`Law`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LawTitle {
    /// That of the document.
    Exact,
    /// A part of it: only number and day are cited.
    Shortened,
    /// A description in round brackets, which is never printed as a title.
    Described,
    /// From memory, or not compared with a source.
    Unsure,
}

/// How a [`Law`] stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LawState {
    /// It is in force.
    InForce,
    /// It is issued but not in force yet.
    NotYet,
    /// It is no longer in force.
    Ended,
    /// No source says.
    Unknown,
    /// A plan, letter, directive or programme: cited as a fact, without days in force.
    OneOff,
}

/// How well a [`Law`] is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The day of issue and every day of validity were seen in a source.
    Confirmed,
    /// At least one of them is from memory or concluded; the note says which.
    Memory,
}

fn day<'de, D: Deserializer<'de>>(text: D) -> Result<NaiveDate, D::Error> {
    String::deserialize(text)?.parse().map_err(serde::de::Error::custom)
}

fn day_if_any<'de, D: Deserializer<'de>>(text: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(text)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

fn list<'de, D: Deserializer<'de>>(text: D) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(text)?;
    Ok(text.split(';').filter(|one| !one.is_empty()).map(str::to_owned).collect())
}

impl Law {
    /// The number without marks, in small letters, with hyphens for everything that
    /// is no letter or digit: `163-2026-nd-cp`.
    pub fn slug(&self) -> String {
        slug(&self.id)
    }

    /// Whether the number says no year. It is then given anew every year, and means
    /// this document only together with its day.
    pub fn number_repeats(&self) -> bool {
        let year = self.issued.year().to_string();
        !self.id.split('/').any(|part| part == year)
    }

    /// How it stood on a day: [`LawState::Unknown`] where the days that would tell are
    /// not known.
    pub fn state_on(&self, day: NaiveDate) -> LawState {
        if matches!(self.state, LawState::OneOff) {
            return LawState::OneOff;
        }
        if day < self.from.unwrap_or(self.issued) {
            return LawState::NotYet;
        }
        if self.to.is_some_and(|to| to < day) {
            return LawState::Ended;
        }
        // Of days before that of the register, only the first day could tell.
        let told = self.from.is_some() || (self.to.is_none() && Laws::AS_OF <= day);
        match self.state {
            LawState::Unknown => LawState::Unknown,
            _ if told => LawState::InForce,
            _ => LawState::Unknown,
        }
    }
}

/// The legal documents that are known, read when first asked.
#[derive(Debug)]
pub struct Laws {
    all: Vec<Law>,
    /// What is searched of each, without case and marks.
    keys: Vec<String>,
    by_slug: HashMap<String, usize>,
}

static ALL: LazyLock<Laws> = LazyLock::new(|| {
    let text = include_str!("../../templates/_data/laws.csv");
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    Laws::new(rows.map(|row| row.expect("laws.csv is part of the program")).collect())
});

impl Laws {
    /// The day of which the states in the register are.
    pub const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 21).expect("the day exists");

    /// All of them.
    pub fn all() -> &'static Self {
        &ALL
    }

    fn new(all: Vec<Law>) -> Self {
        let key =
            |law: &Law| fold(&format!("{} {} {} {}", law.id, law.kind, law.title, law.issuer));
        let keys = all.iter().map(key).collect();
        let by_slug = all.iter().enumerate().map(|(at, law)| (law.slug(), at)).collect();
        Self { all, keys, by_slug }
    }

    /// The documents, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Law> {
        self.all.iter()
    }

    /// The document of this number. Case, marks and what stands between letters and
    /// digits do not count: `163/2026/NĐ-CP`, `163-2026-nd-cp`.
    pub fn by_number(&self, number: &str) -> Option<&Law> {
        self.by_slug.get(&slug(number)).map(|at| &self.all[*at])
    }

    /// The documents that have every word in their number, kind, title or issuer; those
    /// with the words in their number go first, then the latest. Case and marks do not
    /// count.
    pub fn find(&self, words: &str) -> Vec<&Law> {
        let wanted = fold(words);
        let apart = |c: char| c.is_whitespace() || c == ',';
        let wanted: Vec<&str> =
            wanted.split(apart).filter(|word| !word.is_empty() && *word != LOOSE).collect();
        let has = |text: &str| wanted.iter().all(|word| text.contains(word));
        let mut found: Vec<&Law> = self
            .all
            .iter()
            .zip(&self.keys)
            .filter(|(_, key)| has(key))
            .map(|(law, _)| law)
            .collect();
        found.sort_by_key(|law| {
            (!has(&fold(&law.id)), std::cmp::Reverse(law.issued), law.id.as_str())
        });
        found
    }
}

/// The word before a number, which people write or leave out.
const LOOSE: &str = "so";

/// Letters without marks, and digits, with one hyphen between what stands apart.
fn slug(number: &str) -> String {
    let plain: String =
        fold(number).chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str) -> NaiveDate {
        day.parse().unwrap()
    }

    fn law(number: &str) -> &'static Law {
        Laws::all().by_number(number).unwrap()
    }

    #[test]
    fn every_number_finds_its_document_and_no_other() {
        let laws = Laws::all();
        assert_eq!(laws.all.len(), 247);
        assert_eq!(laws.by_slug.len(), 247, "two numbers have one slug");
        for law in laws.iter() {
            assert_eq!(laws.by_number(&law.id), Some(law));
            assert_eq!(laws.by_number(&law.slug()), Some(law));
            assert!(law.slug().is_ascii(), "{}", law.slug());
        }
        assert_eq!(law("163/2026/nđ-cp").slug(), "163-2026-nd-cp");
        assert_eq!(laws.by_number("163/2026"), None);
        assert_eq!(laws.by_number(""), None);
    }

    #[test]
    fn rows_do_not_contradict_themselves() {
        for law in Laws::all().iter() {
            let id = &law.id;
            assert!(law.from.is_none_or(|from| law.to.is_none_or(|to| from <= to)), "{id}");
            assert!(law.to.is_none_or(|to| law.issued <= to), "{id}");
            let ended = law.state == LawState::Ended;
            assert_eq!(ended, law.to.is_some(), "{id}: what has ended has a last day");
            assert_ne!(law.state, LawState::NotYet, "{id}");
            let described = law.title.starts_with('(');
            assert_eq!(law.title_is == LawTitle::Described, described, "{id}");
            // A row from memory says what of it is, or that all of it is.
            let told = law.confidence == Confidence::Confirmed || !law.source.is_empty();
            assert!(told, "{id}");
        }
    }

    #[test]
    fn a_law_stands_by_its_days() {
        let old = law("73/2021/QH14");
        assert_eq!(old.state_on(on("2021-12-31")), LawState::NotYet);
        assert_eq!(old.state_on(on("2022-01-01")), LawState::InForce);
        assert_eq!(old.state_on(on("2026-06-30")), LawState::InForce);
        assert_eq!(old.state_on(on("2026-07-01")), LawState::Ended);
        assert_eq!(old.replaced_by, ["120/2025/QH15"]);
        // No first day is known: only the register's own day tells.
        let undated = law("367/2025/NĐ-CP");
        assert_eq!(undated.from, None);
        assert_eq!(undated.state_on(on("2025-12-01")), LawState::NotYet);
        assert_eq!(undated.state_on(on("2026-02-01")), LawState::Unknown);
        assert_eq!(undated.state_on(Laws::AS_OF), LawState::InForce);
        assert_eq!(law("109/2021/NĐ-CP").state_on(Laws::AS_OF), LawState::Unknown);
        assert_eq!(law("22/CT-TTg").state_on(Laws::AS_OF), LawState::OneOff);
    }

    #[test]
    fn a_number_without_a_year_repeats() {
        assert!(law("89/QĐ-TTg").number_repeats());
        assert!(law("1622/KH-UBND").number_repeats());
        assert!(!law("163/2026/NĐ-CP").number_repeats());
        assert!(!law("04/2008/UBTVQH12").number_repeats());
    }

    #[test]
    fn documents_are_found_without_marks() {
        let found = |words| Laws::all().find(words).iter().map(|law| &*law.id).collect::<Vec<_>>();
        assert_eq!(found("nghi dinh so 163/2026"), ["163/2026/NĐ-CP"]);
        assert_eq!(found("LUAT Phòng, chống ma túy QH15"), ["120/2025/QH15"]);
        assert_eq!(found("quoc hoi phong chong ma tuy").first(), Some(&"120/2025/QH15"));
        assert_eq!(found("khong co van ban nay").len(), 0);
        // Whose number has the words goes first.
        assert_eq!(found("30/2020")[0], "30/2020/NĐ-CP");
        assert_eq!(found("").len(), 247);
    }
}
