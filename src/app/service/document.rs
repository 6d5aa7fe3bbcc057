use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use super::answer::{Head, Made, Media, Outcome, Spent};
use super::ask::{DocumentJob, Part};
use super::wire::Outbox;
use super::worker::{Clerk, broken};
use crate::app::{AppError, FindingView, Summary};
use crate::base::{Finding, Language, has_errors};
use crate::catalog::Manifest;
use crate::input::{Files, NoFiles};
use crate::output::Archive;
use crate::pipeline::{Composed, Edition, Format, Input, Sink, add_new};

/// A file of the answer, and what tells it from the others.
struct File {
    part: String,
    format: Format,
    bytes: Vec<u8>,
}

/// Makes a document, or checks its data where no format is asked for.
pub(super) fn answer<W: Write>(
    clerk: &mut Clerk,
    job: &DocumentJob,
    language: Language,
    parts: &[Part],
    out: &mut Outbox<W>,
) -> Result<Spent, AppError> {
    let start = Instant::now();
    clerk.set_as_of(job.as_of.as_deref());
    let others: BTreeMap<String, Arc<[u8]>> = parts
        .iter()
        .skip(1)
        .map(|part| (part.name.clone(), Arc::from(part.bytes.as_ref())))
        .collect();
    let files: &dyn Files = if others.is_empty() { &NoFiles } else { &others };
    let input = match parts.first() {
        Some(data) if !job.blank => {
            Input { template: Some(&job.template), ..Input::new(&data.name, &data.bytes) }
                .with_files(files)
        }
        _ => Input::blank(&job.template),
    };
    let formats: Vec<Format> =
        job.formats.iter().filter_map(|ending| Format::of_extension(ending)).collect();
    if formats.is_empty() {
        let findings = clerk.renderer.findings(&input, &job.options);
        out.head(&head(&findings, language, None)).map_err(broken)?;
        return Ok(Spent { compose: micros(start), ..Spent::default() });
    }
    let mut findings = Vec::new();
    let mut spent = Spent::default();
    let composed = composed(clerk, &input, job, &mut findings);
    spent.compose = micros(start);
    let Some(composed) = composed else {
        out.head(&head(&findings, language, None)).map_err(broken)?;
        return Ok(spent);
    };
    let (mut files, pages) = written(clerk, &composed, &formats, &mut spent)?;
    if pages.is_some_and(|pages| pages > clerk.most_pages) {
        let finding = Finding::new("OP06")
            .with("pages", pages.unwrap_or_default().to_string())
            .with("limit", clerk.most_pages.to_string());
        findings.push(finding);
        out.head(&head(&findings, language, None)).map_err(broken)?;
        return Ok(spent);
    }
    if let Some(page) = job.page
        && let Err(finding) = keep_page(&mut files, page)
    {
        findings.push(*finding);
        out.head(&head(&findings, language, None)).map_err(broken)?;
        return Ok(spent);
    }
    let manifest = &clerk.session.template(&job.template)?.manifest;
    let (made, bytes) = put_together(manifest, files, pages)?;
    clerk.set_aside(composed);
    out.head(&head(&findings, language, Some(made)))
        .and_then(|()| out.write_all(&bytes))
        .map_err(broken)?;
    Ok(spent)
}

