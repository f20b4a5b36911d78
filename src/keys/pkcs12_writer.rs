//! Writing PKCS#12 (RFC 7292): with today's encryption, and as the national authority does.

use aes::Aes256;
use cbc::Encryptor;
use cbc::cipher::BlockCipherEncrypt;
use cbc::cipher::BlockModeEncrypt as _;
use cbc::cipher::KeyInit;
use cbc::cipher::KeyIvInit as _;
use cbc::cipher::block_padding::Pkcs7;
use des::TdesEde3;
use rc2::Rc2;
use ring::hmac;
use ring::pbkdf2;
use zeroize::Zeroizing;

use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::RandomSource;
use crate::keys::Error;
use crate::keys::Identity;
use crate::keys::PrivateKey;
use crate::keys::pfx::DATA;
use crate::keys::pfx::ENCRYPTED_DATA;
use crate::keys::pfx::VERSION;
use crate::keys::pkcs12_kdf::Derivation;
use crate::keys::pkcs12_kdf::Purpose;
use crate::x509::Certificate;
use crate::x509::der;
use crate::x509::der::Tag;
use crate::x509::pem;

/// Writes the key, its certificate and those of issuers into a container that OpenSSL 3, NSS and
/// Java 8 (update 301) and later read: PBES2 with AES-256 and PBKDF2, MAC with SHA-256. What
/// `random` gives becomes salts and initial vectors: the same octets make the same file.
///
/// # Errors
///
/// [`Error::BeyondBmp`] when password or name cannot be written in 16-bit characters, and when the
/// random source fails.
pub fn write_pkcs12<'a>(
    contents: impl Into<Pkcs12Contents<'a>>,
    password: &str,
    friendly_name: &str,
    random: &dyn RandomSource,
) -> Result<Vec<u8>, Error> {
    let contents = contents.into();
    check_pkcs12_text(password)?;
    let writer = Writer {
        password,
        lengths: Lengths::Definite,
        attributes: attributes(friendly_name, &DigestAlgorithm::Sha1.digest(contents.leaf))?,
        random,
    };
    let mut bags = vec![writer.certificate_bag(contents.leaf, Whose::Holder)];
    let issuers = contents.issuers.iter().map(Certificate::as_der);
    bags.extend(issuers.map(|issuer| writer.certificate_bag(issuer, Whose::Issuer)));
    let certificates = writer.encrypted_content(&bags, Scheme::Pbes2)?;
    let key = writer.key_content(contents.key, Scheme::Pbes2)?;
    let mac = Mac {
        digest: DigestAlgorithm::Sha256,
        salt_length: SALT,
        iterations: ITERATIONS,
    };
    writer.file(&[certificates, key], &mac)
}

/// Writes the key and its certificate, without those of issuers, as the national authority writes
/// them: key with 3DES and certificate with 40 bits of RC2, MAC with SHA-1, indefinite lengths (BER)
/// inside, and the key identifier as friendly name. For tests of what must read such files: the
/// encryption of the certificate protects nothing, that of the key little. OpenSSL 3 reads it with
/// `-legacy`.
///
/// # Errors
///
/// As [`write_pkcs12`].
pub fn write_legacy_pkcs12<'a>(
    contents: impl Into<Pkcs12Contents<'a>>,
    password: &str,
    random: &dyn RandomSource,
) -> Result<Vec<u8>, Error> {
    let contents = contents.into();
    let identifier = contents.key_identifier();
    let in_hex: String = identifier
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    check_pkcs12_text(password)?;
    let writer = Writer {
        password,
        lengths: Lengths::Indefinite,
        attributes: attributes(&in_hex, &identifier)?,
        random,
    };
    let key = writer.key_content(contents.key, Scheme::TripleDes)?;
    let bags = [writer.certificate_bag(contents.leaf, Whose::Holder)];
    let certificate = writer.encrypted_content(&bags, Scheme::Rc2)?;
    let mac = Mac {
        digest: DigestAlgorithm::Sha1,
        salt_length: LEGACY_SALT,
        iterations: LEGACY_ITERATIONS,
    };
    writer.file(&[key, certificate], &mac)
}

