use super::covered;
use crate::pki::Budget;
use crate::pki::BudgetExceeded;
use crate::pki::Limits;
use crate::pki::Unit;
use crate::pki::Unusable;
use crate::pki::test_revocation::directory_name;
use crate::pki::test_revocation::flag;
use crate::pki::test_revocation::list_with;
use crate::pki::test_revocation::only_reasons;
use crate::pki::test_revocation::point;
use crate::pki::test_revocation::points;
use crate::pki::test_revocation::scope;
use crate::pki::test_revocation::uri;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::CrlReason;
use crate::x509::ReasonFlags;
use crate::x509::test_authority::TestAuthority;

#[test]
fn a_list_without_scope_covers_every_certificate_of_its_issuer() {
    let root = TestAuthority::root("Root");
    let list = list_of(&root, &[]);
    let all = Some(Ok(ReasonFlags::ALL));
    assert_eq!(ask(&list, &root.leaf("Leaf")), all);
    assert_eq!(ask(&list, &root.ca("CA").certificate), all);
    let with_point = leaf(&root, &[point(&[uri("http://a")], &[], &[])]);
    assert_eq!(ask(&list, &with_point), all);
}

#[test]
fn a_list_of_another_issuer_says_nothing() {
    let root = TestAuthority::root("Root");
    let other = TestAuthority::root("Other");
    assert_eq!(ask(&list_of(&other, &[]), &root.leaf("Leaf")), None);
}

#[test]
fn a_list_for_another_kind_of_certificate_covers_nothing() {
    let root = TestAuthority::root("Root");
    let (ca, leaf) = (root.ca("CA").certificate, root.leaf("Leaf"));
    for (number, of_ca, of_leaf) in [
        (1, Some(Unusable::OnlyUserCerts), None),
        (2, None, Some(Unusable::OnlyCaCerts)),
        (
            5,
            Some(Unusable::OnlyAttributeCerts),
            Some(Unusable::OnlyAttributeCerts),
        ),
    ] {
        let list = list_of(&root, &[scope(&[], &[flag(number)])]);
        let expected = |fact: Option<Unusable>| Some(fact.map_or(Ok(ReasonFlags::ALL), Err));
        assert_eq!(ask(&list, &ca), expected(of_ca), "{number}");
        assert_eq!(ask(&list, &leaf), expected(of_leaf), "{number}");
    }
}

#[test]
fn one_name_of_the_list_must_be_one_of_the_point() {
    let root = TestAuthority::root("Root");
    let [one, two, three] = ["http://a", "http://b", "http://c"].map(uri);
    let list = list_of(&root, &[scope(&[one, two.clone()], &[])]);
    let named = leaf(&root, &[point(&[three.clone(), two], &[], &[])]);
    assert_eq!(ask(&list, &named), Some(Ok(ReasonFlags::ALL)));
    let otherwise = leaf(&root, &[point(&[three], &[], &[])]);
    let expected = Some(Err(Unusable::OtherDistributionPoint));
    assert_eq!(ask(&list, &otherwise), expected);
    assert_eq!(ask(&list, &root.leaf("Without points")), expected);
}

#[test]
fn a_list_named_for_its_issuer_serves_a_certificate_without_points() {
    let root = TestAuthority::root("Root");
    let list = list_of(&root, &[scope(&[directory_name(&root.certificate)], &[])]);
    assert_eq!(ask(&list, &root.leaf("Leaf")), Some(Ok(ReasonFlags::ALL)));
}

#[test]
fn a_point_without_name_is_named_by_the_issuer_of_its_list() {
    let root = TestAuthority::root("Root");
    let other = TestAuthority::root("Other");
    let issuer = [directory_name(&other.certificate)];
    let leaf = leaf(&root, &[point(&[], &[], &issuer)]);
    let all = Some(Ok(ReasonFlags::ALL));
    let by_name = list_of(&other, &[scope(&issuer, &[flag(4)])]);
    assert_eq!(ask(&by_name, &leaf), all);
    let by_address = list_of(&other, &[scope(&[uri("http://a")], &[flag(4)])]);
    let expected = Some(Err(Unusable::OtherDistributionPoint));
    assert_eq!(ask(&by_address, &leaf), expected);
}

