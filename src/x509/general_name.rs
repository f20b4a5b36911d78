use crate::x509::Error;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::der::Tlv;

/// A GeneralName (RFC 5280 §4.2.1.6).
///
/// Reading holds the ASN.1 types to their alphabet and nothing more: what a DNS name or an address
/// may look like is judged where names are judged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GeneralName {
    /// `[0]`, a name of a form that `type_id` defines.
    OtherName {
        /// The form.
        type_id: Oid,
        /// The value in DER.
        value: Vec<u8>,
    },
    /// `[1]`, a mailbox.
    Rfc822Name(String),
    /// `[2]`, a domain name.
    DnsName(String),
    /// `[3]`, an ORAddress: the content of its element.
    X400Address(Vec<u8>),
    /// `[4]`, a distinguished name.
    DirectoryName(Name),
    /// `[5]`, an EDIPartyName: the content of its element.
    EdiPartyName(Vec<u8>),
    /// `[6]`, an address.
    Uri(String),
    /// `[7]`, the octets of an IP address; in name constraints those of a mask behind them.
    IpAddress(Vec<u8>),
    /// `[8]`, an object identifier.
    RegisteredId(Oid),
}

impl GeneralName {
    /// Reads the value of an extension that is a GeneralNames, or anything with that content.
    pub(in crate::x509) fn read_all(mut names: Reader<'_>) -> Result<Vec<Self>, Error> {
        let mut read = Vec::new();
        while !names.is_empty() {
            read.push(Self::read(&names.any()?)?);
        }
        if read.is_empty() {
            return Err(der::Error::Truncated.into());
        }
        Ok(read)
    }

    /// Reads one name.
    pub(crate) fn read(name: &Tlv<'_>) -> Result<Self, Error> {
        Ok(match name.tag {
            OTHER_NAME => Self::other(name.reader()?)?,
            RFC822_NAME => Self::Rfc822Name(ia5_string(name)?),
            DNS_NAME => Self::DnsName(ia5_string(name)?),
            X400_ADDRESS => Self::X400Address(name.content.to_vec()),
            DIRECTORY_NAME => Self::DirectoryName(Name::from_der(name.content)?),
            EDI_PARTY_NAME => Self::EdiPartyName(name.content.to_vec()),
            URI => Self::Uri(ia5_string(name)?),
            IP_ADDRESS => Self::IpAddress(name.content.to_vec()),
            REGISTERED_ID => Self::RegisteredId(
                Oid::from_octets(name.content)
                    .map_err(|_| der::Error::InvalidValue { tag: name.tag })?,
            ),
            tag => return Err(der::Error::InvalidValue { tag }.into()),
        })
    }

    fn other(mut fields: Reader<'_>) -> Result<Self, Error> {
        let type_id = fields.oid()?;
        let mut explicit = fields.expect(Tag::context(0))?.reader()?;
        let value = explicit.any()?.raw.to_vec();
        explicit.finish()?;
        fields.finish()?;
        Ok(Self::OtherName { type_id, value })
    }
}

fn ia5_string(name: &Tlv<'_>) -> Result<String, Error> {
    if !name.content.is_ascii() {
        return Err(der::Error::InvalidValue { tag: name.tag }.into());
    }
    Ok(name.content.iter().copied().map(char::from).collect())
}

const OTHER_NAME: Tag = Tag::context(0);
const RFC822_NAME: Tag = Tag::context_primitive(1);
const DNS_NAME: Tag = Tag::context_primitive(2);
const X400_ADDRESS: Tag = Tag::context(3);
const DIRECTORY_NAME: Tag = Tag::context(4);
const EDI_PARTY_NAME: Tag = Tag::context(5);
const URI: Tag = Tag::context_primitive(6);
const IP_ADDRESS: Tag = Tag::context_primitive(7);
const REGISTERED_ID: Tag = Tag::context_primitive(8);

#[cfg(test)]
mod tests {
    use super::GeneralName;
    use crate::x509::Oid;
    use crate::x509::der;
    use crate::x509::der::Reader;
    use crate::x509::der::Tag;

    #[test]
    fn every_form_of_a_name_is_read() {
        let type_id = Oid::new("1.3.6.1.4.1.311.20.2.3");
        let value = der::tlv(Tag::UTF8_STRING, "иван".as_bytes());
        let other = [der::oid(&type_id), der::context(0, &value)].concat();
        let empty = der::sequence::<&[u8]>(&[]);
        for (tag, content, expected) in [
            (
                0xa0,
                other.as_slice(),
                GeneralName::OtherName { type_id, value },
            ),
            (0x81, b"a@b.kz", GeneralName::Rfc822Name("a@b.kz".into())),
            (0x82, b"b.kz", GeneralName::DnsName("b.kz".into())),
            (0xa3, b"\x30\x00", GeneralName::X400Address(vec![0x30, 0])),
            (
                0xa4,
                &empty,
                GeneralName::DirectoryName(crate::x509::Name::from_der(&empty).unwrap()),
            ),
            (0xa5, b"\x81\x00", GeneralName::EdiPartyName(vec![0x81, 0])),
            (0x86, b"http://b.kz", GeneralName::Uri("http://b.kz".into())),
            (0x87, &[10, 0, 0], GeneralName::IpAddress(vec![10, 0, 0])),
            (
                0x88,
                &[0x2a, 3],
                GeneralName::RegisteredId(Oid::new("1.2.3")),
            ),
        ] {
            assert_eq!(read(&der::tlv(Tag(tag), content)), Some(vec![expected]));
        }
    }

    #[test]
    fn a_name_outside_its_type_is_refused() {
        for (tag, content) in [
            (0x80, &[][..]),
            (0xa0, &[6, 1, 0x2a]),
            (0xa0, &[6, 1, 0x2a, 0xa0, 0]),
            (0xa0, &[6, 1, 0x2a, 0xa0, 2, 5, 0, 5, 0]),
            (0x81, &[0xd0, 0xb8]),
            (0x82, &[0xff]),
            (0xa2, b"b.kz"),
            (0xa4, &[]),
            (0x84, &[0x30, 0]),
            (0x86, &[0x80]),
            (0x88, &[0x80]),
            (0x89, &[]),
        ] {
            assert_eq!(
                read(&der::tlv(Tag(tag), content)),
                None,
                "{tag:x} {content:?}"
            );
        }
    }

    #[test]
    fn no_names_at_all_are_refused() {
        assert_eq!(read(&[]), None);
    }

    fn read(names: &[u8]) -> Option<Vec<GeneralName>> {
        GeneralName::read_all(Reader::der(names)).ok()
    }
}
