use crate::base::{Bilingual, Finding, SourceText};
use crate::block::{Image, Images, SIGNATURE_ROOM};
use crate::input::{
    Colour, FileError, ImageError, MAX_IMAGE_BYTES, MAX_IMAGES, MAX_PIXELS, Motif, NamedImage,
    Node, PictureError,
};

/// The resolution below which an image looks coarse in print, in dots per inch.
const LEAST_RESOLUTION: f64 = 200.0;
const MILLIMETRES_PER_INCH: f64 = 25.4;

/// Checks the images of signatures and seals (PL1-II.7.d, PL1-II.8.a); gives those
/// that can be used, by their names.
pub fn check_images(
    source: &SourceText,
    data: &Node,
    images: Vec<NamedImage>,
) -> (Images, Vec<Finding>) {
    let electronic = data.child("medium").and_then(Node::text) == Some("electronic");
    let (mut usable, mut findings) = (Images::new(), Vec::new());
    for named in images {
        let found = if electronic { about(&named) } else { vec![on_paper(named.motif)] };
        let place = data.at(&named.pointer).unwrap_or(data).place(source, named.pointer);
        findings.extend(
            found
                .into_iter()
                .map(|finding| finding.with("path", named.path.as_str()).at(place.clone())),
        );
        if let Ok(picture) = named.picture {
            usable.insert(named.path, picture.image);
        }
    }
    (usable, findings)
}

fn on_paper(motif: Motif) -> Finding {
    let mut finding = Finding::new("SG19");
    if let Motif::Seal(_) = motif {
        finding.clause = Some("PL1-II.8.a".into());
    }
    finding
}

/// What is wrong with an image.
fn about(named: &NamedImage) -> Vec<Finding> {
    let picture = match &named.picture {
        Ok(picture) => picture,
        Err(error) => return vec![unusable(error, named.motif)],
    };
    let wrong_colour = match (named.motif, picture.colour) {
        (Motif::Signature, Colour::Blue) | (Motif::Seal(_), Colour::Red) => None,
        (Motif::Signature, _) => Some(Finding::new("SG16")),
        (Motif::Seal(_), _) => Some(Finding::new("SG17")),
    };
    let first = if picture.transparent {
        wrong_colour.map(|finding| finding.with("found", name(picture.colour)))
    } else {
        // The colour would be that of the paper.
        Some(no_png(
            named.motif,
            ("ảnh không có nền trong suốt", "nothing in the image is transparent"),
        ))
    };
    first.into_iter().chain(too_small(&picture.image, named.motif)).collect()
}

fn unusable(error: &ImageError, motif: Motif) -> Finding {
    let file = |words| Finding::new("SG12").with("detail", words);
    let large =
        |vi: String, en: String| Finding::new("SG13").with("detail", Bilingual::new(vi, en));
    match error {
        ImageError::Outside => Finding::new("SG11"),
        ImageError::File(FileError::Missing) => {
            file(Bilingual::new("không có tệp này", "there is no such file"))
        }
        ImageError::File(FileError::Unreadable(detail)) => {
            file(Bilingual::new(detail.clone(), detail.clone()))
        }
        ImageError::Heavy => {
            let most = MAX_IMAGE_BYTES >> 20;
            large(format!("nặng hơn {most} MiB"), format!("more than {most} MiB"))
        }
        ImageError::Picture(PictureError::TooLarge) => large(
            format!("rộng hoặc cao hơn {MAX_PIXELS} điểm ảnh"),
            format!("wider or higher than {MAX_PIXELS} pixels"),
        ),
        ImageError::TooMany => large(
            format!("văn bản có hơn {MAX_IMAGES} ảnh"),
            format!("the document has more than {MAX_IMAGES} images"),
        ),
        ImageError::Picture(PictureError::NotPng) => {
            no_png(motif, ("tệp không phải PNG", "the file is not a PNG"))
        }
        ImageError::Picture(PictureError::Damaged) => {
            no_png(motif, ("tệp PNG bị hỏng", "the PNG is damaged"))
        }
        ImageError::Picture(PictureError::Empty) => {
            no_png(motif, ("ảnh không có nét nào nhìn thấy được", "nothing is to be seen in it"))
        }
    }
}

fn no_png(motif: Motif, (vi, en): (&str, &str)) -> Finding {
    let code = match motif {
        Motif::Signature => Finding::new("SG14"),
        Motif::Seal(_) => Finding::new("SG15"),
    };
    code.with("detail", Bilingual::new(vi, en))
}

/// Whether the image has fewer pixels than its size on paper asks for.
fn too_small(image: &Image, motif: Motif) -> Option<Finding> {
    let room = match motif {
        Motif::Signature => SIGNATURE_ROOM,
        Motif::Seal(diameter) => (diameter, diameter),
    };
    let (width, _) = image.fitted(room);
    let resolution = f64::from(image.width) / (width / MILLIMETRES_PER_INCH);
    (resolution < LEAST_RESOLUTION).then(|| {
        Finding::new("SG18")
            .with("width", image.width.to_string())
            .with("height", image.height.to_string())
            .with("found", format!("{resolution:.0}"))
            .with("least", LEAST_RESOLUTION.to_string())
    })
}

fn name(colour: Colour) -> Bilingual {
    let (vi, en) = match colour {
        Colour::Grey => ("đen, xám hoặc trắng", "black, grey or white"),
        Colour::Red => ("đỏ", "red"),
        Colour::Yellow => ("vàng hoặc cam", "yellow or orange"),
        Colour::Green => ("xanh lá cây", "green"),
        Colour::Blue => ("xanh da trời", "blue"),
        Colour::Violet => ("tím hoặc hồng", "violet or pink"),
    };
    Bilingual::new(vi, en)
}
