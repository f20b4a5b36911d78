use crate::layout::error::Error;
use crate::layout::fonts::Face;
use crate::layout::pages::Piece;
use crate::layout::pages::Run;
use crate::layout::pages::Watermark;
use crate::layout::shape::Shaper;
use crate::layout::structure::Artifact;
use crate::layout::structure::Owner;
use crate::layout::style;
use crate::layout::style::Paper;

/// A text along the diagonal of a page, from the lower left to the upper right.
pub(super) fn across(
    shaper: &mut Shaper<'_>,
    paper: Paper,
    text: &str,
) -> Result<Watermark, Error> {
    let word = shaper.word(Face::Bold, text)?;
    let unit = shaper.points(Face::Bold, word.width, 1.0).max(1.0);
    let diagonal = paper.width.hypot(paper.height);
    let size = (diagonal * LENGTH / unit)
        .min(paper.width * HIGHEST)
        .round();
    let (sin, cos) = (paper.height / diagonal, paper.width / diagonal);
    let length = unit * size;
    // The middle of the capitals lies on the middle of the page.
    let (along, across) = (length / 2.0, size * CAPITALS / 2.0);
    let run = Run {
        x: style::rounded(paper.width / 2.0 - along * cos + across * sin),
        y: style::rounded(paper.height / 2.0 + along * sin + across * cos),
        face: Face::Bold,
        size,
        owner: Owner::Artifact(Artifact::Watermark),
        pieces: vec![Piece::Text(text.to_owned())],
    };
    Ok(Watermark {
        run,
        degrees: sin.atan2(cos).to_degrees(),
        grey: GREY,
    })
}

/// Of the diagonal.
const LENGTH: f32 = 0.72;
/// Size of type at most, of the page's width.
const HIGHEST: f32 = 0.2;
/// Height of capitals in Liberation Serif, of the size of type.
const CAPITALS: f32 = 0.66;
/// Light enough to read the text above it.
const GREY: f32 = 0.87;
