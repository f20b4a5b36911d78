use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use rustybuzz::Direction;
use rustybuzz::UnicodeBuffer;
use rustybuzz::script;

use crate::layout::error::Error;
use crate::layout::fonts::Face;
use crate::layout::fonts::Font;
use crate::layout::fonts::Fonts;

/// Turns words into glyphs, each distinct word of a face once.
pub(super) struct Shaper<'a> {
    fonts: &'a Fonts,
    buffer: UnicodeBuffer,
    words: [HashMap<Box<str>, Rc<Word>>; 3],
}

/// A word in the glyphs of a face.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: Box<str>,
    pub(super) clusters: Vec<Cluster>,
    /// Sum of the clusters' widths, in units of the font.
    pub(super) width: u32,
}

/// The smallest part of a word: a character, or a letter with its marks. One glyph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cluster {
    /// Where its text begins in the word.
    start: usize,
    /// In units of the font.
    pub(super) width: u32,
    /// The glyph, where it is not the font's own for the one character.
    pub(super) glyph: Option<u16>,
}

impl<'a> Shaper<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            buffer: UnicodeBuffer::new(),
            words: Default::default(),
        }
    }

    /// A word in the glyphs of a face.
    ///
    /// # Errors
    ///
    /// When a character is invisible or has no glyph.
    pub(super) fn word(&mut self, face: Face, text: &str) -> Result<Rc<Word>, Error> {
        if let Some(word) = self.words[face.index()].get(text) {
            return Ok(Rc::clone(word));
        }
        let word = match plain_word(self.fonts.font(face), text) {
            Some(word) => word,
            None => self.shape(face, text)?,
        };
        let word = Rc::new(word);
        self.words[face.index()].insert(text.into(), Rc::clone(&word));
        Ok(word)
    }

    /// Width in points of so many units of a font at a size of type.
    pub(super) fn points(&self, face: Face, units: u32, size: f32) -> f32 {
        units as f32 * size / self.fonts.units_per_em(face)
    }

    /// Width of a hyphen, in units of the font.
    pub(super) fn hyphen(&self, face: Face) -> u32 {
        let glyph = self.fonts.glyph(face, '-').unwrap_or(0);
        self.fonts.advance(face, glyph).into()
    }

    fn shape(&mut self, face: Face, text: &str) -> Result<Word, Error> {
        if let Some(character) = text.chars().find(|&character| is_invisible(character)) {
            let text = text.to_owned();
            return Err(Error::InvisibleCharacter {
                character,
                text,
                pointer: None,
            });
        }
        let font = self.fonts.font(face);
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.push_str(text);
        // Given, not guessed, so that every word fits the font's one plan.
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::CYRILLIC);
        let glyphs = rustybuzz::shape_with_plan(&font.face, &font.plan, buffer);
        let word = word_of(font, text, &glyphs);
        self.buffer = glyphs.clear();
        word
    }
}

impl Word {
    /// The text of a cluster.
    pub(super) fn text_of(&self, cluster: usize) -> &str {
        self.text_in(cluster..cluster + 1)
    }

    /// The text of clusters that follow one another.
    pub(super) fn text_in(&self, clusters: Range<usize>) -> &str {
        let place = |cluster: usize| {
            self.clusters
                .get(cluster)
                .map_or(self.text.len(), |cluster| cluster.start)
        };
        self.text
            .get(place(clusters.start)..place(clusters.end))
            .unwrap_or("")
    }

    /// The cluster that begins at a byte of the word.
    pub(super) fn cluster_at(&self, byte: usize) -> Option<usize> {
        self.clusters
            .binary_search_by_key(&byte, |cluster| cluster.start)
            .ok()
    }

    /// Width of clusters that follow one another, in units of the font.
    pub(super) fn width_in(&self, clusters: Range<usize>) -> u32 {
        self.clusters[clusters]
            .iter()
            .map(|cluster| cluster.width)
            .sum()
    }
}

/// A word of plain characters: as it would be shaped, in a tenth of the time.
fn plain_word(font: &Font, text: &str) -> Option<Word> {
    let cluster = |(start, character)| {
        Some(Cluster {
            start,
            width: font.plain_width(character)?.into(),
            glyph: None,
        })
    };
    let clusters: Vec<Cluster> = text.char_indices().map(cluster).collect::<Option<_>>()?;
    Some(Word {
        text: text.into(),
        width: clusters.iter().map(|cluster| cluster.width).sum(),
        clusters,
    })
}

