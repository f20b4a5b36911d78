use std::ops::Range;

use time::OffsetDateTime;

use crate::crypto::AlgorithmIdentifier;
use crate::x509::Error;
use crate::x509::Extension;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::certificate::Fields;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::known_extensions::KnownExtensions;

/// Reads a Certificate (RFC 5280 §4.1).
pub(super) fn read(input: &[u8]) -> Result<Fields, Error> {
    let mut outer = Reader::der(input);
    let mut certificate = outer.sequence()?;
    outer.finish()?;
    let tbs = certificate.expect(Tag::SEQUENCE)?;
    let mut algorithm = certificate;
    let signature_algorithm = certificate.algorithm_identifier()?;
    let outer_algorithm = algorithm.any()?.raw;
    let signature = signature(&mut certificate)?;
    certificate.finish()?;

    let mut fields = tbs.reader()?;
    let version = match fields.context(0)? {
        Some(mut version) => {
            let number = version.unsigned()?.saturating_add(1);
            version.finish()?;
            number
        }
        None => 1,
    };
    if !(1..=3).contains(&version) {
        return Err(Error::UnknownVersion { version });
    }
    let serial = SerialNumber::from_content(fields.integer()?);
    if fields.expect(Tag::SEQUENCE)?.raw != outer_algorithm {
        return Err(Error::SignatureAlgorithmMismatch);
    }
    let issuer = Name::from_der(fields.expect(Tag::SEQUENCE)?.raw)?;
    let (not_before, not_after) = validity(&mut fields)?;
    let subject = Name::from_der(fields.expect(Tag::SEQUENCE)?.raw)?;
    let spki = fields.expect(Tag::SEQUENCE)?;
    let mut key_info = spki.reader()?;
    let key_algorithm = key_info.algorithm_identifier()?;
    let key = whole_octets(&mut key_info)?;
    key_info.finish()?;
    if version > 1 {
        for number in [1, 2] {
            let unique_id = fields.optional(Tag::context_primitive(number))?;
            unique_id.map(|bits| bits.bit_string()).transpose()?;
        }
    }
    let extensions = extensions(&mut fields, version)?;
    fields.finish()?;

    Ok(Fields {
        der: input.into(),
        tbs: range(input, tbs.raw),
        signature_algorithm: identifier(input, &signature_algorithm),
        signature: range(input, signature),
        version,
        serial,
        known: KnownExtensions::read(&extensions, &issuer)?,
        issuer,
        subject,
        not_before,
        not_after,
        spki: range(input, spki.raw),
        key_algorithm: identifier(input, &key_algorithm),
        key: range(input, key),
        extensions,
    })
}

fn validity(fields: &mut Reader<'_>) -> Result<(OffsetDateTime, OffsetDateTime), Error> {
    let mut validity = fields.sequence()?;
    let not_before = der::time_from(&validity.any()?)?;
    let not_after = der::time_from(&validity.any()?)?;
    validity.finish()?;
    Ok((not_before, not_after))
}

fn extensions(fields: &mut Reader<'_>, version: u64) -> Result<Vec<Extension>, Error> {
    let Some(mut explicit) = fields.context(3)? else {
        return Ok(Vec::new());
    };
    if version != 3 {
        return Err(Error::UnexpectedExtensions { version });
    }
    let extensions = Extension::read_all(explicit.sequence()?)?;
    explicit.finish()?;
    Ok(extensions)
}

/// The octets of a signature. One whose bits are no whole octets, which no algorithm makes, reads
/// as an empty one: it is a bad signature, not a malformed certificate.
pub(super) fn signature<'a>(fields: &mut Reader<'a>) -> Result<&'a [u8], der::Error> {
    let element = fields.expect(Tag::BIT_STRING)?;
    match element.content {
        [0, octets @ ..] => Ok(octets),
        [_, ..] => Ok(&element.content[..0]),
        [] => Err(der::Error::InvalidValue {
            tag: Tag::BIT_STRING,
        }),
    }
}

/// A BIT STRING of whole octets, as all keys here are.
pub(super) fn whole_octets<'a>(fields: &mut Reader<'a>) -> Result<&'a [u8], der::Error> {
    let bits = fields.bit_string()?;
    if bits.unused_bits != 0 {
        return Err(der::Error::InvalidValue {
            tag: Tag::BIT_STRING,
        });
    }
    Ok(bits.octets)
}

pub(super) fn identifier(
    whole: &[u8],
    identifier: &AlgorithmIdentifier<'_>,
) -> (Oid, Option<Range<usize>>) {
    let parameters = identifier.parameters.map(|part| range(whole, part));
    (identifier.oid, parameters)
}

/// Where `part`, a slice of `whole`, lies in it.
pub(super) fn range(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - whole.as_ptr().addr();
    start..start + part.len()
}
