//! What the papers that are derived from a plan ask of its data.
#![expect(clippy::needless_pass_by_value, reason = "Tera hands arguments over by value")]

use serde::Serialize;
use serde_json::Value as Json;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::viet::{PartialDate, document_number, fold};

/// Gives content templates the filters for papers derived from a plan.
///
/// | filter | gives |
/// |---|---|
/// | `duty_groups(by=…)` | the duties of a plan, grouped by `agency` or `section`, each with its number |
/// | `of_agency(agency=…)` | the entries of an agency in a list of assignees |
/// | `reports_of(agency=…)` | the reports that concern an agency |
/// | `target_rows` | the targets of a plan with the titles of their sections |
/// | `dated_duties` | the duties of a plan whose deadline is a date, as rows of a schedule |
/// | `charted` | the rows of a schedule that have a date |
/// | `copies` | the sum of copies of a list of recipients, one where none is given |
/// | `phrase` | a text as it stands inside a sentence: lines joined, first letter small |
/// | `name_inside` | the name of an agency inside a sentence: `Các sở` as `các sở` |
/// | `sentence` | a text with a capital first letter |
/// | `document_number` | a number as it stands before the symbol |
/// | `date_parts` | `day`, `month` and `year` of a date, as the decree writes them |
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("duty_groups", duty_groups);
    tera.register_filter("of_agency", of_agency);
    tera.register_filter("reports_of", reports_of);
    tera.register_filter("target_rows", |plan: &Value, _: Kwargs, _: &State| -> Value {
        target_rows(&json(plan))
    });
    tera.register_filter("dated_duties", |plan: &Value, _: Kwargs, _: &State| -> Value {
        dated_duties(&json(plan))
    });
    tera.register_filter("charted", |rows: &Value, _: Kwargs, _: &State| -> Value {
        let rows = json(rows);
        let dated = |row: &&Json| ["from", "to"].iter().any(|key| date(&row[*key]).is_some());
        Value::from_serializable(&list(&rows).iter().filter(dated).collect::<Vec<_>>())
    });
    tera.register_filter("copies", |recipients: &Value, _: Kwargs, _: &State| -> u64 {
        let recipients = json(recipients);
        list(&recipients).iter().map(|one| one["copies"].as_u64().unwrap_or(1)).sum()
    });
    tera.register_filter("phrase", |text: &Value, _: Kwargs, _: &State| -> String {
        phrase(&json(text))
    });
    tera.register_filter("name_inside", |name: &str, _: Kwargs, _: &State| -> String {
        name.strip_prefix("Các ").map_or_else(|| name.to_owned(), |rest| format!("các {rest}"))
    });
    tera.register_filter("sentence", |text: &str, _: Kwargs, _: &State| -> String {
        sentence(text)
    });
    tera.register_filter("document_number", |number: &Value, _: Kwargs, _: &State| -> String {
        document_number(&number.to_string())
    });
    tera.register_filter("date_parts", |text: &Value, _: Kwargs, _: &State| -> Value {
        let date: Option<PartialDate> = text.to_string().parse().ok();
        Value::from_serializable(&DateParts {
            day: date.and_then(PartialDate::day_text),
            month: date.and_then(PartialDate::month_text),
            year: date.map(|date| date.year.to_string()),
        })
    });
}

#[derive(Serialize)]
struct DateParts {
    day: Option<String>,
    month: Option<String>,
    year: Option<String>,
}

/// A duty as a row of a table; a duty below another follows it.
#[derive(Debug, Serialize)]
struct DutyRow {
    /// `3`, or `3.1` for the first below it.
    number: String,
    agency: String,
    text: String,
    with: Vec<String>,
    deadline: Option<String>,
    product: Option<String>,
    /// The id of the section that it, or the duty above it, belongs to.
    #[serde(skip)]
    section: Option<String>,
    /// How deep it stands, from 0.
    #[serde(skip)]
    depth: usize,
}

#[derive(Debug, Serialize)]
struct DutyGroup {
    /// The agency, or the title of the section; `None` for duties of no section.
    title: Option<String>,
    rows: Vec<DutyRow>,
}

