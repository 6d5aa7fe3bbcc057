use std::ops::Range;

use crate::base::{Bilingual, Finding, SourceText};

/// What the parser says, what that means to the writer of the file, and how to
/// mend it, where the hint of the rule does not help.
struct Words {
    said: &'static str,
    vi: &'static str,
    hint: Option<(&'static str, &'static str)>,
}

const fn words(
    said: &'static str,
    vi: &'static str,
    hint: Option<(&'static str, &'static str)>,
) -> Words {
    Words { said, vi, hint }
}

const SPACES: Option<(&str, &str)> = Some((
    "thụt các dòng cùng cấp bằng số dấu cách như nhau, không dùng phím Tab",
    "indent lines of one level by the same number of spaces, not by tabs",
));
const CLOSE: Option<(&str, &str)> = Some((
    "tìm dấu `,`, ngoặc hoặc dấu ngoặc kép còn thiếu ở dòng này hoặc các dòng trên",
    "look for a missing `,`, bracket or quote on this line or above it",
));
const KEY: Option<(&str, &str)> = Some((
    "viết `khóa: giá trị`, có dấu cách sau dấu hai chấm; mục của danh sách viết `- ` có dấu cách",
    "write `key: value` with a space after the colon, and `- ` with a space for list items",
));

/// In the order in which they are tried.
const TABLE: [Words; 19] = [
    words("tab", "thụt dòng bằng phím Tab", SPACES),
    words("mapping values are not allowed", "dấu `:` không được đứng ở đây", None),
    words("expected ',' or '}'", "thiếu dấu `,` hoặc `}` trước chỗ này", CLOSE),
    words("expected ',' or ']'", "thiếu dấu `,` hoặc `]` trước chỗ này", CLOSE),
    words("unclosed bracket", "ngoặc mở ở đây không được đóng", CLOSE),
    words("mismatched bracket", "ngoặc đóng không khớp với ngoặc mở", CLOSE),
    words("misplaced bracket", "ngoặc đóng không có ngoặc mở", CLOSE),
    words("unclosed quote", "dấu ngoặc kép không được đóng", CLOSE),
    words("multiline quoted scalar", "dấu ngoặc kép ở dòng trên không được đóng", CLOSE),
    words("trailing content", "có chữ thừa sau dấu ngoặc kép đóng", CLOSE),
    words("escape", "sau dấu `\\` trong ngoặc kép là ký tự không dùng được", None),
    words("simple key expected", "dòng này không có dấu `: ` sau khóa", KEY),
    words("expected '-' indicator", "dòng này thụt vào không khớp với các mục `- ` ở trên", SPACES),
    words("expected key", "dòng này thụt vào không khớp với các khóa ở trên", SPACES),
    words("sequence entries are not allowed", "dấu `- ` không được đứng ở đây", KEY),
    words("indent", "dòng này thụt vào không đúng", SPACES),
    words("unexpected character", "chữ không được bắt đầu bằng ký tự này", None),
    words("unknown anchor", "chữ không được bắt đầu bằng `*`", None),
    words("eof", "tệp kết thúc giữa chừng", CLOSE),
];

/// The finding for a message of the parser, and where the mistake is.
pub(super) fn finding(
    source: &SourceText,
    message: &str,
    span: Range<usize>,
) -> (Finding, Range<usize>) {
    let line = message.lines().next().unwrap_or_default();
    let said = line.rfind(" at line ").map_or(line, |at| &line[..at]).trim_end_matches('.');
    let lower = said.to_lowercase();
    let Some(words) = TABLE.iter().find(|words| lower.contains(words.said)) else {
        return (Finding::new("IN06").with("detail", said), span);
    };
    let finding = Finding::new("IN06").with("detail", Bilingual::new(words.vi, said));
    let finding = match words.hint {
        Some((vi, en)) => finding.hint(Bilingual::new(vi, en)),
        None => finding,
    };
    let span =
        if words.said == "tab" { indenting_tab(source, &span).unwrap_or(span) } else { span };
    (finding, span)
}

/// The tab that indents the line of a place, or the line after it: the parser
/// points at the text before the tab.
fn indenting_tab(source: &SourceText, span: &Range<usize>) -> Option<Range<usize>> {
    let start = source.text()[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let mut at = start;
    for line in source.text()[start..].split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return Some(at + tab..at + tab + 1);
        }
        at += line.len();
    }
    None
}
