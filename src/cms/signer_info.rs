//! `SignerInfo`: one signature (RFC 5652 §5.3).

use std::borrow::Cow;

use crate::cms::Attribute;
use crate::cms::Error;
use crate::cms::SignedAttributes;
use crate::cms::attribute;
use crate::cms::oid;
use crate::crypto;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::x509::Certificate;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// One signature of a message.
#[derive(Clone, Debug)]
pub struct SignerInfo<'a> {
    content_type: Oid,
    version: u64,
    sid: SignerIdentifier<'a>,
    digest_algorithm: AlgorithmIdentifier<'a>,
    signed_attributes: Option<&'a [u8]>,
    signature_algorithm: AlgorithmIdentifier<'a>,
    signature: Cow<'a, [u8]>,
    unsigned_attributes: Vec<Attribute<'a>>,
}

/// Which certificate a signature says it was made with, outside its own protection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerIdentifier<'a> {
    /// By issuer and serial number.
    IssuerAndSerialNumber {
        /// The issuer's name, raw.
        issuer: &'a [u8],
        /// The content of the INTEGER.
        serial: &'a [u8],
    },
    /// By the subject key identifier.
    SubjectKeyIdentifier(Cow<'a, [u8]>),
}

/// A signature that was verified: it covers the content, names its certificate under its own
/// protection, and every byte that it does not cover has the only value it may have.
///
/// It comes from [`SignerInfo::verify`] alone.
///
/// ```compile_fail,E0451
/// # use ruqsat::{cms::VerifiedSignerInfo, crypto::SignatureAlgorithm, x509::Certificate};
/// fn forged(certificate: Certificate, algorithm: SignatureAlgorithm) -> VerifiedSignerInfo {
///     VerifiedSignerInfo { certificate, algorithm }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedSignerInfo {
    certificate: Certificate,
    algorithm: SignatureAlgorithm,
}

impl VerifiedSignerInfo {
    /// The certificate whose key made the signature.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }
}

impl<'a> SignerInfo<'a> {
    /// Reads one signature; its attributes are read when they are asked for.
    pub(super) fn read(mut fields: Reader<'a>, content_type: Oid) -> Result<Self, Error> {
        let version = fields.unsigned()?;
        let sid = SignerIdentifier::read(&mut fields)?;
        let expected = sid.version();
        if version != expected {
            return Err(Error::Version {
                structure: "SignerInfo",
                expected,
                found: version,
            });
        }
        let digest_algorithm = fields.algorithm_identifier()?;
        let signed_attributes = fields.optional(Tag::context(0))?.map(|element| element.raw);
        let signature_algorithm = fields.algorithm_identifier()?;
        let signature = fields.octet_string()?;
        let unsigned_attributes = match fields.context(1)? {
            Some(set) => attribute::read_all(set)?,
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(Self {
            content_type,
            version,
            sid,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            unsigned_attributes,
        })
    }

    pub(super) fn version(&self) -> u64 {
        self.version
    }

    pub(super) fn digest_identifier(&self) -> Oid {
        self.digest_algorithm.oid
    }

    /// Which certificate the signature says it was made with.
    pub fn sid(&self) -> &SignerIdentifier<'a> {
        &self.sid
    }

    /// The digest algorithm of content and attributes.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedDigest`], [`Error::WrongParameters`].
    pub fn digest_algorithm(&self) -> Result<DigestAlgorithm, Error> {
        digest_algorithm(&self.digest_algorithm)
    }

