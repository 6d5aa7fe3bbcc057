//! Papers from outside: scans as sheets, stamps over finished files, joining.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, RgbImage};
use vanban::output::pdf::{Corner, Press, Span, Stamps};
use vanban::output::sheet::{Outside, OutsideError, OutsideKind, PageStamp, Part, join};
use vanban::pipeline::BuildError;

use crate::support::pdf::Pdf;
use crate::support::{RENDERER, pdf_of, repository};

fn style() -> Stamps<'static> {
    Stamps {
        fonts: vec!["Liberation Serif", "Times New Roman"],
        text: "{n}",
        digits: 2,
        per_page: false,
        position: Corner::TopRight,
        top: 6.0,
        side: 12.0,
        size: 12.0,
    }
}

/// A scanned page of A4 with 300 pixels to the inch: light blue, with a dark corner
/// that shows which way is up.
pub fn scan(across: u32, down: u32) -> RgbImage {
    let mut image = RgbImage::from_pixel(across, down, image::Rgb([200, 215, 240]));
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        if x < across / 4 && y < down / 8 {
            *pixel = image::Rgb([120, 20, 20]);
        }
    }
    image
}

pub fn jpeg(image: &RgbImage, dots: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 80);
    encoder.set_pixel_density(image::codecs::jpeg::PixelDensity::dpi(dots));
    let (width, height) = image.dimensions();
    encoder.write_image(image, width, height, image::ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn stamps(count: usize) -> Vec<PageStamp> {
    let stamp = |at| PageStamp { number: Some(format!("{:02}", at + 7)), mark: None };
    (0..count).map(stamp).collect()
}

fn stamped(paper: Outside) -> Vec<u8> {
    let (mut bytes, stamps) = (Vec::new(), stamps(paper.pages()));
    press().stamped::<BuildError>(paper, &stamps, &style(), &mut bytes).unwrap();
    bytes
}

fn press() -> &'static Press {
    RENDERER.press()
}

#[test]
fn a_colour_scan_keeps_every_pixel_and_is_printed_on_a4() {
    let bytes = jpeg(&scan(2480, 3508), 300);
    let paper = Outside::read(bytes.clone()).unwrap();
    assert_eq!((paper.kind(), paper.pages()), (OutsideKind::Jpeg, 1));
    let made = paper.pdf().to_vec();
    let pdf = Pdf::new(&stamped(paper));
    let images = pdf.ask("pdfimages", &["-list"], &[]);
    let line = images.lines().nth(2).unwrap();
    let fields: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(fields[3..6], ["2480", "3508", "rgb"], "{images}");
    assert_eq!(fields[12..14], ["300", "300"], "{images}");
    assert!(pdf.ask("pdfinfo", &[], &[]).contains("595.276 x 841.89 pts (A4)"));
    assert_eq!(pdf.ask("pdftotext", &[], &["-"]).trim(), "07");
    // The scanner's own bytes are in the file.
    assert!(made.windows(64).any(|window| window == &bytes[bytes.len() / 2..][..64]));
}

#[test]
fn a_page_that_lies_on_its_side_is_printed_on_its_side() {
    let paper = Outside::read(jpeg(&scan(3508, 2480), 300)).unwrap();
    let pdf = Pdf::new(&stamped(paper));
    assert!(pdf.ask("pdfinfo", &[], &[]).contains("841.89 x 595.276 pts (A4)"));
}

#[test]
fn every_page_of_a_fax_is_a_sheet() {
    let bytes = std::fs::read(repository("tests/suite/outside/fax-two-pages.tif")).unwrap();
    let paper = Outside::read(bytes).unwrap();
    assert_eq!((paper.kind(), paper.pages()), (OutsideKind::Tiff, 2));
    let pdf = Pdf::new(&stamped(paper));
    let images = pdf.ask("pdfimages", &["-list"], &[]);
    let pages: Vec<Vec<&str>> =
        images.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(pages.len(), 2, "{images}");
    for page in &pages {
        assert_eq!(page[3..8], ["1654", "2339", "gray", "1", "1"], "{images}");
        assert_eq!(page[12..14], ["200", "200"], "{images}");
    }
}

#[test]
fn a_picture_without_a_resolution_fills_the_page() {
    let mut bytes = Vec::new();
    scan(400, 500).write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    let pdf = Pdf::new(&stamped(Outside::read(bytes).unwrap()));
    let images = pdf.ask("pdfimages", &["-list"], &[]);
    let fields: Vec<&str> = images.lines().nth(2).unwrap().split_whitespace().collect();
    // 400 pixels over 210 mm.
    assert_eq!(fields[12], "48", "{images}");
}

