use std::ops::Range;

/// A place in the text of a file.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    /// The byte that is read next.
    pub(super) at: usize,
    /// The first byte of its line.
    start: usize,
    /// How many blank lines the last search for a line passed over; none if there was a
    /// comment among them.
    pub(super) blanks: Option<usize>,
}

/// The most bytes of a key. YAML allows 1024 characters.
const LONGEST_KEY: usize = 200;

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, start: 0, blanks: Some(0) }
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.byte_at(self.at)
    }

    fn byte_at(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// How many bytes of the line lie before it: the column, where they are ASCII.
    pub(super) fn column(&self) -> usize {
        self.at - self.start
    }

    /// The rest of the line.
    pub(super) fn rest(&self) -> &'a str {
        let rest = &self.text[self.at..];
        rest.find('\n').map_or(rest, |end| &rest[..end])
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Whether nothing but a comment follows on the line. Spaces have been skipped.
    pub(super) fn ends_line(&self) -> bool {
        match self.byte() {
            None | Some(b'\n') => true,
            Some(b'#') => self.at == self.start || self.byte_at(self.at - 1) == Some(b' '),
            _ => false,
        }
    }

    /// Goes to the start of the next line, if nothing but a comment follows on this one.
    pub(super) fn end_line(&mut self) -> Option<()> {
        self.skip_spaces();
        self.ends_line().then(|| self.break_line())
    }

    /// Goes to the start of the next line.
    pub(super) fn break_line(&mut self) {
        self.at = (self.at + self.rest().len() + 1).min(self.text.len());
        self.start = self.at;
    }

    /// From the start of a line to the first character that is neither space nor
    /// comment: its column; none at the end of the text.
    pub(super) fn next_line(&mut self) -> Option<usize> {
        self.blanks = Some(0);
        loop {
            self.skip_spaces();
            match self.byte()? {
                b'\n' => self.blanks = self.blanks.map(|count| count + 1),
                b'#' => self.blanks = None,
                _ => return Some(self.column()),
            }
            self.break_line();
        }
    }

    /// Goes over empty lines: how many they are.
    pub(super) fn empty_lines(&mut self) -> usize {
        let from = self.at;
        while self.byte() == Some(b'\n') {
            self.break_line();
        }
        self.at - from
    }

    /// Whether an item of a list starts here.
    pub(super) fn is_item(&self) -> bool {
        self.byte() == Some(b'-') && matches!(self.byte_at(self.at + 1), None | Some(b' ' | b'\n'))
    }

    /// Where the first item of a list starts, if it does on the line of its dash.
    pub(super) fn behind_dash(&self) -> Option<usize> {
        let item = self.rest()[1..].trim_start_matches(' ');
        let starts = !item.is_empty() && !item.starts_with('#');
        starts.then(|| self.at + self.rest().len() - item.len())
    }

    /// Whether a list or an object starts here, behind a dash.
    pub(super) fn starts_block(&self) -> bool {
        self.is_item() || self.key_end().is_some()
    }

    /// Reads a key and its colon.
    pub(super) fn key(&mut self) -> Option<Range<usize>> {
        let span = self.at..self.key_end()?;
        self.at = span.end + 1;
        Some(span)
    }

    /// Where a key ends that starts here: letters and digits, and a few signs inside.
    fn key_end(&self) -> Option<usize> {
        let bytes = &self.text.as_bytes()[self.at..];
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        let inside = |byte: &&u8| letter(**byte) || matches!(byte, b' ' | b'-' | b'.' | b'/');
        let length = bytes.iter().take(LONGEST_KEY).take_while(inside).count();
        let is_key = length > 0
            && letter(bytes[0])
            && bytes[length - 1] != b' '
            && bytes.get(length) == Some(&b':')
            && matches!(bytes.get(length + 1), None | Some(b' ' | b'\n'));
        is_key.then_some(self.at + length)
    }

    /// Reads the name of an anchor or alias behind its sign.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at + 1..];
        let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = rest.bytes().take_while(inside).count();
        self.at += 1 + length;
        let ends = matches!(self.byte(), None | Some(b' ' | b'\n'));
        (length > 0 && ends).then(|| &rest[..length])
    }
}
