//! Certificates field by field, so that anything can stand in them, right or wrong.

use time::OffsetDateTime;

use crate::ca::Error;
use crate::ca::extensions;
use crate::crypto::Signer;
use crate::x509::Certificate;
use crate::x509::Extension;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Tag;
use crate::x509::oids;

/// tbsCertificate (RFC 5280 §4.1.2), whose signature algorithm its signer decides.
#[derive(Clone, Debug)]
pub(super) struct TbsCertificate {
    /// Counted from 1.
    pub(super) version: u64,
    pub(super) serial: SerialNumber,
    pub(super) issuer: Name,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    pub(super) subject: Name,
    /// subjectPublicKeyInfo in DER.
    pub(super) spki: Vec<u8>,
    /// In the order of the certificate.
    pub(super) extensions: Vec<Extension>,
}

impl TbsCertificate {
    /// The fields of a certificate.
    pub(super) fn of(certificate: &Certificate) -> Self {
        Self {
            version: certificate.version(),
            serial: certificate.serial().clone(),
            issuer: certificate.issuer().clone(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            subject: certificate.subject().clone(),
            spki: certificate.spki().to_vec(),
            extensions: certificate.extensions().to_vec(),
        }
    }

    /// Sets the value of an extension, or adds it behind the others.
    pub(super) fn set(&mut self, extension: Extension) {
        let mut extensions = self.extensions.iter_mut();
        match extensions.find(|other| other.oid == extension.oid) {
            Some(other) => *other = extension,
            None => self.extensions.push(extension),
        }
    }

    /// Takes extensions out.
    pub(super) fn remove(&mut self, oids: &[Oid]) {
        self.extensions
            .retain(|extension| !oids.contains(&extension.oid));
    }

    /// Names another issuer, and its key by its identifier.
    pub(super) fn issued_by(&mut self, issuer: &Name, key_identifier: &[u8]) {
        self.issuer = issuer.clone();
        self.set(Extension {
            oid: oids::AUTHORITY_KEY_IDENTIFIER,
            critical: false,
            value: der::sequence(&[der::context_primitive(0, key_identifier)]),
        });
    }

    /// The certificate in DER, signed.
    ///
    /// # Errors
    ///
    /// When signing fails.
    pub(super) fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        let algorithm = der::signature_algorithm(signer.algorithm());
        let content = self.to_der(&algorithm);
        let signature = der::bit_string(&signer.sign(&content)?);
        Ok(der::sequence(&[content, algorithm, signature]))
    }

    /// The signed part, with this AlgorithmIdentifier in it.
    pub(super) fn to_der(&self, algorithm: &[u8]) -> Vec<u8> {
        let mut fields = Vec::new();
        if self.version > 1 {
            fields.push(der::context(0, &der::unsigned(self.version - 1)));
        }
        let validity = [der::time(self.not_before), der::time(self.not_after)];
        fields.extend([
            der::tlv(Tag::INTEGER, self.serial.as_bytes()),
            algorithm.to_vec(),
            self.issuer.as_der().to_vec(),
            der::sequence(&validity),
            self.subject.as_der().to_vec(),
            self.spki.clone(),
        ]);
        if !self.extensions.is_empty() {
            let extensions: Vec<_> = self.extensions.iter().map(extensions::to_der).collect();
            fields.push(der::context(3, &der::sequence(&extensions)));
        }
        der::sequence(&fields)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::ca::Authority;
    use crate::ca::test_request::individual;
    use crate::crypto::AlgorithmIdentifier;

    #[test]
    fn the_fields_of_a_certificate_make_the_same_signed_part_again() {
        let now = datetime!(2026-11-24 9:00 UTC);
        let mut authority = Authority::in_memory(1, now).unwrap();
        let identity = authority.issue(&individual(now)).unwrap();
        for certificate in [identity.leaf(), authority.issuing(), authority.root()] {
            let AlgorithmIdentifier { oid, parameters } =
                certificate.signature_algorithm_identifier();
            let algorithm = der::algorithm_identifier(&oid, parameters);
            let fields = TbsCertificate::of(certificate);
            assert_eq!(fields.to_der(&algorithm), certificate.tbs());
            let known = certificate.signature_algorithm().unwrap();
            assert_eq!(der::signature_algorithm(known), algorithm);
        }
    }
}
