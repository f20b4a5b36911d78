//! The data inside a document: what filled the form, and the options that shaped it.

use serde::Deserialize;
use serde::Serialize;

use crate::document::qr_text::QrText;
use crate::model;
use crate::model::Document;
use crate::model::FormName;
use crate::pdf;
use crate::pdf::Pdf;

/// What a document says about itself, for machines.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// The data that filled the form (`permit.json`, or `document.json` for the other forms).
    pub document: Document,
    /// The options that shaped the document (`render.json`), where they are known.
    pub render: Option<Render>,
    /// What the QR code of the document says.
    pub code: QrText,
}

/// The options that shaped a document, as `render.json` holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Render {
    /// Name of the form (`permit`).
    pub form: String,
    /// Name of the edition.
    pub edition: String,
    /// `kk-ru`, `kk` or `ru`.
    pub language: String,
    /// `draft`, `electronic` or `paper`.
    pub medium: String,
    /// `corrected`, or `verbatim` as the regulation has it.
    #[serde(default = "corrected")]
    pub wording: String,
    /// `printed` or `hidden`: what a document says that is dated outside its edition's time.
    #[serde(default = "printed")]
    pub repeal_note: String,
    /// The address in the QR code; none where it says a line of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr_base: Option<String>,
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
    /// The options name a form whose data the file does not have.
    #[error("the document has {file}, which is not the data of the form {form:?}")]
    Form {
        /// The embedded file with the data.
        file: &'static str,
        /// The form that the options name.
        form: String,
    },
    /// The options name another edition than the data.
    #[error("the document was made of the edition {options:?}, and its data is of {data:?}")]
    Edition {
        /// The edition that the options name.
        options: String,
        /// The edition that the data names.
        data: String,
    },
    /// The data breaks the rules of the form.
    #[error("the embedded data cannot be read: {error}")]
    Data {
        /// The embedded file.
        file: &'static str,
        /// What is wrong with it.
        error: model::Error,
    },
    /// The options name a medium that there is not, so nobody can say whether it is to be signed.
    #[error("the document was made for {medium:?}, which is neither draft, electronic nor paper")]
    Medium {
        /// The medium that the options name.
        medium: String,
    },
    /// The embedded files cannot be read.
    #[error("the embedded files cannot be read: {0}")]
    Files(#[from] pdf::Error),
    /// The options are no JSON object with the names they must have.
    #[error("the embedded options cannot be read: {0}")]
    Render(#[from] serde_json::Error),
}

impl Embedded {
    /// Reads the data of a PDF; none when it has neither `permit.json` nor `document.json`.
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
        let (file, data) = match (only(PERMIT_FILE)?, only(DOCUMENT_FILE)?) {
            (None, None) => return Ok(None),
            (Some(data), None) => (PERMIT_FILE, data),
            (None, Some(data)) => (DOCUMENT_FILE, data),
            (Some(_), Some(_)) => {
                return Err(EmbeddedError::Ambiguous {
                    name: PERMIT_FILE,
                    count: 2,
                });
            }
        };
        let render: Option<Render> = only(RENDER_FILE)?.map(serde_json::from_slice).transpose()?;
        let form = form(file, render.as_ref())?;
        let document =
            Document::from_json(form, data).map_err(|error| EmbeddedError::Data { file, error })?;
        if let Some(render) = &render
            && render.edition != document.edition()
        {
            return Err(EmbeddedError::Edition {
                options: render.edition.clone(),
                data: document.edition().to_owned(),
            });
        }
        if let Some(render) = &render
            && ![DRAFT, ELECTRONIC, PAPER].contains(&render.medium.as_str())
        {
            return Err(EmbeddedError::Medium {
                medium: render.medium.clone(),
            });
        }
        let code = QrText::new(
            document.edition(),
            form.as_str(),
            document.number(),
            document.issue_date(),
            data,
        );
        Ok(Some(Self {
            document,
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

    /// True for a sheet that is signed by hand, and for a form that nobody signs.
    #[must_use]
    pub fn is_finished_unsigned(&self) -> bool {
        self.is_paper() || self.document.required_signer().is_none()
    }

    /// True for a sheet that is signed by hand.
    #[must_use]
    pub fn is_paper(&self) -> bool {
        let is_paper = |render: &Render| render.medium == PAPER;
        self.render.as_ref().is_some_and(is_paper)
    }
}

impl EmbeddedError {
    /// The embedded file that cannot be relied on.
    #[must_use]
    pub fn file(&self) -> &'static str {
        match self {
            Self::Data { file, .. } | Self::Form { file, .. } => file,
            Self::Edition { .. } | Self::Medium { .. } => RENDER_FILE,
            Self::Ambiguous { .. } | Self::Files(_) | Self::Render(_) => PERMIT_FILE,
        }
    }
}

/// The form that a file of this name fills; a permit need not say so.
fn form(file: &'static str, render: Option<&Render>) -> Result<FormName, EmbeddedError> {
    let named = render.map_or("", |render| &render.form);
    let form = match (file, named) {
        (PERMIT_FILE, "") => Some(FormName::Permit),
        _ => named.parse().ok(),
    };
    form.filter(|form| data_file(form.as_str()) == file)
        .ok_or_else(|| EmbeddedError::Form {
            file,
            form: named.to_owned(),
        })
}

/// Name of the embedded file with the data of a form.
pub(crate) fn data_file(form: &str) -> &'static str {
    match form {
        "permit" => PERMIT_FILE,
        _ => DOCUMENT_FILE,
    }
}

fn corrected() -> String {
    CORRECTED.to_owned()
}

fn printed() -> String {
    PRINTED.to_owned()
}

/// The data of a permit.
const PERMIT_FILE: &str = "permit.json";
/// The data of any other form.
const DOCUMENT_FILE: &str = "document.json";
/// The wording of a document that does not name it.
pub(crate) const CORRECTED: &str = "corrected";
/// What a document does with its repeal note that does not say so.
pub(crate) const PRINTED: &str = "printed";
/// Name of the embedded file with the options.
pub(crate) const RENDER_FILE: &str = "render.json";
/// The medium of a document that must not be signed.
pub(crate) const DRAFT: &str = "draft";
/// The medium of a document that is signed with a key.
pub(crate) const ELECTRONIC: &str = "electronic";
/// The medium of a document that is signed by hand.
pub(crate) const PAPER: &str = "paper";
