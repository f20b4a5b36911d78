use std::fmt;

use crate::pki::ocsp::BasicOcspResponse;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::oids;
use crate::x509::der;
use crate::x509::der::Reader;

/// What a responder sends back (RFC 6960 §4.2.1) over the bytes it came in.
///
/// Reading judges nothing: see [`check_response`](super::check_response).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspResponse {
    der: Vec<u8>,
    content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Basic(BasicOcspResponse),
    /// The status is not `Successful`.
    Refusal(ResponseStatus),
}

/// Whether the responder answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseStatus {
    /// There is an answer.
    Successful = 0,
    /// The request could not be read.
    MalformedRequest = 1,
    /// Something is wrong inside the responder.
    InternalError = 2,
    /// Another time perhaps.
    TryLater = 3,
    /// The request must be signed.
    SigRequired = 5,
    /// The asker may not ask, or the responder does not know the certificate (RFC 5019 §2.2.3).
    Unauthorized = 6,
}

impl OcspResponse {
    /// Reads an `OCSPResponse` in DER and nothing behind it.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownStatus`]; [`Error::NoResponseBytes`] and [`Error::UnexpectedResponseBytes`]
    /// when content and status do not go together; [`Error::UnknownResponseType`]; and when the
    /// content is no `BasicOCSPResponse`.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let status = ResponseStatus::try_from(fields.enumerated()?)?;
        let bytes = fields.context(0)?;
        fields.finish()?;
        let content = match (status, bytes) {
            (ResponseStatus::Successful, Some(bytes)) => Content::Basic(read_bytes(bytes)?),
            (ResponseStatus::Successful, None) => return Err(Error::NoResponseBytes),
            (status, Some(_)) => return Err(Error::UnexpectedResponseBytes { status }),
            (status, None) => Content::Refusal(status),
        };
        Ok(Self {
            der: der.to_vec(),
            content,
        })
    }

    /// The whole response in DER.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whether the responder answers.
    pub fn status(&self) -> ResponseStatus {
        match self.content {
            Content::Basic(_) => ResponseStatus::Successful,
            Content::Refusal(status) => status,
        }
    }

    /// The answer.
    ///
    /// # Errors
    ///
    /// [`Error::Unsuccessful`] when there is none.
    pub fn basic(&self) -> Result<&BasicOcspResponse, Error> {
        match &self.content {
            Content::Basic(basic) => Ok(basic),
            Content::Refusal(status) => Err(Error::Unsuccessful { status: *status }),
        }
    }
}

fn read_bytes(mut bytes: Reader<'_>) -> Result<BasicOcspResponse, Error> {
    let mut fields = bytes.sequence()?;
    bytes.finish()?;
    let oid = fields.oid()?;
    if oid != oids::BASIC {
        return Err(Error::UnknownResponseType { oid });
    }
    let response = fields.octet_string()?;
    fields.finish()?;
    BasicOcspResponse::from_der(&response)
}

impl ResponseStatus {
    /// The response in DER that says this and nothing else: every status but `Successful` has no
    /// content (RFC 6960 §2.3).
    pub fn to_der(self) -> Vec<u8> {
        der::sequence(&[der::enumerated(self as u8)])
    }
}

impl TryFrom<u64> for ResponseStatus {
    type Error = Error;

    fn try_from(code: u64) -> Result<Self, Error> {
        ALL.into_iter()
            .find(|status| *status as u64 == code)
            .ok_or(Error::UnknownStatus { code })
    }
}

impl fmt::Display for ResponseStatus {
    /// The name of the standard.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Successful => "successful",
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SigRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
        })
    }
}

const ALL: [ResponseStatus; 6] = [
    ResponseStatus::Successful,
    ResponseStatus::MalformedRequest,
    ResponseStatus::InternalError,
    ResponseStatus::TryLater,
    ResponseStatus::SigRequired,
    ResponseStatus::Unauthorized,
];
