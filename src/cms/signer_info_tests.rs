use super::*;
use crate::cms::SignedData;
use crate::cms::SigningCertificateVersion;
use crate::cms::forge::CONTENT;
use crate::cms::forge::Forge;
use crate::cms::forge::attribute;
use crate::crypto::Provider;
use crate::x509::der;

fn verify_content(forge: &Forge, content: &[u8]) -> Result<VerifiedSignerInfo, Error> {
    let message = forge.build();
    let (data, rest) = SignedData::parse(&message)?;
    assert!(rest.is_empty());
    let signer_info = data.detached_signer_info()?;
    let certificate = data.signer_certificate(signer_info, &[])?;
    let digest = signer_info.digest_algorithm()?.digest(content);
    signer_info.verify(&certificate, &digest, &Provider)
}

/// The error of a message with one defect.
fn refusal(spoil: impl FnOnce(&mut Forge)) -> Error {
    let mut forge = Forge::p256();
    spoil(&mut forge);
    verify_content(&forge, CONTENT).unwrap_err()
}

#[test]
fn right_messages_verify_with_ecdsa_and_rsa() {
    for forge in [Forge::p256(), Forge::rsa()] {
        let verified = verify_content(&forge, CONTENT).unwrap();
        assert_eq!(verified.certificate(), &forge.certificate);
    }
}

#[test]
fn rsa_encryption_as_signature_algorithm_means_the_digest_beside_it() {
    let mut forge = Forge::rsa();
    forge.signature_algorithm = der::algorithm_identifier(&oid::RSA_ENCRYPTION, Some(&der::null()));
    let verified = verify_content(&forge, CONTENT).unwrap();
    assert_eq!(verified.algorithm(), SignatureAlgorithm::RsaPkcs1Sha256);
}

#[test]
fn signer_may_be_named_by_its_key_identifier() {
    let mut forge = Forge::p256();
    forge.sid = der::context_primitive(0, &[1, 2, 3]);
    forge.signer_version = 3;
    forge.version = 3;
    assert!(verify_content(&forge, CONTENT).is_ok());
}

#[test]
fn signing_time_and_unknown_attributes_are_no_defect() {
    let time = time::macros::datetime!(2026-11-24 9:00 UTC);
    let mut forge = Forge::p256();
    forge.set(&oid::SIGNING_TIME, &[der::utc_time(time)]);
    forge.set(&Oid::new("1.2.3"), &[der::null(), der::unsigned(7)]);
    assert!(verify_content(&forge, CONTENT).is_ok());
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    let attributes = data.signer_infos()[0].signed_attributes().unwrap();
    assert_eq!(attributes.signing_time(), Some(time));
    assert_eq!(attributes.others()[0].oid(), Oid::new("1.2.3"));
}

#[test]
fn signing_certificate_of_version_1_is_recognised() {
    let mut forge = Forge::p256();
    let digest = DigestAlgorithm::Sha1.digest(forge.certificate.as_der());
    let identifier = der::sequence(&[der::octet_string(&digest)]);
    forge.remove(&oid::SIGNING_CERTIFICATE_V2);
    let value = der::sequence(&[der::sequence(&[identifier])]);
    forge.set(&oid::SIGNING_CERTIFICATE, &[value]);
    assert!(verify_content(&forge, CONTENT).is_ok());
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    let attributes = data.signer_infos()[0].signed_attributes().unwrap();
    let version = attributes.signing_certificate().unwrap().version();
    assert_eq!(version, SigningCertificateVersion::V1);
}

#[test]
fn changed_content_is_a_digest_mismatch() {
    let refused = verify_content(&Forge::p256(), b"other content");
    assert_eq!(refused.unwrap_err(), Error::MessageDigestMismatch);
}

#[test]
fn signature_by_another_key_is_bad() {
    assert_eq!(
        refusal(|forge| forge.signer = Forge::p256().signer),
        Error::BadSignature
    );
}

