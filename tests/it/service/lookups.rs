//! What the service tells of templates, procedures, rules, units, laws and of itself.

use serde_json::Value;
use vanban::web::Kind;

use super::{Answer, Service};
use crate::support::{RENDERER, browser, vanban};

/// The answer in English.
fn english(service: &Service, path: &str) -> Answer {
    service.send("GET", path, &[("accept-language", "en")], b"")
}

/// The texts at a key of the entries of a list.
fn texts<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[test]
fn templates_are_listed_and_told() {
    let service = Service::start();
    let all = service.get("/api/v1/templates");
    assert_eq!((all.status, all.header("content-type")), (200, "application/json"));
    let all = all.json();
    let ids = texts(&all["templates"], "id");
    assert_eq!(all["total"], ids.len());
    let known: Vec<&str> =
        RENDERER.catalog().templates().map(|one| one.manifest.id.as_str()).collect();
    assert_eq!(ids, known);

    let some = "/api/v1/templates?procedure=D-C18&issuer=commune_police&in_force_at=2026-07-01";
    let some = service.get(some).json();
    assert!(texts(&some["templates"], "id").contains(&"nd163-v-36"), "{some}");
    let words = service.get("/api/v1/templates?q=t%C3%B3m+TAT+ly%20lich").json();
    assert!(texts(&words["templates"], "id").contains(&"nd163-v-33"), "{words}");

    let one = service.get("/api/v1/templates/nd163-v-36").json();
    assert_eq!(one["template"]["digest"], {
        let template = RENDERER.catalog().template("nd163-v-36").unwrap();
        template.digest(RENDERER.catalog().assets()).unwrap().to_string()
    });
    assert_eq!(one["defects"][0]["id"], "v-36-1");

    for (path, told) in [
        ("?kinds=KH", "did you mean `kind`?"),
        ("?kind=KHX", "there is no kind"),
        ("?issuer=police", "commune_police"),
        ("?procedure=D-C17", "did you mean `D-C1"),
        ("?in_force_at=2026-02-30", "must be a day"),
        ("?q=a&q=b", "several times"),
    ] {
        let problem = english(&service, &format!("/api/v1/templates{path}"));
        let problem = problem.problem(400, "bad-parameter");
        assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
    }
    let long = format!("/api/v1/templates?q={}", "a".repeat(201));
    service.get(&long).problem(400, "bad-parameter");
    let vietnamese = service.get("/api/v1/templates/nd163-v-63").problem(404, "unknown-template");
    assert!(vietnamese["detail"].as_str().unwrap().contains("có phải"), "{vietnamese}");
    for path in ["..%2F..%2Fetc%2Fpasswd", "%2e%2e", "nd163-v-36%00", "%F0%9F%92%A9"] {
        service.get(&format!("/api/v1/templates/{path}")).problem(404, "unknown-template");
    }
    service.get("/api/v1/templates/%FF").problem(400, "malformed-request");
}

