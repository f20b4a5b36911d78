//! Is the file what was signed, with the key of the certificate that the signature names?

use crate::cms;
use crate::cms::SignedAttributes;
use crate::cms::SignedData;
use crate::cms::SignerInfo;
use crate::cms::SigningCertificate;
use crate::cms::VerifiedSignerInfo;
use crate::crypto;
use crate::crypto::PublicKeyAlgorithm;
use crate::pdf;
use crate::pdf::Changes;
use crate::pdf::Coverage;
use crate::pdf::Pdf;
use crate::pdf::Signature;
use crate::verify::reason::Reason;
use crate::verify::reason::ReasonCode;
use crate::verify::report::CoverageFacts;
use crate::verify::signature::Context;
use crate::x509::Certificate;

/// Proof that the whole file is accounted for, that its signed bytes are those that were signed,
/// and that the key of the named certificate signed them.
///
/// ```compile_fail,E0451
/// # use ruqsat::cms::VerifiedSignerInfo;
/// # use ruqsat::verify::{CoverageFacts, Intact};
/// fn forged(signer: VerifiedSignerInfo) -> Intact {
///     Intact { coverage: CoverageFacts::WholeDocument, signer }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Intact {
    coverage: CoverageFacts,
    signer: VerifiedSignerInfo,
}

impl Intact {
    /// The only way to the proof: every byte of the file, then the signature over them.
    pub(crate) fn check(
        context: &Context<'_>,
        signature: &Signature,
        covered: &Result<Covered, Reason>,
        signer_info: &SignerInfo<'_>,
        certificate: &Certificate,
    ) -> Result<Self, Vec<Reason>> {
        let signed = signed(context, signature, signer_info, certificate);
        match (covered, signed) {
            (Ok(covered), Ok(signer)) => Ok(Self {
                coverage: covered.0,
                signer,
            }),
            (covered, signed) => {
                let covered = covered.as_ref().err().cloned();
                Err(covered.into_iter().chain(signed.err()).collect())
            }
        }
    }

    /// What part of the file the signature itself covers.
    #[must_use]
    pub fn coverage(&self) -> CoverageFacts {
        self.coverage
    }

    /// The verified signature.
    #[must_use]
    pub fn signer(&self) -> &VerifiedSignerInfo {
        &self.signer
    }
}

/// The whole file is accounted for: by the signature, or by it and permitted updates.
#[derive(Debug)]
pub(crate) struct Covered(CoverageFacts);

impl Covered {
    /// What part of the file the byte range covers, and whether only permitted updates follow
    /// (ISO 32000-1 12.8.1, 12.8.2.2).
    pub(crate) fn check(pdf: &Pdf<'_>, signature: &Signature) -> Result<Self, Reason> {
        coverage(pdf, signature).map(Self)
    }

    /// What part the signature itself covers.
    pub(crate) fn facts(&self) -> CoverageFacts {
        self.0
    }
}

fn coverage(pdf: &Pdf<'_>, signature: &Signature) -> Result<CoverageFacts, Reason> {
    match signature.coverage() {
        Coverage::Whole => Ok(CoverageFacts::WholeDocument),
        Coverage::Revision { .. } => match signature.changes_after(pdf) {
            Ok(Changes::None | Changes::Evidence) => Ok(CoverageFacts::EarlierRevision),
            // Others may sign after an approval, or after a certification that permits it. Which
            // fields a FieldMDP locks is not read here, so it permits none.
            Ok(Changes::Signed)
                if signature.doc_mdp != Some(NO_CHANGES) && !signature.field_mdp =>
            {
                Ok(CoverageFacts::EarlierRevision)
            }
            Err(pdf::Error::LimitReached(_)) => Err(Reason::new(ReasonCode::CheckLimitReached)),
            _ => Err(Reason::new(ReasonCode::UnsignedChanges)),
        },
        _ => Err(Reason::new(ReasonCode::PartialCoverage)),
    }
}

