use std::str::FromStr;
use std::sync::Arc;

use serde_json::json;

use super::{Composed, Format, Renderer};
use crate::output::pdf::View;
use crate::output::{self, OutputError};

/// A stage after which rendering can stop, for looking into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emit {
    /// The data as the content template sees it, as JSON.
    Data,
    /// The content markup.
    Markup,
    /// The block tree, as JSON.
    Blocks,
    /// One Typst file with layout and data in it, for `typst compile`.
    Typst,
    /// Plain text.
    Text,
    /// The web page.
    Html,
    /// The main part of the Word file, with an element a line.
    Docx,
    /// Where the document is signed, as JSON.
    Places,
}

impl Emit {
    /// The stages and their names, from data to pages.
    const NAMES: [(&str, Self); 8] = [
        ("data", Self::Data),
        ("markup", Self::Markup),
        ("blocks", Self::Blocks),
        ("typst", Self::Typst),
        ("text", Self::Text),
        ("html", Self::Html),
        ("docx", Self::Docx),
        ("places", Self::Places),
    ];
}

impl FromStr for Emit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, stage)| *stage).ok_or_else(|| {
            let names = Self::NAMES.map(|(name, _)| format!("`{name}`"));
            format!("expected one of {}", names.join(", "))
        })
    }
}

impl Renderer {
    /// The result of a stage, as text.
    ///
    /// # Errors
    ///
    /// If the layout fails, which only signing places and charts need, or the Word file
    /// cannot be written.
    pub fn emit(&self, composed: &Composed, stage: Emit) -> Result<String, OutputError> {
        let layout = &composed.checked.template.manifest.layout;
        Ok(match stage {
            Emit::Data => pretty(&composed.checked.data),
            Emit::Markup => composed.markup.text().to_owned(),
            Emit::Blocks => pretty(&json!({ "version": 1, "document": composed.document })),
            Emit::Typst => typst_source(self.catalog().assets(), layout, &self.view(composed)),
            Emit::Text => output::text(&composed.document),
            Emit::Html => output::html(&composed.document, &self.charts(composed)?),
            Emit::Docx => output::main_part(&self.write(composed, Format::Docx)?)?,
            Emit::Places => pretty(&json!(self.press().places(layout, &self.view(composed))?)),
        })
    }
}

/// One Typst file that holds a layout, the files that it imports, the pictures and
/// the data.
pub fn typst_source(assets: &crate::catalog::Assets, layout: &str, view: &View<'_>) -> String {
    let mut out = pictures(view.images());
    let mut seen = Vec::new();
    inline(assets, &format!("_layout/{layout}.typ"), &mut seen, &mut out);
    // A JSON text in quotes is a Typst string too: both escape alike.
    let quoted = serde_json::Value::from(view.json()).to_string();
    out.push_str(&format!("\n#render(json(bytes({quoted})))\n"));
    out
}

/// Pictures as Typst code: `image` finds them by the paths that they have in the
/// document.
fn pictures(images: &[(String, Arc<[u8]>)]) -> String {
    let mut out = String::new();
    if images.is_empty() {
        return out;
    }
    out.push_str("#let pictures = (\n");
    for (path, bytes) in images {
        let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
        out.push_str(&format!("  \"{path}\": bytes(({})),\n", numbers.join(",")));
    }
    out.push_str(")\n#let image(path, ..style) = std.image(pictures.at(path), ..style)\n\n");
    out
}

fn inline(assets: &crate::catalog::Assets, path: &str, seen: &mut Vec<String>, out: &mut String) {
    if seen.iter().any(|other| other == path) {
        return;
    }
    seen.push(path.to_owned());
    let text = assets.text(path).unwrap_or_default();
    let mut own = String::new();
    for line in text.lines() {
        let import = line.strip_prefix("#import \"").and_then(|rest| rest.split('"').next());
        if let Some(file) = import {
            inline(assets, &format!("_layout/{file}"), seen, out);
        } else {
            own.push_str(line);
            own.push('\n');
        }
    }
    out.push_str(&own);
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
