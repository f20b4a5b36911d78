use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

use time::OffsetDateTime;

use crate::crypto;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::x509::AuthorityKeyIdentifier;
use crate::x509::DistributionPoint;
use crate::x509::Error;
use crate::x509::Extension;
use crate::x509::IssuingDistributionPoint;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::RevokedCertificate;
use crate::x509::SerialNumber;
use crate::x509::certificate_list_index::Index;
use crate::x509::certificate_list_reading;
use crate::x509::pem;
use crate::x509::revoked_entry::Entry;
use crate::x509::revoked_entry::entries;

/// A certificate revocation list (RFC 5280 §5.1) over the bytes it was read from. A clone is cheap.
///
/// The entries, hundreds of thousands in a national list, are checked once when the list is read,
/// and never expanded. The first search orders them, eight bytes an entry; every further one takes
/// microseconds. Reading judges neither signature nor time nor scope: that is the work of `pki`.
#[derive(Clone)]
pub struct CertificateList(Arc<Fields>);

pub(super) struct Fields {
    pub(super) der: Vec<u8>,
    pub(super) tbs: Range<usize>,
    pub(super) signature_algorithm: (Oid, Option<Range<usize>>),
    pub(super) signature: Range<usize>,
    pub(super) version: u64,
    pub(super) issuer: Name,
    pub(super) this_update: OffsetDateTime,
    pub(super) next_update: Option<OffsetDateTime>,
    /// The content of revokedCertificates.
    pub(super) entries: Range<usize>,
    pub(super) extensions: Vec<Extension>,
    pub(super) known: KnownExtensions,
    pub(super) unknown_critical: Vec<Oid>,
    pub(super) index: OnceLock<Index>,
}

/// The extensions that are interpreted.
#[derive(Default)]
pub(super) struct KnownExtensions {
    pub(super) authority_key_identifier: Option<AuthorityKeyIdentifier>,
    pub(super) base_crl_number: Option<Vec<u8>>,
    pub(super) crl_number: Option<Vec<u8>>,
    pub(super) freshest_crl: Vec<DistributionPoint>,
    pub(super) scope: Option<IssuingDistributionPoint>,
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
        certificate_list_reading::read(der).map(|fields| Self(Arc::new(fields)))
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

    /// The version, counted from 1.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    /// Who issued the list.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When the list was issued, in UTC.
    pub fn this_update(&self) -> OffsetDateTime {
        self.0.this_update
    }

    /// By when the next list is due, in UTC; `None` when the list does not say.
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.0.next_update
    }

    /// The extensions of the list, in their order.
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// cRLNumber (§5.2.3): the content octets of its INTEGER, which is not negative.
    pub fn crl_number(&self) -> Option<&[u8]> {
        self.0.known.crl_number.as_deref()
    }

    /// deltaCRLIndicator (§5.2.4): the number of the complete list whose changes this one holds.
    /// Content octets as in [`CertificateList::crl_number`]; `None` for a complete list.
    pub fn base_crl_number(&self) -> Option<&[u8]> {
        self.0.known.base_crl_number.as_deref()
    }

    /// authorityKeyIdentifier (§5.2.1).
    pub fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        self.0.known.authority_key_identifier.as_ref()
    }

    /// issuingDistributionPoint (§5.2.5), `None` when the list covers all certificates of its
    /// issuer.
    pub fn scope(&self) -> Option<&IssuingDistributionPoint> {
        self.0.known.scope.as_ref()
    }

    /// freshestCRL (§5.2.6): where the changes since this list are found.
    pub fn freshest_crl(&self) -> &[DistributionPoint] {
        &self.0.known.freshest_crl
    }

    /// Critical extensions of the list that are not processed here, and the first one of its
    /// entries: with one of them the list cannot say that a certificate is not revoked (§5.2, §5.3).
    ///
    /// certificateIssuer in a list that is not indirect is one of them.
    pub fn unknown_critical_extensions(&self) -> &[Oid] {
        &self.0.unknown_critical
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

    /// The entry of a certificate that the issuer of the list issued itself, `None` when it is not
    /// listed.
    ///
    /// Of several entries the gravest is taken: a revocation before a hold, a hold before a removal.
    pub fn find(&self, serial: &SerialNumber) -> Option<RevokedCertificate> {
        self.find_of(self.issuer(), serial)
    }

    /// The entry of a certificate of any issuer, as an indirect list has them: certificateIssuer
    /// counts for its entry and all that follow up to the next one (§5.3.3).
    ///
    /// Of several entries the gravest is taken, as in [`CertificateList::find`].
    pub fn find_of(&self, issuer: &Name, serial: &SerialNumber) -> Option<RevokedCertificate> {
        let content = &self.0.der[self.0.entries.clone()];
        let index = self.0.index.get_or_init(|| Index::of(content));
        index
            .positions(serial.as_bytes())
            .filter_map(|at| Some((at, Entry::at(content, at)?)))
            .filter(|(at, entry)| {
                entry.serial == serial.as_bytes()
                    && match index.certificate_issuer(content, *at) {
                        None => issuer == self.issuer(),
                        Some(names) => names.contains(issuer),
                    }
            })
            .map(|(_, entry)| entry.revoked)
            .max_by_key(RevokedCertificate::gravity)
    }

    /// The serial numbers and entries, in their order, whoever issued the certificates.
    pub fn entries(&self) -> impl Iterator<Item = (SerialNumber, RevokedCertificate)> {
        entries(&self.0.der[self.0.entries.clone()]).filter_map(|entry| {
            let entry = entry.ok()?;
            Some((SerialNumber::from_content(entry.serial), entry.revoked))
        })
    }
}

