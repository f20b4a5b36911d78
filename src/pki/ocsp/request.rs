use crate::pki::ocsp::CertId;
use crate::pki::ocsp::Error;
use crate::pki::ocsp::Nonce;
use crate::pki::ocsp::extensions;
use crate::pki::ocsp::oids;
use crate::x509::Extension;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Reader;

/// A request for the status of certificates (RFC 6960 §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspRequest {
    cert_ids: Vec<CertId>,
    extensions: Vec<Extension>,
    nonce: Option<Nonce>,
    unknown_critical_extension: Option<Oid>,
    is_signed: bool,
}

impl OcspRequest {
    /// A request without a signature for these certificates. With a nonce the response cannot be an
    /// earlier one, unless the responder does not heed it.
    pub fn new(cert_ids: impl IntoIterator<Item = CertId>, nonce: Option<Nonce>) -> Self {
        Self {
            cert_ids: cert_ids.into_iter().collect(),
            extensions: nonce.iter().map(Nonce::to_extension).collect(),
            nonce,
            unknown_critical_extension: None,
            is_signed: false,
        }
    }

    /// Reads a request in DER. A signature is not judged: who asks is nobody's business here.
    ///
    /// # Errors
    ///
    /// [`Error::Version`] for another version than 1, [`Error::DuplicateExtension`],
    /// [`Error::MalformedExtension`] and [`Error::NonceLength`] for its extensions,
    /// [`Error::TooMany`], [`Error::Der`].
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let mut tbs = fields.sequence()?;
        let is_signed = fields.context(0)?.is_some();
        fields.finish()?;
        read_version(&mut tbs)?;
        // requestorName, of no use here.
        tbs.context(1)?;
        let (cert_ids, unknown) = read_requests(tbs.sequence()?)?;
        let extensions = match tbs.context(2)? {
            Some(extensions) => extensions::read_all(extensions)?,
            None => Vec::new(),
        };
        tbs.finish()?;
        Ok(Self {
            nonce: extensions::nonce(&extensions)?,
            unknown_critical_extension: unknown
                .or_else(|| extensions::unknown_critical(&extensions, &[oids::NONCE])),
            cert_ids,
            extensions,
            is_signed,
        })
    }

    /// The request in DER, without a signature.
    pub fn to_der(&self) -> Vec<u8> {
        let requests: Vec<_> = self
            .cert_ids
            .iter()
            .map(|cert_id| der::sequence(&[cert_id.to_der()]))
            .collect();
        let mut tbs = der::sequence(&requests);
        if !self.extensions.is_empty() {
            tbs.extend(der::context(2, &extensions::to_der(&self.extensions)));
        }
        der::sequence(&[der::tlv(der::Tag::SEQUENCE, &tbs)])
    }

    /// The certificates asked for.
    pub fn cert_ids(&self) -> &[CertId] {
        &self.cert_ids
    }

    /// The nonce.
    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref()
    }

    /// requestExtensions.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    /// A critical extension of the whole, or of what is asked about one certificate, that a
    /// responder must know to answer (RFC 6960 §4.4); only the nonce is known here.
    pub fn unknown_critical_extension(&self) -> Option<Oid> {
        self.unknown_critical_extension
    }

    /// Whether the request was signed; the signature is not judged.
    pub fn is_signed(&self) -> bool {
        self.is_signed
    }
}

/// `[0] EXPLICIT Version DEFAULT v1`: version 1 is written as 0, or not at all.
pub(super) fn read_version(fields: &mut Reader<'_>) -> Result<(), Error> {
    let Some(mut version) = fields.context(0)? else {
        return Ok(());
    };
    let number = version.unsigned()?;
    version.finish()?;
    match number {
        0 => Ok(()),
        _ => Err(Error::Version {
            version: number.saturating_add(1),
        }),
    }
}

fn read_requests(mut list: Reader<'_>) -> Result<(Vec<CertId>, Option<Oid>), Error> {
    let mut cert_ids = Vec::new();
    let mut unknown = None;
    while !list.is_empty() {
        if cert_ids.len() == MOST_REQUESTS {
            return Err(Error::TooMany {
                kind: "requests",
                limit: MOST_REQUESTS,
            });
        }
        let mut request = list.sequence()?;
        cert_ids.push(CertId::read(request.sequence()?)?);
        if let Some(extensions) = request.context(0)? {
            let extensions = extensions::read_all(extensions)?;
            unknown = unknown.or_else(|| extensions::unknown_critical(&extensions, &[]));
        }
        request.finish()?;
    }
    Ok((cert_ids, unknown))
}

/// A client asks for one or a path.
const MOST_REQUESTS: usize = 1024;
