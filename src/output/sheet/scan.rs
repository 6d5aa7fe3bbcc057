use std::collections::BTreeMap;

use printpdf::{
    CurTransMat, DictItem, ExternalStream, ExternalXObject, Mm, Op, PdfDocument, PdfPage,
    PdfSaveOptions, XObject, XObjectId, XObjectTransform,
};

use super::picture::{Color, Picture, Pixels};

/// A4, in millimetres.
const SHORT: f64 = 210.0;
const LONG: f64 = 297.0;
/// A scan that is larger than the paper by less is printed in its size: scanners see
/// over the edge.
const TOLERANCE: f64 = 3.0;
const MILLIMETRES_PER_INCH: f64 = 25.4;
const POINTS_PER_INCH: f64 = 72.0;

/// Makes a PDF of scanned pages, each on a page of A4, upright, in its own size if it
/// fits, with all its pixels and colours.
pub(super) fn sheets(pictures: Vec<Picture>) -> Vec<u8> {
    let mut document = PdfDocument::new("");
    let pages = pictures.into_iter().enumerate().map(|(at, picture)| {
        // Names that the program chooses: the library's are random.
        let id = XObjectId(format!("scan-{at}"));
        let (page, operations) = place(&picture, &id);
        let object = XObject::External(external(picture));
        document.resources.xobjects.map.insert(id, object);
        PdfPage::new(page.0, page.1, operations)
    });
    let pages: Vec<PdfPage> = pages.collect();
    document.with_pages(pages);
    document.save(&PdfSaveOptions::default(), &mut Vec::new())
}

/// The size of the page, and how the picture comes on it.
fn place(picture: &Picture, id: &XObjectId) -> ((Mm, Mm), Vec<Op>) {
    let (across, down) = if picture.turn.is_multiple_of(2) {
        (f64::from(picture.width), f64::from(picture.height))
    } else {
        (f64::from(picture.height), f64::from(picture.width))
    };
    let page = if across > down { (LONG, SHORT) } else { (SHORT, LONG) };
    let to_fit = (page.0 / across).min(page.1 / down);
    let own = picture.resolution.map(|dots| MILLIMETRES_PER_INCH / dots);
    let fits =
        |scale: &f64| across * scale <= page.0 + TOLERANCE && down * scale <= page.1 + TOLERANCE;
    let scale = own.filter(fits).unwrap_or(to_fit);
    let (width, height) = (across * scale, down * scale);
    let (x, y) = ((page.0 - width) / 2.0, (page.1 - height) / 2.0);
    let [width, height, x, y] = [width, height, x, y].map(points);
    let matrix = match picture.turn {
        1 => [0.0, -height, width, 0.0, x, y + height],
        2 => [-width, 0.0, 0.0, -height, x + width, y + height],
        3 => [0.0, height, -width, 0.0, x + width, y],
        _ => [width, 0.0, 0.0, height, x, y],
    };
    let transform = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
    let operations = vec![
        Op::SaveGraphicsState,
        Op::SetTransformationMatrix { matrix: CurTransMat::Raw(matrix) },
        Op::UseXobject { id: id.clone(), transform },
        Op::RestoreGraphicsState,
    ];
    ((millimetres(page.0), millimetres(page.1)), operations)
}

#[expect(clippy::cast_possible_truncation, reason = "lengths of a page")]
fn points(millimetres: f64) -> f32 {
    (millimetres * POINTS_PER_INCH / MILLIMETRES_PER_INCH) as f32
}

#[expect(clippy::cast_possible_truncation, reason = "lengths of a page")]
fn millimetres(length: f64) -> Mm {
    Mm(length as f32)
}

fn external(picture: Picture) -> ExternalXObject {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let (space, bits) = match picture.color {
        Color::Bilevel => ("DeviceGray", 1),
        Color::Grey => ("DeviceGray", 8),
        Color::Rgb => ("DeviceRGB", 8),
    };
    let mut dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), DictItem::Int(picture.width.into())),
        ("Height".to_owned(), DictItem::Int(picture.height.into())),
        ("ColorSpace".to_owned(), name(space)),
        ("BitsPerComponent".to_owned(), DictItem::Int(bits)),
    ]);
    let (content, compress) = match picture.pixels {
        Pixels::Jpeg(bytes) => {
            dict.insert("Filter".to_owned(), name("DCTDecode"));
            (bytes, false)
        }
        Pixels::Raw(bytes) => (bytes, true),
    };
    let stream = ExternalStream { dict, content, compress };
    ExternalXObject { stream, width: None, height: None, dpi: None }
}
