//! An edition's templates: handlebars (strict) to the form language, parsed and complete.

mod language;

pub use language::Align;
pub use language::Block;
pub use language::Borders;
pub use language::Cell;
pub use language::ColumnWidth;
pub use language::FilledForm;
pub use language::Inline;
pub use language::Lang;
pub use language::Orientation;
pub use language::Paragraph;
pub use language::Row;
pub use language::Sheet;
pub use language::Style;
pub use language::Table;
