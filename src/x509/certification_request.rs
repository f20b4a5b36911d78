use std::ops::Range;

use crate::crypto;
use crate::crypto::AlgorithmIdentifier;
use crate::crypto::PublicKeyAlgorithm;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::SignatureVerifier;
use crate::crypto::SubjectPublicKey;
use crate::x509::Error;
use crate::x509::Name;
use crate::x509::Oid;
use crate::x509::certificate_reading::identifier;
use crate::x509::certificate_reading::range;
use crate::x509::certificate_reading::signature;
use crate::x509::certificate_reading::whole_octets;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::pem;

/// A request for a certificate (PKCS#10, RFC 2986) over its raw bytes. Its attributes, by which it
/// asks for extensions, are left alone: whoever certifies decides what stands in the certificate.
#[derive(Clone, Debug)]
pub struct CertificationRequest {
    der: Vec<u8>,
    info: Range<usize>,
    signature_algorithm: (Oid, Option<Range<usize>>),
    signature: Range<usize>,
    subject: Name,
    key_algorithm: (Oid, Option<Range<usize>>),
    key: Range<usize>,
}

impl CertificationRequest {
    /// Reads a request in DER.
    ///
    /// # Errors
    ///
    /// When the bytes are no request of RFC 2986, or bytes follow it.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut request = outer.sequence()?;
        outer.finish()?;
        let info = request.expect(Tag::SEQUENCE)?;
        let signature_algorithm = request.algorithm_identifier()?;
        let signature = signature(&mut request)?;
        request.finish()?;

        let mut fields = info.reader()?;
        let version = fields.unsigned()?.saturating_add(1);
        if version != 1 {
            return Err(Error::UnknownVersion { version });
        }
        let subject = Name::from_der(fields.expect(Tag::SEQUENCE)?.raw)?;
        let mut key_info = fields.sequence()?;
        let key_algorithm = key_info.algorithm_identifier()?;
        let key = whole_octets(&mut key_info)?;
        key_info.finish()?;
        // OpenSSL reads a request without them, too.
        if let Some(mut attributes) = fields.context(0)? {
            while !attributes.is_empty() {
                let mut attribute = attributes.sequence()?;
                attribute.oid()?;
                attribute.expect(Tag::SET)?;
                attribute.finish()?;
            }
        }
        fields.finish()?;
        Ok(Self {
            der: der.to_vec(),
            info: range(der, info.raw),
            signature_algorithm: identifier(der, &signature_algorithm),
            signature: range(der, signature),
            subject,
            key_algorithm: identifier(der, &key_algorithm),
            key: range(der, key),
        })
    }

    /// Reads a request in DER, or the only one of a PEM text, as files hold them.
    ///
    /// # Errors
    ///
    /// [`Error::NoPemBlock`] when a text has none, [`Error::SeveralPemBlocks`] when it has more than
    /// one, else as [`CertificationRequest::from_der`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if !pem::is_pem(bytes) {
            return Self::from_der(bytes);
        }
        let blocks = pem::blocks(bytes)?;
        let mut requests = blocks
            .iter()
            .filter(|block| PEM_LABELS.contains(&block.label.as_str()));
        let label = PEM_LABELS[0];
        let request = requests.next().ok_or(Error::NoPemBlock { label })?;
        match requests.next() {
            Some(_) => Err(Error::SeveralPemBlocks { label }),
            None => Self::from_der(&request.der),
        }
    }

    /// The name that the request gives itself; nobody has checked it.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// The public key, once the request's own signature has shown that whoever made the request
    /// has the private key.
    ///
    /// # Errors
    ///
    /// As [`SignatureVerifier::verify`] and [`PublicKeyAlgorithm::from_identifier`].
    pub fn proven_public_key(
        &self,
        verifier: &dyn SignatureVerifier,
    ) -> Result<SubjectPublicKey<'_>, crypto::Error> {
        let identifier = self.identifier(&self.key_algorithm);
        let key = SubjectPublicKey {
            algorithm: PublicKeyAlgorithm::from_identifier(&identifier)?,
            parameters: identifier.parameters,
            octets: &self.der[self.key.clone()],
        };
        let algorithm = self.identifier(&self.signature_algorithm);
        verifier.verify(
            SignatureAlgorithm::from_identifier(&algorithm)?,
            &key,
            &self.der[self.info.clone()],
            &self.der[self.signature.clone()],
        )?;
        Ok(key)
    }

    fn identifier(
        &self,
        (oid, parameters): &(Oid, Option<Range<usize>>),
    ) -> AlgorithmIdentifier<'_> {
        AlgorithmIdentifier {
            oid: *oid,
            parameters: parameters.clone().map(|part| &self.der[part]),
        }
    }
}

