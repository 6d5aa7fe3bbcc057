//! Findings, source texts, cells, languages and hashes: what every other layer uses.

mod cell;
mod explanation;
mod finding;
mod hash;
mod language;
mod rule;
mod source;

pub use cell::Cell;
pub use explanation::{Example, example, family_title};
pub use finding::{Finding, Place, Severity, has_errors};
pub use hash::{Digest, Measured};
pub use language::{Bilingual, Language};
pub use rule::{Rule, cite, placeholders, rule, rules};
pub use source::{Position, SourceText};
