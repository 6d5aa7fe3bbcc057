use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Deserializer};

use crate::viet::fold;

/// An agency, from when to when it is called so. Its name is without the place:
/// `Công an huyện`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Agency {
    /// As Nghị định 30/2020/NĐ-CP writes it.
    pub name: String,
    /// The usual abbreviation in numbers and symbols: a practice, no law.
    pub abbreviation: String,
    /// Where it stands.
    pub level: AgencyLevel,
    /// The first day; none where it began before the years of interest.
    #[serde(deserialize_with = "day")]
    pub from: Option<NaiveDate>,
    /// The last day; none where it exists.
    #[serde(deserialize_with = "day")]
    pub to: Option<NaiveDate>,
    /// The names of those who took over, separated by `;`.
    successors: String,
    /// How well the days are known.
    pub dates: Certainty,
}

fn day<'de, D: Deserializer<'de>>(text: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(text)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// Where an agency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgencyLevel {
    /// Of the whole country.
    Central,
    /// Of a province, or a court or procuracy of a region.
    Province,
    /// Of a district: none are left since 1 July 2025.
    District,
    /// Of a commune.
    Commune,
    /// Of the Party.
    Party,
    /// Of the front and the mass organisations.
    Mass,
}

/// How well the first and last day of an agency are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Seen in a source.
    Sure,
    /// Some days later or earlier from province to province.
    About,
    /// From memory: no finding rests on it.
    Unsure,
}

/// How many days a day that is not the same everywhere may be off.
const MARGIN: Days = Days::new(62);

impl Agency {
    /// The names of those who took over.
    pub fn successors(&self) -> impl Iterator<Item = &str> {
        self.successors.split(';').filter(|name| !name.is_empty())
    }

    /// Whether it surely no longer existed on a day.
    pub fn had_ended(&self, day: NaiveDate) -> bool {
        let latest = match self.dates {
            Certainty::Sure => self.to,
            Certainty::About => self.to.and_then(|to| to.checked_add_days(MARGIN)),
            Certainty::Unsure => None,
        };
        latest.is_some_and(|to| to < day)
    }

    /// Whether it surely did not exist yet on a day. Of agencies of communes this is
    /// never sure: districts had some of the same name.
    pub fn was_to_come(&self, day: NaiveDate) -> bool {
        let asked = matches!(self.level, AgencyLevel::Central | AgencyLevel::Province);
        let earliest = self.from.and_then(|from| from.checked_sub_days(MARGIN));
        asked && self.dates != Certainty::Unsure && earliest.is_some_and(|from| day < from)
    }
}

/// The agencies that are known, read when first asked.
#[derive(Debug)]
pub struct Agencies {
    all: Vec<Agency>,
    /// By name without case and marks.
    by_name: HashMap<String, Vec<usize>>,
    /// How many words the longest name has.
    longest: usize,
}

static ALL: LazyLock<Agencies> = LazyLock::new(|| {
    let text = include_str!("../../templates/_data/agencies.csv");
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    Agencies::new(rows.map(|row| row.expect("agencies.csv is part of the program")).collect())
});

