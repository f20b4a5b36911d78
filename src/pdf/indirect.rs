//! Indirect objects and streams where they stand in the file (ISO 32000-1 7.3.8, 7.3.10).

use std::ops::Range;

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::limits::Budget;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::object::Stream;
use crate::pdf::parser::Parser;

/// An indirect object and its place.
#[derive(Clone, Debug)]
pub(crate) struct Indirect<'d> {
    pub(crate) id: ObjectId,
    pub(crate) object: Object<'d>,
    /// From the object number to the end of `endobj`.
    pub(crate) span: Range<usize>,
}

/// The object that begins at `offset`. `length` tells the value of an indirect `/Length`.
pub(crate) fn read_indirect<'d>(
    data: &'d [u8],
    offset: usize,
    budget: &Budget,
    length: &dyn Fn(ObjectId) -> Result<usize, Error>,
) -> Result<Indirect<'d>, Error> {
    let mut parser = Parser::new(data, offset, budget);
    parser.skip_white_space();
    let start = parser.position();
    let id = read_head(&mut parser)?;
    let mut object = parser.object()?;
    parser.skip_white_space();
    // A long string or comment is one object, and costs more than one.
    budget.spend_objects((parser.position() - start) / 64)?;
    if let Object::Dictionary(dictionary) = object {
        let at = parser.position();
        object = if parser.take_keyword("stream") {
            let stream = read_stream(data, &parser, dictionary, length)?;
            parser = Parser::new(data, stream.offset + stream.data.len(), budget);
            skip_line_end(data, &mut parser, budget);
            if !parser.take_keyword("endstream") {
                return Err(Error::Damaged {
                    offset: at,
                    fault: Fault::Keyword("endstream"),
                });
            }
            Object::Stream(stream)
        } else {
            Object::Dictionary(dictionary)
        };
    }
    parser.expect_keyword("endobj")?;
    Ok(Indirect {
        id,
        object,
        span: start..parser.position(),
    })
}

/// The integer object at `offset`: what an indirect `/Length` names. Nothing else is read, so that
/// no length can depend on another.
pub(crate) fn read_integer(
    data: &[u8],
    offset: usize,
    id: ObjectId,
    budget: &Budget,
) -> Result<usize, Error> {
    let mut parser = Parser::new(data, offset, budget);
    if read_head(&mut parser)? != id {
        return Err(Error::Damaged {
            offset,
            fault: Fault::OtherObject,
        });
    }
    let value = parser.expect_unsigned()?;
    parser.expect_keyword("endobj")?;
    Ok(value)
}

fn read_head(parser: &mut Parser<'_, '_>) -> Result<ObjectId, Error> {
    let number = parser.expect_unsigned()?;
    let generation = parser.expect_unsigned()?;
    parser.expect_keyword("obj")?;
    Ok(ObjectId { number, generation })
}

/// The parser stands behind the word `stream`.
fn read_stream<'d>(
    data: &'d [u8],
    parser: &Parser<'d, '_>,
    dictionary: Dictionary<'d>,
    length: &dyn Fn(ObjectId) -> Result<usize, Error>,
) -> Result<Stream<'d>, Error> {
    let after_word = parser.position();
    // A carriage return alone is not allowed here: it could belong to the data (7.3.8.1).
    let offset = match data.get(after_word..) {
        Some([b'\r', b'\n', ..]) => after_word + 2,
        Some([b'\n', ..]) => after_word + 1,
        _ => return Err(parser.fail(Fault::Keyword("stream"))),
    };
    let length = match dictionary.get("Length") {
        Some(Object::Reference(id)) => length(*id)?,
        Some(object) => object
            .as_unsigned()
            .ok_or_else(|| parser.fail(Fault::Key("Length")))?,
        None => return Err(parser.fail(Fault::Key("Length"))),
    };
    let end = offset
        .checked_add(length)
        .ok_or_else(|| parser.fail(Fault::UnexpectedEnd))?;
    let data = data
        .get(offset..end)
        .ok_or_else(|| parser.fail(Fault::UnexpectedEnd))?;
    Ok(Stream {
        dictionary,
        data,
        offset,
    })
}

/// One line end, which is not part of the data.
fn skip_line_end<'d, 'b>(data: &'d [u8], parser: &mut Parser<'d, 'b>, budget: &'b Budget) {
    let at = parser.position();
    let length = match data.get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\r' | b'\n', ..]) => 1,
        _ => 0,
    };
    *parser = Parser::new(data, at + length, budget);
}
