#![expect(clippy::print_stderr, reason = "the one place that prints")]

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::app::{AppError, Summary};
use crate::base::{Finding, Language, Place, Severity, cite};

/// Data goes to standard output, everything else to standard error.
pub(super) struct Terminal {
    language: Language,
}

#[expect(clippy::unused_self, reason = "whoever prints holds the terminal")]
impl Terminal {
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// A text in the user's language.
    pub fn words<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// Writes data to standard output.
    ///
    /// # Errors
    ///
    /// If nobody reads it to the end.
    pub fn data(&self, bytes: &[u8]) -> Result<(), AppError> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)
            .and_then(|()| out.flush())
            .map_err(|error| AppError::Write { path: "<stdout>".to_owned(), error })
    }

    /// Writes a line of data to standard output.
    ///
    /// # Errors
    ///
    /// If nobody reads it to the end.
    pub fn line(&self, line: impl Display) -> Result<(), AppError> {
        self.data(format!("{line}\n").as_bytes())
    }

    /// Writes a value to standard output as JSON.
    ///
    /// # Errors
    ///
    /// If nobody reads it to the end.
    pub fn json(&self, value: &impl serde::Serialize) -> Result<(), AppError> {
        let text = serde_json::to_string_pretty(value).expect("views hold what JSON can");
        self.line(text)
    }

    /// Says something to the user.
    pub fn say(&self, line: impl Display) {
        eprintln!("{line}");
    }

    /// Tells that the operation failed.
    pub fn failure(&self, error: &AppError) {
        let label = self.words("lỗi", "error");
        eprintln!("{label}: {}", error.message().get(self.language));
    }

    /// Shows findings to the user.
    pub fn findings(&self, findings: &[Finding]) {
        let styled = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        for finding in findings {
            eprintln!("{}\n", self.picture(finding, styled));
        }
    }

    /// The findings as text for standard output.
    pub fn pictures(&self, findings: &[Finding]) -> String {
        let mut out = String::new();
        for finding in findings {
            out.push_str(&self.picture(finding, false));
            out.push_str("\n\n");
        }
        out
    }

    /// A severity, in words.
    pub fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.words("lỗi", "error"),
            Severity::Warning => self.words("cảnh báo", "warning"),
            Severity::Advice => self.words("lời khuyên", "advice"),
        }
    }

    /// How many findings there are, in words.
    pub fn summary(&self, summary: Summary) -> String {
        match self.language {
            Language::Vi => format!(
                "{} lỗi, {} cảnh báo, {} lời khuyên",
                summary.errors, summary.warnings, summary.advice
            ),
            Language::En => {
                let count = |n: usize, one: &str, many: &str| {
                    format!("{n} {}", if n == 1 { one } else { many })
                };
                format!(
                    "{}, {}, {}",
                    count(summary.errors, "error", "errors"),
                    count(summary.warnings, "warning", "warnings"),
                    count(summary.advice, "piece of advice", "pieces of advice"),
                )
            }
        }
    }

    fn picture(&self, finding: &Finding, styled: bool) -> String {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Advice => Level::NOTE,
        };
        let name = self.severity(finding.severity);
        let title =
            level.with_name(name).primary_title(finding.text(self.language)).id(&*finding.code);
        let mut group = match &finding.place {
            Some(place) if place.cell().is_some() => title.element(self.cell(place)),
            Some(place) if !place.source.text().is_empty() => {
                let span = place.span.start..first_line(place);
                title.element(
                    Snippet::source(place.source.text())
                        .path(place.source.name())
                        .annotation(AnnotationKind::Primary.span(span)),
                )
            }
            Some(place) => title.element(annotate_snippets::Origin::path(place.source.name())),
            None => Group::with_title(title),
        };
        let typed = finding.place.as_ref().filter(|place| place.cell().is_some());
        if let Some(typed) = typed.map(in_one_line).filter(|text| !text.is_empty()) {
            let label = self.words("ô này ghi", "the cell says");
            group = group.element(Level::NOTE.with_name(label).message(typed));
        }
        if let Some(clause) = &finding.clause {
            let label = self.words("căn cứ", "clause");
            group = group.element(Level::NOTE.with_name(label).message(cite(clause)));
        }
        if let Some(hint) = &finding.hint {
            let label = self.words("gợi ý", "hint");
            group = group.element(Level::HELP.with_name(label).message(hint.get(self.language)));
        }
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }

    /// Where a cell is: `danh-sach.xlsx, trang "Hộ", ô C5`.
    fn cell(&self, place: &Place) -> annotate_snippets::Origin<'static> {
        let words = place.cell().map(|cell| cell.words().get(self.language).to_owned());
        let words = words.filter(|words| !words.is_empty());
        let parts: Vec<String> =
            [Some(place.source.name().to_owned()), words].into_iter().flatten().collect();
        annotate_snippets::Origin::path(parts.join(", "))
    }
}

/// The start of what stands in a cell.
fn in_one_line(place: &Place) -> String {
    const MOST: usize = 80;
    let words: Vec<&str> = place.source.text().split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// The end of the place, or of its first line: long values need no long picture.
fn first_line(place: &Place) -> usize {
    let text = place.source.slice(place.span.clone());
    let line = text.split('\n').next().unwrap_or_default();
    place.span.start + line.trim_end().len()
}
