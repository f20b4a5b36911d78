use crate::pki::VerifiedCertificateList;
use crate::pki::ocsp::OcspResponse;
use crate::x509::Certificate;
use crate::x509::CertificateList;

/// What is at hand to tell whether certificates were revoked. Nothing of it need be trusted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Revocation lists: complete, partial, indirect and delta ones, of any issuer.
    pub lists: &'a [CertificateList],
    /// Lists whose signatures were verified before, as [`NotRevoked::verified_lists`] hands them
    /// out. Their signatures are not verified again; everything else is asked anew.
    ///
    /// [`NotRevoked::verified_lists`]: crate::pki::NotRevoked::verified_lists
    pub verified_lists: &'a [VerifiedCertificateList],
    /// OCSP responses.
    pub responses: &'a [OcspResponse],
    /// Certificates among which those of separate list signers and responders may be.
    pub certificates: &'a [Certificate],
}
