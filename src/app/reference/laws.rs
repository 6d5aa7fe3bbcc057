use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{Count, Reference, ReferenceError, Thing};
use crate::catalog::{Confidence, Law, LawState, LawTitle, Laws, nearest};
use crate::viet::PartialDate;

/// Which legal documents are asked for: those that fit everything that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LawQuery {
    /// Words of number, kind, title or issuer; case and marks do not count.
    #[param(max_length = 200, required = false, example = "luat phong chong ma tuy")]
    pub q: Option<String>,
    /// A day on which the document was surely in force.
    #[param(value_type = Option<String>, format = Date, required = false, example = "2026-07-01")]
    pub in_force_at: Option<NaiveDate>,
    /// How many are listed at most.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100, required = false, default = 20)]
    pub limit: Count,
}

/// Legal documents. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawList<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// The day of which the states are.
    #[schema(value_type = String, format = Date)]
    pub as_of: String,
    /// How many were found; those beyond `limit` are not listed.
    pub total: usize,
    /// Those with the words in their number first, then the latest.
    pub laws: Vec<LawView<'a>>,
}

/// A legal document. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawReport<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// The day of which the state is.
    #[schema(value_type = String, format = Date)]
    pub as_of: String,
    /// The document.
    pub law: LawView<'a>,
}

/// What is known of a legal document. A help for drafters and no official register.
#[derive(Debug, Serialize, ToSchema)]
pub struct LawView<'a> {
    /// Number and symbol.
    #[schema(example = "163/2026/NĐ-CP")]
    pub id: &'a str,
    /// The number in letters that an address can have.
    #[schema(example = "163-2026-nd-cp")]
    pub slug: String,
    /// What it is: `Luật`, `Nghị định`.
    pub kind: &'a str,
    /// Who issued it, as it was called then.
    pub issuer: &'a str,
    /// The day it was signed.
    #[schema(value_type = String, format = Date)]
    pub issued: String,
    /// The title (trích yếu) without the kind.
    pub title: &'a str,
    /// What the title is: only an `exact` one is printed.
    pub title_is: LawTitle,
    /// How it is cited, as far as that is known for certain.
    #[schema(example = "Luật Phòng, chống ma túy số 120/2025/QH15 ngày 10 tháng 12 năm 2025")]
    pub citation: String,
    /// The first day in force, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<String>,
    /// The last day in force, where it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<String>,
    /// How it stands.
    pub state: LawState,
    /// The numbers of what ended it.
    #[schema(value_type = Vec<String>)]
    pub replaced_by: &'a [String],
    /// The numbers of what amends it; perhaps not all.
    #[schema(value_type = Vec<String>)]
    pub amended_by: &'a [String],
    /// Whether the number says no year: other documents have the same, compare `issued`.
    pub number_repeats: bool,
    /// How well all this is known.
    pub confidence: Confidence,
    /// Where it was seen, in Vietnamese.
    pub source: &'a str,
    /// What a reader must know, in Vietnamese.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub note: &'a str,
}

impl Reference {
    /// The legal documents that fit.
    pub fn laws(&self, query: &LawQuery) -> LawList<'static> {
        let mut found = Laws::all().find(query.q.as_deref().unwrap_or_default());
        if let Some(day) = query.in_force_at {
            found.retain(|law| law.state_on(day) == LawState::InForce);
        }
        LawList {
            version: 1,
            as_of: Laws::AS_OF.to_string(),
            total: found.len(),
            laws: found.into_iter().take(query.limit.get()).map(LawView::of).collect(),
        }
    }

    /// The legal document with this number, as it is written or as its slug.
    ///
    /// # Errors
    ///
    /// If none with it is known.
    pub fn law(&self, number: &str) -> Result<LawReport<'static>, ReferenceError> {
        let law = Laws::all().by_number(number).ok_or_else(|| {
            let near = nearest(number, Laws::all().iter().map(|law| law.id.as_str()));
            ReferenceError::unknown(Thing::Law, number, near)
        })?;
        Ok(LawReport { version: 1, as_of: Laws::AS_OF.to_string(), law: LawView::of(law) })
    }
}

impl<'a> LawView<'a> {
    fn of(law: &'a Law) -> Self {
        Self {
            id: &law.id,
            slug: law.slug(),
            kind: &law.kind,
            issuer: &law.issuer,
            issued: law.issued.to_string(),
            title: &law.title,
            title_is: law.title_is,
            citation: citation(law),
            from: law.from.map(|day| day.to_string()),
            to: law.to.map(|day| day.to_string()),
            state: law.state,
            replaced_by: &law.replaced_by,
            amended_by: &law.amended_by,
            number_repeats: law.number_repeats(),
            confidence: law.confidence,
            source: &law.source,
            note: &law.note,
        }
    }
}

/// How a drafter cites it: laws by kind, title and number, others with their issuer
/// and a title that starts small; without the title where that is not sure.
fn citation(law: &Law) -> String {
    let exact = law.title_is == LawTitle::Exact;
    let date = PartialDate::full(law.issued);
    let date = [date.day_text(), date.month_text()].into_iter().flatten();
    let date: Vec<String> = date.collect();
    let day = match date.as_slice() {
        [day, month] => {
            format!("ngày {day} tháng {month} năm {}", law.issued.format("%Y"))
        }
        _ => law.issued.to_string(),
    };
    let own = ["Luật", "Bộ luật", "Pháp lệnh"].contains(&law.kind.as_str());
    match (own, exact) {
        (true, true) => format!("{} {} số {} {day}", law.kind, law.title, law.id),
        (true, false) => format!("{} số {} {day}", law.kind, law.id),
        (false, false) => format!("{} số {} {day} của {}", law.kind, law.id, law.issuer),
        (false, true) => {
            let mut letters = law.title.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
            let title = format!("{first}{}", letters.as_str());
            format!("{} số {} {day} của {} {title}", law.kind, law.id, law.issuer)
        }
    }
}
