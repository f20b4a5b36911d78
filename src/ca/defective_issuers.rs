//! Authorities of which one is wrong, made to issue one certificate.

use time::Duration;

use crate::ca::Authority;
use crate::ca::Defect;
use crate::ca::Error;
use crate::ca::defective::WEAK_BITS;
use crate::ca::defective::common_name;
use crate::ca::defective::public_key_info;
use crate::ca::extensions;
use crate::ca::tbs_certificate::TbsCertificate;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Signer;
use crate::crypto::generate_rsa;
use crate::crypto::test_keys::WeakSigner;
use crate::keys::KeyAlgorithm;
use crate::keys::PrivateKey;
use crate::x509::Certificate;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::oids;

/// An authority with its key, ready to sign.
pub(super) struct Issuer {
    pub(super) certificate: Certificate,
    signer: WeakSigner,
}

/// What a certificate says of its issuer, and the issuer's signature.
#[derive(Clone, Copy)]
struct Above<'a> {
    name: &'a Name,
    key: &'a [u8],
    signer: &'a dyn Signer,
}

impl Authority {
    /// The authorities of a chain with a defect in it, from the upper to the lower; `None` when the
    /// defect is one of the certificate that they would issue.
    pub(super) fn wrong_issuers(&self, defect: Defect) -> Result<Option<Vec<Issuer>>, Error> {
        let issuing = &self.units().issuing;
        let key = public_key_identifier(issuing.certificate.subject_public_key_octets());
        let above = Above {
            name: issuing.certificate.subject(),
            key: &key,
            signer: issuing.signer(),
        };
        let one = |change: &dyn Fn(&mut TbsCertificate)| {
            Ok(Some(vec![self.issuer_below(above, NAME, change)?]))
        };
        match defect {
            Defect::CaExpired => one(&|fields| {
                fields.not_after = fields.not_before - Duration::seconds(1);
                fields.not_before = fields.not_after - Duration::days(365);
            }),
            Defect::CaFalse => one(&|fields| {
                let nothing = der::sequence::<&[u8]>(&[]);
                fields.set(extensions::critical(oids::BASIC_CONSTRAINTS, nothing));
            }),
            Defect::CaNoBasicConstraints => {
                one(&|fields| fields.remove(&[oids::BASIC_CONSTRAINTS]))
            }
            Defect::CaNoKeyCertSign => one(&|fields| {
                // cRLSign alone: bit 6, one bit unused.
                fields.set(extensions::critical(oids::KEY_USAGE, vec![3, 2, 1, 0b10]));
            }),
            Defect::CaNoSubjectKeyIdentifier => {
                one(&|fields| fields.remove(&[oids::SUBJECT_KEY_IDENTIFIER]))
            }
            Defect::CaVersion1 => one(&|fields| {
                fields.version = 1;
                fields.extensions.clear();
            }),
            Defect::CaWeakKey => {
                let key = PrivateKey::from_pkcs8(generate_rsa(WEAK_BITS, self.randomness())?);
                let issuer = self.issuer_with(&key, above, NAME, |_| {})?;
                Ok(Some(vec![issuer]))
            }
            Defect::OutsideNameConstraints => {
                let other = der::context(4, common_name(NAME)?.as_der());
                let permitted = der::context(0, &der::sequence(&[other]));
                let constraints = der::sequence(&[permitted]);
                one(&|fields| {
                    let value = constraints.clone();
                    fields.set(extensions::critical(oids::NAME_CONSTRAINTS, value));
                })
            }
            Defect::PathTooLong => {
                let upper = self.issuer_below(above, NAME, |fields| {
                    let no_more = der::sequence(&[der::boolean(true), der::unsigned(0)]);
                    fields.set(extensions::critical(oids::BASIC_CONSTRAINTS, no_more));
                })?;
                let key = public_key_identifier(upper.signer.subject_public_key());
                let lower = self.issuer_below(upper.above(&key), LOWER_NAME, |_| {})?;
                Ok(Some(vec![upper, lower]))
            }
            Defect::Impostor => self.impostors().map(Some),
            _ => Ok(None),
        }
    }

