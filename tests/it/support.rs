//! What the tests have in common: a TEST authority at a fixed time, and documents signed under it.

use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use ring::rand::SystemRandom;
use ruqsat::ca::Authority;
use ruqsat::ca::Organisation;
use ruqsat::ca::Request;
use ruqsat::crypto::Provider;
use ruqsat::document;
use ruqsat::document::RenderOptions;
use ruqsat::document::SignerRoles;
use ruqsat::eds::CertificateUse;
use ruqsat::eds::Role;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::keys::Identity;
use ruqsat::keys::KeyAlgorithm;
use ruqsat::keys::PrivateKey;
use ruqsat::model::Permit;
use ruqsat::pdf::Limits;
use ruqsat::pki::PathPolicy;
use ruqsat::pki::TrustStore;
use ruqsat::sign;
use ruqsat::sign::Chain;
use ruqsat::sign::ReadyToSign;
use ruqsat::sign::SignOptions;
use ruqsat::verify::Evidence;
use ruqsat::verify::Policy;
use ruqsat::verify::Report;
use ruqsat::verify::Status;
use ruqsat::verify::verify;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::CrlReason;
use time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

/// The sample permit.
pub(crate) const SAMPLE: &[u8] = include_bytes!("../../fixtures/permits/atyrau-2013.json");
/// When the test authority is founded.
pub(crate) const FOUNDING: OffsetDateTime = datetime!(2026-11-24 06:00 UTC);
/// When documents are signed.
pub(crate) const SIGNING: OffsetDateTime = datetime!(2026-11-24 07:00 UTC);
/// When documents are checked.
pub(crate) const CHECKING: OffsetDateTime = datetime!(2026-11-24 08:00 UTC);

/// The sample permit's data.
pub(crate) fn sample() -> Permit {
    Permit::from_json(SAMPLE).unwrap()
}

/// The sample permit, ready for signing.
pub(crate) fn unsigned() -> Vec<u8> {
    static UNSIGNED: LazyLock<Vec<u8>> = LazyLock::new(|| render(Medium::Electronic));
    UNSIGNED.clone()
}

/// The sample permit for a medium.
pub(crate) fn render(medium: Medium) -> Vec<u8> {
    render_permit(&sample(), medium)
}

/// A permit for a medium.
pub(crate) fn render_permit(permit: &Permit, medium: Medium) -> Vec<u8> {
    let edition = Edition::builtin(&permit.edition).unwrap();
    let options = RenderOptions::new(Language::KkRu, medium, SIGNING);
    document::render(&edition, permit, &options).unwrap().pdf
}

/// Who may sign which form; reading it parses every edition, so it is read once.
pub(crate) fn signer_roles() -> &'static SignerRoles {
    static SIGNER_ROLES: LazyLock<SignerRoles> = LazyLock::new(SignerRoles::builtin);
    &SIGNER_ROLES
}

/// The policy of this project.
pub(crate) fn policy() -> Policy<'static> {
    Policy {
        path: PathPolicy::strict(),
        limits: Limits::default(),
        signer_roles: signer_roles().clone(),
        verifier: &Provider,
    }
}

/// An authority and what it issues.
pub(crate) struct World {
    pub(crate) authority: Authority,
    random: SystemRandom,
}

impl World {
    pub(crate) fn new() -> Self {
        static WORLDS: AtomicU64 = AtomicU64::new(0);
        let random = SystemRandom::new();
        let seed = WORLDS.fetch_add(1, Ordering::Relaxed);
        let authority = Authority::in_memory(seed, FOUNDING).unwrap();
        Self { authority, random }
    }

    /// What the sample asks of its signer.
    pub(crate) fn request(&self) -> Request {
        let permit = sample();
        Request {
            role: Role::Head,
            name: permit.signatory.name.kk.parse().unwrap(),
            iin: permit.signatory.iin,
            organisation: Some(Organisation {
                name: permit.issuing_body.kk,
                bin: permit.issuing_body_bin,
            }),
            usage: CertificateUse::Signing,
            not_before: FOUNDING,
            not_after: None,
        }
    }

    /// A signer with a P-256 key.
    pub(crate) fn signer(&mut self, request: &Request) -> Identity {
        self.authority.issue(request).unwrap()
    }

