//! From the bytes of a data file to values with places, checked by the
//! template's schema, with references resolved.

mod agencies;
mod files;
mod images;
mod limits;
mod node;
mod paper_file;
mod papers;
mod picture;
mod plain;
mod read;
mod reference;
mod syntax;
pub mod table;
mod validate;

pub use agencies::name_agencies;
pub use files::{FileError, Files, NoFiles, inside};
pub use images::{ImageError, MAX_IMAGE_BYTES, MAX_IMAGES, Motif, NamedImage, images};
pub use limits::{
    MAX_BYTES, MAX_DEPTH, MAX_FINDINGS, MAX_KEYS, MAX_LIST_BYTES, MAX_VALUES, shorten,
};
pub use node::{Entry, Node, NodeValue, Scalar, push_index, push_part};
pub use paper_file::{PAPER_ENDINGS, PaperFileError, paper_file};
pub use papers::{PAPERS, own_values};
pub use picture::{Colour, MAX_PIXELS, Picture, PictureError};
pub use read::{Item, read, read_list};
pub use reference::resolve;
pub use validate::validate;
