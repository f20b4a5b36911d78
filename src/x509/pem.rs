//! Textual encodings of PKIX structures (RFC 7468).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::x509::Error;

/// One block: what it says it holds, and its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    /// The words between `BEGIN` and the dashes, such as `CERTIFICATE`.
    pub label: String,
    /// The decoded bytes.
    pub der: Vec<u8>,
}

/// All blocks of a text, in order. Text between them is left out of account, as tools write it.
///
/// # Errors
///
/// [`Error::MalformedPem`] when a block is not base64 (an encrypted key with headers, for example)
/// or has no end.
pub fn blocks(input: &[u8]) -> Result<Vec<Block>, Error> {
    let mut found = Vec::new();
    let mut lines = input.split(|&octet| octet == b'\n').map(<[u8]>::trim_ascii);
    while let Some(line) = lines.next() {
        let Some(label) = label(line, b"-----BEGIN ") else {
            continue;
        };
        let malformed = || Error::MalformedPem {
            label: label.clone(),
        };
        let mut base64 = Vec::new();
        loop {
            let line = lines.next().ok_or_else(malformed)?;
            if line.starts_with(b"-----") {
                if self::label(line, b"-----END ").as_ref() != Some(&label) {
                    return Err(malformed());
                }
                break;
            }
            base64.extend_from_slice(line);
        }
        let der = STANDARD.decode(&base64).map_err(|_| malformed())?;
        found.push(Block { label, der });
    }
    Ok(found)
}

/// The bytes as one block of text, lines of 64 characters.
pub fn encode(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    let base64 = STANDARD.encode(der);
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, following) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = following;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

/// Whether the input is text with a block rather than DER.
pub fn is_pem(input: &[u8]) -> bool {
    input
        .split(|&octet| octet == b'\n')
        .any(|line| label(line.trim_ascii(), b"-----BEGIN ").is_some())
}

fn label(line: &[u8], prefix: &[u8]) -> Option<String> {
    let label = line.strip_prefix(prefix)?.strip_suffix(b"-----")?;
    String::from_utf8(label.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use super::encode;
    use crate::x509::Error;

    #[test]
    fn blocks_are_read_in_order_and_text_between_them_is_skipped() {
        let text = format!(
            "subject=CN\r\n{}words\n{}",
            encode("A", &[7; 100]),
            encode("B C", b"")
        );
        let text = text.replace('\n', "\r\n");
        let found = blocks(text.as_bytes()).unwrap();
        assert_eq!(
            (found[0].label.as_str(), &found[0].der[..]),
            ("A", &[7; 100][..])
        );
        assert_eq!(
            (found[1].label.as_str(), &found[1].der[..]),
            ("B C", &[][..])
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_block_without_end_or_with_headers_is_malformed() {
        for text in [
            "-----BEGIN A-----\nAAAA\n",
            "-----BEGIN A-----\nAAAA\n-----END B-----\n",
            "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END A-----\n",
        ] {
            let error = Error::MalformedPem { label: "A".into() };
            assert_eq!(blocks(text.as_bytes()).err(), Some(error), "{text}");
        }
    }
}
