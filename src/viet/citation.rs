use std::ops::Range;

use super::fold;

/// A provision that a text cites: `điểm a khoản 1 Điều 35 Luật Phòng, chống ma túy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The number of the điều.
    pub article: u32,
    /// The number of the khoản, if one is named.
    pub clause: Option<u32>,
    /// The letter of the điểm in lower case, if one is named.
    pub point: Option<String>,
    /// The words behind it, up to the next provision or the end of the sentence: they
    /// name the law, if the text does. A list of provisions shares the words behind
    /// the last of them.
    pub law: String,
    /// The bytes of the text from its first word to the number of the điều.
    pub span: Range<usize>,
}

impl Citation {
    /// The provisions that a text cites, in its order: a list such as `điểm a, b khoản 1
    /// Điều 35` is two of them.
    pub fn all(text: &str) -> Vec<Self> {
        Reader::new(text).read()
    }

    /// Whether the law that it names starts with these words, case and marks aside;
    /// whether it names none, where there are no words.
    pub fn is_of(&self, law: &str) -> bool {
        let named = fold(&self.law);
        let starts =
            ["luat", "bo luat", "nghi dinh", "nghi quyet", "phap lenh", "thong tu", "quyet dinh"];
        // `của`, `tại` and the like may stand before the name.
        let at = starts.iter().filter_map(|word| named.find(word)).min();
        match (at, law.is_empty()) {
            (None, empty) => empty,
            (Some(_), true) => false,
            (Some(at), false) => named[at..].starts_with(&fold(law)),
        }
    }
}

