use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use thiserror::Error as ThisError;
use time::OffsetDateTime;
use x509_parser::extensions::ParsedExtension;
use x509_parser::extensions::X509Extension;

use crate::crypto;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::x509::CrlReason;
use crate::x509::Error;
use crate::x509::IssuingDistributionPoint;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::RevokedCertificate;
use crate::x509::SerialNumber;
use crate::x509::certificate_reading::identifier;
use crate::x509::certificate_reading::range;
use crate::x509::certificate_reading::signature;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::extension;
use crate::x509::oids;
use crate::x509::pem;
use crate::x509::revoked_certificate::Entry;

/// A certificate revocation list (RFC 5280 §5.1) over the bytes it was read from. A clone is cheap.
///
/// The entries, hundreds of thousands in a national list, are checked once and never expanded.
/// Reading judges neither signature nor time.
#[derive(Clone)]
pub struct CertificateList(Arc<Fields>);

/// Why a list, sound in itself, cannot say that a certificate is not revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Unusable {
    /// It holds only changes since another list.
    #[error("the list is a delta list")]
    DeltaCrl,
    /// It holds entries of other issuers.
    #[error("the list is indirect")]
    IndirectCrl,
    /// It does not say when the next one is due.
    #[error("the list has no nextUpdate")]
    NoNextUpdate,
    /// It covers attribute certificates only.
    #[error("the list covers attribute certificates only")]
    OnlyAttributeCerts,
    /// It covers only some reasons.
    #[error("the list covers only some reasons for revocation")]
    OnlySomeReasons,
    /// It does not cover the kind of certificate, or the certificate names another point.
    #[error("the certificate is outside the scope of the list")]
    OutOfScope,
    /// A critical extension is not understood.
    #[error("the list has the unknown critical extension {oid}")]
    UnknownCriticalExtension {
        /// The extension, of the list or of an entry.
        oid: Oid,
    },
}

struct Fields {
    der: Vec<u8>,
    tbs: Range<usize>,
    signature_algorithm: (Oid, Option<Range<usize>>),
    signature: Range<usize>,
    issuer: Name,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    /// The content of revokedCertificates.
    entries: Range<usize>,
    crl_number: Option<Vec<u8>>,
    authority_key_identifier: Option<Vec<u8>>,
    scope: Option<IssuingDistributionPoint>,
    unusable: Option<Unusable>,
}

