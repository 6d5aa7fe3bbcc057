use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use super::access::AccessLog;
use super::clock::now;
use super::door;
use super::patient::Patient;
use super::state::App;
use super::{Config, log, metrics, router};
use crate::app::service::{Crew, CrewSettings};
use crate::app::{AppError, DataFolder, Session, SessionOptions};
use crate::base::Bilingual;
use crate::store::Store;

/// Runs the service until it is told to stop, and then until what it has begun is done.
///
/// # Errors
///
/// If it cannot start.
pub fn serve(config: Config, program: PathBuf) -> Result<(), AppError> {
    log::start(&config.log);
    // The work is done by the workers. With a thread for each core, whoever is awake wakes
    // others in vain, and a single one would let a long body hold up all others.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.div_ceil(2).max(2);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let runtime = runtime.map_err(|error| failed(&error))?;
    runtime.block_on(run(config, program))
}

fn failed(error: &dyn std::error::Error) -> AppError {
    AppError::NotReady(Bilingual::from(error.to_string()))
}

async fn run(config: Config, program: PathBuf) -> Result<(), AppError> {
    let address = config.listen;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| AppError::Listen { address, error })?;
    let address = listener.local_addr().unwrap_or(address);
    // From here on a wish to stop is heard.
    let mut signals = Signals::new().map_err(|error| failed(&error))?;
    let measured = metrics::start().map_err(|error| failed(&error))?;
    let options = SessionOptions {
        templates: config.templates.clone(),
        fonts: config.font_dir.clone(),
        as_of: None,
        profile: config.profile.clone(),
    };
    let session = Session::open(&options)?;
    let store = Store::open(DataFolder::new(config.data_dir.as_deref())?.path()).await?;
    store.lose_unfinished().await?;
    let settings = CrewSettings {
        program,
        session: options,
        workers: config.worker_count(),
        queue: config.workers.queue * config.worker_count(),
        limits: config.worker_limits(),
        grace: Duration::from_millis(config.workers.grace_ms),
    };
    let crew = tokio::select! {
        crew = Crew::start(settings) => crew?,
        () = signals.stop() => return Ok(()),
    };
    let reference = session.reference()?;
    let (access, writer) = AccessLog::start(store.clone());
    tokio::spawn(tidy(store.clone()));
    tokio::spawn(metrics::keep_up(measured.clone()));
    let app = App::new(config, crew, session, reference, measured, store.clone(), access);
    let router = router(&app);
    tracing::info!(%address, workers = app.crew.figures().workers, "listening");
    let connections = Connections::new(&app, router);
    tokio::select! {
        () = connections.accept(&listener) => {}
        () = signals.stop() => {}
    }
    tracing::info!("stopping: what has begun is finished");
    app.begin_to_stop();
    // Who comes now is told so, until all that has begun is done.
    tokio::select! {
        () = connections.accept(&listener) => {}
        () = connections.quiet() => {}
    }
    connections.end(listener).await;
    app.crew.stop().await;
    app.teller.catch_up().await;
    writer.end().await;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// How often what need not be remembered any more is forgotten.
const TIDY: Duration = Duration::from_mins(15);

async fn tidy(store: Store) {
    loop {
        if let Err(error) = store.forget(now()).await {
            tracing::warn!(%error, "old requests were not forgotten");
        }
        sleep(TIDY).await;
    }
}

/// What tells the service to stop.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    #[cfg(unix)]
    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn stop(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// The connections that are open.
struct Connections {
    app: App,
    router: Router,
    http: http1::Builder,
    graceful: GracefulShutdown,
    room: Arc<Semaphore>,
    /// How long a caller may take nothing of an answer.
    patience: Duration,
    /// How many connections have asked nothing yet.
    silent: Arc<AtomicUsize>,
}

/// A connection that has asked nothing yet, as long as it is kept.
struct Silent(Arc<AtomicUsize>);

impl Silent {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long to wait after a connection could not be accepted: the system has no room.
const PAUSE: Duration = Duration::from_millis(50);
/// How long answers may still be on their way after what was asked is done.
const LAST: Duration = Duration::from_secs(5);
/// For how long at least those who ask are told that the service is stopping, rather than
/// finding the door closed.
const MOMENT: Duration = Duration::from_millis(500);

impl Connections {
    fn new(app: &App, router: Router) -> Self {
        let limits = &app.config.limits;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(limits.head_seconds))
            .max_buf_size(64 * 1024);
        Self {
            app: app.clone(),
            router,
            http,
            graceful: GracefulShutdown::new(),
            room: Arc::new(Semaphore::new(limits.connections)),
            patience: Duration::from_secs(limits.answer_seconds),
            silent: Arc::default(),
        }
    }

    /// Takes connections, as long as it is asked to.
    async fn accept(&self, listener: &TcpListener) {
        loop {
            let Ok(room) = self.room.clone().acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => self.take(stream, peer, room),
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn take(&self, stream: TcpStream, peer: SocketAddr, room: tokio::sync::OwnedSemaphorePermit) {
        let _ = stream.set_nodelay(true);
        let silent = Arc::new(Mutex::new(Some(Silent::new(&self.silent))));
        let service = self.router.clone().map_request(move |request: http::Request<_>| {
            drop(silent.lock().unwrap_or_else(PoisonError::into_inner).take());
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let stream = TokioIo::new(Patient::new(stream, self.patience));
        let connection = self.http.serve_connection(stream, TowerToHyperService::new(service));
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            // What goes wrong here is the caller's: a head that is none, a broken line.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(room);
        });
    }

    /// Waits until no request is being answered, and a moment at least.
    async fn quiet(&self) {
        sleep(MOMENT).await;
        while self.app.at_work() > 0 {
            sleep(PAUSE).await;
        }
    }

    /// Answers who waits at the door, and lets all connections end.
    async fn end(self, listener: TcpListener) {
        // Whoever has connected before the door closes gets an answer.
        match door::shut(&listener) {
            Ok(()) => sleep(PAUSE).await,
            Err(error) => tracing::debug!(%error, "the door could not be shut"),
        }
        if let Ok(door) = listener.into_std() {
            while let Ok((stream, peer)) = door.accept() {
                let Ok(room) = self.room.clone().acquire_owned().await else { break };
                if stream.set_nonblocking(true).is_ok()
                    && let Ok(stream) = TcpStream::from_std(stream)
                {
                    self.take(stream, peer, room);
                }
            }
        }
        // A connection that ends before it was read would lose what lies in it.
        let heard = async {
            while self.silent.load(Ordering::Relaxed) > 0 {
                sleep(PAUSE).await;
            }
        };
        let _ = timeout(LAST, heard).await;
        let _ = timeout(LAST, self.graceful.shutdown()).await;
    }
}
