//! The command line: one file per verb, findings for the terminal.

mod access_log;
mod arguments;
mod batch;
mod check;
mod clock;
mod completions;
mod dossier;
mod explain;
mod fonts;
mod key;
mod render;
mod sample;
mod schema;
mod serve;
mod templates;
mod terminal;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Verb};
use terminal::Terminal;

/// How a verb ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All is well: exit code 0.
    Fine,
    /// There are findings of severity error, or denied ones: exit code 1.
    Findings,
    /// A file could not be read, which was told: exit code 2.
    Failed,
}

/// Runs the program with the arguments of the process.
///
/// The exit code is 0 if all is well, 1 if the data has errors (or warnings, where
/// they are denied) and 2 if the operation failed.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.lang);
    let result = match &arguments.verb {
        Verb::Render(verb) => render::run(verb, &arguments, &terminal),
        Verb::Batch(verb) => batch::run(verb, &arguments, &terminal),
        Verb::BatchWorker => batch::serve(),
        Verb::Serve(verb) => serve::run(verb, &arguments, &terminal),
        Verb::ServiceWorker => serve::work(),
        Verb::Check(verb) => check::run(verb, &arguments, &terminal),
        Verb::Dossier(verb) => dossier::run(verb, &arguments, &terminal),
        Verb::Key(verb) => key::run(verb, &terminal),
        Verb::AccessLog(verb) => access_log::run(verb, &terminal),
        Verb::Explain(verb) => explain::run(verb, &terminal),
        Verb::Templates(verb) => templates::run(verb, &arguments, &terminal),
        Verb::Schema(verb) => schema::run(verb, &arguments, &terminal),
        Verb::Sample(verb) => sample::run(verb, &arguments, &terminal),
        Verb::Fonts(verb) => fonts::run(verb, &arguments, &terminal),
        Verb::Completions(verb) => completions::run(verb, &terminal),
    };
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Failed) => ExitCode::from(2),
        Err(error) => {
            terminal.failure(&error);
            ExitCode::from(2)
        }
    }
}
