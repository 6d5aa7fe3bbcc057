#![expect(clippy::needless_pass_by_value, reason = "Tera hands arguments over by value")]

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::viet::{PartialDate, clock_text, document_number, grouped, roman};

/// Gives content templates the filters of the field.
///
/// | filter | gives |
/// |---|---|
/// | `lines` | the printed lines of a text or list |
/// | `paragraphs` | the paragraphs of a text or list: blank lines separate |
/// | `figure` | a number in Vietnamese writing; text as it is |
/// | `date_text` | a date in the short form of running text; other text as it is |
/// | `date_words` | a date in words, dots for what is not known; other text as it is |
/// | `time_text` | an hour in words (`8:00` as `08 giờ 00`); other text as it is |
/// | `number_text` | the number of a document with its zero (`6` as `06`) |
/// | `roman` | a Roman numeral |
/// | `total(of=…)` | the sum of a property over a list of objects |
/// | `of_section(section=…)` | the targets that belong to a section; all, if none does |
/// | `unstated` | the entries that the running text does not state already |
/// | `unplaced(sections=…)` | the parts that no section puts in its place |
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("lines", |value: &Value, _: Kwargs, _: &State| -> Value {
        texts(value, |text| text.lines().map(str::trim).filter(|line| !line.is_empty()).collect())
    });
    tera.register_filter("paragraphs", |value: &Value, _: Kwargs, _: &State| -> Value {
        texts(value, paragraphs)
    });
    tera.register_filter("figure", |value: &Value, _: Kwargs, _: &State| -> Value {
        if value.is_number() { Value::from(grouped(&value.to_string())) } else { value.clone() }
    });
    tera.register_filter("date_text", |value: &Value, _: Kwargs, _: &State| -> String {
        let text = value.to_string();
        text.parse::<PartialDate>().map_or(text, |date| date.to_string())
    });
    tera.register_filter("date_words", |value: &Value, _: Kwargs, _: &State| -> String {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let date = text.parse::<PartialDate>().ok();
        if date.is_some() || value.is_none() { date_words(date) } else { text }
    });
    tera.register_filter("time_text", |value: &Value, _: Kwargs, _: &State| -> String {
        let text = value.to_string();
        clock_text(&text).unwrap_or(text)
    });
    tera.register_filter("number_text", |value: &Value, _: Kwargs, _: &State| -> String {
        document_number(&value.to_string())
    });
    tera.register_filter("roman", |value: usize, _: Kwargs, _: &State| -> String { roman(value) });
    tera.register_filter("total", total);
    tera.register_filter("of_section", of_section);
    tera.register_filter("unstated", |list: &Value, _: Kwargs, _: &State| -> Value {
        filtered(list, |one| !field(one, "stated").is_some_and(Value::is_truthy))
    });
    tera.register_filter("unplaced", unplaced);
}

/// Room to write a day, month or year by hand.
const DATE_DOTS: &str = ".......";

/// `ngày 05 tháng 3 năm 2026`, with dots for the parts that are not known.
fn date_words(date: Option<PartialDate>) -> String {
    let part = |text: Option<String>| text.unwrap_or_else(|| DATE_DOTS.to_owned());
    format!(
        "ngày {} tháng {} năm {}",
        part(date.and_then(PartialDate::day_text)),
        part(date.and_then(PartialDate::month_text)),
        part(date.map(|date| date.year.to_string()))
    )
}

/// Cuts a text, or every text of a list, into pieces.
fn texts(value: &Value, cut: fn(&str) -> Vec<&str>) -> Value {
    let all: Vec<&Value> = match value.as_array() {
        Some(list) => list.iter().collect(),
        None => vec![value],
    };
    let pieces = all.into_iter().filter_map(Value::as_str).flat_map(cut).map(Value::from);
    Value::from(pieces.collect::<Vec<Value>>())
}

fn paragraphs(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            out.extend(start.take().map(|start: usize| text[start..at].trim()));
        } else if start.is_none() {
            start = Some(at);
        }
        at += line.len();
    }
    out.extend(start.map(|start| text[start..].trim()));
    out
}

fn field<'a>(one: &'a Value, name: &'a str) -> Option<&'a Value> {
    one.get_from_path(name).filter(|value| !value.is_none() && !value.is_undefined())
}

fn filtered(list: &Value, keep: impl Fn(&Value) -> bool) -> Value {
    let list = list.as_array().unwrap_or_default();
    Value::from(list.iter().filter(|one| keep(one)).cloned().collect::<Vec<Value>>())
}

fn total(list: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let of: String = arguments.must_get("of")?;
    let amounts = list.as_array().unwrap_or_default().iter().filter_map(|one| field(one, &of));
    Ok(Value::from(amounts.filter_map(Value::as_i128).sum::<i128>()))
}

fn of_section(list: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let section: Option<String> =
        arguments.get::<&Value>("section")?.and_then(|value| value.as_str().map(str::to_owned));
    let own = |one: &Value| {
        section.is_some() && field(one, "section").and_then(Value::as_str) == section.as_deref()
    };
    let all = list.as_array().unwrap_or_default();
    Ok(filtered(list, |one| own(one) || !all.iter().any(own)))
}

fn unplaced(names: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let sections: Value = arguments.must_get::<&Value>("sections")?.clone();
    let placed = |name: &Value| {
        let sections = sections.as_array().unwrap_or_default();
        sections.iter().any(|one| field(one, "part").and_then(Value::as_str) == name.as_str())
    };
    Ok(filtered(names, |name| !placed(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_separate_paragraphs() {
        assert_eq!(paragraphs("một\nhai\n\n  ba\n \nbốn\n"), ["một\nhai", "ba", "bốn"]);
        assert!(paragraphs(" \n\n").is_empty());
    }
}
