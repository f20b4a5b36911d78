use crate::x509::Error;
use crate::x509::GeneralName;
use crate::x509::Name;
use crate::x509::ReasonFlags;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// One entry of cRLDistributionPoints or freshestCRL (RFC 5280 §4.2.1.13, §4.2.1.15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// The names by which a list says that it serves this point; empty when omitted.
    pub names: Vec<GeneralName>,
    /// The reasons that the point serves, `None` for all.
    pub reasons: Option<ReasonFlags>,
    /// Who issues the list, `None` when the issuer of the certificate does.
    pub crl_issuer: Option<Vec<GeneralName>>,
}

/// issuingDistributionPoint: the scope of a list (RFC 5280 §5.2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// The names of the point that the list serves; empty when it serves all.
    pub names: Vec<GeneralName>,
    /// The list covers end entities only.
    pub only_contains_user_certs: bool,
    /// The list covers CAs only.
    pub only_contains_ca_certs: bool,
    /// The reasons that the list covers, `None` for all.
    pub only_some_reasons: Option<ReasonFlags>,
    /// The list has entries of other issuers.
    pub indirect_crl: bool,
    /// The list covers attribute certificates only.
    pub only_contains_attribute_certs: bool,
}

impl DistributionPoint {
    /// Reads the value of the extension, one point to many; `issuer` is the issuer of the
    /// certificate, or of the list that has the extension.
    pub(in crate::x509) fn read_all(value: &[u8], issuer: &Name) -> Result<Vec<Self>, Error> {
        let mut outer = Reader::der(value);
        let mut sequence = outer.sequence()?;
        outer.finish()?;
        let mut points = Vec::new();
        while !sequence.is_empty() {
            if points.len() == MOST_POINTS {
                return Err(der::Error::InvalidLength.into());
            }
            points.push(Self::read(sequence.sequence()?, issuer)?);
        }
        if points.is_empty() {
            return Err(der::Error::Truncated.into());
        }
        Ok(points)
    }

    fn read(mut fields: Reader<'_>, issuer: &Name) -> Result<Self, Error> {
        let name = fields.context(0)?;
        let reasons = reasons(&mut fields, 1)?;
        let crl_issuer = fields.context(2)?.map(GeneralName::read_all).transpose()?;
        fields.finish()?;
        let names = match name {
            Some(name) => {
                let above = relative_to(crl_issuer.as_deref().unwrap_or_default(), issuer);
                distribution_point_name(name, above)?
            }
            None => Vec::new(),
        };
        Ok(Self {
            names,
            reasons,
            crl_issuer,
        })
    }
}

impl IssuingDistributionPoint {
    /// Reads the value of the extension; `issuer` is the issuer of the list.
    pub(in crate::x509) fn read(value: &[u8], issuer: &Name) -> Result<Self, Error> {
        let mut outer = Reader::der(value);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let names = match fields.context(0)? {
            Some(name) => distribution_point_name(name, Some(issuer))?,
            None => Vec::new(),
        };
        let scope = Self {
            names,
            only_contains_user_certs: flag(&mut fields, 1)?,
            only_contains_ca_certs: flag(&mut fields, 2)?,
            only_some_reasons: reasons(&mut fields, 3)?,
            indirect_crl: flag(&mut fields, 4)?,
            only_contains_attribute_certs: flag(&mut fields, 5)?,
        };
        fields.finish()?;
        Ok(scope)
    }
}

fn reasons(fields: &mut Reader<'_>, number: u8) -> Result<Option<ReasonFlags>, Error> {
    fields
        .optional(Tag::context_primitive(number))?
        .map(|element| ReasonFlags::read(&element))
        .transpose()
}

fn flag(fields: &mut Reader<'_>, number: u8) -> Result<bool, Error> {
    let Some(element) = fields.optional(Tag::context_primitive(number))? else {
        return Ok(false);
    };
    match element.content {
        [0] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(der::Error::InvalidValue { tag: element.tag }.into()),
    }
}