/// As RFC 7468 §7 has it, and as older tools write it.
const PEM_LABELS: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    reason = "tests may take the system's random source"
)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;
    use crate::crypto::Provider;
    use crate::crypto::RingSigner;
    use crate::crypto::Signer;
    use crate::crypto::generate_p256;
    use crate::crypto::generate_rsa;
    use crate::x509::der;

    /// What stands in a request; right in everything but what a test spoils.
    struct Raw {
        version: u64,
        key: Vec<u8>,
        attributes: Vec<u8>,
        signer: RingSigner,
    }

    impl Raw {
        fn p256() -> Self {
            let pkcs8 = generate_p256(&SystemRandom::new()).unwrap();
            let curve = der::oid(&PublicKeyAlgorithm::P256.oid());
            Self::new(&pkcs8, &Oid::new("1.2.840.10045.2.1"), &curve)
        }

        fn rsa(bits: usize) -> Self {
            let pkcs8 = generate_rsa(bits, &SystemRandom::new()).unwrap();
            Self::new(&pkcs8, &PublicKeyAlgorithm::Rsa.oid(), &der::null())
        }

        fn new(pkcs8: &[u8], algorithm: &Oid, parameters: &[u8]) -> Self {
            let signer = RingSigner::from_pkcs8(pkcs8, None, SystemRandom::new()).unwrap();
            Self {
                version: 0,
                key: der::sequence(&[
                    der::algorithm_identifier(algorithm, Some(parameters)),
                    der::bit_string(signer.subject_public_key()),
                ]),
                attributes: der::context(0, &[]),
                signer,
            }
        }

        fn build(&self) -> Vec<u8> {
            let info = der::sequence(&[
                der::unsigned(self.version),
                der::sequence::<&[u8]>(&[]),
                self.key.clone(),
                self.attributes.clone(),
            ]);
            let parameters = match self.signer.algorithm() {
                SignatureAlgorithm::EcdsaSha256 => None,
                _ => Some(der::null()),
            };
            let algorithm =
                der::algorithm_identifier(&self.signer.algorithm().oid(), parameters.as_deref());
            let signature = der::bit_string(&self.signer.sign(&info).unwrap());
            der::sequence(&[info, algorithm, signature])
        }

        fn read(&self) -> Result<CertificationRequest, Error> {
            CertificationRequest::from_der(&self.build())
        }
    }

    #[test]
    fn the_key_of_a_request_that_it_signed_is_had_from_der_and_pem() {
        for raw in [Raw::p256(), Raw::rsa(2048)] {
            let der = raw.build();
            let text = pem::encode("NEW CERTIFICATE REQUEST", &der);
            for bytes in [der, text.into_bytes()] {
                let request = CertificationRequest::from_bytes(&bytes).unwrap();
                let key = request.proven_public_key(&Provider).unwrap();
                assert_eq!(key.octets, raw.signer.subject_public_key());
            }
        }
    }

    #[test]
    fn a_key_that_did_not_sign_the_request_is_not_had() {
        let mut raw = Raw::p256();
        raw.key = Raw::p256().key;
        let request = raw.read().unwrap();
        let refused = request.proven_public_key(&Provider);
        assert_eq!(refused.err(), Some(crypto::Error::BadSignature));
    }

    #[test]
    fn a_changed_octet_is_noticed() {
        let der = Raw::p256().build();
        for at in 0..der.len() {
            let mut changed = der.clone();
            changed[at] ^= 1;
            let noticed = CertificationRequest::from_der(&changed)
                .map(|request| request.proven_public_key(&Provider).is_err());
            assert!(noticed.unwrap_or(true), "{at}");
            assert!(CertificationRequest::from_der(&der[..at]).is_err(), "{at}");
        }
    }

    #[test]
    fn attributes_are_left_alone_and_may_be_absent() {
        let mut raw = Raw::p256();
        let set = der::set_of::<&[u8]>(&[]);
        let attribute = der::sequence(&[der::oid(&Oid::new("1.2.3")), set]);
        for attributes in [der::context(0, &attribute), Vec::new()] {
            raw.attributes = attributes;
            assert!(raw.read().unwrap().proven_public_key(&Provider).is_ok());
        }
        raw.attributes = der::context(0, &der::null());
        assert!(matches!(raw.read(), Err(Error::Der(_))));
    }

    #[test]
    fn another_version_is_unknown() {
        let mut raw = Raw::p256();
        raw.version = 1;
        let error = Error::UnknownVersion { version: 2 };
        assert_eq!(raw.read().err(), Some(error));
    }

    #[test]
    fn a_text_holds_exactly_one_request() {
        let label = "CERTIFICATE REQUEST";
        let request = pem::encode(label, &Raw::p256().build());
        let read = |text: &str| CertificationRequest::from_bytes(text.as_bytes());
        assert!(read(&request).is_ok());
        let twice = read(&[&*request, &request].concat());
        assert_eq!(twice.err(), Some(Error::SeveralPemBlocks { label }));
        let none = read(&pem::encode("CERTIFICATE", &[0x30, 0]));
        assert_eq!(none.err(), Some(Error::NoPemBlock { label }));
    }
}
