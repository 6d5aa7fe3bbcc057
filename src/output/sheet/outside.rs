use lopdf::{Document, LoadOptions, Object, ObjectId, StringFormat};

use super::picture::Picture;
use super::stamp::seen;
use super::{picture, scan};
use crate::base::{Bilingual, Digest};

/// The size that a file from outside may have: a book of colour scans has less.
pub const MOST_BYTES: usize = 256 * 1024 * 1024;
/// What a compressed part of a PDF may become.
const MOST_UNPACKED: usize = 512 * 1024 * 1024;

/// What a file from outside is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutsideKind {
    /// A finished document; it may be signed.
    Pdf,
    /// A scanned page.
    Jpeg,
    /// A scanned page.
    Png,
    /// Scanned pages.
    Tiff,
}

/// Why a file from outside cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    /// It is no PDF, JPEG, PNG or TIFF.
    #[error("it is no PDF, JPEG, PNG or TIFF")]
    UnknownKind,
    /// It is encrypted, with a password or without.
    #[error("it is encrypted")]
    Encrypted,
    /// It cannot be read to its end.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Its pixels are of a kind that is not read.
    #[error("its kind of colours is not supported")]
    Unsupported,
    /// It is larger than a paper of a dossier can be.
    #[error("it is too large")]
    TooLarge,
    /// There is nothing to print.
    #[error("it has no pages")]
    NoPages,
    /// It is not the file that was read before.
    #[error("it was changed while the dossier was being built")]
    Changed,
}

impl OutsideError {
    /// The message in both languages.
    pub fn message(&self) -> Bilingual {
        let vi = match self {
            Self::UnknownKind => "không phải tệp PDF, JPEG, PNG hay TIFF".to_owned(),
            Self::Encrypted => "tệp bị mã hóa hoặc đặt mật khẩu".to_owned(),
            Self::Damaged(detail) => format!("tệp hỏng, không đọc được đến hết ({detail})"),
            Self::Unsupported => "kiểu màu của ảnh không được hỗ trợ".to_owned(),
            Self::TooLarge => "tệp quá lớn".to_owned(),
            Self::NoPages => "tệp không có trang nào".to_owned(),
            Self::Changed => "tệp bị thay đổi trong lúc đang lập hồ sơ".to_owned(),
        };
        Bilingual::new(vi, self.to_string())
    }
}

/// A file from outside, read and ready to be printed. It is as large as the file and
/// more: what is to be known of it for longer is its [`Survey`].
#[derive(Debug)]
pub struct Outside {
    kind: OutsideKind,
    digest: Digest,
    /// A PDF: the file itself, or the sheets made of a scan.
    pub(super) pdf: Vec<u8>,
    pub(super) document: Document,
    pub(super) pages: Vec<ObjectId>,
    /// Width and height of the pages as they are seen, in points.
    pub(super) sizes: Vec<(f64, f64)>,
}

/// What the first reading of a file from outside found: enough to number its pages and
/// to know it again.
#[derive(Debug, Clone)]
pub struct Survey {
    kind: OutsideKind,
    digest: Digest,
    /// The length of its pages as PDF.
    bytes: usize,
    /// Width and height of the pages as they are seen, in points.
    pub(super) sizes: Vec<(f64, f64)>,
    /// Its pages, when its objects are numbered from 1.
    pub(super) pages: Vec<ObjectId>,
    /// How many objects it has.
    pub(super) objects: u32,
}

impl OutsideKind {
    /// What the first bytes say.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let start = bytes.get(..1024).unwrap_or(bytes);
        match start {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Self::Tiff),
            _ if start.windows(5).any(|window| window == b"%PDF-") => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The ending of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Tiff => "tif",
        }
    }
}

impl Outside {
    /// Reads a file: a PDF as it is, a scan as sheets of A4.
    ///
    /// # Errors
    ///
    /// If it cannot be printed as it is, for example because it is encrypted or damaged.
    pub fn read(bytes: Vec<u8>) -> Result<Self, OutsideError> {
        if bytes.len() > MOST_BYTES {
            return Err(OutsideError::TooLarge);
        }
        let digest = Digest::of(&bytes);
        Self::of(bytes, digest, false)
    }

