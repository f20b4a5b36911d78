/// What is demanded of a signature beyond RFC 5652. Whatever two readers could understand
/// differently is refused under every conduct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// Whether there must be signed attributes. Without them the signature covers the content alone
    /// (RFC 5652 §5.4), and neither its type nor the certificate.
    pub signed_attributes: Presence,
    /// Whether the signer must name its certificate under the protection of the signature.
    pub signing_certificate: Presence,
    /// Which spellings of the parameters of the signature algorithm are taken.
    pub parameters: Parameters,
}

/// Whether something may be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Demanded,
    /// It is checked where it is there.
    Optional,
}

/// Which spellings of the parameters of a signature algorithm are taken: they stand outside the
/// signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// The only one that a signer may write: NULL for RSA PKCS#1 v1.5, none for ECDSA and EdDSA.
    Exact,
    /// Also absent ones for RSA PKCS#1 v1.5, which verifiers shall accept (RFC 4055 §5).
    Tolerant,
}

impl Conduct {
    /// For signed documents: no byte of the message may have another value than it has.
    pub const fn document() -> Self {
        Self {
            signed_attributes: Presence::Demanded,
            signing_certificate: Presence::Demanded,
            parameters: Parameters::Exact,
        }
    }

    /// For time-stamp tokens, whose signer is always named (RFC 3161 §2.4.2).
    pub const fn time_stamp() -> Self {
        Self {
            parameters: Parameters::Tolerant,
            ..Self::document()
        }
    }

    /// For messages of others, such as mail: what RFC 5652 demands and no more.
    pub const fn rfc5652() -> Self {
        Self {
            signed_attributes: Presence::Optional,
            signing_certificate: Presence::Optional,
            parameters: Parameters::Tolerant,
        }
    }
}
