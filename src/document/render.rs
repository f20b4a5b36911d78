use time::OffsetDateTime;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use crate::document::embedded;
use crate::document::embedded::CORRECTED;
use crate::document::embedded::DRAFT;
use crate::document::embedded::ELECTRONIC;
use crate::document::embedded::PAPER;
use crate::document::embedded::PRINTED;
use crate::document::embedded::RENDER_FILE;
use crate::document::embedded::Render;
use crate::document::error::Error;
use crate::document::qr_text::QrBaseUrl;
use crate::document::qr_text::QrText;
use crate::export;
use crate::export::Attachment;
use crate::export::ExportOptions;
use crate::export::Relationship;
use crate::export::SignatureField;
use crate::form::Edition;
use crate::form::FillOptions;
use crate::form::FormData;
use crate::form::Language;
use crate::form::Medium;
use crate::form::Notice;
use crate::form::RepealNote;
use crate::form::Wording;
use crate::layout;
use crate::layout::Fonts;

/// What shapes a document beside its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderOptions {
    /// Languages, medium and wording.
    pub fill: FillOptions,
    /// The address that the QR code names; without one it says a line of text.
    pub qr_base: Option<QrBaseUrl>,
    /// When it is made.
    pub time: OffsetDateTime,
}

impl RenderOptions {
    /// A document as it is issued, see [`FillOptions::new`].
    #[must_use]
    pub const fn new(language: Language, medium: Medium, time: OffsetDateTime) -> Self {
        Self {
            fill: FillOptions::new(language, medium),
            qr_base: None,
            time,
        }
    }

    /// What a document of these options says of them, see [`Embedded::render`].
    ///
    /// [`Embedded::render`]: crate::document::Embedded::render
    #[must_use]
    pub fn record(&self, edition: &Edition, form: &str) -> Render {
        let time = self.time.to_offset(UtcOffset::UTC);
        Render {
            form: form.to_owned(),
            edition: edition.id().to_owned(),
            language: match self.fill.language {
                Language::Kk => "kk".to_owned(),
                Language::KkRu => "kk-ru".to_owned(),
                Language::Ru => "ru".to_owned(),
            },
            medium: match self.fill.medium {
                Medium::Draft => DRAFT.to_owned(),
                Medium::Electronic => ELECTRONIC.to_owned(),
                Medium::Paper => PAPER.to_owned(),
            },
            wording: match self.fill.wording {
                Wording::Corrected => CORRECTED.to_owned(),
                Wording::Verbatim => "verbatim".to_owned(),
            },
            repeal_note: match self.fill.repeal_note {
                RepealNote::Hidden => "hidden".to_owned(),
                RepealNote::Printed => PRINTED.to_owned(),
            },
            qr_base: self.qr_base.as_ref().map(QrBaseUrl::to_string),
            time: time.format(&Rfc3339).unwrap_or_default(),
        }
    }
}

/// A document as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// What the person who made it should know.
    pub notices: Vec<Notice>,
}

/// Fills, sets and writes a document.
///
/// The same data, edition and options give the same bytes. The data is embedded as `permit.json`, or
/// as `document.json` where the form is another, and the options as `render.json`; an electronic
/// document has an empty signature field, unless nobody signs its form; drafts and sheets of paper
/// have none.
///
/// # Errors
///
/// When the edition does not have the form, a template is faulty or the fonts lack a character of
/// the data.
pub fn render(
    edition: &Edition,
    data: &impl FormData,
    options: &RenderOptions,
) -> Result<Document, Error> {
    let (mut form, notices) = edition.fill(data, &options.fill)?;
    let json = data.to_json();
    let code = code(edition, data, &json, options);
    for qr in form.sheets.iter_mut().filter_map(|sheet| sheet.qr.as_mut()) {
        qr.content.clone_from(&code);
    }
    let fonts = Fonts::builtin();
    let pages = layout::lay_out(&form, fonts)?;
    drop(form);
    let is_signed = edition.is_signed(data.form()).unwrap_or_default();
    let export = ExportOptions {
        time: options.time,
        attachments: attachments(edition, data.form(), json, options),
        signature_field: match options.fill.medium {
            Medium::Electronic if is_signed => SignatureField::Empty,
            Medium::Draft | Medium::Electronic | Medium::Paper => SignatureField::Absent,
        },
    };
    Ok(Document {
        pdf: export::export(&pages, fonts, &export)?,
        pages: pages.pages.len(),
        notices,
    })
}

