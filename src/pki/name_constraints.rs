use std::borrow::Cow;

use crate::pki::Budget;
use crate::pki::Error;
use crate::pki::Unit;
use crate::pki::name_syntax::is_host_name;
use crate::pki::name_syntax::is_mailbox;
use crate::pki::name_syntax::is_network;
use crate::x509::Certificate;
use crate::x509::GeneralName;
use crate::x509::NameConstraints;
use crate::x509::Oid;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
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
                budget.spend(Unit::Bytes, number.saturating_mul(octets(name)))?;
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

/// How many octets of a name there are to be compared.
fn octets(name: &GeneralName) -> usize {
    match name {
        GeneralName::Rfc822Name(text) | GeneralName::DnsName(text) | GeneralName::Uri(text) => {
            text.len()
        }
        GeneralName::DirectoryName(name) => name.as_der().len(),
        GeneralName::OtherName { value, .. } => value.len(),
        _ => 0,
    }
}

/// Whether a constraint speaks about names like this one: those of mailboxes also about mailboxes
/// beyond ASCII (RFC 9598 §6).
fn same_form(name: &GeneralName, base: &GeneralName) -> bool {
    match (name, base) {
        (GeneralName::OtherName { type_id, .. }, GeneralName::Rfc822Name(_)) => {
            *type_id == SMTP_UTF8_MAILBOX
        }
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
        (GeneralName::OtherName { value, .. }, GeneralName::Rfc822Name(base)) => {
            is_wide_mailbox_within(value, base)
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
        let same_local = plain_local_part(local) == plain_local_part(base_local);
        return Some(same_local && host.eq_ignore_ascii_case(base_host));
    }
    // An address in the place of the host lies under none.
    is_host_name(host).then(|| is_host_within(host, base))?
}

/// A SmtpUTF8Mailbox: its local part is beyond ASCII and that of no Rfc822Name, its host an A-label
/// (RFC 9598 §3).
fn is_wide_mailbox_within(value: &[u8], base: &str) -> Option<bool> {
    let mut reader = Reader::der(value);
    let text = reader.expect(Tag::UTF8_STRING).ok()?.content;
    reader.finish().ok()?;
    let (local, host) = std::str::from_utf8(text).ok()?.rsplit_once('@')?;
    if local.is_ascii() || !is_host_name(host) {
        return None;
    }
    if base.contains('@') {
        return mailbox(base).map(|_| false);
    }
    is_host_within(host, base)
}

/// A local part as it is meant: quotes, and backslashes inside of them, say nothing (RFC 5321
/// §4.1.2).
fn plain_local_part(local: &str) -> Cow<'_, str> {
    let inside = local
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(inside) = inside else {
        return Cow::Borrowed(local);
    };
    let mut plain = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        let escaped = (character == '\\').then(|| characters.next()).flatten();
        plain.push(escaped.unwrap_or(character));
    }
    Cow::Owned(plain)
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

/// id-on-SmtpUTF8Mailbox.
const SMTP_UTF8_MAILBOX: Oid = Oid::new("1.3.6.1.5.5.7.8.9");

#[cfg(test)]
#[path = "name_constraints_tests.rs"]
mod tests;
