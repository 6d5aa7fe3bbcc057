use chrono::TimeDelta;

use crate::base::{Bilingual, Language};
use crate::catalog::{Clock, Side};
use crate::pipeline::{Completeness, Deadline, DeadlineState, PaperState, Status};
use crate::viet::Moment;

/// How a paper stands, in words.
pub fn paper_state(state: &PaperState) -> Bilingual {
    let reason = state.reason.clone().unwrap_or_default();
    match &state.status {
        Status::Generated => said("lập được từ hồ sơ", "can be made of the case"),
        Status::Outside => {
            let files: Vec<&str> = state.outside.iter().map(|one| one.file.as_str()).collect();
            let files = files.join(", ");
            Bilingual::new(format!("có tệp {files}"), format!("there is {files}"))
        }
        Status::Missing => missing(state),
        Status::Replaced(_) => reason,
        Status::NotNeeded => Bilingual::new(
            format!("không cần: {}", reason.vi),
            format!("not needed: {}", reason.en),
        ),
        Status::Absent => said("không có (chỉ cần nếu có)", "none (goes in if there is one)"),
    }
}

fn missing(state: &PaperState) -> Bilingual {
    if !state.missing.is_empty() {
        let list = |language| {
            let all = state.missing.iter().map(|one| one.text(language).to_owned());
            all.collect::<Vec<_>>().join("; ")
        };
        let (vi, en) = (list(Language::Vi), list(Language::En));
        return Bilingual::new(format!("thiếu: {vi}"), format!("missing: {en}"));
    }
    let broken = state.outside.iter().find_map(|one| Some((&one.file, one.found.as_ref().err()?)));
    match broken {
        Some((file, error)) => {
            let Bilingual { vi, en } = error.message();
            Bilingual::new(format!("thiếu: `{file}`: {vi}"), format!("missing: `{file}`: {en}"))
        }
        None => Bilingual::new("thiếu: hồ sơ chưa có tệp", "missing: the case has no file of it"),
    }
}

/// How a time limit stands, in words.
pub fn deadline_state(deadline: &Deadline) -> Bilingual {
    let done = deadline.done.map(Moment::words).unwrap_or_default();
    let left = deadline.left.map(duration).unwrap_or_default();
    match deadline.state {
        DeadlineState::Waiting => {
            said("chưa đến: chưa có mốc bắt đầu", "not yet: no start is given")
        }
        DeadlineState::Running if deadline.left.is_none() => said("đang tính", "running"),
        DeadlineState::Running => {
            Bilingual::new(format!("còn {}", left.vi), format!("{} left", left.en))
        }
        DeadlineState::Done => Bilingual::new(format!("đã xong {done}"), format!("done {done}")),
        DeadlineState::Late => {
            Bilingual::new(format!("đã xong {done}, quá hạn"), format!("done {done}, too late"))
        }
        DeadlineState::Overdue => {
            Bilingual::new(format!("QUÁ HẠN {}", left.vi), format!("OVERDUE by {}", left.en))
        }
        DeadlineState::Ended => said("đã hết", "over"),
    }
}

/// When something ends, in words.
pub fn end(due: Moment) -> Bilingual {
    let words = due.words();
    match due {
        Moment::Day(_) => Bilingual::new(format!("hết {words}"), format!("the end of {words}")),
        Moment::Hour(_) => Bilingual::from(words),
    }
}

/// How long a limit is, in words.
pub fn length(deadline: &Deadline) -> Bilingual {
    let (vi, en) = match deadline.limit.clock {
        Clock::Hours => ("giờ", "hours"),
        Clock::WorkingDays => ("ngày làm việc", "working days"),
        Clock::CalendarDays => ("ngày", "days"),
        Clock::Months => ("tháng", "months"),
        Clock::Years => ("năm", "years"),
        Clock::Age => ("tuổi", "years of age"),
    };
    let count = format!("{:02}", deadline.limit.length);
    let (vi, en) = (format!("{count} {vi}"), format!("{count} {en}"));
    match deadline.limit.side {
        Side::After => Bilingual { vi, en },
        Side::Before => Bilingual::new(format!("trước {vi}"), format!("{en} before")),
        Side::Within => Bilingual::new(format!("trong {vi} cuối"), format!("the last {en}")),
    }
}

/// What the check comes to, in words.
pub fn result(of: &Completeness) -> Bilingual {
    let wanting = of.papers.iter().filter(|paper| paper.is_wanting()).count();
    let late = of.deadlines.iter().filter(|one| one.state == DeadlineState::Overdue).count();
    let papers = match wanting {
        0 => said("hồ sơ đủ giấy tờ", "the dossier is complete"),
        _ => Bilingual::new(
            format!("hồ sơ còn thiếu {wanting:02} giấy tờ"),
            format!("papers missing: {wanting}"),
        ),
    };
    match late {
        0 => papers,
        _ => Bilingual::new(
            format!("{}; {late:02} thời hạn đã quá", papers.vi),
            format!("{}; time limits over: {late}", papers.en),
        ),
    }
}

/// A length of time, without its sign: days where it is two or more, else hours.
fn duration(left: TimeDelta) -> Bilingual {
    let minutes = left.num_minutes().abs();
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60, minutes % 60);
    if days >= 2 {
        return Bilingual::new(format!("{days} ngày"), format!("{days} days"));
    }
    match minutes {
        0 => Bilingual::new(format!("{hours} giờ"), format!("{hours} h")),
        _ => Bilingual::new(
            format!("{hours} giờ {minutes} phút"),
            format!("{hours} h {minutes} min"),
        ),
    }
}

fn said(vi: &str, en: &str) -> Bilingual {
    Bilingual::new(vi, en)
}
