use time::macros::datetime;

use super::Certificate;
use crate::crypto;
use crate::crypto::Provider;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::x509::Error;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;
use crate::x509::test_authority::Raw;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::custom_extension;
use crate::x509::test_authority::extension;
use crate::x509::test_authority::with_broken_signature;

#[test]
fn the_fields_of_a_certificate_are_read() {
    let purpose = Oid::new("1.2.398.3.3.4.1.2.1");
    let policy = Oid::new("1.2.398.3.3.2");
    let policies = der::sequence(&[der::sequence(&[der::oid(&policy)])]);
    let root = TestAuthority::root("Root");
    let leaf = root.leaf_with("Leaf", |leaf| {
        leaf.extended_key_usages = vec![
            rcgen::ExtendedKeyUsagePurpose::EmailProtection,
            rcgen::ExtendedKeyUsagePurpose::Other(vec![1, 2, 398, 3, 3, 4, 1, 2, 1]),
        ];
        leaf.custom_extensions.push(custom_extension(
            oids::CERTIFICATE_POLICIES,
            false,
            &policies,
        ));
    });
    assert_eq!(leaf.version(), 3);
    assert_eq!(leaf.issuer().to_string(), "CN=Root");
    assert_eq!(leaf.subject().attribute(oids::COMMON_NAME), Some("Leaf"));
    assert_eq!(leaf.not_before(), datetime!(2026-01-01 0:00 UTC));
    assert_eq!(leaf.not_after(), datetime!(2026-12-31 23:59:59 UTC));
    assert_eq!(
        leaf.signature_algorithm(),
        Ok(SignatureAlgorithm::EcdsaSha256)
    );
    let key = leaf.subject_public_key().unwrap();
    assert_eq!(
        (key.algorithm, key.octets.len()),
        (PublicKeyAlgorithm::P256, 65)
    );
    assert!(leaf.spki().ends_with(key.octets));
    let usage = leaf.key_usage().unwrap();
    assert!(usage.digital_signature() && !usage.non_repudiation() && !usage.crl_sign());
    let email_protection = Oid::new("1.3.6.1.5.5.7.3.4");
    assert_eq!(
        leaf.extended_key_usage(),
        Some(&[email_protection, purpose][..])
    );
    assert_eq!(leaf.certificate_policies(), Some(&[policy][..]));
    assert!(
        leaf.basic_constraints()
            .is_some_and(|constraints| !constraints.ca)
    );
    assert!(leaf.subject_key_identifier().is_some());
    assert_eq!(
        leaf.authority_key_identifier()
            .unwrap()
            .key_identifier
            .as_deref(),
        root.certificate.subject_key_identifier()
    );
    assert_eq!(leaf.sha256().len(), 32);
}

#[test]
fn all_certificates_of_a_pem_text_are_read_and_keys_are_left_out() {
    let root = TestAuthority::root("Root").certificate;
    let key = crate::x509::pem::encode("PRIVATE KEY", b"key");
    let text = format!("{key}{}{key}{}", root.to_pem(), root.to_pem());
    let all = Certificate::all_from_pem(text.as_bytes()).unwrap();
    assert_eq!(all, [root.clone(), root.clone()]);
    assert_eq!(Certificate::all_from_bytes(root.as_der()), Ok(vec![root]));
    assert_eq!(
        Certificate::from_pem(key.as_bytes()).err(),
        Some(Error::NoPemBlock {
            label: "CERTIFICATE"
        })
    );
}

#[test]
fn only_its_own_key_makes_a_certificate_self_signed() {
    let root = TestAuthority::root("Root");
    assert_eq!(root.certificate.is_self_signed(&Provider), Ok(true));
    // The same name, signed by another key.
    let renewed = root.ca("Root").certificate;
    assert!(renewed.is_self_issued());
    assert_eq!(renewed.is_self_signed(&Provider), Ok(false));
    assert_eq!(root.leaf("Leaf").is_self_signed(&Provider), Ok(false));
}

#[test]
fn a_signature_of_odd_bits_is_bad_and_not_malformed() {
    let root = TestAuthority::root("Root").certificate;
    let mut der = root.as_der().to_vec();
    let unused_bits = der.len() - root.signature().len() - 1;
    der[unused_bits] = 1;
    let odd = Certificate::from_der(&der).unwrap();
    let key = root.subject_public_key().unwrap();
    let verified = odd.verify_signature(&key, &Provider);
    assert_eq!(verified, Err(crypto::Error::BadSignature));
}

#[test]
fn bytes_behind_a_certificate_are_refused() {
    let root = TestAuthority::root("Root").certificate;
    let der = [root.as_der(), &[0]].concat();
    assert_eq!(
        Certificate::from_der(&der).err(),
        Some(Error::Der(der::Error::TrailingData { length: 1 }))
    );
}

