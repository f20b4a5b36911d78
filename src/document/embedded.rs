//! The data inside a document: what filled the form, and the options that shaped it.

use serde::Deserialize;
use serde::Serialize;

use crate::document::qr_text::QrText;
use crate::model;
use crate::model::Permit;
use crate::pdf;
use crate::pdf::Pdf;

/// What a document says about itself, for machines.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// The data that filled the form (`permit.json`).
    pub permit: Permit,
    /// The options that shaped the document (`render.json`), where they are known.
    pub render: Option<Render>,
    /// What the QR code of the document says.
    pub code: QrText,
}

/// The options that shaped a document, as `render.json` holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Render {
    /// Name of the form: `permit`.
    pub form: String,
    /// Name of the edition.
    pub edition: String,
    /// `kk-ru`, `kk` or `ru`.
    pub language: String,
    /// `draft` or `electronic`.
    pub medium: String,
    /// When it was typeset, RFC 3339.
    pub time: String,
}

/// Why the data of a document cannot be relied on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// There is more than one file of a name, so nobody can say which one counts.
    #[error("the document has {count} embedded files {name}")]
    Ambiguous {
        /// The name.
        name: &'static str,
        /// How many.
        count: usize,
    },
    /// The data breaks the rules of the form.
    #[error("the embedded data cannot be read: {0}")]
    Data(#[from] model::Error),
    /// The embedded files cannot be read.
    #[error("the embedded files cannot be read: {0}")]
    Files(#[from] pdf::Error),
    /// The options are no JSON object with the names they must have.
    #[error("the embedded options cannot be read: {0}")]
    Render(#[from] serde_json::Error),
}

impl Embedded {
    /// Reads the data of a PDF; none when it has no `permit.json`.
    ///
    /// # Errors
    ///
    /// When there are two, or one that cannot be read: such a document says two things, or nothing.
    pub fn read(pdf: &Pdf<'_>) -> Result<Option<Self>, EmbeddedError> {
        let files = pdf.embedded_files()?;
        let only = |name: &'static str| {
            let found: Vec<_> = files.iter().filter(|file| file.name == name).collect();
            match found.as_slice() {
                [] => Ok(None),
                [file] => Ok(Some(file.data.as_slice())),
                several => Err(EmbeddedError::Ambiguous {
                    name,
                    count: several.len(),
                }),
            }
        };
        let Some(data) = only(PERMIT_FILE)? else {
            return Ok(None);
        };
        let permit = Permit::from_json(data)?;
        let render: Option<Render> = only(RENDER_FILE)?.map(serde_json::from_slice).transpose()?;
        let form = render.as_ref().map_or(FORM, |render| &render.form);
        let code = QrText::new(
            &permit.edition,
            form,
            Some(permit.number.to_string()),
            Some(permit.issue_date),
            data,
        );
        Ok(Some(Self {
            permit,
            render,
            code,
        }))
    }

    /// True for a draft, which must not be signed.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.render
            .as_ref()
            .is_some_and(|render| render.medium == DRAFT)
    }
}

/// The form of a document that does not name it.
const FORM: &str = "permit";
/// Name of the embedded file with the data.
pub(crate) const PERMIT_FILE: &str = "permit.json";
/// Name of the embedded file with the options.
pub(crate) const RENDER_FILE: &str = "render.json";
/// The medium of a document that must not be signed.
pub(crate) const DRAFT: &str = "draft";