impl Agencies {
    /// All of them.
    pub fn all() -> &'static Self {
        &ALL
    }

    fn new(all: Vec<Agency>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, agency) in all.iter().enumerate() {
            by_name.entry(fold(&agency.name)).or_default().push(at);
        }
        let longest = by_name.keys().map(|name| name.split(' ').count()).max().unwrap_or_default();
        Self { all, by_name, longest }
    }

    /// The agencies, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Agency> {
        self.all.iter()
    }

    /// Those of this name, one after the other in time; case and marks do not count.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Agency> {
        self.at(&fold(name)).into_iter()
    }

    fn at(&self, key: &str) -> Vec<&Agency> {
        let found = self.by_name.get(key).map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|at| &self.all[*at]).collect()
    }

    /// Those with this abbreviation; several agencies may have one.
    pub fn abbreviated(&self, abbreviation: &str) -> impl Iterator<Item = &Agency> {
        self.all.iter().filter(move |agency| agency.abbreviation == abbreviation)
    }

    /// The names of those who had taken over from an agency on a day, also from those
    /// who took over first and have ended since.
    pub fn successors_on<'a>(&'a self, agency: &'a Agency, day: NaiveDate) -> Vec<&'a str> {
        let mut found = Vec::new();
        let mut open: Vec<&str> = agency.successors().collect();
        open.reverse();
        // The rows are few and lead forward in time; a circle would be a mistake in them.
        for _ in 0..self.all.len() {
            let Some(name) = open.pop() else { break };
            match self.named(name).find(|next| next.had_ended(day)) {
                Some(next) => open.extend(next.successors().collect::<Vec<_>>().iter().rev()),
                None if !found.contains(&name) => found.push(name),
                None => {}
            }
        }
        found
    }

    /// Those with whose name a text begins, the longest such name: `Công an huyện` of
    /// `CÔNG AN HUYỆN CHÂU THÀNH`.
    pub fn at_head_of(&self, text: &str) -> Vec<&Agency> {
        let key = fold(text);
        let ends = key.match_indices(' ').map(|(at, _)| at).chain([key.len()]);
        let heads: Vec<&str> = ends.take(self.longest).map(|end| &key[..end]).collect();
        let found = heads.into_iter().rev().find(|head| self.by_name.contains_key(*head));
        found.map(|head| self.at(head)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn successors_are_agencies_themselves() {
        let agencies = Agencies::all();
        assert!(agencies.iter().count() > 150);
        for agency in agencies.iter() {
            for name in agency.successors() {
                assert!(agencies.named(name).next().is_some(), "{}: {name}", agency.name);
            }
            let days = agency.from.zip(agency.to);
            assert!(days.is_none_or(|(from, to)| from <= to), "{}", agency.name);
            let of_district = agency.level == AgencyLevel::District;
            let known = agency.dates != Certainty::Unsure;
            assert!(
                !(of_district && known) || agency.to.is_some(),
                "{}: no district is left",
                agency.name
            );
        }
    }

    #[test]
    fn an_agency_is_known_by_the_head_of_its_name() {
        let head = |text: &str| Agencies::all().at_head_of(text).first().map(|one| &*one.name);
        assert_eq!(head("CÔNG AN HUYỆN CHÂU THÀNH"), Some("Công an huyện"));
        assert_eq!(
            head("Uỷ ban nhân dân tỉnh Kiên Giang"),
            Some("Ủy ban nhân dân tỉnh Kiên Giang")
        );
        assert_eq!(
            head("Sở Lao động - Thương binh và Xã hội"),
            head("sở lao động - thương binh và xã hội tỉnh X")
        );
        assert_eq!(head("Tổ dân phố"), None);
        assert_eq!(head(""), None);
    }

    #[test]
    fn who_took_over_may_have_ended_too() {
        let agencies = Agencies::all();
        let office = agencies.named("Phòng Lao động - Thương binh và Xã hội").next().unwrap();
        assert_eq!(agencies.successors_on(office, day("2025-04-01")), ["Phòng Nội vụ"]);
        assert_eq!(agencies.successors_on(office, day("2026-08-12")), ["Phòng Văn hóa - Xã hội"]);
    }

    #[test]
    fn an_agency_ends_and_begins_on_days_that_are_sure() {
        let named = |name: &str| Agencies::all().named(name).next().unwrap();
        let police = named("Công an huyện");
        assert!(!police.had_ended(day("2025-02-28")) && police.had_ended(day("2025-03-01")));
        let department = named("Sở Lao động - Thương binh và Xã hội");
        assert!(!department.had_ended(day("2025-04-01")), "not the same day everywhere");
        assert!(department.had_ended(day("2025-07-01")));
        let court = named("Tòa án nhân dân khu vực");
        assert!(court.was_to_come(day("2024-08-28")) && !court.was_to_come(day("2025-07-01")));
        assert!(!named("Phòng Kinh tế").was_to_come(day("2017-01-01")), "districts had it");
        assert!(!named("Bộ Công an").had_ended(day("2026-08-12")));
    }
}