impl CertificateList {
    /// Reads a list in DER.
    ///
    /// # Errors
    ///
    /// When the bytes are no list of RFC 5280, an entry is malformed, or bytes follow.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::from_vec(der.to_vec())
    }

    /// Reads a list in DER and keeps the bytes, without a copy.
    ///
    /// # Errors
    ///
    /// As [`CertificateList::from_der`].
    pub fn from_vec(der: Vec<u8>) -> Result<Self, Error> {
        Fields::read(der).map(|fields| Self(Arc::new(fields)))
    }

    /// Reads all lists of a PEM text, in its order; other blocks are left out.
    ///
    /// # Errors
    ///
    /// When one of them is none.
    pub fn all_from_pem(text: &[u8]) -> Result<Vec<Self>, Error> {
        pem::blocks(text)?
            .into_iter()
            .filter(|block| block.label == PEM_LABEL)
            .map(|block| Self::from_vec(block.der))
            .collect()
    }

    /// Reads the first list of a PEM text.
    ///
    /// # Errors
    ///
    /// [`Error::NoPemBlock`] when there is none, else as [`CertificateList::from_der`].
    pub fn from_pem(text: &[u8]) -> Result<Self, Error> {
        let all = Self::all_from_pem(text)?;
        all.into_iter()
            .next()
            .ok_or(Error::NoPemBlock { label: PEM_LABEL })
    }

    /// Reads one list in DER or all of a PEM text, as files hold them.
    ///
    /// # Errors
    ///
    /// As [`CertificateList::from_der`] and [`CertificateList::all_from_pem`].
    pub fn all_from_bytes(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        if pem::is_pem(bytes) {
            Self::all_from_pem(bytes)
        } else {
            Self::from_der(bytes).map(|list| vec![list])
        }
    }

    /// The whole list in DER.
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// The bytes that are signed, tbsCertList.
    pub fn tbs(&self) -> &[u8] {
        &self.0.der[self.0.tbs.clone()]
    }

    /// Who issued the list.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When the list was issued, in UTC.
    pub fn this_update(&self) -> OffsetDateTime {
        self.0.this_update
    }

    /// By when the next list is due, in UTC.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.0.next_update
    }

    /// cRLNumber: the content octets of its INTEGER.
    pub fn crl_number(&self) -> Option<&[u8]> {
        self.0.crl_number.as_deref()
    }

    /// keyIdentifier of authorityKeyIdentifier.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.authority_key_identifier.as_deref()
    }

    /// issuingDistributionPoint, `None` when the list covers all certificates of its issuer.
    pub fn scope(&self) -> Option<&IssuingDistributionPoint> {
        self.0.scope.as_ref()
    }

    /// Why the list cannot be used for any certificate, `None` when it can.
    pub fn unusable(&self) -> Option<Unusable> {
        self.0.unusable
    }

    /// The signature algorithm.
    ///
    /// # Errors
    ///
    /// As [`SignatureAlgorithm::from_identifier`].
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, crypto::Error> {
        let (oid, parameters) = &self.0.signature_algorithm;
        SignatureAlgorithm::from_identifier(&AlgorithmIdentifier {
            oid: *oid,
            parameters: parameters.as_ref().map(|range| &self.0.der[range.clone()]),
        })
    }

    /// Verifies the signature with the key of the issuer, and nothing else.
    ///
    /// # Errors
    ///
    /// As [`SignatureVerifier::verify`].
    pub fn verify_signature(
        &self,
        issuer_key: &SubjectPublicKey<'_>,
        verifier: &dyn SignatureVerifier,
    ) -> Result<(), crypto::Error> {
        let signature = &self.0.der[self.0.signature.clone()];
        verifier.verify(
            self.signature_algorithm()?,
            issuer_key,
            self.tbs(),
            signature,
        )
    }

    /// The entry of a certificate of this issuer, `None` when it is not listed. Walks the whole
    /// list: of several entries one that revokes is taken before one that removes.
    pub fn find(&self, serial: &SerialNumber) -> Option<RevokedCertificate> {
        let mut found = None;
        let mut entries = Reader::der(&self.0.der[self.0.entries.clone()]);
        while let Ok(Some(element)) = entries.next() {
            let mut fields = element.reader().ok()?;
            if fields.integer().ok()? != serial.as_bytes() {
                continue;
            }
            let revoked = Entry::read(&mut Reader::der(element.raw)).ok()?.revoked;
            if revoked.reason != Some(CrlReason::RemoveFromCrl) {
                return Some(revoked);
            }
            found = Some(revoked);
        }
        found
    }

    /// The serial numbers and entries, in their order.
    pub fn entries(&self) -> impl Iterator<Item = (SerialNumber, RevokedCertificate)> {
        let mut entries = Reader::der(&self.0.der[self.0.entries.clone()]);
        std::iter::from_fn(move || {
            let entry = Entry::read(&mut entries).ok()?;
            Some((SerialNumber::from_content(entry.serial), entry.revoked))
        })
    }
}

impl PartialEq for CertificateList {
    fn eq(&self, other: &Self) -> bool {
        self.as_der() == other.as_der()
    }
}

impl Eq for CertificateList {}

impl fmt::Debug for CertificateList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateList")
            .field("issuer", self.issuer())
            .field("this_update", &self.this_update())
            .field("next_update", &self.next_update())
            .finish_non_exhaustive()
    }
}

