//! The formats beside PDF: pages as pictures, pictures of charts, canonical text.

use std::io::Cursor;

use png::ColorType;
use vanban::app::Folder;
use vanban::block::{Bar, Block, Inline, Note, charts};
use vanban::catalog::{Catalog, FontSet};
use vanban::output::pdf::PAGE_RESOLUTION;
use vanban::output::{OutputError, Pictures};
use vanban::pipeline::{Composed, Format, Input, RenderError, Renderer};

use super::support::{RENDERER, example, pdf::Pdf, repository, text_of};

/// Text widths and heights of the example plans, in millimetres.
const TEXT_WIDTH: f64 = 160.0;
const TEXT_HEIGHT: f64 = 257.0;
const LANDSCAPE_WIDTH: f64 = 247.0;
const LANDSCAPE_HEIGHT: f64 = 170.0;

fn composed(yaml: &str, template: &str) -> Composed {
    let input = Input { template: Some(template), ..Input::new("plan.yaml", yaml.as_bytes()) };
    RENDERER.compose(&input).unwrap()
}

/// A plan with this many rows in its schedule.
fn long_schedule(rows: usize) -> String {
    let plan = example("dinh-my-2026");
    let (start, end) = (plan.find("\nschedule:").unwrap(), plan.find("\nassignments:").unwrap());
    let row = |at: usize| {
        format!("    - {{task: Công việc {at} xong, to: 2026-{:02}-15}}\n", at % 12 + 1)
    };
    let rows: String = (1..=rows).map(row).collect();
    format!("{}\nschedule:\n  rows:\n{rows}{}", &plan[..start], &plan[end..])
}

/// A PNG file in shades of grey or in colours.
struct Pixels {
    size: (u32, u32),
    color: ColorType,
    /// Pixels to the metre.
    density: u32,
    samples: Vec<u8>,
}

impl Pixels {
    fn read(bytes: &[u8]) -> Self {
        let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        let density = reader.info().pixel_dims.unwrap();
        assert_eq!(density.xppu, density.yppu);
        let size = (info.width, info.height);
        Self { size, color: info.color_type, density: density.xppu, samples }
    }

    fn is_white(&self, at: usize) -> bool {
        self.samples[at] == 255
    }

    /// The share of samples that are darker than half.
    #[expect(clippy::cast_precision_loss, reason = "a few millions")]
    fn ink(&self) -> f64 {
        let dark = self.samples.iter().filter(|sample| **sample < 128).count();
        dark as f64 / self.samples.len() as f64
    }
}

/// A size in pixels for millimetres.
fn pixels(millimetres: f64, density: u32) -> f64 {
    millimetres / 1000.0 * f64::from(density)
}

