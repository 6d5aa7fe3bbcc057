use std::collections::BTreeMap;

use crate::base::Finding;
use crate::catalog::{Choice, Defect, Manifest, Wording, nearest};
use crate::input::Node;
use crate::viet::fold;

use super::{Checked, Input, Renderer};

/// Options as the user gives them: name and value.
pub type Options = [(String, String)];

/// The options of one rendering, each with a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Name and value, as the content template sees them.
    pub values: BTreeMap<String, String>,
    /// The words at the places where the gazette has a slip, by the id of the defect.
    pub wording: BTreeMap<String, String>,
    /// Corrections that are in effect: the words of the gazette and those printed.
    pub corrected: Vec<(String, String)>,
    /// The option whose values come from the data, and those that were chosen: each
    /// makes a document.
    each: Option<(String, Vec<String>)>,
}

impl Chosen {
    /// Chooses a value for every option of a template; what is wrong with the
    /// options given is added to `findings`.
    pub(super) fn new(
        manifest: &Manifest,
        given: &Options,
        data: &Node,
        findings: &mut Vec<Finding>,
    ) -> Self {
        for (name, _) in given {
            if !manifest.options.iter().any(|option| option.name == *name) {
                findings.push(unknown_option(manifest, name));
            }
        }
        let mut chosen = Self::default();
        chosen.choose_words(manifest, given);
        for option in &manifest.options {
            let last = given.iter().rev().find(|(name, _)| *name == option.name);
            let value = last.map_or(option.default.as_str(), |(_, value)| value);
            match option.from.as_deref() {
                Some(from) => {
                    chosen.choose_of_data(option, value, &values_at(data, from), findings);
                }
                None => chosen.choose_of_list(option, value, findings),
            }
        }
        chosen
    }

    fn choose_words(&mut self, manifest: &Manifest, given: &Options) {
        let asked = |name: &str| {
            let last = given.iter().rev().find(|(one, _)| one == name);
            last.map(|(_, value)| value.as_str())
        };
        let defects = &manifest.defects;
        for (id, wording) in Defect::chosen(defects, asked) {
            let Some(defect) = defects.iter().find(|one| one.id == id) else { continue };
            let words = defect.words(wording).to_owned();
            if wording == Wording::Corrected {
                self.corrected.push((defect.printed.clone(), words.clone()));
            }
            self.wording.insert(id.to_owned(), words);
        }
    }

    fn set(&mut self, option: &Choice, value: &str) {
        self.values.insert(option.name.clone(), value.to_owned());
    }

    fn choose_of_list(&mut self, option: &Choice, value: &str, findings: &mut Vec<Finding>) {
        if option.values.iter().any(|known| known == value) {
            self.set(option, value);
        } else {
            findings.push(unknown_value(option, value, &option.values));
        }
    }

    fn choose_of_data(
        &mut self,
        option: &Choice,
        value: &str,
        known: &[String],
        findings: &mut Vec<Finding>,
    ) {
        let key = fold(value);
        if known.is_empty() {
            let from = option.from.as_deref().unwrap_or_default();
            let finding = Finding::new("OP03").with("name", option.name.as_str());
            findings.push(finding.with("from", from));
        } else if value == Choice::ALL {
            self.set(option, &known[0]);
            self.each = Some((option.name.clone(), known.to_vec()));
        } else if let Some(found) = known.iter().find(|one| fold(one) == key) {
            self.set(option, found);
            self.each = Some((option.name.clone(), vec![found.clone()]));
        } else {
            findings.push(unknown_value(option, value, known));
        }
    }
}

fn unknown_option(manifest: &Manifest, name: &str) -> Finding {
    let known: Vec<&str> = manifest.options.iter().map(|option| option.name.as_str()).collect();
    let list = if known.is_empty() { "–".to_owned() } else { known.join(", ") };
    Finding::new("OP01")
        .with("name", name)
        .with("template", manifest.id.as_str())
        .with("known", list)
        .suggest(nearest(name, known.into_iter()))
}

fn unknown_value(option: &Choice, value: &str, known: &[String]) -> Finding {
    let list: Vec<String> = known.iter().map(|one| format!("`{one}`")).collect();
    Finding::new("OP02")
        .with("name", option.name.as_str())
        .with("value", value)
        .with("known", list.join(", "))
        .suggest(nearest(value, known.iter().map(String::as_str)))
}

