use crate::x509::Error;
use crate::x509::GeneralName;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// Which key of the issuer made the signature (RFC 5280 §4.2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// keyIdentifier.
    pub key_identifier: Option<Vec<u8>>,
    /// authorityCertIssuer: who issued the issuer's certificate.
    pub authority_cert_issuer: Option<Vec<GeneralName>>,
    /// authorityCertSerialNumber: the number of the issuer's certificate.
    pub authority_cert_serial_number: Option<SerialNumber>,
}

/// Where something about the issuer is found (RFC 5280 §4.2.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessDescription {
    /// What is found there, and how.
    pub method: Oid,
    /// Where.
    pub location: GeneralName,
}

impl AuthorityKeyIdentifier {
    /// Reads the value of the extension.
    pub(in crate::x509) fn read(value: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(value);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let key = fields.optional(Tag::context_primitive(0))?;
        let issuer = fields.context(1)?;
        let serial = fields.optional(Tag::context_primitive(2))?;
        fields.finish()?;
        Ok(Self {
            key_identifier: key.map(|key| key.content.to_vec()),
            authority_cert_issuer: issuer.map(GeneralName::read_all).transpose()?,
            authority_cert_serial_number: serial
                .map(|serial| serial.integer().map(SerialNumber::from_content))
                .transpose()?,
        })
    }
}

impl AccessDescription {
    /// Reads the value of authorityInfoAccess: one to many.
    pub(in crate::x509) fn read_all(value: &[u8]) -> Result<Vec<Self>, Error> {
        let mut outer = Reader::der(value);
        let mut sequence = outer.sequence()?;
        outer.finish()?;
        let mut all = Vec::new();
        while !sequence.is_empty() {
            let mut fields = sequence.sequence()?;
            all.push(Self {
                method: fields.oid()?,
                location: GeneralName::read(&fields.any()?)?,
            });
            fields.finish()?;
        }
        if all.is_empty() {
            return Err(der::Error::Truncated.into());
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::AccessDescription;
    use super::AuthorityKeyIdentifier;
    use crate::x509::GeneralName;
    use crate::x509::Name;
    use crate::x509::Oid;
    use crate::x509::SerialNumber;
    use crate::x509::der;

    #[test]
    fn every_part_of_the_key_identifier_is_read() {
        let name = der::sequence::<&[u8]>(&[]);
        let parts = [
            der::context_primitive(0, &[1, 2]),
            der::context(1, &der::context(4, &name)),
            der::context_primitive(2, &[0, 0x80]),
        ];
        let whole = AuthorityKeyIdentifier {
            key_identifier: Some(vec![1, 2]),
            authority_cert_issuer: Some(vec![GeneralName::DirectoryName(
                Name::from_der(&name).unwrap(),
            )]),
            authority_cert_serial_number: Some(SerialNumber::from_magnitude(&[0x80])),
        };
        let read = |parts: &[Vec<u8>]| AuthorityKeyIdentifier::read(&der::sequence(parts));
        assert_eq!(read(&parts), Ok(whole));
        assert_eq!(read(&[]), Ok(AuthorityKeyIdentifier::default()));
        let [key, issuer, serial] = parts;
        for parts in [
            vec![serial, key.clone()],
            vec![key.clone(), key.clone()],
            vec![issuer.clone(), issuer],
            vec![key.clone(), der::context(1, &[])],
            vec![key, der::context_primitive(2, &[])],
        ] {
            assert!(read(&parts).is_err(), "{parts:02x?}");
        }
    }

    #[test]
    fn each_access_has_a_method_and_a_place() {
        let method = Oid::new("1.3.6.1.5.5.7.48.1");
        let place = der::context_primitive(6, b"http://ocsp.kz");
        let one = der::sequence(&[der::oid(&method), place.clone()]);
        let expected = AccessDescription {
            method,
            location: GeneralName::Uri("http://ocsp.kz".into()),
        };
        let read = |all: &[Vec<u8>]| AccessDescription::read_all(&der::sequence(all));
        assert_eq!(read(&[one]), Ok(vec![expected]));
        let twice = der::sequence(&[der::oid(&method), place.clone(), place.clone()]);
        let alone = der::sequence(&[der::oid(&method)]);
        for all in [vec![], vec![twice], vec![alone], vec![place]] {
            assert!(read(&all).is_err(), "{all:02x?}");
        }
    }
}
