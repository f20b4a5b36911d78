use crate::crypto::AlgorithmIdentifier;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::crypto::tlv;

/// RSASSA-PSS-params (RFC 4055 §3.1): how a signature was made, or what a key is restricted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PssParameters {
    /// The digest of the message.
    pub(super) hash: DigestAlgorithm,
    /// The digest inside the mask generation function MGF1.
    pub(super) mask_hash: DigestAlgorithm,
    /// The length of the salt in octets; for a key the least that is allowed (§3.3).
    pub(super) salt_length: usize,
}

impl PssParameters {
    /// Reads the parameters with their tag and length. `None` when they are malformed, or name a
    /// digest, mask or trailer that is not known here.
    pub(super) fn parse(parameters: &[u8]) -> Option<Self> {
        let (fields, []) = tlv::take(parameters, tlv::SEQUENCE)? else {
            return None;
        };
        let (hash, rest) = field(fields, 0)?;
        let (mask, rest) = field(rest, 1)?;
        let (salt_length, rest) = field(rest, 2)?;
        let (trailer, []) = field(rest, 3)? else {
            return None;
        };
        // A verifier takes the default trailer also where it is written out (§3.1).
        if !matches!(trailer, None | Some(TRAILER_FIELD_BC)) {
            return None;
        }
        Some(Self {
            hash: hash.map_or(Some(DigestAlgorithm::Sha1), digest)?,
            mask_hash: mask.map_or(Some(DigestAlgorithm::Sha1), mask_digest)?,
            salt_length: salt_length.map_or(Some(DEFAULT_SALT_LENGTH), small)?,
        })
    }

    /// The digest of a signature whose mask uses the same one, with a salt as long as the digest.
    pub(super) fn uniform_digest(self) -> Option<DigestAlgorithm> {
        let uniform = self.hash == self.mask_hash && self.salt_length == self.hash.output_length();
        uniform.then_some(self.hash)
    }

    /// Whether a key with these restrictions may have made a signature with [`uniform`] parameters
    /// of this digest (§3.3): the same digests, and a salt that is not too short.
    ///
    /// [`uniform`]: Self::uniform_digest
    pub(super) fn allow(self, digest: DigestAlgorithm) -> bool {
        self.hash == digest
            && self.mask_hash == digest
            && self.salt_length <= digest.output_length()
    }
}

/// The content of an optional field with the context tag `number`, and what follows it.
fn field(fields: &[u8], number: u8) -> Option<(Option<&[u8]>, &[u8])> {
    let tag = CONTEXT | number;
    if fields.first() != Some(&tag) {
        return Some((None, fields));
    }
    let (content, rest) = tlv::take(fields, tag)?;
    Some((Some(content), rest))
}

/// The digest of an identifier with parameters NULL or absent (§2.1).
fn digest(identifier: &[u8]) -> Option<DigestAlgorithm> {
    let identifier = algorithm_identifier(identifier)?;
    if identifier.parameters.is_some() && !identifier.has_null_parameters() {
        return None;
    }
    DigestAlgorithm::from_oid(identifier.oid)
}

fn mask_digest(identifier: &[u8]) -> Option<DigestAlgorithm> {
    let identifier = algorithm_identifier(identifier)?;
    (identifier.oid == MGF1).then(|| digest(identifier.parameters?))?
}

fn algorithm_identifier(element: &[u8]) -> Option<AlgorithmIdentifier<'_>> {
    let (content, []) = tlv::take(element, tlv::SEQUENCE)? else {
        return None;
    };
    let (oid, parameters) = tlv::take(content, tlv::OBJECT_IDENTIFIER)?;
    Some(AlgorithmIdentifier {
        oid: Oid::from_octets(oid).ok()?,
        parameters: Some(parameters).filter(|parameters| !parameters.is_empty()),
    })
}

/// An INTEGER of one octet: no salt that is used here is longer.
fn small(integer: &[u8]) -> Option<usize> {
    match tlv::take(integer, tlv::INTEGER)? {
        (&[value @ 0..=0x7f], []) => Some(usize::from(value)),
        _ => None,
    }
}

