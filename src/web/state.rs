use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;

use super::Config;
use super::problem::{Kind, Problem};
use crate::app::Session;
use crate::app::service::Crew;
use crate::base::Digest;
use crate::catalog::Template;

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
    /// What is measured.
    pub metrics: PrometheusHandle,
    /// Room for bodies, in KiB.
    pub room: Arc<Semaphore>,
    digests: Mutex<HashMap<String, Digest>>,
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
    pub fn new(config: Config, crew: Crew, session: Session, metrics: PrometheusHandle) -> Self {
        Self(Arc::new(Shared {
            room: Arc::new(Semaphore::new(config.limits.held_mib * 1024)),
            config,
            crew,
            session,
            metrics,
            digests: Mutex::default(),
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

    /// The template with this id.
    pub fn template(&self, id: &str) -> Result<&Arc<Template>, Problem> {
        self.session.template(id).map_err(|error| {
            let catalog = self.session.catalog();
            let ids = catalog.templates().map(|one| one.manifest.id.as_str());
            let near = crate::catalog::nearest(id, ids);
            let problem = Problem::new(Kind::TEMPLATE);
            match near {
                Some(near) => problem
                    .detail(format!("có phải mẫu `{near}`?"), format!("did you mean `{near}`?")),
                None => problem.words(error.message()),
            }
        })
    }

    /// The hash of everything that makes the words and looks of a template.
    pub fn digest(&self, template: &Template) -> Result<Digest, Problem> {
        let id = &template.manifest.id;
        let mut known = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(digest) = known.get(id) {
            return Ok(*digest);
        }
        let digest = template
            .digest(self.session.catalog().assets())
            .map_err(|error| Problem::internal(error.to_string()))?;
        known.insert(id.clone(), digest);
        Ok(digest)
    }
}