/// What the QR code says.
fn code(edition: &Edition, data: &impl FormData, json: &[u8], options: &RenderOptions) -> String {
    let code = QrText::new(
        edition.id(),
        data.form(),
        data.number(),
        data.issue_date(),
        json,
    );
    match &options.qr_base {
        None => code.to_string(),
        Some(base) => code.to_url(base),
    }
}

fn attachments(
    edition: &Edition,
    form: &str,
    json: Vec<u8>,
    options: &RenderOptions,
) -> Vec<Attachment> {
    let attachment = |name: &str, description: &str, relationship, data| Attachment {
        name: name.to_owned(),
        description: description.to_owned(),
        relationship,
        media_type: "application/json".to_owned(),
        data,
    };
    let description = match form {
        "permit" => "Data of the permit",
        _ => "Data of the document",
    };
    vec![
        attachment(
            embedded::data_file(form),
            description,
            Relationship::Data,
            json,
        ),
        attachment(
            RENDER_FILE,
            "How the document was made",
            Relationship::Supplement,
            record(edition, form, options),
        ),
    ]
}

fn record(edition: &Edition, form: &str, options: &RenderOptions) -> Vec<u8> {
    let record = options.record(edition, form);
    let mut json = serde_json::to_vec(&record).unwrap_or_default();
    json.push(b'\n');
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Embedded;
    use crate::model::Permit;
    use crate::pdf::Limits;
    use crate::pdf::Pdf;

    #[test]
    fn document_gives_back_the_data_and_the_options() {
        let permit = permit();
        let document = rendered(&permit, Medium::Electronic);
        let pdf = Pdf::open(&document.pdf, &Limits::default()).unwrap();
        let embedded = Embedded::read(&pdf).unwrap().unwrap();
        assert_eq!(embedded.document.to_json(), permit.to_json());
        assert!(!embedded.is_draft());
        let render = embedded.render.unwrap();
        assert_eq!(
            (render.form.as_str(), render.edition.as_str()),
            ("permit", "atyrau-2013")
        );
        assert_eq!(
            (render.language.as_str(), render.medium.as_str()),
            ("kk-ru", "electronic")
        );
        assert_eq!(render.time, "2013-12-04T03:00:00Z");
    }

    #[test]
    fn same_permit_and_options_give_the_same_bytes() {
        let permit = permit();
        let first = rendered(&permit, Medium::Electronic);
        assert_eq!(first, rendered(&permit, Medium::Electronic));
        assert!(first.pages > 4);
    }

    #[test]
    fn draft_says_so_and_has_no_place_for_a_signature() {
        let document = rendered(&permit(), Medium::Draft);
        let pdf = Pdf::open(&document.pdf, &Limits::default()).unwrap();
        assert!(Embedded::read(&pdf).unwrap().unwrap().is_draft());
        assert!(pdf.catalog().unwrap().get("AcroForm").is_none());
    }

    fn permit() -> Permit {
        let json = include_bytes!("../../fixtures/permits/atyrau-2013.json");
        Permit::from_json(json).unwrap()
    }

    fn rendered(permit: &Permit, medium: Medium) -> Document {
        let time = time::macros::datetime!(2013-12-04 09:00 +6);
        let options = RenderOptions::new(Language::KkRu, medium, time);
        let edition = Edition::builtin(&permit.edition).unwrap();
        render(&edition, permit, &options).unwrap()
    }
}
