use std::cmp::Reverse;

use time::OffsetDateTime;

use crate::pki::Unusable;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::ReasonFlags;
use crate::x509::RevokedCertificate;

/// A list that was signed by who may speak for the issuer of a certificate.
pub(super) struct Sound<'a> {
    pub(super) list: &'a CertificateList,
    /// The subjectPublicKeyInfo of who signed it.
    pub(super) signer: Vec<u8>,
    /// What it can say in favour of the certificate.
    pub(super) covers: Result<ReasonFlags, Unusable>,
}

/// What sound lists say about a certificate at a time.
pub(super) enum Status<'a> {
    Revoked(RevokedCertificate),
    /// Not revoked for any reason: by these lists, until one of them is replaced.
    Good {
        lists: Vec<&'a CertificateList>,
        next_update: OffsetDateTime,
    },
    /// Not revoked for these reasons; of the others nothing is known.
    Partly(ReasonFlags),
    /// Not current at the time: the newest of them.
    Stale(&'a CertificateList),
    /// None of them can say anything in favour of the certificate.
    Unusable(Option<Unusable>),
}

/// Asks the lists (RFC 5280 §6.3.3 i–l).
///
/// A list that names the certificate is believed whatever its age, scope and reasons. Only a hold is
/// lifted: by a delta list, or by the newest complete list for holds that no longer has it.
pub(super) fn status<'a>(
    sound: &[Sound<'a>],
    certificate: &Certificate,
    time: OffsetDateTime,
) -> Status<'a> {
    let mut lists = Lists {
        certificate,
        time,
        complete: Vec::new(),
        deltas: Vec::new(),
        others: Vec::new(),
    };
    for list in sound {
        match (list.covers, list.list.base_crl_number()) {
            (Ok(_), None) => lists.complete.push(list),
            (Ok(_), Some(_)) => lists.deltas.push(list),
            // Attribute certificates have serial numbers of their own, and where an extension is not
            // understood it is not known what an entry means.
            (Err(Unusable::OnlyAttributeCerts | Unusable::UnknownCriticalExtension { .. }), _) => {}
            (Err(_), _) => lists.others.push(list),
        }
    }
    for kind in [&mut lists.complete, &mut lists.deltas] {
        kind.sort_by_key(|sound| Reverse(sound.list.this_update()));
    }
    match lists.revoking() {
        Some(entry) => Status::Revoked(entry),
        None => lists.in_favour(sound),
    }
}

struct Lists<'s, 'a> {
    certificate: &'s Certificate,
    time: OffsetDateTime,
    /// Complete for their scope, which the certificate is in, newest first.
    complete: Vec<&'s Sound<'a>>,
    /// Changes since a complete list, newest first.
    deltas: Vec<&'s Sound<'a>>,
    /// What says nothing in favour of the certificate.
    others: Vec<&'s Sound<'a>>,
}

impl<'s, 'a> Lists<'s, 'a> {
    /// The gravest entry against the certificate.
    fn revoking(&self) -> Option<RevokedCertificate> {
        let all = self.complete.iter().chain(&self.deltas).chain(&self.others);
        let mut found: Option<RevokedCertificate> = None;
        for sound in all {
            let Some(entry) = self.entry(sound) else {
                continue;
            };
            match entry.reason {
                Some(CrlReason::RemoveFromCrl) => {}
                Some(CrlReason::CertificateHold) if self.is_lifted(sound) => {}
                Some(CrlReason::CertificateHold) => found = found.or(Some(entry)),
                _ => return Some(entry),
            }
        }
        found
    }

    fn entry(&self, sound: &Sound<'_>) -> Option<RevokedCertificate> {
        sound
            .list
            .find_of(self.certificate.issuer(), self.certificate.serial())
    }

