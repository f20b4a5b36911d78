use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use crate::x509::Error;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Fraction;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::oids;

/// One entry of revokedCertificates (RFC 5280 §5.1.2.6, §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// revocationDate, in UTC.
    pub revocation_date: OffsetDateTime,
    /// reasonCode, `None` when absent.
    pub reason: Option<CrlReason>,
    /// invalidityDate: since when the key is known or suspected to be compromised.
    pub invalidity_date: Option<OffsetDateTime>,
}

/// Why a certificate was revoked (RFC 5280 §5.3.1). Text is that of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrlReason {
    /// No reason is given.
    Unspecified = 0,
    /// The private key of the subject may be in other hands.
    KeyCompromise = 1,
    /// The private key of the CA may be in other hands.
    CaCompromise = 2,
    /// The subject's name or other information has changed.
    AffiliationChanged = 3,
    /// Another certificate has taken its place.
    Superseded = 4,
    /// The certificate is not needed any more.
    CessationOfOperation = 5,
    /// The certificate is suspended.
    CertificateHold = 6,
    /// The certificate is no longer suspended: in delta lists only.
    RemoveFromCrl = 8,
    /// A privilege named in the certificate has been withdrawn.
    PrivilegeWithdrawn = 9,
    /// The key of the attribute authority may be in other hands.
    AaCompromise = 10,
}

impl CrlReason {
    /// The value of the ENUMERATED.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Whether the reason says that a key may be in other hands.
    pub const fn is_compromise(self) -> bool {
        matches!(
            self,
            Self::KeyCompromise | Self::CaCompromise | Self::AaCompromise
        )
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        }
    }
}

impl TryFrom<u64> for CrlReason {
    type Error = Error;

    fn try_from(code: u64) -> Result<Self, Error> {
        REASONS
            .into_iter()
            .find(|reason| u64::from(reason.code()) == code)
            .ok_or(Error::UnknownReasonCode { code })
    }
}

impl fmt::Display for CrlReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CrlReason {
    type Err = NotACrlReason;

    /// Reads the name of the standard, or the same words in the way of command lines:
    /// `key-compromise`.
    fn from_str(text: &str) -> Result<Self, NotACrlReason> {
        let plain: String = text.chars().filter(|&character| character != '-').collect();
        REASONS
            .into_iter()
            .find(|reason| reason.name().eq_ignore_ascii_case(&plain))
            .ok_or(NotACrlReason)
    }
}

/// The text is no reason of RFC 5280.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a reason for revocation")]
pub struct NotACrlReason;

/// An entry as the walk over a list sees it.
pub(super) struct Entry<'a> {
    pub(super) serial: &'a [u8],
    pub(super) revoked: RevokedCertificate,
    pub(super) has_extensions: bool,
    /// A critical extension that is not processed, which makes the whole list unusable (§5.3).
    pub(super) unknown_critical: Option<Oid>,
}

impl<'a> Entry<'a> {
    /// Reads the next entry.
    pub(super) fn read(entries: &mut Reader<'a>) -> Result<Self, Error> {
        let mut fields = entries.sequence()?;
        let serial = fields.integer()?;
        let mut entry = Self {
            serial,
            revoked: RevokedCertificate {
                revocation_date: der::time_from(&fields.any()?)?,
                reason: None,
                invalidity_date: None,
            },
            has_extensions: false,
            unknown_critical: None,
        };
        if let Some(extensions) = fields.optional(Tag::SEQUENCE)? {
            entry.has_extensions = true;
            entry.read_extensions(extensions.reader()?)?;
        }
        fields.finish()?;
        Ok(entry)
    }

    fn read_extensions(&mut self, mut extensions: Reader<'_>) -> Result<(), Error> {
        while !extensions.is_empty() {
            let mut fields = extensions.sequence()?;
            // A list has hundreds of thousands of these: the octets are compared, nothing is decoded.
            let name = fields.expect(Tag::OBJECT_IDENTIFIER)?;
            let critical = fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()?;
            let octets = fields.expect(Tag::OCTET_STRING)?.content;
            fields.finish()?;
            let mut value = Reader::der(octets);
            match KNOWN.into_iter().find(|oid| oid.octets() == name.content) {
                Some(oid @ oids::CRL_REASONS) => {
                    let reason = CrlReason::try_from(value.enumerated()?)?;
                    if self.revoked.reason.replace(reason).is_some() {
                        return Err(Error::DuplicateExtension { oid });
                    }
                    value.finish()?;
                }
                Some(oid) => {
                    let content = value.expect(Tag::GENERALIZED_TIME)?.content;
                    let date = der::generalized_time_from(content, Fraction::Refused)?;
                    if self.revoked.invalidity_date.replace(date).is_some() {
                        return Err(Error::DuplicateExtension { oid });
                    }
                    value.finish()?;
                }
                None => {
                    let oid = Oid::from_octets(name.content)
                        .map_err(|_| der::Error::InvalidValue { tag: name.tag })?;
                    if critical {
                        self.unknown_critical = Some(oid);
                    }
                }
            }
        }
        Ok(())
    }
}

const KNOWN: [Oid; 2] = [oids::CRL_REASONS, oids::INVALIDITY_DATE];
const REASONS: [CrlReason; 10] = [
    CrlReason::Unspecified,
    CrlReason::KeyCompromise,
    CrlReason::CaCompromise,
    CrlReason::AffiliationChanged,
    CrlReason::Superseded,
    CrlReason::CessationOfOperation,
    CrlReason::CertificateHold,
    CrlReason::RemoveFromCrl,
    CrlReason::PrivilegeWithdrawn,
    CrlReason::AaCompromise,
];
