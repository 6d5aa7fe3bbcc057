use super::{Composed, Renderer};
use crate::output::pdf::Paged;
use crate::output::{self, OutputError, Pictures};

/// A format of the finished document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PDF/A-2a and PDF/UA-1.
    Pdf,
    /// A Word file.
    Docx,
    /// A web page in one file.
    Html,
    /// Plain text in UTF-8.
    Text,
    /// A picture of each page, made of lines.
    Svg,
    /// A picture of each page, made of pixels.
    Png,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 6] =
        [Self::Pdf, Self::Docx, Self::Html, Self::Text, Self::Svg, Self::Png];

    /// The ending of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Html => "html",
            Self::Text => "txt",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    /// The format of files with an ending, in capitals or not.
    pub fn of_extension(extension: &str) -> Option<Self> {
        let same = |format: &Self| extension.eq_ignore_ascii_case(format.extension());
        Self::ALL.into_iter().find(same)
    }

    /// The same, where it is made of laid-out pages.
    fn paged(self) -> Option<Paged> {
        match self {
            Self::Pdf => Some(Paged::Pdf),
            Self::Svg => Some(Paged::Svg),
            Self::Png => Some(Paged::Png),
            Self::Docx | Self::Html | Self::Text => None,
        }
    }
}

/// A document in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The format.
    pub format: Format,
    /// The file; of pictures one for each page, in their order.
    pub files: Vec<Vec<u8>>,
}

impl Renderer {
    /// Writes a composed document in a format.
    ///
    /// # Errors
    ///
    /// If the layout fails, or the document has more than one page and the format a
    /// file for each; [`write_all`](Self::write_all) gives all of them.
    pub fn write(&self, composed: &Composed, format: Format) -> Result<Vec<u8>, OutputError> {
        let mut files =
            self.write_all(composed, &[format])?.into_iter().flat_map(|output| output.files);
        match (files.next(), files.count()) {
            (Some(only), 0) => Ok(only),
            (_, others) => Err(OutputError::SeveralFiles(others + 1)),
        }
    }

    /// Writes a composed document in some formats, in the order in which they are asked
    /// for. Pages are laid out once for all formats that are made of them, and not at
    /// all for the others, unless there are charts to draw.
    ///
    /// # Errors
    ///
    /// If one of them cannot be written.
    pub fn write_all(
        &self,
        composed: &Composed,
        formats: &[Format],
    ) -> Result<Vec<Output>, OutputError> {
        self.write_all_watched(composed, formats, &mut |_| {})
    }

    /// The same, telling `laid_out` how many pages there are when they are laid out and
    /// before a file is written; of formats without pages it is told nothing.
    ///
    /// # Errors
    ///
    /// If one of them cannot be written.
    pub fn write_all_watched(
        &self,
        composed: &Composed,
        formats: &[Format],
        laid_out: &mut dyn FnMut(usize),
    ) -> Result<Vec<Output>, OutputError> {
        let mut pages = self.pages(composed, formats, laid_out)?.into_iter();
        let drawn = formats.iter().any(|one| matches!(one, Format::Docx | Format::Html));
        let charts = if drawn { self.charts(composed)? } else { Pictures::new() };
        let document = &composed.document;
        let output = |format: &Format| {
            let files = match format {
                Format::Pdf | Format::Svg | Format::Png => pages.next().unwrap_or_default(),
                Format::Docx => vec![output::docx(document, &charts, self.as_of)?],
                Format::Html => vec![output::html(document, &charts).into_bytes()],
                Format::Text => vec![output::text(document).into_bytes()],
            };
            Ok(Output { format: *format, files })
        };
        formats.iter().map(output).collect()
    }

    /// The files of every format that is made of pages.
    fn pages(
        &self,
        composed: &Composed,
        formats: &[Format],
        laid_out: &mut dyn FnMut(usize),
    ) -> Result<Vec<Vec<Vec<u8>>>, OutputError> {
        let paged: Vec<Paged> = formats.iter().filter_map(|format| format.paged()).collect();
        if paged.is_empty() {
            return Ok(Vec::new());
        }
        let layout = &composed.checked.template.manifest.layout;
        self.press().pages(layout, &self.view(composed), &paged, laid_out)
    }

    /// The pictures of the charts of a composed document.
    ///
    /// # Errors
    ///
    /// If their layout fails.
    pub fn charts(&self, composed: &Composed) -> Result<Pictures, OutputError> {
        // The fonts and layouts are not read where there is nothing to draw.
        let charts = crate::block::charts(&composed.document);
        if charts.iter().all(|(chart, _)| chart.period().is_none()) {
            return Ok(vec![Vec::new(); charts.len()]);
        }
        self.press().charts(&composed.document)
    }
}
