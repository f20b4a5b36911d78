//! Certificates as `rcgen` writes them, with the keys of this crate, so that its own random source
//! is never used.

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CrlDistributionPoint;
use rcgen::CustomExtension;
use rcgen::DistinguishedName;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::KeyIdMethod;
use rcgen::KeyUsagePurpose;
use rcgen::PublicKeyData;
use rcgen::SigningKey;

use crate::ca::Error;
use crate::ca::public_key;
use crate::ca::randomness::SharedSigner;
use crate::ca::specification::Specification;
use crate::ca::specification::SubjectType;
use crate::crypto::Oid;
use crate::x509::Extension;
use crate::x509::KeyUsage;

/// A private key that signs certificates.
pub(super) struct IssuerKey {
    signer: SharedSigner,
    algorithm: &'static rcgen::SignatureAlgorithm,
}

impl IssuerKey {
    /// # Errors
    ///
    /// When `rcgen` cannot name the algorithm of the key in a certificate.
    pub(super) fn new(signer: SharedSigner) -> Result<Self, Error> {
        let algorithm = public_key::algorithm_of(&*signer)?;
        Ok(Self { signer, algorithm })
    }
}

impl PublicKeyData for IssuerKey {
    fn der_bytes(&self) -> &[u8] {
        self.signer.subject_public_key()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.algorithm
    }
}

impl SigningKey for IssuerKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.signer
            .sign(message)
            .map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

impl Specification<'_> {
    /// The same for `rcgen`, as far as that can express it.
    pub(super) fn to_params(&self) -> Result<CertificateParams, Error> {
        let mut params = CertificateParams::default();
        params.serial_number = Some(rcgen::SerialNumber::from_slice(self.serial.as_bytes()));
        params.not_before = self.not_before;
        params.not_after = self.not_after;
        params.distinguished_name = DistinguishedName::new();
        for attribute in &self.subject {
            let (kind, value) = attribute.for_rcgen()?;
            params.distinguished_name.push(kind, value);
        }
        params.is_ca = match self.subject_type {
            SubjectType::Authority => IsCa::Ca(BasicConstraints::Unconstrained),
            SubjectType::EndEntity => IsCa::ExplicitNoCa,
        };
        params.use_authority_key_identifier_extension = true;
        params.key_usages = key_usages(self.key_usage.0);
        let purposes = self.purposes.0.iter();
        params.extended_key_usages = purposes
            .map(|oid| ExtendedKeyUsagePurpose::Other(arcs(*oid)))
            .collect();
        let lists = self.list.iter();
        params.crl_distribution_points = lists
            .map(|address| CrlDistributionPoint {
                uris: vec![address.clone()],
            })
            .collect();
        params.key_identifier_method = KeyIdMethod::PreSpecified(self.key_identifier.clone());
        params.custom_extensions = self.others.iter().map(custom_extension).collect();
        Ok(params)
    }
}

fn key_usages(usage: KeyUsage) -> Vec<KeyUsagePurpose> {
    let all = [
        (usage.digital_signature(), KeyUsagePurpose::DigitalSignature),
        (usage.non_repudiation(), KeyUsagePurpose::ContentCommitment),
        (usage.key_encipherment(), KeyUsagePurpose::KeyEncipherment),
        (usage.key_agreement(), KeyUsagePurpose::KeyAgreement),
        (usage.key_cert_sign(), KeyUsagePurpose::KeyCertSign),
        (usage.crl_sign(), KeyUsagePurpose::CrlSign),
    ];
    let used = all.into_iter().filter(|(used, _)| *used);
    used.map(|(_, purpose)| purpose).collect()
}

fn custom_extension(extension: &Extension) -> CustomExtension {
    let arcs = arcs(extension.oid);
    let mut custom = CustomExtension::from_oid_content(&arcs, extension.value.clone());
    custom.set_criticality(extension.critical);
    custom
}

pub(super) fn arcs(oid: Oid) -> Vec<u64> {
    let dotted = oid.to_string();
    dotted
        .split('.')
        .map(|arc| arc.parse().expect("arcs of constants are small numbers"))
        .collect()
}
