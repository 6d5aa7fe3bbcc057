use std::io::Cursor;
use std::sync::Arc;

use png::{ColorType, Decoder, Encoder, Limits, Transformations};

use crate::block::Image;

/// The largest width and height of an image, in pixels.
pub const MAX_PIXELS: u32 = 4_000;
/// The memory that reading an image may take: its pixels, and what the reader needs
/// beside them.
const MEMORY: usize = 96 << 20;
/// From this on a pixel is seen; below, the paper is.
const SEEN: u8 = 128;
/// Less of a colour than this share of its brightness is grey.
const SATURATION: f64 = 0.2;

/// A PNG that has been looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it shows, without the transparent margin.
    pub image: Image,
    /// Whether the paper is seen through a part of it.
    pub transparent: bool,
    /// The colour of most of what is seen.
    pub colour: Colour,
}

/// A colour as people call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Colour {
    /// Black, grey or white.
    Grey,
    /// Red, up to orange.
    Red,
    /// Orange to yellow.
    Yellow,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Violet and pink.
    Violet,
}

const COLOURS: [Colour; 6] =
    [Colour::Grey, Colour::Red, Colour::Yellow, Colour::Green, Colour::Blue, Colour::Violet];

/// Why bytes are no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureError {
    /// They are not a PNG.
    NotPng,
    /// The PNG is damaged.
    Damaged,
    /// It has more than [`MAX_PIXELS`] in width or height.
    TooLarge,
    /// Nothing is to be seen in it.
    Empty,
}

impl Picture {
    /// Reads a PNG. What is printed is made anew of its pixels: nothing else of the
    /// file gets into a document.
    ///
    /// # Errors
    ///
    /// If it is no PNG, damaged, too large or empty.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, PictureError> {
        let pixels = Pixels::read(bytes)?;
        let (left, top, width, height) = pixels.seen().ok_or(PictureError::Empty)?;
        let transparent = pixels.all().any(|pixel| pixel[3] < SEEN);
        let image = Image {
            path: path.to_owned(),
            width,
            height,
            bytes: pixels.part(left, top, width, height)?,
        };
        Ok(Self { image, transparent, colour: pixels.colour() })
    }
}

/// Red, green, blue and opacity of each pixel, in rows.
struct Pixels {
    width: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Err(PictureError::NotPng);
        }
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MEMORY });
        decoder
            .set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        let info = decoder.read_header_info().map_err(|_| PictureError::Damaged)?;
        if info.width.max(info.height) > MAX_PIXELS {
            return Err(PictureError::TooLarge);
        }
        let mut reader = decoder.read_info().map_err(|_| PictureError::Damaged)?;
        let size = reader.output_buffer_size().ok_or(PictureError::Damaged)?;
        let mut buffer = vec![0; size];
        let frame = reader.next_frame(&mut buffer).map_err(|_| PictureError::Damaged)?;
        buffer.truncate(frame.buffer_size());
        let bytes = match frame.color_type {
            ColorType::Rgba => buffer,
            ColorType::GrayscaleAlpha => {
                buffer.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]]).collect()
            }
            _ => return Err(PictureError::Damaged),
        };
        Ok(Self { width: frame.width as usize, bytes })
    }

    fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(4)
    }

    /// The box around the pixels that are seen: left, top, width, height.
    fn seen(&self) -> Option<(usize, usize, u32, u32)> {
        let seen = |pixel: &[u8]| pixel[3] >= SEEN;
        let (mut left, mut right, mut top, mut bottom) = (usize::MAX, 0, usize::MAX, 0);
        for (y, row) in self.bytes.chunks_exact(4 * self.width).enumerate() {
            let mut pixels = row.chunks_exact(4);
            if let Some(first) = pixels.clone().position(seen) {
                left = left.min(first);
                right = right.max(pixels.rposition(seen).unwrap_or(first));
                top = top.min(y);
                bottom = y;
            }
        }
        let length = |from: usize, to: usize| u32::try_from(to + 1 - from).ok();
        (left != usize::MAX).then_some(())?;
        Some((left, top, length(left, right)?, length(top, bottom)?))
    }

    /// A part of the picture as a PNG of its own.
    fn part(
        &self,
        left: usize,
        top: usize,
        width: u32,
        height: u32,
    ) -> Result<Arc<[u8]>, PictureError> {
        let rows = self.bytes.chunks_exact(4 * self.width).skip(top).take(height as usize);
        let row = |row: &'_ [u8]| row[4 * left..4 * (left + width as usize)].to_vec();
        let pixels: Vec<u8> = rows.flat_map(row).collect();
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, width, height);
        encoder.set_color(ColorType::Rgba);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().map_err(|_| PictureError::Damaged)?;
        writer.write_image_data(&pixels).map_err(|_| PictureError::Damaged)?;
        writer.finish().map_err(|_| PictureError::Damaged)?;
        Ok(out.into())
    }

    /// The colour that most of the pixels that are seen have.
    fn colour(&self) -> Colour {
        let mut counts = [0usize; COLOURS.len()];
        for pixel in self.all().filter(|pixel| pixel[3] >= SEEN) {
            counts[colour(pixel[0], pixel[1], pixel[2]) as usize] += 1;
        }
        let most = COLOURS.into_iter().max_by_key(|colour| counts[*colour as usize]);
        most.unwrap_or(Colour::Grey)
    }
}

/// The name of a colour by its hue; light and dark inks are of one hue.
fn colour(red: u8, green: u8, blue: u8) -> Colour {
    let [red, green, blue] = [red, green, blue].map(f64::from);
    let most = red.max(green).max(blue);
    let spread = most - red.min(green).min(blue);
    if spread <= SATURATION * most {
        return Colour::Grey;
    }
    let sixth = if most - red < 0.5 {
        ((green - blue) / spread).rem_euclid(6.0)
    } else if most - green < 0.5 {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    match sixth * 60.0 {
        hue if !(20.0..330.0).contains(&hue) => Colour::Red,
        hue if hue < 75.0 => Colour::Yellow,
        hue if hue < 180.0 => Colour::Green,
        hue if hue < 270.0 => Colour::Blue,
        _ => Colour::Violet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_are_called_by_their_names() {
        let inks = [
            ((0, 0, 139), Colour::Blue),
            ((20, 40, 120), Colour::Blue),
            ((65, 105, 225), Colour::Blue),
            ((150, 190, 240), Colour::Blue),
            ((10, 10, 20), Colour::Blue),
            ((227, 30, 36), Colour::Red),
            ((120, 10, 20), Colour::Red),
            ((240, 150, 160), Colour::Red),
            ((20, 20, 20), Colour::Grey),
            ((255, 255, 255), Colour::Grey),
            ((200, 170, 20), Colour::Yellow),
            ((20, 140, 60), Colour::Green),
            ((130, 30, 160), Colour::Violet),
        ];
        for ((red, green, blue), name) in inks {
            assert_eq!(colour(red, green, blue), name, "{red} {green} {blue}");
        }
    }

    #[test]
    fn what_is_no_picture_is_told() {
        assert_eq!(Picture::read("a", b"GIF89a"), Err(PictureError::NotPng));
        let start = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(Picture::read("a", start), Err(PictureError::Damaged));
    }
}
