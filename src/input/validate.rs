use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, JsonTypeSet, ValidationError};
use serde_json::Value;

use super::node::escape;
use super::{Node, NodeValue, Scalar};
use crate::base::{Bilingual, Finding, SourceText};
use crate::catalog::{Schema, nearest};

/// Checks values against a schema and says everything that is wrong, in the
/// order of the file.
///
/// Two things are put right first, because people write them so: a key without
/// a value counts as left out, and a number where the schema asks for text is
/// the text that was typed (`123456789012` stays twelve digits).
pub fn validate(source: &SourceText, node: &mut Node, schema: &Schema) -> Vec<Finding> {
    drop_empty(node);
    let mut value = node.to_json();
    if spell_numbers(node, &value, schema) {
        value = node.to_json();
    }
    let check = Check { source, node, schema };
    let mut findings: Vec<Finding> =
        schema.validator.iter_errors(&value).flat_map(|error| check.findings(&error)).collect();
    findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span.start));
    findings.dedup();
    findings
}

/// Removes properties without a value.
fn drop_empty(node: &mut Node) {
    match &mut node.value {
        NodeValue::Object(entries) => {
            entries.retain(|entry| entry.node.value != NodeValue::Scalar(Scalar::Null));
            for entry in entries {
                drop_empty(&mut entry.node);
            }
        }
        NodeValue::List(list) => list.iter_mut().for_each(drop_empty),
        NodeValue::Scalar(_) => {}
    }
}

/// Turns numbers into text where the schema allows text and no number.
fn spell_numbers(node: &mut Node, value: &Value, schema: &Schema) -> bool {
    let mut changed = false;
    for error in schema.validator.iter_errors(value) {
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
}

impl Check<'_> {
    fn findings(&self, error: &ValidationError<'_>) -> Vec<Finding> {
        let pointer = error.instance_path().as_str();
        let node = self.node.at(pointer).unwrap_or(self.node);
        let here = |finding: Finding| {
            let described = finding.with("name", self.name(pointer));
            vec![
                self.described(described.with("found", found(node)), pointer)
                    .at(node.place(self.source, pointer)),
            ]
        };
        match error.kind() {
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().map(|key| self.unknown_key(node, pointer, key)).collect()
            }
            Kind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let title = self.title(&format!("{pointer}/{}", escape(key)));
                here(Finding::new("SC01").with("key", key).with("title", title))
            }
            Kind::Type { kind } => {
                here(Finding::new("SC03").with("expected", type_names(types(kind))))
            }
            Kind::Enum { options } => here(Self::choice(options, node)),
            Kind::Constant { expected_value } => {
                here(Finding::new("SC04").with("allowed", quoted(expected_value)))
            }
            Kind::Pattern { .. } => here(Finding::new("SC05")),
            Kind::Format { .. } => here(Finding::new("DT05")),
            Kind::MinLength { .. } | Kind::MinItems { .. } | Kind::MinProperties { .. } => {
                here(Finding::new("SC06"))
            }
            Kind::MaxLength { limit }
            | Kind::MaxItems { limit }
            | Kind::MaxProperties { limit } => {
                here(Finding::new("SC07").with("limit", limit.to_string()))
            }
            Kind::Minimum { limit } => here(bound("≥", limit)),
            Kind::ExclusiveMinimum { limit } => here(bound(">", limit)),
            Kind::Maximum { limit } => here(bound("≤", limit)),
            Kind::ExclusiveMaximum { limit } => here(bound("<", limit)),
            Kind::PropertyNames { error } => {
                let key = error.instance().as_str().unwrap_or_default();
                let entry = node.entries().iter().find(|entry| entry.key == key);
                let place = entry.map_or_else(
                    || node.place(self.source, pointer),
                    |entry| entry.place(self.source, format!("{pointer}/{}", escape(key))),
                );
                vec![Finding::new("SC09").with("key", key).at(place)]
            }
            _ => here(Finding::new("SC10").with("detail", error.to_string())),
        }
    }

    fn unknown_key(&self, node: &Node, pointer: &str, key: &str) -> Finding {
        let entry = node.entries().iter().find(|entry| entry.key == key);
        let path = format!("{pointer}/{}", escape(key));
        let place = entry.map_or_else(
            || node.place(self.source, pointer),
            |entry| entry.place(self.source, path),
        );
        let allowed = self.keys(pointer);
        Finding::new("SC02")
            .with("key", key)
            .with("allowed", allowed.join(", "))
            .suggest(nearest(key, allowed.iter().map(String::as_str)))
            .at(place)
    }

    fn choice(options: &Value, node: &Node) -> Finding {
        let allowed: Vec<&str> =
            options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let list = allowed.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        let near = node.spelling().and_then(|given| nearest(given, allowed.iter().copied()));
        Finding::new("SC04").with("allowed", list).suggest(near)
    }

    /// The keys that the object at a pointer may have.
    fn keys(&self, pointer: &str) -> Vec<String> {
        let properties = self
            .schema
            .describe(pointer)
            .and_then(|schema| self.schema.keyword(schema, "properties"));
        let keys =
            properties.and_then(Value::as_object).into_iter().flat_map(|object| object.keys());
        keys.filter(|key| !key.starts_with('$')).cloned().collect()
    }

    /// The schema's title of a value, for people.
    fn title(&self, pointer: &str) -> String {
        let schema = self.schema.describe(pointer);
        let title = schema.and_then(|schema| self.schema.keyword(schema, "title"));
        title.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The last part of a pointer, with the schema's title.
    fn name(&self, pointer: &str) -> String {
        let key = pointer.rsplit('/').next().unwrap_or_default();
        let title = self.title(pointer);
        match (key.is_empty(), title.is_empty()) {
            (true, _) => title,
            (false, true) => format!("`{key}`"),
            (false, false) => format!("`{key}` ({title})"),
        }
    }

    /// Adds the schema's description as a hint where the rule has none.
    fn described(&self, finding: Finding, pointer: &str) -> Finding {
        if finding.hint.is_some() || !["SC03", "SC05", "SC08"].contains(&finding.code) {
            return finding;
        }
        let schema = self.schema.describe(pointer);
        let text = schema.and_then(|schema| self.schema.keyword(schema, "description"));
        match text.and_then(Value::as_str) {
            Some(text) => finding.hint(Bilingual::from(text)),
            None => finding,
        }
    }
}