/// The texts at a JSON pointer in which `*` is any item, each once.
fn values_at(data: &Node, pointer: &str) -> Vec<String> {
    let mut nodes = vec![data];
    for part in pointer.split('/').skip(1) {
        nodes = nodes
            .into_iter()
            .flat_map(|node| match part {
                "*" => node.items().iter().collect::<Vec<_>>(),
                _ => node.child(part).into_iter().collect(),
            })
            .collect();
    }
    let mut values: Vec<String> = Vec::new();
    for text in nodes.into_iter().filter_map(Node::text) {
        if !values.iter().any(|known| fold(known) == fold(text)) {
            values.push(text.to_owned());
        }
    }
    values
}

/// One of the documents that data and options make.
#[derive(Debug, Clone)]
pub struct Edition {
    /// What it is for, such as the name of an agency; `None` where no option takes
    /// its values from the data.
    pub name: Option<String>,
    /// That option.
    pub option: Option<String>,
    /// A short form of the name, for file names: Latin letters, digits, hyphens.
    pub slug: Option<String>,
    /// The data with the options of this document.
    pub checked: Checked,
}

/// How long the part of a file name is that tells an edition, in characters.
const SLUG: usize = 60;

impl Checked {
    /// The documents that the options ask for: one, unless an option is `all`.
    pub fn editions(mut self) -> Vec<Edition> {
        let Some((option, values)) = self.options.each.take() else {
            return vec![Edition { name: None, option: None, slug: None, checked: self }];
        };
        let mut slugs: Vec<String> = Vec::new();
        let edition = |value: &String| {
            let mut checked = self.clone();
            checked.options.values.insert(option.clone(), value.clone());
            let slug = unused(&slug(value), &slugs);
            slugs.push(slug.clone());
            Edition {
                name: Some(value.clone()),
                option: Some(option.clone()),
                slug: Some(slug),
                checked,
            }
        };
        values.iter().map(edition).collect()
    }
}

impl Renderer {
    /// What there is to say about every document that data and options ask for,
    /// each finding once.
    ///
    /// Here alone it is said where a form corrects the gazette: whoever prints many
    /// papers does not read it every time.
    pub fn findings(&self, input: &Input<'_>, options: &Options) -> Vec<Finding> {
        let checked = match self.check_with(input, options) {
            Ok(checked) => checked,
            Err(findings) => return findings,
        };
        let mut findings = Vec::new();
        let corrections = corrections(&checked);
        for edition in checked.editions() {
            let found = match self.compose_checked(edition.checked) {
                Ok(composed) => composed.findings,
                Err(found) => found,
            };
            add_new(&mut findings, found);
        }
        findings.extend(corrections);
        findings
    }
}

/// That a form prints other words than the gazette, where it has a slip: one finding
/// for all of them.
fn corrections(checked: &Checked) -> Option<Finding> {
    let corrected = &checked.options.corrected;
    let list: Vec<String> =
        corrected.iter().map(|(printed, words)| format!("“{printed}” → “{words}”")).collect();
    let finding = Finding::new("FM04").with("template", checked.template.manifest.id.as_str());
    (!list.is_empty()).then(|| finding.with("list", list.join("; ")))
}

/// Adds the findings that are not there yet.
pub fn add_new(findings: &mut Vec<Finding>, found: Vec<Finding>) {
    for finding in found {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}

/// A name in Latin letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let plain: String =
        fold(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let short: String = words.join("-").chars().take(SLUG).collect();
    let short = short.trim_end_matches('-');
    if short.is_empty() { "x".to_owned() } else { short.to_owned() }
}

/// A slug with a number behind it, if others are called the same.
fn unused(slug: &str, taken: &[String]) -> String {
    let mut candidate = slug.to_owned();
    let mut count = 1;
    while taken.contains(&candidate) {
        count += 1;
        candidate = format!("{slug}-{count}");
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_short_and_different() {
        assert_eq!(slug("Công an xã"), "cong-an-xa");
        assert_eq!(slug("Phòng Văn hóa - Xã hội"), "phong-van-hoa-xa-hoi");
        assert_eq!(slug("../../Đội 1"), "doi-1");
        assert_eq!(slug("…"), "x");
        assert!(slug(&"Ủy ban ".repeat(40)).len() <= SLUG);
        let taken = ["a".to_owned(), "a-2".to_owned()];
        assert_eq!(unused("a", &taken), "a-3");
    }
}
