//! What `sign` and `issue` share: the key, its chain, the signature, and what is said about it.

use std::path::Path;

use ring::rand::SystemRandom;
use ruqsat::crypto::Provider;
use ruqsat::document::SignerRoles;
use ruqsat::keys;
use ruqsat::keys::Identity;
use ruqsat::model::Document;
use ruqsat::pdf;
use ruqsat::sign;
use ruqsat::sign::Chain;
use ruqsat::sign::Preflight;
use ruqsat::sign::SignOptions;
use ruqsat::x509::CertificateList;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::args::SigningArgs;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::failure::with_causes;
use crate::files;
use crate::material;
use crate::material::Material;

/// A key ready to sign, with the lists to ask first.
pub(crate) struct SigningKey {
    identity: Identity,
    chain: Chain,
    /// None: the caller gave no list, so revocation is not checked.
    lists: Option<Vec<CertificateList>>,
    signer_roles: SignerRoles,
}

impl SigningKey {
    /// Reads what the arguments name; none without `--key`.
    pub(crate) fn read(
        args: &SigningArgs,
        signer_roles: impl FnOnce() -> Result<SignerRoles, Failure>,
    ) -> Result<Option<Self>, Failure> {
        let Some(path) = &args.key else {
            return Ok(None);
        };
        let identity = read_identity(path, args.password_file.as_deref())?;
        let mut candidates = identity.issuers().to_vec();
        candidates.extend(material::chain(&args.chain)?);
        let chain = Chain::complete(identity.leaf().clone(), &candidates, &Provider)
            .map_err(|refusal| failure(&refusal.into(), path))?;
        let lists = if args.crl.is_empty() {
            None
        } else {
            let mut material = Material::default();
            material
                .add_lists(&args.crl)
                .map_err(|failure| match failure.code {
                    material::CRL_UNREADABLE => Failure {
                        exit: Exit::Outside,
                        ..failure
                    },
                    _ => failure,
                })?;
            Some(material.lists)
        };
        Ok(Some(Self {
            identity,
            chain,
            lists,
            signer_roles: signer_roles()?,
        }))
    }

    /// A key that has its issuers with it; revocation is not asked.
    pub(crate) fn of(identity: Identity) -> Result<Self, Failure> {
        let chain = Chain::complete(identity.leaf().clone(), identity.issuers(), &Provider)
            .map_err(|refusal| failure(&refusal.into(), Path::new("the key")))?;
        Ok(Self {
            identity,
            chain,
            lists: None,
            signer_roles: SignerRoles::builtin(),
        })
    }

    /// All that [`Self::sign`] checks before it signs.
    pub(crate) fn check(
        &self,
        pdf: &[u8],
        name: &Path,
        made_of: &Document,
        signing_time: OffsetDateTime,
    ) -> Result<(), Failure> {
        let options = self.options(Some(made_of), signing_time);
        let ready = sign::prepare(pdf, &self.chain, &options);
        ready.map(|_| ()).map_err(|error| failure(&error, name))
    }

    /// Signs a PDF and tells what was and what was not checked. `made_of` is the data of which the
    /// caller has just made it.
    pub(crate) fn sign(
        &self,
        pdf: &[u8],
        name: &Path,
        made_of: Option<&Document>,
        signing_time: OffsetDateTime,
    ) -> Result<Signed, Failure> {
        let options = self.options(made_of, signing_time);
        let ready =
            sign::prepare(pdf, &self.chain, &options).map_err(|error| failure(&error, name))?;
        let signer = self
            .identity
            .signer(&SystemRandom::new())
            .map_err(|error| key_failure(&error, name))?;
        let preflight = ready.preflight().clone();
        let pdf = ready
            .sign(&signer)
            .and_then(|cms| ready.embed(&cms))
            .map_err(|error| failure(&error, name))?;
        Ok(Signed { pdf, preflight })
    }

    fn options<'a>(
        &'a self,
        made_of: Option<&'a Document>,
        signing_time: OffsetDateTime,
    ) -> SignOptions<'a> {
        SignOptions {
            signing_time,
            lists: self.lists.as_deref(),
            made_of,
            signer_roles: &self.signer_roles,
            verifier: &Provider,
        }
    }
}

/// A signed PDF.
pub(crate) struct Signed {
    /// Its bytes.
    pub(crate) pdf: Vec<u8>,
    preflight: Preflight,
}

