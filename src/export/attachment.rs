use lopdf::Dictionary;
use lopdf::Document;
use lopdf::Object;
use lopdf::ObjectId;
use time::OffsetDateTime;

use crate::export::deflate::Deflate;
use crate::export::deflate::Effort;
use crate::export::error::Error;
use crate::export::object;

/// A file inside the file (ISO 32000-1, 7.11.4; the relationship: ISO 19005-3, annex E).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, `permit.json`.
    pub name: String,
    /// What it holds, for the reader's list of attachments.
    pub description: String,
    /// What it is to the document.
    pub relationship: Relationship,
    /// Its media type, `application/json`.
    pub media_type: String,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// What an attachment is to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relationship {
    /// The data that the document shows.
    Data,
    /// Something beside it.
    Supplement,
}

impl Relationship {
    /// The value of `/AFRelationship`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Supplement => "Supplement",
        }
    }
}

/// Adds the attachments and names them in the catalog.
///
/// # Errors
///
/// Never, short of a defect of the encoder.
pub(super) fn attach(
    document: &mut Document,
    catalog: &mut Dictionary,
    attachments: &[Attachment],
    time: OffsetDateTime,
    deflate: &mut Deflate,
) -> Result<(), Error> {
    if attachments.is_empty() {
        return Ok(());
    }
    let mut sorted: Vec<&Attachment> = attachments.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut names = Vec::with_capacity(2 * sorted.len());
    let mut associated = Vec::with_capacity(sorted.len());
    for attachment in sorted {
        let specification = specification(document, attachment, time, deflate)?;
        names.push(object::text(&attachment.name));
        names.push(Object::Reference(specification));
        associated.push(Object::Reference(specification));
    }
    let mut tree = Dictionary::new();
    tree.set("Names", names);
    let mut all = Dictionary::new();
    all.set("EmbeddedFiles", tree);
    catalog.set("Names", all);
    catalog.set("AF", associated);
    Ok(())
}

fn specification(
    document: &mut Document,
    attachment: &Attachment,
    time: OffsetDateTime,
    deflate: &mut Deflate,
) -> Result<ObjectId, Error> {
    let mut parameters = Dictionary::new();
    parameters.set("ModDate", object::date(time));
    parameters.set(
        "Size",
        i64::try_from(attachment.data.len()).unwrap_or(i64::MAX),
    );
    let mut dict = Dictionary::new();
    dict.set("Type", object::name("EmbeddedFile"));
    dict.set("Subtype", object::name(&attachment.media_type));
    dict.set("Params", parameters);
    let file = deflate.stream(dict, &attachment.data, Effort::Usual)?;
    let file = document.add_object(file);

    let mut files = Dictionary::new();
    files.set("F", file);
    files.set("UF", file);
    let mut specification = Dictionary::new();
    specification.set("Type", object::name("Filespec"));
    specification.set("F", object::text(&attachment.name));
    specification.set("UF", object::text(&attachment.name));
    specification.set("Desc", object::text(&attachment.description));
    specification.set(
        "AFRelationship",
        object::name(attachment.relationship.name()),
    );
    specification.set("EF", files);
    Ok(document.add_object(specification))
}
