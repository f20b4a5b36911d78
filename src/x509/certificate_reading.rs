use std::ops::Range;

use time::OffsetDateTime;
use x509_parser::extensions::ParsedExtension;
use x509_parser::extensions::X509Extension;

use crate::crypto::AlgorithmIdentifier;
use crate::x509::AuthorityKeyIdentifier;
use crate::x509::BasicConstraints;
use crate::x509::DistributionPoint;
use crate::x509::Error;
use crate::x509::Extension;
use crate::x509::KeyUsage;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::certificate::Fields;
use crate::x509::certificate::KnownExtensions;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::extension;
use crate::x509::oids;

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
    for number in [1, 2] {
        fields.optional(Tag::context_primitive(number))?;
    }
    let parsed = extensions(&mut fields, version)?;
    fields.finish()?;

    Ok(Fields {
        der: input.into(),
        tbs: range(input, tbs.raw),
        signature_algorithm: identifier(input, &signature_algorithm),
        signature: range(input, signature),
        version,
        serial,
        known: known(&parsed, &issuer)?,
        issuer,
        subject,
        not_before,
        not_after,
        spki: range(input, spki.raw),
        key_algorithm: identifier(input, &key_algorithm),
        key: range(input, key),
        extensions: parsed.iter().map(kept).collect::<Result<_, _>>()?,
    })
}

fn validity(fields: &mut Reader<'_>) -> Result<(OffsetDateTime, OffsetDateTime), Error> {
    let mut validity = fields.sequence()?;
    let not_before = der::time_from(&validity.any()?)?;
    let not_after = der::time_from(&validity.any()?)?;
    validity.finish()?;
    Ok((not_before, not_after))
}

fn extensions<'a>(fields: &mut Reader<'a>, version: u64) -> Result<Vec<X509Extension<'a>>, Error> {
    let Some(mut explicit) = fields.context(3)? else {
        return Ok(Vec::new());
    };
    if version != 3 {
        return Err(Error::UnexpectedExtensions { version });
    }
    let parsed = extension::read_all(explicit.sequence()?)?;
    explicit.finish()?;
    Ok(parsed)
}

fn kept(extension: &X509Extension<'_>) -> Result<Extension, Error> {
    Ok(Extension {
        oid: extension::oid(extension)?,
        critical: extension.critical,
        value: extension.value.to_vec(),
    })
}

fn known(extensions: &[X509Extension<'_>], issuer: &Name) -> Result<KnownExtensions, Error> {
    let mut known = KnownExtensions::default();
    for extension in extensions {
        let oid = extension::oid(extension)?;
        interpret(&mut known, extension, oid, issuer).ok_or(Error::MalformedExtension { oid })?;
    }
    Ok(known)
}

/// Takes over the meaning of one extension, `None` when it is malformed.
fn interpret(
    known: &mut KnownExtensions,
    extension: &X509Extension<'_>,
    oid: Oid,
    issuer: &Name,
) -> Option<()> {
    let value = extension.value;
    match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(aki) => {
            known.authority_key_identifier = Some(AuthorityKeyIdentifier {
                key_identifier: aki.key_identifier.as_ref().map(|key| key.0.to_vec()),
            });
        }
        ParsedExtension::BasicConstraints(constraints) => {
            known.basic_constraints = Some(BasicConstraints {
                ca: constraints.ca,
                path_len_constraint: constraints.path_len_constraint,
            });
        }
        ParsedExtension::CertificatePolicies(policies) => {
            let oids = policies
                .iter()
                .map(|policy| Oid::from_octets(policy.policy_id.as_bytes()).ok());
            known.certificate_policies = Some(oids.collect::<Option<_>>()?);
        }
        ParsedExtension::CRLDistributionPoints(_) if oid == oids::CRL_DISTRIBUTION_POINTS => {
            known.crl_distribution_points = DistributionPoint::read_all(value, issuer).ok()?;
        }
        ParsedExtension::ExtendedKeyUsage(_) => {
            known.extended_key_usage = Some(purposes(value)?);
        }
        ParsedExtension::KeyUsage(usage) => {
            known.key_usage = Some(KeyUsage::from_bits(usage.flags));
        }
        ParsedExtension::SubjectKeyIdentifier(key) => {
            known.subject_key_identifier = Some(key.0.to_vec());
        }
        ParsedExtension::ParseError { .. } if extension.critical || MEANT.contains(&oid) => {
            return None;
        }
        _ => return Some(()),
    }
    // x509-parser leaves bytes behind the value out of account.
    let mut whole = Reader::der(value);
    whole.any().ok()?;
    whole.finish().ok()
}

fn purposes(value: &[u8]) -> Option<Vec<Oid>> {
    let mut sequence = Reader::der(value).sequence().ok()?;
    let mut purposes = Vec::new();
    while !sequence.is_empty() {
        purposes.push(sequence.oid().ok()?);
    }
    (!purposes.is_empty()).then_some(purposes)
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
fn whole_octets<'a>(fields: &mut Reader<'a>) -> Result<&'a [u8], der::Error> {
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

/// Extensions that decide about a path, so that a malformed one is never taken for an absent one.
const MEANT: [Oid; 11] = [
    oids::AUTHORITY_KEY_IDENTIFIER,
    oids::BASIC_CONSTRAINTS,
    oids::CERTIFICATE_POLICIES,
    oids::CRL_DISTRIBUTION_POINTS,
    oids::EXT_KEY_USAGE,
    oids::INHIBIT_ANY_POLICY,
    oids::KEY_USAGE,
    oids::NAME_CONSTRAINTS,
    oids::POLICY_CONSTRAINTS,
    oids::POLICY_MAPPINGS,
    oids::SUBJECT_KEY_IDENTIFIER,
];
