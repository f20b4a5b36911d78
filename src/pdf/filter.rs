//! Decoding of stream data (ISO 32000-1 7.4.4): FlateDecode with its predictors.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::error::Limit;
use crate::pdf::limits::Budget;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::Stream;

/// The data of a stream, at most `most` bytes of it and no more than the budget has left. Filters
/// and their parameters must be direct objects.
pub(crate) fn decode(stream: &Stream<'_>, most: usize, budget: &Budget) -> Result<Vec<u8>, Error> {
    let damaged = |fault| Error::Damaged {
        offset: stream.offset,
        fault,
    };
    let unsupported = Error::UnsupportedFilter {
        offset: stream.offset,
    };
    let (filters, parameters) = (
        items(stream.dictionary.get("Filter")),
        items(stream.dictionary.get("DecodeParms")),
    );
    if stream.dictionary.get("F").is_some() {
        return Err(unsupported);
    }
    let Some(filter) = filters.first() else {
        budget.spend_decoded_bytes(stream.data.len())?;
        return Ok(stream.data.to_vec());
    };
    if filters.len() > 1 || filter.as_name() != Some(b"FlateDecode") {
        return Err(unsupported);
    }
    let most = most.min(budget.decoded_bytes_left());
    let data = decompress_to_vec_zlib_with_limit(stream.data, most).map_err(|error| match error
        .status
    {
        TINFLStatus::HasMoreOutput => Error::LimitReached(Limit::DecodedBytes),
        _ => damaged(Fault::BadStreamData),
    })?;
    // Compressed bytes that decode to nothing cost as well.
    budget.spend_decoded_bytes(data.len().saturating_add(stream.data.len()))?;
    match parameters.first() {
        None | Some(Object::Null) => Ok(data),
        Some(Object::Dictionary(parameters)) => {
            unpredict(data, parameters).ok_or_else(|| damaged(Fault::BadStreamData))
        }
        Some(_) => Err(damaged(Fault::Key("DecodeParms"))),
    }
}

/// One value, or the array of them.
fn items<'o, 'd>(value: Option<&'o Object<'d>>) -> &'o [Object<'d>] {
    match value {
        None => &[],
        Some(Object::Array(array)) => array.items(),
        Some(object) => std::slice::from_ref(object),
    }
}

fn unpredict(data: Vec<u8>, parameters: &Dictionary<'_>) -> Option<Vec<u8>> {
    let parameter = |key, absent: usize| {
        parameters
            .get(key)
            .map_or(Some(absent), Object::as_unsigned::<usize>)
    };
    let predictor = parameter("Predictor", 1)?;
    if predictor == 1 {
        return Some(data);
    }
    let bits = parameter("Colors", 1)?.checked_mul(parameter("BitsPerComponent", 8)?)?;
    let row = bits.checked_mul(parameter("Columns", 1)?)?.div_ceil(8);
    let pixel = bits.div_ceil(8);
    if row == 0 || pixel == 0 {
        return None;
    }
    match predictor {
        2 if parameter("BitsPerComponent", 8)? == 8 => Some(unpredict_tiff(data, row, pixel)),
        10..=15 => unpredict_png(&data, row, pixel),
        _ => None,
    }
}

fn unpredict_tiff(mut data: Vec<u8>, row: usize, pixel: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        for at in pixel..line.len() {
            line[at] = line[at].wrapping_add(line[at - pixel]);
        }
    }
    data
}

/// Each row stands behind a byte that names its filter (PNG, W3C, clause 9). The last row may be
/// short.
fn unpredict_png(data: &[u8], row: usize, pixel: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0; row.min(data.len())];
    let mut line = above.clone();
    for coded in data.chunks(row.checked_add(1)?) {
        let (filter, coded) = coded.split_first()?;
        for (at, byte) in coded.iter().enumerate() {
            let left = if at >= pixel { line[at - pixel] } else { 0 };
            let up_left = if at >= pixel { above[at - pixel] } else { 0 };
            let up = above[at];
            line[at] = byte.wrapping_add(match filter {
                0 => 0,
                1 => left,
                2 => up,
                // The mean of two bytes fits into one.
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, up_left),
                _ => return None,
            });
        }
        out.extend_from_slice(line.get(..coded.len())?);
        std::mem::swap(&mut above, &mut line);
    }
    Some(out)
}

fn paeth(left: u8, up: u8, up_left: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(up_left);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(up_left) {
        left
    } else if distance(up) <= distance(up_left) {
        up
    } else {
        up_left
    }
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;

    use super::*;
    use crate::pdf::limits::Limits;
    use crate::pdf::parser::Parser;

    fn decode_with(dictionary: &str, data: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
        let budget = Budget::new(limits);
        let Object::Dictionary(dictionary) =
            Parser::new(dictionary.as_bytes(), 0, &budget).object()?
        else {
            panic!("no dictionary")
        };
        decode(
            &Stream {
                dictionary,
                data,
                offset: 7,
            },
            usize::MAX,
            &budget,
        )
    }

    #[test]
    fn png_predictors_are_undone() {
        let coded = compress_to_vec_zlib(
            &[
                2, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1, 4, 1, 0, 0, 3, 1, 1, 1, 0, 9, 9, 9,
            ],
            6,
        );
        let plain = decode_with(
            "<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 3>>>>",
            &coded,
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(
            plain,
            [1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 6, 7, 4, 6, 7, 9, 9, 9]
        );
    }

    #[test]
    fn the_tiff_predictor_is_undone() {
        let coded = compress_to_vec_zlib(&[1, 1, 1, 5, 1, 1], 6);
        let plain = decode_with(
            "<</Filter[/FlateDecode]/DecodeParms[<</Predictor 2/Columns 3>>]>>",
            &coded,
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(plain, [1, 2, 3, 5, 6, 7]);
    }

    #[test]
    fn a_decompression_bomb_reaches_the_limit() {
        let coded = compress_to_vec_zlib(&vec![0; 1 << 20], 6);
        let limits = Limits {
            decoded_bytes: 1 << 16,
            ..Limits::default()
        };
        assert_eq!(
            decode_with("<</Filter/FlateDecode>>", &coded, &limits),
            Err(Error::LimitReached(Limit::DecodedBytes))
        );
    }

    #[test]
    fn other_filters_are_unsupported() {
        for filter in [
            "/LZWDecode",
            "[/ASCII85Decode/FlateDecode]",
            "[/FlateDecode/FlateDecode]",
        ] {
            let outcome = decode_with(&format!("<</Filter{filter}>>"), b"", &Limits::default());
            assert_eq!(outcome, Err(Error::UnsupportedFilter { offset: 7 }));
        }
    }

    #[test]
    fn odd_predictor_parameters_are_damage() {
        let coded = compress_to_vec_zlib(&[9, 1, 2, 3], 6);
        for parameters in [
            "/Predictor 12/Columns 3",
            "/Predictor 12/Columns 0",
            "/Predictor 99",
            "/Predictor 12/Columns 9223372036854775807/Colors 9",
            "/Predictor 2/BitsPerComponent 4",
        ] {
            let outcome = decode_with(
                &format!("<</Filter/FlateDecode/DecodeParms<<{parameters}>>>>"),
                &coded,
                &Limits::default(),
            );
            assert_eq!(
                outcome,
                Err(Error::Damaged {
                    offset: 7,
                    fault: Fault::BadStreamData
                }),
                "{parameters}"
            );
        }
    }
}
