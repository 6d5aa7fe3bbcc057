//! Boxes 7c, 8 and 14: images of signature and seal, and where a document is
//! signed.

use std::fs;

use serde_json::{Value, json};
use vanban::app::Folder;
use vanban::base::SourceText;
use vanban::block::Images;
use vanban::catalog::{Catalog, FontSet};
use vanban::content;
use vanban::output::pdf::{Fonts, Press, View};
use vanban::pipeline::{Composed, Emit, Format, Input};

use super::expect::Role;
use super::measure::MM;
use super::word::opened;
use super::{plan, sheet};
use crate::support::pdf::Pdf;
use crate::support::{RENDERER, repository};

/// An electronic plan with images of the suite.
fn sealed(diameter: f64) -> Value {
    let mut data = plan();
    data["medium"] = "electronic".into();
    data["signature"]["image"] = "images/signature.png".into();
    data["signature"]["seal"] = json!({ "image": "images/seal.png", "diameter": diameter });
    data
}

/// The folder of the images.
fn folder() -> Folder {
    Folder::of(&repository("tests/suite/findings/plan.yaml"))
}

fn composed(data: &Value) -> Composed {
    let (text, files) = (data.to_string(), folder());
    RENDERER.compose(&Input::new("plan.json", text.as_bytes()).with_files(&files)).unwrap()
}

fn pdf(data: &Value) -> Pdf {
    Pdf::new(&RENDERER.write(&composed(data), Format::Pdf).unwrap())
}

/// The signing places of a document.
fn places(data: &Value) -> Vec<Value> {
    let (text, files) = (data.to_string(), folder());
    let input = Input::new("plan.json", text.as_bytes()).with_files(&files);
    let composed = RENDERER.compose(&input).unwrap();
    let places = RENDERER.emit(&composed, Emit::Places).unwrap();
    let places: Value = serde_json::from_str(&places).unwrap();
    assert_eq!(places["version"], 1);
    places["places"].as_array().unwrap().clone()
}

fn of_role<'a>(places: &'a [Value], role: &str) -> Vec<&'a Value> {
    places.iter().filter(|place| place["role"] == role).collect()
}

/// A box in millimetres.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn of(place: &Value) -> Self {
        let part = |key: &str| place["rectangle"][key].as_f64().unwrap();
        let (left, top) = (part("x"), part("y"));
        Self { left, top, right: left + part("width"), bottom: top + part("height") }
    }

    fn width(self) -> f64 {
        self.right - self.left
    }

    fn height(self) -> f64 {
        self.bottom - self.top
    }
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} ± {tolerance} mm");
}

