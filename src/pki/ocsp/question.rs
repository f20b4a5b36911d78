use crate::pki::ocsp::CertId;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::Nonce;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::SerialNumber;

/// What is asked of a response: the status of one certificate of one issuer.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    serial: &'a SerialNumber,
    issuer_name: &'a Name,
    issuer: &'a Certificate,
    nonce: Option<&'a Nonce>,
}

impl<'a> Question<'a> {
    /// About a certificate of `issuer`. That the issuer's key signed it is proven elsewhere.
    pub fn about(certificate: &'a Certificate, issuer: &'a Certificate) -> Self {
        Self {
            serial: certificate.serial(),
            issuer_name: certificate.issuer(),
            issuer,
            nonce: None,
        }
    }

    /// About the certificate of this number from `issuer`, which need not be at hand.
    pub fn about_number(serial: &'a SerialNumber, issuer: &'a Certificate) -> Self {
        Self {
            serial,
            issuer_name: issuer.subject(),
            issuer,
            nonce: None,
        }
    }

    /// The same, sent with a nonce: the response must bring it back.
    pub fn with_nonce(self, nonce: &'a Nonce) -> Self {
        Self {
            nonce: Some(nonce),
            ..self
        }
    }

    /// The number of the certificate.
    pub fn serial(&self) -> &'a SerialNumber {
        self.serial
    }

    /// Who issued it.
    pub fn issuer(&self) -> &'a Certificate {
        self.issuer
    }

    /// The nonce that was sent.
    pub fn nonce(&self) -> Option<&'a Nonce> {
        self.nonce
    }

    /// Whether the certificate is the one meant.
    pub(super) fn is_about(&self, cert_id: &CertId) -> Result<(), Error> {
        cert_id.check(self.serial, self.issuer_name, self.issuer)
    }
}
