//! PKCS#12 in BER, as Java tools write it: rewritten in DER, which alone `p12-keystore` reads.

use std::borrow::Cow;

use ring::hmac;

use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::keys::Error;
use crate::keys::pkcs12_kdf::Derivation;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::der::Tlv;

/// A PFX (RFC 7292 §4) whose integrity a password protects.
pub(super) struct Pfx<'a> {
    /// The BER of the AuthenticatedSafe: what the MAC is taken over.
    safe: Cow<'a, [u8]>,
    mac: Option<MacData<'a>>,
}

struct MacData<'a> {
    digest_algorithm: Oid,
    digest: Cow<'a, [u8]>,
    salt: Cow<'a, [u8]>,
    iterations: u64,
}

impl<'a> Pfx<'a> {
    /// # Errors
    ///
    /// When this is no PFX, or its integrity is protected by a signature.
    pub(super) fn parse(file: &'a [u8]) -> Result<Self, der::Error> {
        let mut file = Reader::ber(file);
        let mut pfx = file.sequence()?;
        file.finish()?;
        if pfx.unsigned()? != VERSION {
            return Err(der::Error::InvalidValue { tag: Tag::INTEGER });
        }
        let mut content_info = pfx.sequence()?;
        let safe = match content_info.oid()? {
            DATA => explicit(&mut content_info)?.octet_string()?,
            _ => {
                return Err(der::Error::InvalidValue {
                    tag: Tag::OBJECT_IDENTIFIER,
                });
            }
        };
        let mac = match pfx.is_empty() {
            true => None,
            false => Some(MacData::read(pfx.sequence()?)?),
        };
        pfx.finish()?;
        Ok(Self { safe, mac })
    }

    /// Checks the password against the MAC, where there is one.
    ///
    /// # Errors
    ///
    /// [`Error::WrongPassword`], or [`Error::UnsupportedContainer`] for a digest that is not known
    /// or too much work.
    pub(super) fn check_password(&self, password: &str) -> Result<(), Error> {
        let Some(mac) = &self.mac else {
            return Ok(());
        };
        let digest = DigestAlgorithm::from_oid(mac.digest_algorithm);
        let digest = digest.ok_or(Error::UnsupportedContainer)?;
        if mac.iterations == 0 || mac.iterations > MOST_ITERATIONS {
            return Err(Error::UnsupportedContainer);
        }
        let derivation = Derivation {
            digest,
            password,
            salt: &mac.salt,
            iterations: mac.iterations,
        };
        hmac::verify(&derivation.mac_key(), &self.safe, &mac.digest)
            .map_err(|_| Error::WrongPassword)
    }

    /// The same content in DER, without the MAC, which was taken over other bytes.
    ///
    /// # Errors
    ///
    /// When the structure is not that of RFC 7292.
    pub(super) fn to_der(&self) -> Result<Vec<u8>, der::Error> {
        let mut contents = Vec::new();
        let mut safe = Reader::ber(&self.safe).sequence()?;
        while !safe.is_empty() {
            contents.push(content_info(safe.sequence()?)?);
        }
        let safe = der::octet_string(&der::sequence(&contents));
        let safe = der::sequence(&[der::oid(&DATA), der::context(0, &safe)]);
        Ok(der::sequence(&[der::unsigned(VERSION), safe]))
    }
}

impl<'a> MacData<'a> {
    fn read(mut mac_data: Reader<'a>) -> Result<Self, der::Error> {
        let mut digest_info = mac_data.sequence()?;
        Ok(Self {
            digest_algorithm: digest_info.algorithm_identifier()?.oid,
            digest: digest_info.octet_string()?,
            salt: mac_data.octet_string()?,
            iterations: match mac_data.is_empty() {
                true => 1,
                false => mac_data.unsigned()?,
            },
        })
    }
}

/// One ContentInfo of the AuthenticatedSafe (RFC 7292 §4.1): bags in the clear or encrypted.
fn content_info(mut info: Reader<'_>) -> Result<Vec<u8>, der::Error> {
    let content_type = info.oid()?;
    let mut content = explicit(&mut info)?;
    let content = match content_type {
        DATA => {
            let bags = content.octet_string()?;
            der::octet_string(&rewritten(&Reader::ber(&bags).any()?)?)
        }
        ENCRYPTED_DATA => encrypted_data(content.sequence()?)?,
        _ => rewritten(&content.any()?)?,
    };
    Ok(der::sequence(&[
        der::oid(&content_type),
        der::context(0, &content),
    ]))
}

/// EncryptedData (RFC 5652 §8). The encrypted octets have an implicit tag, so that their pieces
/// look like fields.
fn encrypted_data(mut data: Reader<'_>) -> Result<Vec<u8>, der::Error> {
    let version = data.unsigned()?;
    let mut info = data.sequence()?;
    let content_type = info.oid()?;
    let algorithm = rewritten(&info.any()?)?;
    let encrypted = info.any()?.octets()?;
    let info = der::sequence(&[
        der::oid(&content_type),
        algorithm,
        der::context_primitive(0, &encrypted),
    ]);
    Ok(der::sequence(&[der::unsigned(version), info]))
}

/// An element in DER. Of the strings only OCTET STRING is ever in pieces in such files; sets keep
/// their order, which no reader of them minds. As deep as the reader allows.
fn rewritten(element: &Tlv<'_>) -> Result<Vec<u8>, der::Error> {
    if element.tag == CONSTRUCTED_OCTET_STRING {
        return Ok(der::octet_string(&element.octets()?));
    }
    if !element.tag.is_constructed() {
        return Ok(der::tlv(element.tag, element.content));
    }
    let mut content = Vec::with_capacity(element.content.len());
    let mut inner = element.reader()?;
    while let Some(inner) = inner.next()? {
        content.extend(rewritten(&inner)?);
    }
    Ok(der::tlv(element.tag, &content))
}