fn word_of(font: &Font, text: &str, glyphs: &rustybuzz::GlyphBuffer) -> Result<Word, Error> {
    let missing = |character| Error::MissingGlyph {
        character,
        text: text.to_owned(),
        pointer: None,
    };
    let mut clusters = Vec::with_capacity(text.len() / 2);
    let infos = glyphs.glyph_infos();
    for (place, (info, position)) in infos.iter().zip(glyphs.glyph_positions()).enumerate() {
        let start = info.cluster as usize;
        let end = infos
            .get(place + 1)
            .map_or(text.len(), |next| next.cluster as usize);
        let mut characters = text.get(start..end).unwrap_or("").chars();
        let id = u16::try_from(info.glyph_id).unwrap_or(0);
        let first = characters.next();
        // Two glyphs of one cluster: a mark that no glyph of the font carries together with its
        // letter. The first of them has no text of its own.
        let (Some(first), true) = (first, id != 0) else {
            let mut cluster = text.get(start..).unwrap_or("").chars();
            let mark = first
                .or_else(|| cluster.nth(1))
                .unwrap_or(char::REPLACEMENT_CHARACTER);
            return Err(missing(mark));
        };
        let own = characters.next().is_none()
            && font
                .face
                .glyph_index(first)
                .is_some_and(|glyph| glyph.0 == id);
        clusters.push(Cluster {
            start,
            width: u32::try_from(position.x_advance).unwrap_or(0),
            glyph: (!own).then_some(id),
        });
    }
    Ok(Word {
        text: text.into(),
        width: clusters.iter().map(|cluster| cluster.width).sum(),
        clusters,
    })
}

/// Characters that leave no mark on paper, or turn the direction of the text round them.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_has_a_cluster_for_each_character() {
        let fonts = Fonts::builtin();
        let mut shaper = Shaper::new(fonts);
        let word = shaper.word(Face::Regular, "Қоршаған").unwrap();
        assert_eq!(word.clusters.len(), 8);
        assert!(word.clusters.iter().all(|cluster| cluster.glyph.is_none()));
        assert_eq!(word.text_in(0..3), "Қор");
        assert_eq!(word.text_of(7), "н");
        assert_eq!(word.width_in(0..8), word.width);
    }

    #[test]
    fn letter_and_mark_become_the_one_glyph_of_both() {
        let fonts = Fonts::builtin();
        let mut shaper = Shaper::new(fonts);
        let word = shaper.word(Face::Regular, "Мои\u{306}").unwrap();
        assert_eq!(word.clusters.len(), 3);
        assert_eq!(word.text_of(2), "и\u{306}");
        assert_eq!(word.clusters[2].glyph, fonts.glyph(Face::Regular, 'й'));
    }

    #[test]
    fn mark_without_a_glyph_together_with_its_letter_rejected() {
        let fonts = Fonts::builtin();
        let error = Shaper::new(fonts)
            .word(Face::Regular, "ак\u{323}б")
            .unwrap_err();
        let text = "ак\u{323}б".to_owned();
        assert_eq!(
            error,
            Error::MissingGlyph {
                character: '\u{323}',
                text,
                pointer: None
            }
        );
    }

    #[test]
    fn missing_glyph_names_the_character_and_its_word() {
        let fonts = Fonts::builtin();
        let error = Shaper::new(fonts).word(Face::Bold, "100₸").unwrap_err();
        assert_eq!(
            error,
            Error::MissingGlyph {
                character: '₸',
                text: "100₸".to_owned(),
                pointer: None
            }
        );
        assert_eq!(
            error.to_string(),
            "no glyph for «₸» (U+20B8) in the text «100₸»"
        );
    }

    #[test]
    fn characters_that_turn_the_text_rejected() {
        let fonts = Fonts::builtin();
        let error = Shaper::new(fonts)
            .word(Face::Regular, "1\u{202e}2")
            .unwrap_err();
        assert_eq!(
            error,
            Error::InvisibleCharacter {
                character: '\u{202e}',
                text: "1\u{202e}2".to_owned(),
                pointer: None
            }
        );
    }

    #[test]
    fn plain_characters_are_set_as_the_shaper_sets_them_beside_any_other() {
        let fonts = Fonts::builtin();
        for face in Face::ALL {
            let font = fonts.font(face);
            let plain = |code: &char| font.plain_width(*code).is_some();
            let plain: Vec<char> = ('\0'..'\u{3000}').filter(plain).collect();
            assert!(plain.len() > 190, "{}", plain.len());
            let mut shaper = Shaper::new(fonts);
            for first in &plain {
                // Every pair, and each character behind every other.
                let text: String = plain.iter().flat_map(|second| [first, second]).collect();
                let shaped = shaper.shape(face, &text).unwrap();
                assert_eq!(plain_word(font, &text), Some(shaped), "{face:?} {first}");
            }
        }
    }

    #[test]
    fn word_with_a_mark_is_shaped() {
        let fonts = Fonts::builtin();
        let font = fonts.font(Face::Regular);
        assert_eq!(plain_word(font, "Мои\u{306}"), None);
        assert_eq!(plain_word(font, "1⁄2"), None);
    }

    #[test]
    fn figures_are_not_kerned() {
        let fonts = Fonts::builtin();
        let mut shaper = Shaper::new(fonts);
        assert_eq!(shaper.word(Face::Regular, "1111").unwrap().width, 4 * 1024);
    }
}
