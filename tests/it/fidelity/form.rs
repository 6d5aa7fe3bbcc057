//! A form as the gazette prints it and as a template prints it, and what is between
//! them.

use std::collections::BTreeMap;

use vanban::catalog::Exception;

use super::words::{Step, Word, differences, mark, picture, plain, replace, walk, words};

/// What a form says: its words in reading order, and its notes.
#[derive(Debug, Clone)]
pub struct Words {
    pub body: Vec<Word>,
    /// The words of each note, by its mark.
    pub notes: BTreeMap<char, Vec<Word>>,
}

impl Words {
    /// Of a text in which [`mark`]s stand for the notes.
    pub fn new(body: &str, notes: impl IntoIterator<Item = (usize, String)>) -> Self {
        let notes = notes.into_iter().map(|(number, text)| (mark(number), words(&text)));
        Self { body: words(body), notes: notes.collect() }
    }

    /// Of a file in `tests/suite/gazette`: lines that begin with `#` are remarks, `[2]`
    /// is the mark of a note, notes stand below `---`, each after its mark.
    pub fn of_gazette(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let mut parts = lines.split(|line| *line == "---");
        let body = with_marks(&parts.next().unwrap_or_default().join("\n"));
        let note = |line: &&str| {
            let (number, text) = line.strip_prefix('[').and_then(|line| line.split_once(']'))?;
            Some((number.parse().ok()?, text.to_owned()))
        };
        let notes = parts.next().unwrap_or_default().iter();
        let notes = notes.map(|line| note(line).unwrap_or_else(|| panic!("`{line}` has no mark")));
        let words = Self::new(&body, notes);
        assert!(parts.next().is_none(), "two lines `---`");
        words
    }

    /// Whether it has a note with these words.
    fn has_note(&self, words: &[Word]) -> bool {
        self.notes.values().any(|note| plain(note) == plain(words))
    }
}

/// Puts a [`mark`] where the gazette has `[1]`.
fn with_marks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let (number, after) = after.split_once(']').expect("a mark is closed");
        out.push_str(before);
        out.push(mark(number.parse().expect("a mark is a number")));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What is wrong with our form, in words; nothing, if it says what the gazette says but
/// for the exceptions, each of which must be needed.
pub fn faults(gazette: &Words, ours: &Words, exceptions: &[Exception]) -> Vec<String> {
    let mut expected = gazette.clone();
    let mut found = Vec::new();
    for exception in exceptions {
        if words(&exception.gazette) == words(&exception.ours) {
            found.push(format!("the exception `{}` changes no word", exception.gazette));
        } else if !apply(&mut expected, exception) {
            found.push(format!(
                "the exception `{}` is not used: the gazette has no such words",
                exception.gazette
            ));
        }
    }
    found.extend(differences(&expected.body, &ours.body));
    for note in expected.notes.values().filter(|note| !ours.has_note(note)) {
        found.push(format!("a note is missing:\n    gazette: {}", plain(note)));
    }
    for note in ours.notes.values().filter(|note| !expected.has_note(note)) {
        found.push(format!("a note is not in the gazette:\n    ours:    {}", plain(note)));
    }
    found.extend(misplaced(&expected, ours));
    found
}

/// The notes that we have at words where the gazette has them not. It may have them at
/// more words than we.
fn misplaced(expected: &Words, ours: &Words) -> Vec<String> {
    let mut found = Vec::new();
    for step in walk(&expected.body, &ours.body) {
        let Step::Same(left, right) = step else { continue };
        let theirs: Vec<String> = expected.body[left]
            .marks
            .iter()
            .filter_map(|mark| Some(plain(expected.notes.get(mark)?)))
            .collect();
        for mark in &ours.body[right].marks {
            let Some(note) = ours.notes.get(mark) else { continue };
            if expected.has_note(note) && !theirs.contains(&plain(note)) {
                let what = format!("the note `{}` stands elsewhere", plain(note));
                let (left, right) = ((left, left + 1), (right, right + 1));
                found.push(picture(&what, &expected.body, left, &ours.body, right));
            }
        }
    }
    found
}

/// Changes the words of the gazette; a note of which nothing is left is dropped.
fn apply(expected: &mut Words, exception: &Exception) -> bool {
    let mut used = replace(&mut expected.body, &exception.gazette, &exception.ours);
    for note in expected.notes.values_mut() {
        used |= replace(note, &exception.gazette, &exception.ours);
    }
    expected.notes.retain(|_, note| !plain(note).is_empty());
    used
}
