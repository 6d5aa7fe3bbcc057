//! The one place that knows the order: data, content, blocks, formats.

mod compose;
mod emit;
mod renderer;

pub use compose::{Checked, Composed};
pub use emit::{Emit, typst_source};
pub use renderer::{Format, Input, RenderError, Rendered, Renderer};
