use std::collections::{HashMap, HashSet};

use crate::catalog::{Column, ColumnKind, ITEM, Schema, nearest};
use crate::viet::fold;

/// The headings by which the columns of a table may be called.
#[derive(Debug)]
pub struct Titles<'a> {
    schema: &'a Schema,
    columns: Vec<Column>,
    /// The columns that a heading can mean, by its words.
    by_words: HashMap<String, Vec<usize>>,
    /// The columns that the template prints.
    used: HashSet<usize>,
}

/// What a heading means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heading {
    /// A value of the schema.
    Value {
        /// The keys that lead to it; items of lists are numbered from 0.
        path: Vec<String>,
        /// What the cells hold.
        kind: ColumnKind,
        /// Whether the heading is the path itself.
        is_key: bool,
    },
    /// One of several values: their titles.
    Several(Vec<String>),
    /// A number of the row, which means nothing.
    Number,
    /// No value of the schema; the nearest title, if one is near.
    Unknown(Option<String>),
}

/// Headings of columns that number the rows.
const NUMBERS: [&str; 5] = ["stt", "tt", "so tt", "so thu tu", "no"];
/// The most candidates that are named.
const NAMED: usize = 6;

impl<'a> Titles<'a> {
    /// The headings of a template's columns; `used` are the paths of the values that it
    /// prints, which a short title means before all others.
    pub fn new(schema: &'a Schema, used: &[Vec<String>]) -> Self {
        let columns = schema.columns();
        let mut by_words: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, column) in columns.iter().enumerate() {
            for name in names(column) {
                let meant = by_words.entry(name).or_default();
                if meant.last() != Some(&at) {
                    meant.push(at);
                }
            }
        }
        let is_used = |column: &Column| used.contains(&column.path);
        let used = (0..columns.len()).filter(|at| is_used(&columns[*at])).collect();
        Self { schema, columns, by_words, used }
    }

    /// What a heading means, with the heading above it, which may be empty.
    pub fn heading(&self, text: &str, above: &str) -> Heading {
        if let Some(heading) = self.key(text.trim()) {
            return heading;
        }
        let plain = words(text);
        if NUMBERS.contains(&plain.as_str()) {
            return Heading::Number;
        }
        let mut forms = Vec::new();
        for text in [text, &without_notes(text)] {
            // What stands above says more exactly which is meant.
            forms.push(words(&format!("{above} {text}")));
            forms.push(words(text));
        }
        let mut several = None;
        for form in forms.iter().filter(|form| !form.is_empty()) {
            for (form, number) in [(form.clone(), None)].into_iter().chain(without_number(form)) {
                match self.meant(&form, number).as_slice() {
                    [] => {}
                    [only] => return self.value(*only, number),
                    list => several = several.or_else(|| Some(list.to_vec())),
                }
            }
        }
        match several {
            Some(list) => {
                let names = list.into_iter().take(NAMED).map(|at| self.columns[at].title());
                Heading::Several(names.collect())
            }
            None => Heading::Unknown(self.near(text)),
        }
    }

    /// A heading that is a path: `subject.full_name`, `officers.1.full_name`.
    fn key(&self, text: &str) -> Option<Heading> {
        let is_key = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if text.is_empty() || !text.chars().all(is_key) {
            return None;
        }
        let mut path: Vec<String> = text.split('.').map(str::to_owned).collect();
        let kind = self.schema.column_kind(&path)?;
        for part in &mut path {
            if let Some(number) = part.parse::<usize>().ok().and_then(|n| n.checked_sub(1)) {
                *part = number.to_string();
            }
        }
        Some(Heading::Value { path, kind, is_key: true })
    }

    /// The columns that words can mean: those that the template prints before others,
    /// those of lists where a number was given.
    fn meant(&self, words: &str, number: Option<usize>) -> Vec<usize> {
        let all = self.by_words.get(words).map(Vec::as_slice).unwrap_or_default();
        let listed = |at: &&usize| self.columns[**at].path.iter().any(|part| part == ITEM);
        let all: Vec<usize> =
            all.iter().filter(|at| number.is_none() || listed(at)).copied().collect();
        let used: Vec<usize> = all.iter().filter(|at| self.used.contains(at)).copied().collect();
        match (used.is_empty(), all.len()) {
            (true, 1) => all,
            // Which of several values is meant does not matter where none is printed.
            _ => used,
        }
    }

    fn value(&self, at: usize, number: Option<usize>) -> Heading {
        let column = &self.columns[at];
        let item = number.and_then(|number| number.checked_sub(1)).unwrap_or(0).to_string();
        let part = |part: &String| if part == ITEM { item.clone() } else { part.clone() };
        Heading::Value {
            path: column.path.iter().map(part).collect(),
            kind: column.kind.clone(),
            is_key: false,
        }
    }

    /// The title that was probably meant, whole or short, or the key.
    fn near(&self, text: &str) -> Option<String> {
        let used = self.used.iter().map(|at| &self.columns[*at]);
        let mut names: Vec<String> = used
            .flat_map(|column| {
                let last = column.titles.last().cloned().unwrap_or_default();
                [last, column.title(), column.key()]
            })
            .collect();
        names.sort();
        nearest(text.trim(), names.iter().map(String::as_str)).map(str::to_owned)
    }

    /// The columns that must be there, with their titles.
    pub fn required(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.required)
    }

    /// The title of the column with this path.
    pub fn title(&self, path: &[String]) -> Option<String> {
        self.columns.iter().find(|column| column.path == path).map(Column::title)
    }
}

/// The names of a column, in plain words: its title after those of some of what it is
/// part of.
fn names(column: &Column) -> Vec<String> {
    let Some((last, around)) = column.titles.split_last() else { return Vec::new() };
    let choices = 0..1usize << around.len();
    let name = |choice: usize| {
        let chosen = around.iter().enumerate().filter(|(at, _)| choice & (1 << at) != 0);
        let mut name: Vec<&str> = chosen.map(|(_, title)| title.as_str()).collect();
        name.push(last);
        words(&name.join(" "))
    };
    let mut names: Vec<String> = choices.map(name).collect();
    names.sort();
    names.dedup();
    names
}

/// A heading without case, marks and punctuation.
fn words(text: &str) -> String {
    let plain: String =
        fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A heading without what stands in brackets: `Ngày sinh (ngày/tháng/năm)`.
fn without_notes(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Words without one number among them, and that number: `can bo 2 ho va ten`.
fn without_number(words: &str) -> Option<(String, Option<usize>)> {
    let parts: Vec<&str> = words.split(' ').collect();
    let at = parts.iter().position(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number: usize = parts[at].parse().ok().filter(|number| (1..=99).contains(number))?;
    let rest = [&parts[..at], &parts[at + 1..]].concat().join(" ");
    Some((rest, Some(number)))
}