fn json(value: &Value) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A text, or a number as text.
fn words(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn date(value: &Json) -> Option<PartialDate> {
    words(value)?.parse().ok()
}

fn agencies(plan: &Json) -> &[Json] {
    list(&plan["assignments"]["agencies"])
}

/// Every duty of a plan, in order.
fn duties(plan: &Json) -> Vec<DutyRow> {
    let mut rows = Vec::new();
    for one in agencies(plan) {
        let agency = words(&one["agency"]).unwrap_or_default();
        collect(&one["duties"], &agency, None, 0, &mut rows);
    }
    rows
}

fn collect(
    duties: &Json,
    agency: &str,
    section: Option<&str>,
    depth: usize,
    rows: &mut Vec<DutyRow>,
) {
    for duty in list(duties) {
        let section = duty["section"].as_str().or(section);
        let text = duty["text"].as_str().or(duty.as_str()).unwrap_or_default();
        rows.push(DutyRow {
            number: String::new(),
            agency: agency.to_owned(),
            text: sentence(text),
            with: list(&duty["with"]).iter().filter_map(words).collect(),
            deadline: words(&duty["deadline"]),
            product: words(&duty["product"]),
            section: section.map(str::to_owned),
            depth,
        });
        collect(&duty["duties"], agency, section, depth + 1, rows);
    }
}

fn duty_groups(plan: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let by: String = arguments.must_get("by")?;
    let plan = json(plan);
    let rows = duties(&plan);
    let mut groups = if by == "section" { by_section(rows, &plan) } else { by_agency(rows) };
    number(groups.iter_mut().flat_map(|group| &mut group.rows));
    Ok(Value::from_serializable(&groups))
}

fn by_agency(rows: Vec<DutyRow>) -> Vec<DutyGroup> {
    let mut groups: Vec<DutyGroup> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|group| group.title.as_deref() == Some(&row.agency)) {
            Some(group) => group.rows.push(row),
            None => groups.push(DutyGroup { title: Some(row.agency.clone()), rows: vec![row] }),
        }
    }
    groups
}

/// In the order of the sections, the duties of none last. A duty stays with the
/// one that it stands below.
fn by_section(rows: Vec<DutyRow>, plan: &Json) -> Vec<DutyGroup> {
    let titles = section_titles(plan);
    let mut groups: Vec<(Option<String>, DutyGroup)> = titles
        .iter()
        .map(|(id, title)| Some((Some(id.clone()), title.clone())))
        .chain([None])
        .map(|section| {
            let (id, title) = section.unwrap_or_default();
            (id, DutyGroup { title, rows: Vec::new() })
        })
        .collect();
    let mut place = groups.len() - 1;
    for row in rows {
        if row.depth == 0 {
            let own = groups.iter().position(|(id, _)| id.is_some() && *id == row.section);
            place = own.unwrap_or(groups.len() - 1);
        }
        groups[place].1.rows.push(row);
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| !group.rows.is_empty()).collect()
}

/// Numbers rows in their order: `1`, `2`, `2.1`, `2.2`, `3`.
fn number<'a>(rows: impl Iterator<Item = &'a mut DutyRow>) {
    let mut counts: Vec<usize> = Vec::new();
    for row in rows {
        counts.truncate(row.depth + 1);
        counts.resize(row.depth + 1, 0);
        counts[row.depth] += 1;
        let parts: Vec<String> = counts.iter().map(usize::to_string).collect();
        row.number = parts.join(".");
    }
}

/// The ids of sections in order, with their titles; a section without one has
/// that of the section around it.
fn section_titles(plan: &Json) -> Vec<(String, Option<String>)> {
    let mut titles = Vec::new();
    collect_titles(plan, None, &mut titles);
    titles
}

fn collect_titles(value: &Json, around: Option<&str>, titles: &mut Vec<(String, Option<String>)>) {
    match value {
        Json::Object(object) => {
            let title = object.get("title").and_then(Json::as_str).or(around);
            if let Some(id) = object.get("id").and_then(Json::as_str) {
                titles.push((id.to_owned(), title.map(str::to_owned)));
            }
            object.values().for_each(|value| collect_titles(value, title, titles));
        }
        Json::Array(list) => list.iter().for_each(|value| collect_titles(value, around, titles)),
        _ => {}
    }
}

