use crate::base::{Finding, SourceText};
use crate::catalog::{Catalog, Procedure, Schema, Side, nearest};
use crate::input::{Files, Node, paper_file, push_index};
use crate::viet::Moment;

/// Checks what a case says of its file: the procedure, the papers from outside, the
/// order of events.
///
/// The papers of one procedure stand beside those of others, for a case goes through
/// several: a paper is unknown if no procedure has it.
pub fn check_dossier(
    source: &SourceText,
    data: &Node,
    catalog: &Catalog,
    schema: &Schema,
    files: &dyn Files,
) -> Vec<Finding> {
    let outside = data.at("/dossier/outside").map(Node::items).unwrap_or_default();
    let chosen = data.at("/dossier/chosen").map(Node::items).unwrap_or_default();
    let events = data.child("events");
    let named = data.child("procedure");
    if outside.is_empty() && chosen.is_empty() && events.is_none() && named.is_none() {
        return Vec::new();
    }
    let mut findings = catalog.procedure_faults().to_vec();
    let procedure = named.and_then(|node| Some((node, node.text()?)));
    findings.extend(procedure.and_then(|(node, id)| {
        Some(unknown_procedure(catalog, id)?.at(node.place(source, "/procedure")))
    }));
    for (at, item) in outside.iter().enumerate() {
        let mut pointer = "/dossier/outside".to_owned();
        push_index(&mut pointer, at);
        if let Some(paper) = item.child("paper") {
            let place = || paper.place(source, format!("{pointer}/paper"));
            findings.extend(unknown_paper(catalog, paper).map(|one| one.at(place())));
        }
        if let Some(file) = item.child("file").filter(|_| files.is_known()) {
            let wrong = file.text().and_then(|path| paper_file(path, files).err());
            let place = || file.place(source, format!("{pointer}/file"));
            findings.extend(wrong.map(|detail| {
                let path = file.text().unwrap_or_default();
                Finding::new("PR04").with("path", path).with("detail", detail.message()).at(place())
            }));
        }
    }
    for (at, paper) in chosen.iter().enumerate() {
        let mut pointer = "/dossier/chosen".to_owned();
        push_index(&mut pointer, at);
        findings
            .extend(unknown_paper(catalog, paper).map(|one| one.at(paper.place(source, pointer))));
    }
    let procedure = procedure.and_then(|(_, id)| catalog.procedure(id));
    if let (Some(events), Some(procedure)) = (events, procedure) {
        findings.extend(out_of_order(source, events, procedure, schema));
    }
    findings
}

/// That there is no procedure of this id, if there is none.
pub fn unknown_procedure(catalog: &Catalog, id: &str) -> Option<Finding> {
    let known: Vec<&str> = catalog.procedures().map(|one| one.id.as_str()).collect();
    let finding = || Finding::new("PR02").with("id", id).with("known", known.join(", "));
    (!known.contains(&id)).then(|| finding().suggest(nearest(id, known.iter().copied())))
}

fn unknown_paper(catalog: &Catalog, paper: &Node) -> Option<Finding> {
    let key = paper.text()?;
    let papers = catalog.procedures().flat_map(|procedure| &procedure.papers);
    let mut known: Vec<&str> = papers.map(|paper| paper.key.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let finding = || Finding::new("PR03").with("key", key);
    (!known.contains(&key)).then(|| finding().suggest(nearest(key, known.iter().copied())))
}

/// What is done before that from which its time runs.
fn out_of_order(
    source: &SourceText,
    events: &Node,
    procedure: &Procedure,
    schema: &Schema,
) -> Vec<Finding> {
    let at = |name: &str| events.child(name)?.text()?.parse::<Moment>().ok();
    let title = |name: &str| {
        let described = schema.describe(&format!("/events/{name}"));
        let title = described.and_then(|one| schema.keyword(one, "title")?.as_str());
        title.unwrap_or(name).to_owned()
    };
    let mut findings: Vec<Finding> = Vec::new();
    for limit in &procedure.limits {
        let pairs =
            limit.starts.iter().flat_map(|start| limit.done.iter().map(move |done| (start, done)));
        for (start, done) in pairs {
            let (Some(from), Some(to)) = (at(start), at(done)) else { continue };
            let before_an_end = limit.side != Side::After;
            let Some(node) = events.child(done).filter(|_| !before_an_end && from.is_after(to))
            else {
                continue;
            };
            let finding = Finding::new("PR05")
                .with("title", title(done))
                .with("found", to.words())
                .with("before", title(start))
                .with("since", from.words())
                .at(node.place(source, format!("/events/{done}")));
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}