    /// The signature algorithm. `rsaEncryption` means RSA PKCS#1 v1.5 with the digest named beside
    /// it (RFC 3370 §3.2).
    ///
    /// # Errors
    ///
    /// [`Error::DigestOfSignature`] when it takes another digest than the one named beside it,
    /// [`Error::WrongParameters`] when its parameters are not exactly NULL for RSA PKCS#1 v1.5 or
    /// absent for ECDSA and EdDSA, [`Error::Unjudged`] when it is not known.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, Error> {
        let identifier = &self.signature_algorithm;
        let signature = identifier.oid;
        let digest = self.digest_algorithm()?;
        let algorithm = match signature {
            oid::RSA_ENCRYPTION => SignatureAlgorithm::rsa_pkcs1(digest),
            _ => SignatureAlgorithm::from_identifier(identifier).map_err(|error| match error {
                crypto::Error::BadParameters { algorithm } => Error::WrongParameters { algorithm },
                other => Error::Unjudged(other),
            })?,
        };
        if algorithm.is_rsa_pkcs1() && !identifier.has_null_parameters() {
            return Err(Error::WrongParameters {
                algorithm: signature,
            });
        }
        // Ed25519 takes the message itself; the attributes use SHA-512 with it (RFC 8419 §2.3).
        if algorithm.digest().unwrap_or(DigestAlgorithm::Sha512) != digest {
            return Err(Error::DigestOfSignature {
                digest: digest.oid(),
                signature,
            });
        }
        Ok(algorithm)
    }

    /// The attributes that the signature covers.
    ///
    /// # Errors
    ///
    /// [`Error::NoSignedAttributes`]; [`Error::AttributesNotDer`]; and when an attribute is missing,
    /// stands twice, has not exactly one value, or its value is malformed.
    pub fn signed_attributes(&self) -> Result<SignedAttributes<'a>, Error> {
        SignedAttributes::read(self.signed_attributes.ok_or(Error::NoSignedAttributes)?)
    }

    /// The signature value.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Attributes that no signature covers, such as time-stamps. They are not judged here.
    pub fn unsigned_attributes(&self) -> &[Attribute<'a>] {
        &self.unsigned_attributes
    }

    /// Whether the identifier of the signer names this certificate, byte for byte: it stands
    /// outside the signature, so that no other spelling of the same name may do.
    pub fn identifies(&self, certificate: &Certificate) -> bool {
        match &self.sid {
            SignerIdentifier::IssuerAndSerialNumber { issuer, serial } => {
                *issuer == certificate.issuer().as_der()
                    && *serial == certificate.serial().as_bytes()
            }
            SignerIdentifier::SubjectKeyIdentifier(identifier) => {
                certificate.subject_key_identifier() == Some(identifier.as_ref())
            }
        }
    }

    /// Verifies the signature: the content by its digest, the certificate by what the signer wrote
    /// about it, and the signed attributes by the key.
    ///
    /// `content_digest` is the digest of the content by [`SignerInfo::digest_algorithm`].
    ///
    /// # Errors
    ///
    /// [`Error::MessageDigestMismatch`] when the content was changed; [`Error::BadSignature`] when
    /// the attributes were, or another key signed; [`Error::SignerIdentifierMismatch`],
    /// [`Error::NoSigningCertificate`] and [`Error::SigningCertificateMismatch`] when the signature
    /// does not reliably name the certificate; [`Error::Unjudged`] when the algorithm or the key is
    /// not supported; and whatever makes attributes or algorithms inconsistent.
    pub fn verify(
        &self,
        certificate: &Certificate,
        content_digest: &[u8],
        verifier: &dyn SignatureVerifier,
    ) -> Result<VerifiedSignerInfo, Error> {
        let attributes = self.signed_attributes()?;
        if attributes.content_type() != self.content_type {
            let (attribute, content) = (attributes.content_type(), self.content_type);
            return Err(Error::ContentTypeMismatch { attribute, content });
        }
        let algorithm = self.signature_algorithm()?;
        if attributes.message_digest() != content_digest {
            return Err(Error::MessageDigestMismatch);
        }
        self.check_algorithm_protection(&attributes)?;
        self.check_certificate(&attributes, certificate)?;
        let key = certificate.subject_public_key().map_err(Error::Unjudged)?;
        verifier
            .verify(algorithm, &key, &self.to_be_signed()?, &self.signature)
            .map_err(|error| match error {
                // A key of another kind made no such signature.
                crypto::Error::BadSignature | crypto::Error::KeyAlgorithmMismatch { .. } => {
                    Error::BadSignature
                }
                other => Error::Unjudged(other),
            })?;
        Ok(VerifiedSignerInfo {
            certificate: certificate.clone(),
            algorithm,
        })
    }

    /// The signed attributes as the signature covers them: with the tag of a SET OF instead of
    /// `[0]` (RFC 5652 §5.4).
    fn to_be_signed(&self) -> Result<Vec<u8>, Error> {
        let wire = self.signed_attributes.ok_or(Error::NoSignedAttributes)?;
        let mut message = wire.to_vec();
        if let Some(tag) = message.first_mut() {
            *tag = Tag::SET.0;
        }
        Ok(message)
    }

    fn check_algorithm_protection(&self, attributes: &SignedAttributes<'_>) -> Result<(), Error> {
        let Some(protection) = attributes.algorithm_protection() else {
            return Ok(());
        };
        let same = same_algorithm(&protection.digest, &self.digest_algorithm)
            && same_algorithm(&protection.signature, &self.signature_algorithm);
        if same {
            Ok(())
        } else {
            Err(Error::AlgorithmProtectionMismatch)
        }
    }

    fn check_certificate(
        &self,
        attributes: &SignedAttributes<'_>,
        certificate: &Certificate,
    ) -> Result<(), Error> {
        if !self.identifies(certificate) {
            return Err(Error::SignerIdentifierMismatch);
        }
        if attributes.signing_certificate().is_none() {
            return Err(Error::NoSigningCertificate);
        }
        if !attributes
            .signing_certificates()
            .all(|reference| reference.names(certificate))
        {
            return Err(Error::SigningCertificateMismatch);
        }
        Ok(())
    }
}

