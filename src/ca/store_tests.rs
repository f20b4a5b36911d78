use time::Duration;
use time::macros::datetime;

use super::*;
use crate::ca::Request;
use crate::eds::CertificateUse;
use crate::eds::Role;

const NOW: OffsetDateTime = datetime!(2026-11-24 09:00 UTC);

/// A folder of its own for each test, removed when the test passes.
struct Folder(PathBuf);

impl Folder {
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
        Store::init(&self.0, Existing::Keep, NOW, &SystemRandom::new()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

fn request() -> Request {
    Request {
        role: Role::Individual,
        name: "Ким Олег".parse().unwrap(),
        iin: "850214300129".parse().unwrap(),
        organisation: None,
        usage: CertificateUse::Signing,
        not_before: NOW,
        not_after: None,
    }
}

fn issue(store: &Store) -> SerialNumber {
    let identity = store.issue(&request(), &SystemRandom::new()).unwrap();
    identity.leaf().serial().clone()
}

fn revoke(store: &Store, serial: &SerialNumber) -> Result<(), Error> {
    store.revoke(
        serial,
        CrlReason::KeyCompromise,
        NOW,
        NOW,
        &SystemRandom::new(),
    )
}

fn list(store: &Store) -> CertificateList {
    CertificateList::from_der(&store.read(ISSUING_LIST).unwrap()).unwrap()
}

#[test]
fn authority_is_read_as_it_was_made() {
    let folder = Folder::new("read");
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
    assert_eq!(again.revoked(), [expected]);
    assert_eq!(again.list_number(), 2);
}

#[test]
fn existing_authority_is_replaced_only_when_asked() {
    let folder = Folder::new("exists");
    let store = folder.init();
    let serial = issue(&store);
    let root = store.authority().unwrap().root().clone();
    let rng = SystemRandom::new();
    let refused = Store::init(&folder.0, Existing::Keep, NOW, &rng);
    assert!(matches!(refused, Err(Error::Exists { .. })));
    assert_eq!(store.authority().unwrap().root(), &root);

    Store::init(&folder.0, Existing::Replace, NOW, &rng).unwrap();
    assert_ne!(store.authority().unwrap().root(), &root);
    assert!(matches!(
        revoke(&store, &serial),
        Err(Error::UnknownSerial(_))
    ));
}

#[test]
fn folder_without_authority_is_not_opened() {
    let folder = Folder::new("empty");
    fs::create_dir_all(&folder.0).unwrap();
    assert!(matches!(Store::open(&folder.0), Err(Error::Io { .. })));
}

#[cfg(unix)]
#[test]
fn keys_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new("permissions");
    let store = folder.init();
    for (name, expected) in [(PRIVATE, 0o700), (ROOT_KEY, 0o600), (ISSUING_KEY, 0o600)] {
        let mode = fs::metadata(store.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, expected, "{name}");
    }
}

#[test]
fn revocation_that_was_killed_before_its_list_is_finished_by_the_next_command() {
    let folder = Folder::new("killed");
    let store = folder.init();
    let (first, second) = (issue(&store), issue(&store));
    let before = store.read(ISSUING_LIST).unwrap();
    revoke(&store, &first).unwrap();
    // The state was written, the list not yet.
    store.write(ISSUING_LIST, &before).unwrap();
    assert!(matches!(
        revoke(&store, &first),
        Err(Error::AlreadyRevoked { .. })
    ));
    assert!(list(&store).find(&first).is_some());

    store.write(ISSUING_LIST, b"half a li").unwrap();
    revoke(&store, &second).unwrap();
    assert!(list(&store).find(&first).is_some() && list(&store).find(&second).is_some());
}

#[test]
fn revocations_at_the_same_time_are_all_kept() {
    let folder = Folder::new("parallel");
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
    let folder = Folder::new("renewed");
    let store = folder.init();
    let later = NOW + Duration::days(30);
    store.renew_lists(later, &SystemRandom::new()).unwrap();
    assert_eq!(list(&store).crl_number(), Some(&[2][..]));
    assert_eq!(list(&store).this_update(), later);
}

#[test]
fn damaged_state_is_named() {
    let folder = Folder::new("damaged");
    let store = folder.init();
    store
        .write(STATE, b"{\"list_number\": 1, \"revoked\": [{}]}")
        .unwrap();
    let Err(Error::State { path, .. }) = store.authority() else {
        panic!("a damaged state was read");
    };
    assert!(path.ends_with(STATE));
}
