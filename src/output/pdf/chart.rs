use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;

use super::view::{Line, line, line_owned};
use crate::block::{Bar, Chart, Inline, plain_text};
use crate::viet::roman;

/// A bar chart over months, as a layout draws it. Places on the time line are in
/// months from its left end.
#[derive(Debug, Serialize)]
pub(super) struct ChartView<'a> {
    caption: Line<'a>,
    /// The words above the labels.
    corner: &'static str,
    /// What is heard instead of the picture, before the bars.
    alt: String,
    /// The length of the time line.
    months: f64,
    /// The upper line of the head.
    years: Vec<Span>,
    /// The lower line of the head: months, quarters of long charts, or nothing.
    ticks: Vec<Span>,
    bars: Vec<BarView<'a>>,
}

/// A part of the head.
#[derive(Debug, Serialize)]
struct Span {
    label: String,
    /// The same for little room.
    short: String,
    from: f64,
    to: f64,
}

#[derive(Debug, Serialize)]
struct BarView<'a> {
    label: Line<'a>,
    /// What is heard instead of the bar.
    alt: String,
    mark: Mark,
    from: f64,
    to: f64,
}

/// What is drawn.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Mark {
    /// A bar.
    Bar,
    /// A day until which something is to be done.
    Deadline,
    /// A day from which something is done.
    Start,
    /// Nothing: the time is not known.
    None,
}

/// More months than this are shown as quarters.
const MANY_MONTHS: i32 = 36;
/// More months than this are shown as years alone.
const MANY_QUARTERS: i32 = 120;

impl<'a> ChartView<'a> {
    pub(super) fn new(chart: &'a Chart) -> Self {
        let axis = match chart.period() {
            Some((first, last)) => Axis::new(first, last),
            None => Axis { start: 0, months: 0 },
        };
        Self {
            caption: line(&chart.caption),
            corner: axis.corner(),
            alt: chart.sentence(),
            months: f64::from(axis.months),
            years: axis.spans(12, |year, _| (format!("Năm {year}"), year.to_string())),
            ticks: axis.ticks(),
            bars: chart.bars.iter().map(|bar| axis.bar(bar)).collect(),
        }
    }
}

/// More characters than this are cut: a row must fit on a page. What is heard is
/// not cut.
const LONGEST_LABEL: usize = 400;

fn label(text: &[Inline]) -> Line<'_> {
    let plain = plain_text(text);
    match plain.char_indices().nth(LONGEST_LABEL) {
        Some((at, _)) => line_owned(vec![Inline::text(format!("{}…", plain[..at].trim_end()))]),
        None => line(text),
    }
}

/// Months since the year 0.
fn month(date: NaiveDate) -> i32 {
    date.year() * 12 + i32::try_from(date.month0()).unwrap_or_default()
}

/// The time line: its first month, since the year 0, and its length.
struct Axis {
    start: i32,
    months: i32,
}

impl Axis {
    fn new(first: NaiveDate, last: NaiveDate) -> Self {
        Self { start: month(first), months: month(last) - month(first) + 1 }
    }

    /// The place of the beginning of a day.
    fn place(&self, day: NaiveDate) -> f64 {
        let length = f64::from(day.num_days_in_month());
        f64::from(month(day) - self.start) + f64::from(day.day0()) / length
    }

    /// The parts of the line that are `length` months long in the calendar, with
    /// their year and number.
    fn spans(&self, length: i32, label: impl Fn(i32, i32) -> (String, String)) -> Vec<Span> {
        let end = self.start + self.months;
        let mut at = self.start;
        let mut spans = Vec::new();
        while at < end {
            let next = ((at.div_euclid(length) + 1) * length).min(end);
            let (label, short) = label(at.div_euclid(12), at.rem_euclid(12) / length + 1);
            let place = |month: i32| f64::from(month - self.start);
            spans.push(Span { label, short, from: place(at), to: place(next) });
            at = next;
        }
        spans
    }

