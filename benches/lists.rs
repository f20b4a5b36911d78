//! What a revocation list of national size costs: `cargo bench --bench lists`.
//!
//! 422,065 entries of 53 octets, as a national list has them: serial numbers of 20 octets, UTCTime,
//! a reasonCode in every one.
#![allow(missing_docs, reason = "criterion's macro makes a public function")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark makes its own keys, and stops where something is wrong"
)]

use std::hint::black_box;

use criterion::BatchSize;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use ring::rand::SystemRandom;
use time::OffsetDateTime;
use time::macros::datetime;

use ruqsat::crypto::Provider;
use ruqsat::crypto::PublicKeyAlgorithm;
use ruqsat::crypto::RingSigner;
use ruqsat::crypto::SignatureAlgorithm;
use ruqsat::crypto::Signer;
use ruqsat::crypto::SubjectPublicKey;
use ruqsat::crypto::generate_p256;
use ruqsat::x509::CertificateList;
use ruqsat::x509::SerialNumber;
use ruqsat::x509::der;
use ruqsat::x509::oids;

fn lists(c: &mut Criterion) {
    let random = SystemRandom::new();
    let pkcs8 = generate_p256(&random).unwrap();
    let signer = RingSigner::from_pkcs8(&pkcs8, None, random).unwrap();
    let key = SubjectPublicKey {
        algorithm: PublicKeyAlgorithm::P256,
        parameters: None,
        octets: signer.subject_public_key(),
    };
    let der = national(&signer);
    let mut group = c.benchmark_group(format!("list of {ENTRIES} entries, {} bytes", der.len()));
    group.sample_size(20);
    group.bench_function("read", |bencher| {
        bencher.iter_batched(
            || der.clone(),
            |der| CertificateList::from_vec(der).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("read, verify, find", |bencher| {
        bencher.iter_batched(
            || der.clone(),
            |der| {
                let list = CertificateList::from_vec(der).unwrap();
                list.verify_signature(&key, &Provider).unwrap();
                assert!(list.find(&serial(ENTRIES / 2)).is_some());
                list
            },
            BatchSize::PerIteration,
        );
    });
    let list = CertificateList::from_vec(der).unwrap();
    for (name, number) in [
        ("a serial number", ENTRIES / 2),
        ("one not listed", ENTRIES),
    ] {
        let wanted = serial(number);
        assert_eq!(list.find(&wanted).is_some(), number < ENTRIES);
        group.bench_function(format!("find {name}"), |bencher| {
            bencher.iter(|| list.find(black_box(&wanted)));
        });
    }
    group.finish();
}

/// A list signed by this key, of the national size and shape.
fn national(signer: &RingSigner) -> Vec<u8> {
    let algorithm = der::algorithm_identifier(&SignatureAlgorithm::EcdsaSha256.oid(), None);
    let reason = der::sequence(&[der::oid(&oids::CRL_REASONS), octets(&der::enumerated(5))]);
    let extensions = der::sequence(&[reason]);
    let date = der::utc_time(ISSUED);
    let entries: Vec<_> = (0..ENTRIES)
        .map(|number| {
            let serial = der::integer(serial(number).as_bytes());
            der::sequence(&[&serial, &date, &extensions])
        })
        .collect();
    let name = der::sequence(&[der::set_of(&[der::sequence(&[
        der::oid(&oids::COMMON_NAME),
        der::utf8_string("TEST"),
    ])])]);
    let tbs = der::sequence(&[
        der::unsigned(1),
        algorithm.clone(),
        name,
        der::utc_time(ISSUED),
        der::utc_time(ISSUED + time::Duration::DAY),
        der::sequence(&entries),
    ]);
    let signature = signer.sign(&tbs).unwrap();
    der::sequence(&[tbs, algorithm, der::bit_string(&signature)])
}

fn octets(content: &[u8]) -> Vec<u8> {
    der::octet_string(content)
}

/// 20 octets that look like random ones.
fn serial(number: u64) -> SerialNumber {
    let mut octets = [0x5a; 20];
    let mut state = number;
    for chunk in octets[1..].chunks_mut(8) {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mixed = (state ^ (state >> 29)).to_be_bytes();
        chunk.copy_from_slice(&mixed[..chunk.len()]);
    }
    SerialNumber::from_magnitude(&octets)
}

const ENTRIES: u64 = 422_065;
const ISSUED: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

criterion_group!(benches, lists);
criterion_main!(benches);
