use lopdf::Dictionary;
use lopdf::Object;
use lopdf::Stream;
use miniz_oxide::DataFormat;
use miniz_oxide::deflate::core::CompressorOxide;
use miniz_oxide::deflate::core::TDEFLFlush;
use miniz_oxide::deflate::core::TDEFLStatus;
use miniz_oxide::deflate::core::compress_to_output;

use crate::export::error::Error;

/// Makes streams in zlib's format (ISO 32000-1, 7.4.4), one after the other.
///
/// Always by this one encoder at these levels: the back end that lopdf would use is chosen by
/// whatever else is in the program, and the bytes with it.
pub(super) struct Deflate {
    // Its tables are larger than most streams: they are made once for a file.
    encoder: Box<CompressorOxide>,
}

/// How long the encoder looks for what repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Glyphs: hardly anything repeats. A font is 9 % larger than at level 4, in a third of the
    /// time.
    Least,
    /// Text. Operators and structure are 7 % larger than at level 4, in half the time.
    Usual,
}

impl Deflate {
    pub(super) fn new() -> Self {
        Self {
            encoder: Box::default(),
        }
    }

    /// A stream with the content compressed.
    ///
    /// # Errors
    ///
    /// Never, short of a defect of the encoder.
    pub(super) fn stream(
        &mut self,
        mut dict: Dictionary,
        content: &[u8],
        effort: Effort,
    ) -> Result<Stream, Error> {
        let level = match effort {
            Effort::Least => 1,
            Effort::Usual => 2,
        };
        self.encoder.reset();
        self.encoder.set_format_and_level(DataFormat::Zlib, level);
        let mut compressed = Vec::with_capacity(content.len() / 3 + 64);
        let take = |bytes: &[u8]| {
            compressed.extend_from_slice(bytes);
            true
        };
        let (status, _) = compress_to_output(&mut self.encoder, content, TDEFLFlush::Finish, take);
        if status != TDEFLStatus::Done {
            return Err(std::io::Error::other("a stream was not compressed").into());
        }
        compressed.shrink_to_fit();
        dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        Ok(Stream::new(dict, compressed).with_compression(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_does_not_depend_on_those_before_it() {
        let mut used = Deflate::new();
        let long: Vec<u8> = (0..200_000_u32).flat_map(u32::to_be_bytes).collect();
        let stream = |deflate: &mut Deflate, content: &[u8], effort| {
            let stream = deflate.stream(Dictionary::new(), content, effort).unwrap();
            stream.content
        };
        stream(&mut used, &long, Effort::Usual);
        for effort in [Effort::Least, Effort::Usual] {
            for content in [b"".as_slice(), b"BT ET BT ET BT ET", &long] {
                let fresh = stream(&mut Deflate::new(), content, effort);
                assert_eq!(stream(&mut used, content, effort), fresh);
                let back = miniz_oxide::inflate::decompress_to_vec_zlib(&fresh).unwrap();
                assert_eq!(back, content);
            }
        }
    }
}