#[test]
fn signature_algorithm_of_another_kind_of_key_is_bad() {
    let refused = refusal(|forge| {
        let rsa = SignatureAlgorithm::RsaPkcs1Sha256.oid();
        forge.signature_algorithm = der::algorithm_identifier(&rsa, Some(&der::null()));
    });
    assert_eq!(refused, Error::BadSignature);
}

#[test]
fn no_signed_attributes_are_refused() {
    assert_eq!(
        refusal(|forge| forge.attributes.clear()),
        Error::NoSignedAttributes
    );
}

#[test]
fn missing_attributes_are_named() {
    for attribute in [oid::CONTENT_TYPE, oid::MESSAGE_DIGEST] {
        let refused = refusal(|forge| forge.remove(&attribute));
        assert_eq!(refused, Error::MissingAttribute { attribute });
    }
    let refused = refusal(|forge| forge.remove(&oid::SIGNING_CERTIFICATE_V2));
    assert_eq!(refused, Error::NoSigningCertificate);
}

#[test]
fn attribute_that_stands_twice_is_refused() {
    let refused = refusal(|forge| {
        let digest = der::octet_string(&DigestAlgorithm::Sha256.digest(b"other content"));
        forge
            .attributes
            .push(attribute(&oid::MESSAGE_DIGEST, &[digest]));
    });
    assert_eq!(
        refused,
        Error::DuplicateAttribute {
            attribute: oid::MESSAGE_DIGEST
        }
    );
}

#[test]
fn attribute_with_two_values_is_refused() {
    let refused = refusal(|forge| {
        let digest = |content| der::octet_string(&DigestAlgorithm::Sha256.digest(content));
        forge.set(
            &oid::MESSAGE_DIGEST,
            &[digest(CONTENT), digest(b"other content")],
        );
    });
    let attribute = oid::MESSAGE_DIGEST;
    assert_eq!(
        refused,
        Error::AttributeValues {
            attribute,
            count: 2
        }
    );
}

#[test]
fn attributes_out_of_order_are_refused() {
    let refused = refusal(|forge| {
        forge.attributes.sort();
        forge.attributes.reverse();
        forge.sorted = false;
    });
    assert_eq!(refused, Error::AttributesNotDer);
}

#[test]
fn content_type_of_other_content_is_refused() {
    let other = Oid::new("1.2.840.113549.1.9.16.1.4");
    let refused = refusal(|forge| forge.set(&oid::CONTENT_TYPE, &[der::oid(&other)]));
    let expected = Error::ContentTypeMismatch {
        attribute: other,
        content: oid::DATA,
    };
    assert_eq!(refused, expected);
}

#[test]
fn signing_certificate_of_another_certificate_is_refused() {
    let refused = refusal(|forge| {
        let other = Forge::p256();
        forge.remove(&oid::SIGNING_CERTIFICATE_V2);
        forge.attributes.push(other.attributes[2].clone());
    });
    assert_eq!(refused, Error::SigningCertificateMismatch);
}

#[test]
fn issuer_serial_of_another_certificate_is_refused() {
    let refused = refusal(|forge| {
        let name = der::context(4, forge.certificate.issuer().as_der());
        let issuer_serial = der::sequence(&[der::sequence(&[name]), der::unsigned(1)]);
        let digest = der::octet_string(&forge.certificate.sha256());
        let identifier = der::sequence(&[digest, issuer_serial]);
        let value = der::sequence(&[der::sequence(&[identifier])]);
        forge.set(&oid::SIGNING_CERTIFICATE_V2, &[value]);
    });
    assert_eq!(refused, Error::SigningCertificateMismatch);
}

#[test]
fn sid_of_another_certificate_finds_none() {
    let refused = refusal(|forge| {
        let issuer = forge.certificate.issuer().as_der().to_vec();
        forge.sid = der::sequence(&[issuer, der::unsigned(1)]);
    });
    assert_eq!(refused, Error::SignerCertificateMissing);
}

