//! From data to the block tree: Tera writes content markup, the markup is read
//! into blocks.

mod conditions;
mod derived;
mod engine;
mod filters;
mod markup;
mod parts;
mod provisions;
mod xml;

pub use conditions::Conditions;
pub use engine::{Engine, Seen};
pub use markup::parse;
