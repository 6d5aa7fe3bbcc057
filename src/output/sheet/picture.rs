use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

use super::OutsideError;

/// More pixels on a page would need more memory than a machine in an office has.
const MOST_PIXELS: u64 = 150_000_000;
/// More pages in one scan are a mistake.
const MOST_PAGES: usize = 2_000;
const MILLIMETRES_PER_INCH: f64 = 25.4;

/// A scanned page, as it goes into a PDF.
#[derive(Debug)]
pub(super) struct Picture {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// What a sample means.
    pub color: Color,
    /// Its pixels.
    pub pixels: Pixels,
    /// Pixels to the inch, where the file says so.
    pub resolution: Option<f64>,
    /// How many quarter turns to the right make it upright.
    pub turn: u8,
}

/// What a sample means, and how many bits it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    /// Black and white, a bit each.
    Bilevel,
    /// Shades of grey, 8 bits.
    Grey,
    /// Red, green and blue, 8 bits each.
    Rgb,
}

/// The pixels of a page.
#[derive(Debug)]
pub(super) enum Pixels {
    /// As the scanner wrote them: nothing is lost.
    Jpeg(Vec<u8>),
    /// Row after row; rows of bits begin a byte.
    Raw(Vec<u8>),
}

impl Picture {
    fn raw(image: &DynamicImage, resolution: Option<f64>) -> Self {
        let (width, height) = image.dimensions();
        // The paper is white where a picture is transparent.
        let (color, pixels) = if image.color().has_color() {
            (Color::Rgb, on_white(image).into_rgb8().into_raw())
        } else {
            (Color::Grey, on_white(image).into_luma8().into_raw())
        };
        Self { width, height, color, pixels: Pixels::Raw(pixels), resolution, turn: 0 }
    }
}

/// Lays a picture that may be transparent on white.
fn on_white(image: &DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image.clone();
    }
    let mut pixels = image.to_rgba8();
    for pixel in pixels.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        for sample in &mut pixel.0[..3] {
            let mixed = (u32::from(*sample) * alpha + 255 * (255 - alpha)) / 255;
            *sample = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
        pixel.0[3] = u8::MAX;
    }
    DynamicImage::ImageRgba8(pixels)
}

fn damaged(error: &dyn std::error::Error) -> OutsideError {
    OutsideError::Damaged(error.to_string())
}

fn fits(width: u32, height: u32) -> Result<(), OutsideError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(OutsideError::NoPages),
        pixels if pixels > MOST_PIXELS => Err(OutsideError::TooLarge),
        _ => Ok(()),
    }
}

/// A JPEG goes into the file as it is, once it has been `seen` that it can be read.
pub(super) fn jpeg(bytes: &[u8], seen: bool) -> Result<Vec<Picture>, OutsideError> {
    let mut decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(bytes))
        .map_err(|error| damaged(&error))?;
    let (width, height) = decoder.dimensions();
    fits(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (components, resolution) = frame(bytes);
    let color = match components {
        Some(1) => Some(Color::Grey),
        Some(3) => Some(Color::Rgb),
        // Four inks: what a printing house makes; its pixels are written anew.
        _ => None,
    };
    let Some((color, turn)) = color.zip(quarter_turns(orientation)) else {
        let mut image = whole(decoder, bytes)?;
        image.apply_orientation(orientation);
        return Ok(vec![Picture::raw(&image, resolution)]);
    };
    if !seen {
        whole(decoder, bytes)?;
    }
    let pixels = Pixels::Jpeg(bytes.to_vec());
    Ok(vec![Picture { width, height, color, pixels, resolution, turn }])
}

/// The pixels of a JPEG, if all are there.
fn whole(decoder: impl ImageDecoder, bytes: &[u8]) -> Result<DynamicImage, OutsideError> {
    let image = DynamicImage::from_decoder(decoder).map_err(|error| damaged(&error))?;
    if !bytes.windows(2).any(|marker| marker == JPEG_END) {
        return Err(OutsideError::Damaged("the end of the picture is missing".to_owned()));
    }
    Ok(image)
}

/// The marker that ends a JPEG.
const JPEG_END: [u8; 2] = [0xFF, 0xD9];

/// The number of components of a JPEG and its pixels to the inch, from its markers.
fn frame(bytes: &[u8]) -> (Option<u8>, Option<f64>) {
    let mut resolution = None;
    let mut at = 2;
    while let Some([0xFF, marker, high, low, ..]) = bytes.get(at..) {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let segment = bytes.get(at + 4..at + 2 + length).unwrap_or_default();
        match marker {
            // JFIF: unit and density.
            0xE0 if segment.starts_with(b"JFIF\0") => {
                if let [unit, high, low, ..] = segment.get(7..).unwrap_or_default() {
                    let density = f64::from(u16::from_be_bytes([*high, *low]));
                    resolution = match unit {
                        1 => Some(density),
                        2 => Some(density * MILLIMETRES_PER_INCH / 10.0),
                        _ => None,
                    };
                }
            }
            // A frame, of whatever process.
            0xC0..=0xCF if ![0xC4, 0xC8, 0xCC].contains(marker) => {
                return (segment.get(5).copied(), resolution.filter(|dots| *dots > 1.0));
            }
            0xDA => break,
            _ => {}
        }
        at += 2 + length.max(2);
    }
    (None, resolution.filter(|dots| *dots > 1.0))
}

