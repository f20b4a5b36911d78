use crate::x509::Certificate;

/// What a certificate's key usage says it is for, as the national authority sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateUse {
    /// Log-in: digitalSignature and keyEncipherment, without nonRepudiation.
    Authentication,
    /// Signing: digitalSignature and nonRepudiation. Other bits beside them, such as keyAgreement,
    /// do not matter.
    Signing,
    /// Neither, or no key usage at all.
    Unknown,
}

impl CertificateUse {
    /// Reads the key usage of a certificate.
    pub fn of(certificate: &Certificate) -> Self {
        let Some(usage) = certificate.key_usage() else {
            return Self::Unknown;
        };
        match (
            usage.digital_signature(),
            usage.non_repudiation(),
            usage.key_encipherment(),
        ) {
            (true, true, _) => Self::Signing,
            (true, false, true) => Self::Authentication,
            _ => Self::Unknown,
        }
    }
}
