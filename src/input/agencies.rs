use super::node::{Node, NodeValue, Scalar};
use crate::catalog::{Unit, UnitKind, Units, split_kind};

/// The agencies of a commune, by the key of each in a profile: how their names begin.
const AGENCIES: [(&str, &str); 2] = [("police", "Công an"), ("committee", "Ủy ban nhân dân")];

/// Says of the commune of a profile what its code or its name tells, and names its
/// agencies after it, where the data does not: `Công an phường …` below `Công an thành
/// phố …`. What the data says stays. Values that are put in have no place in the file.
pub fn name_agencies(data: &mut Node) {
    let Some(profile) = data.at_mut("/profile") else { return };
    if let Some(unit) = unit_of(profile).copied() {
        fill_unit(profile, "commune", unit.kind, unit.name);
        if let Some(province) = Units::all().province_of(&unit) {
            fill_unit(profile, "province", province.kind, province.name);
        }
    }
    let commune = Named::of(profile, "commune");
    let province = Named::of(profile, "province");
    for (key, words) in AGENCIES {
        if let Some(commune) = &commune {
            fill(profile, key, "name", &format!("{words} {}", commune.full()));
            fill(profile, key, "place", &commune.place());
        }
        if let Some(province) = province.as_ref().filter(|_| commune.is_some()) {
            fill(profile, key, "superior", &format!("{words} {}", province.full()));
        }
    }
}

/// The unit that a commune means by its code, or by its name in a known province; a
/// kind in front of the name is taken off it.
fn unit_of(profile: &mut Node) -> Option<&'static Unit> {
    let commune = profile.child("commune")?;
    let text = |key: &str| commune.child(key).and_then(Node::spelling).map(str::to_owned);
    let (code, kind, name) = (text("code"), text("kind"), text("name"));
    if let Some(code) = code {
        return Units::all().by_code(&code).filter(|unit| !unit.kind.is_provincial());
    }
    let name = name.filter(|_| kind.is_none())?;
    if let Some((kind, rest)) = split_kind(&name).filter(|(kind, _)| !kind.is_provincial()) {
        let commune = profile.at_mut("/commune")?;
        commune.set("kind", kind.word());
        commune.set("name", rest);
        return None;
    }
    let province = profile.at("/province/name")?.text()?.to_owned();
    Units::all().commune(&name, Units::provinces().province(&province)?)
}

fn fill_unit(profile: &mut Node, key: &str, kind: UnitKind, name: &str) {
    if Named::of(profile, key).is_none() {
        fill(profile, key, "kind", kind.word());
        fill(profile, key, "name", name);
    }
}

/// Gives an object of the profile a text, where it has none.
fn fill(profile: &mut Node, object: &str, key: &str, text: &str) {
    if profile.child(object).is_none_or(is_null) {
        let empty = Node { span: 0..0, value: NodeValue::Object(Vec::new()) };
        profile.lay_under(object, empty);
    }
    if let Some(object) = profile.at_mut(&format!("/{object}"))
        && object.child(key).is_none_or(is_null)
    {
        object.set(key, text);
    }
}

fn is_null(node: &Node) -> bool {
    node.value == NodeValue::Scalar(Scalar::Null)
}

/// A unit as the data names it.
struct Named {
    kind: UnitKind,
    name: String,
}

impl Named {
    fn of(profile: &Node, key: &str) -> Option<Self> {
        let unit = profile.child(key)?;
        let text = |key: &str| unit.child(key).and_then(Node::text);
        Some(Self { kind: UnitKind::of_word(text("kind")?)?, name: text("name")?.to_owned() })
    }

    /// `phường Ví Dụ`; capitals where the kind belongs to the name.
    fn full(&self) -> String {
        self.kind.with_name(&self.name)
    }

    /// The name alone, unless it is a number: Nghị định 30/2020/NĐ-CP, PL1-II.4.a.
    fn place(&self) -> String {
        let full = self.full();
        if full.starts_with(self.kind.word()) { self.name.clone() } else { full }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(yaml: &str) -> serde_json::Value {
        let mut node = crate::input::read("x.yaml", yaml.as_bytes()).unwrap().1;
        name_agencies(&mut node);
        node.to_json()["profile"].clone()
    }

    #[test]
    fn agencies_are_named_after_their_unit() {
        let profile = named(
            "profile: {commune: {kind: phường, name: Thử}, province: {kind: thành phố, name: Mẫu}}",
        );
        assert_eq!(profile["police"]["name"], "Công an phường Thử");
        assert_eq!(profile["police"]["superior"], "Công an thành phố Mẫu");
        assert_eq!(profile["committee"]["name"], "Ủy ban nhân dân phường Thử");
        assert_eq!(profile["committee"]["place"], "Thử");
    }

    #[test]
    fn a_code_says_what_the_unit_is() {
        let profile = named("profile: {commune: {code: '26732'}}");
        assert_eq!(profile["commune"]["kind"], "đặc khu");
        assert_eq!(profile["police"]["name"], "Công an đặc khu Côn Đảo");
        assert_eq!(profile["police"]["superior"], "Công an Thành phố Hồ Chí Minh");
        assert_eq!(named("profile: {commune: {code: '99999'}}")["police"], serde_json::Value::Null);
    }

    #[test]
    fn a_name_may_have_its_kind_or_be_found_in_its_province() {
        let kind = |yaml: &str| named(yaml)["commune"]["kind"].clone();
        assert_eq!(kind("profile: {commune: {name: Phường Thử}}"), "phường");
        let known = "profile: {commune: {name: Phú Quốc}, province: {kind: tỉnh, name: An Giang}}";
        assert_eq!(kind(known), "đặc khu");
        assert_eq!(kind("profile: {commune: {name: Thử}}"), serde_json::Value::Null);
    }

    #[test]
    fn what_the_data_says_stays() {
        let profile = named(
            "profile: {commune: {kind: xã, name: Thử}, police: {name: Đồn Công an Thử, place: Nơi}}",
        );
        assert_eq!(profile["police"]["name"], "Đồn Công an Thử");
        assert_eq!(profile["police"]["place"], "Nơi");
        assert_eq!(profile["police"]["superior"], serde_json::Value::Null);
    }
}
