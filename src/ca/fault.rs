//! What the responders do wrong on demand, so that clients can be tried against it.

use std::fmt;
use std::str::FromStr;

/// A fault that an enum below has, with its name.
macro_rules! names {
    ($fault:ident, $part:literal, $($variant:ident = $name:literal,)*) => {
        impl $fault {
            /// Every fault of this part.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        impl fmt::Display for $fault {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $name),* })
            }
        }

        impl FromStr for $fault {
            type Err = UnknownFault;

            fn from_str(name: &str) -> Result<Self, UnknownFault> {
                let known = Self::ALL.iter().find(|fault| fault.to_string() == name);
                known.copied().ok_or_else(|| UnknownFault::Name {
                    part: $part,
                    name: name.to_owned(),
                    known: Self::ALL.iter().map(Self::to_string).collect(),
                })
            }
        }
    };
}

/// What the OCSP responder does wrong.
///
/// | fault | what a client sees |
/// |---|---|
/// | `try-later` | the status tryLater, no content: no answer now |
/// | `unauthorized` | the status unauthorized, no content |
/// | `wrong-nonce` | a sound answer with another nonce than was sent: it could be a replay |
/// | `stale` | a sound answer whose nextUpdate was yesterday |
/// | `malformed` | the first half of an answer: no DER |
/// | `slow` | nothing for longer than clients wait, then a sound answer |
/// | `bad-signature` | an answer whose signature does not verify |
/// | `unknown` | a sound answer that the certificate is unknown |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OcspFault {
    /// Refuses with tryLater.
    TryLater,
    /// Refuses with unauthorized.
    Unauthorized,
    /// Brings back another nonce.
    WrongNonce,
    /// Says what was known the day before yesterday, with nextUpdate a day later.
    Stale,
    /// Breaks off in the middle.
    Malformed,
    /// Is right, but late: the delay is the server's.
    Slow,
    /// Spoils the signature.
    BadSignature,
    /// Knows no certificate.
    Unknown,
}

names! { OcspFault, "ocsp",
    TryLater = "try-later",
    Unauthorized = "unauthorized",
    WrongNonce = "wrong-nonce",
    Stale = "stale",
    Malformed = "malformed",
    Slow = "slow",
    BadSignature = "bad-signature",
    Unknown = "unknown",
}

/// What the time-stamping authority does wrong.
///
/// | fault | what a client sees |
/// |---|---|
/// | `rejection` | status rejection, failure systemFailure, and no token |
/// | `wrong-nonce` | a sound token with another nonce than was sent: it could be a replay |
/// | `wrong-imprint` | a sound token over another digest |
/// | `malformed` | the first half of an answer: no DER |
/// | `slow` | nothing for longer than clients wait, then a sound token |
/// | `bad-signature` | a token whose signature does not verify |
/// | `stale` | a sound token with the time of the day before |
/// | `bad-policy` | a sound token by the policy 1.2.398.3.3.2.6.1, whatever was asked for |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeStampFault {
    /// Refuses with systemFailure.
    Rejection,
    /// Brings back another nonce.
    WrongNonce,
    /// Stamps another digest.
    WrongImprint,
    /// Breaks off in the middle.
    Malformed,
    /// Is right, but late: the delay is the server's.
    Slow,
    /// Spoils the signature.
    BadSignature,
    /// Is a day behind.
    Stale,
    /// Stamps by a policy of another kind of key.
    BadPolicy,
}

names! { TimeStampFault, "tsa",
    Rejection = "rejection",
    WrongNonce = "wrong-nonce",
    WrongImprint = "wrong-imprint",
    Malformed = "malformed",
    Slow = "slow",
    BadSignature = "bad-signature",
    Stale = "stale",
    BadPolicy = "bad-policy",
}

/// What is wrong with the revocation lists, complete and delta, as they are served; the files stay
/// as they are.
///
/// | fault | what a client sees |
/// |---|---|
/// | `stale` | sound lists whose nextUpdate has passed |
/// | `malformed` | the first half of a list: no DER |
/// | `slow` | nothing for longer than clients wait, then the list |
/// | `bad-signature` | a list whose signature does not verify |
/// | `missing` | 404 |
/// | `wrong-issuer` | the root's list in place of the issuing authority's, and the other way round |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListFault {
    /// Is out of date.
    Stale,
    /// Breaks off in the middle.
    Malformed,
    /// Is right, but late: the delay is the server's.
    Slow,
    /// Spoils the signature.
    BadSignature,
    /// Is not there.
    Missing,
    /// Is that of the other authority.
    WrongIssuer,
}

