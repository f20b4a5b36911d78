use std::io;
use std::net::SocketAddr;

use crate::ca;

/// Why the authority cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder of the authority cannot be read.
    #[error(transparent)]
    Authority(#[from] ca::Error),
    /// The address is taken, or not of this machine.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Threads or signals cannot be had.
    #[error("the server cannot be started")]
    Runtime(#[source] io::Error),
}
