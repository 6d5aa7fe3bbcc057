use crate::base::{Finding, Place, SourceText};

/// The largest data file, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The deepest nesting of lists and objects.
pub const MAX_DEPTH: usize = 64;
/// How many values aliases may repeat in all.
pub(super) const MAX_REPEATED: usize = 100_000;

/// Checks size, encoding and characters of a data file.
///
/// The findings name at most one place for each kind of unwanted character.
pub(super) fn check(name: &str, bytes: &[u8]) -> Result<SourceText, Vec<Finding>> {
    let nowhere = |text: &str| SourceText::new(name, text);
    if bytes.len() > MAX_BYTES {
        let finding = Finding::new("IN02")
            .with("size", format!("{:.1}", mebibytes(bytes.len())))
            .with("limit", format!("{:.0}", mebibytes(MAX_BYTES)));
        return Err(vec![finding.at(whole(nowhere("")))]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => nowhere(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let source = nowhere(&valid);
            let end = source.text().len();
            let place = Place { source, span: end..end, pointer: String::new() };
            return Err(vec![Finding::new("IN01").at(place)]);
        }
    };
    let findings: Vec<Finding> = text
        .text()
        .char_indices()
        .filter(|(_, c)| is_unwanted(*c))
        .take(20)
        .map(|(at, c)| {
            Finding::new("IN05").with("character", format!("U+{:04X}", u32::from(c))).at(Place {
                source: text.clone(),
                span: at..at + c.len_utf8(),
                pointer: String::new(),
            })
        })
        .collect();
    if findings.is_empty() { Ok(text) } else { Err(findings) }
}

/// Control characters other than tab and line ends, invisible characters, and the
/// private-use characters that converted legacy fonts leave behind.
fn is_unwanted(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}'
        | '\u{86}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fffe}' | '\u{ffff}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

pub(super) fn whole(source: SourceText) -> Place {
    Place { source, span: 0..0, pointer: String::new() }
}

#[expect(clippy::cast_precision_loss, reason = "a size shown with one decimal")]
fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}
