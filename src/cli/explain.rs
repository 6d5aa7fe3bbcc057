use super::Outcome;
use super::arguments::ExplainArguments;
use super::terminal::Terminal;
use crate::app::reference::{RuleList, RuleReport};
use crate::app::{AppError, ExampleForm, ExampleView, FamilyView, RuleView};
use crate::catalog::Catalog;

pub(super) fn run(verb: &ExplainArguments, terminal: &Terminal) -> Result<Outcome, AppError> {
    let language = terminal.language();
    if let Some(code) = &verb.code {
        let catalog = Catalog::builtin();
        let rule = RuleView::of_code(code, &catalog, language)?;
        if verb.json {
            terminal.json(&RuleReport { version: 1, rule })?;
        } else {
            terminal.data(told(&rule, terminal).as_bytes())?;
        }
    } else {
        let families = FamilyView::all(language);
        if verb.json {
            terminal.json(&RuleList { version: 1, families })?;
        } else {
            terminal.data(listed(&families, terminal).as_bytes())?;
        }
    }
    Ok(Outcome::Fine)
}

/// All that is known of a rule.
fn told(rule: &RuleView<'_>, terminal: &Terminal) -> String {
    let mut out =
        format!("{} ({}): {}\n", rule.code, terminal.severity(rule.severity), rule.message);
    if let Some(template) = rule.template {
        out.push_str(&format!("{}: {template}\n", terminal.words("mẫu", "template")));
    }
    if let Some(citation) = &rule.citation {
        out.push_str(&format!("{}: {citation}\n", terminal.words("căn cứ", "clause")));
    }
    if let Some(hint) = &rule.hint {
        out.push_str(&format!("{}: {hint}\n", terminal.words("gợi ý", "hint")));
    }
    if let Some(example) = &rule.example {
        let kind = kind(example, terminal);
        for (label, text) in [
            (terminal.words("sai", "wrong"), example.wrong),
            (terminal.words("đúng", "right"), example.right),
        ] {
            out.push_str(&format!("\n{label}{kind}:\n"));
            for line in text.lines() {
                out.push_str(&format!("    {line}\n"));
            }
        }
    }
    out
}

/// What the two texts of an example are, where they are not words.
fn kind(example: &ExampleView, terminal: &Terminal) -> String {
    match (example.form, example.template) {
        (ExampleForm::Data, Some(template)) => {
            format!(" ({} `{template}`)", terminal.words("dữ liệu của mẫu", "data of template"))
        }
        (ExampleForm::Content, _) => {
            format!(" ({})", terminal.words("trong mẫu nội dung", "in the content template"))
        }
        (ExampleForm::Data | ExampleForm::Text, _) => String::new(),
    }
}

/// A line for each rule, below the title of its family.
fn listed(families: &[FamilyView<'_>], terminal: &Terminal) -> String {
    let mut out = String::new();
    for family in families {
        out.push_str(&format!("{}: {}\n", family.family, family.title));
        for rule in &family.rules {
            let severity = terminal.severity(rule.severity);
            out.push_str(&format!("  {}  {severity:<10}  {}\n", rule.code, rule.message));
        }
    }
    out
}
