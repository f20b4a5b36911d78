//! May the holder of this certificate sign this document?

use crate::document::EmbeddedError;
use crate::eds::CertificateUse;
use crate::eds::Misfit;
use crate::eds::Requirement;
use crate::eds::Subject;
use crate::verify::reason::Reason;
use crate::verify::reason::ReasonCode;

/// Proof that the certificate is one for signing, and that its role, BIN and IIN fit the data in
/// the document, where there is any.
///
/// ```compile_fail,E0451
/// let proof = ruqsat::verify::AuthorityChecked { scope: ruqsat::verify::AuthorityScope::Full };
/// ```
#[derive(Debug, Clone)]
pub struct AuthorityChecked {
    scope: AuthorityScope,
}

/// What there was to check the signer's authority against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorityScope {
    /// BIN and IIN; the edition is not known here, and the role is one that another edition lets sign
    /// the form.
    Identity,
    /// Nothing: the file has no permit data.
    None,
    /// Role, BIN and IIN.
    Full,
}

/// What the options in the document say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignedMedium {
    /// A document for an electronic signature, or nothing is said.
    ForSigning,
    /// A draft, or a sheet that is signed by hand.
    NotForSigning,
}

impl AuthorityChecked {
    /// The only way to the proof.
    pub(crate) fn check(
        subject: &Subject,
        embedded: Result<Option<&(Requirement, AuthorityScope)>, &EmbeddedError>,
        medium: SignedMedium,
    ) -> Result<Self, Vec<Reason>> {
        let mut reasons = Vec::new();
        if subject.usage != CertificateUse::Signing {
            reasons.push(Reason::new(ReasonCode::WrongKeyUsage));
        }
        if medium == SignedMedium::NotForSigning {
            // Its own options say that nobody signs it so, and a draft is no document.
            reasons.push(Reason::new(ReasonCode::DataMismatch).with("field", "render.json"));
        }
        let scope = match embedded {
            Err(error) => {
                reasons.push(Reason::new(ReasonCode::DataMismatch).with("field", error.file()));
                AuthorityScope::None
            }
            Ok(None) => AuthorityScope::None,
            Ok(Some((requirement, scope))) => {
                reasons.extend(requirement.misfits(subject).iter().map(reason));
                *scope
            }
        };
        if reasons.is_empty() {
            Ok(Self { scope })
        } else {
            Err(reasons)
        }
    }

    /// What was checked.
    #[must_use]
    pub fn scope(&self) -> AuthorityScope {
        self.scope
    }
}

fn reason(misfit: &Misfit) -> Reason {
    match misfit {
        Misfit::Role { .. } => Reason::new(ReasonCode::SignerNoAuthority),
        Misfit::Bin {
            certificate,
            document,
        } => Reason::new(ReasonCode::BinMismatch)
            .with("bin_cert", certificate.as_deref().unwrap_or("—"))
            .with("bin_doc", document.to_string()),
        Misfit::Iin { .. } => Reason::new(ReasonCode::IinMismatch),
    }
}
