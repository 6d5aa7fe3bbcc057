#![expect(clippy::needless_pass_by_value, reason = "Tera hands arguments over by value")]

use chrono::Months;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::viet::{
    NumberStyle, PartialDate, UnknownWord, clock_text, document_number, grouped, number_words,
    roman,
};

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
/// | `number_words(tens=…, thousand=…)` | a number in words (`105` as `một trăm linh năm`); other text as it is |
/// | `money_words(tens=…, thousand=…)` | the same with `đồng` |
/// | `by_sex(male=…, female=…, other=…)` | a word by the sex that is written `Nam` or `Nữ`; by itself `ông`, `bà`, `ông (bà)` |
/// | `roman` | a Roman numeral |
/// | `at(path=…)` | what lies at a path such as `officers.0.full_name`; of several paths, separated by spaces, the first that has something; else nothing |
/// | `day_words` | a date after the printed word `ngày`: `05 tháng 8 năm 2026`, dots for what is not known |
/// | `day_slashed` | a date in three numbers, `05/8/2026`, dots for what is not known |
/// | `younger_than(years=…, on=…)` | whether somebody born on a date is surely younger than so many years on another |
/// | `later_than(day=…)` | whether a date is surely later than another |
/// | `older_than(months=…, on=…)` | whether a date is surely more than so many months before another |
/// | `age(on=…)` | how old somebody born on a date is on another; nothing if it is not sure |
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
    tera.register_filter("number_words", |value: &Value, arguments: Kwargs, _: &State| {
        in_words(value, &arguments, "")
    });
    tera.register_filter("money_words", |value: &Value, arguments: Kwargs, _: &State| {
        in_words(value, &arguments, " đồng")
    });
    tera.register_filter("by_sex", |value: &Value, arguments: Kwargs, _: &State| {
        let (name, word) = match value.as_str() {
            Some("Nam") => ("male", "ông"),
            Some("Nữ") => ("female", "bà"),
            _ => ("other", "ông (bà)"),
        };
        Ok::<_, tera::Error>(arguments.get::<&str>(name)?.unwrap_or(word).to_owned())
    });
    tera.register_filter("roman", |value: usize, _: Kwargs, _: &State| -> String { roman(value) });
    tera.register_filter("at", at);
    tera.register_filter("day_words", |value: &Value, _: Kwargs, _: &State| -> String {
        date_words(date_of(value)).trim_start_matches("ngày ").to_owned()
    });
    tera.register_filter("day_slashed", |value: &Value, _: Kwargs, _: &State| -> String {
        let date = date_of(value);
        let part = |text: Option<String>| text.unwrap_or_else(|| "……".to_owned());
        let day = part(date.and_then(PartialDate::day_text));
        let month = part(date.and_then(PartialDate::month_text));
        format!("{day}/{month}/{}", part(date.map(|date| date.year.to_string())))
    });
    tera.register_filter("age", age);
    tera.register_filter("younger_than", younger_than);
    tera.register_filter("later_than", later_than);
    tera.register_filter("older_than", older_than);
    tera.register_filter("total", total);
    tera.register_filter("of_section", of_section);
    tera.register_filter("unstated", |list: &Value, _: Kwargs, _: &State| -> Value {
        filtered(list, |one| !field(one, "stated").is_some_and(Value::is_truthy))
    });
    tera.register_filter("unplaced", unplaced);
}

/// A number in words, with `unit`; another value as it is. `tens` chooses `linh` or
/// `lẻ`, `thousand` chooses `nghìn` or `ngàn`.
fn in_words(value: &Value, arguments: &Kwargs, unit: &str) -> TeraResult<Value> {
    let mut style = NumberStyle::default();
    let wrong = |error: UnknownWord| tera::Error::message(error.to_string());
    if let Some(word) = arguments.get::<&str>("tens")? {
        style.zero_tens = word.parse().map_err(wrong)?;
    }
    if let Some(word) = arguments.get::<&str>("thousand")? {
        style.thousand = word.parse().map_err(wrong)?;
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let words = number_words(&text, style);
    Ok(words.map_or_else(|| value.clone(), |words| Value::from(format!("{words}{unit}"))))
}

pub(super) fn date_of(value: &Value) -> Option<PartialDate> {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).parse().ok()
}

