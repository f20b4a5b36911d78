//! Whether a time-stamp proves that something existed at a time (RFC 3161).

mod check;
mod error;
#[cfg(test)]
mod test_stamp;

pub use check::Stamped;
pub use check::TimeStamped;
pub use check::check_time_stamp;
pub use error::TimeStampError;
