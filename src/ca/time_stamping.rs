//! The time-stamps of the authority (RFC 3161), by the policies of the national one.

use time::Duration;
use time::OffsetDateTime;

use crate::ca::Authority;
use crate::ca::Error;
use crate::ca::TimeStampFault;
use crate::ca::fault::broken_off;
use crate::ca::fault::spoilt;
use crate::ca::specification;
use crate::cms;
use crate::cms::MessageImprint;
use crate::cms::PkiFailureInfo;
use crate::cms::RequestedCertificates;
use crate::cms::TimeStampReq;
use crate::cms::TimeStampResp;
use crate::cms::TokenToBeSigned;
use crate::cms::TstInfo;
use crate::crypto::DigestAlgorithm;
use crate::crypto::RandomSource;
use crate::x509::Oid;
use crate::x509::SerialNumber;

/// A refusal, and why in words.
struct Refusal(PkiFailureInfo, String);

impl Authority {
    /// The answer to a request in DER, a `TimeStampResp` in DER.
    ///
    /// The token has whole seconds and an accuracy of one, the nonce of the request, a number that
    /// no other token has, signing-certificate-v2, and the certificates of the time-stamping and the
    /// issuing authority when the request wants any.
    ///
    /// Refused are (§2.4.2): digests other than SHA-256, SHA-384 and SHA-512 (badAlg); a digest of
    /// another length than its algorithm has, and what is no request (badDataFormat); another
    /// version (badRequest); every extension, critical or not, since none is known
    /// (unacceptedExtension); every policy but 1.2.398.3.3.2.6.2, which is that of RSA keys and, here,
    /// of P-256 (unacceptedPolicy): .1, .3 and .4 of the national authority belong to GOST keys.
    ///
    /// ```
    /// use ruqsat::ca::Authority;
    /// use ruqsat::cms::MessageImprint;
    /// use ruqsat::cms::TimeStampReq;
    /// use ruqsat::cms::TimeStampResp;
    /// use ruqsat::crypto::DigestAlgorithm;
    /// use time::macros::datetime;
    ///
    /// let now = datetime!(2026-11-24 09:00 UTC);
    /// let authority = Authority::in_memory(1, now)?;
    /// let imprint = MessageImprint::of(b"signature", DigestAlgorithm::Sha256);
    /// let request = TimeStampReq::new(imprint, None, None).to_der();
    /// let answer = authority.answer_time_stamp(&request, now, None)?;
    /// let answer = TimeStampResp::from_der(&answer).unwrap();
    /// assert_eq!(answer.token().unwrap().tst_info().gen_time(), now);
    /// # Ok::<(), ruqsat::ca::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] when no token can hold `now`; when signing or the random source
    /// fails.
    pub fn answer_time_stamp(
        &self,
        request: &[u8],
        now: OffsetDateTime,
        fault: Option<TimeStampFault>,
    ) -> Result<Vec<u8>, Error> {
        let gen_time = specification::dated(match fault {
            Some(TimeStampFault::Stale) => now.checked_sub(Duration::DAY).unwrap_or(now),
            _ => now,
        })?;
        let serial = self.token_serial(request, now)?;
        let read = match fault {
            Some(TimeStampFault::Rejection) => Err(refused_on_demand()),
            _ => read(request),
        };
        let response = match read {
            Ok(request) => self.stamp(&request, serial, gen_time, fault)?,
            Err(Refusal(failure, text)) => failure.to_response(&text),
        };
        Ok(match fault {
            Some(TimeStampFault::Malformed) => broken_off(response),
            _ => response,
        })
    }

