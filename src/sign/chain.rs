//! The signer's certificate with its issuers, complete up to the root.

use crate::crypto::SignatureVerifier;
use crate::sign::Refusal;
use crate::x509::Certificate;

/// A signer's certificate and the issuers that go into the signature: each signed the one before,
/// and the self-signed root is left out, since whoever checks has it.
#[derive(Debug, Clone)]
pub struct Chain {
    leaf: Certificate,
    issuers: Vec<Certificate>,
    root: Option<Certificate>,
}

impl Chain {
    /// Finds the issuers of a certificate among candidates.
    ///
    /// # Errors
    ///
    /// [`Refusal::ChainIncomplete`] when the issuer of the certificate is not among them. A chain
    /// that ends in an authority below a root which is not at hand is complete.
    pub fn complete(
        leaf: Certificate,
        candidates: &[Certificate],
        verifier: &dyn SignatureVerifier,
    ) -> Result<Self, Refusal> {
        let mut chain = Self {
            leaf,
            issuers: Vec::new(),
            root: None,
        };
        while let Some(issuer) = chain.issuer_of_last(candidates, verifier) {
            if issuer.is_self_issued() {
                chain.root = Some(issuer);
                return Ok(chain);
            }
            if chain.issuers.len() == MAX_ISSUERS {
                break;
            }
            chain.issuers.push(issuer);
        }
        if chain.issuers.is_empty() {
            let issuer = chain.leaf.issuer().to_string();
            return Err(Refusal::ChainIncomplete { issuer });
        }
        Ok(chain)
    }

    /// The signer's certificate.
    #[must_use]
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The issuers between it and the root, nearest first.
    #[must_use]
    pub fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }

    /// Every certificate with the one that issued it, as far as that is at hand.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        let all = std::iter::once(&self.leaf).chain(&self.issuers);
        all.zip(self.issuers.iter().chain(&self.root))
    }

    fn issuer_of_last(
        &self,
        candidates: &[Certificate],
        verifier: &dyn SignatureVerifier,
    ) -> Option<Certificate> {
        let last = self.issuers.last().unwrap_or(&self.leaf);
        candidates
            .iter()
            .filter(|candidate| candidate.as_der() != last.as_der())
            .filter(|candidate| candidate.subject() == last.issuer())
            .find(|candidate| {
                let key = candidate.subject_public_key();
                key.is_ok_and(|key| last.verify_signature(&key, verifier).is_ok())
            })
            .cloned()
    }
}

/// No national chain is longer than two; more is a circle.
const MAX_ISSUERS: usize = 8;