impl Fields {
    fn read(der: Vec<u8>) -> Result<Self, Error> {
        let mut outer = Reader::der(&der);
        let mut list = outer.sequence()?;
        outer.finish()?;
        let tbs = list.expect(Tag::SEQUENCE)?;
        let signature_algorithm = list.algorithm_identifier()?;
        let signature = signature(&mut list)?;
        list.finish()?;

        let mut fields = tbs.reader()?;
        let version = match fields.peek() {
            Some(Tag::INTEGER) => fields.unsigned()?.saturating_add(1),
            _ => 1,
        };
        if !(1..=2).contains(&version) {
            return Err(Error::UnknownVersion { version });
        }
        if !is_same(&fields.algorithm_identifier()?, &signature_algorithm) {
            return Err(Error::SignatureAlgorithmMismatch);
        }
        let issuer = Name::from_der(fields.expect(Tag::SEQUENCE)?.raw)?;
        let this_update = der::time_from(&fields.any()?)?;
        let next_update = match fields.peek() {
            Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => Some(der::time_from(&fields.any()?)?),
            _ => None,
        };
        let revoked = fields.optional(Tag::SEQUENCE)?;
        let extensions = extensions(&mut fields, version)?;
        fields.finish()?;

        let mut read = Self {
            tbs: range(&der, tbs.raw),
            signature_algorithm: identifier(&der, &signature_algorithm),
            signature: range(&der, signature),
            issuer,
            this_update,
            next_update,
            entries: revoked.map_or(0..0, |revoked| range(&der, revoked.content)),
            crl_number: None,
            authority_key_identifier: None,
            scope: None,
            unusable: next_update.is_none().then_some(Unusable::NoNextUpdate),
            der: Vec::new(),
        };
        if let Some(revoked) = revoked {
            read.check_entries(revoked.reader()?, version)?;
        }
        for extension in &extensions {
            let oid = extension::oid(extension)?;
            read.interpret(extension, oid)
                .ok_or(Error::MalformedExtension { oid })?;
        }
        read.der = der;
        Ok(read)
    }

    /// Reads every entry once, so that a later walk meets no surprise.
    fn check_entries(&mut self, mut entries: Reader<'_>, version: u64) -> Result<(), Error> {
        while !entries.is_empty() {
            let entry = Entry::read(&mut entries)?;
            if let Some(oid) = entry.unknown_critical {
                self.refuse(Unusable::UnknownCriticalExtension { oid });
            }
            if entry.has_extensions && version < 2 {
                return Err(Error::UnexpectedExtensions { version });
            }
        }
        Ok(())
    }

    /// Takes over the meaning of one extension, `None` when it is malformed.
    fn interpret(&mut self, extension: &X509Extension<'_>, oid: Oid) -> Option<()> {
        let value = extension.value;
        match oid {
            oids::CRL_NUMBER => {
                let mut reader = Reader::der(value);
                self.crl_number = Some(reader.integer().ok()?.to_vec());
                reader.finish().ok()?;
            }
            oids::AUTHORITY_KEY_IDENTIFIER => {
                let ParsedExtension::AuthorityKeyIdentifier(aki) = extension.parsed_extension()
                else {
                    return None;
                };
                self.authority_key_identifier =
                    aki.key_identifier.as_ref().map(|key| key.0.to_vec());
            }
            oids::DELTA_CRL_INDICATOR => self.refuse(Unusable::DeltaCrl),
            oids::ISSUING_DISTRIBUTION_POINT => {
                let scope = IssuingDistributionPoint::read(value, &self.issuer).ok()?;
                if scope.indirect_crl {
                    self.refuse(Unusable::IndirectCrl);
                }
                if scope.only_some_reasons.is_some() {
                    self.refuse(Unusable::OnlySomeReasons);
                }
                if scope.only_contains_attribute_certs {
                    self.refuse(Unusable::OnlyAttributeCerts);
                }
                self.scope = Some(scope);
            }
            _ if extension.critical => self.refuse(Unusable::UnknownCriticalExtension { oid }),
            _ => {}
        }
        Some(())
    }

