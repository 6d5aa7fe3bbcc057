use super::super::read::nfc;
use super::super::{Node, NodeValue, Scalar};
use super::Reader;
use super::scalar::{scalar, starts_words};

impl<'a> Reader<'a> {
    /// A text without quotation marks. It goes on on lines that start behind the column.
    pub(super) fn words(&mut self, column: usize) -> Option<Node> {
        let start = self.cursor.at;
        let first = self.words_of_line()?;
        let mut end = start + first.len();
        let goes_on = |line: Option<usize>| line.is_some_and(|next| next > column);
        if !goes_on(self.line) {
            return Some(Node { span: start..end, value: NodeValue::Scalar(scalar(first)?) });
        }
        let mut text = first.to_owned();
        while goes_on(self.line) {
            // A comment ends a text.
            fold(&mut text, self.cursor.blanks?);
            let at = self.cursor.at;
            let more = self.words_of_line()?;
            text.push_str(more);
            end = at + more.len();
        }
        Some(Node { span: start..end, value: NodeValue::Scalar(scalar(&text)?) })
    }

    /// The words up to the end of the line or a comment; goes to the next line.
    fn words_of_line(&mut self) -> Option<&'a str> {
        let rest = self.cursor.rest();
        let comment = rest.find(" #");
        let words = rest[..comment.unwrap_or(rest.len())].trim_end_matches(' ');
        // What looks like a key stands at the wrong place.
        let key = words.ends_with(':') || words.contains(": ");
        if key || !starts_words(words) {
            return None;
        }
        self.cursor.break_line();
        self.line = self.cursor.next_line();
        if comment.is_some() {
            self.cursor.blanks = None;
        }
        Some(words)
    }

    /// The lines below `|` or `>`, which start behind the column.
    pub(super) fn lines(&mut self, column: usize) -> Option<Node> {
        let folded = self.cursor.byte() == Some(b'>');
        let stripped = match self.cursor.rest()[1..].trim_end_matches(' ') {
            "" => false,
            "-" => true,
            _ => return None,
        };
        self.cursor.break_line();
        self.cursor.skip_spaces();
        let (start, indent) = (self.cursor.at, self.cursor.column());
        if indent <= column || self.cursor.byte()? == b'\n' {
            return None;
        }
        let mut text = String::new();
        let end;
        loop {
            let line = self.cursor.rest();
            text.push_str(line);
            // The last line of the file has an end too; folded lines are not indented.
            if self.cursor.at + line.len() == self.cursor.text.len()
                || (folded && line.starts_with(' '))
            {
                return None;
            }
            self.cursor.break_line();
            let blanks = self.cursor.empty_lines();
            let spaces = self.cursor.rest().bytes().take_while(|byte| *byte == b' ').count();
            // A line of spaces alone.
            if spaces > 0 && spaces == self.cursor.rest().len() {
                return None;
            }
            if spaces < indent {
                end = self.cursor.at + spaces;
                break;
            }
            self.cursor.at += indent;
            if folded {
                fold(&mut text, blanks);
            } else {
                text.extend(std::iter::repeat_n('\n', blanks + 1));
            }
        }
        if !stripped {
            text.push('\n');
        }
        self.line = self.cursor.next_line();
        // Lines that are less indented, but no keys or items of what is around.
        if self.line.is_some_and(|next| next > column) {
            return None;
        }
        Some(Node { span: start..end, value: NodeValue::Scalar(Scalar::Text(nfc(text))) })
    }
}

/// Joins lines of one text: each empty line between them is a line end, and without one
/// there is a space.
fn fold(text: &mut String, empty: usize) {
    if empty == 0 {
        text.push(' ');
    }
    text.extend(std::iter::repeat_n('\n', empty));
}
