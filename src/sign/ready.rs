//! A document that waits for its signature.

use time::OffsetDateTime;

use crate::cms::ToBeSigned;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::Signer;
use crate::document::SignerRoles;
use crate::model::Document;
use crate::pdf::Limits;
use crate::pdf::Pdf;
use crate::pdf::PreparedSignature;
use crate::pdf::SignatureDictionary;
use crate::pdf::prepare_signature;
use crate::sign::Chain;
use crate::sign::Error;
use crate::sign::Preflight;
use crate::sign::preflight::Situation;
use crate::x509::CertificateList;

/// How to sign.
#[derive(Clone, Copy)]
pub struct SignOptions<'a> {
    /// What `/M` says, and the time for which the certificate is checked.
    pub signing_time: OffsetDateTime,
    /// Revocation lists to ask first; none leaves revocation unchecked.
    pub lists: Option<&'a [CertificateList]>,
    /// The permit of which the caller has just made this electronic document; its data is then not
    /// read back from the file. None for a file from elsewhere.
    pub made_of: Option<&'a Document>,
    /// Who may sign which form.
    pub signer_roles: &'a SignerRoles,
    /// The algorithms, to check lists with.
    pub verifier: &'a dyn SignatureVerifier,
}

/// A document with everything in place but the signature value.
#[derive(Debug)]
pub struct ReadyToSign {
    prepared: PreparedSignature,
    chain: Chain,
    preflight: Preflight,
}

/// Checks that this certificate may sign this document now, and fixes everything that the signature
/// will cover: an incremental update with a certification that permits no change (DocMDP P=1).
///
/// # Errors
///
/// [`Error::Refused`] when the signature would not verify or the document must not be signed;
/// [`Error::RevocationList`] when the given lists do not answer; [`Error::Pdf`] when the file cannot
/// be read.
pub fn prepare(pdf: &[u8], chain: &Chain, options: &SignOptions<'_>) -> Result<ReadyToSign, Error> {
    let situation = Situation {
        pdf: &Pdf::open(pdf, &Limits::default())?,
        chain,
        made_of: options.made_of,
        signer_roles: options.signer_roles,
        lists: options.lists,
        time: options.signing_time,
        verifier: options.verifier,
    };
    let preflight = situation.check()?;
    let dictionary = SignatureDictionary {
        signing_time: options.signing_time,
        reason: None,
        name: Some(preflight.signer.clone()),
        doc_mdp: Some(NO_CHANGES),
        capacity: capacity(chain),
    };
    let prepared = prepare_signature(pdf, &dictionary)?;
    Ok(ReadyToSign {
        prepared,
        chain: chain.clone(),
        preflight,
    })
}

impl ReadyToSign {
    /// What was found before signing.
    #[must_use]
    pub fn preflight(&self) -> &Preflight {
        &self.preflight
    }

    /// The two stretches of the file that the signature covers (its ByteRange).
    #[must_use]
    pub fn signed_bytes(&self) -> [&[u8]; 2] {
        self.prepared.signed_bytes()
    }

    /// What a key elsewhere must sign: the signed attributes. Their signature goes to
    /// [`ToBeSigned::assemble`] with [`Chain::issuers`], and the result to [`ReadyToSign::embed`].
    ///
    /// # Errors
    ///
    /// [`Error::Cms`] for an algorithm that no signature is made with here.
    pub fn to_be_signed(&self, algorithm: SignatureAlgorithm) -> Result<ToBeSigned, Error> {
        let digest = ToBeSigned::digest_algorithm(algorithm)?.digest_parts(&self.signed_bytes());
        Ok(ToBeSigned::new(&digest, algorithm, self.chain.leaf())?)
    }

    /// Signs with a key at hand.
    ///
    /// # Errors
    ///
    /// [`Error::Crypto`] when the key fails, or is not that of the certificate.
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
        if signer.subject_public_key() != self.chain.leaf().subject_public_key_octets() {
            return Err(crate::crypto::Error::KeyMismatch.into());
        }
        let attributes = self.to_be_signed(signer.algorithm())?;
        let signature = signer.sign(attributes.as_bytes())?;
        Ok(attributes.assemble(&signature, self.chain.issuers()))
    }

    /// Puts the CMS into its place: the signed file.
    ///
    /// # Errors
    ///
    /// [`Error::Pdf`] when it does not fit.
    pub fn embed(self, cms: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.prepared.embed(cms)?)
    }
}

/// Bytes to keep for the CMS: the certificates, and enough for attributes and signature value.
fn capacity(chain: &Chain) -> usize {
    let certificates = std::iter::once(chain.leaf()).chain(chain.issuers());
    certificates
        .map(|certificate| certificate.as_der().len())
        .sum::<usize>()
        + CMS_OVERHEAD
}

/// Attributes, algorithm identifiers and an RSA-8192 signature take less.
const CMS_OVERHEAD: usize = 2048;
/// DocMDP P=1 (ISO 32000-1 table 254): a permit is never changed, it is issued again.
const NO_CHANGES: u8 = 1;
