//! What a service tells about templates, procedures, rules, units and laws.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;
use vanban::app::reference::{
    Count, LawQuery, ProcedureQuery, Reference, ReferenceError, TemplateQuery, Thing, UnitQuery,
};
use vanban::base::{Language, rules};
use vanban::catalog::{Catalog, Issuer};

use super::support::vanban;

static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| Reference::new(Catalog::builtin()).unwrap());

#[expect(clippy::unnecessary_wraps, reason = "queries have options")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The ids of the templates that a query finds.
fn templates(query: &TemplateQuery) -> Vec<String> {
    let list = REFERENCE.templates(query).unwrap();
    assert_eq!(list.total, list.templates.len());
    list.templates.iter().map(|one| one.id.to_owned()).collect()
}

#[test]
fn all_templates_are_listed_with_what_the_command_line_says() {
    let all = templates(&TemplateQuery::default());
    let printed = vanban().args(["templates", "--json"]).output().unwrap().stdout;
    let printed: Value = serde_json::from_slice(&printed).unwrap();
    let printed = printed["templates"].as_array().unwrap();
    assert_eq!(all.len(), printed.len());
    let list = REFERENCE.templates(&TemplateQuery::default()).unwrap();
    let list = serde_json::to_value(&list).unwrap();
    for (own, printed) in list["templates"].as_array().unwrap().iter().zip(printed) {
        for key in ["id", "title", "title_en", "source", "in_force", "digest", "issuer"] {
            assert_eq!(own.get(key), printed.get(key), "{key}");
        }
    }
}

#[test]
fn templates_are_found_by_what_they_are() {
    let kind = |kind| templates(&TemplateQuery { kind: text(kind), ..TemplateQuery::default() });
    assert!(kind("KH").contains(&"plan".to_owned()));
    assert_eq!(kind("KH"), kind("ke hoach"));
    let decisions = kind("quyết định");
    assert!(decisions.contains(&"nd163-iii-04".to_owned()), "a form, by its title: {decisions:?}");
    assert!(decisions.contains(&"quyet-dinh".to_owned()), "{decisions:?}");
    assert!(!decisions.contains(&"nd163-v-36".to_owned()));

    let source = |law| templates(&TemplateQuery { source: text(law), ..TemplateQuery::default() });
    assert_eq!(source("163/2026/nd-cp").len(), 68);
    assert_eq!(source("163/2026"), source("163/2026/NĐ-CP"));

    let issuer = |one| templates(&TemplateQuery { issuer: Some(one), ..TemplateQuery::default() });
    assert_eq!(issuer(Issuer::CommunePolice).len(), 24);
    assert_eq!(issuer(Issuer::CommuneCommittee).len(), 5);
    assert!(issuer(Issuer::Citizen).contains(&"nd163-v-33".to_owned()));

    let of = |id| templates(&TemplateQuery { procedure: text(id), ..TemplateQuery::default() });
    assert!(of("D-C18").contains(&"nd163-v-36".to_owned()));
    assert!(!of("D-C18").contains(&"plan".to_owned()));

    let on = |day: &str| {
        let day = day.parse().ok();
        templates(&TemplateQuery { in_force_at: day, ..TemplateQuery::default() })
    };
    assert!(!on("2026-06-30").contains(&"nd163-v-36".to_owned()));
    assert!(on("2026-07-01").contains(&"nd163-v-36".to_owned()));

    let q = |words| templates(&TemplateQuery { q: text(words), ..TemplateQuery::default() });
    assert_eq!(q("NĐ 116 mẫu 29"), ["nd163-v-36"], "by the number of the form that it replaces");
    assert!(q("tom tat ly lich").contains(&"nd163-v-33".to_owned()));
    assert_eq!(q("không có mẫu nào như thế"), Vec::<String>::new());

    // Everything that is asked for must fit.
    let both = TemplateQuery {
        kind: text("quyet dinh"),
        procedure: text("D-U"),
        ..TemplateQuery::default()
    };
    let both = templates(&both);
    assert!(!both.is_empty() && both.len() < of("D-U").len());
}

