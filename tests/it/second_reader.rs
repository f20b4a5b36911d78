//! What a certificate says does not depend on who reads it: another reader of certificates finds
//! the same in all of NIST PKITS and of the national TEST authority.

use std::fs;

use ruqsat::x509::Certificate;
use ruqsat::x509::DistributionPoint;
use ruqsat::x509::GeneralName;
use ruqsat::x509::KeyUsage;
use ruqsat::x509::Oid;
use x509_parser::extensions as theirs;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;
use x509_parser::prelude::X509Certificate;
use x509_parser::prelude::X509Extension;

use crate::corpora::files;

#[test]
fn another_reader_finds_the_same_in_every_certificate() {
    let mut compared = 0;
    for folder in ["pkits/certs", "kz"] {
        let Some(files) = files(folder, &["crt", "cer"]) else {
            return;
        };
        for path in files {
            for certificate in Certificate::all_from_bytes(&fs::read(&path).unwrap()).unwrap() {
                let (rest, other) = X509Certificate::from_der(certificate.as_der()).unwrap();
                assert!(rest.is_empty());
                compare_fields(&certificate, &other);
                assert_eq!(certificate.extensions().len(), other.extensions().len());
                for (own, other) in certificate.extensions().iter().zip(other.extensions()) {
                    assert_eq!(own.oid.to_string(), other.oid.to_id_string());
                    assert_eq!(own.critical, other.critical);
                    assert_eq!(own.value, other.value);
                    compared += usize::from(compare_extension(&certificate, other));
                }
            }
        }
    }
    println!("{compared} extensions read alike");
    assert!(compared >= 1_900, "{compared}");
}

fn compare_fields(own: &Certificate, other: &X509Certificate<'_>) {
    assert_eq!(own.tbs(), other.tbs_certificate.as_ref());
    assert_eq!(own.version(), u64::from(other.version().0) + 1);
    assert_eq!(own.serial().as_bytes(), other.raw_serial());
    assert_eq!(own.issuer().as_der(), other.issuer().as_raw());
    assert_eq!(own.subject().as_der(), other.subject().as_raw());
    assert_eq!(own.not_before(), other.validity().not_before.to_datetime());
    assert_eq!(own.not_after(), other.validity().not_after.to_datetime());
    assert_eq!(own.spki(), other.public_key().raw);
    assert_eq!(
        own.subject_public_key_octets(),
        &*other.public_key().subject_public_key.data
    );
    // Bits that are no whole octets are a signature of no algorithm.
    let signature = &other.signature_value;
    let octets: &[u8] = if signature.unused_bits == 0 {
        &signature.data
    } else {
        &[]
    };
    assert_eq!(own.signature(), octets);
}

