use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::TestRunner;

use super::GeneralName;
use super::is_within;
use super::touches;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::oids;

#[test]
fn a_domain_holds_itself_and_all_names_below_it() {
    for (name, base, expected) in [
        ("host.kz", "host.kz", Some(true)),
        ("HOST.kz", "host.KZ", Some(true)),
        ("a.b.host.kz", "host.kz", Some(true)),
        ("*.host.kz", "host.kz", Some(true)),
        ("myhost.kz", "host.kz", Some(false)),
        ("kz", "host.kz", Some(false)),
        ("*.kz", "host.kz", Some(false)),
        ("host.kz", "", Some(true)),
        ("host.kz", ".host.kz", None),
        ("host.kz", "*.kz", None),
        (".host.kz", "host.kz", None),
        ("host.kz.", "host.kz", None),
        ("", "host.kz", None),
        ("a..kz", "kz", None),
        ("a b.kz", "kz", None),
    ] {
        let (dns, of) = (dns(name), dns(base));
        assert_eq!(is_within(&dns, &of), expected, "{name} {base}");
    }
}

#[test]
fn a_wildcard_touches_what_it_may_stand_for() {
    for (name, base, expected) in [
        ("*.host.kz", "a.host.kz", Some(true)),
        ("*.host.kz", "host.kz", Some(true)),
        ("*.host.kz", "b.a.host.kz", Some(false)),
        ("*.host.kz", "a.other.kz", Some(false)),
    ] {
        assert_eq!(touches(&dns(name), &dns(base)), expected, "{name} {base}");
        let permits = base == "host.kz";
        assert_eq!(is_within(&dns(name), &dns(base)), Some(permits));
    }
}

#[test]
fn mailboxes_are_bound_by_address_host_or_domain() {
    for (name, base, expected) in [
        ("a@host.kz", "a@host.kz", Some(true)),
        ("a@HOST.kz", "a@host.kz", Some(true)),
        ("A@host.kz", "a@host.kz", Some(false)),
        ("a@host.kz", "host.kz", Some(true)),
        ("a@b.host.kz", "host.kz", Some(false)),
        ("a@b.host.kz", ".host.kz", Some(true)),
        ("a@host.kz", ".host.kz", Some(false)),
        ("*@host.kz", "*@host.kz", Some(true)),
        ("a@host.kz", "*@host.kz", Some(false)),
        ("\"a@b\"@host.kz", "host.kz", Some(true)),
        ("\"a\"@host.kz", "a@host.kz", Some(true)),
        ("a@host.kz", "\"\\a\"@host.kz", Some(true)),
        ("\"b\"@host.kz", "a@host.kz", Some(false)),
        ("a@b@host.kz", "host.kz", None),
        ("a@host.kz", "b@b@host.kz", None),
        ("host.kz", "host.kz", None),
        ("@host.kz", "host.kz", None),
        ("a@[10.0.0.1]", "host.kz", None),
        ("a@[10.0.0.1]", "a@[10.0.0.1]", Some(true)),
    ] {
        let mail = |text: &str| GeneralName::Rfc822Name(text.into());
        assert_eq!(
            is_within(&mail(name), &mail(base)),
            expected,
            "{name} {base}"
        );
    }
}

#[test]
fn mailboxes_beyond_ascii_are_bound_like_the_others() {
    for (name, base, expected) in [
        ("ә@host.kz", "host.kz", Some(true)),
        ("ә@b.host.kz", ".host.kz", Some(true)),
        ("ә@other.kz", "host.kz", Some(false)),
        ("ә@host.kz", "a@host.kz", Some(false)),
        ("a@host.kz", "host.kz", None),
        ("ә@әhost.kz", "host.kz", None),
    ] {
        let mailbox = GeneralName::OtherName {
            type_id: super::SMTP_UTF8_MAILBOX,
            value: der::utf8_string(name),
        };
        let base = GeneralName::Rfc822Name(base.into());
        assert!(super::same_form(&mailbox, &base));
        assert_eq!(is_within(&mailbox, &base), expected, "{name} {base:?}");
    }
}

