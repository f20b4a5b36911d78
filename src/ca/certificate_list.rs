//! Revocation lists as this authority writes them, complete and delta (RFC 5280 §5).

use time::Duration;
use time::OffsetDateTime;

use crate::ca::Error;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::Signer;
use crate::x509::Certificate;
use crate::x509::CrlReason;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::oids;

/// What a list says, before it is signed.
pub(super) struct ListContent {
    /// cRLNumber; complete and delta lists share one row of numbers (§5.2.3).
    pub(super) number: u64,
    /// Of a delta list: the number of the complete list whose changes it holds (§5.2.4).
    pub(super) base: Option<u64>,
    /// thisUpdate; nextUpdate follows a year later.
    pub(super) this_update: OffsetDateTime,
    pub(super) entries: Vec<Entry>,
}

/// One certificate that a list names.
pub(super) struct Entry {
    pub(super) serial: SerialNumber,
    pub(super) at: OffsetDateTime,
    pub(super) reason: CrlReason,
}

impl ListContent {
    /// The list in DER, signed with the key of `issuer`.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] when the list would end after the year 9999; when signing fails.
    pub(super) fn sign(&self, issuer: &Certificate, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let next_update = self
            .this_update
            .checked_add(LIST_VALIDITY)
            .ok_or(Error::DateOutOfRange(self.this_update))?;
        let algorithm = algorithm_identifier(signer.algorithm());
        let mut fields = vec![
            der::unsigned(V2),
            algorithm.clone(),
            issuer.subject().as_der().to_vec(),
            der::time(self.this_update),
            der::time(next_update),
        ];
        // An empty list leaves the sequence out (§5.1.2.6).
        if !self.entries.is_empty() {
            let entries: Vec<_> = self.entries.iter().map(Entry::to_der).collect();
            fields.push(der::sequence(&entries));
        }
        fields.push(der::context(0, &der::sequence(&self.extensions(issuer))));
        let content = der::sequence(&fields);
        let signature = der::bit_string(&signer.sign(&content)?);
        Ok(der::sequence(&[content, algorithm, signature]))
    }

    fn extensions(&self, issuer: &Certificate) -> Vec<Vec<u8>> {
        let mut extensions = Vec::new();
        if let Some(key) = issuer.subject_key_identifier() {
            let identifier = der::sequence(&[der::context_primitive(0, key)]);
            extensions.push(extension(oids::AUTHORITY_KEY_IDENTIFIER, &identifier));
        }
        extensions.push(extension(oids::CRL_NUMBER, &der::unsigned(self.number)));
        if let Some(base) = self.base {
            extensions.push(der::sequence(&[
                der::oid(&oids::DELTA_CRL_INDICATOR),
                der::boolean(true),
                der::octet_string(&der::unsigned(base)),
            ]));
        }
        extensions
    }
}

impl Entry {
    fn to_der(&self) -> Vec<u8> {
        let mut fields = vec![der::integer(self.serial.as_bytes()), der::time(self.at)];
        // A list says nothing rather than `unspecified` (§5.3.1).
        if self.reason != CrlReason::Unspecified {
            let code = der::enumerated(self.reason.code());
            fields.push(der::sequence(&[extension(oids::CRL_REASONS, &code)]));
        }
        der::sequence(&fields)
    }
}

/// An extension that is not critical.
fn extension(oid: Oid, value: &[u8]) -> Vec<u8> {
    der::sequence(&[der::oid(&oid), der::octet_string(value)])
}

/// RSA has NULL for parameters (RFC 4055 §5), ECDSA none (RFC 5758 §3.2).
fn algorithm_identifier(algorithm: SignatureAlgorithm) -> Vec<u8> {
    let null = der::null();
    let parameters = (algorithm == SignatureAlgorithm::RsaPkcs1Sha256).then_some(&null[..]);
    der::algorithm_identifier(&algorithm.oid(), parameters)
}

/// The value of version 2.
const V2: u64 = 1;
/// Files made today must still verify next month: nobody renews the lists of a demonstration.
const LIST_VALIDITY: Duration = Duration::days(365);

#[cfg(test)]
#[path = "certificate_list_tests.rs"]
mod tests;
