//! What the check of a path with its lists costs beside bare verifications:
//! `cargo bench --bench paths`. All of PKITS too where `RUQSAT_CORPORA` names the test data.
#![allow(missing_docs, reason = "criterion's macro makes a public function")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark reads the environment, and stops where something is wrong"
)]

mod material;

use std::path::Path;

use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;

use material::ThreeCertificates;
use material::ours;
use ruqsat::crypto::Provider;
use ruqsat::x509::Certificate;

fn paths(c: &mut Criterion) {
    let material = ThreeCertificates::new();
    let mut group = c.benchmark_group("three RSA-2048 certificates, two lists");
    let ca = Certificate::from_der(&material.ca).unwrap();
    let leaf = Certificate::from_der(&material.leaf).unwrap();
    let key = ca.subject_public_key().unwrap();
    group.bench_function("one bare verification", |b| {
        b.iter(|| leaf.verify_signature(&key, &Provider).unwrap());
    });
    group.bench_function("from bytes, four signatures", |b| {
        b.iter(|| ours::cold(&material));
    });
    let proof = ours::cold(&material);
    group.bench_function("lists verified before, two signatures", |b| {
        b.iter(|| ours::warm(&material, proof.verified_lists()));
    });
    group.finish();
}

fn pkits(c: &mut Criterion) {
    let Some(corpora) = std::env::var_os("RUQSAT_CORPORA") else {
        return;
    };
    let (cases, anchor) = material::pkits(&Path::new(&corpora).join("pkits"));
    let wrong: Vec<&str> = cases
        .iter()
        .filter(|case| ours::is_valid(case, &anchor) != case.is_valid)
        .map(|case| case.name.as_str())
        .collect();
    assert!(wrong.iter().all(|name| name.contains("dsa")), "{wrong:?}");
    c.bench_function(&format!("PKITS, {} cases from bytes", cases.len()), |b| {
        b.iter(|| {
            cases
                .iter()
                .filter(|case| ours::is_valid(case, &anchor))
                .count()
        });
    });
}

criterion_group!(benches, paths, pkits);
criterion_main!(benches);
