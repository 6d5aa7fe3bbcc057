use std::io::{self, BufWriter, Read, Write};
use std::panic;

use super::answer::{End, Spent};
use super::ask::{Ask, DocumentJob, Job, Part, VERSION};
use super::wire::{self, CHUNK, Outbox, Setup};
use super::{batch, document, dossier, limits};
use crate::app::{AppError, Session, SessionOptions, frame};
use crate::base::Language;
use crate::output::pdf::Broom;
use crate::pipeline::{Composed, Renderer};

/// The hidden command of the program that is a worker of the service.
pub const COMMAND: &str = "service-worker";

/// Who answers asks: templates, fonts and a renderer, kept warm.
#[derive(Debug)]
pub(super) struct Clerk {
    pub session: Session,
    pub renderer: Renderer,
    /// The most pages of a document.
    pub most_pages: usize,
    /// What documents were made of: it is thrown away when the answer is out.
    leftover: Vec<Composed>,
    broom: Broom,
}

/// After how many asks a worker looks again how much memory it holds, which takes as long
/// as a hundredth of a page.
const LOOK: u64 = 16;

impl Clerk {
    fn new(setup: &Setup) -> Result<Self, AppError> {
        let options = SessionOptions {
            templates: setup.templates.clone(),
            fonts: setup.fonts.clone(),
            ..SessionOptions::default()
        };
        let session = Session::open(&options)?.with_profile(setup.profile.clone());
        // The workers share the cores.
        let renderer = session.renderer()?.on_cores(1);
        Ok(Self {
            session,
            renderer,
            most_pages: setup.pages,
            leftover: Vec::new(),
            broom: Broom::take(),
        })
    }

    /// Keeps what documents were made of until the answer is out.
    pub fn set_aside(&mut self, composed: Vec<Composed>) {
        self.leftover.extend(composed);
    }

    /// Throws away what the documents of the last ask left.
    fn clean_up(&mut self) {
        self.leftover.clear();
        self.broom.sweep();
    }

    /// Sets the date (yyyy-mm-dd) in the metadata of documents that have none.
    pub fn set_as_of(&mut self, date: Option<&str>) {
        self.renderer.set_as_of(date.and_then(|date| date.parse().ok()));
    }

    /// Makes a page of each layout, so that the first ask is no slower than the others.
    fn warm_up(&mut self) {
        let mut layouts: Vec<String> = Vec::new();
        let mut jobs = Vec::new();
        for template in self.session.catalog().templates() {
            let manifest = &template.manifest;
            if !layouts.contains(&manifest.layout) && manifest.derives_from.is_none() {
                layouts.push(manifest.layout.clone());
                let sample = Part::new("sample", template.sample(false).to_owned());
                let formats = vec!["pdf".to_owned()];
                let template = manifest.id.clone();
                jobs.push((DocumentJob { template, formats, ..DocumentJob::default() }, sample));
            }
        }
        for (job, sample) in jobs {
            let ask = Ask { job: Job::Document(job), language: Language::En };
            // A template of the user's may not be fit for it; asks will say so.
            let _ = self.answer(&ask, &[sample], &mut Outbox::new(io::sink()));
            self.clean_up();
        }
    }

    fn answer<W: Write>(
        &mut self,
        ask: &Ask,
        parts: &[Part],
        out: &mut Outbox<W>,
    ) -> Result<Spent, AppError> {
        match &ask.job {
            Job::Document(job) => document::answer(self, job, ask.language, parts, out),
            Job::Dossier(job) => dossier::answer(self, job, ask.language, parts, out),
            Job::DossierCheck(job) => dossier::check(self, job, ask.language, parts, out),
            Job::Batch(job) => batch::answer(self, job, ask.language, parts, out),
        }
    }
}

/// A worker at work: answers asks until nobody asks any more.
///
/// # Errors
///
/// If what it reads is none of ours, or nobody reads its answers.
pub fn serve(from: &mut impl Read, to: impl Write) -> Result<(), AppError> {
    // What went wrong is told by its place alone: messages can hold values of a case.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "panic at {place}");
    }));
    let Some(setup) = frame::receive::<Setup>(from).map_err(broken)? else { return Ok(()) };
    if setup.version != VERSION {
        return Err(broken(io::ErrorKind::InvalidData.into()));
    }
    limits::limit_memory(setup.memory);
    let mut out = Outbox::new(BufWriter::with_capacity(2 * CHUNK, to));
    let clerk = Clerk::new(&setup);
    let failure = clerk.as_ref().err().map(AppError::message);
    if let Ok(mut clerk) = clerk {
        clerk.warm_up();
        out.end(&End { resident: limits::resident(), ..End::default() }).map_err(broken)?;
        let mut asks: u64 = 0;
        while let Some((ask, parts)) = wire::read_ask(from).map_err(broken)? {
            let (failed, spent) = match clerk.answer(&ask, &parts, &mut out) {
                Ok(spent) => (None, spent),
                Err(error) => (Some(error.message()), Spent::default()),
            };
            asks += 1;
            let resident = if asks.is_multiple_of(LOOK) { limits::resident() } else { 0 };
            out.end(&End { failed, spent, resident }).map_err(broken)?;
            clerk.clean_up();
        }
        return Ok(());
    }
    out.end(&End { failed: failure, ..End::default() }).map_err(broken)
}

/// That the pipe to the service is broken.
pub(super) fn broken(error: io::Error) -> AppError {
    AppError::Write { path: COMMAND.to_owned(), error }
}
