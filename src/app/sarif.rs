use serde::Serialize;

use super::CheckedFile;
use crate::base::{Finding, Language, Place, Rule, Severity, cite, rules};

/// Findings in the Static Analysis Results Interchange Format, SARIF 2.1.0 (OASIS),
/// as editors and code hosts read it.
///
/// One run, with the rules that were broken. The same files give the same log:
/// it holds no times and no paths but those that were given.
#[derive(Debug, Serialize)]
pub struct Sarif {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    language: Language,
    column_kind: &'static str,
    invocations: [Invocation; 1],
    results: Vec<SarifResult>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    language: Language,
    rules: Vec<Descriptor>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: Level,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Debug, Serialize)]
struct Notification {
    level: Level,
    message: Message,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Level,
    message: Message,
    locations: [Location; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
struct ArtifactLocation {
    uri: String,
}

/// From 1; the end is the column behind the last character.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
    Note,
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Advice => Self::Note,
        }
    }
}

impl Sarif {
    /// Makes the log of files that were checked. `failures` says why others could
    /// not be read.
    pub fn new(files: &[CheckedFile], failures: &[String], language: Language) -> Self {
        let found = |rule: &&Rule| {
            let mut findings = files.iter().flat_map(|file| &file.findings);
            findings.any(|finding| finding.code == rule.code)
        };
        let broken: Vec<&'static Rule> = rules().iter().filter(found).collect();
        let results = files.iter().flat_map(|file| {
            let broken = &broken;
            file.findings.iter().map(move |one| SarifResult::new(one, file, broken, language))
        });
        let notification =
            |failure: &String| Notification { level: Level::Error, message: Message::new(failure) };
        let run = Run {
            language,
            // Columns are counted in characters, not in bytes or UTF-16 units.
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: failures.is_empty(),
                tool_execution_notifications: failures.iter().map(notification).collect(),
            }],
            results: results.collect(),
            tool: Tool {
                driver: Driver {
                    name: "vanban",
                    version: env!("CARGO_PKG_VERSION"),
                    language,
                    rules: broken.iter().map(|rule| Descriptor::new(rule, language)).collect(),
                },
            },
        };
        Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        }
    }
}

impl Descriptor {
    fn new(rule: &'static Rule, language: Language) -> Self {
        let (clause, hint) = labels(language);
        let mut help: Vec<String> = Vec::new();
        help.extend(rule.clause.as_deref().map(|code| format!("{clause}: {}", cite(code))));
        help.extend(rule.general_hint(language).map(|text| format!("{hint}: {text}")));
        help.push(format!("vanban explain {}", rule.code));
        Self {
            id: &rule.code,
            short_description: Message::new(&rule.general_message(language)),
            help: Message::new(&help.join("\n")),
            default_configuration: Configuration { level: rule.severity.into() },
        }
    }
}

/// What stands before the clause and the hint.
fn labels(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Vi => ("căn cứ", "gợi ý"),
        Language::En => ("clause", "hint"),
    }
}

impl SarifResult {
    fn new(finding: &Finding, file: &CheckedFile, broken: &[&Rule], language: Language) -> Self {
        let mut text = finding.text(language).to_owned();
        if let Some(hint) = &finding.hint {
            text.push_str(&format!("\n{}: {}", labels(language).1, hint.get(language)));
        }
        // A check that a template declares has no entry in the list of rules.
        let index = broken.iter().position(|rule| rule.code == finding.code);
        Self {
            rule_id: finding.code.clone().into_owned(),
            rule_index: index,
            level: finding.severity.into(),
            message: Message::new(&text),
            locations: [Location::new(finding.place.as_ref(), &file.name)],
        }
    }
}

impl Location {
    /// A place in the data file; the data file as a whole for what has no place in
    /// it. A place in a template is named beside it, for its path is one
    /// inside of the template folder.
    fn new(place: Option<&Place>, file: &str) -> Self {
        let own = place.filter(|place| place.source.name() == file);
        let name = match (own, place) {
            // A cell has no line and column: `Hộ!C5`.
            (Some(place), _) if place.cell().is_some() => cell_name(place),
            (Some(place), _) => place.pointer.clone(),
            (None, Some(place)) => {
                let start = place.start();
                format!("{}:{}:{}", place.source.name(), start.line, start.column)
            }
            (None, None) => String::new(),
        };
        let logical = LogicalLocation { fully_qualified_name: name };
        Self {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(file) },
                region: own.filter(|place| place.cell().is_none()).map(Region::new),
            },
            logical_locations: if logical.fully_qualified_name.is_empty() {
                Vec::new()
            } else {
                vec![logical]
            },
        }
    }
}

/// A cell as formulas name it.
fn cell_name(place: &Place) -> String {
    let Some(cell) = place.cell() else { return String::new() };
    let name = cell.name().unwrap_or_else(|| format!("{row}:{row}", row = cell.row));
    match &cell.sheet {
        Some(sheet) => format!("{sheet}!{name}"),
        None => name,
    }
}

impl Region {
    /// The place without the line ends behind it.
    fn new(place: &Place) -> Self {
        let length = place.source.slice(place.span.clone()).trim_end().len();
        let start = place.start();
        let end = place.source.position(place.span.start + length);
        Self {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl Message {
    /// A text without placeholders and links: braces are doubled, brackets and
    /// backslashes escaped (SARIF 2.1.0, 3.11.5 and 3.11.6).
    fn new(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '{' | '}' => out.push(character),
                '[' | ']' | '\\' => out.push('\\'),
                _ => {}
            }
            out.push(character);
        }
        Self { text: out }
    }
}

/// A path as a URI: a relative path stays relative, an absolute one becomes
/// `file://…`.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    } else if cfg!(windows) && path.as_bytes().get(1) == Some(&b':') {
        out.push_str("file:///");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a/plan-1_b.yaml"), "a/plan-1_b.yaml");
        assert_eq!(uri("kế hoạch#1.yaml"), "k%E1%BA%BF%20ho%E1%BA%A1ch%231.yaml");
        assert_eq!(uri("../a:b%20.yaml"), "../a%3Ab%2520.yaml");
        assert_eq!(uri("/tmp/plan.yaml"), "file:///tmp/plan.yaml");
    }

    #[test]
    fn texts_hold_no_placeholders_and_links() {
        assert_eq!(Message::new("${a.b}").text, "${{a.b}}");
        assert_eq!(Message::new(r"[a](b) \").text, r"\[a\](b) \\");
    }
}
