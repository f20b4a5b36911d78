/// What a key may be used for (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// The usage whose bit `n` of the standard is bit `n` of the number.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The number whose bit `n` is bit `n` of the standard.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether everything that `other` allows is allowed.
    pub const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Bit 0, digitalSignature.
    pub const fn digital_signature(self) -> bool {
        self.has(0)
    }

    /// Bit 1, nonRepudiation, also called contentCommitment.
    pub const fn non_repudiation(self) -> bool {
        self.has(1)
    }

    /// Bit 2, keyEncipherment.
    pub const fn key_encipherment(self) -> bool {
        self.has(2)
    }

    /// Bit 3, dataEncipherment.
    pub const fn data_encipherment(self) -> bool {
        self.has(3)
    }

    /// Bit 4, keyAgreement.
    pub const fn key_agreement(self) -> bool {
        self.has(4)
    }

    /// Bit 5, keyCertSign.
    pub const fn key_cert_sign(self) -> bool {
        self.has(5)
    }

    /// Bit 6, cRLSign.
    pub const fn crl_sign(self) -> bool {
        self.has(6)
    }

    const fn has(self, bit: u16) -> bool {
        self.0 >> bit & 1 == 1
    }
}
