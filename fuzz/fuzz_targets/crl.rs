//! A list is read whole or not at all, and an entry is found as the walk finds it.
#![no_main]

use libfuzzer_sys::fuzz_mutator;
use libfuzzer_sys::fuzz_target;
use ruqsat::x509::CertificateList;
use ruqsat::x509::CrlReason;
use ruqsat::x509::Name;
use ruqsat::x509::SerialNumber;

/// Each look-up may walk the list, and the input decides how long it is.
const LOOKED_UP: usize = 100;

/// The end of the identifier of certificateIssuer (RFC 5280 §5.3.3).
const CERTIFICATE_ISSUER: [u8; 3] = [0x55, 0x1d, 0x1d];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ruqsat_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let _ = CertificateList::all_from_bytes(data);
    let Ok(list) = CertificateList::from_der(data) else {
        return;
    };
    assert_eq!(list.as_der(), data);
    assert_eq!(CertificateList::from_vec(data.to_vec()).as_ref(), Ok(&list));
    assert!(CertificateList::from_der(&[data, &[0]].concat()).is_err());
    assert!(CertificateList::from_der(&data[..data.len() - 1]).is_err());
    assert_eq!(
        Name::from_der(list.issuer().as_der()).as_ref(),
        Ok(list.issuer())
    );
    let _ = (list.this_update(), list.next_update(), list.crl_number());
    let _ = (
        list.authority_key_identifier(),
        list.scope(),
        list.signature_algorithm(),
    );
    let _ = (list.version(), list.base_crl_number(), list.freshest_crl());
    let _ = (list.extensions(), list.unknown_critical_extensions());
    let _ = format!("{list:?}");
    entries(&list);
});

fn entries(list: &CertificateList) {
    let entries: Vec<_> = list.entries().collect();
    // Entries of other issuers; a list that is not called indirect may have them too.
    let is_indirect = list
        .tbs()
        .windows(3)
        .any(|octets| octets == CERTIFICATE_ISSUER);
    for (serial, _) in entries.iter().take(LOOKED_UP) {
        let of_serial = || {
            entries
                .iter()
                .filter(|(other, _)| other == serial)
                .map(|(_, entry)| entry)
        };
        match list.find(serial) {
            // Of several entries the gravest is taken.
            Some(found) if !is_indirect => {
                assert!(of_serial().any(|entry| *entry == found));
                let gravest = of_serial().map(|entry| gravity(entry.reason)).max();
                assert_eq!(Some(gravity(found.reason)), gravest);
            }
            Some(found) => assert!(of_serial().any(|entry| *entry == found)),
            None => assert!(is_indirect, "{serial} stands in the list"),
        }
    }
    let absent = SerialNumber::from_magnitude(&[0x5a; 20]);
    if !entries.iter().any(|(serial, _)| *serial == absent) {
        assert_eq!(list.find(&absent), None);
    }
}

fn gravity(reason: Option<CrlReason>) -> u8 {
    match reason {
        Some(CrlReason::RemoveFromCrl) => 0,
        Some(CrlReason::CertificateHold) => 1,
        _ => 2,
    }
}
