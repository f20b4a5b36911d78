//! The grammar of the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use ruqsat::ca::BaseUrl;
use ruqsat::ca::Defect;
use ruqsat::ca::Fault;
use ruqsat::document::QrBaseUrl;
use ruqsat::eds::Role;
use ruqsat::keys::KeyAlgorithm;
use ruqsat::model::FormName;
use ruqsat::x509::CrlReason;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::table::TableArg;

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

/// `issue`
#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// The permit's data (JSON), or - for standard input; a batch with one document a line (NDJSON)
    pub(crate) data: PathBuf,
    /// Where the PDF goes, or - for standard output
    #[arg(short, long, value_name = "OUT.pdf", conflicts_with = "out_dir")]
    pub(crate) output: Option<PathBuf>,
    /// An appendix whose rows stand in a CSV file: annex1=limits.csv
    #[arg(long, value_name = "ANNEX=FILE.csv", conflicts_with = "out_dir")]
    pub(crate) table: Vec<TableArg>,
    #[command(flatten)]
    pub(crate) batch: BatchArgs,
    /// The form
    #[arg(long, default_value = "permit", value_parser = form_name())]
    pub(crate) form: FormName,
    /// The edition of the forms; by default the one that the data names
    #[arg(long)]
    pub(crate) edition: Option<String>,
    /// Language of the document
    #[arg(long, default_value = "kk-ru")]
    pub(crate) lang: DocumentLanguage,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// Write the file with an empty signature field, for signing elsewhere
    #[arg(long, conflicts_with = "key")]
    pub(crate) for_signing: bool,
    #[command(flatten)]
    pub(crate) signing: SigningArgs,
    /// The time of issuing (RFC 3339, with offset) instead of now
    #[arg(long, value_parser = rfc3339)]
    pub(crate) time: Option<OffsetDateTime>,
    /// Replace an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

/// What a document is to be.
#[derive(Debug, Args)]
pub(crate) struct LookArgs {
    /// A folder that holds further editions of the forms, a folder each
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Option<PathBuf>,
    /// An electronic document, a sheet for ink and seal, or a draft; by default a draft, and
    /// electronic where it is to be signed
    #[arg(long)]
    pub(crate) medium: Option<MediumName>,
    /// A draft, marked so on every page
    #[arg(long, conflicts_with = "medium")]
    pub(crate) draft: bool,
    /// Give the regulation's wording where it is printed corrected
    #[arg(long)]
    pub(crate) verbatim: bool,
    /// Do not print that the edition was not in force on the day of the document
    #[arg(long)]
    pub(crate) no_repeal_note: bool,
    /// The address in the QR code, http or https, instead of a line of text
    #[arg(long, value_name = "URL")]
    pub(crate) qr_base: Option<QrBaseUrl>,
}

/// What a batch needs beside.
#[derive(Debug, Args)]
pub(crate) struct BatchArgs {
    /// The folder for the PDFs of a batch: SERIES-NUMBER.pdf
    #[arg(long, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
    /// How many documents of a batch are made at a time; by default one a processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) jobs: Option<u8>,
    /// Where the outcome of each document of a batch is written, one a line (NDJSON)
    #[arg(
        long,
        value_name = "OUT.ndjson",
        requires = "out_dir",
        conflicts_with = "dry_run"
    )]
    pub(crate) manifest: Option<PathBuf>,
    /// The manifest of a batch that was broken off: what it has is not made again, and it goes on
    #[arg(long, value_name = "OUT.ndjson", requires = "out_dir")]
    pub(crate) resume: Option<PathBuf>,
    /// Issue only the lines that failed then, as the manifest says; files are not looked at again
    #[arg(long, requires = "resume")]
    pub(crate) only_failed: bool,
    /// Do not tell how far a batch is
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Check everything and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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

