//! Attributes (RFC 5652 §5.3).

use crate::cms::Error;
use crate::crypto::Oid;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::der::Tlv;

/// An attribute: its type and its values as they stand in the message.
#[derive(Clone, Debug)]
pub struct Attribute<'a> {
    oid: Oid,
    raw: &'a [u8],
    values: Vec<Tlv<'a>>,
}

impl<'a> Attribute<'a> {
    /// Reads an attribute and nothing behind its values.
    pub(super) fn read(element: &Tlv<'a>) -> Result<Self, der::Error> {
        if element.tag != Tag::SEQUENCE {
            return Err(der::Error::UnexpectedTag {
                expected: Tag::SEQUENCE,
                found: element.tag,
            });
        }
        let mut fields = element.reader()?;
        let oid = fields.oid()?;
        let mut set = fields.set()?;
        fields.finish()?;
        let mut values = Vec::new();
        while let Some(value) = set.next()? {
            values.push(value);
        }
        Ok(Self {
            oid,
            raw: element.raw,
            values,
        })
    }

    /// The type.
    pub fn oid(&self) -> Oid {
        self.oid
    }

    /// The whole attribute as it stands in the message.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.raw
    }

    /// The raw values.
    pub fn values(&self) -> impl Iterator<Item = &'a [u8]> {
        self.values.iter().map(|value| value.raw)
    }

    /// A reader of the only value.
    pub(super) fn value(&self) -> Result<Reader<'a>, Error> {
        match self.values.as_slice() {
            [value] => Ok(Reader::der(value.raw)),
            values => Err(Error::AttributeValues {
                attribute: self.oid,
                count: values.len(),
            }),
        }
    }
}

/// Reads the attributes of a set. None is read twice.
pub(super) fn read_all<'a>(mut set: Reader<'a>) -> Result<Vec<Attribute<'a>>, Error> {
    let mut attributes: Vec<Attribute<'a>> = Vec::new();
    while let Some(element) = set.next()? {
        let attribute = Attribute::read(&element)?;
        if attributes.len() == MOST {
            return Err(Error::TooMany {
                kind: "attributes",
                count: MOST + 1,
                limit: MOST,
            });
        }
        if attributes
            .iter()
            .any(|earlier| earlier.oid == attribute.oid)
        {
            return Err(Error::DuplicateAttribute {
                attribute: attribute.oid,
            });
        }
        attributes.push(attribute);
    }
    Ok(attributes)
}

/// A CAdES signature has about ten.
const MOST: usize = 64;
