use crate::x509::Error;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

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

impl Extension {
    /// Reads Extensions: one to many, none twice.
    pub(super) fn read_all(mut sequence: Reader<'_>) -> Result<Vec<Self>, Error> {
        let mut extensions = Vec::new();
        while !sequence.is_empty() {
            extensions.push(Self::read(sequence.sequence()?)?);
        }
        if extensions.is_empty() {
            return Err(der::Error::Truncated.into());
        }
        match duplicate(extensions.iter().map(|extension| extension.oid)) {
            Some(oid) => Err(Error::DuplicateExtension { oid }),
            None => Ok(extensions),
        }
    }

    /// An explicit `FALSE`, which DER leaves out and some issuers write, can be read in one way
    /// only and is.
    fn read(mut fields: Reader<'_>) -> Result<Self, Error> {
        let oid = fields.oid()?;
        let critical = fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()?;
        let value = fields.expect(Tag::OCTET_STRING)?.content.to_vec();
        fields.finish()?;
        Ok(Self {
            oid,
            critical,
            value,
        })
    }
}

/// An identifier that stands twice.
pub(super) fn duplicate(oids: impl Iterator<Item = Oid>) -> Option<Oid> {
    let mut sorted: Vec<Oid> = oids.collect();
    sorted.sort_unstable();
    sorted
        .windows(2)
        .find_map(|pair| (pair[0] == pair[1]).then_some(pair[0]))
}
