//! What the client wants, from the head and the body of its request.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use http_body_util::BodyExt as _;
use http_body_util::LengthLimitError;
use http_body_util::Limited;
use hyper::HeaderMap;
use hyper::StatusCode;
use hyper::body::Body as _;
use hyper::body::Incoming;
use hyper::header;

use crate::ca::serve::PATIENCE;
use crate::ca::serve::reply::Reply;

/// A request for OCSP in the path: base64, with or without percent-encoding (RFC 6960 §A.1).
pub(super) fn from_path(text: &str) -> Result<Vec<u8>, Reply> {
    let refused = || {
        let why = "the path behind /ocsp/ is not a request in base64 (RFC 6960 appendix A.1)";
        Reply::refused(StatusCode::BAD_REQUEST, why)
    };
    let text = percent_decoded(text).ok_or_else(refused)?;
    if text.len() > LIMIT {
        return Err(too_large());
    }
    LENIENT.decode(text).map_err(|_| refused())
}

/// The body, if it is of the type that belongs here, and not too large.
pub(super) async fn body(
    headers: &HeaderMap,
    body: Incoming,
    content_type: &'static str,
) -> Result<Vec<u8>, Reply> {
    let found = headers
        .get(header::CONTENT_TYPE)
        .map(|value| value.as_bytes());
    if !found.is_some_and(|found| is_of_type(found, content_type)) {
        let why = format!("the body must be of the type {content_type}");
        return Err(Reply::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    if body.size_hint().lower() > LIMIT as u64 {
        return Err(too_large());
    }
    let all = Limited::new(body, LIMIT).collect();
    match tokio::time::timeout(PATIENCE, all).await {
        Ok(Ok(all)) => Ok(all.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => {
            let why = "the body of the request broke off";
            Err(Reply::refused(StatusCode::BAD_REQUEST, why))
        }
        Err(_) => {
            let seconds = PATIENCE.as_secs();
            let why = format!("the body of the request did not arrive within {seconds} seconds");
            Err(Reply::refused(StatusCode::REQUEST_TIMEOUT, why))
        }
    }
}

fn too_large() -> Reply {
    let why = format!("a request has {LIMIT} octets at most");
    Reply::refused(StatusCode::PAYLOAD_TOO_LARGE, why)
}

/// Whether a media type is this one, whatever its parameters.
fn is_of_type(found: &[u8], content_type: &str) -> bool {
    let bare = found.split(|&octet| octet == b';').next().unwrap_or(found);
    bare.trim_ascii()
        .eq_ignore_ascii_case(content_type.as_bytes())
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut octets = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(octet) = octets.next() {
        decoded.push(match octet {
            b'%' => {
                let mut digit = || char::from(octets.next()?).to_digit(16);
                (digit()? << 4 | digit()?) as u8
            }
            octet => octet,
        });
    }
    Some(decoded)
}

/// Some clients leave the padding out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Requests of honest clients have some hundred octets.
const LIMIT: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_in_the_path_may_be_percent_encoded_or_not_padded_or_not() {
        for text in ["+/8=", "%2B%2F8%3D", "+/8", "%2b/%38"] {
            assert_eq!(from_path(text).ok(), Some(vec![0xfb, 0xff]), "{text}");
        }
    }

    #[test]
    fn what_is_no_base64_is_refused() {
        for text in ["*", "%", "%2", "%zz", "-_-=", "AAA AAAA", "A"] {
            assert!(from_path(text).is_err(), "{text}");
        }
    }

    #[test]
    fn media_type_counts_and_not_its_case_or_parameters() {
        let wanted = "application/ocsp-request";
        for found in ["application/ocsp-request", "Application/OCSP-Request ; a=b"] {
            assert!(is_of_type(found.as_bytes(), wanted), "{found}");
        }
        for found in [
            "",
            "application/ocsp-requests",
            "a;application/ocsp-request",
        ] {
            assert!(!is_of_type(found.as_bytes(), wanted), "{found}");
        }
    }
}
