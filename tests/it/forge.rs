//! Signatures made by hand, past every question that `sign` asks first: right in everything but
//! what a test spoils.

use ring::rand::SystemRandom;
use ruqsat::crypto::DigestAlgorithm;
use ruqsat::crypto::Oid;
use ruqsat::crypto::Signer;
use ruqsat::keys::Identity;
use ruqsat::pdf::SignatureDictionary;
use ruqsat::pdf::prepare_signature;
use ruqsat::x509::Certificate;
use ruqsat::x509::der;
use ruqsat::x509::der::Tag;
use time::OffsetDateTime;

use crate::support::SIGNING;
use crate::support::position;

/// The parts of a signature, each open to be spoilt before it is made.
pub(crate) struct Forge {
    /// The key.
    pub(crate) signer: Box<dyn Signer>,
    /// The certificate that the message names.
    pub(crate) leaf: Certificate,
    /// The certificates in the message.
    pub(crate) certificates: Vec<Certificate>,
    /// `/M`
    pub(crate) signing_time: OffsetDateTime,
    /// What the certification permits; an approval without.
    pub(crate) doc_mdp: Option<u8>,
    /// Digest of document and attributes.
    pub(crate) digest: DigestAlgorithm,
    /// Identifier of the digest algorithm.
    pub(crate) digest_identifier: Vec<u8>,
    /// Identifier of the signature algorithm.
    pub(crate) signature_identifier: Vec<u8>,
    /// Signed attributes beside content-type and message-digest.
    pub(crate) attributes: Vec<Vec<u8>>,
    /// How often the same `SignerInfo` stands there.
    pub(crate) signer_count: usize,
    /// Bytes behind the message.
    pub(crate) padding: Vec<u8>,
    /// A last change of the file before its bytes are signed.
    pub(crate) edit: fn(&mut Vec<u8>),
}

impl Forge {
    /// A good certification signature.
    pub(crate) fn new(identity: &Identity) -> Self {
        let signer = identity.signer(&SystemRandom::new()).unwrap();
        let mut certificates = identity.issuers().to_vec();
        certificates.push(identity.leaf().clone());
        Self::with_key(Box::new(signer), identity.leaf(), certificates)
    }

    /// A good certification signature with a key of any kind.
    pub(crate) fn with_key(
        signer: Box<dyn Signer>,
        leaf: &Certificate,
        certificates: Vec<Certificate>,
    ) -> Self {
        let algorithm = signer.algorithm();
        let digest = algorithm.digest().unwrap();
        let null = der::null();
        let parameters = algorithm.is_rsa_pkcs1().then_some(null.as_slice());
        Self {
            signature_identifier: der::algorithm_identifier(&algorithm.oid(), parameters),
            signer,
            leaf: leaf.clone(),
            certificates,
            signing_time: SIGNING,
            doc_mdp: Some(1),
            digest,
            digest_identifier: der::algorithm_identifier(&digest.oid(), None),
            attributes: vec![signing_certificate(leaf)],
            signer_count: 1,
            padding: Vec::new(),
            edit: |_| {},
        }
    }

    /// Signs a document.
    pub(crate) fn sign(&self, pdf: &[u8]) -> Vec<u8> {
        let dictionary = SignatureDictionary {
            signing_time: self.signing_time,
            reason: None,
            name: None,
            doc_mdp: self.doc_mdp,
            capacity: 8192,
        };
        let prepared = prepare_signature(pdf, &dictionary).unwrap();
        let mut file = prepared.embed(&[]).unwrap();
        (self.edit)(&mut file);
        let [first, second] = byte_range(&file);
        let digest = self.digest.digest_parts(&[&file[first], &file[second]]);
        let mut contents = self.message(&digest);
        contents.extend_from_slice(&self.padding);
        let place = last(&file, b"/Contents <") + b"/Contents <".len();
        for (index, byte) in contents.iter().enumerate() {
            let at = place + 2 * index;
            file[at..at + 2].copy_from_slice(format!("{byte:02x}").as_bytes());
        }
        file
    }

