//! Procedures as data: what each asks for agrees with the templates and with the case
//! model.

use std::collections::BTreeSet;
use std::fs;

use rstest::rstest;
use serde_json::Value;
use vanban::catalog::{Basis, Catalog, Need, Procedure, paths};
use vanban::content::Conditions;

use super::support::repository;

const ALL: [&str; 11] = [
    "D-ADMISSION",
    "D-C12",
    "D-C18",
    "D-CUSTODY",
    "D-FACILITY",
    "D-P",
    "D-PROPOSAL",
    "D-U",
    "D-U-NOTICE",
    "D-V",
    "D-V-RECEPTION",
];

fn procedure(id: &str) -> &'static Procedure {
    static CATALOG: std::sync::LazyLock<std::sync::Arc<Catalog>> =
        std::sync::LazyLock::new(Catalog::builtin);
    CATALOG.procedure(id).unwrap_or_else(|| panic!("{id}: {:#?}", CATALOG.procedure_faults()))
}

#[test]
fn every_built_in_procedure_can_be_used() {
    let catalog = Catalog::builtin();
    assert_eq!(catalog.procedure_faults(), []);
    let ids: Vec<&str> = catalog.procedures().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ALL);
    let schema = catalog.case_schema().unwrap();
    for procedure in catalog.procedures() {
        if let Err(faults) = Conditions::new(procedure, schema) {
            panic!("{faults:#?}");
        }
    }
    let named = schema.describe("/procedure").unwrap()["examples"].as_array().unwrap();
    let named: BTreeSet<&str> = named.iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(named, BTreeSet::from(ALL), "the case model names every procedure");
}

/// Whoever reads the list of papers looks the clause up.
#[test]
fn every_entry_names_a_clause_of_a_law() {
    for id in ALL {
        let procedure = procedure(id);
        let papers = procedure.papers.iter().map(|paper| &paper.clause);
        let sets = procedure.sets.iter().map(|set| &set.clause);
        let limits = procedure.limits.iter().map(|limit| &limit.clause);
        for clause in papers.chain(sets).chain(limits).chain([&procedure.clause]) {
            let law = clause.starts_with("Nghị định 163/2026/NĐ-CP, Điều ")
                || clause.starts_with("Luật Phòng, chống ma túy số 120/2025/QH15, Điều ");
            assert!(law, "{id}: {clause}");
        }
        assert!(procedure.sets.iter().any(|set| set.mark == "BẢN GỐC"), "{id}: an original");
    }
}

/// The items of the decree, in its order: the papers that it does not leave to chance.
#[rstest]
#[case("D-U", "a b1 b2 c1 c2 đ")]
#[case("D-U-NOTICE", " a b1 c")]
#[case("D-V", "a b c d đ    ")]
#[case("D-C18", "a b c d 2b ")]
#[case("D-C12", "a b c d đ g 2b ")]
#[case("D-CUSTODY", "a b ")]
#[case("D-ADMISSION", "a1 a2 b ")]
#[case("D-P", "1 2 3")]
fn required_papers_stand_in_the_order_of_the_article(#[case] id: &str, #[case] items: &str) {
    let of_itself = |paper: &&vanban::catalog::Paper| {
        paper.need == Need::Required && paper.instead_of.is_empty()
    };
    let papers = procedure(id).papers.iter().filter(of_itself);
    let found: Vec<&str> = papers.map(|paper| paper.item.as_str()).collect();
    assert_eq!(found.join(" "), items);
}

