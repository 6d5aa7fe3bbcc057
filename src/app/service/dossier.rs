use std::io::{self, Write};
use std::time::Instant;

use super::answer::{Head, Made, Media, Outcome, Spent};
use super::ask::{DossierCheckJob, DossierJob, Part, PrintJob};
use super::document::{head, micros, names_of};
use super::flow::Flow;
use super::wire::Outbox;
use super::worker::{Clerk, broken};
use crate::app::{
    AppError, BuildOptions, DossierReport, PartError, Parts, bind_case, calendar_of, print_dossier,
    send_dossier,
};
use crate::base::{Finding, Language};
use crate::catalog::Procedure;
use crate::pipeline::{BuildError, Completeness, Dossier, Input, PaperContent};
use crate::viet::{Calendar, Moment};

/// Makes a dossier: an archive that goes out while it is made, or one set to print.
pub(super) fn answer<W: Write>(
    clerk: &mut Clerk,
    job: &DossierJob,
    language: Language,
    parts: &[Part],
    out: &mut Outbox<W>,
) -> Result<Spent, AppError> {
    let start = Instant::now();
    clerk.set_as_of(job.as_of.as_deref());
    let mut spent = Spent::default();
    match made_of(clerk, job, language, parts, out, &mut spent) {
        Ok(()) => spent.export = micros(start).saturating_sub(spent.compose),
        Err(Failure::Error(error)) => return Err(error),
        Err(Failure::Findings(findings)) => {
            spent.compose = micros(start);
            out.head(&refusal(&findings, language)).map_err(broken)?;
        }
    }
    Ok(spent)
}

fn made_of<W: Write>(
    clerk: &Clerk,
    job: &DossierJob,
    language: Language,
    parts: &[Part],
    out: &mut Outbox<W>,
    spent: &mut Spent,
) -> Result<(), Failure> {
    let start = Instant::now();
    let taken = read_parts(parts);
    let (case, files) = taken.map_err(|error| Failure::Findings(vec![not_taken(&error)]))?;
    let input = Input::new(&case.name, &case.bytes).with_files(&files);
    let mut dossier = bound(clerk, job, &input, &files)?;
    spent.compose = micros(start);
    let renderer = &clerk.renderer;
    if let Some(PrintJob { set }) = &job.print {
        let mut pdf = Vec::new();
        print_dossier(renderer, &mut dossier, &files, set.as_deref(), &mut pdf)?;
        let made = made(&dossier, Media::Pdf, Some(pdf.len()));
        out.head(&head(&dossier.findings, language, Some(made)))?;
        out.write_all(&pdf)?;
        return Ok(());
    }
    let made = made(&dossier, Media::Zip, None);
    out.head(&head(&dossier.findings, language, Some(made)))?;
    let whole = send_dossier(renderer, &mut dossier, &files, Flow::new(out));
    whole.map_err(|error| match Failure::from(error) {
        // The files were read before anything was sent; a second head would be none.
        Failure::Findings(_) => Failure::from(io::Error::other("a file has changed")),
        error @ Failure::Error(_) => error,
    })
}

/// Looks at a dossier: the answer is the report of the command line.
pub(super) fn check<W: Write>(
    clerk: &mut Clerk,
    job: &DossierCheckJob,
    language: Language,
    parts: &[Part],
    out: &mut Outbox<W>,
) -> Result<Spent, AppError> {
    let start = Instant::now();
    clerk.set_as_of(None);
    let spent = |start| Spent { compose: micros(start), ..Spent::default() };
    let found = match looked_at(clerk, job, parts) {
        Ok(found) => found,
        Err(findings) => {
            out.head(&refusal(&findings, language)).map_err(broken)?;
            return Ok(spent(start));
        }
    };
    let report = DossierReport::new(&found, language);
    let bytes = serde_json::to_vec(&report).map_err(|error| broken(error.into()))?;
    let (name, plain_name) = names(&found.case.procedure, Media::Json);
    let length = Some(bytes.len() as u64);
    let made = Made { media: Media::Json, name, plain_name, length, pages: None };
    out.head(&head(&found.findings, language, Some(made)))
        .and_then(|()| out.write_all(&bytes))
        .map_err(broken)?;
    Ok(spent(start))
}

