use crate::crypto;
use crate::crypto::Oid;
use crate::x509;
use crate::x509::der;

/// Why a message is not a signature by the certificate it names, over the content at hand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The algorithms are not those that the signer put under protection (RFC 6211 §2).
    #[error("the algorithms are not those of the attribute cms-algorithm-protection")]
    AlgorithmProtectionMismatch,
    /// The content is itself what signed attributes are, so that a signature over it would be one of
    /// another message, too.
    #[error("the content could be the signed attributes of another message")]
    AmbiguousContent,
    /// An attribute has no value, or several where exactly one may stand.
    #[error("attribute {attribute} has {count} values, not one")]
    AttributeValues {
        /// The attribute.
        attribute: Oid,
        /// How many values it has.
        count: usize,
    },
    /// The signed attributes are not in DER: a signature covers their DER only (RFC 5652 §5.4).
    #[error("the signed attributes are not in DER")]
    AttributesNotDer,
    /// The signature does not verify with the signer's key over the signed attributes.
    #[error("the signature does not verify")]
    BadSignature,
    /// An embedded certificate cannot be read.
    #[error("embedded certificate {index} cannot be read")]
    Certificate {
        /// Which one, from 0.
        index: usize,
        /// Why.
        source: x509::Error,
    },
    /// The attribute content-type is not the type of the content (RFC 5652 §11.1).
    #[error("attribute content-type is {attribute}, the content is {content}")]
    ContentTypeMismatch {
        /// What the attribute says.
        attribute: Oid,
        /// The type of the content.
        content: Oid,
    },
    /// The structure is not that of RFC 5652.
    #[error("the message is malformed")]
    Der(#[from] der::Error),
    /// `digestAlgorithms` is not the set of those that the signers use.
    #[error("the digest algorithms are not those of the signers")]
    DigestAlgorithms,
    /// The signature algorithm takes another digest than the one named beside it.
    #[error("digest {digest} with signature algorithm {signature}")]
    DigestOfSignature {
        /// The digest algorithm.
        digest: Oid,
        /// The signature algorithm.
        signature: Oid,
    },
    /// An attribute stands twice.
    #[error("attribute {attribute} stands twice")]
    DuplicateAttribute {
        /// The attribute.
        attribute: Oid,
    },
    /// The content stands inside a signature that is detached, or whose content is given beside it.
    #[error("a detached signature holds {length} bytes of content")]
    EncapsulatedContent {
        /// How many bytes.
        length: usize,
    },
    /// The message digest is not that of the content: the content was changed.
    #[error("the message digest is not that of the content")]
    MessageDigestMismatch,
    /// An attribute that every signature has is absent.
    #[error("attribute {attribute} is absent")]
    MissingAttribute {
        /// The attribute.
        attribute: Oid,
    },
    /// A name inside cannot be read.
    #[error("a name is malformed")]
    Name(#[source] x509::Error),
    /// The content stands neither inside the message nor at hand.
    #[error("the content is not at hand")]
    NoContent,
    /// There are no signed attributes at all.
    #[error("there are no signed attributes")]
    NoSignedAttributes,
    /// The signature does not say, under its protection, which certificate it was made with.
    #[error("attribute signing-certificate is absent")]
    NoSigningCertificate,
    /// The type of the message is not id-signedData.
    #[error("the message is of type {content_type}, not signed-data")]
    NotSignedData {
        /// Its type.
        content_type: Oid,
    },
    /// The content of a time-stamp token is no `TSTInfo`.
    #[error("the content is of type {content_type}, no TSTInfo")]
    NotTstInfo {
        /// Its type.
        content_type: Oid,
    },
    /// Another number of signers than one.
    #[error("there are {count} signers, not one")]
    SignerCount {
        /// How many.
        count: usize,
    },
    /// No certificate at hand is the one that the signature names.
    #[error("the certificate of the signer is not at hand")]
    SignerCertificateMissing,
    /// The identifier of the signer names another certificate.
    #[error("the identifier of the signer names another certificate")]
    SignerIdentifierMismatch,
    /// The attribute signing-certificate names another certificate.
    #[error("attribute signing-certificate names another certificate")]
    SigningCertificateMismatch,
    /// The authority made no time-stamp.
    #[error("no time-stamp, status {status}: {text}")]
    TimeStampRefused {
        /// PKIStatus (RFC 3161 §2.4.2), 2 and above.
        status: u64,
        /// The first bit of PKIFailureInfo.
        failure: Option<usize>,
        /// What the authority says about it, not to be trusted.
        text: String,
    },
    /// More embedded objects than any signature needs.
    #[error("{count} embedded {kind}, more than {limit}")]
    TooMany {
        /// Of what.
        kind: &'static str,
        /// How many.
        count: usize,
        /// How many are read.
        limit: usize,
    },
    /// The signature could not be judged.
    #[error("the signature cannot be judged")]
    Unjudged(#[source] crypto::Error),
    /// An embedded certificate of a kind that X.509 certificates are not.
    #[error("embedded certificate of another kind than X.509, tag {tag}")]
    UnsupportedCertificate {
        /// Its tag.
        tag: der::Tag,
    },
    /// The digest algorithm is not known.
    #[error("digest algorithm {algorithm} is not supported")]
    UnsupportedDigest {
        /// The algorithm.
        algorithm: Oid,
    },
    /// No signature is made with this algorithm here.
    #[error("signatures with {algorithm} are not made")]
    UnsupportedSigning {
        /// The algorithm.
        algorithm: Oid,
    },
    /// A version is not the one that RFC 5652 §5.1 or §5.3 prescribes for the content.
    #[error("{structure} has version {found}, not {expected}")]
    Version {
        /// `SignedData` or `SignerInfo`.
        structure: &'static str,
        /// The version it must have.
        expected: u64,
        /// The version it has.
        found: u64,
    },
    /// The parameters of an algorithm are not what its standard prescribes.
    #[error("algorithm {algorithm} has wrong parameters")]
    WrongParameters {
        /// The algorithm.
        algorithm: Oid,
    },
}

impl Error {
    /// Whether the fact is that the signer's certificate is not reliably named, rather than that
    /// something was changed.
    pub fn is_about_identity(&self) -> bool {
        matches!(
            self,
            Self::NoSigningCertificate
                | Self::SignerCertificateMissing
                | Self::SignerIdentifierMismatch
                | Self::SigningCertificateMismatch
        )
    }
}
