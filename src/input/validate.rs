mod meant;
mod words;

use std::collections::HashMap;
use std::ops::Range;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, JsonTypeSet, ValidationError};
use serde_json::Value;

use super::limits::MAX_FINDINGS;
use super::node::escape;
use super::{Entry, Node, NodeValue, Scalar, push_index, push_part};
use crate::base::{Bilingual, Finding, Place, SourceText};
use crate::catalog::{Schema, nearest};

/// Checks values against a schema and says everything that is wrong, in the
/// order of the file.
///
/// Two things are put right first, because people write them so: a key without
/// a value counts as left out, and a number where the schema asks for text is
/// the text that was typed (`123456789012` stays twelve digits). Also gives the
/// values without places.
pub fn validate(source: &SourceText, node: &mut Node, schema: &Schema) -> (Value, Vec<Finding>) {
    let mut emptied = Emptied::new();
    if has_empty(node) {
        drop_empty(node, &mut String::new(), schema, &mut emptied);
    }
    let mut value = node.to_json();
    // Most data is right, and to say only that is quick.
    if schema.is_valid(&value) {
        return (value, Vec::new());
    }
    if spell_numbers(node, &value, schema) {
        value = node.to_json();
    }
    let check = Check { source, node, schema, emptied: &emptied };
    let mut findings: Vec<Finding> =
        errors(schema, &value).flat_map(|error| check.findings(&error)).collect();
    findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span.start));
    findings.dedup();
    (value, findings)
}

fn has_empty(node: &Node) -> bool {
    match &node.value {
        NodeValue::Scalar(scalar) => *scalar == Scalar::Null,
        NodeValue::List(list) => list.iter().any(has_empty),
        NodeValue::Object(entries) => entries.iter().any(|entry| has_empty(&entry.node)),
    }
}

/// Keys that had no value, with their places: what is missing is missing there.
type Emptied = HashMap<String, Range<usize>>;

/// Removes properties without a value, but not those that the schema does not
/// know: they are misspelled keys, or words after a comma in `{…}`.
fn drop_empty(node: &mut Node, pointer: &mut String, schema: &Schema, emptied: &mut Emptied) {
    let length = pointer.len();
    match &mut node.value {
        NodeValue::Object(entries) => {
            let empty = |entry: &Entry| entry.node.value == NodeValue::Scalar(Scalar::Null);
            if entries.iter().any(empty) {
                entries.retain(|entry| {
                    let dropped = empty(entry) && schema.knows(pointer, &entry.key);
                    if dropped {
                        emptied.insert(below(pointer, &entry.key), entry.key_span.clone());
                    }
                    !dropped
                });
            }
            for entry in entries {
                push_part(pointer, &entry.key);
                drop_empty(&mut entry.node, pointer, schema, emptied);
                pointer.truncate(length);
            }
        }
        NodeValue::List(list) => {
            for (at, item) in list.iter_mut().enumerate() {
                push_index(pointer, at);
                drop_empty(item, pointer, schema, emptied);
                pointer.truncate(length);
            }
        }
        NodeValue::Scalar(_) => {}
    }
}

/// What is wrong; more than anybody reads, but not without end.
fn errors<'a>(schema: &'a Schema, value: &'a Value) -> impl Iterator<Item = ValidationError<'a>> {
    schema.errors(value).take(5 * MAX_FINDINGS)
}

/// Turns numbers into text where the schema allows text and no number.
fn spell_numbers(node: &mut Node, value: &Value, schema: &Schema) -> bool {
    let mut changed = false;
    for error in errors(schema, value) {
        let Kind::Type { kind } = error.kind() else { continue };
        if !types(kind).contains(JsonType::String) {
            continue;
        }
        if let Some(node) = node.at_mut(error.instance_path().as_str())
            && let NodeValue::Scalar(Scalar::Number(_, spelled)) = &node.value
        {
            node.value = NodeValue::Scalar(Scalar::Text(spelled.clone()));
            changed = true;
        }
    }
    changed
}

fn types(kind: &TypeKind) -> JsonTypeSet {
    match kind {
        TypeKind::Single(kind) => JsonTypeSet::empty().insert(*kind),
        TypeKind::Multiple(kinds) => *kinds,
    }
}

struct Check<'a> {
    source: &'a SourceText,
    node: &'a Node,
    schema: &'a Schema,
    emptied: &'a Emptied,
}

