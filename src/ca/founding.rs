//! What a new authority is to be like.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use crate::ca::Error;
use crate::keys::KeyAlgorithm;

/// How a new authority is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The kind of its keys, and of those it makes for others.
    pub algorithm: KeyAlgorithm,
    /// Where its certificates say that its responders and lists are.
    pub base_url: BaseUrl,
    /// First instant of the validity of its certificates; fractions of a second are cut.
    pub at: OffsetDateTime,
}

impl Founding {
    /// An authority with P-256 keys at the usual address.
    pub fn at(time: OffsetDateTime) -> Self {
        Self {
            algorithm: KeyAlgorithm::P256,
            base_url: BaseUrl::default(),
            at: time,
        }
    }
}

/// The address that the addresses in certificates begin with: `http://HOST[:PORT][/PATH]`, without
/// a slash at its end.
///
/// ```
/// use ruqsat::ca::BaseUrl;
///
/// let base: BaseUrl = "http://ca.test/".parse()?;
/// assert_eq!(base.to_string(), "http://ca.test");
/// assert!("ca.test".parse::<BaseUrl>().is_err());
/// # Ok::<(), ruqsat::ca::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The address of something below this one.
    pub(super) fn join(&self, path: &str) -> String {
        format!("{}/{path}", self.0)
    }
}

impl Default for BaseUrl {
    /// `http://127.0.0.1:8888`
    fn default() -> Self {
        Self("http://127.0.0.1:8888".to_owned())
    }
}

impl FromStr for BaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || Error::BaseUrl(text.to_owned());
        let address = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("https://"))
            .ok_or_else(refused)?;
        let is_allowed = |one: char| one.is_ascii_alphanumeric() || "-._~:/%[]".contains(one);
        if address.starts_with(['/', ':']) || address.is_empty() || !address.chars().all(is_allowed)
        {
            return Err(refused());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_has_a_scheme_a_host_and_nothing_behind_its_path() {
        for text in [
            "",
            "http://",
            "http:///crl",
            "http://:80",
            "ftp://ca.test",
            "http://ca.test?x",
            "http://ca.test#x",
            "http://ца.test",
            "http://ca.test\n",
            "http://user@ca.test",
        ] {
            let refused = text.parse::<BaseUrl>();
            assert!(matches!(refused, Err(Error::BaseUrl(_))), "{text:?}");
        }
    }

    #[test]
    fn addresses_stand_below_it() {
        let base: BaseUrl = "https://[::1]:8443/test//".parse().unwrap();
        assert_eq!(base.join("ocsp"), "https://[::1]:8443/test/ocsp");
    }
}
