//! Use cases that the command line and later the web share: open, render,
//! check, report, explain, write, make many documents.

mod access;
pub mod batch;
mod build;
mod data_folder;
mod dossier;
mod error;
mod explain;
mod files;
mod frame;
mod keys;
mod parts;
pub mod reference;
mod report;
mod sarif;
pub mod service;
mod session;
mod stage;
mod store;
mod target;

pub use access::{AccessQuery, AccessView, read_access};
pub use build::{
    Bindery, BuildOptions, Built, bind_case, build_dossier, print_dossier, send_dossier,
};
pub use data_folder::DataFolder;
pub use dossier::{
    DeadlineView, DossierReport, FileView, PaperView, ProcedureList, SetView, calendar_of,
    check_dossier, deadline_state, end, length, paper_state, print_checklist, read_calendar,
    result,
};
pub use error::AppError;
pub use explain::{ExampleForm, ExampleView, FamilyView, RuleView};
pub use files::{Folder, read_input, write_pieces, write_together, write_whole};
pub use keys::{KeyError, KeyRequest, KeyView, Validity, create_key, list_keys, revoke_key};
pub use parts::{PartError, Parts};
pub use report::{CheckedFile, FindingView, Report, Reports, Summary};
pub use sarif::Sarif;
pub use session::{FontView, Session, SessionOptions, TemplateView};
pub use target::Target;
