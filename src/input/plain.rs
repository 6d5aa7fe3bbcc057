mod cursor;
mod flow;
mod lines;
mod scalar;

use std::ops::Range;

use super::limits::{MAX_DEPTH, MAX_REPEATED};
use super::read::nfc;
use super::{Entry, Node, NodeValue, Scalar};
use crate::base::SourceText;
use cursor::Cursor;
use scalar::Keys;

/// Reads a data file that uses nothing but objects, lists, values and aliases of them,
/// written as almost everybody writes them, in a tenth of the time of the general way.
///
/// Whatever else a file holds (tags, merge keys, unusual numbers, texts that start on
/// the line below their key) or gets wrong (syntax, duplicate keys, depth) gives `None`:
/// the general way then reads it, and says what is wrong. Both give the same values and
/// places, which tests compare. The text holds no unwanted characters.
pub(super) fn read(source: &SourceText) -> Option<Node> {
    let text = source.text();
    // Tabs may not indent, and lines that end otherwise are rare.
    if text.bytes().any(|byte| matches!(byte, b'\t' | b'\r')) {
        return None;
    }
    let mut reader =
        Reader { cursor: Cursor::new(text), line: None, anchored: Vec::new(), repeated: 0 };
    reader.line = reader.cursor.next_line();
    let column = reader.line?;
    let node = match reader.cursor.byte()? {
        b'{' | b'[' => {
            let node = reader.flow(0, 1)?;
            reader.end_line()?;
            node
        }
        _ => reader.block(column, 1)?,
    };
    reader.line.is_none().then_some(node)
}

/// Reads values one after the other. After each of them the cursor stands on the first
/// character of the next line that is neither blank nor a comment.
struct Reader<'a> {
    cursor: Cursor<'a>,
    /// The column of that character; none at the end of the file.
    line: Option<usize>,
    anchored: Vec<Anchored<'a>>,
    /// How many values aliases have repeated.
    repeated: usize,
}

/// A value with an anchor.
struct Anchored<'a> {
    name: &'a str,
    /// The value, with how many levels and values it has; none while it is read.
    node: Option<(Node, usize, usize)>,
}

impl Reader<'_> {
    /// The object or list of which the cursor stands on the first character.
    fn block(&mut self, column: usize, depth: usize) -> Option<Node> {
        let start = self.cursor.at;
        let value = if self.cursor.is_item() {
            NodeValue::List(self.items(column, depth)?)
        } else {
            NodeValue::Object(self.entries(column, depth)?)
        };
        Some(Node { span: start..start, value })
    }

    /// The properties of an object whose keys stand in a column.
    fn entries(&mut self, column: usize, depth: usize) -> Option<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = Keys::default();
        loop {
            let key_span = self.cursor.key()?;
            let key = nfc(self.cursor.text[key_span.clone()].to_owned());
            if !keys.is_new(&key, &entries) {
                return None;
            }
            let node = self.value(column, Some(key_span.end), depth + 1)?;
            entries.push(Entry { key, key_span, node });
            match self.line {
                Some(next) if next == column => {}
                Some(next) if next > column => return None,
                _ => return Some(entries),
            }
        }
    }

    /// The items of a list whose dashes stand in a column.
    fn items(&mut self, column: usize, depth: usize) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        loop {
            self.cursor.at += 1;
            items.push(self.value(column, None, depth + 1)?);
            match self.line {
                Some(next) if next == column && self.cursor.is_item() => {}
                Some(next) if next > column => return None,
                _ => return Some(items),
            }
        }
    }

    /// The value of a key that ends at `key`, or of an item; key or dash stands in a
    /// column.
    fn value(&mut self, column: usize, key: Option<usize>, depth: usize) -> Option<Node> {
        if depth >= MAX_DEPTH {
            return None;
        }
        self.cursor.skip_spaces();
        if self.cursor.byte() == Some(b'&') {
            return self.anchored(column, key.is_some(), depth);
        }
        if self.cursor.ends_line() {
            let below = self.value_below(column, key.is_some(), depth)?;
            let empty = |end| Node { span: end..end, value: NodeValue::Scalar(Scalar::Null) };
            return below.or(key.map(empty));
        }
        if key.is_none() && self.cursor.starts_block() {
            return self.block(self.cursor.column(), depth);
        }
        self.value_beside(column, depth)
    }

    /// The object or list below its key or dash, if there is one.
    #[expect(clippy::option_option, reason = "there may be none, and it may not be readable")]
    fn value_below(&mut self, column: usize, of_key: bool, depth: usize) -> Option<Option<Node>> {
        self.end_line()?;
        match self.line {
            Some(next) if next > column => Some(Some(self.block(next, depth)?)),
            // The dashes of a list may stand below the first letter of its key. Its place
            // is then that of what stands behind the first dash.
            Some(next) if of_key && next == column && self.cursor.is_item() => {
                let start = self.cursor.behind_dash()?;
                let list = self.block(next, depth)?;
                Some(Some(Node { span: start..start, ..list }))
            }
            _ => Some(None),
        }
    }

    /// A value that starts on the line of its key or dash.
    fn value_beside(&mut self, column: usize, depth: usize) -> Option<Node> {
        let node = match self.cursor.byte()? {
            b'{' | b'[' => self.flow(column + 1, depth)?,
            b'*' => self.alias(depth)?,
            b'"' | b'\'' => self.quoted_node()?,
            b'|' | b'>' => return self.lines(column),
            _ => return self.words(column),
        };
        self.end_line()?;
        Some(node)
    }

    /// Goes from the end of a value to the next line.
    fn end_line(&mut self) -> Option<()> {
        self.cursor.end_line()?;
        self.line = self.cursor.next_line();
        Some(())
    }

    /// A value with an anchor in front. No name is given twice.
    fn anchored(&mut self, column: usize, of_key: bool, depth: usize) -> Option<Node> {
        let name = self.cursor.name()?;
        if self.anchored.iter().any(|one| one.name == name) {
            return None;
        }
        let at = self.anchored.len();
        self.anchored.push(Anchored { name, node: None });
        self.cursor.skip_spaces();
        let node = if self.cursor.ends_line() {
            self.value_below(column, of_key, depth)??
        } else {
            self.value_beside(column, depth)?
        };
        let (levels, values) = extent(&node);
        self.anchored[at].node = Some((node.clone(), levels, values));
        Some(node)
    }

    /// The value that an alias stands for. All of it lies where the alias does.
    fn alias(&mut self, depth: usize) -> Option<Node> {
        let start = self.cursor.at;
        let name = self.cursor.name()?;
        let anchored = self.anchored.iter().find(|one| one.name == name)?;
        let (node, levels, values) = anchored.node.as_ref()?;
        self.repeated += values;
        if self.repeated > MAX_REPEATED / 4 || depth + levels >= MAX_DEPTH {
            // The general way tells what is too much.
            return None;
        }
        let mut node = node.clone();
        lay(&mut node, &(start..self.cursor.at));
        Some(node)
    }
}

