use serde_json::{Map, Value, json};

use super::asks::OF_DATA;

/// What the definitions of a template are called in front.
const PREFIX: &str = "Data_";

/// The document of one template: its id stands in the addresses, and its schema is that of
/// the data. Other operations are left out, and schemas that nothing leads to.
pub(super) fn document(whole: &Value, id: &str, schema: &Value) -> Value {
    let mut document = whole.clone();
    let mut paths = Map::new();
    for path in OF_DATA {
        let mut item = whole["paths"][path].clone();
        item.as_object_mut().into_iter().flatten().for_each(|(_, one)| of_template(one));
        paths.insert(path.replace("{template}", id), item);
    }
    document["paths"] = Value::Object(paths);
    let mut data = schema.clone();
    let definitions = data.as_object_mut().and_then(|data| data.shift_remove("$defs"));
    if let Some(all) = data.as_object_mut() {
        all.shift_remove("$schema");
    }
    let schemas = &mut document["components"]["schemas"];
    for (name, mut definition) in
        definitions.as_ref().and_then(Value::as_object).cloned().unwrap_or_default()
    {
        prepare(&mut definition);
        schemas[named(&name)] = definition;
    }
    prepare(&mut data);
    schemas["Data"] = data;
    keep_what_is_led_to(&mut document);
    document
}

/// An operation without the parameter for the template, and with its data, in JSON: what
/// generators write.
fn of_template(operation: &mut Value) {
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.retain(|one| one["name"] != "template");
    }
    let data = json!({"$ref": "#/components/schemas/Data"});
    operation["requestBody"]["required"] = json!(true);
    operation["requestBody"]["content"] = json!({"application/json": {"schema": data}});
}

/// Makes a schema of a template one of the document: references lead there, and titles,
/// which generators would take for names of classes, go before the descriptions.
fn prepare(schema: &mut Value) {
    led(schema);
    untitle(schema);
}

fn untitle(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(title)) = object.get("title").cloned() {
                object.shift_remove("title");
                let text = match object.get("description") {
                    Some(Value::String(text)) => format!("{title}: {text}"),
                    _ => title,
                };
                object.insert("description".to_owned(), text.into());
            }
            object.values_mut().for_each(untitle);
        }
        Value::Array(list) => list.iter_mut().for_each(untitle),
        _ => {}
    }
}

/// The name of a definition among the schemas of the document.
fn named(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// References to definitions of the template lead to schemas of the document.
fn led(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(rest) = reference.strip_prefix("#/$defs/") {
                            *reference = format!("#/components/schemas/{}", named(rest));
                        }
                    }
                    other => led(other),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(led),
        _ => {}
    }
}

/// Drops the schemas to which nothing leads.
fn keep_what_is_led_to(document: &mut Value) {
    let mut wanted: Vec<String> = Vec::new();
    let mut next = Vec::new();
    references(&document["paths"], &mut next);
    while let Some(name) = next.pop() {
        if !wanted.contains(&name) {
            references(&document["components"]["schemas"][&name], &mut next);
            wanted.push(name);
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| wanted.contains(name));
    }
}

/// The names of the schemas to which a value leads.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        let name = reference.strip_prefix("#/components/schemas/");
                        let name = name.and_then(|name| name.split('/').next());
                        found.extend(name.map(str::to_owned));
                    }
                    other => references(other, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|one| references(one, found)),
        _ => {}
    }
}
