use std::collections::HashMap;

use crate::crypto::SignatureVerifier;
use crate::x509::Certificate;
use crate::x509::Name;

/// The certificates that a caller trusts, and others that may help to find a path to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustStore {
    anchors: Vec<Certificate>,
    intermediates: Vec<Certificate>,
    /// Where the certificates of a subject stand: among the anchors, and behind them among the
    /// intermediates.
    by_subject: HashMap<Name, Vec<usize>>,
}

impl TrustStore {
    /// Sorts the certificates of a trusted file or folder: self-signed ones are anchors, the others
    /// unproven intermediates. The same certificate counts once.
    ///
    /// A self-issued certificate whose own signature cannot be judged for want of the algorithm is
    /// an anchor too: trust comes from the caller, not from that signature.
    pub fn new(
        certificates: impl IntoIterator<Item = Certificate>,
        verifier: &dyn SignatureVerifier,
    ) -> Self {
        let (mut anchors, mut intermediates) = (Vec::new(), Vec::new());
        for certificate in certificates {
            let self_signed = match certificate.is_self_signed(verifier) {
                Ok(self_signed) => self_signed,
                Err(_) => certificate.is_self_issued(),
            };
            let kind = if self_signed {
                &mut anchors
            } else {
                &mut intermediates
            };
            if !kind.contains(&certificate) {
                kind.push(certificate);
            }
        }
        Self::from_anchors(anchors, intermediates)
    }

    /// A store whose anchors are named one by one, self-signed or not.
    pub fn from_anchors(
        anchors: impl IntoIterator<Item = Certificate>,
        intermediates: impl IntoIterator<Item = Certificate>,
    ) -> Self {
        let anchors: Vec<_> = anchors.into_iter().collect();
        let intermediates: Vec<_> = intermediates.into_iter().collect();
        let mut by_subject: HashMap<Name, Vec<usize>> = HashMap::new();
        for (index, certificate) in anchors.iter().chain(&intermediates).enumerate() {
            match by_subject.get_mut(certificate.subject()) {
                Some(indices) => indices.push(index),
                None => {
                    by_subject.insert(certificate.subject().clone(), vec![index]);
                }
            }
        }
        Self {
            anchors,
            intermediates,
            by_subject,
        }
    }

    /// The trust anchors, in the order given.
    pub fn anchors(&self) -> &[Certificate] {
        &self.anchors
    }

    /// The other certificates, in the order given.
    pub fn intermediates(&self) -> &[Certificate] {
        &self.intermediates
    }

    /// Whether this very certificate is an anchor.
    pub fn is_anchor(&self, certificate: &Certificate) -> bool {
        self.anchors_named(certificate.subject())
            .any(|anchor| anchor == certificate)
    }

    /// Whether an anchor bears this name.
    pub fn has_anchor_named(&self, name: &Name) -> bool {
        self.anchors_named(name).next().is_some()
    }

    /// Whether the certificate bears the name of an anchor but has the key of none so named.
    pub fn is_impostor(&self, certificate: &Certificate) -> bool {
        let mut namesakes = self.anchors_named(certificate.subject()).peekable();
        namesakes.peek().is_some() && namesakes.all(|anchor| anchor.spki() != certificate.spki())
    }

    /// The certificates of a subject, anchors first.
    pub(super) fn named(&self, name: &Name) -> impl Iterator<Item = &Certificate> {
        let indices = self.by_subject.get(name).map_or(&[][..], Vec::as_slice);
        indices.iter().filter_map(|index| {
            let intermediate = index.checked_sub(self.anchors.len());
            match intermediate {
                None => self.anchors.get(*index),
                Some(index) => self.intermediates.get(index),
            }
        })
    }

    fn anchors_named(&self, name: &Name) -> impl Iterator<Item = &Certificate> {
        let indices = self.by_subject.get(name).map_or(&[][..], Vec::as_slice);
        indices.iter().filter_map(|index| self.anchors.get(*index))
    }
}

#[cfg(test)]
mod tests {
    use super::TrustStore;
    use crate::crypto::Provider;
    use crate::pki::PathPolicy;
    use crate::pki::build_path;
    use crate::x509::Certificate;
    use crate::x509::test_authority::NOW;
    use crate::x509::test_authority::TestAuthority;
    use crate::x509::test_authority::with_broken_signature;

    #[test]
    fn self_signed_certificates_are_anchors_and_the_others_intermediates() {
        let root = TestAuthority::root("Root");
        let ca = root.ca("CA");
        let broken = with_broken_signature(root.certificate.as_der());
        let broken = Certificate::from_der(&broken).unwrap();
        let given = [
            &ca.certificate,
            &root.certificate,
            &root.certificate,
            &broken,
        ];
        let store = TrustStore::new(given.into_iter().cloned(), &Provider);
        assert_eq!(store.anchors(), [root.certificate]);
        assert_eq!(store.intermediates(), [ca.certificate, broken]);
    }

    #[test]
    fn an_anchor_that_is_named_need_not_be_self_signed() {
        let ca = TestAuthority::root("Root").ca("CA");
        let store = TrustStore::from_anchors([ca.certificate.clone()], []);
        let policy = PathPolicy::strict();
        let path = build_path(&ca.leaf("Leaf"), &store, &[], NOW, &policy, &Provider).unwrap();
        assert_eq!(path.anchor(), &ca.certificate);
    }

    #[test]
    fn the_name_of_an_anchor_with_another_key_is_an_impostor() {
        let root = TestAuthority::root("Root");
        let again = root.certify(&root, |_| {});
        let store = TrustStore::new([root.certificate.clone()], &Provider);
        assert!(!store.is_impostor(&root.certificate));
        assert!(!store.is_impostor(&again));
        assert!(!store.is_impostor(&TestAuthority::root("Other").certificate));
        assert!(store.is_impostor(&TestAuthority::root("ROOT").certificate));
    }
}