names! { ListFault, "crl",
    Stale = "stale",
    Malformed = "malformed",
    Slow = "slow",
    BadSignature = "bad-signature",
    Missing = "missing",
    WrongIssuer = "wrong-issuer",
}

/// One fault of one part, written `PART=FAULT`.
///
/// ```
/// use ruqsat::ca::Fault;
/// use ruqsat::ca::OcspFault;
///
/// assert_eq!("ocsp=try-later".parse(), Ok(Fault::Ocsp(OcspFault::TryLater)));
/// assert!("ocsp=missing".parse::<Fault>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Of the revocation lists.
    Crl(ListFault),
    /// Of the OCSP responder.
    Ocsp(OcspFault),
    /// Of the time-stamping authority.
    Tsa(TimeStampFault),
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let (part, name) = text.split_once('=').unwrap_or((text, ""));
        match part {
            "crl" => name.parse().map(Self::Crl),
            "ocsp" => name.parse().map(Self::Ocsp),
            "tsa" => name.parse().map(Self::Tsa),
            _ => Err(UnknownFault::Part {
                text: text.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crl(fault) => write!(f, "crl={fault}"),
            Self::Ocsp(fault) => write!(f, "ocsp={fault}"),
            Self::Tsa(fault) => write!(f, "tsa={fault}"),
        }
    }
}

/// What each part does wrong: nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Of the revocation lists.
    pub crl: Option<ListFault>,
    /// Of the OCSP responder.
    pub ocsp: Option<OcspFault>,
    /// Of the time-stamping authority.
    pub tsa: Option<TimeStampFault>,
}

impl FromIterator<Fault> for Faults {
    /// A later fault of a part takes the place of an earlier one.
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        let mut all = Self::default();
        for fault in faults {
            match fault {
                Fault::Crl(fault) => all.crl = Some(fault),
                Fault::Ocsp(fault) => all.ocsp = Some(fault),
                Fault::Tsa(fault) => all.tsa = Some(fault),
            }
        }
        all
    }
}

/// A text that names no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownFault {
    /// The part has no such fault.
    #[error("{name:?} is no fault of {part}; those are {}", known.join(", "))]
    Name {
        /// The part.
        part: &'static str,
        /// The text.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// It does not begin with a part and an equals sign.
    #[error("{text:?} does not begin with a part; write crl=…, ocsp=… or tsa=…")]
    Part {
        /// The text.
        text: String,
    },
}

/// The first half: what is left of a message when its server breaks off.
pub(super) fn broken_off(mut message: Vec<u8>) -> Vec<u8> {
    message.truncate(message.len() / 2);
    message
}

/// The signature with its last bit the other way round. That of ECDSA stays DER.
pub(super) fn spoilt(mut signature: Vec<u8>) -> Vec<u8> {
    if let Some(last) = signature.last_mut() {
        *last ^= 1;
    }
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_read_back_from_its_name() {
        let crl = ListFault::ALL.iter().copied().map(Fault::Crl);
        let ocsp = OcspFault::ALL.iter().copied().map(Fault::Ocsp);
        let tsa = TimeStampFault::ALL.iter().copied().map(Fault::Tsa);
        let all: Vec<_> = crl.chain(ocsp).chain(tsa).collect();
        assert_eq!(all.len(), 22);
        for fault in all {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn unknown_fault_is_told_with_those_that_there_are() {
        let refused = "crl=try-later".parse::<Fault>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "\"try-later\" is no fault of crl; those are stale, malformed, slow, bad-signature, \
             missing, wrong-issuer"
        );
        for text in ["", "ocsp", "=", "ocsp=", "web=slow"] {
            assert!(text.parse::<Fault>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn later_fault_of_a_part_takes_the_place_of_an_earlier_one() {
        let faults = [
            Fault::Ocsp(OcspFault::Stale),
            Fault::Tsa(TimeStampFault::Stale),
            Fault::Ocsp(OcspFault::Slow),
        ];
        let expected = Faults {
            crl: None,
            ocsp: Some(OcspFault::Slow),
            tsa: Some(TimeStampFault::Stale),
        };
        assert_eq!(Faults::from_iter(faults), expected);
    }
}
