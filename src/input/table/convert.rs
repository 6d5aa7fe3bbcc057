use chrono::{Days, NaiveDate};
use serde_json::Number;

use super::super::read::nfc;
use super::super::{Node, NodeValue, Scalar};
use super::value::{CellValue, spelled};
use crate::base::Finding;
use crate::catalog::ColumnKind;
use crate::viet::fold;

/// What a cell means in a column: a value, or nothing, and what is to be said of it.
pub(super) struct Converted {
    pub value: Option<NodeValue>,
    pub finding: Option<Finding>,
}

impl Converted {
    fn scalar(scalar: Scalar) -> Self {
        Self { value: Some(NodeValue::Scalar(scalar)), finding: None }
    }

    fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self { value: None, finding: None }
        } else {
            Self::scalar(Scalar::Text(text))
        }
    }

    fn with(self, finding: Finding) -> Self {
        Self { finding: Some(finding), ..self }
    }

    fn refused(finding: Finding) -> Self {
        Self { value: None, finding: Some(finding) }
    }
}

/// Numbers from here on are rounded by spreadsheet programs, which keep fifteen digits.
const ROUNDED: f64 = 1e15;

/// Reads a cell as people type into spreadsheets. What does not fit the column stays as it
/// is, for the schema to refuse.
pub(super) fn convert(value: &CellValue, kind: &ColumnKind) -> Converted {
    match value {
        CellValue::Error(error) => {
            return Converted::refused(Finding::new("BT10").with("found", error.as_str()));
        }
        CellValue::Formula(_) => return Converted::refused(Finding::new("BT11")),
        _ => {}
    }
    match kind {
        ColumnKind::Date => date(value),
        ColumnKind::Moment => moment(value),
        ColumnKind::Integer | ColumnKind::Number => number(value),
        ColumnKind::Boolean => boolean(value),
        ColumnKind::Choice(options) => choice(value, options),
        ColumnKind::Texts => texts(value),
        ColumnKind::Identity => digits(value, identity),
        ColumnKind::Phone => digits(value, phone),
        ColumnKind::Text => text(value),
    }
}

/// A text without spaces around it, in NFC, with plain spaces and line ends.
fn cleaned(text: &str) -> String {
    let text = text.replace('\u{a0}', " ").replace("_x000D_", "").replace("\r\n", "\n");
    // What spreadsheets write so that digits stay text: `="012"`.
    let text = text.trim();
    let text = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    nfc(text.to_owned())
}

fn text(value: &CellValue) -> Converted {
    match value {
        CellValue::Text(text) => Converted::text(cleaned(text)),
        CellValue::Bool(value) => Converted::scalar(Scalar::Bool(*value)),
        CellValue::Number(number) if number.abs() >= ROUNDED => {
            Converted::refused(Finding::new("BT12").with("found", spelled(*number)))
        }
        // `9/12` that became a day of this year.
        CellValue::Moment { day: Some(_), .. } => {
            let shown = value.shown();
            Converted::text(shown.as_str()).with(Finding::new("BT15").with("found", shown))
        }
        other => Converted::text(other.shown()),
    }
}

/// Digits that are text; `whole` puts back the zeros that a number has lost.
fn digits(value: &CellValue, whole: fn(&str) -> Option<String>) -> Converted {
    let CellValue::Number(number) = value else {
        let CellValue::Text(text) = value else { return text(value) };
        return Converted::text(cleaned(text));
    };
    if number.abs() >= ROUNDED {
        return text(value);
    }
    let typed = spelled(*number);
    match whole(&typed) {
        Some(whole) => {
            let finding = Finding::new("BT13").with("found", typed).with("value", whole.as_str());
            Converted::text(whole).with(finding)
        }
        None => Converted::text(typed),
    }
}

/// The twelve digits of a number that starts with the code of a province, 001 to 096, or
/// the nine of an older one.
fn identity(typed: &str) -> Option<String> {
    match typed.len() {
        10 | 11 => {
            let whole = format!("{typed:0>12}");
            let province: u32 = whole[..3].parse().ok()?;
            (1..=96).contains(&province).then_some(whole)
        }
        8 => Some(format!("0{typed}")),
        _ => None,
    }
}

fn phone(typed: &str) -> Option<String> {
    let lost = matches!(typed.len(), 9 | 10) && !typed.starts_with("84");
    lost.then(|| format!("0{typed}"))
}

/// Days that a number in a column of dates can mean: 1927 to 2119.
const SERIAL: std::ops::RangeInclusive<f64> = 10_000.0..=80_000.0;
/// The day that spreadsheets count from.
const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1899, 12, 30).expect("the day exists");

fn date(value: &CellValue) -> Converted {
    match value {
        CellValue::Moment { day: Some(day), .. } => Converted::text(day.to_string()),
        CellValue::Number(number) if number.fract() == 0.0 && SERIAL.contains(number) => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
            let day = EPOCH.checked_add_days(Days::new(*number as u64));
            let Some(day) = day else { return text(value) };
            let shown = day.format("%-d/%-m/%Y").to_string();
            Converted::text(day.to_string())
                .with(Finding::new("BT14").with("found", spelled(*number)).with("value", shown))
        }
        CellValue::Number(_) => number(value),
        CellValue::Text(text) => {
            let text = cleaned(text);
            let found = written_day(&text);
            Converted::text(found.unwrap_or(text))
        }
        other => text(other),
    }
}

