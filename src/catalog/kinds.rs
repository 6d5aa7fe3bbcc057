use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::block::Kind;
use crate::viet::fold;

/// The kinds of PL3-I, by code. Kinds without a code (công văn, thư công) go by
/// their name.
static KINDS: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../../templates/_data/doc-types.csv").as_bytes())
        .deserialize::<Row>()
        .map(|row| row.expect("doc-types.csv is part of the program and a test reads it"))
        .map(|row| {
            let key = if row.code.is_empty() { row.name.clone() } else { row.code.clone() };
            (key, Kind { name: row.name, code: row.code })
        })
        .collect()
});

#[derive(Deserialize)]
struct Row {
    name: String,
    code: String,
}

/// The kind with this code, such as `KH`, or for kinds without a code with this
/// name, such as `Công văn`.
pub fn kind(code: &str) -> Option<&'static Kind> {
    KINDS.get(code)
}

/// The kind that a code or a name means. Case and marks do not count, but where they
/// alone tell two codes apart (`DA`, `ĐA`).
pub fn kind_meant(words: &str) -> Option<&'static Kind> {
    let (lower, folded) = (words.trim().to_lowercase(), fold(words));
    let only = |fits: &dyn Fn(&Kind) -> bool| {
        let mut fitting = KINDS.values().filter(|kind| fits(kind));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    if folded.is_empty() {
        return None;
    }
    kind(words)
        .or_else(|| only(&|kind| fold(&kind.name) == folded))
        .or_else(|| only(&|kind| kind.code.to_lowercase() == lower))
        .or_else(|| only(&|kind| fold(&kind.code) == folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_case() {
        let name = |code: &str| kind(code).map(|kind| kind.name.as_str());
        assert_eq!(name("KH"), Some("Kế hoạch"));
        assert_eq!(name("QyĐ"), Some("Quy định"));
        assert_eq!(name("CTr"), Some("Chương trình"));
        assert_eq!(name("Công văn"), Some("Công văn"));
        assert_eq!(name("CTR"), None);
        assert_eq!(KINDS.len(), 32);
    }

    #[test]
    fn kinds_are_meant_without_case_and_marks() {
        let name = |words: &str| kind_meant(words).map(|kind| kind.name.as_str());
        assert_eq!(name("ke hoach"), Some("Kế hoạch"));
        assert_eq!(name("QD"), Some("Quyết định"));
        assert_eq!(name("công văn"), Some("Công văn"));
        assert_eq!(name(""), None);
        assert_eq!(name("kế"), None);
        assert_eq!((name("da"), name("đa")), (Some("Dự án"), Some("Đề án")));
        for kind in KINDS.values() {
            assert_eq!(name(&fold(&kind.name)), Some(&*kind.name), "{kind:?}");
            let code = kind.code.to_lowercase();
            assert!(code.is_empty() || name(&code) == Some(&*kind.name), "{kind:?}");
        }
    }
}