/// A word of a text without the signs around it.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    start: usize,
    /// Whether a sign behind it ends the sentence or the part of it.
    ends: bool,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let whole = piece.trim_end();
        let word = whole.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            let start = at + whole.find(word).unwrap_or_default();
            let behind = &text[start + word.len()..at + whole.len()];
            out.push(Word { text: word, start, ends: behind.contains([';', '.', ')', ':']) });
        }
        at += piece.len();
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    at: usize,
    /// Points that wait for their clause.
    points: Vec<String>,
    /// Clauses that wait for their article, each with its points.
    clauses: Vec<(u32, Vec<String>)>,
    start: Option<usize>,
    found: Vec<Citation>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let (points, clauses, found) = Default::default();
        Self { text, words: words(text), at: 0, points, clauses, start: None, found }
    }

    fn read(mut self) -> Vec<Citation> {
        while let Some(word) = self.words.get(self.at).copied() {
            self.at += 1;
            match kind(word.text) {
                Some(kind) => self.provision(kind, word),
                None if matches!(word.text, "và" | "hoặc" | "của" | "tại" | "các") => {}
                None => self.forget(),
            }
        }
        self.share_laws();
        self.found
    }

    fn forget(&mut self) {
        self.points.clear();
        self.clauses.clear();
        self.start = None;
    }

    fn provision(&mut self, kind: Kind, word: Word<'_>) {
        self.start = self.start.or(Some(word.start));
        let items = self.items(kind);
        if items.is_empty() {
            return self.forget();
        }
        match kind {
            Kind::Point => self.points.extend(items),
            Kind::Clause => {
                let points = std::mem::take(&mut self.points);
                let clauses = items.iter().filter_map(|item| item.parse().ok());
                self.clauses.extend(clauses.map(|clause| (clause, points.clone())));
            }
            Kind::Article => self.articles(&items),
        }
    }

    /// The letters or numbers that follow, separated by commas, `và` or `hoặc`.
    fn items(&mut self, kind: Kind) -> Vec<String> {
        let mut items = Vec::new();
        while let Some(word) = self.words.get(self.at) {
            let separator = matches!(word.text, "và" | "hoặc") && !items.is_empty();
            let goes_on = separator
                && self.words.get(self.at + 1).is_some_and(|next| kind.is_item(next.text));
            if goes_on {
                self.at += 1;
                continue;
            }
            if !kind.is_item(word.text) {
                break;
            }
            items.push(word.text.to_lowercase());
            self.at += 1;
            if word.ends {
                break;
            }
        }
        items
    }

    fn articles(&mut self, items: &[String]) {
        let end = self.words[self.at - 1].start + self.words[self.at - 1].text.len();
        let span = self.start.unwrap_or(end)..end;
        let law = self.law(end);
        let mut clauses = std::mem::take(&mut self.clauses);
        let lone = std::mem::take(&mut self.points);
        for item in items {
            let Ok(article) = item.parse() else { continue };
            let mut cite = |clause: Option<u32>, point: Option<String>| {
                let (law, span) = (law.clone(), span.clone());
                self.found.push(Citation { article, clause, point, law, span });
            };
            if clauses.is_empty() && lone.is_empty() {
                cite(None, None);
            }
            for (clause, points) in clauses.drain(..) {
                if points.is_empty() {
                    cite(Some(clause), None);
                }
                for point in points {
                    cite(Some(clause), Some(point));
                }
            }
            for point in &lone {
                cite(None, Some(point.clone()));
            }
        }
        self.forget();
    }

    /// The words behind an article that may name its law.
    fn law(&self, from: usize) -> String {
        let last = self.words[self.at - 1];
        if last.ends {
            return String::new();
        }
        let mut end = from;
        for word in &self.words[self.at..] {
            if kind(word.text).is_some() {
                break;
            }
            end = word.start + word.text.len();
            if word.ends {
                break;
            }
        }
        self.text[from..end].trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
    }

    /// `Điều 35, Điều 36 Luật …`: what names no law has that of the next one.
    fn share_laws(&mut self) {
        let mut next = String::new();
        for one in self.found.iter_mut().rev() {
            if one.law.is_empty() || matches!(one.law.as_str(), "và" | "hoặc") {
                one.law.clone_from(&next);
            } else {
                next.clone_from(&one.law);
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Point,
    Clause,
    Article,
}

fn kind(word: &str) -> Option<Kind> {
    match word.to_lowercase().as_str() {
        "điểm" => Some(Kind::Point),
        "khoản" => Some(Kind::Clause),
        "điều" => Some(Kind::Article),
        _ => None,
    }
}

impl Kind {
    /// Whether a word is a letter of a point, or a number of a clause or article.
    fn is_item(self, word: &str) -> bool {
        let number = word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        if self == Self::Point { letter } else { number }
    }
}

#[cfg(test)]
mod tests {
    use super::Citation;

    fn shown(text: &str) -> Vec<String> {
        let show = |one: Citation| {
            let clause = one.clause.map(|clause| format!(".{clause}")).unwrap_or_default();
            let point = one.point.map(|point| format!(".{point}")).unwrap_or_default();
            format!("{}{clause}{point} {}", one.article, one.law).trim().to_owned()
        };
        Citation::all(text).into_iter().map(show).collect()
    }

    #[test]
    fn provisions_are_read_as_officials_cite_them() {
        assert_eq!(
            shown("quy định tại điểm a khoản 1 Điều 36 Luật Phòng, chống ma túy."),
            ["36.1.a Luật Phòng, chống ma túy"]
        );
        assert_eq!(shown("điểm a, b và điểm đ khoản 1 Điều 35"), ["35.1.a", "35.1.b", "35.1.đ"]);
        assert_eq!(shown("khoản 2, khoản 3, 4 Điều 47"), ["47.2", "47.3", "47.4"]);
        assert_eq!(shown("điểm a khoản 1, khoản 2 Điều 6"), ["6.1.a", "6.2"]);
        assert_eq!(
            shown("Điều 103 và Điều 104 Luật X; Điều 5 Luật Y"),
            ["103 Luật X", "104 Luật X", "5 Luật Y"]
        );
        assert_eq!(shown("KHOẢN 5 ĐIỀU 90"), ["90.5"]);
    }

    #[test]
    fn words_that_cite_nothing_are_passed_over() {
        for text in ["", "điểm a của thôn", "Điều này", "khoản tiền 5 triệu", "điều trị nội trú"]
        {
            assert!(shown(text).is_empty(), "{text}");
        }
        assert_eq!(shown("điểm tập kết; Điều 12"), ["12"]);
    }

    #[test]
    fn the_law_is_told_by_its_first_words() {
        let one =
            &Citation::all("Điều 24 của Nghị định số 163/2026/NĐ-CP về Luật Phòng, chống ma túy")
                [0];
        assert!(one.is_of("Nghị định") && !one.is_of("Luật") && !one.is_of(""));
        assert!(Citation::all("điểm d khoản 1 Điều 35.")[0].is_of(""));
        let text = "theo điểm d khoản 1 Điều 35 Luật";
        assert_eq!(&text[Citation::all(text)[0].span.clone()], "điểm d khoản 1 Điều 35");
    }
}