/// A date in words or with other marks, as the schema wants it: `15-9-2022`, `15.9.2022`,
/// `ngày 15 tháng 9 năm 2022`, `2022/9/15`.
fn written_day(text: &str) -> Option<String> {
    let plain = fold(text);
    let parts: Vec<&str> = plain
        .split(|c: char| c.is_whitespace() || "/.-,".contains(c))
        .filter(|part| !part.is_empty())
        .collect();
    let is_word = |part: &&str| ["ngay", "thang", "nam"].contains(part);
    let numbers: Vec<&str> = parts.iter().copied().filter(|part| !is_word(part)).collect();
    let fits = |part: &str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    match numbers.as_slice() {
        [day, month, year] if fits(day, &[1, 2]) && fits(month, &[1, 2]) && fits(year, &[4]) => {
            Some(format!("{day}/{month}/{year}"))
        }
        [year, month, day] if fits(day, &[1, 2]) && fits(month, &[1, 2]) && fits(year, &[4]) => {
            Some(format!("{year}-{month:0>2}-{day:0>2}"))
        }
        [month, year] if fits(month, &[1, 2]) && fits(year, &[4]) => {
            Some(format!("{month}/{year}"))
        }
        [year, month] if fits(month, &[1, 2]) && fits(year, &[4]) => {
            Some(format!("{year}-{month:0>2}"))
        }
        [year] if fits(year, &[4]) => Some((*year).to_owned()),
        _ => None,
    }
}

/// A day with an hour, of Vietnam's time.
fn moment(value: &CellValue) -> Converted {
    match value {
        CellValue::Moment { day: Some(day), hour } => {
            let hour = hour.unwrap_or_default().format("%H:%M:%S");
            Converted::text(format!("{day}T{hour}+07:00"))
        }
        other => text(other),
    }
}

fn number(value: &CellValue) -> Converted {
    let parsed = match value {
        CellValue::Number(number) => Some(*number),
        CellValue::Text(typed) => written_number(&cleaned(typed)),
        _ => None,
    };
    let Some(parsed) = parsed else { return text(value) };
    let spelled = spelled(parsed);
    let exact = match spelled.parse::<i64>() {
        Ok(whole) => Some(Number::from(whole)),
        Err(_) => Number::from_f64(parsed),
    };
    match exact {
        Some(number) => Converted::scalar(Scalar::Number(number, spelled)),
        None => text(value),
    }
}

/// A number with Vietnamese separators: `1.250.000`, `12,5`, `1.250,5`; a point before
/// other than three digits is one of decimals.
fn written_number(text: &str) -> Option<f64> {
    let text = text.replace([' ', '\u{202f}'], "");
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = rest.split_once(',').unwrap_or((rest, ""));
    let groups: Vec<&str> = whole.split('.').collect();
    let grouped = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3);
    if !groups.iter().all(|group| digits(group)) || !(fraction.is_empty() || digits(fraction)) {
        return None;
    }
    let plain = match groups.as_slice() {
        [_] => whole.to_owned(),
        _ if grouped => groups.concat(),
        [_, _] if fraction.is_empty() => whole.to_owned(),
        _ => return None,
    };
    let fraction = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    format!("{sign}{plain}{fraction}").parse().ok()
}

const YES: [&str; 8] = ["x", "v", "co", "dung", "true", "yes", "1", "✓"];
const NO: [&str; 6] = ["khong", "sai", "false", "no", "0", "-"];

fn boolean(value: &CellValue) -> Converted {
    let typed = match value {
        CellValue::Bool(value) => return Converted::scalar(Scalar::Bool(*value)),
        CellValue::Text(typed) => fold(&cleaned(typed)),
        other => other.shown(),
    };
    if YES.contains(&typed.as_str()) {
        Converted::scalar(Scalar::Bool(true))
    } else if NO.contains(&typed.as_str()) {
        Converted::scalar(Scalar::Bool(false))
    } else {
        text(value)
    }
}

/// One of some texts, whatever its case and marks are, if it can be no other.
fn choice(value: &CellValue, options: &[String]) -> Converted {
    let CellValue::Text(typed) = value else { return text(value) };
    let typed = cleaned(typed);
    if options.contains(&typed) {
        return Converted::text(typed);
    }
    let plain = fold(&typed);
    let mut same = options.iter().filter(|option| fold(option) == plain);
    match (same.next(), same.next()) {
        (Some(only), None) => Converted::text(only.as_str()),
        _ => Converted::text(typed),
    }
}