#[test]
fn who_has_an_answer_is_not_sent_it_again() {
    let service = Service::start();
    for path in [
        "/api/v1/templates",
        "/api/v1/templates/plan/schema",
        "/api/v1/procedures",
        "/api/v1/rules",
        "/api/v1/units?q=hue",
        "/api/v1/laws/30-2020-nd-cp",
        "/openapi.json",
        "/docs",
        "/problems/findings",
        "/version",
    ] {
        let first = service.get(path);
        assert_eq!(first.status, 200, "{path}: {}", first.text());
        assert!(first.header("cache-control").starts_with("private, "), "{path}");
        let tag = first.header("etag");
        assert!(tag.starts_with('"') && tag.len() == 66, "{path}: {tag}");
        assert_eq!(service.get(path).header("etag"), tag, "{path}");
        let again = service.send("GET", path, &[("if-none-match", tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), tag, "{path}");
        let other = service.send("GET", path, &[("if-none-match", "\"other\"")], b"");
        assert_eq!((other.status, other.body), (200, first.body), "{path}");
    }
    // Words in another language are another answer.
    let (vi, en) = (service.get("/api/v1/rules/NN03"), english(&service, "/api/v1/rules/NN03"));
    assert_ne!(vi.header("etag"), en.header("etag"));
    assert!(vi.header("vary").contains("Accept-Language"));
}

#[test]
fn schemas_and_samples_are_those_of_the_command_line() {
    let service = Service::start();
    let printed = |arguments: &[&str]| vanban().args(arguments).output().unwrap().stdout;
    for id in ["plan", "nd163-v-36", "cong-van", "plan-extract"] {
        let schema = service.get(&format!("/api/v1/templates/{id}/schema"));
        assert_eq!(schema.header("content-type"), "application/schema+json");
        let told: Value = serde_json::from_slice(&printed(&["schema", id])).unwrap();
        assert_eq!(schema.json(), told);
        let sample = service.get(&format!("/api/v1/templates/{id}/sample"));
        assert_eq!(sample.header("content-type"), "application/yaml; charset=utf-8");
        assert_eq!(sample.body, printed(&["sample", id]));
        let path = format!("/api/v1/templates/{id}/sample?name=full");
        assert_eq!(service.get(&path).body, printed(&["sample", id, "--full"]));
        let json = service.send("GET", &path, &[("accept", "application/json")], b"");
        assert_eq!(json.header("content-type"), "application/json");
        assert_eq!(service.get(&format!("{path}&format=json")).body, json.body);
        // A sample in JSON can be sent back.
        let check = service.post_json(&format!("/api/v1/check/{id}"), &json.text());
        assert_eq!(check.json()["valid"], true, "{id}: {}", check.text());
    }
    let path = "/api/v1/templates/plan/sample";
    service.send("GET", path, &[("accept", "text/csv")], b"").problem(406, "not-acceptable");
    service.get(&format!("{path}?format=toml")).problem(400, "bad-parameter");
    service.get(&format!("{path}?name=large")).problem(400, "bad-parameter");
}

#[test]
fn a_preview_is_the_first_page_of_the_sample() {
    let service = Service::start();
    let preview = service.get("/api/v1/templates/nd163-v-36/preview.png");
    assert_eq!((preview.status, preview.header("content-type")), (200, "image/png"));
    let sample = service.get("/api/v1/templates/nd163-v-36/sample?name=full").text();
    let page = "/api/v1/documents/nd163-v-36?format=png&page=1";
    assert_eq!(service.post_yaml(page, &sample).body, preview.body);
    let again = service.get("/api/v1/templates/nd163-v-36/preview.png");
    assert_eq!(again.body, preview.body);
    service.get("/api/v1/templates/nothing/preview.png").problem(404, "unknown-template");
}

/// Also of templates that make several documents of one plan, and of each layout.
#[test]
fn templates_of_every_sort_have_a_preview() {
    let service = Service::start();
    let derived = RENDERER.catalog().templates().filter(|one| one.manifest.derives_from.is_some());
    let derived = derived.map(|one| one.manifest.id.clone());
    let others =
        ["cong-van", "product-ho-so-danh-muc", "product-cam-ket-khong-trong", "nd163-iii-10"];
    let mut pages = std::collections::BTreeSet::new();
    for id in derived.chain(others.map(str::to_owned)) {
        let preview = service.get(&format!("/api/v1/templates/{id}/preview.png"));
        assert_eq!(preview.status, 200, "{id}: {}", preview.text());
        assert!(preview.body.starts_with(b"\x89PNG"), "{id}");
        assert!(pages.insert(preview.header("etag").to_owned()), "{id} looks like another");
    }
    assert!(pages.len() > 8, "only {} were made", pages.len());
}

#[test]
fn procedures_rules_units_and_laws_are_told() {
    let service = Service::start();
    let procedures = service.get("/api/v1/procedures?template=nd163-v-36").json();
    assert_eq!(texts(&procedures["procedures"], "id"), ["D-C12", "D-C18"]);
    let one = service.get("/api/v1/procedures/D-C18").json();
    assert_eq!(one["procedure"]["paper"][0]["template"], "nd163-v-33");
    service.get("/api/v1/procedures/D-C17").problem(404, "unknown-procedure");

    let rules = english(&service, "/api/v1/rules").json();
    let families = texts(&rules["families"], "family");
    assert!(families.contains(&"NN") && families.contains(&"BB"), "{families:?}");
    let told: Value = serde_json::from_slice(
        &vanban().args(["explain", "NN03", "--json", "--lang", "en"]).output().unwrap().stdout,
    )
    .unwrap();
    assert_eq!(english(&service, "/api/v1/rules/nn03").json(), told);
    service.get("/api/v1/rules/NN99").problem(404, "unknown-entry");

    let units = service.get("/api/v1/units?q=dinh+my,+an+giang").json();
    assert_eq!(texts(&units["units"], "full_name"), ["xã Định Mỹ"]);
    let units = service.get("/api/v1/units?province=91&limit=3").json();
    assert_eq!(units["units"].as_array().unwrap().len(), 3);
    for wrong in ["limit=0", "limit=101", "limit=x", "province=Nowhere", "in_force_at=2025-06-30"] {
        service.get(&format!("/api/v1/units?{wrong}")).problem(400, "bad-parameter");
    }

    let law = service.get("/api/v1/laws/73%2F2021%2FQH14");
    assert_eq!(law.json()["law"]["state"], "ended");
    for id in ["73-2021-QH14", "73-2021-qh14", "73%2f2021%2fqh14"] {
        assert_eq!(service.get(&format!("/api/v1/laws/{id}")).body, law.body, "{id}");
    }
    let problem = english(&service, "/api/v1/laws/163-2027-nd-cp").problem(404, "unknown-entry");
    assert!(problem["detail"].as_str().unwrap().contains("did you mean `163/2026/NĐ-CP`?"));
    let laws = service.get("/api/v1/laws?q=phong+chong+ma+tuy&in_force_at=2026-07-01&limit=100");
    let laws = laws.json();
    let ids = texts(&laws["laws"], "id");
    assert!(ids.contains(&"120/2025/QH15") && !ids.contains(&"73/2021/QH14"), "{ids:?}");
}

#[test]
fn every_kind_of_problem_is_explained_at_its_address() {
    let service = Service::start();
    let list = service.get("/problems").json();
    assert_eq!(list["problems"].as_array().unwrap().len(), Kind::ALL.len());
    for kind in Kind::ALL {
        let told = service.get(&kind.path());
        assert_eq!(told.status, 200, "{}", kind.id);
        let told = told.json();
        assert_eq!((&told["type"], &told["status"]), (&kind.path().into(), &kind.status.into()));
        assert_eq!(told["title"]["en"], kind.en);
    }
    let accept = [("accept", "text/html"), ("accept-language", "en")];
    let page = service.send("GET", "/problems/queue-full", &accept, b"");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains("<h1>the queue is full (429)</h1>"), "{}", page.text());
    assert!(page.text().contains("<section lang=\"vi\">"));
    service.get("/problems/none").problem(404, "unknown-entry");
}

#[test]
fn the_version_names_program_and_data() {
    let service = Service::start();
    let version = service.get("/version").json();
    assert_eq!(version["program"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version["templates"], RENDERER.catalog().templates().count());
    assert!(texts(&version["data"], "name").contains(&"laws"));
}

/// The page is read in a browser that reaches nothing but this service.
#[test]
fn the_documentation_works_offline_under_a_strict_policy() {
    let service = Service::start();
    let page = service.get("/docs");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let text = page.text();
    let parts: Vec<&str> = text.split('"').filter(|part| part.starts_with("/docs/")).collect();
    assert!(parts.len() > 4, "{text}");
    for part in parts {
        let served = service.get(part);
        assert_eq!(served.status, 200, "{part}");
        assert!(!served.body.is_empty(), "{part}");
    }
    for part in ["index.html", "oauth2-redirect.html", "..%2FCargo.toml", "swagger-ui.css.map"] {
        service.get(&format!("/docs/{part}")).problem(404, "not-found");
    }
    let seen = browser::visited(&service.url("/docs"));
    for shown in ["Lists templates", "/api/v1/documents/{template}", "opblock-summary"] {
        assert!(seen.contains(shown), "the page does not show `{shown}`: {seen}");
    }
}
