//! What the caller gives decides, and no file makes the check work without end.

use time::Duration;

use ruqsat::pdf::Limits;
use ruqsat::verify::Error;
use ruqsat::verify::Evidence;
use ruqsat::verify::Policy;
use ruqsat::verify::Status;
use ruqsat::verify::verify;

use crate::files::append;
use crate::files::catalog_with;
use crate::support::CHECKING;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::policy;
use crate::support::unsigned;

/// Asserts that a good file under a narrower policy is too complex, and nothing else.
#[track_caller]
fn assert_too_complex(narrow: impl FnOnce(&mut Policy<'_>)) {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let mut policy = policy();
    narrow(&mut policy);
    let report = verify(&file, &world.evidence(), &policy, CHECKING).unwrap();
    assert_verdict(&report, Status::Indeterminate, &["CHECK_LIMIT_REACHED"]);
    assert!(!report.is_unsigned());
}

#[test]
fn file_with_too_many_objects_is_not_judged() {
    assert_too_complex(|policy| policy.limits.objects = 100);
}

#[test]
fn file_with_too_many_revisions_is_not_judged() {
    assert_too_complex(|policy| policy.limits.revisions = 1);
}

#[test]
fn file_that_unpacks_to_too_much_is_not_judged() {
    assert_too_complex(|policy| policy.limits.decoded_bytes = 100);
}

/// What could not be looked at speaks for nothing: neither that it was changed nor that it was not.
#[test]
fn no_limit_makes_a_good_file_invalid() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let file = append(&file, &[catalog_with(&file, "")]);
    let evidence = world.evidence();
    let code = check(&file, &evidence).document.code.unwrap();
    let mut limits = Vec::new();
    for limit in std::iter::successors(Some(1_usize), |limit| Some(limit + limit.div_ceil(8))) {
        let everyday = Limits::default();
        limits.push(Limits {
            objects: limit,
            ..everyday
        });
        limits.push(Limits {
            decoded_bytes: limit,
            ..everyday
        });
        limits.push(Limits {
            depth: limit,
            ..everyday
        });
        if limit > everyday.objects {
            break;
        }
    }
    let mut found = Vec::new();
    for limits in limits {
        let policy = Policy { limits, ..policy() };
        let mut report = verify(&file, &evidence, &policy, CHECKING).unwrap();
        // Nor is its code another, when the data was not looked at.
        report.hold_against(&code);
        if report.status() != Status::Valid {
            assert_verdict(&report, Status::Indeterminate, &["CHECK_LIMIT_REACHED"]);
        }
        found.push(report.status());
    }
    assert!(found.contains(&Status::Valid) && found.contains(&Status::Indeterminate));
}

#[test]
fn file_with_more_signatures_than_anybody_gives_is_not_judged() {
    assert_too_complex(|policy| policy.limits.signatures = 0);
}

#[test]
fn path_that_takes_too_many_signatures_is_not_judged() {
    assert_too_complex(|policy| policy.path.limits.signatures = 1);
}

#[test]
fn more_lists_than_anybody_needs_are_not_read() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let mut evidence = world.evidence();
    let hours = (0..200).map(|hours| CHECKING - Duration::hours(hours));
    evidence.lists = hours.flat_map(|time| world.lists_of(time)).collect();
    let report = check(&file, &evidence);
    assert_verdict(&report, Status::Indeterminate, &["CHECK_LIMIT_REACHED"]);
}

#[test]
fn without_any_root_nothing_is_valid() {
    let mut world = World::new();
    let head = world.head();
    let file = world.sign(&unsigned(), &head).unwrap();
    let evidence = Evidence {
        lists: world.lists(),
        ..Evidence::default()
    };
    let report = check(&file, &evidence);
    assert_verdict(&report, Status::Invalid, &["TEST_CERTIFICATE"]);
}

#[test]
fn what_is_no_pdf_has_no_verdict() {
    let evidence = World::new().evidence();
    for file in [b"".as_slice(), b"hello", &unsigned()[..1000]] {
        let refused = verify(file, &evidence, &policy(), CHECKING);
        assert!(matches!(refused, Err(Error::Unreadable(_))));
    }
}
