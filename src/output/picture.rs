/// A chart, or a part of one that fills a page, as a picture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// Its width in millimetres.
    pub width: f64,
    /// Its height in millimetres.
    pub height: f64,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// As PNG, with enough pixels for print.
    pub png: Vec<u8>,
    /// As SVG, without words: letters are outlines.
    pub svg: String,
}

/// The pictures of the charts of a document: one list for each chart, in reading
/// order, body before annexes.
pub type Pictures = Vec<Vec<Picture>>;
