//! A key with the certificate that names its holder.

use ring::rand::SystemRandom;

use crate::crypto::RingSigner;
use crate::keys::Error;
use crate::keys::Pkcs12;
use crate::keys::PrivateKey;
use crate::keys::pem;
use crate::x509::Certificate;

/// A private key, the certificate it belongs to, and certificates of issuers that came with them.
#[derive(Clone, Debug)]
pub struct Identity {
    key: PrivateKey,
    leaf: Certificate,
    issuers: Vec<Certificate>,
}

impl Identity {
    /// Puts together what belongs together.
    ///
    /// # Errors
    ///
    /// [`Error::KeyMismatch`] when the key is not that of the certificate,
    /// [`Error::UnsupportedKey`] when it is of a kind this crate does not sign with.
    pub fn new(
        key: PrivateKey,
        leaf: Certificate,
        issuers: Vec<Certificate>,
        rng: &SystemRandom,
    ) -> Result<Self, Error> {
        let identity = Self { key, leaf, issuers };
        identity.signer(rng)?;
        Ok(identity)
    }

    /// Puts together a key and the certificate that was just issued for it.
    pub(crate) fn certified(key: PrivateKey, leaf: Certificate, issuer: Certificate) -> Self {
        Self {
            key,
            leaf,
            issuers: vec![issuer],
        }
    }

    /// Reads a PKCS#12 file (RFC 7292) with one signer in it. Its certificate is the one that the
    /// key belongs to, whatever its attributes say.
    ///
    /// # Errors
    ///
    /// [`Error::WrongPassword`]; [`Error::NoPrivateKey`], [`Error::NoCertificate`] and
    /// [`Error::KeyMismatch`] when something is missing; [`Error::UnsupportedKey`];
    /// [`Error::MalformedPkcs12`] and [`Error::UnsupportedContainer`] when it cannot be read.
    pub fn from_pkcs12(file: &[u8], password: &str, rng: &SystemRandom) -> Result<Self, Error> {
        let Pkcs12 { keys, certificates } = Pkcs12::open(file, password)?;
        Self::pick(keys, certificates, rng)
    }

    /// Reads a PEM text with the key, its certificate and those of issuers, in any order.
    ///
    /// # Errors
    ///
    /// [`Error::NoPrivateKey`], [`Error::NoCertificate`] and [`Error::KeyMismatch`] when something
    /// is missing; [`Error::UnsupportedKey`]; [`Error::EncryptedPem`]; [`Error::Malformed`].
    pub fn from_pem(text: &[u8], rng: &SystemRandom) -> Result<Self, Error> {
        let (keys, certificates) = pem::read(text)?;
        Self::pick(keys, certificates, rng)
    }

    /// The private key.
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// The holder's certificate.
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The other certificates that came with the key, in the order they came.
    pub fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }

    /// Adds certificates of issuers; those that are there already are left out.
    pub fn add_issuers(&mut self, issuers: impl IntoIterator<Item = Certificate>) {
        for issuer in issuers {
            let known = |other: &Certificate| other.as_der() == issuer.as_der();
            if !known(&self.leaf) && !self.issuers.iter().any(known) {
                self.issuers.push(issuer);
            }
        }
    }

    /// The key, ready to sign.
    ///
    /// # Errors
    ///
    /// As [`PrivateKey::signer`].
    pub fn signer(&self, rng: &SystemRandom) -> Result<RingSigner, Error> {
        signer(&self.key, &self.leaf, rng)
    }

    /// Finds the key and the certificate that belong together.
    fn pick(
        keys: Vec<PrivateKey>,
        certificates: Vec<Certificate>,
        rng: &SystemRandom,
    ) -> Result<Self, Error> {
        let count = keys.len() + certificates.len();
        if count > MOST {
            return Err(Error::TooMany { count, limit: MOST });
        }
        if keys.is_empty() {
            return Err(Error::NoPrivateKey);
        }
        let mut refusal = Error::NoCertificate;
        for key in keys {
            for leaf in &certificates {
                match signer(&key, leaf, rng) {
                    Ok(_) => {
                        let mut identity = Self {
                            key,
                            leaf: leaf.clone(),
                            issuers: Vec::new(),
                        };
                        identity.add_issuers(certificates);
                        return Ok(identity);
                    }
                    Err(error) => refusal = error,
                }
            }
        }
        Err(refusal)
    }
}

fn signer(
    key: &PrivateKey,
    certificate: &Certificate,
    rng: &SystemRandom,
) -> Result<RingSigner, Error> {
    key.signer(Some(certificate.subject_public_key_octets()), rng.clone())
}

/// A signer's container holds one key and a handful of certificates.
const MOST: usize = 64;

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]
mod tests {
    use rsa::pkcs1::EncodeRsaPrivateKey;
    use rsa::pkcs8::DecodePrivateKey;
    use time::macros::datetime;

    use super::*;
    use crate::ca::Authority;
    use crate::ca::test_request::individual;
    use crate::crypto;
    use crate::crypto::PublicKeyAlgorithm;
    use crate::keys::KeyAlgorithm;
    use crate::keys::write_pkcs12;
    use crate::x509;

    fn identity_for(key: PrivateKey) -> Identity {
        let now = datetime!(2026-11-24 9:00 UTC);
        let request = individual(now);
        Authority::in_memory(1, now)
            .unwrap()
            .issue_for(key, &request)
            .unwrap()
    }

    fn identity() -> Identity {
        identity_for(PrivateKey::generate_p256(&SystemRandom::new()).unwrap())
    }

