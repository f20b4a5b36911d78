use crate::cms::Error;
use crate::cms::TimeStampToken;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// A `TimeStampResp` (RFC 3161 §2.4.2): a token, or why there is none.
#[derive(Clone, Debug)]
pub struct TimeStampResp<'a> {
    status: u64,
    token: &'a [u8],
}

/// Why an authority makes no stamp: the bits of `PKIFailureInfo` (RFC 3161 §2.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PkiFailureInfo {
    /// The digest algorithm is not known or not taken.
    BadAlg = 0,
    /// Such a transaction is not allowed or not supported.
    BadRequest = 2,
    /// The request has the wrong format.
    BadDataFormat = 5,
    /// The source of the authority's time is not available.
    TimeNotAvailable = 14,
    /// The authority does not stamp by that policy.
    UnacceptedPolicy = 15,
    /// The authority does not know the extension.
    UnacceptedExtension = 16,
    /// The additional information asked for is not at hand.
    AddInfoNotAvailable = 17,
    /// The request cannot be handled because something failed.
    SystemFailure = 25,
}

impl PkiFailureInfo {
    /// The response in DER that says `rejection`, this and why in words.
    pub fn to_response(self, text: &str) -> Vec<u8> {
        let bit = self as usize;
        let mut content = vec![0; 2 + bit / 8];
        content[0] = (7 - bit % 8) as u8;
        content[1 + bit / 8] = 0x80 >> (bit % 8);
        let info = der::sequence(&[
            der::unsigned(REJECTION),
            der::sequence(&[der::utf8_string(text)]),
            der::tlv(Tag::BIT_STRING, &content),
        ]);
        der::sequence(&[info])
    }
}

impl<'a> TimeStampResp<'a> {
    /// The response in DER that grants a token as it was asked for.
    pub fn granted(token: &[u8]) -> Vec<u8> {
        let info = der::sequence(&[der::unsigned(GRANTED)]);
        der::sequence(&[&info[..], token])
    }

    /// Reads a response, in DER or BER, and nothing behind it.
    ///
    /// # Errors
    ///
    /// [`Error::TimeStampRefused`] when the authority made no stamp; [`Error::NoContent`] when it
    /// says that it did and there is none; [`Error::Der`].
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        let mut outer = Reader::ber(der);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let mut info = fields.sequence()?;
        let status = info.unsigned()?;
        let text = info
            .optional(Tag::SEQUENCE)?
            .map(|texts| read_text(texts.reader()?))
            .transpose()?;
        let failure = match info.peek() {
            Some(Tag::BIT_STRING) => read_failure(&info.bit_string()?),
            _ => None,
        };
        info.finish()?;
        let token = fields.optional(Tag::SEQUENCE)?.map(|token| token.raw);
        fields.finish()?;
        match (status, token) {
            (GRANTED | GRANTED_WITH_MODS, Some(token)) => Ok(Self { status, token }),
            (GRANTED | GRANTED_WITH_MODS, None) => Err(Error::NoContent),
            _ => Err(Error::TimeStampRefused {
                status,
                failure,
                text: text.unwrap_or_default(),
            }),
        }
    }

    /// Whether the stamp differs from what was asked for.
    pub fn is_modified(&self) -> bool {
        self.status == GRANTED_WITH_MODS
    }

    /// The bytes of the token.
    pub fn token_bytes(&self) -> &'a [u8] {
        self.token
    }

    /// The token.
    ///
    /// # Errors
    ///
    /// As [`TimeStampToken::from_der`].
    pub fn token(&self) -> Result<TimeStampToken<'a>, Error> {
        TimeStampToken::from_der(self.token)
    }
}

/// The first text of `PKIFreeText`, as far as it can be shown.
fn read_text(mut texts: Reader<'_>) -> Result<String, Error> {
    let mut first = None;
    while let Some(text) = texts.next()? {
        if text.tag != Tag::UTF8_STRING {
            return Err(der::Error::InvalidValue { tag: text.tag }.into());
        }
        first.get_or_insert_with(|| String::from_utf8_lossy(text.content).into_owned());
    }
    Ok(first.unwrap_or_default())
}

/// The first bit of `PKIFailureInfo`.
fn read_failure(bits: &der::BitString<'_>) -> Option<usize> {
    let (index, octet) = bits
        .octets
        .iter()
        .enumerate()
        .find(|(_, octet)| **octet != 0)?;
    Some(index * 8 + octet.leading_zeros() as usize)
}

const GRANTED: u64 = 0;
const GRANTED_WITH_MODS: u64 = 1;
const REJECTION: u64 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_is_read_back_as_its_bit_with_its_words() {
        for failure in [
            PkiFailureInfo::BadAlg,
            PkiFailureInfo::BadRequest,
            PkiFailureInfo::BadDataFormat,
            PkiFailureInfo::TimeNotAvailable,
            PkiFailureInfo::UnacceptedPolicy,
            PkiFailureInfo::UnacceptedExtension,
            PkiFailureInfo::AddInfoNotAvailable,
            PkiFailureInfo::SystemFailure,
        ] {
            let response = failure.to_response("Қате");
            let refused = Error::TimeStampRefused {
                status: REJECTION,
                failure: Some(failure as usize),
                text: "Қате".to_owned(),
            };
            assert_eq!(TimeStampResp::from_der(&response).err(), Some(refused));
        }
    }
}
