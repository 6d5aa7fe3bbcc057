use super::files::inside;
use super::node::Path;
use super::{FileError, Files, Node, Picture, PictureError};

/// The most bytes that an image may have.
pub const MAX_IMAGE_BYTES: usize = 2 << 20;
/// The most images that a document may have.
pub const MAX_IMAGES: usize = 40;

/// What an image is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Motif {
    /// A handwritten signature.
    Signature,
    /// A seal of this diameter in millimetres.
    Seal(f64),
}

/// An image that the data names.
#[derive(Debug)]
pub struct NamedImage {
    /// The JSON pointer of the name.
    pub pointer: String,
    /// The name: a path relative to the data file.
    pub path: String,
    /// What it is of.
    pub motif: Motif,
    /// The image, or why there is none.
    pub picture: Result<Picture, ImageError>,
}

/// Why an image cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageError {
    /// Its path leaves the folder of the data file.
    Outside,
    /// It cannot be read.
    File(FileError),
    /// It has more than [`MAX_IMAGE_BYTES`].
    Heavy,
    /// There are more than [`MAX_IMAGES`] before it.
    TooMany,
    /// It is no picture.
    Picture(PictureError),
}

/// Reads the images of all signatures of the data, in the order of the file. A
/// signature is an object with a `title` (the shared definition `signature`).
pub fn images(data: &Node, files: &dyn Files) -> Vec<NamedImage> {
    let mut found = Vec::new();
    collect(data, &Path::Root, &mut found);
    let mut images: Vec<NamedImage> = Vec::new();
    for (at, (pointer, path, motif)) in found.into_iter().enumerate() {
        let known = images.iter().find(|other| other.path == path);
        let picture = match known {
            Some(known) => known.picture.clone(),
            None if at >= MAX_IMAGES => Err(ImageError::TooMany),
            None => read(&path, files),
        };
        images.push(NamedImage { pointer, path, motif, picture });
    }
    images
}

fn read(path: &str, files: &dyn Files) -> Result<Picture, ImageError> {
    let inside = inside(path).ok_or(ImageError::Outside)?;
    let bytes = files.read(&inside, MAX_IMAGE_BYTES).map_err(ImageError::File)?;
    if bytes.len() > MAX_IMAGE_BYTES {
        return Err(ImageError::Heavy);
    }
    Picture::read(path, &bytes).map_err(ImageError::Picture)
}

fn collect(node: &Node, path: &Path<'_>, found: &mut Vec<(String, String, Motif)>) {
    if node.child("title").is_some() {
        if let Some(image) = node.child("image").and_then(Node::text) {
            found.push((path.pointer() + "/image", image.to_owned(), Motif::Signature));
        }
        if let Some(image) = node.at("/seal/image").and_then(Node::text) {
            let diameter = node.at("/seal/diameter").and_then(Node::spelling);
            let diameter = diameter.and_then(|text| text.parse().ok()).unwrap_or_default();
            found.push((path.pointer() + "/seal/image", image.to_owned(), Motif::Seal(diameter)));
        }
    }
    for entry in node.entries() {
        collect(&entry.node, &Path::Key(path, &entry.key), found);
    }
    for (at, item) in node.items().iter().enumerate() {
        collect(item, &Path::Item(path, at), found);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;

    /// Files that must not be asked for.
    #[derive(Debug)]
    struct Locked;

    impl Files for Locked {
        fn read(&self, path: &str, _: usize) -> Result<Vec<u8>, FileError> {
            panic!("`{path}` was read")
        }
    }

    fn data(text: &str) -> Node {
        super::super::read("x.yaml", text.as_bytes()).expect("the data is YAML").1
    }

    #[test]
    fn no_file_outside_the_folder_is_asked_for() {
        let data = data("signature: {title: A, image: ../a.png, seal: {image: /b.png}}");
        let found = images(&data, &Locked);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|one| one.picture == Err(ImageError::Outside)), "{found:?}");
    }

    #[test]
    fn large_files_and_many_are_refused() {
        let heavy: Arc<[u8]> = vec![0; MAX_IMAGE_BYTES + 1].into();
        let files = BTreeMap::from([("a.png".to_owned(), heavy)]);
        let one = data("signature: {title: A, image: a.png}");
        assert_eq!(images(&one, &files)[0].picture, Err(ImageError::Heavy));
        let lines = (0..=MAX_IMAGES).map(|at| format!("- {{title: A, image: {at}.png}}\n"));
        let many = data(&format!("signatures:\n{}", lines.collect::<String>()));
        let found = images(&many, &files);
        assert_eq!(found[MAX_IMAGES - 1].picture, Err(ImageError::File(FileError::Missing)));
        assert_eq!(found[MAX_IMAGES].picture, Err(ImageError::TooMany));
        assert_eq!(found[MAX_IMAGES].pointer, format!("/signatures/{MAX_IMAGES}/image"));
    }
}
