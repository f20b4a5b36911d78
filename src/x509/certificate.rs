use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::DigestAlgorithm;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::x509::AccessDescription;
use crate::x509::AuthorityKeyIdentifier;
use crate::x509::DistributionPoint;
use crate::x509::Error;
use crate::x509::Extension;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;
use crate::x509::Name;
use crate::x509::NameConstraints;
use crate::x509::Oid;
use crate::x509::PolicyConstraints;
use crate::x509::PolicyMapping;
use crate::x509::SerialNumber;
use crate::x509::known_extensions::KnownExtensions;
use crate::x509::pem;

/// An X.509 certificate (RFC 5280 §4.1) over the bytes it was read from. A clone is cheap.
///
/// Reading checks the structure, that the signature algorithms inside and outside agree, and that
/// no extension stands twice. It judges neither signature nor validity: that is the work of `pki`.
#[derive(Clone)]
pub struct Certificate(pub(super) Arc<Fields>);

/// Whether the subject is a CA, and how long a path below it may be (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// The subject is a CA.
    pub ca: bool,
    /// How many intermediate certificates, self-issued ones not counted, may follow in a path.
    pub path_len_constraint: Option<u32>,
}

pub(super) struct Fields {
    pub(super) der: Box<[u8]>,
    pub(super) tbs: Range<usize>,
    pub(super) signature_algorithm: (Oid, Option<Range<usize>>),
    pub(super) signature: Range<usize>,
    pub(super) version: u64,
    pub(super) serial: SerialNumber,
    pub(super) issuer: Name,
    pub(super) subject: Name,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    pub(super) spki: Range<usize>,
    pub(super) key_algorithm: (Oid, Option<Range<usize>>),
    pub(super) key: Range<usize>,
    pub(super) extensions: Vec<Extension>,
    pub(super) known: KnownExtensions,
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    ///
    /// When the bytes are no certificate of RFC 5280, or bytes follow it.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        super::certificate_reading::read(der).map(|fields| Self(Arc::new(fields)))
    }

    /// Reads the first certificate of a PEM text.
    ///
    /// # Errors
    ///
    /// [`Error::NoPemBlock`] when there is none, else as [`Certificate::from_der`].
    pub fn from_pem(text: &[u8]) -> Result<Self, Error> {
        let all = Self::all_from_pem(text)?;
        all.into_iter().next().ok_or(Error::NoPemBlock {
            label: PEM_LABELS[0],
        })
    }

    /// Reads all certificates of a PEM text, in its order; other blocks are left out.
    ///
    /// # Errors
    ///
    /// When one of them is none.
    pub fn all_from_pem(text: &[u8]) -> Result<Vec<Self>, Error> {
        pem::blocks(text)?
            .iter()
            .filter(|block| PEM_LABELS.contains(&block.label.as_str()))
            .map(|block| Self::from_der(&block.der))
            .collect()
    }

    /// Reads one certificate in DER or all of a PEM text, as files hold them.
    ///
    /// # Errors
    ///
    /// As [`Certificate::from_der`] and [`Certificate::all_from_pem`].
    pub fn all_from_bytes(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        if pem::is_pem(bytes) {
            Self::all_from_pem(bytes)
        } else {
            Self::from_der(bytes).map(|certificate| vec![certificate])
        }
    }

    /// The whole certificate in DER.
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// The certificate as a PEM text.
    pub fn to_pem(&self) -> String {
        pem::encode(PEM_LABELS[0], self.as_der())
    }

    /// The bytes that are signed, tbsCertificate.
    pub fn tbs(&self) -> &[u8] {
        self.part(&self.0.tbs)
    }

    /// The signature algorithm as it stands in the certificate.
    pub fn signature_algorithm_identifier(&self) -> AlgorithmIdentifier<'_> {
        self.identifier(&self.0.signature_algorithm)
    }

    /// The signature algorithm.
    ///
    /// # Errors
    ///
    /// As [`SignatureAlgorithm::from_identifier`].
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, crypto::Error> {
        SignatureAlgorithm::from_identifier(&self.signature_algorithm_identifier())
    }

    /// The octets of the signature; empty when its bits are no whole octets.
    pub fn signature(&self) -> &[u8] {
        self.part(&self.0.signature)
    }

    /// The version, 1 to 3.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    /// The serial number.
    pub fn serial(&self) -> &SerialNumber {
        &self.0.serial
    }

    /// The issuer.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// The subject.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// The first moment of validity, in UTC.
    pub fn not_before(&self) -> OffsetDateTime {
        self.0.not_before
    }

    /// The last moment of validity, in UTC: still inside it.
    pub fn not_after(&self) -> OffsetDateTime {
        self.0.not_after
    }

    /// Whether validity begins only after a time.
    pub fn is_not_yet_valid(&self, time: OffsetDateTime) -> bool {
        time < self.not_before()
    }

    /// Whether validity has ended by a time. notAfter is a whole second, valid to its end (§4.1.2.5).
    pub fn has_expired(&self, time: OffsetDateTime) -> bool {
        time.replace_nanosecond(0).unwrap_or(time) > self.not_after()
    }

    /// The whole SubjectPublicKeyInfo in DER.
    pub fn spki(&self) -> &[u8] {
        self.part(&self.0.spki)
    }

    /// The algorithm of the key as it stands in the certificate.
    pub fn key_algorithm_identifier(&self) -> AlgorithmIdentifier<'_> {
        self.identifier(&self.0.key_algorithm)
    }

    /// The content of the BIT STRING subjectPublicKey.
    pub fn subject_public_key_octets(&self) -> &[u8] {
        self.part(&self.0.key)
    }

    /// The public key of the subject.
    ///
    /// # Errors
    ///
    /// As [`PublicKeyAlgorithm::from_identifier`].
    pub fn subject_public_key(&self) -> Result<SubjectPublicKey<'_>, crypto::Error> {
        let identifier = self.key_algorithm_identifier();
        Ok(SubjectPublicKey {
            algorithm: PublicKeyAlgorithm::from_identifier(&identifier)?,
            parameters: identifier.parameters,
            octets: self.subject_public_key_octets(),
        })
    }

    /// All extensions in their order, interpreted or not.
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// The extension with this identifier.
    pub fn extension(&self, oid: Oid) -> Option<&Extension> {
        self.extensions().iter().find(|known| known.oid == oid)
    }

    /// Critical extensions whose meaning nothing here knows.
    pub fn unknown_critical_extensions(&self) -> impl Iterator<Item = Oid> {
        self.extensions()
            .iter()
            .filter(|extension| extension.critical && KnownExtensions::is_unknown(extension.oid))
            .map(|extension| extension.oid)
    }

    /// authorityInfoAccess, empty when absent.
    pub fn authority_info_access(&self) -> &[AccessDescription] {
        &self.0.known.authority_info_access
    }

    /// authorityKeyIdentifier.
    pub fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        self.0.known.authority_key_identifier.as_ref()
    }

    /// basicConstraints.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.0.known.basic_constraints
    }

    /// The policies of certificatePolicies.
    pub fn certificate_policies(&self) -> Option<&[Oid]> {
        self.0.known.certificate_policies.as_deref()
    }

    /// cRLDistributionPoints, empty when absent.
    pub fn crl_distribution_points(&self) -> &[DistributionPoint] {
        &self.0.known.crl_distribution_points
    }

    /// extKeyUsage, `None` when absent.
    pub fn extended_key_usage(&self) -> Option<&[Oid]> {
        self.0.known.extended_key_usage.as_deref()
    }

    /// freshestCRL: where delta lists are; empty when absent.
    pub fn freshest_crl(&self) -> &[DistributionPoint] {
        &self.0.known.freshest_crl
    }

    /// inhibitAnyPolicy: after how many certificates anyPolicy no longer matches.
    pub fn inhibit_any_policy(&self) -> Option<u32> {
        self.0.known.inhibit_any_policy
    }

    /// keyUsage, `None` when absent.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.0.known.key_usage
    }

    /// nameConstraints.
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.0.known.name_constraints.as_ref()
    }

    /// policyConstraints.
    pub fn policy_constraints(&self) -> Option<PolicyConstraints> {
        self.0.known.policy_constraints
    }

    /// policyMappings, empty when absent.
    pub fn policy_mappings(&self) -> &[PolicyMapping] {
        &self.0.known.policy_mappings
    }

    /// subjectAltName, `None` when absent; empty when it breaks the profile and names nothing.
    pub fn subject_alt_names(&self) -> Option<&[GeneralName]> {
        self.0.known.subject_alt_names.as_deref()
    }

    /// subjectKeyIdentifier.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.known.subject_key_identifier.as_deref()
    }

    /// Whether subject and issuer are the same name (RFC 5280 §6.1).
    pub fn is_self_issued(&self) -> bool {
        self.subject() == self.issuer()
    }

    /// Whether the certificate is self-issued and its own key verifies its signature.
    ///
    /// # Errors
    ///
    /// When the signature cannot be judged; a wrong one is `Ok(false)`.
    pub fn is_self_signed(&self, verifier: &dyn SignatureVerifier) -> Result<bool, crypto::Error> {
        if !self.is_self_issued() {
            return Ok(false);
        }
        match self.verify_signature(&self.subject_public_key()?, verifier) {
            Ok(()) => Ok(true),
            Err(crypto::Error::BadSignature | crypto::Error::KeyAlgorithmMismatch { .. }) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Verifies the signature with the key of the issuer, and nothing else.
    ///
    /// # Errors
    ///
    /// As [`SignatureVerifier::verify`].
    pub fn verify_signature(
        &self,
        issuer_key: &SubjectPublicKey<'_>,
        verifier: &dyn SignatureVerifier,
    ) -> Result<(), crypto::Error> {
        let algorithm = self.signature_algorithm()?;
        verifier.verify(algorithm, issuer_key, self.tbs(), self.signature())
    }

    /// The SHA-256 of the certificate, its fingerprint.
    pub fn sha256(&self) -> Vec<u8> {
        DigestAlgorithm::Sha256.digest(self.as_der())
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        &self.0.der[range.clone()]
    }

    fn identifier(
        &self,
        (oid, parameters): &(Oid, Option<Range<usize>>),
    ) -> AlgorithmIdentifier<'_> {
        AlgorithmIdentifier {
            oid: *oid,
            parameters: parameters.as_ref().map(|range| self.part(range)),
        }
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.as_der() == other.as_der()
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("serial", self.serial())
            .field("issuer", self.issuer())
            .field("subject", self.subject())
            .finish_non_exhaustive()
    }
}

const PEM_LABELS: [&str; 2] = ["CERTIFICATE", "X509 CERTIFICATE"];

#[cfg(test)]
#[path = "certificate_tests.rs"]
mod tests;
