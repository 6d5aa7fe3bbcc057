use std::io::{self, Write};

use serde::Serialize;

use super::print::{CLOSING, COVER, INDEX};
use super::{BoundPaper, BuildError, Dossier, PaperContent};
use crate::base::{Digest, Measured};
use crate::input::Files;
use crate::output::{Archive, OutputError};

use super::super::{Format, Renderer};

/// Where the files of a dossier go, one after the other.
pub trait Sink {
    /// Takes a file. Its path has `/` between folders.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Takes a file of at most so many bytes that `write` writes piece by piece.
    ///
    /// # Errors
    ///
    /// If it cannot be written; what `write` fails with.
    fn put_pieces(&mut self, path: &str, most: u64, write: &mut Pieces<'_>) -> io::Result<()>;
}

/// Writes a file piece by piece.
pub type Pieces<'a> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'a;

impl<W: Write> Sink for Archive<W> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        Ok(self.add(path, bytes)?)
    }

    fn put_pieces(&mut self, path: &str, most: u64, write: &mut Pieces<'_>) -> io::Result<()> {
        self.add_pieces(path, most, write)
    }
}

/// `manifest.json`: every file of the archive. Version 1.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    version: u8,
    program: String,
    procedure: &'a str,
    /// The hash of the case.
    data: Digest,
    numbered_by: &'static str,
    papers: Vec<PaperEntry<'a>>,
    files: Vec<FileEntry>,
}

/// A paper of the dossier.
#[derive(Debug, Serialize)]
struct PaperEntry<'a> {
    paper: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<TemplateEntry<'a>>,
    pages: usize,
    sheets: usize,
    first: String,
    last: String,
    files: Vec<String>,
}

#[derive(Debug, Serialize)]
struct TemplateEntry<'a> {
    id: &'a str,
    version: &'a str,
}

/// A file of the archive.
#[derive(Debug, Serialize)]
struct FileEntry {
    path: String,
    bytes: u64,
    sha256: Digest,
}

/// All stamps of a paper have fewer bytes.
const MOST_STAMPS: u64 = 1 << 26;
/// The folders of the archive.
const PRINTS: &str = "Bản in";
const PAPERS: &str = "Giấy tờ";
const ORIGINALS: &str = "Tệp gốc từ bên ngoài";

impl Renderer {
    /// Writes a dossier with all that belongs to it: each paper as PDF and Word file,
    /// what came from outside as it is and with its numbers, a print set for each set
    /// of the procedure, `MUC-LUC.txt` and `manifest.json`. Files are made one after the
    /// other and not kept, neither is what comes from outside: of the sheets of a set there
    /// is never more than one paper.
    ///
    /// # Errors
    ///
    /// If a file from outside cannot be used, which findings name, if a layout fails, or
    /// if the sink does not take a file.
    pub fn write_dossier(
        &self,
        dossier: &mut Dossier,
        files: &dyn Files,
        sink: &mut dyn Sink,
    ) -> Result<(), BuildError> {
        let mut log = Log { sink, files: Vec::new() };
        let mut of_papers: Vec<Vec<String>> = Vec::new();
        // What needs no numbers comes first, so that something goes out at once.
        for (at, paper) in dossier.papers.iter().enumerate() {
            let mut paths = Vec::new();
            if let PaperContent::Made(composed) = &paper.content {
                // A Word file needs no layout: the archive begins with one.
                for format in [Format::Docx, Format::Pdf] {
                    let path = paper_path(PAPERS, at, paper, format.extension());
                    log.put(&path, &self.write(composed, format)?)?;
                    paths.push(path);
                }
            }
            of_papers.push(paths);
        }
        self.number(dossier, files)?;
        for (at, paper) in dossier.papers.iter().enumerate() {
            let Some((bytes, survey)) = dossier.file_again(paper, files)? else { continue };
            let path = paper_path(ORIGINALS, at, paper, survey.kind().extension());
            log.put(&path, &bytes)?;
            of_papers[at].push(path);
            let mut pages = Some(dossier.pages_again(paper, bytes, survey)?);
            let path = paper_path(PAPERS, at, paper, Format::Pdf.extension());
            let most = survey.bytes() as u64 + MOST_STAMPS;
            log.put_pieces(&path, most, &mut |to| match pages.take() {
                Some(pages) => self.stamped_copy(dossier, paper, pages, to),
                None => Ok(()),
            })?;
            of_papers[at].push(path);
        }
        let sets = dossier.completeness.sets.clone();
        let several: Vec<_> =
            if sets.is_empty() { vec![None] } else { sets.iter().map(Some).collect() };
        for (at, set) in several.iter().enumerate() {
            let title = set.map_or("Hồ sơ", |set| set.title.as_str());
            let path = format!("{PRINTS}/{}. {}.pdf", at + 1, file_name(title));
            let most = Self::most_bytes(dossier, *set);
            log.put_pieces(&path, most, &mut |to| self.print_set(dossier, *set, files, to))?;
        }
        let composed = self.record_papers(dossier, &dossier.record(several[0]))?;
        for (title, composed) in [COVER, INDEX, CLOSING].into_iter().zip(&composed) {
            for output in self.write_all(composed, &[Format::Docx])? {
                let path = format!("{PAPERS}/00. {title}.{}", output.format.extension());
                log.put(&path, &output.files.concat())?;
            }
        }
        log.put("MUC-LUC.txt", contents(dossier, &of_papers).as_bytes())?;
        let manifest = manifest(dossier, &of_papers, std::mem::take(&mut log.files));
        let manifest = serde_json::to_string_pretty(&manifest).map_err(io::Error::other)?;
        log.sink.put("manifest.json", (manifest + "\n").as_bytes())?;
        Ok(())
    }
}

