//! `ruqsat ca issue`: a certificate, with its key or for somebody else's.

use std::path::Path;

use ruqsat::ca;
use ruqsat::ca::Application;
use ruqsat::ca::CertificateKind;
use ruqsat::ca::Holder;
use ruqsat::ca::Organisation;
use ruqsat::ca::store::ListKind;
use ruqsat::ca::store::Store;
use ruqsat::crypto::Provider;
use ruqsat::eds::Role;
use ruqsat::keys;
use ruqsat::keys::Pkcs12Contents;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificationRequest;
use ruqsat::x509::SerialNumber;

use crate::args::CaIssueArgs;
use crate::args::GenerationName;
use crate::args::UseName;
use crate::ca::failure;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::files::Output;
use crate::files::Overwrite;
use crate::files::Secrecy;
use crate::signing;

/// `ca issue`
pub(crate) fn issue(args: &CaIssueArgs) -> Result<Exit, Failure> {
    let output = Output::new(&args.output, Overwrite::forced(args.force))?;
    let application = application(args)?;
    let store = Store::open(&args.ca).map_err(|error| failure(&error))?;
    let serial = match &args.csr {
        Some(csr) => certify(&store, args, csr, application, &output)?,
        None => issue_with_key(&store, args, application, &output)?,
    };
    files::tell(&format!("issued a TEST certificate, serial {serial}"));
    if let Some(reason) = args.revoked {
        files::tell(&format!(
            "revoked at once ({reason}); the lists are rewritten"
        ));
    }
    if let Some(defect) = args.defect {
        files::tell(&format!("with a defect: {}", defect.sentence()));
    }
    Ok(Exit::Success)
}

/// Certifies the key of a request, which stays where it is.
fn certify(
    store: &Store,
    args: &CaIssueArgs,
    csr: &Path,
    application: Application,
    output: &Output,
) -> Result<SerialNumber, Failure> {
    let unreadable = |error: &dyn std::error::Error| {
        let message = format!("{}: {}", csr.display(), with_causes(error));
        Failure::new(Exit::Unreadable, "CSR_UNREADABLE", message)
            .hint("give a certification request (PKCS#10), PEM or DER")
    };
    let request =
        CertificationRequest::from_bytes(&files::read(csr)?).map_err(|error| unreadable(&error))?;
    let key = request.proven_public_key(&Provider).map_err(|error| {
        let message = format!("{}: {}", csr.display(), with_causes(&error));
        Failure::new(Exit::Refused, "CSR_NOT_PROVEN", message).hint(
            "the request must be signed with the key that it is for: RSA from 2048 bits or ECDSA",
        )
    })?;
    let certificate = store
        .certify(&key, application)
        .map_err(|error| failure(&error))?;
    revoke_at_once(store, args, &certificate)?;
    output.write(certificate.to_pem().as_bytes(), Secrecy::Public)?;
    Ok(certificate.serial().clone())
}

/// Makes a key, certifies it, and writes both with the issuers of the certificate.
fn issue_with_key(
    store: &Store,
    args: &CaIssueArgs,
    application: Application,
    output: &Output,
) -> Result<SerialNumber, Failure> {
    // Before a certificate is noted whose key could then not be written.
    let container = Container::of(args)?;
    let algorithm = match args.algorithm {
        Some(algorithm) => Ok(algorithm),
        None => store
            .authority()
            .and_then(|authority| authority.algorithm()),
    };
    let algorithm = algorithm.map_err(|error| failure(&error))?;
    if let Some(defect) = args.defect {
        let issued = store.issue_defective(defect, algorithm, application);
        let issued = issued.map_err(|error| failure(&error))?;
        container.write(store, (&issued).into(), output)?;
        return Ok(issued.right.serial().clone());
    }
    let issued = store.issue_with(algorithm, application);
    let issued = issued.map_err(|error| failure(&error))?;
    revoke_at_once(store, args, issued.leaf())?;
    container.write(store, (&issued).into(), output)?;
    Ok(issued.leaf().serial().clone())
}

/// Does what `--revoked` asks for, before anybody is given the certificate.
fn revoke_at_once(
    store: &Store,
    args: &CaIssueArgs,
    certificate: &Certificate,
) -> Result<(), Failure> {
    let Some(reason) = args.revoked else {
        return Ok(());
    };
    let (serial, at) = (certificate.serial(), certificate.not_before());
    let now = crate::now().max(at);
    store
        .revoke(serial, reason, at, ListKind::Complete, now)
        .map_err(|error| failure(&error))
}

/// What key and certificates are written into.
enum Container<'a> {
    Pem,
    Pkcs12 { password: String, name: &'a str },
    LegacyPkcs12 { password: String },
}

impl<'a> Container<'a> {
    fn of(args: &'a CaIssueArgs) -> Result<Self, Failure> {
        if args.pem {
            return Ok(Self::Pem);
        }
        let Some(password_file) = &args.password_file else {
            return Err(Failure::usage(
                "PASSWORD_FILE",
                "a PKCS#12 file is protected by a password",
            )
            .hint("write it into a file of its own and name that with --password-file"));
        };
        let password = files::read_password(password_file)?;
        for text in [&password, &args.name] {
            keys::check_pkcs12_text(text)
                .map_err(|error| Failure::usage("PKCS12_TEXT", with_causes(&error)))?;
        }
        Ok(match args.legacy {
            true => Self::LegacyPkcs12 { password },
            false => Self::Pkcs12 {
                password,
                name: &args.name,
            },
        })
    }

    fn write(
        &self,
        store: &Store,
        contents: Pkcs12Contents<'_>,
        output: &Output,
    ) -> Result<(), Failure> {
        let file = match self {
            Self::Pem => {
                return output.write(contents.to_pem().as_bytes(), Secrecy::Private);
            }
            Self::Pkcs12 { password, name } => {
                let random = store.fork_randomness().map_err(|error| failure(&error))?;
                keys::write_pkcs12(contents, password, name, &random)
            }
            Self::LegacyPkcs12 { password } => {
                let random = store.fork_randomness().map_err(|error| failure(&error))?;
                keys::write_legacy_pkcs12(contents, password, &random)
            }
        };
        let file = file.map_err(|error| signing::key_failure(&error, output.path()))?;
        output.write(&file, Secrecy::Private)
    }
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
        not_before: args.not_before.or(args.clock).unwrap_or_else(crate::now),
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
