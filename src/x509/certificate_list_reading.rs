use std::sync::OnceLock;

use crate::crypto::AlgorithmIdentifier;
use crate::x509::AuthorityKeyIdentifier;
use crate::x509::DistributionPoint;
use crate::x509::Error;
use crate::x509::Extension;
use crate::x509::IssuingDistributionPoint;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::certificate_list::Fields;
use crate::x509::certificate_list::KnownExtensions;
use crate::x509::certificate_reading::identifier;
use crate::x509::certificate_reading::range;
use crate::x509::certificate_reading::signature;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::oids;
use crate::x509::revoked_entry::Entry;
use crate::x509::revoked_entry::PlainEntry;

/// Reads a CertificateList (RFC 5280 §5.1).
pub(super) fn read(der: Vec<u8>) -> Result<Fields, Error> {
    let mut outer = Reader::der(&der);
    let mut list = outer.sequence()?;
    outer.finish()?;
    let tbs = list.expect(Tag::SEQUENCE)?;
    let signature_algorithm = list.algorithm_identifier()?;
    let signature = signature(&mut list)?;
    list.finish()?;

    let mut fields = tbs.reader()?;
    let version = match fields.peek() {
        Some(Tag::INTEGER) => fields.unsigned()?.saturating_add(1),
        _ => 1,
    };
    if !(1..=2).contains(&version) {
        return Err(Error::UnknownVersion { version });
    }
    if !is_same(&fields.algorithm_identifier()?, &signature_algorithm) {
        return Err(Error::SignatureAlgorithmMismatch);
    }
    let issuer = Name::from_der(fields.expect(Tag::SEQUENCE)?.raw)?;
    let this_update = der::time_from(&fields.any()?)?;
    let next_update = match fields.peek() {
        Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => Some(der::time_from(&fields.any()?)?),
        _ => None,
    };
    let revoked = fields.optional(Tag::SEQUENCE)?;
    let extensions = extensions(&mut fields, version)?;
    fields.finish()?;

    let entries = revoked.map_or(&[][..], |revoked| revoked.content);
    let found = check_entries(entries, version)?;
    let known = known(&extensions, &issuer)?;
    Ok(Fields {
        tbs: range(&der, tbs.raw),
        signature_algorithm: identifier(&der, &signature_algorithm),
        signature: range(&der, signature),
        version,
        issuer,
        this_update,
        next_update,
        entries: revoked.map_or(0..0, |revoked| range(&der, revoked.content)),
        unknown_critical: unknown_critical(&extensions, &known, &found),
        extensions,
        known,
        index: OnceLock::new(),
        der,
    })
}

/// What the entries of a list say about the whole list.
#[derive(Default)]
struct Found {
    names_issuers: bool,
    unknown_critical: Option<Oid>,
}

/// Reads every entry once, so that a later search meets no surprise.
fn check_entries(content: &[u8], version: u64) -> Result<Found, Error> {
    let mut found = Found::default();
    let mut rest = content;
    while !rest.is_empty() {
        let has_extensions = if let Some(entry) = PlainEntry::read(rest) {
            rest = &rest[entry.length..];
            entry.has_extensions
        } else {
            let mut reader = Reader::der(rest);
            let entry = Entry::read(&mut reader)?;
            rest = reader.rest();
            found.names_issuers |= entry.certificate_issuer.is_some();
            found.unknown_critical = found.unknown_critical.or(entry.unknown_critical);
            entry.has_extensions
        };
        if has_extensions && version < 2 {
            return Err(Error::UnexpectedExtensions { version });
        }
    }
    Ok(found)
}

fn extensions(fields: &mut Reader<'_>, version: u64) -> Result<Vec<Extension>, Error> {
    let Some(mut explicit) = fields.context(0)? else {
        return Ok(Vec::new());
    };
    if version < 2 {
        return Err(Error::UnexpectedExtensions { version });
    }
    let extensions = Extension::read_all(explicit.sequence()?)?;
    explicit.finish()?;
    Ok(extensions)
}

fn known(extensions: &[Extension], issuer: &Name) -> Result<KnownExtensions, Error> {
    let mut known = KnownExtensions::default();
    for extension in extensions {
        let oid = extension.oid;
        interpret(&mut known, extension, issuer).map_err(|_| Error::MalformedExtension { oid })?;
    }
    Ok(known)
}

/// Takes over the meaning of one extension.
fn interpret(
    known: &mut KnownExtensions,
    extension: &Extension,
    issuer: &Name,
) -> Result<(), Error> {
    let value = &extension.value;
    match extension.oid {
        oids::CRL_NUMBER => known.crl_number = Some(number(value)?),
        oids::DELTA_CRL_INDICATOR => known.base_crl_number = Some(number(value)?),
        oids::AUTHORITY_KEY_IDENTIFIER => {
            known.authority_key_identifier = Some(AuthorityKeyIdentifier::read(value)?);
        }
        oids::ISSUING_DISTRIBUTION_POINT => {
            known.scope = Some(IssuingDistributionPoint::read(value, issuer)?);
        }
        oids::FRESHEST_CRL => known.freshest_crl = DistributionPoint::read_all(value, issuer)?,
        _ => {}
    }
    Ok(())
}

/// CRLNumber and BaseCRLNumber, which are not negative.
fn number(value: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::der(value);
    let number = reader.integer()?;
    reader.finish()?;
    match number {
        [0x80..=0xff, ..] => Err(der::Error::InvalidValue { tag: Tag::INTEGER }.into()),
        number => Ok(number.to_vec()),
    }
}

fn unknown_critical(extensions: &[Extension], known: &KnownExtensions, found: &Found) -> Vec<Oid> {
    let is_indirect = known.scope.as_ref().is_some_and(|scope| scope.indirect_crl);
    extensions
        .iter()
        .filter(|extension| extension.critical && !PROCESSED.contains(&extension.oid))
        .map(|extension| extension.oid)
        .chain(found.unknown_critical)
        .chain((found.names_issuers && !is_indirect).then_some(oids::CERTIFICATE_ISSUER))
        .collect()
}

/// Lists of the national authority have the GOST identifier with NULL parameters outside and with
/// none inside: both say the same.
fn is_same(one: &AlgorithmIdentifier<'_>, other: &AlgorithmIdentifier<'_>) -> bool {
    let plain = |identifier: &AlgorithmIdentifier<'_>| {
        identifier.parameters.is_none() || identifier.has_null_parameters()
    };
    one == other || (one.oid == other.oid && plain(one) && plain(other))
}

/// Extensions of a list whose meaning `pki` takes into account.
const PROCESSED: [Oid; 4] = [
    oids::CRL_NUMBER,
    oids::DELTA_CRL_INDICATOR,
    oids::AUTHORITY_KEY_IDENTIFIER,
    oids::ISSUING_DISTRIBUTION_POINT,
];
