use crate::base::{Finding, SourceText};
use crate::input::Node;

/// Checks who signs: a deputy signs for the head, whoever signs by order or by
/// authorisation is someone else, one line of authority is enough, and no degree
/// stands before the name.
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
    if let Some((key, node)) = not_someone_else(signature)
        && let Some(title) = node.text()
    {
        report(Finding::new("SG10").with("title", title), node, key);
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

/// The title that stands for someone else's below `TL` or `TUQ` and is the title
/// of the one who ordered or authorised, or that of his deputy, who signs `KT.`
/// (PL1-II.7.b, Điều 13).
fn not_someone_else(signature: &Node) -> Option<(&'static str, &Node)> {
    // `TL. Chủ tịch, KT. Chánh Văn phòng, Phó Chánh Văn phòng`: the second line
    // is whose the first one is not.
    let key = if signature.child("KT").is_some() { "KT" } else { "title" };
    let below = signature.child(key)?;
    let title = below.text()?.trim().to_lowercase();
    let above = |key: &str| Some(signature.child(key)?.text()?.trim().to_lowercase());
    let (by_order, by_authority) = (above("TL"), above("TUQ"));
    let same = [&by_order, &by_authority].into_iter().flatten().any(|head| is_post(head, &title));
    let deputy = by_order.is_some_and(|head| match title.strip_prefix("phó ") {
        Some(of) => is_post(&head, of),
        None => title == "thứ trưởng" && is_post(&head, "bộ trưởng"),
    });
    (same || deputy).then_some((key, below))
}

/// Whether a title, perhaps with the agency behind it, is this post.
fn is_post(title: &str, post: &str) -> bool {
    !post.is_empty()
        && title.strip_prefix(post).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
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

    /// The key that is reported in a signature.
    fn reported(yaml: &str) -> Option<&'static str> {
        let (_, node) = crate::input::read("x.yaml", yaml.as_bytes()).expect("well-formed");
        not_someone_else(&node).map(|(key, _)| key)
    }

    #[test]
    fn whoever_signs_by_order_is_someone_else() {
        let title = Some("title");
        assert_eq!(reported("{TL: Chủ tịch, title: Chủ tịch}"), title);
        assert_eq!(reported("{TUQ: Chủ tịch Ủy ban nhân dân xã, title: chủ tịch}"), title);
        assert_eq!(reported("{TL: Giám đốc, title: Phó Giám đốc}"), title);
        assert_eq!(reported("{TL: Bộ trưởng Bộ Y tế, title: Thứ trưởng}"), title);
        assert_eq!(reported("{TL: Giám đốc, KT: Giám đốc, title: Phó Giám đốc}"), Some("KT"));
        for right in [
            "{TL: Chủ tịch, title: Chánh Văn phòng}",
            "{TL: Chủ tịch, KT: Chánh Văn phòng, title: Phó Chánh Văn phòng}",
            "{TL: Giám đốc, title: Giám đốc Trung tâm Công nghệ thông tin}",
            "{TUQ: Chủ tịch, title: Phó Chủ tịch}",
            "{TL: Trưởng ban, title: Trưởng phòng}",
            "{KT: Chủ tịch, title: Phó Chủ tịch}",
            "{title: Chủ tịch}",
        ] {
            assert_eq!(reported(right), None, "{right}");
        }
    }

    #[test]
    fn a_head_is_no_deputy() {
        assert!(is_deputy("PHÓ CHỦ TỊCH") && is_deputy("Thứ trưởng"));
        assert!(!is_deputy("Thủ trưởng") && !is_deputy("Phòng Tài chính") && !is_deputy(""));
    }
}