#[test]
fn a_stamp_adds_bytes_behind_those_that_are_there() {
    let original = pdf_of(&crate::support::example("quang-tri-2023"));
    let bytes = stamped(Outside::read(original.clone()).unwrap());
    assert_eq!(bytes[..original.len()], original);
    let pdf = Pdf::new(&bytes);
    assert!(pdf.ask("qpdf", &["--check"], &[]).contains("No syntax or stream encoding errors"));
    let words = pdf.ask("pdftotext", &["-f", "2", "-l", "2"], &["-"]);
    assert!(words.lines().any(|line| line == "08"), "{words}");
}

#[test]
fn what_cannot_be_printed_says_why() {
    let broken = |bytes: &[u8]| Outside::read(bytes.to_vec()).unwrap_err();
    assert_eq!(broken(b"hello"), OutsideError::UnknownKind);
    let whole = pdf_of(&crate::support::example("quang-tri-2023"));
    assert!(matches!(broken(&whole[..whole.len() / 2]), OutsideError::Damaged(_)));
    let picture = jpeg(&scan(600, 800), 72);
    assert!(matches!(broken(&picture[..picture.len() / 2]), OutsideError::Damaged(_)));
    let fax = std::fs::read(repository("tests/suite/outside/fax-two-pages.tif")).unwrap();
    assert!(matches!(broken(&fax[..fax.len() / 2]), OutsideError::Damaged(_)));
    let folder = tempfile::tempdir().unwrap();
    let [plain, locked] = ["plain.pdf", "locked.pdf"].map(|name| folder.path().join(name));
    std::fs::write(&plain, &whole).unwrap();
    for password in ["", "secret"] {
        let status = std::process::Command::new("qpdf")
            .args(["--encrypt", password, "owner", "256", "--"])
            .args([&plain, &locked])
            .status();
        assert!(status.unwrap().success());
        assert_eq!(broken(&std::fs::read(&locked).unwrap()), OutsideError::Encrypted);
    }
}

#[test]
fn what_was_laid_out_keeps_its_tags_among_papers_from_outside() {
    let base = pdf_of(&crate::support::example("quang-tri-2023"));
    let pages = Outside::read(base.clone()).unwrap().pages();
    let files = [jpeg(&scan(2480, 3508), 300), pdf_of(&crate::support::example("dinh-my-2026"))];
    let [scan, foreign] =
        files.each_ref().map(|file| Outside::read(file.clone()).unwrap().survey());
    let parts = [
        ("Kế hoạch".to_owned(), Part::Pages(Span { first: 1, pages })),
        ("Bản quét".to_owned(), Part::Outside(&scan, stamps(1))),
        ("Từ ngoài".to_owned(), Part::Outside(&foreign, stamps(foreign.pages()))),
    ];
    let joined = || {
        let mut read = |part: usize| -> Result<Outside, BuildError> {
            let survey = [&scan, &foreign][part - 1];
            Ok(Outside::again(files[part - 1].clone(), survey).unwrap())
        };
        let mut bytes = Vec::new();
        join(press(), base.clone(), &parts, &style(), true, &mut read, &mut bytes).unwrap();
        bytes
    };
    let bytes = joined();
    assert_eq!(bytes, joined());
    let pdf = Pdf::new(&bytes);
    assert!(pdf.ask("qpdf", &["--check"], &[]).contains("No syntax or stream encoding errors"));
    let info = pdf.ask("pdfinfo", &[], &[]);
    let total = pages.next_multiple_of(2) + 2 + foreign.pages().next_multiple_of(2);
    assert!(info.contains(&format!("Pages:           {total}")), "{info}");
    assert!(info.contains("Tagged:          yes"));
    assert!(!String::from_utf8_lossy(&bytes).contains("pdfaid:part>"));
    // The words of the tags are those of what was laid out, and no others.
    let tags = pdf.ask("pdfinfo", &["-struct-text"], &[]);
    assert_eq!(tags, Pdf::new(&base).ask("pdfinfo", &["-struct-text"], &[]));
    let outline = pdf.ask("qpdf", &["--json", "--json-key=outlines"], &[]);
    let outline: serde_json::Value = serde_json::from_str(&outline).unwrap();
    let entries: Vec<(&str, u64)> = outline["outlines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["title"].as_str().unwrap(), one["destpageposfrom1"].as_u64().unwrap()))
        .collect();
    let after = pages.next_multiple_of(2) as u64 + 1;
    assert_eq!(entries, [("Kế hoạch", 1), ("Bản quét", after), ("Từ ngoài", after + 2)]);
}
