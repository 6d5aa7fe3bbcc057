use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Schema;

/// The part of a column's path that stands for any item of a list.
pub const ITEM: &str = "*";

/// How deep the values lie that can be columns of a table.
const DEEPEST: usize = 6;
/// The most columns that are named; tables have fewer.
const MOST: usize = 6_000;

/// A value of a schema that can fill a column of a table: a text, number, date, choice,
/// truth value, or list of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The keys that lead to it; [`ITEM`] for the items of a list.
    pub path: Vec<String>,
    /// The titles on that way, one for each key but not for [`ITEM`].
    pub titles: Vec<String>,
    /// What the cells hold.
    pub kind: ColumnKind,
    /// The schema's description.
    pub description: Option<String>,
    /// The first example that the schema gives.
    pub example: Option<String>,
    /// Whether the value and all around it must be there.
    pub required: bool,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// The number of an identity paper: text of digits.
    Identity,
    /// A telephone number: text of digits.
    Phone,
    /// A date, of which parts may be unknown.
    Date,
    /// A day with an hour, in ISO 8601.
    Moment,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of some texts.
    Choice(Vec<String>),
    /// A list of texts.
    Texts,
}

impl Column {
    /// The path as a heading: `subject.full_name`, `officers.1.full_name` for the first
    /// item of a list.
    pub fn key(&self) -> String {
        let parts = self.path.iter().map(|part| if part == ITEM { "1" } else { part });
        parts.collect::<Vec<_>>().join(".")
    }

    /// The title with those of what it is part of: `Cán bộ – Họ và tên`.
    pub fn title(&self) -> String {
        self.titles.join(" – ")
    }
}

impl Schema {
    /// The values that can be columns of a table, in the order of the schema; what lies
    /// in lists of lists cannot.
    pub fn columns(&self) -> Vec<Column> {
        let mut walk = Walk { schema: self, columns: Vec::new() };
        walk.object("", &mut Vec::new(), &mut Vec::new(), true);
        walk.columns
    }

    /// What the cells of a column with this path hold; none if there is no such value,
    /// or it has parts. Items of lists are numbered from 0 or are [`ITEM`].
    pub fn column_kind(&self, path: &[String]) -> Option<ColumnKind> {
        let mut pointer = String::new();
        for part in path {
            let there = self.describe(&pointer)?;
            let is_item = part == ITEM || part.bytes().all(|byte| byte.is_ascii_digit());
            if is_item && self.keyword(there, "items").is_some() {
                pointer.push_str("/0");
            } else if self.knows(&pointer, part) {
                pointer.push('/');
                pointer.push_str(part);
            } else {
                return None;
            }
        }
        self.kind(self.describe(&pointer)?)
    }

    /// Whether the object at a pointer must have the key, by the template or by what it
    /// builds on.
    pub fn requires(&self, pointer: &str, key: &str) -> bool {
        let lists =
            self.holding(pointer).into_iter().filter_map(|at| at.get("required")?.as_array());
        lists.flatten().any(|one| one == key)
    }

    fn kind(&self, at: &Value) -> Option<ColumnKind> {
        let word = |keyword: &str| self.keyword(at, keyword);
        if let Some(options) = word("enum").and_then(Value::as_array) {
            let texts: Option<Vec<String>> =
                options.iter().map(|one| one.as_str().map(str::to_owned)).collect();
            return Some(texts.map_or(ColumnKind::Text, ColumnKind::Choice));
        }
        match word("format").and_then(Value::as_str) {
            Some("partial-date") => return Some(ColumnKind::Date),
            Some("day-and-time") => return Some(ColumnKind::Moment),
            _ => {}
        }
        let types = word("type");
        let is = |name: &str| {
            types.is_some_and(|types| {
                types == name
                    || types.as_array().is_some_and(|list| list.iter().any(|one| one == name))
            })
        };
        let pattern = word("pattern").and_then(Value::as_str).unwrap_or_default();
        if is("string") {
            Some(if pattern.contains("[0-9]{12}") {
                ColumnKind::Identity
            } else if pattern.starts_with("^(\\+84|0)") {
                ColumnKind::Phone
            } else {
                ColumnKind::Text
            })
        } else if is("integer") {
            Some(ColumnKind::Integer)
        } else if is("number") {
            Some(ColumnKind::Number)
        } else if is("boolean") {
            Some(ColumnKind::Boolean)
        } else if is("array") {
            let items = self.kind(word("items")?)?;
            matches!(items, ColumnKind::Text | ColumnKind::Choice(_)).then_some(ColumnKind::Texts)
        } else if is("object") || word("const").is_some() {
            None
        } else {
            Some(ColumnKind::Text)
        }
    }
}

struct Walk<'a> {
    schema: &'a Schema,
    columns: Vec<Column>,
}

impl Walk<'_> {
    /// Adds what the object at a pointer holds.
    fn object(
        &mut self,
        pointer: &str,
        path: &mut Vec<String>,
        titles: &mut Vec<String>,
        required: bool,
    ) {
        if path.len() >= DEEPEST {
            return;
        }
        let keys: Vec<String> = self.schema.keys(pointer).map(str::to_owned).collect();
        for key in keys.into_iter().filter(|key| !key.starts_with('$')) {
            let below = format!("{pointer}/{key}");
            let required = required && self.schema.requires(pointer, &key);
            let Some(at) = self.schema.describe(&below) else { continue };
            let title = self.schema.keyword(at, "title").and_then(Value::as_str);
            titles.push(title.unwrap_or(&key).to_owned());
            path.push(key);
            self.value(&below, path, titles, required);
            path.pop();
            titles.pop();
        }
    }

    /// Adds the value at a pointer, or what it holds.
    fn value(
        &mut self,
        pointer: &str,
        path: &mut Vec<String>,
        titles: &mut Vec<String>,
        required: bool,
    ) {
        let Some(at) = self.schema.describe(pointer) else { return };
        if self.columns.len() >= MOST {
            return;
        }
        if let Some(kind) = self.schema.kind(at) {
            let words = |keyword: &str| self.schema.keyword(at, keyword);
            let example = words("examples")
                .and_then(|list| list.get(0))
                .map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned));
            self.columns.push(Column {
                path: path.clone(),
                titles: titles.clone(),
                kind,
                description: words("description").and_then(Value::as_str).map(str::to_owned),
                example,
                required,
            });
        }
        self.object(pointer, path, titles, required);
        let is_list = self.schema.keyword(at, "items").is_some();
        if is_list && !path.iter().any(|part| part == ITEM) {
            path.push(ITEM.to_owned());
            self.object(&format!("{pointer}/0"), path, titles, required);
            path.pop();
        }
    }
}
