use x509_parser::extensions::X509Extension;
use x509_parser::prelude::FromDer;

use crate::x509::Error;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Reader;

/// An extension of a certificate, its value not interpreted (RFC 5280 §4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The extension.
    pub oid: Oid,
    /// Whether who does not know the extension must refuse the certificate.
    pub critical: bool,
    /// The content of extnValue.
    pub value: Vec<u8>,
}

/// Reads Extensions: one to many, none twice.
pub(super) fn read_all<'a>(mut sequence: Reader<'a>) -> Result<Vec<X509Extension<'a>>, Error> {
    let mut extensions: Vec<X509Extension<'_>> = Vec::new();
    while let Some(element) = sequence.next()? {
        let (rest, extension) = X509Extension::from_der(element.raw)
            .map_err(|_| der::Error::InvalidValue { tag: element.tag })?;
        if !rest.is_empty() {
            return Err(der::Error::TrailingData { length: rest.len() }.into());
        }
        if extensions.iter().any(|other| other.oid == extension.oid) {
            let oid = oid(&extension)?;
            return Err(Error::DuplicateExtension { oid });
        }
        extensions.push(extension);
    }
    if extensions.is_empty() {
        return Err(der::Error::Truncated.into());
    }
    Ok(extensions)
}

pub(super) fn oid(extension: &X509Extension<'_>) -> Result<Oid, Error> {
    Oid::from_octets(extension.oid.as_bytes()).map_err(|_| {
        der::Error::InvalidValue {
            tag: der::Tag::OBJECT_IDENTIFIER,
        }
        .into()
    })
}
