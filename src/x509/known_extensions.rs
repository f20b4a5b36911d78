use x509_parser::error::X509Error;
use x509_parser::extensions;
use x509_parser::prelude::FromDer;

use crate::x509::AccessDescription;
use crate::x509::AuthorityKeyIdentifier;
use crate::x509::BasicConstraints;
use crate::x509::DistributionPoint;
use crate::x509::Error;
use crate::x509::Extension;
use crate::x509::GeneralName;
use crate::x509::KeyUsage;
use crate::x509::Name;
use crate::x509::NameConstraints;
use crate::x509::Oid;
use crate::x509::PolicyConstraints;
use crate::x509::PolicyMapping;
use crate::x509::certificate_policies::read_policies;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::oids;

/// The extensions that are interpreted (RFC 5280 §4.2).
#[derive(Default)]
pub(super) struct KnownExtensions {
    pub(super) authority_info_access: Vec<AccessDescription>,
    pub(super) authority_key_identifier: Option<AuthorityKeyIdentifier>,
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) certificate_policies: Option<Vec<Oid>>,
    pub(super) crl_distribution_points: Vec<DistributionPoint>,
    pub(super) extended_key_usage: Option<Vec<Oid>>,
    pub(super) freshest_crl: Vec<DistributionPoint>,
    pub(super) inhibit_any_policy: Option<u32>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) policy_constraints: Option<PolicyConstraints>,
    pub(super) policy_mappings: Vec<PolicyMapping>,
    pub(super) subject_alt_names: Option<Vec<GeneralName>>,
    pub(super) subject_key_identifier: Option<Vec<u8>>,
}

impl KnownExtensions {
    /// Reads the meaning of all extensions; `issuer` is the issuer of the certificate.
    pub(super) fn read(extensions: &[Extension], issuer: &Name) -> Result<Self, Error> {
        let mut known = Self::default();
        for extension in extensions {
            let oid = extension.oid;
            known
                .interpret(oid, &extension.value, issuer)
                .map_err(|_| Error::MalformedExtension { oid })?;
        }
        Ok(known)
    }

    /// Whether nothing here knows what the extension means.
    pub(super) fn is_unknown(oid: Oid) -> bool {
        !KNOWN.contains(&oid)
    }

