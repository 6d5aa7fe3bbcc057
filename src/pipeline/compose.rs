use std::sync::Arc;

use serde_json::Value;

use super::{Chosen, Input, Options, Renderer};
use crate::base::{Bilingual, Finding, SourceText, has_errors};
use crate::block::{self, Block, Document, Images};
use crate::catalog::{Schema, Template, nearest};
use crate::content::{self, Seen};
use crate::input::{self, Entry, Node};
use crate::lint;
use crate::output::pdf::unusual_characters;

/// A data file that has been read and checked against its template.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The file.
    pub source: SourceText,
    /// The template that it names.
    pub template: Arc<Template>,
    /// Its values, references resolved.
    pub node: Node,
    /// The values as the content template sees them: nothing left out.
    pub data: Value,
    /// What the content template sees of them.
    pub seen: Seen,
    /// The images that it names.
    pub images: Images,
    /// What the user chose for this rendering.
    pub options: Chosen,
    /// Whether it is a form to be filled by hand.
    pub blank: bool,
    /// What was found; without errors.
    pub findings: Vec<Finding>,
}

/// A document whose words are final.
#[derive(Debug)]
pub struct Composed {
    /// Where it came from.
    pub checked: Checked,
    /// The content markup.
    pub markup: SourceText,
    /// The block tree.
    pub document: Document,
    /// What was found on the whole way; without errors.
    pub findings: Vec<Finding>,
}

impl Renderer {
    /// Reads a data file and checks it against the schema and the rules on data.
    ///
    /// # Errors
    ///
    /// All findings, if one of them is an error.
    pub fn check(&self, input: &Input<'_>) -> Result<Checked, Vec<Finding>> {
        self.check_with(input, &[])
    }

    /// Reads and checks a data file, and the options of its template.
    ///
    /// # Errors
    ///
    /// All findings, if one of them is an error.
    pub fn check_with(
        &self,
        input: &Input<'_>,
        options: &Options,
    ) -> Result<Checked, Vec<Finding>> {
        let (source, node) = input::read(input.name, input.bytes)?;
        self.check_read(source, node, input, options)
    }

    /// Checks data that has been read: what `input` says of name and bytes does not
    /// count.
    ///
    /// # Errors
    ///
    /// All findings, if one of them is an error.
    pub fn check_read(
        &self,
        source: SourceText,
        mut node: Node,
        input: &Input<'_>,
        options: &Options,
    ) -> Result<Checked, Vec<Finding>> {
        let template = self.template_of(&source, &node, input.template)?;
        node.set("template", template.data_id());
        let schema = template
            .schema()
            .map_err(|error| vec![Finding::new("CM05").with("detail", error.to_string())])?;
        let strange = self.own_values(&source, &mut node, &template, schema);
        let of_profile = self.add_profile(&mut node, schema);
        let (mut data, mut findings) = input::validate(&source, &mut node, schema);
        if input.blank {
            schema.shape.complete(&mut data);
            return blank(source, template, node, data, options);
        }
        let fits = !has_errors(&findings);
        findings.extend(strange);
        findings.extend(lint::check_data(&source, &node, &template));
        if schema.knows("/dossier", "outside") {
            let catalog = self.catalog();
            findings.extend(lint::check_dossier(&source, &node, catalog, schema, input.files));
        }
        findings.extend(input::resolve(&source, &mut node, &mut data));
        let named = input::images(&node, input.files);
        let (images, about_images) = lint::check_images(&source, &node, named);
        findings.extend(about_images);
        let seen = fits.then(|| {
            schema.shape.complete(&mut data);
            let seen = Seen::new(&template, &data);
            findings.extend(self.declared(&source, &template, &node, &data, &seen));
            seen
        });
        findings.extend_from_slice(template.check_faults());
        let options = Chosen::new(&template.manifest, options, &node, &mut findings);
        findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span.start));
        findings.splice(0..0, of_profile);
        findings.extend(lint::unofficial(&template.manifest));
        input::shorten(&mut findings);
        match seen.filter(|_| !has_errors(&findings)) {
            Some(seen) => {
                let blank = false;
                Ok(Checked { source, template, node, data, seen, images, options, blank, findings })
            }
            None => Err(findings),
        }
    }

    /// Lays what the data say of this paper alone over what they say of all, where
    /// they are the data of several; names the papers that there are none of.
    fn own_values(
        &self,
        source: &SourceText,
        node: &mut Node,
        template: &Template,
        schema: &Schema,
    ) -> Vec<Finding> {
        if !schema.knows("", input::PAPERS) {
            return Vec::new();
        }
        let papers = input::own_values(node, template.data_id());
        let unknown = papers.iter().filter(|paper| self.catalog().template(&paper.key).is_err());
        let finding = |paper: &Entry| {
            let mut pointer = format!("/{}", input::PAPERS);
            input::push_part(&mut pointer, &paper.key);
            self.no_template(&paper.key).at(paper.place(source, pointer))
        };
        unknown.map(finding).collect()
    }

    /// That there is no template of this id.
    fn no_template(&self, id: &str) -> Finding {
        let known: Vec<&str> =
            self.catalog().templates().map(|one| one.manifest.id.as_str()).collect();
        Finding::new("IN11").with("id", id).suggest(nearest(id, known.iter().copied()))
    }

    /// What the checks that the template declares find in completed data.
    fn declared(
        &self,
        source: &SourceText,
        template: &Template,
        node: &Node,
        data: &Value,
        seen: &Seen,
    ) -> Vec<Finding> {
        if template.checks().is_empty() {
            return Vec::new();
        }
        let failed = self.engine(template).and_then(|engine| engine.failed(template, seen));
        match failed {
            Ok(checks) => {
                checks.iter().map(|check| lint::declared(source, node, data, check)).collect()
            }
            Err(faults) => faults,
        }
    }

    /// Makes the block tree of a data file, numbered and closed; the first one, if
    /// the template makes several documents of it
    /// ([`Checked::editions`]).
    ///
    /// # Errors
    ///
    /// All findings, if one of them is an error.
    pub fn compose(&self, input: &Input<'_>) -> Result<Composed, Vec<Finding>> {
        self.compose_checked(self.check(input)?)
    }

    /// Makes the block tree of data that has been checked.
    ///
    /// # Errors
    ///
    /// All findings, if one of them is an error.
    pub fn compose_checked(&self, checked: Checked) -> Result<Composed, Vec<Finding>> {
        let engine = self.engine(&checked.template)?;
        let assets = self.catalog().assets();
        let markup = engine.render(
            assets,
            &checked.seen,
            &checked.options.values,
            &checked.options.wording,
        )?;
        let mut document = content::parse(&markup, &checked.images)?;
        if checked.template.manifest.is_filled_in() && !checked.blank {
            // They say how to fill in the form.
            block::drop_notes(&mut document);
        }
        block::number(&mut document);
        block::finish(&mut document);
        let mut findings = checked.findings.clone();
        findings.extend(lint::check_document(&checked.source, &document));
        findings.extend(self.glyph_findings(&checked, &document));
        findings.extend(nothing_to_show(&checked, &document));
        findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span.start));
        if has_errors(&findings) {
            return Err(findings);
        }
        Ok(Composed { checked, markup, document, findings })
    }

    fn glyph_findings(&self, checked: &Checked, document: &Document) -> Vec<Finding> {
        let unusual = unusual_characters(document).into_iter();
        unusual
            .filter(|character| !self.press().fonts().covers(*character))
            .map(|character| {
                let finding = Finding::new("FN03")
                    .with("character", character.to_string())
                    .with("code", format!("U+{:04X}", u32::from(character)));
                match lint::locate(&checked.source, &checked.node, &character.to_string()) {
                    Some(place) => finding.at(place),
                    None => finding,
                }
            })
            .collect()
    }

    fn template_of(
        &self,
        source: &SourceText,
        node: &Node,
        asked: Option<&str>,
    ) -> Result<Arc<Template>, Vec<Finding>> {
        let named = node.child("template");
        let id = asked.or_else(|| named.and_then(Node::text));
        let Some(id) = id else {
            let finding = Finding::new("IN10");
            return Err(vec![match template_key(node) {
                Some(entry) => finding.at(entry.place(source, format!("/{}", entry.key))),
                None => finding.at(node.place(source, "")),
            }]);
        };
        let unknown = |_| {
            let finding = self.no_template(id);
            vec![match named.filter(|_| asked.is_none()) {
                Some(node) => finding.at(node.place(source, "/template")),
                None => finding,
            }]
        };
        let template = self.catalog().template(id).cloned().map_err(unknown)?;
        match named {
            Some(named) if is_of_another(&template, named) => {
                Err(vec![wrong_source(&template, named).at(named.place(source, "/template"))])
            }
            _ => Ok(template),
        }
    }
}