/// Whether both know the extension; what they say of it is the same.
fn compare_extension(own: &Certificate, other: &X509Extension<'_>) -> bool {
    match other.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(other) => {
            let own = own.authority_info_access().iter();
            let own: Vec<_> = own
                .map(|access| (access.method.to_string(), shown(&access.location)))
                .collect();
            let other = other.iter().map(|access| {
                let place = shown_theirs(&access.access_location);
                (access.access_method.to_id_string(), place)
            });
            assert_eq!(own, other.collect::<Vec<_>>());
        }
        ParsedExtension::AuthorityKeyIdentifier(other) => {
            let own = own.authority_key_identifier().unwrap();
            let key = other.key_identifier.as_ref().map(|key| key.0);
            assert_eq!(own.key_identifier.as_deref(), key);
            let issuer = own.authority_cert_issuer.as_deref().map(all_shown);
            let theirs = other.authority_cert_issuer.as_deref();
            assert_eq!(issuer, theirs.map(all_shown_theirs));
            let serial = own.authority_cert_serial_number.as_ref();
            let serial = serial.map(|serial| serial.as_bytes());
            assert_eq!(serial, other.authority_cert_serial);
        }
        ParsedExtension::BasicConstraints(other) => {
            let own = own.basic_constraints().unwrap();
            assert_eq!(own.ca, other.ca);
            assert_eq!(own.path_len_constraint, other.path_len_constraint);
        }
        ParsedExtension::CertificatePolicies(other) => {
            let other = other.iter().map(|policy| policy.policy_id.to_id_string());
            let own = own.certificate_policies().unwrap().iter();
            assert!(own.map(Oid::to_string).eq(other));
        }
        ParsedExtension::CRLDistributionPoints(other) => {
            let own = match own.crl_distribution_points() {
                [] => own.freshest_crl(),
                points => points,
            };
            compare_points(own, &other.points);
        }
        ParsedExtension::ExtendedKeyUsage(other) => {
            let own = own.extended_key_usage().unwrap();
            let any = own.contains(&Oid::new("2.5.29.37.0"));
            let mail = own.contains(&Oid::new("1.3.6.1.5.5.7.3.4"));
            let client = own.contains(&Oid::new("1.3.6.1.5.5.7.3.2"));
            assert_eq!(any, other.any);
            assert_eq!((mail, client), (other.email_protection, other.client_auth));
        }
        ParsedExtension::InhibitAnyPolicy(other) => {
            assert_eq!(own.inhibit_any_policy(), Some(other.skip_certs));
        }
        ParsedExtension::KeyUsage(other) => {
            assert_eq!(own.key_usage(), Some(KeyUsage::from_bits(other.flags)));
        }
        ParsedExtension::NameConstraints(other) => {
            let own = own.name_constraints().unwrap();
            for (own, other) in [
                (&own.permitted, &other.permitted_subtrees),
                (&own.excluded, &other.excluded_subtrees),
            ] {
                let other = other.iter().flatten().map(|tree| shown_theirs(&tree.base));
                assert!(own.iter().map(shown).eq(other));
            }
        }
        ParsedExtension::PolicyConstraints(other) => {
            let own = own.policy_constraints().unwrap();
            assert_eq!(own.require_explicit_policy, other.require_explicit_policy);
            assert_eq!(own.inhibit_policy_mapping, other.inhibit_policy_mapping);
        }
        ParsedExtension::PolicyMappings(other) => {
            let own = own.policy_mappings().iter().map(|mapping| {
                let issuer = mapping.issuer_domain_policy.to_string();
                (issuer, mapping.subject_domain_policy.to_string())
            });
            let other = other.mappings.iter().map(|mapping| {
                let issuer = mapping.issuer_domain_policy.to_id_string();
                (issuer, mapping.subject_domain_policy.to_id_string())
            });
            assert!(own.eq(other));
        }
        ParsedExtension::SubjectAlternativeName(other) => {
            let own = own.subject_alt_names().unwrap();
            assert_eq!(all_shown(own), all_shown_theirs(&other.general_names));
        }
        ParsedExtension::SubjectKeyIdentifier(other) => {
            assert_eq!(own.subject_key_identifier(), Some(other.0));
        }
        ParsedExtension::UnsupportedExtension { .. } => return false,
        unexpected => panic!("{unexpected:?}"),
    }
    true
}

/// Points with a name relative to the issuer of the list are lost to the other reader: it looks for
/// the tag of a SET that IMPLICIT tagging has replaced.
fn compare_points(own: &[DistributionPoint], other: &[theirs::CRLDistributionPoint<'_>]) {
    assert_eq!(own.len(), other.len());
    for (own, other) in own.iter().zip(other) {
        match &other.distribution_point {
            Some(theirs::DistributionPointName::FullName(names)) => {
                assert_eq!(all_shown(&own.names), all_shown_theirs(names));
            }
            _ if own.names.is_empty() => {}
            _ => {
                assert!(matches!(own.names[..], [GeneralName::DirectoryName(_)]));
                continue;
            }
        }
        let issuer = own.crl_issuer.as_deref().map(all_shown);
        assert_eq!(issuer, other.crl_issuer.as_deref().map(all_shown_theirs));
        assert_eq!(own.reasons.is_some(), other.reasons.is_some());
    }
}

fn all_shown(names: &[GeneralName]) -> Vec<String> {
    names.iter().map(shown).collect()
}

fn all_shown_theirs(names: &[theirs::GeneralName<'_>]) -> Vec<String> {
    names.iter().map(shown_theirs).collect()
}

fn shown(name: &GeneralName) -> String {
    match name {
        GeneralName::Rfc822Name(address) => format!("mail {address}"),
        GeneralName::DnsName(name) => format!("dns {name}"),
        GeneralName::DirectoryName(name) => format!("name {:02x?}", name.as_der()),
        GeneralName::Uri(uri) => format!("uri {uri}"),
        other => panic!("{other:?}"),
    }
}

fn shown_theirs(name: &theirs::GeneralName<'_>) -> String {
    match name {
        theirs::GeneralName::RFC822Name(address) => format!("mail {address}"),
        theirs::GeneralName::DNSName(name) => format!("dns {name}"),
        theirs::GeneralName::DirectoryName(name) => format!("name {:02x?}", name.as_raw()),
        theirs::GeneralName::URI(uri) => format!("uri {uri}"),
        other => panic!("{other:?}"),
    }
}
