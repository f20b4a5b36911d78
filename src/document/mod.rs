//! Data to PDF in one call, and the data back out of the PDF.

mod embedded;

pub use embedded::Embedded;
pub use embedded::EmbeddedError;
pub use embedded::Render;