fn looked_at(
    clerk: &Clerk,
    job: &DossierCheckJob,
    parts: &[Part],
) -> Result<Completeness, Vec<Finding>> {
    let mut parts = parts.to_vec();
    let calendar = if job.calendar && parts.len() > 1 {
        let calendar = parts.remove(1);
        calendar_of(calendar.name, &calendar.bytes)?
    } else {
        Calendar::of_vietnam().clone()
    };
    let (case, files) = read_parts(&parts).map_err(|error| vec![not_taken(&error)])?;
    let input = Input::new(&case.name, &case.bytes).with_files(&files);
    let as_of = job.as_of.parse::<Moment>().ok();
    let found = clerk.renderer.completeness(&input, Some(&job.procedure), as_of, &calendar)?;
    unnamed(&files, &found)?;
    Ok(found)
}

/// The dossier with all its files read: whatever the user can mend is known.
fn bound(
    clerk: &Clerk,
    job: &DossierJob,
    input: &Input<'_>,
    files: &Parts,
) -> Result<Dossier, Failure> {
    let options = BuildOptions {
        procedure: Some(&job.procedure),
        set: None,
        numbering: job.numbering.numbering(),
    };
    let bound = bind_case(&clerk.renderer, input, &options);
    let mut dossier = bound?;
    unnamed(files, &dossier.completeness).map_err(Failure::Findings)?;
    clerk.renderer.read_outside(&mut dossier, files)?;
    let pages = dossier.papers.iter().map(|paper| match &paper.content {
        PaperContent::Outside { survey: Some(survey), .. } => survey.pages(),
        _ => 1,
    });
    let pages: usize = pages.sum();
    if pages > clerk.most_pages {
        let finding = Finding::new("OP06").with("pages", pages.to_string());
        let finding = finding.with("limit", clerk.most_pages.to_string());
        return Err(Failure::Findings(vec![finding]));
    }
    Ok(dossier)
}

/// The case, and the files that came with it.
fn read_parts(parts: &[Part]) -> Result<(&Part, Parts), PartError> {
    let (case, others) = parts.split_first().ok_or(PartError::Nameless)?;
    let mut files = Parts::default();
    for part in others {
        files.add(&part.name, part.bytes.clone())?;
    }
    Ok((case, files))
}

/// Names of parts are looked at before a worker sees them.
fn not_taken(error: &PartError) -> Finding {
    let file = match error {
        PartError::Outside(name) | PartError::Twice(name) => name.as_str(),
        PartError::Nameless | PartError::Long => "",
    };
    Finding::new("DB02").with("file", file).with("detail", error.message())
}

/// That files came along which the case does not name: whoever sent them meant something.
fn unnamed(files: &Parts, found: &Completeness) -> Result<(), Vec<Finding>> {
    let unnamed = files.unnamed(&found.case.node);
    if unnamed.is_empty() {
        return Ok(());
    }
    let finding = |file: &str| Finding::new("DB04").with("file", file);
    Err(unnamed.into_iter().map(finding).collect())
}

/// Why there is no dossier.
enum Failure {
    Findings(Vec<Finding>),
    Error(AppError),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Error(broken(error))
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Findings(findings) => Self::Findings(findings),
            BuildError::Output(error) => Self::Error(error.into()),
            BuildError::Write(error) => Self::Error(broken(error)),
        }
    }
}

/// The beginning of an answer that holds nothing, whatever the findings are.
pub(super) fn refusal(findings: &[Finding], language: Language) -> Head {
    Head { outcome: Outcome::Refused, ..head(findings, language, None) }
}

fn made(dossier: &Dossier, media: Media, length: Option<usize>) -> Made {
    let (name, plain_name) = names(&dossier.completeness.case.procedure, media);
    Made { media, name, plain_name, length: length.map(|length| length as u64), pages: None }
}

/// What a dossier may be called: the id and the title of its procedure, and nothing of the
/// case.
fn names(procedure: &Procedure, media: Media) -> (String, String) {
    names_of(&procedure.id, &procedure.title, media)
}
