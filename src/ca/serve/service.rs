//! Which answer belongs to which request.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::time::Duration;

use http_body_util::Full;
use hyper::Method;
use hyper::Request;
use hyper::Response;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::body::Incoming;
use tokio::sync::watch;

use crate::ca;
use crate::ca::Authority;
use crate::ca::Faults;
use crate::ca::ListFault;
use crate::ca::OcspConduct;
use crate::ca::OcspFault;
use crate::ca::TimeStampFault;
use crate::ca::fault::broken_off;
use crate::ca::fault::spoilt;
use crate::ca::serve::ServeOptions;
use crate::ca::serve::clock::Clock;
use crate::ca::serve::live::Live;
use crate::ca::serve::reply::Reply;
use crate::ca::serve::request;
use crate::x509::Certificate;

/// What answers the requests of all connections.
pub(super) struct Service {
    live: Live,
    clock: Clock,
    faults: Faults,
    ocsp: OcspConduct,
    stopped: watch::Receiver<bool>,
}

impl Service {
    pub(super) fn new(
        live: Live,
        clock: Clock,
        options: &ServeOptions,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let faults = options.faults;
        let ocsp = OcspConduct {
            signed_by: options.ocsp_signer,
            fault: faults.ocsp,
            ..OcspConduct::default()
        };
        Self {
            live,
            clock,
            faults,
            ocsp,
            stopped,
        }
    }

    pub(super) async fn answer(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let reply = self.route(request).await.unwrap_or_else(|reply| reply);
        Ok(reply.into())
    }

    async fn route(&self, request: Request<Incoming>) -> Result<Reply, Reply> {
        let (head, body) = request.into_parts();
        match Target::of(head.uri.path()).ok_or_else(not_found)? {
            Target::Ocsp => {
                only_post(&head.method, "a request for OCSP is posted, or in the path")?;
                let body = request::body(&head.headers, body, OCSP_REQUEST).await?;
                self.ocsp(&body).await
            }
            Target::OcspInPath(text) => {
                only_get(&head.method, "a request for OCSP in the path is not posted")?;
                self.ocsp(&request::from_path(text)?).await
            }
            Target::TimeStamp => {
                only_post(&head.method, "a request for a time-stamp is posted")?;
                let body = request::body(&head.headers, body, TIMESTAMP_QUERY).await?;
                self.time_stamp(&body).await
            }
            Target::List(list) => {
                only_get(&head.method, "a revocation list is only read")?;
                self.list(list).await
            }
            Target::Certificate(certificate) => {
                only_get(&head.method, "a certificate is only read")?;
                let authority = self.live.authority().map_err(failed)?;
                let der = certificate(&authority).as_der().to_vec();
                Ok(Reply::found(PKIX_CERT, der))
            }
        }
    }

    async fn ocsp(&self, request: &[u8]) -> Result<Reply, Reply> {
        self.delay(self.faults.ocsp == Some(OcspFault::Slow)).await;
        let authority = self.live.authority().map_err(failed)?;
        let answer = authority
            .answer_ocsp(request, self.clock.now(), &self.ocsp)
            .map_err(failed)?;
        Ok(Reply::found(OCSP_RESPONSE, answer))
    }

    async fn time_stamp(&self, request: &[u8]) -> Result<Reply, Reply> {
        let fault = self.faults.tsa;
        self.delay(fault == Some(TimeStampFault::Slow)).await;
        let authority = self.live.authority().map_err(failed)?;
        let answer = authority
            .answer_time_stamp(request, self.clock.now(), fault)
            .map_err(failed)?;
        Ok(Reply::found(TIMESTAMP_REPLY, answer))
    }

    async fn list(&self, list: List) -> Result<Reply, Reply> {
        let fault = self.faults.crl;
        self.delay(fault == Some(ListFault::Slow)).await;
        let read = |list: List| tokio::task::block_in_place(|| self.read(list));
        let der = match fault {
            Some(ListFault::Missing) => return Err(not_found()),
            Some(ListFault::WrongIssuer) => read(list.of_the_other_authority())?,
            Some(ListFault::Malformed) => broken_off(read(list)?),
            // The signature is the end of a list.
            Some(ListFault::BadSignature) => spoilt(read(list)?),
            Some(ListFault::Stale) => tokio::task::block_in_place(|| self.stale(list))?,
            Some(ListFault::Slow) | None => read(list)?,
        };
        Ok(Reply::found(PKIX_CRL, der))
    }

