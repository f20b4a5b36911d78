use time::OffsetDateTime;

use crate::pki::ocsp::Error;
use crate::pki::ocsp::Nonce;
use crate::pki::ocsp::oids;
use crate::x509::Extension;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Fraction;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// Reads `Extensions`, none twice.
pub(super) fn read_all(mut outer: Reader<'_>) -> Result<Vec<Extension>, Error> {
    let mut sequence = outer.sequence()?;
    outer.finish()?;
    let mut extensions: Vec<Extension> = Vec::new();
    while !sequence.is_empty() {
        let extension = read(sequence.sequence()?)?;
        let oid = extension.oid;
        if extensions.iter().any(|other| other.oid == oid) {
            return Err(Error::DuplicateExtension { oid });
        }
        if extensions.len() == MOST {
            return Err(Error::TooMany {
                kind: "extensions",
                limit: MOST,
            });
        }
        extensions.push(extension);
    }
    Ok(extensions)
}

fn read(mut fields: Reader<'_>) -> Result<Extension, Error> {
    let oid = fields.oid()?;
    let critical = fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()?;
    let value = fields.octet_string()?.into_owned();
    fields.finish()?;
    Ok(Extension {
        oid,
        critical,
        value,
    })
}

/// `Extensions` in DER.
pub(super) fn to_der(extensions: &[Extension]) -> Vec<u8> {
    let one = |extension: &Extension| {
        let critical = match extension.critical {
            true => der::boolean(true),
            false => Vec::new(),
        };
        der::sequence(&[
            der::oid(&extension.oid),
            critical,
            der::octet_string(&extension.value),
        ])
    };
    let all: Vec<_> = extensions.iter().map(one).collect();
    der::sequence(&all)
}

/// The value of the extension with this identifier.
pub(super) fn value(extensions: &[Extension], oid: Oid) -> Option<&[u8]> {
    let mut found = extensions.iter().filter(|extension| extension.oid == oid);
    found.next().map(|extension| extension.value.as_slice())
}

/// The nonce. Its value is an OCTET STRING inside that of the extension (RFC 9654 §2.1).
pub(super) fn nonce(extensions: &[Extension]) -> Result<Option<Nonce>, Error> {
    let oid = oids::NONCE;
    let Some(value) = value(extensions, oid) else {
        return Ok(None);
    };
    let octets = whole(value, |reader| reader.octet_string())
        .map_err(|_| Error::MalformedExtension { oid })?;
    Nonce::new(octets).map(Some)
}

/// The archive cutoff: until when the responder keeps what it knows of expired certificates
/// (RFC 6960 §4.4.4).
pub(super) fn archive_cutoff(extensions: &[Extension]) -> Result<Option<OffsetDateTime>, Error> {
    let oid = oids::ARCHIVE_CUTOFF;
    let Some(value) = value(extensions, oid) else {
        return Ok(None);
    };
    whole(value, |reader| {
        let time = reader.expect(Tag::GENERALIZED_TIME)?;
        der::generalized_time_from(time.content, Fraction::Refused)
    })
    .map(Some)
    .map_err(|_| Error::MalformedExtension { oid })
}

/// The first critical extension that is not among the known ones.
pub(super) fn unknown_critical(extensions: &[Extension], known: &[Oid]) -> Option<Oid> {
    let mut critical = extensions.iter().filter(|extension| extension.critical);
    critical
        .find(|extension| !known.contains(&extension.oid))
        .map(|extension| extension.oid)
}

fn whole<'a, T>(
    value: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, der::Error>,
) -> Result<T, der::Error> {
    let mut reader = Reader::der(value);
    let read = read(&mut reader)?;
    reader.finish()?;
    Ok(read)
}

/// RFC 6960 defines nine.
const MOST: usize = 64;
