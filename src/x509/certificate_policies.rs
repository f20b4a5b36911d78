use crate::x509::Error;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::extension::duplicate;

/// How many certificates further down certain freedoms of policies end (RFC 5280 §4.2.1.11). At
/// least one of the two is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// After how many certificates a policy must be valid for the whole path.
    pub require_explicit_policy: Option<u32>,
    /// After how many certificates policies may no longer be mapped.
    pub inhibit_policy_mapping: Option<u32>,
}

/// Two policies that the issuer holds to be equal (RFC 5280 §4.2.1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyMapping {
    /// The policy in the domain of the issuer.
    pub issuer_domain_policy: Oid,
    /// The policy in the domain of the subject.
    pub subject_domain_policy: Oid,
}

/// Reads certificatePolicies (RFC 5280 §4.2.1.4): one to many, none twice. Of their qualifiers only
/// the structure is held to account, since nothing depends on them.
pub(super) fn read_policies(value: &[u8]) -> Result<Vec<Oid>, Error> {
    let policies = elements(value, |mut fields| {
        let policy = fields.oid()?;
        if let Some(qualifiers) = fields.optional(Tag::SEQUENCE)? {
            elements(qualifiers.raw, |mut qualifier| {
                qualifier.oid()?;
                qualifier.any()?;
                Ok(qualifier.finish()?)
            })?;
        }
        fields.finish()?;
        Ok(policy)
    })?;
    if duplicate(policies.iter().copied()).is_some() {
        return Err(der::Error::InvalidValue { tag: Tag::SEQUENCE }.into());
    }
    Ok(policies)
}

impl PolicyMapping {
    /// Reads the value of policyMappings: one to many.
    pub(in crate::x509) fn read_all(value: &[u8]) -> Result<Vec<Self>, Error> {
        elements(value, |mut fields| {
            let mapping = Self {
                issuer_domain_policy: fields.oid()?,
                subject_domain_policy: fields.oid()?,
            };
            fields.finish()?;
            Ok(mapping)
        })
    }
}

impl PolicyConstraints {
    /// Reads the value of the extension.
    pub(in crate::x509) fn read(value: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(value);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        if fields.is_empty() {
            return Err(der::Error::Truncated.into());
        }
        let mut skip_certs = |number| {
            let element = fields.optional(Tag::context_primitive(number))?;
            element.map(|element| element.count()).transpose()
        };
        let constraints = Self {
            require_explicit_policy: skip_certs(0)?,
            inhibit_policy_mapping: skip_certs(1)?,
        };
        fields.finish()?;
        Ok(constraints)
    }
}

/// Reads a SEQUENCE OF SEQUENCE with one element or more.
fn elements<T>(
    value: &[u8],
    read: impl Fn(Reader<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut outer = Reader::der(value);
    let mut sequence = outer.sequence()?;
    outer.finish()?;
    let mut all = Vec::new();
    while !sequence.is_empty() {
        all.push(read(sequence.sequence()?)?);
    }
    if all.is_empty() {
        return Err(der::Error::Truncated.into());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::PolicyConstraints;
    use super::PolicyMapping;
    use super::read_policies;
    use crate::x509::Oid;
    use crate::x509::der;
    use crate::x509::der::Tag;

    #[test]
    fn policies_are_read_without_their_qualifiers() {
        let cps = der::sequence(&[
            der::oid(&Oid::new("1.3.6.1.5.5.7.2.1")),
            der::ia5_string("http://pki.gov.kz/cps"),
        ]);
        let value = der::sequence(&[
            der::sequence(&[der::oid(&ONE), der::sequence(&[cps])]),
            der::sequence(&[der::oid(&OTHER)]),
        ]);
        assert_eq!(read_policies(&value), Ok(vec![ONE, OTHER]));
    }

    #[test]
    fn policies_that_stand_twice_or_not_at_all_are_refused() {
        let one = der::sequence(&[der::oid(&ONE)]);
        let empty = der::sequence::<&[u8]>(&[]);
        let malformed = der::sequence(&[der::sequence(&[der::oid(&OTHER)])]);
        for value in [
            empty.clone(),
            der::sequence(&[one.clone(), one.clone()]),
            der::sequence(&[der::oid(&ONE)]),
            der::sequence(&[der::sequence(&[der::oid(&ONE), empty])]),
            der::sequence(&[der::sequence(&[der::oid(&ONE), malformed])]),
            der::sequence(&[der::sequence(&[der::oid(&ONE), der::null()])]),
            [der::sequence(&[one]), der::null()].concat(),
        ] {
            assert!(read_policies(&value).is_err(), "{value:02x?}");
        }
    }

    #[test]
    fn mappings_are_pairs() {
        let pair = der::sequence(&[der::oid(&ONE), der::oid(&OTHER)]);
        let mapping = PolicyMapping {
            issuer_domain_policy: ONE,
            subject_domain_policy: OTHER,
        };
        let read = PolicyMapping::read_all(&der::sequence(&[&pair]));
        assert_eq!(read, Ok(vec![mapping]));
        let single = der::sequence(&[der::oid(&ONE)]);
        let triple = der::sequence(&[der::oid(&ONE), der::oid(&ONE), der::oid(&ONE)]);
        for pairs in [vec![], vec![single], vec![triple], vec![pair, der::null()]] {
            assert!(PolicyMapping::read_all(&der::sequence(&pairs)).is_err());
        }
    }

    #[test]
    fn constraints_count_certificates() {
        let read = |fields: &[Vec<u8>]| PolicyConstraints::read(&der::sequence(fields)).ok();
        let count = |number, content: &[u8]| der::tlv(Tag::context_primitive(number), content);
        for (fields, require_explicit_policy, inhibit_policy_mapping) in [
            (vec![count(0, &[0])], Some(0), None),
            (vec![count(1, &[0, 0x80])], None, Some(128)),
            (
                vec![count(0, &[1, 0, 0, 0, 0]), count(1, &[1])],
                Some(u32::MAX),
                Some(1),
            ),
        ] {
            let expected = PolicyConstraints {
                require_explicit_policy,
                inhibit_policy_mapping,
            };
            assert_eq!(read(&fields), Some(expected));
        }
        for fields in [
            vec![],
            vec![count(0, &[])],
            vec![count(0, &[0xff])],
            vec![count(0, &[0, 1])],
            vec![count(1, &[0]), count(0, &[0])],
            vec![count(0, &[0]), count(2, &[0])],
        ] {
            assert_eq!(read(&fields), None, "{fields:02x?}");
        }
    }

    const ONE: Oid = Oid::new("2.999.1");
    const OTHER: Oid = Oid::new("2.999.2");
}
