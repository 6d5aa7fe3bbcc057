//! The other side of the benchmark `render`, which starts it: Typst as it comes, with the
//! allocator that Rust gives a program. By itself it measures nothing.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has to say so loudly")]

mod desk;
mod plain;
mod plans;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("--worker") {
        desk::serve(&desk::Desk::plain());
    }
}
