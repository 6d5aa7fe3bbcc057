use serde::Serialize;
use serde_json::{Map, Value};

use super::Dossier;

/// What cover, index and closing sheet say (`dossier.record` of the case model).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// What the file is.
    pub title: String,
    /// The procedure and the clause that lists its papers.
    pub procedure: String,
    /// Original or copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Who gets the set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_whom: Option<String>,
    /// Whether pages are counted.
    pub per_page: bool,
    /// How many sheets or pages the papers have.
    pub sheets: usize,
    /// The first number, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The last number, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// The papers.
    pub papers: Vec<RecordPaper>,
}

/// A row of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordPaper {
    /// The title.
    pub title: String,
    /// Number and symbol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The date, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// How many sheets or pages.
    pub sheets: usize,
    /// The first number, as printed.
    pub from: String,
    /// The last number, as printed.
    pub to: String,
    /// A note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What of a case the three papers read.
const READ: [&str; 4] = ["profile", "place", "subject", "dossier"];

impl Dossier {
    /// The data of cover, index and closing sheet: the case, and what was counted.
    pub(super) fn record_data(&self, record: &Record) -> Vec<u8> {
        let case = self.completeness.case.data.as_object();
        let own = |key: &str| {
            let value = case.and_then(|case| case.get(key))?;
            Some((key.to_owned(), said(value)?))
        };
        let mut data: Map<String, Value> = READ.into_iter().filter_map(own).collect();
        let counted = serde_json::to_value(record).ok();
        let Some(Value::Object(counted)) = counted else { return Vec::new() };
        let dossier = data.entry("dossier").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(dossier) = dossier {
            let record = dossier.entry("record").or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(record) = record {
                // The case may call the file otherwise; what is counted is not its to say.
                let title = record.get("title").cloned();
                record.extend(counted);
                record.extend(title.map(|title| ("title".to_owned(), title)));
            }
        }
        serde_json::to_vec(&data).unwrap_or_default()
    }
}

/// A completed value without what is not known.
fn said(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(map) => Some(Value::Object(
            map.iter().filter_map(|(key, value)| Some((key.clone(), said(value)?))).collect(),
        )),
        Value::Array(list) => Some(Value::Array(list.iter().filter_map(said).collect())),
        other => Some(other.clone()),
    }
}
