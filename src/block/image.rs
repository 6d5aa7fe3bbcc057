use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// The most that the image of a handwritten signature takes up on paper, width and
/// height in millimetres: it stands between title and name (PL1-II.7.d).
pub const SIGNATURE_ROOM: (f64, f64) = (50.0, 25.0);

/// A picture: a PNG without a margin around what it shows.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Image {
    /// What the data calls it.
    pub path: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// The PNG.
    #[serde(skip)]
    pub bytes: Arc<[u8]>,
}

/// The pictures of a document, by the names that its data gives them.
pub type Images = BTreeMap<String, Image>;

/// The image of an agency's seal (PL1-II.8.a).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Seal {
    /// The picture.
    pub image: Image,
    /// The true size of the seal in millimetres: the longer side of what the
    /// picture shows.
    pub diameter: f64,
}

impl Image {
    /// Width and height in millimetres of the picture that fills a room of this
    /// width and height as far as its shape allows.
    pub fn fitted(&self, room: (f64, f64)) -> (f64, f64) {
        let (width, height) = (f64::from(self.width.max(1)), f64::from(self.height.max(1)));
        let scale = (room.0 / width).min(room.1 / height);
        (width * scale, height * scale)
    }
}

impl Seal {
    /// What the image shows, for those who do not see it.
    pub fn alt(issuer: &str) -> String {
        format!("Dấu của {issuer}")
    }

    /// Width and height on paper, in millimetres.
    pub fn size(&self) -> (f64, f64) {
        self.image.fitted((self.diameter, self.diameter))
    }
}

/// Without the bytes.
impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}, {} × {} px)", self.path, self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_shape() {
        let image = Image { width: 400, height: 100, ..Image::default() };
        assert_eq!(image.fitted(SIGNATURE_ROOM), (50.0, 12.5));
        let image = Image { width: 100, height: 100, ..Image::default() };
        assert_eq!(image.fitted(SIGNATURE_ROOM), (25.0, 25.0));
        assert_eq!(Seal { image, diameter: 36.0 }.size(), (36.0, 36.0));
    }
}
