//! `issue`: one document, or a batch.

use std::path::PathBuf;

use clap::Args;
use ruqsat::document::QrBaseUrl;
use ruqsat::model::FormName;
use time::OffsetDateTime;

use crate::args::DocumentLanguage;
use crate::args::MediumName;
use crate::args::SigningArgs;
use crate::args::form_name;
use crate::args::rfc3339;
use crate::table::TableArg;

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
