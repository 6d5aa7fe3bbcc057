//! The tests, in one program: a file per feature.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on fails"
)]

mod batch;
mod binding;
mod binding_memory;
mod bundle;
mod cases;
mod cli;
mod deadlines;
mod derived;
mod determinism;
mod dossier;
mod every_kind;
mod examples;
mod explain;
mod fidelity;
mod findings;
mod formats;
mod forms;
mod fuzz;
mod hostile;
mod html;
mod keys;
mod kinds;
mod ladder;
mod layout;
mod outputs;
mod procedures;
mod product;
mod product_papers;
mod python_docx;
mod readme;
mod reference;
mod repertoire;
mod reports;
mod repository;
mod service;
mod sheets;
mod small_forms;
mod store;
mod support;
mod word_package;
mod wording;
mod words;
