use lopdf::Dictionary;
use lopdf::Object;
use lopdf::Stream;

/// A stream in zlib's format (ISO 32000-1, 7.4.4).
///
/// Always by this one encoder at this one level: the back end that lopdf would use is chosen by
/// whatever else is in the program, and the bytes with it.
pub(super) fn stream(mut dict: Dictionary, content: &[u8]) -> Stream {
    dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    Stream::new(
        dict,
        miniz_oxide::deflate::compress_to_vec_zlib(content, LEVEL),
    )
    .with_compression(false)
}

/// The sample permit is 1.6 % larger than at level 6 and takes a millisecond less (1.8 instead of
/// 2.8).
const LEVEL: u8 = 4;
