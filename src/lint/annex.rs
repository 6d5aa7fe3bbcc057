use std::ops::Range;

use super::{Values, place_in};
use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::Template;
use crate::input::{Node, NodeValue, Scalar};
use crate::viet::roman;

/// Checks that the text refers to its annexes, and to none that it does not have
/// (PL1-III.1.a).
pub(super) fn check(
    source: &SourceText,
    data: &Node,
    values: &Values<'_>,
    template: &Template,
    mentions: &[Mention<'_>],
) -> Vec<Finding> {
    let written = data.child("annexes").map(Node::items).unwrap_or_default().len();
    // A plan can add its schedule as the last annex, and then says so itself.
    let schedule = data.at("/schedule/annex").is_some_and(is_true);
    // So is the programme of an invitation.
    let programme = data.child("programme").is_some();
    let count = written + usize::from(schedule) + usize::from(programme);
    let mut findings = Vec::new();
    if written > 0 && !is_referred_to(values, mentions, count) {
        let entry = data.entries().iter().find(|entry| entry.key == "annexes");
        findings
            .extend(entry.map(|entry| Finding::new("AN05").at(entry.place(source, "/annexes"))));
    }
    let has_annexes = || template.schema().is_ok_and(|schema| schema.knows("", "annexes"));
    if !mentions.is_empty() && has_annexes() {
        findings.extend(mentions.iter().flat_map(|mention| mention.missing(source, count)));
    }
    findings
}

fn is_true(node: &Node) -> bool {
    node.value == NodeValue::Scalar(Scalar::Bool(true))
}

/// The words that are looked for, in either case of the first letter.
const ANNEX: &str = "hụ lục";

/// Keys of the data whose texts are no part of the body, nor of an annex.
const ELSEWHERE: [&str; 5] = ["/bases/", "/issuer/", "/recipients/", "/signature/", "/layout/"];

/// A text that speaks of annexes.
pub(super) struct Mention<'a> {
    node: &'a Node,
    text: &'a str,
    pointer: String,
}

impl<'a> Mention<'a> {
    /// The value as a mention, if it is one.
    pub(super) fn of(node: &'a Node, pointer: &str) -> Option<Self> {
        let text = node.text().filter(|text| text.contains(ANNEX))?;
        let elsewhere = ELSEWHERE.iter().any(|key| pointer.starts_with(key));
        (!elsewhere).then(|| Self { node, text, pointer: pointer.to_owned() })
    }

    fn is_in_body(&self) -> bool {
        !self.pointer.starts_with("/annexes/")
    }

    /// Every `Phụ lục` of the text: the number that follows, and what comes
    /// after that.
    fn references(&self) -> impl Iterator<Item = Reference<'a>> {
        let text = self.text;
        text.match_indices(ANNEX).map(move |(at, word)| Reference::read(text, at + word.len()))
    }

    /// Findings about annexes that the text names and the document does not have,
    /// each told once.
    fn missing(&self, source: &SourceText, count: usize) -> Vec<Finding> {
        let mut wrong: Vec<Reference<'_>> = Vec::new();
        for one in self.references() {
            let Some(number) = one.number.filter(|number| !is_number_of(*number, count)) else {
                continue;
            };
            if !wrong.iter().any(|other| other.number == Some(number)) && !one.is_of_whom() {
                wrong.push(one);
            }
        }
        if wrong.is_empty() || speaks_of_others(self.text) {
            return Vec::new();
        }
        let finding = |one: &Reference<'_>| {
            let words = &self.text[one.span.clone()];
            let finding = Finding::new("AN06").with("found", words).with("have", have(count));
            finding.at(place_in(source, self.node, &self.pointer, words))
        };
        wrong.iter().map(finding).collect()
    }
}

/// One `Phụ lục` in a text.
struct Reference<'a> {
    /// From `Phụ lục` to the end of the number.
    span: Range<usize>,
    number: Option<usize>,
    /// The text behind it.
    rest: &'a str,
}

impl<'a> Reference<'a> {
    /// Reads what follows `Phụ lục`, which ends at `end`.
    fn read(text: &'a str, end: usize) -> Self {
        let behind = &text[end..];
        let word = behind.trim_start();
        let word = word.strip_prefix("số ").unwrap_or(word).trim_start();
        let length = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
        let (token, rest) = word.split_at(length);
        let start = end - ANNEX.len();
        let first = text[..start].chars().next_back();
        let start = start - first.map_or(0, char::len_utf8);
        // `Phụ lục III-02` and `Phụ lục 1.2` are names of another kind.
        let mut after = rest.chars();
        let goes_on = matches!(after.next(), Some('-' | '.' | '/'))
            && after.next().is_some_and(char::is_alphanumeric);
        match number(token).filter(|_| behind.starts_with(' ') && !goes_on) {
            Some(number) => {
                Self { span: start..text.len() - rest.len(), number: Some(number), rest }
            }
            None => Self { span: start..end, number: None, rest: behind },
        }
    }

    /// Whether it goes on with `của` and someone who is not this document.
    fn is_of_whom(&self) -> bool {
        let of = self.rest.trim_start().strip_prefix("của ");
        of.is_some_and(|who| !who.chars().take(40).collect::<String>().contains("này"))
    }

    /// Whether it speaks of an annex of this document, of which there are `count`.
    fn is_own(&self, count: usize) -> bool {
        self.number.is_none_or(|number| is_number_of(number, count)) && !is_cited(self.rest)
    }
}

