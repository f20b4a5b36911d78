use crate::form::language::Lang;

/// Why a form could not be filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A template asks for what is not there.
    #[error("a template cannot be filled")]
    Fill(
        /// Where, and what it asks for.
        #[source]
        Box<handlebars::RenderError>,
    ),
    /// A filled template breaks the form language.
    #[error("line {line} of the filled form: {fault}")]
    Language {
        /// Line of the filled form, counted from 1.
        line: u32,
        /// What is wrong there.
        fault: LanguageFault,
    },
    /// A filled template is no XML.
    #[error("the filled form is no XML")]
    NotXml(
        /// Where and why.
        #[from]
        #[source]
        roxmltree::Error,
    ),
    /// The settings of an edition cannot be read.
    #[error("the settings of the edition cannot be read")]
    Settings(
        /// Where and why.
        #[source]
        Box<toml::de::Error>,
    ),
    /// The rows of an appendix sum to more than can be counted.
    #[error("the rows of {annex} sum to more than can be counted")]
    SumTooLarge {
        /// JSON pointer of the appendix.
        annex: &'static str,
    },
    /// A template does not compile.
    #[error("a template cannot be read")]
    Template(
        /// Where and why.
        #[source]
        Box<handlebars::TemplateError>,
    ),
    /// No edition of that name.
    #[error("there is no edition {id:?} of the forms")]
    UnknownEdition {
        /// The name asked for.
        id: String,
    },
    /// A template includes one that is not there, or itself.
    #[error("there is no template {name:?} to include")]
    UnknownPartial {
        /// The name asked for.
        name: String,
    },
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
