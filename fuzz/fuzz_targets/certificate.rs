//! A certificate is read whole or not at all, and what is read of it agrees with itself.
#![no_main]

use libfuzzer_sys::fuzz_mutator;
use libfuzzer_sys::fuzz_target;
use ruqsat::crypto::Provider;
use ruqsat::x509::Certificate;
use ruqsat::x509::Name;
use ruqsat::x509::SerialNumber;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ruqsat_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    // Text that may hold several, however broken.
    let _ = Certificate::all_from_bytes(data);
    if let Ok(name) = Name::from_der(data) {
        same_again(&name);
    }
    let Ok(certificate) = Certificate::from_der(data) else {
        return;
    };
    assert_eq!(certificate.as_der(), data);
    assert!(Certificate::from_der(&[data, &[0]].concat()).is_err());
    assert!(Certificate::from_der(&data[..data.len() - 1]).is_err());
    let again = Certificate::from_pem(certificate.to_pem().as_bytes());
    assert_eq!(again.as_ref(), Ok(&certificate));

    same_again(certificate.subject());
    same_again(certificate.issuer());
    let self_issued = certificate.subject() == certificate.issuer();
    assert_eq!(certificate.is_self_issued(), self_issued);
    if self_issued {
        let _ = certificate.is_self_signed(&Provider);
    }
    assert!(matches!(certificate.version(), 1..=3));
    assert!(!certificate.serial().as_bytes().is_empty());
    serial(certificate.serial());
    assert!(contains(certificate.as_der(), certificate.tbs()));
    assert!(contains(certificate.tbs(), certificate.spki()));
    assert!(contains(
        certificate.spki(),
        certificate.subject_public_key_octets()
    ));
    let _ = certificate.signature_algorithm();
    let _ = certificate.subject_public_key();
    extensions(&certificate);
    let _ = format!("{certificate:?}");
});

/// A name that was read is read again as the same name, and lies in itself.
fn same_again(name: &Name) {
    assert_eq!(Name::from_der(name.as_der()).as_ref(), Ok(name));
    assert!(name.is_within(name));
    assert_eq!(name.is_empty(), name.attributes().next().is_none());
    for attribute in name.attributes() {
        let first = name
            .attributes()
            .find(|other| other.oid() == attribute.oid());
        assert_eq!(
            name.attribute(attribute.oid()),
            first.and_then(|first| first.text())
        );
    }
}

/// A serial number that is not negative is read again from its text.
fn serial(serial: &SerialNumber) {
    let again = serial.to_string().parse();
    if serial.as_bytes()[0] < 0x80 {
        assert_eq!(again.as_ref(), Ok(serial));
    }
}

/// Each extension is found by its name, and those that were understood stand in the list.
fn extensions(certificate: &Certificate) {
    for extension in certificate.extensions() {
        assert_eq!(certificate.extension(extension.oid), Some(extension));
    }
    for oid in certificate.unknown_critical_extensions() {
        assert!(
            certificate
                .extension(oid)
                .is_some_and(|extension| extension.critical)
        );
    }
    if let Some(purposes) = certificate.extended_key_usage() {
        assert!(!purposes.is_empty());
    }
    let understood = [
        certificate.subject_alt_names().is_some(),
        certificate.extended_key_usage().is_some(),
        certificate.key_usage().is_some(),
        certificate.basic_constraints().is_some(),
        certificate.name_constraints().is_some(),
        certificate.policy_constraints().is_some(),
        certificate.certificate_policies().is_some(),
        certificate.inhibit_any_policy().is_some(),
        certificate.subject_key_identifier().is_some(),
        certificate.authority_key_identifier().is_some(),
        !certificate.policy_mappings().is_empty(),
        !certificate.crl_distribution_points().is_empty(),
        !certificate.freshest_crl().is_empty(),
        !certificate.authority_info_access().is_empty(),
    ];
    let understood = understood.iter().filter(|is_there| **is_there).count();
    assert!(understood <= certificate.extensions().len());
}

fn contains(outer: &[u8], inner: &[u8]) -> bool {
    let (outer, inner) = (outer.as_ptr_range(), inner.as_ptr_range());
    outer.start <= inner.start && inner.end <= outer.end
}
