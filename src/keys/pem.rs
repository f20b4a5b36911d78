//! Keys in PEM text (RFC 7468).

use zeroize::Zeroizing;

use crate::crypto::Oid;
use crate::keys::Error;
use crate::keys::PrivateKey;
use crate::x509::Certificate;
use crate::x509::der;
use crate::x509::pem;

/// The keys and certificates of a text, each in its order. Keys in the forms of OpenSSL before
/// PKCS#8 are wrapped into it.
pub(super) fn read(text: &[u8]) -> Result<(Vec<PrivateKey>, Vec<Certificate>), Error> {
    // The header of an encrypted key before PKCS#8 (RFC 1421 §4.6); no block can be read with it.
    if text
        .windows(ENCRYPTED.len())
        .any(|piece| piece == ENCRYPTED)
    {
        return Err(Error::EncryptedPem);
    }
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    for block in pem::blocks(text)? {
        let contents = Zeroizing::new(block.der);
        let pkcs8 = match block.label.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" => {
                certificates.push(Certificate::from_der(&contents)?);
                continue;
            }
            "EC PRIVATE KEY" => wrap_ec(&contents)?,
            "ENCRYPTED PRIVATE KEY" => return Err(Error::EncryptedPem),
            "PRIVATE KEY" => contents.to_vec(),
            "RSA PRIVATE KEY" => wrap(&RSA_ENCRYPTION, &der::null(), &contents),
            _ => continue,
        };
        keys.push(PrivateKey::from_pkcs8(pkcs8));
    }
    Ok((keys, certificates))
}

/// `ECPrivateKey` (RFC 5915 §3) with its named curve, which stands in front of the public key.
fn wrap_ec(key: &[u8]) -> Result<Vec<u8>, Error> {
    let curve = || {
        let mut fields = der::Reader::der(key).sequence()?;
        fields.unsigned()?;
        fields.octet_string()?;
        fields
            .context(0)?
            .map(|mut parameters| parameters.oid())
            .transpose()
    };
    let curve = curve().ok().flatten().ok_or(Error::MalformedKey)?;
    Ok(wrap(&EC_PUBLIC_KEY, &der::oid(&curve), key))
}

/// PrivateKeyInfo of version 0 (RFC 5208 §5).
fn wrap(algorithm: &Oid, parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let algorithm = der::algorithm_identifier(algorithm, Some(parameters));
    der::sequence(&[der::unsigned(0), algorithm, der::octet_string(key)])
}

const EC_PUBLIC_KEY: Oid = Oid::new("1.2.840.10045.2.1");
const RSA_ENCRYPTION: Oid = Oid::new("1.2.840.113549.1.1.1");
const ENCRYPTED: &[u8] = b"\nProc-Type: 4,ENCRYPTED";
