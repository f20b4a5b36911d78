use time::OffsetDateTime;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use crate::document::embedded::DRAFT;
use crate::document::embedded::PERMIT_FILE;
use crate::document::embedded::RENDER_FILE;
use crate::document::embedded::Render;
use crate::document::error::Error;
use crate::export;
use crate::export::Attachment;
use crate::export::ExportOptions;
use crate::export::Relationship;
use crate::export::SignatureField;
use crate::form::Edition;
use crate::form::FillOptions;
use crate::form::Language;
use crate::form::Medium;
use crate::form::Notice;
use crate::layout;
use crate::layout::Fonts;
use crate::model::Permit;

/// What shapes a document beside its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderOptions {
    /// The languages printed.
    pub language: Language,
    /// A draft, or a document that waits for its electronic signature.
    pub medium: Medium,
    /// When it is made.
    pub time: OffsetDateTime,
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

/// Fills, sets and writes a permit.
///
/// The same permit, edition and options give the same bytes. The data is embedded as
/// `permit.json`, the options as `render.json`; an electronic document has an empty signature
/// field, a draft has none.
///
/// # Errors
///
/// When a template is faulty or the fonts lack a character of the data.
pub fn render(
    edition: &Edition,
    permit: &Permit,
    options: &RenderOptions,
) -> Result<Document, Error> {
    let fill = FillOptions::new(options.language, options.medium);
    let (form, notices) = edition.fill(permit, &fill)?;
    let fonts = Fonts::builtin();
    let pages = layout::lay_out(&form, &fonts)?;
    let export = ExportOptions {
        time: options.time,
        attachments: attachments(edition, permit, options),
        signature_field: match options.medium {
            Medium::Draft | Medium::Paper => SignatureField::Absent,
            Medium::Electronic => SignatureField::Empty,
        },
    };
    Ok(Document {
        pdf: export::export(&pages, &fonts, &export)?,
        pages: pages.pages.len(),
        notices,
    })
}

fn attachments(edition: &Edition, permit: &Permit, options: &RenderOptions) -> Vec<Attachment> {
    let attachment = |name: &str, description: &str, relationship, data| Attachment {
        name: name.to_owned(),
        description: description.to_owned(),
        relationship,
        media_type: "application/json".to_owned(),
        data,
    };
    vec![
        attachment(
            PERMIT_FILE,
            "Data of the permit",
            Relationship::Data,
            permit.to_json(),
        ),
        attachment(
            RENDER_FILE,
            "How the document was made",
            Relationship::Supplement,
            record(edition, options),
        ),
    ]
}

fn record(edition: &Edition, options: &RenderOptions) -> Vec<u8> {
    let time = options.time.to_offset(UtcOffset::UTC);
    let record = Render {
        form: FORM.to_owned(),
        edition: edition.id().to_owned(),
        language: match options.language {
            Language::Kk => "kk".to_owned(),
            Language::KkRu => "kk-ru".to_owned(),
            Language::Ru => "ru".to_owned(),
        },
        medium: match options.medium {
            Medium::Draft => DRAFT.to_owned(),
            Medium::Electronic => "electronic".to_owned(),
            Medium::Paper => "paper".to_owned(),
        },
        time: time.format(&Rfc3339).unwrap_or_default(),
    };
    let mut json = serde_json::to_vec(&record).unwrap_or_default();
    json.push(b'\n');
    json
}

/// The one form so far.
const FORM: &str = "permit";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Embedded;
    use crate::pdf::Limits;
    use crate::pdf::Pdf;

    #[test]
    fn document_gives_back_the_data_and_the_options() {
        let permit = permit();
        let document = rendered(&permit, Medium::Electronic);
        let pdf = Pdf::open(&document.pdf, &Limits::default()).unwrap();
        let embedded = Embedded::read(&pdf).unwrap().unwrap();
        assert_eq!(embedded.permit.to_json(), permit.to_json());
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
        let options = RenderOptions {
            language: Language::KkRu,
            medium,
            time: time::macros::datetime!(2013-12-04 09:00 +6),
        };
        let edition = Edition::builtin(&permit.edition).unwrap();
        render(&edition, permit, &options).unwrap()
    }
}
