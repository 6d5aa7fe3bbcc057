use super::Outcome;
use super::arguments::AccessLogArguments;
use super::clock::there;
use super::terminal::Terminal;
use crate::app::{AccessQuery, AccessView, AppError, DataFolder, read_access};
use crate::store::Logged;

pub(super) fn run(verb: &AccessLogArguments, terminal: &Terminal) -> Result<Outcome, AppError> {
    let folder = DataFolder::new(verb.data_dir.as_deref())?;
    let query = AccessQuery { since: verb.since, until: verb.until, caller: verb.caller.clone() };
    if verb.json {
        json(&folder, &query, terminal)?;
    } else if verb.csv {
        csv(&folder, &query, terminal)?;
    } else {
        read_access(&folder, &query, |entries| {
            let lines: String = entries.iter().map(line).collect();
            terminal.data(lines.as_bytes())
        })?;
    }
    Ok(Outcome::Fine)
}

/// `vanban access-log --json`, version 1: an object with `entries`, written as it is
/// read, for a log can be long.
fn json(folder: &DataFolder, query: &AccessQuery, terminal: &Terminal) -> Result<(), AppError> {
    let mut head = "{\n  \"version\": 1,\n  \"entries\": [";
    let mut comma = "";
    read_access(folder, query, |entries| {
        let mut text = String::from(std::mem::take(&mut head));
        for entry in entries.into_iter().map(AccessView::from) {
            let entry = serde_json::to_string(&entry).expect("views hold what JSON can");
            text.push_str(&format!("{comma}\n    {entry}"));
            comma = ",";
        }
        terminal.data(text.as_bytes())
    })?;
    let end = if comma.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" };
    terminal.data(format!("{head}{end}").as_bytes())
}

/// The same columns as the keys of the JSON, below their names.
fn csv(folder: &DataFolder, query: &AccessQuery, terminal: &Terminal) -> Result<(), AppError> {
    let names = [
        "number",
        "at",
        "request",
        "key",
        "caller",
        "method",
        "route",
        "subject",
        "data",
        "status",
        "outcome",
        "bytes",
        "milliseconds",
    ];
    terminal.line(names.join(","))?;
    read_access(folder, query, |entries| {
        let mut rows = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        for entry in entries.into_iter().map(AccessView::from) {
            rows.serialize(entry).expect("a row of texts and numbers goes into memory");
        }
        terminal.data(&rows.into_inner().expect("memory takes what is left"))
    })
}

/// When, who, what, how it ended, how long it took, the hash of the data.
fn line(Logged { access, .. }: &Logged) -> String {
    format!(
        "{}\t{}\t{} {}\t{}\t{} {}\t{} ms\t{}\n",
        there(access.at),
        if access.caller.is_empty() { "-" } else { &access.caller },
        access.method,
        access.route,
        access.subject.as_deref().unwrap_or("-"),
        access.status,
        access.outcome,
        access.milliseconds,
        access.data.as_deref().unwrap_or("-"),
    )
}
