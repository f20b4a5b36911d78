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
mod tests {
    use time::macros::datetime;

    use super::Certificate;
    use crate::crypto;
    use crate::crypto::Provider;
    use crate::crypto::PublicKeyAlgorithm;
    use crate::crypto::SignatureAlgorithm;
    use crate::x509::Error;
    use crate::x509::Oid;
    use crate::x509::der;
    use crate::x509::oids;
    use crate::x509::test_authority::Raw;
    use crate::x509::test_authority::TestAuthority;
    use crate::x509::test_authority::custom_extension;
    use crate::x509::test_authority::extension;
    use crate::x509::test_authority::with_broken_signature;

    #[test]
    fn the_fields_of_a_certificate_are_read() {
        let purpose = Oid::new("1.2.398.3.3.4.1.2.1");
        let policy = Oid::new("1.2.398.3.3.2");
        let policies = der::sequence(&[der::sequence(&[der::oid(&policy)])]);
        let root = TestAuthority::root("Root");
        let leaf = root.leaf_with("Leaf", |leaf| {
            leaf.extended_key_usages = vec![
                rcgen::ExtendedKeyUsagePurpose::EmailProtection,
                rcgen::ExtendedKeyUsagePurpose::Other(vec![1, 2, 398, 3, 3, 4, 1, 2, 1]),
            ];
            leaf.custom_extensions.push(custom_extension(
                oids::CERTIFICATE_POLICIES,
                false,
                &policies,
            ));
        });
        assert_eq!(leaf.version(), 3);
        assert_eq!(leaf.issuer().to_string(), "CN=Root");
        assert_eq!(leaf.subject().attribute(oids::COMMON_NAME), Some("Leaf"));
        assert_eq!(leaf.not_before(), datetime!(2026-01-01 0:00 UTC));
        assert_eq!(leaf.not_after(), datetime!(2026-12-31 23:59:59 UTC));
        assert_eq!(
            leaf.signature_algorithm(),
            Ok(SignatureAlgorithm::EcdsaSha256)
        );
        let key = leaf.subject_public_key().unwrap();
        assert_eq!(
            (key.algorithm, key.octets.len()),
            (PublicKeyAlgorithm::P256, 65)
        );
        assert!(leaf.spki().ends_with(key.octets));
        let usage = leaf.key_usage().unwrap();
        assert!(usage.digital_signature() && !usage.non_repudiation() && !usage.crl_sign());
        let email_protection = Oid::new("1.3.6.1.5.5.7.3.4");
        assert_eq!(
            leaf.extended_key_usage(),
            Some(&[email_protection, purpose][..])
        );
        assert_eq!(leaf.certificate_policies(), Some(&[policy][..]));
        assert!(
            leaf.basic_constraints()
                .is_some_and(|constraints| !constraints.ca)
        );
        assert!(leaf.subject_key_identifier().is_some());
        assert_eq!(
            leaf.authority_key_identifier()
                .unwrap()
                .key_identifier
                .as_deref(),
            root.certificate.subject_key_identifier()
        );
        assert_eq!(leaf.sha256().len(), 32);
    }

    #[test]
    fn all_certificates_of_a_pem_text_are_read_and_keys_are_left_out() {
        let root = TestAuthority::root("Root").certificate;
        let key = crate::x509::pem::encode("PRIVATE KEY", b"key");
        let text = format!("{key}{}{key}{}", root.to_pem(), root.to_pem());
        let all = Certificate::all_from_pem(text.as_bytes()).unwrap();
        assert_eq!(all, [root.clone(), root.clone()]);
        assert_eq!(Certificate::all_from_bytes(root.as_der()), Ok(vec![root]));
        assert_eq!(
            Certificate::from_pem(key.as_bytes()).err(),
            Some(Error::NoPemBlock {
                label: "CERTIFICATE"
            })
        );
    }

    #[test]
    fn only_its_own_key_makes_a_certificate_self_signed() {
        let root = TestAuthority::root("Root");
        assert_eq!(root.certificate.is_self_signed(&Provider), Ok(true));
        // The same name, signed by another key.
        let renewed = root.ca("Root").certificate;
        assert!(renewed.is_self_issued());
        assert_eq!(renewed.is_self_signed(&Provider), Ok(false));
        assert_eq!(root.leaf("Leaf").is_self_signed(&Provider), Ok(false));
    }

    #[test]
    fn a_signature_of_odd_bits_is_bad_and_not_malformed() {
        let root = TestAuthority::root("Root").certificate;
        let mut der = root.as_der().to_vec();
        let unused_bits = der.len() - root.signature().len() - 1;
        der[unused_bits] = 1;
        let odd = Certificate::from_der(&der).unwrap();
        let key = root.subject_public_key().unwrap();
        let verified = odd.verify_signature(&key, &Provider);
        assert_eq!(verified, Err(crypto::Error::BadSignature));
    }

    #[test]
    fn bytes_behind_a_certificate_are_refused() {
        let root = TestAuthority::root("Root").certificate;
        let der = [root.as_der(), &[0]].concat();
        assert_eq!(
            Certificate::from_der(&der).err(),
            Some(Error::Der(der::Error::TrailingData { length: 1 }))
        );
    }

