use serde::Serialize;

use super::{Inline, Kind};
use crate::viet::{PartialDate, document_number, upper};

/// Everything around the body of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Envelope {
    /// The kind, with its code.
    pub kind: Kind,
    /// Paper or electronic.
    pub medium: Medium,
    /// The issuing agency and its superior.
    pub issuer: Issuer,
    /// The number, blank until it is known.
    pub number: Option<String>,
    /// Where the document is issued, blank until it is known.
    pub place: Option<String>,
    /// When it is issued, blank as far as it is not known.
    pub date: Option<PartialDate>,
    /// The subject (trích yếu), in lines.
    pub subject: Vec<String>,
    /// Marks of urgency, circulation and draft.
    pub marks: Marks,
    /// The legal bases (căn cứ).
    pub bases: Vec<Vec<Inline>>,
    /// The recipients (nơi nhận).
    pub recipients: Recipients,
    /// The signature block.
    pub signature: Signature,
}

/// Whether the document is issued on paper or electronically.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// On paper.
    #[default]
    Paper,
    /// Electronic; reference lines of annexes stay blank (PL1-III.1.c).
    Electronic,
}

/// The agency names of box 2 (PL1-II.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Issuer {
    /// The direct superior, in lines and capitals; empty for none.
    pub superior: Vec<String>,
    /// The issuing agency, in lines and capitals.
    pub name: Vec<String>,
    /// The agency's part of the symbol, such as `UBND`.
    pub symbol: String,
    /// The name as written in a sentence.
    pub in_text: String,
}

/// The marks of boxes 10b and 11, and of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// The urgency.
    pub urgency: Option<Urgency>,
    /// The words that limit circulation.
    pub circulation: Option<String>,
    /// Whether the document is a draft.
    pub draft: bool,
}

/// The degrees of urgency (PL1-III.2.b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// HỎA TỐC
    Flash,
    /// THƯỢNG KHẨN
    Immediate,
    /// KHẨN
    Urgent,
}

impl Urgency {
    /// The words of the mark.
    pub fn text(self) -> &'static str {
        match self {
            Self::Flash => "HỎA TỐC",
            Self::Immediate => "THƯỢNG KHẨN",
            Self::Urgent => "KHẨN",
        }
    }

    /// Width of the frame in millimetres; its height is always 8.
    pub fn width(self) -> u8 {
        match self {
            Self::Flash => 30,
            Self::Immediate => 40,
            Self::Urgent => 20,
        }
    }
}

/// Who receives the document (PL1-II.9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recipients {
    /// Recipients of the paper, or of the document where nothing else is said.
    pub paper: Vec<Recipient>,
    /// Recipients of the electronic document.
    pub electronic: Vec<Recipient>,
    /// The archive line.
    pub archive: Archive,
}

/// One recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// Who.
    pub name: String,
    /// What for, such as `b/c`.
    pub purpose: Option<String>,
    /// How many copies.
    pub copies: Option<u32>,
}

/// The last line of the recipients: `Lưu: VT, …`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Archive {
    /// The unit that drafted the document.
    pub unit: Option<String>,
    /// The symbol of the person who drafted it.
    pub drafter: Option<String>,
    /// How many copies are kept.
    pub copies: Option<u32>,
}

/// A line below `Nơi nhận:`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientLine {
    /// The name of a group, such as `Bản điện tử:`.
    Group(String),
    /// A recipient or the archive line, without its dash.
    Entry(String),
}

/// The signature block (PL1-II.7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The lines of authority above the title, such as `TM. ỦY BAN NHÂN DÂN`.
    pub authority: Vec<Authority>,
    /// Whether the signer acts as head (`Q.` before the title).
    pub acting: bool,
    /// The signer's title.
    pub title: String,
    /// Another post, printed above the name.
    pub other_title: Option<String>,
    /// The signer's name, blank until it is known.
    pub name: Option<String>,
}

/// A line of authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// `TM.`, `TL.`, `TUQ.` or `KT.`
    pub form: String,
    /// On whose behalf, or for whom.
    pub of: String,
}