    /// The `ContentInfo` for a digest of the document.
    fn message(&self, digest: &[u8]) -> Vec<u8> {
        let mut attributes = vec![
            attribute(&CONTENT_TYPE, &der::oid(&DATA)),
            attribute(&MESSAGE_DIGEST, &der::octet_string(digest)),
        ];
        attributes.extend_from_slice(&self.attributes);
        let set = der::set_of(&attributes);
        let signature = self.signer.sign(&set).unwrap();
        let mut wire = set;
        wire[0] = Tag::context(0).0;
        let serial = der::tlv(Tag::INTEGER, self.leaf.serial().as_bytes());
        let signer_info = der::sequence(&[
            der::unsigned(1),
            der::sequence(&[self.leaf.issuer().as_der(), &serial]),
            self.digest_identifier.clone(),
            wire,
            self.signature_identifier.clone(),
            der::octet_string(&signature),
        ]);
        let certificates: Vec<_> = self.certificates.iter().map(Certificate::as_der).collect();
        let signed_data = der::sequence(&[
            der::unsigned(1),
            der::set_of(&[&self.digest_identifier]),
            der::sequence(&[der::oid(&DATA)]),
            der::context(0, &certificates.concat()),
            der::set_of(&vec![signer_info; self.signer_count]),
        ]);
        der::sequence(&[der::oid(&SIGNED_DATA), der::context(0, &signed_data)])
    }
}

/// An attribute with one value.
pub(crate) fn attribute(oid: &Oid, value: &[u8]) -> Vec<u8> {
    der::sequence(&[der::oid(oid), der::set_of(&[value])])
}

/// signing-certificate-v2 (RFC 5035 §3) with SHA-256.
pub(crate) fn signing_certificate(leaf: &Certificate) -> Vec<u8> {
    signing_certificates(&[leaf])
}

/// The same, which names the certificates of the path behind the signer's.
pub(crate) fn signing_certificates(path: &[&Certificate]) -> Vec<u8> {
    let identifier = |one: &&Certificate| der::sequence(&[der::octet_string(&one.sha256())]);
    let identifiers: Vec<_> = path.iter().map(identifier).collect();
    let value = der::sequence(&[der::sequence(&identifiers)]);
    attribute(&SIGNING_CERTIFICATE_V2, &value)
}

/// signing-time (RFC 5652 §11.3).
pub(crate) fn signing_time(time: OffsetDateTime) -> Vec<u8> {
    attribute(&SIGNING_TIME, &der::utc_time(time))
}

/// Writes something of the same length in place of where `old` stands last.
pub(crate) fn replace(file: &mut [u8], old: &[u8], new: &[u8]) {
    assert_eq!(old.len(), new.len());
    let at = last(file, old);
    file[at..at + old.len()].copy_from_slice(new);
}

/// Lets the last byte range of a file end earlier.
pub(crate) fn shorten_byte_range(file: &mut [u8], bytes: usize) {
    let [first, second] = byte_range(file);
    let at = last(file, BYTE_RANGE) + BYTE_RANGE.len();
    let end = position(file, b"]", at).unwrap();
    let length = second.len() - bytes;
    let text = format!("0 {} {} {length}", first.end, second.start);
    file[at..end].copy_from_slice(format!("{text:0$}", end - at).as_bytes());
}

/// The two ranges of the last signature of a file.
fn byte_range(file: &[u8]) -> [std::ops::Range<usize>; 2] {
    let at = last(file, BYTE_RANGE) + BYTE_RANGE.len();
    let end = position(file, b"]", at).unwrap();
    let text = std::str::from_utf8(&file[at..end]).unwrap();
    let numbers: Vec<usize> = text
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    [
        numbers[0]..numbers[0] + numbers[1],
        numbers[2]..numbers[2] + numbers[3],
    ]
}

fn last(file: &[u8], part: &[u8]) -> usize {
    file.windows(part.len())
        .rposition(|window| window == part)
        .unwrap()
}

const BYTE_RANGE: &[u8] = b"/ByteRange [";
const DATA: Oid = Oid::new("1.2.840.113549.1.7.1");
const SIGNED_DATA: Oid = Oid::new("1.2.840.113549.1.7.2");
const CONTENT_TYPE: Oid = Oid::new("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: Oid = Oid::new("1.2.840.113549.1.9.4");
const SIGNING_TIME: Oid = Oid::new("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE_V2: Oid = Oid::new("1.2.840.113549.1.9.16.2.47");