/// How many levels and values a value has, itself counted.
fn extent(node: &Node) -> (usize, usize) {
    let below: Vec<(usize, usize)> = match &node.value {
        NodeValue::List(list) => list.iter().map(extent).collect(),
        NodeValue::Object(entries) => entries.iter().map(|entry| extent(&entry.node)).collect(),
        NodeValue::Scalar(_) => Vec::new(),
    };
    let levels = below.iter().map(|(levels, _)| *levels).max().unwrap_or(0);
    (levels + 1, below.iter().map(|(_, values)| values + 1).sum::<usize>() + 1)
}

/// Gives a value and all in it one place.
fn lay(node: &mut Node, place: &Range<usize>) {
    node.span = place.clone();
    match &mut node.value {
        NodeValue::List(list) => list.iter_mut().for_each(|item| lay(item, place)),
        NodeValue::Object(entries) => {
            for entry in entries {
                entry.key_span = place.clone();
                lay(&mut entry.node, place);
            }
        }
        NodeValue::Scalar(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{limits, read};

    /// Every data file of the repository is read alike both ways, or left to the
    /// general way.
    #[test]
    fn both_ways_give_the_same() {
        let mut compared = 0;
        for folder in [
            "examples/plan",
            "examples/case",
            "templates/plan/plan/samples",
            "tests/suite/findings",
        ] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                if !path.extension().is_some_and(|end| end == "yaml" || end == "json") {
                    continue;
                }
                let Ok(source) = limits::check("x", text.as_bytes(), limits::MAX_BYTES) else {
                    continue;
                };
                let quick = super::read(&source);
                // Cases have aliases and instants.
                let is_case = path.parent().is_some_and(|folder| folder.ends_with("case"));
                assert!(quick.is_some() || !is_case, "{}", path.display());
                if let Some(node) = quick {
                    assert_eq!(Ok(node), read::general(&source), "{}", path.display());
                    compared += 1;
                }
            }
        }
        assert!(compared > 40, "only {compared} files are read the quick way");
    }

    /// Pieces of which texts are made that are right, nearly right, or wrong.
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "a", "b", "é", "1", "12", "-1", "true", "no", "08", "2026-03-15", "09:30", "<<", "key",
        "a: ", "b: ", ": ", ":", "- ", "-", "- a", "\n", "\n", "\n\n", "\n  ", "\n    ", "\n- ",
        "\n  - ", "\na: ", "\n  b: ", " ", "  ", "#", " # c", "\"x\"", "'y'", "\"", "'", "''",
        "\\", "\\n", "\\u00e9", "{", "}", "[", "]", ",", ", ", "{a: ", "[a, ", "\"k\": ", "&a ",
        "&b\n", "*a", "*b", "|", ">-", "|-", "|\n  ", ">-\n  x\n", "|+", "?", "? ", "!", "%", "@",
        "`", "~", "---", "...", ".5", "1e3", "\t", "\r\n",
    ];

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]

        /// So is every other text that the quick way reads.
        #[test]
        fn both_ways_give_the_same_of_any_text(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..16),
        ) {
            let source = crate::base::SourceText::new("x", pieces.concat());
            if let Some(node) = super::read(&source) {
                proptest::prop_assert_eq!(Ok(node), read::general(&source));
            }
        }
    }
}
