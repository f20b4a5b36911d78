//! Making a signature in two steps: the attributes to be signed, then the message around them.

use crate::cms::Error;
use crate::cms::oid;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::SignatureAlgorithm;
use crate::x509::Certificate;
use crate::x509::der;
use crate::x509::der::Tag;

/// The signed attributes of a detached CAdES baseline signature for PAdES, before the key is used
/// (ETSI EN 319 122-1 §5, EN 319 142-1 §6.3).
///
/// They are content-type, message-digest, signing-certificate-v2 and cms-algorithm-protection. The
/// last one keeps the algorithm identifiers, which stand outside the signature, from being changed:
/// `rsaEncryption` and `sha256WithRSAEncryption` differ in one bit pattern and verify alike. There
/// is no signing-time: in PDF the signature dictionary tells it.
#[derive(Clone, Debug)]
pub struct ToBeSigned {
    attributes: Vec<u8>,
    digest: DigestAlgorithm,
    algorithm: SignatureAlgorithm,
    leaf: Certificate,
}

impl ToBeSigned {
    /// The attributes for a signature by the key of `leaf`.
    ///
    /// `content_digest` is the digest of the content by [`ToBeSigned::digest_algorithm`] of the
    /// same signature algorithm.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedSigning`] for algorithms whose identifier is not written here, and weak
    /// ones.
    pub fn new(
        content_digest: &[u8],
        algorithm: SignatureAlgorithm,
        leaf: &Certificate,
    ) -> Result<Self, Error> {
        let digest = Self::digest_algorithm(algorithm)?;
        let attributes = [
            attribute(&oid::CONTENT_TYPE, &der::oid(&oid::DATA)),
            attribute(&oid::MESSAGE_DIGEST, &der::octet_string(content_digest)),
            attribute(&oid::SIGNING_CERTIFICATE_V2, &signing_certificate_v2(leaf)),
            attribute(
                &oid::CMS_ALGORITHM_PROTECTION,
                &algorithm_protection(digest, algorithm),
            ),
        ];
        Ok(Self {
            attributes: der::set_of(&attributes),
            digest,
            algorithm,
            leaf: leaf.clone(),
        })
    }

    /// The digest algorithm of the content that goes with a signature algorithm.
    ///
    /// # Errors
    ///
    /// As [`ToBeSigned::new`].
    pub fn digest_algorithm(algorithm: SignatureAlgorithm) -> Result<DigestAlgorithm, Error> {
        match algorithm {
            SignatureAlgorithm::EcdsaSha256
            | SignatureAlgorithm::EcdsaSha384
            | SignatureAlgorithm::EcdsaSha512
            | SignatureAlgorithm::RsaPkcs1Sha256
            | SignatureAlgorithm::RsaPkcs1Sha384
            | SignatureAlgorithm::RsaPkcs1Sha512
            | SignatureAlgorithm::Ed25519 => {
                // RFC 8419 §2.3 for Ed25519.
                Ok(algorithm.digest().unwrap_or(DigestAlgorithm::Sha512))
            }
            _ => Err(Error::UnsupportedSigning {
                algorithm: algorithm.oid(),
            }),
        }
    }

    /// The message for the key: the attributes as SET OF (RFC 5652 §5.4).
    pub fn as_bytes(&self) -> &[u8] {
        &self.attributes
    }

    /// The `ContentInfo` in DER around a signature value, with the signer's certificate and those
    /// of issuers. Nothing is verified here.
    pub fn assemble(&self, signature: &[u8], issuers: &[Certificate]) -> Vec<u8> {
        let mut certificates: Vec<&[u8]> = issuers.iter().map(Certificate::as_der).collect();
        certificates.push(self.leaf.as_der());
        certificates.sort_unstable();
        certificates.dedup();
        let digest = der::algorithm_identifier(&self.digest.oid(), None);
        let signed_data = der::sequence(&[
            der::unsigned(1),
            der::set_of(&[&digest]),
            der::sequence(&[der::oid(&oid::DATA)]),
            der::context(0, &certificates.concat()),
            der::set_of(&[signer_info(
                &self.attributes,
                self.digest,
                self.algorithm,
                signature,
                &self.leaf,
            )]),
        ]);
        der::sequence(&[der::oid(&oid::SIGNED_DATA), der::context(0, &signed_data)])
    }
}

/// `SignerInfo` around a signature over the attributes, a SET OF in DER.
pub(super) fn signer_info(
    attributes: &[u8],
    digest: DigestAlgorithm,
    algorithm: SignatureAlgorithm,
    signature: &[u8],
    leaf: &Certificate,
) -> Vec<u8> {
    let mut signed_attributes = attributes.to_vec();
    if let Some(tag) = signed_attributes.first_mut() {
        *tag = Tag::context(0).0;
    }
    der::sequence(&[
        der::unsigned(1),
        issuer_and_serial_number(leaf),
        der::algorithm_identifier(&digest.oid(), None),
        signed_attributes,
        der::signature_algorithm(algorithm),
        der::octet_string(signature),
    ])
}

pub(super) fn attribute(attribute: &Oid, value: &[u8]) -> Vec<u8> {
    der::sequence(&[der::oid(attribute), der::set_of(&[value])])
}

/// `ESSCertIDv2` with SHA-256, which DER leaves out as the default, and without the optional
/// issuerSerial: the digest names the certificate already (RFC 5035 §4).
pub(super) fn signing_certificate_v2(leaf: &Certificate) -> Vec<u8> {
    let digest = DigestAlgorithm::Sha256.digest(leaf.as_der());
    let identifier = der::sequence(&[der::octet_string(&digest)]);
    der::sequence(&[der::sequence(&[identifier])])
}

