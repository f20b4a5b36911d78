use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

use super::AlgorithmPolicy;
use super::Dates;
use super::Obsolete;
use super::ObsoleteDigest;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SubjectPublicKey;

const RSA_786: OffsetDateTime = datetime!(2010-08-01 0:00 UTC);
const SHA_1: OffsetDateTime = datetime!(2012-08-01 0:00 UTC);
const RSA_1024: OffsetDateTime = datetime!(2019-10-01 0:00 UTC);
const YEAR_2029: OffsetDateTime = datetime!(2029-01-01 0:00 UTC);
const FAR: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);

/// An RSAPublicKey with a modulus of so many bits.
fn rsa(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] >>= modulus.len() * 8 - bits;
    if modulus[0] & 0x80 != 0 {
        modulus.insert(0, 0);
    }
    element(
        0x30,
        &[&element(2, &modulus)[..], &[2, 3, 1, 0, 1]].concat(),
    )
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = (content.len() as u16).to_be_bytes();
    let header = match (high, low) {
        (0, ..0x80) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [&header[..], content].concat()
}

fn check(
    algorithm: SignatureAlgorithm,
    key: PublicKeyAlgorithm,
    octets: &[u8],
    at: OffsetDateTime,
) -> Result<(), Obsolete> {
    let key = SubjectPublicKey {
        algorithm: key,
        parameters: None,
        octets,
    };
    AlgorithmPolicy::builtin().check(algorithm, &key, at)
}

#[test]
fn rsa_ends_by_scheme_and_size_at_the_first_second_of_a_day() {
    use PublicKeyAlgorithm::Rsa;
    use PublicKeyAlgorithm::RsaPss;
    use SignatureAlgorithm::RsaPkcs1Sha256;
    use SignatureAlgorithm::RsaPssSha512;

    for (algorithm, key, bits, end) in [
        (RsaPkcs1Sha256, Rsa, 512, Some(RSA_786)),
        (RsaPkcs1Sha256, Rsa, 1023, Some(RSA_786)),
        (RsaPkcs1Sha256, Rsa, 1024, Some(RSA_1024)),
        (RsaPkcs1Sha256, Rsa, 1536, Some(RSA_1024)),
        (RsaPkcs1Sha256, Rsa, 1899, Some(RSA_1024)),
        (RsaPkcs1Sha256, Rsa, 1900, Some(YEAR_2029)),
        (RsaPkcs1Sha256, Rsa, 2048, Some(YEAR_2029)),
        (RsaPkcs1Sha256, Rsa, 3000, Some(YEAR_2029)),
        (RsaPkcs1Sha256, Rsa, 8192, Some(YEAR_2029)),
        (RsaPssSha512, Rsa, 1023, Some(RSA_786)),
        (RsaPssSha512, RsaPss, 1899, Some(RSA_1024)),
        (RsaPssSha512, Rsa, 1900, Some(YEAR_2029)),
        (RsaPssSha512, RsaPss, 2999, Some(YEAR_2029)),
        (RsaPssSha512, RsaPss, 3000, None),
        (RsaPssSha512, Rsa, 4096, None),
    ] {
        let octets = rsa(bits);
        let Some(end) = end else {
            assert_eq!(check(algorithm, key, &octets, FAR), Ok(()), "{bits}");
            continue;
        };
        let before = end - Duration::NANOSECOND;
        assert_eq!(check(algorithm, key, &octets, before), Ok(()), "{bits}");
        for at in [end, FAR] {
            let obsolete = Obsolete {
                algorithm,
                bits: Some(bits),
                since: end,
            };
            assert_eq!(check(algorithm, key, &octets, at), Err(obsolete));
        }
    }
}

#[test]
fn a_key_that_cannot_be_read_is_as_short_as_can_be() {
    let verdict = check(
        SignatureAlgorithm::RsaPkcs1Sha256,
        PublicKeyAlgorithm::Rsa,
        b"",
        RSA_786,
    );
    assert_eq!(verdict.unwrap_err().bits, Some(0));
}

#[test]
fn signatures_over_sha_1_ended_in_august_2012() {
    use PublicKeyAlgorithm as Key;
    use SignatureAlgorithm as Alg;

    let octets = rsa(2048);
    for (algorithm, key) in [
        (Alg::RsaPkcs1Sha1, Key::Rsa),
        (Alg::EcdsaSha1, Key::P256),
        (Alg::EcdsaSha1, Key::P521),
    ] {
        let before = SHA_1 - Duration::SECOND;
        assert_eq!(check(algorithm, key, &octets, before), Ok(()));
        assert_eq!(
            check(algorithm, key, &octets, SHA_1),
            Err(Obsolete {
                algorithm,
                bits: None,
                since: SHA_1
            })
        );
    }
}

