//! Where the measured pages print what a document must print.

use std::collections::VecDeque;

use super::expect::{Element, Line, Role, letters};
use super::measure::{Run, same};

/// Gives every run to the element that it prints. Words that are missing, added
/// or out of order fail the test.
pub fn place(elements: &mut [Element], mut runs: Vec<&Run>) {
    let (footing, flowing): (Vec<_>, Vec<_>) =
        elements.iter_mut().partition(|element| element.role == Role::Contact);
    for element in footing {
        for run in footer(&element.letters, &mut runs) {
            add(&mut element.lines, run);
        }
    }
    flow(flowing, &runs);
}

/// Takes the runs of the first page that say these words: what stands at its
/// foot is drawn anywhere between the other texts of the page.
fn footer<'a>(words: &str, runs: &mut Vec<&'a Run>) -> Vec<&'a Run> {
    for start in 0..runs.len() {
        let mut read = String::new();
        for end in start..runs.len() {
            read.push_str(&letters(&runs[end].text));
            if read == words {
                return runs.drain(start..=end).collect();
            }
            if !words.starts_with(&read) {
                break;
            }
        }
    }
    panic!("not printed at the foot of the page: {words}")
}

fn flow(elements: Vec<&mut Element>, runs: &[&Run]) {
    let mut rest = runs.iter().copied().peekable();
    // A list of recipients that goes on after the page with the signature.
    let mut signature: VecDeque<&Run> = VecDeque::new();
    for element in elements {
        let in_cells = matches!(element.role, Role::Table | Role::Chart);
        let signed = matches!(element.role, Role::Authority | Role::OtherTitle | Role::SignerName);
        let mut open = element.letters.clone();
        let mut read = String::new();
        let mut page = None;
        while read.chars().count() < open.chars().count() {
            while element.role == Role::Recipient
                && let Some(run) = rest.next_if(|run| run.bold())
            {
                signature.push_back(run);
            }
            let held = if signed { signature.pop_front() } else { None };
            let run = held.or_else(|| rest.next());
            let run = run.unwrap_or_else(|| panic!("not printed: {element:#?}"));
            // A table repeats its header on every page, a chart its head.
            if in_cells && page.is_some_and(|page| page != run.page) {
                open.push_str(&element.repeated);
            }
            page = Some(run.page);
            read.push_str(&letters(&run.text));
            add(&mut element.lines, run);
        }
        // Dots to be written on.
        while let Some(run) = rest.next_if(|run| letters(&run.text).is_empty()) {
            add(&mut element.lines, run);
        }
        if in_cells {
            // The cells of a row may be drawn in any order.
            assert_eq!(sorted(&read), sorted(&open), "the words of a table");
        } else {
            assert_eq!(read, open, "the words of {:?}", element.role);
        }
    }
    assert!(rest.peek().is_none(), "printed beyond the document: {:#?}", rest.peek());
}

fn sorted(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters.into_iter().collect()
}

fn add(lines: &mut Vec<Line>, run: &Run) {
    match lines.last_mut() {
        Some(line)
            if line.page == run.page
                && same(line.baseline, run.baseline)
                && run.left >= line.right - 0.5 =>
        {
            line.right = run.right;
            line.runs.push(run.clone());
        }
        _ => lines.push(Line {
            page: run.page,
            left: run.left,
            right: run.right,
            baseline: run.baseline,
            runs: vec![run.clone()],
        }),
    }
}
