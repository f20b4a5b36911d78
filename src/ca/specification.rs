//! Everything that goes into a certificate, before anybody writes it.
//!
//! `rcgen` writes what it can express: keyUsage critical, extKeyUsage not, the issuer's key named by
//! its identifier alone. [`TbsCertificate`] writes the rest.

use rcgen::PublicKeyData;
use time::OffsetDateTime;

use crate::ca::Error;
use crate::ca::extensions;
use crate::ca::public_key::PublicKey;
use crate::ca::subject::SubjectAttribute;
use crate::ca::tbs_certificate::TbsCertificate;
use crate::ca::unit::Unit;
use crate::crypto::Signer;
use crate::x509::Certificate;
use crate::x509::Extension;
use crate::x509::KeyUsage;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::SerialNumber;
use crate::x509::oids;

/// A certificate to be issued, whoever issues it.
#[derive(Clone, Debug)]
pub(super) struct Specification<'a> {
    pub(super) serial: SerialNumber,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    pub(super) subject: Vec<SubjectAttribute>,
    pub(super) public_key: PublicKey<'a>,
    pub(super) authority_key: AuthorityKey,
    pub(super) key_usage: (KeyUsage, Criticality),
    /// None at all leave the extension out.
    pub(super) purposes: (Vec<Oid>, Criticality),
    /// The address of the list that would name it.
    pub(super) list: Option<String>,
    pub(super) key_identifier: Vec<u8>,
    pub(super) subject_type: SubjectType,
    pub(super) others: Vec<Extension>,
}

/// Whether who does not understand an extension must refuse the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Criticality {
    Critical,
    NotCritical,
}

/// What basicConstraints say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SubjectType {
    Authority,
    EndEntity,
}

/// How authorityKeyIdentifier names the issuer's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AuthorityKey {
    Identifier,
    /// Also by the issuer and number of its certificate.
    IdentifierAndCertificate,
}

impl Specification<'_> {
    /// The certificate, issued by a unit.
    ///
    /// # Errors
    ///
    /// When signing fails.
    pub(super) fn issued_by(&self, unit: &Unit) -> Result<Certificate, Error> {
        let der = match self.is_for_rcgen() {
            true => self.written_by_rcgen(unit)?,
            false => self.assembled_for(&unit.certificate)?.sign(unit.signer())?,
        };
        Ok(Certificate::from_der(&der)?)
    }

    /// The certificate, signed with its own key.
    ///
    /// # Errors
    ///
    /// When signing fails.
    pub(super) fn self_signed(&self, signer: &dyn Signer) -> Result<Certificate, Error> {
        let name = self.name()?;
        let content = self.assembled(name.clone(), &self.key_identifier, &name, &self.serial)?;
        Ok(Certificate::from_der(&content.sign(signer)?)?)
    }

    pub(super) fn is_for_rcgen(&self) -> bool {
        self.key_usage.1 == Criticality::Critical
            && self.purposes.1 == Criticality::NotCritical
            && self.authority_key == AuthorityKey::Identifier
    }

    pub(super) fn written_by_rcgen(&self, unit: &Unit) -> Result<Vec<u8>, Error> {
        let params = self.to_params()?;
        let certificate = params.signed_by(&self.public_key, &unit.issuer()?)?;
        Ok(certificate.der().to_vec())
    }

    pub(super) fn assembled_for(&self, issuer: &Certificate) -> Result<TbsCertificate, Error> {
        let key = issuer.subject_key_identifier().unwrap_or_default();
        let name = issuer.subject().clone();
        self.assembled(name, key, issuer.issuer(), issuer.serial())
    }

    /// In the order of `rcgen`.
    fn assembled(
        &self,
        issuer: Name,
        issuer_key: &[u8],
        issuer_of_issuer: &Name,
        issuer_serial: &SerialNumber,
    ) -> Result<TbsCertificate, Error> {
        let certificate = match self.authority_key {
            AuthorityKey::Identifier => None,
            AuthorityKey::IdentifierAndCertificate => Some((issuer_of_issuer, issuer_serial)),
        };
        let authority_key = extensions::authority_key_identifier(issuer_key, certificate);
        let mut all = vec![
            extensions::plain(oids::AUTHORITY_KEY_IDENTIFIER, authority_key),
            extension(
                oids::KEY_USAGE,
                self.key_usage.1,
                extensions::key_usage(self.key_usage.0),
            ),
        ];
        if !self.purposes.0.is_empty() {
            let purposes = extensions::extended_key_usage(&self.purposes.0);
            all.push(extension(oids::EXT_KEY_USAGE, self.purposes.1, purposes));
        }
        if let Some(address) = &self.list {
            let points = extensions::distribution_points(address);
            all.push(extensions::plain(oids::CRL_DISTRIBUTION_POINTS, points));
        }
        let is_ca = self.subject_type == SubjectType::Authority;
        let identifier = crate::x509::der::octet_string(&self.key_identifier);
        all.push(extensions::plain(oids::SUBJECT_KEY_IDENTIFIER, identifier));
        let constraints = extensions::basic_constraints(is_ca);
        all.push(extensions::critical(oids::BASIC_CONSTRAINTS, constraints));
        all.extend(self.others.iter().cloned());
        Ok(TbsCertificate {
            version: 3,
            serial: self.serial.clone(),
            issuer,
            not_before: self.not_before,
            not_after: self.not_after,
            subject: self.name()?,
            spki: self.public_key.subject_public_key_info(),
            extensions: all,
        })
    }

    fn name(&self) -> Result<Name, Error> {
        SubjectAttribute::to_name(&self.subject)
    }
}

fn extension(oid: Oid, criticality: Criticality, value: Vec<u8>) -> Extension {
    match criticality {
        Criticality::Critical => extensions::critical(oid, value),
        Criticality::NotCritical => extensions::plain(oid, value),
    }
}

/// The instant without its fraction of a second, which certificates and lists cannot hold.
pub(super) fn whole_seconds(time: OffsetDateTime) -> OffsetDateTime {
    let time = time.to_offset(time::UtcOffset::UTC);
    time.replace_nanosecond(0)
        .expect("0 is a nanosecond of every second")
}

/// The instant in whole seconds, if a certificate or list can hold it.
pub(super) fn dated(time: OffsetDateTime) -> Result<OffsetDateTime, Error> {
    let time = whole_seconds(time);
    match time.year() {
        1950..=9999 => Ok(time),
        _ => Err(Error::DateOutOfRange(time)),
    }
}

#[cfg(test)]
#[path = "specification_tests.rs"]
mod tests;
