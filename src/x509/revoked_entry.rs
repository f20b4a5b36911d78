use crate::x509::CrlReason;
use crate::x509::Error;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::RevokedCertificate;
use crate::x509::der;
use crate::x509::der::Fraction;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::oids;

/// An entry of revokedCertificates as it stands in the list (RFC 5280 §5.3).
pub(super) struct Entry<'a> {
    pub(super) serial: &'a [u8],
    pub(super) revoked: RevokedCertificate,
    pub(super) has_extensions: bool,
    /// The issuer of the certificates from this entry on, when it changes here.
    pub(super) certificate_issuer: Option<CertificateIssuer<'a>>,
    /// A critical extension that is not processed, which makes the whole list unusable.
    pub(super) unknown_critical: Option<Oid>,
}

/// All entries of a list, given the content of revokedCertificates.
pub(super) fn entries(content: &[u8]) -> impl Iterator<Item = Result<Entry<'_>, Error>> {
    let mut reader = Reader::der(content);
    std::iter::from_fn(move || (!reader.is_empty()).then(|| Entry::read(&mut reader)))
}

impl<'a> Entry<'a> {
    /// The entry that begins at a place of the content of revokedCertificates.
    pub(super) fn at(content: &'a [u8], at: usize) -> Option<Self> {
        Self::read(&mut Reader::der(content.get(at..)?)).ok()
    }

    /// Reads the next entry.
    pub(super) fn read(entries: &mut Reader<'a>) -> Result<Self, Error> {
        let mut fields = entries.sequence()?;
        let serial = fields.integer()?;
        let mut entry = Self {
            serial,
            revoked: RevokedCertificate {
                revocation_date: der::time_from(&fields.any()?)?,
                reason: None,
                invalidity_date: None,
            },
            has_extensions: false,
            certificate_issuer: None,
            unknown_critical: None,
        };
        if let Some(extensions) = fields.optional(Tag::SEQUENCE)? {
            entry.has_extensions = true;
            entry.read_extensions(extensions.reader()?)?;
        }
        fields.finish()?;
        Ok(entry)
    }

