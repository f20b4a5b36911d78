//! The status of a certificate at a time, as its authority knows it.

use std::fmt;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ca::Revocation;
use crate::x509::Certificate;
use crate::x509::CrlReason;

/// What an authority says of a certificate of its own at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its validity is over.
    Expired {
        /// Last instant of the validity.
        since: OffsetDateTime,
    },
    /// Suspended.
    Held {
        /// When it was suspended.
        since: OffsetDateTime,
    },
    /// Its validity has not begun.
    NotYetValid {
        /// First instant of the validity.
        from: OffsetDateTime,
    },
    /// Revoked for good.
    Revoked {
        /// When it was revoked.
        since: OffsetDateTime,
        /// Why.
        reason: CrlReason,
    },
    /// None of these.
    Valid {
        /// Last instant of the validity.
        until: OffsetDateTime,
    },
}

impl Status {
    /// The status at `now` of a certificate with this revocation, if there is one. A revocation
    /// tells more than the end of the validity.
    pub(super) fn of(
        certificate: &Certificate,
        revocation: Option<&Revocation>,
        now: OffsetDateTime,
    ) -> Self {
        match revocation.filter(|revocation| revocation.at <= now) {
            Some(hold) if hold.is_hold() => Self::Held { since: hold.at },
            Some(revocation) => Self::Revoked {
                since: revocation.at,
                reason: revocation.reason,
            },
            None if certificate.is_not_yet_valid(now) => Self::NotYetValid {
                from: certificate.not_before(),
            },
            None if certificate.has_expired(now) => Self::Expired {
                since: certificate.not_after(),
            },
            None => Self::Valid {
                until: certificate.not_after(),
            },
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, time) = match self {
            Self::Expired { since } => ("expired since", since),
            Self::Held { since } => ("held since", since),
            Self::NotYetValid { from } => ("not valid before", from),
            Self::Revoked { since, .. } => ("revoked since", since),
            Self::Valid { until } => ("valid until", until),
        };
        write!(f, "{words} {}", time.format(&Rfc3339).unwrap_or_default())?;
        match self {
            Self::Revoked { reason, .. } => write!(f, " ({reason})"),
            _ => Ok(()),
        }
    }
}