/// A sink that keeps the hashes of what goes through.
struct Log<'a> {
    sink: &'a mut dyn Sink,
    files: Vec<FileEntry>,
}

impl Log<'_> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let sha256 = Digest::of(bytes);
        self.files.push(FileEntry { path: path.to_owned(), bytes: bytes.len() as u64, sha256 });
        self.sink.put(path, bytes)
    }

    fn put_pieces(
        &mut self,
        path: &str,
        most: u64,
        write: &mut dyn FnMut(&mut dyn Write) -> Result<(), BuildError>,
    ) -> Result<(), BuildError> {
        // A sink knows of files only; why one was not made is kept beside it.
        let (mut failure, mut measures) = (None, None);
        let taken = self.sink.put_pieces(path, most, &mut |to| {
            let mut to = Measured::new(to);
            match write(&mut to) {
                Ok(()) => measures = Some(to.finish()),
                Err(error) => failure = Some(error),
            }
            if failure.is_some() { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
        });
        match (failure, taken, measures) {
            (Some(error), ..) => Err(error),
            (None, Err(error), _) => Err(error.into()),
            (None, Ok(()), measures) => {
                let (bytes, sha256) = measures.unwrap_or((0, Digest::of(&[])));
                self.files.push(FileEntry { path: path.to_owned(), bytes, sha256 });
                Ok(())
            }
        }
    }
}

fn manifest<'a>(
    dossier: &'a Dossier,
    of_papers: &[Vec<String>],
    files: Vec<FileEntry>,
) -> Manifest<'a> {
    let case = &dossier.completeness.case;
    let papers = dossier.papers.iter().zip(of_papers).map(|(paper, paths)| {
        let sheets = paper.count(&dossier.numbering);
        let number = |number| dossier.numbering.number(number);
        PaperEntry {
            paper: &paper.key,
            title: &paper.title,
            number: paper.number.as_deref(),
            date: paper.date.as_deref(),
            template: match &paper.content {
                PaperContent::Made(composed) => {
                    let manifest = &composed.checked.template.manifest;
                    Some(TemplateEntry { id: &manifest.id, version: &manifest.version })
                }
                PaperContent::Outside { .. } => None,
            },
            pages: paper.pages,
            sheets,
            first: number(paper.first),
            last: number(paper.first + sheets - 1),
            files: paths.clone(),
        }
    });
    Manifest {
        version: 1,
        program: format!("vanban {}", env!("CARGO_PKG_VERSION")),
        procedure: &case.procedure.id,
        data: Digest::of(case.source.text().as_bytes()),
        numbered_by: if dossier.numbering.per_page { "page" } else { "sheet" },
        papers: papers.collect(),
        files,
    }
}

/// `MUC-LUC.txt`: what is in the archive, for people. Line ends are those of Windows,
/// whose editor in old offices knows no others.
fn contents(dossier: &Dossier, of_papers: &[Vec<String>]) -> String {
    let procedure = &dossier.completeness.case.procedure;
    let mut out = format!("{}\r\n{} – {}\r\n\r\n", procedure.title, procedure.id, procedure.clause);
    for (at, (paper, paths)) in dossier.papers.iter().zip(of_papers).enumerate() {
        let last = paper.first + paper.count(&dossier.numbering) - 1;
        let (first, last) = (dossier.numbering.number(paper.first), dossier.numbering.number(last));
        let span = if first == last { first } else { format!("{first}–{last}") };
        let number = paper.number.as_deref().map(|number| format!(", số {number}"));
        let date = paper.date.as_deref().map(|date| format!(", ngày {date}"));
        out.push_str(&format!(
            "{}. {}{}{} – bút lục {span}\r\n",
            at + 1,
            paper.title,
            number.unwrap_or_default(),
            date.unwrap_or_default()
        ));
        for path in paths {
            out.push_str(&format!("   {path}\r\n"));
        }
    }
    out
}

fn paper_path(folder: &str, at: usize, paper: &BoundPaper, ending: &str) -> String {
    format!("{folder}/{:02}. {}.{ending}", at + 1, file_name(&paper.title))
}

/// The longest name of a file, in characters: the whole path must fit what Windows
/// allows.
const LONGEST: usize = 80;
/// Characters that Windows does not allow in names.
const FORBIDDEN: [char; 9] = ['<', '>', ':', '"', '/', '\\', '|', '?', '*'];

/// A title as the name of a file that every system takes.
fn file_name(title: &str) -> String {
    let plain = |c: char| if FORBIDDEN.contains(&c) || c.is_control() { ' ' } else { c };
    let mut name = String::new();
    for word in title.chars().map(plain).collect::<String>().split_whitespace() {
        if name.chars().count() + word.chars().count() >= LONGEST {
            break;
        }
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    // A name must not end in a dot.
    name.trim_end_matches(['.', ',', ';', '(', ' ']).to_owned()
}

impl From<OutputError> for io::Error {
    fn from(error: OutputError) -> Self {
        Self::other(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_by_every_system() {
        assert_eq!(file_name("Biên bản: giao/nhận"), "Biên bản giao nhận");
        assert_eq!(file_name("Quyết định."), "Quyết định");
        let long = file_name(&"giấy tờ ".repeat(40));
        assert!(long.chars().count() < LONGEST && long.ends_with("tờ"));
    }

    #[test]
    fn the_same_files_make_the_same_archive() {
        let archive = || {
            let mut sink = Archive::new(Vec::new());
            sink.put("Bản in/1. Bản gốc.pdf", b"%PDF").expect("taken");
            sink.put("MUC-LUC.txt", "mục lục".as_bytes()).expect("taken");
            sink.finish().expect("finished")
        };
        assert_eq!(archive(), archive());
    }
}
