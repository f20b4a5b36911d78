//! PAdES signatures in two steps: prepare, sign anywhere, embed (ETSI EN 319 142-1, level B-B).
//!
//! ```text
//! let ready  = sign::prepare(pdf, &chain, &options)?;   // everything is checked and fixed; no key yet
//! let cms    = ready.sign(&signer)?;                    // here, in a token, or elsewhere minutes later
//! let signed = ready.embed(&cms)?;
//! ```

mod chain;
mod error;
mod preflight;
mod ready;

pub use chain::Chain;
pub use error::Error;
pub use error::ListDefect;
pub use error::Refusal;
pub use preflight::Preflight;
pub use ready::ReadyToSign;
pub use ready::SignOptions;
pub use ready::prepare;
