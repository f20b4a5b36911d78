//! OCSP: the cases of OpenSSL's tests, each with its reason, and samples to be read.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ruqsat::crypto::Provider;
use ruqsat::crypto::SignatureAlgorithm;
use ruqsat::pki::Budget;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::ocsp::CertStatus;
use ruqsat::pki::ocsp::CurrentResponse;
use ruqsat::pki::ocsp::Distrust;
use ruqsat::pki::ocsp::Error;
use ruqsat::pki::ocsp::OcspRequest;
use ruqsat::pki::ocsp::OcspResponse;
use ruqsat::pki::ocsp::Question;
use ruqsat::pki::ocsp::ResponseStatus;
use ruqsat::pki::ocsp::Status;
use ruqsat::pki::ocsp::check_response;
use ruqsat::x509::Certificate;
use ruqsat::x509::Oid;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

use crate::corpora::folder;

#[test]
fn each_openssl_case_has_its_answer_or_its_reason() {
    let Some(folder) = folder("ocsp/openssl-ocsp") else {
        return;
    };
    let text = fs::read_to_string(folder.join("openssl-ocsp.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let found = judge(&folder, case);
        if !is_expected(name, &found) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    println!("OCSP cases: {}/{}", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(cases.len(), 29);
}

/// At which certificate the answer fails, counted from the end entity, and why.
type Verdict = Result<(), (usize, Error)>;

/// Asks about every certificate of the path but its root; where only the root above is at hand, about
/// the end entity alone.
fn judge(folder: &Path, case: &Value) -> Verdict {
    let text = |key: &str| case[key].as_str().unwrap();
    let file = |value: &Value| fs::read(folder.join(value.as_str().unwrap())).unwrap();
    let certificate = |value: &Value| Certificate::from_pem(&file(value)).unwrap();
    let mut path = vec![certificate(&case["cert"])];
    path.extend(
        case["other_certs"]
            .as_array()
            .into_iter()
            .flatten()
            .map(certificate),
    );
    path.push(certificate(&case["root"]));
    let responses: Vec<OcspResponse> = case["ocsps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| OcspResponse::from_der(&from_base64(&file(name))).unwrap())
        .collect();
    let time = OffsetDateTime::parse(text("moment"), &Rfc3339).unwrap();
    let asked = match text("root") {
        "R2.pem" => 1,
        _ => path.len() - 1,
    };
    for (depth, pair) in path.windows(2).take(asked).enumerate() {
        let question = Question::about(&pair[0], &pair[1]);
        let key = question.issuer().subject_public_key().unwrap();
        assert_eq!(pair[0].verify_signature(&key, &Provider), Ok(()));
        let answer = best_answer(&question, &responses, time).map_err(|error| (depth, error))?;
        assert_eq!(answer.status(), Status::Good);
    }
    Ok(())
}

/// The first response that answers, or why that about the certificate does not.
fn best_answer(
    question: &Question<'_>,
    responses: &[OcspResponse],
    time: OffsetDateTime,
) -> Result<CurrentResponse, Error> {
    let serial = question.serial().clone();
    let mut failure = Error::NoAnswer { serial };
    for response in responses {
        let policy = PathPolicy::rfc5280();
        let mut budget = Budget::new(&policy.limits);
        match check_response(
            question,
            response,
            &[],
            time,
            &policy,
            &mut budget,
            &Provider,
        ) {
            Ok(answer) => return Ok(answer),
            Err(Error::NoAnswer { .. }) => {}
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// The defect that the name of the case tells, and where it is.
fn is_expected(name: &str, found: &Verdict) -> bool {
    if name.ends_with("_success") {
        return found.is_ok();
    }
    let Err((depth, error)) = found else {
        return false;
    };
    let wanted_depth = usize::from(name.ends_with("_intermediate"));
    let defect = name
        .strip_suffix("_ee")
        .or_else(|| name.strip_suffix("_intermediate"));
    let defect = defect.unwrap_or(name);
    let wanted = if defect.ends_with("_invalid_response_signature") {
        matches!(error, Error::BadSignature)
    } else if defect.ends_with("_invalid_wrong_responder_id") {
        matches!(error, Error::ResponderUnknown { .. })
    } else if defect.ends_with("_invalid_wrong_issuer_name_hash") {
        matches!(error, Error::IssuerNameHashMismatch)
    } else if defect.ends_with("_invalid_wrong_issuer_key_hash") {
        matches!(error, Error::IssuerKeyHashMismatch)
    } else if defect == "delegated_with_intermediate_invalid_wrong_key_in_signing_cert" {
        // The response names its signer by the key that the certificate no longer has.
        matches!(error, Error::ResponderUnknown { .. })
    } else if defect == "delegated_invalid_wrong_key_in_signing_cert" {
        matches!(error, Error::BadSignature)
    } else if defect.ends_with("_invalid_signature_on_signing_cert") {
        let distrust = Distrust::BadSignature;
        matches!(error, Error::ResponderUntrusted { distrust: found, .. } if *found == distrust)
    } else if defect.ends_with("_stale_otherwise_ok") {
        matches!(error, Error::Stale { .. })
    } else {
        false
    };
    wanted && *depth == wanted_depth
}

/// Those answers are over SHA-1, and of autumn 2012.
#[test]
fn an_answer_over_sha_1_protects_nothing_by_the_dated_policy() {
    let Some(folder) = folder("ocsp/openssl-ocsp") else {
        return;
    };
    let file = |name: &str| fs::read(folder.join(name)).unwrap();
    let certificate = |name| Certificate::from_pem(&file(name)).unwrap();
    let (leaf, issuer) = (
        certificate("ND3_Cert_EE.pem"),
        certificate("ND3_Issuer_Root.pem"),
    );
    let response = OcspResponse::from_der(&from_base64(&file("ND3.ors"))).unwrap();
    let question = Question::about(&leaf, &issuer);
    let time = datetime!(2012-10-12 0:00 UTC);
    let policy = PathPolicy::strict();
    let mut budget = Budget::new(&policy.limits);
    let refused = check_response(
        &question,
        &response,
        &[],
        time,
        &policy,
        &mut budget,
        &Provider,
    );
    let Err(Error::Obsolete(obsolete)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(obsolete.algorithm, SignatureAlgorithm::RsaPkcs1Sha1);
    assert_eq!(obsolete.since, datetime!(2012-08-01 0:00 UTC));
}

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

fn from_base64(text: &[u8]) -> Vec<u8> {
    let joined: Vec<u8> = text
        .iter()
        .copied()
        .filter(|octet| !octet.is_ascii_whitespace())
        .collect();
    STANDARD.decode(joined).unwrap()
}