/// The width of a blank day or month, in digits.
const DATE_BLANK: u8 = 5;
/// The width of a blank number, in digits.
const NUMBER_BLANK: u8 = 8;

impl Envelope {
    /// The symbol: code of the kind, `-`, code of the agency (PL1-II.3.b).
    pub fn symbol(&self) -> String {
        if self.kind.code.is_empty() {
            self.issuer.symbol.clone()
        } else {
            format!("{}-{}", self.kind.code, self.issuer.symbol)
        }
    }

    /// The line of number and symbol: `Số: 06/KH-UBND` (PL1-II.3.c).
    pub fn number_line(&self) -> Vec<Inline> {
        let mut line = vec![Inline::text("Số: ")];
        line.extend(self.number_inlines(NUMBER_BLANK));
        line
    }

    fn number_inlines(&self, blank: u8) -> Vec<Inline> {
        match &self.number {
            Some(number) => {
                vec![Inline::text(format!("{}/{}", document_number(number), self.symbol()))]
            }
            None => vec![Inline::Blank(blank), Inline::text(format!("/{}", self.symbol()))],
        }
    }

    /// The line of place and date, in full (PL1-II.4).
    pub fn place_date_line(&self) -> Vec<Inline> {
        let mut line = match &self.place {
            Some(place) => vec![Inline::text(format!("{place}, "))],
            None => vec![Inline::Blank(DATE_BLANK * 2), Inline::text(", ")],
        };
        line.extend(date_inlines(self.date));
        merge(line)
    }

    /// `(Kèm theo Kế hoạch số … ngày … tháng … năm … của …)` (PL1-III.1.c).
    pub fn reference_line(&self) -> Vec<Inline> {
        let mut line = vec![Inline::text(format!("(Kèm theo {} số ", self.kind.name))];
        match self.medium {
            Medium::Paper => {
                line.extend(self.number_inlines(DATE_BLANK));
                line.push(Inline::text(" "));
                line.extend(date_inlines(self.date));
            }
            Medium::Electronic => {
                line.push(Inline::Blank(DATE_BLANK));
                line.push(Inline::text(format!("/{} ", self.symbol())));
                line.extend(date_inlines(None));
            }
        }
        line.push(Inline::text(format!(" của {})", self.issuer.in_text)));
        merge(line)
    }
}

fn date_inlines(date: Option<PartialDate>) -> Vec<Inline> {
    let part = |text: Option<String>| text.map_or(Inline::Blank(DATE_BLANK), Inline::Text);
    vec![
        Inline::text("ngày "),
        part(date.and_then(PartialDate::day_text)),
        Inline::text(" tháng "),
        part(date.and_then(PartialDate::month_text)),
        Inline::text(" năm "),
        part(date.map(|date| date.year.to_string())),
    ]
}

/// Joins neighbouring texts, so that known lines are one text.
fn merge(line: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(line.len());
    for inline in line {
        match (out.last_mut(), inline) {
            (Some(Inline::Text(last)), Inline::Text(text)) => last.push_str(&text),
            (_, inline) => out.push(inline),
        }
    }
    out
}

impl Recipients {
    /// The lines below `Nơi nhận:` with their closing marks: `;` after each,
    /// `.` after the archive line, which is the last (PL1-II.9.d).
    pub fn lines(&self) -> Vec<RecipientLine> {
        let entry = |recipient: &Recipient| RecipientLine::Entry(format!("{};", recipient.text()));
        let mut lines: Vec<RecipientLine> = self.paper.iter().map(entry).collect();
        if !self.electronic.is_empty() {
            lines.push(RecipientLine::Group("Bản điện tử:".to_owned()));
            lines.extend(self.electronic.iter().map(entry));
        }
        lines.push(RecipientLine::Entry(self.archive.text()));
        lines
    }
}

impl Recipient {
    fn text(&self) -> String {
        let copies = self.copies.map(|copies| format!("{copies:02} bản"));
        let notes: Vec<&str> =
            self.purpose.as_deref().into_iter().chain(copies.as_deref()).collect();
        let name = self.name.trim_end_matches([';', '.', ' ']);
        if notes.is_empty() { name.to_owned() } else { format!("{name} ({})", notes.join("; ")) }
    }
}

