//! The verdicts of OpenSSL through `X509_verify_cert`, as a program that links it would ask.

use std::ffi::CString;
use std::ffi::c_char;
use std::ffi::c_int;
use std::ffi::c_ulong;

use foreign_types::ForeignType as _;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::X509;
use openssl::x509::X509Crl;
use openssl::x509::X509StoreContext;
use openssl::x509::store::X509Store;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyFlags;
use openssl::x509::verify::X509VerifyParam;
use time::OffsetDateTime;

use crate::material::Case;
use crate::material::NOW;
use crate::material::PKITS_MOMENT;
use crate::material::ThreeCertificates;

// What the crate `openssl` does not offer.
unsafe extern "C" {
    fn X509_STORE_add_crl(
        store: *mut openssl_sys::X509_STORE,
        crl: *mut openssl_sys::X509_CRL,
    ) -> c_int;
    fn X509_VERIFY_PARAM_add0_policy(
        param: *mut openssl_sys::X509_VERIFY_PARAM,
        policy: *mut openssl_sys::ASN1_OBJECT,
    ) -> c_int;
    fn OBJ_txt2obj(text: *const c_char, no_name: c_int) -> *mut openssl_sys::ASN1_OBJECT;
}

const CRL_CHECK_OF_ALL: c_ulong = openssl_sys::X509_V_FLAG_CRL_CHECK
    | openssl_sys::X509_V_FLAG_CRL_CHECK_ALL
    | openssl_sys::X509_V_FLAG_EXTENDED_CRL_SUPPORT
    | openssl_sys::X509_V_FLAG_USE_DELTAS;

/// Everything from bytes.
pub fn cold(material: &ThreeCertificates) -> bool {
    let ready = Ready::new(material);
    ready.is_ok_and(|ready| ready.verify())
}

/// The path with everything read; OpenSSL verifies the signatures of lists each time.
pub struct Ready {
    store: X509Store,
    leaf: X509,
    others: Stack<X509>,
}

impl Ready {
    pub fn new(material: &ThreeCertificates) -> Result<Self, ErrorStack> {
        let lists = [&material.root_list, &material.ca_list].map(Vec::as_slice);
        let mut param = X509VerifyParam::new()?;
        set_flags(&mut param, CRL_CHECK_OF_ALL, NOW)?;
        Ok(Self {
            store: store(&material.root, &lists, &param)?,
            leaf: X509::from_der(&material.leaf)?,
            others: stack(&[material.ca.as_slice()])?,
        })
    }

    pub fn verify(&self) -> bool {
        verify(&self.store, &self.leaf, &self.others)
    }
}

/// Whether a case of PKITS is valid, everything from bytes.
pub fn is_valid(case: &Case, anchor: &[u8]) -> bool {
    judge(case, anchor).unwrap_or(false)
}

fn judge(case: &Case, anchor: &[u8]) -> Result<bool, ErrorStack> {
    let mut flags = openssl_sys::X509_V_FLAG_POLICY_CHECK;
    for (is_set, flag) in [
        (case.asks_revocation, CRL_CHECK_OF_ALL),
        (
            case.explicit_policy,
            openssl_sys::X509_V_FLAG_EXPLICIT_POLICY,
        ),
        (case.mapping_inhibit, openssl_sys::X509_V_FLAG_INHIBIT_MAP),
        (
            case.any_policy_inhibit,
            openssl_sys::X509_V_FLAG_INHIBIT_ANY,
        ),
    ] {
        flags |= if is_set { flag } else { 0 };
    }
    let mut param = X509VerifyParam::new()?;
    set_flags(&mut param, flags, PKITS_MOMENT)?;
    for policy in case.policies.iter().flatten() {
        let text = CString::new(policy.as_str()).expect("digits and dots");
        // SAFETY: the text lives until the call returns, and the parameters take the object over.
        unsafe { X509_VERIFY_PARAM_add0_policy(param.as_ptr(), OBJ_txt2obj(text.as_ptr(), 1)) };
    }
    let slices = |all: &[Vec<u8>]| all.to_vec();
    let lists = slices(&case.lists);
    let lists: Vec<&[u8]> = lists.iter().map(Vec::as_slice).collect();
    let others: Vec<&[u8]> = case.others.iter().map(Vec::as_slice).collect();
    let store = store(anchor, &lists, &param)?;
    Ok(verify(
        &store,
        &X509::from_der(&case.leaf)?,
        &stack(&others)?,
    ))
}

fn set_flags(
    param: &mut X509VerifyParam,
    flags: c_ulong,
    time: OffsetDateTime,
) -> Result<(), ErrorStack> {
    param.set_flags(X509VerifyFlags::from_bits_retain(flags))?;
    param.set_time(time.unix_timestamp());
    Ok(())
}

fn store(anchor: &[u8], lists: &[&[u8]], param: &X509VerifyParam) -> Result<X509Store, ErrorStack> {
    let mut store = X509StoreBuilder::new()?;
    store.add_cert(X509::from_der(anchor)?)?;
    store.set_param(param)?;
    for list in lists {
        let list = X509Crl::from_der(list)?;
        // SAFETY: both live, and the store counts its own reference to the list.
        unsafe { X509_STORE_add_crl(store.as_ptr(), list.as_ptr()) };
    }
    Ok(store.build())
}

fn stack(certificates: &[&[u8]]) -> Result<Stack<X509>, ErrorStack> {
    let mut stack = Stack::new()?;
    for der in certificates {
        stack.push(X509::from_der(der)?)?;
    }
    Ok(stack)
}

fn verify(store: &X509Store, leaf: &X509, others: &Stack<X509>) -> bool {
    let context = X509StoreContext::new();
    let verified = context
        .and_then(|mut context| context.init(store, leaf, others, |context| context.verify_cert()));
    verified.unwrap_or(false)
}
