use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{Event, RecursiveMode, Watcher};

use super::Outcome;
use super::arguments::{Arguments, RenderArguments};
use super::render::{self, same_file};
use super::terminal::Terminal;
use crate::app::{AppError, Session};

/// How long to wait for a change to settle: editors write in several steps.
const SETTLE: Duration = Duration::from_millis(80);

/// Renders, and renders again whenever the data file or the template folder
/// changes. Ends only with the process, or if the file cannot be watched.
pub(super) fn run(
    verb: &RenderArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let unwatchable = |error: notify::Error| AppError::Read {
        path: verb.data_file().display().to_string(),
        error: std::io::Error::other(error),
    };
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(unwatchable)?;
    let file = verb.data_file();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    // The folder, not the file: editors replace files.
    let folder = folder.unwrap_or(Path::new("."));
    watcher.watch(folder, RecursiveMode::NonRecursive).map_err(unwatchable)?;
    if let Some(profile) = &verb.profile {
        watcher.watch(profile, RecursiveMode::NonRecursive).map_err(unwatchable)?;
    }
    if let Some(templates) = &arguments.templates {
        watcher.watch(templates, RecursiveMode::Recursive).map_err(unwatchable)?;
    }
    loop {
        let mut written = Vec::new();
        // Templates may have changed: a new session each time.
        let outcome = Session::open(&arguments.session())
            .and_then(|session| session.renderer())
            .and_then(|renderer| render::once(verb, &renderer, terminal, &mut written));
        if let Err(error) = outcome {
            terminal.failure(&error);
        }
        terminal.say(terminal.words("đang theo dõi thay đổi …", "watching for changes …"));
        loop {
            let Ok(change) = changes.recv() else { return Ok(Outcome::Fine) };
            if change.is_ok_and(|event| concerns(&event, verb, arguments, &written)) {
                break;
            }
        }
        std::thread::sleep(SETTLE);
        while changes.try_recv().is_ok() {}
    }
}

fn concerns(
    event: &Event,
    verb: &RenderArguments,
    arguments: &Arguments,
    written: &[PathBuf],
) -> bool {
    if event.kind.is_access() {
        return false;
    }
    let file = verb.data_file();
    let name = file.file_name();
    event.paths.iter().any(|path| {
        path.file_name() == name
            || verb.profile.as_ref().is_some_and(|profile| same_file(profile, path))
            // The images of signatures and seals, but not the pages just written.
            || path.extension().is_some_and(|extension| extension == "png")
                && !written.iter().any(|page| same_file(page, path))
            || arguments.templates.as_ref().is_some_and(|folder| {
                let folder = folder.canonicalize().unwrap_or_else(|_| folder.clone());
                path.starts_with(folder)
            })
    })
}
