//! Authorities without the mark of a TEST, of any shape, for the rules that our own never breaks.

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CertificateRevocationListParams;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyIdMethod;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::SerialNumber;
use ring::rand::SystemRandom;
use ruqsat::eds::Role;
use ruqsat::keys::Identity;
use ruqsat::keys::PrivateKey;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use time::Duration;

use crate::support::CHECKING;
use crate::support::FOUNDING;
use crate::support::sample;

/// A certificate with its key, which may issue others whether it should or not.
pub(crate) struct OtherAuthority {
    pub(crate) certificate: Certificate,
    params: CertificateParams,
    pkcs8: Vec<u8>,
}

impl OtherAuthority {
    /// A self-signed root.
    pub(crate) fn root(name: &str) -> Self {
        Self::root_with(name, |_| {})
    }

    /// A self-signed root that differs in something.
    pub(crate) fn root_with(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = authority(name);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self::of(certificate.der(), params, &key)
    }

    /// An authority below this one.
    pub(crate) fn issuing(&self, name: &str) -> Self {
        self.issuing_with(name, |_| {})
    }

    /// An authority below this one that differs in something.
    pub(crate) fn issuing_with(
        &self,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        let mut params = authority(name);
        change(&mut params);
        self.issue(params)
    }

    /// The signer that the sample names, with the certificates above it but for the root.
    pub(crate) fn signer(&self) -> Identity {
        self.signer_with(|_| {})
    }

    /// The same with something different.
    pub(crate) fn signer_with(&self, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = head();
        change(&mut params);
        self.issue(params).identity(vec![self.certificate.clone()])
    }

    /// A signer whose key issues others.
    pub(crate) fn signer_that_issues(&self) -> Self {
        self.issue(head())
    }

    /// The empty list of this authority at the time of checking.
    pub(crate) fn list(&self) -> CertificateList {
        let params = CertificateRevocationListParams {
            this_update: CHECKING - Duration::minutes(1),
            next_update: CHECKING + Duration::days(1),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let issuer = Issuer::from_params(&self.params, self.key());
        CertificateList::from_der(params.signed_by(&issuer).unwrap().der()).unwrap()
    }

    fn issue(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&self.params, self.key());
        let certificate = params.signed_by(&key, &issuer).unwrap();
        Self::of(certificate.der(), params, &key)
    }

    fn of(der: &[u8], params: CertificateParams, key: &KeyPair) -> Self {
        Self {
            certificate: Certificate::from_der(der).unwrap(),
            params,
            pkcs8: key.serialize_der(),
        }
    }

    fn identity(&self, issuers: Vec<Certificate>) -> Identity {
        let key = PrivateKey::from_pkcs8(self.pkcs8.clone());
        Identity::new(key, self.certificate.clone(), issuers, &SystemRandom::new()).unwrap()
    }

    fn key(&self) -> KeyPair {
        KeyPair::try_from(self.pkcs8.as_slice()).unwrap()
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params.not_before = FOUNDING;
    params.not_after = FOUNDING + Duration::days(3650);
    params
}

/// The signer that the sample names, in the national profile.
fn head() -> CertificateParams {
    let permit = sample();
    let mut params = authority(&permit.signatory.name.kk);
    let name = &mut params.distinguished_name;
    let serial_number = format!("IIN{}", permit.signatory.iin);
    name.push(DnType::from_oid(&[2, 5, 4, 5]), serial_number);
    name.push(DnType::OrganizationName, permit.issuing_body.kk);
    let unit = format!("BIN{}", permit.issuing_body_bin);
    name.push(DnType::OrganizationalUnitName, unit);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
    ];
    let role = Role::Head.oid().to_string();
    let arcs = role.split('.').map(|arc| arc.parse().unwrap()).collect();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(arcs)];
    params.not_after = FOUNDING + Duration::days(365);
    params
}
