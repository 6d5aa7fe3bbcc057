use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::pipeline::Format;

/// Where a document goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To files, one for each format.
    Files(Vec<PathBuf>),
    /// To standard output.
    Stdout,
}

impl Target {
    /// The target of a data file: as asked for (`-` is standard output), or beside the
    /// data file with the extension of each format. What comes from standard input
    /// goes to standard output.
    ///
    /// A path that is asked for is taken as it is for one format; for several, each
    /// gets its own extension, in the place of that of a known format.
    pub fn new(input: &Path, asked: Option<&Path>, formats: &[Format]) -> Self {
        let stdio = Path::new("-");
        match (asked, formats) {
            (Some(path), _) if path == stdio => Self::Stdout,
            (None, _) if input == stdio => Self::Stdout,
            (Some(path), [_]) => Self::Files(vec![path.to_owned()]),
            (Some(path), several) => {
                Self::Files(several.iter().map(|format| in_format(path, *format)).collect())
            }
            (None, formats) => {
                let beside = |format: &Format| input.with_extension(format.extension());
                Self::Files(formats.iter().map(beside).collect())
            }
        }
    }

    /// The place of one of several documents: `plan.pdf` becomes
    /// `plan.PART.pdf`.
    #[must_use]
    pub fn part(self, part: &str) -> Self {
        let Self::Files(paths) = self else { return self };
        Self::Files(paths.iter().map(|path| renamed(path, &format!(".{part}"))).collect())
    }

    /// The files of a format that makes `count` of them: several pages are numbered,
    /// `plan.svg` becomes `plan-1.svg`, with as many digits as the last needs.
    pub fn pages(path: &Path, count: usize) -> Vec<PathBuf> {
        if count == 1 {
            return vec![path.to_owned()];
        }
        let digits = count.to_string().len();
        (1..=count).map(|page| renamed(path, &format!("-{page:0digits$}"))).collect()
    }
}

/// A path with the extension of a format; what is no extension of a format is a part
/// of the name, such as the year in `ke-hoach.2026`.
fn in_format(path: &Path, format: Format) -> PathBuf {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if extension.and_then(Format::of_extension).is_some() {
        return path.with_extension(format.extension());
    }
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}", format.extension()));
    path.with_file_name(name)
}

/// A path with something more before its extension.
fn renamed(path: &Path, more: &str) -> PathBuf {
    let mut name: OsString = path.file_stem().unwrap_or_default().to_os_string();
    name.push(more);
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: [Format; 1] = [Format::Pdf];
    const BOTH: [Format; 2] = [Format::Pdf, Format::Docx];

    fn files(paths: &[&str]) -> Target {
        Target::Files(paths.iter().map(PathBuf::from).collect())
    }

    #[test]
    fn the_target_lies_beside_the_data() {
        let input = Path::new("a/plan.yaml");
        assert_eq!(Target::new(input, None, &PDF), files(&["a/plan.pdf"]));
        assert_eq!(Target::new(input, None, &BOTH), files(&["a/plan.pdf", "a/plan.docx"]));
        assert_eq!(Target::new(input, Some(Path::new("-")), &PDF), Target::Stdout);
        assert_eq!(Target::new(Path::new("-"), None, &PDF), Target::Stdout);
        let part = Target::new(Path::new("a.b/plan.v1.yaml"), None, &PDF).part("plan-extract");
        assert_eq!(part, files(&["a.b/plan.v1.plan-extract.pdf"]));
    }

    #[test]
    fn a_path_that_is_asked_for_serves_several_formats() {
        let asked = |path: &str, formats: &[Format]| {
            Target::new(Path::new("plan.yaml"), Some(Path::new(path)), formats)
        };
        assert_eq!(asked("x/a.bin", &PDF), files(&["x/a.bin"]));
        assert_eq!(asked("x/a.PDF", &BOTH), files(&["x/a.pdf", "x/a.docx"]));
        assert_eq!(asked("x/a.2026", &BOTH), files(&["x/a.2026.pdf", "x/a.2026.docx"]));
        let stdin = Target::new(Path::new("-"), Some(Path::new("a")), &BOTH);
        assert_eq!(stdin, files(&["a.pdf", "a.docx"]));
    }

    #[test]
    fn several_pages_are_numbered_so_that_they_sort() {
        let pages = |count| Target::pages(Path::new("a/plan.svg"), count);
        assert_eq!(pages(1), [Path::new("a/plan.svg")]);
        assert_eq!(pages(2), [Path::new("a/plan-1.svg"), Path::new("a/plan-2.svg")]);
        assert_eq!(pages(10)[0], Path::new("a/plan-01.svg"));
        assert_eq!(pages(10)[9], Path::new("a/plan-10.svg"));
    }
}
