//! Certificates with one defect each.

use time::Duration;

use crate::ca::Application;
use crate::ca::Authority;
use crate::ca::Defect;
use crate::ca::Error;
use crate::ca::defective_issuers::NAME;
use crate::ca::extensions;
use crate::ca::tbs_certificate::TbsCertificate;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::Signer;
use crate::crypto::SubjectPublicKey;
use crate::crypto::generate_rsa;
use crate::crypto::test_keys::WeakSigner;
use crate::eds;
use crate::eds::Role;
use crate::keys::KeyAlgorithm;
use crate::keys::Pkcs12Contents;
use crate::keys::PrivateKey;
use crate::x509;
use crate::x509::Certificate;
use crate::x509::Extension;
use crate::x509::Name;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::oids;

/// A key, and a certificate for it with something wrong, perhaps so that nobody can read it.
#[derive(Clone, Debug)]
pub struct DefectiveIdentity {
    /// The holder's key.
    pub key: PrivateKey,
    /// The certificate.
    pub leaf: Vec<u8>,
    /// Its issuer, and those between that one and the root.
    pub issuers: Vec<Certificate>,
    /// The same certificate without the defect, which the authority remembers. Its serial number is
    /// the one to revoke, whatever stands in the defective one.
    pub right: Certificate,
}

impl<'a> From<&'a DefectiveIdentity> for Pkcs12Contents<'a> {
    fn from(identity: &'a DefectiveIdentity) -> Self {
        Self {
            key: &identity.key,
            leaf: &identity.leaf,
            issuers: &identity.issuers,
        }
    }
}

impl Authority {
    /// Makes a new key and a certificate with one defect for it. What the authority remembers is
    /// the right certificate with the same serial number.
    ///
    /// # Errors
    ///
    /// [`Error::DefectDoesNotApply`] when nothing is there to be wrong, such as the BIN of a natural
    /// person; else as [`Authority::certify`].
    pub fn issue_defective(
        &mut self,
        defect: Defect,
        algorithm: KeyAlgorithm,
        application: impl Into<Application>,
    ) -> Result<DefectiveIdentity, Error> {
        let application = application.into();
        let role = application.role;
        let applies = match defect {
            Defect::BadBin | Defect::NoBin => application.organisation.is_some(),
            Defect::BadIin | Defect::NoIin => role != Role::System,
            _ => true,
        };
        if !applies {
            return Err(Error::DefectDoesNotApply { defect, role });
        }
        let key = match defect {
            Defect::WeakKey => PrivateKey::from_pkcs8(generate_rsa(WEAK_BITS, self.randomness())?),
            _ => PrivateKey::generate(algorithm, self.randomness())?,
        };
        let holder = WeakSigner::from_pkcs8(key.as_pkcs8(), DigestAlgorithm::Sha256)?;
        let public_key = SubjectPublicKey {
            algorithm: public_key_algorithm(&holder),
            parameters: None,
            octets: holder.subject_public_key(),
        };
        let right = self.certify(&public_key, application)?;
        let (leaf, issuers) = self.spoil(defect, &right)?;
        Ok(DefectiveIdentity {
            key,
            leaf,
            issuers,
            right,
        })
    }

    /// The certificate with its defect, and who issued it.
    fn spoil(
        &self,
        defect: Defect,
        right: &Certificate,
    ) -> Result<(Vec<u8>, Vec<Certificate>), Error> {
        let issuing = &self.units().issuing;
        let mut fields = TbsCertificate::of(right);
        if let Some(issuers) = self.wrong_issuers(defect)? {
            let leaf = issuers.last().map(|issuer| issuer.sign(fields));
            let leaf = leaf.transpose()?.unwrap_or_default();
            let mut chain: Vec<_> = issuers.into_iter().map(|it| it.certificate).collect();
            chain.reverse();
            if defect != Defect::Impostor {
                chain.push(issuing.certificate.clone());
            }
            return Ok((leaf, chain));
        }
        change(&mut fields, defect)?;
        let signer = issuing.signer();
        let leaf = match defect {
            Defect::AlgorithmMismatch => sign_with_mismatch(&fields, signer)?,
            Defect::BadSignature => {
                let mut leaf = fields.sign(signer)?;
                if let Some(last) = leaf.last_mut() {
                    *last ^= 1;
                }
                leaf
            }
            Defect::Sha1Signature => {
                let pkcs8 = issuing.key.as_pkcs8();
                fields.sign(&WeakSigner::from_pkcs8(pkcs8, DigestAlgorithm::Sha1)?)?
            }
            _ => fields.sign(signer)?,
        };
        Ok((leaf, vec![issuing.certificate.clone()]))
    }
}

