use crate::x509::CrlReason;
use crate::x509::Error;
use crate::x509::der::Tlv;

/// A set of reasons for revocation (RFC 5280 §4.2.1.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReasonFlags(u16);

impl ReasonFlags {
    /// No reason.
    pub const EMPTY: Self = Self(0);
    /// Every reason that has a flag, keyCompromise (bit 1) to aACompromise (bit 8).
    pub const ALL: Self = Self(0x1fe);

    /// The set of one reason; empty for `unspecified` and `removeFromCRL`, which have no flag.
    pub const fn of(reason: CrlReason) -> Self {
        Self(match reason {
            CrlReason::Unspecified | CrlReason::RemoveFromCrl => 0,
            CrlReason::KeyCompromise => 1 << 1,
            CrlReason::CaCompromise => 1 << 2,
            CrlReason::AffiliationChanged => 1 << 3,
            CrlReason::Superseded => 1 << 4,
            CrlReason::CessationOfOperation => 1 << 5,
            CrlReason::CertificateHold => 1 << 6,
            CrlReason::PrivilegeWithdrawn => 1 << 7,
            CrlReason::AaCompromise => 1 << 8,
        })
    }

    /// Whether the reason is in the set. One without a flag is in the set of all reasons only.
    pub const fn contains(self, reason: CrlReason) -> bool {
        let flag = Self::of(reason);
        if flag.is_empty() {
            self.covers_all()
        } else {
            !self.intersection(flag).is_empty()
        }
    }

    /// What is in one of the two sets.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the set has no reason.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the set has every reason.
    pub const fn covers_all(self) -> bool {
        self.0 == Self::ALL.0
    }

    /// Reads an IMPLICIT BIT STRING. Bit 0 is called unused, and bits behind the last are not
    /// defined: neither says anything.
    pub(in crate::x509) fn read(element: &Tlv<'_>) -> Result<Self, Error> {
        Ok(Self(element.bit_string()?.named_bits() & Self::ALL.0))
    }
}

#[cfg(test)]
mod tests {
    use super::ReasonFlags;
    use crate::x509::CrlReason;
    use crate::x509::der;
    use crate::x509::der::Reader;
    use crate::x509::der::Tag;

    #[test]
    fn each_bit_is_the_reason_of_the_standard() {
        for (content, reason) in [
            ([6, 0x40, 0], CrlReason::KeyCompromise),
            ([5, 0x20, 0], CrlReason::CaCompromise),
            ([4, 0x10, 0], CrlReason::AffiliationChanged),
            ([3, 0x08, 0], CrlReason::Superseded),
            ([2, 0x04, 0], CrlReason::CessationOfOperation),
            ([1, 0x02, 0], CrlReason::CertificateHold),
            ([0, 0x01, 0], CrlReason::PrivilegeWithdrawn),
            ([7, 0x00, 0x80], CrlReason::AaCompromise),
        ] {
            let length = if content[2] == 0 { 2 } else { 3 };
            let flags = read(&content[..length]).unwrap();
            assert_eq!(flags, ReasonFlags::of(reason));
            assert!(flags.contains(reason) && !flags.contains(CrlReason::Unspecified));
            assert!(!flags.covers_all() && ReasonFlags::ALL.contains(reason));
        }
    }

    #[test]
    fn all_reasons_are_covered_by_the_union_of_lists_that_share_them() {
        let some = read(&[1, 0x7e]).unwrap();
        let others = read(&[7, 0x01, 0x80]).unwrap();
        assert!(some.intersection(others).is_empty());
        assert!(some.union(others).covers_all());
        assert!(some.union(others).contains(CrlReason::Unspecified));
        assert_eq!(read(&[7, 0xff, 0x80]), Some(ReasonFlags::ALL));
        assert_eq!(read(&[0]), Some(ReasonFlags::EMPTY));
    }

    #[test]
    fn bits_that_are_no_bit_string_are_refused() {
        for content in [&[][..], &[8, 0], &[1], &[1, 0x41]] {
            assert_eq!(read(content), None, "{content:?}");
        }
    }

    fn read(content: &[u8]) -> Option<ReasonFlags> {
        let element = der::tlv(Tag::context_primitive(1), content);
        ReasonFlags::read(&Reader::der(&element).any().unwrap()).ok()
    }
}
