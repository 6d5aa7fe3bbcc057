//! The words that forms take from what the data means: kinds of units, capitals.

use std::fs;

use serde_json::Value;
use vanban::catalog::{Catalog, FontSet, Template};
use vanban::pipeline::{Emit, Input, Renderer};

use super::support::{RENDERER, repository};

fn forms() -> impl Iterator<Item = &'static Template> {
    let templates = RENDERER.catalog().templates().map(AsRef::as_ref);
    templates.filter(|one: &&Template| one.manifest.id.starts_with("nd163-"))
}

/// An example case without what it says of agencies itself.
fn case(name: &str) -> String {
    let text = fs::read_to_string(repository(&format!("examples/case/{name}.yaml"))).unwrap();
    let mut case = vanban::input::read("case.yaml", text.as_bytes()).unwrap().1.to_json();
    let object = case.as_object_mut().unwrap();
    assert!(object.remove("profile").is_some());
    // Papers whose agency the case names are of facilities and others.
    Value::Object(object.clone()).to_string()
}

fn with_profile(name: &str) -> Renderer {
    let profile = fs::read(repository(&format!("examples/profile/{name}.yaml"))).unwrap();
    let renderer = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    renderer.with_profile(name, &profile)
}

fn text(renderer: &Renderer, form: &str, data: &str) -> String {
    let input = Input { template: Some(form), ..Input::new("case.yaml", data.as_bytes()) };
    let composed = renderer.compose(&input);
    let composed = composed.unwrap_or_else(|findings| panic!("{form}: {findings:#?}"));
    renderer.emit(&composed, Emit::Text).unwrap()
}

/// A ward and a special zone are not called communes on papers of the police and of the
/// people's committee.
#[test]
fn papers_call_a_unit_what_it_is() {
    let data = case("nguoi-thanh-nien-co-noi-cu-tru");
    let expected = [
        (
            "phuong-vi-du",
            "xã Ví Dụ",
            [
                ("nd163-v-36", "CÔNG AN THÀNH PHỐ THỬ NGHIỆM\nCÔNG AN PHƯỜNG VÍ DỤ\n"),
                ("nd163-v-36", "Lưu: VT, PCMT"),
                ("nd163-iii-04", "TRƯỞNG CÔNG AN PHƯỜNG VÍ DỤ"),
                ("nd163-i-02", "TRƯỞNG CÔNG AN PHƯỜNG VÍ DỤ"),
                ("nd163-v-22", "/QĐ-CAP\n"),
                (
                    "nd163-v-53",
                    "ỦY BAN NHÂN DÂN THÀNH PHỐ THỬ NGHIỆM\nỦY BAN NHÂN DÂN PHƯỜNG VÍ DỤ\n",
                ),
                ("nd163-v-53", "CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG VÍ DỤ"),
                ("nd163-v-53", "Theo đề nghị của Trưởng Công an phường Ví Dụ"),
                ("nd163-v-53", "Ví Dụ, ngày 11 tháng 8 năm 2028"),
                ("nd163-v-53", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"),
            ],
        ),
        (
            "dac-khu-thi-du",
            "xã Thí Dụ",
            [
                ("nd163-v-36", "CÔNG AN TỈNH MINH HỌA\nCÔNG AN ĐẶC KHU THÍ DỤ\n"),
                ("nd163-v-36", "Công an đặc khu Thí Dụ đề nghị"),
                ("nd163-iii-04", "TRƯỞNG CÔNG AN ĐẶC KHU THÍ DỤ"),
                ("nd163-i-02", "TRƯỞNG CÔNG AN ĐẶC KHU THÍ DỤ"),
                ("nd163-v-22", "/QĐ-CAĐK\n"),
                ("nd163-v-53", "ỦY BAN NHÂN DÂN TỈNH MINH HỌA\nỦY BAN NHÂN DÂN ĐẶC KHU THÍ DỤ\n"),
                ("nd163-v-53", "CHỦ TỊCH ỦY BAN NHÂN DÂN ĐẶC KHU THÍ DỤ"),
                ("nd163-v-53", "Theo đề nghị của Trưởng Công an đặc khu Thí Dụ"),
                ("nd163-v-55", "ỦY BAN NHÂN DÂN ĐẶC KHU THÍ DỤ\n"),
                ("nd163-v-56", "ỦY BAN NHÂN DÂN ĐẶC KHU THÍ DỤ\n"),
            ],
        ),
    ];
    for (profile, wrong, words) in expected {
        let renderer = with_profile(profile);
        for (form, words) in words {
            let text = text(&renderer, form, &data);
            assert!(text.contains(words), "{profile}, {form}: no `{words}` in\n{text}");
        }
        for form in forms() {
            let Ok(composed) = renderer.compose(&Input {
                template: Some(&form.manifest.id),
                ..Input::new("case.yaml", data.as_bytes())
            }) else {
                continue;
            };
            let text = renderer.emit(&composed, Emit::Text).unwrap();
            let lower = text.to_lowercase();
            assert!(!lower.contains(&wrong.to_lowercase()), "{profile}, {}", form.manifest.id);
        }
    }
}

/// Where the gazette says `(viết in hoa)`, the name is in capitals.
#[test]
fn names_are_in_capitals_where_the_form_asks_for_it() {
    let data = case("nguoi-thanh-nien-co-noi-cu-tru");
    let renderer = with_profile("dinh-my");
    let mut fields = 0;
    for form in forms() {
        let id = &form.manifest.id;
        let path = format!("tests/suite/gazette/{}.txt", id.trim_start_matches("nd163-"));
        let gazette = fs::read_to_string(repository(&path)).unwrap();
        let asks = |text: &str| text.matches("in hoa)").count();
        if asks(&gazette) == 0 {
            continue;
        }
        let text = text(&renderer, id, &data);
        assert_eq!(asks(&text), asks(&gazette), "{id}");
        for line in text.lines().filter(|line| line.contains("in hoa)")) {
            let (_, value) = line.split_once("in hoa)").unwrap();
            let name = value.trim_start_matches(':').split(';').next().unwrap().trim();
            assert!(!name.is_empty() && !name.contains('…'), "{id}: {line}");
            assert_eq!(name, name.to_uppercase(), "{id}: {line}");
            fields += 1;
        }
    }
    assert!(fields > 20, "{fields}");
}
