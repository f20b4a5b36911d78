//! Messages for tests, right in everything but what a test spoils.

use ring::rand::SystemRandom;

use crate::cms::oid;
use crate::crypto;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::RingSigner;
use crate::crypto::Signer;
use crate::x509::Certificate;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Tag;
use crate::x509::oids;

/// The parts of a message, each open to be spoilt before it is built.
pub(super) struct Forge {
    pub(super) signer: RingSigner,
    pub(super) certificate: Certificate,
    pub(super) content_info_type: Oid,
    pub(super) version: u64,
    pub(super) digest_algorithms: Vec<Vec<u8>>,
    pub(super) encapsulated: Vec<u8>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) after_certificates: Vec<u8>,
    pub(super) signer_version: u64,
    pub(super) sid: Vec<u8>,
    pub(super) digest_algorithm: Vec<u8>,
    /// The attributes; they are sorted when `sorted` says so.
    pub(super) attributes: Vec<Vec<u8>>,
    pub(super) sorted: bool,
    pub(super) signature_algorithm: Vec<u8>,
    pub(super) after_signature: Vec<u8>,
    pub(super) signer_count: usize,
    /// What is signed when there are no attributes.
    pub(super) content: Vec<u8>,
}

pub(super) const CONTENT: &[u8] = b"content";
pub(super) const SHA256: Oid = Oid::new("2.16.840.1.101.3.4.2.1");

impl Forge {
    pub(super) fn p256() -> Self {
        let pkcs8 = crypto::generate_p256(&random()).unwrap();
        let curve = der::oid(&Oid::new("1.2.840.10045.3.1.7"));
        let key = der::algorithm_identifier(&Oid::new("1.2.840.10045.2.1"), Some(&curve));
        Self::new(&pkcs8, &key, None)
    }

    pub(super) fn rsa() -> Self {
        let pkcs8 = crypto::generate_rsa(2048, &random()).unwrap();
        let null = der::null();
        let key = der::algorithm_identifier(&oid::RSA_ENCRYPTION, Some(&null));
        Self::new(&pkcs8, &key, Some(&null))
    }

    fn new(pkcs8: &[u8], key_algorithm: &[u8], parameters: Option<&[u8]>) -> Self {
        let signer = RingSigner::from_pkcs8(pkcs8, None, random()).unwrap();
        let signature_algorithm = der::algorithm_identifier(&signer.algorithm().oid(), parameters);
        let certificate = certificate(&signer, key_algorithm, &signature_algorithm);
        let sha256 = der::algorithm_identifier(&SHA256, None);
        let serial = der::tlv(Tag::INTEGER, certificate.serial().as_bytes());
        let digest = DigestAlgorithm::Sha256.digest(CONTENT);
        let reference = der::octet_string(&certificate.sha256());
        let reference = der::sequence(&[der::sequence(&[der::sequence(&[reference])])]);
        Self {
            content_info_type: oid::SIGNED_DATA,
            version: 1,
            digest_algorithms: vec![sha256.clone()],
            encapsulated: der::sequence(&[der::oid(&oid::DATA)]),
            certificates: vec![certificate.as_der().to_vec()],
            after_certificates: Vec::new(),
            signer_version: 1,
            sid: der::sequence(&[certificate.issuer().as_der(), &serial]),
            digest_algorithm: sha256,
            attributes: vec![
                attribute(&oid::CONTENT_TYPE, &[der::oid(&oid::DATA)]),
                attribute(&oid::MESSAGE_DIGEST, &[der::octet_string(&digest)]),
                attribute(&oid::SIGNING_CERTIFICATE_V2, &[reference]),
            ],
            sorted: true,
            signature_algorithm,
            after_signature: Vec::new(),
            signer_count: 1,
            content: CONTENT.to_vec(),
            signer,
            certificate,
        }
    }

    /// Replaces the attribute of a type, or adds it.
    pub(super) fn set(&mut self, oid: &Oid, values: &[Vec<u8>]) {
        self.remove(oid);
        self.attributes.push(attribute(oid, values));
    }

    pub(super) fn remove(&mut self, oid: &Oid) {
        let head = der::oid(oid);
        self.attributes
            .retain(|one| !one.windows(head.len()).any(|part| part == head));
    }

    pub(super) fn build(&self) -> Vec<u8> {
        let mut attributes = self.attributes.clone();
        if self.sorted {
            attributes.sort();
        }
        let set = der::tlv(Tag::SET, &attributes.concat());
        let signature = match attributes.is_empty() {
            true => self.signer.sign(&self.content).unwrap(),
            false => self.signer.sign(&set).unwrap(),
        };
        let wire = match attributes.is_empty() {
            true => Vec::new(),
            false => der::context(0, &attributes.concat()),
        };
        let signer_info = der::sequence(&[
            der::unsigned(self.signer_version),
            self.sid.clone(),
            self.digest_algorithm.clone(),
            wire,
            self.signature_algorithm.clone(),
            der::octet_string(&signature),
            self.after_signature.clone(),
        ]);
        let signed_data = der::sequence(&[
            der::unsigned(self.version),
            der::tlv(Tag::SET, &self.digest_algorithms.concat()),
            self.encapsulated.clone(),
            der::context(0, &self.certificates.concat()),
            self.after_certificates.clone(),
            der::tlv(Tag::SET, &signer_info.repeat(self.signer_count)),
        ]);
        let content = der::context(0, &signed_data);
        der::sequence(&[der::oid(&self.content_info_type), content])
    }
}

pub(super) fn attribute(oid: &Oid, values: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(&[der::oid(oid), der::set_of(values)])
}

/// A self-signed certificate with a subject key identifier.
fn certificate(signer: &RingSigner, key_algorithm: &[u8], algorithm: &[u8]) -> Certificate {
    let name = der::sequence(&[der::oid(&oids::COMMON_NAME), der::utf8_string("Тест")]);
    let name = der::sequence(&[der::set_of(&[name])]);
    let time = der::utc_time(time::macros::datetime!(2026-01-01 0:00 UTC));
    let identifier = der::octet_string(&der::octet_string(&[1, 2, 3]));
    let extension = der::sequence(&[der::oid(&oids::SUBJECT_KEY_IDENTIFIER), identifier]);
    let serial = SerialNumber::from_magnitude(&[0x81, 2]);
    let tbs = der::sequence(&[
        der::context(0, &der::unsigned(2)),
        der::tlv(Tag::INTEGER, serial.as_bytes()),
        algorithm.to_vec(),
        name.clone(),
        der::sequence(&[time.clone(), time]),
        name,
        der::sequence(&[
            key_algorithm.to_vec(),
            der::bit_string(signer.subject_public_key()),
        ]),
        der::context(3, &der::sequence(&[extension])),
    ]);
    let signature = der::bit_string(&signer.sign(&tbs).unwrap());
    let certificate = der::sequence(&[tbs, algorithm.to_vec(), signature]);
    Certificate::from_der(&certificate).unwrap()
}

#[allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]
pub(super) fn random() -> SystemRandom {
    SystemRandom::new()
}
