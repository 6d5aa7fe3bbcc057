use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::Cell;

/// A text with a name, from which positions in it can be told.
///
/// Cheap to clone: every finding may carry one.
#[derive(Debug, Clone)]
pub struct SourceText {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: String,
    text: String,
    /// The cell that the text fills.
    cell: Option<Cell>,
    /// The texts that this one is put together from, with their first bytes.
    parts: Vec<(usize, SourceText)>,
    /// Found when a position is asked for the first time.
    line_starts: OnceLock<Vec<usize>>,
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
            || (self.name() == other.name()
                && self.text() == other.text()
                && self.cell() == other.cell())
    }
}

impl Eq for SourceText {}

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
        Self::made(name.into(), text.into(), None, Vec::new())
    }

    /// The text of a cell; `name` is that of the file.
    pub fn of_cell(name: impl Into<String>, text: impl Into<String>, cell: Cell) -> Self {
        Self::made(name.into(), text.into(), Some(cell), Vec::new())
    }

    /// One text of several, each on lines of its own: the cells of a row, and what
    /// holds for all rows. [`part_at`](Self::part_at) leads back to them.
    pub fn joined(name: impl Into<String>, parts: Vec<Self>) -> Self {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(parts.len());
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            starts.push(text.len());
            text.push_str(part.text());
        }
        Self::made(name.into(), text, None, starts.into_iter().zip(parts).collect())
    }

    fn made(name: String, text: String, cell: Option<Cell>, parts: Vec<(usize, Self)>) -> Self {
        Self { inner: Arc::new(Inner { name, text, cell, parts, line_starts: OnceLock::new() }) }
    }

    /// The cell that the text fills, if it is that of a cell.
    pub fn cell(&self) -> Option<&Cell> {
        self.inner.cell.as_ref()
    }

    /// The part in which a byte lies, and the first byte of that part; none where the
    /// text is not put together from others.
    pub fn part_at(&self, offset: usize) -> Option<(&Self, usize)> {
        let behind = self.inner.parts.partition_point(|(start, _)| *start <= offset);
        let (start, part) = self.inner.parts.get(behind.checked_sub(1)?)?;
        Some((part, *start))
    }

    fn line_starts(&self) -> &[usize] {
        self.inner.line_starts.get_or_init(|| {
            let ends = self.inner.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        })
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
        let line = self.line_starts().partition_point(|start| *start <= offset);
        let start = self.line_starts()[line - 1];
        let column = self.inner.text[start..offset].chars().count() + 1;
        Position { line, column }
    }

    /// The byte offset of a line and column (both from 1), the inverse of
    /// [`position`](Self::position).
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.line_starts().get(line.saturating_sub(1)) else {
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
