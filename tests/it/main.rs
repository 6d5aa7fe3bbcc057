//! The tests, in one program: a file per feature.

mod cli;
mod determinism;
mod examples;
mod findings;
mod hostile;
mod ladder;
mod layout;
mod repertoire;
mod repository;
mod support;