    /// Root and issuing authority again, with other keys.
    fn impostors(&self) -> Result<Vec<Issuer>, Error> {
        let units = self.units();
        let (root, issuing) = (&units.root.certificate, &units.issuing.certificate);
        let key = PrivateKey::generate(KeyAlgorithm::P256, self.randomness())?;
        let mut fields = TbsCertificate::of(root);
        let signer = take_key(&mut fields, &key)?;
        let root_key = public_key_identifier(signer.subject_public_key());
        fields.issued_by(root.subject(), &root_key);
        let certificate = Certificate::from_der(&fields.sign(&signer)?)?;
        let root = Issuer {
            certificate,
            signer,
        };

        let key = PrivateKey::generate(KeyAlgorithm::P256, self.randomness())?;
        let mut fields = TbsCertificate::of(issuing);
        let signer = take_key(&mut fields, &key)?;
        fields.issued_by(root.certificate.subject(), &root_key);
        let certificate = Certificate::from_der(&fields.sign(&root.signer)?)?;
        let issuing = Issuer {
            certificate,
            signer,
        };
        Ok(vec![root, issuing])
    }

    fn issuer_below(
        &self,
        above: Above<'_>,
        name: &str,
        change: impl FnOnce(&mut TbsCertificate),
    ) -> Result<Issuer, Error> {
        let key = PrivateKey::generate(KeyAlgorithm::P256, self.randomness())?;
        self.issuer_with(&key, above, name, change)
    }

    /// An authority like the issuing one, but for the name and what is changed.
    fn issuer_with(
        &self,
        key: &PrivateKey,
        above: Above<'_>,
        name: &str,
        change: impl FnOnce(&mut TbsCertificate),
    ) -> Result<Issuer, Error> {
        let mut fields = TbsCertificate::of(&self.units().issuing.certificate);
        fields.subject = common_name(name)?;
        let signer = take_key(&mut fields, key)?;
        fields.issued_by(above.name, above.key);
        fields.remove(&ADDRESSES);
        change(&mut fields);
        Ok(Issuer {
            certificate: Certificate::from_der(&fields.sign(above.signer)?)?,
            signer,
        })
    }
}

impl Issuer {
    /// A certificate that this authority issues, whatever stood in it of an issuer.
    pub(super) fn sign(&self, mut fields: TbsCertificate) -> Result<Vec<u8>, Error> {
        let key = public_key_identifier(self.signer.subject_public_key());
        fields.issued_by(self.certificate.subject(), &key);
        fields.remove(&ADDRESSES);
        fields.sign(&self.signer)
    }

    fn above<'a>(&'a self, key: &'a [u8]) -> Above<'a> {
        Above {
            name: self.certificate.subject(),
            key,
            signer: &self.signer,
        }
    }
}

/// Makes a certificate one of this key.
fn take_key(fields: &mut TbsCertificate, key: &PrivateKey) -> Result<WeakSigner, Error> {
    let signer = WeakSigner::from_pkcs8(key.as_pkcs8(), DigestAlgorithm::Sha256)?;
    let identifier = public_key_identifier(signer.subject_public_key());
    fields.spki = public_key_info(&signer);
    let mut serial = identifier.clone();
    if let Some(first) = serial.first_mut() {
        *first &= 0x7f;
    }
    fields.serial = SerialNumber::from_magnitude(&serial);
    let identifier = der::octet_string(&identifier);
    fields.set(extensions::plain(oids::SUBJECT_KEY_IDENTIFIER, identifier));
    Ok(signer)
}

/// SHA-1 of the content of the BIT STRING (RFC 5280 §4.2.1.2, method 1).
fn public_key_identifier(octets: &[u8]) -> Vec<u8> {
    DigestAlgorithm::Sha1.digest(octets)
}

/// Where somebody could ask about a certificate, or for the one of its issuer. Those of the issuing
/// authority say nothing about what another one issued.
const ADDRESSES: [Oid; 3] = [
    oids::AUTHORITY_INFO_ACCESS,
    oids::CRL_DISTRIBUTION_POINTS,
    oids::FRESHEST_CRL,
];
/// Names of authorities that are wrong or do not exist.
pub(super) const NAME: &str = "RUQSAT TEST CA 2 – NOT FOR REAL DOCUMENTS";
const LOWER_NAME: &str = "RUQSAT TEST CA 3 – NOT FOR REAL DOCUMENTS";
