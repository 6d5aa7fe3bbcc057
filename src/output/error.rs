/// Why a document could not be written in a format.
///
/// These are failures of a layout or of the program: mistakes in the data are
/// findings and are found earlier.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The catalogue has no such layout.
    #[error("there is no layout `{0}`")]
    UnknownLayout(String),
    /// A font cannot be used.
    #[error("font `{name}`: {message}")]
    Font {
        /// The file name.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// The layout did not compile.
    #[error("the layout failed: {}", .0.join("; "))]
    Layout(Vec<String>),
    /// There are more files, one a page, than can be given.
    #[error("there are {0} pages, each of which is a file of its own")]
    SeveralFiles(usize),
    /// A Word file could not be read again.
    #[error("the Word file could not be read: {0}")]
    Package(String),
    /// A picture could not be written.
    #[error("the PNG file could not be written: {0}")]
    Png(String),
    /// The PDF could not be written.
    #[error("the PDF could not be written: {}", .0.join("; "))]
    Pdf(Vec<String>),
    /// A workbook could not be written.
    #[error("the workbook could not be written: {0}")]
    Workbook(String),
    /// The Word file could not be packed.
    #[error("the Word file could not be written: {0}")]
    Docx(String),
}
