use std::collections::BTreeMap;
use std::path::PathBuf;

use ring::rand::SystemRandom;
use time::Duration;
use time::macros::datetime;

use super::*;
use crate::ca::Request;
use crate::ca::Revocation;
use crate::ca::store::contents::ISSUING_KEY;
use crate::ca::store::contents::ROOT_KEY;
use crate::ca::store::contents::STATE;
use crate::ca::store::folder::PRIVATE;
use crate::ca::test_request::individual;
use crate::x509::CertificateList;

const NOW: OffsetDateTime = datetime!(2026-11-24 09:00 UTC);

/// A folder of its own for each test, removed when the test passes.
struct TestFolder(PathBuf);

impl TestFolder {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/ca-store")
            .join(test);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        Self(folder)
    }

    fn init(&self) -> Store {
        init(&self.0, Existing::Keep).unwrap()
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

fn init(folder: &Path, existing: Existing) -> Result<Store, Error> {
    let randomness = Randomness::System(SystemRandom::new());
    Store::init(folder, existing, &Founding::at(NOW), randomness)
}

fn request() -> Request {
    individual(NOW)
}

fn issue(store: &Store) -> SerialNumber {
    let identity = store.issue(&request()).unwrap();
    identity.leaf().serial().clone()
}

fn revoke(store: &Store, serial: &SerialNumber) -> Result<(), Error> {
    store.revoke(
        serial,
        CrlReason::KeyCompromise,
        NOW,
        ListKind::Complete,
        NOW,
    )
}

fn hold(store: &Store, serial: &SerialNumber) -> Result<(), Error> {
    let reason = CrlReason::CertificateHold;
    store.revoke(serial, reason, NOW, ListKind::Delta, NOW)
}

fn delta_list(store: &Store) -> CertificateList {
    CertificateList::from_der(&store.folder.read("crl/ca-delta.crl").unwrap()).unwrap()
}

fn list(store: &Store) -> CertificateList {
    CertificateList::from_der(&store.folder.read("crl/ca.crl").unwrap()).unwrap()
}

#[test]
fn authority_is_read_as_it_was_made() {
    let folder = TestFolder::new("read");
    let store = folder.init();
    let serial = issue(&store);
    assert_eq!(list(&store).find(&serial), None);
    revoke(&store, &serial).unwrap();
    let entry = list(&store).find(&serial).unwrap();
    assert_eq!(entry.reason, Some(CrlReason::KeyCompromise));

    let again = Store::open(&folder.0).unwrap().authority().unwrap();
    let expected = Revocation {
        serial,
        at: NOW,
        reason: CrlReason::KeyCompromise,
    };
    assert!(again.revoked().eq([&expected]));
    assert_eq!(again.memory().list_number, 2);
}

#[test]
fn existing_authority_is_replaced_only_when_asked() {
    let folder = TestFolder::new("exists");
    let store = folder.init();
    let serial = issue(&store);
    let root = store.authority().unwrap().root().clone();
    let refused = init(&folder.0, Existing::Keep);
    assert!(matches!(refused, Err(Error::Exists { .. })));
    assert_eq!(store.authority().unwrap().root(), &root);

    init(&folder.0, Existing::Replace).unwrap();
    assert_ne!(store.authority().unwrap().root(), &root);
    assert!(matches!(
        revoke(&store, &serial),
        Err(Error::UnknownSerial(_))
    ));
}

#[test]
fn folder_without_authority_is_not_opened() {
    let folder = TestFolder::new("empty");
    fs::create_dir_all(&folder.0).unwrap();
    assert!(matches!(Store::open(&folder.0), Err(Error::Io { .. })));
}

#[cfg(unix)]
#[test]
fn keys_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TestFolder::new("permissions");
    let store = folder.init();
    for (name, expected) in [(PRIVATE, 0o700), (ROOT_KEY, 0o600), (ISSUING_KEY, 0o600)] {
        let mode = fs::metadata(store.folder.path(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, expected, "{name}");
    }
}

#[test]
fn revocation_that_was_killed_before_its_list_is_finished_by_the_next_command() {
    let folder = TestFolder::new("killed");
    let store = folder.init();
    let (first, second) = (issue(&store), issue(&store));
    let before = store.folder.read("crl/ca.crl").unwrap();
    revoke(&store, &first).unwrap();
    // The state was written, the list not yet.
    store.folder.write("crl/ca.crl", &before).unwrap();
    assert!(matches!(
        revoke(&store, &first),
        Err(Error::AlreadyRevoked { .. })
    ));
    assert!(list(&store).find(&first).is_some());

    store.folder.write("crl/ca.crl", b"half a li").unwrap();
    revoke(&store, &second).unwrap();
    assert!(list(&store).find(&first).is_some() && list(&store).find(&second).is_some());
}

#[test]
fn revocations_at_the_same_time_are_all_kept() {
    let folder = TestFolder::new("parallel");
    let store = folder.init();
    let serials: Vec<_> = (0..8).map(|_| issue(&store)).collect();
    std::thread::scope(|scope| {
        for serial in &serials {
            let store = &store;
            scope.spawn(move || revoke(store, serial).unwrap());
        }
    });
    assert!(
        serials
            .iter()
            .all(|serial| list(&store).find(serial).is_some())
    );
    assert_eq!(list(&store).crl_number(), Some(&[9][..]));
}

#[test]
fn renewed_lists_have_the_next_number_and_a_later_end() {
    let folder = TestFolder::new("renewed");
    let store = folder.init();
    let later = NOW + Duration::days(30);
    store.renew_lists(ListKind::Complete, later, None).unwrap();
    assert_eq!(list(&store).crl_number(), Some(&[2][..]));
    assert_eq!(list(&store).this_update(), later);
}

#[test]
fn delta_lists_stand_beside_the_complete_ones_and_are_renewed_with_these() {
    let folder = TestFolder::new("delta");
    let store = folder.init();
    let serial = issue(&store);
    let complete = store.folder.read("crl/ca.crl").unwrap();
    let later = NOW + Duration::HOUR;
    hold(&store, &serial).unwrap();
    let delta = delta_list(&store);
    assert!(delta.find(&serial).is_some());
    assert_eq!(store.folder.read("crl/ca.crl").unwrap(), complete);
    store
        .release(&serial, later, ListKind::Delta, later)
        .unwrap();
    let entry = delta_list(&store).find(&serial).unwrap();
    assert_eq!(entry.reason, Some(CrlReason::RemoveFromCrl));
    let number = store.renew_lists(ListKind::Complete, later, None).unwrap();
    assert_eq!(number, 4);
    assert_eq!(list(&store).find(&serial), None);
    let beside = delta_list(&store);
    assert_eq!(beside.crl_number(), Some(&[4][..]));
    assert_eq!(beside.base_crl_number(), Some(&[4][..]));
    store.renew_lists(ListKind::Delta, later, None).unwrap();
    assert_eq!(delta_list(&store).base_crl_number(), Some(&[4][..]));
    assert_eq!(delta_list(&store).find(&serial), None);
}

#[test]
fn hold_that_was_killed_before_its_delta_list_is_finished_by_the_next_command() {
    let folder = TestFolder::new("killed-delta");
    let store = folder.init();
    let (first, second) = (issue(&store), issue(&store));
    hold(&store, &first).unwrap();
    let before = store.folder.read("crl/ca-delta.crl").unwrap();
    hold(&store, &second).unwrap();
    // The state was written, the delta list not yet.
    store.folder.write("crl/ca-delta.crl", &before).unwrap();
    assert!(matches!(
        hold(&store, &second),
        Err(Error::AlreadyHeld { .. })
    ));
    assert!(list(&store).find(&first).is_some() && list(&store).find(&second).is_some());
    assert_eq!(delta_list(&store).crl_number(), list(&store).crl_number());

    // A complete list was written, but not the delta list beside it.
    store.folder.write("crl/ca-delta.crl", &before).unwrap();
    store.renew_lists(ListKind::Delta, NOW, None).unwrap();
    assert_eq!(delta_list(&store).base_crl_number(), Some(&[5][..]));
}

#[test]
fn status_is_that_of_the_time_asked_for() {
    let folder = TestFolder::new("status");
    let store = folder.init();
    let serial = issue(&store);
    let status = |at| store.certificate(&serial, at).unwrap().1;
    let (from, until) = (NOW, datetime!(2027-11-24 09:00 UTC));
    assert_eq!(status(NOW), Status::Valid { until });
    assert_eq!(status(until), Status::Valid { until });
    let (before, after) = (NOW - Duration::SECOND, until + Duration::SECOND);
    assert_eq!(status(before), Status::NotYetValid { from });
    assert_eq!(status(after), Status::Expired { since: until });
    hold(&store, &serial).unwrap();
    assert_eq!(status(NOW), Status::Held { since: NOW });
    assert_eq!(status(before), Status::NotYetValid { from });
    revoke(&store, &serial).unwrap();
    let reason = CrlReason::KeyCompromise;
    assert_eq!(status(after), Status::Revoked { since: NOW, reason });
    let all = store.certificates(after).unwrap();
    let authority = store.authority().unwrap();
    let own = [
        authority.issuing(),
        authority.responder(),
        authority.time_stamping(),
    ];
    let serials: Vec<_> = all
        .iter()
        .map(|(certificate, _)| certificate.serial())
        .collect();
    assert_eq!(serials[..3], own.map(Certificate::serial));
    assert_eq!((serials.len(), serials[3]), (4, &serial));
    assert_eq!(all[3].1, status(after));
    let responder = store.certificate(own[1].serial(), after).unwrap().1;
    assert_eq!(responder, Status::Expired { since: until });
    let unknown = store.certificate(&SerialNumber::from_magnitude(&[1]), NOW);
    assert!(matches!(unknown, Err(Error::UnknownSerial(_))));
}

#[test]
fn folder_of_an_earlier_version_is_refused() {
    let folder = TestFolder::new("earlier-version");
    let store = folder.init();
    store.folder.remove(TIME_STAMPING).unwrap();
    let refused = Store::open(&folder.0);
    assert!(matches!(refused, Err(Error::EarlierVersion { .. })));
}

#[test]
fn seeded_folder_is_the_same_to_the_octet_however_its_work_is_divided() {
    let contents = |test, parts: &[usize]| {
        let folder = TestFolder::new(test);
        let founding = Founding::at(NOW);
        let seeded = Randomness::seeded(7);
        let mut store = Store::init(&folder.0, Existing::Keep, &founding, seeded).unwrap();
        for issued in parts {
            let serials: Vec<_> = (0..*issued).map(|_| issue(&store)).collect();
            store = Store::open(&folder.0).unwrap();
            revoke(&store, &serials[0]).unwrap();
        }
        contents(&folder.0)
    };
    let one = contents("seeded-one", &[2, 1]);
    assert_eq!(one, contents("seeded-other", &[2, 1]));
    assert!(one.keys().any(|name| name == "private/seed"));
}

#[test]
fn what_was_drawn_for_a_certificate_that_a_crash_lost_is_not_drawn_again() {
    let folder = TestFolder::new("seeded-crash");
    let (founding, seeded) = (Founding::at(NOW), Randomness::seeded(7));
    let store = Store::init(&folder.0, Existing::Keep, &founding, seeded).unwrap();
    let lost = issue(&store);
    store.folder.remove(&issued_name(&lost)).unwrap();
    assert_ne!(issue(&store), lost);
}

/// Every file of a folder but its lock.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut contents = BTreeMap::new();
    for inner in ["", "crl", "issued", "private"] {
        for entry in fs::read_dir(folder.join(inner)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && !path.ends_with("lock") {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                contents.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    contents
}

#[test]
fn damaged_state_is_named() {
    let folder = TestFolder::new("damaged");
    let store = folder.init();
    store
        .folder
        .write(STATE, b"{\"list_number\": 1, \"revoked\": [{}]}")
        .unwrap();
    let Err(Error::State { path, .. }) = store.authority() else {
        panic!("a damaged state was read");
    };
    assert!(path.ends_with(STATE));
}
