use std::ops::Range;

use crate::x509::der::Reader;
use crate::x509::revoked_entry::CertificateIssuer;
use crate::x509::revoked_entry::Entry;
use crate::x509::revoked_entry::PlainEntry;

/// Where the entries of a list lie, ordered by a hash of their serial numbers.
///
/// Ordered, not hashed into buckets: whoever chooses the serial numbers of a list can make one
/// search walk over the entries of the same hash, but never the building slow.
pub(super) struct Index {
    /// The hash in the upper half, the place of the entry in the lower one, ascending.
    positions: Box<[u64]>,
    /// From which place on certificateIssuer has these names, ascending.
    issuers: Box<[(u32, Range<u32>)]>,
}

impl Index {
    /// Walks over the content of revokedCertificates, which was checked when the list was read.
    pub(super) fn of(content: &[u8]) -> Self {
        // The shortest entry, of one octet and a UTCTime, has 20 octets; a usual one twice that.
        let mut positions = Vec::with_capacity(content.len() / 40);
        let mut issuers = Vec::new();
        let mut rest = content;
        while !rest.is_empty() {
            let Ok(at) = u32::try_from(content.len() - rest.len()) else {
                break;
            };
            if let Some(entry) = PlainEntry::read(rest) {
                positions.push(key(entry.serial, at));
                rest = &rest[entry.length..];
                continue;
            }
            let mut reader = Reader::der(rest);
            let Ok(entry) = Entry::read(&mut reader) else {
                break;
            };
            positions.push(key(entry.serial, at));
            if let Some(issuer) = entry.certificate_issuer {
                issuers.push((at, place(content, issuer.names)));
            }
            rest = reader.rest();
        }
        positions.sort_unstable();
        Self {
            positions: positions.into(),
            issuers: issuers.into(),
        }
    }

    /// Where entries of this serial number may begin.
    pub(super) fn positions(&self, serial: &[u8]) -> impl Iterator<Item = usize> {
        let hash = hash(serial);
        let first = self
            .positions
            .partition_point(|position| position >> 32 < u64::from(hash));
        self.positions[first..]
            .iter()
            .take_while(move |&&position| position >> 32 == u64::from(hash))
            .map(|position| (position & u64::from(u32::MAX)) as usize)
    }

    /// The certificateIssuer that counts for the entry at this place, `None` for the issuer of the
    /// list.
    pub(super) fn certificate_issuer<'a>(
        &self,
        content: &'a [u8],
        at: usize,
    ) -> Option<CertificateIssuer<'a>> {
        let after = self
            .issuers
            .partition_point(|(from, _)| *from as usize <= at);
        let (_, names) = self.issuers.get(after.checked_sub(1)?)?;
        let names = content.get(names.start as usize..names.end as usize)?;
        Some(CertificateIssuer { names })
    }
}

fn key(serial: &[u8], at: u32) -> u64 {
    u64::from(hash(serial)) << 32 | u64::from(at)
}

/// Spreads serial numbers that count upwards as well as random ones; it need not withstand anyone.
fn hash(serial: &[u8]) -> u32 {
    let mixed = serial.chunks(8).fold(0_u64, |state, chunk| {
        let word = chunk
            .iter()
            .fold(0, |word, &octet| word << 8 | u64::from(octet));
        (state.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> 32) as u32
}

/// Where `part`, a slice of `content`, lies in it. No content exceeds 32 bits, as no length does.
fn place(content: &[u8], part: &[u8]) -> Range<u32> {
    let start = part.as_ptr().addr() - content.as_ptr().addr();
    start as u32..(start + part.len()) as u32
}
