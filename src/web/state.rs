use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;

use super::Config;
use super::access::AccessLog;
use super::context::Context;
use super::previews::Previews;
use super::problem::Problem;
use super::quota::Quotas;
use super::teller::Teller;
use crate::app::Session;
use crate::app::reference::Reference;
use crate::app::service::{Answer, Ask, Crew, Job, Part};
use crate::base::Digest;
use crate::catalog::{Procedure, Template};
use crate::store::Store;

/// What every request shares.
#[derive(Debug, Clone)]
pub(super) struct App(Arc<Shared>);

/// The parts of [`App`].
pub(super) struct Shared {
    /// The settings.
    pub config: Config,
    /// Who makes documents.
    pub crew: Crew,
    /// Templates, procedures and other facts; nothing is rendered here.
    pub session: Session,
    /// What can be looked up.
    pub reference: Reference,
    /// The first pages of samples.
    pub previews: Previews,
    /// What is measured.
    pub metrics: PrometheusHandle,
    /// Keys and requests that may come again.
    pub store: Store,
    /// What callers have asked.
    pub access: AccessLog,
    /// What became of it.
    pub teller: Teller,
    /// How much they may ask.
    pub quotas: Quotas,
    /// Room for bodies, in KiB.
    pub room: Arc<Semaphore>,
    /// When a page was last made to see that pages are made.
    pub seen_ready: tokio::sync::Mutex<Option<tokio::time::Instant>>,
    stopping: AtomicBool,
    at_work: AtomicUsize,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    pub fn new(
        config: Config,
        crew: Crew,
        session: Session,
        reference: Reference,
        metrics: PrometheusHandle,
        store: Store,
        access: AccessLog,
    ) -> Self {
        Self(Arc::new(Shared {
            store,
            access,
            teller: Teller::start(),
            quotas: Quotas::new(&config.keys),
            room: Arc::new(Semaphore::new(config.limits.held_mib * 1024)),
            config,
            crew,
            session,
            reference,
            previews: Previews::default(),
            metrics,
            seen_ready: tokio::sync::Mutex::default(),
            stopping: AtomicBool::new(false),
            at_work: AtomicUsize::new(0),
        }))
    }

    /// Whether the service is about to end.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// From now on new work is refused.
    pub fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// How many requests are being answered.
    pub fn at_work(&self) -> usize {
        self.at_work.load(Ordering::Relaxed)
    }

    /// A request has come.
    pub fn begin(&self) {
        self.at_work.fetch_add(1, Ordering::Relaxed);
    }

    /// A request has been answered.
    pub fn end(&self) {
        self.at_work.fetch_sub(1, Ordering::Relaxed);
    }

    /// Has something made or checked, within the time that it may take, and notes how long
    /// the request waited for a worker.
    pub async fn ask(
        &self,
        context: &Context,
        job: Job,
        parts: Vec<Part>,
    ) -> Result<Answer, Problem> {
        let limits = &self.config.limits;
        let limit = match &job {
            Job::Document(_) => limits.document(),
            Job::Dossier(_) | Job::DossierCheck(_) => limits.dossier(),
            Job::Batch(_) => limits.batch(),
        };
        let ask = Ask { job, language: context.language };
        let answer = self.crew.ask(ask, parts, limit).await?;
        context.note().waited = u64::try_from(answer.waited.as_micros()).ok();
        Ok(answer)
    }

    /// The template with this id.
    pub fn template(&self, id: &str) -> Result<&Arc<Template>, Problem> {
        let found = self.session.catalog().template(id);
        found.map_err(|_| self.reference.no_template(id).into())
    }

    /// The procedure with this id.
    pub fn procedure(&self, id: &str) -> Result<&Procedure, Problem> {
        Ok(self.reference.procedure(id)?.procedure)
    }

    /// The hash of everything that makes the words and looks of a template.
    pub fn digest(&self, template: &Template) -> Result<Digest, Problem> {
        let digest = self.reference.digest(template);
        digest.ok_or_else(|| Problem::internal("a template without a digest"))
    }
}
