use std::sync::LazyLock;

use rustybuzz::Direction;
use rustybuzz::Feature;
use rustybuzz::ShapePlan;
use rustybuzz::script;
use rustybuzz::ttf_parser::GlyphId;
use rustybuzz::ttf_parser::Tag;

/// A face of the document's one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// Upright.
    Regular,
    /// Upright and bold.
    Bold,
    /// Slanted.
    Italic,
}

impl Face {
    /// Every face, in the order of [`Face::index`].
    pub const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Italic];

    /// Its place in [`Face::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::Bold => 1,
            Self::Italic => 2,
        }
    }

    /// The PostScript name of the font.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "LiberationSerif",
            Self::Bold => "LiberationSerif-Bold",
            Self::Italic => "LiberationSerif-Italic",
        }
    }
}

/// The fonts of the forms, parsed: Liberation Serif 2.1.5.
pub struct Fonts {
    faces: [Font; 3],
}

/// One parsed font.
pub(super) struct Font {
    pub(super) face: rustybuzz::Face<'static>,
    pub(super) plan: ShapePlan,
    /// Widths of the plain characters below [`LOWER`], see [`Font::plain_width`].
    plain: Vec<Option<u16>>,
    data: &'static [u8],
}

impl Fonts {
    /// The fonts included in the program, parsed once.
    ///
    /// # Panics
    ///
    /// Never: the fonts are part of the program, and a test parses them.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Fonts> = LazyLock::new(|| Fonts {
            faces: [
                Font::parse(REGULAR).expect("the font is part of the program"),
                Font::parse(BOLD).expect("the font is part of the program"),
                Font::parse(ITALIC).expect("the font is part of the program"),
            ],
        });
        &BUILTIN
    }

    /// The bytes of a font.
    #[must_use]
    pub fn data(&self, face: Face) -> &'static [u8] {
        self.font(face).data
    }

    /// The glyph of a font for a character.
    #[must_use]
    pub fn glyph(&self, face: Face, character: char) -> Option<u16> {
        self.font(face)
            .face
            .glyph_index(character)
            .map(|glyph| glyph.0)
    }

    /// The width of a glyph, in [`Fonts::units_per_em`]; 0 for a glyph the font does not have.
    #[must_use]
    pub fn advance(&self, face: Face, glyph: u16) -> u16 {
        self.font(face)
            .face
            .glyph_hor_advance(GlyphId(glyph))
            .unwrap_or(0)
    }

    /// Units of a font to the size of type.
    #[must_use]
    pub fn units_per_em(&self, face: Face) -> f32 {
        self.font(face).face.units_per_em() as f32
    }

    /// The parsed tables of a font.
    #[must_use]
    pub fn tables(&self, face: Face) -> &rustybuzz::ttf_parser::Face<'static> {
        &self.font(face).face
    }

    pub(super) fn font(&self, face: Face) -> &Font {
        &self.faces[face.index()]
    }
}

impl Font {
    fn parse(data: &'static [u8]) -> Option<Self> {
        let face = rustybuzz::Face::from_slice(data, 0)?;
        // No ligatures: each character keeps a glyph of its own. No kerning, as word processors
        // set it by default: the font kerns the digits 1, and columns of figures must align.
        let features =
            [*b"liga", *b"clig", *b"kern"].map(|tag| Feature::new(Tag::from_bytes(&tag), 0, ..));
        let plan = ShapePlan::new(
            &face,
            Direction::LeftToRight,
            Some(script::CYRILLIC),
            None,
            &features,
        );
        let plain = (0..LOWER).map(|code| plain_width(&face, code)).collect();
        Some(Self {
            face,
            plan,
            plain,
            data,
        })
    }

    /// The width of a character that keeps its own glyph and width beside any other such: there is
    /// nothing to shape in a word of them.
    pub(super) fn plain_width(&self, character: char) -> Option<u16> {
        self.plain.get(character as usize).copied().flatten()
    }
}

fn plain_width(face: &rustybuzz::Face<'_>, code: u32) -> Option<u16> {
    let character = char::from_u32(code).filter(|character| is_plain(*character))?;
    face.glyph_hor_advance(face.glyph_index(character)?)
}

/// The letters and signs that most of a form is set in: none is a mark or has a form of its own
/// beside others.
fn is_plain(character: char) -> bool {
    matches!(
        character,
        ' '..='~' | '\u{a0}' | '§' | '«' | '°' | '²' | '³' | '·' | '»' | '×'
            | 'Ё' | 'І' | 'А'..='я' | 'ё' | 'і' | 'Ғ' | 'ғ' | 'Қ' | 'қ' | 'Ң' | 'ң' | 'Ү' | 'ү'
            | 'Ұ' | 'ұ' | 'Һ' | 'һ' | 'Ә' | 'ә' | 'Ө' | 'ө' | '–' | '—' | '“' | '”' | '„' | '№'
    )
}

/// Beyond the plain characters.
const LOWER: u32 = 0x2117;

const REGULAR: &[u8] = include_bytes!("../../templates/fonts/LiberationSerif-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../templates/fonts/LiberationSerif-Bold.ttf");
const ITALIC: &[u8] = include_bytes!("../../templates/fonts/LiberationSerif-Italic.ttf");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_liberation_serif_2_1_5() {
        let fonts = Fonts::builtin();
        for face in Face::ALL {
            let names: Vec<(u16, String)> = fonts
                .tables(face)
                .names()
                .into_iter()
                .filter_map(|name| Some((name.name_id, name.to_string()?)))
                .collect();
            assert!(
                names.contains(&(5, "Version 2.1.5".to_owned())),
                "{names:?}"
            );
            assert!(names.contains(&(6, face.name().to_owned())), "{names:?}");
        }
    }

    #[test]
    fn every_face_has_the_letters_and_signs_of_the_forms() {
        let fonts = Fonts::builtin();
        let kazakh = "ӘҒҚҢӨҰҮҺІәғқңөұүһі";
        assert_eq!(kazakh.chars().count(), 18);
        let russian = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя";
        let rest = "ABCXYZabcxyz0123456789 \u{a0}.,;:!?()/-–—«»“”„№%§°*+<>=≤≥²³₂₃·×μ";
        for face in Face::ALL {
            for character in kazakh.chars().chain(russian.chars()).chain(rest.chars()) {
                assert!(
                    fonts.glyph(face, character).is_some(),
                    "{face:?} {character}"
                );
            }
        }
    }

    #[test]
    fn digits_are_equally_wide() {
        let fonts = Fonts::builtin();
        for face in Face::ALL {
            let widths: Vec<u16> = ('0'..='9')
                .filter_map(|digit| fonts.glyph(face, digit))
                .map(|glyph| fonts.advance(face, glyph))
                .collect();
            assert_eq!(widths, [1024; 10]);
        }
    }
}
