//! The authority as its folder has it now.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::serve::revision::Revision;
use crate::ca::store::Store;

/// The folder, and the authority read from it last.
pub(super) struct Live {
    store: Store,
    current: RwLock<Current>,
}

struct Current {
    authority: Arc<Authority>,
    /// The folder's before it was read, unless it was too new to be told from the next one.
    revision: Option<Revision>,
}

impl Live {
    pub(super) fn new(store: Store) -> Result<Self, Error> {
        let current = Current::read(&store)?;
        Ok(Self {
            store,
            current: RwLock::new(current),
        })
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// The authority, read anew when the folder has changed.
    pub(super) fn authority(&self) -> Result<Arc<Authority>, Error> {
        let revision = revision(&self.store)?;
        {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            if current.revision.as_ref() == Some(&revision) {
                return Ok(current.authority.clone());
            }
        }
        // Reading waits for the folder's lock: meanwhile other threads take over the other clients.
        tokio::task::block_in_place(|| {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            if current.revision != Some(revision) {
                *current = Current::read(&self.store)?;
            }
            Ok(current.authority.clone())
        })
    }
}

impl Current {
    fn read(store: &Store) -> Result<Self, Error> {
        let revision = revision(store)?;
        let authority = Arc::new(store.authority()?);
        Ok(Self {
            authority,
            revision: Some(revision).filter(Revision::is_settled),
        })
    }
}

fn revision(store: &Store) -> Result<Revision, Error> {
    Revision::of(store.folder()).map_err(|source| Error::Io {
        path: store.folder().to_owned(),
        source,
    })
}
