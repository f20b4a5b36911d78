//! `ruqsat ca`: the TEST authority.

use std::path::Path;

use ring::rand::SystemRandom;
use ruqsat::ca;
use ruqsat::ca::Application;
use ruqsat::ca::CertificateKind;
use ruqsat::ca::Holder;
use ruqsat::ca::Organisation;
use ruqsat::ca::store::Existing;
use ruqsat::ca::store::Store;
use ruqsat::eds::Role;
use ruqsat::keys;
use ruqsat::keys::Identity;
use ruqsat::x509::SerialNumber;
use time::OffsetDateTime;

use crate::args::CaIssueArgs;
use crate::args::CaRevokeArgs;
use crate::args::GenerationName;
use crate::args::UseName;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::material;
use crate::signing;

/// `ca init`
pub(crate) fn init(dir: &Path, at: Option<OffsetDateTime>) -> Result<Exit, Failure> {
    let now = at.unwrap_or_else(crate::now);
    Store::init(dir, Existing::Keep, now, &SystemRandom::new()).map_err(|error| failure(&error))?;
    eprintln!(
        "created a TEST authority in {}: root, issuing CA, an empty revocation list for each.\n\
         NOT FOR REAL DOCUMENTS. Trust it in a check with --trust {}",
        dir.display(),
        dir.display()
    );
    Ok(Exit::Success)
}

/// `ca issue`
pub(crate) fn issue(args: &CaIssueArgs) -> Result<Exit, Failure> {
    let output = Output::new(&args.output, Overwrite::forced(args.force))?;
    let password = files::read_password(&args.password_file)?;
    let application = application(args)?;
    let random = SystemRandom::new();
    let identity = Store::open(&args.ca)
        .and_then(|store| store.issue(application, &random))
        .map_err(|error| failure(&error))?;
    let file = keys::write_pkcs12(&identity, &password, &args.name)
        .map_err(|error| signing::key_failure(&error, &args.output))?;
    output.write(&file, Secrecy::Private)?;
    eprintln!(
        "issued a TEST certificate, serial {}",
        identity.leaf().serial()
    );
    Ok(Exit::Success)
}

/// `ca revoke`
pub(crate) fn revoke(args: &CaRevokeArgs) -> Result<Exit, Failure> {
    let serial = serial(args)?;
    let now = crate::now();
    let at = args.at.unwrap_or(now);
    let random = SystemRandom::new();
    Store::open(&args.ca)
        .and_then(|store| store.revoke(&serial, args.reason, at, now.max(at), &random))
        .map_err(|error| failure(&error))?;
    eprintln!(
        "revoked; the lists in {} are rewritten",
        args.ca.join("crl").display()
    );
    Ok(Exit::Success)
}

fn application(args: &CaIssueArgs) -> Result<Application, Failure> {
    let organisation = match (&args.bin, &args.org) {
        (Some(bin), Some(name)) => Some(Organisation {
            name: name.clone(),
            bin: bin.parse().map_err(|error| refused("BIN", bin, &error))?,
        }),
        (None, None) => None,
        _ => {
            return Err(Failure::usage(
                "ORGANISATION",
                "an organisation has both a number and a name",
            )
            .hint("give --bin and --org together"));
        }
    };
    Ok(Application {
        role: args.role,
        holder: holder(args)?,
        organisation,
        kind: kind(args)?,
        not_before: args.not_before.unwrap_or_else(crate::now),
        not_after: args.not_after,
    })
}

fn holder(args: &CaIssueArgs) -> Result<Holder, Failure> {
    match (&args.iin, args.role) {
        (Some(iin), _) => Ok(Holder::Person {
            name: args
                .name
                .parse()
                .map_err(|error: ca::Error| failure(&error))?,
            iin: iin.parse().map_err(|error| refused("IIN", iin, &error))?,
        }),
        (None, Role::System) => Ok(Holder::System {
            name: args.name.clone(),
        }),
        (None, role) => Err(failure(&ca::Error::NoPerson(role)).hint("give --iin")),
    }
}

fn kind(args: &CaIssueArgs) -> Result<CertificateKind, Failure> {
    match (args.generation, args.usage) {
        (None | Some(GenerationName::Of2022), UseName::Sign) => Ok(CertificateKind::Single),
        (Some(GenerationName::Legacy), UseName::Sign) => Ok(CertificateKind::LegacySigning),
        (None | Some(GenerationName::Legacy), UseName::Auth) => {
            Ok(CertificateKind::LegacyAuthentication)
        }
        (Some(GenerationName::Of2022), UseName::Auth) => Err(Failure::usage(
            "GENERATION",
            "since 2022 there are no certificates for log-in alone",
        )
        .hint("give --generation legacy with --use auth")),
    }
}

fn refused(what: &str, value: &str, error: &impl std::fmt::Display) -> Failure {
    Failure::new(
        Exit::Refused,
        "PERMIT_DATA",
        format!("{what} {value}: {error}"),
    )
}

/// The serial number of a certificate file, or the hexadecimal number itself.
fn serial(args: &CaRevokeArgs) -> Result<SerialNumber, Failure> {
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

fn failure(error: &ca::Error) -> Failure {
    let failure = Failure::usage("CA", with_causes(error));
    match error {
        ca::Error::Exists { .. } => {
            failure.hint("name another folder: everything that it issued would become worthless")
        }
        _ => failure,
    }
}
