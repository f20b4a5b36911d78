/// Why a form cannot be laid out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text of a QR code is longer than one can say.
    #[error("the text of the QR code has {bytes} bytes, more than a code can hold")]
    CodeTooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// A character that is invisible or turns the direction of the text: what is printed would
    /// not be what is read.
    #[error(
        "invisible character U+{:04X} in the text «{text}»{}",
        *.character as u32,
        place(.pointer.as_deref())
    )]
    InvisibleCharacter {
        /// The character.
        character: char,
        /// The word it stands in.
        text: String,
        /// The value of the data that it belongs to, if any.
        pointer: Option<Box<str>>,
    },
    /// The fonts have no glyph for a character.
    #[error(
        "no glyph for «{character}» (U+{:04X}) in the text «{text}»{}",
        *.character as u32,
        place(.pointer.as_deref())
    )]
    MissingGlyph {
        /// The character.
        character: char,
        /// The word it stands in.
        text: String,
        /// The value of the data that it belongs to, if any.
        pointer: Option<Box<str>>,
    },
    /// [`crate::form::Inline::Page`] or [`crate::form::Inline::Pages`] outside a footer.
    #[error("a page number outside a footer")]
    PageNumberInBody,
    /// The cells of a row of a table do not fill its columns exactly.
    #[error("row {row} of a table fills {filled} of its {columns} columns")]
    RowShape {
        /// Counted from 1 in the head or the body.
        row: usize,
        /// Columns that its cells and the spans from above cover.
        filled: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A cell covers more rows than its head or body has left.
    #[error("a cell of row {row} of a table reaches beyond its last row")]
    RowSpan {
        /// Counted from 1 in the head or the body.
        row: usize,
    },
    /// Rows that cannot be parted (a head, or rows joined by a span) are taller than a page.
    #[error("rows of {height} pt that belong together stand on a page of {available} pt")]
    RowsTooTall {
        /// Points.
        height: f32,
        /// Points.
        available: f32,
    },
    /// The columns of a table are wider than the text area.
    #[error("columns of {width} pt in a text area of {available} pt")]
    TableTooWide {
        /// Points.
        width: f32,
        /// Points.
        available: f32,
    },
}

impl Error {
    /// The same, where it is about the text of a value of the data.
    pub(super) fn of_value(mut self, value: Option<&str>) -> Self {
        if let Self::InvisibleCharacter { pointer, .. } | Self::MissingGlyph { pointer, .. } =
            &mut self
        {
            *pointer = value.map(Box::from);
        }
        self
    }
}

fn place(pointer: Option<&str>) -> String {
    pointer.map_or_else(String::new, |pointer| format!(" of {pointer}"))
}
