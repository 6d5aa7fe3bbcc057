use std::collections::HashSet;

use crate::base::{Finding, SourceText};
use crate::input::Node;
use crate::viet::{fold, is_vietnamese_letter};

/// Checks that agencies with duties are among the recipients, by name or in a
/// group that plausibly takes them in (PL1-II.9.a).
pub(super) fn check(source: &SourceText, data: &Node, recipients: &[&str]) -> Vec<Finding> {
    let Some(agencies) = data.at("/assignments/agencies") else { return Vec::new() };
    let reach = Reach::of(recipients, data);
    if recipients.is_empty() || reach.everybody {
        return Vec::new();
    }
    let mut named = Vec::new();
    for (at, one) in agencies.items().iter().enumerate() {
        let pointer = format!("/assignments/agencies/{at}");
        if let Some(agency) = one.child("agency") {
            named.push(Named { node: agency, pointer: format!("{pointer}/agency"), helps: false });
        }
        helpers(one, &pointer, &mut named);
    }
    let mut findings = Vec::new();
    let mut texts: HashSet<(&str, bool)> = HashSet::new();
    let mut missing: HashSet<String> = HashSet::new();
    for one in &named {
        let Some(text) = one.node.text() else { continue };
        if !texts.insert((text, one.helps)) {
            continue;
        }
        for name in names(text) {
            let Some(agency) = Agency::read(&name) else { continue };
            if (one.helps && (agency.kind == Kind::Unit || agency.is_group))
                || reach.covers(&agency)
            {
                continue;
            }
            if missing.insert(agency.key) {
                let finding = Finding::new("NN06").with("name", name);
                findings.push(finding.at(one.node.place(source, one.pointer.as_str())));
            }
        }
    }
    findings
}

/// A value of the data that names agencies.
struct Named<'a> {
    node: &'a Node,
    pointer: String,
    /// Whether they only help another one.
    helps: bool,
}

/// Adds those who cooperate in the duties below `node`.
fn helpers<'a>(node: &'a Node, pointer: &str, named: &mut Vec<Named<'a>>) {
    let duties = node.child("duties").map(Node::items).unwrap_or_default();
    for (at, duty) in duties.iter().enumerate() {
        if duty.entries().is_empty() {
            continue;
        }
        let pointer = format!("{pointer}/duties/{at}");
        let with = duty.child("with").map(Node::items).unwrap_or_default();
        named.extend(with.iter().enumerate().map(|(at, node)| Named {
            node,
            pointer: format!("{pointer}/with/{at}"),
            helps: true,
        }));
        helpers(duty, &pointer, named);
    }
}

/// What an agency is, which decides in which groups it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Sở, công an, court and the like: one of the `ngành`.
    Office,
    /// A part of an agency, or an establishment below one; a helper of this kind
    /// gets the document through the agency that it belongs to.
    Unit,
    /// Ủy ban nhân dân, Hội đồng nhân dân.
    Local,
    /// Mặt trận and mass organisations: `đoàn thể`.
    Mass,
}

/// The words with which names of agencies start.
const STARTS: [(&str, Kind); 41] = [
    ("ủy ban nhân dân", Kind::Local),
    ("uỷ ban nhân dân", Kind::Local),
    ("ubnd", Kind::Local),
    ("hội đồng nhân dân", Kind::Local),
    ("hđnd", Kind::Local),
    ("ủy ban mặt trận", Kind::Mass),
    ("uỷ ban mặt trận", Kind::Mass),
    ("ủy ban mttq", Kind::Mass),
    ("uỷ ban mttq", Kind::Mass),
    ("ubmttq", Kind::Mass),
    ("mttq", Kind::Mass),
    ("mặt trận", Kind::Mass),
    ("hội đồng", Kind::Office),
    ("hội", Kind::Mass),
    ("đoàn", Kind::Mass),
    ("tỉnh đoàn", Kind::Mass),
    ("liên đoàn", Kind::Mass),
    ("công đoàn", Kind::Mass),
    ("sở", Kind::Office),
    ("bộ", Kind::Office),
    ("ban", Kind::Office),
    ("cục", Kind::Office),
    ("chi cục", Kind::Office),
    ("công an", Kind::Office),
    ("tòa án", Kind::Office),
    ("toà án", Kind::Office),
    ("viện kiểm sát", Kind::Office),
    ("văn phòng", Kind::Office),
    ("thanh tra", Kind::Office),
    ("thuế", Kind::Office),
    ("kho bạc", Kind::Office),
    ("bảo hiểm xã hội", Kind::Office),
    ("ngân hàng", Kind::Office),
    ("đài", Kind::Office),
    ("báo", Kind::Office),
    ("đồn biên phòng", Kind::Office),
    ("phòng", Kind::Unit),
    ("trung tâm", Kind::Unit),
    ("trạm", Kind::Unit),
    ("trường", Kind::Unit),
    ("bệnh viện", Kind::Unit),
];

