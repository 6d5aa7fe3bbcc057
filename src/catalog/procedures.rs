use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Assets, Procedure};
use crate::base::{Bilingual, Finding, SourceText};

/// The folder of the procedures.
const FOLDER: &str = "_procedures/";

/// The procedures of the template folder: those that can be used, and what is wrong
/// with the others.
#[derive(Debug, Default)]
pub(super) struct Procedures {
    pub(super) by_id: BTreeMap<String, Arc<Procedure>>,
    pub(super) faults: Vec<Finding>,
}

impl Procedures {
    /// Reads every file. A slip in one does not stop the others; `known` says whether
    /// there is a template with an id.
    pub(super) fn read(assets: &Assets, known: impl Fn(&str) -> bool) -> Self {
        let mut procedures = Self::default();
        let files = assets.below(FOLDER).map(|(path, _)| path);
        for path in files.filter(|path| path.ends_with(".toml")) {
            match read(assets, path, &known) {
                Ok(procedure) => procedures.add(procedure),
                Err(fault) => procedures.faults.push(fault),
            }
        }
        procedures
    }

    fn add(&mut self, procedure: Procedure) {
        let id = procedure.id.clone();
        if self.by_id.contains_key(&id) {
            self.faults.push(procedure.unusable(Bilingual::new(
                format!("thủ tục `{id}` đã có ở tệp khác"),
                format!("another file has the procedure `{id}` too"),
            )));
        } else {
            self.by_id.insert(id, Arc::new(procedure));
        }
    }
}

fn read(assets: &Assets, path: &str, known: &impl Fn(&str) -> bool) -> Result<Procedure, Finding> {
    let text = assets.text(path).map_err(|error| {
        Finding::new("PR01").with("file", path).with("detail", error.to_string())
    })?;
    let procedure = Procedure::read(&SourceText::new(path, text))?;
    let templates = procedure.papers.iter().filter_map(|paper| paper.template.as_deref());
    match templates.into_iter().find(|id| !known(id)) {
        None => Ok(procedure),
        Some(id) => Err(procedure.unusable(Bilingual::new(
            format!("không có mẫu `{id}`"),
            format!("there is no template `{id}`"),
        ))),
    }
}
