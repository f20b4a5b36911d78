use proptest::prelude::any;
use proptest::test_runner::TestRunner;
use time::Duration;
use time::macros::datetime;

use super::TstInfo;
use crate::cms::Error;
use crate::cms::MessageImprint;
use crate::cms::RequestedCertificates;
use crate::cms::TimeStampReq;
use crate::cms::TimeStampResp;
use crate::cms::TimeStampToken;
use crate::crypto::DigestAlgorithm;
use crate::crypto::Oid;
use crate::x509::GeneralName;
use crate::x509::SerialNumber;
use crate::x509::der;
use crate::x509::der::Tag;

const POLICY: Oid = Oid::new("1.2.398.3.3.2.6.1");

fn imprint() -> MessageImprint {
    MessageImprint::of(b"message", DigestAlgorithm::Sha256)
}

/// The fields up to genTime, and those behind it.
fn tst_info(gen_time: &[u8], rest: &[Vec<u8>]) -> Vec<u8> {
    let mut fields = [
        der::unsigned(1),
        der::oid(&POLICY),
        imprint().to_der(),
        der::unsigned(0x8001),
        der::tlv(Tag::GENERALIZED_TIME, gen_time),
    ]
    .concat();
    fields.extend(rest.concat());
    der::tlv(Tag::SEQUENCE, &fields)
}

fn read(rest: &[Vec<u8>]) -> Result<TstInfo, Error> {
    TstInfo::from_der(&tst_info(b"20260601120000Z", rest))
}

#[test]
fn a_written_stamp_is_read_as_it_was_meant() {
    let time = datetime!(2026-06-01 12:00 UTC);
    let serial = SerialNumber::from_magnitude(&[0x80, 1]);
    let bare = TstInfo::new(POLICY, imprint(), serial, time);
    for accuracy in [
        Duration::SECOND,
        Duration::milliseconds(1),
        Duration::milliseconds(128),
        Duration::milliseconds(2999),
    ] {
        let info = bare.clone().with_accuracy(accuracy);
        let info = info.with_nonce(Some(&[0, 0x80]));
        assert_eq!(TstInfo::from_der(&info.to_der()), Ok(info));
    }
    assert_eq!(TstInfo::from_der(&bare.to_der()), Ok(bare));
}

#[test]
fn an_accuracy_is_rounded_up_to_milliseconds() {
    let time = datetime!(2026-06-01 12:00 UTC);
    let serial = SerialNumber::from_magnitude(&[1]);
    let info = TstInfo::new(POLICY, imprint(), serial, time);
    let info = info.with_accuracy(Duration::microseconds(1_000_001));
    let read = TstInfo::from_der(&info.to_der()).unwrap();
    assert_eq!(read.accuracy(), Some(Duration::milliseconds(1001)));
}

#[test]
fn the_extensions_of_a_request_are_told_critical_or_not() {
    let extension = |oid: &str, critical: &[u8]| {
        let oid = der::oid(&Oid::new(oid));
        der::sequence(&[&oid[..], critical, &der::octet_string(&der::null())])
    };
    let extensions = [
        extension("2.999.1", &der::boolean(true)),
        extension("2.999.2", &[]),
    ];
    let fields = [
        der::unsigned(1),
        imprint().to_der(),
        der::context(0, &extensions.concat()),
    ];
    let request = TimeStampReq::from_der(&der::sequence(&fields)).unwrap();
    let expected = [Oid::new("2.999.1"), Oid::new("2.999.2")];
    assert_eq!(request.extensions(), expected);
}

#[test]
fn the_fields_of_a_stamp_are_read() {
    let accuracy = der::sequence(&[
        der::unsigned(1),
        der::context_primitive(0, &[1, 0xf4]),
        der::context_primitive(1, &[7]),
    ]);
    let uri = der::context_primitive(6, b"http://tsp.example.kz");
    let info = TstInfo::from_der(&tst_info(
        b"20260601120000.125Z",
        &[
            accuracy,
            der::boolean(true),
            der::unsigned(0x80),
            der::context(0, &uri),
        ],
    ))
    .unwrap();
    assert_eq!(info.gen_time(), datetime!(2026-06-01 12:00:00.125 UTC));
    assert_eq!(info.accuracy(), Some(Duration::microseconds(1_500_007)));
    assert!(info.ordering());
    assert_eq!(info.nonce(), Some(&[0, 0x80][..]));
    let uri = GeneralName::Uri("http://tsp.example.kz".into());
    assert_eq!(info.tsa(), Some(&uri));
    assert_eq!(info.policy(), POLICY);
    assert_eq!(info.serial().to_string(), "8001");
    assert_eq!(info.message_imprint(), &imprint());
    assert_eq!(info.message_imprint().is_of(b"message"), Ok(true));
    assert_eq!(info.message_imprint().is_of(b"another"), Ok(false));
}

#[test]
fn optional_fields_may_be_absent() {
    let info = read(&[]).unwrap();
    assert_eq!(
        (info.accuracy(), info.nonce(), info.tsa()),
        (None, None, None)
    );
    assert!(!info.ordering());
}