const CONTEXT: u8 = 0xa0;
const DEFAULT_SALT_LENGTH: usize = 20;
const MGF1: Oid = Oid::new("1.2.840.113549.1.1.8");
const TRAILER_FIELD_BC: &[u8] = &[tlv::INTEGER, 1, 1];

#[cfg(test)]
mod tests {
    use super::PssParameters;
    use crate::crypto::DigestAlgorithm;

    const SHA_256: PssParameters = PssParameters {
        hash: DigestAlgorithm::Sha256,
        mask_hash: DigestAlgorithm::Sha256,
        salt_length: 32,
    };

    /// `hash`, `mask` and `salt` with SHA-256 as OpenSSL writes them.
    const HASH: &str = "a00f300d06096086480165030402010500";
    const MASK: &str = "a11c301a06092a864886f70d010108300d06096086480165030402010500";
    const SALT: &str = "a203020120";

    fn parse(fields: &[&str]) -> Option<PssParameters> {
        let hex = fields.concat();
        let pairs = hex.as_bytes().chunks(2);
        let octets =
            pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        let content: Vec<u8> = octets.collect();
        let whole = [&[0x30, content.len() as u8][..], &content].concat();
        PssParameters::parse(&whole)
    }

    #[test]
    fn parameters_are_read_with_null_or_absent_digest_parameters() {
        assert_eq!(parse(&[HASH, MASK, SALT]), Some(SHA_256));
        let hash = "a00d300b0609608648016503040201";
        let mask = "a11a301806092a864886f70d010108300b0609608648016503040201";
        assert_eq!(parse(&[hash, mask, SALT]), Some(SHA_256));
        assert_eq!(parse(&[hash, MASK, SALT]), Some(SHA_256));
    }

    #[test]
    fn what_is_absent_is_sha_1_with_a_salt_of_20_octets() {
        let read = parse(&[]).unwrap();
        assert_eq!(read.hash, DigestAlgorithm::Sha1);
        assert_eq!(read.mask_hash, DigestAlgorithm::Sha1);
        assert_eq!(read.salt_length, 20);
        assert_eq!(parse(&[HASH]).unwrap().uniform_digest(), None);
    }

    #[test]
    fn the_default_trailer_may_be_written_out_and_another_is_refused() {
        assert_eq!(parse(&[HASH, MASK, SALT, "a303020101"]), Some(SHA_256));
        assert_eq!(parse(&[HASH, MASK, SALT, "a303020102"]), None);
    }

    #[test]
    fn malformed_parameters_are_refused() {
        for fields in [
            &[MASK, HASH, SALT][..],
            &[HASH, HASH, MASK, SALT],
            &[HASH, MASK, SALT, "0500"],
            &[HASH, MASK, "a2020500"],
            &[HASH, MASK, "a20302ff20"],
            &[HASH, MASK, "a2030201e0"],
            &[HASH, MASK, "a20402020020"],
            &["a0", MASK, SALT],
            &["a00f300d06096086480165030402010400", MASK, SALT],
            &[
                HASH,
                "a11c301a06092a864886f70d010109300d06096086480165030402010500",
                SALT,
            ],
        ] {
            assert_eq!(parse(fields), None, "{fields:?}");
        }
        assert_eq!(PssParameters::parse(&[0x30, 0, 0]), None);
        assert_eq!(PssParameters::parse(&[5, 0]), None);
    }

    #[test]
    fn a_key_allows_its_own_digests_and_salts_from_its_length_on() {
        assert!(SHA_256.allow(DigestAlgorithm::Sha256));
        assert!(!SHA_256.allow(DigestAlgorithm::Sha384));
        let salt = |salt_length| PssParameters {
            salt_length,
            ..SHA_256
        };
        assert!(salt(20).allow(DigestAlgorithm::Sha256));
        assert!(!salt(33).allow(DigestAlgorithm::Sha256));
        let mask_hash = DigestAlgorithm::Sha1;
        assert!(
            !PssParameters {
                mask_hash,
                ..SHA_256
            }
            .allow(DigestAlgorithm::Sha256)
        );
    }
}
