use crate::x509::Error;
use crate::x509::GeneralName;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// In which name spaces the names of a path below must lie (RFC 5280 §4.2.1.10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConstraints {
    /// Subtrees outside of which no name of their form may lie; empty when omitted.
    pub permitted: Vec<GeneralName>,
    /// Subtrees inside of which no name may lie; empty when omitted.
    pub excluded: Vec<GeneralName>,
}

impl NameConstraints {
    /// Reads the value of the extension. The standard has no use for `minimum` and `maximum`: what
    /// says anything else than their defaults is refused, as is an address without its mask.
    pub(in crate::x509) fn read(value: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(value);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        if fields.is_empty() {
            return Err(der::Error::Truncated.into());
        }
        let permitted = fields.context(0)?.map_or(Ok(Vec::new()), subtrees)?;
        let excluded = fields.context(1)?.map_or(Ok(Vec::new()), subtrees)?;
        fields.finish()?;
        Ok(Self {
            permitted,
            excluded,
        })
    }
}

/// GeneralSubtrees: one to many.
fn subtrees(mut sequence: Reader<'_>) -> Result<Vec<GeneralName>, Error> {
    let mut bases = Vec::new();
    while !sequence.is_empty() {
        bases.push(subtree(sequence.sequence()?)?);
    }
    if bases.is_empty() {
        return Err(der::Error::Truncated.into());
    }
    Ok(bases)
}

fn subtree(mut fields: Reader<'_>) -> Result<GeneralName, Error> {
    let element = fields.any()?;
    let base = GeneralName::read(&element)?;
    let minimum = fields.optional(MINIMUM)?;
    fields.finish()?;
    let minimum = minimum.map_or(Ok(0), |minimum| minimum.count())?;
    let without_mask =
        matches!(&base, GeneralName::IpAddress(octets) if !matches!(octets.len(), 8 | 32));
    if minimum != 0 || without_mask {
        return Err(der::Error::InvalidValue { tag: element.tag }.into());
    }
    Ok(base)
}

const MINIMUM: Tag = Tag::context_primitive(0);

#[cfg(test)]
mod tests {
    use super::NameConstraints;
    use crate::x509::GeneralName;
    use crate::x509::der;

    #[test]
    fn the_subtrees_are_read() {
        let dns = der::context_primitive(2, b"b.kz");
        let mail = der::context_primitive(1, b".b.kz");
        let ip = der::context_primitive(7, &[10, 0, 0, 0, 255, 0, 0, 0]);
        let explicit_default = der::sequence(&[mail, der::context_primitive(0, &[0])]);
        let read = read(&[
            der::context(0, &[der::sequence(&[dns]), explicit_default].concat()),
            der::context(1, &der::sequence(&[ip])),
        ]);
        let expected = NameConstraints {
            permitted: vec![
                GeneralName::DnsName("b.kz".into()),
                GeneralName::Rfc822Name(".b.kz".into()),
            ],
            excluded: vec![GeneralName::IpAddress(vec![10, 0, 0, 0, 255, 0, 0, 0])],
        };
        assert_eq!(read, Some(expected));
    }

    #[test]
    fn what_the_standard_has_no_use_for_is_refused() {
        let subtree = |parts: &[Vec<u8>]| der::context(0, &der::sequence(parts));
        let dns = der::context_primitive(2, b"b.kz");
        let one = subtree(std::slice::from_ref(&dns));
        for fields in [
            vec![],
            vec![der::context(0, &[])],
            vec![one.clone(), one.clone()],
            vec![der::context(1, &der::sequence(&[&dns])), one],
            vec![subtree(&[dns.clone(), der::context_primitive(0, &[1])])],
            vec![subtree(&[dns.clone(), der::context_primitive(1, &[9])])],
            vec![subtree(&[dns.clone(), dns])],
            vec![subtree(&[der::context_primitive(7, &[10, 0, 0, 0])])],
        ] {
            assert_eq!(read(&fields), None, "{fields:02x?}");
        }
    }

    fn read(fields: &[Vec<u8>]) -> Option<NameConstraints> {
        NameConstraints::read(&der::sequence(fields)).ok()
    }
}
