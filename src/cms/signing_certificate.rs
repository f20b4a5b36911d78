//! The attributes signing-certificate and signing-certificate-v2 (RFC 2634 §5.4, RFC 5035 §3).

use crate::cms::Error;
use crate::crypto::DigestAlgorithm;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// What the signer wrote, under the protection of the signature, about its certificate and perhaps
/// the others of its path.
#[derive(Clone, Debug)]
pub struct SigningCertificate<'a> {
    version: SigningCertificateVersion,
    signer: CertificateReference<'a>,
    /// Further ones limit the path (RFC 5035 §3).
    others: Vec<CertificateReference<'a>>,
}

/// `ESSCertID` or `ESSCertIDv2`: a certificate by its digest.
#[derive(Clone, Debug)]
struct CertificateReference<'a> {
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
        let mut references = fields.sequence()?;
        // PolicyInformation, of no use to this crate.
        fields.optional(Tag::SEQUENCE)?;
        fields.finish()?;
        let signer = CertificateReference::read(references.sequence()?, version)?;
        let mut others = Vec::new();
        while !references.is_empty() {
            if others.len() == MOST_OTHERS {
                return Err(Error::TooMany {
                    kind: "references to certificates",
                    count: MOST_OTHERS + 2,
                    limit: MOST_OTHERS + 1,
                });
            }
            others.push(CertificateReference::read(references.sequence()?, version)?);
        }
        Ok(Self {
            version,
            signer,
            others,
        })
    }

    /// Which of the two attributes it is.
    pub fn version(&self) -> SigningCertificateVersion {
        self.version
    }

    /// The digest that the signer's certificate is named by.
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.signer.digest_algorithm
    }

    /// Whether it names this certificate as the signer's: by its digest and, where they are
    /// written, by its issuer and serial number.
    pub fn names(&self, certificate: &Certificate) -> bool {
        self.signer.names(certificate)
    }

    /// Whether the signer allows the issuers in the path of these certificates, the end entity
    /// first: who names more certificates than its own wants no others in the path (RFC 5035 §3).
    /// The end entity is that which [`SigningCertificate::names`]; the trust anchor, the last one,
    /// is the verifier's choice and need not be named.
    pub fn allows(&self, path: &[Certificate]) -> bool {
        let issuers = path.get(1..path.len().saturating_sub(1));
        let named = |certificate| self.others.iter().any(|other| other.names(certificate));
        self.others.is_empty() || issuers.unwrap_or_default().iter().all(named)
    }
}

impl<'a> CertificateReference<'a> {
    fn read(mut fields: Reader<'a>, version: SigningCertificateVersion) -> Result<Self, Error> {
        let digest_algorithm = match version {
            SigningCertificateVersion::V1 => DigestAlgorithm::Sha1,
            SigningCertificateVersion::V2 if fields.peek() == Some(Tag::SEQUENCE) => {
                let algorithm = fields.algorithm_identifier()?.oid;
                DigestAlgorithm::from_oid(algorithm)
                    .ok_or(Error::UnsupportedDigest { algorithm })?
            }
            SigningCertificateVersion::V2 => DigestAlgorithm::Sha256,
        };
        let digest = fields.expect(Tag::OCTET_STRING)?.content;
        let issuer_serial = match fields.is_empty() {
            true => None,
            false => Some(IssuerSerial::read(fields.sequence()?)?),
        };
        fields.finish()?;
        Ok(Self {
            digest_algorithm,
            digest,
            issuer_serial,
        })
    }

    fn names(&self, certificate: &Certificate) -> bool {
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

/// A path has four or five certificates.
const MOST_OTHERS: usize = 32;
