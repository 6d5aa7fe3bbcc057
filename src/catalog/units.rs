use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use chrono::NaiveDate;

use super::nearest;
use crate::viet::fold;

/// What an administrative unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// Tỉnh.
    Province,
    /// Thành phố trực thuộc trung ương.
    City,
    /// Xã.
    Commune,
    /// Phường.
    Ward,
    /// Đặc khu.
    SpecialZone,
}

impl UnitKind {
    /// The word before the name inside a sentence: `phường`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Province => "tỉnh",
            Self::City => "thành phố",
            Self::Commune => "xã",
            Self::Ward => "phường",
            Self::SpecialZone => "đặc khu",
        }
    }

    /// The kind that a word means, in any case: `Phường`, also `TP`.
    pub fn of_word(word: &str) -> Option<Self> {
        let key = fold(word);
        let key = key.trim_end_matches('.');
        Some(match key {
            "tinh" => Self::Province,
            "thanh pho" | "tp" => Self::City,
            "xa" => Self::Commune,
            "phuong" | "p" => Self::Ward,
            "dac khu" => Self::SpecialZone,
            _ => return None,
        })
    }

    /// A name with this kind inside a sentence ([`Unit::full_name`]).
    pub fn with_name(self, name: &str) -> String {
        let kind = self.word();
        let numbered = name.contains(|c: char| c.is_ascii_digit());
        if numbered || (self == Self::City && name == "Hồ Chí Minh") {
            let mut letters = kind.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            return format!("{first}{} {name}", letters.as_str());
        }
        format!("{kind} {name}")
    }

    /// Whether it is the upper of the two levels.
    pub fn is_provincial(self) -> bool {
        matches!(self, Self::Province | Self::City)
    }

    fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "tinh" => Self::Province,
            "thanh-pho" => Self::City,
            "xa" => Self::Commune,
            "phuong" => Self::Ward,
            "dac-khu" => Self::SpecialZone,
            _ => return None,
        })
    }
}

impl fmt::Display for UnitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A province, city or commune in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// The code of the statistics office: two digits, of a commune five.
    pub code: &'static str,
    /// What it is today.
    pub kind: UnitKind,
    /// The name as the law spells it, without the kind.
    pub name: &'static str,
    /// The code of the province of a commune.
    pub province: Option<&'static str>,
    /// The name with the tone mark at another place, as many write it.
    pub also: Option<&'static str>,
    /// What it was up to 29 April 2026, where that was something else.
    pub kind_before: Option<UnitKind>,
}

/// The first day of the kinds of today: Nghị quyết 30/2026/QH16.
const KINDS_SINCE: NaiveDate = NaiveDate::from_ymd_opt(2026, 4, 30).expect("the day exists");

impl Unit {
    /// The unit inside a sentence: `phường Sài Gòn`; capitals where the kind is part
    /// of the name (`Thành phố Hồ Chí Minh`, `Phường 1 Bảo Lộc`).
    /// Nghị định 30/2020/NĐ-CP, PL2-III.1.
    pub fn full_name(&self) -> String {
        self.kind.with_name(self.name)
    }

    /// What it was on a day. Units of before 1 July 2025 are not known.
    pub fn kind_on(&self, day: NaiveDate) -> UnitKind {
        self.kind_before.filter(|_| day < KINDS_SINCE).unwrap_or(self.kind)
    }
}

/// The register of administrative units, valid from 30 April 2026; before that, from
/// 1 July 2025 on, only kinds were others ([`Unit::kind_on`]).
///
/// It is read when first asked; provinces alone are read quicker.
#[derive(Debug)]
pub struct Units {
    all: Vec<Unit>,
    keys: Vec<String>,
    by_code: HashMap<&'static str, usize>,
}

const REGISTER: &str = include_str!("../../templates/_data/units.csv");

impl Units {
    /// The first day of the two levels: of units of before nothing is known.
    pub const SINCE: NaiveDate = NaiveDate::from_ymd_opt(2025, 7, 1).expect("the day exists");

    /// The day up to which the register was checked.
    pub const CHECKED: NaiveDate = NaiveDate::from_ymd_opt(2026, 8, 2).expect("the day exists");

