//! One signature, every check.

use time::OffsetDateTime;

use crate::cms::SignedData;
use crate::cms::SignerInfo;
use crate::eds::Subject;
use crate::pdf::Pdf;
use crate::pdf::Signature;
use crate::verify::authority::AuthorityChecked;
use crate::verify::authority::AuthorityScope;
use crate::verify::data::Data;
use crate::verify::integrity;
use crate::verify::integrity::Covered;
use crate::verify::integrity::Intact;
use crate::verify::process::Evidence;
use crate::verify::process::Policy;
use crate::verify::reason::Reason;
use crate::verify::reason::ReasonCode;
use crate::verify::reason::Status;
use crate::verify::report::CertificateFacts;
use crate::verify::report::CheckOutcome;
use crate::verify::report::Checks;
use crate::verify::report::Format;
use crate::verify::report::SignatureReport;
use crate::verify::report::SignerFacts;
use crate::verify::trust::Trusted;
use crate::verify::validity::InForce;
use crate::verify::verdict::Valid;
use crate::verify::verdict::Verdict;
use crate::x509::Certificate;
use crate::x509::oids;

/// What a signature is checked in and against.
pub(crate) struct Context<'a> {
    pub(crate) pdf: &'a Pdf<'a>,
    pub(crate) evidence: &'a Evidence,
    pub(crate) policy: &'a Policy<'a>,
    pub(crate) at: OffsetDateTime,
}

impl Context<'_> {
    /// Checks one signature. Every check is made whose input is there, so that one cause does not
    /// hide another.
    pub(crate) fn examine(
        &self,
        index: usize,
        signature: &Signature,
        data: &Data,
    ) -> SignatureReport {
        let mut report = SignatureReport::unreadable(index, signature.field_name.clone());
        report.claimed_time = signature.signing_time;
        let covered = Covered::check(self.pdf, signature);
        if let Ok(covered) = &covered {
            report.coverage = covered.facts();
        }
        let read = self.read(signature).and_then(|(signed_data, signer_info)| {
            let known = self.evidence.trust.intermediates();
            let certificate = signed_data
                .signer_certificate(&signer_info, known)
                .map_err(|error| integrity::reason(&error));
            describe(&mut report, signature, &signed_data, &signer_info);
            Ok((signed_data, signer_info, certificate?))
        });
        match read {
            Ok((signed_data, signer_info, certificate)) => {
                let signer = (&signer_info, &certificate);
                self.check(&mut report, signature, &covered, &signed_data, signer, data);
            }
            Err(reason) => {
                report.verdict =
                    Verdict::against(covered.err().into_iter().chain([reason]).collect());
            }
        }
        report
    }

    fn read<'s>(
        &self,
        signature: &'s Signature,
    ) -> Result<(SignedData<'s>, SignerInfo<'s>), Reason> {
        if !SUB_FILTERS.contains(&signature.sub_filter.as_str()) {
            return Err(Reason::new(ReasonCode::SignatureUnreadable));
        }
        let signed_data = integrity::read(&signature.contents)?;
        let signer_info = signed_data
            .detached_signer_info()
            .map_err(|error| integrity::reason(&error))?
            .clone();
        Ok((signed_data, signer_info))
    }

    fn check(
        &self,
        report: &mut SignatureReport,
        signature: &Signature,
        covered: &Result<Covered, Reason>,
        signed_data: &SignedData<'_>,
        (signer_info, certificate): (&SignerInfo<'_>, &Certificate),
        data: &Data,
    ) {
        let subject = Subject::of(certificate);
        report.certificate = Some(certificate_facts(certificate));
        report.signer = Some(signer_facts(&subject));

        let intact = Intact::check(self, signature, covered, signer_info, certificate);
        let claims = claims(signature, signer_info);
        let in_force = InForce::check(certificate, &claims, self.at);
        let trusted = Trusted::check(self, signed_data, certificate, &claims);
        let authority = AuthorityChecked::check(&subject, data.requirement(), data.medium());

        report.anchor = trusted.anchor;
        report.checks = Checks {
            unaltered: outcome(intact.as_ref().err().map(Vec::as_slice)),
            certificate: match &in_force {
                Ok(_) => outcome(trusted.revocation.as_ref().err().map(Vec::as_slice)),
                Err(reason) => outcome(Some(std::slice::from_ref(reason))),
            },
            trust: outcome(trusted.path.as_ref().err().map(Vec::as_slice)),
            authority: match &authority {
                Ok(checked) if checked.scope() == AuthorityScope::Full => CheckOutcome::Pass,
                Ok(_) => CheckOutcome::NotMade,
                Err(reasons) => outcome(Some(reasons)),
            },
            time: outcome(in_force.as_ref().err().map(std::slice::from_ref)),
        };
        report.verdict = match (
            intact,
            trusted.path,
            trusted.revocation,
            in_force,
            authority,
        ) {
            (Ok(intact), Ok(path), Ok(not_revoked), Ok(in_force), Ok(authority)) => {
                Verdict::Valid(Valid::new(intact, path, not_revoked, in_force, authority))
            }
            (intact, path, revocation, in_force, authority) => {
                let mut reasons = Vec::new();
                reasons.extend(intact.err().into_iter().flatten());
                reasons.extend(path.err().into_iter().flatten());
                reasons.extend(revocation.err().into_iter().flatten());
                reasons.extend(in_force.err());
                reasons.extend(authority.err().into_iter().flatten());
                Verdict::against(reasons)
            }
        };
    }
}

