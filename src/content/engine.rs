use std::collections::BTreeMap;
use std::error::Error as _;
use std::io::{self, Write};

use serde_json::{Value, json};
use tera::{Context, ErrorKind, Tera};

use super::{derived, filters, provisions};
use crate::base::{Bilingual, Finding, Place, SourceText};
use crate::catalog::{Assets, Check, Template};

/// What content templates and checks see of a document: completed data, and what the
/// template says of itself.
#[derive(Debug, Clone)]
pub struct Seen(Context);

impl Seen {
    /// Takes the data of a template.
    pub fn new(template: &Template, data: &Value) -> Self {
        let mut context = Context::new();
        context.insert("data", data);
        let about = json!({ "id": template.manifest.id, "kind": template.manifest.kind });
        context.insert("template", &about);
        Self(context)
    }
}

/// The content template and the checks of one template, compiled.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
    path: String,
}

impl Engine {
    /// Compiles the content template of `template` with the components that it
    /// shares, and the checks that it declares.
    ///
    /// # Errors
    ///
    /// Findings with their places in the template, where it is not well-formed.
    pub fn new(assets: &Assets, template: &Template) -> Result<Self, Vec<Finding>> {
        let path = template.content_path();
        let mut tera = Tera::default();
        tera.set_escape_fn(escape);
        filters::register(&mut tera);
        derived::register(&mut tera);
        provisions::register(&mut tera);
        let shared = assets.below("_content/").map(|(path, _)| path);
        let paths: Vec<&str> = shared.chain([path.as_str()]).collect();
        let mut texts = Vec::new();
        for path in paths {
            let text = assets
                .text(path)
                .map_err(|error| vec![Finding::new("CM05").with("detail", error.to_string())])?;
            texts.push((path, text));
        }
        tera.add_raw_templates(texts.iter().copied())
            .map_err(|error| vec![finding(&error, assets)])?;
        let mut faults = Vec::new();
        for check in template.checks() {
            let id = &template.manifest.id;
            if let Some(key) = template.schema().ok().and_then(|schema| check.unknown_key(schema)) {
                faults.push(check.unusable(id, unknown(&key)));
            }
            // The expression is the template's own words; data never comes here.
            let source = format!("{{% if {} %}}wrong{{% endif %}}", check.wrong);
            if let Err(error) = tera.add_raw_template(&name_of(check), &source) {
                faults.push(check.unusable(id, on_one_line(&error)));
            }
        }
        if faults.is_empty() { Ok(Self { tera, path }) } else { Err(faults) }
    }

    /// The checks of `template` that its data do not pass.
    ///
    /// # Errors
    ///
    /// Findings about checks that cannot be evaluated on these data.
    pub fn failed<'a>(
        &self,
        template: &'a Template,
        seen: &Seen,
    ) -> Result<Vec<&'a Check>, Vec<Finding>> {
        let (mut failed, mut faults) = (Vec::new(), Vec::new());
        for check in template.checks() {
            match self.tera.render(&name_of(check), &seen.0) {
                Ok(answer) if answer.is_empty() => {}
                Ok(_) => failed.push(check),
                Err(error) => faults.push(
                    Finding::new("CM08")
                        .with("check", check.rule.code.as_str())
                        .with("template", template.manifest.id.as_str())
                        .with("detail", on_one_line(&error))
                        .at(check.place.clone()),
                ),
            }
        }
        if faults.is_empty() { Ok(failed) } else { Err(faults) }
    }

    /// Writes the content markup of a document. `wording` has the words for the places
    /// where the gazette has a slip, by the id of the defect.
    ///
    /// Values are escaped on the way out: markup in the data is text.
    ///
    /// # Errors
    ///
    /// A finding with the place in the template.
    pub fn render(
        &self,
        assets: &Assets,
        seen: &Seen,
        options: &BTreeMap<String, String>,
        wording: &BTreeMap<String, String>,
    ) -> Result<SourceText, Vec<Finding>> {
        let mut context = seen.0.clone();
        context.insert("options", options);
        context.insert("wording", wording);
        let text = self
            .tera
            .render(&self.path, &context)
            .map_err(|error| vec![finding(&error, assets)])?;
        Ok(SourceText::new(format!("{} (markup)", self.path), text))
    }
}

/// The name under which a check is compiled; no file has it.
fn name_of(check: &Check) -> String {
    format!("check {}", check.rule.code)
}

fn unknown(key: &str) -> Bilingual {
    Bilingual::new(
        format!("lược đồ của mẫu không có khóa `{key}`"),
        format!("the schema of the template has no key `{key}`"),
    )
}

/// What Tera says is wrong with a check, without a picture of it.
pub(super) fn on_one_line(error: &tera::Error) -> String {
    let detail = detail(error);
    let line = detail.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").trim_end_matches('.').to_owned()
}

/// What Tera says is wrong.
fn detail(error: &tera::Error) -> String {
    let mut detail = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            report.message().to_owned()
        }
        _ => return error.to_string(),
    };
    let mut cause = error.source();
    while let Some(inner) = cause {
        detail = format!("{detail}: {inner}");
        cause = inner.source();
    }
    detail
}

/// Escapes a text for XML. Tera's own function writes byte by byte; most texts
/// have nothing to escape.
fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut rest = text;
    let special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    while let Some(at) = rest.bytes().position(special) {
        out.write_all(&rest.as_bytes()[..at])?;
        out.write_all(match rest.as_bytes()[at] {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'"' => b"&quot;",
            _ => b"&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_all(rest.as_bytes())
}

fn finding(error: &tera::Error, assets: &Assets) -> Finding {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let source =
                SourceText::new(report.filename(), assets.text(report.filename()).unwrap_or(""));
            let range = &report.span().range;
            let span = range.start.min(source.text().len())..range.end.min(source.text().len());
            Finding::new("CM05").with("detail", detail(error)).at(Place {
                source,
                span,
                pointer: String::new(),
            })
        }
        _ => Finding::new("CM05").with("detail", detail(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_values_is_text() {
        for text in ["", "Kế hoạch", "<p a=\"1\" b='2'>A & B</p>", "&&", "đ<"] {
            let (mut own, mut plain) = (Vec::new(), Vec::new());
            escape(text, &mut own).unwrap();
            tera::escape_html(text, &mut plain).unwrap();
            assert_eq!(own, plain);
        }
    }
}