impl Signed {
    /// What the person who signed must know, one line each.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let until = self
            .preflight
            .provable_until
            .format(&Rfc3339)
            .unwrap_or_default();
        let mut remarks = vec![format!(
            "signed by {} (PAdES-B-B). Without a time-stamp the signature can be proven only until \
             the certificate ends: {}",
            self.preflight.signer, until
        )];
        let odd = self.preflight.warnings.iter();
        remarks.extend(odd.map(|warning| format!("warning: {warning}")));
        if !self.preflight.revocation_checked {
            remarks.push(
                "whether the certificate is revoked was NOT checked; give the authority's list \
                 with --crl"
                    .to_owned(),
            );
        }
        if !self.preflight.authority_checked {
            remarks.push(
                "the file has no permit data: the signer's right to sign it was NOT checked"
                    .to_owned(),
            );
        }
        remarks
    }
}

/// Why a key file cannot be used.
pub(crate) fn key_failure(error: &keys::Error, path: &Path) -> Failure {
    let (code, hint) = match error {
        keys::Error::WrongPassword => (
            "WRONG_PASSWORD",
            "the password is the first line of the file after --password-file",
        ),
        keys::Error::KeyMismatch => (
            "KEY_MISMATCH",
            "the key and its certificate must be issued together",
        ),
        keys::Error::UnsupportedKey { .. } => (
            "KEY_UNSUPPORTED",
            "this version signs with RSA from 2048 bits and ECDSA P-256",
        ),
        _ => (
            "KEY_UNREADABLE",
            "give a PKCS#12 file (.p12), or PEM with key and certificate",
        ),
    };
    let exit = match error {
        keys::Error::KeyMismatch => Exit::Refused,
        _ => Exit::Credential,
    };
    let message = format!("{}: {}", path.display(), with_causes(error));
    Failure::new(exit, code, message).hint(hint)
}

fn read_identity(path: &Path, password_file: Option<&Path>) -> Result<Identity, Failure> {
    let file = files::read(path)?;
    let random = SystemRandom::new();
    let is_pem = file.starts_with(b"-----") || file.windows(11).any(|part| part == b"-----BEGIN ");
    let identity = if is_pem {
        Identity::from_pem(&file, &random)
    } else {
        let Some(password_file) = password_file else {
            return Err(Failure::usage(
                "PASSWORD_FILE",
                format!("{} is protected by a password", path.display()),
            )
            .hint("write it into a file of its own and name that with --password-file"));
        };
        let password = files::read_password(password_file)?;
        Identity::from_pkcs12(&file, &password, &random)
    };
    identity.map_err(|error| key_failure(&error, path))
}

fn failure(error: &sign::Error, name: &Path) -> Failure {
    let name = name.display();
    match error {
        sign::Error::Refused(refusal) => {
            let failure = Failure::new(Exit::Refused, refusal.code(), refusal.to_string());
            match refusal_hint(refusal.code()) {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        }
        sign::Error::RevocationList(defect) => {
            Failure::new(Exit::Outside, defect.code(), error.to_string())
                .hint("get the current list of the authority that issued the certificate")
        }
        sign::Error::Pdf(pdf::Error::LimitReached(_)) => Failure::new(
            Exit::Unreadable,
            "CHECK_LIMIT_REACHED",
            format!("{name}: {error}"),
        ),
        sign::Error::Pdf(_) => {
            Failure::new(Exit::Unreadable, "FILE_DAMAGED", format!("{name}: {error}"))
        }
        _ => Failure::new(
            Exit::Credential,
            "SIGNING_FAILED",
            format!("{name}: {error}"),
        ),
    }
}

fn refusal_hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "ALREADY_SIGNED" => "sign the file that `ruqsat issue --for-signing` wrote",
        "CHAIN_INCOMPLETE" => "add the issuer's certificate with --chain",
        "FINISHED_UNSIGNED" => {
            "issue the document with --medium electronic; a questionnaire has no signature"
        }
        "DRAFT" => "issue the document with --for-signing or with --key",
        "WRONG_KEY_USAGE" => "use the signing certificate of the same person",
        "SIGNER_NO_AUTHORITY" => "a permit is signed by the head, or an employee with that right",
        _ => return None,
    })
}
