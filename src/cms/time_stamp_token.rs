use crate::cms::Error;
use crate::cms::SignedData;
use crate::cms::TstInfo;
use crate::cms::oid;

/// A `TimeStampToken` (RFC 3161 §2.4.2): a signed message whose content is a [`TstInfo`].
///
/// Reading judges nothing.
#[derive(Clone, Debug)]
pub struct TimeStampToken<'a> {
    signed_data: SignedData<'a>,
    tst_info: TstInfo,
}

impl<'a> TimeStampToken<'a> {
    /// Reads a token, in DER or BER, and nothing behind it.
    ///
    /// # Errors
    ///
    /// Those of [`TimeStampToken::parse`]; [`Error::Der`] when bytes follow it.
    pub fn from_der(der: &'a [u8]) -> Result<Self, Error> {
        let (token, rest) = Self::parse(der)?;
        match rest.len() {
            0 => Ok(token),
            length => Err(crate::x509::der::Error::TrailingData { length }.into()),
        }
    }

    /// Reads a token and gives back what follows it: in a PDF that is the padding.
    ///
    /// # Errors
    ///
    /// Those of [`SignedData::parse`] and [`TstInfo::from_der`]; [`Error::NotTstInfo`] when the
    /// content is of another type, [`Error::NoContent`] when there is none.
    pub fn parse(input: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let (signed_data, rest) = SignedData::parse(input)?;
        let content_type = signed_data.content_type();
        if content_type != oid::TST_INFO {
            return Err(Error::NotTstInfo { content_type });
        }
        let content = signed_data.encapsulated_content().ok_or(Error::NoContent)?;
        let tst_info = TstInfo::from_der(content)?;
        let token = Self {
            signed_data,
            tst_info,
        };
        Ok((token, rest))
    }

    /// The signed message.
    pub fn signed_data(&self) -> &SignedData<'a> {
        &self.signed_data
    }

    /// What it says.
    pub fn tst_info(&self) -> &TstInfo {
        &self.tst_info
    }
}