    #[test]
    fn algorithms_inside_and_outside_that_differ_are_refused() {
        let outer = SignatureAlgorithm::EcdsaSha384.oid();
        let error = read(3, &[], |raw| raw.outer_algorithm = Some(outer));
        assert_eq!(error, Some(Error::SignatureAlgorithmMismatch));
    }

    #[test]
    fn versions_beyond_3_and_extensions_below_it_are_refused() {
        let usage = [extension(oids::KEY_USAGE, true, &[3, 2, 7, 0x80])];
        assert_eq!(read(1, &[], |_| {}), None);
        assert_eq!(read(3, &usage, |_| {}), None);
        assert_eq!(
            read(4, &[], |_| {}),
            Some(Error::UnknownVersion { version: 4 })
        );
        for version in [1, 2] {
            let error = Error::UnexpectedExtensions { version };
            assert_eq!(read(version, &usage, |_| {}), Some(error));
        }
    }

    #[test]
    fn an_extension_that_stands_twice_is_refused() {
        let oid = Oid::new("2.999.1");
        let twice = [extension(oid, false, b"a"), extension(oid, true, b"b")];
        let error = Error::DuplicateExtension { oid };
        assert_eq!(read(3, &twice, |_| {}), Some(error));
    }

    #[test]
    fn a_malformed_extension_is_never_taken_for_an_absent_one() {
        for (oid, value) in [
            (oids::BASIC_CONSTRAINTS, &[0x30, 3, 1, 2, 0][..]),
            (oids::BASIC_CONSTRAINTS, &[0x30, 0, 0]),
            (oids::KEY_USAGE, &[4, 1, 0]),
            (oids::EXT_KEY_USAGE, &[0x30, 0]),
            (oids::SUBJECT_KEY_IDENTIFIER, &[2, 1, 0]),
            (oids::CRL_DISTRIBUTION_POINTS, &[0x30, 2, 5, 0]),
            (oids::CRL_DISTRIBUTION_POINTS, &[0x30, 0]),
            (oids::FRESHEST_CRL, &[0x30, 0]),
            (oids::NAME_CONSTRAINTS, &[0x30, 0]),
            (oids::POLICY_CONSTRAINTS, &[0x30, 0]),
            (oids::POLICY_MAPPINGS, &[0x30, 0]),
            (oids::CERTIFICATE_POLICIES, &[0x30, 0]),
            (oids::INHIBIT_ANY_POLICY, &[2, 1, 0xff]),
            (oids::INHIBIT_ANY_POLICY, &[2, 1, 0, 0]),
            (oids::SUBJECT_ALT_NAME, &[0x30, 0, 0]),
            (oids::ISSUER_ALT_NAME, &[0x30, 0]),
            (oids::AUTHORITY_INFO_ACCESS, &[0x30, 0]),
            (oids::AUTHORITY_KEY_IDENTIFIER, &[0x30, 0, 0]),
            (oids::KEY_USAGE, &[3, 2, 1, 1]),
            (oids::SUBJECT_KEY_IDENTIFIER, &[4, 0, 0]),
            (oids::EXT_KEY_USAGE, &[0x30, 0, 0]),
        ] {
            let error = read(3, &[extension(oid, false, value)], |_| {});
            assert_eq!(error, Some(Error::MalformedExtension { oid }), "{value:?}");
        }
    }

    #[test]
    fn unknown_critical_extensions_are_listed() {
        let (one, two) = (Oid::new("2.999.1"), Oid::new("2.999.2"));
        let leaf = TestAuthority::root("Root").leaf_with("Leaf", |leaf| {
            leaf.custom_extensions = vec![
                custom_extension(one, false, &der::null()),
                custom_extension(two, true, &der::null()),
            ];
        });
        assert_eq!(
            leaf.unknown_critical_extensions().collect::<Vec<_>>(),
            [two]
        );
        assert!(!leaf.extension(one).unwrap().critical);
    }

    #[test]
    fn no_cut_or_changed_certificate_makes_the_reading_panic() {
        let der = TestAuthority::root("Root").certificate.as_der().to_vec();
        for at in 0..der.len() {
            assert!(Certificate::from_der(&der[..at]).is_err());
            for change in [0x01, 0x20, 0x80, 0xff] {
                let mut changed = der.clone();
                changed[at] ^= change;
                let _ = Certificate::from_der(&changed);
            }
        }
        assert!(Certificate::from_der(&with_broken_signature(&der)).is_ok());
    }

    fn read(version: u64, extensions: &[Vec<u8>], change: impl FnOnce(&mut Raw)) -> Option<Error> {
        let root = TestAuthority::root("Root");
        let mut raw = root.raw_certificate(&root.certificate, version);
        if !extensions.is_empty() {
            let extensions = der::context(3, &der::sequence(extensions));
            raw.after_algorithm.push(extensions);
        }
        change(&mut raw);
        Certificate::from_der(&root.sign_raw(&raw)).err()
    }
}
