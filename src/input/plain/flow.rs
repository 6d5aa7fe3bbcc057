use super::super::limits::MAX_DEPTH;
use super::super::read::nfc;
use super::super::{Entry, Node, NodeValue, Scalar};
use super::Reader;
use super::scalar::{Keys, scalar, starts_words};

impl Reader<'_> {
    /// An object or list in brackets. Its further lines start in column `least` or behind.
    pub(super) fn flow(&mut self, least: usize, depth: usize) -> Option<Node> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let start = self.cursor.at;
        let is_object = self.cursor.byte() == Some(b'{');
        self.cursor.at += 1;
        let value = if is_object {
            NodeValue::Object(self.flow_entries(least, depth)?)
        } else {
            NodeValue::List(self.flow_items(least, depth)?)
        };
        Some(Node { span: start..start + 1, value })
    }

    fn flow_entries(&mut self, least: usize, depth: usize) -> Option<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = Keys::default();
        while !self.closes(b'}', least)? {
            let quoted = matches!(self.cursor.byte(), Some(b'"' | b'\''));
            let (key, key_span) = if quoted {
                self.quoted()?
            } else {
                let span = self.cursor.key()?;
                self.cursor.at = span.end;
                (nfc(self.cursor.text[span.clone()].to_owned()), span)
            };
            if self.cursor.byte() != Some(b':') || key == "<<" || !keys.is_new(&key, &entries) {
                return None;
            }
            self.cursor.at += 1;
            self.skip_blank(least)?;
            let node = match self.cursor.byte()? {
                b',' | b'}' if quoted => return None,
                b',' | b'}' => Node {
                    span: key_span.end..key_span.end,
                    value: NodeValue::Scalar(Scalar::Null),
                },
                _ => self.flow_value(least, depth + 1)?,
            };
            entries.push(Entry { key, key_span, node });
            self.separated(b'}', least)?;
        }
        Some(entries)
    }

    fn flow_items(&mut self, least: usize, depth: usize) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        while !self.closes(b']', least)? {
            items.push(self.flow_value(least, depth + 1)?);
            self.separated(b']', least)?;
        }
        Some(items)
    }

    fn flow_value(&mut self, least: usize, depth: usize) -> Option<Node> {
        match self.cursor.byte()? {
            b'{' | b'[' => self.flow(least, depth),
            _ if depth >= MAX_DEPTH => None,
            b'"' | b'\'' => self.quoted_node(),
            _ => self.flow_words(),
        }
    }

    /// A text without quotation marks: it ends on its line, at a comma or bracket.
    fn flow_words(&mut self) -> Option<Node> {
        let start = self.cursor.at;
        let rest = self.cursor.rest();
        let bytes = rest.as_bytes();
        let ends = |byte: &u8| b",]}[{:#".contains(byte);
        let mut length = 0;
        loop {
            length += bytes[length..].iter().position(ends)?;
            match bytes[length] {
                b',' | b']' | b'}' => break,
                // Inside a time of day or an address.
                b':' if bytes.get(length + 1).is_some_and(u8::is_ascii_alphanumeric) => length += 1,
                _ => return None,
            }
        }
        let text = rest[..length].trim_end_matches(' ');
        if !starts_words(text) {
            return None;
        }
        self.cursor.at += length;
        Some(Node { span: start..start + text.len(), value: NodeValue::Scalar(scalar(text)?) })
    }

    /// Whether the bracket is closed here; then goes behind it.
    fn closes(&mut self, bracket: u8, least: usize) -> Option<bool> {
        self.skip_blank(least)?;
        let closes = self.cursor.byte()? == bracket;
        self.cursor.at += usize::from(closes);
        Some(closes)
    }

    /// Goes behind the comma after a value. Before a closing bracket there may be none.
    fn separated(&mut self, bracket: u8, least: usize) -> Option<()> {
        self.skip_blank(least)?;
        match self.cursor.byte()? {
            b',' => self.cursor.at += 1,
            byte if byte == bracket => {}
            _ => return None,
        }
        Some(())
    }

    /// Skips spaces and line ends between brackets.
    fn skip_blank(&mut self, least: usize) -> Option<()> {
        self.cursor.skip_spaces();
        if self.cursor.byte()? != b'\n' {
            return Some(());
        }
        while self.cursor.byte()? == b'\n' {
            self.cursor.break_line();
            self.cursor.skip_spaces();
        }
        // At the start of a line these may be marks between documents.
        let mark = self.cursor.column() == 0 && matches!(self.cursor.byte()?, b'-' | b'.');
        (self.cursor.column() >= least && !mark).then_some(())
    }
}
