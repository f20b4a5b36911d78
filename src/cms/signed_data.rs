//! `SignedData` in its `ContentInfo` (RFC 5652 §3, §5.1).

use std::borrow::Cow;

use crate::cms::Error;
use crate::cms::SignerInfo;
use crate::cms::oid;
use crate::cms::signer_info;
use crate::crypto::Oid;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::x509::Certificate;
use crate::x509::der::Reader;
use crate::x509::der::Tag;

/// A signed message.
#[derive(Clone, Debug)]
pub struct SignedData<'a> {
    content_type: Oid,
    encapsulated_content: Option<Cow<'a, [u8]>>,
    certificates: Vec<&'a [u8]>,
    revocation_information: Vec<&'a [u8]>,
    signer_infos: Vec<SignerInfo<'a>>,
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo` with `SignedData`, in DER or BER, and gives back what follows it: in a
    /// PDF that is the padding, which must be zeros.
    ///
    /// # Errors
    ///
    /// [`Error::NotSignedData`] for other messages, [`Error::Der`] for other structures,
    /// [`Error::Version`] and [`Error::DigestAlgorithms`] when a version or the set of digest
    /// algorithms is not the one that the content prescribes, and the errors of signatures and
    /// certificates that cannot be read at all.
    pub fn parse(input: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let mut reader = Reader::ber(input);
        let mut content_info = reader.sequence()?;
        let content_type = content_info.oid()?;
        if content_type != oid::SIGNED_DATA {
            return Err(Error::NotSignedData { content_type });
        }
        let mut content = content_info.expect(Tag::context(0))?.reader()?;
        content_info.finish()?;
        let fields = content.sequence()?;
        content.finish()?;
        Ok((Self::read(fields)?, reader.rest()))
    }

    fn read(mut fields: Reader<'a>) -> Result<Self, Error> {
        let version = fields.unsigned()?;
        let digest_algorithms = read_digest_algorithms(fields.set()?)?;
        let (content_type, encapsulated_content) = read_content(fields.sequence()?)?;
        let certificates = match fields.context(0)? {
            Some(set) => read_certificates(set)?,
            None => Vec::new(),
        };
        let (revocation_information, other_revocation_information) = match fields.context(1)? {
            Some(set) => read_revocation_information(set)?,
            None => (Vec::new(), false),
        };
        let signer_infos = read_signer_infos(fields.set()?, content_type)?;
        fields.finish()?;
        let data = Self {
            content_type,
            encapsulated_content,
            certificates,
            revocation_information,
            signer_infos,
        };
        data.check_version(version, other_revocation_information)?;
        data.check_digest_algorithms(&digest_algorithms)?;
        Ok(data)
    }

    /// The type of the content, id-data for documents.
    pub fn content_type(&self) -> Oid {
        self.content_type
    }

    /// The content inside the message; a detached signature has none.
    pub fn encapsulated_content(&self) -> Option<&[u8]> {
        self.encapsulated_content.as_deref()
    }

    /// The content that is signed: that inside the message, or that given beside a detached one.
    ///
    /// # Errors
    ///
    /// [`Error::NoContent`] when there is none; [`Error::EncapsulatedContent`] when there are two,
    /// of which one would be shown and the other verified.
    pub fn content<'c>(&'c self, detached: Option<&'c [u8]>) -> Result<&'c [u8], Error> {
        match (self.encapsulated_content(), detached) {
            (Some(content), None) | (None, Some(content)) => Ok(content),
            (None, None) => Err(Error::NoContent),
            (Some(content), Some(_)) => Err(Error::EncapsulatedContent {
                length: content.len(),
            }),
        }
    }

    /// The only signature of a message, its content inside or beside it.
    ///
    /// # Errors
    ///
    /// [`Error::SignerCount`] for another number of signatures.
    pub fn only_signer_info(&self) -> Result<&SignerInfo<'a>, Error> {
        match self.signer_infos.as_slice() {
            [signer_info] => Ok(signer_info),
            several => Err(Error::SignerCount {
                count: several.len(),
            }),
        }
    }

    /// The embedded certificates, raw, in the order of the message.
    pub fn certificates(&self) -> &[&'a [u8]] {
        &self.certificates
    }

    /// The embedded revocation information, raw. It is covered by no signature of this message and
    /// not judged here.
    pub fn revocation_information(&self) -> &[&'a [u8]] {
        &self.revocation_information
    }

    /// The signatures.
    pub fn signer_infos(&self) -> &[SignerInfo<'a>] {
        &self.signer_infos
    }

    /// The only signature of a detached message, as PDF has it (ETSI EN 319 142-1 §6.3).
    ///
    /// # Errors
    ///
    /// [`Error::EncapsulatedContent`] when the content stands inside, [`Error::SignerCount`] for
    /// another number of signatures.
    pub fn detached_signer_info(&self) -> Result<&SignerInfo<'a>, Error> {
        if let Some(content) = &self.encapsulated_content {
            return Err(Error::EncapsulatedContent {
                length: content.len(),
            });
        }
        self.only_signer_info()
    }

    /// The embedded certificates.
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`] when one cannot be read: none may be skipped, or its bytes could
    /// change unseen.
    pub fn parsed_certificates(&self) -> Result<Vec<Certificate>, Error> {
        let parse = |(index, raw): (usize, &&[u8])| {
            Certificate::from_der(raw).map_err(|source| Error::Certificate { index, source })
        };
        self.certificates.iter().enumerate().map(parse).collect()
    }

    /// The certificate that a signature names, among the embedded ones and others at hand: the one
    /// that the signed attribute names too where several fit.
    ///
    /// # Errors
    ///
    /// [`Error::SignerCertificateMissing`] when there is none; [`Error::Certificate`].
    pub fn signer_certificate(
        &self,
        signer_info: &SignerInfo<'_>,
        others: &[Certificate],
    ) -> Result<Certificate, Error> {
        let mut candidates = self.parsed_certificates()?;
        candidates.extend_from_slice(others);
        candidates.retain(|candidate| signer_info.identifies(candidate));
        let attributes = signer_info.signed_attributes().ok();
        let reference = attributes
            .as_ref()
            .and_then(|found| found.signing_certificate());
        let named = candidates
            .iter()
            .position(|candidate| reference.is_some_and(|reference| reference.names(candidate)));
        let index = named.unwrap_or(0);
        candidates
            .into_iter()
            .nth(index)
            .ok_or(Error::SignerCertificateMissing)
    }

    /// The embedded certificates that nothing vouches for: they are not in `path` byte for byte,
    /// and no certificate of the path or of the message signed them. Their bytes could have been
    /// changed after signing without any other trace.
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`] when one cannot be read.
    pub fn unaccounted_certificates(
        &self,
        path: &[Certificate],
        verifier: &dyn SignatureVerifier,
    ) -> Result<Vec<Certificate>, Error> {
        let embedded = self.parsed_certificates()?;
        let in_path = |one: &Certificate| path.iter().any(|link| link.as_der() == one.as_der());
        let signed = |one: &Certificate| {
            if one
                .signature_algorithm()
                .is_ok_and(SignatureAlgorithm::is_weak)
            {
                return false;
            }
            let mut issuers = path.iter().chain(&embedded);
            issuers.any(|issuer| {
                let named = one.issuer() == issuer.subject();
                let key = issuer.subject_public_key().ok().filter(|_| named);
                key.is_some_and(|key| one.verify_signature(&key, verifier).is_ok())
            })
        };
        let accounted = |one: &&Certificate| in_path(one) || signed(one);
        Ok(embedded
            .iter()
            .filter(|one| !accounted(one))
            .cloned()
            .collect())
    }

    /// RFC 5652 §5.1. Certificates of other kinds than X.509 were refused before.
    fn check_version(&self, found: u64, other_revocation_information: bool) -> Result<(), Error> {
        let by_key_identifier = self.signer_infos.iter().any(|signer| signer.version() == 3);
        let expected = if other_revocation_information {
            5
        } else if by_key_identifier || self.content_type != oid::DATA {
            3
        } else {
            1
        };
        if found == expected {
            Ok(())
        } else {
            Err(Error::Version {
                structure: "SignedData",
                expected,
                found,
            })
        }
    }

    fn check_digest_algorithms(&self, listed: &[Oid]) -> Result<(), Error> {
        let used: Vec<Oid> = self
            .signer_infos
            .iter()
            .map(SignerInfo::digest_identifier)
            .collect();
        let same = listed.iter().all(|algorithm| used.contains(algorithm))
            && used.iter().all(|algorithm| listed.contains(algorithm));
        if same {
            Ok(())
        } else {
            Err(Error::DigestAlgorithms)
        }
    }
}

fn read_digest_algorithms(mut set: Reader<'_>) -> Result<Vec<Oid>, Error> {
    let mut algorithms = Vec::new();
    while !set.is_empty() {
        let identifier = set.algorithm_identifier()?;
        // Of a foreign algorithm the parameters cannot be judged; its signature fails later.
        match signer_info::digest_algorithm(&identifier) {
            Ok(_) | Err(Error::UnsupportedDigest { .. }) => {}
            Err(error) => return Err(error),
        }
        if algorithms.contains(&identifier.oid) || algorithms.len() == MOST_SIGNERS {
            return Err(Error::DigestAlgorithms);
        }
        algorithms.push(identifier.oid);
    }
    Ok(algorithms)
}

/// `EncapsulatedContentInfo`: the type, and the content unless it is detached.
type Content<'a> = (Oid, Option<Cow<'a, [u8]>>);

fn read_content<'a>(mut fields: Reader<'a>) -> Result<Content<'a>, Error> {
    let content_type = fields.oid()?;
    let content = match fields.context(0)? {
        Some(mut content) => {
            let octets = content.octet_string()?;
            content.finish()?;
            Some(octets)
        }
        None => None,
    };
    fields.finish()?;
    Ok((content_type, content))
}

fn read_certificates<'a>(mut set: Reader<'a>) -> Result<Vec<&'a [u8]>, Error> {
    let mut certificates = Vec::new();
    while let Some(element) = set.next()? {
        if element.tag != Tag::SEQUENCE {
            return Err(Error::UnsupportedCertificate { tag: element.tag });
        }
        certificates.push(element.raw);
    }
    limit("certificates", certificates.len(), MOST_CERTIFICATES)?;
    Ok(certificates)
}

/// The choices of `RevocationInfoChoices`, and whether one of them is no revocation list.
fn read_revocation_information<'a>(mut set: Reader<'a>) -> Result<(Vec<&'a [u8]>, bool), Error> {
    let mut choices = Vec::new();
    let mut other = false;
    while let Some(element) = set.next()? {
        other |= element.tag != Tag::SEQUENCE;
        choices.push(element.raw);
    }
    limit("revocation lists", choices.len(), MOST_CERTIFICATES)?;
    Ok((choices, other))
}

fn read_signer_infos<'a>(
    mut set: Reader<'a>,
    content_type: Oid,
) -> Result<Vec<SignerInfo<'a>>, Error> {
    let mut signer_infos = Vec::new();
    while !set.is_empty() {
        limit("signatures", signer_infos.len() + 1, MOST_SIGNERS)?;
        signer_infos.push(SignerInfo::read(set.sequence()?, content_type)?);
    }
    Ok(signer_infos)
}

fn limit(kind: &'static str, count: usize, limit: usize) -> Result<(), Error> {
    if count > limit {
        Err(Error::TooMany { kind, count, limit })
    } else {
        Ok(())
    }
}

/// A path has three or four; a signature with evidence some more. Each may cost a signature check
/// for every other one.
const MOST_CERTIFICATES: usize = 32;
/// A document in PDF has one a message; a collective CAdES signature some more.
const MOST_SIGNERS: usize = 64;

#[cfg(test)]
#[path = "signed_data_tests.rs"]
mod tests;