/// The quarter turns to the right; none if it is a mirror image.
fn quarter_turns(orientation: Orientation) -> Option<u8> {
    match orientation {
        Orientation::NoTransforms => Some(0),
        Orientation::Rotate90 => Some(1),
        Orientation::Rotate180 => Some(2),
        Orientation::Rotate270 => Some(3),
        _ => None,
    }
}

pub(super) fn png(bytes: &[u8]) -> Result<Vec<Picture>, OutsideError> {
    let reader = png::Decoder::new(Cursor::new(bytes));
    let header = reader.read_info().map_err(|error| damaged(&error))?;
    let info = header.info();
    fits(info.width, info.height)?;
    let resolution = info.pixel_dims.filter(|dots| dots.unit == png::Unit::Meter);
    let resolution =
        resolution.map(|dots| (f64::from(dots.xppu) * MILLIMETRES_PER_INCH / 1000.0).round());
    let image = image::load_from_memory_with_format(bytes, ImageFormat::Png)
        .map_err(|error| damaged(&error))?;
    Ok(vec![Picture::raw(&image, resolution)])
}

/// The pages of a TIFF.
pub(super) fn tiff(bytes: &[u8]) -> Result<Vec<Picture>, OutsideError> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut pages = Vec::new();
    loop {
        pages.push(tiff_page(&mut decoder)?);
        if !decoder.more_images() {
            return Ok(pages);
        }
        if pages.len() >= MOST_PAGES {
            return Err(OutsideError::TooLarge);
        }
        decoder.next_image().map_err(|error| damaged(&error))?;
    }
}

fn tiff_page(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<Picture, OutsideError> {
    let (width, height) = decoder.dimensions().map_err(|error| damaged(&error))?;
    fits(width, height)?;
    let kind = decoder.colortype().map_err(|error| damaged(&error))?;
    // 2 is the inch, which is also what is meant where nothing is said; 3 the centimetre.
    let unit: u16 = decoder.find_tag_unsigned(Tag::ResolutionUnit).ok().flatten().unwrap_or(2);
    let dots = decoder.get_tag_f64(Tag::XResolution).ok().filter(|dots| *dots > 1.0);
    let resolution = match unit {
        2 => dots,
        3 => dots.map(|dots| dots * MILLIMETRES_PER_INCH / 10.0),
        _ => None,
    };
    let turn = match decoder.find_tag_unsigned::<u16>(Tag::Orientation).ok().flatten() {
        Some(3) => 2,
        Some(6) => 1,
        Some(8) => 3,
        _ => 0,
    };
    let samples = match decoder.read_image().map_err(|error| damaged(&error))? {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => {
            samples.into_iter().map(|sample| sample.to_be_bytes()[0]).collect()
        }
        _ => return Err(OutsideError::Unsupported),
    };
    let pixel = |image: Option<DynamicImage>| image.ok_or(OutsideError::Unsupported);
    let picture = match kind {
        ColorType::Gray(1) => {
            let pixels = Pixels::Raw(samples);
            Picture { width, height, color: Color::Bilevel, pixels, resolution, turn }
        }
        ColorType::Gray(8 | 16) => {
            let pixels = Pixels::Raw(samples);
            Picture { width, height, color: Color::Grey, pixels, resolution, turn }
        }
        ColorType::RGB(8 | 16) => {
            let pixels = Pixels::Raw(samples);
            Picture { width, height, color: Color::Rgb, pixels, resolution, turn }
        }
        ColorType::RGBA(8 | 16) => {
            let image = image::RgbaImage::from_raw(width, height, samples);
            let image = pixel(image.map(DynamicImage::ImageRgba8))?;
            Picture { turn, ..Picture::raw(&image, resolution) }
        }
        ColorType::CMYK(8) => {
            let pixels = Pixels::Raw(samples.chunks_exact(4).flat_map(without_inks).collect());
            Picture { width, height, color: Color::Rgb, pixels, resolution, turn }
        }
        _ => return Err(OutsideError::Unsupported),
    };
    Ok(picture)
}

/// Red, green and blue of four inks.
fn without_inks(inks: &[u8]) -> [u8; 3] {
    let light = |at: usize| 255 - u32::from(inks[at]);
    let mix = |at: usize| u8::try_from(light(at) * light(3) / 255).unwrap_or(u8::MAX);
    [mix(0), mix(1), mix(2)]
}