/// The documents of the data; none if one of the findings is an error.
fn composed(
    clerk: &Clerk,
    input: &Input<'_>,
    job: &DocumentJob,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Composed>> {
    let checked = match clerk.renderer.check_with(input, &job.options) {
        Ok(checked) => checked,
        Err(found) => {
            findings.extend(found);
            return None;
        }
    };
    let mut composed = Vec::new();
    for Edition { checked, .. } in checked.editions() {
        match clerk.renderer.compose_checked(checked) {
            Ok(mut one) => {
                add_new(findings, std::mem::take(&mut one.findings));
                composed.push(one);
            }
            Err(found) => add_new(findings, found),
        }
    }
    (!has_errors(findings)).then_some(composed)
}

/// The files of the documents, and how many pages there are where they were laid out.
fn written(
    clerk: &Clerk,
    composed: &[Composed],
    formats: &[Format],
    spent: &mut Spent,
) -> Result<(Vec<File>, Option<usize>), AppError> {
    let mut files = Vec::new();
    let mut pages = None;
    for (at, one) in composed.iter().enumerate() {
        let edition = if composed.len() > 1 { format!("-{}", at + 1) } else { String::new() };
        let start = Instant::now();
        let mut laid_out = 0;
        let outputs = clerk.renderer.write_all_watched(one, formats, &mut |count| {
            *pages.get_or_insert(0) += count;
            laid_out = micros(start);
        })?;
        spent.compile += laid_out;
        spent.export += micros(start).saturating_sub(laid_out);
        for output in outputs {
            let several = output.files.len() > 1;
            for (page, bytes) in output.files.into_iter().enumerate() {
                let page = if several { format!("-{}", page + 1) } else { String::new() };
                files.push(File { part: format!("{edition}{page}"), format: output.format, bytes });
            }
        }
    }
    Ok((files, pages))
}

/// Keeps one page of a format that makes a file of each.
fn keep_page(files: &mut Vec<File>, page: usize) -> Result<(), Box<Finding>> {
    let count = files.len();
    if page == 0 || page > count {
        let finding = Finding::new("OP05").with("page", page.to_string());
        return Err(Box::new(finding.with("count", count.to_string())));
    }
    *files = vec![files.swap_remove(page - 1)];
    Ok(())
}

/// One file as it is, several in an archive.
fn put_together(
    manifest: &Manifest,
    mut files: Vec<File>,
    pages: Option<usize>,
) -> Result<(Made, Vec<u8>), AppError> {
    let (media, bytes) = match files.pop() {
        Some(only) if files.is_empty() => (only.format.into(), only.bytes),
        last => {
            files.extend(last);
            (Media::Zip, zipped(&manifest.id, &files)?)
        }
    };
    let length = Some(bytes.len() as u64);
    let (name, plain_name) = names(manifest, media);
    Ok((Made { media, name, plain_name, length, pages }, bytes))
}

fn zipped(id: &str, files: &[File]) -> Result<Vec<u8>, AppError> {
    let mut archive = Archive::new(Vec::new());
    for file in files {
        let name = format!("{id}{}.{}", file.part, file.format.extension());
        archive.put(&name, &file.bytes).map_err(broken)?;
    }
    archive.finish().map_err(|error| broken(error.into()))
}

/// How long a title is in the name of a file, in characters.
const LONGEST_TITLE: usize = 80;

/// What a file may be called: the id and the title of its template, and nothing of its
/// data; the same in ASCII.
fn names(manifest: &Manifest, media: Media) -> (String, String) {
    names_of(&manifest.id, &manifest.title, media)
}

/// What a file may be called of what has an id and a title.
pub(super) fn names_of(id: &str, title: &str, media: Media) -> (String, String) {
    let ending = media.extension();
    let plain = |c: char| c.is_alphanumeric() || " .,()-–".contains(c);
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title: String = title.chars().map(|c| if plain(c) { c } else { '-' }).collect();
    let mut short = String::new();
    for word in title.split(' ') {
        if short.chars().count() + word.chars().count() > LONGEST_TITLE {
            break;
        }
        short = format!("{short} {word}");
    }
    (format!("{id}{short}.{ending}"), format!("{id}.{ending}"))
}

/// The beginning of an answer.
pub(super) fn head(findings: &[Finding], language: Language, made: Option<Made>) -> Head {
    Head {
        outcome: if has_errors(findings) { Outcome::Refused } else { Outcome::Fine },
        findings: findings.iter().map(|one| FindingView::new(one, language)).collect(),
        summary: Summary::of(findings),
        made,
    }
}

pub(super) fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