fn start(lower: &str) -> Option<&'static (&'static str, Kind)> {
    STARTS.iter().find(|(start, _)| {
        lower.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// The names that a text lists. A comma or `và` separates names only where a
/// name starts behind it: `Sở Tư pháp, Sở Văn hóa, Thể thao và Du lịch` are two,
/// `Các ban, ngành, đoàn thể` is one.
fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in text.split([',', ';', '(', ')']) {
        for (at, piece) in part.split(" và ").enumerate() {
            let piece = piece.trim();
            let lower = piece.to_lowercase();
            let kind = start(lower.strip_prefix("các ").unwrap_or(&lower)).map(|(_, kind)| *kind);
            let begins = kind.is_some() && piece.starts_with(char::is_uppercase)
                || lower.starts_with("các ");
            match names.last_mut() {
                Some(last) if !piece.is_empty() && (!begins || is_joint(last, kind)) => {
                    last.push_str(if at > 0 { " và " } else { ", " });
                    last.push_str(piece);
                }
                _ if piece.is_empty() => {}
                _ => names.push(piece.to_owned()),
            }
        }
    }
    names
}

/// Whether a name is one with the name before it: `Văn phòng Hội đồng nhân dân và
/// Ủy ban nhân dân`.
fn is_joint(before: &str, kind: Option<Kind>) -> bool {
    kind == Some(Kind::Local) && before.to_lowercase().starts_with("văn phòng")
}

/// An agency that has something to do.
struct Agency {
    kind: Kind,
    /// Whether there are several: `Các trường học`.
    is_group: bool,
    /// The first word of its name, folded: `so`, `truong`.
    start: String,
    /// Its name for comparing, up to its level: `cong an tinh`.
    key: String,
    /// The name without its level, and whether it has one.
    base: String,
    has_level: bool,
    /// The initials of its name, in which archive lines name a unit.
    initials: String,
}

/// Groups that no list of recipients could name in full, or that mean nobody
/// in particular.
const VAGUE: [&str; 3] = ["liên quan", "khác", "chức năng"];

impl Agency {
    /// Reads a name; none, where it is not that of a particular agency or kind of
    /// agency.
    fn read(name: &str) -> Option<Self> {
        let lower = name.to_lowercase();
        let one = lower.strip_prefix("các ");
        let is_group = one.is_some();
        let lower = one.unwrap_or(&lower);
        let (start, kind) = start(lower)?;
        // A name has a capital; `đoàn thể` is a word.
        if !is_group && !name.starts_with(char::is_uppercase) {
            return None;
        }
        if VAGUE.iter().any(|word| lower.contains(word)) {
            return None;
        }
        let (key, base) = keys(lower);
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| *word != "và");
        Some(Self {
            kind: *kind,
            is_group,
            start: fold(start.split(' ').next().unwrap_or_default()),
            has_level: key != base,
            key,
            base,
            initials: words.filter_map(|word| word.chars().next()).collect(),
        })
    }
}

/// The levels of administration in lower case, and folded.
const LEVELS: [(&str, &str); 8] = [
    ("trung ương", " trung uong"),
    ("tỉnh", " tinh"),
    ("thành phố", " thanh pho"),
    ("huyện", " huyen"),
    ("thị xã", " thi xa"),
    ("xã", " xa"),
    ("phường", " phuong"),
    ("đặc khu", " dac khu"),
];

/// Two keys of a name in lower case: up to its level of administration, so that
/// `Công an tỉnh` is `Công an tỉnh Minh Họa`, and without it.
fn keys(lower: &str) -> (String, String) {
    let plain = plain(lower);
    let mut words = plain.match_indices(' ').map(|(at, _)| at + 1);
    let level = words.find_map(|at| {
        let (level, folded) = LEVELS.iter().find(|(level, _)| {
            // `Xã hội` is no commune.
            let after = plain[at..].strip_prefix(level);
            after.is_some_and(|after| {
                !(after.starts_with(char::is_alphanumeric)
                    || (*level == "xã" && after.starts_with(" hội")))
            })
        })?;
        Some((at + level.len(), *folded))
    });
    let (end, level) = level.unwrap_or((plain.len(), ""));
    let key = spelled_out(&plain[..end]);
    let base = key.strip_suffix(level).unwrap_or(&key).to_owned();
    (key, base)
}

/// A text with spaces for everything but letters and digits.
fn plain(lower: &str) -> String {
    let mut plain = String::with_capacity(lower.len());
    plain.extend(lower.chars().map(|c| if is_of_word(c) { c } else { ' ' }));
    plain
}

/// Whether a character is a letter or a digit; quick for those of most texts.
fn is_of_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        is_vietnamese_letter(c) || c.is_alphanumeric()
    }
}