/// What lies at the first of some paths that has something.
fn at(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let paths: &str = arguments.must_get("path")?;
    let filled = |found: &Value| match found.as_str() {
        Some(text) => !text.is_empty(),
        None => !found.is_none() && !found.is_undefined(),
    };
    let found = paths.split(' ').filter_map(|path| follow(value, path)).find(|one| filled(one));
    Ok(found.cloned().unwrap_or_else(Value::none))
}

fn follow<'a>(value: &'a Value, path: &'a str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, part| match part.parse::<usize>() {
        Ok(number) => value.as_array()?.get(number),
        Err(_) => field(value, part),
    })
}

/// A date of which every part is known.
pub(super) fn whole_date(value: &Value) -> Option<chrono::NaiveDate> {
    date_of(value)?.date()
}

fn younger_than(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let (years, on): (u32, Value) = (arguments.must_get("years")?, arguments.must_get("on")?);
    let born = date_of(value).and_then(PartialDate::first_day);
    let grown = born.and_then(|born| born.checked_add_months(Months::new(12 * years)));
    Ok(grown.zip(whole_date(&on)).is_some_and(|(grown, on)| on < grown))
}

fn later_than(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let day: Value = arguments.must_get("day")?;
    Ok(whole_date(value).zip(whole_date(&day)).is_some_and(|(one, other)| one > other))
}

fn older_than(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let (months, on): (u32, Value) = (arguments.must_get("months")?, arguments.must_get("on")?);
    let end = whole_date(value).and_then(|day| day.checked_add_months(Months::new(months)));
    Ok(end.zip(whole_date(&on)).is_some_and(|(end, on)| end < on))
}

/// Full years, only where every day that the dates can mean gives the same.
fn age(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let on: Value = arguments.must_get("on")?;
    let days = (date_of(value).and_then(PartialDate::first_day), date_of(&on));
    let full = date_of(value).is_some_and(|date| date.day.is_some());
    let (Some(born), Some(on), true) = (days.0, days.1.and_then(PartialDate::first_day), full)
    else {
        return Ok(Value::none());
    };
    Ok(on.years_since(born).map_or_else(Value::none, Value::from))
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

pub(super) fn field<'a>(one: &'a Value, name: &'a str) -> Option<&'a Value> {
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
    fn numbers_are_written_in_words_as_the_office_says_them() {
        let mut tera = Tera::default();
        register(&mut tera);
        let mut say = |expression: &str| {
            tera.add_raw_template("x", &format!("{{{{ {expression} }}}}"))?;
            tera.render("x", &tera::Context::new())
        };
        for (expression, expected) in [
            ("2 | number_words", "hai"),
            ("'02' | number_words", "hai"),
            ("12.5 | number_words", "mười hai phẩy năm"),
            ("1005 | number_words(tens='lẻ', thousand='ngàn')", "một ngàn không trăm lẻ năm"),
            ("1250000 | money_words", "một triệu hai trăm năm mươi nghìn đồng"),
            ("'khoảng 5' | number_words", "khoảng 5"),
            ("'khoảng 5' | money_words", "khoảng 5"),
            ("'Nữ' | by_sex", "bà"),
            ("'Nam' | by_sex(male='anh', female='chị')", "anh"),
            ("none | by_sex", "ông (bà)"),
        ] {
            assert_eq!(say(expression).unwrap(), expected, "{expression}");
        }
        assert!(say("5 | number_words(tens='le')").is_err());
    }

    #[test]
    fn blank_lines_separate_paragraphs() {
        assert_eq!(paragraphs("một\nhai\n\n  ba\n \nbốn\n"), ["một\nhai", "ba", "bốn"]);
        assert!(paragraphs(" \n\n").is_empty());
    }
}
