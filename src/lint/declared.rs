use serde_json::Value;

use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::Check;
use crate::input::Node;

/// The most characters of a value that a message repeats.
const SHOWN: usize = 80;

/// The finding that data does not pass a check of its template.
///
/// It lies at the value that the check blames or, where the file does not have
/// it, at the nearest value around it that the file has.
pub fn declared(source: &SourceText, root: &Node, data: &Value, check: &Check) -> Finding {
    let mut pointer = check.at.as_str();
    let node = loop {
        match (root.at(pointer), pointer.rsplit_once('/')) {
            (Some(node), _) => break node,
            (None, Some((parent, _))) => pointer = parent,
            (None, None) => break root,
        }
    };
    let found = shown(root.at(&check.at), data.pointer(&check.at));
    Finding::of(&check.rule).with("found", found).at(node.place(source, pointer))
}

/// A value in words: as it is typed, or else as the template's default has it.
fn shown(node: Option<&Node>, value: Option<&Value>) -> Bilingual {
    if let Some(spelling) = node.and_then(Node::spelling) {
        return short(spelling).into();
    }
    match value {
        None | Some(Value::Null) => Bilingual::new("không có", "nothing"),
        Some(Value::String(text)) => short(text).into(),
        Some(Value::Array(_)) => Bilingual::new("một danh sách", "a list"),
        Some(Value::Object(_)) => Bilingual::new("một nhóm khóa", "an object"),
        Some(value) => value.to_string().into(),
    }
}

fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