/// Changes the fields that a defect is in.
fn change(fields: &mut TbsCertificate, defect: Defect) -> Result<(), Error> {
    match defect {
        Defect::BadBin | Defect::BadIin | Defect::NoBin | Defect::NoIin | Defect::NoSubject => {
            fields.subject = changed_subject(&fields.subject, defect)?;
        }
        Defect::Expired => {
            fields.not_after = fields.not_before - Duration::DAY;
            fields.not_before = fields.not_after - YEAR;
        }
        Defect::NotYetValid => {
            fields.not_before += YEAR;
            fields.not_after = fields.not_before + YEAR;
        }
        Defect::ExtensionsInVersion1 => fields.version = 1,
        Defect::UnknownVersion => fields.version = 4,
        Defect::LongSerial => fields.serial = SerialNumber::from_magnitude(&[0x4a; 21]),
        Defect::NegativeSerial => fields.serial = SerialNumber::from_content(&[0x80, 1]),
        Defect::ZeroSerial => fields.serial = SerialNumber::from_magnitude(&[0]),
        Defect::WrongIssuer => fields.issuer = common_name(NAME)?,
        _ => change_extensions(fields, defect),
    }
    Ok(())
}

fn change_extensions(fields: &mut TbsCertificate, defect: Defect) {
    let key_usage = |bits: &[u8]| extensions::critical(oids::KEY_USAGE, bits.to_vec());
    match defect {
        Defect::CriticalKeyIdentifier => fields
            .extensions
            .iter_mut()
            .filter(|extension| extension.oid == oids::SUBJECT_KEY_IDENTIFIER)
            .for_each(|extension| extension.critical = true),
        Defect::DuplicateExtension => {
            let usage = |extension: &&Extension| extension.oid == oids::KEY_USAGE;
            let twice = fields.extensions.iter().find(usage).cloned();
            fields.extensions.extend(twice);
        }
        // BIT STRINGs, the first octet counting the unused bits of the last one.
        Defect::EmptyKeyUsage => fields.set(key_usage(&[3, 1, 0])),
        Defect::KeyCertSign => fields.set(key_usage(&[3, 2, 2, 0b1100_0100])),
        Defect::KeyUsageWithoutSigning => fields.set(key_usage(&[3, 2, 3, 0b0000_1000])),
        Defect::MalformedExtension => fields.set(key_usage(&der::null())),
        Defect::NoAuthorityKeyIdentifier => fields.remove(&[oids::AUTHORITY_KEY_IDENTIFIER]),
        Defect::NoKeyUsage => fields.remove(&[oids::KEY_USAGE]),
        Defect::NoPolicy => fields.remove(&[oids::CERTIFICATE_POLICIES]),
        Defect::NoRole => {
            let purposes = der::sequence(&[der::oid(&eds::EMAIL_PROTECTION)]);
            fields.set(extensions::plain(oids::EXT_KEY_USAGE, purposes));
        }
        Defect::PlacelessDistributionPoint => {
            let nowhere = der::sequence(&[der::sequence::<&[u8]>(&[])]);
            fields.set(extensions::plain(oids::CRL_DISTRIBUTION_POINTS, nowhere));
        }
        Defect::UnknownCriticalExtension => {
            fields.set(extensions::critical(UNKNOWN, der::null()));
        }
        Defect::WrongPolicy => {
            let policy = der::sequence(&[der::oid(&WRONG_POLICY)]);
            let policies = der::sequence(&[policy]);
            fields.set(extensions::plain(oids::CERTIFICATE_POLICIES, policies));
        }
        Defect::WrongRole => {
            let purposes = wrong_role(fields);
            fields.set(extensions::plain(oids::EXT_KEY_USAGE, purposes));
        }
        _ => {}
    }
}