#[test]
fn of_two_ends_the_earlier_is_told() {
    let sha_1 = |bits| {
        let (algorithm, key) = (SignatureAlgorithm::RsaPkcs1Sha1, PublicKeyAlgorithm::Rsa);
        check(algorithm, key, &rsa(bits), FAR).unwrap_err()
    };
    assert_eq!((sha_1(800).bits, sha_1(800).since), (Some(800), RSA_786));
    assert_eq!((sha_1(1024).bits, sha_1(1024).since), (None, SHA_1));
}

#[test]
fn elliptic_curves_with_sha_2_have_no_end() {
    use PublicKeyAlgorithm as Key;
    use SignatureAlgorithm as Alg;

    for (algorithm, key) in [
        (Alg::EcdsaSha256, Key::P256),
        (Alg::EcdsaSha384, Key::P384),
        (Alg::EcdsaSha512, Key::P521),
        (Alg::Ed25519, Key::Ed25519),
    ] {
        assert_eq!(check(algorithm, key, b"", FAR), Ok(()));
    }
}

#[test]
fn dsa_ends_by_the_size_of_its_prime() {
    let policy = AlgorithmPolicy::builtin();
    let parameters = rsa(2048);
    for (parameters, since) in [
        (None, datetime!(2014-01-01 0:00 UTC)),
        (Some(&parameters[..]), datetime!(2024-02-03 0:00 UTC)),
    ] {
        let key = SubjectPublicKey {
            algorithm: PublicKeyAlgorithm::Dsa,
            parameters,
            octets: b"",
        };
        let check = |at| policy.check(SignatureAlgorithm::DsaSha256, &key, at);
        assert_eq!(check(since - Duration::SECOND), Ok(()));
        assert_eq!(check(since).unwrap_err().since, since);
    }
}

#[test]
fn a_digest_alone_ends_like_signatures_over_it() {
    let policy = AlgorithmPolicy::builtin();
    for (digest, since) in [
        (
            Oid::new("1.2.840.113549.2.5"),
            datetime!(2004-08-01 0:00 UTC),
        ),
        (DigestAlgorithm::Sha1.oid(), SHA_1),
        (Oid::new("2.16.840.1.101.3.4.2.4"), YEAR_2029),
    ] {
        assert_eq!(
            policy.check_digest(digest, since - Duration::SECOND),
            Ok(())
        );
        for at in [since, FAR] {
            assert_eq!(
                policy.check_digest(digest, at),
                Err(ObsoleteDigest { digest, since })
            );
        }
    }
    for digest in [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ] {
        assert_eq!(policy.check_digest(digest.oid(), FAR), Ok(()));
    }
}

#[test]
fn every_digest_of_this_crate_is_listed() {
    let AlgorithmPolicy(Some(dates)) = AlgorithmPolicy::builtin() else {
        panic!("the policy is on");
    };
    for digest in [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ] {
        let mut listed = dates.digests.values();
        assert!(
            listed.any(|listed| listed.oid == digest.oid()),
            "{digest:?}"
        );
    }
}

#[test]
fn a_policy_that_is_off_finds_nothing_obsolete() {
    let key = SubjectPublicKey {
        algorithm: PublicKeyAlgorithm::Rsa,
        parameters: None,
        octets: b"",
    };
    let off = AlgorithmPolicy::off();
    assert_eq!(
        off.check(SignatureAlgorithm::RsaPkcs1Sha1, &key, FAR),
        Ok(())
    );
    assert_eq!(off.check_digest(DigestAlgorithm::Sha1.oid(), FAR), Ok(()));
    assert_ne!(off, AlgorithmPolicy::builtin());
}

#[test]
fn sizes_out_of_order_and_unknown_words_are_refused() {
    let sound = include_str!("algorithm_policy.toml");
    assert!(toml::from_str::<Dates>(sound).is_ok());
    for (from, to) in [
        ("{ bits = 1900, until", "{ bits = 900, until"),
        (
            "{ bits = 1900, until = \"2029",
            "{ bits = 1900, until = \"2009",
        ),
        (
            "{ bits = 3000 },",
            "{ bits = 3000 }, { bits = 4000, until = \"2040-01-01\" },",
        ),
        ("{ bits = 256 },", ""),
        ("until = \"2012-08-01\"", "until = \"2012-08-32\""),
        ("until = \"2012-08-01\"", "till = \"2012-08-01\""),
        ("1.3.14.3.2.26", "1.3.14.3.2.x"),
        ("ed25519 =", "ed448 ="),
    ] {
        let changed = sound.replace(from, to);
        assert_ne!(changed, sound, "{from}");
        assert!(toml::from_str::<Dates>(&changed).is_err(), "{from}");
    }
}

#[test]
fn the_reason_can_be_read() {
    let short = check(
        SignatureAlgorithm::RsaPkcs1Sha256,
        PublicKeyAlgorithm::Rsa,
        &rsa(1024),
        FAR,
    );
    assert_eq!(
        short.unwrap_err().to_string(),
        "RSA PKCS#1 v1.5 with SHA-256 and a key of 1024 bits has not protected since \
         2019-10-01 0:00:00.0 +00:00:00"
    );
}