/// A form without data.
fn blank(
    source: SourceText,
    template: Arc<Template>,
    node: Node,
    data: Value,
    options: &Options,
) -> Result<Checked, Vec<Finding>> {
    let manifest = &template.manifest;
    if !manifest.is_filled_in() {
        let finding = Finding::new("OP04").with("template", manifest.id.as_str());
        return Err(vec![
            finding
                .with("title", Bilingual::new(manifest.title.clone(), manifest.title_en.clone())),
        ]);
    }
    let mut findings: Vec<Finding> = lint::unofficial(manifest).into_iter().collect();
    let options = Chosen::new(manifest, options, &node, &mut findings);
    if has_errors(&findings) {
        return Err(findings);
    }
    let images = Images::new();
    let seen = Seen::new(&template, &data);
    Ok(Checked { source, template, node, data, seen, images, options, blank: true, findings })
}

/// Whether a paper that is derived from one template is asked of the data of
/// another.
fn is_of_another(template: &Template, named: &Node) -> bool {
    let fits = |name: &str| [template.data_id(), template.manifest.id.as_str()].contains(&name);
    template.manifest.derives_from.is_some() && !named.text().is_some_and(fits)
}

fn wrong_source(template: &Template, named: &Node) -> Finding {
    Finding::new("DV01")
        .with("id", template.manifest.id.as_str())
        .with("expected", template.data_id())
        .with("found", named.spelling().unwrap_or_default())
}

/// A derived paper in which there is nothing but words around what the data does
/// not have.
fn nothing_to_show(checked: &Checked, document: &Document) -> Option<Finding> {
    let manifest = &checked.template.manifest;
    manifest.derives_from.as_ref()?;
    let annexes = document.annexes.iter().flat_map(|annex| &annex.content);
    let mut blocks = document.body.iter().chain(annexes);
    if blocks.any(|block| !matches!(block, Block::Paragraph(_) | Block::Centered(_))) {
        return None;
    }
    let keys: Vec<String> = manifest.reads.iter().map(|key| format!("`{key}`")).collect();
    let finding = Finding::new("DV02")
        .with("title", Bilingual::new(manifest.title.clone(), manifest.title_en.clone()))
        .with("keys", keys.join(", "));
    Some(finding.at(checked.node.place(&checked.source, "")))
}

/// The key that names the template with something that is no name, or that was
/// probably meant to name it.
fn template_key(node: &Node) -> Option<&Entry> {
    node.entries().iter().find(|entry| nearest(&entry.key, ["template"].into_iter()).is_some())
}
