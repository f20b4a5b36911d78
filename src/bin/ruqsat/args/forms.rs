//! `forms`: the editions and what is wrong with one.

use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;
use time::OffsetDateTime;

use crate::args::DocumentLanguage;
use crate::args::MediumName;
use crate::args::rfc3339;

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