    /// Reads a file that was read before.
    ///
    /// # Errors
    ///
    /// If it is not the same any more.
    pub fn again(bytes: Vec<u8>, survey: &Survey) -> Result<Self, OutsideError> {
        if Digest::of(&bytes) != survey.digest {
            return Err(OutsideError::Changed);
        }
        Self::of(bytes, survey.digest, true)
    }

    fn of(bytes: Vec<u8>, digest: Digest, seen_before: bool) -> Result<Self, OutsideError> {
        let kind = OutsideKind::of(&bytes).ok_or(OutsideError::UnknownKind)?;
        let pictures = match kind {
            OutsideKind::Pdf => None,
            OutsideKind::Jpeg => Some(picture::jpeg(&bytes, seen_before)?),
            OutsideKind::Png => Some(picture::png(&bytes)?),
            OutsideKind::Tiff => Some(picture::tiff(&bytes)?),
        };
        let pdf = match pictures {
            None => bytes,
            Some(pictures) => {
                drop(bytes);
                of_scan(pictures, &digest)?
            }
        };
        let options =
            LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
        let document = Document::load_mem_with_options(&pdf, options).map_err(unreadable)?;
        if document.is_encrypted() || document.was_encrypted() {
            return Err(OutsideError::Encrypted);
        }
        if document.xref_recovery.is_some() {
            // What could be gathered may not be all.
            return Err(OutsideError::Damaged("its table of contents is broken".to_owned()));
        }
        let pages: Vec<ObjectId> = document.page_iter().collect();
        if pages.is_empty() {
            return Err(OutsideError::NoPages);
        }
        let mut sizes = Vec::with_capacity(pages.len());
        for page in &pages {
            check(&document, *page)?;
            let (_, visible) = seen(&document, *page).map_err(unreadable)?;
            sizes.push(visible.size());
        }
        Ok(Self { kind, digest, pdf, document, pages, sizes })
    }

    /// What is to be known of it when it is not there any more.
    pub fn survey(mut self) -> Survey {
        self.document.renumber_objects_with(1);
        Survey {
            kind: self.kind,
            digest: self.digest,
            bytes: self.pdf.len(),
            sizes: self.sizes,
            pages: self.document.page_iter().collect(),
            objects: self.document.max_id,
        }
    }

    /// What the file is.
    pub fn kind(&self) -> OutsideKind {
        self.kind
    }

    /// How many pages it is printed on.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// The pages as PDF: the file itself, or the sheets made of a scan.
    pub fn pdf(&self) -> &[u8] {
        &self.pdf
    }
}

impl Survey {
    /// What the file is.
    pub fn kind(&self) -> OutsideKind {
        self.kind
    }

    /// How many pages it is printed on.
    pub fn pages(&self) -> usize {
        self.sizes.len()
    }

    /// How many bytes its pages have as PDF.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// The sheets of a scan, as a PDF whose identity is that of the scan: the library gives
/// it a random one.
fn of_scan(pictures: Vec<Picture>, scanned: &Digest) -> Result<Vec<u8>, OutsideError> {
    let made = scan::sheets(pictures);
    let mut document = Document::load_mem(&made).map_err(unreadable)?;
    let mut bytes = made;
    bytes.clear();
    let id = Object::String(scanned.bytes()[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    document.save_to(&mut bytes).map_err(|error| OutsideError::Damaged(error.to_string()))?;
    Ok(bytes)
}

fn unreadable(error: lopdf::Error) -> OutsideError {
    match error {
        lopdf::Error::InvalidPassword
        | lopdf::Error::Unimplemented(_)
        | lopdf::Error::Decryption(_)
        | lopdf::Error::UnsupportedSecurityHandler(_) => OutsideError::Encrypted,
        other => OutsideError::Damaged(other.to_string()),
    }
}

/// Whether what a page is drawn with is there.
fn check(document: &Document, page: ObjectId) -> Result<(), OutsideError> {
    for stream in document.get_page_contents(page) {
        let object = document.get_object(stream).and_then(lopdf::Object::as_stream);
        object.map_err(|error| OutsideError::Damaged(error.to_string()))?;
    }
    Ok(())
}
