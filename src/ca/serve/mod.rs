//! The authority over HTTP: its OCSP responder, its time-stamps, its lists and certificates.
//!
//! ```text
//! POST /ocsp               RFC 6960, application/ocsp-request
//! GET  /ocsp/BASE64        the same request in the path (RFC 6960 §A.1)
//! POST /tsa                RFC 3161, application/timestamp-query
//! GET  /crl/NAME.crl       root, ca, root-delta, ca-delta; application/pkix-crl
//! GET  /ca/NAME.cer        root, ca, responder, tsa; application/pkix-cert
//! ```
//!
//! Every answer tells the state of the folder at its time: what another process has revoked is
//! known to the next answer. The folder itself is only read: lists are those that stand in it,
//! whatever the server's clock shows.

#![allow(
    clippy::disallowed_methods,
    reason = "this module is the server; everything that it answers is made without clock and files"
)]

mod clock;
mod error;
mod live;
mod reply;
mod request;
mod revision;
mod service;
mod stall;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::server::graceful::Watcher;
use serde::Serialize;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::sync::watch;

use crate::ca::Faults;
use crate::ca::OcspSigner;
use crate::ca::serve::clock::Clock;
use crate::ca::serve::live::Live;
use crate::ca::serve::service::Service;
use crate::ca::serve::stall::StallTimeout;
use crate::ca::store::Store;

pub use error::Error;

/// How the authority is served.
#[derive(Clone, Copy, Debug)]
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What time it is when the server starts; from then on its clock runs as that of the system.
    /// Without it the two are the same.
    pub clock: Option<OffsetDateTime>,
    /// What the server does wrong.
    pub faults: Faults,
    /// Who signs OCSP answers.
    pub ocsp_signer: OcspSigner,
}

/// Where a server is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Addresses {
    /// The beginning of every other address.
    pub base: String,
    /// The OCSP responder.
    pub ocsp: String,
    /// The time-stamping authority.
    pub tsa: String,
    /// The complete list of the issuing authority; those of `root` and the deltas are beside it.
    pub crl: String,
    /// The certificate of the issuing authority; `root.cer`, `responder.cer` and `tsa.cer` are beside
    /// it.
    pub ca: String,
}

/// A server that has its address and waits to be run.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    service: Arc<Service>,
    stopping: watch::Sender<bool>,
    addresses: Addresses,
}

impl Server {
    /// Takes the address. Clients can connect from now on and are answered once the server runs.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] when the address cannot be had; [`Error::Authority`] when the folder cannot
    /// be read; [`Error::Runtime`].
    pub fn bind(store: Store, options: &ServeOptions) -> Result<Self, Error> {
        let live = Live::new(store)?;
        let runtime = Runtime::new().map_err(Error::Runtime)?;
        let address = options.listen;
        let listen = |source| Error::Listen { address, source };
        let listener = runtime
            .block_on(TcpListener::bind(address))
            .map_err(listen)?;
        let addresses = Addresses::of(listener.local_addr().map_err(listen)?);
        let (stopping, stopped) = watch::channel(false);
        let clock = Clock::starting_at(options.clock);
        Ok(Self {
            service: Arc::new(Service::new(live, clock, options, stopped)),
            runtime,
            listener,
            stopping,
            addresses,
        })
    }

    /// Where it is found.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// What ends when the process is asked to end, by SIGINT or SIGTERM; elsewhere than on Unix by
    /// Ctrl-C. From this call on the signals do not end the process themselves.
    ///
    /// # Errors
    ///
    /// [`Error::Runtime`] when the signals cannot be had.
    pub fn termination(&self) -> Result<impl Future<Output = ()> + Send + 'static, Error> {
        let _inside = self.runtime.enter();
        termination().map_err(Error::Runtime)
    }

    /// Serves until `stop` ends. Answers that are under way then are finished, slow ones at once;
    /// clients that do not take theirs within five seconds are left.
    pub fn run(self, stop: impl Future<Output = ()>) {
        let Self {
            runtime,
            listener,
            service,
            stopping,
            ..
        } = self;
        let connections = Arc::new(GracefulShutdown::new());
        let accepting = runtime.spawn(accept(listener, service, connections.clone()));
        runtime.block_on(async {
            stop.await;
            accepting.abort();
            // Nobody waits any more when there is no connection.
            let _ = stopping.send(true);
            let _ = accepting.await;
            if let Some(connections) = Arc::into_inner(connections) {
                let _ = tokio::time::timeout(GRACE, connections.shutdown()).await;
            }
        });
        runtime.shutdown_background();
    }
}

impl Addresses {
    fn of(address: SocketAddr) -> Self {
        let base = format!("http://{address}");
        Self {
            ocsp: format!("{base}/ocsp"),
            tsa: format!("{base}/tsa"),
            crl: format!("{base}/crl/ca.crl"),
            ca: format!("{base}/ca/ca.cer"),
            base,
        }
    }
}

async fn accept(listener: TcpListener, service: Arc<Service>, connections: Arc<GracefulShutdown>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection = connection(stream, service.clone(), connections.watcher());
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            // The client is gone again, or there are no descriptors left for a while.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn connection(stream: TcpStream, service: Arc<Service>, watcher: Watcher) {
    // Answers are written whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request| {
        let service = service.clone();
        async move { service.answer(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEADER_LIMIT)
        .serve_connection(TokioIo::new(StallTimeout::new(stream, PATIENCE)), answer);
    // What goes wrong on a connection is its client's affair.
    let _ = watcher.watch(connection).await;
}

#[cfg(unix)]
fn termination() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(std::future::poll_fn(move |context| {
        let interrupted = interrupt.poll_recv(context).is_ready();
        match interrupted || terminate.poll_recv(context).is_ready() {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    }))
}

#[cfg(not(unix))]
fn termination() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// How long answers under way have when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// The head of a request, with a request for OCSP in its path.
const HEADER_LIMIT: usize = 128 * 1024;
/// A practice server; more clients wait until others are served.
const MOST_CONNECTIONS: usize = 512;
/// How long a client may take for the head or the body of a request, or keep silent between two,
/// or not take what it asked for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Before the next try to take a connection.
const PAUSE: Duration = Duration::from_millis(50);