/// What goes into a container.
#[derive(Clone, Copy, Debug)]
pub struct Pkcs12Contents<'a> {
    /// The holder's key.
    pub key: &'a PrivateKey,
    /// The holder's certificate in DER; nobody reads it here, so that it may be a defective one.
    pub leaf: &'a [u8],
    /// Certificates of issuers.
    pub issuers: &'a [Certificate],
}

impl Pkcs12Contents<'_> {
    /// The same as PEM text with the key first: who may read the text has the key.
    pub fn to_pem(&self) -> Zeroizing<String> {
        let mut text = self.key.to_pem();
        text.push_str(&pem::encode("CERTIFICATE", self.leaf));
        for issuer in self.issuers {
            text.push_str(&issuer.to_pem());
        }
        text
    }

    /// The key identifier in the certificate, or of the certificate when there is none in it.
    fn key_identifier(&self) -> Vec<u8> {
        let leaf = Certificate::from_der(self.leaf).ok();
        let identifier = leaf.as_ref().and_then(Certificate::subject_key_identifier);
        identifier.map_or_else(|| DigestAlgorithm::Sha1.digest(self.leaf), <[u8]>::to_vec)
    }
}

impl<'a> From<&'a Identity> for Pkcs12Contents<'a> {
    fn from(identity: &'a Identity) -> Self {
        Self {
            key: identity.key(),
            leaf: identity.leaf().as_der(),
            issuers: identity.issuers(),
        }
    }
}

/// Checks that a password or name can stand in a container, whose texts have characters of 16 bits.
///
/// # Errors
///
/// [`Error::BeyondBmp`].
pub fn check_pkcs12_text(text: &str) -> Result<(), Error> {
    match text.chars().all(|character| character < '\u{ffff}') {
        true => Ok(()),
        false => Err(Error::BeyondBmp),
    }
}

struct Writer<'a> {
    password: &'a str,
    lengths: Lengths,
    /// Those of the key and its certificate, which thereby find each other.
    attributes: Vec<u8>,
    random: &'a dyn RandomSource,
}

/// How the lengths of the outer elements of the AuthenticatedSafe are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lengths {
    Definite,
    Indefinite,
}

/// Whose certificate it is.
#[derive(Clone, Copy)]
enum Whose {
    Holder,
    Issuer,
}

/// An encryption with its key derivation.
#[derive(Clone, Copy)]
enum Scheme {
    /// PBKDF2 with HMAC-SHA-256, AES-256 in CBC mode (RFC 8018 §6.2).
    Pbes2,
    /// pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C).
    TripleDes,
    /// pbeWithSHAAnd40BitRC2-CBC (the same).
    Rc2,
}

struct Encrypted {
    algorithm: Vec<u8>,
    octets: Vec<u8>,
}

struct Mac {
    digest: DigestAlgorithm,
    /// In octets.
    salt_length: usize,
    iterations: u32,
}

