//! Does the certificate lead to a root that the caller trusts?

use rcgen::BasicConstraints;
use rcgen::CustomExtension;
use rcgen::IsCa;
use rcgen::KeyUsagePurpose;
use ruqsat::verify::CheckOutcome;
use ruqsat::verify::Evidence;
use ruqsat::verify::Param;
use ruqsat::verify::Report;
use ruqsat::verify::Status;
use ruqsat::x509::Certificate;
use ruqsat::x509::CertificateList;
use ruqsat::x509::der;
use ruqsat::x509::oids;

use crate::forge::Forge;
use crate::forge::signing_certificate;
use crate::forge::signing_certificates;
use crate::other_authority::OtherAuthority;
use crate::support::World;
use crate::support::assert_verdict;
use crate::support::check;
use crate::support::notes;
use crate::support::trust;
use crate::support::unsigned;

/// A root and an issuing authority without the mark of a TEST.
struct Chain {
    root: OtherAuthority,
    issuing: OtherAuthority,
}

impl Chain {
    fn new(root: &str, issuing: &str) -> Self {
        let root = OtherAuthority::root(root);
        let issuing = root.issuing(issuing);
        Self { root, issuing }
    }

    fn lists(&self) -> Vec<CertificateList> {
        vec![self.root.list(), self.issuing.list()]
    }
}

/// The report on the sample with these certificates in it, checked against one root.
fn signed(forge: &Forge, root: &Certificate, lists: Vec<CertificateList>) -> Report {
    let trust = trust([root.clone()]);
    check(&forge.sign(&unsigned()), &Evidence { trust, lists })
}

#[track_caller]
fn assert_unproven(report: &Report, reasons: &[&str]) {
    assert_verdict(report, Status::Indeterminate, reasons);
    assert_eq!(report.checks().trust, CheckOutcome::Undetermined);
    assert_eq!(report.checks().unaltered, CheckOutcome::Pass);
    assert!(report.anchors.is_empty());
}

#[track_caller]
fn assert_refused(report: &Report, reasons: &[&str]) {
    assert_verdict(report, Status::Invalid, reasons);
    assert_eq!(report.checks().trust, CheckOutcome::Fail);
    assert_eq!(report.checks().unaltered, CheckOutcome::Pass);
}

#[track_caller]
fn assert_breaks_rule(report: &Report, rule: &str) {
    assert_refused(report, &["CHAIN_INVALID"]);
    let reason = &report.signatures[0].verdict.reasons()[0];
    assert_eq!(reason.params["rule"], Param::Text(rule.to_owned()));
}

#[test]
fn issuer_that_is_nowhere_at_hand_is_unknown() {
    let chain = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let mut forge = Forge::new(&chain.issuing.signer());
    forge.certificates = vec![forge.leaf.clone()];
    let report = signed(&forge, &chain.root.certificate, chain.lists());
    assert_unproven(&report, &["ISSUER_UNKNOWN"]);
}

#[test]
fn root_that_nobody_named_is_not_trusted() {
    let chain = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let other = OtherAuthority::root("Басқа негізгі орталық");
    let mut forge = Forge::new(&chain.issuing.signer());
    forge.certificates.push(chain.root.certificate.clone());
    let report = signed(&forge, &other.certificate, chain.lists());
    assert_unproven(&report, &["ROOT_UNTRUSTED"]);
}

#[test]
fn name_of_a_trusted_root_with_another_key_is_an_impostor() {
    let trusted = OtherAuthority::root("Негізгі орталық");
    let false_one = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let mut forge = Forge::new(&false_one.issuing.signer());
    let report = signed(&forge, &trusted.certificate, false_one.lists());
    assert_refused(&report, &["ROOT_IMPOSTOR"]);
    forge.certificates.push(false_one.root.certificate.clone());
    let report = signed(&forge, &trusted.certificate, false_one.lists());
    assert_refused(&report, &["ROOT_IMPOSTOR"]);
}

/// Every TEST authority bears the same names, so another one is no impostor.
#[test]
fn test_authority_that_nobody_named_is_a_test() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    let real = OtherAuthority::root("Негізгі орталық");
    let other = World::new();
    let roots = [&real.certificate, other.authority.root()];
    for _ in 0..2 {
        for root in roots {
            let report = signed(&forge, root, world.lists());
            assert_refused(&report, &["TEST_CERTIFICATE"]);
            assert!(!notes(&report).contains(&"TEST_AUTHORITY"));
        }
        // With its root in the message as without it.
        forge.certificates.push(world.authority.root().clone());
    }
}

#[test]
fn test_certificate_alone_is_a_test() {
    let mut world = World::new();
    let mut forge = Forge::new(&world.head());
    forge.certificates = vec![forge.leaf.clone()];
    let real = OtherAuthority::root("Негізгі орталық");
    let report = signed(&forge, &real.certificate, world.lists());
    assert_refused(&report, &["TEST_CERTIFICATE"]);
}

#[test]
fn signer_issues_no_certificates() {
    let chain = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let signer = chain.issuing.signer_that_issues();
    let mut forge = Forge::new(&signer.signer());
    forge.certificates.push(chain.issuing.certificate.clone());
    let report = signed(&forge, &chain.root.certificate, chain.lists());
    assert_breaks_rule(&report, "RFC 5280 6.1.4 (k), basicConstraints");
}

