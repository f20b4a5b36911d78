use super::*;
use crate::cms::forge::Forge;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Provider;
use crate::x509::der;

/// The error of a message with one defect.
fn refusal(spoil: impl FnOnce(&mut Forge)) -> Error {
    let mut forge = Forge::p256();
    spoil(&mut forge);
    let message = forge.build();
    let refused = match SignedData::parse(&message) {
        Ok((data, _)) => data.detached_signer_info().map(|_| ()),
        Err(error) => Err(error),
    };
    refused.unwrap_err()
}

#[test]
fn what_follows_the_message_is_given_back() {
    let mut file = Forge::p256().build();
    file.extend_from_slice(&[0, 0, 0xde, 0xad]);
    let (_, rest) = SignedData::parse(&file).unwrap();
    assert_eq!(rest, [0, 0, 0xde, 0xad]);
}

#[test]
fn message_of_indefinite_length_is_read() {
    let forge = Forge::p256();
    let message = forge.build();
    let mut outer = Reader::der(&message).sequence().unwrap();
    let content_type = outer.any().unwrap().raw;
    let content = outer.any().unwrap().raw;
    let stream = [&[0x30, 0x80], content_type, content, &[0, 0, 0]].concat();
    let (data, rest) = SignedData::parse(&stream).unwrap();
    assert_eq!(rest, [0]);
    assert_eq!(data.certificates(), [forge.certificate.as_der()]);
}

#[test]
fn other_message_is_not_signed_data() {
    let content_type = oid::DATA;
    let refused = refusal(|forge| forge.content_info_type = content_type);
    assert_eq!(refused, Error::NotSignedData { content_type });
}

#[test]
fn content_inside_a_detached_signature_is_refused() {
    let refused = refusal(|forge| {
        let content = der::context(0, &der::octet_string(b"content"));
        forge.encapsulated = der::sequence(&[der::oid(&oid::DATA), content]);
    });
    assert_eq!(refused, Error::EncapsulatedContent { length: 7 });
}

#[test]
fn zero_or_two_signers_are_refused() {
    let none = refusal(|forge| {
        forge.signer_count = 0;
        forge.digest_algorithms.clear();
    });
    assert_eq!(none, Error::SignerCount { count: 0 });
    assert_eq!(
        refusal(|forge| forge.signer_count = 2),
        Error::SignerCount { count: 2 }
    );
}

#[test]
fn version_that_the_content_does_not_prescribe_is_refused() {
    for found in [0, 2, 3, 4, 5] {
        let refused = refusal(|forge| forge.version = found);
        let expected = Error::Version {
            structure: "SignedData",
            expected: 1,
            found,
        };
        assert_eq!(refused, expected);
    }
}

#[test]
fn digest_algorithms_that_are_not_those_used_are_refused() {
    let sha512 = der::algorithm_identifier(&DigestAlgorithm::Sha512.oid(), None);
    let other = sha512.clone();
    assert_eq!(
        refusal(|forge| forge.digest_algorithms = vec![other]),
        Error::DigestAlgorithms
    );
    assert_eq!(
        refusal(|forge| forge.digest_algorithms.push(sha512)),
        Error::DigestAlgorithms
    );
    assert_eq!(
        refusal(|forge| forge.digest_algorithms.clear()),
        Error::DigestAlgorithms
    );
}

#[test]
fn digest_algorithm_with_parameters_is_refused() {
    let algorithm = DigestAlgorithm::Sha256.oid();
    let refused = refusal(|forge| {
        let parameters = der::unsigned(1);
        forge.digest_algorithms = vec![der::algorithm_identifier(&algorithm, Some(&parameters))];
    });
    assert_eq!(refused, Error::WrongParameters { algorithm });
}

#[test]
fn attribute_certificates_are_refused() {
    let refused = refusal(|forge| forge.certificates.push(der::context(2, &[])));
    assert_eq!(
        refused,
        Error::UnsupportedCertificate {
            tag: Tag::context(2)
        }
    );
}

#[test]
fn revocation_lists_are_reported() {
    let mut forge = Forge::p256();
    let list = der::sequence(&[der::null()]);
    forge.after_certificates = der::context(1, &list);
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    assert_eq!(data.revocation_information(), [list]);
}

#[test]
fn certificate_that_nothing_vouches_for_is_reported() {
    let stranger = Forge::p256().certificate;
    let mut forge = Forge::p256();
    let mut changed = forge.certificate.as_der().to_vec();
    let at = changed.len() - 1;
    changed[at] ^= 1;
    forge.certificates.push(stranger.as_der().to_vec());
    forge.certificates.push(changed.clone());
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    let path = [forge.certificate.clone()];
    let reported = data.unaccounted_certificates(&path, &Provider).unwrap();
    // The stranger is self-signed and whole; the changed copy is not.
    assert_eq!(reported, [Certificate::from_der(&changed).unwrap()]);
}

#[test]
fn certificate_that_cannot_be_read_is_named() {
    let mut forge = Forge::p256();
    forge.certificates.push(der::sequence(&[der::null()]));
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    let refused = data.parsed_certificates().unwrap_err();
    assert!(matches!(refused, Error::Certificate { index: 1, .. }));
}

#[test]
fn message_cut_anywhere_is_malformed() {
    let message = Forge::p256().build();
    for end in 0..message.len() {
        assert!(
            matches!(SignedData::parse(&message[..end]), Err(Error::Der(_))),
            "{end}"
        );
    }
}

#[test]
fn more_certificates_than_any_signature_needs_are_refused() {
    let refused = refusal(|forge| {
        let certificate = forge.certificate.as_der().to_vec();
        forge.certificates = vec![certificate; 33];
    });
    let expected = Error::TooMany {
        kind: "certificates",
        count: 33,
        limit: 32,
    };
    assert_eq!(refused, expected);
}

#[test]
fn garbage_is_malformed() {
    for garbage in [
        &b""[..],
        b"0",
        b"0\x80",
        b"\x30\x84\xff\xff\xff\xff",
        b"%PDF-1.7",
    ] {
        assert!(matches!(SignedData::parse(garbage), Err(Error::Der(_))));
    }
}

#[test]
fn content_is_inside_or_beside_and_never_both() {
    let mut forge = Forge::p256();
    let detached = forge.build();
    let (data, _) = SignedData::parse(&detached).unwrap();
    assert_eq!(data.content(Some(b"beside")), Ok(&b"beside"[..]));
    assert_eq!(data.content(None), Err(Error::NoContent));
    // In BER the content may come in pieces.
    let pieces = [der::octet_string(b"con"), der::octet_string(b"tent")].concat();
    let constructed = [&[0x24, 0x80], &pieces[..], &[0, 0]].concat();
    forge.encapsulated = der::sequence(&[der::oid(&oid::DATA), der::context(0, &constructed)]);
    let attached = forge.build();
    let (data, _) = SignedData::parse(&attached).unwrap();
    assert_eq!(data.content(None), Ok(&b"content"[..]));
    assert_eq!(
        data.content(Some(b"beside")),
        Err(Error::EncapsulatedContent { length: 7 })
    );
}

#[test]
fn cut_messages_are_refused_without_a_panic() {
    let message = Forge::p256().build();
    for end in 0..message.len() {
        assert!(SignedData::parse(&message[..end]).is_err(), "{end}");
    }
}

#[test]
fn garbage_is_refused_without_a_panic() {
    let strategy = proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200);
    proptest::test_runner::TestRunner::default()
        .run(&strategy, |bytes| {
            proptest::prop_assert!(SignedData::parse(&bytes).is_err());
            Ok(())
        })
        .unwrap();
}
