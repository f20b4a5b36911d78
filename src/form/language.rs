//! The form language: what a template says once every value is in it, and all that `layout` reads.

use std::sync::Arc;

/// A form with every value in its place, ready to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledForm {
    /// Title for the file's metadata, not printed.
    pub title: String,
    /// Language of the document as a whole: that of its first sheet.
    pub lang: Lang,
    /// Printed across every page of a draft («ЖОБА / ПРОЕКТ»).
    pub watermark: Option<String>,
    /// In printing order; each begins on a new page.
    pub sheets: Vec<Sheet>,
}

/// A part of the document that begins on a new page and has a footer of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Language of the sheet where nothing inside says otherwise.
    pub lang: Lang,
    /// How its pages lie.
    pub orientation: Orientation,
    /// Repeated at the head of every page, with [`Inline::Page`] and [`Inline::Pages`] resolved.
    pub header: Vec<Paragraph>,
    /// Repeated at the foot of every page, with [`Inline::Page`] and [`Inline::Pages`] resolved.
    pub footer: Vec<Paragraph>,
    /// Printed at the foot, beside the footer.
    pub qr: Option<Qr>,
    /// In reading order.
    pub blocks: Vec<Block>,
}

/// How an A4 page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    /// 210 × 297 mm.
    Portrait,
    /// 297 × 210 mm.
    Landscape,
}

/// A piece of a sheet, set from top to bottom.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A bar of a chart: this share of the width, from 0 to 1. The figure it shows is printed beside
    /// it.
    Bar(f32),
    /// Kept on one page when it fits on one.
    Group(Vec<Self>),
    /// Items with a mark each.
    List(List),
    /// Lines of text.
    Paragraph(Paragraph),
    /// Where the document is signed, kept on one page: position, place of the signature, name,
    /// and what stands for the seal.
    Signature(Vec<Self>),
    /// Vertical space in millimetres, dropped at the top of a page.
    Space(f32),
    /// Rows and columns; breaks between rows, the head is repeated.
    Table(Table),
}

/// Lines of text of one style.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// Type size, weight and space around.
    pub style: Style,
    /// Where the lines stand.
    pub align: Align,
    /// Language of the text, for the structure of the file.
    pub lang: Lang,
    /// Indent of the first line in millimetres.
    pub indent: f32,
    /// A thin rule below the last line over the whole width: the blank of a printed form.
    pub ruled: bool,
    /// Never the last thing on a page when something follows.
    pub keep_with_next: bool,
    /// The text.
    pub inlines: Vec<Inline>,
}

/// Items one below the other, each with its mark on the left.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// What the marks are.
    pub marks: Marks,
    /// In order.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The mark as printed: `1.`, `2)`, `–`; empty where there is none.
    pub mark: String,
    /// Its text, one paragraph in each language.
    pub paragraphs: Vec<Paragraph>,
}

/// The marks of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// `–` before each.
    Dash,
    /// `1.` `2.`
    Number,
    /// None.
    None,
    /// `1)` `2)`
    Parenthesis,
}

/// A code that a camera reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Qr {
    /// What it says; one that says nothing is not printed.
    pub content: String,
    /// Length of a side with its quiet zone, millimetres.
    pub size: f32,
}

/// The styles of a form; sizes and spaces are the layout's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Running text.
    Body,
    /// Small text below a blank, saying what goes into it.
    Caption,
    /// Heading of an appendix or a part; always kept with what follows.
    Heading,
    /// Small print: clauses, footers.
    Small,
    /// Heading below a [`Style::Heading`]; always kept with what follows.
    Subheading,
    /// Text of a table's body.
    TableBody,
    /// Text of a table's head.
    TableHead,
    /// Title of the document; always kept with what follows.
    Title,
}

impl Style {
    /// Which heading it is in the structure of the file, from 1; none for text that is no heading.
    #[must_use]
    pub fn heading_level(self) -> Option<u8> {
        match self {
            Self::Title => Some(1),
            Self::Heading => Some(2),
            Self::Subheading => Some(3),
            Self::Body | Self::Caption | Self::Small | Self::TableBody | Self::TableHead => None,
        }
    }
}

/// Where lines stand in their width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// In the middle.
    Center,
    /// Figures of a column with their decimal commas one below the other.
    Decimal,
    /// Flush on both sides, the last line on the left.
    Justify,
    /// Flush left.
    Left,
    /// Flush right.
    Right,
}

/// A stretch of text inside a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// A line break.
    Break,
    /// Number of the page it stands on.
    Page,
    /// Number of pages of the document.
    Pages,
    /// Text; white space between words is one space, U+00A0 does not break.
    Text {
        /// The words.
        text: String,
        /// Set in the bold face.
        bold: bool,
        /// Set in the italic face.
        italic: bool,
        /// The value of the data that this is the print of, as a JSON pointer.
        pointer: Option<Arc<str>>,
    },
}

/// A table: the sum of its column widths is the width of the text area.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// One for each column.
    pub columns: Vec<ColumnWidth>,
    /// Lines between cells, or none (for blanks and signatures set in columns).
    pub borders: Borders,
    /// Repeated on every page that the table reaches.
    pub head: Vec<Row>,
    /// The rest; a row is never broken.
    pub body: Vec<Row>,
    /// Its last row stays on the page of what follows.
    pub keep_with_next: bool,
}

/// Width of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColumnWidth {
    /// Millimetres.
    Fixed(f32),
    /// A share of what the fixed ones leave.
    Share(f32),
}

/// Lines of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Borders {
    /// Round every cell.
    Grid,
    /// None.
    None,
}

/// A row of cells from left to right; columns that a span covers have no cell of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The cells that begin in this row.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Columns it covers, at least 1.
    pub column_span: usize,
    /// Rows it covers, at least 1, and never beyond the head or the body it stands in.
    pub row_span: usize,
    /// What it is the head of; every cell of a table's head is one of its column.
    pub scope: Option<Scope>,
    /// Its text.
    pub paragraphs: Vec<Paragraph>,
}

/// What the head cell of a table speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The cells below it.
    Column,
    /// The cells beside it.
    Row,
}

/// The two languages of the forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// Kazakh, the state language.
    Kk,
    /// Russian.
    Ru,
}

impl Lang {
    /// Its tag as BCP 47 writes it.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Kk => "kk-KZ",
            Self::Ru => "ru-KZ",
        }
    }

    /// The element of the form language that holds its texts.
    pub(super) fn element(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
        }
    }
}