    fn interpret(&mut self, oid: Oid, value: &[u8], issuer: &Name) -> Result<(), Error> {
        match oid {
            oids::AUTHORITY_INFO_ACCESS => {
                self.authority_info_access = AccessDescription::read_all(value)?;
            }
            oids::AUTHORITY_KEY_IDENTIFIER => {
                self.authority_key_identifier = Some(AuthorityKeyIdentifier::read(value)?);
            }
            oids::BASIC_CONSTRAINTS => self.basic_constraints = Some(basic_constraints(value)?),
            oids::CERTIFICATE_POLICIES => self.certificate_policies = Some(read_policies(value)?),
            oids::CRL_DISTRIBUTION_POINTS => {
                self.crl_distribution_points = DistributionPoint::read_all(value, issuer)?;
            }
            oids::EXT_KEY_USAGE => self.extended_key_usage = Some(purposes(value)?),
            oids::FRESHEST_CRL => self.freshest_crl = DistributionPoint::read_all(value, issuer)?,
            oids::INHIBIT_ANY_POLICY => self.inhibit_any_policy = Some(skip_certs(value)?),
            oids::ISSUER_ALT_NAME => drop(alt_names(value)?),
            oids::KEY_USAGE => self.key_usage = Some(key_usage(value)?),
            oids::NAME_CONSTRAINTS => self.name_constraints = Some(NameConstraints::read(value)?),
            oids::POLICY_CONSTRAINTS => {
                self.policy_constraints = Some(PolicyConstraints::read(value)?);
            }
            oids::POLICY_MAPPINGS => self.policy_mappings = PolicyMapping::read_all(value)?,
            oids::SUBJECT_ALT_NAME => self.subject_alt_names = Some(subject_alt_names(value)?),
            oids::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_identifier = Some(key_identifier(value)?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// The value of an extension as x509-parser reads it: one DER element and nothing behind it, which
/// the crate leaves out of account.
fn parsed<'a, T: FromDer<'a, X509Error>>(value: &'a [u8]) -> Result<T, Error> {
    let mut whole = Reader::der(value);
    let tag = whole.any()?.tag;
    whole.finish()?;
    match T::from_der(value) {
        Ok((_, read)) => Ok(read),
        Err(_) => Err(der::Error::InvalidValue { tag }.into()),
    }
}

/// An explicit `FALSE`, which DER leaves out and some issuers write, can be read in one way only
/// and is; x509-parser reads other octets for true as well. A path longer than 32 bits can count is
/// as long as they can count.
fn basic_constraints(value: &[u8]) -> Result<BasicConstraints, Error> {
    let mut outer = Reader::der(value);
    let mut fields = outer.sequence()?;
    outer.finish()?;
    let ca = fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()?;
    let path_len = fields.optional(Tag::INTEGER)?;
    fields.finish()?;
    Ok(BasicConstraints {
        ca,
        path_len_constraint: path_len.map(|length| length.count()).transpose()?,
    })
}

fn purposes(value: &[u8]) -> Result<Vec<Oid>, Error> {
    let mut outer = Reader::der(value);
    let mut sequence = outer.sequence()?;
    outer.finish()?;
    let mut purposes = Vec::new();
    while !sequence.is_empty() {
        purposes.push(sequence.oid()?);
    }
    if purposes.is_empty() {
        return Err(der::Error::Truncated.into());
    }
    Ok(purposes)
}

fn skip_certs(value: &[u8]) -> Result<u32, Error> {
    let inhibited: extensions::InhibitAnyPolicy = parsed(value)?;
    Ok(inhibited.skip_certs)
}

fn alt_names(value: &[u8]) -> Result<Vec<GeneralName>, Error> {
    let mut outer = Reader::der(value);
    let names = outer.sequence()?;
    outer.finish()?;
    GeneralName::read_all(names)
}

/// Responders of a well-known authority have an empty list, which names nothing. It breaks the
/// profile (RFC 5280 §4.2.1.6), not the reading.
fn subject_alt_names(value: &[u8]) -> Result<Vec<GeneralName>, Error> {
    match value {
        [0x30, 0] => Ok(Vec::new()),
        value => alt_names(value),
    }
}

/// Read here, since x509-parser takes set bits among the unused ones for bits.
fn key_usage(value: &[u8]) -> Result<KeyUsage, Error> {
    let mut outer = Reader::der(value);
    let bits = outer.bit_string()?;
    outer.finish()?;
    Ok(KeyUsage::from_bits(bits.named_bits()))
}

fn key_identifier(value: &[u8]) -> Result<Vec<u8>, Error> {
    let key: extensions::KeyIdentifier<'_> = parsed(value)?;
    Ok(key.0.to_vec())
}

/// Extensions of RFC 5280 whose meaning is known; `pki` says which of them it can process.
const KNOWN: [Oid; 15] = [
    oids::AUTHORITY_INFO_ACCESS,
    oids::AUTHORITY_KEY_IDENTIFIER,
    oids::BASIC_CONSTRAINTS,
    oids::CERTIFICATE_POLICIES,
    oids::CRL_DISTRIBUTION_POINTS,
    oids::EXT_KEY_USAGE,
    oids::FRESHEST_CRL,
    oids::INHIBIT_ANY_POLICY,
    oids::ISSUER_ALT_NAME,
    oids::KEY_USAGE,
    oids::NAME_CONSTRAINTS,
    oids::POLICY_CONSTRAINTS,
    oids::POLICY_MAPPINGS,
    oids::SUBJECT_ALT_NAME,
    oids::SUBJECT_KEY_IDENTIFIER,
];

#[cfg(test)]
mod tests {
    use super::KnownExtensions;
    use super::basic_constraints;
    use super::key_identifier;
    use super::skip_certs;
    use crate::x509::BasicConstraints;
    use crate::x509::Extension;
    use crate::x509::Name;
    use crate::x509::Oid;
    use crate::x509::der;
    use crate::x509::oids;

    #[test]
    fn basic_constraints_have_one_reading() {
        let read = |value: &[u8]| basic_constraints(value).ok();
        let constraints = |ca, path_len_constraint| {
            Some(BasicConstraints {
                ca,
                path_len_constraint,
            })
        };
        assert_eq!(read(&[0x30, 0]), constraints(false, None));
        assert_eq!(read(&[0x30, 3, 1, 1, 0xff]), constraints(true, None));
        let with_length = [0x30, 6, 1, 1, 0xff, 2, 1, 3];
        assert_eq!(read(&with_length), constraints(true, Some(3)));
        // Some issuers write the default, which is wrong but clear.
        assert_eq!(read(&[0x30, 3, 1, 1, 0]), constraints(false, None));
        for malformed in [
            &[][..],
            &[0x30, 3, 1, 1, 1],
            &[0x30, 6, 1, 1, 0xff, 2, 1, 0xff],
            &[0x30, 7, 1, 1, 0xff, 2, 2, 0, 3],
            &[0x30, 6, 2, 1, 3, 1, 1, 0xff],
            &[0x30, 8, 1, 1, 0xff, 2, 1, 3, 5, 0],
            &[0x30, 0x81, 3, 1, 1, 0xff],
            &[0x30, 3, 1, 1, 0xff, 0],
        ] {
            assert_eq!(read(malformed), None, "{malformed:02x?}");
        }
    }

    #[test]
    fn bytes_behind_a_value_are_refused() {
        assert_eq!(skip_certs(&[2, 1, 5]), Ok(5));
        assert_eq!(key_identifier(&[4, 1, 7]), Ok(vec![7]));
        assert!(skip_certs(&[2, 1, 5, 0]).is_err());
        assert!(skip_certs(&[2, 1, 0xff]).is_err());
        assert!(skip_certs(&[2, 2, 0, 5]).is_err());
        assert!(key_identifier(&[4, 1, 7, 0]).is_err());
    }

    #[test]
    fn the_bits_of_key_usage_are_those_of_the_standard() {
        let usage = |value: &[u8]| read(oids::KEY_USAGE, value)?.key_usage;
        let signs = usage(&[3, 2, 6, 0xc0]).unwrap();
        assert!(signs.digital_signature() && signs.non_repudiation());
        assert!(!signs.key_cert_sign() && !signs.crl_sign());
        let issues = usage(&[3, 2, 1, 6]).unwrap();
        assert!(issues.key_cert_sign() && issues.crl_sign());
        assert!(!issues.digital_signature() && !issues.key_agreement());
        assert_eq!(usage(&[3, 2, 0, 6]), Some(issues));
    }

    #[test]
    fn no_cut_or_changed_extension_makes_the_reading_panic() {
        for (oid, value) in whole() {
            assert!(read(oid, &value).is_some(), "{oid}");
            for at in 0..value.len() {
                assert!(read(oid, &value[..at]).is_none(), "{oid} cut at {at}");
                for change in [0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0xff] {
                    let mut changed = value.clone();
                    changed[at] ^= change;
                    let _ = read(oid, &changed);
                }
            }
            let longer = [&value[..], &[0]].concat();
            assert!(read(oid, &longer).is_none(), "{oid}");
        }
    }

    /// A value of every extension that is read, with all its parts.
    fn whole() -> Vec<(Oid, Vec<u8>)> {
        let oid = der::oid(&Oid::new("2.999.1"));
        let name = der::sequence(&[der::set_of(&[der::sequence(&[
            der::oid(&oids::COMMON_NAME),
            der::utf8_string("Имя"),
        ])])]);
        let other = [oid.clone(), der::context(0, &der::null())].concat();
        let names = [
            der::context(0, &other),
            der::context_primitive(1, b"a@b.kz"),
            der::context_primitive(2, b"b.kz"),
            der::context(4, &name),
            der::context_primitive(6, b"urn:a"),
            der::context_primitive(7, &[10, 0, 0, 0, 255, 0, 0, 0]),
            der::context_primitive(8, &[0x2a]),
        ];
        let trees: Vec<Vec<u8>> = names.iter().map(|name| der::sequence(&[name])).collect();
        let all = names.concat();
        let point = der::sequence(&[
            der::context(0, &der::context(0, &all)),
            der::context_primitive(1, &[5, 0x60]),
            der::context(2, &der::context(4, &name)),
        ]);
        let authority = der::sequence(&[
            der::context_primitive(0, &[1, 2]),
            der::context(1, &all),
            der::context_primitive(2, &[5]),
        ]);
        let qualifier = der::sequence(&[oid.clone(), der::null()]);
        let policy = der::sequence(&[oid.clone(), der::sequence(&[qualifier])]);
        let access = der::sequence(&[oid.clone(), names[4].clone()]);
        let counts = [0, 1].map(|number| der::context_primitive(number, &[1, 0]));
        vec![
            (oids::AUTHORITY_INFO_ACCESS, der::sequence(&[access])),
            (oids::AUTHORITY_KEY_IDENTIFIER, authority),
            (oids::BASIC_CONSTRAINTS, vec![0x30, 6, 1, 1, 0xff, 2, 1, 3]),
            (oids::CERTIFICATE_POLICIES, der::sequence(&[policy])),
            (oids::CRL_DISTRIBUTION_POINTS, der::sequence(&[&point])),
            (oids::EXT_KEY_USAGE, der::sequence(&[&oid])),
            (oids::FRESHEST_CRL, der::sequence(&[&point])),
            (oids::INHIBIT_ANY_POLICY, der::unsigned(300)),
            (oids::ISSUER_ALT_NAME, der::sequence(&names)),
            (oids::KEY_USAGE, vec![3, 3, 7, 0xc0, 0x80]),
            (
                oids::NAME_CONSTRAINTS,
                der::sequence(&[0, 1].map(|number| der::context(number, &trees.concat()))),
            ),
            (oids::POLICY_CONSTRAINTS, der::sequence(&counts)),
            (
                oids::POLICY_MAPPINGS,
                der::sequence(&[der::sequence(&[&oid, &oid])]),
            ),
            (oids::SUBJECT_ALT_NAME, der::sequence(&names)),
            (oids::SUBJECT_KEY_IDENTIFIER, der::octet_string(&[1, 2])),
        ]
    }

    fn read(oid: Oid, value: &[u8]) -> Option<KnownExtensions> {
        let issuer = Name::from_der(&[0x30, 0]).unwrap();
        let extension = Extension {
            oid,
            critical: false,
            value: value.to_vec(),
        };
        KnownExtensions::read(&[extension], &issuer).ok()
    }
}