impl PartialEq for CertificateList {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.as_der() == other.as_der()
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
    use crate::x509::Oid;
    use crate::x509::RevokedCertificate;
    use crate::x509::SerialNumber;
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
            list.authority_key_identifier()
                .and_then(|aki| aki.key_identifier.as_deref()),
            root.certificate.subject_key_identifier()
        );
        assert_eq!((list.version(), list.scope()), (2, None));
        assert_eq!(list.base_crl_number(), None);
        assert_eq!(list.unknown_critical_extensions(), []);
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
    fn of_several_entries_a_revocation_goes_before_a_hold() {
        let root = TestAuthority::root("Root");
        let leaf = root.leaf("Leaf");
        let entries = [6, 4, 6].map(|code| raw_entry(&leaf, &[reason_code(code)]));
        let list = root.sign_raw(&root.raw_list(&entries, &[]));
        let list = CertificateList::from_der(&list).unwrap();
        let reason = list.find(leaf.serial()).and_then(|entry| entry.reason);
        assert_eq!(reason, Some(CrlReason::Superseded));
    }

    #[test]
    fn every_entry_of_a_long_list_is_found_and_no_other() {
        let root = TestAuthority::root("Root");
        let numbers = |from: u32| (from..from + 3000).map(|number| number * 7);
        let entries: Vec<_> = numbers(0)
            .map(|number| {
                let mut fields = der::unsigned(number.into());
                fields.extend(der::time(NOW));
                der::tlv(der::Tag::SEQUENCE, &fields)
            })
            .collect();
        let list = root.sign_raw(&root.raw_list(&entries, &[]));
        let list = CertificateList::from_der(&list).unwrap();
        for number in numbers(0) {
            let serial = |number: u32| SerialNumber::from_magnitude(&number.to_be_bytes());
            assert!(list.find(&serial(number)).is_some(), "{number}");
            assert!(list.find(&serial(number + 3)).is_none(), "{number}");
        }
    }

    #[test]
    fn the_issuer_named_in_an_entry_counts_until_the_next_one() {
        let root = TestAuthority::root("Root");
        let [ours, theirs, also_theirs, third] = ["1", "2", "3", "4"].map(|name| root.leaf(name));
        let [alice, bob] = ["Alice", "Bob"].map(TestAuthority::root);
        let entries = [
            raw_entry(&ours, &[]),
            raw_entry(&theirs, &[certificate_issuer(&alice)]),
            raw_entry(&also_theirs, &[]),
            raw_entry(&third, &[certificate_issuer(&bob)]),
        ];
        let list = root.sign_raw(&root.raw_list(&entries, &[indirect()]));
        let list = CertificateList::from_der(&list).unwrap();
        assert_eq!(list.unknown_critical_extensions(), []);
        let all = [&ours, &theirs, &also_theirs, &third];
        for (issuer, expected) in [
            (&root, [true, false, false, false]),
            (&alice, [false, true, true, false]),
            (&bob, [false, false, false, true]),
        ] {
            let issuer = issuer.certificate.subject();
            let found = all.map(|leaf| list.find_of(issuer, leaf.serial()).is_some());
            assert_eq!(found, expected, "{issuer}");
        }
        assert_eq!(list.find(theirs.serial()), None);
    }

    #[test]
    fn an_issuer_named_in_a_list_that_is_not_indirect_is_not_understood() {
        let root = TestAuthority::root("Root");
        let entry = raw_entry(&root.leaf("Leaf"), &[certificate_issuer(&root)]);
        let list = root.sign_raw(&root.raw_list(&[entry], &[]));
        let list = CertificateList::from_der(&list).unwrap();
        let unknown = [oids::CERTIFICATE_ISSUER];
        assert_eq!(list.unknown_critical_extensions(), unknown);
    }

    #[test]
    fn an_issuer_of_an_entry_without_a_distinguished_name_is_refused() {
        let root = TestAuthority::root("Root");
        let oid = oids::CERTIFICATE_ISSUER;
        let uri = der::context_primitive(6, b"http://a.example/");
        let entry = raw_entry(
            &root.leaf("Leaf"),
            &[extension(oid, true, &der::sequence(&[uri]))],
        );
        let error = Error::MalformedExtension { oid };
        assert_eq!(read(&root, &[entry], &[indirect()], |_| {}), Some(error));
    }

    #[test]
    fn critical_extensions_that_are_not_processed_are_named() {
        let root = TestAuthority::root("Root");
        let [one, other] = ["2.999.1", "2.999.2"].map(Oid::new);
        let unknown = |oid, critical| extension(oid, critical, &der::null());
        let entry = raw_entry(&root.leaf("Leaf"), &[unknown(other, true)]);
        for (entries, extensions, expected) in [
            (vec![], vec![unknown(one, true)], vec![one]),
            (vec![], vec![unknown(one, false)], vec![]),
            (vec![entry.clone()], vec![], vec![other]),
            (vec![entry], vec![unknown(one, true)], vec![one, other]),
        ] {
            let list = root.sign_raw(&root.raw_list(&entries, &extensions));
            let list = CertificateList::from_der(&list).unwrap();
            assert_eq!(list.unknown_critical_extensions(), expected);
        }
    }

    #[test]
    fn a_delta_list_names_the_number_of_its_base() {
        let root = TestAuthority::root("Root");
        let numbers = [(oids::CRL_NUMBER, 300), (oids::DELTA_CRL_INDICATOR, 5)];
        let numbers = numbers.map(|(oid, number)| extension(oid, true, &der::unsigned(number)));
        let list = root.sign_raw(&root.raw_list(&[], &numbers));
        let list = CertificateList::from_der(&list).unwrap();
        assert_eq!(list.crl_number(), Some(&[1, 44][..]));
        assert_eq!(list.base_crl_number(), Some(&[5][..]));
        assert!(list.extensions().iter().all(|extension| extension.critical));
    }

    #[test]
    fn a_negative_number_of_a_list_is_refused() {
        let root = TestAuthority::root("Root");
        for oid in [oids::CRL_NUMBER, oids::DELTA_CRL_INDICATOR] {
            let number = extension(oid, true, &der::tlv(der::Tag::INTEGER, &[0xff]));
            let error = Error::MalformedExtension { oid };
            assert_eq!(read(&root, &[], &[number], |_| {}), Some(error));
        }
    }

    #[test]
    fn a_list_of_version_1_without_next_update_is_read() {
        let root = TestAuthority::root("Root");
        let mut raw = root.raw_list(&[], &[]);
        raw.before_algorithm.clear();
        raw.after_algorithm.truncate(2);
        let list = CertificateList::from_der(&root.sign_raw(&raw)).unwrap();
        assert_eq!((list.version(), list.next_update()), (1, None));
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
        let revoked = revoked(&leaf, Some(RevocationReason::KeyCompromise));
        let plain = root.list(&[revoked]).as_der().to_vec();
        let entry = raw_entry(&leaf, &[reason_code(6), certificate_issuer(&root)]);
        let raw = root.raw_list(&[entry], &[indirect()]);
        for der in [plain, root.sign_raw(&raw)] {
            for at in 0..der.len() {
                assert!(CertificateList::from_der(&der[..at]).is_err());
                for change in [0x01, 0x20, 0x80, 0xff] {
                    let mut changed = der.to_vec();
                    changed[at] ^= change;
                    if let Ok(list) = CertificateList::from_der(&changed) {
                        let _ = list.find(leaf.serial());
                        let _ = list.entries().count();
                    }
                }
            }
        }
    }

    fn certificate_issuer(authority: &TestAuthority) -> Vec<u8> {
        let name = der::context(4, authority.certificate.subject().as_der());
        let names = der::sequence(&[name]);
        extension(oids::CERTIFICATE_ISSUER, true, &names)
    }

    fn indirect() -> Vec<u8> {
        let flag = der::context_primitive(4, &[0xff]);
        let scope = der::sequence(&[flag]);
        extension(oids::ISSUING_DISTRIBUTION_POINT, true, &scope)
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