    fn read_pem(parts: &[&str]) -> Result<Identity, Error> {
        Identity::from_pem(parts.concat().as_bytes(), &SystemRandom::new())
    }

    #[test]
    fn pkcs12_is_read_as_written() {
        let identity = identity();
        let file =
            write_pkcs12(&identity, "пароль", "Қол қою кілті", &SystemRandom::new()).unwrap();
        let read = Identity::from_pkcs12(&file, "пароль", &SystemRandom::new()).unwrap();
        assert_eq!(read.leaf(), identity.leaf());
        assert_eq!(read.issuers(), identity.issuers());
        assert_eq!(read.key().as_pkcs8(), identity.key().as_pkcs8());
    }

    #[test]
    fn wrong_password_is_an_error_of_its_own() {
        let file = write_pkcs12(&identity(), "right", "key", &SystemRandom::new()).unwrap();
        let refused = Identity::from_pkcs12(&file, "wrong", &SystemRandom::new());
        assert!(matches!(refused, Err(Error::WrongPassword)));
    }

    #[test]
    fn damaged_or_empty_pkcs12_is_malformed() {
        let file = write_pkcs12(&identity(), "right", "key", &SystemRandom::new()).unwrap();
        for damaged in [
            &b""[..],
            &file[..file.len() / 2],
            b"%PDF-1.7",
            &[0x30, 0x80, 2, 1, 3],
        ] {
            let refused = Identity::from_pkcs12(damaged, "right", &SystemRandom::new());
            assert!(matches!(refused, Err(Error::MalformedPkcs12(_))));
        }
    }

    #[test]
    fn pem_is_read_in_any_order() {
        let identity = identity();
        let key = identity.key().to_pem();
        let leaf = &*identity.leaf().to_pem();
        let issuer = &*identity.issuers()[0].to_pem();
        for order in [
            [&key, leaf, issuer],
            [issuer, leaf, &key],
            [issuer, &key, leaf],
        ] {
            let read = read_pem(&order).unwrap();
            assert_eq!(read.leaf(), identity.leaf());
            assert_eq!(read.issuers(), identity.issuers());
        }
    }

    #[test]
    fn keys_from_before_pkcs8_are_read() {
        let key = PrivateKey::generate(KeyAlgorithm::Rsa2048, &SystemRandom::new()).unwrap();
        let rsa = identity_for(key.clone());
        let key = rsa::PrivateKey::from_pkcs8_der(key.as_pkcs8()).unwrap();
        let old = x509::pem::encode("RSA PRIVATE KEY", key.to_pkcs1_der().unwrap().as_bytes());
        assert_eq!(
            read_pem(&[&old, &rsa.leaf().to_pem()]).unwrap().leaf(),
            rsa.leaf()
        );

        let ec = identity();
        let old = x509::pem::encode("EC PRIVATE KEY", &ec_private_key(&ec));
        assert_eq!(
            read_pem(&[&old, &ec.leaf().to_pem()]).unwrap().leaf(),
            ec.leaf()
        );
    }

    /// `ECPrivateKey` with its curve, as `openssl ec` writes it.
    fn ec_private_key(identity: &Identity) -> Vec<u8> {
        let der = |bytes| x509::der::Reader::der(bytes);
        let mut info = der(identity.key().as_pkcs8()).sequence().unwrap();
        info.unsigned().unwrap();
        let algorithm = info.algorithm_identifier().unwrap();
        let inner = info.octet_string().unwrap();
        let mut fields = der(&inner).sequence().unwrap();
        let version = fields.any().unwrap().raw;
        let scalar = fields.any().unwrap().raw;
        let curve = x509::der::context(0, algorithm.parameters.unwrap());
        x509::der::sequence(&[version, scalar, &curve, fields.rest()])
    }

    #[test]
    fn key_of_another_certificate_is_a_mismatch() {
        let (one, other) = (identity(), identity());
        let refused = read_pem(&[&one.key().to_pem(), &other.leaf().to_pem()]);
        assert!(matches!(refused, Err(Error::KeyMismatch)));
    }

    #[test]
    fn missing_key_or_certificate_is_named() {
        let identity = identity();
        assert!(matches!(
            read_pem(&[&identity.leaf().to_pem()]),
            Err(Error::NoPrivateKey)
        ));
        assert!(matches!(
            read_pem(&[&identity.key().to_pem()]),
            Err(Error::NoCertificate)
        ));
        assert!(matches!(read_pem(&["no PEM"]), Err(Error::NoPrivateKey)));
    }

    #[test]
    fn encrypted_pem_keys_are_named() {
        let headers = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
                       DEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
        let pkcs8 = x509::pem::encode("ENCRYPTED PRIVATE KEY", &[0x30, 0]);
        for text in [headers, &pkcs8] {
            assert!(matches!(read_pem(&[text]), Err(Error::EncryptedPem)));
        }
    }

    #[test]
    fn rsa_key_of_1024_bits_is_unsupported() {
        let key = crypto::generate_rsa(1024, &SystemRandom::new()).unwrap();
        let pem = x509::pem::encode("PRIVATE KEY", &key);
        let refused = read_pem(&[&pem, &identity().leaf().to_pem()]);
        let algorithm = PublicKeyAlgorithm::Rsa.oid();
        let Err(Error::UnsupportedKey {
            algorithm: found,
            bits: Some(1024),
        }) = refused
        else {
            panic!("{refused:?}");
        };
        assert_eq!(found, algorithm);
    }

    #[test]
    fn nothing_prints_the_key() {
        let shown = format!("{:?}", identity());
        assert!(shown.contains("PrivateKey(…)"), "{shown}");
    }
}