impl Archive {
    fn text(&self) -> String {
        let mut text = String::from("Lưu: VT");
        for part in [&self.unit, &self.drafter].into_iter().flatten() {
            text.push_str(", ");
            text.push_str(part.trim_end_matches('.'));
        }
        if let Some(copies) = self.copies {
            text.push_str(&format!(" ({copies:02}b)"));
        }
        text.push('.');
        text
    }
}

impl Signature {
    /// The lines of authority and title, in capitals and order.
    pub fn title_lines(&self) -> Vec<String> {
        let title = if self.acting { format!("Q. {}", self.title) } else { self.title.clone() };
        self.authority
            .iter()
            .map(|line| format!("{} {}", line.form, line.of))
            .chain([title])
            .map(|line| upper(&line))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::plain_text;
    use super::*;

    fn envelope(number: Option<&str>, date: Option<&str>) -> Envelope {
        Envelope {
            kind: Kind { name: "Kế hoạch".into(), code: "KH".into() },
            issuer: Issuer {
                symbol: "UBND".into(),
                in_text: "Ủy ban nhân dân xã Định Mỹ".into(),
                ..Issuer::default()
            },
            number: number.map(str::to_owned),
            place: Some("Định Mỹ".into()),
            date: date.map(|date| date.parse().expect("a date")),
            ..Envelope::default()
        }
    }

    #[test]
    fn known_numbers_and_dates_are_written_as_the_decree_asks() {
        let envelope = envelope(Some("6"), Some("2026-08-05"));
        assert_eq!(envelope.number_line(), [Inline::text("Số: "), Inline::text("06/KH-UBND")]);
        assert_eq!(envelope.place_date_line(), [Inline::text("Định Mỹ, ngày 05 tháng 8 năm 2026")]);
        assert_eq!(
            plain_text(&envelope.reference_line()),
            "(Kèm theo Kế hoạch số 06/KH-UBND ngày 05 tháng 8 năm 2026 của Ủy ban nhân dân xã Định Mỹ)"
        );
    }

    #[test]
    fn unknown_parts_are_blanks() {
        let envelope = envelope(None, Some("2026"));
        assert!(envelope.number_line().contains(&Inline::Blank(NUMBER_BLANK)));
        let line = envelope.place_date_line();
        assert_eq!(line.iter().filter(|inline| **inline == Inline::Blank(DATE_BLANK)).count(), 2);
        assert_eq!(line.last(), Some(&Inline::text(" năm 2026")));
    }

    #[test]
    fn an_electronic_reference_line_is_blank() {
        let mut envelope = envelope(Some("6"), Some("2026-08-05"));
        envelope.medium = Medium::Electronic;
        let text = plain_text(&envelope.reference_line());
        assert!(!text.contains("06") && !text.contains("2026"), "{text}");
    }

    #[test]
    fn the_archive_line_is_last_and_ends_with_a_full_stop() {
        let recipients = Recipients {
            paper: vec![Recipient {
                name: "UBND tỉnh;".into(),
                purpose: Some("b/c".into()),
                copies: Some(2),
            }],
            electronic: vec![],
            archive: Archive {
                unit: Some("LĐTBXH".into()),
                drafter: Some("H".into()),
                copies: Some(45),
            },
        };
        assert_eq!(
            recipients.lines(),
            [
                RecipientLine::Entry("UBND tỉnh (b/c; 02 bản);".into()),
                RecipientLine::Entry("Lưu: VT, LĐTBXH, H (45b).".into()),
            ]
        );
    }

    #[test]
    fn authority_lines_are_in_capitals() {
        let signature = Signature {
            authority: vec![
                Authority { form: "TM.".into(), of: "Ủy ban nhân dân".into() },
                Authority { form: "KT.".into(), of: "Chủ tịch".into() },
            ],
            title: "Phó Chủ tịch".into(),
            ..Signature::default()
        };
        assert_eq!(
            signature.title_lines(),
            ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
        );
    }
}
