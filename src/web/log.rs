use tracing_subscriber::EnvFilter;

use super::config::{Log, LogFormat, LogLevel};

/// Sends the log to standard error. A second log in one process is left as it is.
pub(super) fn start(log: &Log) {
    let level = match log.level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
    };
    // Of what others say only what went wrong.
    let filter = EnvFilter::new(format!("warn,vanban={level}"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match log.format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Text => {
            use std::io::IsTerminal;
            lines.with_target(false).with_ansi(std::io::stderr().is_terminal()).try_init()
        }
    };
    // What a panic says may hold words of the data; its place does not.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
}
