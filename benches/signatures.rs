//! What a signature costs beside its bare key operation, and what a check costs:
//! `cargo bench --bench signatures`.
#![allow(missing_docs, reason = "criterion's macro makes a public function")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark makes its own keys, and stops where something is wrong"
)]

use criterion::BenchmarkGroup;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use criterion::measurement::WallTime;
use ring::rand::SystemRandom;
use time::OffsetDateTime;
use time::macros::datetime;

use ruqsat::ca::Authority;
use ruqsat::ca::Organisation;
use ruqsat::ca::Request;
use ruqsat::crypto::DigestAlgorithm;
use ruqsat::crypto::Provider;
use ruqsat::crypto::Signer;
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
use ruqsat::pki::TrustStore;
use ruqsat::sign;
use ruqsat::sign::Chain;
use ruqsat::sign::SignOptions;
use ruqsat::verify::Evidence;
use ruqsat::verify::Policy;
use ruqsat::verify::Status;
use ruqsat::verify::verify;
use ruqsat::x509::CertificateList;

fn signatures(c: &mut Criterion) {
    let permit = Permit::from_json(SAMPLE).unwrap();
    let pdf = typeset(&permit);
    let mut authority = Authority::in_memory(1, FOUNDING).unwrap();
    let request = request(&permit);
    let p256 = authority.issue(&request).unwrap();
    let rsa = authority.issue_for(rsa_key(), &request).unwrap();
    let lists = authority.revocation_lists(SIGNING).unwrap();
    let evidence = Evidence {
        trust: TrustStore::new([authority.root().clone()], &Provider),
        lists: [lists.root, lists.issuing]
            .iter()
            .map(|list| CertificateList::from_der(list).unwrap())
            .collect(),
    };
    let mut group = c.benchmark_group(format!("permit of {} bytes", pdf.len()));
    for (name, identity) in [("P-256", &p256), ("RSA-2048", &rsa)] {
        bench_key(&mut group, name, identity, &pdf, &evidence);
    }
    group.finish();
}

fn bench_key(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    identity: &Identity,
    pdf: &[u8],
    evidence: &Evidence,
) {
    let random = SystemRandom::new();
    let signer = identity.signer(&random).unwrap();
    let chain = Chain::complete(identity.leaf().clone(), identity.issuers(), &Provider).unwrap();
    let roles = SignerRoles::builtin();
    let permit = Permit::from_json(SAMPLE).unwrap().into();
    let of_file = SignOptions {
        signing_time: SIGNING,
        lists: None,
        made_of: None,
        signer_roles: &roles,
        verifier: &Provider,
    };
    let just_made = SignOptions {
        made_of: Some(&permit),
        ..of_file
    };
    let sign_with = |options: &SignOptions<'_>| {
        let ready = sign::prepare(pdf, &chain, options).unwrap();
        let cms = ready.sign(&signer).unwrap();
        ready.embed(&cms).unwrap()
    };
    // The floor: the key operation and the digest of the same bytes, nothing else.
    group.bench_function(format!("{name}: bare signature and SHA-256"), |b| {
        b.iter(|| {
            let digest = DigestAlgorithm::Sha256.digest(pdf);
            signer.sign(&digest).unwrap()
        });
    });
    group.bench_function(format!("{name}: sign B-B what was just made"), |b| {
        b.iter(|| sign_with(&just_made));
    });
    group.bench_function(
        format!("{name}: sign B-B a file, its data read back"),
        |b| {
            b.iter(|| sign_with(&of_file));
        },
    );
    let file = sign_with(&just_made);
    let policy = Policy::new(&Provider);
    let check = || verify(&file, evidence, &policy, CHECKING).unwrap();
    assert_eq!(check().status(), Status::Valid);
    group.bench_function(format!("{name}: verify"), |b| b.iter(check));
}

fn typeset(permit: &Permit) -> Vec<u8> {
    let edition = Edition::builtin(&permit.edition).unwrap();
    let options = RenderOptions::new(Language::KkRu, Medium::Electronic, SIGNING);
    document::render(&edition, permit, &options).unwrap().pdf
}

fn request(permit: &Permit) -> Request {
    Request {
        role: Role::Head,
        name: permit.signatory.name.kk.parse().unwrap(),
        iin: permit.signatory.iin.clone(),
        organisation: Some(Organisation {
            name: permit.issuing_body.kk.clone(),
            bin: permit.issuing_body_bin.clone(),
        }),
        usage: CertificateUse::Signing,
        not_before: FOUNDING,
        not_after: None,
    }
}

fn rsa_key() -> PrivateKey {
    PrivateKey::generate(KeyAlgorithm::Rsa2048, &SystemRandom::new()).unwrap()
}

const SAMPLE: &[u8] = include_bytes!("../fixtures/permits/atyrau-2013.json");
const FOUNDING: OffsetDateTime = datetime!(2026-11-24 06:00 UTC);
const SIGNING: OffsetDateTime = datetime!(2026-11-24 07:00 UTC);
const CHECKING: OffsetDateTime = datetime!(2026-11-24 08:00 UTC);

criterion_group!(benches, signatures);
criterion_main!(benches);
