use super::{Values, placed};
use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::{Unit, UnitKind, Units, split_kind};
use crate::input::Node;
use crate::viet::{PartialDate, fold};

/// Checks that the communes of a case are in the register, as what they are.
///
/// Only where the province is known: an example of a made-up province says nothing of
/// its communes. The register begins on 1 July 2025; papers of before are not asked,
/// nor are places of birth and origin, which are called as they were then.
pub(super) fn check(source: &SourceText, data: &Node, values: &Values<'_>) -> Vec<Finding> {
    let commune = data.at("/profile/commune").filter(|one| !one.entries().is_empty());
    if let Some((commune, finding)) = commune.and_then(|one| Some((one, unclear(one)?))) {
        return vec![placed(finding, source, commune, "/profile/commune")];
    }
    let day = data.child("date").and_then(Node::spelling);
    let day = day.and_then(|text| text.parse::<PartialDate>().ok()?.first_day());
    if day.is_some_and(|day| day < REGISTER_BEGINS) {
        return Vec::new();
    }
    let kind_of = |unit: &Unit| day.map_or(unit.kind, |day| unit.kind_on(day));
    let mut findings = Vec::new();
    let mut report = |named: Option<Named<'_>>, node: &Node, pointer: &str| {
        let finding = named.and_then(|named| named.finding(&kind_of));
        findings.extend(finding.map(|finding| placed(finding, source, node, pointer)));
    };
    if let Some(commune) = commune {
        let province = data.at("/profile/province/name").and_then(Node::text);
        let at = commune.child("name").unwrap_or(commune);
        report(Named::of_profile(commune, province), at, "/profile/commune/name");
    }
    for (node, pointer) in values.iter().filter(|(_, pointer)| is_residence(pointer)) {
        report(node.text().and_then(Named::in_address), node, pointer);
    }
    findings
}

/// A commune of which kind or name is not known: it cannot be printed.
fn unclear(commune: &Node) -> Option<Finding> {
    let text = |key: &str| commune.child(key).and_then(Node::spelling);
    let known = text("kind").is_some() && text("name").is_some();
    let found = ["code", "kind", "name"].into_iter().filter_map(text).collect::<Vec<_>>();
    (!known).then(|| Finding::new("UN03").with("found", found.join(" ")))
}

const REGISTER_BEGINS: chrono::NaiveDate =
    chrono::NaiveDate::from_ymd_opt(2025, 7, 1).expect("the day exists");

/// Whether an address stands there at which somebody is or sits.
fn is_residence(pointer: &str) -> bool {
    let mut parts = pointer.rsplit('/');
    let (last, above) = (parts.next(), parts.next());
    above == Some("residence")
        || (last == Some("address")
            && (pointer.starts_with("/profile/") || above == Some("facility")))
}

/// A commune with its province, as somebody wrote it.
struct Named<'a> {
    kind: UnitKind,
    name: &'a str,
    province: &'static Unit,
}

impl<'a> Named<'a> {
    fn of_profile(commune: &'a Node, province: Option<&str>) -> Option<Self> {
        let text = |key: &str| commune.child(key).and_then(Node::text);
        let province = Units::provinces().province(province?)?;
        Some(Self { kind: UnitKind::of_word(text("kind")?)?, name: text("name")?.trim(), province })
    }

    /// `…, xã Định Mỹ, tỉnh An Giang`: the last two parts of an address.
    fn in_address(address: &'a str) -> Option<Self> {
        let (rest, province) = address.trim().trim_end_matches('.').rsplit_once(',')?;
        let (kind, province) = split_kind(province)?;
        let province = Units::provinces().province(province).filter(|_| kind.is_provincial())?;
        let commune = rest.rsplit(',').next()?;
        let (kind, name) = split_kind(commune).filter(|(kind, _)| !kind.is_provincial())?;
        Some(Self { kind, name, province })
    }

    fn finding(&self, kind_of: &dyn Fn(&Unit) -> UnitKind) -> Option<Finding> {
        let units = Units::all();
        let found = format!("{} {}", self.kind, self.name);
        let Some(unit) = units.commune(self.name, self.province) else {
            let near = units.near(self.name, self.province).map(Unit::full_name);
            let finding = Finding::new("UN01").with("found", found);
            let finding = finding.with("province", self.province.full_name());
            return Some(finding.suggest(near.as_deref()));
        };
        let meant = format!("{} {}", kind_of(unit), unit.name);
        let spelled = [Some(unit.name), unit.also].into_iter().flatten();
        let same = spelled.into_iter().any(|name| name == self.name);
        if same && kind_of(unit) == self.kind {
            return None;
        }
        let what = if fold(unit.name) == fold(self.name) && !same {
            Bilingual::new("viết tên khác danh mục", "is spelled otherwise")
        } else {
            Bilingual::new("không đúng loại đơn vị", "is of another kind")
        };
        Some(Finding::new("UN02").with("found", found).with("difference", what).with("unit", meant))
    }
}
