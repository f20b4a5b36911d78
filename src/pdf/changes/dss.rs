//! The document security store (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2): what may belong to it.

use crate::pdf::error::Error;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::reader::View;

/// An indirect object that belongs to a store; a shared one comes as often as it is named.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Part {
    pub(super) id: ObjectId,
    pub(super) kind: PartKind,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum PartKind {
    /// A certificate, a revocation list, an answer, a time-stamp, or the length of one.
    Data,
    /// A dictionary or an array.
    Structure,
}

/// The parts of a store, or none when something in it has no place there.
pub(super) fn parts<'p>(
    view: View<'p, '_>,
    store: &Object<'p>,
) -> Result<Option<Vec<Part>>, Error> {
    let mut walk = Walk {
        view,
        parts: Vec::new(),
    };
    Ok(walk.store(store)?.then_some(walk.parts))
}

/// The same of what a store would hold about one signature (`/VRI`), which must say what it is.
pub(super) fn related_parts<'p>(
    view: View<'p, '_>,
    related: &Object<'p>,
) -> Result<Option<Vec<Part>>, Error> {
    let resolved = view.resolve(related)?;
    if !matches!(&*resolved, Object::Dictionary(dictionary) if dictionary.is("Type", "VRI")) {
        return Ok(None);
    }
    let mut walk = Walk {
        view,
        parts: Vec::new(),
    };
    Ok(walk.related_to_one(related)?.then_some(walk.parts))
}

struct Walk<'p, 'a> {
    view: View<'p, 'a>,
    parts: Vec<Part>,
}

impl<'p> Walk<'p, '_> {
    fn store(&mut self, object: &Object<'p>) -> Result<bool, Error> {
        let Some(store) = self.dictionary(object)? else {
            return Ok(false);
        };
        for entry in store.entries() {
            let known = match entry.key.as_bytes() {
                b"Type" => entry.value.as_name() == Some(b"DSS"),
                b"Certs" | b"CRLs" | b"OCSPs" => self.streams(&entry.value)?,
                b"VRI" => self.related(&entry.value)?,
                _ => false,
            };
            if !known {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Validation related information, by signature.
    fn related(&mut self, object: &Object<'p>) -> Result<bool, Error> {
        let Some(related) = self.dictionary(object)? else {
            return Ok(false);
        };
        for entry in related.entries() {
            let known = match entry.key.as_bytes() {
                b"Type" => entry.value.as_name() == Some(b"VRI"),
                _ => self.related_to_one(&entry.value)?,
            };
            if !known {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn related_to_one(&mut self, object: &Object<'p>) -> Result<bool, Error> {
        let Some(related) = self.dictionary(object)? else {
            return Ok(false);
        };
        for entry in related.entries() {
            let known = match entry.key.as_bytes() {
                b"Type" => entry.value.as_name() == Some(b"VRI"),
                b"Cert" | b"CRL" | b"OCSP" => self.streams(&entry.value)?,
                b"TU" => entry.value.as_string().is_some(),
                b"TS" => self.stream(&entry.value)?,
                _ => false,
            };
            if !known {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn dictionary(&mut self, object: &Object<'p>) -> Result<Option<Dictionary<'p>>, Error> {
        self.note(object, PartKind::Structure)?;
        match self.view.resolve(object)?.into_owned() {
            Object::Dictionary(dictionary) => Ok(Some(dictionary)),
            _ => Ok(None),
        }
    }

    fn streams(&mut self, object: &Object<'p>) -> Result<bool, Error> {
        self.note(object, PartKind::Structure)?;
        let Object::Array(array) = self.view.resolve(object)?.into_owned() else {
            return Ok(false);
        };
        for item in array.items() {
            if !self.stream(item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A stream with data and nothing that could make it more.
    fn stream(&mut self, object: &Object<'p>) -> Result<bool, Error> {
        self.note(object, PartKind::Data)?;
        let resolved = self.view.resolve(object)?;
        let Some(stream) = resolved.as_stream() else {
            return Ok(false);
        };
        for entry in stream.dictionary().entries() {
            let known = match entry.key.as_bytes() {
                b"Length" => {
                    self.note(&entry.value, PartKind::Data)?;
                    true
                }
                b"Filter" => entry.value.as_name() == Some(b"FlateDecode"),
                _ => false,
            };
            if !known {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn note(&mut self, object: &Object<'p>, kind: PartKind) -> Result<(), Error> {
        self.view.pdf.budget.spend_objects(1)?;
        self.parts
            .extend(object.as_reference().map(|id| Part { id, kind }));
        Ok(())
    }
}
