use time::OffsetDateTime;

use crate::pki::ocsp::CertId;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::extensions;
use crate::pki::ocsp::oids;
use crate::x509::CrlReason;
use crate::x509::Extension;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Fraction;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// What a response says about one certificate (RFC 6960 §4.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleResponse {
    cert_id: CertId,
    status: CertStatus,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    archive_cutoff: Option<OffsetDateTime>,
    extensions: Vec<Extension>,
}

/// The state of a certificate as a response writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked or on hold; see [`Status::NeverIssued`](super::Status::NeverIssued).
    Revoked {
        /// Since when.
        time: OffsetDateTime,
        /// Why, `None` when the response does not say.
        reason: Option<CrlReason>,
    },
    /// The responder knows nothing of the certificate.
    Unknown,
}

impl SingleResponse {
    pub(super) fn read(mut fields: Reader<'_>) -> Result<Self, Error> {
        let cert_id = CertId::read(fields.sequence()?)?;
        let status = CertStatus::read(&mut fields)?;
        let this_update = generalized_time(&mut fields)?;
        let next_update = match fields.context(0)? {
            Some(mut next_update) => {
                let time = generalized_time(&mut next_update)?;
                next_update.finish()?;
                Some(time)
            }
            None => None,
        };
        let extensions = match fields.context(1)? {
            Some(extensions) => extensions::read_all(extensions)?,
            None => Vec::new(),
        };
        fields.finish()?;
        Ok(Self {
            cert_id,
            status,
            this_update,
            next_update,
            archive_cutoff: extensions::archive_cutoff(&extensions)?,
            extensions,
        })
    }

    /// What a responder says about a certificate, without extensions. Without `next_update` there is
    /// news all the time.
    pub fn new(
        cert_id: CertId,
        status: CertStatus,
        this_update: OffsetDateTime,
        next_update: Option<OffsetDateTime>,
    ) -> Self {
        Self {
            cert_id,
            status,
            this_update,
            next_update,
            archive_cutoff: None,
            extensions: Vec::new(),
        }
    }

    /// The structure in DER; fractions of a second are dropped.
    pub fn to_der(&self) -> Vec<u8> {
        let mut fields = self.cert_id.to_der();
        fields.extend(self.status.to_der());
        fields.extend(der::generalized_time(self.this_update));
        if let Some(next_update) = self.next_update {
            fields.extend(der::context(0, &der::generalized_time(next_update)));
        }
        if !self.extensions.is_empty() {
            fields.extend(der::context(1, &extensions::to_der(&self.extensions)));
        }
        der::tlv(Tag::SEQUENCE, &fields)
    }

    /// Which certificate is meant.
    pub fn cert_id(&self) -> &CertId {
        &self.cert_id
    }

    /// Its state as it is written.
    pub fn status(&self) -> CertStatus {
        self.status
    }

    /// The latest time at which the state was known to be right.
    pub fn this_update(&self) -> OffsetDateTime {
        self.this_update
    }

    /// Until when there will be news, `None` when news is there all the time.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.next_update
    }

    /// Since when the responder keeps what it knows of expired certificates (RFC 6960 §4.4.4).
    pub fn archive_cutoff(&self) -> Option<OffsetDateTime> {
        self.archive_cutoff
    }

    /// singleExtensions.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    pub(super) fn unknown_critical_extension(&self) -> Option<Oid> {
        extensions::unknown_critical(&self.extensions, &KNOWN)
    }
}

impl CertStatus {
    /// The state in DER; fractions of a second are dropped.
    pub fn to_der(self) -> Vec<u8> {
        match self {
            Self::Good => der::context_primitive(0, &[]),
            Self::Revoked { time, reason } => {
                let mut info = der::generalized_time(time);
                if let Some(reason) = reason {
                    info.extend(der::context(0, &der::enumerated(reason.code())));
                }
                der::context(1, &info)
            }
            Self::Unknown => der::context_primitive(2, &[]),
        }
    }

    fn read(fields: &mut Reader<'_>) -> Result<Self, Error> {
        let choice = fields.any()?;
        match (choice.tag, choice.content) {
            (GOOD, []) => Ok(Self::Good),
            (UNKNOWN, []) => Ok(Self::Unknown),
            (REVOKED, _) => {
                let mut info = choice.reader()?;
                let time = generalized_time(&mut info)?;
                let reason = match info.context(0)? {
                    Some(mut reason) => {
                        let code = reason.enumerated()?;
                        reason.finish()?;
                        Some(CrlReason::try_from(code)?)
                    }
                    None => None,
                };
                info.finish()?;
                Ok(Self::Revoked { time, reason })
            }
            (tag, _) => Err(der::Error::InvalidValue { tag }.into()),
        }
    }
}

/// GeneralizedTime without a fraction (RFC 6960 §4.2.2.1, RFC 5280 §4.1.2.5.2).
pub(super) fn generalized_time(fields: &mut Reader<'_>) -> Result<OffsetDateTime, Error> {
    let time = fields.expect(Tag::GENERALIZED_TIME)?;
    Ok(der::generalized_time_from(time.content, Fraction::Refused)?)
}

const GOOD: Tag = Tag::context_primitive(0);
const REVOKED: Tag = Tag::context(1);
const UNKNOWN: Tag = Tag::context_primitive(2);
/// None of them changes what a status means.
const KNOWN: [Oid; 2] = [oids::ARCHIVE_CUTOFF, oids::CRL_REFERENCES];
