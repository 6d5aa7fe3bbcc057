use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::app::service::WorkerLimits;

/// The settings of the service; what is not set has its default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where keys and the access log are kept.
    pub data_dir: Option<PathBuf>,
    /// A folder laid over the built-in templates.
    pub templates: Option<PathBuf>,
    /// A folder of fonts that are tried before the shipped ones.
    pub font_dir: Option<PathBuf>,
    /// What agencies say of themselves.
    pub profile: Option<PathBuf>,
    /// Who makes documents.
    pub workers: Workers,
    /// What a request may take.
    pub limits: Limits,
    /// What a key may ask.
    pub keys: Keys,
    /// What is logged, and how.
    pub log: Log,
}

/// Who makes documents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Workers {
    /// How many there are; 0: as many as cores.
    pub count: usize,
    /// How many asks may wait for each.
    pub queue: usize,
    /// The most memory of one, in MiB.
    pub memory_mib: u64,
    /// The memory, in MiB, from which one is replaced.
    pub resident_mib: u64,
    /// How many asks one answers before it is replaced.
    pub asks: u64,
    /// How long one goes on with what nobody waits for any more, in milliseconds.
    pub grace_ms: u64,
}

/// What a request may take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest body of JSON or YAML, in MiB.
    pub body_mib: usize,
    /// The largest body with files, in MiB.
    pub upload_mib: usize,
    /// How much of all bodies together may be held at a time, in MiB.
    pub held_mib: usize,
    /// How long the head of a request may take, in seconds.
    pub head_seconds: u64,
    /// How long a body may take, in seconds.
    pub body_seconds: u64,
    /// How long a caller may take for the next part of an answer, in seconds.
    pub answer_seconds: u64,
    /// How long a document may take, in seconds.
    pub document_seconds: u64,
    /// How long a dossier may take, in seconds.
    pub dossier_seconds: u64,
    /// How long a batch may take, in seconds.
    pub batch_seconds: u64,
    /// The most pages of a document.
    pub pages: usize,
    /// How many connections are open at a time.
    pub connections: usize,
}

/// Who needs a key, and what one may ask that has no limits of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// Whether a key is needed on loopback too.
    pub required: bool,
    /// Requests a minute; 0: no limit.
    pub rate_per_minute: u32,
    /// Requests at a time; 0: no limit.
    pub concurrent: u32,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// The form of a line.
    pub format: LogFormat,
    /// The least level.
    pub level: LogLevel,
}

/// The form of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How much a line of the log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something went wrong that should not.
    Error,
    /// Something may go wrong.
    Warn,
    /// Every request.
    Info,
    /// More than that.
    Debug,
}

const MEBIBYTE: usize = 1024 * 1024;

impl Config {
    /// The default settings, with what each of them means.
    pub const COMMENTED: &str = include_str!("config.toml");

    /// Reads settings.
    ///
    /// # Errors
    ///
    /// If they are not TOML, or hold what is not known; with its place.
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// How many workers there are.
    pub fn worker_count(&self) -> usize {
        match self.workers.count {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            count => count,
        }
    }

    /// What a worker may take.
    pub fn worker_limits(&self) -> WorkerLimits {
        let bytes = |mebibytes: u64| mebibytes * MEBIBYTE as u64;
        WorkerLimits {
            memory: bytes(self.workers.memory_mib),
            resident: bytes(self.workers.resident_mib),
            asks: self.workers.asks,
            pages: self.limits.pages,
        }
    }
}

impl Limits {
    /// The largest body of JSON or YAML, in bytes.
    pub fn body(&self) -> usize {
        self.body_mib * MEBIBYTE
    }

    /// The largest body with files, in bytes.
    pub fn upload(&self) -> usize {
        self.upload_mib * MEBIBYTE
    }

    /// How long a document may take.
    pub fn document(&self) -> Duration {
        Duration::from_secs(self.document_seconds)
    }

    /// How long a dossier may take.
    pub fn dossier(&self) -> Duration {
        Duration::from_secs(self.dossier_seconds)
    }

    /// How long a batch may take.
    pub fn batch(&self) -> Duration {
        Duration::from_secs(self.batch_seconds)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: None,
            templates: None,
            font_dir: None,
            profile: None,
            workers: Workers::default(),
            limits: Limits::default(),
            keys: Keys::default(),
            log: Log::default(),
        }
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            count: 0,
            queue: 4,
            memory_mib: 2048,
            resident_mib: 512,
            asks: 20_000,
            grace_ms: 250,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_mib: 10,
            upload_mib: 64,
            held_mib: 512,
            head_seconds: 30,
            body_seconds: 60,
            answer_seconds: 60,
            document_seconds: 30,
            dossier_seconds: 120,
            batch_seconds: 900,
            pages: 1000,
            connections: 2048,
        }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self { required: false, rate_per_minute: 600, concurrent: 16 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: LogLevel::Info }
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn the_commented_settings_are_the_defaults_and_name_all_of_them() {
        assert_eq!(Config::read(Config::COMMENTED).unwrap(), Config::default());
        assert_eq!(Config::read("").unwrap(), Config::default());
        // Whatever is commented out is a setting too.
        let lines = Config::COMMENTED.lines().map(|line| {
            line.strip_prefix("# ").filter(|rest| rest.contains(" = \"")).unwrap_or(line)
        });
        let all = lines.collect::<Vec<_>>().join("\n");
        let all = Config::read(&all).unwrap();
        assert!(all.data_dir.is_some() && all.templates.is_some());
        assert!(all.font_dir.is_some() && all.profile.is_some());
    }

    #[test]
    fn unknown_settings_are_refused_with_their_place() {
        let error = Config::read("[workers]\ncout = 2\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("cout") && error.contains("count"));
    }
}
