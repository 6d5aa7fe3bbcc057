use std::io::{self, Write};
use std::time::Instant;

use super::answer::{Head, Made, Media, Outcome, Spent};
use super::ask::{BatchForm, BatchJob, Part};
use super::document::{head, micros, names_of};
use super::dossier::refusal;
use super::flow::Flow;
use super::wire::Outbox;
use super::worker::{Clerk, broken};
use crate::app::AppError;
use crate::app::batch::{BatchData, BatchReport, DataKind, Outlet, StreamedBatch, stream_batch};
use crate::base::{Finding, Language};
use crate::input::NoFiles;
use crate::input::table::{BookKind, Wanted};
use crate::pipeline::Format;

/// Makes a document of each record, in an archive that goes out while it is made.
pub(super) fn answer<W: Write>(
    clerk: &mut Clerk,
    job: &BatchJob,
    language: Language,
    parts: &[Part],
    out: &mut Outbox<W>,
) -> Result<Spent, AppError> {
    let start = Instant::now();
    clerk.set_as_of(job.as_of.as_deref());
    let template = clerk.session.template(&job.template)?.clone();
    let (name, plain_name) = {
        let manifest = &template.manifest;
        names_of(&manifest.id, &manifest.title, Media::Zip)
    };
    let Some(data) = parts.first() else { return Err(broken(io::ErrorKind::InvalidData.into())) };
    let common = parts.get(1).filter(|_| job.common);
    let batch = StreamedBatch {
        template,
        data: BatchData {
            name: data.name.clone(),
            kind: match job.data {
                BatchForm::Csv => DataKind::Table(BookKind::Delimited),
                BatchForm::Xlsx => DataKind::Table(BookKind::Xlsx),
                BatchForm::List => DataKind::List,
            },
            bytes: data.bytes.clone(),
        },
        common: common.map(|part| (part.name.clone(), part.bytes.to_vec())),
        files: Box::new(NoFiles),
        wanted: Wanted { sheet: job.sheet.clone(), header: job.header_row },
        formats: job.formats.iter().filter_map(|ending| Format::of_extension(ending)).collect(),
        keep_going: job.keep_going,
        language,
    };
    let flow = Flow::new(out);
    let mut way = Way { flow, name, plain_name, language, start, checked: None };
    let outcome = stream_batch(&clerk.renderer, batch, &mut way)?;
    let compose = way.checked.unwrap_or_else(|| micros(start));
    if !outcome.written {
        out.head(&refusal(&outcome.findings, language)).map_err(broken)?;
    }
    let export = micros(start).saturating_sub(compose);
    Ok(Spent { compose, export, ..Spent::default() })
}

/// The way out.
struct Way<'a, W: Write> {
    flow: Flow<'a, W>,
    name: String,
    plain_name: String,
    language: Language,
    start: Instant,
    /// How long it took until the archive began, in microseconds.
    checked: Option<u64>,
}

impl<W: Write> Outlet for Way<'_, W> {
    fn begin(&mut self, _: &BatchReport, findings: &[Finding]) -> io::Result<()> {
        self.checked = Some(micros(self.start));
        let (name, plain_name) = (self.name.clone(), self.plain_name.clone());
        let made = Made { media: Media::Zip, name, plain_name, length: None, pages: None };
        // What is wrong with single records stands in the report at the end.
        let head = head(findings, self.language, Some(made));
        self.flow.begin(&Head { outcome: Outcome::Fine, ..head })
    }
}

impl<W: Write> Write for Way<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.flow.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flow.flush()
    }
}
