use std::collections::BTreeMap;

use printpdf::FontId;
use printpdf::FontMetrics;
use printpdf::ParsedFont;
use printpdf::PdfFont;
use subsetter::GlyphRemapper;

use crate::export::error::Error;
use crate::layout::Face;
use crate::layout::Fonts;
use crate::layout::Page;
use crate::layout::Piece;
use crate::layout::Run;

/// The part of a font that a document uses; its glyphs are numbered anew.
pub(super) struct Subset {
    pub(super) face: Face,
    /// The font's own glyph of each character.
    characters: BTreeMap<char, u16>,
    /// The subset's glyph of each of the lower characters: most of a text repeats.
    lower: Vec<Option<u16>>,
    /// Texts of the glyphs that are not a character's own.
    composed: BTreeMap<u16, String>,
    glyphs: GlyphRemapper,
}

/// The parts of the fonts that pages use.
pub(super) fn subsets(pages: &[Page], fonts: &Fonts) -> Vec<Subset> {
    let mut used = Face::ALL.map(|face| Subset {
        face,
        characters: BTreeMap::new(),
        lower: vec![None; LOWER],
        composed: BTreeMap::new(),
        glyphs: GlyphRemapper::new(),
    });
    let watermarks = pages
        .iter()
        .filter_map(|page| page.watermark.as_ref())
        .map(|mark| &mark.run);
    for run in watermarks.chain(pages.iter().flat_map(|page| &page.runs)) {
        used[run.face.index()].add(run);
    }
    let mut used: Vec<Subset> = used
        .into_iter()
        .filter(|subset| !subset.is_empty())
        .collect();
    for subset in &mut used {
        subset.number(fonts);
    }
    used
}

impl Subset {
    /// The name of the font among the resources of a page.
    pub(super) fn id(&self) -> FontId {
        FontId(match self.face {
            Face::Regular => "R".to_owned(),
            Face::Bold => "B".to_owned(),
            Face::Italic => "I".to_owned(),
        })
    }

    /// The number of a glyph in the subset.
    pub(super) fn glyph(&self, glyph: u16) -> u16 {
        self.glyphs.get(glyph).unwrap_or(0)
    }

    /// The number of a character's own glyph in the subset.
    pub(super) fn glyph_of(&self, character: char) -> u16 {
        match self.lower.get(character as usize) {
            Some(glyph) => glyph.unwrap_or(0),
            None => self
                .characters
                .get(&character)
                .map_or(0, |&glyph| self.glyph(glyph)),
        }
    }

    /// The subset as printpdf takes it: without the glyphs of the characters and their widths,
    /// which the text does not ask it for.
    pub(super) fn to_font(&self, fonts: &Fonts) -> Result<PdfFont, Error> {
        let program =
            subsetter::subset(fonts.data(self.face), 0, &self.glyphs).map_err(|source| {
                Error::Font {
                    face: self.face,
                    source,
                }
            })?;
        let tables = fonts.tables(self.face);
        let metrics = FontMetrics {
            ascent: tables.ascender(),
            descent: tables.descender(),
        };
        let mut font = ParsedFont::with_glyph_data(
            program,
            0,
            Some(self.name()),
            BTreeMap::new(),
            BTreeMap::new(),
            tables.units_per_em(),
            metrics,
        );
        let bounds = tables.global_bounding_box();
        font.pdf_font_metrics.x_min = bounds.x_min;
        font.pdf_font_metrics.y_min = bounds.y_min;
        font.pdf_font_metrics.x_max = bounds.x_max;
        font.pdf_font_metrics.y_max = bounds.y_max;
        font.pdf_font_metrics.us_weight_class = tables.weight().to_number();
        Ok(PdfFont::new(font))
    }

    /// The font's name behind the tag of six letters that marks a subset (ISO 32000-1, 9.6.4).
    pub(super) fn name(&self) -> String {
        let glyphs: Vec<u8> = self
            .glyphs
            .remapped_gids()
            .flat_map(u16::to_be_bytes)
            .collect();
        let digest = ring::digest::digest(&ring::digest::SHA256, &glyphs);
        let tag: String = digest.as_ref()[..6]
            .iter()
            .map(|byte| char::from(b'A' + byte % 26))
            .collect();
        format!("{tag}+{}", self.face.name())
    }

    /// Width of each glyph, in thousandths of the size of type.
    pub(super) fn widths(&self, fonts: &Fonts) -> Vec<f32> {
        let units = fonts.units_per_em(self.face);
        let width = |(_, old)| f32::from(fonts.advance(self.face, old)) * 1000.0 / units;
        self.glyphs()
            .map(width)
            .map(|width| (width * 100.0).round() / 100.0)
            .collect()
    }

    /// The characters of each glyph.
    pub(super) fn texts(&self) -> BTreeMap<u16, String> {
        let composed = self
            .composed
            .iter()
            .map(|(&glyph, text)| (self.glyph(glyph), text.clone()));
        // A letter's own glyph stands for the letter, even where it was put together with a mark.
        let own = self
            .characters
            .iter()
            .map(|(character, &glyph)| (self.glyph(glyph), character.to_string()));
        composed.chain(own).collect()
    }

    fn add(&mut self, run: &Run) {
        for piece in &run.pieces {
            match piece {
                Piece::Gap(_) => {}
                Piece::Glyph { id, text } => {
                    self.composed.entry(*id).or_insert_with(|| text.clone());
                }
                Piece::ReadAs { shown: text, .. } | Piece::Text(text) => self.add_text(text),
            }
        }
    }

    fn add_text(&mut self, text: &str) {
        for character in text.chars() {
            match self.lower.get_mut(character as usize) {
                Some(Some(_)) => continue,
                Some(seen) => *seen = Some(0),
                None => {}
            }
            self.characters.insert(character, 0);
        }
    }

    fn is_empty(&self) -> bool {
        self.characters.is_empty() && self.composed.is_empty()
    }

    fn number(&mut self, fonts: &Fonts) {
        for (&character, glyph) in &mut self.characters {
            *glyph = fonts.glyph(self.face, character).unwrap_or(0);
            let number = self.glyphs.remap(*glyph);
            if let Some(lower) = self.lower.get_mut(character as usize) {
                *lower = Some(number);
            }
        }
        for &glyph in self.composed.keys() {
            self.glyphs.remap(glyph);
        }
    }

    /// New and old number of each glyph.
    fn glyphs(&self) -> impl Iterator<Item = (u16, u16)> {
        (0..).zip(self.glyphs.remapped_gids())
    }
}

/// Latin, Cyrillic and general punctuation lie below.
const LOWER: usize = 0x2200;