/// What the message says about itself.
fn describe(
    report: &mut SignatureReport,
    signature: &Signature,
    signed_data: &SignedData<'_>,
    signer_info: &SignerInfo<'_>,
) {
    report.format = format(signature, signed_data, signer_info);
    let algorithm = signer_info.signature_algorithm().ok();
    report.algorithm = algorithm.map(|algorithm| algorithm.to_string());
    report.claimed_time = claims(signature, signer_info).first().copied();
}

/// When the signer says it was: in the signature dictionary, in the signed attributes, or both.
fn claims(signature: &Signature, signer_info: &SignerInfo<'_>) -> Vec<OffsetDateTime> {
    let attributes = signer_info.signed_attributes().ok();
    let attribute = attributes.and_then(|attributes| attributes.signing_time());
    signature
        .signing_time
        .into_iter()
        .chain(attribute)
        .collect()
}

/// The worst of the reasons that a check found; pass without any.
fn outcome(reasons: Option<&[Reason]>) -> CheckOutcome {
    let Some(reasons) = reasons else {
        return CheckOutcome::Pass;
    };
    let worst = reasons.iter().map(|reason| reason.code.status()).max();
    if worst == Some(Status::Invalid) {
        CheckOutcome::Fail
    } else {
        CheckOutcome::Undetermined
    }
}

/// ETSI EN 319 142-1 §6.3: what keeps a signature from being a baseline one is not held against it.
fn format(
    signature: &Signature,
    signed_data: &SignedData<'_>,
    signer_info: &SignerInfo<'_>,
) -> Format {
    if signature.sub_filter != ETSI_CADES_DETACHED {
        return Format::Cms;
    }
    let Ok(attributes) = signer_info.signed_attributes() else {
        return Format::Pades;
    };
    let baseline = attributes.signing_time().is_none()
        && signature.signing_time.is_some()
        && signer_info.unsigned_attributes().is_empty()
        && signed_data.revocation_information().is_empty();
    if baseline {
        Format::PadesBB
    } else {
        Format::Pades
    }
}

fn certificate_facts(certificate: &Certificate) -> CertificateFacts {
    let issuer = certificate.issuer();
    CertificateFacts {
        serial: certificate.serial().to_string(),
        issuer: issuer
            .attribute(oids::COMMON_NAME)
            .map_or_else(|| issuer.to_string(), str::to_owned),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
    }
}

fn signer_facts(subject: &Subject) -> SignerFacts {
    SignerFacts {
        name: subject.name.clone(),
        iin: subject.iin.as_ref().map(|iin| iin.as_str().to_owned()),
        role: subject.role,
        organisation: subject.organisation.clone(),
        bin: subject.bin.as_ref().map(|bin| bin.as_str().to_owned()),
        warnings: subject.warnings.clone(),
    }
}

/// SubFilters whose `/Contents` is a detached CMS over the byte range.
const SUB_FILTERS: [&str; 2] = [ETSI_CADES_DETACHED, "adbe.pkcs7.detached"];
const ETSI_CADES_DETACHED: &str = "ETSI.CAdES.detached";