    /// Whether the hold in this list is over: a newer complete list for holds of the same issuer, which
    /// was there at the time, does not have it, unless this is the list that was current then; or a
    /// delta list takes it back.
    fn is_lifted(&self, holding: &Sound<'_>) -> bool {
        let for_holds = |sound: &&&Sound<'_>| {
            sound.list.issuer() == holding.list.issuer()
                && sound
                    .covers
                    .is_ok_and(|reasons| reasons.contains(CrlReason::CertificateHold))
        };
        let mut complete = self.complete.iter().filter(for_holds);
        let newer = complete.clone().any(|sound| {
            let this_update = sound.list.this_update();
            this_update > holding.list.this_update() && this_update <= self.time
        });
        let current = complete.find(|sound| self.is_current(sound.list));
        let was_current = current.is_some_and(|current| current.list == holding.list);
        (newer && !was_current) || self.is_taken_back(holding)
    }

    fn is_taken_back(&self, holding: &Sound<'_>) -> bool {
        self.deltas.iter().any(|delta| {
            let entry = self.entry(delta);
            delta.list.this_update() > holding.list.this_update()
                && self.is_current(delta.list)
                && entry.is_some_and(|entry| entry.reason == Some(CrlReason::RemoveFromCrl))
                && (is_change_of(delta, holding) || holding.list.base_crl_number().is_some())
        })
    }

    /// What the lists say in favour of a certificate that none of them revokes.
    fn in_favour(&self, sound: &[Sound<'a>]) -> Status<'a> {
        let mut used = Vec::new();
        let mut mask = ReasonFlags::EMPTY;
        let mut next_update: Option<OffsetDateTime> = None;
        for base in &self.complete {
            let Ok(reasons) = base.covers else { continue };
            let Some((until, delta)) = self.current_until(base) else {
                continue;
            };
            let held = self.entry(base).is_some_and(|entry| {
                entry.reason == Some(CrlReason::CertificateHold) && !self.is_taken_back(base)
            });
            let more = mask.union(reasons);
            if held || more == mask {
                continue;
            }
            mask = more;
            used.push(base.list);
            used.extend(delta);
            next_update = Some(next_update.map_or(until, |earlier| earlier.min(until)));
        }
        match next_update {
            Some(next_update) if mask.covers_all() => Status::Good {
                lists: used,
                next_update,
            },
            Some(_) => Status::Partly(mask),
            None => self.without_current(sound),
        }
    }

    fn without_current(&self, sound: &[Sound<'a>]) -> Status<'a> {
        if let Some(newest) = self.complete.first() {
            return Status::Stale(newest.list);
        }
        let refused = sound.iter().find_map(|sound| sound.covers.err());
        Status::Unusable(match refused {
            None if !self.deltas.is_empty() => Some(Unusable::DeltaWithoutBase),
            refused => refused,
        })
    }

    /// Until when a complete list tells all, by itself or with the newest delta list for it, in
    /// which case the delta list is what tells it.
    fn current_until(
        &self,
        base: &Sound<'a>,
    ) -> Option<(OffsetDateTime, Option<&'a CertificateList>)> {
        if base.list.this_update() > self.time {
            return None;
        }
        let changes =
            |delta: &&&Sound<'a>| is_change_of(delta, base) && self.is_current(delta.list);
        match self.deltas.iter().find(changes) {
            Some(delta) => Some((delta.list.next_update()?, Some(delta.list))),
            None if self.is_current(base.list) => Some((base.list.next_update()?, None)),
            None => None,
        }
    }

    fn is_current(&self, list: &CertificateList) -> bool {
        list.this_update() <= self.time && list.next_update().is_some_and(|next| self.time < next)
    }
}

/// Whether a delta list holds the changes of a scope since this complete list, or an earlier one
/// (RFC 5280 §5.2.4 and §6.3.3 c, h).
fn is_change_of(delta: &Sound<'_>, base: &Sound<'_>) -> bool {
    let numbers = [
        delta.list.base_crl_number(),
        base.list.crl_number(),
        delta.list.crl_number(),
    ];
    let [Some(from), Some(base_number), Some(to)] = numbers.map(|number| number.map(value)) else {
        return false;
    };
    base.list.base_crl_number().is_none()
        && delta.list.issuer() == base.list.issuer()
        && delta.list.scope() == base.list.scope()
        && delta.signer == base.signer
        && key_identifier(delta.list) == key_identifier(base.list)
        && from <= base_number
        && base_number <= to
}

/// A number that orders as its content octets do not: the longer is the greater.
fn value(number: &[u8]) -> (usize, &[u8]) {
    (number.len(), number)
}

fn key_identifier(list: &CertificateList) -> Option<&[u8]> {
    list.authority_key_identifier()
        .and_then(|aki| aki.key_identifier.as_deref())
}

#[cfg(test)]
#[path = "crl_status_tests.rs"]
mod tests;