fn bound(sign: &str, limit: &Value) -> Finding {
    Finding::new("SC08").with("allowed", format!("{sign} {limit}"))
}

fn quoted(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"))
}

/// What stands in the file, named or quoted.
fn found(node: &Node) -> Bilingual {
    match &node.value {
        NodeValue::Object(_) => Bilingual::new("một nhóm khóa", "an object"),
        NodeValue::List(list) if list.is_empty() => {
            Bilingual::new("danh sách rỗng", "an empty list")
        }
        NodeValue::List(_) => Bilingual::new("một danh sách", "a list"),
        NodeValue::Scalar(Scalar::Null) => Bilingual::new("không có gì", "nothing"),
        NodeValue::Scalar(Scalar::Bool(value)) => format!("`{value}`").into(),
        NodeValue::Scalar(Scalar::Number(_, spelled)) => {
            Bilingual::new(format!("số `{spelled}`"), format!("the number `{spelled}`"))
        }
        NodeValue::Scalar(Scalar::Text(text)) if text.is_empty() => {
            Bilingual::new("chuỗi rỗng", "an empty text")
        }
        NodeValue::Scalar(Scalar::Text(text)) => {
            let short: String = text.chars().take(40).collect();
            let dots = if short.len() < text.len() { "…" } else { "" };
            Bilingual::new(format!("chuỗi “{short}{dots}”"), format!("the text “{short}{dots}”"))
        }
    }
}

fn type_names(kinds: JsonTypeSet) -> Bilingual {
    let names = |pick: fn(JsonType) -> &'static str, or: &str| {
        kinds.iter().map(pick).collect::<Vec<_>>().join(or)
    };
    let vi = |kind| match kind {
        JsonType::Array => "danh sách",
        JsonType::Boolean => "`true` hoặc `false`",
        JsonType::Integer => "số nguyên",
        JsonType::Null => "để trống",
        JsonType::Number => "số",
        JsonType::Object => "nhóm khóa",
        JsonType::String => "chuỗi",
    };
    let en = |kind| match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a text",
    };
    Bilingual::new(names(vi, " hoặc "), names(en, " or "))
}