    /// The whole register.
    pub fn all() -> &'static Self {
        static ALL: OnceLock<Units> = OnceLock::new();
        ALL.get_or_init(|| Self::read(REGISTER.lines().skip(1)))
    }

    /// The provinces and cities alone, which stand at the head of the register.
    pub fn provinces() -> &'static Self {
        static PROVINCES: OnceLock<Units> = OnceLock::new();
        let is_province = |line: &&str| line.as_bytes().get(2) == Some(&b',');
        PROVINCES.get_or_init(|| Self::read(REGISTER.lines().skip(1).take_while(is_province)))
    }

    fn read(lines: impl Iterator<Item = &'static str>) -> Self {
        let all: Vec<Unit> =
            lines.map(|line| unit(line).expect("units.csv is part of the program")).collect();
        let keys = all.iter().map(|unit| fold(unit.name)).collect();
        let by_code = all.iter().enumerate().map(|(at, unit)| (unit.code, at)).collect();
        Self { all, keys, by_code }
    }

    /// The units, provinces first.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.all.iter()
    }

    /// The unit with this code.
    pub fn by_code(&self, code: &str) -> Option<&Unit> {
        self.by_code.get(code).map(|at| &self.all[*at])
    }

    /// The province of a commune.
    pub fn province_of(&self, unit: &Unit) -> Option<&Unit> {
        self.by_code(unit.province?)
    }

    /// The province or city of this name; case and marks do not count.
    pub fn province(&self, name: &str) -> Option<&Unit> {
        let key = fold(name);
        let mut named = self.all.iter().zip(&self.keys);
        named.find(|(unit, own)| unit.province.is_none() && **own == key).map(|(unit, _)| unit)
    }

    /// The commune of this name in a province; case and marks do not count, but of
    /// several the one that is spelled like this goes first.
    pub fn commune(&self, name: &str, province: &Unit) -> Option<&Unit> {
        let key = fold(name);
        let named: Vec<usize> = (0..self.all.len())
            .filter(|at| self.keys[*at] == key && self.all[*at].province == Some(province.code))
            .collect();
        let spelled = named.iter().find(|at| self.all[**at].name == name);
        spelled.or(named.first()).map(|at| &self.all[*at])
    }

    /// The commune of a province whose name is most like this one, if one is like it.
    pub fn near(&self, name: &str, province: &Unit) -> Option<&Unit> {
        let of = |unit: &&Unit| unit.province == Some(province.code);
        let near = nearest(name, self.iter().filter(of).map(|unit| unit.name))?;
        self.iter().filter(of).find(|unit| unit.name == near)
    }

    /// The units that a query means, the likeliest first, at most `most` of them.
    ///
    /// Case and marks need not be written, a kind may stand in front (`phuong ben`,
    /// `tp hue`), a province may be named by its initials (`hcm`), the province or a part of its name behind a comma (`hoa binh, ha
    /// noi`); a code finds its unit. What is spelled with its marks goes first, then
    /// whole names, beginnings, beginnings of a word, the rest; among likes, provinces
    /// and short names. Where nothing has these words, names that are like them.
    pub fn find(&self, query: &str, most: usize) -> Vec<&Unit> {
        let (name, province) = query.split_once(',').unwrap_or((query, ""));
        let wanted = Wanted::new(name);
        let province = fold(without_kind(province));
        let fits = |unit: &Unit| {
            province.is_empty()
                || self.province_of(unit).is_some_and(|one| fold(one.name).contains(&province))
        };
        if let Some(unit) = self.by_code(name.trim()) {
            return vec![unit];
        }
        if wanted.whole.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Rank, &Unit)> = (0..self.all.len())
            .filter(|at| fits(&self.all[*at]))
            .filter_map(|at| Some((wanted.rank(&self.all[at], &self.keys[at])?, &self.all[at])))
            .collect();
        if found.is_empty() {
            found = self.like(&wanted, fits);
        }
        found.sort_by_key(|(rank, unit)| {
            (*rank, unit.province.is_some(), unit.name.chars().count(), unit.code)
        });
        found.into_iter().take(most).map(|(_, unit)| unit).collect()
    }

    fn like(&self, wanted: &Wanted, fits: impl Fn(&Unit) -> bool) -> Vec<(Rank, &Unit)> {
        let units = self.all.iter().zip(&self.keys).filter(|(unit, _)| fits(unit));
        units
            .filter_map(|(unit, key)| {
                let likeness = strsim::normalized_damerau_levenshtein(&wanted.rest, key);
                // Three quarters of the letters.
                let near = Reverse((likeness * 1000.0).round().to_bits());
                (likeness > 0.74).then_some((Rank { other_kind: false, place: 9, near }, unit))
            })
            .collect()
    }
}

