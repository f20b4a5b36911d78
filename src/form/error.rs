use std::fmt;

use crate::form::language::Lang;
use crate::form::xml;

/// Why a form could not be filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data has a character that no document prints.
    #[error("{pointer} has the character U+{:04X}, which is not printed", u32::from(*.character))]
    Character {
        /// JSON pointer of the text.
        pointer: String,
        /// The character.
        character: char,
    },
    /// A template asks for what is not there.
    #[error("{place}: {reason}")]
    Fill {
        /// Where.
        place: Place,
        /// What it asks for.
        reason: String,
    },
    /// A filled template breaks the form language.
    #[error("{place}: {fault}")]
    Language {
        /// Where in the template.
        place: Place,
        /// What is wrong there.
        fault: LanguageFault,
    },
    /// A value of a table that is no figure.
    #[error("a table has {value:?} for a figure")]
    NoFigure {
        /// The value.
        value: String,
    },
    /// The data of a form is no JSON object.
    #[error("the data is no JSON object")]
    NoObject,
    /// The settings of an edition cannot be read.
    #[error("{place}: {reason}")]
    Settings {
        /// Where.
        place: Place,
        /// Why.
        reason: String,
    },
    /// The rows of a table sum to more than can be counted.
    #[error("the rows of {rows} sum to more than can be counted")]
    SumTooLarge {
        /// JSON pointer of the rows.
        rows: String,
    },
    /// A template does not compile.
    #[error("{place}: {reason}")]
    Template {
        /// Where.
        place: Place,
        /// Why.
        reason: String,
    },
    /// The data has more levels than any form.
    #[error("the data is nested too deep")]
    TooDeep,
    /// No edition of that name.
    #[error("there is no edition {id:?} of the forms")]
    UnknownEdition {
        /// The name asked for.
        id: String,
    },
    /// The edition does not have that form.
    #[error("the edition {edition} has no form {form:?}")]
    UnknownForm {
        /// Name of the edition.
        edition: String,
        /// The name asked for.
        form: String,
    },
    /// A template includes one that is not there, or itself.
    #[error("{place}: there is no template {name:?} to include")]
    UnknownPartial {
        /// Where.
        place: Place,
        /// The name asked for.
        name: String,
    },
    /// A value that the data allows and the edition does not have.
    #[error("{pointer} is {value:?}, which {edition} does not have; it has {}", .values.join(", "))]
    ValueNotInEdition {
        /// JSON pointer of the field.
        pointer: String,
        /// Its value.
        value: String,
        /// Name of the edition.
        edition: String,
        /// The values that it has.
        values: Vec<String>,
    },
}

/// A line of a file of an edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Name of the file within the folder of the edition.
    pub file: String,
    /// Its line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A breach of the form language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LanguageFault {
    /// An attribute with a value of no meaning.
    #[error(
        "attribute {name} of {element} means nothing: {value:?}; {}",
        meaning(name)
    )]
    AttributeValue {
        /// The element.
        element: String,
        /// Its attribute.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// A row whose cells do not fill the columns of its table.
    #[error("the row fills {filled} of the table's {columns} columns")]
    Columns {
        /// How many it fills, with the cells that reach into it from above.
        filled: usize,
        /// How many there are.
        columns: usize,
    },
    /// A paragraph that prints nothing.
    #[error(
        "the paragraph is empty: it is to have a text, and white space between lines is <space mm=\"3\"/>"
    )]
    EmptyParagraph,
    /// An attribute that the element must have.
    #[error("{element} has no attribute {name}; {}", meaning(name))]
    MissingAttribute {
        /// The element.
        element: String,
        /// The attribute.
        name: &'static str,
    },
    /// An element that must be there.
    #[error("{parent} has no {element}")]
    MissingElement {
        /// Where it should be.
        parent: String,
        /// The element.
        element: &'static str,
    },
    /// A text in one language without its twin in the other.
    #[error("the text has no <{0}>: it is to stand in both languages", .lang.element())]
    MissingLanguage {
        /// The language that is lacking.
        lang: Lang,
    },
    /// Text beside elements that say its language.
    #[error("text stands beside <kk> and <ru>: put it into both")]
    MixedLanguages,
    /// What the tags leave is no XML.
    #[error("{reason}")]
    NotXml {
        /// Why.
        reason: String,
    },
    /// Fixed text that does not say where it comes from.
    #[error("the text has no src that says where it comes from: {text:?}")]
    NoProvenance {
        /// The text.
        text: String,
    },
    /// Cells that cover more rows than there are.
    #[error("cells cover rows below the last one of {element}: attribute rows is too large")]
    RowsBelow {
        /// `head` or `body`.
        element: String,
    },
    /// Text where only elements may stand.
    #[error("text stands in {element} where only elements may: {text:?}; put it into <p>")]
    StrayText {
        /// The element.
        element: String,
        /// The text.
        text: String,
    },
    /// Elements inside one another beyond all sense.
    #[error("elements stand more than {most} deep inside one another")]
    TooDeep {
        /// How many may.
        most: usize,
    },
    /// An attribute that the element does not have.
    #[error("{element} knows no attribute {name}; it has {}", listed(known))]
    UnknownAttribute {
        /// The element.
        element: String,
        /// The attribute.
        name: String,
        /// Those that it has.
        known: String,
    },
    /// An element that may not stand there.
    #[error(
        "{element} may not stand in {parent}, which has {}",
        listed(children(parent))
    )]
    UnknownElement {
        /// The element.
        element: String,
        /// Where it stands.
        parent: String,
    },
}

fn listed(names: &str) -> &str {
    match names {
        "" => "none",
        names => names,
    }
}

/// What may stand in an element.
fn children(element: &str) -> &'static str {
    match element {
        "the template" => "form",
        "form" => "title, watermark and sheet",
        "title" => "kk and ru",
        "sheet" => {
            "header, footer, p, h1, h2, h3, caption, bar, grid, group, list, signature, space, table and twin"
        }
        "group" | "signature" => {
            "p, h1, h2, h3, caption, bar, grid, group, list, signature, space, table and twin"
        }
        "header" | "item" => "p",
        "footer" => "p and qr",
        "grid" => "entry",
        "entry" => "one key and p",
        "list" => "item",
        "table" => "head and body",
        "head" | "body" => "row",
        "row" => "cell",
        "cell" => "p and caption",
        "twin" => "p, h1 and caption",
        "p" | "h1" | "h2" | "h3" | "caption" | "key" => {
            "kk and ru, or text with b, i, br, page, pages, t and v"
        }
        "kk" | "ru" | "b" | "i" | "t" | "v" => "text with b, i, br, page, pages, t and v",
        _ => "",
    }
}

/// What an attribute may be.
fn meaning(attribute: &str) -> &'static str {
    match attribute {
        "align" => "it is left, right, center, justify or decimal",
        "borders" => "it is grid or none",
        "columns" | "rows" => {
            "it is in table and grid the widths, \"10 2* *\" (millimetres, or shares of the rest; two in a grid), in cell how many it covers"
        }
        "indent" | "mm" => "it is a number of millimetres, with a point",
        "keep" | "ruled" | "verbatim-only" => "it is yes, or is left out",
        "languages" => {
            "it is apart or together in sheet, apart or both in group, both in header and footer"
        }
        "marks" => "it is 1. or 1) or dash or none",
        "orientation" => "it is portrait or landscape",
        "percent" => "it is a number from 0 to 100",
        "scope" => "it is row, or is left out",
        "src" => xml::SOURCES,
        "style" => "it is body, caption, small, table-body or table-head",
        _ => "see docs/forms.md",
    }
}