/// Texts with `;` or line ends between them.
fn texts(value: &CellValue) -> Converted {
    let CellValue::Text(typed) = value else {
        let Converted { value, finding } = text(value);
        let list = value.map(|value| NodeValue::List(vec![Node { span: 0..0, value }]));
        return Converted { value: list, finding };
    };
    let typed = cleaned(typed);
    let parts = typed.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let node =
        |part: &str| Node { span: 0..0, value: NodeValue::Scalar(Scalar::Text(part.to_owned())) };
    let list: Vec<Node> = parts.map(node).collect();
    Converted { value: (!list.is_empty()).then_some(NodeValue::List(list)), finding: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: &CellValue, kind: &ColumnKind) -> (serde_json::Value, Option<String>) {
        let found = convert(value, kind);
        let value = found.value.map(|value| Node { span: 0..0, value }.to_json());
        (value.unwrap_or_default(), found.finding.map(|finding| finding.code.into_owned()))
    }

    fn typed(text: &str, kind: &ColumnKind) -> serde_json::Value {
        json(&CellValue::Text(text.to_owned()), kind).0
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        for (text, expected) in [
            ("15/9/2022", "15/9/2022"),
            (" 15-09-2022 ", "15/09/2022"),
            ("15.9.2022", "15/9/2022"),
            ("15 / 9 / 2022", "15/9/2022"),
            ("2022/9/5", "2022-09-05"),
            ("9/2022", "9/2022"),
            ("2022", "2022"),
            ("ngày 05 tháng 9 năm 2022", "05/9/2022"),
            ("năm 1990", "1990"),
            ("hôm qua", "hôm qua"),
            ("15/9/22", "15/9/22"),
        ] {
            assert_eq!(typed(text, &ColumnKind::Date), expected, "{text}");
        }
        assert_eq!(json(&CellValue::Number(1990.0), &ColumnKind::Date), (1990.into(), None));
        let serial = json(&CellValue::Number(44819.0), &ColumnKind::Date);
        assert_eq!(serial, ("2022-09-15".into(), Some("BT14".to_owned())));
        let day = NaiveDate::from_ymd_opt(2022, 9, 15);
        let cell = CellValue::Moment { day, hour: None };
        assert_eq!(json(&cell, &ColumnKind::Date), ("2022-09-15".into(), None));
        let education = json(&cell, &ColumnKind::Text);
        assert_eq!(education, ("15/9/2022".into(), Some("BT15".to_owned())));
    }

    #[test]
    fn zeros_that_numbers_lose_come_back_with_a_warning() {
        let lost = Some("BT13".to_owned());
        for (number, kind, expected, code) in [
            (1_099_000_001.0, ColumnKind::Identity, "001099000001", lost.clone()),
            (89_199_000_004.0, ColumnKind::Identity, "089199000004", lost.clone()),
            (123_456_789_012.0, ColumnKind::Identity, "123456789012", None),
            (99_199_000_004.0, ColumnKind::Identity, "99199000004", None),
            (123_456_789.0, ColumnKind::Identity, "123456789", None),
            (912_000_001.0, ColumnKind::Phone, "0912000001", lost),
        ] {
            assert_eq!(json(&CellValue::Number(number), &kind), (expected.into(), code));
        }
        // What was typed as text is what was meant.
        assert_eq!(typed("89199000004", &ColumnKind::Identity), "89199000004");
        let rounded = json(&CellValue::Number(1.234_567_890_123_456_7e18), &ColumnKind::Text);
        assert_eq!(rounded, (serde_json::Value::Null, Some("BT12".to_owned())));
    }

    #[test]
    fn numbers_choices_and_marks_are_read_as_people_type_them() {
        for (text, expected) in [
            ("1.250.000", serde_json::json!(1_250_000)),
            ("1.250", serde_json::json!(1250)),
            ("12,5", serde_json::json!(12.5)),
            ("1.250,5", serde_json::json!(1250.5)),
            ("12.5", serde_json::json!(12.5)),
            ("-3", serde_json::json!(-3)),
            ("1.25.000", serde_json::json!("1.25.000")),
            ("hai", serde_json::json!("hai")),
        ] {
            assert_eq!(typed(text, &ColumnKind::Number), expected, "{text}");
        }
        for text in ["x", "X", " Có", "TRUE", "đúng", "✓"] {
            assert_eq!(typed(text, &ColumnKind::Boolean), true, "{text}");
        }
        for text in ["không", "KHÔNG", "sai", "0"] {
            assert_eq!(typed(text, &ColumnKind::Boolean), false, "{text}");
        }
        assert_eq!(typed("có lẽ", &ColumnKind::Boolean), "có lẽ");
        let sex = ColumnKind::Choice(vec!["Nam".to_owned(), "Nữ".to_owned()]);
        assert_eq!(typed("nu", &sex), "Nữ");
        assert_eq!(typed("khác", &sex), "khác");
        let list = typed("một; hai\nba;", &ColumnKind::Texts);
        assert_eq!(list, serde_json::json!(["một", "hai", "ba"]));
        assert_eq!(typed("a\u{a0}\u{302} ", &ColumnKind::Text), "a \u{302}");
    }
}
