//! PKCS#12: the containers of NIST PKITS, one for each of its certificates.

use std::fs;

use ring::rand::SystemRandom;
use ruqsat::crypto::Provider;
use ruqsat::crypto::PublicKeyAlgorithm;
use ruqsat::crypto::SignatureVerifier;
use ruqsat::crypto::Signer;
use ruqsat::keys::Error;
use ruqsat::keys::Identity;
use ruqsat::keys::Pkcs12;
use ruqsat::x509::Certificate;

use crate::corpora::all_files;
use crate::corpora::folder;

const PASSWORD: &str = "password";
/// Those with keys of DSA, which nothing here signs with.
const OF_DSA: usize = 5;

#[test]
fn every_container_of_pkits_opens_and_holds_the_certificate_of_its_name() {
    let Some(folder) = folder("pkits") else {
        return;
    };
    let mut names: Vec<String> = fs::read_dir(folder.join("pkcs12"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut wrong = Vec::new();
    let mut of_dsa = 0;
    for name in &names {
        let file = fs::read(folder.join("pkcs12").join(name)).unwrap();
        let named = folder.join("certs").join(name).with_extension("crt");
        let named = Certificate::from_der(&fs::read(named).unwrap()).unwrap();
        match judge(&file, &named) {
            Ok(Key::Signs) => {}
            Ok(Key::Dsa) => of_dsa += 1,
            Err(defect) => wrong.push(format!("{name}: {defect}")),
        }
    }
    println!(
        "PKITS PKCS#12: {}/{}",
        names.len() - wrong.len(),
        names.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((names.len(), of_dsa), (405, OF_DSA));
}

enum Key {
    Signs,
    Dsa,
}

/// Whether the container holds the certificate and its key, and the key signs.
fn judge(file: &[u8], certificate: &Certificate) -> Result<Key, String> {
    let container = Pkcs12::open(file, PASSWORD).map_err(|error| error.to_string())?;
    if container.certificates() != [certificate.clone()] {
        return Err("other certificates".to_owned());
    }
    let [key] = container.keys() else {
        return Err(format!("{} keys", container.keys().len()));
    };
    let public = certificate.subject_public_key_octets();
    let signer = match key.signer(Some(public), SystemRandom::new()) {
        Ok(signer) => signer,
        Err(Error::UnsupportedKey { algorithm, .. }) => {
            return match algorithm == PublicKeyAlgorithm::Dsa.oid() {
                true => Ok(Key::Dsa),
                false => Err(format!("the key for {algorithm} is refused")),
            };
        }
        Err(error) => return Err(error.to_string()),
    };
    let signature = signer.sign(b"message").map_err(|error| error.to_string())?;
    let public = certificate.subject_public_key().unwrap();
    Provider
        .verify(signer.algorithm(), &public, b"message", &signature)
        .map_err(|error| error.to_string())?;
    Ok(Key::Signs)
}

#[test]
fn a_container_of_pkits_does_not_open_with_another_password_or_when_it_was_changed() {
    let Some(folder) = folder("pkits/pkcs12") else {
        return;
    };
    let file = fs::read(folder.join("TrustAnchorRootCertificate.p12")).unwrap();
    for password in ["", "Password", "password "] {
        let refused = Pkcs12::open(&file, password);
        assert!(matches!(refused, Err(Error::WrongPassword)), "{password:?}");
    }
    let mut opened = 0;
    for at in (0..file.len()).step_by(7) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        opened += usize::from(Pkcs12::open(&changed, PASSWORD).is_ok());
    }
    assert_eq!(opened, 0);
}

/// The national authority's TEST keys: BER around bags encrypted as in the nineties, GOST inside.
#[test]
fn the_twelve_national_containers_open_with_their_password() {
    let Some(folder) = folder("kz/gost2022") else {
        return;
    };
    let files = all_files(&folder);
    let containers = files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "p12"));
    let mut opened = 0;
    for path in containers {
        let file = fs::read(path).unwrap();
        let container = Pkcs12::open(&file, "Qwerty12")
            .unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        assert_eq!(container.keys().len(), 1);
        let holder = &container.certificates()[0];
        let refused = Identity::from_pkcs12(&file, "Qwerty12", &SystemRandom::new());
        assert!(
            matches!(refused, Err(Error::UnsupportedKey { .. })),
            "{refused:?}"
        );
        assert!(
            holder.subject().to_string().contains("ТЕСТ"),
            "{}",
            holder.subject()
        );
        let wrong = Pkcs12::open(&file, "qwerty12");
        assert!(matches!(wrong, Err(Error::WrongPassword)), "{wrong:?}");
        opened += 1;
    }
    assert_eq!(opened, 12);
}
