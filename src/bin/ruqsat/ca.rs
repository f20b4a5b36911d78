//! `ruqsat ca`: the TEST authority.

use std::path::PathBuf;

use ring::rand::SystemRandom;
use ruqsat::ca;
use ruqsat::ca::Founding;
use ruqsat::ca::Randomness;
use ruqsat::ca::store::Existing;
use ruqsat::ca::store::ListKind;
use ruqsat::ca::store::Store;
use ruqsat::eds::Role;
use ruqsat::eds::Subject;
use ruqsat::keys::Identity;
use ruqsat::x509::Certificate;
use ruqsat::x509::CrlReason;
use ruqsat::x509::Oid;
use ruqsat::x509::SerialNumber;
use time::OffsetDateTime;

use crate::args::CaCertificateArgs;
use crate::args::CaChangeArgs;
use crate::args::CaCrlArgs;
use crate::args::CaInitArgs;
use crate::args::CaListArgs;
use crate::args::CaRevokeArgs;
use crate::args::CaStatusArgs;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::material;
use crate::signing;

/// `ca init`
pub(crate) fn init(args: &CaInitArgs) -> Result<Exit, Failure> {
    let founding = Founding {
        algorithm: args.algorithm,
        base_url: args.base_url.clone(),
        at: args.at.unwrap_or_else(crate::now),
    };
    let randomness = match args.seed {
        Some(seed) => Randomness::seeded(seed),
        None => Randomness::System(SystemRandom::new()),
    };
    Store::init(&args.dir, Existing::Keep, &founding, randomness)
        .map_err(|error| failure(&error))?;
    files::tell(&format!(
        "created a TEST authority in {}: root, issuing CA, OCSP responder, TSA, and empty lists.\n\
         NOT FOR REAL DOCUMENTS. Trust it in a check with --trust {}",
        args.dir.display(),
        args.dir.display()
    ));
    Ok(Exit::Success)
}

/// `ca revoke`
pub(crate) fn revoke(args: &CaRevokeArgs) -> Result<Exit, Failure> {
    suspend_or_revoke(&args.change, args.reason)
}

/// `ca hold`
pub(crate) fn hold(args: &CaChangeArgs) -> Result<Exit, Failure> {
    suspend_or_revoke(args, CrlReason::CertificateHold)
}

fn suspend_or_revoke(args: &CaChangeArgs, reason: CrlReason) -> Result<Exit, Failure> {
    let change = Change::of(args)?;
    let Change { lists, at, now, .. } = change;
    Store::open(&args.certificate.ca)
        .and_then(|store| store.revoke(&change.serial, reason, at, lists, now))
        .map_err(|error| failure(&error))?;
    change.report(match reason {
        CrlReason::CertificateHold => "on hold",
        _ => "revoked",
    })
}

/// `ca release`
pub(crate) fn release(args: &CaChangeArgs) -> Result<Exit, Failure> {
    let change = Change::of(args)?;
    let Change { lists, at, now, .. } = change;
    Store::open(&args.certificate.ca)
        .and_then(|store| store.release(&change.serial, at, lists, now))
        .map_err(|error| failure(&error))?;
    change.report("released")
}

/// `ca crl`
pub(crate) fn crl(args: &CaCrlArgs) -> Result<Exit, Failure> {
    let now = args.clock.unwrap_or_else(crate::now);
    let kind = list_kind(args.delta);
    let number = Store::open(&args.ca)
        .and_then(|store| store.renew_lists(kind, now, args.next_update))
        .map_err(|error| failure(&error))?;
    files::tell(&format!(
        "the {} in {} have the number {number}",
        list_name(kind),
        args.ca.join("crl").display()
    ));
    Ok(Exit::Success)
}

