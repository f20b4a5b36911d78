//! A verification [`Report`](crate::verify::Report) as text and JSON, in Kazakh, Russian and
//! English. Every sentence comes from the catalogue, which is data.

mod catalogue;
mod instant;
mod json;
mod schema;
mod text;

pub use catalogue::Catalogue;
pub use catalogue::Language;
pub use json::json;
pub use json::json_error;
pub use schema::schema;
pub use text::text;
