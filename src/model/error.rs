use std::fmt;

use time::Date;

use crate::model::digits::DigitsError;
use crate::model::identifier::IdentifierError;
use crate::model::permit_number::PermitNumberError;
use crate::model::quantity::QuantityError;
use crate::model::quantity::Tonnes;

/// Why data is no document of its form.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data breaks the rules of the form.
    #[error("the data has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Invalid(
        /// All of them, in the order of the form.
        Vec<Problem>,
    ),
    /// The bytes are no JSON.
    #[error("the data is not JSON (line {line}, column {column})")]
    NotJson {
        /// Line of the fault, counted from 1.
        line: usize,
        /// Column of the fault in bytes, counted from 1.
        column: usize,
        /// What the JSON parser expected there.
        #[source]
        source: serde_json::Error,
    },
    /// The bytes are no UTF-8.
    #[error("the data is not UTF-8 (byte {offset})")]
    NotUtf8 {
        /// Offset of the first byte that fits no character.
        offset: usize,
    },
}

/// A fact that keeps data from being a document of its form, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer (RFC 6901) to the value, or to where it is missing.
    pub pointer: String,
    /// What is the matter there.
    pub fact: Fact,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name in the data may hold anything, terminal sequences too.
        for character in self.pointer.chars() {
            match character.is_control() {
                true => write!(f, "{}", character.escape_unicode())?,
                false => write!(f, "{character}")?,
            }
        }
        write!(f, ": {}", self.fact)
    }
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fact {
    /// An appendix without its totals.
    #[error("there is no {totals} for it")]
    AnnexWithoutTotals {
        /// Pointer of the totals it needs.
        totals: &'static str,
    },
    /// A document that the category or the channel asks for is not among the attachments.
    #[error("no attachment is of the kind {kind}")]
    AttachmentMissing {
        /// The kind asked for.
        kind: &'static str,
    },
    /// No BIN.
    #[error("no BIN: {0}")]
    Bin(IdentifierError),
    /// Category I: permits of that category are issued by another authority.
    #[error("permits of category I are issued by another authority")]
    CategoryOne,
    /// A character that cannot be printed: a control, an invisible or a direction mark.
    #[error("character {position} is the unprintable U+{:04X}", u32::from(*.character))]
    ControlCharacter {
        /// The character.
        character: char,
        /// Its place, counted from 1.
        position: usize,
    },
    /// A date before another that cannot come later.
    #[error("{date} is before {earlier}, the date of {pointer}")]
    DateBefore {
        /// The date.
        date: Date,
        /// The date that must not be later.
        earlier: Date,
        /// Pointer of that date.
        pointer: &'static str,
    },
    /// The expertise did not agree.
    #[error("the expertise conclusion does not agree")]
    DecisionNotAgreed,
    /// Not as many digits as it should be.
    #[error("{0}")]
    Digits(DigitsError),
    /// A name that stands twice in the same object.
    #[error("the name stands twice")]
    DuplicateKey,
    /// A text of nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// A list without an element.
    #[error("the list is empty")]
    EmptyList,
    /// A ground of refusal that the service does not know.
    #[error("the expertise service is refused for DOCUMENTS_INCOMPLETE only")]
    GroundOfPermitService,
    /// No IIN.
    #[error("no IIN: {0}")]
    Iin(IdentifierError),
    /// A limit above that of the permit to be replaced, which may have none.
    #[error(
        "the limit of {year} is {stated} t, that of the replaced permit {}",
        .replaced.map_or_else(|| "is none".to_owned(), |tonnes| format!("{tonnes} t"))
    )]
    LimitRaised {
        /// The year.
        year: u16,
        /// The limit of the re-issued permit.
        stated: Tonnes,
        /// That of the replaced one.
        replaced: Option<Tonnes>,
    },
    /// A mandatory value that is not there.
    #[error("it is missing")]
    Missing,
    /// No kind of limit at all.
    #[error("there is no limit of any kind")]
    NoKind,
    /// No calendar date.
    #[error("it is no calendar date YYYY-MM-DD")]
    NotADate,
    /// No year.
    #[error("it is no year of four digits")]
    NotAYear,
    /// No answer of the questionnaire.
    #[error("it is no answer 1, 2 or 3")]
    NotAnAnswer,
    /// No address of electronic mail.
    #[error("it is no e-mail address")]
    NotAnEmail,
    /// No month.
    #[error("it is no month YYYY-MM")]
    NotAMonth,
    /// No moment in time.
    #[error("it is no time YYYY-MM-DDThh:mm:ss with its offset")]
    NotATime,
    /// No series and number.
    #[error("{0}")]
    Number(PermitNumberError),
    /// An open end in a category that has none.
    #[error("only permits of category IV are open-ended")]
    OpenEndedCategory,
    /// A value that stands only beside another one.
    #[error("it stands only where {pointer} is {value}")]
    OnlyWhere {
        /// Pointer of the other value.
        pointer: &'static str,
        /// What that must be.
        value: &'static str,
    },
    /// A period that ends before it begins.
    #[error("it ends before it begins")]
    PeriodReversed,
    /// No quantity.
    #[error("{0}")]
    Quantity(QuantityError),
    /// A re-issued permit with the number of the one that it replaces.
    #[error("it is the number of the re-issued permit itself")]
    ReplacesItself,
    /// The permit to be replaced does not hold any more.
    #[error("the replaced permit held until {last_day}, before {issue_date}")]
    ReplacedNotInForce {
        /// Its last day.
        last_day: Date,
        /// The day of issue of the re-issued one.
        issue_date: Date,
    },
    /// Somebody signs who is neither the applicant nor their representative.
    #[error("it is not the IIN of the applicant or the representative")]
    SignerIsAnother,
    /// The total of a year is not the sum of its appendix rows.
    #[error("the total of {year} is {stated} t, the appendix rows sum to {computed} t")]
    SumDiffers {
        /// The year.
        year: u16,
        /// The total on the main sheet.
        stated: Tonnes,
        /// The sum of the rows.
        computed: Tonnes,
    },
    /// A sum beyond what can be counted.
    #[error("the appendix rows of {year} sum to more than can be counted")]
    SumTooLarge {
        /// The year.
        year: u16,
    },
    /// A term that begins before that of the permit to be replaced.
    #[error("it begins on {from}, the term of the replaced permit on {replaced}")]
    TermBegins {
        /// Its first day.
        from: Date,
        /// First day of the replaced permit.
        replaced: Date,
    },
    /// A term that ends after that of the permit to be replaced.
    #[error(
        "it ends {}, the term of the replaced permit on {replaced}",
        .to.map_or_else(|| "never".to_owned(), |day| format!("on {day}"))
    )]
    TermLonger {
        /// Its last day; none when it is open-ended.
        to: Option<Date>,
        /// Last day of the replaced permit.
        replaced: Date,
    },
    /// Totals without their appendix.
    #[error("there is no {annex} for it")]
    TotalsWithoutAnnex {
        /// Pointer of the appendix.
        annex: &'static str,
    },
    /// A name that the form does not know.
    #[error("the form has no such field")]
    UnknownField,
    /// A value that is none of those the form knows.
    #[error("{value:?} is none of {}", .allowed.join(", "))]
    UnknownValue {
        /// The value found.
        value: String,
        /// The values there are.
        allowed: &'static [&'static str],
    },
    /// Neither years, nor dates, nor a start with an open end.
    #[error("it mixes from_year and to_year, from and to, open_ended")]
    ValidityForm,
    /// A value of another JSON type.
    #[error("it is {found}, not {expected}")]
    WrongType {
        /// The type it should have.
        expected: JsonType,
        /// The type it has.
        found: JsonType,
    },
    /// Fewer or more years than the form has lines for.
    #[error("it has {count} years, not 1 to 10")]
    YearLines {
        /// How many there are.
        count: usize,
    },
    /// A row's year that the totals do not have.
    #[error("the totals have no year {year}")]
    YearNotInTotals {
        /// The year.
        year: u16,
    },
    /// A year in which the permit does not hold.
    #[error(
        "the permit does not hold in {year}, but from {from}{}",
        .to.map_or_else(String::new, |to| format!(" to {to}"))
    )]
    YearOutsideValidity {
        /// The year.
        year: u16,
        /// First year of the validity.
        from: u16,
        /// Its last year; none when it is open-ended.
        to: Option<u16>,
    },
    /// A year left out between two others.
    #[error("the years leave out {missing}")]
    YearsNotConsecutive {
        /// The first year left out.
        missing: u16,
    },
}

/// The types of JSON values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// `[…]`
    Array,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
    /// A number.
    Number,
    /// `{…}`
    Object,
    /// `"…"`
    String,
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Array => "an array",
            Self::Boolean => "a boolean",
            Self::Null => "null",
            Self::Number => "a number",
            Self::Object => "an object",
            Self::String => "a string",
        })
    }
}