/// A paper that the law knows under a form is made with that form.
#[rstest]
#[case("D-C18", "summary", "nd163-v-33")]
#[case("D-C18", "violation-minutes", "nd163-v-34")]
#[case("D-C18", "substitution-confirmation", "nd163-v-35")]
#[case("D-C18", "court-request", "nd163-v-36")]
#[case("D-C12", "statement", "nd163-v-38")]
#[case("D-C12", "opinion", "nd163-v-39")]
#[case("D-C12", "statement-refusal", "nd163-v-40")]
#[case("D-C12", "testimony", "nd163-v-58")]
#[case("D-V", "application", "nd163-v-20")]
#[case("D-CUSTODY", "hand-over-minutes", "nd163-v-31")]
#[case("D-ADMISSION", "hand-over-minutes", "nd163-v-42")]
#[case("D-PROPOSAL", "proposal", "nd163-v-52")]
fn papers_are_made_with_their_forms(#[case] id: &str, #[case] key: &str, #[case] template: &str) {
    assert_eq!(procedure(id).paper(key).unwrap().template.as_deref(), Some(template));
}

#[test]
fn a_court_file_has_its_sets() {
    let marks = |id: &str| {
        let sets = procedure(id).sets.iter();
        sets.map(|set| (set.id.as_str(), set.mark.as_str(), set.basis)).collect::<Vec<_>>()
    };
    let adults = [
        ("court", "BẢN GỐC", Basis::Law),
        ("police", "BẢN SAO", Basis::Law),
        ("notice", "BẢN SAO", Basis::Law),
    ];
    assert_eq!(marks("D-C18"), adults);
    assert_eq!(marks("D-C12")[..3], adults);
    assert_eq!(marks("D-C12")[3], ("guardian", "BẢN SAO", Basis::Inferred));
    let notice = procedure("D-C18").set("notice").unwrap();
    assert!(notice.without.contains(&"notice".to_owned()), "the copy goes with the notice");
}

/// Every event is of use: some limit is counted from it or done by it.
#[test]
fn every_event_of_the_case_is_used() {
    let catalog = Catalog::builtin();
    let schema = catalog.case_schema().unwrap();
    let used: BTreeSet<&str> = catalog
        .procedures()
        .flat_map(|one| &one.limits)
        .flat_map(|limit| limit.starts.iter().chain(&limit.done))
        .map(String::as_str)
        .collect();
    let idle: Vec<&str> = schema.keys("/events").filter(|key| !used.contains(key)).collect();
    assert!(idle.is_empty(), "{idle:?}");
    for key in schema.keys("/events") {
        let title = schema.describe(&format!("/events/{key}")).unwrap();
        assert!(schema.keyword(title, "title").is_some_and(Value::is_string), "{key}");
    }
}

#[test]
fn conditions_name_values_of_a_case() {
    let mut conditions = 0;
    for id in ALL {
        for (name, expression) in procedure(id).conditions() {
            assert!(!paths(expression).is_empty(), "{id}: {name} looks at nothing");
            conditions += 1;
        }
    }
    assert!(conditions > 20, "only {conditions}");
}

/// The file of an office's own procedure, up to its first paper.
const OWN_HEAD: &str = "procedure = 1\nid = \"D-OWN\"\ntitle = \"Hồ sơ riêng\"\n\
    title_en = \"Own\"\nlaw = \"163/2026/NĐ-CP\"\nclause = \"Điều 59\"\n";
/// Its first paper.
const OWN_PAPER: &str = "[in_force]\nfrom = \"2026-07-01\"\n[[paper]]\nkey = \"letter\"\n\
    title = \"Thư\"\ntitle_en = \"Letter\"\nsigner = \"ai đó\"\nsigner_en = \"somebody\"\n\
    clause = \"Điều 59\"\n";

