//! DSA, which nothing but old test suites still signs with.

use std::fs;

use dsa::pkcs8::DecodePublicKey;
use dsa::signature::hazmat::PrehashVerifier;
use ruqsat::crypto::Error;
use ruqsat::crypto::Oid;
use ruqsat::crypto::Provider;
use ruqsat::crypto::PublicKeyAlgorithm;
use ruqsat::crypto::SignatureAlgorithm;
use ruqsat::crypto::SignatureVerifier;
use ruqsat::crypto::SubjectPublicKey;
use ruqsat::x509::Certificate;
use ruqsat::x509::der;

use crate::corpora::folder;

/// The everyday verifier, and DSA with SHA-1 and SHA-256 by keys that have their parameters.
pub(crate) struct DsaVerifier;

impl SignatureVerifier for DsaVerifier {
    fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &SubjectPublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        let (SignatureAlgorithm::DsaSha1 | SignatureAlgorithm::DsaSha256, PublicKeyAlgorithm::Dsa) =
            (algorithm, key.algorithm)
        else {
            return Provider.verify(algorithm, key, message, signature);
        };
        let key = verifying_key(key).ok_or_else(|| Error::UnsupportedKey {
            algorithm: key.algorithm.oid(),
            bits: key.bits(),
        })?;
        let digest = algorithm.digest().unwrap().digest(message);
        dsa::Signature::try_from(signature)
            .and_then(|signature| key.verify_prehash(&digest, &signature))
            .map_err(|_| Error::BadSignature)
    }
}

/// `None` when the parameters are left to be inherited, or the key is no good.
fn verifying_key(key: &SubjectPublicKey<'_>) -> Option<dsa::VerifyingKey> {
    let dsa = Oid::new("1.2.840.10040.4.1");
    let info = der::sequence(&[
        der::algorithm_identifier(&dsa, Some(key.parameters?)),
        der::bit_string(key.octets),
    ]);
    dsa::VerifyingKey::from_public_key_der(&info).ok()
}

/// NIST PKITS, cases 4.1.4 to 4.1.6.
#[test]
fn dsa_signatures_of_pkits_are_judged_and_parameters_come_from_the_issuer() {
    let Some(folder) = folder("pkits/certs") else {
        return;
    };
    let read = |name: &str| {
        Certificate::from_der(&fs::read(folder.join(name).with_extension("crt")).unwrap()).unwrap()
    };
    let anchor = read("TrustAnchorRootCertificate");
    let ca = read("DSACACert");
    let anchor_key = anchor.subject_public_key().unwrap();
    assert_eq!(ca.verify_signature(&anchor_key, &DsaVerifier), Ok(()));

    let ca_key = ca.subject_public_key().unwrap();
    assert_eq!(
        (ca_key.algorithm, ca_key.bits()),
        (PublicKeyAlgorithm::Dsa, 1024)
    );
    let valid = read("ValidDSASignaturesTest4EE");
    assert_eq!(valid.signature_algorithm(), Ok(SignatureAlgorithm::DsaSha1));
    assert_eq!(valid.verify_signature(&ca_key, &DsaVerifier), Ok(()));
    let unsupported = Err(Error::UnsupportedAlgorithm {
        algorithm: SignatureAlgorithm::DsaSha1.oid(),
    });
    assert_eq!(valid.verify_signature(&ca_key, &Provider), unsupported);
    let invalid = read("InvalidDSASignatureTest6EE");
    let bad = Err(Error::BadSignature);
    assert_eq!(invalid.verify_signature(&ca_key, &DsaVerifier), bad);

    let inheriting = read("DSAParametersInheritedCACert");
    assert_eq!(inheriting.verify_signature(&ca_key, &DsaVerifier), Ok(()));
    let below = read("ValidDSAParameterInheritanceTest5EE");
    let bare = inheriting.subject_public_key().unwrap();
    assert_eq!(bare.parameters, None);
    let unusable = Err(Error::UnsupportedKey {
        algorithm: PublicKeyAlgorithm::Dsa.oid(),
        bits: 0,
    });
    assert_eq!(below.verify_signature(&bare, &DsaVerifier), unusable);
    let inherited = SubjectPublicKey {
        parameters: ca_key.parameters,
        ..bare
    };
    assert_eq!(below.verify_signature(&inherited, &DsaVerifier), Ok(()));
    assert_eq!(valid.verify_signature(&inherited, &DsaVerifier), bad);
}
