use crate::pki::Budget;
use crate::pki::Error;
use crate::pki::Unit;
use crate::pki::name_syntax::is_host_name;
use crate::pki::name_syntax::is_mailbox;
use crate::pki::name_syntax::is_network;
use crate::x509::Certificate;
use crate::x509::GeneralName;
use crate::x509::NameConstraints;
use crate::x509::oids;

/// In which name spaces the certificates further down a path must lie: permitted_subtrees and
/// excluded_subtrees of RFC 5280 §6.1.2 b, c.
///
/// Instead of the intersection of all permitted subtrees, which has no form of its own, the
/// constraints of each authority are kept, and a name must keep them all.
#[derive(Clone, Debug, Default)]
pub(super) struct NameSpaces<'a> {
    all: Vec<Subtrees<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Subtrees<'a> {
    /// Where the authority stands that set them, `None` for the policy.
    authority: Option<usize>,
    permitted: &'a [GeneralName],
    excluded: &'a [GeneralName],
}

impl<'a> NameSpaces<'a> {
    /// initial-permitted-subtrees and initial-excluded-subtrees (§6.1.1 h, i).
    pub(super) fn new(permitted: &'a [GeneralName], excluded: &'a [GeneralName]) -> Self {
        let mut spaces = Self::default();
        spaces.add(None, permitted, excluded);
        spaces
    }

    /// Narrows them by those of a certificate (§6.1.4 g).
    pub(super) fn narrow(&mut self, authority: usize, constraints: &'a NameConstraints) {
        let NameConstraints {
            permitted,
            excluded,
        } = constraints;
        self.add(Some(authority), permitted, excluded);
    }

    /// Whether the subject and the alternative names of a certificate lie in them (§6.1.3 b, c).
    pub(super) fn check(
        &self,
        certificate: &Certificate,
        depth: usize,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        if self.all.is_empty() {
            return Ok(());
        }
        let of_subject = names_of_subject(certificate);
        let alternative = certificate.subject_alt_names().unwrap_or_default();
        for name in of_subject.iter().chain(alternative) {
            for subtrees in &self.all {
                let number = subtrees.permitted.len() + subtrees.excluded.len();
                budget.spend(Unit::Names, number)?;
                subtrees.check(name).map_err(|violation| {
                    let (name, certificate) = (Box::new(name.clone()), certificate.clone());
                    let authority = subtrees.authority;
                    match violation {
                        Violation::Unjudged => Error::NameNotJudged {
                            depth,
                            name,
                            authority,
                            certificate,
                        },
                        Violation::Excluded(subtree) => Error::NameConstraintViolated {
                            depth,
                            name,
                            subtree: Some(Box::new(subtree.clone())),
                            authority,
                            certificate,
                        },
                        Violation::NotPermitted => Error::NameConstraintViolated {
                            depth,
                            name,
                            subtree: None,
                            authority,
                            certificate,
                        },
                    }
                })?;
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        authority: Option<usize>,
        permitted: &'a [GeneralName],
        excluded: &'a [GeneralName],
    ) {
        if !permitted.is_empty() || !excluded.is_empty() {
            self.all.push(Subtrees {
                authority,
                permitted,
                excluded,
            });
        }
    }
}

enum Violation<'a> {
    /// The name, or a constraint of its form, is nothing that can be compared.
    Unjudged,
    Excluded(&'a GeneralName),
    NotPermitted,
}

impl<'a> Subtrees<'a> {
    fn check(&self, name: &GeneralName) -> Result<(), Violation<'a>> {
        for base in self.excluded.iter().filter(|base| same_form(name, base)) {
            if touches(name, base).ok_or(Violation::Unjudged)? {
                return Err(Violation::Excluded(base));
            }
        }
        let mut permitted = true;
        for base in self.permitted.iter().filter(|base| same_form(name, base)) {
            if is_within(name, base).ok_or(Violation::Unjudged)? {
                return Ok(());
            }
            permitted = false;
        }
        if permitted {
            Ok(())
        } else {
            Err(Violation::NotPermitted)
        }
    }
}

/// The subject where there is one, and its e-mail addresses. RFC 5280 binds the latter only in a
/// certificate without subjectAltName; here always, since they are shown all the same.
fn names_of_subject(certificate: &Certificate) -> Vec<GeneralName> {
    let subject = certificate.subject();
    if subject.is_empty() {
        return Vec::new();
    }
    let addresses = subject
        .attributes()
        .filter(|attribute| attribute.oid() == oids::EMAIL_ADDRESS)
        // What is no text is no address either, and no constraint permits it.
        .map(|address| GeneralName::Rfc822Name(address.text().unwrap_or_default().into()));
    let directory_name = GeneralName::DirectoryName(subject.clone());
    std::iter::once(directory_name).chain(addresses).collect()
}

/// Whether a constraint speaks about names like this one.
fn same_form(name: &GeneralName, base: &GeneralName) -> bool {
    match (name, base) {
        (
            GeneralName::OtherName { type_id: one, .. },
            GeneralName::OtherName { type_id: other, .. },
        ) => one == other,
        _ => std::mem::discriminant(name) == std::mem::discriminant(base),
    }
}

/// Whether some of what the name stands for lies in the subtree; `None` when it cannot be told.
fn touches(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    if let (GeneralName::DnsName(name), GeneralName::DnsName(base)) = (name, base)
        && let Some(domain) = name.strip_prefix("*.")
        && let Some((_, parent)) = base.split_once('.')
        && parent.eq_ignore_ascii_case(domain)
    {
        // The wildcard stands for the excluded name among others.
        return Some(true);
    }
    is_within(name, base)
}

/// Whether the name lies in the subtree (§4.2.1.10); `None` when it cannot be told: for a form whose
/// constraints the standard does not define, and for what is none of its form.
fn is_within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    match (name, base) {
        (GeneralName::DirectoryName(name), GeneralName::DirectoryName(base)) => {
            Some(name.is_within(base))
        }
        (GeneralName::DnsName(name), GeneralName::DnsName(base)) => is_dns_within(name, base),
        (GeneralName::Rfc822Name(name), GeneralName::Rfc822Name(base)) => {
            is_mailbox_within(name, base)
        }
        (GeneralName::Uri(name), GeneralName::Uri(base)) => is_host_within(host_of(name)?, base),
        (GeneralName::IpAddress(name), GeneralName::IpAddress(base)) => {
            is_address_within(name, base)
        }
        _ => None,
    }
}