/// The alternative texts of the figures of a PDF, in the order of its objects.
fn alternatives(pdf: &[u8]) -> Vec<String> {
    let json = Pdf::new(pdf).ask("qpdf", &["--json", "--json-key=qpdf"], &[]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let objects = json["qpdf"][1].as_object().unwrap().values();
    objects
        .filter_map(|object| object["value"]["/Alt"].as_str())
        .map(|alt| alt.strip_prefix("u:").unwrap().to_owned())
        .collect()
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

/// Whoever gets the Word file sees the chart that is in the PDF.
#[test]
fn a_chart_is_a_picture_as_wide_as_the_text() {
    let composed = composed(&example("dinh-my-2026"), "plan-schedule");
    let pictures = RENDERER.charts(&composed).unwrap();
    let [pieces] = pictures.as_slice() else { panic!("{} charts", pictures.len()) };
    let [picture] = pieces.as_slice() else { panic!("{} pieces", pieces.len()) };
    let (_, orientation) = charts(&composed.document)[0];
    let width = match orientation {
        vanban::block::Orientation::Portrait => TEXT_WIDTH,
        vanban::block::Orientation::Landscape => LANDSCAPE_WIDTH,
    };
    assert!((picture.width - width).abs() < 0.01, "{} mm wide", picture.width);
    // Two lines of head and eight bars of at least 7 mm.
    assert!(picture.height > 67.0 && picture.height < 130.0, "{} mm high", picture.height);

    let image = Pixels::read(&picture.png);
    assert_eq!(image.color, ColorType::Grayscale);
    assert!((200.0..=300.0).contains(&(f64::from(image.density) * 0.0254).round()));
    for (side, length) in [(image.size.0, picture.width), (image.size.1, picture.height)] {
        assert!((f64::from(side) - pixels(length, image.density)).abs() <= 1.0);
    }
    let ink = image.ink();
    assert!((0.01..0.3).contains(&ink), "{ink} of it is black");
    assert!(picture.png.len() < 150_000, "{} bytes", picture.png.len());
    let svg = roxmltree::Document::parse(&picture.svg).unwrap();
    assert!(svg.root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg")));
    assert!(svg.descendants().any(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "use"))));
    assert_eq!(alternatives(&RENDERER.write(&composed, Format::Pdf).unwrap()), [&*picture.alt]);
}

/// The same words in every format: what is heard of the picture is what plain text
/// says.
#[test]
fn text_says_what_is_heard_of_a_chart() {
    let composed = composed(&example("dinh-my-2026"), "plan-schedule");
    let alt = RENDERER.charts(&composed).unwrap()[0][0].alt.clone();
    assert!(alt.contains(", từ tháng 7/2026 đến tháng 12/2026. "), "{alt}");
    let text = text_in(&example("dinh-my-2026"), "plan-schedule");
    let chart = charts(&composed.document)[0].0;
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != chart.sentence())
        .take(1 + chart.bars.len())
        .collect();
    assert_eq!(lines.join(" "), alt);
    let words: Vec<String> = chart.bars.iter().map(Bar::words).collect();
    assert_eq!(lines[1..].iter().map(|line| &line[..line.len() - 1]).collect::<Vec<_>>(), words);
}

#[test]
fn a_long_chart_is_cut_as_in_the_pdf() {
    let composed = composed(&long_schedule(60), "plan-schedule");
    let pictures = RENDERER.charts(&composed).unwrap();
    let pieces = &pictures[0];
    assert!(pieces.len() >= 3, "{} pieces", pieces.len());
    let landscape = pieces[0].width > 200.0;
    let highest = if landscape { LANDSCAPE_HEIGHT } else { TEXT_HEIGHT };
    for piece in pieces {
        assert!(piece.height <= highest, "{} mm high", piece.height);
        assert!((piece.width - pieces[0].width).abs() < 0.01);
        assert!(Pixels::read(&piece.png).ink() > 0.005);
    }
    let alts: Vec<String> = pieces.iter().map(|piece| piece.alt.clone()).collect();
    for at in 1..=60 {
        let found =
            alts.iter().filter(|alt| alt.contains(&format!("Công việc {at} xong:"))).count();
        assert_eq!(found, 1, "bar {at} is heard once");
    }
    let pdf = RENDERER.write(&composed, Format::Pdf).unwrap();
    assert_eq!(sorted(alternatives(&pdf)), sorted(alts));
}

/// The words of a note stand at the foot of a page, or at the end of a web page; the
/// picture holds its mark.
#[test]
fn a_note_is_no_part_of_a_picture() {
    let mut composed = composed(&example("dinh-my-2026"), "plan-schedule");
    let before = RENDERER.charts(&composed).unwrap();
    let blocks = &mut composed.document.annexes[0].content;
    let chart = blocks.iter_mut().find_map(|block| match block {
        Block::Chart(chart) => Some(chart),
        _ => None,
    });
    let content = vec![Inline::text("Lời chú thích ".repeat(20))];
    let note = Note { label: "1".to_owned(), content };
    chart.unwrap().bars[0].label.push(Inline::Note(note));
    let after = RENDERER.charts(&composed).unwrap();
    assert!((after[0][0].height - before[0][0].height).abs() < 0.01, "nothing below the chart");
    assert_ne!(after[0][0].png, before[0][0].png, "the mark");
}