#[derive(Debug, Subcommand)]
pub(crate) enum FormsCommand {
    /// The editions, when each was in force, and their forms
    List {
        /// A folder that holds further editions of the forms, a folder each
        #[arg(long, value_name = "DIR")]
        templates: Option<PathBuf>,
    },
    /// All that is wrong with an edition, and which of its texts are not official
    Check {
        /// The folder of one edition
        dir: PathBuf,
    },
    /// A form filled with sample data, to look at it
    Preview(FormsPreviewArgs),
}

/// `forms preview`
#[derive(Debug, Args)]
pub(crate) struct FormsPreviewArgs {
    /// The folder of one edition
    pub(crate) dir: PathBuf,
    /// The form; by default the permit, or the first one where there is none
    #[arg(long)]
    pub(crate) form: Option<String>,
    /// Where the PDF goes, or - for standard output
    #[arg(short, long, value_name = "OUT.pdf")]
    pub(crate) output: PathBuf,
    /// Data for the form (JSON) instead of the sample
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Print behind each text where it comes from
    #[arg(long)]
    pub(crate) provenance: bool,
    /// Give the regulation's wording where it is printed corrected
    #[arg(long)]
    pub(crate) verbatim: bool,
    /// An electronic document, a sheet for ink and seal, or a draft
    #[arg(long, default_value = "draft")]
    pub(crate) medium: MediumName,
    /// Language of the document
    #[arg(long, default_value = "kk-ru")]
    pub(crate) lang: DocumentLanguage,
    /// The time of making it (RFC 3339, with offset) instead of now
    #[arg(long, value_parser = rfc3339)]
    pub(crate) time: Option<OffsetDateTime>,
    /// Replace an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CaCommand {
    /// Make an authority in a new folder: root, issuing CA, responders, and empty lists
    Init(CaInitArgs),
    /// Issue a certificate with its key as PKCS#12
    Issue(CaIssueArgs),
    /// Revoke a certificate for good and write new lists
    Revoke(CaRevokeArgs),
    /// Suspend a certificate and write new lists
    Hold(CaChangeArgs),
    /// End the suspension of a certificate and write new lists
    Release(CaChangeArgs),
    /// Write the lists anew with the next number
    Crl(CaCrlArgs),
    /// Every certificate issued, oldest first: serial number, role, status, holder
    List(CaListArgs),
    /// The status of one certificate
    Status(CaStatusArgs),
    /// Answer over HTTP: OCSP, time-stamps, lists and certificates, right or wrong as wanted
    Serve(CaServeArgs),
}

/// `ca init`
#[derive(Debug, Args)]
pub(crate) struct CaInitArgs {
    /// The folder
    pub(crate) dir: PathBuf,
    /// The kind of its keys, and of those that it makes for others
    #[arg(long, default_value = "p256", value_parser = PossibleValuesParser::new(KeyAlgorithm::ALL.map(KeyAlgorithm::as_str)).try_map(|name| name.parse::<KeyAlgorithm>()))]
    pub(crate) algorithm: KeyAlgorithm,
    /// What the addresses in its certificates begin with
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8888")]
    pub(crate) base_url: BaseUrl,
    /// Make every key from this number, so that the same number and --at make the same authority
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// The time of making (RFC 3339, with offset) instead of now
    #[arg(long, visible_alias = "clock", value_parser = rfc3339)]
    pub(crate) at: Option<OffsetDateTime>,
}