/// `ca list`
pub(crate) fn list(args: &CaListArgs) -> Result<Exit, Failure> {
    let now = args.clock.unwrap_or_else(crate::now);
    let certificates = Store::open(&args.ca)
        .and_then(|store| store.certificates(now))
        .map_err(|error| failure(&error))?;
    for (certificate, status) in certificates {
        let subject = Subject::of(&certificate);
        let role = subject
            .role
            .map_or_else(|| part(&certificate), Role::as_str);
        let serial = certificate.serial();
        files::print_line(&format!("{serial}  {role}  {status}  {}", subject.name));
    }
    Ok(Exit::Success)
}

/// Which part of the authority itself a certificate is of.
fn part(certificate: &Certificate) -> &'static str {
    let purposes = certificate.extended_key_usage().unwrap_or_default();
    match certificate.basic_constraints() {
        Some(constraints) if constraints.ca => "ca",
        _ if purposes.contains(&TIME_STAMPING) => "tsa",
        _ if purposes.contains(&OCSP_SIGNING) => "ocsp",
        _ => "-",
    }
}

/// `ca status`
pub(crate) fn status(args: &CaStatusArgs) -> Result<Exit, Failure> {
    let now = args.clock.unwrap_or_else(crate::now);
    let serial = serial(&args.certificate)?;
    let (_, status) = Store::open(&args.certificate.ca)
        .and_then(|store| store.certificate(&serial, now))
        .map_err(|error| failure(&error))?;
    files::print_line(&status.to_string());
    Ok(Exit::Success)
}

/// A change of a certificate's status, as the arguments ask for it.
struct Change {
    serial: SerialNumber,
    at: OffsetDateTime,
    now: OffsetDateTime,
    lists: ListKind,
    folder: PathBuf,
}

impl Change {
    fn of(args: &CaChangeArgs) -> Result<Self, Failure> {
        let now = args.clock.unwrap_or_else(crate::now);
        let at = args.at.unwrap_or(now);
        Ok(Self {
            serial: serial(&args.certificate)?,
            at,
            // A list that names a later revocation would be older than what it tells.
            now: now.max(at),
            lists: list_kind(args.delta),
            folder: args.certificate.ca.join("crl"),
        })
    }

    fn report(&self, what: &str) -> Result<Exit, Failure> {
        files::tell(&format!(
            "{what}; the {} in {} are rewritten",
            list_name(self.lists),
            self.folder.display()
        ));
        Ok(Exit::Success)
    }
}

fn list_kind(delta: bool) -> ListKind {
    if delta {
        ListKind::Delta
    } else {
        ListKind::Complete
    }
}

fn list_name(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Complete => "lists",
        ListKind::Delta => "delta lists",
    }
}

/// The serial number of a certificate file, or the hexadecimal number itself.
fn serial(args: &CaCertificateArgs) -> Result<SerialNumber, Failure> {
    if let Some(password_file) = &args.password_file {
        let password = files::read_password(password_file)?;
        let file = files::read(&args.certificate)?;
        let identity = Identity::from_pkcs12(&file, &password, &SystemRandom::new())
            .map_err(|error| signing::key_failure(&error, &args.certificate))?;
        return Ok(identity.leaf().serial().clone());
    }
    if args.certificate.exists() {
        let certificates = material::read_certificates(&args.certificate)?;
        let first = certificates
            .first()
            .map(|certificate| certificate.serial().clone());
        return first.ok_or_else(|| {
            Failure::usage(
                "CERTIFICATE_UNREADABLE",
                format!("{} holds no certificate", args.certificate.display()),
            )
        });
    }
    let text = args.certificate.to_string_lossy();
    text.parse().map_err(|_| {
        Failure::usage(
            "CERTIFICATE_UNREADABLE",
            format!("{text} is neither a file nor a serial number in hex"),
        )
    })
}

pub(crate) fn failure(error: &ca::Error) -> Failure {
    let failure = Failure::usage("CA", with_causes(error));
    match error {
        ca::Error::Exists { .. } => {
            failure.hint("name another folder: everything that it issued would become worthless")
        }
        _ => failure,
    }
}

const OCSP_SIGNING: Oid = Oid::new("1.3.6.1.5.5.7.3.9");
const TIME_STAMPING: Oid = Oid::new("1.3.6.1.5.5.7.3.8");
