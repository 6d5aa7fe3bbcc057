use std::future::Future;
use std::path::{Path, PathBuf};

use super::AppError;
use crate::store::{Store, StoreError};

/// Where keys and the access log are kept.
#[derive(Debug, Clone)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// The folder that was named, or the one that the system has for such data.
    ///
    /// # Errors
    ///
    /// If none was named and the system has none for this user.
    pub fn new(named: Option<&Path>) -> Result<Self, AppError> {
        match named {
            Some(folder) => Ok(Self(folder.to_owned())),
            None => dirs::data_local_dir()
                .map(|folder| Self(folder.join("vanban")))
                .ok_or(AppError::NoDataFolder),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Does something with the store, which is made where it is missing.
    pub(super) fn with_new<T>(
        &self,
        work: impl AsyncFnOnce(&Store) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        wait(self.path(), Store::open(self.path()), work)
    }

    /// Does something with the store, which must be there.
    pub(super) fn with<T>(
        &self,
        work: impl AsyncFnOnce(&Store) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        wait(self.path(), Store::open_existing(self.path()), work)
    }
}

/// Opens a store, works with it and closes it, on this thread.
fn wait<T>(
    folder: &Path,
    open: impl Future<Output = Result<Store, StoreError>>,
    work: impl AsyncFnOnce(&Store) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime
        .map_err(|error| StoreError::Folder { path: folder.display().to_string(), error })?;
    runtime.block_on(async {
        let store = open.await?;
        let result = work(&store).await;
        store.close().await;
        result
    })
}