/// The name that a relative one stands below; there is none where several are to be had.
fn relative_to<'a>(crl_issuer: &'a [GeneralName], issuer: &'a Name) -> Option<&'a Name> {
    let mut names = crl_issuer.iter().filter_map(|name| match name {
        GeneralName::DirectoryName(name) => Some(name),
        _ => None,
    });
    match (names.next(), names.next()) {
        (None, _) => Some(issuer),
        (Some(only), None) => Some(only),
        (Some(_), Some(_)) => None,
    }
}

/// DistributionPointName: `fullName [0]` or `nameRelativeToCRLIssuer [1]`, which needs one name to be
/// below of (§4.2.1.13).
fn distribution_point_name(
    mut name: Reader<'_>,
    issuer: Option<&Name>,
) -> Result<Vec<GeneralName>, Error> {
    let choice = name.any()?;
    name.finish()?;
    match choice.tag {
        FULL_NAME => GeneralName::read_all(choice.reader()?),
        tag @ RELATIVE_NAME => {
            let issuer = issuer.ok_or(der::Error::InvalidValue { tag })?;
            let name = issuer.child(choice.content)?;
            Ok(vec![GeneralName::DirectoryName(name)])
        }
        tag => Err(der::Error::InvalidValue { tag }.into()),
    }
}

/// More than anybody has. A relative name is kept with the name above it, so that without a limit
/// small points below a long name would take much memory.
const MOST_POINTS: usize = 256;
const FULL_NAME: Tag = Tag::context(0);
const RELATIVE_NAME: Tag = Tag::context(1);

#[cfg(test)]
mod tests {
    use super::DistributionPoint;
    use super::MOST_POINTS;
    use crate::x509::GeneralName;
    use crate::x509::Name;
    use crate::x509::der;
    use crate::x509::der::Tag;
    use crate::x509::oids;

    #[test]
    fn a_relative_name_stands_below_who_issues_the_list() {
        let [issuer, other] = ["Issuer", "Other"].map(|text| der::sequence(&[rdn(text)]));
        let relative = der::context(0, &der::context(1, &attribute("Point")));
        for (crl_issuer, above) in [(vec![], "Issuer"), (vec![&other], "Other")] {
            let point = point(&relative, &crl_issuer);
            let expected = Name::from_der(&der::sequence(&[rdn(above), rdn("Point")])).unwrap();
            let read = read(&[point], &issuer).unwrap();
            assert_eq!(read[0].names, [GeneralName::DirectoryName(expected)]);
        }
        let below_two = point(&relative, &[&issuer, &other]);
        assert!(read(&[below_two], &issuer).is_none());
    }

    #[test]
    fn more_points_than_anybody_has_are_refused() {
        let issuer = der::sequence(&[rdn("Issuer")]);
        let points = |count| vec![point(&[], &[&issuer]); count];
        assert!(read(&points(MOST_POINTS), &issuer).is_some());
        assert!(read(&points(MOST_POINTS + 1), &issuer).is_none());
        assert!(read(&[], &issuer).is_none());
    }

    fn read(points: &[Vec<u8>], issuer: &[u8]) -> Option<Vec<DistributionPoint>> {
        let issuer = Name::from_der(issuer).unwrap();
        DistributionPoint::read_all(&der::sequence(points), &issuer).ok()
    }

    fn point(name: &[u8], crl_issuer: &[&Vec<u8>]) -> Vec<u8> {
        let names: Vec<_> = crl_issuer
            .iter()
            .map(|name| der::context(4, name))
            .collect();
        let mut fields = name.to_vec();
        if !names.is_empty() {
            fields.extend(der::context(2, &names.concat()));
        }
        der::tlv(Tag::SEQUENCE, &fields)
    }

    fn rdn(text: &str) -> Vec<u8> {
        der::set_of(&[attribute(text)])
    }

    fn attribute(text: &str) -> Vec<u8> {
        der::sequence(&[der::oid(&oids::COMMON_NAME), der::utf8_string(text)])
    }
}
