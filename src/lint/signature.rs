use crate::base::{Finding, SourceText};
use crate::input::Node;

/// Checks who signs: a deputy signs for the head, one line of authority is
/// enough, and no degree stands before the name.
pub(super) fn check(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut findings = degrees(source, data);
    let Some(signature) = data.child("signature") else { return findings };
    let mut report = |finding: Finding, node: &Node, key: &str| {
        findings.push(finding.at(node.place(source, format!("/signature/{key}"))));
    };
    if let (Some(_), Some(node)) = (signature.child("TL"), signature.child("TUQ")) {
        report(Finding::new("SG01"), node, "TUQ");
    }
    if let (Some(_), Some(node)) = (signature.child("KT"), signature.child("title"))
        && let Some(title) = node.text()
        && !is_deputy(title)
    {
        report(Finding::new("SG03").with("title", title), node, "title");
    }
    findings
}

/// No degree stands before the name of anyone who signs (PL1-II.7.c): the signer
/// or, of the minutes of a meeting, secretary and chair (Mẫu 1.9).
fn degrees(source: &SourceText, data: &Node) -> Vec<Finding> {
    let signers: &[&str] =
        if data.child("signature").is_some() { &["signature"] } else { &["secretary", "chair"] };
    let named = signers.iter().filter_map(|key| Some((*key, data.child(key)?.child("name")?)));
    let degree = named.filter(|(_, node)| node.text().is_some_and(has_degree));
    let finding = |(key, node): (&str, &Node)| {
        let finding = Finding::new("SG05").with("name", node.text().unwrap_or_default());
        finding.at(node.place(source, format!("/{key}/name")))
    };
    degree.map(finding).collect()
}

/// Deputies are called `Phó …`; the deputy of a minister is a `Thứ trưởng`. Tone
/// marks count: a `Thủ trưởng` is the head.
fn is_deputy(title: &str) -> bool {
    let title = title.trim().to_lowercase();
    ["phó ", "thứ trưởng"].iter().any(|start| title.starts_with(start))
}

/// Academic, professional and honorary titles that stand before names.
const DEGREES: [&str; 30] = [
    "gs",
    "pgs",
    "ts",
    "tskh",
    "ths",
    "bs",
    "bsck",
    "bscki",
    "bsckii",
    "ds",
    "ks",
    "cn",
    "ls",
    "nsnd",
    "nsưt",
    "ngnd",
    "ngưt",
    "giáo sư",
    "phó giáo",
    "tiến sĩ",
    "tiến sỹ",
    "thạc sĩ",
    "thạc sỹ",
    "bác sĩ",
    "bác sỹ",
    "kỹ sư",
    "cử nhân",
    "dược sĩ",
    "luật sư",
    "nhà giáo",
];

/// Whether a name starts with an academic or honorary title.
fn has_degree(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let two = format!("{first} {}", words.next().unwrap_or_default());
    DEGREES.contains(&first) || DEGREES.contains(&two.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_told_from_names() {
        for name in ["TS. Nguyễn Văn An", "PGS.TS Lê Thị Tư", "BSCKI Trần Ba", "Luật sư Lê An"]
        {
            assert!(has_degree(name), "{name}");
        }
        for name in ["Nguyễn Văn An", "Kỹ Thị Sư", "Giáo Văn Sư", "Tsan Văn A", ""] {
            assert!(!has_degree(name), "{name}");
        }
    }

    #[test]
    fn a_head_is_no_deputy() {
        assert!(is_deputy("PHÓ CHỦ TỊCH") && is_deputy("Thứ trưởng"));
        assert!(!is_deputy("Thủ trưởng") && !is_deputy("Phòng Tài chính") && !is_deputy(""));
    }
}
