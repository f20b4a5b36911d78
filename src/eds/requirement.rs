//! What a document asks of the certificate that signs it.

use crate::eds::Role;
use crate::eds::Subject;
use crate::eds::may_sign;
use crate::model::Bin;
use crate::model::Document;
use crate::model::Iin;

/// Who must have signed a document, as its data and its edition say. Signer and verifier ask the
/// same, so that nobody signs what would not verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The roles that may sign this form; without any, nobody may.
    pub roles: Vec<Role>,
    /// The organisation that signs; none when the document asks for no certain one.
    pub bin: Option<Bin>,
    /// The person who signs; none when the document asks for no certain one.
    pub iin: Option<Iin>,
}

/// How a certificate does not fit a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misfit {
    /// Its BIN is another one, or it has none.
    Bin {
        /// The BIN in the certificate.
        certificate: Option<String>,
        /// The BIN in the document.
        document: Bin,
    },
    /// Its IIN is another one, or it has none.
    Iin {
        /// The IIN in the document.
        document: Iin,
    },
    /// Its role may not sign this form, or it has none.
    Role {
        /// The role in the certificate.
        certificate: Option<Role>,
    },
}

impl Requirement {
    /// What a document asks; `roles` are the names of those that may sign it. A name that is no role
    /// lets nobody sign, and a form without a signer is signed by nobody, whatever its edition.
    #[must_use]
    pub fn of(document: &Document, roles: &[&str]) -> Self {
        let signer = document.required_signer();
        let roles = match signer {
            None => &[],
            Some(_) => roles,
        };
        Self {
            roles: roles.iter().filter_map(|name| name.parse().ok()).collect(),
            bin: signer.and_then(|signer| signer.bin).cloned(),
            iin: signer.and_then(|signer| signer.iin).cloned(),
        }
    }

    /// Everything in which the holder of a certificate does not fit; empty when they may sign.
    /// Numbers are compared as they stand: one with a wrong control digit fits nothing.
    #[must_use]
    pub fn misfits(&self, subject: &Subject) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        if may_sign(subject.role, &self.roles).is_err() {
            misfits.push(Misfit::Role {
                certificate: subject.role,
            });
        }
        let bin = subject.bin.as_ref().map(|bin| bin.as_str());
        if let Some(document) = &self.bin
            && bin != Some(document.as_str())
        {
            misfits.push(Misfit::Bin {
                certificate: bin.map(str::to_owned),
                document: document.clone(),
            });
        }
        if let Some(document) = &self.iin
            && subject.iin.as_ref().map(|iin| iin.as_str()) != Some(document.as_str())
        {
            misfits.push(Misfit::Iin {
                document: document.clone(),
            });
        }
        misfits
    }
}