    /// Notes why the list is of no use; that its entries cannot be understood goes before that they
    /// are not all.
    fn refuse(&mut self, fact: Unusable) {
        let incomprehensible = matches!(
            fact,
            Unusable::IndirectCrl | Unusable::UnknownCriticalExtension { .. }
        );
        if incomprehensible || self.unusable.is_none() {
            self.unusable = Some(fact);
        }
    }
}

/// Lists of the national authority have the GOST identifier with NULL parameters outside and with
/// none inside: both say the same.
fn is_same(one: &AlgorithmIdentifier<'_>, other: &AlgorithmIdentifier<'_>) -> bool {
    let plain = |identifier: &AlgorithmIdentifier<'_>| {
        identifier.parameters.is_none() || identifier.has_null_parameters()
    };
    one == other || (one.oid == other.oid && plain(one) && plain(other))
}

fn extensions<'a>(fields: &mut Reader<'a>, version: u64) -> Result<Vec<X509Extension<'a>>, Error> {
    let Some(mut explicit) = fields.context(0)? else {
        return Ok(Vec::new());
    };
    if version < 2 {
        return Err(Error::UnexpectedExtensions { version });
    }
    let parsed = extension::read_all(explicit.sequence()?)?;
    explicit.finish()?;
    Ok(parsed)
}

const PEM_LABEL: &str = "X509 CRL";

#[cfg(test)]
mod tests {
    use rcgen::RevocationReason;
    use time::Duration;

    use super::CertificateList;
    use crate::crypto;
    use crate::crypto::Provider;
    use crate::crypto::SignatureAlgorithm;
    use crate::x509::CrlReason;
    use crate::x509::Error;
    use crate::x509::RevokedCertificate;
    use crate::x509::der;
    use crate::x509::oids;
    use crate::x509::pem;
    use crate::x509::test_authority::NOW;
    use crate::x509::test_authority::Raw;
    use crate::x509::test_authority::TestAuthority;
    use crate::x509::test_authority::extension;
    use crate::x509::test_authority::raw_entry;
    use crate::x509::test_authority::reason_code;
    use crate::x509::test_authority::revoked;

    #[test]
    fn the_fields_of_a_list_are_read() {
        let root = TestAuthority::root("Root");
        let list = root.list(&[]);
        assert_eq!(list.issuer(), root.certificate.subject());
        assert_eq!(list.this_update(), NOW - Duration::HOUR);
        assert_eq!(list.next_update(), Some(NOW + Duration::DAY));
        assert_eq!(list.crl_number(), Some(&[7][..]));
        assert_eq!(
            list.authority_key_identifier(),
            root.certificate.subject_key_identifier()
        );
        assert_eq!((list.unusable(), list.scope()), (None, None));
        assert_eq!(list.entries().count(), 0);
        let key = root.certificate.subject_public_key().unwrap();
        assert_eq!(list.verify_signature(&key, &Provider), Ok(()));
        let other = TestAuthority::root("Root").certificate;
        let key = other.subject_public_key().unwrap();
        let verified = list.verify_signature(&key, &Provider);
        assert_eq!(verified, Err(crypto::Error::BadSignature));
        let text = pem::encode("X509 CRL", list.as_der());
        assert_eq!(CertificateList::from_pem(text.as_bytes()), Ok(list));
    }

    #[test]
    fn an_entry_is_found_by_the_serial_number() {
        let root = TestAuthority::root("Root");
        let [one, two, three] = ["1", "2", "3"].map(|name| root.leaf(name));
        let list = root.list(&[
            revoked(&one, None),
            revoked(&two, Some(RevocationReason::AffiliationChanged)),
        ]);
        let entry = |reason| {
            Some(RevokedCertificate {
                revocation_date: NOW - Duration::HOUR,
                reason,
                invalidity_date: None,
            })
        };
        assert_eq!(list.find(one.serial()), entry(None));
        assert_eq!(
            list.find(two.serial()),
            entry(Some(CrlReason::AffiliationChanged))
        );
        assert_eq!(list.find(three.serial()), None);
        let serials: Vec<_> = list.entries().map(|(serial, _)| serial).collect();
        assert_eq!(serials, [one.serial().clone(), two.serial().clone()]);
    }

