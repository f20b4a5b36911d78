//! The lines of a batch, read one by one; a line without end is never held whole.

use std::io;
use std::io::BufRead;

/// The lines of an input, counted from 1; empty ones are counted and passed over.
pub(crate) struct Lines<R> {
    input: R,
    limit: usize,
    number: usize,
    bytes: u64,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number.
    pub(crate) number: usize,
    /// What stands in it.
    pub(crate) content: Content,
}

/// What stands in a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Its bytes, and whether a line end follows.
    Bytes(Vec<u8>, End),
    /// More bytes than the limit; they were passed over.
    TooLong,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With a line feed.
    Newline,
    /// With the input.
    Input,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most `limit` bytes.
    pub(crate) fn new(input: R, limit: usize) -> Self {
        Self {
            input,
            limit,
            number: 0,
            bytes: 0,
        }
    }

    /// How many bytes have been read.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next line that is not empty.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let Some(content) = self.read()? else {
                return Ok(None);
            };
            self.number += 1;
            let is_blank = match &content {
                Content::Bytes(bytes, _) => bytes.iter().all(u8::is_ascii_whitespace),
                Content::TooLong => false,
            };
            if !is_blank {
                let number = self.number;
                return Ok(Some(Line { number, content }));
            }
        }
    }

    fn read(&mut self) -> io::Result<Option<Content>> {
        let mut line = Vec::new();
        let mut length = 0;
        loop {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                available => available?,
            };
            if available.is_empty() && length == 0 {
                return Ok(None);
            }
            let newline = available.iter().position(|byte| *byte == b'\n');
            let part = newline.unwrap_or(available.len());
            if length + part <= self.limit {
                line.extend_from_slice(available.get(..part).unwrap_or_default());
            } else {
                line = Vec::new();
            }
            let is_end = newline.is_some() || available.is_empty();
            let consumed = part + usize::from(newline.is_some());
            self.input.consume(consumed);
            self.bytes += consumed as u64;
            length += consumed;
            if is_end {
                let end = match newline {
                    Some(_) => End::Newline,
                    None => End::Input,
                };
                let own = length - usize::from(newline.is_some());
                return Ok(Some(match own <= self.limit {
                    true => Content::Bytes(line, end),
                    false => Content::TooLong,
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn lines(input: &[u8], limit: usize) -> Vec<(usize, Option<String>)> {
        // A buffer of three bytes: lines lie across its ends.
        let mut lines = Lines::new(BufReader::with_capacity(3, input), limit);
        let mut all = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let text = match line.content {
                Content::Bytes(bytes, _) => Some(String::from_utf8(bytes).unwrap()),
                Content::TooLong => None,
            };
            all.push((line.number, text));
        }
        assert_eq!(lines.bytes(), input.len() as u64);
        all
    }

    #[test]
    fn empty_lines_are_counted_and_passed_over() {
        let some = |number, text: &str| (number, Some(text.to_owned()));
        assert_eq!(lines(b"", 9), []);
        assert_eq!(lines(b"\n\n", 9), []);
        assert_eq!(
            lines(b"one\n\n \t\r\nfour\r\nfive", 9),
            [some(1, "one"), some(4, "four\r"), some(5, "five")]
        );
    }

    #[test]
    fn a_line_beyond_the_limit_is_passed_over_with_its_number() {
        let some = |number, text: &str| (number, Some(text.to_owned()));
        assert_eq!(
            lines(b"12345\n123456\n1\n1234567890", 5),
            [some(1, "12345"), (2, None), some(3, "1"), (4, None)]
        );
    }

    #[test]
    fn a_line_tells_whether_it_was_ended() {
        let mut lines = Lines::new(&b"a\nb"[..], 9);
        let ends: Vec<_> = std::iter::from_fn(|| lines.next().unwrap())
            .map(|line| line.content)
            .collect();
        assert_eq!(
            ends,
            [
                Content::Bytes(b"a".to_vec(), End::Newline),
                Content::Bytes(b"b".to_vec(), End::Input)
            ]
        );
    }
}