/// A name or a part of one that is looked for.
struct Wanted {
    /// As it was typed.
    spelled: String,
    /// Without marks and case.
    whole: String,
    /// The same without a kind in front.
    rest: String,
    kind: Option<UnitKind>,
}

/// How well a unit fits; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    other_kind: bool,
    place: u8,
    near: Reverse<u64>,
}

impl Wanted {
    fn new(name: &str) -> Self {
        let rest = without_kind(name);
        let kind = name.trim().strip_suffix(rest).and_then(UnitKind::of_word);
        Self { spelled: rest.to_lowercase(), whole: fold(name), rest: fold(rest), kind }
    }

    /// How well a unit of this key fits, if it does. A kind may also be part of the
    /// name (`Phường Đúc`).
    fn rank(&self, unit: &Unit, key: &str) -> Option<Rank> {
        let spelled = [Some(unit.name), unit.also].into_iter().flatten();
        let same = spelled.into_iter().any(|name| name.to_lowercase() == self.spelled);
        let place = |wanted: &str| {
            let at = key.find(wanted)?;
            Some(match at {
                0 if same => 0,
                0 if key.len() == wanted.len() => 1,
                0 => 2,
                _ if key.as_bytes()[at - 1] == b' ' => 3,
                _ => 4,
            })
        };
        let initials = || key.split(' ').filter_map(|word| word.chars().next());
        if unit.province.is_none() && initials().eq(self.rest.chars()) {
            return Some(Rank { other_kind: false, place: 1, near: Reverse(0) });
        }
        let place = [place(&self.rest).filter(|_| !self.rest.is_empty()), place(&self.whole)];
        let place = place.into_iter().flatten().min()?;
        let other_kind = self.kind.is_some_and(|kind| kind != unit.kind);
        Some(Rank { other_kind, place, near: Reverse(0) })
    }
}

/// A name without the kind in front of it: `Bến Nghé` of `phường Bến Nghé`.
pub(crate) fn without_kind(name: &str) -> &str {
    split_kind(name).map_or(name.trim(), |(_, rest)| rest)
}

/// The kind in front of a name, and the name: `Phường Bến Nghé` is a ward.
pub fn split_kind(name: &str) -> Option<(UnitKind, &str)> {
    let name = name.trim();
    let ends = name.char_indices().filter(|(_, c)| c.is_whitespace() || *c == '.').take(2);
    ends.filter_map(|(at, _)| {
        let (kind, rest) = name.split_at(at);
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '.');
        Some((UnitKind::of_word(kind)?, rest)).filter(|(_, rest)| !rest.is_empty())
    })
    .last()
}

