//! From JSON bytes to a permit, with every problem and its place.

mod check;
mod fields;
mod limits;
mod place;
mod read;
mod scalar;
mod tree;
mod validity;

use crate::model::error::Error;
use crate::model::permit::Permit;

pub(super) fn read_permit(bytes: &[u8]) -> Result<Permit, Error> {
    let text = std::str::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    let tree = serde_json::from_str(text).map_err(|source| Error::NotJson {
        line: source.line(),
        column: source.column(),
        source,
    })?;
    read::permit(&tree).map_err(Error::Invalid)
}

#[cfg(test)]
mod tests;
