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
                Some(extensions) => read_critical_extensions(extensions)?,
                None => Vec::new(),
            },
        };
        fields.finish()?;
        Ok(info)
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

fn read_critical_extensions(mut extensions: Reader<'_>) -> Result<Vec<Oid>, Error> {
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
    let critical = seen.into_iter().filter(|(_, critical)| *critical);
    Ok(critical.map(|(oid, _)| oid).collect())
}

/// ETSI EN 319 422 defines one.
const MOST_EXTENSIONS: usize = 32;

#[cfg(test)]
#[path = "tst_info_tests.rs"]
mod tests;
