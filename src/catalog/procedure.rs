use serde::{Deserialize, Serialize};
use toml::Spanned;
use utoipa::ToSchema;

use super::template::InForce;
use crate::base::{Bilingual, Finding, Place, SourceText};

/// A procedure whose outcome is a file of papers: which papers, when each is required,
/// how many sets, which time limits. A file of `templates/_procedures`.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// The version of this file format, 1.
    pub procedure: u8,
    /// The id that a case names, such as `D-C18`.
    pub id: String,
    /// The title in Vietnamese.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// Number and symbol of the legal document, such as `163/2026/NĐ-CP`. A clause of
    /// the file that starts with `Điều` is one of it.
    pub law: String,
    /// The clause that lists the papers.
    pub clause: String,
    /// When it may be used.
    pub in_force: InForce,
    /// An expression like [`Paper::when`] that is true of a case to which the
    /// procedure does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_for: Option<String>,
    /// Why it does not apply then, in Vietnamese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_for_vi: Option<String>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_for_en: Option<String>,
    /// The papers, in the order of the file.
    #[serde(rename = "paper")]
    pub papers: Vec<Paper>,
    /// The sets in which the file is made; one if it says nothing.
    #[serde(default, rename = "set")]
    pub sets: Vec<CopySet>,
    /// The time limits, in the order in which they run.
    #[serde(default, rename = "limit")]
    pub limits: Vec<Limit>,
    /// Where the file lies, for findings about it.
    #[serde(skip)]
    pub(super) place: Option<Place>,
}

/// A paper of a procedure.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The stable name of the paper within the procedure, such as `violation-minutes`:
    /// small letters, digits and hyphens.
    pub key: String,
    /// The item of the clause, such as `a` or `b1`; empty for papers that go with the
    /// file and are no item of the list.
    #[serde(default)]
    pub item: String,
    /// The title in Vietnamese.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// The id of the template that makes the paper of the case; a paper without one
    /// comes from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The keys of the papers in whose place this one stands where it is chosen: the
    /// law asks for one or the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<String>,
    /// A Tera expression on the data of the case, complete as content templates see
    /// them: the paper is needed where it is true. Always, if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Why the paper is not needed where `when` is false, in Vietnamese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<String>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless_en: Option<String>,
    /// Whether the file is incomplete without it.
    #[serde(default)]
    pub need: Need,
    /// Who signs or issues it, in Vietnamese.
    pub signer: String,
    /// The same in English.
    pub signer_en: String,
    /// Whether the law asks for a copy (bản sao) of it.
    #[serde(default)]
    pub copy: bool,
    /// The clause that asks for it.
    pub clause: String,
    /// What its place in the file rests on.
    #[serde(default)]
    pub basis: Basis,
}

/// Whether a file is incomplete without a paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It is, where the condition of the paper holds.
    #[default]
    Required,
    /// It is not: the paper goes in where there is one (`nếu có`). A paper that a
    /// template makes goes in where its condition holds or the case chooses it.
    IfAny,
}

/// What an entry of a procedure rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The clause says it.
    #[default]
    Law,
    /// The clause does not say it: it is what offices do.
    Practice,
    /// The clause does not say it: it is concluded from it.
    Inferred,
}

impl Basis {
    /// What a reader must know about it; nothing where the law itself says so.
    pub fn note(self) -> Option<Bilingual> {
        match self {
            Self::Law => None,
            Self::Practice => Some(Bilingual::new(
                "theo thông lệ, điều luật không ghi",
                "practice, the clause does not say so",
            )),
            Self::Inferred => {
                Some(Bilingual::new("suy ra từ điều luật", "concluded from the clause"))
            }
        }
    }
}

/// A set in which the file is made: the original, or a copy for somebody.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopySet {
    /// The name of the set within the procedure, such as `court`.
    pub id: String,
    /// The title in Vietnamese.
    pub title: String,
    /// The title in English.
    pub title_en: String,
    /// What is printed on its cover: `BẢN GỐC`, `BẢN SAO`.
    pub mark: String,
    /// Who gets it, in Vietnamese.
    pub for_whom: String,
    /// The same in English.
    pub for_whom_en: String,
    /// An expression like [`Paper::when`]: the set is made where it is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The keys of the papers that the set does not hold: those that come to the file
    /// after it is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// The clause that asks for it.
    pub clause: String,
    /// What it rests on.
    #[serde(default)]
    pub basis: Basis,
}

