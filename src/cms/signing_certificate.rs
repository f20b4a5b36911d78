//! The attributes signing-certificate and signing-certificate-v2 (RFC 2634 §5.4, RFC 5035 §3).

use crate::cms::Error;
use crate::crypto::DigestAlgorithm;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// What the signer wrote, under the protection of the signature, about its certificate: the first
/// `ESSCertID` of the attribute. Further ones only limit the path and are not read.
#[derive(Clone, Debug)]
pub struct SigningCertificate<'a> {
    version: SigningCertificateVersion,
    digest_algorithm: DigestAlgorithm,
    digest: &'a [u8],
    issuer_serial: Option<IssuerSerial<'a>>,
}

/// Which of the two attributes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningCertificateVersion {
    /// signing-certificate, always SHA-1: recognised, not a baseline signature.
    V1,
    /// signing-certificate-v2.
    V2,
}

#[derive(Clone, Copy, Debug)]
struct IssuerSerial<'a> {
    issuer: &'a [u8],
    serial: &'a [u8],
}

impl<'a> SigningCertificate<'a> {
    /// Reads the value of the attribute.
    pub(super) fn read(
        mut value: Reader<'a>,
        version: SigningCertificateVersion,
    ) -> Result<Self, Error> {
        let mut fields = value.sequence()?;
        value.finish()?;
        let mut identifier = fields.sequence()?.sequence()?;
        // PolicyInformation, of no use to this crate.
        fields.optional(Tag::SEQUENCE)?;
        fields.finish()?;
        let digest_algorithm = match version {
            SigningCertificateVersion::V1 => DigestAlgorithm::Sha1,
            SigningCertificateVersion::V2 if identifier.peek() == Some(Tag::SEQUENCE) => {
                let algorithm = identifier.algorithm_identifier()?.oid;
                DigestAlgorithm::from_oid(algorithm)
                    .ok_or(Error::UnsupportedDigest { algorithm })?
            }
            SigningCertificateVersion::V2 => DigestAlgorithm::Sha256,
        };
        let digest = identifier.expect(Tag::OCTET_STRING)?.content;
        let issuer_serial = match identifier.is_empty() {
            true => None,
            false => Some(IssuerSerial::read(identifier.sequence()?)?),
        };
        identifier.finish()?;
        Ok(Self {
            version,
            digest_algorithm,
            digest,
            issuer_serial,
        })
    }

    /// Which of the two attributes it is.
    pub fn version(&self) -> SigningCertificateVersion {
        self.version
    }

    /// The digest that the certificate is named by.
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest_algorithm
    }

    /// Whether it names this certificate: by its digest and, where they are written, by its issuer
    /// and serial number.
    pub fn names(&self, certificate: &Certificate) -> bool {
        self.digest_algorithm.digest(certificate.as_der()) == self.digest
            && self
                .issuer_serial
                .is_none_or(|issuer_serial| issuer_serial.names(certificate))
    }
}

impl<'a> IssuerSerial<'a> {
    /// `IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber }`, one directoryName.
    fn read(mut fields: Reader<'a>) -> Result<Self, der::Error> {
        let mut names = fields.sequence()?;
        let mut name = names.expect(Tag::context(4))?.reader()?;
        names.finish()?;
        let issuer = name.expect(Tag::SEQUENCE)?.raw;
        name.finish()?;
        let serial = fields.integer()?;
        fields.finish()?;
        Ok(Self { issuer, serial })
    }

    fn names(&self, certificate: &Certificate) -> bool {
        self.serial == certificate.serial().as_bytes()
            && Name::from_der(self.issuer).is_ok_and(|issuer| &issuer == certificate.issuer())
    }
}
