use thiserror::Error;
use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::Obsolete;
use crate::pki;
use crate::pki::BudgetExceeded;
use crate::pki::ocsp;
use crate::x509::CrlReason;
use crate::x509::Oid;
use crate::x509::ReasonFlags;

/// Why it is not proven that no certificate of a path was revoked.
///
/// `depth` counts from the end entity, which is 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RevocationError {
    /// The check was ended by a limit of the policy.
    #[error(transparent)]
    BudgetExceeded(#[from] BudgetExceeded),
    /// A certificate is revoked or on hold.
    #[error("the certificate at depth {depth} was revoked at {date}")]
    Revoked {
        /// Which certificate.
        depth: usize,
        /// revocationDate.
        date: OffsetDateTime,
        /// reasonCode, `None` when none is given.
        reason: Option<CrlReason>,
        /// invalidityDate.
        invalidity_date: Option<OffsetDateTime>,
    },
    /// The authority says that it never issued the certificate (RFC 6960 §2.2).
    #[error("the certificate at depth {depth} was never issued")]
    NeverIssued {
        /// Which certificate.
        depth: usize,
    },
    /// The responder of the authority does not know the certificate.
    #[error("the authority does not know the certificate at depth {depth}")]
    Unknown {
        /// Which certificate.
        depth: usize,
    },
    /// The current lists leave some reasons for revocation open.
    #[error("the revocation lists for depth {depth} do not cover all reasons")]
    ReasonsOpen {
        /// For which certificate.
        depth: usize,
        /// The reasons for which it is not revoked.
        covered: ReasonFlags,
    },
    /// The only sound lists were not current at the time.
    #[error("the revocation list for depth {depth} is of {this_update}")]
    Stale {
        /// For which certificate.
        depth: usize,
        /// When the newest of them was issued.
        this_update: OffsetDateTime,
        /// When the next one was due.
        next_update: Option<OffsetDateTime>,
    },
    /// Neither a list of the issuer nor an OCSP response is at hand.
    #[error("no revocation list and no OCSP response for depth {depth}")]
    Unavailable {
        /// For which certificate.
        depth: usize,
    },
    /// Whoever signed the list may not speak for the issuer, or did not sign it.
    #[error("the revocation list for depth {depth} cannot be trusted: {source}")]
    Untrusted {
        /// For which certificate.
        depth: usize,
        /// What is wrong with its signer.
        source: ListDistrust,
    },
    /// The list cannot say that this certificate is not revoked.
    #[error("the revocation list for depth {depth} is not usable: {source}")]
    Unusable {
        /// For which certificate.
        depth: usize,
        /// Why.
        source: Unusable,
    },
    /// The responder is revoked, or nothing says that it is not.
    #[error("the OCSP responder for depth {depth} may be revoked")]
    ResponderRevocation {
        /// For which certificate.
        depth: usize,
        /// What was found out about the responder's certificate, which has depth 0 there.
        source: Box<Self>,
    },
    /// The only OCSP response about the certificate proves nothing.
    #[error("the OCSP response for depth {depth} is not usable: {source}")]
    Response {
        /// For which certificate.
        depth: usize,
        /// Why.
        source: Box<ocsp::Error>,
    },
}

/// Why a list, sound in itself, cannot say that a certificate is not revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unusable {
    /// cRLNumber is marked critical (RFC 5280 §5.2.3).
    #[error("its cRLNumber is critical")]
    CriticalCrlNumber,
    /// It holds only changes since a complete list, which is missing (§5.2.4).
    #[error("it is a delta list without its base")]
    DeltaWithoutBase,
    /// It has no cRLNumber, which every authority has to write (§5.2.3).
    #[error("it has no cRLNumber")]
    NoCrlNumber,
    /// It does not say when the next one is due (§5.1.2.5).
    #[error("it has no nextUpdate")]
    NoNextUpdate,
    /// Another authority issues it for this point, and it does not say that it is indirect
    /// (§6.3.3 b 1).
    #[error("it is not indirect")]
    NotIndirect,
    /// It covers attribute certificates only (§5.2.5).
    #[error("it covers attribute certificates only")]
    OnlyAttributeCerts,
    /// It covers CAs only, and the certificate is of none (§6.3.3 b 2 iii).
    #[error("it covers CA certificates only")]
    OnlyCaCerts,
    /// It covers end entities only, and the certificate is a CA's (§6.3.3 b 2 ii).
    #[error("it covers user certificates only")]
    OnlyUserCerts,
    /// It serves other distribution points than the certificate names (§6.3.3 b 2 i).
    #[error("it serves another distribution point")]
    OtherDistributionPoint,
    /// Its reasons and those of the distribution point have none in common (§6.3.3 d).
    #[error("it covers other reasons than the distribution point")]
    OtherReasons,
    /// A critical extension is not understood (§5.2, §5.3).
    #[error("it has the unknown critical extension {oid}")]
    UnknownCriticalExtension {
        /// The extension, of the list or of an entry.
        oid: Oid,
    },
}

/// Why whoever signed a list cannot speak for the issuer of a certificate (RFC 5280 §6.3.3 f, g).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ListDistrust {
    /// Whether the signer is revoked would be said by a list that it signed itself.
    #[error("whether its signer is revoked, only that signer says")]
    Circle,
    /// The key of the signer may not sign lists: keyUsage without cRLSign.
    #[error("the key of its signer may not sign lists")]
    NoCrlSign,
    /// The algorithm or key of the signature no longer protected.
    #[error("its signature does not protect any more")]
    Obsolete(#[source] Obsolete),
    /// The signer was certified by an authority that is not above the issuer.
    #[error("its signer was certified by another authority")]
    OtherAuthority,
    /// No valid path leads from the signer to the anchor of the certificate in question.
    #[error("no path leads to its signer")]
    Path(#[source] Box<pki::Error>),
    /// The key did not sign the list, or the signature cannot be judged.
    #[error("its signature does not hold")]
    Signature(#[source] crypto::Error),
    /// The signer is revoked, or nothing says that it is not.
    #[error("its signer may be revoked")]
    SignerRevocation(#[source] Box<RevocationError>),
    /// No certificate at hand has the name of the signer.
    #[error("its signer is unknown")]
    SignerUnknown,
}

impl ListDistrust {
    /// How much the failure tells: of several signers the greatest is reported.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::SignerUnknown => 0,
            Self::Signature(_) => 1,
            Self::NoCrlSign => 2,
            Self::Obsolete(_) => 3,
            Self::OtherAuthority | Self::Circle => 4,
            Self::Path(_) => 5,
            Self::SignerRevocation(_) => 6,
        }
    }
}
