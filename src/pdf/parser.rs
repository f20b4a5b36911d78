//! From bytes to objects (ISO 32000-1 7.2, 7.3).

use std::borrow::Cow;
use std::ops::Range;

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::limits::Budget;
use crate::pdf::object::Array;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Entry;
use crate::pdf::object::Name;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::object::StringObject;
use crate::pdf::object::hex_digit;

/// Reads objects from a buffer, one after the other.
pub(crate) struct Parser<'d, 'b> {
    data: &'d [u8],
    position: usize,
    depth: usize,
    /// Inside a decoded stream: where that stream stands in the file, for errors.
    origin: Option<usize>,
    budget: &'b Budget,
}

impl<'d, 'b> Parser<'d, 'b> {
    pub(crate) fn new(data: &'d [u8], position: usize, budget: &'b Budget) -> Self {
        Self {
            data,
            position,
            depth: 0,
            origin: None,
            budget,
        }
    }

    /// Over the decoded data of a stream.
    pub(crate) fn within(
        data: &'d [u8],
        position: usize,
        origin: usize,
        budget: &'b Budget,
    ) -> Self {
        Self {
            data,
            position,
            depth: 0,
            origin: Some(origin),
            budget,
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    pub(crate) fn fail(&self, fault: Fault) -> Error {
        self.fail_at(self.position, fault)
    }

    pub(crate) fn fail_at(&self, offset: usize, fault: Fault) -> Error {
        Error::Damaged {
            offset: self.origin.unwrap_or(offset),
            fault,
        }
    }

    /// White space and comments (7.2.3, 7.2.4).
    pub(crate) fn skip_white_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let rest = self.rest();
                self.position += rest
                    .iter()
                    .position(|byte| matches!(byte, b'\r' | b'\n'))
                    .unwrap_or(rest.len());
            } else if is_white_space(byte) {
                self.position += 1;
            } else {
                return;
            }
        }
    }

    /// Passes over a keyword that stands here as a whole word.
    pub(crate) fn take_keyword(&mut self, keyword: &str) -> bool {
        let Some(after) = self.rest().strip_prefix(keyword.as_bytes()) else {
            return false;
        };
        if after.first().is_some_and(|byte| is_regular(*byte)) {
            return false;
        }
        self.position += keyword.len();
        true
    }

    /// Passes over white space and a keyword.
    pub(crate) fn expect_keyword(&mut self, keyword: &'static str) -> Result<(), Error> {
        self.skip_white_space();
        if self.take_keyword(keyword) {
            Ok(())
        } else {
            Err(self.fail(Fault::Keyword(keyword)))
        }
    }

    /// Passes over white space and digits.
    pub(crate) fn expect_unsigned<T: TryFrom<u64>>(&mut self) -> Result<T, Error> {
        self.skip_white_space();
        let start = self.position;
        let value = self
            .take_unsigned()
            .ok_or_else(|| self.fail_at(start, Fault::BadNumber))?;
        T::try_from(value).map_err(|_| self.fail_at(start, Fault::BadNumber))
    }

    /// The next object; white space before it is passed over. A stream comes as its dictionary.
    pub(crate) fn object(&mut self) -> Result<Object<'d>, Error> {
        self.skip_white_space();
        self.budget.spend_objects(1)?;
        match self.peek() {
            None => Err(self.fail(Fault::UnexpectedEnd)),
            Some(b'/') => self.name().map(Object::Name),
            Some(b'(') => self.literal_string().map(Object::String),
            Some(b'<') if self.rest().starts_with(b"<<") => {
                self.dictionary().map(Object::Dictionary)
            }
            Some(b'<') => self.hexadecimal_string().map(Object::String),
            Some(b'[') => self.array().map(Object::Array),
            Some(b'+' | b'-' | b'.' | b'0'..=b'9') => self.number_or_reference(),
            Some(_) if self.take_keyword("true") => Ok(Object::Boolean(true)),
            Some(_) if self.take_keyword("false") => Ok(Object::Boolean(false)),
            Some(_) if self.take_keyword("null") => Ok(Object::Null),
            Some(_) => Err(self.fail(Fault::NotAnObject)),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.position).copied()
    }

    fn rest(&self) -> &'d [u8] {
        self.data.get(self.position..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> (&'d [u8], Range<usize>) {
        (
            self.data.get(start..self.position).unwrap_or_default(),
            start..self.position,
        )
    }

    fn take_unsigned(&mut self) -> Option<u64> {
        let start = self.position;
        let mut value = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value
                .checked_mul(10)?
                .checked_add(u64::from(digit - b'0'))?;
            self.position += 1;
        }
        (self.position > start).then_some(value)
    }

    fn number_or_reference(&mut self) -> Result<Object<'d>, Error> {
        let start = self.position;
        let length = self
            .rest()
            .iter()
            .take_while(|byte| is_regular(**byte))
            .count();
        self.position += length;
        let number = parse_number(self.since(start).0)
            .ok_or_else(|| self.fail_at(start, Fault::BadNumber))?;
        let Object::Integer(integer) = number else {
            return Ok(number);
        };
        let Ok(number) = u32::try_from(integer) else {
            return Ok(Object::Integer(integer));
        };
        let after_integer = self.position;
        if let Some(generation) = self.rest_of_reference() {
            return Ok(Object::Reference(ObjectId { number, generation }));
        }
        self.position = after_integer;
        Ok(Object::Integer(integer))
    }

    fn rest_of_reference(&mut self) -> Option<u16> {
        self.skip_white_space();
        let generation = self.take_unsigned()?;
        if !self.peek().is_some_and(is_white_space) {
            return None;
        }
        self.skip_white_space();
        if !self.take_keyword("R") {
            return None;
        }
        u16::try_from(generation).ok()
    }

    fn name(&mut self) -> Result<Name<'d>, Error> {
        let start = self.position;
        self.position += 1;
        let length = self
            .rest()
            .iter()
            .take_while(|byte| is_regular(**byte))
            .count();
        let raw = &self.rest()[..length];
        self.position += length;
        if !raw.contains(&b'#') {
            return Ok(Name(Cow::Borrowed(raw)));
        }
        unescape_name(raw)
            .map(|name| Name(Cow::Owned(name)))
            .ok_or_else(|| self.fail_at(start, Fault::BadName))
    }

    fn literal_string(&mut self) -> Result<StringObject<'d>, Error> {
        let start = self.position;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            self.position += 1;
            match byte {
                b'\\' => self.position += 1,
                b'(' => depth += 1,
                b')' if depth == 1 => {
                    let (raw, span) = self.since(start);
                    return Ok(StringObject { raw, span });
                }
                b')' => depth -= 1,
                _ => {}
            }
        }
        Err(self.fail_at(start, Fault::UnexpectedEnd))
    }

    fn hexadecimal_string(&mut self) -> Result<StringObject<'d>, Error> {
        let start = self.position;
        let rest = self.rest();
        let end = rest
            .iter()
            .skip(1)
            .position(|byte| hex_digit(*byte).is_none() && !is_white_space(*byte));
        let end = end.ok_or_else(|| self.fail_at(start, Fault::UnexpectedEnd))? + 1;
        if rest.get(end) != Some(&b'>') {
            return Err(self.fail_at(start + end, Fault::BadHexString));
        }
        self.position = start + end + 1;
        let (raw, span) = self.since(start);
        Ok(StringObject { raw, span })
    }

    fn array(&mut self) -> Result<Array<'d>, Error> {
        let start = self.position;
        self.position += 1;
        self.enter()?;
        let mut items = Vec::new();
        loop {
            self.skip_white_space();
            if self.peek() == Some(b']') {
                self.position += 1;
                break;
            }
            items.push(self.object()?);
        }
        self.depth -= 1;
        let (raw, span) = self.since(start);
        Ok(Array { items, raw, span })
    }

    fn dictionary(&mut self) -> Result<Dictionary<'d>, Error> {
        let start = self.position;
        self.position += 2;
        self.enter()?;
        let mut entries = Vec::new();
        loop {
            self.skip_white_space();
            match self.peek() {
                Some(b'/') => entries.push(self.entry()?),
                Some(b'>') if self.rest().starts_with(b">>") => break,
                Some(_) => return Err(self.fail(Fault::Keyword(">>"))),
                None => return Err(self.fail(Fault::UnexpectedEnd)),
            }
        }
        self.position += 2;
        self.depth -= 1;
        if has_duplicate_key(&entries) {
            return Err(self.fail_at(start, Fault::DuplicateKey));
        }
        let (raw, span) = self.since(start);
        Ok(Dictionary { entries, raw, span })
    }

    fn entry(&mut self) -> Result<Entry<'d>, Error> {
        let key = self.name()?;
        let key_end = self.position;
        self.skip_white_space();
        let start = self.position;
        let value = self.object()?;
        Ok(Entry {
            key,
            value,
            key_end,
            value_span: start..self.position,
        })
    }

    fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        self.budget.check_depth(self.depth)
    }
}

