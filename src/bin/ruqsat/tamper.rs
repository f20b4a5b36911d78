//! What a forger does, for the demo: another digit on the page, every other byte in its place.

use std::collections::HashMap;

use ruqsat::pdf::Error;
use ruqsat::pdf::Limits;
use ruqsat::pdf::ObjectId;
use ruqsat::pdf::Pdf;

/// The same file with the last digit of `printed` changed where it first stands on a page, inside
/// the signed bytes; no byte is added or taken away. None when the text is not found, or the
/// changed page does not fit into the old one's place.
pub(crate) fn change_last_digit(file: &[u8], printed: &str) -> Result<Option<Vec<u8>>, Error> {
    let pdf = Pdf::open(file, &Limits::default())?;
    let streams = streams(&pdf)?;
    let fonts: Vec<_> = streams
        .iter()
        .filter_map(|stream| character_codes(&stream.data))
        .collect();
    for stream in &streams {
        for codes in &fonts {
            let Some(end) = find(&stream.data, codes, printed) else {
                continue;
            };
            let digit = printed.chars().last().unwrap_or_default();
            for other in ('0'..='9').rev().filter(|other| *other != digit) {
                let old = codes.get(&digit).map(Vec::len);
                let fits = |code: &&Vec<u8>| Some(code.len()) == old;
                let Some(code) = codes.get(&other).filter(fits) else {
                    continue;
                };
                let mut changed = stream.data.clone();
                changed[end - code.len()..end].copy_from_slice(code);
                if let Some(file) = replace(file, stream, &changed) {
                    return Ok(Some(file));
                }
            }
        }
    }
    Ok(None)
}

struct PageStream {
    /// Offset of the compressed data in the file.
    offset: usize,
    length: usize,
    data: Vec<u8>,
}

fn streams(pdf: &Pdf<'_>) -> Result<Vec<PageStream>, Error> {
    let size: u32 = pdf
        .trailer()
        .get("Size")
        .and_then(|size| size.as_unsigned())
        .unwrap_or(0);
    let mut streams = Vec::new();
    for number in 1..size {
        let object = pdf.object(ObjectId {
            number,
            generation: 0,
        })?;
        let Some(stream) = object.as_stream() else {
            continue;
        };
        let Ok(data) = pdf.stream_data(stream) else {
            continue;
        };
        let raw = stream.raw_data();
        let offset = raw.as_ptr() as usize - pdf.bytes().as_ptr() as usize;
        streams.push(PageStream {
            offset,
            length: raw.len(),
            data,
        });
    }
    Ok(streams)
}

/// From a ToUnicode map, the code of each character as it stands in a literal string (ISO 32000-1,
/// 7.3.4.2).
fn character_codes(data: &[u8]) -> Option<HashMap<char, Vec<u8>>> {
    let text = std::str::from_utf8(data)
        .ok()
        .filter(|text| text.contains("beginbfchar"))?;
    let mut codes = HashMap::new();
    for line in text.lines() {
        let mut parts = line.split(['<', '>', ' ']).filter(|part| !part.is_empty());
        if let (Some(code), Some(unicode), None) = (parts.next(), parts.next(), parts.next()) {
            let character = u32::from_str_radix(unicode, 16)
                .ok()
                .and_then(char::from_u32);
            let code = u16::from_str_radix(code, 16).ok();
            if let (Some(character), Some(code)) = (character, code) {
                let bytes = code.to_be_bytes().into_iter().flat_map(in_string);
                codes.insert(character, bytes.collect());
            }
        }
    }
    Some(codes)
}

fn in_string(byte: u8) -> Vec<u8> {
    match byte {
        b'\r' => b"\\r".to_vec(),
        b'\\' => b"\\\\".to_vec(),
        byte => vec![byte],
    }
}

/// Where the text ends in a page's operators, written as codes.
fn find(data: &[u8], codes: &HashMap<char, Vec<u8>>, text: &str) -> Option<usize> {
    let parts: Option<Vec<&[u8]>> = text
        .chars()
        .map(|character| codes.get(&character).map(Vec::as_slice))
        .collect();
    let wanted = parts?.concat();
    data.windows(wanted.len())
        .position(|window| window == wanted)
        .map(|start| start + wanted.len())
}

/// Puts the changed page into the old one's place: `/Length` and the data get shorter, white space
/// before `endobj` makes up for it.
fn replace(file: &[u8], stream: &PageStream, changed: &[u8]) -> Option<Vec<u8>> {
    let compressed = miniz_oxide::deflate::compress_to_vec_zlib(changed, 10);
    let spare = stream.length.checked_sub(compressed.len())?;
    let mut file = file.to_vec();
    let old = format!("/Length {}", stream.length);
    let new = format!(
        "/Length {:<1$}",
        compressed.len(),
        old.len() - "/Length ".len()
    );
    let dictionary = file.get(..stream.offset)?;
    let at = dictionary
        .windows(old.len())
        .rposition(|window| window == old.as_bytes())?;
    file[at..at + old.len()].copy_from_slice(new.as_bytes());
    let data_end = stream.offset + stream.length;
    let end = data_end
        + file[data_end..]
            .windows(6)
            .position(|window| window == b"endobj")?;
    let tail = file[data_end..end].to_vec();
    let mut body = compressed;
    body.extend_from_slice(&tail);
    body.extend(std::iter::repeat_n(b' ', spare));
    file[stream.offset..end].copy_from_slice(&body);
    Some(file)
}
