//! What other systems ask for, without a word of HTTP: the asks, the workers that answer
//! them in processes of their own, and the queue before the workers.

mod answer;
mod ask;
mod batch;
mod crew;
mod desk;
mod document;
mod dossier;
mod flow;
mod limits;
mod process;
mod wire;
mod worker;

pub use answer::{End, Head, Made, Media, Outcome, Spent};
pub use ask::{
    Ask, BatchForm, BatchJob, DocumentJob, DossierCheckJob, DossierJob, Job, NumberingJob, Part,
    PrintJob,
};
pub use crew::{Answer, Crew, CrewError, CrewSettings, Figures};
pub use limits::WorkerLimits;
pub use worker::{COMMAND, serve};
