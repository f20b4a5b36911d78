//! Certificates and revocation lists from files and folders.

use std::path::Path;
use std::path::PathBuf;

use ruqsat::crypto::Provider;
use ruqsat::pki::TrustStore;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;

use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;

/// What the caller gave to check against.
#[derive(Debug, Default)]
pub(crate) struct Material {
    /// In the order in which they were read.
    pub(crate) certificates: Vec<Certificate>,
    /// In the order in which they were read.
    pub(crate) lists: Vec<CertificateList>,
}

impl Material {
    /// Reads `--trust`: certificate files, or folders with certificates and, beside them or in a
    /// folder `crl`, the lists of their authorities.
    pub(crate) fn trusted(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut material = Self::default();
        for path in paths {
            let before = material.certificates.len();
            for file in certificate_files(path)? {
                material.certificates.extend(read_certificates(&file)?);
            }
            if material.certificates.len() == before {
                return Err(Failure::usage(
                    "TRUST_EMPTY",
                    format!("{} holds no certificate", path.display()),
                )
                .hint("name a root certificate (PEM or DER), or a folder that holds one"));
            }
            if path.is_dir() {
                material.add_lists_of(path)?;
                material.add_lists_of(&path.join("crl"))?;
            }
        }
        Ok(material)
    }

    /// Reads `--crl`: list files, or folders of them.
    pub(crate) fn add_lists(&mut self, paths: &[PathBuf]) -> Result<(), Failure> {
        for path in paths {
            if path.is_dir() {
                self.add_lists_of(path)?;
                continue;
            }
            let lists = CertificateList::all_from_bytes(&files::read(path)?).map_err(|error| {
                Failure::usage(
                    CRL_UNREADABLE,
                    format!(
                        "{} is not a certificate revocation list: {}",
                        path.display(),
                        with_causes(&error)
                    ),
                )
            })?;
            self.lists.extend(lists);
        }
        Ok(())
    }

    /// The trusted roots, and the issuers that came with them.
    pub(crate) fn trust_store(&self) -> TrustStore {
        TrustStore::new(self.certificates.iter().cloned(), &Provider)
    }

    /// What else lies in a folder is none of our business, so a file that is no list is passed
    /// over: the check then says that the list is missing.
    fn add_lists_of(&mut self, folder: &Path) -> Result<(), Failure> {
        if !folder.is_dir() {
            return Ok(());
        }
        for file in files::list(folder)? {
            if has_extension(&file, &["crl", "pem", "der"]) {
                let lists = CertificateList::all_from_bytes(&files::read(&file)?);
                self.lists.extend(lists.unwrap_or_default());
            }
        }
        Ok(())
    }
}

/// Reads `--chain`: certificates of issuers.
pub(crate) fn chain(paths: &[PathBuf]) -> Result<Vec<Certificate>, Failure> {
    let mut certificates = Vec::new();
    for path in paths {
        for file in certificate_files(path)? {
            certificates.extend(read_certificates(&file)?);
        }
    }
    Ok(certificates)
}

/// The certificates of a file: PEM with one or many, or DER with one.
pub(crate) fn read_certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let bytes = files::read(path)?;
    Certificate::all_from_bytes(&bytes).map_err(|error| {
        Failure::new(
            Exit::Usage,
            "CERTIFICATE_UNREADABLE",
            format!(
                "{} holds no certificate in PEM or DER: {}",
                path.display(),
                with_causes(&error)
            ),
        )
    })
}

fn certificate_files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = files::list(path)?;
    if path.is_dir() {
        found.retain(|file| has_extension(file, &["pem", "crt", "cer", "der"]));
    }
    Ok(found)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| extensions.contains(&extension))
}

/// A file that was named as a revocation list and is none.
pub(crate) const CRL_UNREADABLE: &str = "CRL_UNREADABLE";
