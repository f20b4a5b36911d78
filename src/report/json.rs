//! A report for machines: `verification-report/1`.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use time::Date;
use time::macros::format_description;

use crate::report::Catalogue;
use crate::report::Language;
use crate::report::instant;
use crate::verify::CheckOutcome;
use crate::verify::Checks;
use crate::verify::DocumentFacts;
use crate::verify::Note;
use crate::verify::Param;
use crate::verify::Params;
use crate::verify::PermitFacts;
use crate::verify::Reason;
use crate::verify::Report;
use crate::verify::SignatureReport;
use crate::verify::SignerFacts;
use crate::verify::Status;

/// The report as one JSON object. `file` is the argument that named the file (`-` for standard
/// input), `chosen_time` tells whether the caller set the time of checking.
#[must_use]
pub fn json(
    report: &Report,
    file: &str,
    chosen_time: bool,
    catalogue: &Catalogue,
    language: Language,
) -> Value {
    let reasons: Vec<Value> = report
        .all_reasons()
        .into_iter()
        .map(|(signature, reason)| reason_value(reason, signature))
        .collect();
    let first = report
        .all_reasons()
        .first()
        .map(|(_, reason)| catalogue.reason(reason, language));
    let mut value = json!({
        "schema": SCHEMA,
        "status": report.status().as_str(),
        "reasons": reasons,
        "notes": report.notes.iter().map(note_value).collect::<Vec<_>>(),
        "checks": checks_value(report.checks()),
        "document": document_value(&report.document, file),
        "signatures": report
            .signatures
            .iter()
            .map(|signature| signature_value(signature, report))
            .collect::<Vec<_>>(),
        "validation": {
            "time": instant::rfc3339(report.time),
            "time_source": if chosen_time { "set-by-user" } else { "now" },
            "anchors": report.anchors,
            "network": "offline",
        },
        "tool": tool(),
        "messages": {
            "lang": language.code(),
            "heading": catalogue.heading(report, language)[0],
        },
    });
    if let (Some(first), Some(messages)) = (first, value.get_mut("messages")) {
        messages["reason"] = first.into();
    }
    value
}

/// The object of a file without a verdict (exit 5): what kept it from being examined.
#[must_use]
pub fn json_error(file: &str, size: usize, code: &str, message: &str, hint: Option<&str>) -> Value {
    json!({
        "schema": SCHEMA,
        "error": { "code": code, "message": message, "hint": hint },
        "document": { "file": file, "size": size },
        "tool": tool(),
    })
}

fn tool() -> Value {
    json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") })
}

fn reason_value(reason: &Reason, signature: Option<usize>) -> Value {
    let level = match reason.code.status() {
        Status::Invalid => "fail",
        Status::Indeterminate | Status::Valid => "undetermined",
    };
    let sub = reason.code.sub_indication();
    json!({
        "code": reason.code.as_str(),
        "level": level,
        "signature": signature,
        "etsi": { "indication": sub.indication(), "sub_indication": sub.as_str() },
        "params": params_value(&reason.params),
    })
}

fn note_value(note: &Note) -> Value {
    json!({ "code": note.code.as_str(), "params": params_value(&note.params) })
}

fn params_value(params: &Params) -> Value {
    let entries = params.iter().map(|(name, value)| {
        let value = match value {
            Param::Count(count) => json!(count),
            Param::Day(day) => json!(iso(*day)),
            Param::Text(text) => json!(text),
            Param::Time(time) => json!(instant::rfc3339(*time)),
        };
        ((*name).to_owned(), value)
    });
    Value::Object(entries.collect::<Map<_, _>>())
}

fn checks_value(checks: Checks) -> Value {
    json!({
        "unaltered": checks.unaltered.as_str(),
        "certificate": checks.certificate.as_str(),
        "trust": checks.trust.as_str(),
        "authority": checks.authority.as_str(),
        "time": checks.time.as_str(),
    })
}