fn signed(
    context: &Context<'_>,
    signature: &Signature,
    signer_info: &SignerInfo<'_>,
    certificate: &Certificate,
) -> Result<VerifiedSignerInfo, Reason> {
    let parts = signature
        .signed_bytes(context.pdf.bytes())
        .ok_or_else(|| Reason::new(ReasonCode::PartialCoverage))?;
    let digest = signer_info
        .digest_algorithm()
        .map_err(|error| reason(&error))?;
    let digest = digest.digest_parts(&parts);
    // A changed document is told as such, also where the signature itself cannot be judged.
    let attributes = signer_info
        .signed_attributes()
        .map_err(|error| reason(&error))?;
    if attributes.message_digest() != digest {
        return Err(Reason::new(ReasonCode::DocAltered));
    }
    let signer = signer_info
        .verify(certificate, &digest, context.policy.verifier)
        .map_err(|error| reason(&error))?;
    protected(context, &signer, &attributes)?;
    Ok(signer)
}

/// Whether nobody else could have made the signature, or a certificate with the digest that it
/// names, at the time of checking.
fn protected(
    context: &Context<'_>,
    signer: &VerifiedSignerInfo,
    attributes: &SignedAttributes<'_>,
) -> Result<(), Reason> {
    let algorithms = &context.policy.path.algorithms;
    let key = signer.certificate().subject_public_key();
    let key = key.map_err(|error| algorithm_reason(&error))?;
    algorithms
        .check(signer.algorithm(), &key, context.at)
        .map_err(|obsolete| match obsolete.bits {
            Some(bits) => weak(format!("{}, {bits} bit", obsolete.algorithm)),
            None => weak(obsolete.algorithm.to_string()),
        })?;
    let reference = attributes.signing_certificate();
    let Some(digest) = reference.map(SigningCertificate::digest_algorithm) else {
        return Ok(());
    };
    algorithms
        .check_digest(digest.oid(), context.at)
        .map_err(|_| weak(digest.to_string()))
}

fn weak(algorithm: String) -> Reason {
    Reason::new(ReasonCode::WeakAlgorithm).with("alg", algorithm)
}

/// Reads the CMS in `/Contents`: the padding behind it must be zeros, or it could say anything.
pub(crate) fn read(contents: &[u8]) -> Result<SignedData<'_>, Reason> {
    let (signed_data, padding) = SignedData::parse(contents).map_err(|error| reason(&error))?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(Reason::new(ReasonCode::SignatureUnreadable));
    }
    Ok(signed_data)
}

/// What a fact about the CMS makes of the signature.
pub(crate) fn reason(error: &cms::Error) -> Reason {
    match error {
        cms::Error::MessageDigestMismatch => Reason::new(ReasonCode::DocAltered),
        cms::Error::BadSignature => Reason::new(ReasonCode::SignatureBroken),
        cms::Error::Unjudged(error) => algorithm_reason(error),
        cms::Error::UnsupportedDigest { algorithm } => unsupported(algorithm),
        error if error.is_about_identity() => Reason::new(ReasonCode::SignerCertUnidentified),
        _ => Reason::new(ReasonCode::SignatureUnreadable),
    }
}

/// An algorithm that cannot be judged is neither valid nor forged; an RSA key too short to protect
/// is called weak.
pub(crate) fn algorithm_reason(error: &crypto::Error) -> Reason {
    match error {
        crypto::Error::UnsupportedKey { algorithm, bits }
            if *algorithm == PublicKeyAlgorithm::Rsa.oid() && (1..MIN_RSA_BITS).contains(bits) =>
        {
            weak(format!("RSA-{bits}"))
        }
        other => unsupported(other),
    }
}

fn unsupported(what: &impl std::fmt::Display) -> Reason {
    Reason::new(ReasonCode::AlgorithmUnsupported).with("alg", what.to_string())
}

/// What ring verifies at least.
const MIN_RSA_BITS: usize = 2048;
/// DocMDP P=1 (ISO 32000-1 table 254).
const NO_CHANGES: u8 = 1;