impl<'a> SignerIdentifier<'a> {
    fn read(fields: &mut Reader<'a>) -> Result<Self, Error> {
        if let Some(identifier) = fields.optional(Tag::context_primitive(0))? {
            return Ok(Self::SubjectKeyIdentifier(identifier.octets()?));
        }
        if let Some(identifier) = fields.optional(Tag::context(0))? {
            return Ok(Self::SubjectKeyIdentifier(identifier.octets()?));
        }
        let mut issuer_and_serial = fields.sequence()?;
        let issuer = issuer_and_serial.expect(Tag::SEQUENCE)?.raw;
        let serial = issuer_and_serial.integer()?;
        issuer_and_serial.finish()?;
        Ok(Self::IssuerAndSerialNumber { issuer, serial })
    }

    /// The version that a `SignerInfo` with this identifier has.
    fn version(&self) -> u64 {
        match self {
            Self::IssuerAndSerialNumber { .. } => 1,
            Self::SubjectKeyIdentifier(_) => 3,
        }
    }
}

/// The digest algorithm of an identifier, whose parameters are NULL or absent (RFC 5754 §2).
pub(super) fn digest_algorithm(
    identifier: &AlgorithmIdentifier<'_>,
) -> Result<DigestAlgorithm, Error> {
    let algorithm = identifier.oid;
    if identifier.parameters.is_some() && !identifier.has_null_parameters() {
        return Err(Error::WrongParameters { algorithm });
    }
    DigestAlgorithm::from_oid(algorithm).ok_or(Error::UnsupportedDigest { algorithm })
}