    fn read(&self, list: List) -> Result<Vec<u8>, Reply> {
        let path = self.live.store().folder().join("crl").join(list.name());
        fs::read(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => not_found(),
            _ => failed(ca::Error::Io { path, source }),
        })
    }

    /// The list as it was two years before, long after the nextUpdate that it had then. The copy of the
    /// authority that makes it is thrown away, and the number with it.
    fn stale(&self, list: List) -> Result<Vec<u8>, Reply> {
        let now = self.clock.now();
        let then = now
            .checked_sub(time::Duration::days(2 * 365))
            .unwrap_or(now);
        let mut authority = self.live.store().authority().map_err(failed)?;
        let lists = match list {
            List::Root | List::Issuing => authority.revocation_lists(then),
            List::RootDelta | List::IssuingDelta => authority.delta_lists(then),
        };
        let lists = lists.map_err(failed)?;
        Ok(match list {
            List::Root | List::RootDelta => lists.root,
            List::Issuing | List::IssuingDelta => lists.issuing,
        })
    }

    /// Waits longer than clients do, but not for a server that is to stop.
    async fn delay(&self, slow: bool) {
        if slow {
            let mut stopped = self.stopped.clone();
            let _ = tokio::time::timeout(SLOW, stopped.wait_for(|stopped| *stopped)).await;
        }
    }
}

/// What a path leads to.
enum Target<'a> {
    Ocsp,
    OcspInPath(&'a str),
    TimeStamp,
    List(List),
    Certificate(fn(&Authority) -> &Certificate),
}

impl<'a> Target<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let name = |folder, kind| path.strip_prefix(folder)?.strip_suffix(kind);
        match path {
            "/ocsp" | "/ocsp/" => return Some(Self::Ocsp),
            "/tsa" => return Some(Self::TimeStamp),
            _ => {}
        }
        if let Some(text) = path.strip_prefix("/ocsp/") {
            Some(Self::OcspInPath(text))
        } else if let Some(list) = name("/crl/", ".crl") {
            List::of_name(list).map(Self::List)
        } else {
            name("/ca/", ".cer")
                .and_then(certificate_of_name)
                .map(Self::Certificate)
        }
    }
}

/// A list that is served.
#[derive(Clone, Copy)]
enum List {
    Root,
    RootDelta,
    Issuing,
    IssuingDelta,
}

impl List {
    fn of_name(name: &str) -> Option<Self> {
        match name {
            "root" => Some(Self::Root),
            "root-delta" => Some(Self::RootDelta),
            "ca" => Some(Self::Issuing),
            "ca-delta" => Some(Self::IssuingDelta),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Root => "root.crl",
            Self::RootDelta => "root-delta.crl",
            Self::Issuing => "ca.crl",
            Self::IssuingDelta => "ca-delta.crl",
        }
    }

    fn of_the_other_authority(self) -> Self {
        match self {
            Self::Root => Self::Issuing,
            Self::RootDelta => Self::IssuingDelta,
            Self::Issuing => Self::Root,
            Self::IssuingDelta => Self::RootDelta,
        }
    }
}

fn certificate_of_name(name: &str) -> Option<fn(&Authority) -> &Certificate> {
    match name {
        "root" => Some(Authority::root),
        "ca" => Some(Authority::issuing),
        "responder" => Some(Authority::responder),
        "tsa" => Some(Authority::time_stamping),
        _ => None,
    }
}

fn only_get(method: &Method, what: &str) -> Result<(), Reply> {
    match *method {
        Method::GET | Method::HEAD => Ok(()),
        _ => Err(Reply::method_not_allowed("GET, HEAD", what)),
    }
}

fn only_post(method: &Method, what: &str) -> Result<(), Reply> {
    match *method {
        Method::POST => Ok(()),
        _ => Err(Reply::method_not_allowed("POST", what)),
    }
}

fn not_found() -> Reply {
    let why = "there is nothing here; this TEST authority has /ocsp, /tsa, /crl/NAME.crl (root, ca, \
               root-delta, ca-delta) and /ca/NAME.cer (root, ca, responder, tsa)";
    Reply::refused(StatusCode::NOT_FOUND, why)
}

#[expect(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn failed(error: ca::Error) -> Reply {
    let mut why = format!("the TEST authority cannot answer: {error}");
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        why.push_str(&format!(": {error}"));
        cause = error.source();
    }
    Reply::refused(StatusCode::INTERNAL_SERVER_ERROR, why)
}

const OCSP_REQUEST: &str = "application/ocsp-request";
const OCSP_RESPONSE: &str = "application/ocsp-response";
const PKIX_CERT: &str = "application/pkix-cert";
const PKIX_CRL: &str = "application/pkix-crl";
const TIMESTAMP_QUERY: &str = "application/timestamp-query";
const TIMESTAMP_REPLY: &str = "application/timestamp-reply";
/// Clients wait 10 to 30 seconds.
const SLOW: Duration = Duration::from_secs(60);
