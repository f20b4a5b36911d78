//! A signed message is read the same way each time, and no part of it breaks its reader.
#![no_main]

use libfuzzer_sys::fuzz_mutator;
use libfuzzer_sys::fuzz_target;
use ruqsat::cms::Conduct;
use ruqsat::cms::SignedData;
use ruqsat::cms::SignerInfo;
use ruqsat::crypto::Provider;
use ruqsat::x509::Certificate;

/// Signatures and certificates that are tried; the input decides how many there are.
const TRIED: usize = 4;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ruqsat_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let Ok((message, rest)) = SignedData::parse(data) else {
        return;
    };
    let read = data.len() - rest.len();
    let (again, nothing) = SignedData::parse(&data[..read]).expect("without what follows");
    assert!(nothing.is_empty());
    assert_eq!(format!("{message:?}"), format!("{again:?}"));
    assert!(SignedData::parse(&data[..read - 1]).is_err());
    let padded = [&data[..read], &[0; 3]].concat();
    assert_eq!(
        SignedData::parse(&padded).map(|(_, rest)| rest.len()),
        Ok(3)
    );

    let _ = message.content_type();
    let content = message.encapsulated_content();
    assert_eq!(
        content.is_some() || message.signer_infos().len() != 1,
        message.detached_signer_info().is_err()
    );
    let certificates: Vec<Certificate> = message.parsed_certificates().unwrap_or_default();
    assert!(certificates.is_empty() || certificates.len() == message.certificates().len());
    for (certificate, raw) in certificates.iter().zip(message.certificates()) {
        assert_eq!(certificate.as_der(), *raw);
    }
    let _ = message.revocation_information();
    for signer_info in message.signer_infos().iter().take(TRIED) {
        signer(signer_info, &certificates, content.unwrap_or(b"content"));
    }
});

fn signer(signer_info: &SignerInfo<'_>, certificates: &[Certificate], content: &[u8]) {
    let _ = (signer_info.sid(), signer_info.signature());
    let _ = (
        signer_info.digest_algorithm(),
        signer_info.signature_algorithm(),
    );
    if let Ok(attributes) = signer_info.signed_attributes() {
        let _ = (attributes.content_type(), attributes.message_digest());
        let _ = (attributes.signing_time(), attributes.algorithm_protection());
        for attribute in attributes.others() {
            let _ = attribute.values().count();
        }
        if let Some(signing_certificate) = attributes.signing_certificate() {
            let _ = signing_certificate.digest_algorithm();
            for certificate in certificates.iter().take(TRIED) {
                let _ = signing_certificate.names(certificate);
            }
        }
    }
    for attribute in signer_info.unsigned_attributes() {
        let _ = attribute.values().count();
        // A time-stamp is a message of its own.
        for value in attribute.values() {
            let _ = SignedData::parse(value);
        }
    }
    let Ok(algorithm) = signer_info.digest_algorithm() else {
        return;
    };
    let digest = algorithm.digest(content);
    for certificate in certificates.iter().take(TRIED) {
        if let Ok(verified) = signer_info.verify(certificate, &digest, &Provider) {
            assert!(signer_info.identifies(certificate));
            assert_eq!(verified.certificate(), certificate);
            assert_eq!(signer_info.signature_algorithm(), Ok(verified.algorithm()));
            // What holds for documents holds for any message.
            let conduct = Conduct::rfc5652();
            assert!(
                signer_info
                    .verify_content(certificate, content, conduct, &Provider)
                    .is_ok()
            );
        }
    }
}
