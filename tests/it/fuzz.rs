//! Data made at random from the schema: whatever the schema allows is either
//! rendered or answered with findings, never with a failure of the program.

use serde_json::{Map, Value, json};
use vanban::pipeline::{Format, Input, RenderError};

use super::support::RENDERER;

/// How many documents are made.
const DOCUMENTS: u64 = 150;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

const WORDS: [&str; 12] = [
    "phòng, chống ma túy",
    "Ủy ban nhân dân",
    "1.",
    "- ",
    "./.",
    "“trích dẫn”",
    "a/b",
    "…",
    "$$",
    "$${",
    "  ",
    "một câu dài hơn về việc tổ chức thực hiện kế hoạch trên địa bàn xã trong 6 tháng cuối năm",
];

/// Properties left out: they have tests of their own.
const SKIPPED: [&str; 5] = ["$schema", "layout", "part", "TUQ", "draft"];

struct Maker<'a> {
    schema: &'a Value,
    dice: Dice,
}

impl Maker<'_> {
    fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(Value::Array(options)) = schema.get("enum") {
            return options[self.dice.roll(options.len())].clone();
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => vec!["string"],
        };
        match kinds[self.dice.roll(kinds.len())] {
            "object" => self.object(&schema, depth),
            "array" => self.list(&schema, depth),
            "integer" => {
                let least = usize::try_from(schema["minimum"].as_u64().unwrap_or(1)).unwrap();
                json!(least + self.dice.roll(40))
            }
            "number" => json!(f64::from(u32::try_from(1 + self.dice.roll(380)).unwrap()) / 4.0),
            "boolean" => json!(self.dice.roll(2) == 1),
            "null" => Value::Null,
            _ => self.text(&schema),
        }
    }

    fn resolved(&self, schema: &Value) -> Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let target = self.schema.pointer(reference.trim_start_matches('#')).unwrap();
                self.resolved(target)
            }
            None => schema.clone(),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut out = Map::new();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema["properties"].as_object().cloned().unwrap_or_default();
        let most = schema["maxProperties"].as_u64().unwrap_or(99);
        for (name, property) in &properties {
            // Titles always and parts never, or nearly every plan would be refused.
            let wanted = required.contains(&name.as_str())
                || name == "title"
                || (depth < 6 && self.dice.roll(3) == 0 && !SKIPPED.contains(&name.as_str()));
            if wanted && (out.len() as u64) < most {
                out.insert(name.clone(), self.value(property, depth + 1));
            }
        }
        let others = &schema["additionalProperties"];
        if others.is_object() {
            for at in 0..self.dice.roll(3) {
                out.insert(format!("x{at}"), self.value(others, depth + 1));
            }
        }
        Value::Object(out)
    }

    fn list(&mut self, schema: &Value, depth: usize) -> Value {
        let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap();
        let count = least + self.dice.roll(if depth > 5 { 1 } else { 3 });
        (0..count).map(|_| self.value(&schema["items"], depth + 1)).collect()
    }

    fn text(&mut self, schema: &Value) -> Value {
        if let Some(pattern) = schema["pattern"].as_str() {
            let fitting =
                ["2026", "2026-03", "15/6/2026", "2026-12-31", "6", "125", "UBND", "muc1"];
            let regex = jsonschema::options()
                .build(&json!({ "type": "string", "pattern": pattern }))
                .unwrap();
            let fitting: Vec<&str> =
                fitting.into_iter().filter(|text| regex.is_valid(&json!(text))).collect();
            return json!(fitting[self.dice.roll(fitting.len())]);
        }
        let count = 1 + self.dice.roll(6);
        let words: Vec<&str> = (0..count).map(|_| WORDS[self.dice.roll(WORDS.len())]).collect();
        let joined = words.join(["", " ", "\n", "\n\n"][self.dice.roll(4)]);
        json!(joined.chars().take(50).collect::<String>())
    }
}

#[test]
fn what_the_schema_allows_never_fails_the_program() {
    let template = RENDERER.catalog().template("plan").unwrap();
    let schema = &template.schema().unwrap().bundle;
    let (mut rendered, mut refused) = (0, 0);
    for seed in 1..=DOCUMENTS {
        let dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let data = Maker { schema, dice }.value(schema, 0).to_string();
        let input = Input::new("random.json", data.as_bytes());
        match RENDERER.render(&input, Format::Pdf) {
            Ok(_) => rendered += 1,
            Err(RenderError::Findings(findings)) => {
                assert!(!findings.is_empty());
                refused += 1;
            }
            Err(RenderError::Output(error)) => panic!("seed {seed}: {error}\n{data}"),
        }
    }
    // Both happen often enough for the test to mean something.
    assert!(rendered > 10 && refused > 10, "{rendered} rendered, {refused} refused");
}
