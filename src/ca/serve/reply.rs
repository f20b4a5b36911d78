//! What goes back to the client.

use http_body_util::Full;
use hyper::Response;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header;
use hyper::header::HeaderValue;

/// An answer.
pub(super) struct Reply {
    status: StatusCode,
    content_type: &'static str,
    allow: Option<&'static str>,
    body: Vec<u8>,
}

impl Reply {
    /// What was asked for.
    pub(super) fn found(content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type,
            allow: None,
            body,
        }
    }

    /// Why there is none, in a sentence.
    pub(super) fn refused(status: StatusCode, why: impl Into<String>) -> Self {
        let mut why = why.into();
        why.push('\n');
        Self {
            status,
            content_type: "text/plain; charset=utf-8",
            allow: None,
            body: why.into_bytes(),
        }
    }

    /// That the method is not one of those that may be used here.
    pub(super) fn method_not_allowed(allow: &'static str, what: &str) -> Self {
        let why = format!("{what}; use {allow}");
        Self {
            allow: Some(allow),
            ..Self::refused(StatusCode::METHOD_NOT_ALLOWED, why)
        }
    }
}

impl From<Reply> for Response<Full<Bytes>> {
    fn from(reply: Reply) -> Self {
        let mut response = Self::new(Full::new(Bytes::from(reply.body)));
        *response.status_mut() = reply.status;
        let headers = response.headers_mut();
        let content_type = HeaderValue::from_static(reply.content_type);
        headers.insert(header::CONTENT_TYPE, content_type);
        // The next answer may be another one.
        let no_cache = HeaderValue::from_static("no-cache");
        headers.insert(header::CACHE_CONTROL, no_cache);
        if let Some(allow) = reply.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}