/// A time limit of a procedure.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The name of the limit within the procedure, such as `reading`: small letters,
    /// digits and hyphens.
    pub id: String,
    /// What is to be done, in Vietnamese.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// How it is counted.
    pub clock: Clock,
    /// How many units of the clock.
    pub length: u32,
    /// Which way it is counted, from what `starts` says.
    #[serde(default)]
    pub side: Side,
    /// Whether it is the term of a measure and no time limit for somebody: it comes to
    /// its end, is never overdue, and its end does not move to a working day.
    #[serde(default)]
    pub term: bool,
    /// What it is counted from: the first of these that the case knows. The name of an
    /// event (a key of `events`), the id of another limit, whose end it is then, or a
    /// JSON pointer to a date of the case.
    pub starts: Vec<String>,
    /// What shows that it is done: the first of these that the case knows, the name of
    /// an event or a JSON pointer to a date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<String>,
    /// An expression like [`Paper::when`]: the limit holds where it is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The clause that sets it.
    pub clause: String,
    /// What it rests on.
    #[serde(default)]
    pub basis: Basis,
}

/// How a time limit is counted (Bộ luật Dân sự 2015, Điều 147 and 148).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Hours that run at once, through nights and days off.
    Hours,
    /// Working days, the first being the one after the start.
    WorkingDays,
    /// Days of the calendar; the end moves to the next working day.
    CalendarDays,
    /// Months, to the day of the same number or the last of the month; the end moves to
    /// the next working day.
    Months,
    /// Years, counted like months.
    Years,
    /// Full years of age, reached as the birthday begins; the end does not move.
    Age,
}

/// Which way a time limit is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// From the start on: done by the end of so many units.
    #[default]
    After,
    /// Back from an end: done so many units before it, or earlier (`chậm nhất …
    /// trước`).
    Before,
    /// Back from an end: done within the last so many units before it (`trong … trước
    /// khi hết`).
    Within,
}

impl Procedure {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A finding with its place, if it is not well-formed or contradicts itself.
    pub(super) fn read(source: &SourceText) -> Result<Self, Box<Finding>> {
        let at = |span| Place { source: source.clone(), span, pointer: String::new() };
        let broken = |detail: Bilingual, span: Option<std::ops::Range<usize>>| {
            let finding = Finding::new("PR01").with("file", source.name()).with("detail", detail);
            Box::new(finding.at(at(span.unwrap_or(0..0))))
        };
        let read: Spanned<Self> = toml::from_str(source.text())
            .map_err(|error| broken(Bilingual::from(error.message().trim()), error.span()))?;
        let mut procedure = read.into_inner();
        if let Some(fault) = procedure.fault() {
            return Err(broken(fault, None));
        }
        procedure.name_the_law();
        procedure.place = Some(at(0..0));
        Ok(procedure)
    }

    /// The paper with this key.
    pub fn paper(&self, key: &str) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.key == key)
    }

    /// The set with this id.
    pub fn set(&self, id: &str) -> Option<&CopySet> {
        self.sets.iter().find(|set| set.id == id)
    }

    /// The limit with this id.
    pub fn limit(&self, id: &str) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.id == id)
    }

    /// The title in both languages.
    pub fn titles(&self) -> Bilingual {
        Bilingual::new(self.title.clone(), self.title_en.clone())
    }

    /// A finding that something in the file cannot be used; it lies where the words first
    /// stand in the file.
    pub fn unusable(&self, words: &str, detail: impl Into<Bilingual>) -> Finding {
        let file = self.place.as_ref().map_or(self.id.as_str(), |place| place.source.name());
        let finding = Finding::new("PR01").with("file", file).with("detail", detail);
        let Some(place) = &self.place else { return finding };
        let span = place.source.text().find(words).map(|at| at..at + words.len());
        finding.at(Place { span: span.unwrap_or(0..0), ..place.clone() })
    }

    /// All expressions on data, with the name of what each belongs to.
    pub fn conditions(&self) -> impl Iterator<Item = (String, &str)> {
        let own = self.not_for.iter().map(|text| ("not_for".to_owned(), text.as_str()));
        let of = |kind: &str, name: &str, when: &'_ Option<String>| {
            when.is_some().then(|| condition_name(kind, name))
        };
        let papers = self.papers.iter().filter_map(move |paper| {
            of("paper", &paper.key, &paper.when).zip(paper.when.as_deref())
        });
        let sets = self
            .sets
            .iter()
            .filter_map(move |set| of("set", &set.id, &set.when).zip(set.when.as_deref()));
        let limits = self.limits.iter().filter_map(move |limit| {
            of("limit", &limit.id, &limit.when).zip(limit.when.as_deref())
        });
        own.chain(papers).chain(sets).chain(limits)
    }

    /// Clauses that begin with an article are of the law of the procedure.
    fn name_the_law(&mut self) {
        let law = format!("Nghị định {}", self.law);
        let papers = self.papers.iter_mut().map(|paper| &mut paper.clause);
        let sets = self.sets.iter_mut().map(|set| &mut set.clause);
        let limits = self.limits.iter_mut().map(|limit| &mut limit.clause);
        for clause in papers.chain(sets).chain(limits).chain([&mut self.clause]) {
            if clause.starts_with("Điều ") {
                *clause = format!("{law}, {clause}");
            }
        }
    }

    /// What is wrong with it, if something is.
    fn fault(&self) -> Option<Bilingual> {
        if self.procedure != 1 {
            return Some(said(
                "phiên bản `procedure` phải là 1",
                "the version `procedure` must be 1",
            ));
        }
        if self.not_for.is_some() != (self.not_for_vi.is_some() && self.not_for_en.is_some()) {
            return Some(said(
                "`not_for`, `not_for_vi` và `not_for_en` phải đi cùng nhau",
                "`not_for`, `not_for_vi` and `not_for_en` go together",
            ));
        }
        let keys: Vec<&str> = self.papers.iter().map(|paper| paper.key.as_str()).collect();
        let sets: Vec<&str> = self.sets.iter().map(|set| set.id.as_str()).collect();
        let limits: Vec<&str> = self.limits.iter().map(|limit| limit.id.as_str()).collect();
        let names = [&keys, &sets, &limits];
        if let Some(name) = names.iter().find_map(|names| bad_name(names)) {
            return Some(Bilingual::new(
                format!(
                    "`{name}` phải là chữ thường không dấu, chữ số, gạch nối, và chỉ dùng một lần"
                ),
                format!("`{name}` must be small letters, digits and hyphens, and be used once"),
            ));
        }
        let of_papers = self.papers.iter().find_map(|paper| paper.fault(&keys));
        of_papers
            .or_else(|| self.sets.iter().find_map(|set| unknown(&set.without, &keys)))
            .or_else(|| self.limits.iter().find_map(|limit| limit.fault(&limits)))
    }
}