/// A number of an annex as people write it: `II`, `2`, `02`.
fn number(token: &str) -> Option<usize> {
    let digits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        return token.parse().ok().filter(|number| *number < 100);
    }
    (1..40).find(|number| roman(*number) == token)
}

/// Whether one of `count` annexes bears the number; a single one bears none.
fn is_number_of(number: usize, count: usize) -> bool {
    count > 1 && (1..=count).contains(&number)
}

/// What annexes there are, in words.
fn have(count: usize) -> Bilingual {
    match count {
        0 => Bilingual::new("văn bản không có phụ lục nào", "the document has no annex"),
        1 => Bilingual::new(
            "phụ lục duy nhất của văn bản không đánh số",
            "the only annex of the document has no number",
        ),
        _ => Bilingual::new(
            format!("văn bản có Phụ lục I đến Phụ lục {}", roman(count)),
            format!("the document has Phụ lục I to Phụ lục {}", roman(count)),
        ),
    }
}

/// Kinds of documents that have annexes.
const KINDS: [&str; 21] = [
    "bộ luật",
    "nghị định",
    "thông tư",
    "luật",
    "pháp lệnh",
    "nghị quyết",
    "quyết định",
    "công văn",
    "chỉ thị",
    "hướng dẫn",
    "văn bản",
    "quy chuẩn",
    "quy trình",
    "đề án",
    "chương trình",
    "kế hoạch",
    "quy chế",
    "quy định",
    "tiêu chuẩn",
    "báo cáo",
    "hợp đồng",
];

/// Words that may stand between an annex and the document that has it.
const LINKS: [&str; 7] = ["ban hành", "kèm theo", "của", "thuộc", "theo", "tại", "được"];

/// Whether the text behind `Phụ lục` goes on with the document that has it, and
/// that is not `Kế hoạch này`.
fn is_cited(rest: &str) -> bool {
    let mut rest = rest.trim_start_matches([' ', ',', '(']);
    while let Some(after) = LINKS.iter().find_map(|link| rest.strip_prefix(link)) {
        rest = after.trim_start();
    }
    let start: String = rest.chars().take(24).flat_map(char::to_lowercase).collect();
    let kind = KINDS.iter().find_map(|kind| start.strip_prefix(kind));
    kind.is_some_and(|after| !after.trim_start().starts_with("này"))
}

/// Whether an annex that the document does not have may be one of another
/// document: the text names a document or a form. Better silent than wrong.
fn speaks_of_others(text: &str) -> bool {
    let lower = text.to_lowercase();
    let named = |kind: &str| {
        lower.match_indices(kind).any(|(at, word)| {
            let after = lower[at + word.len()..].trim_start();
            // `quy định tại Phụ lục II` and the like are verbs.
            let verb = ["tại", "ở", "trong"].iter().any(|start| after.starts_with(start));
            !after.starts_with("này") && !verb
        })
    };
    lower.contains("mẫu") || KINDS.iter().any(|kind| named(kind))
}

/// Whether a text outside of the annexes speaks of them.
fn is_referred_to(values: &Values<'_>, mentions: &[Mention<'_>], count: usize) -> bool {
    let mut in_body = mentions.iter().filter(|mention| mention.is_in_body());
    if in_body.any(|mention| mention.references().any(|one| one.is_own(count))) {
        return true;
    }
    // Rare, and only looked for where nothing else was found: `PHỤ LỤC`.
    values.iter().any(|(node, pointer)| {
        let capitals = || node.text().is_some_and(|text| text.contains("PHỤ LỤC"));
        !pointer.starts_with("/annexes/") && capitals()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Reference<'_> {
        Reference::read(text, text.find(ANNEX).expect("the words are there") + ANNEX.len())
    }

    #[test]
    fn numbers_of_annexes_are_read() {
        let cases = [
            ("theo Phụ lục II.", Some(2)),
            ("theo phụ lục số 03, hoàn thành", Some(3)),
            ("Phụ lục 1", Some(1)),
            ("Phụ lục kèm theo", None),
            ("Phụ lục III-02", None),
            ("Phụ lục 1.2", None),
            ("Phụ lục IVa", None),
            ("Phụ lục", None),
        ];
        for (text, expected) in cases {
            assert_eq!(first(text).number, expected, "{text}");
        }
    }

    fn silent(text: &str) -> bool {
        speaks_of_others(text) || first(text).is_of_whom()
    }

    #[test]
    fn annexes_of_other_documents_are_told_from_own_ones() {
        for text in [
            "Phụ lục II ban hành kèm theo Nghị định số 163/2026/NĐ-CP",
            "Mẫu số 59 Phụ lục V",
            "Phụ lục II của Bộ Y tế",
            "Thông tư số 05/2025/TT-BNV, Phụ lục III",
            "Phụ lục V Nghị định số 163/2026/NĐ-CP",
        ] {
            assert!(silent(text), "{text}");
        }
        for text in [
            "Chi tiết tại Phụ lục II kèm theo Kế hoạch này.",
            "được quy định tại Phụ lục IV kèm theo",
            "theo Phụ lục III của Kế hoạch này",
        ] {
            assert!(!silent(text), "{text}");
        }
    }

    #[test]
    fn an_own_annex_has_a_number_only_among_several() {
        assert!(first("Phụ lục kèm theo Kế hoạch này").is_own(1));
        assert!(!first("Phụ lục I").is_own(1) && first("Phụ lục 2").is_own(2));
        assert!(!first("Phụ lục II ban hành kèm theo Thông tư số 5").is_own(3));
    }
}
