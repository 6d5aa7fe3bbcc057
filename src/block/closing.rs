use serde::Serialize;

use super::{Image, Seal};
use crate::viet::upper;

/// Who receives the document (PL1-II.9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recipients {
    /// Recipients of the paper, or of the document where nothing else is said.
    pub paper: Vec<Recipient>,
    /// Recipients of the electronic document.
    pub electronic: Vec<Recipient>,
    /// The archive line.
    pub archive: Archive,
    /// The drafter's symbol and the copies printed, such as `PL.(300)`
    /// (PL1-III.3); it follows the archive line.
    pub print_run: Option<String>,
    /// The lines as a form prints them, instead of all that.
    pub printed: Vec<String>,
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
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Signature {
    /// The lines of authority above the title, such as `TM. ỦY BAN NHÂN DÂN`.
    pub authority: Vec<Authority>,
    /// Whether the signer acts as head (`Q.` before the title).
    pub acting: bool,
    /// The signer's title. A form may give several lines.
    pub title: String,
    /// Whether the title is printed as it is written, not in capitals.
    pub exact: bool,
    /// How to sign, below the title, as forms say it: `(Ký, ghi rõ họ tên)`.
    pub hint: Option<String>,
    /// Another post, printed above the name.
    pub other_title: Option<String>,
    /// The signer's name, blank until it is known.
    pub name: Option<String>,
    /// The image of the handwritten signature, on an electronic document
    /// (PL1-II.7.d).
    pub image: Option<Image>,
    /// The image of the seal over its left third (PL1-II.8.a).
    pub seal: Option<Seal>,
}

/// The room in which another body confirms something, below the recipients
/// (Mẫu 1.10).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// What is confirmed and by whom.
    pub words: String,
    /// Who signs it, blank until it is known.
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

impl Recipients {
    /// The lines below `Nơi nhận:` with their closing marks: `;` after each,
    /// `.` after the archive line, which is the last (PL1-II.9.d).
    pub fn lines(&self) -> Vec<RecipientLine> {
        if !self.printed.is_empty() {
            return self.printed.iter().cloned().map(RecipientLine::Entry).collect();
        }
        let entry = |recipient: &Recipient| RecipientLine::Entry(format!("{};", recipient.text()));
        let mut lines: Vec<RecipientLine> = self.paper.iter().map(entry).collect();
        if !self.electronic.is_empty() {
            lines.push(RecipientLine::Group("Bản điện tử:".to_owned()));
            lines.extend(self.electronic.iter().map(entry));
        }
        let mut archive = self.archive.text();
        if let Some(print_run) = &self.print_run {
            archive.push(' ');
            archive.push_str(print_run);
        }
        lines.push(RecipientLine::Entry(archive));
        lines
    }
}

/// More recipients than this may run over the page.
pub const MANY_RECIPIENTS: usize = 24;
/// A purpose with more bytes than this may be broken.
const LONG_PURPOSE: usize = 40;

/// A recipient in two: the name, and its purpose in brackets (`(để b/c)`), which is
/// not broken if it is short. `None` for one without such a purpose.
pub fn kept_purpose(text: &str) -> Option<(&str, &str)> {
    let (name, purpose) = text.split_at(text.rfind(" (")? + 1);
    (purpose.len() < LONG_PURPOSE).then_some((name, purpose))
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
    /// What the image of the signature shows, for those who do not see it.
    pub fn image_alt(&self) -> String {
        format!("Chữ ký của {}", self.name.as_deref().unwrap_or(&self.title))
    }

    /// The lines of authority and title, in capitals and order.
    pub fn title_lines(&self) -> Vec<String> {
        let title = if self.acting { format!("Q. {}", self.title) } else { self.title.clone() };
        self.authority
            .iter()
            .map(|line| format!("{} {}", line.form, line.of))
            .chain(title.lines().map(str::to_owned))
            .map(|line| if self.exact { line } else { upper(&line) })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            print_run: Some("PL.(300)".into()),
            printed: vec![],
        };
        assert_eq!(
            recipients.lines(),
            [
                RecipientLine::Entry("UBND tỉnh (b/c; 02 bản);".into()),
                RecipientLine::Entry("Lưu: VT, LĐTBXH, H (45b). PL.(300)".into()),
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
