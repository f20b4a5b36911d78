use crate::crypto::Provider;
use crate::pki::Evidence;
use crate::pki::ListDistrust;
use crate::pki::NotRevoked;
use crate::pki::PathPolicy;
use crate::pki::RevocationError;
use crate::pki::TrustStore;
use crate::pki::check_revocation;
use crate::pki::ocsp::OcspResponse;
use crate::pki::ocsp::test_responder::Forge;
use crate::pki::ocsp::test_responder::delegate;
use crate::pki::test_revocation::Pki;
use crate::pki::test_revocation::path;
use crate::x509::Certificate;
use crate::x509::CertificateList;
use crate::x509::test_authority::NOW;

#[test]
fn another_key_of_the_authority_may_sign_its_lists() {
    let pki = Pki::new();
    let second = pki.root.ca("CA");
    let lists = [second.list(&[]), pki.root.list(&[])];
    assert!(check(&pki, &lists, &[], &[second.certificate]).is_ok());
}

#[test]
fn a_namesake_under_another_authority_of_the_anchor_does_not_speak_for_this_one() {
    let pki = Pki::new();
    let other = pki.root.ca("Other");
    let namesake = other.ca("CA");
    let signer = namesake.ca("CA");
    let lists = [&signer, &namesake, &other, &pki.root].map(|authority| authority.list(&[]));
    let certificates = [signer, namesake, other].map(|authority| authority.certificate);
    let refused = check(&pki, &lists, &[], &certificates).unwrap_err();
    assert!(
        matches!(
            refused,
            RevocationError::Untrusted {
                depth: 0,
                source: ListDistrust::OtherAuthority | ListDistrust::Path(_),
            }
        ),
        "{refused:?}"
    );
}

#[test]
fn a_responder_that_an_authority_names_like_its_issuer_does_not_speak_for_that_one() {
    let pki = Pki::new();
    let responder = delegate(&pki.ca, |params| {
        let mut name = rcgen::DistinguishedName::new();
        name.push(rcgen::DnType::CommonName, "Root");
        params.distinguished_name = name;
        params.key_usages.push(rcgen::KeyUsagePurpose::CrlSign);
    });
    let good = Forge::good(&pki.leaf, &pki.ca.certificate, &responder.certificate);
    let good = OcspResponse::from_der(&good.build(&responder)).unwrap();
    // The list of the authority shows its responder; that of the responder would show the authority.
    let for_responder = pki.ca.list(&[]);
    let by_responder = responder.list(&[]);
    let certificates = [responder.certificate];
    assert_eq!(
        check(&pki, &[for_responder, by_responder], &[good], &certificates),
        Err(RevocationError::Untrusted {
            depth: 1,
            source: ListDistrust::OtherAuthority,
        })
    );
}

fn check(
    pki: &Pki,
    lists: &[CertificateList],
    responses: &[OcspResponse],
    certificates: &[Certificate],
) -> Result<NotRevoked, RevocationError> {
    let path = path(&pki.leaf, &[&pki.root, &pki.ca]);
    let store = TrustStore::from_anchors([path.anchor().clone()], []);
    let evidence = Evidence {
        lists,
        responses,
        certificates,
        ..Evidence::default()
    };
    check_revocation(
        &path,
        &store,
        &evidence,
        NOW,
        &PathPolicy::strict(),
        &Provider,
    )
}
