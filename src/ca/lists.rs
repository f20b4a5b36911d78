//! The revocation lists of an authority.

use time::Duration;
use time::OffsetDateTime;

use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::certificate_list::Entry;
use crate::ca::certificate_list::Extent;
use crate::ca::certificate_list::ListContent;
use crate::ca::profile;
use crate::ca::specification;
use crate::ca::unit::Unit;

/// The revocation lists of an authority in DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationLists {
    /// The root's list: it names the issuing authority if that is revoked.
    pub root: Vec<u8>,
    /// The issuing authority's list: it names revoked signers.
    pub issuing: Vec<u8>,
}

impl Authority {
    /// The complete lists of both authorities with the next number. Their `nextUpdate` is a year
    /// later: nobody renews the lists of a demonstration.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] when no list can hold `now`, or when signing fails.
    pub fn revocation_lists(&mut self, now: OffsetDateTime) -> Result<RevocationLists, Error> {
        Ok(self.complete_and_delta_lists(Term::of(now, None)?)?.0)
    }

    /// The complete lists of both authorities with the next number and a `nextUpdate`.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyValidity`] when it does not lie after `now`, and as
    /// [`Authority::revocation_lists`].
    pub fn revocation_lists_until(
        &mut self,
        now: OffsetDateTime,
        next_update: OffsetDateTime,
    ) -> Result<RevocationLists, Error> {
        let term = Term::of(now, Some(next_update))?;
        Ok(self.complete_and_delta_lists(term)?.0)
    }

    /// The delta lists of both authorities with the next number: what has changed since the complete
    /// lists made last (RFC 5280 §5.2.4).
    ///
    /// # Errors
    ///
    /// [`Error::NoCompleteList`], and as [`Authority::revocation_lists`].
    pub fn delta_lists(&mut self, now: OffsetDateTime) -> Result<RevocationLists, Error> {
        self.delta_lists_of(Term::of(now, None)?)
    }

    pub(super) fn delta_lists_of(&mut self, term: Term) -> Result<RevocationLists, Error> {
        let number = self.memory().list_number + 1;
        let base = match self.memory().complete_number {
            0 => return Err(Error::NoCompleteList),
            number => number,
        };
        let entries = self.memory().register.delta();
        let lists = self.signed_lists(number, deltas(base), entries, term)?;
        self.memory_mut().list_number = number;
        Ok(lists)
    }

    /// The complete lists, and beside them delta lists without a change since: lists issued together
    /// have one number and say the same (RFC 5280 §5.2.4).
    pub(super) fn complete_and_delta_lists(
        &mut self,
        term: Term,
    ) -> Result<(RevocationLists, RevocationLists), Error> {
        let number = self.memory().list_number + 1;
        let entries = self.memory().register.complete();
        let freshest = |address| {
            let freshest = self.base_url().join(address);
            Extent::Complete { freshest }
        };
        let extents = [
            freshest(profile::ROOT_DELTA_LIST),
            freshest(profile::DELTA_LIST),
        ];
        let complete = self.signed_lists(number, extents, entries, term)?;
        let delta = self.signed_lists(number, deltas(number), Vec::new(), term)?;
        let memory = self.memory_mut();
        memory.list_number = number;
        memory.complete_number = number;
        memory.register.settle();
        Ok((complete, delta))
    }

    fn signed_lists(
        &self,
        number: u64,
        extents: [Extent; 2],
        entries: Vec<Entry<'_>>,
        term: Term,
    ) -> Result<RevocationLists, Error> {
        let (of_root, of_issuing) = entries
            .into_iter()
            .partition(|entry| entry.serial == self.issuing().serial());
        let units = self.units();
        let list = |unit: &Unit, extent, address, entries| {
            let content = ListContent {
                number,
                extent,
                address: self.base_url().join(address),
                this_update: term.this_update,
                next_update: term.next_update,
                entries,
            };
            content.sign(&unit.certificate, unit.signer())
        };
        let [root, issuing] = extents;
        Ok(RevocationLists {
            root: list(&units.root, root, profile::ROOT_LIST, of_root)?,
            issuing: list(&units.issuing, issuing, profile::LIST, of_issuing)?,
        })
    }
}

fn deltas(base: u64) -> [Extent; 2] {
    [Extent::Delta { base }, Extent::Delta { base }]
}

/// From when lists are in force, and when the next ones are promised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    this_update: OffsetDateTime,
    next_update: OffsetDateTime,
}

impl Term {
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] and [`Error::EmptyValidity`].
    pub(super) fn of(
        now: OffsetDateTime,
        next_update: Option<OffsetDateTime>,
    ) -> Result<Self, Error> {
        let this_update = specification::dated(now)?;
        let next_update = match next_update {
            Some(next_update) => specification::dated(next_update)?,
            None => this_update
                .checked_add(LIST_VALIDITY)
                .ok_or(Error::DateOutOfRange(this_update))?,
        };
        match next_update > this_update {
            true => Ok(Self {
                this_update,
                next_update,
            }),
            false => Err(Error::EmptyValidity {
                not_before: this_update,
                not_after: next_update,
            }),
        }
    }
}

const LIST_VALIDITY: Duration = Duration::days(365);
