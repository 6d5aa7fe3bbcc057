use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsStr;
use std::path::Path;
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
        for path in files.filter(|path| Path::new(path).extension() == Some(OsStr::new("toml"))) {
            match read(assets, path, &known) {
                Ok(procedure) => procedures.add(procedure),
                Err(fault) => procedures.faults.push(*fault),
            }
        }
        procedures
    }

    fn add(&mut self, procedure: Procedure) {
        match self.by_id.entry(procedure.id.clone()) {
            Entry::Vacant(place) => _ = place.insert(Arc::new(procedure)),
            Entry::Occupied(other) => self.faults.push(procedure.unusable(
                other.key(),
                Bilingual::new(
                    format!("thủ tục `{}` đã có ở tệp khác", other.key()),
                    format!("another file has the procedure `{}` too", other.key()),
                ),
            )),
        }
    }
}

fn read(
    assets: &Assets,
    path: &str,
    known: &impl Fn(&str) -> bool,
) -> Result<Procedure, Box<Finding>> {
    let text = assets.text(path).map_err(|error| {
        Box::new(Finding::new("PR01").with("file", path).with("detail", error.to_string()))
    })?;
    let procedure = Procedure::read(&SourceText::new(path, text))?;
    let templates = procedure.papers.iter().filter_map(|paper| paper.template.as_deref());
    match templates.into_iter().find(|id| !known(id)) {
        None => Ok(procedure),
        Some(id) => Err(Box::new(procedure.unusable(
            id,
            Bilingual::new(format!("không có mẫu `{id}`"), format!("there is no template `{id}`")),
        ))),
    }
}
