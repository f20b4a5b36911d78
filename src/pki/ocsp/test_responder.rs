//! Responses for tests, right in everything but what a test spoils.

use time::Duration;
use time::OffsetDateTime;

use crate::crypto::DigestAlgorithm;
use crate::pki::ocsp::CertId;
use crate::pki::ocsp::CertStatus;
use crate::pki::ocsp::ResponderId;
use crate::pki::ocsp::oids;
use crate::x509::Certificate;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Tag;
use crate::x509::test_authority::NOW;
use crate::x509::test_authority::TestAuthority;
use crate::x509::test_authority::custom_extension;
use crate::x509::test_authority::extension;

/// The parts of a response, each open to be spoilt before it is built.
pub(crate) struct Forge {
    pub(crate) status: u8,
    pub(crate) response_type: Oid,
    pub(crate) version: Vec<u8>,
    pub(crate) responder_id: Vec<u8>,
    pub(crate) produced_at: OffsetDateTime,
    pub(crate) singles: Vec<Single>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) signature_algorithm: Oid,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) spoilt_signature: bool,
}

/// What is said about one certificate.
#[derive(Clone)]
pub(crate) struct Single {
    pub(crate) cert_id: Vec<u8>,
    pub(crate) status: Vec<u8>,
    pub(crate) this_update: OffsetDateTime,
    pub(crate) next_update: Option<OffsetDateTime>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Forge {
    /// "Good" for a certificate of `issuer`, said by the holder of `responder`, by key.
    pub(crate) fn good(
        certificate: &Certificate,
        issuer: &Certificate,
        responder: &Certificate,
    ) -> Self {
        Self {
            status: 0,
            response_type: oids::BASIC,
            version: Vec::new(),
            responder_id: by_key(responder),
            produced_at: NOW - Duration::MINUTE,
            singles: vec![Single {
                cert_id: CertId::new(certificate, issuer, DigestAlgorithm::Sha256).to_der(),
                status: good(),
                this_update: NOW - Duration::HOUR,
                next_update: Some(NOW + Duration::HOUR),
                extensions: Vec::new(),
            }],
            extensions: Vec::new(),
            signature_algorithm: Oid::new("1.2.840.10045.4.3.2"),
            certificates: vec![responder.as_der().to_vec()],
            spoilt_signature: false,
        }
    }

    /// The response in DER, signed by `signer`.
    pub(crate) fn build(&self, signer: &TestAuthority) -> Vec<u8> {
        let singles: Vec<_> = self.singles.iter().map(Single::build).collect();
        let mut fields = self.version.clone();
        fields.extend_from_slice(&self.responder_id);
        fields.extend(der::generalized_time(self.produced_at));
        fields.extend(der::sequence(&singles));
        if !self.extensions.is_empty() {
            fields.extend(der::context(1, &der::sequence(&self.extensions)));
        }
        let tbs = der::tlv(Tag::SEQUENCE, &fields);
        let mut signature = signer.sign(&tbs);
        if self.spoilt_signature {
            *signature.last_mut().unwrap() ^= 1;
        }
        let basic = der::sequence(&[
            tbs,
            der::algorithm_identifier(&self.signature_algorithm, None),
            der::bit_string(&signature),
            der::context(0, &der::sequence(&self.certificates)),
        ]);
        let bytes = der::sequence(&[der::oid(&self.response_type), der::octet_string(&basic)]);
        der::sequence(&[der::enumerated(self.status), der::context(0, &bytes)])
    }
}

impl Single {
    fn build(&self) -> Vec<u8> {
        let mut fields = [&self.cert_id[..], &self.status].concat();
        fields.extend(der::generalized_time(self.this_update));
        if let Some(next_update) = self.next_update {
            fields.extend(der::context(0, &der::generalized_time(next_update)));
        }
        if !self.extensions.is_empty() {
            fields.extend(der::context(1, &der::sequence(&self.extensions)));
        }
        der::tlv(Tag::SEQUENCE, &fields)
    }
}

pub(crate) fn good() -> Vec<u8> {
    CertStatus::Good.to_der()
}

pub(crate) fn unknown() -> Vec<u8> {
    CertStatus::Unknown.to_der()
}

pub(crate) fn revoked(time: OffsetDateTime, reason: Option<u8>) -> Vec<u8> {
    let mut info = der::generalized_time(time);
    if let Some(reason) = reason {
        info.extend(der::context(0, &der::enumerated(reason)));
    }
    der::context(1, &info)
}

pub(crate) fn by_key(certificate: &Certificate) -> Vec<u8> {
    ResponderId::by_key(certificate).to_der()
}

pub(crate) fn by_name(certificate: &Certificate) -> Vec<u8> {
    ResponderId::ByName(certificate.subject().clone()).to_der()
}

pub(crate) fn nonce(octets: &[u8]) -> Vec<u8> {
    extension(oids::NONCE, false, &der::octet_string(octets))
}

pub(crate) fn extended_revoke() -> Vec<u8> {
    extension(oids::EXTENDED_REVOKE, false, &der::null())
}

/// A delegate of an authority with its key.
pub(crate) fn delegate(
    authority: &TestAuthority,
    change: impl FnOnce(&mut rcgen::CertificateParams),
) -> TestAuthority {
    authority.ca_with("OCSP RESPONDER", |params| {
        params.is_ca = rcgen::IsCa::ExplicitNoCa;
        params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::OcspSigning];
        change(params);
    })
}

/// id-pkix-ocsp-nocheck for a delegate.
pub(crate) fn no_check(params: &mut rcgen::CertificateParams) {
    let extension = custom_extension(oids::NO_CHECK, false, &der::null());
    params.custom_extensions.push(extension);
}
