//! From JSON bytes to the data of a form, with every problem and its place.

mod application;
mod check;
mod conclusion;
mod fields;
mod limits;
mod notice;
mod party;
mod place;
mod questionnaire;
mod read;
mod refusal;
mod reissue;
mod scalar;
mod tree;
mod validity;

use crate::model::error::Error;
use crate::model::json::place::Problems;
use crate::model::json::tree::Tree;

pub(super) use application::expertise_application;
pub(super) use application::permit_application;
pub(super) use conclusion::conclusion;
pub(super) use notice::notice;
pub(super) use questionnaire::questionnaire;
pub(super) use questionnaire::questionnaire_summary;
pub(super) use read::permit;
pub(super) use refusal::refusal;
pub(super) use reissue::reissue;

/// The document that the bytes describe, or all that keeps them from being one.
pub(super) fn read<T>(
    bytes: &[u8],
    document: fn(&Tree<'_>, &mut Problems) -> Option<T>,
) -> Result<T, Error> {
    let text = std::str::from_utf8(bytes).map_err(|error| Error::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    let tree: Tree<'_> = serde_json::from_str(text).map_err(|source| Error::NotJson {
        line: source.line(),
        column: source.column(),
        source,
    })?;
    let mut problems = Problems::default();
    let document = document(&tree, &mut problems);
    document
        .filter(|_| problems.list.is_empty())
        .ok_or(Error::Invalid(problems.list))
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod form_tests;
