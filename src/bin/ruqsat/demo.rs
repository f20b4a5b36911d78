//! `ruqsat demo`: the main job on sample data, and what the check is for.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use ring::rand::SystemRandom;
use ruqsat::ca::Founding;
use ruqsat::ca::Organisation;
use ruqsat::ca::Randomness;
use ruqsat::ca::Request;
use ruqsat::ca::store::Existing;
use ruqsat::ca::store::ListKind;
use ruqsat::ca::store::Store;
use ruqsat::crypto::Provider;
use ruqsat::document;
use ruqsat::document::RenderOptions;
use ruqsat::eds::CertificateUse;
use ruqsat::eds::Role;
use ruqsat::form::Edition;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::keys;
use ruqsat::keys::Identity;
use ruqsat::model::Document;
use ruqsat::model::FormName;
use ruqsat::model::Permit;
use ruqsat::report;
use ruqsat::report::Catalogue;
use ruqsat::verify::Evidence;
use ruqsat::verify::Policy;
use ruqsat::verify::Report;
use ruqsat::verify::Status;
use ruqsat::verify::verify;
use ruqsat::x509::CrlReason;
use time::Duration;
use time::OffsetDateTime;

use crate::args::DemoArgs;
use crate::editions::Editions;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::issue;
use crate::material::Material;
use crate::signing::SigningKey;
use crate::tamper;

/// Does the main job in a folder of its own.
pub(crate) fn run(args: &DemoArgs) -> Result<Exit, Failure> {
    let folder = Folder::create(&args.out)?;
    let moments = Moments::before(crate::now());
    let permit = sample()?;
    let authority = Authority::create(&folder, &permit, &moments)?;
    files::print_line(&format!(
        "1. Made a TEST authority in {}: a root, an issuing CA, its OCSP and time-stamp\n   \
         services, and a signer, {}.\n   \
         It is for practice: nothing signed with it has legal force.\n",
        folder.path("ca").display(),
        permit.signatory.name.ru
    ));

    let unsigned = typeset(&permit, moments.signing)?;
    let signed = authority
        .signer
        .sign(
            &unsigned,
            &folder.path(PERMIT),
            Some(&permit.clone().into()),
            moments.signing,
        )?
        .pdf;
    folder.write(PERMIT, &signed, Secrecy::Public)?;
    files::print_line(&format!(
        "2. Filled the permit {} with the sample data, in Kazakh and Russian, and signed it:\n   {}\n",
        permit.number,
        folder.path(PERMIT).display()
    ));

    let altered = alter(&signed, &permit)?;
    folder.write(ALTERED, &altered, Secrecy::Public)?;
    let stolen = authority
        .stolen
        .sign(
            &unsigned,
            &folder.path(REVOKED),
            Some(&permit.into()),
            moments.signing,
        )?
        .pdf;
    folder.write(REVOKED, &stolen, Secrecy::Public)?;
    files::print_line(&format!(
        "3. Made two files that look just as good in any viewer:\n   \
         {}: one digit of a limit changed after signing;\n   \
         {}: signed with a certificate that was revoked, because its key may be in\n   \
         other hands.\n",
        folder.path(ALTERED).display(),
        folder.path(REVOKED).display()
    ));

    files::print_line("4. Checked all three:\n");
    let mut expected = true;
    for (name, verdict) in [
        (PERMIT, Status::Valid),
        (ALTERED, Status::Invalid),
        (REVOKED, Status::Invalid),
    ] {
        expected &= check(&folder, name)?.status() == verdict;
    }
    if !expected {
        return Err(Failure::usage(
            "DEMO",
            "a verdict is not the one that it should be",
        ));
    }
    files::print_line(&next_steps(&folder));
    Ok(Exit::Success)
}

/// The folder of the demo; only files of its own names are replaced in it.
struct Folder {
    root: PathBuf,
}

