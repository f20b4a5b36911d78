use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use crate::form::Inline;
use crate::form::Paragraph;
use crate::layout::binding;
use crate::layout::error::Error;
use crate::layout::fonts::Face;
use crate::layout::shape::Shaper;
use crate::layout::shape::Word;
use crate::layout::structure::Owner;
use crate::layout::style;
use crate::layout::tags::Owners;

/// Part of a line that no line break enters, unless it is longer than a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub(super) parts: Vec<Part>,
    /// Points.
    pub(super) width: f32,
    pub(super) then: Then,
}

/// What follows a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Then {
    /// The line ends here in any case.
    Break,
    /// The next unit follows at once, or on the next line.
    Hyphen,
    /// A space of this many points, or the end of the line.
    Space(f32),
}

/// Clusters of a word, or a space that does not end a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) face: Face,
    pub(super) owner: Owner,
    pub(super) word: Rc<Word>,
    pub(super) clusters: Range<usize>,
    pub(super) reading: Reading,
}

/// How a part is read out, where a hyphen parts its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// By its own characters.
    AsShown,
    /// Followed by a hyphen, and read as the whole word.
    Begin,
    /// Read already, and followed by a hyphen again.
    Middle,
    /// Read already.
    End,
}

impl Reading {
    pub(super) fn has_hyphen(self) -> bool {
        matches!(self, Self::Begin | Self::Middle)
    }
}

/// Numbers that a footer prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageNumbers {
    pub(super) page: usize,
    pub(super) pages: usize,
}

/// The text of a paragraph as units.
pub(super) fn units(
    shaper: &mut Shaper<'_>,
    paragraph: &Paragraph,
    owners: &Owners,
    numbers: Option<PageNumbers>,
) -> Result<Vec<Unit>, Error> {
    let style = style::type_of(paragraph.style);
    let mut text = Units {
        shaper,
        size: style.size,
        owner: owners.of(0),
        done: Vec::new(),
        parts: Vec::new(),
        space: None,
    };
    for (place, inline) in paragraph.inlines.iter().enumerate() {
        text.owner = owners.of(place);
        match inline {
            Inline::Break => text.end(Then::Break),
            Inline::Page => text.word(
                style.face,
                &numbers.ok_or(Error::PageNumberInBody)?.page.to_string(),
            )?,
            Inline::Pages => text.word(
                style.face,
                &numbers.ok_or(Error::PageNumberInBody)?.pages.to_string(),
            )?,
            Inline::Text {
                text: words,
                bold,
                italic,
                pointer,
            } => {
                let face = match (bold, italic) {
                    (true, _) => Face::Bold,
                    (false, true) => Face::Italic,
                    (false, false) => style.face,
                };
                text.stretch(face, words)
                    .map_err(|error| error.of_value(pointer.as_deref()))?;
            }
        }
    }
    if !text.parts.is_empty() {
        text.end(Then::Break);
    }
    Ok(text.done)
}

struct Units<'s, 'f> {
    shaper: &'s mut Shaper<'f>,
    size: f32,
    /// Of the text at work.
    owner: Owner,
    done: Vec<Unit>,
    /// Of the unit at work.
    parts: Vec<Part>,
    /// White space seen after the unit at work.
    space: Option<(Face, Owner)>,
}

impl Units<'_, '_> {
    fn stretch(&mut self, face: Face, text: &str) -> Result<(), Error> {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let spaced = is_space(first);
            let end = rest
                .find(|character| is_space(character) != spaced)
                .unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            rest = after;
            if spaced {
                self.space = self.parts.last().map(|part| (part.face, part.owner));
            } else {
                self.word(face, token)?;
            }
        }
        Ok(())
    }

    fn word(&mut self, face: Face, token: &str) -> Result<(), Error> {
        if let Some((before, owner)) = self.space.take() {
            if binding::binds(&self.word_before(), token) {
                self.part(before, owner, " ")?;
            } else {
                let width = self.width(before, " ")?;
                self.end(Then::Space(width));
            }
        }
        let mut pieces = BreakAfter { rest: token }.peekable();
        while let Some(piece) = pieces.next() {
            self.part(face, self.owner, piece)?;
            if pieces.peek().is_some() {
                self.end(Then::Hyphen);
            }
        }
        Ok(())
    }

    fn part(&mut self, face: Face, owner: Owner, text: &str) -> Result<(), Error> {
        let word = self.shaper.word(face, text)?;
        let clusters = 0..word.clusters.len();
        self.parts.push(Part {
            face,
            owner,
            word,
            clusters,
            reading: Reading::AsShown,
        });
        Ok(())
    }

    fn width(&mut self, face: Face, text: &str) -> Result<f32, Error> {
        let units = self.shaper.word(face, text)?.width;
        Ok(self.shaper.points(face, units, self.size))
    }

    fn end(&mut self, then: Then) {
        self.space = None;
        let parts = std::mem::take(&mut self.parts);
        let width = parts
            .iter()
            .map(|part| {
                let units = part.word.width_in(part.clusters.clone());
                self.shaper.points(part.face, units, self.size)
            })
            .sum();
        self.done.push(Unit { parts, width, then });
    }

    /// The word before the space: the parts since the last space or line break.
    fn word_before(&self) -> Cow<'_, str> {
        let mut words = self.parts.rsplit(|part| &*part.word.text == " ");
        match words.next() {
            None => Cow::Borrowed(""),
            Some([part]) => Cow::Borrowed(&part.word.text),
            Some(parts) => parts.iter().map(|part| &*part.word.text).collect(),
        }
    }
}

