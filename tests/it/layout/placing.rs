//! Where the measured pages print what a document must print.

use std::collections::VecDeque;

use super::expect::{Element, Line, Role, letters};
use super::measure::{Maker, Run, same};

/// Gives every word to the element that it prints. Words that are missing, added
/// or out of order fail the test.
///
/// LibreOffice draws the cells of a row one after the other, whatever stands level
/// in them: there, the order in the columns of header and signatures is not
/// looked at.
pub fn place(elements: &mut [Element], runs: Vec<Run>, maker: Maker) {
    let mut rest: VecDeque<Run> = runs.into();
    let (footing, flowing): (Vec<_>, Vec<_>) =
        elements.iter_mut().partition(|element| element.role == Role::Contact);
    for element in footing {
        seek(element, &mut rest);
    }
    match maker {
        Maker::Program => flow(flowing, rest),
        Maker::LibreOffice => flow_in_columns(flowing, rest),
    }
}

/// Takes the first runs that say the words of an element: what stands at the
/// foot of a page or in columns is drawn anywhere between the other texts.
fn seek(element: &mut Element, rest: &mut VecDeque<Run>) {
    let words = &element.letters;
    for start in 0..rest.len() {
        let mut read = String::new();
        for end in start..rest.len() {
            read.push_str(&letters(&rest[end].text));
            if read == *words {
                rest.drain(start..=end).for_each(|run| add(&mut element.lines, run));
                return;
            }
            if !words.starts_with(&read) {
                break;
            }
        }
    }
    panic!("not printed: {element:#?}")
}

fn flow_in_columns(mut elements: Vec<&mut Element>, mut rest: VecDeque<Run>) {
    use Role::{
        AboutLine, Authority, Issuer, Motto, Nation, Number, OtherTitle, PlaceDate, SignerName,
        Superior, Urgency,
    };
    let header = [Superior, Issuer, Nation, Motto, Number, PlaceDate, AboutLine, Urgency];
    let signature = [Authority, OtherTitle, SignerName];
    // Signatures are sought before what stands beside them is read.
    elements.sort_by_key(|element| {
        let after = match element.role {
            Role::RecipientsLabel | Role::Recipient => 2,
            role if signature.contains(&role) => 1,
            Role::Confirmation | Role::ConfirmationName => 3,
            _ => 0,
        };
        (element.part, after)
    });
    for element in elements {
        if header.contains(&element.role) || signature.contains(&element.role) {
            seek(element, &mut rest);
        } else {
            read(element, &mut rest, &mut VecDeque::new());
        }
    }
    assert!(rest.is_empty(), "printed beyond the document: {:#?}", rest.front());
}

fn flow(elements: Vec<&mut Element>, mut rest: VecDeque<Run>) {
    // A list of recipients that goes on after the page with the signature.
    let mut signature = VecDeque::new();
    for element in elements {
        read(element, &mut rest, &mut signature);
    }
    assert!(rest.is_empty(), "printed beyond the document: {:#?}", rest.front());
}

/// Takes the words of an element from the start of the rest.
fn read(element: &mut Element, rest: &mut VecDeque<Run>, signature: &mut VecDeque<Run>) {
    let in_cells = matches!(element.role, Role::Table | Role::Chart);
    let signed = matches!(element.role, Role::Authority | Role::OtherTitle | Role::SignerName);
    let mut open = element.letters.clone();
    let mut read = String::new();
    let mut page = None;
    while read.chars().count() < open.chars().count() {
        while element.role == Role::Recipient
            && let Some(run) = rest.pop_front_if(|run| run.bold())
        {
            signature.push_back(run);
        }
        let held = if signed { signature.pop_front() } else { None };
        let run = held.or_else(|| rest.pop_front());
        let run = run.unwrap_or_else(|| panic!("not printed: {element:#?}"));
        // A table repeats its header on every page, a chart its head.
        if in_cells && page.is_some_and(|page| page != run.page) {
            open.push_str(&element.repeated);
        }
        page = Some(run.page);
        let missing = open.chars().count() - read.chars().count();
        let (run, after) = split(run, missing);
        if let Some(after) = after {
            rest.push_front(after);
        }
        read.push_str(&letters(&run.text));
        add(&mut element.lines, run);
    }
    // Dots to be written on.
    while let Some(run) = rest.pop_front_if(|run| letters(&run.text).is_empty()) {
        add(&mut element.lines, run);
    }
    if in_cells {
        // The cells of a row may be drawn in any order.
        assert_eq!(sorted(&read), sorted(&open), "the words of a table");
    } else {
        assert_eq!(read, open, "the words of {:?}", element.role);
    }
}

/// The first words of a run, of so many letters, and the others: two elements on
/// a line may be drawn at once.
fn split(run: Run, letters_of_first: usize) -> (Run, Option<Run>) {
    let mut count = 0;
    for (at, word) in run.words.iter().enumerate() {
        count += letters(&word.text).chars().count();
        if count == letters_of_first && at + 1 < run.words.len() {
            let (first, after) = run.words.split_at(at + 1);
            return (run.with(first.to_vec()), Some(run.with(after.to_vec())));
        }
    }
    (run, None)
}

fn sorted(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters.into_iter().collect()
}

fn add(lines: &mut Vec<Line>, run: Run) {
    match lines.last_mut() {
        Some(line)
            if line.page == run.page
                && same(line.baseline, run.baseline)
                && run.left >= line.right - 0.5 =>
        {
            line.right = run.right;
            match line.runs.last_mut() {
                Some(last) if run.goes_on(last) => {
                    let words = last.words.drain(..).chain(run.words).collect();
                    *last = last.with(words);
                }
                _ => line.runs.push(run),
            }
        }
        _ => lines.push(Line {
            page: run.page,
            left: run.left,
            right: run.right,
            baseline: run.baseline,
            runs: vec![run],
        }),
    }
}
