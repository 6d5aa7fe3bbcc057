use std::collections::BTreeSet;

use serde_json::Value;
use tera::{Context, Tera};

use super::engine::on_one_line;
use super::{derived, filters};
use crate::base::{Bilingual, Finding};
use crate::catalog::{Procedure, Schema, unknown_key};

/// The conditions of a procedure, compiled: which papers, sets and limits a case asks
/// for.
#[derive(Debug)]
pub struct Conditions {
    tera: Tera,
    names: BTreeSet<String>,
}

impl Conditions {
    /// Compiles the conditions of `procedure`, on data of the schema of a case.
    ///
    /// # Errors
    ///
    /// Findings about the procedure, where one is no expression or asks for a key that a
    /// case cannot have.
    pub fn new(procedure: &Procedure, schema: &Schema) -> Result<Self, Vec<Finding>> {
        let mut tera = Tera::default();
        filters::register(&mut tera);
        derived::register(&mut tera);
        let (mut names, mut faults) = (BTreeSet::new(), Vec::new());
        for (name, expression) in procedure.conditions() {
            if let Some(key) = unknown_key(expression, schema) {
                faults.push(procedure.unusable(
                    expression,
                    Bilingual::new(
                        format!("`{name}`: hồ sơ không có khóa `{key}`"),
                        format!("`{name}`: a case has no key `{key}`"),
                    ),
                ));
                continue;
            }
            // The expression is the procedure's own words; data never comes here.
            let source = format!("{{% if {expression} %}}true{{% endif %}}");
            match tera.add_raw_template(&name, &source) {
                Ok(()) => _ = names.insert(name),
                Err(error) => {
                    let detail = format!("`{name}`: {}", on_one_line(&error));
                    faults.push(procedure.unusable(expression, detail));
                }
            }
        }
        faults.extend(strange_moments(procedure, schema));
        if faults.is_empty() { Ok(Self { tera, names }) } else { Err(faults) }
    }

    /// Whether the condition of this name ([`Paper::condition`] and the like) is true of
    /// completed data; one that the procedure does not set is.
    ///
    /// # Errors
    ///
    /// What Tera says, if it cannot be evaluated on these data.
    ///
    /// [`Paper::condition`]: crate::catalog::Paper::condition
    pub fn holds(&self, name: &str, data: &Value) -> Result<bool, String> {
        if !self.names.contains(name) {
            return Ok(true);
        }
        let mut context = Context::new();
        context.insert("data", data);
        let answer = self.tera.render(name, &context);
        answer.map(|text| !text.is_empty()).map_err(|error| on_one_line(&error))
    }
}

/// What limits are counted from or done by, and that is neither an event nor a limit nor
/// a value of a case.
fn strange_moments(procedure: &Procedure, schema: &Schema) -> Vec<Finding> {
    let known = |name: &str| match name.rsplit_once('/') {
        Some((parent, key)) => name.starts_with('/') && schema.knows(parent, key),
        None => schema.knows("/events", name),
    };
    let limits = procedure.limits.iter();
    let named = limits.flat_map(|limit| {
        let starts = limit.starts.iter().filter(|name| procedure.limit(name).is_none());
        starts.chain(&limit.done).map(move |name| (&limit.id, name))
    });
    let strange = named.filter(|(_, name)| !known(name));
    let finding = |(id, name): (&String, &String)| {
        procedure.unusable(
            name,
            Bilingual::new(
                format!("thời hạn `{id}`: hồ sơ không có mốc `{name}`"),
                format!("limit `{id}`: a case has no event `{name}`"),
            ),
        )
    };
    strange.map(finding).collect()
}
