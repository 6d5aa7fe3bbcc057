//! Comparing the words of two texts: what counts as a word, how they differ.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

/// A word, or a sign that is neither letter nor digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    /// Whether dots stand before it, to be written on.
    pub after_blank: bool,
}

/// What stands where a text ends, so that dots can stand before it.
const END: &str = "¶";

/// How many words of a difference, and around it, are shown.
const SHOWN: usize = 8;

/// How many differences of one text are shown.
const MOST: usize = 6;

/// The words of a text, its end among them. Spaces and line ends do not count, dots
/// (`……`, `....`, a dot after a space) and runs of spaces are a blank, however long.
/// A full stop beside a blank cannot be told from it.
pub fn words(text: &str) -> Vec<Word> {
    let mut list = Vec::new();
    let mut after_blank = false;
    let mut chars = text.chars().peekable();
    // At the start, a dot is a blank.
    let mut spaced = true;
    while let Some(&next) = chars.peek() {
        if next.is_whitespace() || is_dot(next) {
            let gap = gap(&mut chars, spaced);
            after_blank |= gap.blank;
            if gap.full_stop {
                list.push(Word { text: ".".to_owned(), after_blank: false });
            }
            continue;
        }
        let text = if next.is_numeric() {
            run(&mut chars, char::is_numeric)
        } else if next.is_alphabetic() {
            run(&mut chars, char::is_alphabetic)
        } else {
            chars.next();
            box_sign(next).to_string()
        };
        list.push(Word { text, after_blank });
        after_blank = false;
        spaced = false;
    }
    list.push(Word { text: END.to_owned(), after_blank });
    list
}

struct Gap {
    blank: bool,
    full_stop: bool,
}

/// Reads spaces and dots up to the next word.
fn gap(chars: &mut Peekable<Chars<'_>>, at_start: bool) -> Gap {
    let gap = run(chars, |c| c.is_whitespace() || is_dot(c));
    let dots = gap.chars().filter(|c| *c == '.').count();
    let begins_with_dot = gap.starts_with('.');
    let wide = gap.split(|c: char| c != ' ' && c != '\u{a0}').any(|run| run.chars().count() > 2);
    let one_stop = dots == 1 && begins_with_dot && !at_start;
    let blank = gap.contains('…') || wide || (dots > 0 && !one_stop);
    Gap { blank, full_stop: one_stop && !blank }
}

fn run(chars: &mut Peekable<Chars<'_>>, belongs: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    while let Some(next) = chars.next_if(|c| belongs(*c)) {
        out.push(next);
    }
    out
}

fn is_dot(c: char) -> bool {
    c == '.' || c == '…'
}

/// The gazette draws its boxes as letters of other fonts.
fn box_sign(c: char) -> char {
    if c == '□' { '☐' } else { c }
}

/// Puts the words of `ours` where those of `theirs` stand; whether they stand anywhere.
pub fn replace(list: &mut Vec<Word>, theirs: &str, ours: &str) -> bool {
    let (theirs, ours) = (without_end(theirs), without_end(ours));
    let stands = |list: &[Word], at: usize| {
        let texts = list[at..].iter().map(|word| &word.text);
        texts.take(theirs.len()).eq(theirs.iter().map(|word| &word.text))
    };
    let (mut at, mut found) = (0, false);
    while !theirs.is_empty() && at + theirs.len() <= list.len() {
        if !stands(list, at) {
            at += 1;
            continue;
        }
        found = true;
        let mut ours = ours.clone();
        let before = list[at].after_blank;
        if let Some(first) = ours.first_mut() {
            first.after_blank |= before;
        }
        at += ours.len();
        list.splice(at - ours.len()..at - ours.len() + theirs.len(), ours);
    }
    found
}

fn without_end(text: &str) -> Vec<Word> {
    let mut list = words(text);
    list.pop();
    list
}

/// Where the second list differs from the first, in words for the one who mends it;
/// nothing, if it says the same and has every blank of the first.
pub fn differences(gazette: &[Word], ours: &[Word]) -> Vec<String> {
    let (mut left, mut right) = (0, 0);
    let mut found = Vec::new();
    while left < gazette.len() || right < ours.len() {
        let pair = gazette.get(left).zip(ours.get(right));
        if let Some((theirs, mine)) = pair.filter(|(theirs, mine)| theirs.text == mine.text) {
            if theirs.after_blank && !mine.after_blank {
                found.push(picture("no blank", gazette, (left, left), ours, (right, right)));
            }
            left += 1;
            right += 1;
            continue;
        }
        let (skipped, added) = resumption(&gazette[left..], &ours[right..]);
        let (until, to) = (left + skipped, right + added);
        let what = match (skipped, added) {
            (_, 0) => "missing",
            (0, _) => "not in the gazette",
            _ => "other words",
        };
        found.push(picture(what, gazette, (left, until), ours, (right, to)));
        (left, right) = (until, to);
    }
    if found.len() > MOST {
        let more = found.len() - MOST;
        found.truncate(MOST);
        found.push(format!("… and {more} more"));
    }
    found
}

/// How many words to pass over on both sides until they say the same again.
fn resumption(gazette: &[Word], ours: &[Word]) -> (usize, usize) {
    let same = |left: usize, right: usize| {
        let texts = |list: &[Word], at: usize| -> Vec<String> {
            list.iter().skip(at).take(3).map(|word| word.text.clone()).collect()
        };
        let (theirs, mine) = (texts(gazette, left), texts(ours, right));
        !theirs.is_empty() && theirs == mine
    };
    let most = gazette.len() + ours.len();
    (1..=most)
        .flat_map(|distance| (0..=distance).map(move |left| (left, distance - left)))
        .filter(|(left, right)| *left <= gazette.len() && *right <= ours.len())
        .find(|(left, right)| same(*left, *right))
        .unwrap_or((gazette.len(), ours.len()))
}

/// Both sides of a difference, each with the words around it.
fn picture(
    what: &str,
    gazette: &[Word],
    theirs: (usize, usize),
    ours: &[Word],
    mine: (usize, usize),
) -> String {
    let mut out = String::new();
    writeln!(out, "{what}:").unwrap();
    writeln!(out, "    gazette: {}", line(gazette, theirs)).unwrap();
    write!(out, "    ours:    {}", line(ours, mine)).unwrap();
    out
}

fn line(list: &[Word], (from, to): (usize, usize)) -> String {
    let before = show(&list[from.saturating_sub(SHOWN)..from]);
    let after = show(&list[to..list.len().min(to + SHOWN)]);
    let words = &list[from..to];
    let shown = if words.len() > 4 * SHOWN {
        format!("{} … {} words", show(&words[..4 * SHOWN]), words.len())
    } else {
        show(words)
    };
    format!("{before} ⟦{shown}⟧ {after}")
}

fn show(list: &[Word]) -> String {
    let word = |word: &Word| {
        if word.after_blank { format!("…… {}", word.text) } else { word.text.clone() }
    };
    list.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The words as one line, to compare whole texts.
pub fn plain(list: &[Word]) -> String {
    list.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}
