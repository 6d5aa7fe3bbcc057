use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// What a cell holds, as the file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CellValue {
    /// A text, as it was typed.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A day, an hour, or both.
    Moment {
        /// The day.
        #[serde(with = "as_text")]
        day: Option<NaiveDate>,
        /// The hour.
        #[serde(with = "as_text")]
        hour: Option<NaiveTime>,
    },
    /// The result of a formula that failed: `#N/A`.
    Error(String),
    /// A formula whose result the file does not hold.
    Formula(String),
}

impl CellValue {
    /// The value as people read it in the table: `15/9/2022`, `1250.5`.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Formula(text) => format!("={text}"),
            Self::Number(number) => spelled(*number),
            Self::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Moment { day, hour } => {
                let day = day.map(|day| day.format("%-d/%-m/%Y").to_string());
                let hour = hour.map(|hour| hour.format("%H:%M").to_string());
                [day, hour].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// Days and hours as texts that the calendar reads again.
mod as_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "serde gives it so")]
    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(T::to_string).serialize(to)
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

/// A number as it is typed: without a fraction where it is whole.
pub(super) fn spelled(number: f64) -> String {
    // The shortest digits that mean the same number, never with an exponent.
    format!("{number}")
}

/// A row that has something in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its number, from 1.
    pub number: u32,
    /// The cells that are not empty, each with its column, from 0.
    pub cells: Vec<(u32, CellValue)>,
}

impl Row {
    /// What stands in a column.
    pub fn cell(&self, column: u32) -> Option<&CellValue> {
        self.cells.iter().find(|(at, _)| *at == column).map(|(_, value)| value)
    }
}

/// Cells that are shown as one; rows from 1, columns from 0, both ends inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (u32, u32),
}

impl Merged {
    /// Whether the cell is one of them.
    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.rows.0..=self.rows.1).contains(&row)
            && (self.columns.0..=self.columns.1).contains(&column)
    }
}