/// A line of the register.
fn unit(line: &'static str) -> Option<Unit> {
    let mut cells = line.split(',');
    let mut cell = || cells.next();
    let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    Some(Unit {
        code: cell()?,
        kind: UnitKind::of_code(cell()?)?,
        name: cell()?,
        province: some(cell()?),
        also: some(cell()?),
        kind_before: UnitKind::of_code(cell()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<String> {
        Units::all().find(query, 3).iter().map(|unit| unit.full_name()).collect()
    }

    #[test]
    fn the_register_is_that_of_the_law() {
        let units = Units::all();
        let count = |kind: UnitKind| units.iter().filter(|unit| unit.kind == kind).count();
        let kinds = [
            UnitKind::Province,
            UnitKind::City,
            UnitKind::Commune,
            UnitKind::Ward,
            UnitKind::SpecialZone,
        ];
        assert_eq!(kinds.map(count), [27, 7, 2611, 697, 13]);
        assert_eq!(kinds.map(|kind| UnitKind::of_word(kind.word())), kinds.map(Some));
        assert_eq!(units.by_code.len(), 3355, "codes are used once");
        assert_eq!(Units::provinces().all, units.all[..34]);
        for unit in units.iter() {
            let level = if unit.kind.is_provincial() { 2 } else { 5 };
            assert!(unit.code.len() == level && unit.code.bytes().all(|b| b.is_ascii_digit()));
            assert_eq!(units.province_of(unit).is_none(), unit.kind.is_provincial(), "{unit:?}");
            assert_eq!(unit.name.trim(), unit.name);
        }
        assert_eq!(units.iter().filter(|unit| unit.also.is_some()).count(), 192);
    }

    #[test]
    fn units_are_written_as_the_decree_asks() {
        let name = |code: &str| Units::all().by_code(code).unwrap().full_name();
        assert_eq!(name("30709"), "xã Định Mỹ");
        assert_eq!(name("79"), "Thành phố Hồ Chí Minh");
        assert_eq!(name("48"), "thành phố Đà Nẵng");
        assert_eq!(name("26732"), "đặc khu Côn Đảo");
        assert_eq!(found("phuong 1 bao loc"), ["Phường 1 Bảo Lộc"]);
    }

    #[test]
    fn some_kinds_are_younger_than_the_units() {
        let day = |text: &str| text.parse().unwrap();
        let units = Units::all();
        let city = units.by_code("75").unwrap();
        assert_eq!(city.kind_on(day("2026-04-29")), UnitKind::Province);
        assert_eq!(city.kind_on(day("2026-04-30")), UnitKind::City);
        assert_eq!(units.iter().filter(|unit| unit.kind_before.is_some()).count(), 11);
    }

    #[test]
    fn names_are_found_without_marks() {
        assert_eq!(found("dinh my")[0], "xã Định Mỹ");
        assert_eq!(found("Định Mỹ, An Giang"), ["xã Định Mỹ"]);
        assert_eq!(found("thanh hoá")[0], "tỉnh Thanh Hóa", "either place of the tone mark");
        assert_eq!(found("tp hue")[0], "thành phố Huế");
        assert_eq!(found("TP.HCM"), ["Thành phố Hồ Chí Minh"]);
        assert_eq!(found("phu quoc")[0], "đặc khu Phú Quốc");
        assert_eq!(found("30709"), ["xã Định Mỹ"]);
        assert_eq!(found("99999"), Vec::<String>::new());
        assert_eq!(found(" , "), Vec::<String>::new());
    }

    #[test]
    fn the_likeliest_unit_goes_first() {
        // A province before the communes of its name, whole names before parts.
        assert_eq!(found("vinh long")[0], "tỉnh Vĩnh Long");
        assert_eq!(found("ha noi")[0], "thành phố Hà Nội");
        let of_kind = Units::all().find("phường Minh", 50);
        let wards = of_kind.iter().take_while(|unit| unit.kind == UnitKind::Ward).count();
        assert!(wards > 1, "{of_kind:?}");
        // What is spelled with its marks goes before what only has the letters.
        let hoa = Units::all().find("Tân Hòa", 20);
        assert_eq!(hoa[0].name, "Tân Hòa");
        // A slip of the finger.
        assert_eq!(found("Dinh Mỹy, an giang")[0], "xã Định Mỹ");
    }

    #[test]
    fn kinds_are_told_from_names() {
        assert_eq!(split_kind("Phường Bến Nghé"), Some((UnitKind::Ward, "Bến Nghé")));
        assert_eq!(split_kind("đặc khu Côn Đảo"), Some((UnitKind::SpecialZone, "Côn Đảo")));
        assert_eq!(split_kind("TP. Huế"), Some((UnitKind::City, "Huế")));
        assert_eq!(split_kind("Bến Nghé"), None);
        assert_eq!(split_kind("Xã"), None);
    }
}