/// A key without abbreviations that everyone uses.
fn spelled_out(plain: &str) -> String {
    let folded = fold(plain);
    let mut key = String::with_capacity(folded.len());
    for word in folded.split(' ') {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(match word {
            "ubnd" => "uy ban nhan dan",
            "hdnd" => "hoi dong nhan dan",
            "ubmttq" => "uy ban mat tran to quoc",
            "mttq" => "mat tran to quoc",
            other => other,
        });
    }
    key
}

/// Whom the recipients take in.
struct Reach {
    /// A group covers everybody: members of the steering committee, `Như trên`.
    everybody: bool,
    /// Names up to their level; names whose level is not given; names without it.
    names: HashSet<String>,
    without_level: HashSet<String>,
    bases: HashSet<String>,
    /// Words of the groups: `so`, `nganh`, `truong`.
    groups: HashSet<String>,
    local: bool,
    mass: bool,
    /// The name of the agency that issues the document.
    issuer: String,
    /// The unit in the archive line, in lower case.
    archive: String,
}

impl Reach {
    fn of(recipients: &[&str], data: &Node) -> Self {
        let archive = data.at("/recipients/archive/unit").and_then(Node::text);
        let mut reach = Self {
            everybody: false,
            names: HashSet::new(),
            without_level: HashSet::new(),
            bases: HashSet::new(),
            groups: HashSet::new(),
            local: false,
            mass: false,
            issuer: issuer(data),
            archive: archive.unwrap_or_default().to_lowercase(),
        };
        for text in recipients {
            reach.add(text);
        }
        reach
    }

    fn add(&mut self, text: &str) {
        let lower = text.to_lowercase();
        self.everybody |= lower.starts_with("như ");
        let plain = plain(&lower);
        let whole = spelled_out(&plain);
        self.mass |= whole.contains("mat tran");
        if let Some(at) = plain.find("các ") {
            let group = &plain[at..];
            self.everybody |=
                ["cơ quan", "đơn vị", "thành viên"].iter().any(|word| group.contains(word));
            self.mass |= group.contains("đoàn thể") || group.contains("hội");
            self.local |= whole.starts_with("uy ban nhan dan")
                || whole.contains("uy ban nhan dan cac")
                || ["địa phương", "các xã", "các huyện", "các phường"]
                    .iter()
                    .any(|word| group.contains(word));
            self.groups.extend(group.split_whitespace().skip(1).map(fold));
        }
        for name in names(text) {
            let (key, base) = keys(&name.to_lowercase());
            if key == base {
                self.without_level.insert(key.clone());
            }
            self.names.insert(key);
            self.bases.insert(base);
        }
    }