fn explicit<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, der::Error> {
    reader.context(0)?.ok_or(der::Error::Truncated)
}

pub(super) const DATA: Oid = Oid::new("1.2.840.113549.1.7.1");
pub(super) const ENCRYPTED_DATA: Oid = Oid::new("1.2.840.113549.1.7.6");
const CONSTRUCTED_OCTET_STRING: Tag = Tag(0x24);
/// As many as `p12-keystore` allows.
const MOST_ITERATIONS: u64 = 1_000_000;
/// `v3` of RFC 7292 §4.
pub(super) const VERSION: u64 = 3;

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]
mod tests {
    use ring::rand::SystemRandom;
    use time::macros::datetime;

    use super::*;
    use crate::ca::Authority;
    use crate::ca::test_request::individual;
    use crate::keys::Identity;
    use crate::keys::PrivateKey;
    use crate::keys::write_pkcs12;

    const PASSWORD: &str = "пароль";

    fn identity() -> Identity {
        let now = datetime!(2026-11-24 9:00 UTC);
        let rng = SystemRandom::new();
        let key = PrivateKey::generate_p256(&rng).unwrap();
        let request = individual(now);
        let mut authority = Authority::in_memory(1, now).unwrap();
        authority.issue_for(key, &request).unwrap()
    }

    /// A container as we write it, with indefinite lengths and all octets in pieces, and a MAC with
    /// SHA-256 over that.
    fn in_ber(file: &[u8], iterations: u64) -> Vec<u8> {
        let pfx = Pfx::parse(file).unwrap();
        let safe = indefinite(&Reader::der(&pfx.safe).any().unwrap());
        let digest = DigestAlgorithm::Sha256;
        let derivation = Derivation {
            digest,
            password: PASSWORD,
            salt: b"salt",
            iterations,
        };
        let mac = hmac::sign(&derivation.mac_key(), &safe);
        let digest_info = der::sequence(&[
            der::algorithm_identifier(&digest.oid(), None),
            der::octet_string(mac.as_ref()),
        ]);
        let content = der::context(0, &der::octet_string(&safe));
        der::sequence(&[
            der::unsigned(VERSION),
            der::sequence(&[der::oid(&DATA), content]),
            der::sequence(&[
                digest_info,
                der::octet_string(b"salt"),
                der::unsigned(iterations),
            ]),
        ])
    }

    fn indefinite(element: &Tlv<'_>) -> Vec<u8> {
        let mut out = vec![element.tag.0 | 0x20, 0x80];
        match element.tag {
            Tag::OCTET_STRING | Tag(0x80) => {
                let (one, other) = element.content.split_at(element.content.len() / 2);
                out.extend([der::octet_string(one), der::octet_string(other)].concat());
            }
            tag if tag.is_constructed() => {
                let mut inner = element.reader().unwrap();
                while let Some(inner) = inner.next().unwrap() {
                    out.extend(indefinite(&inner));
                }
            }
            _ => return element.raw.to_vec(),
        }
        out.extend([0, 0]);
        out
    }

    fn open(file: &[u8], password: &str) -> Result<Identity, Error> {
        Identity::from_pkcs12(file, password, &SystemRandom::new())
    }

    #[test]
    fn a_container_in_ber_is_read_like_one_in_der() {
        let identity = identity();
        let file = write_pkcs12(&identity, PASSWORD, "key", &SystemRandom::new()).unwrap();
        for iterations in [1, 2, 1024] {
            let ber = in_ber(&file, iterations);
            let read = open(&ber, PASSWORD).unwrap();
            assert_eq!(read.leaf(), identity.leaf());
            assert_eq!(read.issuers(), identity.issuers());
            assert_eq!(read.key().as_pkcs8(), identity.key().as_pkcs8());
            let refused = open(&ber, "парол");
            assert!(matches!(refused, Err(Error::WrongPassword)), "{refused:?}");
        }
    }

    #[test]
    fn a_changed_byte_of_a_container_in_ber_is_noticed() {
        let ber = in_ber(
            &write_pkcs12(&identity(), PASSWORD, "key", &SystemRandom::new()).unwrap(),
            1,
        );
        for at in 0..ber.len() {
            let mut changed = ber.clone();
            changed[at] ^= 1;
            let refused = open(&changed, PASSWORD);
            assert!(refused.is_err(), "{at}");
            let cut = open(&ber[..at], PASSWORD);
            assert!(matches!(cut, Err(Error::MalformedPkcs12(_))), "{cut:?}");
        }
    }

    #[test]
    fn a_mac_that_takes_too_much_work_is_refused_unworked() {
        let file = write_pkcs12(&identity(), PASSWORD, "key", &SystemRandom::new()).unwrap();
        let mut pfx = Pfx::parse(&file).unwrap();
        for iterations in [0, MOST_ITERATIONS + 1] {
            pfx.mac.as_mut().unwrap().iterations = iterations;
            let refused = pfx.check_password(PASSWORD);
            assert!(matches!(refused, Err(Error::UnsupportedContainer)));
        }
    }

    #[test]
    fn the_mac_of_a_container_in_der_is_checked_alike() {
        let file = write_pkcs12(&identity(), PASSWORD, "key", &SystemRandom::new()).unwrap();
        let pfx = Pfx::parse(&file).unwrap();
        assert!(pfx.check_password(PASSWORD).is_ok());
        assert!(matches!(pfx.check_password(""), Err(Error::WrongPassword)));
    }
}
