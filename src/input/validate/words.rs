//! Words for values, types and limits, in both languages.

use chrono::{Datelike, NaiveDate};
use jsonschema::{JsonType, JsonTypeSet};
use serde_json::Value;

use super::super::{Node, NodeValue, Scalar};
use crate::base::Bilingual;

/// A name with its title in brackets.
pub(super) fn titled(key: &str, title: &str) -> String {
    if title.is_empty() { format!("`{key}`") } else { format!("`{key}` ({title})") }
}

/// A value of the schema as it is written in a data file.
pub(super) fn code(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"))
}

/// The start of a text.
pub(super) fn short(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    let dots = if start.len() < text.len() { "…" } else { "" };
    format!("{start}{dots}")
}

/// What stands in the file: quoted, or named where it has parts.
pub(super) fn quoted(node: &Node) -> Bilingual {
    match &node.value {
        NodeValue::Scalar(Scalar::Text(text)) if !text.is_empty() => {
            format!("“{}”", short(text)).into()
        }
        NodeValue::Scalar(Scalar::Number(_, spelled)) => format!("`{spelled}`").into(),
        _ => found(node),
    }
}

/// What stands in the file, with its type.
pub(super) fn found(node: &Node) -> Bilingual {
    match &node.value {
        NodeValue::Object(_) => Bilingual::new("một nhóm khóa", "an object"),
        NodeValue::List(list) if list.is_empty() => {
            Bilingual::new("danh sách rỗng", "an empty list")
        }
        NodeValue::List(_) => Bilingual::new("một danh sách", "a list"),
        NodeValue::Scalar(Scalar::Null) => Bilingual::new("không có gì", "nothing"),
        NodeValue::Scalar(Scalar::Bool(value)) => format!("`{value}`").into(),
        NodeValue::Scalar(Scalar::Number(_, spelled)) => {
            Bilingual::new(format!("số `{spelled}`"), format!("the number `{spelled}`"))
        }
        NodeValue::Scalar(Scalar::Text(text)) if text.is_empty() => {
            Bilingual::new("chữ rỗng", "an empty text")
        }
        NodeValue::Scalar(Scalar::Text(text)) => {
            let text = short(text);
            Bilingual::new(format!("chữ “{text}”"), format!("the text “{text}”"))
        }
    }
}

/// The types that a value may have.
pub(super) fn types(kinds: JsonTypeSet) -> Bilingual {
    let names = |pick: fn(JsonType) -> &'static str, or: &str| {
        kinds.iter().map(pick).collect::<Vec<_>>().join(or)
    };
    let vi = |kind| match kind {
        JsonType::Array => "danh sách",
        JsonType::Boolean => "`true` hoặc `false`",
        JsonType::Integer => "số nguyên",
        JsonType::Null => "để trống",
        JsonType::Number => "số",
        JsonType::Object => "nhóm khóa",
        JsonType::String => "chữ",
    };
    let en = |kind| match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a text",
    };
    Bilingual::new(names(vi, " hoặc "), names(en, " or "))
}

/// What is allowed instead of a text, with the count of its digits if it is a
/// number such as that of a passport.
pub(super) fn allowed(allowed: &Bilingual, text: &str) -> Bilingual {
    let letters = text.chars().filter(|one| one.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let of_a_number = |one: char| one.is_alphanumeric() || matches!(one, ' ' | '.' | '-' | '+');
    if digits < 5 || letters > 3 || !text.chars().all(of_a_number) {
        return Bilingual::new(
            format!("được phép: {}", allowed.vi),
            format!("allowed: {}", allowed.en),
        );
    }
    let (vi, en) = match letters {
        0 => (String::new(), String::new()),
        _ => (format!("{letters} chữ cái và "), format!("{letters} letters and ")),
    };
    Bilingual::new(
        format!("được phép: {}; ở đây có {vi}{digits} chữ số", allowed.vi),
        format!("allowed: {}; here there are {en}{digits} digits", allowed.en),
    )
}

/// How much a value holds: characters, items or keys.
pub(super) fn size(node: &Node) -> u64 {
    let size = match &node.value {
        NodeValue::Object(entries) => entries.len(),
        NodeValue::List(list) => list.len(),
        NodeValue::Scalar(_) => node.spelling().unwrap_or_default().chars().count(),
    };
    size as u64
}

/// A number of characters, items or keys, whichever the value has.
pub(super) fn count(number: u64, node: &Node) -> Bilingual {
    let (vi, en) = match &node.value {
        NodeValue::Object(_) => ("khóa", "key"),
        NodeValue::List(_) => ("phần tử", "item"),
        NodeValue::Scalar(_) => ("ký tự", "character"),
    };
    let plural = if number == 1 { "" } else { "s" };
    Bilingual::new(format!("{number} {vi}"), format!("{number} {en}{plural}"))
}

pub(super) fn at_least(limit: u64, node: &Node) -> Bilingual {
    let count = count(limit, node);
    Bilingual::new(format!("có ít nhất {}", count.vi), format!("at least {} long", count.en))
}

pub(super) fn from(limit: &Value) -> Bilingual {
    Bilingual::new(format!("từ {limit} trở lên"), format!("{limit} or more"))
}

pub(super) fn up_to(limit: &Value) -> Bilingual {
    Bilingual::new(format!("từ {limit} trở xuống"), format!("{limit} or less"))
}

pub(super) fn above(limit: &Value) -> Bilingual {
    Bilingual::new(format!("lớn hơn {limit}"), format!("more than {limit}"))
}

pub(super) fn below(limit: &Value) -> Bilingual {
    Bilingual::new(format!("nhỏ hơn {limit}"), format!("less than {limit}"))
}

/// What the calendar says about a date that it does not have.
pub(super) fn calendar(text: &str) -> Option<Bilingual> {
    let text = text.split('T').next()?;
    let mut parts: Vec<u32> =
        text.split(['/', '-']).map(str::parse).collect::<Result<_, _>>().ok()?;
    if text.contains('/') {
        parts.reverse();
    }
    let (year, month) = (*parts.first()?, *parts.get(1)?);
    let first = |year: u32, month: u32| NaiveDate::from_ymd_opt(year.try_into().ok()?, month, 1);
    let Some(start) = first(year, month) else {
        return Some(Bilingual::new(
            "tháng phải từ 1 đến 12; thứ tự là ngày/tháng/năm hoặc năm-tháng-ngày",
            "a month is 1 to 12; the order is day/month/year or year-month-day",
        ));
    };
    let next = if month == 12 { first(year + 1, 1)? } else { first(year, month + 1)? };
    let days = next.pred_opt()?.day();
    Some(Bilingual::new(
        format!("tháng {}/{year} có {days} ngày", start.month()),
        format!("month {}/{year} has {days} days", start.month()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_is_told() {
        let vi = |text: &str| calendar(text).map(|hint| hint.vi);
        assert_eq!(vi("31/4/2026"), Some("tháng 4/2026 có 30 ngày".into()));
        assert_eq!(vi("2026-02-30"), Some("tháng 2/2026 có 28 ngày".into()));
        assert_eq!(vi("32/12/2026"), Some("tháng 12/2026 có 31 ngày".into()));
        assert!(vi("2026-13-01").is_some_and(|hint| hint.starts_with("tháng phải")));
        assert_eq!(vi("2026-02-30T08:30:15+07:00"), vi("2026-02-30"));
        assert_eq!(vi("hôm nay"), None);
    }
}