    /// A signer with an RSA-2048 key.
    pub(crate) fn rsa_signer(&mut self, request: &Request) -> Identity {
        let key = PrivateKey::generate(KeyAlgorithm::Rsa2048, &self.random).unwrap();
        self.authority.issue_for(key, request).unwrap()
    }

    /// The signer that the sample names.
    pub(crate) fn head(&mut self) -> Identity {
        self.signer(&self.request())
    }

    /// Revokes a certificate at a time.
    pub(crate) fn revoke(
        &mut self,
        certificate: &Certificate,
        reason: CrlReason,
        at: OffsetDateTime,
    ) {
        self.authority
            .revoke(certificate.serial(), reason, at)
            .unwrap();
    }

    /// The lists as they stand at the time of checking: the root's, then that of the issuing
    /// authority.
    pub(crate) fn lists(&mut self) -> Vec<CertificateList> {
        self.lists_of(CHECKING - Duration::minutes(1))
    }

    /// The lists issued at a time.
    pub(crate) fn lists_of(&mut self, time: OffsetDateTime) -> Vec<CertificateList> {
        let lists = self.authority.revocation_lists(time).unwrap();
        [lists.root, lists.issuing]
            .iter()
            .map(|list| CertificateList::from_der(list).unwrap())
            .collect()
    }

    /// The root alone, and all lists.
    pub(crate) fn evidence(&mut self) -> Evidence {
        let root = self.authority.root().clone();
        Evidence {
            trust: trust([root]),
            lists: self.lists(),
        }
    }

    /// Signs; revocation is not asked.
    pub(crate) fn sign(&self, pdf: &[u8], identity: &Identity) -> Result<Vec<u8>, sign::Error> {
        self.sign_at(pdf, identity, SIGNING, None)
    }

    pub(crate) fn sign_at(
        &self,
        pdf: &[u8],
        identity: &Identity,
        signing_time: OffsetDateTime,
        lists: Option<&[CertificateList]>,
    ) -> Result<Vec<u8>, sign::Error> {
        let ready = prepare(pdf, identity, signing_time, lists)?;
        let signer = identity.signer(&self.random).unwrap();
        let cms = ready.sign(&signer)?;
        ready.embed(&cms)
    }
}

/// The first of the two steps of signing.
pub(crate) fn prepare(
    pdf: &[u8],
    identity: &Identity,
    signing_time: OffsetDateTime,
    lists: Option<&[CertificateList]>,
) -> Result<ReadyToSign, sign::Error> {
    let chain = Chain::complete(identity.leaf().clone(), identity.issuers(), &Provider)?;
    let options = SignOptions {
        signing_time,
        lists,
        made_of: None,
        signer_roles: signer_roles(),
        verifier: &Provider,
    };
    sign::prepare(pdf, &chain, &options)
}

/// A trust store.
pub(crate) fn trust(certificates: impl IntoIterator<Item = Certificate>) -> TrustStore {
    TrustStore::new(certificates, &Provider)
}

/// Verifies at the time of checking.
pub(crate) fn check(file: &[u8], evidence: &Evidence) -> Report {
    check_at(file, evidence, CHECKING)
}

/// Verifies at a time.
pub(crate) fn check_at(file: &[u8], evidence: &Evidence, at: OffsetDateTime) -> Report {
    verify(file, evidence, &policy(), at).unwrap()
}

/// The codes of a report's reasons.
pub(crate) fn codes(report: &Report) -> Vec<&'static str> {
    report
        .all_reasons()
        .iter()
        .map(|(_, reason)| reason.code.as_str())
        .collect()
}

/// Asserts the verdict on a file and its whole list of reasons.
#[track_caller]
pub(crate) fn assert_verdict(report: &Report, status: Status, reasons: &[&str]) {
    assert_eq!(
        (report.status(), codes(report).as_slice()),
        (status, reasons)
    );
}

/// The codes of a report's notes.
pub(crate) fn notes(report: &Report) -> Vec<&'static str> {
    report.notes.iter().map(|note| note.code.as_str()).collect()
}

/// Where a part of a file begins, searched from an offset.
pub(crate) fn position(file: &[u8], part: &[u8], from: usize) -> Option<usize> {
    file[from..]
        .windows(part.len())
        .position(|window| window == part)
        .map(|at| at + from)
}