    #[test]
    fn of_several_entries_one_that_revokes_is_found() {
        let root = TestAuthority::root("Root");
        let leaf = root.leaf("Leaf");
        let entries = [8, 1, 8].map(|code| raw_entry(&leaf, &[reason_code(code)]));
        let list = root.sign_raw(&root.raw_list(&entries, &[]));
        let list = CertificateList::from_der(&list).unwrap();
        let reason = list.find(leaf.serial()).and_then(|entry| entry.reason);
        assert_eq!(reason, Some(CrlReason::KeyCompromise));
    }

    #[test]
    fn a_reason_that_the_standard_does_not_define_is_refused() {
        let root = TestAuthority::root("Root");
        let leaf = root.leaf("Leaf");
        for code in [7, 11] {
            let entry = raw_entry(&leaf, &[reason_code(code)]);
            let error = Error::UnknownReasonCode { code: code.into() };
            assert_eq!(read(&root, &[entry], &[], |_| {}), Some(error));
        }
    }

    #[test]
    fn an_extension_that_stands_twice_is_refused() {
        let root = TestAuthority::root("Root");
        let leaf = root.leaf("Leaf");
        let oid = oids::CRL_REASONS;
        let entry = raw_entry(&leaf, &[reason_code(1), reason_code(6)]);
        let error = Error::DuplicateExtension { oid };
        assert_eq!(read(&root, &[entry], &[], |_| {}), Some(error));

        let oid = oids::CRL_NUMBER;
        let number = extension(oid, false, &der::unsigned(1));
        let error = Error::DuplicateExtension { oid };
        assert_eq!(
            read(&root, &[], &[number.clone(), number], |_| {}),
            Some(error)
        );
    }

    #[test]
    fn extensions_in_version_1_are_refused() {
        let root = TestAuthority::root("Root");
        let entry = raw_entry(&root.leaf("Leaf"), &[reason_code(1)]);
        let version_1 = |raw: &mut Raw| raw.before_algorithm.clear();
        let error = Error::UnexpectedExtensions { version: 1 };
        assert_eq!(read(&root, &[], &[], version_1), None);
        assert_eq!(read(&root, &[entry], &[], version_1), Some(error));
    }

    #[test]
    fn algorithms_inside_and_outside_that_differ_are_refused() {
        let root = TestAuthority::root("Root");
        let outer = SignatureAlgorithm::EcdsaSha384.oid();
        let error = read(&root, &[], &[], |raw| raw.outer_algorithm = Some(outer));
        assert_eq!(error, Some(Error::SignatureAlgorithmMismatch));
    }

    #[test]
    fn no_cut_or_changed_list_makes_the_reading_panic() {
        let root = TestAuthority::root("Root");
        let leaf = root.leaf("Leaf");
        let list = root.list(&[revoked(&leaf, Some(RevocationReason::KeyCompromise))]);
        let der = list.as_der();
        for at in 0..der.len() {
            assert!(CertificateList::from_der(&der[..at]).is_err());
            for change in [0x01, 0x20, 0x80, 0xff] {
                let mut changed = der.to_vec();
                changed[at] ^= change;
                if let Ok(list) = CertificateList::from_der(&changed) {
                    let _ = list.find(leaf.serial());
                }
            }
        }
    }

    fn read(
        root: &TestAuthority,
        entries: &[Vec<u8>],
        extensions: &[Vec<u8>],
        change: impl FnOnce(&mut Raw),
    ) -> Option<Error> {
        let mut raw = root.raw_list(entries, extensions);
        change(&mut raw);
        CertificateList::from_der(&root.sign_raw(&raw)).err()
    }
}
