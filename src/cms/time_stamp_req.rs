use crate::cms::Error;
use crate::cms::MessageImprint;
use crate::cms::tst_info;
use crate::cms::tst_info::check_version;
use crate::cms::tst_info::read_nonce;
use crate::crypto::Oid;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// A `TimeStampReq` (RFC 3161 §2.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStampReq {
    message_imprint: MessageImprint,
    policy: Option<Oid>,
    nonce: Option<Vec<u8>>,
    certificates: RequestedCertificates,
    extensions: Vec<Oid>,
}

/// The identifiers of `[0] IMPLICIT Extensions`, none twice.
fn read_extensions(list: Reader<'_>) -> Result<Vec<Oid>, Error> {
    let all = tst_info::read_extensions(list)?;
    Ok(all.into_iter().map(|(oid, _)| oid).collect())
}

/// Whether the authority shall put its certificate into the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedCertificates {
    /// certReq is TRUE: the token can be verified by itself.
    Included,
    /// certReq is FALSE.
    Omitted,
}

impl TimeStampReq {
    /// A request for a stamp that holds its certificate. `nonce` are random octets, read as a
    /// number that is not negative; `policy` is that of the authority's own choice when `None`.
    pub fn new(message_imprint: MessageImprint, policy: Option<Oid>, nonce: Option<&[u8]>) -> Self {
        let content = |octets: &[u8]| SerialNumber::from_magnitude(octets).as_bytes().to_vec();
        Self {
            message_imprint,
            policy,
            nonce: nonce.map(content),
            certificates: RequestedCertificates::Included,
            extensions: Vec::new(),
        }
    }

    /// Reads a request in DER.
    ///
    /// # Errors
    ///
    /// [`Error::Version`], [`Error::WrongParameters`], [`Error::DuplicateAttribute`] for an extension
    /// that stands twice, [`Error::TooMany`], [`Error::Der`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        check_version(&mut fields, "TimeStampReq")?;
        let request = Self {
            message_imprint: MessageImprint::read(fields.sequence()?)?,
            policy: match fields.peek() {
                Some(Tag::OBJECT_IDENTIFIER) => Some(fields.oid()?),
                _ => None,
            },
            nonce: read_nonce(&mut fields)?,
            certificates: match fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()? {
                true => RequestedCertificates::Included,
                false => RequestedCertificates::Omitted,
            },
            extensions: match fields.context(0)? {
                Some(extensions) => read_extensions(extensions)?,
                None => Vec::new(),
            },
        };
        fields.finish()?;
        Ok(request)
    }

    /// The request in DER.
    pub fn to_der(&self) -> Vec<u8> {
        let mut fields = der::unsigned(1);
        fields.extend(self.message_imprint.to_der());
        if let Some(policy) = &self.policy {
            fields.extend(der::oid(policy));
        }
        if let Some(nonce) = &self.nonce {
            fields.extend(der::tlv(Tag::INTEGER, nonce));
        }
        if self.certificates == RequestedCertificates::Included {
            fields.extend(der::boolean(true));
        }
        der::tlv(Tag::SEQUENCE, &fields)
    }

    /// What shall be stamped.
    pub fn message_imprint(&self) -> &MessageImprint {
        &self.message_imprint
    }

    /// The policy wanted.
    pub fn policy(&self) -> Option<Oid> {
        self.policy
    }

    /// The nonce: the content of its INTEGER.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// Extensions, critical or not: an authority that does not know one makes no stamp (RFC 3161
    /// §2.4.1).
    pub fn extensions(&self) -> &[Oid] {
        &self.extensions
    }

    /// Whether the authority shall put its certificate into the token.
    pub fn certificates(&self) -> RequestedCertificates {
        self.certificates
    }
}
