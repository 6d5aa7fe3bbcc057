//! What was probably meant: hints for keys and values that do not fit.

use jsonschema::{JsonType, JsonTypeSet};

use super::super::{Entry, Node, NodeValue, Scalar};
use crate::base::Bilingual;
use crate::catalog::nearest;
use crate::viet::fold;

/// The key that was probably meant, of keys with their titles.
///
/// People misspell keys, and they write them in Vietnamese: `trich_yeu` is the
/// key whose title starts with `Trích yếu`.
pub(super) fn key<'a>(given: &str, allowed: &[(&'a str, String)]) -> Option<&'a str> {
    let given_words = fold(&given.replace(['_', '-'], " "));
    let titles = || allowed.iter().map(|(key, title)| (*key, fold(title)));
    let exact = titles().find(|(_, title)| *title == given_words).map(|(key, _)| key);
    exact
        .or_else(|| nearest(given, allowed.iter().map(|(key, _)| *key)))
        .or_else(|| by_words(&given_words, titles()))
}

/// The key whose title starts with these words, or else has them all; of
/// several the one with the shortest title.
fn by_words<'a>(words: &str, titles: impl Iterator<Item = (&'a str, String)>) -> Option<&'a str> {
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    let mut ranked: Vec<((bool, usize), &str)> = titles
        .filter_map(|(key, title)| {
            let title: Vec<&str> = title.split(' ').collect();
            let all = words.iter().all(|word| title.contains(word));
            all.then(|| ((!title.starts_with(&words), title.len()), key))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    match (words.as_slice(), ranked.as_slice()) {
        ([], _) => None,
        (_, [(first, _), (second, _), ..]) if first == second => None,
        (_, ranked) => ranked.first().map(|(_, key)| *key),
    }
}

/// A hint for a value of the wrong type.
pub(super) fn value(kinds: JsonTypeSet, node: &Node, keys: &[String]) -> Option<Bilingual> {
    let wants = |kind| kinds.contains(kind);
    match &node.value {
        NodeValue::Object(entries) if wants(JsonType::String) => match entries.as_slice() {
            [entry] => Some(quotes(entry)),
            _ => None,
        },
        _ if wants(JsonType::Integer) => number(node.spelling()?, true),
        _ if wants(JsonType::Number) => number(node.spelling()?, false),
        NodeValue::Scalar(_) if wants(JsonType::Array) => Some(Bilingual::new(
            "viết mỗi mục trên một dòng, bắt đầu bằng `- `",
            "write each entry on a line of its own that starts with `- `",
        )),
        _ if wants(JsonType::Object) && !wants(JsonType::String) && !keys.is_empty() => {
            let keys = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            Some(Bilingual::new(
                format!("viết bên dưới, mỗi khóa một dòng; các khóa: {keys}"),
                format!("write keys below it, one on each line; the keys are: {keys}"),
            ))
        }
        _ => None,
    }
}

/// A number that people write with marks: `1.250.000`, `1,27`, `"14"`.
fn number(spelled: &str, whole: bool) -> Option<Bilingual> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let thousands = |mark: char| {
        let mut groups = spelled.split(mark);
        let first = groups.next().is_some_and(|group| digits(group) && group.len() <= 3);
        let count = groups.clone().count();
        let rest = groups.all(|group| digits(group) && group.len() == 3);
        first && rest && (count > 1 || (count == 1 && whole))
    };
    if thousands('.') || thousands(',') {
        let plain = spelled.replace(['.', ','], "");
        return Some(Bilingual::new(
            format!("viết liền các chữ số: `{plain}`"),
            format!("write the digits without marks between them: `{plain}`"),
        ));
    }
    if !whole
        && let Some((units, fraction)) = spelled.split_once(',')
        && digits(units)
        && digits(fraction)
    {
        return Some(Bilingual::new(
            format!("phần thập phân viết sau dấu chấm: `{units}.{fraction}`"),
            format!("a point goes before the fraction: `{units}.{fraction}`"),
        ));
    }
    let plain = digits(spelled) || (!whole && spelled.parse::<f64>().is_ok());
    (plain && spelled.len() <= 15).then(|| {
        Bilingual::new(
            format!("viết `{spelled}`, không có dấu ngoặc kép"),
            format!("write `{spelled}` without quotes"),
        )
    })
}

