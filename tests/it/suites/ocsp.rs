//! OCSP: samples to be read.

use std::fs;

use ruqsat::pki::ocsp::CertStatus;
use ruqsat::pki::ocsp::Error;
use ruqsat::pki::ocsp::OcspRequest;
use ruqsat::pki::ocsp::OcspResponse;
use ruqsat::pki::ocsp::ResponseStatus;
use ruqsat::x509::Oid;

use crate::corpora::folder;

#[test]
fn samples_are_read_and_the_malformed_ones_named() {
    let Some(folder) = folder("ocsp/samples") else {
        return;
    };
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut refused = Vec::new();
    for name in &names {
        let bytes = fs::read(folder.join(name)).unwrap();
        let read = match name.contains("req") {
            true => OcspRequest::from_der(&bytes).map(|_| ()),
            false => OcspResponse::from_der(&bytes).map(|_| ()),
        };
        if let Err(error) = read {
            refused.push((name.trim_end_matches(".der"), error));
        }
    }
    println!(
        "OCSP samples: {}/{}",
        names.len() - refused.len(),
        names.len()
    );
    assert_eq!(refused, refusals());
    assert_eq!(names.len(), 28);
}

fn refusals() -> Vec<(&'static str, Error)> {
    let nonce = Oid::new("1.3.6.1.5.5.7.48.1.2");
    let unknown_type = Oid::new("1.3.6.1.5.5.7.48.1.50000");
    vec![
        (
            "req-duplicate-ext",
            Error::DuplicateExtension { oid: nonce },
        ),
        ("req-invalid-version", Error::Version { version: 2 }),
        ("resp-invalid-version", Error::Version { version: 2 }),
        (
            "resp-response-type-unknown-oid",
            Error::UnknownResponseType { oid: unknown_type },
        ),
        ("resp-successful-no-response-bytes", Error::NoResponseBytes),
        (
            "resp-unknown-response-status",
            Error::UnknownStatus { code: 7 },
        ),
    ]
}

#[test]
fn what_the_samples_say_is_what_was_read() {
    let Some(folder) = folder("ocsp/samples") else {
        return;
    };
    let response =
        |name: &str| OcspResponse::from_der(&fs::read(folder.join(name)).unwrap()).unwrap();
    let unauthorized = response("resp-unauthorized.der");
    assert_eq!(unauthorized.status(), ResponseStatus::Unauthorized);
    let revoked = response("resp-revoked-reason.der");
    let basic = revoked.basic().unwrap();
    let single = &basic.responses()[0];
    assert!(matches!(single.status(), CertStatus::Revoked { .. }));
    assert_eq!(basic.nonce().unwrap().as_bytes().len(), 16);
    let unknown = response("resp-delegate-unknown-cert.der");
    let status = unknown.basic().unwrap().responses()[0].status();
    assert_eq!(status, CertStatus::Unknown);
    let several = response("ocsp-army.deps.mil-resp.der");
    assert_eq!(several.basic().unwrap().responses().len(), 20);
    let request = fs::read(folder.join("req-multi-sha1.der")).unwrap();
    let request = OcspRequest::from_der(&request).unwrap();
    assert_eq!(request.cert_ids().len(), 2);
}
