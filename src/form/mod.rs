//! An edition's templates: handlebars (strict) to the form language, parsed and complete.

mod builtin;
mod check;
mod columns;
mod context;
mod data;
mod dates;
mod edition;
mod error;
mod helpers;
mod language;
mod options;
mod pointed;
mod settings;
mod tables;
mod template;
mod xml;

pub use check::Finding;
pub use check::Findings;
pub use check::check;
pub use data::FormData;
pub use data::Sample;
pub use edition::Edition;
pub use error::Error;
pub use error::LanguageFault;
pub use error::Place;
pub use language::Align;
pub use language::Block;
pub use language::Borders;
pub use language::Cell;
pub use language::ColumnWidth;
pub use language::FilledForm;
pub use language::Inline;
pub use language::Item;
pub use language::Lang;
pub use language::List;
pub use language::Marks;
pub use language::Orientation;
pub use language::Paragraph;
pub use language::Qr;
pub use language::Row;
pub use language::Scope;
pub use language::Sheet;
pub use language::Style;
pub use language::Table;
pub use options::FillOptions;
pub use options::Language;
pub use options::Medium;
pub use options::Notice;
pub use options::Provenance;
pub use options::RepealNote;
pub use options::Wording;
pub use settings::Correction;
pub use settings::CorrectionClass;

#[cfg(test)]
mod tests;
