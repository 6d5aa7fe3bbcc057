//! A form as the gazette prints it and as a template prints it, and what is between
//! them.

use vanban::catalog::Exception;

use super::words::{Word, differences, plain, replace, words};

/// What a form says: its words in reading order, and its notes.
#[derive(Debug, Clone)]
pub struct Words {
    pub body: Vec<Word>,
    /// The words of each note, each text once.
    pub notes: Vec<Vec<Word>>,
}

impl Words {
    /// Of a file in `tests/suite/gazette`: lines that begin with `#` are remarks, `[2]`
    /// is the mark of a note, notes stand below `---`.
    pub fn of_gazette(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let mut parts = lines.split(|line| *line == "---");
        let body = parts.next().unwrap_or_default().join("\n");
        let notes = parts.next().unwrap_or_default().iter().map(|line| without_marks(line));
        assert!(parts.next().is_none(), "two lines `---`");
        Self::new(&without_marks(&body), notes)
    }

    pub fn new(body: &str, notes: impl Iterator<Item = String>) -> Self {
        let mut unique: Vec<Vec<Word>> = Vec::new();
        for note in notes {
            let note = words(&note);
            if !unique.contains(&note) {
                unique.push(note);
            }
        }
        Self { body: words(body), notes: unique }
    }
}

/// Leaves out `[1]`, with a space in its place where words would run together.
fn without_marks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let (mark, after) = after.split_once(']').expect("a mark is closed");
        assert!(mark.chars().all(|c| c.is_ascii_digit()), "`[{mark}]` is no mark");
        out.push_str(before);
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
    for note in &expected.notes {
        if !ours.notes.iter().any(|one| plain(one) == plain(note)) {
            found.push(format!("a note is missing:\n    gazette: {}", plain(note)));
        }
    }
    for note in &ours.notes {
        if !expected.notes.iter().any(|one| plain(one) == plain(note)) {
            found.push(format!("a note is not in the gazette:\n    ours:    {}", plain(note)));
        }
    }
    found
}

/// Changes the words of the gazette; a note of which nothing is left is dropped.
fn apply(expected: &mut Words, exception: &Exception) -> bool {
    let mut used = replace(&mut expected.body, &exception.gazette, &exception.ours);
    for note in &mut expected.notes {
        used |= replace(note, &exception.gazette, &exception.ours);
    }
    let nothing = words("");
    expected.notes.retain(|note| plain(note) != plain(&nothing));
    used
}
