use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::SignatureVerifier;
use crate::pki::Budget;
use crate::pki::Evidence;
use crate::pki::ListDistrust;
use crate::pki::PathPolicy;
use crate::pki::ProfileRules;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::Unit;
use crate::pki::Unusable;
use crate::pki::VerifiedCertificateList;
use crate::pki::crl_scope;
use crate::pki::crl_signer::Asked;
use crate::pki::crl_status;
use crate::pki::crl_status::Sound;
use crate::pki::crl_status::Status;
use crate::pki::ocsp::CurrentResponse;
use crate::pki::revocation_responses::Answer;
use crate::pki::revocation_responses::Refused;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::oids;

/// One check of revocation, and what was found out on the way.
pub(super) struct Check<'a> {
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) store: &'a TrustStore,
    pub(super) time: OffsetDateTime,
    pub(super) policy: &'a PathPolicy,
    pub(super) verifier: &'a dyn SignatureVerifier,
    pub(super) budget: Budget,
    /// Signatures that hold.
    pub(super) verified: Vec<VerifiedCertificateList>,
    /// Signatures that do not, with the octets of the key.
    pub(super) failed: Vec<(CertificateList, Vec<u8>, crypto::Error)>,
    /// Separate signers of lists that have a path and are not revoked, each with the certificates
    /// for which it was accepted: an issuer first, the anchor last.
    pub(super) accepted: Vec<(Certificate, Vec<Certificate>)>,
    /// Delegates for OCSP that are not revoked. They have no path, and speak for their own issuer
    /// alone: they must not be taken for signers of lists.
    pub(super) accepted_responders: Vec<Certificate>,
    /// Separate signers of which it is just being asked whether they are revoked.
    pub(super) asking: Vec<Certificate>,
}

/// What shows a certificate, or all of a path, not revoked.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) lists: Vec<CertificateList>,
    pub(super) responses: Vec<CurrentResponse>,
    pub(super) next_update: Option<OffsetDateTime>,
}

impl<'a> Check<'a> {
    pub(super) fn new(
        evidence: &'a Evidence<'a>,
        store: &'a TrustStore,
        time: OffsetDateTime,
        policy: &'a PathPolicy,
        verifier: &'a dyn SignatureVerifier,
    ) -> Self {
        Self {
            evidence,
            store,
            time,
            policy,
            verifier,
            budget: Budget::new(&policy.limits),
            verified: Vec::new(),
            failed: Vec::new(),
            accepted: Vec::new(),
            accepted_responders: Vec::new(),
            asking: Vec::new(),
        }
    }