#[test]
fn sid_that_spells_the_issuer_differently_is_another_certificate() {
    let forge = {
        let mut forge = Forge::p256();
        // The same name to RFC 5280, other bytes: a case that no signature covers.
        let at = forge
            .sid
            .windows(2)
            .position(|pair| pair == "Т".as_bytes())
            .unwrap();
        forge.sid.splice(at..at + 2, "т".bytes());
        forge
    };
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    let digest = DigestAlgorithm::Sha256.digest(CONTENT);
    let refused = data.signer_infos()[0].verify(&forge.certificate, &digest, &Provider);
    assert_eq!(refused.unwrap_err(), Error::SignerIdentifierMismatch);
}

#[test]
fn digest_that_the_signature_algorithm_does_not_take_is_refused() {
    let sha384 = DigestAlgorithm::Sha384.oid();
    let refused = refusal(|forge| {
        forge.digest_algorithm = der::algorithm_identifier(&sha384, None);
        forge.digest_algorithms = vec![forge.digest_algorithm.clone()];
    });
    let signature = SignatureAlgorithm::EcdsaSha256.oid();
    assert_eq!(
        refused,
        Error::DigestOfSignature {
            digest: sha384,
            signature
        }
    );
}

#[test]
fn parameters_other_than_null_for_rsa_and_absent_for_ecdsa_are_refused() {
    let algorithm = SignatureAlgorithm::EcdsaSha256.oid();
    let refused = refusal(|forge| {
        forge.signature_algorithm = der::algorithm_identifier(&algorithm, Some(&der::null()));
    });
    assert_eq!(refused, Error::WrongParameters { algorithm });

    let mut forge = Forge::rsa();
    let algorithm = SignatureAlgorithm::RsaPkcs1Sha256.oid();
    forge.signature_algorithm = der::algorithm_identifier(&algorithm, None);
    let refused = verify_content(&forge, CONTENT).unwrap_err();
    assert_eq!(refused, Error::WrongParameters { algorithm });
}

#[test]
fn protected_algorithms_that_differ_from_those_used_are_refused() {
    let mut forge = Forge::rsa();
    let digest = forge.digest_algorithm.clone();
    let mut used = forge.signature_algorithm.clone();
    used[0] = Tag::context(1).0;
    forge.set(
        &oid::CMS_ALGORITHM_PROTECTION,
        &[der::sequence(&[digest, used])],
    );
    assert!(verify_content(&forge, CONTENT).is_ok());

    forge.signature_algorithm = der::algorithm_identifier(&oid::RSA_ENCRYPTION, Some(&der::null()));
    let refused = verify_content(&forge, CONTENT).unwrap_err();
    assert_eq!(refused, Error::AlgorithmProtectionMismatch);
}

#[test]
fn wrong_version_of_a_signer_info_is_refused() {
    let refused = refusal(|forge| forge.signer_version = 3);
    let expected = Error::Version {
        structure: "SignerInfo",
        expected: 1,
        found: 3,
    };
    assert_eq!(refused, expected);
}

#[test]
fn unsigned_attributes_are_reported_not_judged() {
    let mut forge = Forge::p256();
    let unsigned = attribute(&Oid::new("1.2.3"), &[der::null()]);
    forge.after_signature = der::context(1, &unsigned);
    assert!(verify_content(&forge, CONTENT).is_ok());
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    assert_eq!(
        data.signer_infos()[0].unsigned_attributes()[0].as_bytes(),
        unsigned
    );
}

fn verify_foreign(forge: &Forge, content: &[u8]) -> Result<VerifiedSignerInfo, Error> {
    verify_by(forge, content, Conduct::rfc5652())
}

fn verify_by(forge: &Forge, content: &[u8], conduct: Conduct) -> Result<VerifiedSignerInfo, Error> {
    let message = forge.build();
    let (data, _) = SignedData::parse(&message)?;
    let signer_info = data.only_signer_info()?;
    signer_info.verify_content(&forge.certificate, content, conduct, &Provider)
}

#[test]
fn signature_without_attributes_covers_the_content_where_that_is_allowed() {
    let mut forge = Forge::p256();
    forge.attributes.clear();
    assert!(verify_foreign(&forge, CONTENT).is_ok());
    let changed = verify_foreign(&forge, b"other content");
    assert_eq!(changed.unwrap_err(), Error::BadSignature);
    for conduct in [Conduct::document(), Conduct::time_stamp()] {
        let refused = verify_by(&forge, CONTENT, conduct);
        assert_eq!(refused.unwrap_err(), Error::NoSignedAttributes);
    }
}