#[test]
fn parts_of_an_accuracy_are_thousandths() {
    let accuracy = |millis: &[u8]| {
        let millis = der::context_primitive(0, millis);
        read(&[der::sequence(&[millis])]).map(|info| info.accuracy())
    };
    assert_eq!(accuracy(&[3, 0xe7]), Ok(Some(Duration::milliseconds(999))));
    assert_eq!(accuracy(&[0, 0x80]), Ok(Some(Duration::milliseconds(128))));
    for wrong in [
        &[][..],
        &[0],
        &[0xff],
        &[0, 1],
        &[3, 0xe8],
        &[4, 0],
        &[0, 3, 1],
    ] {
        assert!(accuracy(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn critical_extensions_are_named_and_none_may_stand_twice() {
    let extension = |critical: bool| {
        let oid = der::oid(&POLICY);
        let critical = match critical {
            true => der::boolean(true),
            false => Vec::new(),
        };
        der::sequence(&[oid, critical, der::octet_string(&[])])
    };
    let with = |extensions: &[Vec<u8>]| read(&[der::context(1, &extensions.concat())]);
    let critical = with(&[extension(true)]).unwrap();
    assert_eq!(critical.critical_extensions(), [POLICY]);
    assert!(
        with(&[extension(false)])
            .unwrap()
            .critical_extensions()
            .is_empty()
    );
    let twice = with(&[extension(false), extension(true)]);
    let attribute = POLICY;
    assert_eq!(twice, Err(Error::DuplicateAttribute { attribute }));
}

#[test]
fn another_version_is_refused() {
    let mut info = tst_info(b"20260601120000Z", &[]);
    let version = info.iter().position(|octet| *octet == 2).unwrap() + 2;
    info[version] = 2;
    let expected = Error::Version {
        structure: "TSTInfo",
        expected: 1,
        found: 2,
    };
    assert_eq!(TstInfo::from_der(&info), Err(expected));
}

#[test]
fn a_time_in_another_spelling_is_refused() {
    for time in [
        &b"20260601120000"[..],
        b"20260601120000.10Z",
        b"20260601120000+0500",
        b"202606011200Z",
    ] {
        assert!(TstInfo::from_der(&tst_info(time, &[])).is_err(), "{time:?}");
    }
}

#[test]
fn a_request_is_read_as_it_was_built() {
    for (policy, nonce) in [(None, None), (Some(POLICY), Some(&[0x80, 1][..]))] {
        let request = TimeStampReq::new(imprint(), policy, nonce);
        assert_eq!(request.certificates(), RequestedCertificates::Included);
        assert_eq!(TimeStampReq::from_der(&request.to_der()), Ok(request));
    }
    let request = TimeStampReq::new(imprint(), None, Some(&[0x80]));
    assert_eq!(request.nonce(), Some(&[0, 0x80][..]));
}

#[test]
fn a_refusal_is_told_with_its_reason() {
    let texts = der::sequence(&[der::utf8_string("нет")]);
    // badAlg is bit 0, timeNotAvailable bit 14.
    let failure = der::tlv(Tag::BIT_STRING, &[1, 0, 2]);
    let info = der::sequence(&[der::unsigned(2), texts, failure]);
    let refused = TimeStampResp::from_der(&der::sequence(&[info])).unwrap_err();
    let expected = Error::TimeStampRefused {
        status: 2,
        failure: Some(14),
        text: "нет".into(),
    };
    assert_eq!(refused, expected);
    let granted = der::sequence(&[der::sequence(&[der::unsigned(0)])]);
    let refused = TimeStampResp::from_der(&granted).unwrap_err();
    assert_eq!(refused, Error::NoContent);
}

#[test]
fn another_signed_message_is_no_token() {
    let message = crate::cms::forge::Forge::p256().build();
    let content_type = crate::cms::oid::DATA;
    let refused = TimeStampToken::from_der(&message).unwrap_err();
    assert_eq!(refused, Error::NotTstInfo { content_type });
}

#[test]
fn cut_or_changed_bytes_are_no_panic() {
    let whole = tst_info(
        b"20260601120000.5Z",
        &[der::sequence(&[der::unsigned(1)]), der::unsigned(7)],
    );
    for end in 0..whole.len() {
        assert!(TstInfo::from_der(&whole[..end]).is_err(), "{end}");
    }
    let mut changed = whole.clone();
    for at in 0..whole.len() {
        for flip in [1, 0x20, 0x80, 0xff] {
            changed[at] ^= flip;
            // Some of these are stamps of other things.
            let _ = TstInfo::from_der(&changed);
            changed[at] ^= flip;
        }
    }
    let strategy = proptest::collection::vec(any::<u8>(), 0..200);
    TestRunner::default()
        .run(&strategy, |bytes| {
            proptest::prop_assert!(TstInfo::from_der(&bytes).is_err());
            proptest::prop_assert!(TimeStampReq::from_der(&bytes).is_err());
            proptest::prop_assert!(TimeStampResp::from_der(&bytes).is_err());
            Ok(())
        })
        .unwrap();
}