/// The purposes of a natural person, or of an employee in place of one.
fn wrong_role(fields: &TbsCertificate) -> Vec<u8> {
    let individual = der::oid(&Role::Individual.oid());
    let is_individual = fields.extensions.iter().any(|extension| {
        extension.oid == oids::EXT_KEY_USAGE && extension.value.ends_with(&individual)
    });
    let role = match is_individual {
        true => der::oid(&Role::Employee.oid()),
        false => individual,
    };
    der::sequence(&[der::oid(&eds::EMAIL_PROTECTION), role])
}

/// The subject with its number wrong or missing, or with nothing in it.
fn changed_subject(subject: &Name, defect: Defect) -> Result<Name, x509::Error> {
    let attribute = match defect {
        Defect::BadBin | Defect::NoBin => Some(oids::ORGANIZATIONAL_UNIT_NAME),
        Defect::BadIin | Defect::NoIin => Some(oids::SERIAL_NUMBER),
        _ => None,
    };
    let mut kept = Vec::new();
    let mut names = Reader::der(subject.as_der()).sequence()?;
    while let (Some(name), Some(attribute)) = (names.next()?, attribute) {
        let mut fields = name.reader()?.sequence()?;
        if fields.oid()? != attribute {
            kept.push(name.raw.to_vec());
        } else if matches!(defect, Defect::BadBin | Defect::BadIin) {
            let value = fields.any()?;
            let mut text = value.content.to_vec();
            if let Some(digit) = text.last_mut() {
                *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
            }
            let value = der::tlv(value.tag, &text);
            kept.push(der::set_of(&[der::sequence(&[
                der::oid(&attribute),
                value,
            ])]));
        }
    }
    Name::from_der(&der::sequence(&kept))
}

/// The inner algorithm is the one of the other family.
fn sign_with_mismatch(fields: &TbsCertificate, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
    let outer = signer.algorithm();
    let inner = match outer {
        SignatureAlgorithm::EcdsaSha256 => SignatureAlgorithm::RsaPkcs1Sha256,
        _ => SignatureAlgorithm::EcdsaSha256,
    };
    let content = fields.to_der(&der::signature_algorithm(inner));
    let signature = der::bit_string(&signer.sign(&content)?);
    Ok(der::sequence(&[
        content,
        der::signature_algorithm(outer),
        signature,
    ]))
}

/// A name of one attribute.
pub(super) fn common_name(text: &str) -> Result<Name, Error> {
    let attribute = der::sequence(&[der::oid(&oids::COMMON_NAME), der::utf8_string(text)]);
    Ok(Name::from_der(&der::sequence(&[der::set_of(&[
        attribute,
    ])]))?)
}

fn public_key_algorithm(signer: &WeakSigner) -> PublicKeyAlgorithm {
    match signer.algorithm() {
        SignatureAlgorithm::EcdsaSha1 | SignatureAlgorithm::EcdsaSha256 => PublicKeyAlgorithm::P256,
        _ => PublicKeyAlgorithm::Rsa,
    }
}

/// subjectPublicKeyInfo (RFC 5280 §4.1.2.7).
pub(super) fn public_key_info(signer: &WeakSigner) -> Vec<u8> {
    let algorithm = public_key_algorithm(signer);
    let identifier = match algorithm {
        PublicKeyAlgorithm::P256 => {
            let curve = der::oid(&algorithm.oid());
            der::algorithm_identifier(&EC_PUBLIC_KEY, Some(&curve))
        }
        _ => der::algorithm_identifier(&algorithm.oid(), Some(&der::null())),
    };
    der::sequence(&[identifier, der::bit_string(signer.subject_public_key())])
}

/// The size of an RSA key that has long been too short.
pub(super) const WEAK_BITS: usize = 1024;
const YEAR: Duration = Duration::days(365);
/// Below the arc for examples (X.660 §A.7), as the mark of TEST authorities.
const UNKNOWN: Oid = Oid::new("2.999.370.2");
const WRONG_POLICY: Oid = Oid::new("2.999.370.3");
const EC_PUBLIC_KEY: Oid = Oid::new("1.2.840.10045.2.1");

#[cfg(test)]
#[path = "defective_tests.rs"]
mod tests;
