//! What may be wrong with a certificate that the authority issues on purpose, for tests of those who
//! must refuse it.

use std::fmt;
use std::str::FromStr;

/// One thing that is wrong with a certificate; everything else in it is right.
///
/// ```
/// use ruqsat::ca::Defect;
///
/// let defect: Defect = "no-key-usage".parse()?;
/// assert_eq!(defect, Defect::NoKeyUsage);
/// assert_eq!(defect.sentence(), "The certificate does not say what its key may be used for.");
/// # Ok::<(), ruqsat::ca::UnknownDefect>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// `algorithm-mismatch`: the signed part names another signature algorithm than stands beside the signature.
    AlgorithmMismatch,
    /// `bad-bin`: the last digit of the BIN, by which the others are checked, is wrong.
    BadBin,
    /// `bad-iin`: the last digit of the IIN, by which the others are checked, is wrong.
    BadIin,
    /// `bad-signature`: one bit of the signature is changed.
    BadSignature,
    /// `ca-expired`: an authority below the issuing one issued it, and its certificate has expired.
    CaExpired,
    /// `ca-false`: an authority below the issuing one issued it, whose certificate says that it is none (CA:FALSE).
    CaFalse,
    /// `ca-no-basic-constraints`: an authority below the issuing one issued it, whose certificate does not say that it is one.
    CaNoBasicConstraints,
    /// `ca-no-key-cert-sign`: an authority below the issuing one issued it, whose key may not sign certificates.
    CaNoKeyCertSign,
    /// `ca-no-subject-key-identifier`: an authority below the issuing one issued it, whose certificate does not name its key.
    CaNoSubjectKeyIdentifier,
    /// `ca-version-1`: an authority below the issuing one issued it, whose certificate has version 1 and no extensions.
    CaVersion1,
    /// `ca-weak-key`: an authority below the issuing one issued it, with an RSA key of 1024 bits.
    CaWeakKey,
    /// `critical-key-identifier`: the key identifier is marked critical, which it must never be.
    CriticalKeyIdentifier,
    /// `duplicate-extension`: the key usage stands twice.
    DuplicateExtension,
    /// `empty-key-usage`: the key usage names no usage.
    EmptyKeyUsage,
    /// `expired`: the validity ended a day before the time asked for.
    Expired,
    /// `extensions-in-version-1`: the version is 1, which has no extensions, and there are some.
    ExtensionsInVersion1,
    /// `impostor`: root and issuing authority bear the names of the right ones and have other keys.
    Impostor,
    /// `key-cert-sign`: the key usage of a signer says that the key signs certificates.
    KeyCertSign,
    /// `key-usage-without-signing`: the key usage names agreement on keys alone, no signatures.
    KeyUsageWithoutSigning,
    /// `long-serial`: the serial number has 21 octets, one more than may be.
    LongSerial,
    /// `malformed-extension`: the content of the key usage is no string of bits.
    MalformedExtension,
    /// `negative-serial`: the serial number is negative.
    NegativeSerial,
    /// `no-authority-key-identifier`: the certificate does not name the key of its issuer.
    NoAuthorityKeyIdentifier,
    /// `no-bin`: the subject has an organisation without a BIN.
    NoBin,
    /// `no-iin`: the subject is a person without an IIN.
    NoIin,
    /// `no-key-usage`: the certificate does not say what its key may be used for.
    NoKeyUsage,
    /// `no-policy`: the certificate names no policy.
    NoPolicy,
    /// `no-role`: the extended key usage names no role.
    NoRole,
    /// `no-subject`: the subject is empty.
    NoSubject,
    /// `not-yet-valid`: the validity begins a year after the time asked for.
    NotYetValid,
    /// `outside-name-constraints`: an authority below the issuing one issued it, which may certify other names only.
    OutsideNameConstraints,
    /// `path-too-long`: two authorities stand below the issuing one, the first of which allows no second.
    PathTooLong,
    /// `placeless-distribution-point`: the address of the revocation list is empty.
    PlacelessDistributionPoint,
    /// `sha1-signature`: the signature is made with SHA-1.
    Sha1Signature,
    /// `unknown-critical-extension`: a critical extension stands in it that nobody knows.
    UnknownCriticalExtension,
    /// `unknown-version`: the version is 4, which does not exist.
    UnknownVersion,
    /// `weak-key`: the holder's key is an RSA key of 1024 bits.
    WeakKey,
    /// `wrong-issuer`: the issuer that it names does not exist.
    WrongIssuer,
    /// `wrong-policy`: the policy is none of the national authority's.
    WrongPolicy,
    /// `wrong-role`: the role is not the one asked for: a natural person, or an employee in place of one.
    WrongRole,
    /// `zero-serial`: the serial number is zero.
    ZeroSerial,
}

