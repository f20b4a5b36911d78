use crate::x509::Error;
use crate::x509::Name;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// A GeneralName (RFC 5280 §4.2.1.6), as far as its meaning is needed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// `[4]`, a distinguished name.
    DirectoryName(Name),
    /// `[6]`, an address.
    Uri(String),
    /// Any other form, its bytes.
    Other(Vec<u8>),
}

/// One entry of cRLDistributionPoints (RFC 5280 §4.2.1.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// The names by which a list says that it serves this point; empty when omitted.
    pub names: Vec<GeneralName>,
    /// Whether the point serves only some reasons for revocation.
    pub only_some_reasons: bool,
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
    /// The list covers only some reasons.
    pub only_some_reasons: bool,
    /// The list has entries of other issuers.
    pub indirect_crl: bool,
    /// The list covers attribute certificates only.
    pub only_contains_attribute_certs: bool,
}

impl DistributionPoint {
    /// Reads the value of the extension; `issuer` is the issuer of the certificate.
    pub(in crate::x509) fn read_all(value: &[u8], issuer: &Name) -> Result<Vec<Self>, Error> {
        let mut outer = Reader::der(value);
        let mut sequence = outer.sequence()?;
        outer.finish()?;
        let mut points = Vec::new();
        while !sequence.is_empty() {
            points.push(Self::read(sequence.sequence()?, issuer)?);
        }
        Ok(points)
    }

    fn read(mut fields: Reader<'_>, issuer: &Name) -> Result<Self, Error> {
        let name = fields.context(0)?;
        let only_some_reasons = fields.optional(Tag::context_primitive(1))?.is_some();
        let crl_issuer = fields.context(2)?.map(general_names).transpose()?;
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
            only_some_reasons,
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
            only_some_reasons: fields.optional(Tag::context_primitive(3))?.is_some(),
            indirect_crl: flag(&mut fields, 4)?,
            only_contains_attribute_certs: flag(&mut fields, 5)?,
        };
        fields.finish()?;
        Ok(scope)
    }
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
        FULL_NAME => general_names(choice.reader()?),
        RELATIVE_NAME => Ok(vec![GeneralName::DirectoryName(
            issuer.child(choice.content)?,
        )]),
        tag => Err(der::Error::InvalidValue { tag }.into()),
    }
}

fn general_names(mut names: Reader<'_>) -> Result<Vec<GeneralName>, Error> {
    let mut read = Vec::new();
    while let Some(name) = names.next()? {
        read.push(match name.tag {
            DIRECTORY_NAME => GeneralName::DirectoryName(Name::from_der(name.content)?),
            URI if name.content.is_ascii() => {
                GeneralName::Uri(name.content.iter().copied().map(char::from).collect())
            }
            _ => GeneralName::Other(name.raw.to_vec()),
        });
    }
    Ok(read)
}

const FULL_NAME: Tag = Tag::context(0);
const RELATIVE_NAME: Tag = Tag::context(1);
const DIRECTORY_NAME: Tag = Tag::context(4);
const URI: Tag = Tag::context_primitive(6);
