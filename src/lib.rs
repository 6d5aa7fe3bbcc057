//! Legally formatted Vietnamese official documents from structured data.
#![doc = include_str!("ARCHITECTURE.md")]

pub mod base;
pub mod viet;
pub mod block;
pub mod catalog;
pub mod input;
pub mod content;
pub mod output;
pub mod lint;
pub mod pipeline;
pub mod app;
pub mod cli;
