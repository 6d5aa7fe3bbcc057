use std::sync::Arc;

use serde_json::Value;

use super::super::{Input, Renderer};
use crate::base::{Bilingual, Finding, SourceText, has_errors};
use crate::catalog::Procedure;
use crate::input::{self, Node};
use crate::lint;

/// A case that has been read for a procedure: the data of many papers.
#[derive(Debug, Clone)]
pub struct Case {
    /// The file.
    pub source: SourceText,
    /// Its values, references resolved; what is said of single papers is left out.
    pub node: Node,
    /// The values as conditions see them: nothing left out.
    pub data: Value,
    /// The procedure.
    pub procedure: Arc<Procedure>,
    /// What was found; without errors.
    pub findings: Vec<Finding>,
    /// The values as they were read, from which each paper takes what is its own.
    pub(super) read: Node,
}

impl Renderer {
    /// Reads a case as a whole, for the procedure that is asked for or else the one that
    /// it names.
    ///
    /// # Errors
    ///
    /// All findings, if one of them is an error: the file does not fit the case model, it
    /// names no procedure or one that there is not.
    pub fn case(&self, input: &Input<'_>, procedure: Option<&str>) -> Result<Case, Vec<Finding>> {
        let (source, read) = input::read(input.name, input.bytes)?;
        let mut node = read.clone();
        let schema = self.catalog().case_schema();
        let schema =
            schema.map_err(|error| vec![Finding::new("CM05").with("detail", error.to_string())])?;
        input::own_values(&mut node, "");
        let of_profile = self.add_profile(&mut node, schema);
        let (mut data, mut findings) = input::validate(&source, &mut node, schema);
        findings.extend(lint::check_dossier(&source, &node, self.catalog(), schema, input.files));
        findings.extend(input::resolve(&source, &mut node, &mut data));
        schema.shape.complete(&mut data);
        let found = self.procedure_of(&source, &node, procedure);
        let procedure = match found {
            Ok(procedure) => Some(procedure),
            Err(more) => {
                findings.extend(
                    more.into_iter().filter(|one| !findings.contains(one)).collect::<Vec<_>>(),
                );
                None
            }
        };
        findings.sort_by_key(|finding| finding.place.as_ref().map(|place| place.span.start));
        findings.splice(0..0, of_profile);
        input::shorten(&mut findings);
        match procedure {
            Some(procedure) if !has_errors(&findings) => {
                Ok(Case { source, node, data, procedure, findings, read })
            }
            _ => Err(findings),
        }
    }

    fn procedure_of(
        &self,
        source: &SourceText,
        node: &Node,
        asked: Option<&str>,
    ) -> Result<Arc<Procedure>, Vec<Finding>> {
        let named = node.child("procedure");
        let Some(id) = asked.or_else(|| named.and_then(Node::text)) else {
            return Err(vec![Finding::new("PR09").at(node.place(source, ""))]);
        };
        self.catalog().procedure(id).cloned().ok_or_else(|| {
            let mut findings = self.catalog().procedure_faults().to_vec();
            let unknown = lint::unknown_procedure(self.catalog(), id);
            findings.extend(unknown.map(|finding| match named.filter(|_| asked.is_none()) {
                Some(node) => finding.at(node.place(source, "/procedure")),
                None => finding,
            }));
            findings
        })
    }
}

impl Case {
    /// That the procedure does not apply to it, at the date of birth on which that mostly
    /// rests.
    pub(super) fn finding_not_for(&self) -> Finding {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let why =
            Bilingual::new(said(&self.procedure.not_for_vi), said(&self.procedure.not_for_en));
        let birth = self.node.at("/subject/birth_date");
        let finding = Finding::new("PR10").with("id", self.procedure.id.as_str());
        let finding = finding.with("detail", why);
        match birth {
            Some(node) => finding.at(node.place(&self.source, "/subject/birth_date")),
            None => finding.at(self.node.place(&self.source, "")),
        }
    }
}
