use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{Count, Reference, ReferenceError};
use crate::catalog::{Unit, UnitKind, Units, nearest, split_kind};

/// Which administrative units are asked for. Without words: the communes of the
/// province, or the provinces.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnitQuery {
    /// A name or a part of it, with or without marks and kind (`phuong ben`, `tp hue`),
    /// the province behind a comma; or a code.
    #[param(max_length = 200, required = false, example = "dinh my, an giang")]
    pub q: Option<String>,
    /// The province of communes: its code or its name.
    #[param(max_length = 200, required = false, example = "An Giang")]
    pub province: Option<String>,
    /// The day of which the kinds are: from 2025-07-01, the day of the two levels, on.
    #[param(value_type = Option<String>, format = Date, required = false, example = "2026-07-01")]
    pub in_force_at: Option<NaiveDate>,
    /// How many are listed at most.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100, required = false, default = 20)]
    pub limit: Count,
}

/// Administrative units. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitList {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// How many were found; those beyond `limit` are not listed.
    pub total: usize,
    /// The likeliest first.
    pub units: Vec<UnitView>,
}

/// A province, city or commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitView {
    /// The code of the statistics office: two digits, of a commune five.
    #[schema(example = "30709")]
    pub code: &'static str,
    /// What it is: `tỉnh`, `thành phố`, `xã`, `phường`, `đặc khu`.
    pub kind: &'static str,
    /// The name as the law spells it.
    #[schema(example = "Định Mỹ")]
    pub name: &'static str,
    /// Kind and name as they stand in a sentence (Nghị định 30/2020/NĐ-CP, Phụ lục II).
    #[schema(example = "xã Định Mỹ")]
    pub full_name: String,
    /// The province of a commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<ProvinceView>,
}

/// The province of a commune.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvinceView {
    /// The code.
    #[schema(example = "91")]
    pub code: &'static str,
    /// Kind and name as they stand in a sentence.
    #[schema(example = "tỉnh An Giang")]
    pub full_name: String,
}

impl Reference {
    /// The units that are meant.
    ///
    /// # Errors
    ///
    /// If the province is not known, or the day lies before the two levels.
    pub fn units(&self, query: &UnitQuery) -> Result<UnitList, ReferenceError> {
        if query.in_force_at.is_some_and(|day| day < Units::SINCE) {
            return Err(ReferenceError::parameter(
                "in_force_at",
                format!("chỉ có đơn vị hành chính từ {} trở đi", Units::SINCE),
                format!("units of before {} are not known", Units::SINCE),
            ));
        }
        let province = query.province.as_deref().map(province).transpose()?;
        let units = Units::all();
        let words = query.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
        let of = |unit: &&Unit| province.is_none_or(|one| unit.province == Some(one.code));
        let found: Vec<&Unit> = match (words, province) {
            (Some(words), _) => units.find(words, usize::MAX).into_iter().filter(of).collect(),
            (None, Some(_)) => units.iter().filter(of).collect(),
            (None, None) => units.iter().filter(|unit| unit.province.is_none()).collect(),
        };
        let view = |unit: &&Unit| UnitView::new(unit, units, query.in_force_at);
        let units = found.iter().take(query.limit.get()).map(view).collect();
        Ok(UnitList { version: 1, total: found.len(), units })
    }
}

impl UnitView {
    fn new(unit: &Unit, all: &Units, day: Option<NaiveDate>) -> Self {
        let kind = |unit: &Unit| -> UnitKind { day.map_or(unit.kind, |day| unit.kind_on(day)) };
        let full_name = |unit: &Unit| kind(unit).with_name(unit.name);
        Self {
            code: unit.code,
            kind: kind(unit).word(),
            name: unit.name,
            full_name: full_name(unit),
            province: all
                .province_of(unit)
                .map(|one| ProvinceView { code: one.code, full_name: full_name(one) }),
        }
    }
}

/// The province with a code or a name.
fn province(words: &str) -> Result<&'static Unit, ReferenceError> {
    let all = Units::provinces();
    let name = split_kind(words).map_or(words, |(_, name)| name);
    let found = all.by_code(words.trim()).or_else(|| all.province(name));
    found.ok_or_else(|| {
        let near = nearest(name, all.iter().map(|unit| unit.name));
        let (mut vi, mut en) = (
            format!("không có tỉnh, thành phố `{words}`"),
            format!("there is no province `{words}`"),
        );
        if let Some(near) = near {
            vi.push_str(&format!(" (có phải `{near}`?)"));
            en.push_str(&format!(" (did you mean `{near}`?)"));
        }
        ReferenceError::parameter("province", vi, en)
    })
}
