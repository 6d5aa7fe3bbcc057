use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use unicode_normalization::UnicodeNormalization;

use crate::base::Bilingual;
use crate::input::{FileError, Files, Node, NodeValue, inside};

/// The longest name of a file that comes along, in bytes: as long as a path may be on
/// Windows, in letters of three bytes.
const LONGEST: usize = 260 * 3;

/// Files that came along with the data, by the paths that the data give them. A path is a
/// name here and nothing more: nothing is read from the machine.
#[derive(Debug, Default)]
pub struct Parts(BTreeMap<String, Part>);

#[derive(Debug)]
struct Part {
    bytes: Bytes,
    /// Whether anybody asked for it.
    asked: AtomicBool,
}

/// Why a file that came along is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// It has no name.
    #[error(
        "a file has no name: call the part as the data names the file, or `file` with that as file name"
    )]
    Nameless,
    /// Its name is too long.
    #[error("the name of a file is longer than {LONGEST} bytes")]
    Long,
    /// Its name is no path that data can give.
    #[error(
        "`{0}` is no name of a file: a path relative to the data, with `/` between folders and no `..` out of them"
    )]
    Outside(String),
    /// There is another of this name.
    #[error("two files are called `{0}`")]
    Twice(String),
}

impl PartError {
    /// The message in both languages.
    pub fn message(&self) -> Bilingual {
        let vi = match self {
            Self::Nameless => {
                "một tệp không có tên: đặt tên phần theo tên tệp ghi trong dữ liệu, hoặc đặt là `file` và ghi tên đó làm tên tệp".to_owned()
            }
            Self::Long => format!("tên tệp dài hơn {LONGEST} byte"),
            Self::Outside(name) => format!(
                "`{name}` không phải là tên tệp: cần đường dẫn tương đối so với dữ liệu, các thư mục cách nhau bằng `/`, không dùng `..` để ra ngoài"
            ),
            Self::Twice(name) => format!("có hai tệp cùng tên `{name}`"),
        };
        Bilingual::new(vi, self.to_string())
    }
}

impl Parts {
    /// The path in its shortest form by which data can name a file that is called so.
    ///
    /// # Errors
    ///
    /// If data cannot.
    pub fn path(name: &str) -> Result<String, PartError> {
        if name.len() > LONGEST {
            return Err(PartError::Long);
        }
        if name.trim().is_empty() {
            return Err(PartError::Nameless);
        }
        let name: String = name.nfc().collect();
        match inside(&name) {
            Some(path) if !path.is_empty() => Ok(path),
            _ => Err(PartError::Outside(name.escape_debug().to_string())),
        }
    }

    /// Adds a file under the path that [`Parts::path`] gives of its name.
    ///
    /// # Errors
    ///
    /// If its name cannot be used or is taken.
    pub fn add(&mut self, name: &str, bytes: impl Into<Bytes>) -> Result<(), PartError> {
        let path = Self::path(name)?;
        if self.0.contains_key(&path) {
            return Err(PartError::Twice(path));
        }
        self.0.insert(path, Part { bytes: bytes.into(), asked: AtomicBool::new(false) });
        Ok(())
    }

    /// The files that the data do not name: nobody asked for them until now, and no text of
    /// the data is their path.
    pub fn unnamed(&self, data: &Node) -> Vec<&str> {
        let unasked = self.0.iter().filter(|(_, part)| !part.asked.load(Ordering::Relaxed));
        let unasked = unasked.map(|(path, _)| path.as_str());
        unasked.filter(|path| !names(data, path)).collect()
    }
}

/// Whether some text of the data is a path.
fn names(data: &Node, path: &str) -> bool {
    match &data.value {
        NodeValue::Scalar(_) => data.text().and_then(inside).as_deref() == Some(path),
        NodeValue::List(items) => items.iter().any(|item| names(item, path)),
        NodeValue::Object(entries) => entries.iter().any(|entry| names(&entry.node, path)),
    }
}

impl Files for Parts {
    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, FileError> {
        let part = self.0.get(path).ok_or(FileError::Missing)?;
        part.asked.store(true, Ordering::Relaxed);
        // One byte more tells that there are more.
        Ok(part.bytes[..part.bytes.len().min(most.saturating_add(1))].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_path_that_the_data_give() {
        let mut parts = Parts::default();
        // Letters and marks apart, as some systems name files.
        parts.add("./giâ\u{301}y/a.jpg", vec![1, 2, 3]).expect("a name");
        assert_eq!(parts.read("gi\u{1ea5}y/a.jpg", 9).expect("there"), [1, 2, 3]);
        assert_eq!(parts.read("gi\u{1ea5}y/a.jpg", 1).expect("there"), [1, 2]);
        assert_eq!(parts.read("b.jpg", 9), Err(FileError::Missing));
        let twice = parts.add("gi\u{1ea5}y//a.jpg", Vec::new());
        assert_eq!(twice, Err(PartError::Twice("gi\u{1ea5}y/a.jpg".to_owned())));
        for name in ["../a.jpg", "/etc/passwd", "a\\b.jpg", "C:a.jpg", "a\n.jpg", ".", "a/.."] {
            assert!(matches!(Parts::path(name), Err(PartError::Outside(_))), "{name:?}");
        }
        assert_eq!(Parts::path(" "), Err(PartError::Nameless));
        assert_eq!(Parts::path(&"a".repeat(LONGEST + 1)), Err(PartError::Long));
    }

    #[test]
    fn files_that_nothing_names_are_told() {
        let mut parts = Parts::default();
        for name in ["a.jpg", "b.jpg", "c.jpg"] {
            parts.add(name, Vec::new()).expect("a name");
        }
        parts.read("a.jpg", 1).expect("there");
        let data = b"dossier: {outside: [{file: ./b.jpg}]}\n";
        let (_, node) = crate::input::read("x.yaml", data).expect("well-formed");
        assert_eq!(parts.unnamed(&node), ["c.jpg"]);
    }
}