#[test]
fn who_is_named_in_the_certificate_must_say_that_the_list_is_indirect() {
    let root = TestAuthority::root("Root");
    let [other, third] = ["Other", "Third"].map(TestAuthority::root);
    let issuers = [&other, &third].map(|authority| directory_name(&authority.certificate));
    let leaf = leaf(&root, &[point(&[uri("http://a")], &[], &issuers)]);
    for authority in [&other, &third] {
        let indirect = list_of(authority, &[scope(&[], &[flag(4)])]);
        assert_eq!(ask(&indirect, &leaf), Some(Ok(ReasonFlags::ALL)));
        let expected = Some(Err(Unusable::NotIndirect));
        assert_eq!(ask(&list_of(authority, &[]), &leaf), expected);
    }
    // Beside those that it names, a certificate has the lists of its own issuer.
    let own = list_of(&root, &[]);
    assert_eq!(ask(&own, &leaf), Some(Ok(ReasonFlags::ALL)));
}

#[test]
fn the_reasons_of_a_list_and_of_its_point_must_both_allow() {
    let root = TestAuthority::root("Root");
    let name = [uri("http://a")];
    let key = ReasonFlags::of(CrlReason::KeyCompromise);
    let hold = ReasonFlags::of(CrlReason::CertificateHold);
    let (key_bits, hold_bits): (&[u8], &[u8]) = (&[6, 0x40], &[1, 0x02]);
    let both_bits: &[u8] = &[1, 0x42];
    for (of_list, of_point, expected) in [
        (both_bits, both_bits, Ok(key.union(hold))),
        (both_bits, key_bits, Ok(key)),
        (hold_bits, both_bits, Ok(hold)),
        (hold_bits, &[], Ok(hold)),
        (&[], key_bits, Ok(key)),
        (hold_bits, key_bits, Err(Unusable::OtherReasons)),
    ] {
        let mut fields = Vec::new();
        if !of_list.is_empty() {
            fields.push(only_reasons(of_list));
        }
        let list = list_of(&root, &[scope(&name, &fields)]);
        let leaf = leaf(&root, &[point(&name, of_point, &[])]);
        assert_eq!(
            ask(&list, &leaf),
            Some(expected),
            "{of_list:?} {of_point:?}"
        );
    }
}

#[test]
fn a_list_for_two_points_of_a_certificate_covers_the_reasons_of_both() {
    let root = TestAuthority::root("Root");
    let names = [uri("http://a"), uri("http://b")];
    let both = [
        point(&names[..1], &[6, 0x40], &[]),
        point(&names[1..], &[1, 0x02], &[]),
    ];
    let leaf = leaf(&root, &both);
    let list = list_of(&root, &[scope(&names, &[])]);
    let expected = [CrlReason::KeyCompromise, CrlReason::CertificateHold]
        .map(ReasonFlags::of)
        .into_iter()
        .fold(ReasonFlags::EMPTY, ReasonFlags::union);
    assert_eq!(ask(&list, &leaf), Some(Ok(expected)));
}

#[test]
fn many_names_cost_of_the_budget() {
    let root = TestAuthority::root("Root");
    let names: Vec<_> = (0..40)
        .map(|number| uri(&format!("http://{number}")))
        .collect();
    let list = list_of(&root, &[scope(&names[..20], &[])]);
    let leaf = leaf(&root, &[point(&names[20..], &[], &[])]);
    let mut limits = Limits::strict();
    limits.names = 399;
    assert_eq!(
        covered(&list, &leaf, &mut Budget::new(&limits)),
        Err(BudgetExceeded {
            unit: Unit::Names,
            limit: 399,
        })
    );
}

fn ask(list: &CertificateList, certificate: &Certificate) -> Option<Result<ReasonFlags, Unusable>> {
    covered(list, certificate, &mut Budget::new(&Limits::strict())).unwrap()
}

fn list_of(authority: &TestAuthority, extensions: &[Vec<u8>]) -> CertificateList {
    list_with(authority, &[], extensions)
}

fn leaf(authority: &TestAuthority, of_points: &[Vec<u8>]) -> Certificate {
    authority.leaf_with("Leaf", |leaf| {
        leaf.custom_extensions.push(points(of_points))
    })
}