#[test]
fn the_same_chart_is_the_same_picture() {
    let composed = composed(&example("dinh-my-2026"), "plan-schedule");
    let first = RENDERER.charts(&composed).unwrap();
    let other = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    assert_eq!(RENDERER.charts(&composed).unwrap(), first);
    assert_eq!(other.charts(&composed).unwrap(), first);
    // Another document in between leaves nothing behind.
    let long = self::composed(&long_schedule(60), "plan-schedule");
    assert_ne!(RENDERER.charts(&long).unwrap(), first);
    assert_eq!(RENDERER.charts(&composed).unwrap(), first);
    let none = self::composed(&example("kien-giang-2019"), "plan");
    assert_eq!(RENDERER.charts(&none).unwrap(), Pictures::new());
}

#[test]
fn pages_are_pictures_on_white_paper() {
    let composed = composed(&example("dinh-my-2026"), "plan");
    let formats = [Format::Png, Format::Pdf, Format::Svg, Format::Text];
    let outputs = RENDERER.write_all(&composed, &formats).unwrap();
    let made: Vec<Format> = outputs.iter().map(|output| output.format).collect();
    assert_eq!(made, formats, "in the order in which they were asked for");
    let [png, pdf, svg, text] = outputs.as_slice() else { panic!("four formats") };
    let info = Pdf::new(&pdf.files[0]).ask("pdfinfo", &[], &[]);
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim();
    let pages: usize = pages.parse().unwrap();
    assert!(pages > 1);
    assert_eq!((png.files.len(), svg.files.len(), text.files.len()), (pages, pages, 1));
    for file in &png.files {
        let image = Pixels::read(file);
        assert!((f64::from(image.density) - PAGE_RESOLUTION / 0.0254).abs() < 1.0);
        let mut size = [image.size.0, image.size.1];
        size.sort_unstable();
        assert_eq!(size, [1240, 1754], "A4");
        assert!(image.is_white(0) && image.is_white(image.samples.len() - 1));
        assert!(image.ink() > 0.001, "nothing is written on the page");
    }
    for file in &svg.files {
        let file = String::from_utf8(file.clone()).unwrap();
        let xml = roxmltree::Document::parse(&file).unwrap();
        let root = xml.root_element();
        let mut size = ["width", "height"].map(|side| {
            let length = root.attribute(side).unwrap().strip_suffix("pt").unwrap();
            format!("{:.0}", length.parse::<f64>().unwrap())
        });
        size.sort();
        assert_eq!(size, ["595", "842"], "A4");
        // Nothing outside of the file is needed, no font either.
        assert!(!xml.descendants().any(|node| node.tag_name().name() == "text"));
        for attribute in xml.descendants().flat_map(|node| node.attributes()) {
            if attribute.name() == "href" {
                assert!(attribute.value().starts_with('#'), "{}", attribute.value());
            }
        }
    }
    // One after the other gives the same, and so does another renderer.
    assert!(RENDERER.write(&composed, Format::Pdf).unwrap() == pdf.files[0]);
    let other = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    for output in [png, svg] {
        let again = other.write_all(&composed, &[output.format]).unwrap();
        assert!(again[0] == *output, "{:?}", output.format);
    }
}

/// The seal is red: such a page is not in shades of grey.
#[test]
fn a_page_with_a_seal_has_its_colour() {
    let path = repository("examples/electronic/cong-van.yaml");
    let bytes = std::fs::read(&path).unwrap();
    let folder = Folder::of(&path);
    let input = Input::new("cong-van.yaml", &bytes).with_files(&folder);
    let composed = RENDERER.compose(&input).unwrap();
    let pages = RENDERER.write_all(&composed, &[Format::Png]).unwrap();
    let red = |file: &Vec<u8>| {
        let image = Pixels::read(file);
        image.color == ColorType::Rgb
            && image.samples.chunks_exact(3).any(|rgb| rgb[0] > 180 && rgb[1] < 90 && rgb[2] < 90)
    };
    assert!(pages[0].files.iter().any(red));
}

