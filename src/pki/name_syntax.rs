//! What names in certificates may look like.

/// Whether a DNS name has the "preferred name syntax" (RFC 1034 §3.5, with the digits of RFC 1123
/// §2.1): labels of letters, digits and inner hyphens, the last one not a number, as in an address.
pub(super) fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.split('.').all(is_label)
        && !last.bytes().all(|octet| octet.is_ascii_digit())
}

/// Whether an address is a Mailbox and nothing around it (RFC 5280 §4.2.1.6, RFC 5321 §4.1.2).
pub(super) fn is_mailbox(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let is_literal = domain.starts_with('[') && domain.ends_with(']') && domain.len() > 2;
    is_local_part(local) && (is_literal || is_host_name(domain))
}

fn is_local_part(local: &str) -> bool {
    let quoted = local
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match quoted {
        Some(inside) => is_quoted(inside),
        None => local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_text)),
    }
}

fn is_quoted(inside: &str) -> bool {
    let mut octets = inside.bytes();
    while let Some(octet) = octets.next() {
        let sound = match octet {
            b'\\' => matches!(octets.next(), Some(b' '..=b'~')),
            b'"' => false,
            _ => matches!(octet, b' '..=b'~'),
        };
        if !sound {
            return false;
        }
    }
    true
}

fn is_atom_text(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet)
}

/// Whether an address is absolute: a scheme and something behind it (RFC 3986 §3), without what no
/// part of an address may have.
pub(super) fn is_absolute_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
        && !matches!(rest, "" | "//")
        && rest.bytes().all(|octet| octet.is_ascii_graphic())
}

/// An address and a mask in the style of RFC 4632: ones first, then zeros.
pub(super) fn is_network(octets: &[u8]) -> bool {
    let mask = match octets.len() {
        8 | 32 => &octets[octets.len() / 2..],
        _ => return false,
    };
    let mut behind = mask.iter().skip_while(|&&octet| octet == 0xff);
    let edge = behind.next().copied().unwrap_or(0);
    edge.leading_ones() + edge.trailing_zeros().min(8) >= 8 && behind.all(|&octet| octet == 0)
}

#[cfg(test)]
mod tests {
    use super::is_absolute_uri;
    use super::is_host_name;
    use super::is_mailbox;

    #[test]
    fn a_host_name_has_labels_of_letters_digits_and_inner_hyphens() {
        for name in ["b.kz", "kz", "a-b.3.xn--80ao21a", "1.2.3.kz", &label(63)] {
            assert!(is_host_name(name), "{name}");
        }
        for name in [
            "",
            ".",
            ".b.kz",
            "b.kz.",
            "a..kz",
            "-a.kz",
            "a-.kz",
            "a_b.kz",
            "*.b.kz",
            "a b.kz",
            "192.0.2.1",
            "::1",
            " ",
            &label(64),
            &[&*label(63); 4].join("."),
        ] {
            assert!(!is_host_name(name), "{name}");
        }
    }

    #[test]
    fn a_mailbox_is_a_local_part_at_a_domain() {
        for address in [
            "a@b.kz",
            "a.b+c*@b.kz",
            "\"a@ b\"@b.kz",
            "\"\\\"\"@b.kz",
            "a@[192.0.2.1]",
            "**@b.kz",
        ] {
            assert!(is_mailbox(address), "{address}");
        }
        for address in [
            "",
            "a",
            "@b.kz",
            "a@",
            "a@b@b.kz",
            "a b@b.kz",
            "<a@b.kz>",
            "a..b@b.kz",
            ".a@b.kz",
            "\"a\"b\"@b.kz",
            "\"a\\\"@b.kz",
            "a@.b.kz",
            "a@b_c.kz",
            "a@[]",
            "\"@b.kz",
        ] {
            assert!(!is_mailbox(address), "{address}");
        }
    }

    #[test]
    fn an_absolute_address_has_a_scheme_and_something_behind_it() {
        for uri in ["http://b.kz", "urn:oid:1.2", "ldap:///CN=a?b", "a+b-c.d:e"] {
            assert!(is_absolute_uri(uri), "{uri}");
        }
        for uri in [
            "",
            "b.kz",
            "/a",
            ":a",
            "1a:b",
            "http:",
            "http://",
            "http://b kz",
            "a_b:c",
        ] {
            assert!(!is_absolute_uri(uri), "{uri}");
        }
    }

    fn label(length: usize) -> String {
        "a".repeat(length)
    }
}
