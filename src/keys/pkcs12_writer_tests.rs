#![allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]

use p12_keystore::Pkcs12Archive;
use ring::rand::SystemRandom;
use time::macros::datetime;

use super::*;
use crate::ca::Authority;
use crate::ca::test_request::individual;
use crate::crypto;
use crate::keys::KeyAlgorithm;
use crate::x509::der::Reader;

const PASSWORD: &str = "Qwerty12 Құпия";

/// The same octet for ever.
struct Constant(u8);

impl RandomSource for Constant {
    fn fill(&self, octets: &mut [u8]) -> Result<(), crypto::Error> {
        octets.fill(self.0);
        Ok(())
    }
}

fn identity(algorithm: KeyAlgorithm) -> Identity {
    let now = datetime!(2026-11-24 9:00 UTC);
    let random = SystemRandom::new();
    let key = PrivateKey::generate(algorithm, &random).unwrap();
    Authority::in_memory(1, now)
        .unwrap()
        .issue_for(key, &individual(now))
        .unwrap()
}

fn modern(identity: &Identity, name: &str, random: &dyn RandomSource) -> Result<Vec<u8>, Error> {
    write_pkcs12(identity, PASSWORD, name, random)
}

fn legacy(identity: &Identity, random: &dyn RandomSource) -> Result<Vec<u8>, Error> {
    write_legacy_pkcs12(identity, PASSWORD, random)
}

fn open(file: &[u8], password: &str) -> Result<Identity, Error> {
    Identity::from_pkcs12(file, password, &SystemRandom::new())
}

#[test]
fn both_kinds_are_read_as_written_for_every_kind_of_key() {
    let random = SystemRandom::new();
    for algorithm in KeyAlgorithm::ALL {
        let identity = identity(algorithm);
        let issuers = identity.issuers();
        for (file, issuers) in [
            (modern(&identity, "key", &random).unwrap(), issuers),
            (legacy(&identity, &random).unwrap(), &[]),
        ] {
            let read = open(&file, PASSWORD).unwrap();
            assert_eq!(read.leaf(), identity.leaf());
            assert_eq!(read.issuers(), issuers);
            assert_eq!(read.key().as_pkcs8(), identity.key().as_pkcs8());
            for wrong in ["", "Qwerty12 Құпи", "Qwerty12 Құпия "] {
                let refused = open(&file, wrong);
                assert!(matches!(refused, Err(Error::WrongPassword)), "{refused:?}");
            }
        }
    }
}

#[test]
fn a_file_without_password_is_read_without_one() {
    let identity = identity(KeyAlgorithm::P256);
    let random = SystemRandom::new();
    for file in [
        write_pkcs12(&identity, "", "key", &random).unwrap(),
        write_legacy_pkcs12(&identity, "", &random).unwrap(),
    ] {
        assert_eq!(open(&file, "").unwrap().leaf(), identity.leaf());
    }
}

#[test]
fn the_key_and_its_certificate_name_each_other() {
    let identity = identity(KeyAlgorithm::P256);
    let file = modern(&identity, "Қол қою кілті", &SystemRandom::new()).unwrap();
    let archive = Pkcs12Archive::from_pkcs12(&file, PASSWORD).unwrap();
    let id = DigestAlgorithm::Sha1.digest(identity.leaf().as_der());
    let key = &archive.keys[0];
    let [leaf, issuer] = &archive.certs[..] else {
        panic!("{} certificates", archive.certs.len());
    };
    assert_eq!(key.friendly_name.as_deref(), Some("Қол қою кілті"));
    assert_eq!(leaf.friendly_name.as_deref(), Some("Қол қою кілті"));
    assert_eq!(key.local_key_id.as_ref().unwrap().as_ref(), id);
    assert_eq!(leaf.local_key_id.as_ref().unwrap().as_ref(), id);
    assert_eq!(issuer.friendly_name, None);
    assert!(issuer.local_key_id.is_none());
}

#[test]
fn the_octets_of_the_random_source_determine_the_file() {
    let identity = identity(KeyAlgorithm::P256);
    let (one, other) = (&Constant(1), &Constant(2));
    let written = modern(&identity, "key", one).unwrap();
    assert_eq!(modern(&identity, "key", one).unwrap(), written);
    assert_ne!(modern(&identity, "key", other).unwrap(), written);
    let written = legacy(&identity, one).unwrap();
    assert_eq!(legacy(&identity, one).unwrap(), written);
    assert_ne!(legacy(&identity, other).unwrap(), written);
}

