use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use super::{Inline, plain_text};
use crate::viet::PartialDate;

/// A bar chart over months.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Chart {
    /// The name above the chart; empty for none.
    pub caption: Vec<Inline>,
    /// The first month shown; `None` for that of the earliest bar.
    pub from: Option<PartialDate>,
    /// The last month shown; `None` for that of the latest bar.
    pub to: Option<PartialDate>,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

/// A bar of a chart: a time from one day to another, or a single day where one of
/// them is not known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// What it stands for.
    pub label: Vec<Inline>,
    /// The first day, month or year.
    pub from: Option<PartialDate>,
    /// The last day, month or year.
    pub to: Option<PartialDate>,
}

/// What a chart without a caption is called.
const UNNAMED: &str = "Biểu đồ tiến độ";

impl Chart {
    /// The first and the last day that are shown; `None` where there is nothing to
    /// draw: no bars, or no time.
    pub fn period(&self) -> Option<(NaiveDate, NaiveDate)> {
        let shown = [self.from.and_then(PartialDate::first_day), self.to.and_then(last_day)];
        let bars = self.bars.iter().flat_map(|bar| <[_; 2]>::from(bar.days()));
        let days: Vec<NaiveDate> = bars.chain(shown).flatten().collect();
        let period = (days.iter().min().copied()?, days.iter().max().copied()?);
        (!self.bars.is_empty()).then_some(period)
    }

    /// What the chart is and which months it spans, as a sentence: what is heard
    /// before the bars, and read in plain text. Empty where there is nothing to draw.
    pub fn sentence(&self) -> String {
        let Some((first, last)) = self.period() else { return String::new() };
        let caption = plain_text(&self.caption);
        let name = if caption.is_empty() { UNNAMED } else { &caption };
        let month = |day: NaiveDate| format!("{}/{}", day.month(), day.year());
        format!("{name}, từ tháng {} đến tháng {}.", month(first), month(last))
    }
}

impl Bar {
    /// Its time in words, the dates in the short form of running text.
    pub fn time(&self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => from.to_string(),
            (Some(from), Some(to)) => format!("từ {from} đến {to}"),
            (Some(from), None) => format!("từ {from}"),
            (None, Some(to)) => format!("đến {to}"),
            (None, None) => String::new(),
        }
    }

    /// What it stands for and its time, in words.
    pub fn words(&self) -> String {
        let (label, time) = (plain_text(&self.label), self.time());
        if time.is_empty() { label } else { format!("{label}: {time}") }
    }

    /// The first and the last day, also if they are given the wrong way round.
    pub fn days(&self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let (from, to) = match (self.from, self.to) {
            (Some(from), Some(to)) if from.first_day() > last_day(to) => (Some(to), Some(from)),
            given => given,
        };
        (from.and_then(PartialDate::first_day), to.and_then(last_day))
    }
}

/// The last day that a date can mean.
fn last_day(date: PartialDate) -> Option<NaiveDate> {
    let first = date.first_day()?;
    let months = match (date.month, date.day) {
        (_, Some(_)) => return Some(first),
        (Some(_), None) => 1,
        (None, _) => 12,
    };
    first.checked_add_months(Months::new(months))?.pred_opt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(from: &str, to: &str) -> Bar {
        Bar { label: vec![Inline::text("Việc")], from: from.parse().ok(), to: to.parse().ok() }
    }

    #[test]
    fn a_chart_says_what_it_spans() {
        let bars = vec![bar("2025-12-05", "2026-02-10"), bar("", "")];
        let chart = Chart { bars, ..Chart::default() };
        assert_eq!(chart.sentence(), "Biểu đồ tiến độ, từ tháng 12/2025 đến tháng 2/2026.");
        let words: Vec<String> = chart.bars.iter().map(Bar::words).collect();
        assert_eq!(words, ["Việc: từ 05/12/2025 đến 10/02/2026", "Việc"]);
    }

    #[test]
    fn a_chart_without_bars_or_time_is_none() {
        let year = "2026".parse().ok();
        assert_eq!(Chart { from: year, to: year, ..Chart::default() }.period(), None);
        let undated = Chart { bars: vec![bar("", "")], ..Chart::default() };
        assert_eq!((undated.period(), undated.sentence()), (None, String::new()));
    }
}