#[test]
fn a_template_is_told_in_full() {
    let report = serde_json::to_value(REFERENCE.template("nd163-v-36").unwrap()).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["template"]["issuer"], "commune_police");
    assert_eq!(report["template"]["procedures"], serde_json::json!(["D-C12", "D-C18"]));
    assert_eq!(report["defects"][0]["id"], "v-36-1");
    let options: Vec<&str> = report["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(options, ["wording", "v-36-1", "v-36-2"]);
    assert!(report["checks"].as_array().unwrap().contains(&"BB01".into()));
    match REFERENCE.template("nd163-v-63").unwrap_err() {
        ReferenceError::Unknown { thing: Thing::Template, id, near } => {
            assert_eq!(id, "nd163-v-63");
            assert!(near.is_some());
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn samples_come_as_json_too() {
    for id in ["plan", "nd163-v-36", "cong-van"] {
        for full in [false, true] {
            let sample = REFERENCE.sample(id, full).unwrap();
            let schema = REFERENCE.catalog().template(id).unwrap().schema().unwrap();
            assert!(schema.is_valid(&sample), "{id}: {sample}");
        }
    }
}

#[test]
fn procedures_are_found_and_told() {
    let find = |query: &ProcedureQuery| -> Vec<String> {
        let list = REFERENCE.procedures(query).unwrap();
        list.procedures.iter().map(|one| one.id.to_owned()).collect()
    };
    assert_eq!(find(&ProcedureQuery::default()).len(), 11);
    let with = ProcedureQuery { template: text("nd163-v-36"), ..ProcedureQuery::default() };
    assert_eq!(find(&with), ["D-C12", "D-C18"]);
    let words = ProcedureQuery { q: text("tu du 18 tuoi"), ..ProcedureQuery::default() };
    assert!(find(&words).contains(&"D-C18".to_owned()));
    let before =
        ProcedureQuery { in_force_at: "2026-06-30".parse().ok(), ..ProcedureQuery::default() };
    assert_eq!(find(&before), Vec::<String>::new());

    let report = serde_json::to_value(REFERENCE.procedure("D-C18").unwrap()).unwrap();
    assert_eq!(report["procedure"]["paper"][0]["template"], "nd163-v-33");
    assert!(REFERENCE.procedure("D-C19").unwrap_err().message().en.contains("did you mean `D-C1"));
}

#[test]
fn every_code_is_told_in_both_languages() {
    for language in [Language::Vi, Language::En] {
        let list = REFERENCE.rules(language);
        let told: Vec<&str> =
            list.families.iter().flat_map(|family| &family.rules).map(|rule| rule.code).collect();
        let once: BTreeSet<&str> = told.iter().copied().collect();
        assert_eq!(told.len(), once.len(), "a code is told once");
        assert!(rules().iter().all(|rule| once.contains(&*rule.code)));
        let declared = REFERENCE.catalog().templates().flat_map(|one| one.checks());
        for check in declared {
            assert!(once.contains(&*check.rule.code), "{}", check.rule.code);
        }
        for code in told {
            let rule = REFERENCE.rule(code, language).unwrap().rule;
            assert!(!rule.message.is_empty(), "{code}");
        }
    }
    let message = |language| REFERENCE.rule("pg03", language).unwrap().rule.message;
    assert_ne!(message(Language::Vi), message(Language::En));
    assert!(matches!(
        REFERENCE.rule("PG99", Language::En).unwrap_err(),
        ReferenceError::Unknown { thing: Thing::Rule, near: Some(_), .. }
    ));
}

fn units(query: &UnitQuery) -> (usize, Vec<String>) {
    let list = REFERENCE.units(query).unwrap();
    (list.total, list.units.into_iter().map(|unit| unit.full_name).collect())
}

#[test]
fn units_are_found_and_bounded() {
    let any = UnitQuery { q: None, province: None, in_force_at: None, limit: Count::default() };
    let (total, listed) = units(&any);
    assert_eq!((total, listed.len()), (34, 20), "the provinces, the first of them");
    let (_, found) = units(&UnitQuery { q: text("dinh my, an giang"), ..any.clone() });
    assert_eq!(found, ["xã Định Mỹ"]);
    let (_, by_code) = units(&UnitQuery { q: text("30709"), ..any.clone() });
    assert_eq!(by_code, ["xã Định Mỹ"]);
    // A province by code, by name and by kind and name.
    let of = |province: &str| units(&UnitQuery { province: text(province), ..any.clone() });
    assert_eq!(of("79"), of("tp ho chi minh"));
    assert_eq!(of("79").0, of("Hồ Chí Minh").0);
    assert_eq!(of("79").1.len(), 20);
    for wrong in ["0", "101", "-1", "1.5", ""] {
        assert!(wrong.parse::<Count>().is_err(), "{wrong}");
    }
    let both = UnitQuery { q: text("tân"), province: text("an giang"), ..any.clone() };
    let list = REFERENCE.units(&both).unwrap();
    assert!(list.total > 0);
    for unit in &list.units {
        assert_eq!(unit.province.as_ref().unwrap().full_name, "tỉnh An Giang");
    }
    let wrong = UnitQuery { province: text("An Gian"), ..any };
    assert!(REFERENCE.units(&wrong).unwrap_err().message().en.contains("An Giang"));
}

/// Đồng Nai is a city since 30 April 2026.
#[test]
fn units_are_those_of_the_day() {
    let on = |day: &str| UnitQuery {
        q: text("75"),
        province: None,
        in_force_at: day.parse().ok(),
        limit: "1".parse().unwrap(),
    };
    assert_eq!(units(&on("2026-04-29")).1, ["tỉnh Đồng Nai"]);
    assert_eq!(units(&on("2026-04-30")).1, ["thành phố Đồng Nai"]);
    let before = REFERENCE.units(&on("2025-06-30"));
    assert!(matches!(before, Err(ReferenceError::Parameter { name: "in_force_at", .. })));
}

#[test]
fn laws_are_found_by_number_and_by_words() {
    let law = |number: &str| serde_json::to_value(REFERENCE.law(number).unwrap()).unwrap();
    let old = law("73/2021/QH14");
    assert_eq!(old, law("73-2021-QH14"));
    assert_eq!(old["law"]["state"], "ended");
    assert_eq!(old["law"]["to"], "2026-06-30");
    assert_eq!(old["law"]["replaced_by"][0], "120/2025/QH15");
    assert_eq!(
        old["law"]["citation"],
        "Luật Phòng, chống ma túy số 73/2021/QH14 ngày 30 tháng 3 năm 2021"
    );
    assert_eq!(
        law("30-2020-nd-cp")["law"]["citation"],
        "Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư"
    );
    // What is from memory says so, and its title is not cited.
    let unsure = &law("84/2025/QH15")["law"];
    assert_eq!((&unsure["confidence"], &unsure["title_is"]), (&"memory".into(), &"unsure".into()));
    assert!(unsure["citation"].as_str().unwrap().starts_with("Luật số 84/2025/QH15 ngày "));
    assert!(matches!(
        REFERENCE.law("163/2027/NĐ-CP"),
        Err(ReferenceError::Unknown { thing: Thing::Law, near: Some(_), .. })
    ));

    let query = |q: &str| LawQuery { q: text(q), in_force_at: None, limit: Count::default() };
    let found = |query: &LawQuery| -> Vec<String> {
        REFERENCE.laws(query).laws.iter().map(|law| law.id.to_owned()).collect()
    };
    assert!(found(&query("luat phong chong ma tuy")).contains(&"120/2025/QH15".to_owned()));
    let then =
        LawQuery { in_force_at: "2025-01-01".parse().ok(), ..query("luat phong chong ma tuy") };
    assert!(found(&then).contains(&"73/2021/QH14".to_owned()));
    assert!(!found(&then).contains(&"120/2025/QH15".to_owned()));
    let all = REFERENCE.laws(&query(""));
    assert_eq!((all.total, all.laws.len()), (247, 20));
}

/// What papers no longer cite has ended in the register too, and the laws of templates
/// and procedures stand in it.
#[test]
fn the_register_of_laws_agrees_with_the_templates() {
    let laws = vanban::catalog::Laws::all();
    let catalog = REFERENCE.catalog();
    let templates = catalog.templates().flat_map(|one| {
        let old = one.manifest.replaces.iter().map(|form| &form.law);
        old.chain([&one.manifest.source.law]).map(|law| (law.clone(), one.manifest.in_force.from))
    });
    let procedures =
        catalog.procedures().map(|one| (one.law.clone(), one.in_force.from)).collect::<Vec<_>>();
    let mut seen = 0;
    for (number, from) in templates.chain(procedures).filter(|(law, _)| law.contains("/20")) {
        let law = laws.by_number(&number).unwrap_or_else(|| panic!("`{number}` is not registered"));
        assert!(law.from.is_none_or(|first| from.is_none_or(|day| first <= day)), "{number}");
        seen += 1;
    }
    assert!(seen > 100, "only {seen} were compared");
}

#[test]
fn versions_name_the_data() {
    let version = REFERENCE.version();
    assert_eq!(version.program, env!("CARGO_PKG_VERSION"));
    let names: Vec<&str> = version.data.iter().map(|one| one.name.as_str()).collect();
    for name in ["laws", "units", "agencies", "holidays", "rules"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("README")), "{names:?}");
}
