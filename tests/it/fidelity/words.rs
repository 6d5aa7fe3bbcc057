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
    /// The marks of notes between this word and the next one.
    pub marks: Vec<char>,
}

impl Word {
    fn new(text: String, after_blank: bool) -> Self {
        Self { text, after_blank, marks: Vec::new() }
    }

    fn is_sign(&self) -> bool {
        !self.text.contains(char::is_alphanumeric)
    }
}

/// The character that stands for the mark of a note in a text.
pub fn mark(number: usize) -> char {
    let code = u32::try_from(number).ok().and_then(|number| char::from_u32(0xE000 + number));
    code.expect("few notes")
}

fn is_mark(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

/// What stands where a text ends, so that dots can stand before it.
const END: &str = "¶";

/// How many words of a difference, and around it, are shown.
const SHOWN: usize = 8;

/// How many differences of one text are shown.
const MOST: usize = 6;

/// The words of a text, its end among them. Spaces and line ends do not count, dots
/// (`……`, `....`, a dot after a space) and runs of spaces are a blank, however long.
/// A full stop beside a blank cannot be told from it. Marks ([`mark`]) belong to the
/// word before them, whatever signs and dots stand between.
pub fn words(text: &str) -> Vec<Word> {
    let mut list = Vec::new();
    let mut after_blank = false;
    let mut chars = text.chars().peekable();
    while let Some(&next) = chars.peek() {
        if is_gap(next) {
            let gap = gap(&mut chars, list.is_empty());
            after_blank |= gap.blank;
            put_marks(&mut list, gap.marks);
            if gap.full_stop {
                list.push(Word::new(".".to_owned(), false));
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
        list.push(Word::new(text, after_blank));
        after_blank = false;
    }
    list.push(Word::new(END.to_owned(), after_blank));
    list
}

fn put_marks(list: &mut [Word], marks: Vec<char>) {
    if let Some(word) = list.iter_mut().rfind(|word| !word.is_sign()) {
        word.marks.extend(marks);
    }
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || is_dot(c) || is_mark(c)
}

struct Gap {
    blank: bool,
    full_stop: bool,
    marks: Vec<char>,
}

/// Reads spaces, dots and marks up to the next word.
fn gap(chars: &mut Peekable<Chars<'_>>, at_start: bool) -> Gap {
    let (marks, gap): (String, String) = run(chars, is_gap).chars().partition(|c| is_mark(*c));
    let dots = gap.chars().filter(|c| *c == '.').count();
    let wide = gap.split(|c: char| c != ' ' && c != '\u{a0}').any(|run| run.chars().count() > 2);
    let one_stop = dots == 1 && gap.starts_with('.') && !at_start;
    let blank = gap.contains('…') || wide || (dots > 0 && !one_stop);
    Gap { blank, full_stop: one_stop && !blank, marks: marks.chars().collect() }
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
        if let Some(first) = ours.first_mut() {
            first.after_blank |= list[at].after_blank;
        }
        let added = ours.len();
        let gone: Vec<Word> = list.splice(at..at + theirs.len(), ours).collect();
        at += added;
        let marks = gone.into_iter().flat_map(|word| word.marks).collect();
        put_marks(&mut list[..at], marks);
    }
    found
}

fn without_end(text: &str) -> Vec<Word> {
    let mut list = words(text);
    list.pop();
    list
}

/// A step of a walk through two lists, by the numbers of their words.
pub enum Step {
    /// Words that say the same.
    Same(usize, usize),
    /// Runs of words that do not: where they begin and end.
    Other((usize, usize), (usize, usize)),
}

/// Walks through two lists, from what is the same to what is the same.
pub fn walk(gazette: &[Word], ours: &[Word]) -> Vec<Step> {
    let (mut left, mut right) = (0, 0);
    let mut steps = Vec::new();
    while left < gazette.len() || right < ours.len() {
        let pair = gazette.get(left).zip(ours.get(right));
        if pair.is_some_and(|(theirs, mine)| theirs.text == mine.text) {
            steps.push(Step::Same(left, right));
            left += 1;
            right += 1;
            continue;
        }
        let (skipped, added) = resumption(&gazette[left..], &ours[right..]);
        steps.push(Step::Other((left, left + skipped), (right, right + added)));
        left += skipped;
        right += added;
    }
    steps
}

/// Where the second list differs from the first, in words for the one who mends it;
/// nothing, if it says the same and has every blank of the first.
pub fn differences(gazette: &[Word], ours: &[Word]) -> Vec<String> {
    let mut found = Vec::new();
    for step in walk(gazette, ours) {
        let (theirs, mine) = match step {
            Step::Same(left, right) => ((left, left), (right, right)),
            Step::Other(theirs, mine) => (theirs, mine),
        };
        let what = match step {
            Step::Same(left, right) if gazette[left].after_blank && !ours[right].after_blank => {
                "no blank"
            }
            Step::Same(..) => continue,
            Step::Other(_, (from, to)) if from == to => "missing",
            Step::Other((from, to), _) if from == to => "not in the gazette",
            Step::Other(..) => "other words",
        };
        found.push(picture(what, gazette, theirs, ours, mine));
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
pub fn picture(
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
        let blank = if word.after_blank { "…… " } else { "" };
        format!("{blank}{}{}", word.text, "[*]".repeat(word.marks.len()))
    };
    list.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The words alone, as one line.
pub fn plain(list: &[Word]) -> String {
    let texts = list.iter().map(|word| word.text.as_str());
    texts.filter(|text| *text != END).collect::<Vec<_>>().join(" ")
}