fn target_rows(plan: &Json) -> Value {
    let titles = section_titles(plan);
    let mut rows: Vec<Json> = Vec::new();
    for target in plan["targets"].as_object().into_iter().flat_map(serde_json::Map::values) {
        let mut row = target.clone();
        let id = target["section"].as_str();
        let title = titles.iter().find(|(known, _)| Some(known.as_str()) == id);
        row["section"] = title.and_then(|(_, title)| title.clone()).into();
        rows.push(row);
    }
    Value::from_serializable(&rows)
}

fn dated_duties(plan: &Json) -> Value {
    let dated = |row: &DutyRow| {
        let date: Option<PartialDate> = row.deadline.as_ref()?.parse().ok();
        date.map(|_| ())
    };
    let rows = duties(plan).into_iter().filter(|row| dated(row).is_some());
    let rows: Vec<Json> = rows
        .map(|row| {
            serde_json::json!({
                "task": row.text,
                "agency": row.agency,
                "with": row.with,
                "from": null,
                "to": row.deadline,
                "time": null,
                "product": row.product,
            })
        })
        .collect();
    Value::from_serializable(&rows)
}

fn of_agency(assignees: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let key = fold(&arguments.must_get::<String>("agency")?);
    let assignees = json(assignees);
    let own = |one: &&Json| one["agency"].as_str().is_some_and(|name| fold(name) == key);
    Ok(Value::from_serializable(&list(&assignees).iter().filter(own).collect::<Vec<_>>()))
}

/// Reports are those of an agency if it is named, or is part of a name or group
/// (`Các …`), or nobody is named.
fn reports_of(reports: &Value, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let agency = fold(&arguments.must_get::<String>("agency")?);
    let reports = json(reports);
    let own = |one: &&Json| {
        one["from"].as_str().map(fold).is_none_or(|from| {
            let group = from.split([' ', ';', ',']).any(|word| word == "cac");
            group || from.contains(&agency) || agency.contains(&from)
        })
    };
    Ok(Value::from_serializable(&list(&reports).iter().filter(own).collect::<Vec<_>>()))
}

/// The lines of a text or list in one, the first letter small unless the word is
/// an abbreviation.
fn phrase(value: &Json) -> String {
    let lines: Vec<String> = match value {
        Json::Array(lines) => lines.iter().filter_map(words).collect(),
        other => words(other).into_iter().collect(),
    };
    let text: Vec<String> =
        lines.iter().flat_map(|line| line.split_whitespace()).map(str::to_owned).collect();
    let text = text.join(" ");
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text,
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn duties_are_numbered_below_each_other_and_stay_together() {
        let plan = json!({
            "sections": [{ "id": "a", "title": "Một", "sections": [{ "id": "b", "text": "…" }] }],
            "assignments": { "agencies": [
                { "agency": "Công an", "duties": [
                    "làm", { "text": "lo", "section": "b", "duties": ["x", { "text": "y" }] },
                ]},
                { "agency": "Y tế", "duties": [{ "text": "giúp", "section": "a" }] },
            ]},
        });
        let printed = |groups: Vec<DutyGroup>| {
            let mut groups = groups;
            number(groups.iter_mut().flat_map(|group| &mut group.rows));
            let rows = |group: &DutyGroup| {
                let rows = group.rows.iter().map(|row| format!("{} {}", row.number, row.text));
                format!("{:?}: {}", group.title, rows.collect::<Vec<_>>().join(", "))
            };
            groups.iter().map(rows).collect::<Vec<_>>()
        };
        assert_eq!(
            printed(by_agency(duties(&plan))),
            ["Some(\"Công an\"): 1 Làm, 2 Lo, 2.1 X, 2.2 Y", "Some(\"Y tế\"): 3 Giúp"]
        );
        assert_eq!(
            printed(by_section(duties(&plan), &plan)),
            ["Some(\"Một\"): 1 Giúp", "Some(\"Một\"): 2 Lo, 2.1 X, 2.2 Y", "None: 3 Làm"]
        );
    }

    #[test]
    fn phrases_begin_small_and_sentences_with_a_capital() {
        assert_eq!(phrase(&json!("Phòng, chống\nma túy")), "phòng, chống ma túy");
        assert_eq!(phrase(&json!(["UBND xã", "làm"])), "UBND xã làm");
        assert_eq!(sentence("đôn đốc"), "Đôn đốc");
        assert_eq!(sentence(""), "");
    }
}
