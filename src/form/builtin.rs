//! The editions that the program brings with it, and the samples that fill their forms.

/// An edition as files.
pub(super) struct Builtin {
    pub(super) id: &'static str,
    pub(super) files: &'static [(&'static str, &'static str)],
    /// Data for a form, to look at it and to check it with.
    pub(super) samples: &'static [(&'static str, &'static str)],
}

/// The files of a folder below `templates`.
macro_rules! files {
    ($edition:literal: $($file:literal)*) => {
        &[$((
            $file,
            include_str!(concat!("../../templates/", $edition, "/", $file)),
        )),*]
    };
}

/// Files of `fixtures` with the form that each fills.
macro_rules! samples {
    ($($form:literal $file:literal)*) => {
        &[$(($form, include_str!(concat!("../../fixtures/", $file)))),*]
    };
}

pub(super) const BUILTIN: &[Builtin] = &[
    Builtin {
        id: "atyrau-2013",
        files: files!("atyrau-2013":
        "form.toml" "annex1-table.hbs" "annex1.hbs" "annex2-table.hbs" "annex2.hbs"
        "annex3-table.hbs" "annex3.hbs" "annex4-table.hbs" "annex4.hbs" "annex5.hbs"
        "applicant-desk.hbs" "applicant-representative.hbs" "applicant-signature.hbs"
        "application-permit.hbs" "attached.hbs" "duties.hbs" "foot.hbs" "footer.hbs"
        "holder.hbs" "legal.hbs" "letterhead.hbs" "limits.hbs" "main-body.hbs" "main-head.hbs"
        "main.hbs" "notice.hbs" "permit.hbs" "questionnaire-summary.hbs" "questionnaire.hbs"
        "refusal.hbs" "requested-limits.hbs" "seal.hbs" "series.hbs" "signature.hbs"
        "signer.hbs" "survey-head.hbs" "survey-service.hbs" "watermark.hbs"
        ),
        samples: samples!(
        "permit" "permits/atyrau-2013.json"
        "permit" "permits/atyrau-2013-open-ended.json"
        "refusal" "refusals/atyrau-2013.json"
        "refusal" "refusals/atyrau-2013-data-violations.json"
        "refusal" "refusals/atyrau-2013-no-data.json"
        "refusal" "refusals/atyrau-2013-not-qualified.json"
        "refusal" "refusals/atyrau-2013-unreliable.json"
        "application-permit" "applications-permit/atyrau-2013.json"
        "application-permit" "applications-permit/atyrau-2013-individual.json"
        "application-permit" "applications-permit/atyrau-2013-centre.json"
        "notice" "notices/atyrau-2013.json"
        "notice" "notices/atyrau-2013-no-data.json"
        "notice" "notices/atyrau-2013-action-done.json"
        "notice" "notices/atyrau-2013-request-formed.json"
        "notice" "notices/atyrau-2013-request-routed.json"
        "notice" "notices/atyrau-2013-service-denied.json"
        "notice" "notices/atyrau-2013-data-violations.json"
        "notice" "notices/atyrau-2013-payment-missing.json"
        "notice" "notices/atyrau-2013-eds-not-confirmed.json"
        "notice" "notices/atyrau-2013-eds-expired.json"
        "notice" "notices/atyrau-2013-auth-denied-employee.json"
        "notice" "notices/atyrau-2013-auth-denied-applicant.json"
        "questionnaire" "questionnaires/atyrau-2013.json"
        "questionnaire" "questionnaires/atyrau-2013-centre.json"
        "questionnaire-summary" "questionnaire-summaries/atyrau-2013.json"
        ),
    },
    Builtin {
        id: "zhambyl-2014",
        files: files!("zhambyl-2014":
        "form.toml" "act.hbs" "annex1-table.hbs" "annex1.hbs" "annex2-table.hbs" "annex2.hbs"
        "annex3-table.hbs" "annex3.hbs" "annex4-table.hbs" "annex4.hbs" "annex5.hbs"
        "applicant-desk.hbs" "applicant-representative.hbs" "applicant-signature.hbs"
        "application-expertise.hbs" "application-permit.hbs" "attached.hbs" "conclusion.hbs"
        "department-head.hbs" "duties.hbs" "foot.hbs" "footer.hbs" "holder.hbs" "legal.hbs"
        "letterhead.hbs" "limits.hbs" "main-body.hbs" "main-head.hbs" "main.hbs" "notice.hbs"
        "permit.hbs" "questionnaire-summary.hbs" "questionnaire.hbs" "refusal.hbs" "reissue.hbs"
        "requested-limits.hbs" "seal.hbs" "series.hbs" "signature.hbs" "signer.hbs"
        "survey-head.hbs" "survey-service.hbs" "watermark.hbs"
        ),
        samples: samples!(
        "permit" "permits/zhambyl-2014.json"
        "reissue" "reissues/zhambyl-2014.json"
        "reissue" "reissues/zhambyl-2014-reorganised.json"
        "reissue" "reissues/zhambyl-2014-open-ended.json"
        "refusal" "refusals/zhambyl-2014.json"
        "refusal" "refusals/zhambyl-2014-expertise.json"
        "refusal" "refusals/zhambyl-2014-document-violations.json"
        "conclusion" "conclusions/zhambyl-2014.json"
        "conclusion" "conclusions/zhambyl-2014-not-agreed.json"
        "conclusion" "conclusions/zhambyl-2014-working-project.json"
        "application-permit" "applications-permit/zhambyl-2014.json"
        "application-permit" "applications-permit/zhambyl-2014-reissue.json"
        "application-permit" "applications-permit/zhambyl-2014-all-kinds.json"
        "application-permit" "applications-permit/zhambyl-2014-open-ended.json"
        "application-expertise" "applications-expertise/zhambyl-2014.json"
        "application-expertise" "applications-expertise/zhambyl-2014-individual.json"
        "notice" "notices/zhambyl-2014.json"
        "notice" "notices/zhambyl-2014-no-data.json"
        "notice" "notices/zhambyl-2014-request-formed.json"
        "notice" "notices/zhambyl-2014-request-routed.json"
        "notice" "notices/zhambyl-2014-service-denied.json"
        "notice" "notices/zhambyl-2014-data-violations.json"
        "notice" "notices/zhambyl-2014-eds-not-confirmed.json"
        "notice" "notices/zhambyl-2014-eds-not-yet-valid.json"
        "notice" "notices/zhambyl-2014-document-violations.json"
        "notice" "notices/zhambyl-2014-auth-denied-employee.json"
        "notice" "notices/zhambyl-2014-no-power-of-attorney.json"
        "notice" "notices/zhambyl-2014-auth-denied-applicant.json"
        "questionnaire" "questionnaires/zhambyl-2014.json"
        "questionnaire" "questionnaires/zhambyl-2014-provider.json"
        "questionnaire-summary" "questionnaire-summaries/zhambyl-2014.json"
        ),
    },
];
