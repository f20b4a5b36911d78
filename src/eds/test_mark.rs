//! Telling TEST authorities, whose certificates prove nothing, from real ones.

use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::oids;

/// Whether a root or issuing authority is one for tests: by its name, or by the extension
/// 2.999.370.1 alone.
pub fn is_test_authority(certificate: &Certificate) -> bool {
    certificate.extension(TEST_MARK).is_some() || is_test_name(certificate.subject())
}

/// Whether a name is that of an authority for tests: this project's, or a published one of the
/// national authority. For an issuer whose certificate is not at hand.
pub fn is_test_name(name: &Name) -> bool {
    let ours = [TEST_ROOT_NAME, TEST_ISSUING_NAME];
    name.attribute(oids::COMMON_NAME)
        .is_some_and(|common_name| ours.iter().chain(NATIONAL).any(|test| *test == common_name))
}

/// Common name of this project's TEST roots.
pub const TEST_ROOT_NAME: &str = "RUQSAT TEST ROOT – NOT FOR REAL DOCUMENTS";
/// Common name of this project's TEST issuing authorities.
pub const TEST_ISSUING_NAME: &str = "RUQSAT TEST CA – NOT FOR REAL DOCUMENTS";
/// The non-critical extension in the authorities' certificates of this project; its arc is the one
/// for examples (X.660 §A.7).
pub const TEST_MARK: Oid = Oid::new("2.999.370.1");

/// Common names of the published TEST roots and issuing authorities of the national authority.
const NATIONAL: &[&str] = &[
    "НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2022",
    "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2022",
    "ҰКО 3.0 (GOST TEST)",
    "ҰКО 3.0 (RSA TEST)",
    "НЕГІЗГІ КО TEST (GOST)",
    "НЕГІЗГІ КО TEST (RSA)",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::der;

    fn name(common_name: &str) -> Name {
        let attribute =
            der::sequence(&[der::oid(&oids::COMMON_NAME), der::utf8_string(common_name)]);
        Name::from_der(&der::sequence(&[der::set_of(&[attribute])])).unwrap()
    }

    #[test]
    fn names_of_test_authorities_are_known_exactly() {
        assert!(is_test_name(&name(
            "RUQSAT TEST CA – NOT FOR REAL DOCUMENTS"
        )));
        assert!(is_test_name(&name(
            "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) TEST 2022"
        )));
        assert!(!is_test_name(&name(
            "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022"
        )));
        assert!(!is_test_name(&name("RUQSAT TEST CA")));
    }
}
