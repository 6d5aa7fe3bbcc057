use std::iter::successors;
use std::sync::Arc;

use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::bundle::{self, Base, SharedSchemas};
use crate::viet::{DateError, PartialDate};

/// The schema of a template's data.
#[derive(Debug)]
pub struct Schema {
    /// The schema in one piece, as `vanban schema` prints it.
    pub bundle: Value,
    /// What the template itself asks for (JSON Schema 2020-12).
    own: Validator,
    /// The shared definition that it builds on, if it does.
    base: Option<Arc<Base>>,
    /// Which properties values have, by which gaps are filled.
    pub shape: Arc<Shape>,
}

impl Schema {
    /// Compiles the template's own schema with the shared definitions that it refers
    /// to.
    pub(super) fn compile(own: (&str, &str), shared: &SharedSchemas) -> Result<Self, String> {
        let mut own = bundle::read(own.0, own.1)?;
        let bundle = shared.bundle(own.clone())?;
        let reference = own.get("$ref").and_then(Value::as_str).map(str::to_owned);
        let Some(reference) = reference.filter(|reference| !reference.starts_with('#')) else {
            let shape = Arc::new(Shape::of(&bundle));
            return Ok(Self { own: validator(&bundle)?, bundle, base: None, shape });
        };
        let base = shared.base(&reference)?;
        if let Some(own) = own.as_object_mut() {
            own.remove("$ref");
        }
        let own = validator(&shared.bundle(own)?)?;
        Ok(Self { own, bundle, shape: base.shape.clone(), base: Some(base) })
    }

    /// Whether a value fits.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.validators().all(|validator| validator.is_valid(value))
    }

    /// Everything in which a value does not fit.
    pub fn errors<'a>(&'a self, value: &'a Value) -> impl Iterator<Item = ValidationError<'a>> {
        self.validators().flat_map(|validator| validator.iter_errors(value))
    }

    fn validators(&self) -> impl Iterator<Item = &Validator> {
        self.base.iter().map(|base| &base.validator).chain([&self.own])
    }

    /// The schema that holds for the value at a JSON pointer of the data, with
    /// references followed: for titles and descriptions.
    ///
    /// A template may add to what it refers to (`"$ref"` beside `"properties"`, say to
    /// require more); a property is described where it is defined first.
    pub fn describe<'a>(&'a self, pointer: &str) -> Option<&'a Value> {
        let mut at = &self.bundle;
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let below = |at: &'a Value| {
                at.get("properties")
                    .and_then(|properties| properties.get(&part))
                    .or_else(|| at.get("items"))
                    .or_else(|| at.get("additionalProperties").filter(|value| value.is_object()))
            };
            at = self.chain(at).filter_map(below).last()?;
        }
        Some(at)
    }

    /// Every schema that holds for the value at a JSON pointer of the data.
    pub(super) fn holding<'a>(&'a self, pointer: &str) -> Vec<&'a Value> {
        let mut all: Vec<&Value> = self.chain(&self.bundle).collect();
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let below = |at: &&'a Value| {
                let own = at.get("properties").and_then(|properties| properties.get(&part));
                own.or_else(|| at.get("items"))
            };
            let next: Vec<&Value> = all.iter().filter_map(below).collect();
            all = next.into_iter().flat_map(|at| self.chain(at)).collect();
        }
        all
    }

    /// The keys that the object at a JSON pointer of the data may have, in order.
    pub fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let at = self.describe(pointer);
        let named = at.and_then(|at| self.chain(at).filter_map(|at| at.get("properties")).last());
        named.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str())
    }

    /// Whether the object at a JSON pointer of the data may have the key.
    pub fn knows(&self, pointer: &str, key: &str) -> bool {
        let Some(schema) = self.describe(pointer) else { return false };
        self.keys(pointer).any(|named| named == key)
            || self.keyword(schema, "additionalProperties").is_some_and(Value::is_object)
    }

    /// The value of a keyword such as `title`, where the schema itself or one of
    /// the definitions that it refers to has it; the nearest wins.
    pub fn keyword<'a>(&'a self, schema: &'a Value, keyword: &str) -> Option<&'a Value> {
        self.chain(schema).find_map(|at| at.get(keyword))
    }

    /// A schema, and those that it leads to by references.
    fn chain<'a>(&'a self, schema: &'a Value) -> impl Iterator<Item = &'a Value> {
        successors(Some(schema), |at| {
            self.bundle.pointer(at.get("$ref")?.as_str()?.trim_start_matches('#'))
        })
    }
}