#[test]
fn of_an_address_of_the_web_the_host_is_bound() {
    for (name, base, expected) in [
        ("http://host.kz/a", "host.kz", Some(true)),
        ("http://u:p@host.kz:80?q", "host.kz", Some(true)),
        ("ldap://a.host.kz#f", ".host.kz", Some(true)),
        ("http://a.host.kz", "host.kz", Some(false)),
        ("http://host.kz", ".host.kz", Some(false)),
        ("http://other.kz@host.kz", "other.kz", Some(false)),
        ("http://host.kz\\@other.kz", "other.kz", None),
        ("http://host.kz@a@other.kz", "other.kz", None),
        ("mailto:a@b.kz://host.kz", "host.kz", None),
        ("http://other.kz/@host.kz", "host.kz", Some(false)),
        ("http://10.0.0.1/", "host.kz", None),
        ("http://[::1]/", "host.kz", None),
        ("urn:host.kz", "host.kz", None),
        ("http:///host.kz", "host.kz", None),
        ("http://host.kz:a", "host.kz", None),
        ("http://host.kz", "http://host.kz", None),
        ("http://host.kz", "", None),
    ] {
        let uri = |text: &str| GeneralName::Uri(text.into());
        assert_eq!(is_within(&uri(name), &uri(base)), expected, "{name} {base}");
    }
}

#[test]
fn addresses_are_bound_by_their_network() {
    for (name, base, expected) in [
        (
            &[10, 1, 2, 3][..],
            &[10, 1, 0, 0, 255, 255, 0, 0][..],
            Some(true),
        ),
        (&[10, 2, 2, 3], &[10, 1, 0, 0, 255, 255, 0, 0], Some(false)),
        (
            &[10, 1, 255, 3],
            &[10, 1, 128, 0, 255, 255, 128, 0],
            Some(true),
        ),
        (&[0; 16], &[10, 1, 0, 0, 255, 255, 0, 0], Some(false)),
        (&[0; 16], &[0; 32], Some(true)),
        (&[10, 1, 2, 3], &[0; 8], Some(true)),
        (&[10, 1, 2, 3], &[10, 1, 0, 0, 255, 0, 255, 0], None),
        (&[10, 1, 2, 3], &[10, 1, 0, 0, 255, 253, 0, 0], None),
        (&[10, 1, 2, 3], &[10, 1, 0, 0], None),
        (&[10, 1, 2], &[10, 1, 0, 0, 255, 255, 0, 0], None),
        (
            &[10, 1, 2, 3, 255, 255, 255, 255],
            &[10, 1, 0, 0, 255, 255, 0, 0],
            None,
        ),
    ] {
        let ip = |octets: &[u8]| GeneralName::IpAddress(octets.to_vec());
        assert_eq!(
            is_within(&ip(name), &ip(base)),
            expected,
            "{name:?} {base:?}"
        );
    }
}

#[test]
fn a_directory_name_lies_under_those_that_it_continues() {
    let name = |names: &[&str]| {
        let relative = names.iter().map(|name| {
            let attribute = [der::oid(&oids::COMMON_NAME), der::utf8_string(name)];
            der::tlv(der::Tag::SET, &der::sequence(&attribute))
        });
        let relative: Vec<_> = relative.collect();
        GeneralName::DirectoryName(Name::from_der(&der::sequence(&relative)).unwrap())
    };
    assert_eq!(is_within(&name(&["a", "b"]), &name(&["A"])), Some(true));
    assert_eq!(is_within(&name(&["a"]), &name(&["a", "b"])), Some(false));
    assert_eq!(is_within(&name(&["a"]), &name(&[])), Some(true));
}

#[test]
fn forms_without_defined_constraints_are_not_judged() {
    let one = Oid::new("2.999.1");
    let other = |type_id| GeneralName::OtherName {
        type_id,
        value: Vec::new(),
    };
    assert_eq!(is_within(&other(one), &other(one)), None);
    assert!(super::same_form(&other(one), &other(one)));
    assert!(!super::same_form(&other(one), &other(Oid::new("2.999.2"))));
    let registered = GeneralName::RegisteredId(one);
    assert_eq!(is_within(&registered, &registered), None);
}

#[test]
fn no_text_and_no_octets_bring_it_down() {
    let text = "[-a.@:/\\*\"\u{e4}]{0,12}";
    let mut runner = TestRunner::default();
    let strategy = (text, text, vec(any::<u8>(), 0..33), vec(any::<u8>(), 0..33));
    runner
        .run(&strategy, |(name, base, address, network)| {
            for form in [
                GeneralName::DnsName,
                GeneralName::Rfc822Name,
                GeneralName::Uri,
            ] {
                let uri = form(format!("http://{name}"));
                touches(&uri, &form(base.clone()));
                touches(&form(name.clone()), &form(base.clone()));
            }
            let address = GeneralName::IpAddress(address);
            touches(&address, &GeneralName::IpAddress(network));
            Ok(())
        })
        .unwrap();
}

fn dns(text: &str) -> GeneralName {
    GeneralName::DnsName(text.into())
}
