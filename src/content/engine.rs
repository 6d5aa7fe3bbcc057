use std::collections::BTreeMap;
use std::error::Error as _;
use std::io::{self, Write};

use serde_json::{Value, json};
use tera::{Context, ErrorKind, Tera};

use super::{derived, filters};
use crate::base::{Finding, Place, SourceText};
use crate::catalog::{Assets, Template};

/// The content templates of one catalogue, compiled.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
    path: String,
}

impl Engine {
    /// Compiles the content template of `template` with the components that it
    /// shares.
    ///
    /// # Errors
    ///
    /// A finding with the place in the template, if it is not well-formed.
    pub fn new(assets: &Assets, template: &Template) -> Result<Self, Vec<Finding>> {
        let path = template.content_path();
        let mut tera = Tera::default();
        tera.set_escape_fn(escape);
        filters::register(&mut tera);
        derived::register(&mut tera);
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
        Ok(Self { tera, path })
    }

    /// Writes the content markup of a document.
    ///
    /// Values are escaped on the way out: markup in the data is text.
    ///
    /// # Errors
    ///
    /// A finding with the place in the template.
    pub fn render(
        &self,
        assets: &Assets,
        template: &Template,
        data: &Value,
        options: &BTreeMap<String, String>,
    ) -> Result<SourceText, Vec<Finding>> {
        let mut context = Context::new();
        context.insert("data", data);
        context.insert("options", options);
        context.insert(
            "template",
            &json!({ "id": template.manifest.id, "kind": template.manifest.kind }),
        );
        let text = self
            .tera
            .render(&self.path, &context)
            .map_err(|error| vec![finding(&error, assets)])?;
        Ok(SourceText::new(format!("{} (markup)", self.path), text))
    }
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
            let mut detail = report.message().to_owned();
            let mut cause = error.source();
            while let Some(inner) = cause {
                detail = format!("{detail}: {inner}");
                cause = inner.source();
            }
            Finding::new("CM05").with("detail", detail).at(Place {
                source,
                span,
                pointer: String::new(),
            })
        }
        _ => Finding::new("CM05").with("detail", error.to_string()),
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
