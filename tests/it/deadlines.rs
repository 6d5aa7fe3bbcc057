//! Time limits: a table of cases worked out by hand, and what the calendar does not know.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use vanban::base::Finding;
use vanban::pipeline::{Completeness, DeadlineState, Input};
use vanban::viet::{Calendar, Moment};

use super::support::{RENDERER, repository};

fn look(case: &Value, procedure: &str, as_of: &str, calendar: &Calendar) -> Completeness {
    let bytes = case.to_string();
    let input = Input::new("case.json", bytes.as_bytes());
    let as_of: Moment = as_of.parse().unwrap();
    let found = RENDERER.completeness(&input, Some(procedure), Some(as_of), calendar);
    found.unwrap_or_else(|findings| panic!("{case}: {findings:#?}"))
}

/// Sets an event, or the value at a JSON pointer.
fn set(case: &mut Value, at: &str, value: &str) {
    let pointer = if at.starts_with('/') { at.to_owned() } else { format!("/events/{at}") };
    let mut place = case;
    for part in pointer.split('/').skip(1) {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[part];
    }
    *place = value.into();
}

/// The rows of the table, by column.
fn rows() -> Vec<std::collections::BTreeMap<String, String>> {
    let text = fs::read_to_string(repository("tests/suite/deadlines/cases.csv")).unwrap();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn limits_end_when_the_reckoning_by_hand_says() {
    let rows = rows();
    assert!(rows.len() >= 40, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let more = if row["more"].is_empty() { "{}" } else { &row["more"] };
        let (_, more) = vanban::input::read("more.yaml", more.as_bytes()).unwrap();
        let mut case = more.to_json();
        set(&mut case, &row["at"], &row["value"]);
        let found = look(&case, &row["procedure"], "2026-07-01", Calendar::of_vietnam());
        let what = format!("{} {} {}", row["procedure"], row["limit"], row["value"]);
        let one = found.deadlines.iter().find(|one| one.limit.id == row["limit"]);
        let Some(one) = one else { panic!("{what}: no such limit") };
        let written = |moment: Option<Moment>| moment.map(|at| at.to_string()).unwrap_or_default();
        let (opens, due) = (written(one.opens), written(one.due));
        if (&opens, &due) != (&row["opens"], &row["due"]) {
            wrong.push(format!("{what}: {opens} {due}, by hand {} {}", row["opens"], row["due"]));
        }
        assert!(one.limit.clause.contains(&row["article"]), "{what}: {}", one.limit.clause);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every limit of every procedure is counted at least once, but for those that are
/// counted the same way in another procedure.
#[test]
fn the_table_knows_every_kind_of_limit() {
    let rows = rows();
    let counted: BTreeSet<String> = rows
        .iter()
        .map(|row| {
            let procedure = RENDERER.catalog().procedure(&row["procedure"]).unwrap();
            let limit = procedure.limit(&row["limit"]).unwrap();
            format!("{:?} {:?} {} {}", limit.clock, limit.side, limit.length, limit.term)
        })
        .collect();
    for procedure in RENDERER.catalog().procedures() {
        for limit in &procedure.limits {
            let kind =
                format!("{:?} {:?} {} {}", limit.clock, limit.side, limit.length, limit.term);
            assert!(counted.contains(&kind), "{} {}: {kind}", procedure.id, limit.id);
        }
    }
}

/// The state of `send` of D-C18, counted from a notice of Fri 14 August 2026: due by the
/// end of Thu 20.
fn send(events: &Value, as_of: &str) -> DeadlineState {
    let case = json!({"events": events});
    let found = look(&case, "D-C18", as_of, Calendar::of_vietnam());
    let one = found.deadlines.iter().find(|one| one.limit.id == "send").unwrap();
    assert_eq!(found.is_overdue(), one.state == DeadlineState::Overdue);
    one.state
}

#[test]
fn a_limit_is_over_when_its_last_day_is() {
    let notice = json!({"dossier_notice_received": "2026-08-14"});
    assert_eq!(send(&json!({}), "2026-08-21"), DeadlineState::Waiting);
    assert_eq!(send(&notice, "2026-08-14T10:00"), DeadlineState::Running);
    assert_eq!(send(&notice, "2026-08-20T23:59"), DeadlineState::Running);
    assert_eq!(send(&notice, "2026-08-21T00:00"), DeadlineState::Overdue);
    let sent = |day: &str| json!({"dossier_notice_received": "2026-08-14", "dossier_sent": day});
    assert_eq!(send(&sent("2026-08-20T16:00"), "2026-09-01"), DeadlineState::Done);
    assert_eq!(send(&sent("2026-08-21"), "2026-09-01"), DeadlineState::Late);
}

#[test]
fn hours_are_over_to_the_minute() {
    let state = |as_of: &str| {
        let case = json!({"events": {"notice_received": "2026-08-09T14:30"}});
        let found = look(&case, "D-U", as_of, Calendar::of_vietnam());
        let one = found.deadlines.into_iter().find(|one| one.limit.id == "decide").unwrap();
        (one.state, one.left.unwrap().num_minutes())
    };
    assert_eq!(state("2026-08-10T14:00"), (DeadlineState::Running, 30));
    assert_eq!(state("2026-08-10T14:30"), (DeadlineState::Running, 0));
    assert_eq!(state("2026-08-10T14:31"), (DeadlineState::Overdue, -1));
}

/// A decision that the case cites was made, whether or not `events` says so.
#[test]
fn a_decision_that_the_case_cites_is_made() {
    let state = |decided: &str| {
        let case = json!({
            "events": {"notice_received": "2026-08-09T14:30"},
            "decisions": {"management": {"number": 10, "date": decided}},
        });
        let found = look(&case, "D-U", "2026-08-20", Calendar::of_vietnam());
        found.deadlines.iter().find(|one| one.limit.id == "decide").unwrap().state
    };
    assert_eq!(state("2026-08-10"), DeadlineState::Done);
    assert_eq!(state("2026-08-11"), DeadlineState::Late);
}

/// Whoever is managed for a year is not overdue when the year ends.
#[test]
fn the_end_of_a_measure_is_no_failure() {
    let case = json!({"events": {"management_decided": "2026-08-10"}});
    let found = look(&case, "D-U", "2027-08-11", Calendar::of_vietnam());
    let term = found.deadlines.iter().find(|one| one.limit.id == "term").unwrap();
    assert_eq!(term.state, DeadlineState::Ended);
    assert!(!found.is_overdue());
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| &*finding.code).collect()
}

#[test]
fn a_year_without_known_holidays_is_told() {
    let case = |day: &str| json!({"events": {"grounds_found": day}});
    let known = look(&case("2030-06-03"), "D-C18", "2030-06-03", Calendar::of_vietnam());
    assert_eq!(codes(&known.findings), [""; 0]);
    let unknown = look(&case("2035-06-04"), "D-C18", "2035-06-04", Calendar::of_vietnam());
    assert_eq!(codes(&unknown.findings), ["PR06"]);
    assert!(unknown.findings[0].message.vi.contains("2035"));
    let place = unknown.findings[0].place.as_ref().unwrap();
    assert_eq!(place.pointer, "/events/grounds_found");
    // It is counted all the same, with Saturdays and Sundays.
    assert_eq!(unknown.deadlines[0].due.unwrap().to_string(), "2035-06-05");
}

#[test]
fn holidays_that_are_not_decided_yet_are_told() {
    let case = json!({"events": {"grounds_found": "2027-02-03"}});
    let found = look(&case, "D-C18", "2027-02-03", Calendar::of_vietnam());
    let notes: Vec<&str> = found.deadlines[0].notes.iter().map(|note| note.vi.as_str()).collect();
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes[0].contains("04/02/2027") && notes[0].contains("chưa có thông báo"));
}

#[test]
fn an_hour_that_is_not_known_is_asked_for() {
    let case = json!({"events": {"notice_received": "2026-08-09"}});
    let found = look(&case, "D-U", "2026-08-09", Calendar::of_vietnam());
    assert_eq!(codes(&found.findings), ["PR07"]);
    let exact = json!({"events": {"notice_received": "2026-08-09T08:00"}});
    assert_eq!(codes(&look(&exact, "D-U", "2026-08-09", Calendar::of_vietnam()).findings), [""; 0]);
}

/// An office gives days that the Government has exchanged since, or its own.
#[test]
fn the_calendar_of_a_house_goes_before() {
    let house = "date,name,day_off\n2026-11-23,Nghỉ hoán đổi,1\n2026-11-28,Làm bù,0\n";
    let calendar = Calendar::of_vietnam().with(house).unwrap();
    let due = |calendar: &Calendar, found: &str| {
        let case = json!({"events": {"grounds_found": found}});
        look(&case, "D-C18", "2026-11-20", calendar).deadlines[0].due.unwrap().to_string()
    };
    assert_eq!(due(Calendar::of_vietnam(), "2026-11-20"), "2026-11-23");
    assert_eq!(due(&calendar, "2026-11-20"), "2026-11-25", "Mon 23 and Tue 24 are off");
    assert_eq!(due(Calendar::of_vietnam(), "2026-11-27"), "2026-11-30");
    assert_eq!(due(&calendar, "2026-11-27"), "2026-11-28", "a Saturday that is worked");
}

#[test]
fn a_calendar_that_cannot_be_read_names_its_line() {
    let calendar = Calendar::of_vietnam();
    for (text, line, told) in [
        ("date,name,day_off\n2026-11-23,,1\n23/11/2026,,1\n", 3, "23/11/2026"),
        ("date,day_off\n2026-11-23,có\n", 2, "có"),
        ("ngày,day_off\n2026-11-23,1\n", 1, "date"),
        ("date,day_off\n2026-11-23,1,x,y\n", 2, ""),
    ] {
        let error = calendar.with(text).unwrap_err();
        assert_eq!(error.line, line, "{text}");
        assert!(error.detail.vi.contains(told), "{text}: {}", error.detail.vi);
    }
}

/// What the program carries: every year of it has its Tết, and no day stands twice.
#[test]
fn the_holidays_cover_the_years_that_they_claim() {
    let text = fs::read_to_string(repository("templates/_data/holidays.csv")).unwrap();
    let days: Vec<&str> = text.lines().skip(1).map(|line| &line[..10]).collect();
    assert_eq!(days.len(), days.iter().collect::<BTreeSet<_>>().len());
    for year in 2020..=2030 {
        assert!(Calendar::of_vietnam().knows(year), "{year}");
        let tet = format!("{year}-");
        let off = text.lines().filter(|line| line.starts_with(&tet) && line.contains("(mùng 1)"));
        assert_eq!(off.count(), 1, "{year}");
    }
    assert!(!Calendar::of_vietnam().knows(2031) && !Calendar::of_vietnam().knows(2019));
}
