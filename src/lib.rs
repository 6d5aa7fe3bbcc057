//! Legally formatted Vietnamese official documents from structured data.
#![doc = include_str!("ARCHITECTURE.md")]

pub mod app;
pub mod base;
pub mod block;
pub mod catalog;
pub mod cli;
pub mod content;
pub mod input;
pub mod lint;
pub mod output;
pub mod pipeline;
pub mod store;
pub mod viet;
pub mod web;
