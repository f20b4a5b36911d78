//! A report for a person at a terminal.

use std::fmt::Write as _;

use crate::report::Catalogue;
use crate::report::Language;
use crate::report::instant;
use crate::verify::CheckOutcome;
use crate::verify::Note;
use crate::verify::NoteCode;
use crate::verify::PermitFacts;
use crate::verify::ReasonCode;
use crate::verify::Report;
use crate::verify::SignatureReport;
use crate::verify::Status;

/// The report as lines of text: verdict, what to do, which document, who, when, remarks
/// (in the order that a citizen needs them). `name` is how the caller calls the file.
#[must_use]
pub fn text(report: &Report, name: &str, catalogue: &Catalogue, language: Language) -> String {
    let mut text = Text {
        lines: String::new(),
        catalogue,
        language,
    };
    text.verdict(report, name);
    if let Some(permit) = &report.document.permit {
        text.permit(permit);
    }
    for signature in &report.signatures {
        text.signature(report, signature);
    }
    for note in report
        .notes
        .iter()
        .filter(|note| !stands_under_heading(note))
    {
        text.row("note", &catalogue.note(note, language));
    }
    text.row(
        "checked-at",
        &instant::time(catalogue, report.time, language),
    );
    text.lines
}

struct Text<'a> {
    lines: String,
    catalogue: &'a Catalogue,
    language: Language,
}

impl Text<'_> {
    fn verdict(&mut self, report: &Report, name: &str) {
        let mark = match (report.is_unsigned(), report.status()) {
            (false, Status::Valid) => '✔',
            (false, Status::Indeterminate) => '?',
            (true, _) | (_, Status::Invalid) => '✘',
        };
        let badge = self.catalogue.badge(report, self.language);
        let [sentence, meaning] = self.catalogue.heading(report, self.language);
        let name = printable(name);
        let _ = writeln!(self.lines, "{badge} {mark} {name}");
        let _ = writeln!(
            self.lines,
            "  {}",
            format!("{sentence} {meaning}").trim_end()
        );
        for note in report
            .notes
            .iter()
            .filter(|note| stands_under_heading(note))
        {
            let _ = writeln!(self.lines, "  {}", self.catalogue.note(note, self.language));
        }
        let reasons = report.all_reasons();
        for (_, reason) in &reasons {
            let sentence = self.catalogue.reason(reason, self.language);
            self.row("reason", &format!("{sentence}  [{}]", reason.code.as_str()));
        }
        if let Some((_, first)) = reasons.first() {
            let actions = self.catalogue.actions(first, self.language).join(" ");
            self.row("what-to-do", &actions);
        }
    }

    fn permit(&mut self, permit: &PermitFacts) {
        let kind = self.catalogue.kind(&permit.kind, self.language);
        let date = permit
            .date
            .map(|date| instant::day(self.catalogue, date, self.language));
        let facts = [Some(kind.to_owned()), permit.number.clone(), date];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        self.row("document", &facts.join(", "));
        if let Some(holder) = &permit.holder {
            self.row("holder", self.in_language(&holder.kk, &holder.ru));
        }
    }

    fn signature(&mut self, report: &Report, signature: &SignatureReport) {
        if report.signatures.len() > 1 {
            let badge = signature.verdict.status().as_str();
            let label = self.catalogue.label("signature-of", self.language);
            let title = label
                .replace("{i}", &signature.index.to_string())
                .replace("{n}", &report.signatures.len().to_string());
            let _ = writeln!(self.lines, "  {title}: {badge}");
        }
        if let Some(signer) = &signature.signer {
            self.row("signed-by", &signer.name);
            let permit = report.document.permit.as_ref();
            if let Some(position) = permit.and_then(|permit| permit.position.as_ref()) {
                self.row("position", self.in_language(&position.kk, &position.ru));
            }
            let parts = [&signer.organisation, &signer.bin];
            let organisation: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
            if !organisation.is_empty() {
                self.row("organisation", &organisation.join(", "));
            }
        }
        if let Some(time) = signature.claimed_time {
            let time = instant::time(self.catalogue, time, self.language);
            let unproven = self.catalogue.label("not-confirmed", self.language);
            self.row("signed-at", &format!("{time}, {unproven}"));
        }
        self.checks(signature);
    }

    /// The four checks one by one, so that none is folded into another.
    fn checks(&mut self, signature: &SignatureReport) {
        let checks = signature.checks;
        let changed = match checks.unaltered {
            CheckOutcome::Pass => "no",
            CheckOutcome::Fail => "yes",
            CheckOutcome::NotMade | CheckOutcome::Undetermined => "unknown",
        };
        let changed = self.catalogue.label(changed, self.language);
        self.checked_row(checks.unaltered, "changed", changed);
        let state = self
            .catalogue
            .label(certificate_state(signature), self.language);
        self.checked_row(checks.certificate, "certificate", state);
        if let Some(certificate) = &signature.certificate {
            self.checked_row(checks.trust, "issued-by", &certificate.issuer);
        }
        if let Some(role) = signature.signer.as_ref().and_then(|signer| signer.role) {
            let role = self.catalogue.role(role.as_str(), self.language);
            self.checked_row(checks.authority, "authority", role);
        }
    }

    fn checked_row(&mut self, outcome: CheckOutcome, label: &str, value: &str) {
        let mark = match outcome {
            CheckOutcome::Pass => '✔',
            CheckOutcome::Fail => '✘',
            CheckOutcome::NotMade | CheckOutcome::Undetermined => '?',
        };
        let label = self.catalogue.label(label, self.language);
        let value = printable(value);
        let _ = writeln!(self.lines, "  {mark} {label}: {value}");
    }

    fn row(&mut self, label: &str, value: &str) {
        let label = self.catalogue.label(label, self.language);
        let value = printable(value);
        let _ = writeln!(self.lines, "  {label}: {value}");
    }

    fn in_language<'b>(&self, kk: &'b str, ru: &'b str) -> &'b str {
        match self.language {
            Language::Kk => kk,
            // English readers get the Russian name: there is no English one.
            Language::Ru | Language::En => ru,
        }
    }
}

/// What is known of the signer's certificate, as the key of its label.
fn certificate_state(signature: &SignatureReport) -> &'static str {
    let found = |codes: &[ReasonCode]| {
        signature
            .verdict
            .reasons()
            .iter()
            .any(|reason| codes.contains(&reason.code))
    };
    if signature.checks.certificate == CheckOutcome::Pass {
        "in-force"
    } else if found(&REVOKED) {
        "revoked"
    } else if found(&[ReasonCode::CertExpiredAtSigning]) {
        "expired"
    } else {
        "unknown"
    }
}

/// These two change what the heading is worth, so nothing may stand between them and it.
fn stands_under_heading(note: &Note) -> bool {
    matches!(
        note.code,
        NoteCode::TestAuthority | NoteCode::AuthorityNotChecked
    )
}

/// Text from a certificate or a file name must not command the terminal: control characters and
/// the marks that turn the direction of writing are left out.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

const REVOKED: [ReasonCode; 3] = [
    ReasonCode::CertRevokedBeforeSigning,
    ReasonCode::CertRevokedCompromise,
    ReasonCode::CertRevokedTimeUnproven,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_certificates_cannot_command_the_terminal() {
        assert_eq!(printable("A\u{1b}[2JB\u{202e}C\nD"), "A[2JBCD");
    }
}