#[test]
fn texts_beyond_16_bits_are_refused() {
    let identity = identity(KeyAlgorithm::P256);
    let random = SystemRandom::new();
    for refused in [
        write_pkcs12(&identity, PASSWORD, "🔑", &random),
        write_pkcs12(&identity, "🔑", "key", &random),
        write_legacy_pkcs12(&identity, "🔑", &random),
    ] {
        assert!(matches!(refused, Err(Error::BeyondBmp)), "{refused:?}");
    }
}

/// What stands where, with which algorithms, as in its published TEST keys.
#[test]
fn the_legacy_kind_is_built_like_the_national_authoritys() {
    let identity = identity(KeyAlgorithm::P256);
    let file = legacy(&identity, &Constant(0x5a)).unwrap();
    let salt = [0x5a; 20];

    let mut pfx = Reader::der(&file).sequence().unwrap();
    assert_eq!(pfx.unsigned().unwrap(), 3);
    let mut content = pfx.sequence().unwrap();
    assert_eq!(content.oid().unwrap(), DATA);
    let safe = content.context(0).unwrap().unwrap().octet_string().unwrap();
    let mut mac = pfx.sequence().unwrap();
    let digest = mac.sequence().unwrap().algorithm_identifier().unwrap();
    assert_eq!(digest.oid, DigestAlgorithm::Sha1.oid());
    assert_eq!(&*mac.octet_string().unwrap(), salt);
    assert_eq!(mac.unsigned().unwrap(), 1024);

    // In indefinite lengths down to the strings.
    assert_eq!(safe[..4], [0x30, 0x80, 0x30, 0x80]);
    assert_eq!(safe[safe.len() - 12..], [0; 12]);
    let mut safe = Reader::ber(&safe).sequence().unwrap();

    // The key stands first, with 3DES.
    let mut info = safe.sequence().unwrap();
    assert_eq!(info.oid().unwrap(), DATA);
    let bags = info.context(0).unwrap().unwrap().octet_string().unwrap();
    let mut bag = Reader::der(&bags).sequence().unwrap().sequence().unwrap();
    assert_eq!(bag.oid().unwrap(), SHROUDED_KEY_BAG);
    let mut encrypted = bag.context(0).unwrap().unwrap().sequence().unwrap();
    let algorithm = encrypted.algorithm_identifier().unwrap();
    assert_eq!(algorithm.oid, TRIPLE_DES);
    let expected = der::sequence(&[der::octet_string(&salt), der::unsigned(1024)]);
    assert_eq!(algorithm.parameters, Some(&*expected));
    let identifier = identity.leaf().subject_key_identifier().unwrap();
    let name: String = identifier
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    assert_eq!(bag.rest(), attributes(&name, identifier).unwrap());

    // One certificate, with RC2.
    let mut info = safe.sequence().unwrap();
    assert_eq!(info.oid().unwrap(), ENCRYPTED_DATA);
    let mut data = info.context(0).unwrap().unwrap().sequence().unwrap();
    assert_eq!(data.unsigned().unwrap(), 0);
    let mut info = data.sequence().unwrap();
    assert_eq!(info.oid().unwrap(), DATA);
    let algorithm = info.algorithm_identifier().unwrap();
    assert_eq!(algorithm.oid, RC2_40);
    assert_eq!(algorithm.parameters, Some(&*expected));
    assert!(safe.is_empty());
}

#[test]
fn a_defective_certificate_is_carried_as_it_is() {
    let identity = identity(KeyAlgorithm::P256);
    let contents = Pkcs12Contents {
        leaf: b"no certificate",
        ..Pkcs12Contents::from(&identity)
    };
    let file = write_legacy_pkcs12(contents, PASSWORD, &Constant(1)).unwrap();
    assert!(matches!(
        open(&file, PASSWORD),
        Err(Error::MalformedPkcs12(_))
    ));
    let text = contents.to_pem();
    let refused = Identity::from_pem(text.as_bytes(), &SystemRandom::new());
    assert!(matches!(refused, Err(Error::Malformed(_))), "{refused:?}");
    let whole = Pkcs12Contents::from(&identity).to_pem();
    let read = Identity::from_pem(whole.as_bytes(), &SystemRandom::new()).unwrap();
    assert_eq!(read.leaf(), identity.leaf());
    assert_eq!(read.issuers(), identity.issuers());
}