fn document_value(document: &DocumentFacts, file: &str) -> Value {
    json!({
        "file": file,
        "size": document.size,
        "sha256": document.sha256,
        "pages": document.pages,
        "permit": document.permit.as_ref().map(permit_value),
    })
}

fn permit_value(permit: &PermitFacts) -> Value {
    json!({
        "kind": permit.kind,
        "number": permit.number,
        "date": permit.date.map(iso),
        "holder": permit.holder.as_ref().map(|holder| json!({ "kk": holder.kk, "ru": holder.ru })),
        "last_day": permit.last_day.map(iso),
        "source": "signed-data",
    })
}

fn iso(day: Date) -> String {
    day.format(format_description!("[year]-[month]-[day]"))
        .unwrap_or_default()
}

fn signature_value(signature: &SignatureReport, report: &Report) -> Value {
    let status = signature.verdict.status();
    let etsi = match signature.verdict.reasons().first() {
        None => json!({ "indication": "TOTAL-PASSED", "sub_indication": null }),
        Some(reason) => {
            let sub = reason.code.sub_indication();
            json!({ "indication": sub.indication(), "sub_indication": sub.as_str() })
        }
    };
    let reasons = signature.verdict.reasons().iter();
    let position = report
        .document
        .permit
        .as_ref()
        .and_then(|permit| permit.position.as_ref());
    json!({
        "index": signature.index,
        "field": signature.field,
        "status": status.as_str(),
        "etsi": etsi,
        "reasons": reasons
            .map(|reason| reason_value(reason, Some(signature.index)))
            .collect::<Vec<_>>(),
        "checks": checks_value(signature.checks),
        "format": signature.format.as_str(),
        "coverage": signature.coverage.as_str(),
        "signer": signature.signer.as_ref().map(|signer| {
            let mut value = signer_value(signer);
            if let Some(position) = position {
                value["position"] = json!({ "kk": position.kk, "ru": position.ru });
                value["position_source"] = "document".into();
            }
            value
        }),
        "time": {
            "best": null,
            "best_source": null,
            "claimed": signature.claimed_time.map(instant::rfc3339),
        },
        "certificate": signature.certificate.as_ref().map(|certificate| json!({
            "serial": certificate.serial,
            "issuer": certificate.issuer,
            "not_before": instant::rfc3339(certificate.not_before),
            "not_after": instant::rfc3339(certificate.not_after),
            "revocation": {
                "status": revocation(signature),
                "source": "crl",
            },
        })),
        "algorithm": signature.algorithm,
    })
}

fn revocation(signature: &SignatureReport) -> &'static str {
    match signature.checks.certificate {
        CheckOutcome::Pass => "good",
        _ if revoked(signature) => "revoked",
        _ => "unknown",
    }
}

fn revoked(signature: &SignatureReport) -> bool {
    signature.verdict.reasons().iter().any(|reason| {
        let code = reason.code.as_str();
        code.starts_with("CERT_REVOKED") || code == "CERT_ON_HOLD"
    })
}

fn signer_value(signer: &SignerFacts) -> Value {
    json!({
        "name": signer.name,
        "iin_masked": signer.iin.as_deref().map(masked),
        "role": signer.role.map(|role| role.to_string()),
        "role_source": signer.role.map(|_| "certificate"),
        "organisation": signer.organisation.as_ref().map(|name| json!({
            "name": name,
            "bin": signer.bin,
        })),
        "warnings": signer.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// The last four digits only: the rest is nobody's business who reads a report.
fn masked(iin: &str) -> String {
    let shown = iin
        .char_indices()
        .rev()
        .nth(3)
        .map_or(0, |(place, _)| place);
    let hidden = iin.get(..shown).unwrap_or_default().chars().count();
    format!(
        "{}{}",
        "•".repeat(hidden),
        iin.get(shown..).unwrap_or_default()
    )
}

const SCHEMA: &str = "verification-report/1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iin_shows_its_last_four_digits_only() {
        assert_eq!(masked("850214300129"), "••••••••0129");
        assert_eq!(masked("Ү"), "Ү");
    }
}
