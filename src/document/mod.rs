//! Data to PDF in one call, and the data back out of the PDF.

mod embedded;
mod error;
mod render;
mod signer_roles;

pub use embedded::Embedded;
pub use embedded::EmbeddedError;
pub use embedded::Render;
pub use error::Error;
pub use render::Document;
pub use render::RenderOptions;
pub use render::render;
pub use signer_roles::SignerRoles;