/// Compiles a schema in one piece.
pub(super) fn validator(bundle: &Value) -> Result<Validator, String> {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("partial-date", is_possible_date)
        .with_format("day-and-time", is_possible_moment)
        .build(bundle)
        .map_err(|error| error.to_string())
}

/// The format `partial-date`: a day that the calendar has. Whether a text looks
/// like a date at all is for the schema's pattern to say.
fn is_possible_date(text: &str) -> bool {
    text.parse::<PartialDate>() != Err(DateError::Calendar)
}

/// The format `day-and-time`: the day before the `T` or blank is one that the calendar
/// has.
fn is_possible_moment(text: &str) -> bool {
    is_possible_date(text.split(['T', ' ']).next().unwrap_or(text))
}

fn resolve<'a>(bundle: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(Value::String(reference)) = schema.get("$ref") {
        match bundle.pointer(reference.trim_start_matches('#')) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Which properties the objects of a schema have and what they default to.
///
/// Content templates see every property: one that the data leaves out has its
/// default, or null.
#[derive(Debug)]
pub struct Shape {
    kinds: Vec<ShapeKind>,
}

/// One kind of value in a [`Shape`]; numbers point into the shape.
#[derive(Debug)]
pub enum ShapeKind {
    /// A value without parts of interest.
    Plain,
    /// An object, or a list of values, or either.
    Parts {
        /// Name, kind and default of each property.
        properties: Vec<(String, usize, Value)>,
        /// The kind of properties that are not named.
        others: Option<usize>,
        /// The kind of list items.
        items: Option<usize>,
    },
}

impl Shape {
    pub(super) fn of(bundle: &Value) -> Self {
        let mut builder = Builder { bundle, kinds: Vec::new(), known: Vec::new() };
        builder.add(bundle);
        Self { kinds: builder.kinds }
    }

    /// Fills the gaps of a value that the schema has accepted.
    pub fn complete(&self, value: &mut Value) {
        self.fill(0, value);
    }

    fn fill(&self, at: usize, value: &mut Value) {
        let ShapeKind::Parts { properties, others, items } = &self.kinds[at] else { return };
        match value {
            Value::Object(object) => {
                for (name, kind, default) in properties {
                    let entry = object.entry(name.as_str()).or_insert_with(|| default.clone());
                    self.fill(*kind, entry);
                }
                if let Some(others) = others {
                    let named = |key: &str| properties.iter().any(|(name, ..)| name == key);
                    for (_, value) in object.iter_mut().filter(|(key, _)| !named(key)) {
                        self.fill(*others, value);
                    }
                }
            }
            Value::Array(list) => {
                if let Some(items) = items {
                    for value in list {
                        self.fill(*items, value);
                    }
                }
            }
            _ => {}
        }
    }
}

struct Builder<'a> {
    bundle: &'a Value,
    kinds: Vec<ShapeKind>,
    known: Vec<(&'a Value, usize)>,
}

impl<'a> Builder<'a> {
    fn add(&mut self, schema: &'a Value) -> usize {
        let schema = resolve(self.bundle, schema);
        if let Some((_, at)) = self.known.iter().find(|(known, _)| std::ptr::eq(*known, schema)) {
            return *at;
        }
        let at = self.kinds.len();
        self.kinds.push(ShapeKind::Plain);
        self.known.push((schema, at));
        let mut properties = Vec::new();
        if let Some(Value::Object(object)) = schema.get("properties") {
            for (name, property) in object {
                let target = resolve(self.bundle, property);
                let default = property.get("default").or_else(|| target.get("default"));
                let kind = self.add(property);
                properties.push((name.clone(), kind, default.cloned().unwrap_or(Value::Null)));
            }
        }
        let others = schema.get("additionalProperties").filter(|value| value.is_object());
        let others = others.map(|others| self.add(others));
        let items = schema.get("items").map(|items| self.add(items));
        if !properties.is_empty() || others.is_some() || items.is_some() {
            self.kinds[at] = ShapeKind::Parts { properties, others, items };
        }
        at
    }
}
