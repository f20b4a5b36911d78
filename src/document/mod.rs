//! Data to PDF in one call, and the data back out of the PDF.

mod embedded;
mod error;
mod qr_text;
mod render;
mod signer_roles;

pub use embedded::Embedded;
pub use embedded::EmbeddedError;
pub use embedded::Render;
pub use error::Error;
pub use qr_text::QrBaseUrl;
pub use qr_text::QrBaseUrlError;
pub use qr_text::QrText;
pub use qr_text::QrTextError;
pub use render::Document;
pub use render::RenderOptions;
pub use render::render;
pub use signer_roles::FormRoles;
pub use signer_roles::SignerRoles;
