//! Tokens for tests, right in everything but what a test spoils.

use rsa::pkcs8::EncodePublicKey;
use time::OffsetDateTime;

use crate::cms::MessageImprint;
use crate::crypto::DigestAlgorithm;
use crate::x509::Certificate;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Tag;
use crate::x509::oids;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::custom_extension;
use crate::x509::test_authority::extension;

pub(super) const STAMPED: &[u8] = b"signature value";
pub(super) const POLICY: Oid = Oid::new("1.2.398.3.3.2.6.1");

/// The parts of a token, each open to be spoilt before it is built.
pub(super) struct Forge {
    pub(super) imprint: MessageImprint,
    pub(super) gen_time: OffsetDateTime,
    /// What follows genTime.
    pub(super) rest: Vec<Vec<u8>>,
    pub(super) sid: Certificate,
    /// `ESSCertIDv2` of these; none leaves the attribute out.
    pub(super) named: Vec<Certificate>,
    pub(super) certificates: Vec<Certificate>,
    pub(super) signer_count: usize,
    pub(super) spoilt_signature: bool,
}

impl Forge {
    pub(super) fn new(authority: &Certificate, gen_time: OffsetDateTime) -> Self {
        Self {
            imprint: MessageImprint::of(STAMPED, DigestAlgorithm::Sha256),
            gen_time,
            rest: Vec::new(),
            sid: authority.clone(),
            named: vec![authority.clone()],
            certificates: vec![authority.clone()],
            signer_count: 1,
            spoilt_signature: false,
        }
    }

    /// The token in DER, signed by `signer`.
    pub(super) fn build(&self, signer: &TestAuthority) -> Vec<u8> {
        let algorithm = der::algorithm_identifier(&Oid::new("1.2.840.10045.4.3.2"), None);
        self.build_by(&algorithm, |message| signer.sign(message))
    }

    /// The same, signed by anybody with an algorithm that takes SHA-256.
    pub(super) fn build_by(&self, algorithm: &[u8], sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let info = self.tst_info();
        let digest = DigestAlgorithm::Sha256.digest(&info);
        let mut attributes = vec![
            attribute(CONTENT_TYPE, &der::oid(&TST_INFO)),
            attribute(MESSAGE_DIGEST, &der::octet_string(&digest)),
        ];
        if !self.named.is_empty() {
            let reference = |one: &Certificate| der::sequence(&[der::octet_string(&one.sha256())]);
            let references: Vec<_> = self.named.iter().map(reference).collect();
            let value = der::sequence(&[der::sequence(&references)]);
            attributes.push(attribute(SIGNING_CERTIFICATE_V2, &value));
        }
        let set = der::set_of(&attributes);
        let mut signature = sign(&set);
        if self.spoilt_signature {
            *signature.last_mut().unwrap() ^= 1;
        }
        let mut wire = set;
        wire[0] = Tag::context(0).0;
        let sha256 = der::algorithm_identifier(&DigestAlgorithm::Sha256.oid(), None);
        let serial = der::tlv(Tag::INTEGER, self.sid.serial().as_bytes());
        let signer_info = der::sequence(&[
            der::unsigned(1),
            der::sequence(&[self.sid.issuer().as_der(), &serial]),
            sha256.clone(),
            wire,
            algorithm.to_vec(),
            der::octet_string(&signature),
        ]);
        let content = der::context(0, &der::octet_string(&info));
        let certificates: Vec<_> = self.certificates.iter().map(Certificate::as_der).collect();
        let signed_data = der::sequence(&[
            der::unsigned(3),
            der::set_of(&[sha256]),
            der::sequence(&[der::oid(&TST_INFO), content]),
            der::context(0, &certificates.concat()),
            der::tlv(Tag::SET, &signer_info.repeat(self.signer_count)),
        ]);
        der::sequence(&[der::oid(&SIGNED_DATA), der::context(0, &signed_data)])
    }

    fn tst_info(&self) -> Vec<u8> {
        let mut fields = [
            der::unsigned(1),
            der::oid(&POLICY),
            self.imprint.to_der(),
            der::unsigned(7),
            der::generalized_time(self.gen_time),
        ]
        .concat();
        fields.extend(self.rest.concat());
        der::tlv(Tag::SEQUENCE, &fields)
    }
}

/// A time-stamping authority under `ca` with its key.
pub(super) fn authority(
    ca: &TestAuthority,
    change: impl FnOnce(&mut rcgen::CertificateParams),
) -> TestAuthority {
    ca.ca_with("TSA SERVICE", |params| {
        params.is_ca = rcgen::IsCa::ExplicitNoCa;
        params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
        params.custom_extensions = vec![purpose(true, &[TIME_STAMPING])];
        change(params);
    })
}

/// The certificate of a time-stamping authority under `ca` for an RSA key.
pub(super) fn rsa_certificate(ca: &TestAuthority, key: &rsa::PublicKey) -> Certificate {
    let other = authority(ca, |_| {}).certificate;
    let mut raw = ca.raw_certificate(&other, 3);
    let purposes = extension(
        oids::EXT_KEY_USAGE,
        true,
        &der::sequence(&[der::oid(&TIME_STAMPING)]),
    );
    let subject_key = [oids::SUBJECT_KEY_IDENTIFIER, oids::AUTHORITY_KEY_IDENTIFIER];
    let copied = subject_key.map(|oid| extension(oid, false, &other.extension(oid).unwrap().value));
    let all = der::sequence(&[&purposes[..], &copied[0], &copied[1]]);
    raw.after_algorithm[3] = key.to_public_key_der().unwrap().into_vec();
    raw.after_algorithm.push(der::context(3, &all));
    Certificate::from_der(&ca.sign_raw(&raw)).unwrap()
}

/// extKeyUsage.
pub(super) fn purpose(critical: bool, purposes: &[Oid]) -> rcgen::CustomExtension {
    let purposes: Vec<_> = purposes.iter().map(der::oid).collect();
    custom_extension(oids::EXT_KEY_USAGE, critical, &der::sequence(&purposes))
}

fn attribute(oid: Oid, value: &[u8]) -> Vec<u8> {
    der::sequence(&[der::oid(&oid), der::set_of(&[value])])
}

pub(super) const TIME_STAMPING: Oid = Oid::new("1.3.6.1.5.5.7.3.8");
const SIGNED_DATA: Oid = Oid::new("1.2.840.113549.1.7.2");
const TST_INFO: Oid = Oid::new("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: Oid = Oid::new("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: Oid = Oid::new("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: Oid = Oid::new("1.2.840.113549.1.9.16.2.47");
