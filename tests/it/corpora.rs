//! Public test data, where the environment variable RUQSAT_CORPORA names its folder.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use ruqsat::crypto::Provider;
use ruqsat::pdf;
use ruqsat::pdf::Limits;
use ruqsat::pdf::Pdf;
use ruqsat::pki::check_profile;
use ruqsat::verify::Policy;
use ruqsat::verify::Status;
use ruqsat::verify::verify;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::der::Reader;

use crate::support::CHECKING;
use crate::support::World;

/// Broken, circular, encrypted and signed files of pyHanko's tests: each is read or refused with an
/// error of its own, none panics, and none is valid under a root that signed none of them.
#[test]
fn foreign_files_are_read_or_refused_and_never_valid() {
    let Some(files) = files("pdf", &["pdf"]) else {
        return;
    };
    let evidence = World::new().evidence();
    let policy = Policy::new(&Provider);
    let mut opened = 0;
    for path in &files {
        let file = fs::read(path).unwrap();
        opened += usize::from(Pdf::open(&file, &Limits::default()).is_ok());
        let report = verify(&file, &evidence, &policy, CHECKING);
        let status = report.map(|report| report.status());
        assert_ne!(status.ok(), Some(Status::Valid), "{}", path.display());
    }
    println!("{opened} of {} files opened", files.len());
    assert!(
        files.len() >= 130 && opened >= 90,
        "{opened} of {}",
        files.len()
    );
}

#[test]
fn an_encrypted_file_is_called_encrypted() {
    let Some(folder) = folder("pdf") else { return };
    for name in [
        "minimal-aes256.pdf",
        "minimal-rc4.pdf",
        "minimal-pubkey-aes256.pdf",
    ] {
        let file = fs::read(folder.join(name)).unwrap();
        let error = Pdf::open(&file, &Limits::default()).unwrap_err();
        assert_eq!(error, pdf::Error::Encrypted, "{name}");
    }
}

/// TEST certificates and lists of the national authority, and those of NIST PKITS.
#[test]
fn foreign_certificates_and_lists_are_read() {
    let Some(root) = folder("") else { return };
    let mut certificates = 0;
    let mut lists = 0;
    for path in all_files(&root) {
        let of_interest = ["kz", "pkits"]
            .iter()
            .any(|name| path.starts_with(root.join(name)));
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension {
            Some("crt" | "cer") if of_interest => {
                Certificate::all_from_bytes(&fs::read(&path).unwrap())
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                certificates += 1;
            }
            Some("crl") if of_interest => {
                CertificateList::all_from_bytes(&fs::read(&path).unwrap())
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                lists += 1;
            }
            _ => {}
        }
    }
    println!("{certificates} certificates, {lists} lists");
    assert!(
        certificates >= 405 && lists >= 173,
        "{certificates}, {lists}"
    );
}

/// Roots, CAs and end entities of both generations of the national TEST authority, and its services,
/// whose certificates stand in their answers, keep the profile that documents are verified by.
#[test]
fn national_certificates_keep_the_profile() {
    let Some(root) = folder("kz") else { return };
    let mut judged = 0;
    for path in all_files(&root) {
        for certificate in certificates_in(&fs::read(&path).unwrap()) {
            let issuer = (!certificate.is_self_issued()).then_some(&certificate);
            let judgement = check_profile(&certificate, issuer);
            assert_eq!(judgement, Ok(()), "{}", path.display());
            judged += 1;
        }
    }
    println!("{judged} national certificates");
    assert!(judged >= 13, "{judged}");
}

/// Every certificate that the bytes hold, as they are or inside something else.
fn certificates_in(file: &[u8]) -> Vec<Certificate> {
    if let Ok(certificates) = Certificate::all_from_bytes(file) {
        return certificates;
    }
    (0..file.len())
        .filter_map(|start| {
            let element = Reader::der(&file[start..]).any().ok()?;
            Certificate::from_der(element.raw).ok()
        })
        .collect()
}

pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("RUQSAT_CORPORA");
    if root.is_none() {
        println!("skipped: RUQSAT_CORPORA names no folder of test data");
    }
    root.map(|root| Path::new(&root).join(name))
}

pub(crate) fn files(name: &str, extensions: &[&str]) -> Option<Vec<PathBuf>> {
    let mut files = all_files(&folder(name)?);
    files.retain(|path| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    });
    Some(files)
}

pub(crate) fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