/// A procedure that is an office's own stands beside the built-in ones; one that cannot
/// be used is told with its place and leaves the others alone.
#[rstest]
#[case("", None)]
#[case("papier = 1\n", Some("unknown field"))]
#[case("procedure = 2\n", Some("version"))]
#[case("template = \"nd163-v-99\"\n", Some("there is no template `nd163-v-99`"))]
#[case("instead_of = [\"cover\"]\n", Some("no paper has the key `cover`"))]
#[case("key = \"Cover\"\n", Some("small letters"))]
#[case("when = \"data.date\"\n", Some("needs `unless`"))]
fn an_office_may_add_its_own(#[case] slip: &str, #[case] told: Option<&str>) {
    let (head, paper) = (OWN_HEAD, OWN_PAPER);
    let (head, paper) = match slip.split(" = ").next().unwrap() {
        "procedure" => (head.replace("procedure = 1\n", slip), paper.to_owned()),
        "key" => (head.to_owned(), paper.replace("key = \"letter\"\n", slip)),
        "papier" => (format!("{slip}{head}"), paper.to_owned()),
        _ => (head.to_owned(), format!("{paper}{slip}")),
    };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("_procedures")).unwrap();
    fs::write(folder.path().join("_procedures/own.toml"), format!("{head}{paper}")).unwrap();
    let catalog = Catalog::with_folder(folder.path()).unwrap();
    assert!(catalog.procedure("D-C18").is_some());
    match told {
        None => {
            assert_eq!(catalog.procedure_faults(), []);
            let own = catalog.procedure("D-OWN").unwrap();
            assert_eq!(own.clause, "Nghị định 163/2026/NĐ-CP, Điều 59");
        }
        Some(told) => {
            assert!(catalog.procedure("D-OWN").is_none());
            let [fault] = catalog.procedure_faults() else { panic!("{slip}") };
            assert!(fault.message.en.contains(told), "{}", fault.message.en);
            assert_eq!(fault.place.as_ref().unwrap().source.name(), "_procedures/own.toml");
        }
    }
}

/// What only the case model tells: an expression and the names of moments.
#[rstest]
#[case(
    "[[limit]]\nid = \"a\"\ntitle = \"Làm\"\ntitle_en = \"Do\"\nclock = \"hours\"\nlength = 2\nstarts = [\"violation_fond\"]\nclause = \"Điều 59\"\n",
    "violation_fond"
)]
#[case("when = \"data.subject.residence.stabel\"\nunless = \"x\"\nunless_en = \"x\"\n", "stabel")]
#[case("when = \"data.date and\"\nunless = \"x\"\nunless_en = \"x\"\n", "paper letter")]
fn slips_that_the_case_model_shows_have_their_place(#[case] more: &str, #[case] told: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("_procedures")).unwrap();
    let text = format!("{OWN_HEAD}{OWN_PAPER}{more}");
    fs::write(folder.path().join("_procedures/own.toml"), text).unwrap();
    let catalog = Catalog::with_folder(folder.path()).unwrap();
    assert_eq!(catalog.procedure_faults(), []);
    let own = catalog.procedure("D-OWN").unwrap();
    let faults = Conditions::new(own, catalog.case_schema().unwrap()).unwrap_err();
    let [fault] = faults.as_slice() else { panic!("{faults:#?}") };
    assert!(fault.message.en.contains(told), "{}", fault.message.en);
    assert!(fault.place.as_ref().unwrap().start().line > 9, "{fault:#?}");
}

#[test]
fn two_files_cannot_hold_one_procedure() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("_procedures")).unwrap();
    for name in ["a", "b"] {
        let path = folder.path().join(format!("_procedures/own-{name}.toml"));
        fs::write(path, format!("{OWN_HEAD}{OWN_PAPER}")).unwrap();
    }
    let catalog = Catalog::with_folder(folder.path()).unwrap();
    let [fault] = catalog.procedure_faults() else { panic!("one fault") };
    assert!(fault.message.en.contains("another file has the procedure `D-OWN` too"));
    assert!(catalog.procedure("D-OWN").is_some());
}

/// What the data files of procedures cannot say is said in comments: products that are
/// not there yet. Where one is, the procedure must name it.
#[test]
fn planned_products_come_from_outside_until_they_are_there() {
    for entry in fs::read_dir(repository("templates/_procedures")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for block in text.split("# product: ").skip(1) {
            let paper = block.split("\n\n").next().unwrap();
            assert!(!paper.contains("\ntemplate = "), "{}: {paper}", path.display());
        }
    }
}