impl Defect {
    /// Every defect, in the order of the names.
    pub const ALL: [Self; 41] = [
        Self::AlgorithmMismatch,
        Self::BadBin,
        Self::BadIin,
        Self::BadSignature,
        Self::CaExpired,
        Self::CaFalse,
        Self::CaNoBasicConstraints,
        Self::CaNoKeyCertSign,
        Self::CaNoSubjectKeyIdentifier,
        Self::CaVersion1,
        Self::CaWeakKey,
        Self::CriticalKeyIdentifier,
        Self::DuplicateExtension,
        Self::EmptyKeyUsage,
        Self::Expired,
        Self::ExtensionsInVersion1,
        Self::Impostor,
        Self::KeyCertSign,
        Self::KeyUsageWithoutSigning,
        Self::LongSerial,
        Self::MalformedExtension,
        Self::NegativeSerial,
        Self::NoAuthorityKeyIdentifier,
        Self::NoBin,
        Self::NoIin,
        Self::NoKeyUsage,
        Self::NoPolicy,
        Self::NoRole,
        Self::NoSubject,
        Self::NotYetValid,
        Self::OutsideNameConstraints,
        Self::PathTooLong,
        Self::PlacelessDistributionPoint,
        Self::Sha1Signature,
        Self::UnknownCriticalExtension,
        Self::UnknownVersion,
        Self::WeakKey,
        Self::WrongIssuer,
        Self::WrongPolicy,
        Self::WrongRole,
        Self::ZeroSerial,
    ];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlgorithmMismatch => "algorithm-mismatch",
            Self::BadBin => "bad-bin",
            Self::BadIin => "bad-iin",
            Self::BadSignature => "bad-signature",
            Self::CaExpired => "ca-expired",
            Self::CaFalse => "ca-false",
            Self::CaNoBasicConstraints => "ca-no-basic-constraints",
            Self::CaNoKeyCertSign => "ca-no-key-cert-sign",
            Self::CaNoSubjectKeyIdentifier => "ca-no-subject-key-identifier",
            Self::CaVersion1 => "ca-version-1",
            Self::CaWeakKey => "ca-weak-key",
            Self::CriticalKeyIdentifier => "critical-key-identifier",
            Self::DuplicateExtension => "duplicate-extension",
            Self::EmptyKeyUsage => "empty-key-usage",
            Self::Expired => "expired",
            Self::ExtensionsInVersion1 => "extensions-in-version-1",
            Self::Impostor => "impostor",
            Self::KeyCertSign => "key-cert-sign",
            Self::KeyUsageWithoutSigning => "key-usage-without-signing",
            Self::LongSerial => "long-serial",
            Self::MalformedExtension => "malformed-extension",
            Self::NegativeSerial => "negative-serial",
            Self::NoAuthorityKeyIdentifier => "no-authority-key-identifier",
            Self::NoBin => "no-bin",
            Self::NoIin => "no-iin",
            Self::NoKeyUsage => "no-key-usage",
            Self::NoPolicy => "no-policy",
            Self::NoRole => "no-role",
            Self::NoSubject => "no-subject",
            Self::NotYetValid => "not-yet-valid",
            Self::OutsideNameConstraints => "outside-name-constraints",
            Self::PathTooLong => "path-too-long",
            Self::PlacelessDistributionPoint => "placeless-distribution-point",
            Self::Sha1Signature => "sha1-signature",
            Self::UnknownCriticalExtension => "unknown-critical-extension",
            Self::UnknownVersion => "unknown-version",
            Self::WeakKey => "weak-key",
            Self::WrongIssuer => "wrong-issuer",
            Self::WrongPolicy => "wrong-policy",
            Self::WrongRole => "wrong-role",
            Self::ZeroSerial => "zero-serial",
        }
    }

    /// What is wrong, in one sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::AlgorithmMismatch => {
                "The signed part names another signature algorithm than stands beside the signature."
            }
            Self::BadBin => "The last digit of the BIN, by which the others are checked, is wrong.",
            Self::BadIin => "The last digit of the IIN, by which the others are checked, is wrong.",
            Self::BadSignature => "One bit of the signature is changed.",
            Self::CaExpired => {
                "An authority below the issuing one issued it, and its certificate has expired."
            }
            Self::CaFalse => {
                "An authority below the issuing one issued it, whose certificate says that it is none (CA:FALSE)."
            }
            Self::CaNoBasicConstraints => {
                "An authority below the issuing one issued it, whose certificate does not say that it is one."
            }
            Self::CaNoKeyCertSign => {
                "An authority below the issuing one issued it, whose key may not sign certificates."
            }
            Self::CaNoSubjectKeyIdentifier => {
                "An authority below the issuing one issued it, whose certificate does not name its key."
            }
            Self::CaVersion1 => {
                "An authority below the issuing one issued it, whose certificate has version 1 and no extensions."
            }
            Self::CaWeakKey => {
                "An authority below the issuing one issued it, with an RSA key of 1024 bits."
            }
            Self::CriticalKeyIdentifier => {
                "The key identifier is marked critical, which it must never be."
            }
            Self::DuplicateExtension => "The key usage stands twice.",
            Self::EmptyKeyUsage => "The key usage names no usage.",
            Self::Expired => "The validity ended a day before the time asked for.",
            Self::ExtensionsInVersion1 => {
                "The version is 1, which has no extensions, and there are some."
            }
            Self::Impostor => {
                "Root and issuing authority bear the names of the right ones and have other keys."
            }
            Self::KeyCertSign => "The key usage of a signer says that the key signs certificates.",
            Self::KeyUsageWithoutSigning => {
                "The key usage names agreement on keys alone, no signatures."
            }
            Self::LongSerial => "The serial number has 21 octets, one more than may be.",
            Self::MalformedExtension => "The content of the key usage is no string of bits.",
            Self::NegativeSerial => "The serial number is negative.",
            Self::NoAuthorityKeyIdentifier => {
                "The certificate does not name the key of its issuer."
            }
            Self::NoBin => "The subject has an organisation without a BIN.",
            Self::NoIin => "The subject is a person without an IIN.",
            Self::NoKeyUsage => "The certificate does not say what its key may be used for.",
            Self::NoPolicy => "The certificate names no policy.",
            Self::NoRole => "The extended key usage names no role.",
            Self::NoSubject => "The subject is empty.",
            Self::NotYetValid => "The validity begins a year after the time asked for.",
            Self::OutsideNameConstraints => {
                "An authority below the issuing one issued it, which may certify other names only."
            }
            Self::PathTooLong => {
                "Two authorities stand below the issuing one, the first of which allows no second."
            }
            Self::PlacelessDistributionPoint => "The address of the revocation list is empty.",
            Self::Sha1Signature => "The signature is made with SHA-1.",
            Self::UnknownCriticalExtension => {
                "A critical extension stands in it that nobody knows."
            }
            Self::UnknownVersion => "The version is 4, which does not exist.",
            Self::WeakKey => "The holder's key is an RSA key of 1024 bits.",
            Self::WrongIssuer => "The issuer that it names does not exist.",
            Self::WrongPolicy => "The policy is none of the national authority's.",
            Self::WrongRole => {
                "The role is not the one asked for: a natural person, or an employee in place of one."
            }
            Self::ZeroSerial => "The serial number is zero.",
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Defect {
    type Err = UnknownDefect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|defect| defect.as_str() == name)
            .ok_or_else(|| UnknownDefect(name.to_owned()))
    }
}

/// No defect has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no defect is called {0:?}")]
pub struct UnknownDefect(String);

#[cfg(test)]
mod tests {
    use super::Defect;

    #[test]
    fn every_defect_is_read_by_its_name_and_stands_in_its_order() {
        for defect in Defect::ALL {
            assert_eq!(defect.to_string().parse(), Ok(defect));
            assert!(defect.sentence().ends_with('.'), "{defect}");
        }
        assert!(Defect::ALL.is_sorted_by_key(|defect| defect.as_str()));
        assert!("no-such-defect".parse::<Defect>().is_err());
    }
}
