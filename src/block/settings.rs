use serde::Serialize;

use super::Orientation;

/// The numbers of the layout that the decree leaves open within a range.
///
/// Lengths in millimetres and sizes in points, as the decree gives them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// The sizes of the header.
    pub sizes: SizeSet,
    /// Size of the text, headings, subject and signature, 13 to 14 pt.
    pub text_size: f64,
    /// Size of the text in tables; the decree gives none.
    pub table_size: f64,
    /// The margins.
    pub margins: Margins,
    /// How the paper lies in front of the annexes, which say so themselves. The decree
    /// has it upright, across for tables that have no room otherwise (PL1-I.2).
    pub orientation: Orientation,
    /// First-line indent in millimetres: 10 or 12.7 (PL1-II.6.e).
    pub indent: f64,
    /// Gap between paragraphs in points, at least 6 (PL1-II.6.e).
    pub paragraph_gap: f64,
    /// Line spacing, 1 to 1.5 (PL1-II.6.e).
    pub line_spacing: f64,
    /// Length of the rule under the issuer, 1/3 to 1/2 of the line (PL1-II.2.b).
    pub agency_rule: f64,
    /// Length of the rule under the subject, 1/3 to 1/2 of the line (PL1-II.5.b).
    pub subject_rule: f64,
    /// How sections are numbered.
    pub numbering: Numbering,
}

/// Margins in millimetres (PL1-I.3).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Margins {
    /// 20 to 25.
    pub top: f64,
    /// 20 to 25.
    pub bottom: f64,
    /// 30 to 35.
    pub left: f64,
    /// 15 to 20.
    pub right: f64,
}

/// The two sets of sizes that the footnote of PL1-V names: Quốc hiệu, Tiêu
/// ngữ, place and date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum SizeSet {
    /// 13, 14 and 14 pt.
    #[default]
    #[serde(rename = "13-14-14")]
    Large,
    /// 12, 13 and 13 pt.
    #[serde(rename = "12-13-13")]
    Small,
}

impl SizeSet {
    /// The size of Quốc hiệu and agency names, in points.
    pub fn names(self) -> f64 {
        match self {
            Self::Large => 13.0,
            Self::Small => 12.0,
        }
    }

    /// The size of Tiêu ngữ, place and date, and the marks, in points.
    pub fn motto(self) -> f64 {
        match self {
            Self::Large => 14.0,
            Self::Small => 13.0,
        }
    }
}

/// How sections are numbered, from the first level down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Numbering {
    /// `I.` `1.` `a)` `-`: structure (b) of the decree.
    #[default]
    #[serde(rename = "I-1-a")]
    Roman,
    /// `1.` `a)` `-` `+`: the same from the second level on.
    #[serde(rename = "1-a")]
    Arabic,
    /// `I.` `1.` `1.1.` `a)`: a house rule; the decree has no `1.1.`.
    #[serde(rename = "I-1-1.1")]
    RomanDecimal,
    /// `1.` `1.1.` `1.1.1.` `a)`: a house rule.
    #[serde(rename = "1-1.1")]
    Decimal,
}

impl Settings {
    /// How wide the text is on paper that lies so, in millimetres.
    pub fn text_width(&self, orientation: Orientation) -> f64 {
        orientation.paper().0 - self.margins.left - self.margins.right
    }
}

impl Default for Settings {
    /// The defaults, all inside the ranges of the decree.
    fn default() -> Self {
        Self {
            sizes: SizeSet::Large,
            text_size: 14.0,
            table_size: 13.0,
            margins: Margins { top: 20.0, bottom: 20.0, left: 30.0, right: 20.0 },
            orientation: Orientation::Portrait,
            indent: 10.0,
            paragraph_gap: 6.0,
            line_spacing: 1.15,
            agency_rule: 0.4,
            subject_rule: 0.4,
            numbering: Numbering::Roman,
        }
    }
}
