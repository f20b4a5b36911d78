//! ECDSA (FIPS 186-5 §6) for the curves and digests that ring does not join, by RustCrypto.

use p256::ecdsa::signature::hazmat::PrehashVerifier;

use crate::crypto::Error;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SubjectPublicKey;
use crate::crypto::tlv;

/// Verifies a signature over a message with this digest; a digest longer than the order of the
/// curve is cut to its first bits.
pub(super) fn verify(
    key: &SubjectPublicKey<'_>,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    match key.algorithm {
        PublicKeyAlgorithm::P256 => judge(
            p256::ecdsa::VerifyingKey::from_sec1_bytes(key.octets).ok(),
            digest,
            fixed(signature, 32).and_then(|it| p256::ecdsa::Signature::from_slice(&it).ok()),
        ),
        PublicKeyAlgorithm::P384 => judge(
            p384::ecdsa::VerifyingKey::from_sec1_bytes(key.octets).ok(),
            digest,
            fixed(signature, 48).and_then(|it| p384::ecdsa::Signature::from_slice(&it).ok()),
        ),
        PublicKeyAlgorithm::P521 => judge(
            p521::ecdsa::VerifyingKey::from_sec1_bytes(key.octets).ok(),
            digest,
            fixed(signature, 66).and_then(|it| p521::ecdsa::Signature::from_slice(&it).ok()),
        ),
        _ => None,
    }
    .ok_or_else(|| key.unsupported())?
}

/// Whether the key is a point of its curve, `None` for keys that are no points.
pub(super) fn is_on_curve(key: &SubjectPublicKey<'_>) -> Option<bool> {
    match key.algorithm {
        PublicKeyAlgorithm::P256 => Some(p256::PublicKey::from_sec1_bytes(key.octets).is_ok()),
        PublicKeyAlgorithm::P384 => Some(p384::PublicKey::from_sec1_bytes(key.octets).is_ok()),
        PublicKeyAlgorithm::P521 => Some(p521::PublicKey::from_sec1_bytes(key.octets).is_ok()),
        _ => None,
    }
}

/// `None` when the key is not a point of its curve, so that the signature cannot be judged.
fn judge<S>(
    key: Option<impl PrehashVerifier<S>>,
    digest: &[u8],
    signature: Option<S>,
) -> Option<Result<(), Error>> {
    let key = key?;
    let verified = signature.is_some_and(|it| key.verify_prehash(digest, &it).is_ok());
    Some(if verified {
        Ok(())
    } else {
        Err(Error::BadSignature)
    })
}

/// An Ecdsa-Sig-Value in DER (RFC 3279 §2.2.3) as its two numbers of `length` octets.
fn fixed(signature: &[u8], length: usize) -> Option<Vec<u8>> {
    let (sequence, []) = tlv::take(signature, tlv::SEQUENCE)? else {
        return None;
    };
    let (r, rest) = tlv::take(sequence, tlv::INTEGER)?;
    let (s, []) = tlv::take(rest, tlv::INTEGER)? else {
        return None;
    };
    let mut joined = Vec::with_capacity(2 * length);
    for number in [r, s] {
        let number = tlv::positive(number)?;
        let padding = length.checked_sub(number.len())?;
        joined.resize(joined.len() + padding, 0);
        joined.extend_from_slice(number);
    }
    Some(joined)
}