impl Writer<'_> {
    /// The PFX (§4) around the contents of its AuthenticatedSafe.
    fn file(&self, contents: &[Vec<u8>], mac: &Mac) -> Result<Vec<u8>, Error> {
        let safe = self.constructed(Tag::SEQUENCE, contents);
        let mut salt = vec![0; mac.salt_length];
        self.random.fill(&mut salt)?;
        let derivation = Derivation {
            digest: mac.digest,
            password: self.password,
            salt: &salt,
            iterations: mac.iterations.into(),
        };
        let digest = hmac::sign(&derivation.mac_key(), &safe);
        let null = der::null();
        let digest_info = der::sequence(&[
            der::algorithm_identifier(&mac.digest.oid(), Some(&null)),
            der::octet_string(digest.as_ref()),
        ]);
        let content = der::context(0, &der::octet_string(&safe));
        Ok(der::sequence(&[
            der::unsigned(VERSION),
            der::sequence(&[der::oid(&DATA), content]),
            der::sequence(&[
                digest_info,
                der::octet_string(&salt),
                der::unsigned(mac.iterations.into()),
            ]),
        ]))
    }

    /// ContentInfo with the key in a bag of its own encryption (§4.2.2).
    fn key_content(&self, key: &PrivateKey, scheme: Scheme) -> Result<Vec<u8>, Error> {
        let Encrypted { algorithm, octets } = self.encrypt(key.as_pkcs8(), scheme)?;
        let info = der::sequence(&[algorithm, der::octet_string(&octets)]);
        let bag = bag(&SHROUDED_KEY_BAG, &info, Some(&self.attributes));
        let content = der::octet_string(&der::sequence(&[bag]));
        let content = self.constructed(Tag::context(0), &[content]);
        Ok(self.constructed(Tag::SEQUENCE, &[der::oid(&DATA), content]))
    }

    /// ContentInfo with bags encrypted together: EncryptedData (RFC 5652 §8).
    fn encrypted_content(&self, bags: &[Vec<u8>], scheme: Scheme) -> Result<Vec<u8>, Error> {
        let Encrypted { algorithm, octets } = self.encrypt(&der::sequence(bags), scheme)?;
        let octets = match self.lengths {
            Lengths::Definite => der::context_primitive(0, &octets),
            // With an implicit tag the pieces of a string stand alone in it.
            Lengths::Indefinite => self.constructed(Tag::context(0), &[der::octet_string(&octets)]),
        };
        let info = self.constructed(Tag::SEQUENCE, &[der::oid(&DATA), algorithm, octets]);
        let data = self.constructed(Tag::SEQUENCE, &[der::unsigned(0), info]);
        let content = self.constructed(Tag::context(0), &[data]);
        Ok(self.constructed(Tag::SEQUENCE, &[der::oid(&ENCRYPTED_DATA), content]))
    }

    /// CertBag (§4.2.3).
    fn certificate_bag(&self, certificate: &[u8], whose: Whose) -> Vec<u8> {
        let octets = der::octet_string(certificate);
        let value = der::sequence(&[der::oid(&X509_CERTIFICATE), der::context(0, &octets)]);
        let attributes = match whose {
            Whose::Holder => Some(&*self.attributes),
            Whose::Issuer => None,
        };
        bag(&CERTIFICATE_BAG, &value, attributes)
    }

    fn constructed(&self, tag: Tag, elements: &[Vec<u8>]) -> Vec<u8> {
        let content = elements.concat();
        match self.lengths {
            Lengths::Definite => der::tlv(tag, &content),
            Lengths::Indefinite => [&[tag.0, 0x80], &*content, &[0, 0]].concat(),
        }
    }

    fn encrypt(&self, plain: &[u8], scheme: Scheme) -> Result<Encrypted, Error> {
        match scheme {
            Scheme::Pbes2 => self.pbes2(plain),
            Scheme::TripleDes => self.pbes1::<TdesEde3>(plain, &TRIPLE_DES, 24),
            Scheme::Rc2 => self.pbes1::<Rc2>(plain, &RC2_40, 5),
        }
    }

    fn pbes2(&self, plain: &[u8]) -> Result<Encrypted, Error> {
        let (mut salt, mut vector) = ([0; SALT], [0; 16]);
        self.random.fill(&mut salt)?;
        self.random.fill(&mut vector)?;
        let mut key = Zeroizing::new([0; 32]);
        let password = self.password.as_bytes();
        let iterations = ITERATIONS.try_into().unwrap_or(std::num::NonZeroU32::MIN);
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA256,
            iterations,
            &salt,
            password,
            &mut *key,
        );
        let null = der::null();
        let derivation = der::sequence(&[
            der::octet_string(&salt),
            der::unsigned(ITERATIONS.into()),
            der::algorithm_identifier(&HMAC_SHA256, Some(&null)),
        ]);
        let parameters = der::sequence(&[
            der::algorithm_identifier(&PBKDF2, Some(&derivation)),
            der::algorithm_identifier(&AES_256_CBC, Some(&der::octet_string(&vector))),
        ]);
        Ok(Encrypted {
            algorithm: der::algorithm_identifier(&PBES2, Some(&parameters)),
            octets: cbc::<Aes256>(plain, &*key, &vector)?,
        })
    }

    fn pbes1<Cipher: BlockCipherEncrypt + KeyInit>(
        &self,
        plain: &[u8],
        algorithm: &Oid,
        key_length: usize,
    ) -> Result<Encrypted, Error> {
        let mut salt = [0; LEGACY_SALT];
        self.random.fill(&mut salt)?;
        let derivation = Derivation {
            digest: DigestAlgorithm::Sha1,
            password: self.password,
            salt: &salt,
            iterations: LEGACY_ITERATIONS.into(),
        };
        let key = derivation.derive(Purpose::EncryptionKey, key_length);
        let vector = derivation.derive(Purpose::InitialVector, 8);
        let parameters = der::sequence(&[
            der::octet_string(&salt),
            der::unsigned(LEGACY_ITERATIONS.into()),
        ]);
        Ok(Encrypted {
            algorithm: der::algorithm_identifier(algorithm, Some(&parameters)),
            octets: cbc::<Cipher>(plain, &key, &vector)?,
        })
    }
}