pub(crate) fn is_white_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_white_space(byte)
        && !matches!(
            byte,
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
        )
}

fn parse_number(raw: &[u8]) -> Option<Object<'static>> {
    let text = str::from_utf8(raw).ok()?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || whole.len() + fraction.len() == 0 {
        return None;
    }
    if digits.len() == whole.len() {
        return text.parse().ok().map(Object::Integer);
    }
    text.parse().ok().map(Object::Real)
}

fn unescape_name(raw: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'#' {
            out.push(*byte);
            continue;
        }
        let high = hex_digit(*bytes.next()?)?;
        let low = hex_digit(*bytes.next()?)?;
        out.push(high << 4 | low);
    }
    Some(out)
}

fn has_duplicate_key(entries: &[Entry<'_>]) -> bool {
    // Small dictionaries are the rule, and need no memory.
    if entries.len() <= 16 {
        return entries
            .iter()
            .enumerate()
            .any(|(at, entry)| entries[..at].iter().any(|other| other.key == entry.key));
    }
    let mut keys: Vec<&[u8]> = entries.iter().map(|entry| &*entry.key.0).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::error::Limit;
    use crate::pdf::limits::Limits;

    fn parse(data: &[u8]) -> Result<String, Error> {
        let budget = Budget::new(&Limits::default());
        Parser::new(data, 0, &budget)
            .object()
            .map(|object| show(&object))
    }

    fn show(object: &Object<'_>) -> String {
        match object {
            Object::Array(array) => array
                .items()
                .iter()
                .map(|item| format!("{},", show(item)))
                .collect(),
            Object::Boolean(boolean) => boolean.to_string(),
            Object::Dictionary(dictionary) => dictionary
                .entries()
                .iter()
                .map(|entry| {
                    format!(
                        "{}:{};",
                        String::from_utf8_lossy(entry.key.as_bytes()),
                        show(&entry.value)
                    )
                })
                .collect(),
            Object::Integer(integer) => integer.to_string(),
            Object::Name(name) => format!("/{}", String::from_utf8_lossy(name.as_bytes())),
            Object::Null => "null".to_owned(),
            Object::Real(real) => format!("{real:?}"),
            Object::Reference(id) => format!("{id} R"),
            Object::Stream(_) => "stream".to_owned(),
            Object::String(string) => format!("({})", string.text()),
        }
    }

    #[test]
    fn objects_of_every_type() {
        let text =
            b"<</A[1 -2 +3 .5 4. 5 0 R 6 0 7]/B<</C(x(y)\\))>>/D<41>/E true%c\n/F null/G/H#20I>>";
        assert_eq!(
            parse(text).unwrap(),
            "A:1,-2,3,0.5,4.0,5 0 R,6,0,7,;B:C:(x(y)));;D:(A);E:true;F:null;G:/H I;"
        );
    }

    #[test]
    fn malformed_objects_are_refused_where_they_stand() {
        for (text, offset, fault) in [
            (&b"<</A 1/A 2>>"[..], 0, Fault::DuplicateKey),
            (b"<</A 1/#41 2>>", 0, Fault::DuplicateKey),
            (b"[1 2", 4, Fault::UnexpectedEnd),
            (b"[1 --2]", 3, Fault::BadNumber),
            (b"1.2.3", 0, Fault::BadNumber),
            (b"99999999999999999999", 0, Fault::BadNumber),
            (b"(never ends\\)", 0, Fault::UnexpectedEnd),
            (b"<41 4x>", 5, Fault::BadHexString),
            (b"/A#4", 0, Fault::BadName),
            (b"<</A 1 2>>", 7, Fault::Keyword(">>")),
            (b"endobj", 0, Fault::NotAnObject),
            (b" ", 1, Fault::UnexpectedEnd),
        ] {
            assert_eq!(
                parse(text),
                Err(Error::Damaged { offset, fault }),
                "{}",
                String::from_utf8_lossy(text)
            );
        }
    }

    #[test]
    fn duplicate_keys_are_found_in_large_dictionaries() {
        let keys: String = (0..40)
            .map(|number| format!("/K{} 0", number % 39))
            .collect();
        assert_eq!(
            parse(format!("<<{keys}>>").as_bytes()),
            Err(Error::Damaged {
                offset: 0,
                fault: Fault::DuplicateKey
            })
        );
    }

    #[test]
    fn deep_nesting_reaches_the_limit() {
        assert_eq!(
            parse(&[b'['; 200_000]),
            Err(Error::LimitReached(Limit::Depth))
        );
        assert_eq!(
            parse(&b"<</A".repeat(65)),
            Err(Error::LimitReached(Limit::Depth))
        );
    }
}
