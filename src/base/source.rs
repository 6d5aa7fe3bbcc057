use std::ops::Range;
use std::sync::Arc;

/// A text with a name, from which positions in it can be told.
///
/// Cheap to clone: every finding may carry one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    inner: Arc<Inner>,
}

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    name: String,
    text: String,
    line_starts: Vec<usize>,
}

/// A place in a text, counted as people count: from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters (not bytes), from 1.
    pub column: usize,
}

impl SourceText {
    /// Names a text, usually by its file name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { inner: Arc::new(Inner { name: name.into(), text, line_starts }) }
    }

    /// The name, as given.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// The text of a byte range; empty if the range does not lie on character
    /// boundaries inside the text.
    pub fn slice(&self, range: Range<usize>) -> &str {
        self.inner.text.get(range).unwrap_or_default()
    }

    /// Line and column of a byte offset; offsets behind the end mean the end.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.inner.text.len());
        while !self.inner.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.inner.line_starts.partition_point(|start| *start <= offset);
        let start = self.inner.line_starts[line - 1];
        let column = self.inner.text[start..offset].chars().count() + 1;
        Position { line, column }
    }

    /// The byte offset of a line and column (both from 1), the inverse of
    /// [`position`](Self::position).
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.inner.line_starts.get(line.saturating_sub(1)) else {
            return self.inner.text.len();
        };
        self.inner.text[*start..]
            .char_indices()
            .nth(column.saturating_sub(1))
            .map_or(self.inner.text.len(), |(at, _)| start + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_go_back() {
        let source = SourceText::new("x", "một\nhai ba\n");
        let at = source.text().find("ba").expect("the word is there");
        assert_eq!(source.position(at), Position { line: 2, column: 5 });
        assert_eq!(source.offset(2, 5), at);
        assert_eq!(source.position(4), Position { line: 1, column: 3 });
        assert_eq!(source.position(999), Position { line: 3, column: 1 });
    }
}