    /// Whether the agency gets the document: as a recipient, in a group, as its
    /// author, or as the unit that keeps a copy.
    fn covers(&self, agency: &Agency) -> bool {
        let by_name = self.names.contains(&agency.key)
            || self.without_level.contains(&agency.base)
            || (!agency.has_level && self.bases.contains(&agency.base));
        let author = self.issuer.starts_with(&agency.key)
            || (!self.archive.is_empty() && agency.initials.ends_with(&self.archive));
        let group = match agency.kind {
            Kind::Local => self.local,
            Kind::Mass => self.mass,
            Kind::Office | Kind::Unit => {
                self.groups.contains("nganh") || self.groups.contains(&agency.start)
            }
        };
        by_name || author || group
    }
}

/// The name of the issuer for comparing.
fn issuer(data: &Node) -> String {
    let Some(issuer) = data.child("issuer") else { return String::new() };
    let name = |node: &Node| match node.text() {
        Some(text) => text.to_owned(),
        None => node.items().iter().filter_map(Node::text).collect::<Vec<_>>().join(" "),
    };
    let written = issuer.child("name_in_text").or_else(|| issuer.child("name")).map(name);
    let lower = written.unwrap_or_default().to_lowercase();
    spelled_out(&plain(&lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(agency: &str, recipients: &[&str]) -> bool {
        let data = Node { span: 0..0, value: crate::input::NodeValue::List(Vec::new()) };
        let reach = Reach::of(recipients, &data);
        reach.everybody || Agency::read(agency).is_none_or(|agency| reach.covers(&agency))
    }

    #[test]
    fn lists_of_names_are_taken_apart_at_names() {
        assert_eq!(
            names("Sở Tư pháp, Sở Văn hóa, Thể thao và Du lịch, Công an tỉnh"),
            ["Sở Tư pháp", "Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh"]
        );
        assert_eq!(names("Văn phòng HĐND và UBND"), ["Văn phòng HĐND và UBND"]);
        assert_eq!(names("Phòng Văn hóa - Xã hội"), ["Phòng Văn hóa - Xã hội"]);
        assert_eq!(names("Các ban, ngành, đoàn thể"), ["Các ban, ngành, đoàn thể"]);
        assert!(names(" , ").is_empty());
    }

    #[test]
    fn groups_take_in_their_kind() {
        for (agency, recipient) in [
            ("Sở Y tế", "Các sở, ban, ngành cấp tỉnh"),
            ("Công an tỉnh", "Các sở, ban, ngành"),
            ("Ủy ban nhân dân các xã, phường", "UBND các xã, phường"),
            ("UBND xã Minh Họa", "Ủy ban nhân dân các xã"),
            ("Hội Nông dân xã", "Các ban, ngành, đoàn thể xã"),
            ("Hội Nông dân xã", "Ủy ban MTTQ Việt Nam xã"),
            ("Các trường học trên địa bàn", "Các trường học, Trưởng các ấp"),
            ("Sở Y tế", "Như Điều 3"),
            ("Sở Y tế", "Các thành viên Ban Chỉ đạo tỉnh"),
            ("Các cơ quan liên quan", "Bộ Y tế"),
            ("Cha mẹ học sinh", "Bộ Y tế"),
        ] {
            assert!(covered(agency, &[recipient]), "{agency}: {recipient}");
        }
    }

    #[test]
    fn names_are_compared_without_the_place_behind_the_level() {
        assert!(covered("Công an tỉnh", &["Công an tỉnh Minh Họa"]));
        assert!(covered("Công an tỉnh", &["Bộ Y tế", "Ban Chỉ đạo 138 tỉnh (Công an tỉnh)"]));
        assert!(covered("Trạm Y tế", &["Công an xã, Trạm Y tế xã"]));
        assert!(covered("Uỷ ban MTTQ Việt Nam xã", &["Ủy ban Mặt trận Tổ quốc Việt Nam xã"]));
        assert!(!covered("Công an tỉnh", &["Công an xã"]));
    }

    #[test]
    fn who_is_in_no_group_is_missing() {
        for (agency, recipient) in [
            ("Sở Y tế", "UBND các xã, phường"),
            ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "Các sở, ban, ngành cấp tỉnh"),
            ("Ủy ban nhân dân các xã", "Chủ tịch, các Phó Chủ tịch UBND tỉnh"),
            ("Phòng Kinh tế", "Công an xã"),
        ] {
            assert!(!covered(agency, &[recipient]), "{agency}: {recipient}");
        }
    }
}