#[test]
fn content_of_another_type_demands_attributes() {
    let mut forge = Forge::p256();
    forge.attributes.clear();
    forge.version = 3;
    forge.encapsulated = der::sequence(&[der::oid(&Oid::new("1.2.840.113549.1.9.16.1.4"))]);
    let refused = verify_foreign(&forge, CONTENT);
    assert_eq!(refused.unwrap_err(), Error::NoSignedAttributes);
}

#[test]
fn content_that_could_be_attributes_of_another_message_is_refused() {
    let mut forge = Forge::p256();
    let attributes = std::mem::take(&mut forge.attributes);
    let unordered: Vec<_> = attributes.iter().rev().flatten().copied().collect();
    for content in [
        der::set_of(&attributes),
        der::tlv(Tag::SET, &unordered),
        der::set_of(&attributes[..1]),
    ] {
        forge.content = content.clone();
        let refused = verify_foreign(&forge, &content);
        assert_eq!(refused.unwrap_err(), Error::AmbiguousContent);
    }
}

#[test]
fn foreign_signature_need_not_name_its_certificate_but_not_name_another() {
    let mut forge = Forge::p256();
    forge.remove(&oid::SIGNING_CERTIFICATE_V2);
    assert!(verify_foreign(&forge, CONTENT).is_ok());
    let refused = verify_by(&forge, CONTENT, Conduct::time_stamp());
    assert_eq!(refused.unwrap_err(), Error::NoSigningCertificate);
    forge.attributes.push(Forge::p256().attributes[2].clone());
    let refused = verify_foreign(&forge, CONTENT);
    assert_eq!(refused.unwrap_err(), Error::SigningCertificateMismatch);
}

#[test]
fn foreign_rsa_signature_may_leave_out_the_parameters() {
    let mut forge = Forge::rsa();
    for algorithm in [
        SignatureAlgorithm::RsaPkcs1Sha256.oid(),
        oid::RSA_ENCRYPTION,
    ] {
        forge.signature_algorithm = der::algorithm_identifier(&algorithm, None);
        assert!(verify_foreign(&forge, CONTENT).is_ok());
        let refused = verify_by(&forge, CONTENT, Conduct::document());
        assert_eq!(refused.unwrap_err(), Error::WrongParameters { algorithm });
        let other = der::octet_string(&[]);
        forge.signature_algorithm = der::algorithm_identifier(&algorithm, Some(&other));
        let refused = verify_foreign(&forge, CONTENT);
        assert_eq!(refused.unwrap_err(), Error::WrongParameters { algorithm });
    }
}

#[test]
fn further_references_limit_the_path() {
    let mut forge = Forge::p256();
    let [issuing, other, root] = [(); 3].map(|()| Forge::p256().certificate);
    let leaf = forge.certificate.clone();
    let reference = |one: &Certificate| der::sequence(&[der::octet_string(&one.sha256())]);
    let references = der::sequence(&[reference(&leaf), reference(&issuing)]);
    forge.set(
        &oid::SIGNING_CERTIFICATE_V2,
        &[der::sequence(&[references])],
    );
    assert!(verify_content(&forge, CONTENT).is_ok());
    let message = forge.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    let attributes = data.signer_infos()[0].signed_attributes().unwrap();
    assert!(attributes.allow(&[leaf.clone(), issuing, root.clone()]));
    assert!(attributes.allow(&[leaf.clone(), root.clone()]));
    assert!(!attributes.allow(&[leaf, other.clone(), root.clone()]));

    // One reference limits nothing.
    let alone = Forge::p256();
    let message = alone.build();
    let (data, _) = SignedData::parse(&message).unwrap();
    let attributes = data.signer_infos()[0].signed_attributes().unwrap();
    assert!(attributes.allow(&[alone.certificate, other, root]));
}