/// The pieces of a token between its break opportunities: behind a hyphen or a dash that has two
/// letters on either side, or a slash that has three («іс-шаралар», «нөмірі/бизнес», but neither
/// «А-W» nor «мг/дм³»), or the double slash of a waste code.
struct BreakAfter<'t> {
    rest: &'t str,
}

impl<'t> Iterator for BreakAfter<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self
            .rest
            .char_indices()
            .find_map(|(start, character)| {
                let end = start + character.len_utf8();
                let least = letters_beside(character)?;
                let (before, after) = (&self.rest[..start], &self.rest[end..]);
                let is_between_words = begins_with_letters(before.chars().rev(), least)
                    && begins_with_letters(after.chars(), least);
                let is_double = character == '/' && before.ends_with('/') && !after.is_empty();
                (is_between_words || is_double).then_some(end)
            })
            .unwrap_or(self.rest.len());
        let (piece, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(piece)
    }
}

/// How many letters stand on either side of a character behind which a line may end.
fn letters_beside(character: char) -> Option<usize> {
    match character {
        '-' | '–' | '—' => Some(2),
        '/' => Some(3),
        _ => None,
    }
}

fn begins_with_letters(text: impl Iterator<Item = char>, count: usize) -> bool {
    text.take(count)
        .filter(|character| character.is_alphabetic())
        .count()
        == count
}

/// White space at which a line may end: not U+00A0, U+2007, U+202F.
fn is_space(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_and_slashes_between_words_break() {
        let pieces = |token| BreakAfter { rest: token }.collect::<Vec<_>>();
        assert_eq!(
            pieces("нөмірі/бизнес-сәйкестендіру"),
            ["нөмірі/", "бизнес-", "сәйкестендіру"]
        );
        assert_eq!(
            pieces("N200302//Q14//C02+C43//"),
            ["N200302//", "Q14//", "C02+C43//"]
        );
        for whole in [
            "А-W",
            "т/жыл",
            "г/сек",
            "2-қосымша",
            "370-II",
            "/темірге",
            "қайта/",
            "мг/дм³",
        ] {
            assert_eq!(pieces(whole), [whole]);
        }
    }

    #[test]
    fn units_end_at_spaces_but_not_at_nbsp_numero_and_dash() {
        let fonts = crate::layout::Fonts::builtin();
        let mut shaper = Shaper::new(fonts);
        let paragraph = paragraph(" А-W  № 00017\nот 1\u{a0}000 т — всего ");
        let texts: Vec<String> = units(&mut shaper, &paragraph, &owners(), None)
            .unwrap()
            .iter()
            .map(text_of)
            .collect();
        assert_eq!(texts, ["А-W", "№ 00017", "от", "1\u{a0}000 т —", "всего"]);
    }

    #[test]
    fn page_number_outside_a_footer_rejected() {
        let fonts = crate::layout::Fonts::builtin();
        let paragraph = Paragraph {
            inlines: vec![Inline::Page],
            ..paragraph("")
        };
        let error = units(&mut Shaper::new(fonts), &paragraph, &owners(), None).unwrap_err();
        assert_eq!(error, Error::PageNumberInBody);
    }

    fn owners() -> Owners {
        Owners::artifact(crate::layout::Artifact::Footer)
    }

    fn text_of(unit: &Unit) -> String {
        unit.parts
            .iter()
            .map(|part| part.word.text_in(part.clusters.clone()))
            .collect()
    }

    fn paragraph(text: &str) -> Paragraph {
        crate::layout::samples::paragraph(text)
    }
}
