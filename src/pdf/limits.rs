//! How much reading a file may cost.

use std::cell::Cell;

use crate::pdf::error::Error;
use crate::pdf::error::Limit;

/// How much reading one file may cost, over the whole life of its [`Pdf`](super::Pdf).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that streams decode to, all together.
    pub decoded_bytes: usize,
    /// Depth of arrays and dictionaries, of page, name and field trees.
    pub depth: usize,
    /// Objects read (an array of three numbers counts four), cross-reference entries included.
    pub objects: usize,
    /// Cross-reference sections.
    pub revisions: usize,
    /// Signatures: each is verified over all the bytes that it covers.
    pub signatures: usize,
}

impl Default for Limits {
    /// Far above any permit, low enough that a hostile file costs well under a second.
    fn default() -> Self {
        Self {
            decoded_bytes: 64 << 20,
            depth: 64,
            objects: 2_000_000,
            revisions: 512,
            signatures: 64,
        }
    }
}

/// What is left of the limits.
#[derive(Debug)]
pub(crate) struct Budget {
    decoded_bytes: Cell<usize>,
    depth: usize,
    objects: Cell<usize>,
    revisions: usize,
    signatures: usize,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            decoded_bytes: Cell::new(limits.decoded_bytes),
            depth: limits.depth,
            objects: Cell::new(limits.objects),
            revisions: limits.revisions,
            signatures: limits.signatures,
        }
    }

    pub(crate) fn decoded_bytes_left(&self) -> usize {
        self.decoded_bytes.get()
    }

    pub(crate) fn spend_decoded_bytes(&self, count: usize) -> Result<(), Error> {
        spend(&self.decoded_bytes, count, Limit::DecodedBytes)
    }

    pub(crate) fn spend_objects(&self, count: usize) -> Result<(), Error> {
        spend(&self.objects, count, Limit::Objects)
    }

    pub(crate) fn check_depth(&self, depth: usize) -> Result<(), Error> {
        if depth > self.depth {
            return Err(Error::LimitReached(Limit::Depth));
        }
        Ok(())
    }

    pub(crate) fn check_revisions(&self, count: usize) -> Result<(), Error> {
        if count > self.revisions {
            return Err(Error::LimitReached(Limit::Revisions));
        }
        Ok(())
    }

    pub(crate) fn check_signatures(&self, count: usize) -> Result<(), Error> {
        if count > self.signatures {
            return Err(Error::LimitReached(Limit::Signatures));
        }
        Ok(())
    }
}

fn spend(left: &Cell<usize>, count: usize, limit: Limit) -> Result<(), Error> {
    left.set(
        left.get()
            .checked_sub(count)
            .ok_or(Error::LimitReached(limit))?,
    );
    Ok(())
}