/// A text that was read as key and value, because it holds `: `.
pub(super) fn quotes(entry: &Entry) -> Bilingual {
    let value = match &entry.node.value {
        NodeValue::Scalar(Scalar::Text(text) | Scalar::Number(_, text)) => text.as_str(),
        _ => "…",
    };
    let text = super::words::short(&format!("{}: {value}", entry.key));
    Bilingual::new(
        format!("nếu đây là một dòng chữ thì đặt cả dòng trong ngoặc kép: `\"{text}\"`"),
        format!("if this is a line of text, put the whole line in quotes: `\"{text}\"`"),
    )
}

/// A hint for a value that must look like a name, if the pattern asks for one.
pub(super) fn name(given: &str, pattern: &str) -> Option<Bilingual> {
    if !pattern.starts_with("^[a-z]") {
        return None;
    }
    let slug = slug(given)?;
    Some(Bilingual::new(
        format!("chỉ dùng chữ thường không dấu, chữ số và `_`, bắt đầu bằng chữ, ví dụ `{slug}`"),
        format!(
            "lower-case letters without marks, digits and `_` only, starting with a letter, for example `{slug}`"
        ),
    ))
}

/// An example of a name.
pub(super) fn example(slug: &str) -> Bilingual {
    Bilingual::new(format!("ví dụ viết `{slug}`"), format!("for example `{slug}`"))
}

/// The words of a text as a name: `Số cuộc` → `so_cuoc`.
pub(super) fn slug(text: &str) -> Option<String> {
    let plain: String =
        fold(text).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let slug = plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    let slug = slug.trim_start_matches(|c: char| !c.is_ascii_lowercase()).to_owned();
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_their_spelling_and_by_their_titles() {
        let allowed = [
            ("issuer", "Cơ quan ban hành".to_owned()),
            ("date", "Ngày ban hành".to_owned()),
            ("content", "Nội dung".to_owned()),
            ("text", "Nội dung điểm không có tiêu đề".to_owned()),
            ("title", "Chức vụ người ký".to_owned()),
            ("other_title", "Chức vụ khác in trên họ tên".to_owned()),
            ("name", "Họ và tên người ký".to_owned()),
        ];
        let cases = [
            ("isuer", Some("issuer")),
            ("co_quan", Some("issuer")),
            ("nội dung", Some("content")),
            ("Ngay", Some("date")),
            ("chuc_vu", Some("title")),
            ("ho_ten", Some("name")),
            ("tinh", None),
            ("chu_de", None),
        ];
        for (given, expected) in cases {
            assert_eq!(key(given, &allowed), expected, "{given}");
        }
    }

    #[test]
    fn numbers_with_marks_are_understood() {
        let plain = |text: &str, whole| number(text, whole).map(|hint| hint.vi);
        assert!(plain("1.250.000", true).is_some_and(|hint| hint.contains("`1250000`")));
        assert!(plain("12.500", true).is_some_and(|hint| hint.contains("`12500`")));
        assert!(plain("1,27", false).is_some_and(|hint| hint.contains("`1.27`")));
        assert!(plain("14", false).is_some_and(|hint| hint.contains("`14`")));
        assert_eq!(plain("12,500 đồng", true), None);
        assert_eq!(plain("", true), None);
    }

    #[test]
    fn names_are_made_of_words() {
        assert_eq!(slug("Số cuộc"), Some("so_cuoc".into()));
        assert_eq!(slug("2026-Đợt 1"), Some("dot_1".into()));
        assert_eq!(slug("12"), None);
    }
}
