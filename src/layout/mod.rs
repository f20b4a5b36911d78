//! Filled form and fonts to [`Pages`]: shaping, line breaking, tables, page breaks.
//!
//! Everything is measured in points (1/72 inch), horizontally from the left edge of the page and
//! vertically from its top.

mod binding;
mod breaking;
mod cell;
mod code;
mod error;
mod flow;
mod fonts;
mod furniture;
mod grid;
mod hyphen;
mod line;
mod pages;
mod rule;
mod shape;
mod sheet;
mod structure;
mod style;
mod table;
mod tags;
mod watermark;
mod words;

#[cfg(test)]
pub(crate) mod samples;

pub use code::Code;
pub use code::DarkModules;
pub use error::Error;
pub use fonts::Face;
pub use fonts::Fonts;
pub use pages::Direction;
pub use pages::Figure;
pub use pages::Page;
pub use pages::Pages;
pub use pages::Piece;
pub use pages::Rule;
pub use pages::Run;
pub use pages::Watermark;
pub use sheet::lay_out;
pub use structure::Artifact;
pub use structure::Element;
pub use structure::ElementId;
pub use structure::Kid;
pub use structure::Mark;
pub use structure::Numbering;
pub use structure::Owner;
pub use structure::Role;
pub use structure::Scope;
pub use structure::Spans;
pub use structure::Structure;
