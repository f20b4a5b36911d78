//! The grammar of the command line: the commands, the small ones of them, and words that several
//! have in common.

mod ca;
mod forms;
mod issue;

use std::path::PathBuf;

use clap::Args;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use ruqsat::model::FormName;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(crate) use self::ca::CaCertificateArgs;
pub(crate) use self::ca::CaChangeArgs;
pub(crate) use self::ca::CaCommand;
pub(crate) use self::ca::CaCrlArgs;
pub(crate) use self::ca::CaInitArgs;
pub(crate) use self::ca::CaIssueArgs;
pub(crate) use self::ca::CaListArgs;
pub(crate) use self::ca::CaRevokeArgs;
pub(crate) use self::ca::CaServeArgs;
pub(crate) use self::ca::CaStatusArgs;
pub(crate) use self::ca::GenerationName;
pub(crate) use self::ca::OcspSignerName;
pub(crate) use self::ca::UseName;
pub(crate) use self::forms::FormsCommand;
pub(crate) use self::forms::FormsPreviewArgs;
pub(crate) use self::issue::IssueArgs;
pub(crate) use self::issue::LookArgs;

/// Issues, signs and verifies the environmental permits of Kazakhstan.
#[derive(Debug, Parser)]
#[command(name = "ruqsat", version, about, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fill and typeset a permit from its data; signed when a key is given
    Issue(IssueArgs),
    /// Sign a PDF: PAdES B-B, as a certification that allows no change
    Sign(SignArgs),
    /// Check the signatures of a PDF: genuine, altered, by whom
    Verify(VerifyArgs),
    /// The forms: which there are, what is wrong with one, what it looks like
    #[command(subcommand)]
    Forms(FormsCommand),
    /// A TEST certification authority: certificates without legal force
    #[command(subcommand)]
    Ca(CaCommand),
    /// Print a JSON Schema: of the data of a form, or of a report
    Schema(SchemaArgs),
    /// The main job on sample data: issue, sign, verify, and two bad files to compare with
    Demo(DemoArgs),
}

/// `sign`
#[derive(Debug, Args)]
pub(crate) struct SignArgs {
    /// The PDF, or - for standard input
    pub(crate) input: PathBuf,
    /// Where the signed PDF goes, or - for standard output
    #[arg(short, long, value_name = "OUT.pdf")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) signing: SigningArgs,
    /// A folder that holds further editions of the forms: who may sign them
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Option<PathBuf>,
    /// The time of signing (RFC 3339, with offset) instead of now
    #[arg(long, value_parser = rfc3339)]
    pub(crate) time: Option<OffsetDateTime>,
    /// Replace an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

/// What signs.
#[derive(Debug, Args)]
pub(crate) struct SigningArgs {
    /// The signer's key and certificate: PKCS#12 or PEM
    #[arg(long, value_name = "SIGNER.p12")]
    pub(crate) key: Option<PathBuf>,
    /// A file whose first line is the password of the key
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Certificates of issuers that the key file lacks
    #[arg(long, value_name = "FILE-or-DIR", requires = "key")]
    pub(crate) chain: Vec<PathBuf>,
    /// Revocation lists to ask before signing
    #[arg(long, value_name = "FILE-or-DIR", requires = "key")]
    pub(crate) crl: Vec<PathBuf>,
}

/// `verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The PDF, or - for standard input
    pub(crate) file: PathBuf,
    /// Trusted root certificates: a file, or a folder with issuers and lists beside them
    #[arg(long, value_name = "PEM-or-DIR")]
    pub(crate) trust: Vec<PathBuf>,
    /// Revocation lists
    #[arg(long, value_name = "FILE-or-DIR")]
    pub(crate) crl: Vec<PathBuf>,
    /// The time for which to check (RFC 3339, with offset) instead of now
    #[arg(long, value_parser = rfc3339)]
    pub(crate) at: Option<OffsetDateTime>,
    /// A folder that holds further editions of the forms, whose word counts for who may sign them
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Option<PathBuf>,
    /// The text of the QR code on a print of the document, to hold against the file
    #[arg(long, value_name = "TEXT")]
    pub(crate) qr: Option<String>,
    /// The report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Language of the answer
    #[arg(long, default_value = "en")]
    pub(crate) lang: ReportLanguage,
}

/// `schema`
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Of what
    #[arg(value_parser = PossibleValuesParser::new(schema_names()))]
    pub(crate) name: String,
}

/// `demo`
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = "ruqsat-demo")]
    pub(crate) out: PathBuf,
}

/// What a document is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MediumName {
    /// Valid with its electronic signature
    Electronic,
    /// A sheet for ink and seal
    Paper,
    /// For reading before issue
    Draft,
}

/// Languages of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocumentLanguage {
    /// Kazakh, then Russian
    KkRu,
    /// Kazakh
    Kk,
    /// Russian
    Ru,
}

/// Languages of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportLanguage {
    /// Kazakh
    Kk,
    /// Russian
    Ru,
    /// English
    En,
}

/// The forms, and the report.
fn schema_names() -> impl Iterator<Item = &'static str> {
    let forms = FormName::ALL.into_iter();
    forms.map(FormName::as_str).chain([SCHEMA_OF_REPORT])
}

/// An instant with its offset; a date alone has none and is refused with what was meant.
fn rfc3339(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        format!(
            "'{text}' is not a time with an offset; write it like 2026-03-12T00:00:00+05:00 \
             (Kazakhstan is UTC+5 since 1 March 2024)"
        )
    })
}

/// The forms of the service by their names.
fn form_name() -> impl TypedValueParser<Value = FormName> {
    PossibleValuesParser::new(FormName::ALL.map(FormName::as_str))
        .try_map(|name| name.parse::<FormName>())
}

/// The report, among the names of forms.
pub(crate) const SCHEMA_OF_REPORT: &str = "report";

const EXIT_CODES: &str = "\
Exit codes: 0 done, or valid; 1 not valid; 2 wrong usage; 3 could not be determined; 4 not signed;
5 the input cannot be read; 6 key or password; 7 an outside list is unusable;
8 a batch in which some documents failed; 9 refused; 130, 143 a batch that was interrupted.

Try: ruqsat demo";
