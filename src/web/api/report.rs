//! The state of a dossier, as the command line gives it (`vanban dossier check --json`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::FindingView;

/// The state of a dossier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierReport)]
pub(super) struct DossierReportBody {
    /// The version of this report, 1.
    version: u8,
    /// The part of the request that holds the case.
    file: String,
    /// The id of the procedure.
    procedure: String,
    /// Its title.
    title: String,
    /// The clause that lists its papers.
    clause: String,
    /// The moment at which time limits were looked at.
    as_of: Option<String>,
    /// Whether every required paper is there.
    complete: bool,
    /// Whether a time limit is over.
    overdue: bool,
    /// The papers.
    papers: Vec<PaperBody>,
    /// The sets that are to be made.
    sets: Vec<SetBody>,
    /// The time limits.
    deadlines: Vec<DeadlineBody>,
    /// What was found in the case.
    findings: Vec<FindingView>,
}

/// A paper of a dossier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierPaper)]
struct PaperBody {
    /// Its name within the procedure.
    key: String,
    /// The item of the clause.
    item: String,
    /// The title.
    title: String,
    /// How it stands.
    #[schema(pattern = "^(generated|outside|missing|replaced|not_needed|absent)$")]
    status: String,
    /// Whether the dossier is incomplete without it.
    required: bool,
    /// The template that makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    template: Option<String>,
    /// Who signs it.
    signer: String,
    /// Whether the law asks for a copy.
    copy: bool,
    /// The clause that asks for it.
    clause: String,
    /// What its place in the dossier rests on: law, practice or inferred.
    basis: String,
    /// The paper that stands in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced_by: Option<String>,
    /// How it stands, in words.
    state: String,
    /// What its form lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    missing: Vec<FindingView>,
    /// Its files from outside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    files: Vec<PaperFileBody>,
}

/// A file of a paper from outside.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierFile)]
struct PaperFileBody {
    /// The path, as the case has it.
    file: String,
    /// Why it cannot be used, if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// A set of a dossier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierSet)]
struct SetBody {
    /// Its name within the procedure.
    id: String,
    /// The title.
    title: String,
    /// What is printed on its cover.
    mark: String,
    /// Who gets it.
    for_whom: String,
    /// The clause that asks for it.
    clause: String,
    /// What it rests on: law, practice or inferred.
    basis: String,
}

/// A time limit of a dossier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierDeadline)]
struct DeadlineBody {
    /// Its name within the procedure.
    id: String,
    /// What is to be done.
    title: String,
    /// How it is counted.
    #[schema(pattern = "^(hours|working_days|calendar_days|months|years|age)$")]
    clock: String,
    /// How many units.
    length: u32,
    /// Which way it is counted.
    #[schema(pattern = "^(after|before|within)$")]
    side: String,
    /// Whether it is the term of a measure.
    term: bool,
    /// What it is counted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// When that was: an hour or a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    /// When it may be done at the earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opens: Option<String>,
    /// When it ends; a day ends at 24 giờ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done: Option<String>,
    /// How it stands.
    #[schema(pattern = "^(waiting|running|done|late|overdue|ended)$")]
    status: String,
    /// How it stands, in words.
    state: String,
    /// The clause that sets it.
    clause: String,
    /// What it rests on: law, practice or inferred.
    basis: String,
    /// What to know about the count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    notes: Vec<String>,
}
