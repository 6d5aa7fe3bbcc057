use crate::base::{Finding, SourceText};
use crate::input::{Node, NodeValue, Scalar};

/// A setting of the layout, where it stands, and the range that its rule allows.
struct Range {
    code: &'static str,
    pointer: &'static str,
    low: f64,
    high: f64,
}

const fn range(code: &'static str, pointer: &'static str, low: f64, high: f64) -> Range {
    Range { code, pointer, low, high }
}

/// The ranges of the decree, in the units of the data file.
const RANGES: [Range; 10] = [
    range("PG03", "/layout/margins/top", 20.0, 25.0),
    range("PG03", "/layout/margins/bottom", 20.0, 25.0),
    range("PG03", "/layout/margins/left", 30.0, 35.0),
    range("PG03", "/layout/margins/right", 15.0, 20.0),
    range("BD01", "/layout/text_size", 13.0, 14.0),
    range("BD03", "/layout/paragraph_gap", 6.0, 24.0),
    range("BD04", "/layout/line_spacing", 1.0, 1.5),
    range("HD05", "/layout/agency_rule", 0.333, 0.5),
    range("TL04", "/layout/subject_rule", 0.333, 0.5),
    range("LY01", "/layout/table_size", 11.0, 14.0),
];

/// The first-line indents that the decree names, in centimetres.
const INDENTS: [f64; 2] = [1.0, 1.27];

pub(super) fn check(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    for range in &RANGES {
        if let Some((value, spelled, node)) = number(data, range.pointer)
            && !(range.low..=range.high).contains(&value)
        {
            let finding = Finding::new(range.code)
                .with("found", spelled)
                .with("low", written(range.low))
                .with("high", written(range.high));
            findings.push(finding.at(node.place(source, range.pointer)));
        }
    }
    let pointer = "/layout/indent";
    if let Some((value, spelled, node)) = number(data, pointer)
        && !INDENTS.iter().any(|indent| (indent - value).abs() < 1e-9)
    {
        findings.push(Finding::new("BD02").with("found", spelled).at(node.place(source, pointer)));
    }
    let pointer = "/layout/numbering";
    if let Some(node) = data.at(pointer)
        && node.text().is_some_and(|text| ["I-1-1.1", "1-1.1"].contains(&text))
    {
        findings.push(Finding::new("ST04").at(node.place(source, pointer)));
    }
    findings
}

fn number<'a>(data: &'a Node, pointer: &str) -> Option<(f64, &'a str, &'a Node)> {
    let node = data.at(pointer)?;
    match &node.value {
        NodeValue::Scalar(Scalar::Number(number, spelled)) => {
            Some((number.as_f64()?, spelled, node))
        }
        _ => None,
    }
}

/// A bound as the decree writes it: parts of a line are fractions.
fn written(bound: f64) -> String {
    match bound {
        0.333 => "1/3".to_owned(),
        0.5 => "1/2".to_owned(),
        _ => bound.to_string(),
    }
}
