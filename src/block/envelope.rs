use serde::Serialize;

use super::{Confirmation, Inline, Kind, Photo, RecipientLine, Recipients, Signature};
use crate::viet::{PartialDate, document_number};

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
    /// Whether there is no line of number and symbol.
    pub unnumbered: bool,
    /// Whether its text ends without the mark `./.`: a cover or an index, which is no text.
    pub unmarked: bool,
    /// Whether there is no line of place and date (biên bản, Mẫu 1.9).
    pub undated: bool,
    /// Where kind and subject stand.
    pub heading: Heading,
    /// What the form of a decree is called, such as `Mẫu số 33`: it stands at the top
    /// on the right, and what the form prints is printed as it is. `None` for a
    /// document of Nghị định 30/2020/NĐ-CP.
    pub form: Option<String>,
    /// How the header is arranged.
    pub header: Header,
    /// The frame for a photograph, on the left beside the header or below it.
    pub photo: Option<Photo>,
    /// The line of number and symbol, where a form has one of its own.
    pub own_number_line: Option<Vec<Inline>>,
    /// The line of place and date, where a form has one of its own.
    pub own_place_date: Option<Vec<Inline>>,
    /// The subject (trích yếu), in lines.
    pub subject: Vec<String>,
    /// To whom the document is addressed above its text (Kính gửi).
    pub addressees: Option<Addressees>,
    /// Marks of urgency, circulation and draft.
    pub marks: Marks,
    /// The legal bases (căn cứ).
    pub bases: Vec<Vec<Inline>>,
    /// Who decides, and the word of decision (nghị quyết, quyết định).
    pub enacting: Option<Enacting>,
    /// The recipients (nơi nhận); forms may have none.
    pub recipients: Option<Recipients>,
    /// The signature block; forms that several people sign have one in their body.
    pub signature: Option<Signature>,
    /// Who signs beside it, from left to right.
    pub co_signatures: Vec<Signature>,
    /// Room for the confirmation of another body.
    pub confirmation: Option<Confirmation>,
    /// Address, telephone and the like, at the foot of the first page
    /// (PL1-III.4), in lines.
    pub contact: Vec<String>,
}

/// Where kind and subject of a document stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Heading {
    /// The kind and below it the subject, in the middle (PL1-II.5.b).
    #[default]
    Named,
    /// No kind; the subject below the number, as `V/v …` (công văn,
    /// PL1-II.5.b).
    About,
}

/// How agency names, Quốc hiệu and Tiêu ngữ are arranged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Header {
    /// The agency on the left, Quốc hiệu and Tiêu ngữ on the right (PL1-IV).
    #[default]
    Beside,
    /// Quốc hiệu and Tiêu ngữ in the middle of the page, no agency: papers of
    /// citizens and minutes.
    Centered,
    /// Nothing.
    None,
}

/// Those to whom a document is addressed (PL1-II.9.c).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Addressees {
    /// The words before them, without the colon: `Kính gửi`.
    pub lead: String,
    /// Who they are, without marks.
    pub names: Vec<String>,
    /// Notes of a form, which stand after the last of them.
    pub notes: Vec<Inline>,
}

impl Addressees {
    /// The lines with their marks: one alone has none, several end with `;` and
    /// the last with `.` (PL1-II.9.c).
    pub fn lines(&self) -> Vec<String> {
        let bare = |name: &String| name.trim_end_matches([';', '.', ' ']).to_owned();
        if let [name] = self.names.as_slice() {
            return vec![bare(name)];
        }
        let last = self.names.len().saturating_sub(1);
        let mark = |at: usize| if at == last { "." } else { ";" };
        self.names.iter().enumerate().map(|(at, name)| bare(name) + mark(at)).collect()
    }
}

/// The lines around the legal bases of a resolution or decision (Mẫu 1.1 to 1.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Enacting {
    /// Who decides, in lines and capitals.
    pub authority: Vec<String>,
    /// `QUYẾT ĐỊNH` or `QUYẾT NGHỊ`.
    pub words: String,
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
    /// Notes of a form, which stand after the superior.
    pub superior_notes: Vec<Inline>,
    /// Notes of a form, which stand after the name.
    pub name_notes: Vec<Inline>,
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

impl Marks {
    /// The words of the draft and of circulation, which stand in the top margin.
    pub fn in_margin(&self) -> Vec<&str> {
        let draft = self.draft.then_some("DỰ THẢO");
        draft.into_iter().chain(self.circulation.as_deref()).collect()
    }
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

/// Quốc hiệu (PL1-II.1.a).
pub const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
/// Tiêu ngữ (PL1-II.1.b).
pub const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";

/// The width of a blank day or month, in digits.
const DATE_BLANK: u8 = 5;
/// The width of a blank number, in digits.
const NUMBER_BLANK: u8 = 8;

impl Envelope {
    /// Those who sign, from left to right; none where the body says who.
    pub fn signatures(&self) -> impl DoubleEndedIterator<Item = &Signature> {
        self.co_signatures.iter().chain(&self.signature)
    }

    /// The lines below `Nơi nhận:`.
    pub fn recipient_lines(&self) -> Vec<RecipientLine> {
        self.recipients.as_ref().map(Recipients::lines).unwrap_or_default()
    }

    /// The symbol: code of the kind, `-`, code of the agency (PL1-II.3.b).
    pub fn symbol(&self) -> String {
        if self.kind.code.is_empty() {
            self.issuer.symbol.clone()
        } else {
            format!("{}-{}", self.kind.code, self.issuer.symbol)
        }
    }

    /// The words before the subject where it stands below the number.
    pub fn about(&self) -> &'static str {
        match self.heading {
            Heading::About => "V/v ",
            Heading::Named => "",
        }
    }

    /// The lines of the subject where it stands below the number; otherwise none.
    pub fn about_lines(&self) -> Vec<String> {
        let mut lines = match self.heading {
            Heading::About => self.subject.clone(),
            Heading::Named => Vec::new(),
        };
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, self.about());
        }
        lines
    }

    /// The line of number and symbol: `Số: 06/KH-UBND` (PL1-II.3.c).
    pub fn number_line(&self) -> Vec<Inline> {
        if let Some(line) = &self.own_number_line {
            return line.clone();
        }
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
        if let Some(line) = &self.own_place_date {
            return line.clone();
        }
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
}
