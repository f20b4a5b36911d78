//! `ca`: the TEST authority.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use ruqsat::ca::BaseUrl;
use ruqsat::ca::Defect;
use ruqsat::ca::Fault;
use ruqsat::eds::Role;
use ruqsat::keys::KeyAlgorithm;
use ruqsat::x509::CrlReason;
use time::OffsetDateTime;

use crate::args::rfc3339;

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
    #[arg(long, default_value = "p256", value_parser = algorithm())]
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
    #[arg(long, value_parser = role())]
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
    #[arg(long, value_parser = algorithm())]
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
    #[arg(long, value_name = "REASON", conflicts_with = "defect", value_parser = reason())]
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
    #[arg(long, value_parser = reason())]
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

fn algorithm() -> impl TypedValueParser<Value = KeyAlgorithm> {
    PossibleValuesParser::new(KeyAlgorithm::ALL.map(KeyAlgorithm::as_str))
        .try_map(|name| name.parse::<KeyAlgorithm>())
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(ROLES).try_map(|role| role.parse::<Role>())
}

fn reason() -> impl TypedValueParser<Value = CrlReason> {
    PossibleValuesParser::new(REASONS).try_map(|reason| reason.parse::<CrlReason>())
}

/// The defects with what each is, for `--help`.
fn defects() -> impl TypedValueParser<Value = Defect> {
    let values = Defect::ALL.map(|it| PossibleValue::new(it.as_str()).help(it.sentence()));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Defect>())
}

/// The roles of the national profile.
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
