/// Attributes of an element: names and values, not yet escaped.
pub(super) type Attributes<'a> = [(&'static str, &'a str)];

/// Writes elements and escapes every text. The result is HTML and well-formed
/// XML at once: elements are closed, names are lower case, no named entities but
/// those of XML.
#[derive(Debug, Default)]
pub(super) struct Writer {
    out: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// A writer with some room.
    pub(super) fn new() -> Self {
        Self { out: String::with_capacity(32 * 1024), open: Vec::new() }
    }

    /// The page, once every element is closed.
    pub(super) fn finish(self) -> String {
        debug_assert!(self.open.is_empty(), "{:?} are still open", self.open);
        self.out
    }

    /// Adds what this program has written itself: the line of the document type,
    /// style sheets.
    pub(super) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Begins an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: &Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push('>');
        self.open.push(name);
    }

    /// Ends the element that was begun last, within a line of text.
    pub(super) fn close_inline(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// Ends the element that was begun last, and the line: words of two elements
    /// stay apart, also for those who read without the elements.
    pub(super) fn close(&mut self) {
        self.close_inline();
        self.out.push('\n');
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with a text in it and a line of its own.
    pub(super) fn element(&mut self, name: &'static str, attributes: &Attributes<'_>, text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// The end of a line within a paragraph; the space is for those who hear or
    /// copy the text.
    pub(super) fn line_end(&mut self) {
        self.out.push_str(" <br/>");
    }

    /// Words.
    pub(super) fn text(&mut self, text: &str) {
        self.escape(text, false);
    }

    fn tag(&mut self, name: &'static str, attributes: &Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.escape(value, true);
            self.out.push('"');
        }
    }

    /// Characters that neither HTML nor XML allows are left out.
    fn escape(&mut self, text: &str, attribute: bool) {
        let mut from = 0;
        for (at, character) in text.char_indices() {
            let written = match character {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' if attribute => "&quot;",
                '\t' | '\n' => continue,
                '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => "",
                _ => continue,
            };
            self.out.push_str(&text[from..at]);
            self.out.push_str(written);
            from = at + character.len_utf8();
        }
        self.out.push_str(&text[from..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_values_are_escaped() {
        let mut writer = Writer::new();
        let hostile = "</p><script>\"&\u{0}\u{8}'";
        writer.element("p", &[("title", hostile)], hostile);
        assert_eq!(
            writer.finish(),
            "<p title=\"&lt;/p&gt;&lt;script&gt;&quot;&amp;'\">&lt;/p&gt;&lt;script&gt;\"&amp;'</p>\n"
        );
    }
}
