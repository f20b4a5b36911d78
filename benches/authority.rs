//! What the TEST authority costs: `cargo bench --bench authority`.
//!
//! Certificates, and answers with a new nonce each time, from an authority in memory; a revocation
//! list of national size from an authority in memory and from one in a folder.
#![allow(missing_docs, reason = "criterion's macro makes a public function")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark works in a folder, and stops where something is wrong"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use criterion::BatchSize;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use ring::rand::SystemRandom;
use time::OffsetDateTime;
use time::macros::datetime;

use ruqsat::ca::Authority;
use ruqsat::ca::Founding;
use ruqsat::ca::OcspConduct;
use ruqsat::ca::Randomness;
use ruqsat::ca::Request;
use ruqsat::ca::store::Existing;
use ruqsat::ca::store::ListKind;
use ruqsat::ca::store::Store;
use ruqsat::cms::MessageImprint;
use ruqsat::cms::TimeStampReq;
use ruqsat::crypto::DigestAlgorithm;
use ruqsat::eds::CertificateUse;
use ruqsat::eds::Role;
use ruqsat::pki::ocsp::CertId;
use ruqsat::pki::ocsp::Nonce;
use ruqsat::pki::ocsp::OcspRequest;
use ruqsat::x509::CertificateList;

fn certificates(c: &mut Criterion) {
    let request = request();
    let mut group = c.benchmark_group("certificates");
    group.sample_size(10);
    group.throughput(Throughput::Elements(CERTIFICATES));
    for (name, seeded) in [("of a seed", true), ("of the system's randomness", false)] {
        group.bench_function(format!("{CERTIFICATES}, P-256, {name}"), |bencher| {
            let found = || match seeded {
                true => Authority::in_memory(7, FOUNDING).unwrap(),
                false => Authority::create(&Founding::at(FOUNDING), system()).unwrap(),
            };
            bencher.iter_batched(
                found,
                |authority| issue_all(authority, &request),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// The octets of all of them, so that none is left out.
fn issue_all(mut authority: Authority, request: &Request) -> usize {
    (0..CERTIFICATES)
        .map(|_| authority.issue(request).unwrap().leaf().as_der().len())
        .sum()
}

fn lists(c: &mut Criterion) {
    let folder = national_folder();
    let store = Store::open(&folder).unwrap();
    let mut authority = store.authority().unwrap();
    let list = authority.revocation_lists(NOW).unwrap().issuing;
    let entries = CertificateList::from_der(&list).unwrap().entries().count();
    assert_eq!(entries as u64, ENTRIES);
    let mut group = c.benchmark_group(format!("list of {ENTRIES} entries, {} bytes", list.len()));
    group.sample_size(10);
    group.bench_function("made in memory", |bencher| {
        bencher.iter(|| authority.revocation_lists(NOW).unwrap());
    });
    group.bench_function("written by the authority of a folder", |bencher| {
        bencher.iter(|| store.renew_lists(ListKind::Complete, NOW, None).unwrap());
    });
    group.finish();
}

/// An authority that has revoked as many certificates as a national one.
fn national_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("national-authority");
    Store::init(
        &folder,
        Existing::Replace,
        &Founding::at(FOUNDING),
        system(),
    )
    .unwrap();
    let path = folder.join("state.json");
    let state = fs::read_to_string(&path).unwrap();
    let mut revoked = String::from("\"revoked\": [");
    for number in 0..ENTRIES {
        let separator = if number == 0 { "" } else { "," };
        let serial = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        write!(
            revoked,
            "{separator}\n{{\"serial\":\"5a{serial:016x}{serial:016x}{:04x}\",\
             \"at\":\"2026-11-24T07:00:00Z\",\"reason\":\"cessationOfOperation\"}}",
            number % 0x10000
        )
        .unwrap();
    }
    revoked.push(']');
    assert!(state.contains("\"revoked\": []"));
    fs::write(path, state.replacen("\"revoked\": []", &revoked, 1)).unwrap();
    folder
}

/// Answers to questions that each carry a nonce of their own.
fn answers(c: &mut Criterion) {
    let mut authority = Authority::create(&Founding::at(FOUNDING), system()).unwrap();
    let signer = authority.issue(&request()).unwrap();
    let id = CertId::new(signer.leaf(), authority.issuing(), DigestAlgorithm::Sha1);
    let mut nonces = 0_u64..;
    let mut group = c.benchmark_group("answers");
    group.throughput(Throughput::Elements(1));
    group.bench_function("OCSP, P-256", |bencher| {
        let ask = || {
            let nonce = nonces.next().unwrap().to_be_bytes();
            OcspRequest::new([id.clone()], Some(Nonce::new(nonce).unwrap())).to_der()
        };
        let answer = |asked: Vec<u8>| {
            let conduct = OcspConduct::default();
            authority.answer_ocsp(&asked, NOW, &conduct).unwrap()
        };
        bencher.iter_batched(ask, answer, BatchSize::SmallInput);
    });
    let mut nonces = 0_u64..;
    group.bench_function("time-stamp, P-256", |bencher| {
        let ask = || {
            let nonce = nonces.next().unwrap().to_be_bytes();
            let imprint = MessageImprint::of(&nonce, DigestAlgorithm::Sha256);
            TimeStampReq::new(imprint, None, Some(&nonce)).to_der()
        };
        let answer = |asked: Vec<u8>| authority.answer_time_stamp(&asked, NOW, None).unwrap();
        bencher.iter_batched(ask, answer, BatchSize::SmallInput);
    });
    group.finish();
}

fn request() -> Request {
    Request {
        role: Role::Individual,
        name: "Ким Олег".parse().unwrap(),
        iin: "850214300129".parse().unwrap(),
        organisation: None,
        usage: CertificateUse::Signing,
        not_before: FOUNDING,
        not_after: None,
    }
}

fn system() -> Randomness {
    Randomness::System(SystemRandom::new())
}

const CERTIFICATES: u64 = 10_000;
const ENTRIES: u64 = 422_065;
const FOUNDING: OffsetDateTime = datetime!(2026-11-24 06:00 UTC);
const NOW: OffsetDateTime = datetime!(2026-11-24 08:00 UTC);

criterion_group!(benches, certificates, lists, answers);
criterion_main!(benches);
