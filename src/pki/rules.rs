use time::OffsetDateTime;

use crate::pki::AnchorRules;
use crate::pki::Error;
use crate::x509::Certificate;
use crate::x509::Oid;
use crate::x509::oids;

/// Judges a path whose names and signatures hold: RFC 5280 §6.1.3 and §6.1.4, without policies and
/// name constraints, which are refused instead of ignored. The end entity is first in `path`.
pub(super) fn check(
    path: &[&Certificate],
    time: OffsetDateTime,
    anchor_rules: AnchorRules,
) -> Result<(), Error> {
    let judged = match anchor_rules {
        AnchorRules::Apply => path,
        AnchorRules::Ignore => path.split_last().map_or(path, |(_, below)| below),
    };
    for (depth, certificate) in judged.iter().enumerate() {
        check_validity(certificate, depth, time)?;
    }
    // Self-issued certificates do not count (§6.1.4 l); the end entity is no intermediate one.
    let mut intermediates = 0;
    for (depth, certificate) in judged.iter().enumerate() {
        check_extensions(certificate, depth)?;
        if depth == 0 {
            continue;
        }
        check_issuer(certificate, depth, intermediates)?;
        if !certificate.is_self_issued() {
            intermediates += 1;
        }
    }
    Ok(())
}

fn check_validity(
    certificate: &Certificate,
    depth: usize,
    time: OffsetDateTime,
) -> Result<(), Error> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if time < not_before {
        return Err(Error::CertNotYetValid {
            depth,
            time,
            not_before,
            certificate: certificate.clone(),
        });
    }
    // notAfter is a whole second, valid to its end (§4.1.2.5).
    if time.replace_nanosecond(0).unwrap_or(time) > not_after {
        return Err(Error::CertExpired {
            depth,
            time,
            not_after,
            certificate: certificate.clone(),
        });
    }
    Ok(())
}

fn check_extensions(certificate: &Certificate, depth: usize) -> Result<(), Error> {
    if let Some(oid) = certificate.unknown_critical_extensions().next() {
        return Err(Error::UnknownCriticalExtension {
            depth,
            oid,
            certificate: certificate.clone(),
        });
    }
    let unsupported = certificate.extensions().iter().find(|extension| {
        BINDING.contains(&extension.oid)
            || (extension.critical && UNSUPPORTED_WHEN_CRITICAL.contains(&extension.oid))
    });
    match unsupported {
        None => Ok(()),
        Some(extension) => Err(Error::UnsupportedExtension {
            depth,
            oid: extension.oid,
            certificate: certificate.clone(),
        }),
    }
}

fn check_issuer(
    certificate: &Certificate,
    depth: usize,
    intermediates: usize,
) -> Result<(), Error> {
    let certificate = certificate.clone();
    if certificate.version() != 3 {
        return Err(Error::CaVersion {
            depth,
            version: certificate.version(),
            certificate,
        });
    }
    let constraints = match certificate.basic_constraints() {
        Some(constraints) if constraints.ca => constraints,
        _ => return Err(Error::NotCa { depth, certificate }),
    };
    if certificate
        .key_usage()
        .is_some_and(|usage| !usage.key_cert_sign())
    {
        return Err(Error::MissingKeyCertSign { depth, certificate });
    }
    match constraints.path_len_constraint {
        Some(allowed) if intermediates > allowed as usize => Err(Error::PathLenExceeded {
            depth,
            allowed,
            found: intermediates,
            certificate,
        }),
        _ => Ok(()),
    }
}

/// Constraints that narrow what a path may say, critical or not.
const BINDING: [Oid; 2] = [oids::NAME_CONSTRAINTS, oids::POLICY_CONSTRAINTS];
/// Extensions that matter only once a policy is demanded, which nobody does here; but who marks
/// them critical wants them processed.
const UNSUPPORTED_WHEN_CRITICAL: [Oid; 2] = [oids::INHIBIT_ANY_POLICY, oids::POLICY_MAPPINGS];