    /// The words above the labels: what they are, and what the head shows.
    fn corner(&self) -> &'static str {
        match self.months {
            ..=MANY_MONTHS => "Công việc / Tháng",
            months if months <= MANY_QUARTERS => "Công việc / Quý",
            _ => "Công việc / Năm",
        }
    }

    fn ticks(&self) -> Vec<Span> {
        let number = |_, month: i32| (month.to_string(), month.to_string());
        let quarter = |_, quarter: i32| {
            let roman = roman(usize::try_from(quarter).unwrap_or_default());
            (format!("Quý {roman}"), roman)
        };
        if self.months <= MANY_MONTHS {
            self.spans(1, number)
        } else if self.months <= MANY_QUARTERS {
            self.spans(3, quarter)
        } else {
            Vec::new()
        }
    }

    fn bar<'a>(&self, bar: &'a Bar) -> BarView<'a> {
        let after = |day: NaiveDate| {
            let next = day.checked_add_days(Days::new(1));
            next.map_or(f64::from(self.months), |next| self.place(next))
        };
        let (mark, from, to) = match bar.days() {
            (Some(from), Some(to)) => (Mark::Bar, self.place(from), after(to)),
            (None, Some(to)) => (Mark::Deadline, self.place(to), after(to)),
            (Some(from), None) => (Mark::Start, self.place(from), self.place(from)),
            (None, None) => (Mark::None, 0.0, 0.0),
        };
        BarView { label: label(&bar.label), alt: bar.words(), mark, from, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(bars: &[(&str, &str)]) -> Chart {
        let date = |text: &str| text.parse().ok();
        let bar = |(from, to): &(&str, &str)| Bar {
            label: vec![Inline::text("Việc")],
            from: date(from),
            to: date(to),
        };
        Chart { bars: bars.iter().map(bar).collect(), ..Chart::default() }
    }

    fn places(bars: &[(&str, &str)]) -> Vec<(f64, f64)> {
        let chart = chart(bars);
        let view = ChartView::new(&chart);
        let round = |place: f64| (place * 100.0).round() / 100.0;
        view.bars.iter().map(|bar| (round(bar.from), round(bar.to))).collect()
    }

    #[test]
    fn bars_stand_at_their_days() {
        assert_eq!(places(&[("2026-07-16", "2026-08-31")]), [(0.48, 2.0)]);
        // A month is its first to its last day, a year likewise.
        assert_eq!(places(&[("2026-08", "2026-09"), ("", "2026")]), [(0.0, 2.0), (4.97, 5.0)]);
        // The wrong way round.
        assert_eq!(places(&[("2026-03-01", "2026-01-31")]), [(0.97, 2.03)]);
        assert_eq!(places(&[("2026", "2025")]), [(0.0, 24.0)]);
    }

    #[test]
    fn the_head_tells_years_and_months() {
        let chart = chart(&[("2025-12-05", "2026-02-10")]);
        let view = ChartView::new(&chart);
        let labels = |spans: &[Span]| -> Vec<String> {
            spans.iter().map(|span| span.label.clone()).collect()
        };
        assert_eq!(labels(&view.years), ["Năm 2025", "Năm 2026"]);
        assert_eq!(labels(&view.ticks), ["12", "1", "2"]);
        assert!((view.months - 3.0).abs() < 1e-9);
        assert_eq!(view.alt, "Biểu đồ tiến độ, từ tháng 12/2025 đến tháng 2/2026.");
        assert_eq!(view.bars[0].alt, "Việc: từ 05/12/2025 đến 10/02/2026");
    }

    #[test]
    fn a_long_label_is_cut_where_it_is_seen_and_whole_where_it_is_heard() {
        let words = "việc ".repeat(LONGEST_LABEL);
        let bar =
            Bar { label: vec![Inline::text(words.trim())], from: None, to: "2026".parse().ok() };
        let chart = Chart { bars: vec![bar], ..Chart::default() };
        let view = serde_json::to_value(ChartView::new(&chart)).unwrap();
        let seen = view["bars"][0]["label"][0].as_str().unwrap();
        assert!(seen.ends_with("việc…") && seen.chars().count() <= LONGEST_LABEL + 1);
        assert!(view["bars"][0]["alt"].as_str().unwrap().starts_with(words.trim()));
    }

    #[test]
    fn long_charts_show_quarters_and_then_years() {
        let ticks = |to: &str| ChartView::new(&chart(&[("2026-01-01", to)])).ticks.len();
        assert_eq!(ticks("2028-12-31"), 36);
        assert_eq!(ticks("2029-12-31"), 16);
        assert_eq!(ticks("2046-12-31"), 0);
    }
}