/// The domain itself, and every name made by adding labels to its left; all under the empty one.
fn is_dns_within(name: &str, base: &str) -> Option<bool> {
    let host = name.strip_prefix("*.").unwrap_or(name);
    if !is_host_name(host) || !(base.is_empty() || is_host_name(base)) {
        return None;
    }
    Some(base.is_empty() || name.eq_ignore_ascii_case(base) || is_below(name, base))
}

/// A mailbox, all mailboxes of a host, or (with a leading period) those of all hosts of a domain.
/// The case of the part before the `@` counts (§7.5).
fn is_mailbox_within(name: &str, base: &str) -> Option<bool> {
    let (local, host) = mailbox(name)?;
    if base.contains('@') {
        let (base_local, base_host) = mailbox(base)?;
        return Some(local == base_local && host.eq_ignore_ascii_case(base_host));
    }
    // An address in the place of the host lies under none.
    is_host_name(host).then(|| is_host_within(host, base))?
}

/// A host, or (with a leading period) every host below a domain.
fn is_host_within(host: &str, base: &str) -> Option<bool> {
    match base.strip_prefix('.') {
        Some(domain) => is_host_name(domain).then(|| is_below(host, domain)),
        None => is_host_name(base).then(|| host.eq_ignore_ascii_case(base)),
    }
}

fn is_address_within(name: &[u8], base: &[u8]) -> Option<bool> {
    if !is_network(base) || !matches!(name.len(), 4 | 16) {
        return None;
    }
    let (network, mask) = base.split_at(base.len() / 2);
    let equal = |((name, network), mask): ((&u8, &u8), &u8)| name & mask == network & mask;
    Some(name.len() == network.len() && name.iter().zip(network).zip(mask).all(equal))
}

/// The two parts of a mailbox.
fn mailbox(text: &str) -> Option<(&str, &str)> {
    is_mailbox(text).then(|| text.rsplit_once('@'))?
}

/// The host name of a URI (RFC 3986 §3.2); none for one without authority, or with an address in its
/// place (§4.2.1.10), or that another reader could take for another host.
fn host_of(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once("://")?;
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let authority = rest.split(['/', '?', '#']).next()?;
    let in_authority = |byte: u8| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte);
    if !scheme.bytes().all(in_scheme) || !authority.bytes().all(in_authority) {
        return None;
    }
    let host_and_port = match authority.split_once('@') {
        Some((_, host)) => host,
        None => authority,
    };
    let host = match host_and_port.split_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        Some(_) => return None,
        None => host_and_port,
    };
    is_host_name(host).then_some(host)
}

/// Whether the name has further labels before the domain.
fn is_below(name: &str, domain: &str) -> bool {
    let Some(start) = name.len().checked_sub(domain.len() + 1) else {
        return false;
    };
    name.as_bytes()[start] == b'.'
        && name.as_bytes()[start + 1..].eq_ignore_ascii_case(domain.as_bytes())
}

#[cfg(test)]
mod tests {
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
}
