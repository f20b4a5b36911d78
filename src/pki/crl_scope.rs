use crate::pki::Budget;
use crate::pki::BudgetExceeded;
use crate::pki::Unit;
use crate::pki::Unusable;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::DistributionPoint;
use crate::x509::GeneralName;
use crate::x509::IssuingDistributionPoint;
use crate::x509::ReasonFlags;

/// Which reasons a list covers for a certificate, or why it covers none (RFC 5280 §6.3.3 b, d):
/// `None` for a list that has nothing to do with the certificate, since neither its issuer nor
/// whom its distribution points name issued it.
pub(super) fn covered(
    list: &CertificateList,
    certificate: &Certificate,
    budget: &mut Budget,
) -> Result<Option<Result<ReasonFlags, Unusable>>, BudgetExceeded> {
    let own = list.issuer() == certificate.issuer();
    let named = |point: &DistributionPoint| {
        let issuers = point.crl_issuer.as_deref().unwrap_or_default();
        issuers.iter().any(|name| is_issuer(name, list))
    };
    let points = certificate.crl_distribution_points();
    let issuers = points.iter().filter_map(|point| point.crl_issuer.as_ref());
    budget.spend(
        Unit::Names,
        points.len() + issuers.map(Vec::len).sum::<usize>(),
    )?;
    if !own && !points.iter().any(named) {
        return Ok(None);
    }
    let scope = list.scope().cloned().unwrap_or_default();
    if let Some(fact) = of_other_kind(&scope, certificate) {
        return Ok(Some(Err(fact)));
    }
    if !own && !scope.indirect_crl {
        return Ok(Some(Err(Unusable::NotIndirect)));
    }
    let mut served = false;
    let mut reasons = ReasonFlags::EMPTY;
    let assumed = assumed_point(certificate);
    for point in points.iter().chain(own.then_some(&assumed)) {
        let issued = match &point.crl_issuer {
            None => own,
            Some(_) => named(point),
        };
        let names = point_names(point);
        budget.spend(Unit::Names, 1 + names.len() * scope.names.len())?;
        if issued && serves(&scope, names) {
            served = true;
            reasons = reasons.union(common_reasons(&scope, point));
        }
    }
    Ok(Some(match (served, reasons.is_empty()) {
        (false, _) => Err(Unusable::OtherDistributionPoint),
        (true, true) => Err(Unusable::OtherReasons),
        (true, false) => Ok(reasons),
    }))
}

fn is_issuer(name: &GeneralName, list: &CertificateList) -> bool {
    matches!(name, GeneralName::DirectoryName(name) if name == list.issuer())
}

/// A list for certificates of another kind (§6.3.3 b 2 ii–iv).
fn of_other_kind(scope: &IssuingDistributionPoint, certificate: &Certificate) -> Option<Unusable> {
    let is_ca = certificate
        .basic_constraints()
        .is_some_and(|constraints| constraints.ca);
    if scope.only_contains_attribute_certs {
        Some(Unusable::OnlyAttributeCerts)
    } else if scope.only_contains_user_certs && is_ca {
        Some(Unusable::OnlyUserCerts)
    } else if scope.only_contains_ca_certs && !is_ca {
        Some(Unusable::OnlyCaCerts)
    } else {
        None
    }
}

/// The point that every certificate has beside those that it names: the lists of its issuer
/// (§6.3.3, last paragraph).
fn assumed_point(certificate: &Certificate) -> DistributionPoint {
    DistributionPoint {
        names: vec![GeneralName::DirectoryName(certificate.issuer().clone())],
        reasons: None,
        crl_issuer: None,
    }
}

/// The names of a point; those of the issuer of its list, where it has none of its own.
fn point_names(point: &DistributionPoint) -> &[GeneralName] {
    if point.names.is_empty() {
        point.crl_issuer.as_deref().unwrap_or_default()
    } else {
        &point.names
    }
}

/// Whether the list is for a point with these names (§6.3.3 b 2 i).
fn serves(scope: &IssuingDistributionPoint, names: &[GeneralName]) -> bool {
    scope.names.is_empty() || names.iter().any(|name| scope.names.contains(name))
}

/// interim_reasons_mask (§6.3.3 d).
fn common_reasons(scope: &IssuingDistributionPoint, point: &DistributionPoint) -> ReasonFlags {
    let [of_list, of_point] =
        [scope.only_some_reasons, point.reasons].map(|reasons| reasons.unwrap_or(ReasonFlags::ALL));
    of_list.intersection(of_point)
}

#[cfg(test)]
#[path = "crl_scope_tests.rs"]
mod tests;