impl Folder {
    fn create(root: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(root).map_err(|error| {
            Failure::usage("OUTPUT_FOLDER", format!("{}: {error}", root.display()))
        })?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn write(&self, name: &str, bytes: &[u8], secrecy: Secrecy) -> Result<(), Failure> {
        Output::new(&self.path(name), Overwrite::Replace)?.write(bytes, secrecy)
    }
}

/// What happens when; all of it lies before now, so that the lists are in force at once.
struct Moments {
    founding: OffsetDateTime,
    signing: OffsetDateTime,
    revocation: OffsetDateTime,
}

impl Moments {
    fn before(now: OffsetDateTime) -> Self {
        Self {
            founding: now - Duration::seconds(3),
            signing: now - Duration::seconds(2),
            revocation: now - Duration::seconds(1),
        }
    }
}

/// The keys of the demo.
struct Authority {
    signer: SigningKey,
    stolen: SigningKey,
}

impl Authority {
    fn create(folder: &Folder, permit: &Permit, moments: &Moments) -> Result<Self, Failure> {
        let randomness = Randomness::System(SystemRandom::new());
        let ca = folder.path("ca");
        let failure = |error: ruqsat::ca::Error| Failure::usage("CA", error.to_string());
        let store = Store::init(
            &ca,
            Existing::Replace,
            &Founding::at(moments.founding),
            randomness,
        )
        .map_err(failure)?;
        let request = Request {
            role: Role::Head,
            name: permit.signatory.name.kk.parse().map_err(failure)?,
            iin: permit.signatory.iin.clone(),
            organisation: Some(Organisation {
                name: permit.issuing_body.kk.clone(),
                bin: permit.issuing_body_bin.clone(),
            }),
            usage: CertificateUse::Signing,
            not_before: moments.founding,
            not_after: None,
        };
        let signer = store.issue(&request).map_err(failure)?;
        let stolen = store.issue(&request).map_err(failure)?;
        let serial = stolen.leaf().serial();
        let (at, reason) = (moments.revocation, CrlReason::KeyCompromise);
        store
            .revoke(serial, reason, at, ListKind::Complete, at)
            .map_err(failure)?;
        save_key(folder, &signer)?;
        folder.write(DATA, SAMPLE, Secrecy::Public)?;
        Ok(Self {
            signer: SigningKey::of(signer)?,
            stolen: SigningKey::of(stolen)?,
        })
    }
}

fn save_key(folder: &Folder, identity: &Identity) -> Result<(), Failure> {
    let name = folder.path(KEY);
    let file = keys::write_pkcs12(identity, PASSWORD, "TEST signer", &SystemRandom::new())
        .map_err(|error| crate::signing::key_failure(&error, &name))?;
    folder.write(KEY, &file, Secrecy::Private)?;
    folder.write(
        PASSWORD_FILE,
        format!("{PASSWORD}\n").as_bytes(),
        Secrecy::Private,
    )
}

fn sample() -> Result<Permit, Failure> {
    let (form, name) = (FormName::Permit, Path::new("the sample"));
    match issue::read_document(form, SAMPLE, name, &Editions::default())? {
        Document::Permit(permit) => Ok(permit),
        _ => Err(Failure::new(
            Exit::Internal,
            "INTERNAL",
            "the sample is no permit",
        )),
    }
}

fn typeset(permit: &Permit, time: OffsetDateTime) -> Result<Vec<u8>, Failure> {
    let options = RenderOptions::new(Language::KkRu, Medium::Electronic, time);
    Edition::builtin(&permit.edition)
        .map_err(|error| Failure::usage("DEMO", error.to_string()))
        .and_then(|edition| {
            document::render(&edition, permit, &options)
                .map_err(|error| Failure::usage("DEMO", error.to_string()))
        })
        .map(|document| document.pdf)
}

/// Changes the last digit of the first year's limit of emissions into the air.
fn alter(signed: &[u8], permit: &Permit) -> Result<Vec<u8>, Failure> {
    let cannot = || Failure::usage("DEMO", "the sample has no digit to change");
    let limits = permit.limits.totals.air.as_ref().ok_or_else(cannot)?;
    let (_, limit) = limits.iter().next().ok_or_else(cannot)?;
    tamper::change_last_digit(signed, &limit.printed())
        .map_err(|error| Failure::usage("DEMO", error.to_string()))?
        .ok_or_else(cannot)
}

fn check(folder: &Folder, name: &str) -> Result<Report, Failure> {
    let path = folder.path(name);
    let material = Material::trusted(&[folder.path("ca")])?;
    let evidence = Evidence {
        trust: material.trust_store(),
        lists: material.lists,
    };
    let file = files::read(&path)?;
    let report = verify(&file, &evidence, &Policy::new(&Provider), crate::now())
        .map_err(|error| Failure::usage("DEMO", error.to_string()))?;
    let catalogue = Catalogue::builtin();
    let name = path.to_string_lossy();
    files::print_line(&report::text(
        &report,
        &name,
        &catalogue,
        report::Language::En,
    ));
    Ok(report)
}

/// Commands that work when they are pasted: with the program as it was just called.
fn next_steps(folder: &Folder) -> String {
    let path = |name: &str| folder.path(name).display().to_string();
    let program = std::env::args()
        .next()
        .unwrap_or_else(|| "ruqsat".to_owned());
    format!(
        "Look at the three PDFs in a viewer, then try:\n\
         \n  {program} verify {altered} --trust {ca} --lang kk\
         \n  {program} verify {permit} --trust {ca} --json\
         \n  {program} issue {data} -o my-permit.pdf --key {key} --password-file {password}\
         \n\nThe authority answers OCSP, time-stamp and list requests of any client:\n\
         \n  {program} ca serve --ca {ca}",
        altered = path(ALTERED),
        permit = path(PERMIT),
        ca = path("ca"),
        data = path(DATA),
        key = path(KEY),
        password = path(PASSWORD_FILE),
    )
}

const SAMPLE: &[u8] = include_bytes!("../../../fixtures/permits/atyrau-2013.json");
const PERMIT: &str = "permit.pdf";
const ALTERED: &str = "permit-altered.pdf";
const REVOKED: &str = "permit-revoked.pdf";
const DATA: &str = "permit.json";
const KEY: &str = "signer.p12";
const PASSWORD_FILE: &str = "password.txt";
/// It protects a TEST key, and stands beside it.
const PASSWORD: &str = "demo";