#[test]
fn the_place_of_the_signer_is_the_room_between_title_and_name() {
    for (key, value) in [("title", "Chủ tịch"), ("other_title", "Trưởng ban Chỉ đạo")] {
        let mut data = plan();
        data["signature"][key] = value.into();
        let (sheet, places) = (sheet(&data), places(&data));
        let place = of_role(&places, "signature")[0];
        let area = Area::of(place);
        let above = *sheet.lines(Role::Authority).last().unwrap();
        let name = sheet.line(Role::SignerName);
        let below = *sheet.lines(Role::OtherTitle).first().unwrap_or(&name);
        assert_eq!(place["page"], name.page + 1);
        near(area.top, above.runs[0].bottom() / MM, 0.3);
        near(area.bottom, below.runs[0].top() / MM, 0.3);
        near(f64::midpoint(area.left, area.right), name.centre() / MM, 0.3);
        assert_eq!(place["title"], json!(["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]));
        assert_eq!(place["name"], "Nguyễn Văn Mẫu");
        assert_eq!(of_role(&places, "agency").len(), 1);
    }
}

/// Top right of the first page, in the margin, clear of the marks that stand there.
#[test]
fn the_place_of_a_copy_is_free() {
    let mut data = plan();
    for marks in [json!({}), json!({ "circulation": "LƯU HÀNH NỘI BỘ" })] {
        data["marks"] = marks.clone();
        let places = places(&data);
        let copy = of_role(&places, "copy");
        assert_eq!((copy.len(), &copy[0]["page"]), (1, &json!(1)));
        assert_eq!((copy[0].get("title"), copy[0].get("name")), (None, None));
        let area = Area::of(copy[0]);
        near(area.right, 190.0, 0.05);
        assert!(area.left > 105.0 && area.bottom < 20.0 && area.height() > 4.0, "{area:?}");
        let page = &sheet(&data).pages[0];
        let inside = |top: f64, bottom: f64| bottom / MM > area.top && top / MM < area.bottom;
        let runs = page.runs.iter().filter(|run| inside(run.top() + 1.0, run.bottom() - 1.0));
        assert_eq!(runs.count(), 0, "{marks}");
        let rules = page.rules.iter().filter(|rule| inside(rule.top, rule.bottom));
        assert_eq!(rules.count(), 0, "{marks}");
    }
}

/// The boxes around what is red and what is blue on a page, seen at ten pixels to
/// the millimetre.
fn red_and_blue(pdf: &Pdf) -> [Area; 2] {
    let target = pdf.folder().join("page");
    let target = target.to_str().unwrap();
    let options = ["-png", "-r", "254", "-singlefile", "-f", "1"];
    pdf.ask("pdftoppm", &options, &[target]);
    let file = std::io::BufReader::new(fs::File::open(format!("{target}.png")).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let width = reader.next_frame(&mut pixels).unwrap().width as usize;
    let nothing = Area { left: f64::MAX, top: f64::MAX, right: 0.0, bottom: 0.0 };
    let mut areas = [nothing; 2];
    for (at, pixel) in pixels.chunks_exact(3).enumerate() {
        let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(i32::from);
        let area = match red - blue {
            80.. if red - green > 80 => &mut areas[0],
            ..=-80 => &mut areas[1],
            _ => continue,
        };
        #[expect(clippy::cast_precision_loss, reason = "a page has few pixels")]
        let (x, y) = ((at % width) as f64 / 10.0, (at / width) as f64 / 10.0);
        area.left = area.left.min(x);
        area.right = area.right.max(x + 0.1);
        area.top = area.top.min(y);
        area.bottom = area.bottom.max(y + 0.1);
    }
    areas
}

#[test]
fn the_seal_has_its_true_size_and_covers_a_third_of_the_signature() {
    for diameter in [36.0, 28.5] {
        let data = sealed(diameter);
        let pdf = pdf(&data);
        let [seal, signature] = red_and_blue(&pdf);
        near(seal.width(), diameter, 0.5);
        near(seal.height(), diameter, 0.5);
        // What the image shows is 50 mm wide; its left end may lie below the seal.
        let left = signature.right - 50.0;
        near(seal.right, left + 50.0 / 3.0, 0.5);
        assert!(seal.left < left, "the seal is on the left: {seal:?}");

        let places = places(&data);
        let agency = Area::of(of_role(&places, "agency")[0]);
        near(agency.left, seal.left, 0.3);
        near(agency.right, seal.right, 0.3);
        near(agency.top, seal.top, 0.3);
        near(agency.bottom, seal.bottom, 0.3);
        let signer = Area::of(of_role(&places, "signature")[0]);
        near(signer.right, signature.right, 0.3);
        assert!(signer.top < signature.top && signature.bottom < signer.bottom);
        let middle = f64::midpoint(signer.top, signer.bottom);
        near(f64::midpoint(signature.top, signature.bottom), middle, 0.5);
        near(f64::midpoint(seal.top, seal.bottom), middle, 0.5);
    }
}

/// The images have their sizes in a Word file too, and stand where they stand in the
/// PDF.
#[test]
fn images_stand_in_word_files_where_they_stand_in_ours() {
    for diameter in [36.0, 28.5] {
        let data = sealed(diameter);
        let word = Pdf::new(&opened(&[(&RENDERER, &composed(&data))])[0]);
        for (ours, word) in red_and_blue(&pdf(&data)).iter().zip(red_and_blue(&word)) {
            near(word.width(), ours.width(), 0.3);
            near(word.height(), ours.height(), 0.3);
            near(word.left, ours.left, 2.0);
            near(word.top, ours.top, 2.0);
        }
    }
}

#[test]
fn images_are_transparent_and_described() {
    let pdf = pdf(&sealed(36.0));
    let list = pdf.ask("pdfimages", &["-list"], &[]);
    let kinds: Vec<_> = list.lines().skip(2).filter_map(|l| l.split_whitespace().nth(2)).collect();
    assert_eq!(kinds, ["image", "smask", "image", "smask"], "{list}");
    let objects = pdf.ask("qpdf", &["--json=2"], &[]);
    for alt in ["u:Chữ ký của Nguyễn Văn Mẫu", "u:Dấu của Ủy ban nhân dân xã Định Mỹ"]
    {
        assert!(objects.contains(&format!("\"/Alt\": \"{alt}\"")), "nothing says `{alt}`");
    }
}

/// Images move no words.
#[test]
fn the_words_stand_where_they_stand_without_images() {
    let mut bare = sealed(36.0);
    for key in ["image", "seal"] {
        bare["signature"].as_object_mut().unwrap().remove(key);
    }
    let words = |data| pdf(data).ask("pdftotext", &["-bbox"], &["-"]);
    assert_eq!(words(&sealed(36.0)), words(&bare));
}

/// The roles and rectangles of a document that is given as markup.
fn places_of_markup(markup: &str) -> Vec<Value> {
    let source = SourceText::new("test.xml", markup.to_owned());
    let document = content::parse(&source, &Images::new()).unwrap();
    let fonts = Fonts::new(&FontSet::shipped()).unwrap();
    let press = Press::new(Catalog::builtin().assets(), fonts).unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let view = View::new(&document, press.fonts().families(), day);
    let places = serde_json::to_value(press.places("nd30", &view).unwrap()).unwrap();
    places["places"].as_array().unwrap().clone()
}

#[test]
fn several_signers_have_a_place_each_from_left_to_right() {
    let places = places_of_markup(
        r#"<document><envelope kind="BB"><issuer><name>Phòng Minh Họa</name></issuer>
        <signature side="left"><title>Thư ký</title><name>Trần Thị Mẫu</name></signature>
        <signature side="left"><title>Ủy viên</title></signature>
        <signature><title>Chủ tọa</title><name>Nguyễn Văn Mẫu</name></signature>
        </envelope><body><p>Hết.</p></body></document>"#,
    );
    let signers = of_role(&places, "signature");
    let titles: Vec<_> = signers.iter().map(|place| place["title"][0].as_str().unwrap()).collect();
    assert_eq!(titles, ["THƯ KÝ", "ỦY VIÊN", "CHỦ TỌA"]);
    assert_eq!((&signers[0]["name"], signers[1].get("name")), (&json!("Trần Thị Mẫu"), None));
    let areas: Vec<Area> = signers.iter().map(|place| Area::of(place)).collect();
    assert!(areas.windows(2).all(|pair| pair[0].right <= pair[1].left), "{areas:?}");
    // The agency signs once, beside the last signer.
    let agency = of_role(&places, "agency");
    assert_eq!((agency.len(), &agency[0]["name"]), (1, &json!("Nguyễn Văn Mẫu")));
}

#[test]
fn annexes_in_a_file_of_their_own_are_signed_at_the_top_right() {
    let places = places_of_markup(
        r#"<document detached="true"><envelope kind="KH"><issuer><name>Phòng Minh Họa</name>
        </issuer></envelope><annex><title>Tiến độ</title><p>Theo tháng.</p></annex></document>"#,
    );
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!((&places[0]["role"], &places[0]["page"]), (&json!("agency"), &json!(1)));
    let area = Area::of(&places[0]);
    near(area.right, 190.0, 0.05);
    assert!(area.left > 105.0 && area.bottom < 20.0, "{area:?}");
}

#[test]
fn nothing_is_wrong_with_the_example() {
    let path = repository("examples/electronic/cong-van.yaml");
    let (bytes, files) = (fs::read(&path).unwrap(), Folder::of(&path));
    let composed = RENDERER.compose(&Input::new("cong-van.yaml", &bytes).with_files(&files));
    let composed = composed.unwrap();
    assert!(composed.findings.is_empty(), "{:#?}", composed.findings);
    assert_eq!(composed.checked.images.len(), 2);
}