impl Check<'_> {
    fn findings(&self, error: &ValidationError<'_>) -> Vec<Finding> {
        let pointer = error.instance_path().as_str();
        let node = self.node.at(pointer).unwrap_or(self.node);
        match error.kind() {
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().map(|key| self.unknown_key(node, pointer, key)).collect()
            }
            Kind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                self.missing_key(node, pointer, key).into_iter().collect()
            }
            Kind::PropertyNames { error } => {
                vec![self.bad_key(node, pointer, error.instance().as_str().unwrap_or_default())]
            }
            _ => vec![
                self.value(error, node, pointer)
                    .with("name", self.name(pointer))
                    .at(node.place(self.source, pointer)),
            ],
        }
    }

    /// What is wrong with a value in itself.
    fn value(&self, error: &ValidationError<'_>, node: &Node, pointer: &str) -> Finding {
        let quoted = words::quoted(node);
        match error.kind() {
            Kind::Type { kind } => self.wrong_type(types(kind), node, pointer),
            Kind::Enum { options } => Self::choice(options, node),
            Kind::Constant { expected_value } => {
                Finding::new("SC04").with("allowed", words::code(expected_value))
            }
            Kind::Pattern { pattern } => {
                let finding = Finding::new("SC05");
                let text = node.text().unwrap_or_default();
                match meant::name(text, pattern).or_else(|| self.allowed(text, pointer)) {
                    Some(hint) => finding.hint(hint),
                    None => self.described(finding, pointer),
                }
            }
            Kind::Format { .. } => {
                let finding = Finding::new("DT05");
                match words::calendar(node.text().unwrap_or_default()) {
                    Some(hint) => finding.hint(hint),
                    None => finding,
                }
            }
            Kind::MinLength { limit }
            | Kind::MinItems { limit }
            | Kind::MinProperties { limit } => {
                if *limit <= 1 {
                    Finding::new("SC06")
                } else {
                    Finding::new("SC08").with("allowed", words::at_least(*limit, node))
                }
            }
            Kind::MaxLength { limit }
            | Kind::MaxItems { limit }
            | Kind::MaxProperties { limit } => self.described(
                Finding::new("SC07")
                    .with("limit", words::count(*limit, node))
                    .with("found", words::count(words::size(node), node)),
                pointer,
            ),
            Kind::Minimum { limit } => self.bound(words::from(limit), pointer),
            Kind::ExclusiveMinimum { limit } => self.bound(words::above(limit), pointer),
            Kind::Maximum { limit } => self.bound(words::up_to(limit), pointer),
            Kind::ExclusiveMaximum { limit } => self.bound(words::below(limit), pointer),
            _ => Finding::new("SC10").with("detail", error.to_string()),
        }
        .with("found", quoted)
    }

    /// The schema's own words for what a pattern allows: `x-allowed` and, for
    /// English, `x-allowed-en`; with how many digits were written, for that is what
    /// people get wrong.
    fn allowed(&self, text: &str, pointer: &str) -> Option<Bilingual> {
        let vi = self.keyword(pointer, "x-allowed")?;
        let en = self.keyword(pointer, "x-allowed-en").unwrap_or(vi);
        Some(words::allowed(&Bilingual::new(vi, en), text))
    }

    fn bound(&self, allowed: Bilingual, pointer: &str) -> Finding {
        self.described(Finding::new("SC08").with("allowed", allowed), pointer)
    }

    fn wrong_type(&self, kinds: JsonTypeSet, node: &Node, pointer: &str) -> Finding {
        let finding = Finding::new("SC03")
            .with("expected", words::types(kinds))
            .with("found", words::found(node));
        match meant::value(kinds, node, &self.keys(pointer)) {
            Some(hint) => finding.hint(hint),
            None => self.described(finding, pointer),
        }
    }

    fn choice(options: &Value, node: &Node) -> Finding {
        let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
        let near = node
            .spelling()
            .and_then(|given| nearest(given, options.iter().filter_map(Value::as_str)));
        let list = options.iter().map(words::code).collect::<Vec<_>>().join(", ");
        Finding::new("SC04").with("allowed", list).suggest(near)
    }

    fn unknown_key(&self, node: &Node, pointer: &str, key: &str) -> Finding {
        let allowed = self.keys(pointer);
        let list = allowed.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let finding = Finding::new("SC02").with("key", key).with("allowed", list);
        let finding = match self.split_text(node, pointer) {
            Some(entry) => finding.hint(meant::quotes(entry)),
            None => finding.suggest(self.meant_key(pointer, key, &allowed)),
        };
        finding.at(self.key_place(node, pointer, key))
    }

    /// A key that is missing; not reported where another key was meant to be it.
    fn missing_key(&self, node: &Node, pointer: &str, key: &str) -> Option<Finding> {
        let allowed = self.keys(pointer);
        let misspelled = |entry: &Entry| {
            !allowed.contains(&entry.key)
                && self.meant_key(pointer, &entry.key, &allowed) == Some(key)
        };
        if self.split_text(node, pointer).is_some() || node.entries().iter().any(misspelled) {
            return None;
        }
        let finding = Finding::new("SC01")
            .with("name", words::titled(key, &self.title(&below(pointer, key))))
            .with("where", self.inside(pointer));
        let pointed = below(pointer, key);
        Some(finding.at(match self.emptied.get(&pointed) {
            Some(span) => {
                Place { source: self.source.clone(), span: span.clone(), pointer: pointed }
            }
            None => self.owner_place(node, pointer),
        }))
    }

    fn bad_key(&self, node: &Node, pointer: &str, key: &str) -> Finding {
        let finding = Finding::new("SC09").with("key", key);
        let finding = match meant::slug(key) {
            Some(slug) => finding.hint(meant::example(&slug)),
            None => finding,
        };
        finding.at(self.key_place(node, pointer, key))
    }

    /// The one entry of an object that was meant to be text: `- Yêu cầu: ba
    /// việc` without quotes, where text may stand and no such key is known.
    fn split_text<'a>(&self, node: &'a Node, pointer: &str) -> Option<&'a Entry> {
        let [entry] = node.entries() else { return None };
        let schema = self.schema.describe(pointer)?;
        let types = self.schema.keyword(schema, "type")?;
        let text = types.as_str() == Some("string")
            || types.as_array().is_some_and(|types| types.iter().any(|one| one == "string"));
        let allowed = self.keys(pointer);
        let near = nearest(&entry.key, allowed.iter().map(String::as_str));
        (text && near.is_none()).then_some(entry)
    }

    fn meant_key<'a>(&self, pointer: &str, key: &str, allowed: &'a [String]) -> Option<&'a str> {
        let titled: Vec<(&str, String)> =
            allowed.iter().map(|key| (key.as_str(), self.title(&below(pointer, key)))).collect();
        meant::key(key, &titled)
    }

    /// The place of a key, whether or not it has a value.
    fn key_place(&self, node: &Node, pointer: &str, key: &str) -> Place {
        let entry = node.entries().iter().find(|entry| entry.key == key);
        entry.map_or_else(
            || node.place(self.source, pointer),
            |entry| entry.place(self.source, below(pointer, key)),
        )
    }

    /// The key of an object; the object itself in a list or at the top.
    fn owner_place(&self, node: &Node, pointer: &str) -> Place {
        let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
        let entries = self.node.at(parent).map(Node::entries).unwrap_or_default();
        match entries.iter().find(|entry| escape(&entry.key) == key) {
            Some(entry) if !pointer.is_empty() => entry.place(self.source, pointer),
            _ => node.place(self.source, pointer),
        }
    }

    /// The keys that the object at a pointer may have.
    fn keys(&self, pointer: &str) -> Vec<String> {
        let keys = self.schema.keys(pointer).filter(|key| !key.starts_with('$'));
        keys.map(str::to_owned).collect()
    }

    /// The schema's title of a value, for people.
    fn title(&self, pointer: &str) -> String {
        self.keyword(pointer, "title").unwrap_or_default().to_owned()
    }

    fn keyword(&self, pointer: &str, keyword: &str) -> Option<&str> {
        self.schema.keyword(self.schema.describe(pointer)?, keyword)?.as_str()
    }

    /// What a value is called: its key, or its place in a list, with the title.
    fn name(&self, pointer: &str) -> Bilingual {
        let title = self.title(pointer);
        let name = self.path(pointer);
        let titled = |name: String| {
            if title.is_empty() { name } else { format!("{name} ({title})") }
        };
        Bilingual::new(titled(name.vi), titled(name.en))
    }

    /// The key of a value, or its place in a list.
    fn path(&self, pointer: &str) -> Bilingual {
        let (parent, part) = pointer.rsplit_once('/').unwrap_or_default();
        let list =
            self.node.at(parent).is_some_and(|node| matches!(node.value, NodeValue::List(_)));
        match part.parse::<usize>() {
            Ok(at) if list => {
                let list = self.path(parent);
                Bilingual::new(
                    format!("phần tử thứ {} của {}", at + 1, list.vi),
                    format!("item {} of {}", at + 1, list.en),
                )
            }
            _ => format!("`{}`", part.replace("~1", "/").replace("~0", "~")).into(),
        }
    }

    /// ` trong …`, where an object is not the whole file.
    fn inside(&self, pointer: &str) -> Bilingual {
        if pointer.is_empty() {
            return Bilingual::default();
        }
        let path = self.path(pointer);
        Bilingual::new(format!(" trong {}", path.vi), format!(" in {}", path.en))
    }

    /// Adds the schema's description as a hint where the rule has none.
    fn described(&self, finding: Finding, pointer: &str) -> Finding {
        match self.keyword(pointer, "description") {
            Some(text) if finding.hint.is_none() => finding.hint(Bilingual::from(text)),
            _ => finding,
        }
    }
}

/// The pointer of a property.
fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", escape(key))
}
