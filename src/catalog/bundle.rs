use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::schema::{Shape, validator};

/// The schema files that templates share, read once for all of them.
#[derive(Debug, Default)]
pub(super) struct SharedSchemas {
    /// Path and text of each.
    files: Vec<(String, String)>,
    /// By name, for example `case.json`.
    read: OnceLock<Result<BTreeMap<String, Value>, String>>,
    /// The definitions that whole schemas build on, compiled, by their references.
    bases: RwLock<HashMap<String, Arc<Base>>>,
}

/// A shared definition that templates build on, such as the case: compiled once, for
/// it is large and they are many.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) validator: Validator,
    pub(super) shape: Arc<Shape>,
}

impl SharedSchemas {
    pub(super) fn new(files: Vec<(String, String)>) -> Self {
        Self { files, ..Self::default() }
    }

    /// Path and text of each file.
    pub(super) fn files(&self) -> &[(String, String)] {
        &self.files
    }

    fn all(&self) -> Result<&BTreeMap<String, Value>, String> {
        let read_all = || {
            let file =
                |(path, text): &(String, String)| Ok((name(path).to_owned(), read(path, text)?));
            self.files.iter().map(file).collect()
        };
        self.read.get_or_init(read_all).as_ref().map_err(Clone::clone)
    }

    /// The shared definition that a reference leads to, compiled.
    pub(super) fn base(&self, reference: &str) -> Result<Arc<Base>, String> {
        let known = self.bases.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(base) = known.get(reference) {
            return Ok(base.clone());
        }
        drop(known);
        let bundle = self.bundle(json!({ "$ref": reference }))?;
        let shape = Arc::new(Shape::of(&bundle));
        let base = Arc::new(Base { validator: validator(&bundle)?, shape });
        let mut known = self.bases.write().unwrap_or_else(PoisonError::into_inner);
        Ok(known.entry(reference.to_owned()).or_insert(base).clone())
    }

    /// A template's own schema with the shared definitions that it refers to, in
    /// one piece.
    ///
    /// A definition keeps its name; where two files have one of the same name, the
    /// second is called after its file, `case.date`.
    pub(super) fn bundle(&self, mut schema: Value) -> Result<Value, String> {
        let own = match schema.as_object_mut().and_then(|schema| schema.remove("$defs")) {
            Some(Value::Object(own)) => own,
            _ => Map::new(),
        };
        let mut bundler =
            Bundler { shared: self.all()?, own: &own, names: HashMap::new(), defs: Map::new() };
        bundler.localise(&mut schema, None);
        for (name, definition) in &own {
            let mut definition = definition.clone();
            bundler.localise(&mut definition, None);
            bundler.defs.insert(name.clone(), definition);
        }
        schema["$defs"] = Value::Object(bundler.defs);
        Ok(schema)
    }
}

struct Bundler<'a> {
    shared: &'a BTreeMap<String, Value>,
    own: &'a Map<String, Value>,
    /// What the definitions of the shared files are called in the bundle.
    names: HashMap<(&'a str, String), String>,
    defs: Map<String, Value>,
}

impl<'a> Bundler<'a> {
    /// References across files become references into the bundle; `home` is the
    /// shared file that the value stands in.
    fn localise(&mut self, value: &mut Value, home: Option<&'a str>) {
        match value {
            Value::Object(object) => {
                object.remove("$id");
                if let Some(Value::String(reference)) = object.get_mut("$ref")
                    && let Some(local) = self.local(reference, home)
                {
                    *reference = local;
                }
                object.values_mut().for_each(|value| self.localise(value, home));
            }
            Value::Array(array) => array.iter_mut().for_each(|value| self.localise(value, home)),
            _ => {}
        }
    }

    /// What a reference is in the bundle, if it leads to a shared definition; that
    /// is taken in at its first use.
    fn local(&mut self, reference: &str, home: Option<&'a str>) -> Option<String> {
        let (file, path) = reference.split_once("#/$defs/")?;
        let (definition, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
        let file = if file.is_empty() { home? } else { name(file) };
        let (file, schema) = self.shared.get_key_value(file)?;
        let key = (file.as_str(), definition.to_owned());
        if !self.names.contains_key(&key) {
            let mut taken = schema.get("$defs")?.get(definition)?.clone();
            let local = if self.own.contains_key(definition) || self.defs.contains_key(definition) {
                format!("{}.{definition}", file.trim_end_matches(".json"))
            } else {
                definition.to_owned()
            };
            self.names.insert(key.clone(), local.clone());
            self.defs.insert(local.clone(), Value::Null);
            self.localise(&mut taken, Some(file));
            self.defs.insert(local, taken);
        }
        Some(format!("#/$defs/{}{rest}", self.names[&key]))
    }
}

/// Reads a schema file.
pub(super) fn read(path: &str, text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("`{path}`: {error}"))
}

/// The name of a file.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(own: &Value, files: &[(&str, Value)]) -> Result<Value, String> {
        let files = files.iter().map(|(path, file)| ((*path).to_owned(), file.to_string()));
        SharedSchemas::new(files.collect()).bundle(own.clone())
    }

    #[test]
    fn definitions_of_the_same_name_stay_apart() {
        let own = json!({
            "$ref": "b.json#/$defs/case",
            "properties": {"day": {"$ref": "a.json#/$defs/date"}, "mine": {"$ref": "#/$defs/word"}},
            "$defs": {"word": {"title": "own"}}
        });
        let a = json!({"$id": "a.json", "$defs": {"date": {"title": "of a"}, "idle": {}}});
        let b = json!({"$defs": {
            "case": {"properties": {
                "date": {"$ref": "#/$defs/date"},
                "word": {"$ref": "#/$defs/word"},
                "more": {"$ref": "#/$defs/case"},
                "title": {"$ref": "a.json#/$defs/date/title"}
            }},
            "date": {"title": "of b"},
            "word": {"title": "word of b"}
        }});
        let bundle = bundle(&own, &[("_schema/a.json", a), ("_schema/b.json", b)]).unwrap();
        let at = |pointer: &str| bundle.pointer(pointer).and_then(Value::as_str);
        assert_eq!(at("/$ref"), Some("#/$defs/case"));
        let of_case = |name: &str| {
            let reference = at(&format!("/$defs/case/properties/{name}/$ref")).unwrap();
            bundle.pointer(&format!("{}/title", &reference[1..])).and_then(Value::as_str)
        };
        assert_eq!(of_case("date"), Some("of b"));
        assert_eq!(of_case("word"), Some("word of b"));
        let day = at("/properties/day/$ref").unwrap();
        assert_eq!(at(&format!("{}/title", &day[1..])), Some("of a"));
        assert_eq!(at("/properties/mine/$ref"), Some("#/$defs/word"));
        assert_eq!(at("/$defs/word/title"), Some("own"));
        assert_eq!(at("/$defs/case/properties/more/$ref"), Some("#/$defs/case"));
        assert!(bundle["$defs"].get("idle").is_none(), "nobody refers to it");
    }

    #[test]
    fn a_file_that_is_no_json_is_named() {
        let files = vec![("_schema/a.json".to_owned(), "{".to_owned())];
        let error = SharedSchemas::new(files).bundle(json!({})).unwrap_err();
        assert!(error.starts_with("`_schema/a.json`: "), "{error}");
    }
}