    fn read_extensions(&mut self, mut extensions: Reader<'a>) -> Result<(), Error> {
        while !extensions.is_empty() {
            let mut fields = extensions.sequence()?;
            // A list has hundreds of thousands of these: the octets are compared, nothing is decoded.
            let name = fields.expect(Tag::OBJECT_IDENTIFIER)?;
            let critical = fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()?;
            let octets = fields.expect(Tag::OCTET_STRING)?.content;
            fields.finish()?;
            match KNOWN.into_iter().find(|oid| oid.octets() == name.content) {
                Some(oid) => self.interpret(oid, octets)?,
                None => {
                    let oid = Oid::from_octets(name.content)
                        .map_err(|_| der::Error::InvalidValue { tag: name.tag })?;
                    if critical {
                        self.unknown_critical = Some(oid);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes over the value of an extension that is known; none may stand twice.
    fn interpret(&mut self, oid: Oid, octets: &'a [u8]) -> Result<(), Error> {
        let mut value = Reader::der(octets);
        let stood = match oid {
            oids::CRL_REASONS => {
                let reason = CrlReason::try_from(value.enumerated()?)?;
                self.revoked.reason.replace(reason).is_some()
            }
            oids::CERTIFICATE_ISSUER => {
                let issuer = CertificateIssuer::read(value.sequence()?)?;
                self.certificate_issuer.replace(issuer).is_some()
            }
            _ => {
                let content = value.expect(Tag::GENERALIZED_TIME)?.content;
                let date = der::generalized_time_from(content, Fraction::Refused)?;
                self.revoked.invalidity_date.replace(date).is_some()
            }
        };
        if stood {
            return Err(Error::DuplicateExtension { oid });
        }
        value.finish()?;
        Ok(())
    }
}

/// certificateIssuer (RFC 5280 §5.3.3): the GeneralNames of who issued the certificates.
#[derive(Clone, Copy)]
pub(super) struct CertificateIssuer<'a> {
    /// The content of GeneralNames, of which the distinguished names count.
    pub(super) names: &'a [u8],
}

impl<'a> CertificateIssuer<'a> {
    fn read(names: Reader<'a>) -> Result<Self, Error> {
        let read = Self {
            names: names.rest(),
        };
        let mut distinguished = 0_usize;
        for name in read.distinguished_names() {
            name?;
            distinguished += 1;
        }
        // RFC 5280 asks for the name in the certificate's issuer field, which is one of these.
        if distinguished == 0 {
            return Err(Error::MalformedExtension {
                oid: oids::CERTIFICATE_ISSUER,
            });
        }
        Ok(read)
    }

    pub(super) fn contains(&self, issuer: &Name) -> bool {
        self.distinguished_names()
            .any(|name| name.is_ok_and(|name| &name == issuer))
    }

    fn distinguished_names(&self) -> impl Iterator<Item = Result<Name, Error>> {
        let mut names = Reader::der(self.names);
        std::iter::from_fn(move || {
            loop {
                match names.next() {
                    Ok(Some(name)) if name.tag == DIRECTORY_NAME => {
                        return Some(Name::from_der(name.content));
                    }
                    Ok(Some(_)) => {}
                    Ok(None) => return None,
                    Err(error) => {
                        names = Reader::der(&[]);
                        return Some(Err(error.into()));
                    }
                }
            }
        })
    }
}

/// What the walk over a list needs to know of an entry in the shape that nearly all have.
pub(super) struct PlainEntry<'a> {
    pub(super) serial: &'a [u8],
    pub(super) has_extensions: bool,
    /// How many octets the entry has, its header included.
    pub(super) length: usize,
}

impl<'a> PlainEntry<'a> {
    /// Reads an entry of a short serial number, a UTCTime and at most a reasonCode in DER, at the
    /// beginning of `rest`. `None` says nothing but that [`Entry::read`] must judge: whatever is
    /// accepted here, that one accepts too.
    #[inline]
    pub(super) fn read(rest: &'a [u8]) -> Option<Self> {
        let [
            0x30,
            length @ ..=0x7f,
            0x02,
            serial_length @ 1..=0x7f,
            after @ ..,
        ] = rest
        else {
            return None;
        };
        let (serial, after) = after.split_at_checked(usize::from(*serial_length))?;
        if let [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = serial {
            return None;
        }
        let (time, after) = after.split_first_chunk::<{ UTC_TIME.len() + 13 }>()?;
        let (header, digits) = time.split_at(UTC_TIME.len());
        if header != UTC_TIME || !is_plain_utc_time(digits) {
            return None;
        }
        let length = usize::from(*length);
        let has_extensions = match length.checked_sub(2 + serial.len() + time.len())? {
            0 => false,
            REASON_LENGTH => {
                let (reason, _) = after.split_first_chunk::<REASON_LENGTH>()?;
                let (code, header) = reason.split_last()?;
                if header != REASON_CODE || CrlReason::from_code(*code).is_none() {
                    return None;
                }
                true
            }
            _ => return None,
        };
        Some(Self {
            serial,
            has_extensions,
            length: 2 + length,
        })
    }
}

/// Whether the content is a UTCTime of a day that every month has.
fn is_plain_utc_time(content: &[u8]) -> bool {
    let [y, y0, mo, mo0, d, d0, h, h0, m, m0, s, s0, b'Z'] = content else {
        return false;
    };
    let number = |tens: &u8, ones: &u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        if tens > 9 || ones > 9 {
            u8::MAX
        } else {
            tens * 10 + ones
        }
    };
    number(y, y0) < 100
        && matches!(number(mo, mo0), 1..=12)
        && matches!(number(d, d0), 1..=28)
        && number(h, h0) < 24
        && number(m, m0) < 60
        && number(s, s0) < 60
}

const KNOWN: [Oid; 3] = [
    oids::CRL_REASONS,
    oids::INVALIDITY_DATE,
    oids::CERTIFICATE_ISSUER,
];
const DIRECTORY_NAME: Tag = Tag::context(4);
/// Tag and length of a UTCTime.
const UTC_TIME: [u8; 2] = [0x17, 13];
/// crlEntryExtensions with nothing but a reasonCode that is not critical, all but its last octet.
const REASON_CODE: [u8; REASON_LENGTH - 1] = [
    0x30, 12, 0x30, 10, 0x06, 3, 0x55, 0x1d, 0x15, 0x04, 3, 0x0a, 1,
];
const REASON_LENGTH: usize = 14;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Entry;
    use super::PlainEntry;
    use crate::x509::der::Reader;

    /// An entry of the national shape: a serial number of 20 octets and a reason.
    fn national() -> Vec<u8> {
        let mut entry = vec![0x30, 51, 0x02, 20, 0x5a];
        entry.extend([7; 19]);
        entry.extend(*b"\x17\x0d260501120000Z");
        entry.extend([
            0x30, 12, 0x30, 10, 0x06, 3, 0x55, 0x1d, 0x15, 0x04, 3, 0x0a, 1, 5,
        ]);
        entry
    }

    #[test]
    fn the_usual_shapes_are_read_fast() {
        let with_reason = national();
        let read = PlainEntry::read(&with_reason).unwrap();
        assert_eq!(read.serial, &with_reason[4..24]);
        assert_eq!(
            (read.has_extensions, read.length),
            (true, with_reason.len())
        );
        let mut without = with_reason[..39].to_vec();
        without[1] = 37;
        let read = PlainEntry::read(&without).unwrap();
        assert_eq!((read.has_extensions, read.length), (false, without.len()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn what_is_read_fast_is_read_alike_by_the_general_reader(
            changes in proptest::collection::vec((0..53_usize, any::<u8>()), 0..3),
            cut in 0..54_usize,
        ) {
            let mut bytes = national();
            for (at, value) in changes {
                bytes[at] = value;
            }
            bytes.truncate(cut.max(30));
            if let Some(plain) = PlainEntry::read(&bytes) {
                let mut reader = Reader::der(&bytes);
                let entry = Entry::read(&mut reader).unwrap();
                prop_assert_eq!(plain.serial, entry.serial);
                prop_assert_eq!(plain.has_extensions, entry.has_extensions);
                prop_assert_eq!(plain.length, bytes.len() - reader.rest().len());
                prop_assert!(entry.certificate_issuer.is_none() && entry.unknown_critical.is_none());
            }
        }
    }
}
