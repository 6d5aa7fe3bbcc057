//! The HTTP service.

mod config;

pub use config::Config;

/// Runs the service until it is told to stop.
///
/// # Errors
///
/// If it cannot start.
pub fn serve(_: Config, _: std::path::PathBuf) -> Result<(), crate::app::AppError> {
    Ok(())
}