/// Whether two identifiers mean the same: parameters NULL and absent do where both are allowed.
fn same_algorithm(one: &AlgorithmIdentifier<'_>, other: &AlgorithmIdentifier<'_>) -> bool {
    let parameters = |identifier: &AlgorithmIdentifier<'_>| match identifier.has_null_parameters() {
        true => None,
        false => identifier.parameters.map(<[u8]>::to_vec),
    };
    one.oid == other.oid && parameters(one) == parameters(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::SignedData;
    use crate::cms::SigningCertificateVersion;
    use crate::cms::forge::CONTENT;
    use crate::cms::forge::Forge;
    use crate::cms::forge::attribute;
    use crate::crypto::Ring;
    use crate::x509::der;

    fn verify_content(forge: &Forge, content: &[u8]) -> Result<VerifiedSignerInfo, Error> {
        let message = forge.build();
        let (data, rest) = SignedData::parse(&message)?;
        assert!(rest.is_empty());
        let signer_info = data.detached_signer_info()?;
        let certificate = data.signer_certificate(signer_info, &[])?;
        let digest = signer_info.digest_algorithm()?.digest(content);
        signer_info.verify(&certificate, &digest, &Ring)
    }

    /// The error of a message with one defect.
    fn refusal(spoil: impl FnOnce(&mut Forge)) -> Error {
        let mut forge = Forge::p256();
        spoil(&mut forge);
        verify_content(&forge, CONTENT).unwrap_err()
    }

    #[test]
    fn right_messages_verify_with_ecdsa_and_rsa() {
        for forge in [Forge::p256(), Forge::rsa()] {
            let verified = verify_content(&forge, CONTENT).unwrap();
            assert_eq!(verified.certificate(), &forge.certificate);
        }
    }

    #[test]
    fn rsa_encryption_as_signature_algorithm_means_the_digest_beside_it() {
        let mut forge = Forge::rsa();
        forge.signature_algorithm =
            der::algorithm_identifier(&oid::RSA_ENCRYPTION, Some(&der::null()));
        let verified = verify_content(&forge, CONTENT).unwrap();
        assert_eq!(verified.algorithm(), SignatureAlgorithm::RsaPkcs1Sha256);
    }

    #[test]
    fn signer_may_be_named_by_its_key_identifier() {
        let mut forge = Forge::p256();
        forge.sid = der::context_primitive(0, &[1, 2, 3]);
        forge.signer_version = 3;
        forge.version = 3;
        assert!(verify_content(&forge, CONTENT).is_ok());
    }

    #[test]
    fn signing_time_and_unknown_attributes_are_no_defect() {
        let time = time::macros::datetime!(2026-11-24 9:00 UTC);
        let mut forge = Forge::p256();
        forge.set(&oid::SIGNING_TIME, &[der::utc_time(time)]);
        forge.set(&Oid::new("1.2.3"), &[der::null(), der::unsigned(7)]);
        assert!(verify_content(&forge, CONTENT).is_ok());
        let message = forge.build();
        let (data, _) = SignedData::parse(&message).unwrap();
        let attributes = data.signer_infos()[0].signed_attributes().unwrap();
        assert_eq!(attributes.signing_time(), Some(time));
        assert_eq!(attributes.others()[0].oid(), Oid::new("1.2.3"));
    }

    #[test]
    fn signing_certificate_of_version_1_is_recognised() {
        let mut forge = Forge::p256();
        let digest = DigestAlgorithm::Sha1.digest(forge.certificate.as_der());
        let identifier = der::sequence(&[der::octet_string(&digest)]);
        forge.remove(&oid::SIGNING_CERTIFICATE_V2);
        let value = der::sequence(&[der::sequence(&[identifier])]);
        forge.set(&oid::SIGNING_CERTIFICATE, &[value]);
        assert!(verify_content(&forge, CONTENT).is_ok());
        let message = forge.build();
        let (data, _) = SignedData::parse(&message).unwrap();
        let attributes = data.signer_infos()[0].signed_attributes().unwrap();
        let version = attributes.signing_certificate().unwrap().version();
        assert_eq!(version, SigningCertificateVersion::V1);
    }

    #[test]
    fn changed_content_is_a_digest_mismatch() {
        let refused = verify_content(&Forge::p256(), b"other content");
        assert_eq!(refused.unwrap_err(), Error::MessageDigestMismatch);
    }

    #[test]
    fn signature_by_another_key_is_bad() {
        assert_eq!(
            refusal(|forge| forge.signer = Forge::p256().signer),
            Error::BadSignature
        );
    }

    #[test]
    fn signature_algorithm_of_another_kind_of_key_is_bad() {
        let refused = refusal(|forge| {
            let rsa = SignatureAlgorithm::RsaPkcs1Sha256.oid();
            forge.signature_algorithm = der::algorithm_identifier(&rsa, Some(&der::null()));
        });
        assert_eq!(refused, Error::BadSignature);
    }

    #[test]
    fn no_signed_attributes_are_refused() {
        assert_eq!(
            refusal(|forge| forge.attributes.clear()),
            Error::NoSignedAttributes
        );
    }

    #[test]
    fn missing_attributes_are_named() {
        for attribute in [oid::CONTENT_TYPE, oid::MESSAGE_DIGEST] {
            let refused = refusal(|forge| forge.remove(&attribute));
            assert_eq!(refused, Error::MissingAttribute { attribute });
        }
        let refused = refusal(|forge| forge.remove(&oid::SIGNING_CERTIFICATE_V2));
        assert_eq!(refused, Error::NoSigningCertificate);
    }

    #[test]
    fn attribute_that_stands_twice_is_refused() {
        let refused = refusal(|forge| {
            let digest = der::octet_string(&DigestAlgorithm::Sha256.digest(b"other content"));
            forge
                .attributes
                .push(attribute(&oid::MESSAGE_DIGEST, &[digest]));
        });
        assert_eq!(
            refused,
            Error::DuplicateAttribute {
                attribute: oid::MESSAGE_DIGEST
            }
        );
    }

    #[test]
    fn attribute_with_two_values_is_refused() {
        let refused = refusal(|forge| {
            let digest = |content| der::octet_string(&DigestAlgorithm::Sha256.digest(content));
            forge.set(
                &oid::MESSAGE_DIGEST,
                &[digest(CONTENT), digest(b"other content")],
            );
        });
        let attribute = oid::MESSAGE_DIGEST;
        assert_eq!(
            refused,
            Error::AttributeValues {
                attribute,
                count: 2
            }
        );
    }

    #[test]
    fn attributes_out_of_order_are_refused() {
        let refused = refusal(|forge| {
            forge.attributes.sort();
            forge.attributes.reverse();
            forge.sorted = false;
        });
        assert_eq!(refused, Error::AttributesNotDer);
    }

    #[test]
    fn content_type_of_other_content_is_refused() {
        let other = Oid::new("1.2.840.113549.1.9.16.1.4");
        let refused = refusal(|forge| forge.set(&oid::CONTENT_TYPE, &[der::oid(&other)]));
        let expected = Error::ContentTypeMismatch {
            attribute: other,
            content: oid::DATA,
        };
        assert_eq!(refused, expected);
    }

    #[test]
    fn signing_certificate_of_another_certificate_is_refused() {
        let refused = refusal(|forge| {
            let other = Forge::p256();
            forge.remove(&oid::SIGNING_CERTIFICATE_V2);
            forge.attributes.push(other.attributes[2].clone());
        });
        assert_eq!(refused, Error::SigningCertificateMismatch);
    }

    #[test]
    fn issuer_serial_of_another_certificate_is_refused() {
        let refused = refusal(|forge| {
            let name = der::context(4, forge.certificate.issuer().as_der());
            let issuer_serial = der::sequence(&[der::sequence(&[name]), der::unsigned(1)]);
            let digest = der::octet_string(&forge.certificate.sha256());
            let identifier = der::sequence(&[digest, issuer_serial]);
            let value = der::sequence(&[der::sequence(&[identifier])]);
            forge.set(&oid::SIGNING_CERTIFICATE_V2, &[value]);
        });
        assert_eq!(refused, Error::SigningCertificateMismatch);
    }

    #[test]
    fn sid_of_another_certificate_finds_none() {
        let refused = refusal(|forge| {
            let issuer = forge.certificate.issuer().as_der().to_vec();
            forge.sid = der::sequence(&[issuer, der::unsigned(1)]);
        });
        assert_eq!(refused, Error::SignerCertificateMissing);
    }

    #[test]
    fn sid_that_spells_the_issuer_differently_is_another_certificate() {
        let forge = {
            let mut forge = Forge::p256();
            // The same name to RFC 5280, other bytes: a case that no signature covers.
            let at = forge
                .sid
                .windows(2)
                .position(|pair| pair == "Т".as_bytes())
                .unwrap();
            forge.sid.splice(at..at + 2, "т".bytes());
            forge
        };
        let message = forge.build();
        let (data, _) = SignedData::parse(&message).unwrap();
        let digest = DigestAlgorithm::Sha256.digest(CONTENT);
        let refused = data.signer_infos()[0].verify(&forge.certificate, &digest, &Ring);
        assert_eq!(refused.unwrap_err(), Error::SignerIdentifierMismatch);
    }

    #[test]
    fn digest_that_the_signature_algorithm_does_not_take_is_refused() {
        let sha384 = DigestAlgorithm::Sha384.oid();
        let refused = refusal(|forge| {
            forge.digest_algorithm = der::algorithm_identifier(&sha384, None);
            forge.digest_algorithms = vec![forge.digest_algorithm.clone()];
        });
        let signature = SignatureAlgorithm::EcdsaSha256.oid();
        assert_eq!(
            refused,
            Error::DigestOfSignature {
                digest: sha384,
                signature
            }
        );
    }

    #[test]
    fn parameters_other_than_null_for_rsa_and_absent_for_ecdsa_are_refused() {
        let algorithm = SignatureAlgorithm::EcdsaSha256.oid();
        let refused = refusal(|forge| {
            forge.signature_algorithm = der::algorithm_identifier(&algorithm, Some(&der::null()));
        });
        assert_eq!(refused, Error::WrongParameters { algorithm });

        let mut forge = Forge::rsa();
        let algorithm = SignatureAlgorithm::RsaPkcs1Sha256.oid();
        forge.signature_algorithm = der::algorithm_identifier(&algorithm, None);
        let refused = verify_content(&forge, CONTENT).unwrap_err();
        assert_eq!(refused, Error::WrongParameters { algorithm });
    }

    #[test]
    fn protected_algorithms_that_differ_from_those_used_are_refused() {
        let mut forge = Forge::rsa();
        let digest = forge.digest_algorithm.clone();
        let mut used = forge.signature_algorithm.clone();
        used[0] = Tag::context(1).0;
        forge.set(
            &oid::CMS_ALGORITHM_PROTECTION,
            &[der::sequence(&[digest, used])],
        );
        assert!(verify_content(&forge, CONTENT).is_ok());

        forge.signature_algorithm =
            der::algorithm_identifier(&oid::RSA_ENCRYPTION, Some(&der::null()));
        let refused = verify_content(&forge, CONTENT).unwrap_err();
        assert_eq!(refused, Error::AlgorithmProtectionMismatch);
    }

    #[test]
    fn wrong_version_of_a_signer_info_is_refused() {
        let refused = refusal(|forge| forge.signer_version = 3);
        let expected = Error::Version {
            structure: "SignerInfo",
            expected: 1,
            found: 3,
        };
        assert_eq!(refused, expected);
    }

    #[test]
    fn unsigned_attributes_are_reported_not_judged() {
        let mut forge = Forge::p256();
        let unsigned = attribute(&Oid::new("1.2.3"), &[der::null()]);
        forge.after_signature = der::context(1, &unsigned);
        assert!(verify_content(&forge, CONTENT).is_ok());
        let message = forge.build();
        let (data, _) = SignedData::parse(&message).unwrap();
        assert_eq!(
            data.signer_infos()[0].unsigned_attributes()[0].as_bytes(),
            unsigned
        );
    }
}