fn algorithm_protection(digest: DigestAlgorithm, algorithm: SignatureAlgorithm) -> Vec<u8> {
    let mut signature = der::signature_algorithm(algorithm);
    if let Some(tag) = signature.first_mut() {
        *tag = Tag::context(1).0;
    }
    der::sequence(&[der::algorithm_identifier(&digest.oid(), None), signature])
}

fn issuer_and_serial_number(leaf: &Certificate) -> Vec<u8> {
    let serial = der::tlv(Tag::INTEGER, leaf.serial().as_bytes());
    der::sequence(&[leaf.issuer().as_der(), &serial])
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::ca::Authority;
    use crate::ca::test_request::individual;
    use crate::cms::SignedData;
    use crate::cms::forge::random;
    use crate::crypto::Provider;
    use crate::crypto::Signer;
    use crate::keys::Identity;
    use crate::keys::KeyAlgorithm;
    use crate::keys::PrivateKey;

    const CONTENT: &[u8] = b"content";

    struct Signed {
        message: Vec<u8>,
        path: [Certificate; 3],
    }

    fn signed(key: PrivateKey) -> Signed {
        let now = datetime!(2026-11-24 9:00 UTC);
        let mut authority = Authority::in_memory(1, now).unwrap();
        let request = individual(now);
        let identity = authority.issue_for(key, &request).unwrap();
        // The padding of `/Contents` belongs to the file, too.
        let message = [sign(&identity), vec![0; 40]].concat();
        let leaf = identity.leaf().clone();
        let path = [leaf, authority.issuing().clone(), authority.root().clone()];
        Signed { message, path }
    }

    fn sign(identity: &Identity) -> Vec<u8> {
        let signer = identity.signer(&random()).unwrap();
        let digest = ToBeSigned::digest_algorithm(signer.algorithm()).unwrap();
        let leaf = identity.leaf();
        let attributes =
            ToBeSigned::new(&digest.digest(CONTENT), signer.algorithm(), leaf).unwrap();
        let signature = signer.sign(attributes.as_bytes()).unwrap();
        attributes.assemble(&signature, identity.issuers())
    }

    /// All that a verifier with the path at hand asks of a message.
    fn is_accepted(message: &[u8], path: &[Certificate; 3]) -> bool {
        let accept = || {
            let (data, rest) = SignedData::parse(message).ok()?;
            let signer_info = data.detached_signer_info().ok()?;
            let leaf = data.signer_certificate(signer_info, &[]).ok()?;
            let digest = signer_info.digest_algorithm().ok()?.digest(CONTENT);
            let verified = signer_info.verify(&leaf, &digest, &Provider).ok()?;
            let reported = data.unaccounted_certificates(path, &Provider).ok()?;
            let clean = rest.iter().all(|octet| *octet == 0)
                && reported.is_empty()
                && data.revocation_information().is_empty()
                && signer_info.unsigned_attributes().is_empty();
            (clean && verified.certificate() == &path[0]).then_some(())
        };
        accept().is_some()
    }

    /// Every change of one hexadecimal digit, as `/Contents` writes the message; inside certificates
    /// one change a digit, as they are pinned whole.
    fn assert_no_digit_can_change(signed: &Signed) {
        let Signed { message, path } = signed;
        assert!(is_accepted(message, path));
        let (data, _) = SignedData::parse(message).unwrap();
        let certificates = data.certificates().concat();
        let begin = message
            .windows(certificates.len())
            .position(|part| part == certificates);
        let begin = begin.unwrap();
        let pinned = begin..begin + certificates.len();
        let mut changed = message.clone();
        for (at, &byte) in message.iter().enumerate() {
            for flip in if pinned.contains(&at) { 1..2 } else { 1..16 } {
                for flip in [flip, flip << 4] {
                    changed[at] = byte ^ flip;
                    let accepted = is_accepted(&changed, path);
                    assert!(!accepted, "byte {at}: {byte:02x} to {:02x}", byte ^ flip);
                }
            }
            changed[at] = byte;
        }
    }

    #[test]
    fn no_digit_of_an_ecdsa_signature_can_change() {
        assert_no_digit_can_change(&signed(PrivateKey::generate_p256(&random()).unwrap()));
    }

    #[test]
    fn no_digit_of_an_rsa_signature_can_change() {
        let key = PrivateKey::generate(KeyAlgorithm::Rsa2048, &random()).unwrap();
        assert_no_digit_can_change(&signed(key));
    }

    #[test]
    fn attributes_are_those_of_a_pades_baseline_signature() {
        let signed = signed(PrivateKey::generate_p256(&random()).unwrap());
        let (data, _) = SignedData::parse(&signed.message).unwrap();
        let attributes = data.signer_infos()[0].signed_attributes().unwrap();
        assert_eq!(attributes.signing_time(), None);
        assert!(attributes.others().is_empty());
        assert!(
            attributes
                .signing_certificate()
                .unwrap()
                .names(&signed.path[0])
        );
        assert!(attributes.algorithm_protection().is_some());
    }

    #[test]
    fn weak_algorithms_are_not_used() {
        let refused = ToBeSigned::digest_algorithm(SignatureAlgorithm::RsaPkcs1Sha1);
        let algorithm = SignatureAlgorithm::RsaPkcs1Sha1.oid();
        assert_eq!(refused, Err(Error::UnsupportedSigning { algorithm }));
    }
}
