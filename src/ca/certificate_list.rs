//! Revocation lists as this authority writes them, complete and delta (RFC 5280 §5).

use time::OffsetDateTime;

use crate::ca::Error;
use crate::ca::extensions;
use crate::crypto::Signer;
use crate::x509::Certificate;
use crate::x509::CrlReason;
use crate::x509::Extension;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Tag;
use crate::x509::oids;

/// What a list says, before it is signed.
pub(super) struct ListContent<'a> {
    /// cRLNumber; complete and delta lists share one row of numbers (§5.2.3).
    pub(super) number: u64,
    pub(super) extent: Extent,
    /// The address of the complete list, which delta lists name as well (§5.2.4 b).
    pub(super) address: String,
    pub(super) this_update: OffsetDateTime,
    pub(super) next_update: OffsetDateTime,
    pub(super) entries: Vec<Entry<'a>>,
}

/// How much a list holds.
pub(super) enum Extent {
    /// Everything.
    Complete {
        /// Where its newest delta list is (§5.2.6).
        freshest: String,
    },
    /// Changes.
    Delta {
        /// The number of the complete list whose changes it holds (§5.2.4).
        base: u64,
    },
}

/// One certificate that a list names.
pub(super) struct Entry<'a> {
    pub(super) serial: &'a SerialNumber,
    pub(super) at: OffsetDateTime,
    pub(super) reason: CrlReason,
}

impl ListContent<'_> {
    /// The list in DER, signed with the key of `issuer`.
    ///
    /// # Errors
    ///
    /// When signing fails.
    pub(super) fn sign(&self, issuer: &Certificate, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let algorithm = der::signature_algorithm(signer.algorithm());
        let mut fields = vec![
            der::unsigned(V2),
            algorithm.clone(),
            issuer.subject().as_der().to_vec(),
            der::time(self.this_update),
            der::time(self.next_update),
        ];
        // An empty list leaves the sequence out (§5.1.2.6).
        if !self.entries.is_empty() {
            let mut entries = Vec::with_capacity(self.entries.len() * ENTRY);
            for entry in &self.entries {
                entries.extend_from_slice(&entry.to_der());
            }
            fields.push(der::tlv(Tag::SEQUENCE, &entries));
        }
        let extensions = self
            .extensions(issuer)
            .iter()
            .map(extensions::to_der)
            .collect::<Vec<_>>();
        fields.push(der::context(0, &der::sequence(&extensions)));
        let content = der::sequence(&fields);
        let signature = der::bit_string(&signer.sign(&content)?);
        Ok(der::sequence(&[content, algorithm, signature]))
    }

    fn extensions(&self, issuer: &Certificate) -> Vec<Extension> {
        let mut all = Vec::new();
        if let Some(key) = issuer.subject_key_identifier() {
            let identifier = extensions::authority_key_identifier(key, None);
            all.push(extensions::plain(
                oids::AUTHORITY_KEY_IDENTIFIER,
                identifier,
            ));
        }
        let number = der::unsigned(self.number);
        all.push(extensions::plain(oids::CRL_NUMBER, number));
        all.push(extensions::issuing_distribution_point(&self.address));
        all.push(match &self.extent {
            Extent::Complete { freshest } => {
                let points = extensions::distribution_points(freshest);
                extensions::plain(oids::FRESHEST_CRL, points)
            }
            Extent::Delta { base } => {
                extensions::critical(oids::DELTA_CRL_INDICATOR, der::unsigned(*base))
            }
        });
        all
    }
}

impl Entry<'_> {
    fn to_der(&self) -> Vec<u8> {
        let mut fields = der::tlv(Tag::INTEGER, self.serial.as_bytes());
        fields.extend(der::time(self.at));
        // A list says nothing rather than `unspecified` (§5.3.1).
        if self.reason != CrlReason::Unspecified {
            let code = der::enumerated(self.reason.code());
            let reason = extensions::to_der(&extensions::plain(oids::CRL_REASONS, code));
            fields.extend(der::sequence(&[reason]));
        }
        der::tlv(Tag::SEQUENCE, &fields)
    }
}

/// The usual size of an entry in octets.
const ENTRY: usize = 56;
/// The value of version 2.
const V2: u64 = 1;

#[cfg(test)]
#[path = "certificate_list_tests.rs"]
mod tests;