#[test]
fn path_is_not_longer_than_its_root_allows() {
    let root = OtherAuthority::root_with("Негізгі орталық", |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    });
    let issuing = root.issuing("Ұлттық орталық");
    let lists = vec![root.list(), issuing.list()];
    let forge = Forge::new(&issuing.signer());
    let report = signed(&forge, &root.certificate, lists);
    assert_breaks_rule(&report, "RFC 5280 6.1.4 (m), pathLenConstraint");
}

#[test]
fn authority_without_key_cert_sign_issues_nothing() {
    let root = OtherAuthority::root("Негізгі орталық");
    let issuing = root.issuing_with("Ұлттық орталық", |params| {
        params.key_usages = vec![KeyUsagePurpose::CrlSign];
    });
    let lists = vec![root.list(), issuing.list()];
    let forge = Forge::new(&issuing.signer());
    let report = signed(&forge, &root.certificate, lists);
    assert_breaks_rule(&report, "RFC 5280 6.1.4 (n), keyCertSign");
}

#[test]
fn critical_extension_that_nobody_knows_is_not_passed_over() {
    let chain = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let signer = chain.issuing.signer_with(|params| {
        let mut unknown = CustomExtension::from_oid_content(&[2, 999, 370, 9], vec![5, 0]);
        unknown.set_criticality(true);
        params.custom_extensions.push(unknown);
    });
    let report = signed(&Forge::new(&signer), &chain.root.certificate, chain.lists());
    assert_breaks_rule(&report, "RFC 5280 6.1.5 (f), 2.999.370.9");
}

#[test]
fn certificate_that_its_issuer_did_not_sign_breaks_the_chain() {
    let chain = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let mut forge = Forge::new(&chain.issuing.signer());
    forge.leaf = with_broken_signature(&forge.leaf);
    forge.certificates = vec![forge.leaf.clone(), chain.issuing.certificate.clone()];
    forge.attributes = vec![signing_certificate(&forge.leaf)];
    let report = signed(&forge, &chain.root.certificate, chain.lists());
    assert_breaks_rule(&report, "RFC 5280 6.1.3 (a)(1)");
}

#[test]
fn embedded_certificate_that_nobody_vouches_for_breaks_the_chain() {
    let chain = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let mut forge = Forge::new(&chain.issuing.signer());
    let stray = Chain::new("Басқа негізгі орталық", "Басқа орталық").issuing;
    forge.certificates.push(stray.certificate);
    let report = signed(&forge, &chain.root.certificate, chain.lists());
    assert_breaks_rule(&report, "embedded certificates");
}

fn with_broken_signature(certificate: &Certificate) -> Certificate {
    let mut der = certificate.as_der().to_vec();
    *der.last_mut().unwrap() ^= 1;
    Certificate::from_der(&der).unwrap()
}

/// Further certificates in signing-certificate-v2 (RFC 5035 §3).
#[test]
fn signer_that_names_its_issuers_allows_no_others() {
    let chain = Chain::new("Негізгі орталық", "Ұлттық орталық");
    let mut forge = Forge::new(&chain.issuing.signer());
    let leaf = forge.leaf.clone();
    let (issuing, root) = (&chain.issuing.certificate, &chain.root.certificate);
    forge.attributes = vec![signing_certificates(&[&leaf, issuing])];
    let report = signed(&forge, root, chain.lists());
    assert_verdict(&report, Status::Valid, &[]);
    forge.attributes = vec![signing_certificates(&[&leaf, root])];
    let report = signed(&forge, root, chain.lists());
    assert_breaks_rule(&report, "RFC 5035 3, signing-certificate");
}

/// Name constraints of the issuing authority: only names of Uzbekistan, or none of anybody.
#[test]
fn name_outside_of_what_the_authority_may_certify_breaks_the_chain() {
    let country = der::sequence(&[der::oid(&oids::COUNTRY_NAME), der::printable_string("UZ")]);
    let name = der::sequence(&[der::tlv(der::Tag::SET, &country)]);
    let everything = der::sequence::<&[u8]>(&[]);
    for (kind, base, rule) in [
        (0, name, "RFC 5280 6.1.3 (b)"),
        (1, everything, "RFC 5280 6.1.3 (c)"),
    ] {
        let root = OtherAuthority::root("Негізгі орталық");
        let issuing = root.issuing_with("Ұлттық орталық", |params| {
            let subtree = der::sequence(&[der::context(4, &base)]);
            let value = der::sequence(&[der::context(kind, &subtree)]);
            let mut constraints = CustomExtension::from_oid_content(&[2, 5, 29, 30], value);
            constraints.set_criticality(true);
            params.custom_extensions.push(constraints);
        });
        let lists = vec![root.list(), issuing.list()];
        let forge = Forge::new(&issuing.signer());
        let report = signed(&forge, &root.certificate, lists);
        assert_breaks_rule(&report, rule);
    }
}

/// The issuing authority demands a policy that its own certificate does not have.
#[test]
fn policy_that_is_demanded_and_not_valid_breaks_the_chain() {
    let root = OtherAuthority::root("Негізгі орталық");
    let issuing = root.issuing_with("Ұлттық орталық", |params| {
        let value = der::sequence(&[der::context_primitive(0, &[0])]);
        let mut constraints = CustomExtension::from_oid_content(&[2, 5, 29, 36], value);
        constraints.set_criticality(true);
        params.custom_extensions.push(constraints);
    });
    let lists = vec![root.list(), issuing.list()];
    let forge = Forge::new(&issuing.signer());
    let report = signed(&forge, &root.certificate, lists);
    assert_breaks_rule(&report, "RFC 5280 6.1.3 (f)");
}
