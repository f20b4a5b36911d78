//! The signed attributes of a signature (RFC 5652 §11, RFC 5035, RFC 6211).

use time::OffsetDateTime;

use crate::cms::Attribute;
use crate::cms::Error;
use crate::cms::SigningCertificate;
use crate::cms::SigningCertificateVersion;
use crate::cms::attribute;
use crate::cms::oid;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::Oid;
use crate::x509::Certificate;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// The attributes that the signature covers.
#[derive(Clone, Debug)]
pub struct SignedAttributes<'a> {
    content_type: Oid,
    message_digest: &'a [u8],
    signing_certificate: Option<SigningCertificate<'a>>,
    signing_certificate_v1: Option<SigningCertificate<'a>>,
    signing_time: Option<OffsetDateTime>,
    algorithm_protection: Option<AlgorithmProtection<'a>>,
    others: Vec<Attribute<'a>>,
}

/// The attribute cms-algorithm-protection (RFC 6211 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmProtection<'a> {
    /// The digest algorithm that the signer used.
    pub digest: AlgorithmIdentifier<'a>,
    /// The signature algorithm that the signer used.
    pub signature: AlgorithmIdentifier<'a>,
}

impl<'a> SignedAttributes<'a> {
    /// Reads `[0] IMPLICIT SET OF Attribute` as it stands on the wire. It must be in DER: the
    /// signature covers the DER, and another encoding would be read by some and not by others.
    pub(super) fn read(wire: &'a [u8]) -> Result<Self, Error> {
        let set = Reader::der(wire)
            .expect(Tag::context(0))
            .and_then(|set| set.reader());
        let attributes =
            attribute::read_all(set.map_err(|_| Error::AttributesNotDer)?).map_err(not_der)?;
        if !attributes.is_sorted_by(|one, next| one.as_bytes() < next.as_bytes()) {
            return Err(Error::AttributesNotDer);
        }
        let mut found = Found::default();
        for attribute in attributes {
            found.take(attribute)?;
        }
        found.complete()
    }

    /// The type of the content.
    pub fn content_type(&self) -> Oid {
        self.content_type
    }

    /// The digest of the content.
    pub fn message_digest(&self) -> &'a [u8] {
        self.message_digest
    }

    /// The certificate that the signer names; signing-certificate-v2 where both stand.
    pub fn signing_certificate(&self) -> Option<&SigningCertificate<'a>> {
        self.signing_certificate
            .as_ref()
            .or(self.signing_certificate_v1.as_ref())
    }

    /// Both forms of it, as far as they stand here.
    pub(super) fn signing_certificates(&self) -> impl Iterator<Item = &SigningCertificate<'a>> {
        self.signing_certificate
            .iter()
            .chain(&self.signing_certificate_v1)
    }

    /// Whether every form of it that stands here allows the path of these certificates: see
    /// [`SigningCertificate::allows`].
    pub fn allow(&self, path: &[Certificate]) -> bool {
        self.signing_certificates()
            .all(|reference| reference.allows(path))
    }

    /// The time that the signer claims; PAdES baseline signatures have none here.
    pub fn signing_time(&self) -> Option<OffsetDateTime> {
        self.signing_time
    }

    /// The algorithms that the signer put under the protection of the signature.
    pub fn algorithm_protection(&self) -> Option<&AlgorithmProtection<'a>> {
        self.algorithm_protection.as_ref()
    }

    /// Attributes of other types: what they say is not used.
    pub fn others(&self) -> &[Attribute<'a>] {
        &self.others
    }
}

#[derive(Default)]
struct Found<'a> {
    content_type: Option<Oid>,
    message_digest: Option<&'a [u8]>,
    signing_certificate: Option<SigningCertificate<'a>>,
    signing_certificate_v1: Option<SigningCertificate<'a>>,
    signing_time: Option<OffsetDateTime>,
    algorithm_protection: Option<AlgorithmProtection<'a>>,
    others: Vec<Attribute<'a>>,
}

impl<'a> Found<'a> {
    fn take(&mut self, attribute: Attribute<'a>) -> Result<(), Error> {
        match attribute.oid() {
            oid::CONTENT_TYPE => {
                let mut value = attribute.value()?;
                self.content_type = Some(value.oid()?);
                value.finish()?;
            }
            oid::MESSAGE_DIGEST => {
                let mut value = attribute.value()?;
                self.message_digest = Some(value.expect(Tag::OCTET_STRING)?.content);
                value.finish()?;
            }
            oid::SIGNING_CERTIFICATE => {
                let version = SigningCertificateVersion::V1;
                self.signing_certificate_v1 =
                    Some(SigningCertificate::read(attribute.value()?, version)?);
            }
            oid::SIGNING_CERTIFICATE_V2 => {
                let version = SigningCertificateVersion::V2;
                self.signing_certificate =
                    Some(SigningCertificate::read(attribute.value()?, version)?);
            }
            oid::SIGNING_TIME => {
                let mut value = attribute.value()?;
                self.signing_time = Some(der::time_from(&value.any()?)?);
                value.finish()?;
            }
            oid::CMS_ALGORITHM_PROTECTION => {
                self.algorithm_protection = Some(AlgorithmProtection::read(attribute.value()?)?);
            }
            _ => self.others.push(attribute),
        }
        Ok(())
    }

    fn complete(self) -> Result<SignedAttributes<'a>, Error> {
        let missing = |attribute| Error::MissingAttribute { attribute };
        Ok(SignedAttributes {
            content_type: self
                .content_type
                .ok_or_else(|| missing(oid::CONTENT_TYPE))?,
            message_digest: self
                .message_digest
                .ok_or_else(|| missing(oid::MESSAGE_DIGEST))?,
            signing_certificate: self.signing_certificate,
            signing_certificate_v1: self.signing_certificate_v1,
            signing_time: self.signing_time,
            algorithm_protection: self.algorithm_protection,
            others: self.others,
        })
    }
}

impl<'a> AlgorithmProtection<'a> {
    fn read(mut value: Reader<'a>) -> Result<Self, Error> {
        let mut fields = value.sequence()?;
        value.finish()?;
        let digest = fields.algorithm_identifier()?;
        // [1] IMPLICIT AlgorithmIdentifier; [2] is for authenticated data.
        let mut signature = fields.expect(Tag::context(1))?.reader()?;
        let oid = signature.oid()?;
        let parameters = signature.next()?.map(|parameters| parameters.raw);
        signature.finish()?;
        fields.finish()?;
        Ok(Self {
            digest,
            signature: AlgorithmIdentifier { oid, parameters },
        })
    }
}

/// What a strict reader refuses inside the attributes is their encoding.
fn not_der(error: Error) -> Error {
    match error {
        Error::Der(_) => Error::AttributesNotDer,
        other => other,
    }
}
