//! Ours beside OpenSSL, certval and pyHanko in one run:
//!
//! - a path of three RSA-2048 certificates with two lists, everything from bytes (*cold*), and with
//!   what each can keep from an earlier check (*warm*);
//! - all of PKITS, everything from bytes.
//!
//! Each loops inside its own process, so that no start of a process is measured. From the root:
//! `cargo run --release --locked --manifest-path bench-peers/compare/Cargo.toml -- CORPORA PYTHON`,
//! where PYTHON has `pyhanko-certvalidator`.

#[path = "../../../benches/material/mod.rs"]
mod material;
mod openssl_judge;
mod peer;
mod stopwatch;

use std::hint::black_box;
use std::path::PathBuf;
use std::process::ExitCode;

use ruqsat::x509::Certificate;

use material::Case;
use material::ThreeCertificates;
use material::ours;
use peer::Figures;
use stopwatch::microseconds;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(corpora), Some(python)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: compare CORPORA PYTHON");
        return ExitCode::from(2);
    };
    let folder = std::env::temp_dir().join(format!("ruqsat-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the material");
    let material = ThreeCertificates::new();
    material.write_to(&folder);
    let pkits = corpora.join("pkits");
    let (cases, anchor) = material::pkits(&pkits);

    let bare = bare(&material);
    println!("one bare RSA-2048 verification (ring, SHA-256): {bare:.1} µs\n");
    println!(
        "{:<10}{:>12}{:>8}{:>12}{:>8}{:>14}{:>10}",
        "", "cold µs", "bare", "warm µs", "bare", "PKITS ms", "right"
    );
    let ours = ours(&material, &cases, &anchor);
    ours.print("ours", bare);
    openssl(&material, &cases, &anchor).print("OpenSSL", bare);
    let peers = [
        ("certval", peer::certval(&folder, &pkits)),
        ("pyHanko", peer::pyhanko(&python, &folder, &pkits)),
    ];
    for (name, figures) in peers {
        match figures {
            Ok(figures) => figures.print(name, bare),
            Err(error) => println!("{name:<10}{error}"),
        }
    }
    println!(
        "\nwarm: ours and certval keep verified signatures (ours of the lists, certval of the certificates"
    );
    println!("too); OpenSSL and pyHanko verify all four again, with everything read before");
    let _ = std::fs::remove_dir_all(&folder);
    let goals = [
        (
            "cold, at most 6 bare verifications",
            ours.cold / bare <= 6.0,
        ),
        (
            "warm, at most 3 bare verifications",
            ours.warm / bare <= 3.0,
        ),
        ("PKITS, at most 100 ms", ours.pkits <= 100_000.0),
    ];
    for (goal, is_met) in goals {
        println!("{goal}: {}", if is_met { "met" } else { "MISSED" });
    }
    ExitCode::from(u8::from(goals.iter().any(|(_, is_met)| !is_met)))
}

fn bare(material: &ThreeCertificates) -> f64 {
    let ca = Certificate::from_der(&material.ca).expect("the CA's certificate");
    let leaf = Certificate::from_der(&material.leaf).expect("the leaf");
    let key = ca.subject_public_key().expect("an RSA key");
    let verifier: &ring::signature::RsaParameters = &ring::signature::RSA_PKCS1_2048_8192_SHA256;
    let key = ring::signature::UnparsedPublicKey::new(verifier, key.octets);
    microseconds(|| {
        key.verify(black_box(leaf.tbs()), leaf.signature())
            .expect("it holds")
    })
}

fn ours(material: &ThreeCertificates, cases: &[Case], anchor: &[u8]) -> Figures {
    let proof = ours::cold(material);
    let right = |case: &&Case| ours::is_valid(case, anchor) == case.is_valid;
    Figures {
        cold: microseconds(|| ours::cold(black_box(material))),
        warm: microseconds(|| ours::warm(black_box(material), proof.verified_lists())),
        pkits: microseconds(|| cases.iter().filter(right).count()),
        right: cases.iter().filter(right).count(),
    }
}

fn openssl(material: &ThreeCertificates, cases: &[Case], anchor: &[u8]) -> Figures {
    let ready = openssl_judge::Ready::new(material).expect("OpenSSL reads the material");
    assert!(
        ready.verify() && openssl_judge::cold(material),
        "OpenSSL finds the path valid"
    );
    let right = |case: &&Case| openssl_judge::is_valid(case, anchor) == case.is_valid;
    Figures {
        cold: microseconds(|| openssl_judge::cold(black_box(material))),
        warm: microseconds(|| ready.verify()),
        pkits: microseconds(|| cases.iter().filter(right).count()),
        right: cases.iter().filter(right).count(),
    }
}