    fn stamp(
        &self,
        request: &TimeStampReq,
        serial: SerialNumber,
        gen_time: OffsetDateTime,
        fault: Option<TimeStampFault>,
    ) -> Result<Vec<u8>, Error> {
        let imprint = request.message_imprint().clone();
        let imprint = match fault {
            Some(TimeStampFault::WrongImprint) => {
                MessageImprint::of(imprint.hashed_message(), imprint.hash_algorithm()?)
            }
            _ => imprint,
        };
        let policy = match fault {
            Some(TimeStampFault::BadPolicy) => GOST_POLICY,
            _ => POLICY,
        };
        let nonce = match fault {
            Some(TimeStampFault::WrongNonce) => Some(other_nonce(request.nonce())),
            _ => request.nonce().map(<[u8]>::to_vec),
        };
        let tst_info = TstInfo::new(policy, imprint, serial, gen_time)
            .with_accuracy(ACCURACY)
            .with_nonce(nonce.as_deref());
        let unit = &self.units().time_stamping;
        let algorithm = unit.signer().algorithm();
        let token = TokenToBeSigned::new(&tst_info, gen_time, algorithm, &unit.certificate)?;
        let mut signature = unit.signer().sign(token.as_bytes())?;
        if fault == Some(TimeStampFault::BadSignature) {
            signature = spoilt(signature);
        }
        let certificates = match request.certificates() {
            RequestedCertificates::Included => {
                vec![unit.certificate.clone(), self.issuing().clone()]
            }
            RequestedCertificates::Omitted => Vec::new(),
        };
        let token = token.assemble(&signature, &certificates);
        Ok(TimeStampResp::granted(&token))
    }

    /// A number for one token. A source that follows a seed begins anew with each process, so the
    /// number also depends on what is stamped and when.
    fn token_serial(&self, request: &[u8], now: OffsetDateTime) -> Result<SerialNumber, Error> {
        let mut random = [0; 32];
        self.randomness().fill(&mut random)?;
        let time = now.unix_timestamp_nanos().to_be_bytes();
        let mut number = DigestAlgorithm::Sha256.digest_parts(&[&random, &time, request]);
        number.truncate(SERIAL_LENGTH);
        Ok(SerialNumber::from_magnitude(&number))
    }
}

/// The request, if it can be granted.
fn read(request: &[u8]) -> Result<TimeStampReq, Refusal> {
    let request = TimeStampReq::from_der(request).map_err(|error| match error {
        cms::Error::Version { found, .. } => Refusal(
            PkiFailureInfo::BadRequest,
            format!("version {found} of requests is not known, only 1"),
        ),
        cms::Error::WrongParameters { algorithm } => Refusal(
            PkiFailureInfo::BadAlg,
            format!("the digest algorithm {algorithm} has no parameters but NULL"),
        ),
        error => Refusal(
            PkiFailureInfo::BadDataFormat,
            format!("this is no TimeStampReq: {error}"),
        ),
    })?;
    let imprint = request.message_imprint();
    let algorithm = imprint.hash_algorithm_oid();
    let Some(digest) = DIGESTS.into_iter().find(|one| one.oid() == algorithm) else {
        return Err(Refusal(
            PkiFailureInfo::BadAlg,
            format!("digests by {algorithm} are not stamped; take SHA-256, SHA-384 or SHA-512"),
        ));
    };
    let length = imprint.hashed_message().len();
    if length != digest.output_length() {
        return Err(Refusal(
            PkiFailureInfo::BadDataFormat,
            format!("a digest by {digest} does not have {length} octets"),
        ));
    }
    if let Some(extension) = request.extensions().first() {
        return Err(Refusal(
            PkiFailureInfo::UnacceptedExtension,
            format!("the extension {extension} is not known"),
        ));
    }
    if let Some(policy) = request.policy().filter(|policy| *policy != POLICY) {
        return Err(Refusal(
            PkiFailureInfo::UnacceptedPolicy,
            format!("stamps are made by the policy {POLICY}, not by {policy}"),
        ));
    }
    Ok(request)
}

fn refused_on_demand() -> Refusal {
    let text = "this TEST authority was told to refuse".to_owned();
    Refusal(PkiFailureInfo::SystemFailure, text)
}

/// The content of an INTEGER that is not the one sent.
fn other_nonce(sent: Option<&[u8]>) -> Vec<u8> {
    let mut content = sent.map_or_else(|| vec![1, 0], <[u8]>::to_vec);
    if let Some(last) = content.last_mut() {
        *last ^= 1;
    }
    content
}

/// Stamps of P-256 and RSA keys.
const POLICY: Oid = Oid::new("1.2.398.3.3.2.6.2");
/// Stamps of keys of GOST 34.310-2004.
const GOST_POLICY: Oid = Oid::new("1.2.398.3.3.2.6.1");
const DIGESTS: [DigestAlgorithm; 3] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
];
/// Times are cut to whole seconds.
const ACCURACY: Duration = Duration::SECOND;
/// 128 bits: RFC 3161 §2.4.2 asks clients to take 160.
const SERIAL_LENGTH: usize = 16;

#[cfg(test)]
#[path = "time_stamping_tests.rs"]
mod tests;
