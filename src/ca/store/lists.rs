//! The revocation lists in the folder.

use time::OffsetDateTime;

use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::lists::Term;
use crate::ca::state::State;
use crate::ca::store::Store;
use crate::ca::store::contents::STATE;
use crate::x509::CertificateList;

/// How a change becomes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Complete lists, and delta lists of the same number beside them.
    Complete,
    /// Delta lists beside the complete ones.
    Delta,
}

impl Store {
    /// The authority, its lists as its state says: what a crash left undone is done first.
    pub(super) fn load_finished(&self, now: OffsetDateTime) -> Result<Authority, Error> {
        let mut authority = self.load()?;
        if self.lists_are_behind(&authority) {
            self.write_lists(&mut authority, ListKind::Complete, Term::of(now, None)?)?;
        }
        Ok(authority)
    }

    /// First the state, then the lists that follow from it. Delta lists come before complete ones,
    /// which say where those are.
    pub(super) fn write_lists(
        &self,
        authority: &mut Authority,
        kind: ListKind,
        term: Term,
    ) -> Result<(), Error> {
        let (complete, delta) = match kind {
            ListKind::Complete => {
                let (complete, delta) = authority.complete_and_delta_lists(term)?;
                (Some(complete), delta)
            }
            ListKind::Delta => (None, authority.delta_lists_of(term)?),
        };
        let unwritten = |source| Error::State {
            path: self.folder.path(STATE),
            source,
        };
        let state = State::of(authority.memory()).map_err(unwritten)?;
        let mut text = serde_json::to_vec_pretty(&state).map_err(unwritten)?;
        text.push(b'\n');
        self.folder.write(STATE, &text)?;
        // Complete lists first: they say all that the deltas before them said. The other way round, a
        // crash would leave old complete lists without their changes, and what is revoked look good.
        let complete = complete.map(|lists| (COMPLETE_LISTS, lists));
        for (names, lists) in complete.into_iter().chain([(DELTA_LISTS, delta)]) {
            let [root, issuing] = names;
            self.folder.write(root, &lists.root)?;
            self.folder.write(issuing, &lists.issuing)?;
        }
        Ok(())
    }

    fn lists_are_behind(&self, authority: &Authority) -> bool {
        let memory = authority.memory();
        let is_behind = |names: [&str; 2], number| {
            let mut names = names.into_iter();
            names.any(|name| !self.list_has_number(name, number))
        };
        is_behind(COMPLETE_LISTS, memory.complete_number)
            || is_behind(DELTA_LISTS, memory.list_number)
    }

    fn list_has_number(&self, name: &str, number: u64) -> bool {
        let list = self
            .folder
            .read(name)
            .ok()
            .and_then(|der| CertificateList::from_der(&der).ok());
        let found = list
            .as_ref()
            .and_then(CertificateList::crl_number)
            .unwrap_or_default();
        let number = number.to_be_bytes();
        let without_zeros = |octets: &[u8]| -> Vec<u8> {
            let octets = octets.iter().copied();
            octets.skip_while(|octet| *octet == 0).collect()
        };
        without_zeros(found) == without_zeros(&number)
    }
}

/// Those of the root first, as everywhere.
const COMPLETE_LISTS: [&str; 2] = ["crl/root.crl", "crl/ca.crl"];
const DELTA_LISTS: [&str; 2] = ["crl/root-delta.crl", "crl/ca-delta.crl"];
