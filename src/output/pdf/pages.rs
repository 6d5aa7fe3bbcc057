use png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};
use typst::utils::Scalar;
use typst_layout::{Page, PagedDocument};
use typst_render::RenderOptions;
use typst_svg::SvgOptions;

use super::sweep::Turn;
use super::{Press, View, write};
use crate::output::OutputError;

/// A format that is made of laid-out pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paged {
    /// PDF/A-2a and PDF/UA-1, one file.
    Pdf,
    /// A file a page, without words: letters are outlines.
    Svg,
    /// A file a page, of 150 pixels to the inch.
    Png,
}

/// Pixels to the inch of a page as PNG.
pub const PAGE_RESOLUTION: f64 = 150.0;

impl Press {
    /// Lays a document out once and writes it in some formats: the files of each,
    /// in their order. Between the two, `laid_out` is told how many pages there are.
    ///
    /// # Errors
    ///
    /// If the layout is unknown or fails, or a file cannot be written.
    pub fn pages(
        &self,
        layout: &str,
        view: &View<'_>,
        formats: &[Paged],
        laid_out: &mut dyn FnMut(usize),
    ) -> Result<Vec<Vec<Vec<u8>>>, OutputError> {
        let turn = Turn::begin();
        let (document, written) = match self.lay_out(layout, view) {
            Ok(document) => {
                laid_out(document.pages().len());
                let written = formats.iter().map(|format| files(&document, *format)).collect();
                (Some(document), written)
            }
            Err(error) => (None, Err(error)),
        };
        turn.end(document);
        written
    }
}

fn files(document: &PagedDocument, format: Paged) -> Result<Vec<Vec<u8>>, OutputError> {
    let pages = document.pages().iter();
    match format {
        Paged::Pdf => Ok(vec![write(document)?]),
        Paged::Svg => Ok(pages.map(|page| svg(page).into_bytes()).collect()),
        Paged::Png => pages.map(|page| png(page, PAGE_RESOLUTION)).collect(),
    }
}

/// A page as SVG on white paper.
pub(super) fn svg(page: &Page) -> String {
    typst_svg::svg(page, &SvgOptions::default())
}

/// A page as PNG on white paper, with this many pixels to the inch; in shades of
/// grey, unless something on it has a colour.
pub(super) fn png(page: &Page, resolution: f64) -> Result<Vec<u8>, OutputError> {
    let options = RenderOptions {
        pixel_per_pt: Scalar::new(resolution / POINTS_PER_INCH),
        ..RenderOptions::default()
    };
    let picture = typst_render::render(page, &options);
    let (width, height) = (picture.width(), picture.height());
    // The paper is white: there is no transparency.
    let pixels = picture.data().chunks_exact(4);
    let grey = pixels.clone().all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
    let (color, samples): (_, Vec<u8>) = if grey {
        (ColorType::Grayscale, pixels.map(|pixel| pixel[0]).collect())
    } else {
        (ColorType::Rgb, pixels.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
    };
    encode((width, height), color, &samples, resolution)
        .map_err(|error| OutputError::Png(error.to_string()))
}

const POINTS_PER_INCH: f64 = 72.0;
const METRES_PER_INCH: f64 = 0.0254;

fn encode(
    (width, height): (u32, u32),
    color: ColorType,
    samples: &[u8],
    resolution: f64,
) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
    let density = (resolution / METRES_PER_INCH).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: density,
        yppu: density,
        unit: Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()?;
    Ok(out)
}