impl Paper {
    /// The title in both languages.
    pub fn titles(&self) -> Bilingual {
        Bilingual::new(self.title.clone(), self.title_en.clone())
    }

    /// Who signs it, in both languages.
    pub fn signers(&self) -> Bilingual {
        Bilingual::new(self.signer.clone(), self.signer_en.clone())
    }

    /// The name of its condition.
    pub fn condition(&self) -> String {
        condition_name("paper", &self.key)
    }

    fn fault(&self, keys: &[&str]) -> Option<Bilingual> {
        let told = self.unless.is_some() && self.unless_en.is_some();
        if self.need == Need::Required && self.when.is_some() && !told && self.instead_of.is_empty()
        {
            return Some(Bilingual::new(
                format!("`{}` có `when` thì phải có `unless` và `unless_en`", self.key),
                format!("`{}` has `when` and needs `unless` and `unless_en`", self.key),
            ));
        }
        if self.instead_of.contains(&self.key) {
            return Some(Bilingual::new(
                format!("`{}` không thể thay chính nó", self.key),
                format!("`{}` cannot stand in its own place", self.key),
            ));
        }
        unknown(&self.instead_of, keys)
    }
}

impl CopySet {
    /// The title in both languages.
    pub fn titles(&self) -> Bilingual {
        Bilingual::new(self.title.clone(), self.title_en.clone())
    }

    /// The name of its condition.
    pub fn condition(&self) -> String {
        condition_name("set", &self.id)
    }
}

impl Limit {
    /// The title in both languages.
    pub fn titles(&self) -> Bilingual {
        Bilingual::new(self.title.clone(), self.title_en.clone())
    }

    /// The name of its condition.
    pub fn condition(&self) -> String {
        condition_name("limit", &self.id)
    }

    fn fault(&self, limits: &[&str]) -> Option<Bilingual> {
        let before = limits.iter().take_while(|id| **id != self.id);
        let late = |name: &&String| {
            limits.contains(&name.as_str()) && !before.clone().any(|id| *id == name.as_str())
        };
        if self.starts.is_empty() {
            return Some(Bilingual::new(
                format!("`{}` phải có `starts`", self.id),
                format!("`{}` needs `starts`", self.id),
            ));
        }
        self.starts.iter().find(late).map(|name| {
            Bilingual::new(
                format!("`{}` tính từ `{name}`, phải đứng sau nó", self.id),
                format!("`{}` is counted from `{name}` and must stand below it", self.id),
            )
        })
    }
}

fn condition_name(kind: &str, name: &str) -> String {
    format!("{kind} {name}")
}

fn said(vi: &str, en: &str) -> Bilingual {
    Bilingual::new(vi, en)
}

/// The first name that is not known.
fn unknown(names: &[String], known: &[&str]) -> Option<Bilingual> {
    let name = names.iter().find(|name| !known.contains(&name.as_str()))?;
    Some(Bilingual::new(
        format!("không có giấy tờ nào có khóa `{name}`"),
        format!("no paper has the key `{name}`"),
    ))
}

/// The first name that is written wrongly or used before.
fn bad_name<'a>(names: &[&'a str]) -> Option<&'a str> {
    let fits = |name: &str| {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(good)
    };
    let bad = |(at, name): (usize, &&'a str)| {
        (!fits(name) || names[..at].contains(name)).then_some(*name)
    };
    names.iter().enumerate().find_map(bad)
}