/// `ca issue`
#[derive(Debug, Args)]
pub(crate) struct CaIssueArgs {
    /// The authority's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) ca: PathBuf,
    /// What the holder may do
    #[arg(long, value_parser = PossibleValuesParser::new(ROLES).try_map(|role| role.parse::<Role>()))]
    pub(crate) role: Role,
    /// The holder's individual identification number; a system has none
    #[arg(long)]
    pub(crate) iin: Option<String>,
    /// The organisation's business identification number
    #[arg(long)]
    pub(crate) bin: Option<String>,
    /// The organisation's name
    #[arg(long)]
    pub(crate) org: Option<String>,
    /// Surname, first name and patronymic of the holder, or the name of the system
    #[arg(long)]
    pub(crate) name: String,
    /// Since 2022 one certificate is for everything, before there were two
    #[arg(long)]
    pub(crate) generation: Option<GenerationName>,
    /// What the certificate is for; auth is of the legacy generation
    #[arg(long = "use", default_value = "sign")]
    pub(crate) usage: UseName,
    /// The kind of key instead of the authority's own
    #[arg(long, value_parser = PossibleValuesParser::new(KeyAlgorithm::ALL.map(KeyAlgorithm::as_str)).try_map(|name| name.parse::<KeyAlgorithm>()))]
    pub(crate) algorithm: Option<KeyAlgorithm>,
    /// Certify the key of a request (PKCS#10, PEM or DER) and write the certificate alone, as PEM;
    /// subject and extensions are those of the other arguments
    #[arg(long, value_name = "FILE", conflicts_with_all = ["algorithm", "pem", "legacy", "password_file", "defect"])]
    pub(crate) csr: Option<PathBuf>,
    /// Where the PKCS#12 goes, or with --pem or --csr the PEM
    #[arg(short, long, value_name = "SIGNER.p12")]
    pub(crate) output: PathBuf,
    /// Write key, certificate and issuer as PEM, not encrypted
    #[arg(long, conflicts_with_all = ["legacy", "password_file"])]
    pub(crate) pem: bool,
    /// Write the PKCS#12 as the national authority does: RC2, 3DES and SHA-1, without the issuer
    #[arg(long)]
    pub(crate) legacy: bool,
    /// A file whose first line is the password to protect the PKCS#12 with
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Issue a certificate that has to be refused
    #[arg(long, value_name = "DEFECT", value_parser = defects())]
    pub(crate) defect: Option<Defect>,
    /// Begin of the validity (RFC 3339, with offset) instead of now
    #[arg(long, value_parser = rfc3339, alias = "at")]
    pub(crate) not_before: Option<OffsetDateTime>,
    /// End of the validity instead of a year, three years for a system
    #[arg(long, value_parser = rfc3339)]
    pub(crate) not_after: Option<OffsetDateTime>,
    /// Revoke the certificate at once, from its first second on: a signer to be refused
    #[arg(long, value_name = "REASON", conflicts_with = "defect", value_parser = PossibleValuesParser::new(REASONS).try_map(|reason| reason.parse::<CrlReason>()))]
    pub(crate) revoked: Option<CrlReason>,
    /// The time it is (RFC 3339, with offset) instead of that of the system
    #[arg(long, value_parser = rfc3339)]
    pub(crate) clock: Option<OffsetDateTime>,
    /// Replace an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

/// `ca revoke`
#[derive(Debug, Args)]
pub(crate) struct CaRevokeArgs {
    #[command(flatten)]
    pub(crate) change: CaChangeArgs,
    /// Why
    #[arg(long, value_parser = PossibleValuesParser::new(REASONS).try_map(|reason| reason.parse::<CrlReason>()))]
    pub(crate) reason: CrlReason,
}

/// `ca hold`, `ca release`
#[derive(Debug, Args)]
pub(crate) struct CaChangeArgs {
    #[command(flatten)]
    pub(crate) certificate: CaCertificateArgs,
    /// The time from which it holds (RFC 3339, with offset) instead of now
    #[arg(long, value_parser = rfc3339)]
    pub(crate) at: Option<OffsetDateTime>,
    /// Write delta lists and leave the complete ones as they are
    #[arg(long)]
    pub(crate) delta: bool,
    /// The time it is (RFC 3339, with offset) instead of that of the system
    #[arg(long, value_parser = rfc3339)]
    pub(crate) clock: Option<OffsetDateTime>,
}

/// Which certificate.
#[derive(Debug, Args)]
pub(crate) struct CaCertificateArgs {
    /// The authority's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) ca: PathBuf,
    /// The certificate: a file (PEM, DER, or PKCS#12 with --password-file), or its serial in hex
    pub(crate) certificate: PathBuf,
    /// A file whose first line is the password of the PKCS#12
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

/// `ca crl`
#[derive(Debug, Args)]
pub(crate) struct CaCrlArgs {
    /// The authority's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) ca: PathBuf,
    /// Write delta lists: what has changed since the complete ones
    #[arg(long)]
    pub(crate) delta: bool,
    /// When the next lists are promised (RFC 3339, with offset) instead of a year later
    #[arg(long, value_parser = rfc3339)]
    pub(crate) next_update: Option<OffsetDateTime>,
    /// The time it is (RFC 3339, with offset) instead of that of the system
    #[arg(long, value_parser = rfc3339)]
    pub(crate) clock: Option<OffsetDateTime>,
}

/// `ca list`
#[derive(Debug, Args)]
pub(crate) struct CaListArgs {
    /// The authority's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) ca: PathBuf,
    /// The time it is (RFC 3339, with offset) instead of that of the system
    #[arg(long, value_parser = rfc3339)]
    pub(crate) clock: Option<OffsetDateTime>,
}

/// `ca status`
#[derive(Debug, Args)]
pub(crate) struct CaStatusArgs {
    #[command(flatten)]
    pub(crate) certificate: CaCertificateArgs,
    /// The time it is (RFC 3339, with offset) instead of that of the system
    #[arg(long, value_parser = rfc3339)]
    pub(crate) clock: Option<OffsetDateTime>,
}

/// `ca serve`
#[derive(Debug, Args)]
pub(crate) struct CaServeArgs {
    /// The authority's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) ca: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8888")]
    pub(crate) listen: SocketAddr,
    /// The time it is at the start (RFC 3339, with offset) instead of that of the system
    #[arg(long, value_parser = rfc3339)]
    pub(crate) clock: Option<OffsetDateTime>,
    /// What a part (ocsp, crl, tsa) does wrong, such as ocsp=try-later; one for each part
    #[arg(long, value_name = "PART=FAULT")]
    pub(crate) fault: Vec<Fault>,
    /// Who signs OCSP answers: the responder with its certificate, or the issuing CA itself
    #[arg(long, default_value = "delegate")]
    pub(crate) ocsp_signer: OcspSignerName,
}

/// Who may sign OCSP answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OcspSignerName {
    /// The OCSP responder
    Delegate,
    /// The issuing CA
    Authority,
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

/// Generations of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GenerationName {
    /// One certificate for everything
    #[value(name = "2022")]
    Of2022,
    /// One to sign and one to log in
    Legacy,
}

/// Uses of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum UseName {
    /// Signing documents
    Sign,
    /// Logging in; may not sign
    Auth,
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

/// The roles of the national profile.
/// The defects with what each is, for `--help`.
fn defects() -> impl clap::builder::TypedValueParser<Value = Defect> {
    let values = Defect::ALL.map(|it| PossibleValue::new(it.as_str()).help(it.sentence()));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Defect>())
}

const ROLES: [&str; 8] = [
    "head",
    "can-sign",
    "financial",
    "hr",
    "employee",
    "individual",
    "system",
    "treasury",
];

/// Reasons of RFC 5280 §5.3.1 for a signer's certificate.
const REASONS: [&str; 7] = [
    "unspecified",
    "key-compromise",
    "affiliation-changed",
    "superseded",
    "cessation-of-operation",
    "certificate-hold",
    "privilege-withdrawn",
];

/// The report, among the names of forms.
pub(crate) const SCHEMA_OF_REPORT: &str = "report";

const EXIT_CODES: &str = "\
Exit codes: 0 done, or valid; 1 not valid; 2 wrong usage; 3 could not be determined; 4 not signed;
5 the input cannot be read; 6 key or password; 7 an outside list is unusable;
8 a batch in which some documents failed; 9 refused; 130, 143 a batch that was interrupted.

Try: ruqsat demo";
