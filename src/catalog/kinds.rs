use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::block::Kind;

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
}
