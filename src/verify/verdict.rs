//! The verdict on one signature: `valid` is made of proofs, the other two of reasons.

use crate::pki::NotRevoked;
use crate::pki::ValidatedPath;
use crate::verify::authority::AuthorityChecked;
use crate::verify::integrity::Intact;
use crate::verify::reason::Reason;
use crate::verify::reason::Status;
use crate::verify::validity::InForce;

/// What is known of one signature (ETSI EN 319 102-1 §5.1.3).
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Every check left its proof.
    Valid(Valid),
    /// Something could not be found out; nothing speaks against the signature.
    Indeterminate(Reasons),
    /// Something speaks against the signature.
    Invalid(Reasons),
}

impl Verdict {
    /// The verdict that reasons against a signature amount to: invalid when one of them is, else
    /// indeterminate, and never valid. What could not be found out is dropped beside what is known
    /// to be wrong.
    #[must_use]
    pub(crate) fn against(mut reasons: Vec<Reason>) -> Self {
        reasons.sort_by_key(|reason| reason.code);
        reasons.dedup();
        let invalid = reasons
            .iter()
            .any(|reason| reason.code.status() == Status::Invalid);
        if invalid {
            reasons.retain(|reason| reason.code.status() == Status::Invalid);
            return Self::Invalid(Reasons(reasons));
        }
        Self::Indeterminate(Reasons(reasons))
    }

    /// The bare outcome.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Valid(_) => Status::Valid,
            Self::Indeterminate(_) => Status::Indeterminate,
            Self::Invalid(_) => Status::Invalid,
        }
    }

    /// Why it is not valid, gravest first; empty for a valid signature.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Valid(_) => &[],
            Self::Indeterminate(reasons) | Self::Invalid(reasons) => &reasons.0,
        }
    }
}

/// Reasons, gravest first.
#[derive(Debug, Clone)]
pub struct Reasons(Vec<Reason>);

/// A valid signature: the proofs of all checks, none of which can be made anywhere but in its
/// check.
///
/// ```
/// # use ruqsat::pki::{NotRevoked, ValidatedPath};
/// # use ruqsat::verify::{AuthorityChecked, InForce, Intact, Valid};
/// fn all(a: Intact, b: ValidatedPath, c: NotRevoked, d: InForce, e: AuthorityChecked) -> Valid {
///     Valid::new(a, b, c, d, e)
/// }
/// ```
///
/// Leaving one out does not compile:
///
/// ```compile_fail,E0061
/// # use ruqsat::pki::{NotRevoked, ValidatedPath};
/// # use ruqsat::verify::{AuthorityChecked, InForce, Intact, Valid};
/// fn without_time(a: Intact, b: ValidatedPath, c: NotRevoked, e: AuthorityChecked) -> Valid {
///     Valid::new(a, b, c, e)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Valid {
    integrity: Intact,
    path: ValidatedPath,
    revocation: NotRevoked,
    time: InForce,
    authority: AuthorityChecked,
}

impl Valid {
    /// The only way to a valid verdict.
    #[must_use]
    pub fn new(
        integrity: Intact,
        path: ValidatedPath,
        revocation: NotRevoked,
        time: InForce,
        authority: AuthorityChecked,
    ) -> Self {
        Self {
            integrity,
            path,
            revocation,
            time,
            authority,
        }
    }

    /// The signed bytes are the file's bytes.
    #[must_use]
    pub fn integrity(&self) -> &Intact {
        &self.integrity
    }

    /// From the signer's certificate to the anchor.
    #[must_use]
    pub fn path(&self) -> &ValidatedPath {
        &self.path
    }

    /// No certificate of the path is revoked.
    #[must_use]
    pub fn revocation(&self) -> &NotRevoked {
        &self.revocation
    }

    /// The certificate was in force.
    #[must_use]
    pub fn time(&self) -> &InForce {
        &self.time
    }

    /// The signer may sign this document, or it has no data to ask that of.
    #[must_use]
    pub fn authority(&self) -> &AuthorityChecked {
        &self.authority
    }
}
