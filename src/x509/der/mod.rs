//! DER and BER elements over raw slices (X.690): a reader that copies nothing, and writers.

mod error;
mod reader;
mod time;
mod writer;

pub use error::Error;
pub use reader::BitString;
pub use reader::Reader;
pub use reader::Tag;
pub use reader::Tlv;
pub use time::Fraction;
pub use time::generalized_time_from;
pub use time::time_from;
pub use time::utc_time_from;
pub use writer::algorithm_identifier;
pub use writer::bit_string;
pub use writer::boolean;
pub use writer::context;
pub use writer::context_primitive;
pub use writer::enumerated;
pub use writer::generalized_time;
pub use writer::ia5_string;
pub use writer::integer;
pub use writer::null;
pub use writer::octet_string;
pub use writer::oid;
pub use writer::printable_string;
pub use writer::sequence;
pub use writer::set_of;
pub use writer::signature_algorithm;
pub use writer::time;
pub use writer::tlv;
pub use writer::unsigned;
pub use writer::utc_time;
pub use writer::utf8_string;
