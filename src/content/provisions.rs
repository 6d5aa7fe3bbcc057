#![expect(clippy::needless_pass_by_value, reason = "Tera hands arguments over by value")]

use chrono::{Days, Months, NaiveDate};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::filters::{date_of, field, whole_date};
use crate::viet::{Citation, PartialDate, fold};

/// Gives checks the filters about what the law allows: ages, terms and grounds.
///
/// | filter | gives |
/// |---|---|
/// | `grown(years=…, on=…)` | whether somebody born on a date surely has so many years on another |
/// | `any_younger(months=…, on=…)` | whether one of a list of persons surely has fewer months |
/// | `months` | how many months a term in words is (`02 năm` is 24); nothing if it says no term |
/// | `ends_otherwise(from=…, months=…, since=…)` | whether a term surely does not end on this day |
/// | `mentions(words=…)` | whether a text or list says one of some words, separated by `;` |
/// | `cites(article=…, clause=…)` | whether it cites an article, or a clause of it |
/// | `ground_words` | a ground in words (`điểm a khoản 1 Điều 35 Luật Phòng, chống ma túy`), or nothing |
/// | `cites_other(articles=…)` | whether it cites articles, and none of these |
/// | `no_such(article=…, clauses=…)` | whether it cites, of an article, what is not in a list |
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("grown", grown);
    tera.register_filter("any_younger", any_younger);
    tera.register_filter("months", |value: &Value, _: Kwargs, _: &State| -> Value {
        value.as_str().and_then(months_of).map_or_else(Value::none, Value::from)
    });
    tera.register_filter("ends_otherwise", ends_otherwise);
    tera.register_filter("mentions", mentions);
    tera.register_filter("cites", cites);
    tera.register_filter("cites_other", cites_other);
    tera.register_filter("no_such", no_such);
    tera.register_filter("ground_words", ground_words);
}

/// The last day that a date of birth can mean.
fn last_day(value: &Value) -> Option<NaiveDate> {
    let date = date_of(value)?;
    let first = date.first_day()?;
    let after = match (date.month, date.day) {
        (_, Some(_)) => return Some(first),
        (Some(_), None) => first.checked_add_months(Months::new(1)),
        (None, None) => first.checked_add_months(Months::new(12)),
    };
    after?.checked_sub_days(Days::new(1))
}

fn grown(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let (years, on): (u32, Value) = (arguments.must_get("years")?, arguments.must_get("on")?);
    let grown = last_day(value).and_then(|born| born.checked_add_months(Months::new(12 * years)));
    Ok(grown.zip(whole_date(&on)).is_some_and(|(grown, on)| grown <= on))
}

fn any_younger(list: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let (months, on): (u32, Value) = (arguments.must_get("months")?, arguments.must_get("on")?);
    let on = whole_date(&on);
    let younger = |person: &Value| {
        let born = field(person, "birth_date").and_then(date_of).and_then(PartialDate::first_day);
        let grown = born.and_then(|born| born.checked_add_months(Months::new(months)));
        grown.zip(on).is_some_and(|(grown, on)| on < grown)
    };
    Ok(list.as_array().unwrap_or_default().iter().any(younger))
}

/// `02 năm`, `24 tháng`, `1 năm 6 tháng`; nothing where the text says something else.
fn months_of(text: &str) -> Option<u32> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() % 2 == 1 {
        return None;
    }
    words.chunks(2).try_fold(0, |sum, pair| {
        let number: u32 = pair[0].parse().ok().filter(|number| *number < 100)?;
        let one = match fold(pair[1]).trim_end_matches(',') {
            "nam" => 12,
            "thang" => 1,
            _ => return None,
        };
        Some(sum + number * one)
    })
}

/// The last day of a term may be the day of its number or the day before: officials
/// write both. Time already served, from `since`, is taken off.
fn ends_otherwise(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let from: Value = arguments.must_get("from")?;
    let months: Option<u32> = arguments
        .must_get::<Value>("months")?
        .as_i128()
        .and_then(|number| u32::try_from(number).ok());
    let since = arguments.get::<&Value>("since")?.and_then(whole_date);
    let (Some(end), Some(from), Some(months)) = (whole_date(value), whole_date(&from), months)
    else {
        return Ok(false);
    };
    let term = Months::new(months);
    let served = since.filter(|since| *since < from);
    let whole = served.unwrap_or(from).checked_add_months(term);
    let less = served.and_then(|since| {
        let days = u64::try_from((from - since).num_days()).ok()?;
        from.checked_add_months(term)?.checked_sub_days(Days::new(days))
    });
    let fits = |day: NaiveDate| end == day || end.succ_opt() == Some(day);
    Ok(![whole, less].into_iter().flatten().any(fits))
}

