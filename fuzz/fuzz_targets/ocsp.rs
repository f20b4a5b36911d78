//! Requests and responses are read whole or not at all, and a request is written as it was meant.
#![no_main]

use libfuzzer_sys::fuzz_mutator;
use libfuzzer_sys::fuzz_target;
use ruqsat::crypto::Provider;
use ruqsat::pki::Budget;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::ocsp::BasicOcspResponse;
use ruqsat::pki::ocsp::OcspRequest;
use ruqsat::pki::ocsp::OcspResponse;
use ruqsat::pki::ocsp::Question;
use ruqsat::pki::ocsp::verify_response;
use ruqsat::x509::Certificate;

/// Certificates whose key is tried; the input decides how many there are.
const TRIED: usize = 4;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ruqsat_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    if let Ok(request) = OcspRequest::from_der(data) {
        asked(&request);
        assert!(OcspRequest::from_der(&[data, &[0]].concat()).is_err());
    }
    let Ok(response) = OcspResponse::from_der(data) else {
        return;
    };
    assert_eq!(
        OcspResponse::from_der(response.as_der()).as_ref(),
        Ok(&response)
    );
    assert!(OcspResponse::from_der(&[data, &[0]].concat()).is_err());
    let _ = (response.status(), format!("{response:?}"));
    if let Ok(basic) = response.basic() {
        answered(&response, basic);
    }
});

fn asked(request: &OcspRequest) {
    for id in request.cert_ids() {
        let _ = (
            id.hash_algorithm(),
            id.issuer_name_hash(),
            id.issuer_key_hash(),
            id.serial(),
        );
    }
    let plain = OcspRequest::new(request.cert_ids().to_vec(), request.nonce().cloned());
    let again = OcspRequest::from_der(&plain.to_der()).expect("what was written is read");
    assert_eq!(again.cert_ids(), request.cert_ids());
    assert_eq!(again.nonce(), request.nonce());
    assert!(!again.is_signed());
}

fn answered(response: &OcspResponse, basic: &BasicOcspResponse) {
    let _ = (basic.responder_id(), basic.produced_at(), basic.nonce());
    let _ = (basic.extensions(), basic.has_extended_revoke());
    let _ = (basic.signature_algorithm(), basic.signature());
    for single in basic.responses() {
        let _ = (single.status(), single.this_update(), single.next_update());
        let _ = (single.archive_cutoff(), single.extensions());
        assert!(!single.cert_id().to_der().is_empty());
    }
    for raw in basic.certificates().take(TRIED) {
        let Ok(certificate) = Certificate::from_der(raw) else {
            continue;
        };
        let _ = basic.responder_id().names(&certificate);
        if let Ok(key) = certificate.subject_public_key() {
            let _ = basic.verify_signature(&key, &Provider);
        }
        for single in basic.responses().iter().take(TRIED) {
            let question = Question::about_number(single.cert_id().serial(), &certificate);
            let policy = PathPolicy::strict();
            let mut budget = Budget::new(&policy.limits);
            let verified = verify_response(&question, response, &[], &mut budget, &Provider);
            if let Ok(verified) = verified {
                assert!(basic.responses().contains(verified.single()));
            }
        }
    }
}
