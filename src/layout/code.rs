use qrcode::EcLevel;
use qrcode::bits;
use qrcode::canvas::Canvas;
use qrcode::canvas::MaskPattern;
use qrcode::ec;
use qrcode::types::Color;

use crate::layout::error::Error;

/// A QR code (ISO/IEC 18004).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What it says.
    pub content: String,
    /// Modules of a side, with the quiet zone.
    pub side: usize,
    /// Its dark modules, row by row.
    pub dark: Vec<DarkModules>,
}

/// Dark modules beside one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DarkModules {
    /// Modules from the left, with the quiet zone.
    pub x: usize,
    /// Modules from the top, with the quiet zone.
    pub y: usize,
    /// How many.
    pub length: usize,
}

impl Code {
    /// The code of a text: it survives the loss of 15 % of its modules.
    ///
    /// # Errors
    ///
    /// When the text is longer than a code can say.
    pub(super) fn new(content: &str) -> Result<Self, Error> {
        let too_long = |_| Error::CodeTooLong {
            bytes: content.len(),
        };
        let bits = bits::encode_auto(content.as_bytes(), LEVEL).map_err(too_long)?;
        let version = bits.version();
        let (data, correction) =
            ec::construct_codewords(&bits.into_bytes(), version, LEVEL).map_err(too_long)?;
        let mut canvas = Canvas::new(version, LEVEL);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &correction);
        // Any mask is read; to score all eight takes as long as a page.
        canvas.apply_mask(MaskPattern::Checkerboard);
        let colours = canvas.into_colors();
        let width = usize::try_from(version.width()).unwrap_or(0).max(1);
        let mut dark = Vec::with_capacity(colours.len() / 4);
        for (y, row) in (QUIET..).zip(colours.chunks(width)) {
            let mut x = QUIET;
            for modules in row.chunk_by(|a, b| a == b) {
                let length = modules.len();
                if modules[0] == Color::Dark {
                    dark.push(DarkModules { x, y, length });
                }
                x += length;
            }
        }
        Ok(Self {
            content: content.to_owned(),
            side: width + 2 * QUIET,
            dark,
        })
    }
}

const LEVEL: EcLevel = EcLevel::M;
/// Light modules on each side.
pub(super) const QUIET: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_has_its_three_eyes_and_a_quiet_zone() {
        let code = Code::new("RUQSAT1;atyrau-2013;permit;1;2013-12-04;x").unwrap();
        let dark = |x: usize, y: usize| {
            let covers = |run: &&DarkModules| run.y == y && run.x <= x && x < run.x + run.length;
            code.dark.iter().any(|run| covers(&run))
        };
        let last = code.side - QUIET - 1;
        for (x, y) in [(QUIET, QUIET), (last - 6, QUIET), (QUIET, last - 6)] {
            assert!((0..7).all(|at| dark(x + at, y) && dark(x, y + at)));
            assert!(!dark(x + 1, y + 1) && dark(x + 3, y + 3));
        }
        let outside = |at: usize| at < QUIET || at > last;
        assert!(
            code.dark
                .iter()
                .all(|run| !outside(run.x) && !outside(run.y))
        );
    }

    #[test]
    fn text_longer_than_a_code_rejected() {
        let error = Code::new(&"а".repeat(2000)).unwrap_err();
        assert_eq!(error, Error::CodeTooLong { bytes: 4000 });
    }
}
