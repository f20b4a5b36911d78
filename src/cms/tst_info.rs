//! `TSTInfo`: what a time-stamping authority signs (RFC 3161 §2.4.2).

use time::Duration;
use time::OffsetDateTime;

use crate::cms::Error;
use crate::cms::MessageImprint;
use crate::crypto::Oid;
use crate::x509::GeneralName;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Fraction;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// When something existed, as an authority says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TstInfo {
    policy: Oid,
    message_imprint: MessageImprint,
    serial: SerialNumber,
    gen_time: OffsetDateTime,
    accuracy: Option<Duration>,
    ordering: bool,
    nonce: Option<Vec<u8>>,
    tsa: Option<GeneralName>,
    critical_extensions: Vec<Oid>,
}

impl TstInfo {
    /// Reads a `TSTInfo` in DER and nothing behind it.
    ///
    /// # Errors
    ///
    /// [`Error::Version`] for another version than 1, [`Error::WrongParameters`] for an imprint
    /// whose digest algorithm has any, [`Error::DuplicateAttribute`] for an extension that stands
    /// twice, [`Error::Name`] for an unreadable name of the authority, [`Error::Der`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        check_version(&mut fields, "TSTInfo")?;
        let info = Self {
            policy: fields.oid()?,
            message_imprint: MessageImprint::read(fields.sequence()?)?,
            serial: SerialNumber::from_content(fields.integer()?),
            gen_time: read_time(&mut fields)?,
            accuracy: fields
                .optional(Tag::SEQUENCE)?
                .map(|accuracy| read_accuracy(accuracy.reader()?))
                .transpose()?,
            ordering: fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()?,
            nonce: read_nonce(&mut fields)?,
            tsa: fields.context(0)?.map(read_name).transpose()?,
            critical_extensions: match fields.context(1)? {
                Some(extensions) => critical(read_extensions(extensions)?),
                None => Vec::new(),
            },
        };
        fields.finish()?;
        Ok(info)
    }

    /// What an authority is about to sign. `policy` is that by which it stamps; `serial` it uses once.
    pub fn new(
        policy: Oid,
        message_imprint: MessageImprint,
        serial: SerialNumber,
        gen_time: OffsetDateTime,
    ) -> Self {
        Self {
            policy,
            message_imprint,
            serial,
            gen_time,
            accuracy: None,
            ordering: false,
            nonce: None,
            tsa: None,
            critical_extensions: Vec::new(),
        }
    }

    /// The same, and by how much the time may be wrong.
    pub fn with_accuracy(self, accuracy: Duration) -> Self {
        Self {
            accuracy: Some(accuracy),
            ..self
        }
    }

    /// The same with the nonce of a request: the content of its INTEGER.
    pub fn with_nonce(self, nonce: Option<&[u8]>) -> Self {
        Self {
            nonce: nonce.map(<[u8]>::to_vec),
            ..self
        }
    }

    /// The structure in DER, without a name of the authority, extensions, and the fraction of a
    /// second.
    pub fn to_der(&self) -> Vec<u8> {
        let mut fields = der::unsigned(1);
        fields.extend(der::oid(&self.policy));
        fields.extend(self.message_imprint.to_der());
        fields.extend(der::tlv(Tag::INTEGER, self.serial.as_bytes()));
        fields.extend(der::generalized_time(self.gen_time));
        fields.extend(self.accuracy.map(write_accuracy).unwrap_or_default());
        if self.ordering {
            fields.extend(der::boolean(true));
        }
        if let Some(nonce) = &self.nonce {
            fields.extend(der::tlv(Tag::INTEGER, nonce));
        }
        der::tlv(Tag::SEQUENCE, &fields)
    }

    /// The policy by which the stamp was made.
    pub fn policy(&self) -> Oid {
        self.policy
    }

    /// What is stamped.
    pub fn message_imprint(&self) -> &MessageImprint {
        &self.message_imprint
    }

    /// The number of the stamp.
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// The time of the stamp, in UTC, with its fraction of a second.
    pub fn gen_time(&self) -> OffsetDateTime {
        self.gen_time
    }

    /// By how much the time may be wrong, `None` when the authority does not say.
    pub fn accuracy(&self) -> Option<Duration> {
        self.accuracy
    }

    /// Whether stamps of this authority can be ordered by their times alone.
    pub fn ordering(&self) -> bool {
        self.ordering
    }

    /// The nonce of the request: the content of its INTEGER.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// A name of the authority.
    pub fn tsa(&self) -> Option<&GeneralName> {
        self.tsa.as_ref()
    }

    /// Critical extensions. None is defined that a reader would have to know.
    pub fn critical_extensions(&self) -> &[Oid] {
        &self.critical_extensions
    }
}