/// A caller who takes one file of several would lose pages without knowing.
#[test]
fn several_pages_are_not_given_as_one_file() {
    let yaml = example("kien-giang-2019");
    let input = Input::new("plan.yaml", yaml.as_bytes());
    match RENDERER.render(&input, Format::Svg) {
        Err(RenderError::Output(OutputError::SeveralFiles(pages))) => assert!(pages > 5),
        other => panic!("{other:?}"),
    }
    let minimal = RENDERER.catalog().template("plan").unwrap().sample(false).to_owned();
    let input = Input::new("plan.yaml", minimal.as_bytes());
    let page = RENDERER.render(&input, Format::Svg).unwrap().bytes;
    assert!(page.starts_with(b"<svg"));
}

fn text_in(yaml: &str, template: &str) -> String {
    String::from_utf8(RENDERER.write(&composed(yaml, template), Format::Text).unwrap()).unwrap()
}

/// What a text looks like that is compared with `diff`.
#[test]
fn text_is_canonical() {
    let templates: Vec<_> = RENDERER.catalog().templates().cloned().collect();
    for template in templates {
        // The smallest plan has nothing for most of the papers that come from it.
        let samples =
            if template.manifest.derives_from.is_some() { &[true][..] } else { &[false, true] };
        for full in samples {
            let text = text_in(template.sample(*full), &template.manifest.id);
            let id = &template.manifest.id;
            assert!(text.ends_with('\n') && !text.starts_with('\n'), "{id}");
            assert!(!text.ends_with("\n\n") && !text.contains("\n\n\n"), "{id}: {text}");
            for line in text.lines() {
                assert_eq!(line, line.trim_end(), "{id}");
                let odd = |c: char| c.is_whitespace() && c != ' ' && c != '\t';
                assert!(!line.contains(odd), "{id}: {line}");
            }
        }
    }
}

/// The lines of two texts that differ.
fn changes<'a>(one: &'a str, other: &'a str) -> Vec<(&'a str, &'a str)> {
    assert_eq!(one.lines().count(), other.lines().count());
    one.lines().zip(other.lines()).filter(|(one, other)| one != other).collect()
}

/// A drafter changes one target and compares: the lines that state it, and no others.
#[test]
fn a_changed_target_changes_the_lines_that_state_it() {
    let plan = RENDERER.catalog().template("plan").unwrap().sample(true).to_owned();
    let key = plan.split("${targets.").nth(1).unwrap().split('.').next().unwrap();
    let start = plan.find(&format!("\n  {key}:\n")).unwrap();
    let value = start + plan[start..].find("value: ").unwrap() + "value: ".len();
    let end = value + plan[value..].find('\n').unwrap();
    let changed = format!("{}7777{}", &plan[..value], &plan[end..]);
    let (before, after) = (text_of(&plan), text_of(&changed));
    let changes = changes(&before, &after);
    let stated = plan.matches(&format!("${{targets.{key}.")).count();
    assert!(!changes.is_empty() && changes.len() <= stated + 1, "{changes:#?}");
    assert!(changes.iter().all(|(_, after)| after.contains("7.777")), "{changes:#?}");
    assert_eq!(changes.len(), after.lines().filter(|line| line.contains("7.777")).count());
}

/// A blank for a day is narrower than one for a number; both are waited for.
#[test]
fn blanks_are_of_one_width() {
    let plan = RENDERER.catalog().template("plan").unwrap().sample(false).to_owned();
    let plan: String = plan
        .lines()
        .filter(|line| !line.starts_with("number:") && !line.starts_with("date:"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let text = text_of(&plan);
    assert!(text.contains("\nSố:      /KH-"), "{text}");
    assert!(text.contains("ngày       tháng       năm\n"), "{text}");
}

#[test]
fn the_text_of_a_form_and_of_a_chart_stays_as_it_is() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let form = RENDERER.catalog().template("giay-gioi-thieu").unwrap().sample(true).to_owned();
    settings.bind(|| {
        insta::assert_snapshot!("form-full.txt", text_in(&form, "giay-gioi-thieu"));
        let schedule = text_in(&example("dinh-my-2026"), "plan-schedule");
        insta::assert_snapshot!("schedule.txt", schedule);
    });
}