#[test]
fn algorithms_inside_and_outside_that_differ_are_refused() {
    let outer = SignatureAlgorithm::EcdsaSha384.oid();
    let error = read(3, &[], |raw| raw.outer_algorithm = Some(outer));
    assert_eq!(error, Some(Error::SignatureAlgorithmMismatch));
}

#[test]
fn versions_beyond_3_and_extensions_below_it_are_refused() {
    let usage = [extension(oids::KEY_USAGE, true, &[3, 2, 7, 0x80])];
    assert_eq!(read(1, &[], |_| {}), None);
    assert_eq!(read(3, &usage, |_| {}), None);
    assert_eq!(
        read(4, &[], |_| {}),
        Some(Error::UnknownVersion { version: 4 })
    );
    for version in [1, 2] {
        let error = Error::UnexpectedExtensions { version };
        assert_eq!(read(version, &usage, |_| {}), Some(error));
    }
}

#[test]
fn an_extension_that_stands_twice_is_refused() {
    let oid = Oid::new("2.999.1");
    let twice = [extension(oid, false, b"a"), extension(oid, true, b"b")];
    let error = Error::DuplicateExtension { oid };
    assert_eq!(read(3, &twice, |_| {}), Some(error));
}

#[test]
fn a_malformed_extension_is_never_taken_for_an_absent_one() {
    for (oid, value) in [
        (oids::BASIC_CONSTRAINTS, &[0x30, 3, 1, 2, 0][..]),
        (oids::BASIC_CONSTRAINTS, &[0x30, 0, 0]),
        (oids::KEY_USAGE, &[4, 1, 0]),
        (oids::EXT_KEY_USAGE, &[0x30, 0]),
        (oids::SUBJECT_KEY_IDENTIFIER, &[2, 1, 0]),
        (oids::CRL_DISTRIBUTION_POINTS, &[0x30, 2, 5, 0]),
        (oids::CRL_DISTRIBUTION_POINTS, &[0x30, 0]),
        (oids::FRESHEST_CRL, &[0x30, 0]),
        (oids::NAME_CONSTRAINTS, &[0x30, 0]),
        (oids::POLICY_CONSTRAINTS, &[0x30, 0]),
        (oids::POLICY_MAPPINGS, &[0x30, 0]),
        (oids::CERTIFICATE_POLICIES, &[0x30, 0]),
        (oids::INHIBIT_ANY_POLICY, &[2, 1, 0xff]),
        (oids::INHIBIT_ANY_POLICY, &[2, 1, 0, 0]),
        (oids::SUBJECT_ALT_NAME, &[0x30, 0, 0]),
        (oids::ISSUER_ALT_NAME, &[0x30, 0]),
        (oids::AUTHORITY_INFO_ACCESS, &[0x30, 0]),
        (oids::AUTHORITY_KEY_IDENTIFIER, &[0x30, 0, 0]),
        (oids::KEY_USAGE, &[3, 2, 1, 1]),
        (oids::SUBJECT_KEY_IDENTIFIER, &[4, 0, 0]),
        (oids::EXT_KEY_USAGE, &[0x30, 0, 0]),
    ] {
        let error = read(3, &[extension(oid, false, value)], |_| {});
        assert_eq!(error, Some(Error::MalformedExtension { oid }), "{value:?}");
    }
}

#[test]
fn unknown_critical_extensions_are_listed() {
    let (one, two) = (Oid::new("2.999.1"), Oid::new("2.999.2"));
    let leaf = TestAuthority::root("Root").leaf_with("Leaf", |leaf| {
        leaf.custom_extensions = vec![
            custom_extension(one, false, &der::null()),
            custom_extension(two, true, &der::null()),
        ];
    });
    assert_eq!(
        leaf.unknown_critical_extensions().collect::<Vec<_>>(),
        [two]
    );
    assert!(!leaf.extension(one).unwrap().critical);
}

#[test]
fn no_cut_or_changed_certificate_makes_the_reading_panic() {
    let der = TestAuthority::root("Root").certificate.as_der().to_vec();
    for at in 0..der.len() {
        assert!(Certificate::from_der(&der[..at]).is_err());
        for change in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = der.clone();
            changed[at] ^= change;
            let _ = Certificate::from_der(&changed);
        }
    }
    assert!(Certificate::from_der(&with_broken_signature(&der)).is_ok());
}

fn read(version: u64, extensions: &[Vec<u8>], change: impl FnOnce(&mut Raw)) -> Option<Error> {
    let root = TestAuthority::root("Root");
    let mut raw = root.raw_certificate(&root.certificate, version);
    if !extensions.is_empty() {
        let extensions = der::context(3, &der::sequence(extensions));
        raw.after_algorithm.push(extensions);
    }
    change(&mut raw);
    Certificate::from_der(&root.sign_raw(&raw)).err()
}