/// Version 1, which every structure of RFC 3161 has.
pub(super) fn check_version(fields: &mut Reader<'_>, structure: &'static str) -> Result<(), Error> {
    match fields.unsigned()? {
        1 => Ok(()),
        found => Err(Error::Version {
            structure,
            expected: 1,
            found,
        }),
    }
}

/// The nonce of a request or a stamp: the content of its INTEGER.
pub(super) fn read_nonce(fields: &mut Reader<'_>) -> Result<Option<Vec<u8>>, Error> {
    match fields.peek() {
        Some(Tag::INTEGER) => Ok(Some(fields.integer()?.to_vec())),
        _ => Ok(None),
    }
}

fn read_time(fields: &mut Reader<'_>) -> Result<OffsetDateTime, Error> {
    let time = fields.expect(Tag::GENERALIZED_TIME)?;
    Ok(der::generalized_time_from(time.content, Fraction::Allowed)?)
}

/// `Accuracy`: seconds, then `[0]` milliseconds and `[1]` microseconds of 1 to 999.
fn read_accuracy(mut fields: Reader<'_>) -> Result<Duration, Error> {
    let seconds = match fields.peek() {
        Some(Tag::INTEGER) => fields.unsigned()?,
        _ => 0,
    };
    let seconds =
        i64::try_from(seconds).map_err(|_| der::Error::InvalidValue { tag: Tag::INTEGER })?;
    let millis = read_thousandths(&mut fields, 0)?;
    let micros = read_thousandths(&mut fields, 1)?;
    fields.finish()?;
    Duration::seconds(seconds)
        .checked_add(Duration::microseconds(millis * 1000 + micros))
        .ok_or_else(|| der::Error::InvalidValue { tag: Tag::INTEGER }.into())
}

fn read_thousandths(fields: &mut Reader<'_>, number: u8) -> Result<i64, Error> {
    let Some(element) = fields.optional(Tag::context_primitive(number))? else {
        return Ok(0);
    };
    match *element.content {
        [low @ 1..=0x7f] => Ok(i64::from(low)),
        [0, low @ 0x80..=0xff] => Ok(i64::from(low)),
        [high @ 1..=3, low] if i64::from(high) * 256 + i64::from(low) <= 999 => {
            Ok(i64::from(high) * 256 + i64::from(low))
        }
        _ => Err(der::Error::InvalidValue { tag: element.tag }.into()),
    }
}

fn read_name(mut explicit: Reader<'_>) -> Result<GeneralName, Error> {
    let name = explicit.any()?;
    explicit.finish()?;
    GeneralName::read(&name).map_err(Error::Name)
}

/// Extensions, none twice: which, and whether each is critical.
pub(super) fn read_extensions(mut extensions: Reader<'_>) -> Result<Vec<(Oid, bool)>, Error> {
    let mut seen: Vec<(Oid, bool)> = Vec::new();
    while !extensions.is_empty() {
        let mut fields = extensions.sequence()?;
        let oid = fields.oid()?;
        let critical = fields.peek() == Some(Tag::BOOLEAN) && fields.boolean()?;
        fields.octet_string()?;
        fields.finish()?;
        if seen.iter().any(|(other, _)| *other == oid) {
            return Err(Error::DuplicateAttribute { attribute: oid });
        }
        if seen.len() == MOST_EXTENSIONS {
            return Err(Error::TooMany {
                kind: "extensions",
                count: MOST_EXTENSIONS + 1,
                limit: MOST_EXTENSIONS,
            });
        }
        seen.push((oid, critical));
    }
    Ok(seen)
}

fn critical(extensions: Vec<(Oid, bool)>) -> Vec<Oid> {
    let critical = extensions.into_iter().filter(|(_, critical)| *critical);
    critical.map(|(oid, _)| oid).collect()
}

/// `Accuracy` in whole milliseconds, rounded up: no stamp claims to be better than it is.
fn write_accuracy(accuracy: Duration) -> Vec<u8> {
    let millis = (accuracy.whole_microseconds().max(0) as u128).div_ceil(1000);
    let seconds = u64::try_from(millis / 1000).unwrap_or(u64::MAX);
    let mut fields = Vec::new();
    if seconds > 0 {
        fields.extend(der::unsigned(seconds));
    }
    let rest = (millis % 1000) as u64;
    if rest > 0 {
        let content = SerialNumber::from_magnitude(&rest.to_be_bytes());
        fields.extend(der::context_primitive(0, content.as_bytes()));
    }
    der::tlv(Tag::SEQUENCE, &fields)
}

/// ETSI EN 319 422 defines one.
const MOST_EXTENSIONS: usize = 32;

#[cfg(test)]
#[path = "tst_info_tests.rs"]
mod tests;