    /// Asks about every certificate of a path but its anchor. A revocation goes before every other
    /// failure, that nearest to the end entity before the others.
    pub(super) fn path(&mut self, path: &[Certificate]) -> Result<Shown, RevocationError> {
        let mut shown = Shown::default();
        let mut failure = None;
        for depth in 0..path.len().saturating_sub(1) {
            let (certificate, above) = (&path[depth], &path[depth + 1..]);
            match self.certificate(Asked { certificate, above }, depth) {
                Ok(more) => shown.add(more),
                Err(
                    error @ (RevocationError::Revoked { .. }
                    | RevocationError::NeverIssued { .. }
                    | RevocationError::BudgetExceeded(_)),
                ) => return Err(error),
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        }
        failure.map_or(Ok(shown), Err)
    }

    /// Asks lists and responses about one certificate: whatever says that it was revoked counts, and
    /// whatever says that it was not suffices.
    pub(super) fn certificate(
        &mut self,
        asked: Asked<'_>,
        depth: usize,
    ) -> Result<Shown, RevocationError> {
        let (sound, distrust) = self.sound_lists(asked)?;
        let lists = crl_status::status(&sound, asked.certificate, self.time);
        let answer = self.responses(asked)?;
        match (lists, answer) {
            (lists @ Status::Revoked(_), _) => Err(failure(lists, None, distrust, depth)),
            (_, Answer::Revoked { date, reason }) => Err(RevocationError::Revoked {
                depth,
                date,
                reason,
                invalidity_date: None,
            }),
            (_, Answer::NeverIssued) => Err(RevocationError::NeverIssued { depth }),
            (Status::Good { lists, next_update }, _) => Ok(Shown {
                lists: lists.into_iter().cloned().collect(),
                next_update: Some(next_update),
                ..Shown::default()
            }),
            (_, Answer::Good(response)) => Ok(Shown {
                next_update: response.response().next_update(),
                responses: vec![*response],
                ..Shown::default()
            }),
            (_, Answer::Unknown) => Err(RevocationError::Unknown { depth }),
            (lists, Answer::None(refused)) => Err(failure(lists, refused, distrust, depth)),
        }
    }

    /// The lists about a certificate whose signers are believed, and the most telling reason why
    /// others are not.
    fn sound_lists(
        &mut self,
        asked: Asked<'_>,
    ) -> Result<(Vec<Sound<'a>>, Option<ListDistrust>), RevocationError> {
        let evidence = self.evidence;
        let verified = evidence.verified_lists.iter().map(|proof| proof.list());
        let mut sound = Vec::new();
        let mut distrust: Option<ListDistrust> = None;
        for list in verified.chain(evidence.lists) {
            self.budget.spend(Unit::Steps, 1)?;
            let covered = crl_scope::covered(list, asked.certificate, &mut self.budget)?;
            let Some(covered) = covered else {
                continue;
            };
            match self.signer(list, asked) {
                Ok(signer) => sound.push(Sound {
                    list,
                    signer: signer.spki().to_vec(),
                    covers: usable(list, self.policy.profile_rules).and(covered),
                }),
                Err(Err(error)) => return Err(error),
                Err(Ok(more)) => {
                    if distrust
                        .as_ref()
                        .is_none_or(|distrust| distrust.rank() < more.rank())
                    {
                        distrust = Some(more);
                    }
                }
            }
        }
        Ok((sound, distrust))
    }
}

impl Shown {
    fn add(&mut self, more: Self) {
        self.lists.extend(more.lists);
        self.responses.extend(more.responses);
        let both = [self.next_update, more.next_update];
        self.next_update = both.into_iter().flatten().min();
    }
}

/// Whether a list can say anything in favour of any certificate.
fn usable(list: &CertificateList, profile: ProfileRules) -> Result<(), Unusable> {
    if let Some(&oid) = list.unknown_critical_extensions().first() {
        return Err(Unusable::UnknownCriticalExtension { oid });
    }
    if list.next_update().is_none() {
        return Err(Unusable::NoNextUpdate);
    }
    if profile == ProfileRules::None || list.version() < 2 {
        return Ok(());
    }
    let number = list
        .extensions()
        .iter()
        .find(|extension| extension.oid == oids::CRL_NUMBER);
    match number {
        None => Err(Unusable::NoCrlNumber),
        Some(number) if number.critical => Err(Unusable::CriticalCrlNumber),
        Some(_) => Ok(()),
    }
}

fn failure(
    status: Status<'_>,
    refused: Option<Refused>,
    distrust: Option<ListDistrust>,
    depth: usize,
) -> RevocationError {
    match (status, distrust) {
        (Status::Revoked(entry), _) => RevocationError::Revoked {
            depth,
            date: entry.revocation_date,
            reason: entry.reason,
            invalidity_date: entry.invalidity_date,
        },
        (Status::Partly(covered), _) => RevocationError::ReasonsOpen { depth, covered },
        (Status::Stale(list), _) => RevocationError::Stale {
            depth,
            this_update: list.this_update(),
            next_update: list.next_update(),
        },
        // That a list cannot be trusted says more than that one is of no use.
        (_, Some(source)) => RevocationError::Untrusted { depth, source },
        (Status::Unusable(Some(source)), None) => RevocationError::Unusable { depth, source },
        (_, None) => match refused {
            Some(Refused::Response(source)) => RevocationError::Response {
                depth,
                source: Box::new(source),
            },
            Some(Refused::Responder(source)) => RevocationError::ResponderRevocation {
                depth,
                source: Box::new(source),
            },
            None => RevocationError::Unavailable { depth },
        },
    }
}
