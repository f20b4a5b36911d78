//! `SignerInfo`: one signature (RFC 5652 §5.3).

use std::borrow::Cow;

use crate::cms::Attribute;
use crate::cms::Conduct;
use crate::cms::Error;
use crate::cms::Parameters;
use crate::cms::Presence;
use crate::cms::SignedAttributes;
use crate::cms::attribute;
use crate::cms::oid;
use crate::crypto;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
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

/// The certificate of a signer, and where its key comes from.
#[derive(Clone, Copy)]
enum SignerKey<'k> {
    /// The key as the certificate has it.
    OfCertificate(&'k Certificate),
    /// The key with what it inherits in a path.
    OfPath(&'k Certificate, SubjectPublicKey<'k>),
}

impl<'k> SignerKey<'k> {
    fn certificate(self) -> &'k Certificate {
        match self {
            Self::OfCertificate(certificate) | Self::OfPath(certificate, _) => certificate,
        }
    }

    fn key(self) -> Result<SubjectPublicKey<'k>, crypto::Error> {
        match self {
            Self::OfCertificate(certificate) => certificate.subject_public_key(),
            Self::OfPath(_, key) => Ok(key),
        }
    }
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
        self.algorithm(Conduct::document())
    }

    fn algorithm(&self, conduct: Conduct) -> Result<SignatureAlgorithm, Error> {
        let identifier = &self.signature_algorithm;
        let signature = identifier.oid;
        let digest = self.digest_algorithm()?;
        let wrong_parameters = Error::WrongParameters {
            algorithm: signature,
        };
        let algorithm = match (signature, identifier.parameters) {
            (oid::RSA_ENCRYPTION, None) => SignatureAlgorithm::rsa_pkcs1(digest),
            (oid::RSA_ENCRYPTION, Some(_)) if identifier.has_null_parameters() => {
                SignatureAlgorithm::rsa_pkcs1(digest)
            }
            (oid::RSA_ENCRYPTION, Some(_)) => return Err(wrong_parameters),
            _ => SignatureAlgorithm::from_identifier(identifier).map_err(|error| match error {
                crypto::Error::BadParameters { algorithm } => Error::WrongParameters { algorithm },
                other => Error::Unjudged(other),
            })?,
        };
        let exact = conduct.parameters == Parameters::Exact;
        if exact && algorithm.is_rsa_pkcs1() && !identifier.has_null_parameters() {
            return Err(wrong_parameters);
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

    /// Verifies the signature of a document, by [`Conduct::document`]: the content by its digest,
    /// the certificate by what the signer wrote about it, and the signed attributes by the key.
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
        let signer = SignerKey::OfCertificate(certificate);
        self.verify_attributes(signer, content_digest, Conduct::document(), verifier)
    }

    /// Verifies the signature over a content at hand, as `conduct` demands. A signature without
    /// signed attributes covers the content itself (RFC 5652 §5.4), where the conduct lets it.
    ///
    /// # Errors
    ///
    /// As [`SignerInfo::verify`]; [`Error::NoSignedAttributes`] when the conduct or the type of the
    /// content demands them; [`Error::AmbiguousContent`] when the content could be the signed
    /// attributes of another message.
    pub fn verify_content(
        &self,
        certificate: &Certificate,
        content: &[u8],
        conduct: Conduct,
        verifier: &dyn SignatureVerifier,
    ) -> Result<VerifiedSignerInfo, Error> {
        self.verify_by(
            SignerKey::OfCertificate(certificate),
            content,
            conduct,
            verifier,
        )
    }

    /// The same with the key that the path of the certificate says it has: a DSA key may inherit its
    /// parameters from its issuer's (RFC 5280 §6.1.4 d–f).
    ///
    /// # Errors
    ///
    /// As [`SignerInfo::verify_content`].
    pub fn verify_with_key(
        &self,
        certificate: &Certificate,
        key: &SubjectPublicKey<'_>,
        content: &[u8],
        conduct: Conduct,
        verifier: &dyn SignatureVerifier,
    ) -> Result<VerifiedSignerInfo, Error> {
        self.verify_by(
            SignerKey::OfPath(certificate, *key),
            content,
            conduct,
            verifier,
        )
    }

    fn verify_by(
        &self,
        signer: SignerKey<'_>,
        content: &[u8],
        conduct: Conduct,
        verifier: &dyn SignatureVerifier,
    ) -> Result<VerifiedSignerInfo, Error> {
        if self.signed_attributes.is_some() {
            let digest = self.digest_algorithm()?.digest(content);
            return self.verify_attributes(signer, &digest, conduct, verifier);
        }
        let demanded = conduct.signed_attributes == Presence::Demanded
            || conduct.signing_certificate == Presence::Demanded;
        if demanded || self.content_type != oid::DATA {
            return Err(Error::NoSignedAttributes);
        }
        if could_be_attributes(content) {
            return Err(Error::AmbiguousContent);
        }
        let algorithm = self.algorithm(conduct)?;
        if !self.identifies(signer.certificate()) {
            return Err(Error::SignerIdentifierMismatch);
        }
        self.verify_message(signer, algorithm, content, verifier)
    }

    fn verify_attributes(
        &self,
        signer: SignerKey<'_>,
        content_digest: &[u8],
        conduct: Conduct,
        verifier: &dyn SignatureVerifier,
    ) -> Result<VerifiedSignerInfo, Error> {
        let attributes = self.signed_attributes()?;
        if attributes.content_type() != self.content_type {
            let (attribute, content) = (attributes.content_type(), self.content_type);
            return Err(Error::ContentTypeMismatch { attribute, content });
        }
        let algorithm = self.algorithm(conduct)?;
        if attributes.message_digest() != content_digest {
            return Err(Error::MessageDigestMismatch);
        }
        self.check_algorithm_protection(&attributes)?;
        self.check_certificate(&attributes, signer.certificate(), conduct)?;
        let message = self.to_be_signed()?;
        self.verify_message(signer, algorithm, &message, verifier)
    }

    fn verify_message(
        &self,
        signer: SignerKey<'_>,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        verifier: &dyn SignatureVerifier,
    ) -> Result<VerifiedSignerInfo, Error> {
        let key = signer.key().map_err(Error::Unjudged)?;
        verifier
            .verify(algorithm, &key, message, &self.signature)
            .map_err(|error| match error {
                // A key of another kind made no such signature.
                crypto::Error::BadSignature | crypto::Error::KeyAlgorithmMismatch { .. } => {
                    Error::BadSignature
                }
                other => Error::Unjudged(other),
            })?;
        Ok(VerifiedSignerInfo {
            certificate: signer.certificate().clone(),
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
        conduct: Conduct,
    ) -> Result<(), Error> {
        if !self.identifies(certificate) {
            return Err(Error::SignerIdentifierMismatch);
        }
        let demanded = conduct.signing_certificate == Presence::Demanded;
        if demanded && attributes.signing_certificate().is_none() {
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

/// Whether a signature over this content would be one over the signed attributes of another message
/// just as well: then one of the two was never signed. The signer of that one may have been less
/// strict than the reader here, so that a set with an attribute that all of them have is enough.
fn could_be_attributes(content: &[u8]) -> bool {
    let Ok(mut attributes) = Reader::ber(content).set() else {
        return false;
    };
    let demanded = [oid::CONTENT_TYPE, oid::MESSAGE_DIGEST];
    std::iter::from_fn(|| attributes.sequence().ok())
        .filter_map(|mut attribute| attribute.oid().ok())
        .any(|oid| demanded.contains(&oid))
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
#[path = "signer_info_tests.rs"]
mod tests;