/// The texts of a value: a text, or those of a list.
fn texts(value: &Value) -> Vec<&str> {
    match value.as_array() {
        Some(list) => list.iter().filter_map(Value::as_str).collect(),
        None => value.as_str().into_iter().collect(),
    }
}

fn mentions(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let words: &str = arguments.must_get("words")?;
    let words: Vec<String> = words.split(';').map(fold).collect();
    let texts: Vec<String> = texts(value).into_iter().map(fold).collect();
    Ok(words.iter().any(|words| texts.iter().any(|text| text.contains(words))))
}

/// The law whose grounds are checked; one that is not named is meant.
const LAW: &str = "Luật Phòng, chống ma túy";

/// The provisions of that law that a value cites: a text, or an object with `article`,
/// `clause` and `point`.
fn citations(value: &Value) -> Vec<Citation> {
    let number = |name: &str| field(value, name)?.to_string().trim().parse::<u32>().ok();
    if let Some(article) = number("article") {
        let point = field(value, "point").map(|point| point.to_string().to_lowercase());
        let (law, span) = Default::default();
        return vec![Citation { article, clause: number("clause"), point, law, span }];
    }
    let all = texts(value).into_iter().flat_map(Citation::all);
    let ours = |one: &Citation| {
        ["", LAW, "Luật số 120/2025/QH15", "Luật PCMT"].iter().any(|law| one.is_of(law))
    };
    all.filter(ours).collect()
}

fn ground_words(value: &Value, _: Kwargs, _: &State) -> Value {
    let Some(article) = field(value, "article") else { return Value::none() };
    let part = |name: &str, words: &str| {
        field(value, name).map(|part| format!("{words} {part} ")).unwrap_or_default()
    };
    let (point, clause) = (part("point", "điểm"), part("clause", "khoản"));
    Value::from(format!("{point}{clause}Điều {article} {LAW}"))
}

fn cites(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let article: u32 = arguments.must_get("article")?;
    let clause: Option<u32> = arguments.get("clause")?;
    let fits =
        |one: &Citation| one.article == article && (clause.is_none() || one.clause == clause);
    Ok(citations(value).iter().any(fits))
}

/// `articles` are numbers, separated by spaces.
fn cites_other(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let articles: &str = arguments.must_get("articles")?;
    let known: Vec<u32> = articles.split(' ').filter_map(|number| number.parse().ok()).collect();
    let cited = citations(value);
    Ok(!cited.is_empty() && !cited.iter().any(|one| known.contains(&one.article)))
}

/// `clauses` is `1 a b c d đ; 2; 3`: the clauses that are grounds, each with its points.
///
/// Another clause of the article may stand beside a ground, for it may speak of an
/// exception; alone it is none.
fn no_such(value: &Value, arguments: Kwargs, _: &State) -> TeraResult<bool> {
    let article: u32 = arguments.must_get("article")?;
    let list: &str = arguments.must_get("clauses")?;
    let known: Vec<(&str, Vec<&str>)> = list
        .split(';')
        .filter_map(|clause| {
            let mut words = clause.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect();
    let cited: Vec<Citation> =
        citations(value).into_iter().filter(|one| one.article == article).collect();
    let points = |one: &Citation| {
        let clause = one.clause?.to_string();
        known.iter().find(|(number, _)| *number == clause).map(|(_, points)| points)
    };
    let wrong_point = |one: &Citation| {
        let point = one.point.as_deref();
        points(one)
            .zip(point)
            .is_some_and(|(points, point)| !points.is_empty() && !points.contains(&point))
    };
    let named = cited.iter().any(|one| one.clause.is_some());
    Ok(cited.iter().any(wrong_point) || (named && !cited.iter().any(|one| points(one).is_some())))
}

#[cfg(test)]
mod tests {
    use super::months_of;

    #[test]
    fn terms_in_words_are_months() {
        let cases = [("24 tháng", 24), ("02 năm", 24), ("1 năm 6 tháng", 18), ("03 Tháng", 3)];
        for (text, months) in cases {
            assert_eq!(months_of(text), Some(months), "{text}");
        }
        for text in ["", "năm", "đến khi có quyết định", "03 ngày", "2 năm nữa"] {
            assert_eq!(months_of(text), None, "{text}");
        }
    }
}
