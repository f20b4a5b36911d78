use std::fmt;

use crate::form::language::Lang;

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
    #[error("attribute {name} of {element} means nothing: {value:?}")]
    AttributeValue {
        /// The element.
        element: String,
        /// Its attribute.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// A paragraph that prints nothing.
    #[error("the paragraph is empty")]
    EmptyParagraph,
    /// An attribute that the element must have.
    #[error("{element} has no attribute {name}")]
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
    #[error("the text has no {}", .lang.tag())]
    MissingLanguage {
        /// The language that is lacking.
        lang: Lang,
    },
    /// Text beside elements that say its language.
    #[error("text stands beside kk and ru")]
    MixedLanguages,
    /// What the tags leave is no XML.
    #[error("the form is no XML: {reason}")]
    NotXml {
        /// Why.
        reason: String,
    },
    /// Fixed text that does not say where it comes from.
    #[error("the text has no provenance: {text:?}")]
    NoProvenance {
        /// The text.
        text: String,
    },
    /// Text where only elements may stand.
    #[error("text stands in {element}: {text:?}")]
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
    #[error("{element} knows no attribute {name}")]
    UnknownAttribute {
        /// The element.
        element: String,
        /// The attribute.
        name: String,
    },
    /// An element that may not stand there.
    #[error("{element} may not stand in {parent}")]
    UnknownElement {
        /// The element.
        element: String,
        /// Where it stands.
        parent: String,
    },
}
