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
        let named = match crl_issuer.as_deref() {
            Some([GeneralName::DirectoryName(name)]) => name,
            _ => issuer,
        };
        let names = match name {
            Some(name) => distribution_point_name(name, named)?,
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
            Some(name) => distribution_point_name(name, issuer)?,
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

/// DistributionPointName: `fullName [0]` or `nameRelativeToCRLIssuer [1]`.
fn distribution_point_name(mut name: Reader<'_>, issuer: &Name) -> Result<Vec<GeneralName>, Error> {
    let choice = name.any()?;
    name.finish()?;
    match choice.tag {
        FULL_NAME => GeneralName::read_all(choice.reader()?),
        RELATIVE_NAME => Ok(vec![GeneralName::DirectoryName(
            issuer.child(choice.content)?,
        )]),
        tag => Err(der::Error::InvalidValue { tag }.into()),
    }
}

const FULL_NAME: Tag = Tag::context(0);
const RELATIVE_NAME: Tag = Tag::context(1);