fn cbc<Cipher: BlockCipherEncrypt + KeyInit>(
    plain: &[u8],
    key: &[u8],
    vector: &[u8],
) -> Result<Vec<u8>, Error> {
    // Lengths that the callers know to fit.
    let encryptor = Encryptor::<Cipher>::new_from_slices(key, vector)
        .map_err(|_| Error::UnsupportedContainer)?;
    Ok(encryptor.encrypt_padded_vec::<Pkcs7>(plain))
}

/// SafeBag (§4.2).
fn bag(identifier: &Oid, value: &[u8], attributes: Option<&[u8]>) -> Vec<u8> {
    der::sequence(&[
        &der::oid(identifier)[..],
        &der::context(0, value),
        attributes.unwrap_or_default(),
    ])
}

/// friendlyName and localKeyID (RFC 2985 §5.5).
fn attributes(friendly_name: &str, local_key_id: &[u8]) -> Result<Vec<u8>, Error> {
    let attribute =
        |identifier: &Oid, value| der::sequence(&[der::oid(identifier), der::set_of(&[value])]);
    Ok(der::set_of(&[
        attribute(&LOCAL_KEY_ID, der::octet_string(local_key_id)),
        attribute(
            &FRIENDLY_NAME,
            der::tlv(Tag::BMP_STRING, &bmp(friendly_name)?),
        ),
    ]))
}

fn bmp(text: &str) -> Result<Vec<u8>, Error> {
    check_pkcs12_text(text)?;
    Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect())
}

/// Octets of a salt.
const SALT: usize = 16;
const LEGACY_SALT: usize = 20;
const ITERATIONS: u32 = 10_000;
const LEGACY_ITERATIONS: u32 = 1024;

const SHROUDED_KEY_BAG: Oid = Oid::new("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: Oid = Oid::new("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: Oid = Oid::new("1.2.840.113549.1.9.22.1");
const FRIENDLY_NAME: Oid = Oid::new("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: Oid = Oid::new("1.2.840.113549.1.9.21");
const TRIPLE_DES: Oid = Oid::new("1.2.840.113549.1.12.1.3");
const RC2_40: Oid = Oid::new("1.2.840.113549.1.12.1.6");
const PBES2: Oid = Oid::new("1.2.840.113549.1.5.13");
const PBKDF2: Oid = Oid::new("1.2.840.113549.1.5.12");
const HMAC_SHA256: Oid = Oid::new("1.2.840.113549.2.9");
const AES_256_CBC: Oid = Oid::new("2.16.840.1.101.3.4.1.42");

#[cfg(test)]
#[path = "pkcs12_writer_tests.rs"]
mod tests;
