//! An edition's templates: handlebars (strict) to the form language, parsed and complete.

mod annex;
mod columns;
mod context;
mod edition;
mod error;
mod language;
mod options;
mod pointed;
mod settings;
mod template;
mod xml;

pub use edition::Edition;
pub use error::Error;
pub use error::LanguageFault;
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
pub use settings::Correction;

#[cfg(test)]
mod tests;
