//! Requests, responses and tokens of time-stamping are read whole or not at all.
#![no_main]

use libfuzzer_sys::fuzz_mutator;
use libfuzzer_sys::fuzz_target;
use ruqsat::cms::TimeStampReq;
use ruqsat::cms::TimeStampResp;
use ruqsat::cms::TimeStampToken;
use ruqsat::cms::TstInfo;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ruqsat_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let longer = [data, &[0]].concat();
    if let Ok(request) = TimeStampReq::from_der(data) {
        assert!(TimeStampReq::from_der(&longer).is_err());
        asked(&request);
    }
    if let Ok(response) = TimeStampResp::from_der(data) {
        assert!(TimeStampResp::from_der(&longer).is_err());
        let token = response.token().map(|token| token.tst_info().clone());
        let read =
            TimeStampToken::from_der(response.token_bytes()).map(|token| token.tst_info().clone());
        assert_eq!(token, read);
        let _ = response.is_modified();
    }
    if let Ok(info) = TstInfo::from_der(data) {
        assert!(TstInfo::from_der(&longer).is_err());
        told(&info);
    }
    if let Ok((token, rest)) = TimeStampToken::parse(data) {
        assert_eq!(TimeStampToken::from_der(data).is_ok(), rest.is_empty());
        assert!(TimeStampToken::from_der(&longer).is_err());
        let content = token
            .signed_data()
            .encapsulated_content()
            .expect("a token has content");
        assert_eq!(TstInfo::from_der(content).as_ref(), Ok(token.tst_info()));
        told(token.tst_info());
    }
});

fn asked(request: &TimeStampReq) {
    let imprint = request.message_imprint();
    let again = TimeStampReq::from_der(&request.to_der()).expect("what was written is read");
    assert_eq!(
        again.message_imprint().hashed_message(),
        imprint.hashed_message()
    );
    assert_eq!(
        again.message_imprint().hash_algorithm_oid(),
        imprint.hash_algorithm_oid()
    );
    assert_eq!(again.policy(), request.policy());
    assert_eq!(again.nonce(), request.nonce());
    assert_eq!(again.certificates(), request.certificates());
}

fn told(info: &TstInfo) {
    let _ = (
        info.policy(),
        info.serial(),
        info.gen_time(),
        info.accuracy(),
        info.ordering(),
    );
    let _ = (info.nonce(), info.tsa(), info.critical_extensions());
    let imprint = info.message_imprint();
    if let Ok(algorithm) = imprint.hash_algorithm() {
        let is_empty = imprint.is_of(b"") == Ok(true);
        assert_eq!(is_empty, imprint.hashed_message() == algorithm.digest(b""));
    }
}
