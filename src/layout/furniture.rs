use crate::form::Paragraph;
use crate::form::Qr;
use crate::form::Sheet;
use crate::layout::code::Code;
use crate::layout::code::QUIET;
use crate::layout::error::Error;
use crate::layout::flow::Art;
use crate::layout::line;
use crate::layout::pages::Direction;
use crate::layout::pages::Figure;
use crate::layout::rule;
use crate::layout::shape::Shaper;
use crate::layout::structure::Artifact;
use crate::layout::structure::Owner;
use crate::layout::style;
use crate::layout::style::Paper;
use crate::layout::tags::Owners;
use crate::layout::words::PageNumbers;

/// What every page of a sheet has at its head and its foot.
pub(super) struct Furniture<'f> {
    sheet: &'f Sheet,
    width: f32,
    code: Option<Placed>,
}

/// Where the code of a sheet is, and how large.
#[derive(Debug, Clone, Copy)]
struct Placed {
    /// Its place among the codes of the document.
    place: usize,
    /// A side, with the light modules around it.
    size: f32,
    /// The light modules of one edge. On the right and below they lie in the margin of the page,
    /// which is light too.
    quiet: f32,
}

impl Placed {
    /// A code that takes `wanted` beside and below the text, or more where its modules would be too
    /// small to be read from paper.
    fn new(place: usize, code: &Code, wanted: f32) -> Self {
        let modules = (code.side - QUIET) as f32;
        let module = (wanted / modules).max(style::points(style::SMALLEST_MODULE));
        Self {
            place,
            size: module * code.side as f32,
            quiet: module * QUIET as f32,
        }
    }

    /// What it takes of the page between the margins, in both directions.
    fn room(self) -> f32 {
        self.size - self.quiet
    }
}

/// The head or the foot of a page, with the space between it and the text.
pub(super) struct Edge {
    pub(super) height: f32,
    pub(super) art: Art,
    pub(super) figure: Option<Figure>,
}

impl<'f> Furniture<'f> {
    /// Adds the code of the sheet to those of the document, unless it is there.
    pub(super) fn new(sheet: &'f Sheet, codes: &mut Vec<Code>) -> Result<Self, Error> {
        let code = match &sheet.qr {
            Some(Qr { content, size }) if !content.is_empty() => {
                let known = codes.iter().position(|code| code.content == *content);
                let place = match known {
                    Some(place) => place,
                    None => {
                        codes.push(Code::new(content)?);
                        codes.len() - 1
                    }
                };
                let wanted = style::points(*size);
                codes
                    .get(place)
                    .map(|code| Placed::new(place, code, wanted))
            }
            Some(_) | None => None,
        };
        Ok(Self {
            sheet,
            width: Paper::a4(sheet.orientation).text_width(),
            code,
        })
    }

    /// What the code of the sheet says.
    pub(super) fn code(&self) -> Option<&'f str> {
        let code = self.sheet.qr.as_ref()?;
        self.code.map(|_| code.content.as_str())
    }

    /// The head of a page.
    pub(super) fn head(
        &self,
        shaper: &mut Shaper<'_>,
        numbers: PageNumbers,
    ) -> Result<Edge, Error> {
        let owners = Owners::artifact(Artifact::Header);
        let lines = &self.sheet.header;
        let (height, art) = stacked(shaper, lines, &owners, self.width, numbers)?;
        let gap = if lines.is_empty() {
            0.0
        } else {
            style::HEADER_GAP
        };
        Ok(Edge {
            height: height + gap,
            art,
            figure: None,
        })
    }

    /// The foot of a page: a rule, the lines in the middle, the code on the right.
    pub(super) fn foot(
        &self,
        shaper: &mut Shaper<'_>,
        numbers: PageNumbers,
        owner: Owner,
    ) -> Result<Edge, Error> {
        if self.sheet.footer.is_empty() && self.code.is_none() {
            return Ok(Edge {
                height: 0.0,
                art: Art::default(),
                figure: None,
            });
        }
        let owners = Owners::artifact(Artifact::Footer);
        let side = self.code.map_or(0.0, |code| code.room() + style::CODE_GAP);
        let lines = &self.sheet.footer;
        let width = self.width - 2.0 * side;
        let (height, text) = stacked(shaper, lines, &owners, width, numbers)?;
        let rule = style::FOOTER_GAP - style::FOOTER_RULE_GAP;
        let mut art = Art::default();
        art.rules.push(rule::new(
            Direction::Horizontal,
            0.0,
            rule,
            self.width,
            style::FOOTER_RULE,
        ));
        let below = self.code.map_or(0.0, Placed::room);
        let room = (below - style::FOOTER_RULE_GAP).max(height);
        art.add(text, side, style::FOOTER_GAP + (room - height) / 2.0);
        let figure = self.code.map(|code| Figure {
            x: self.width - code.room(),
            y: rule,
            size: code.size,
            code: code.place,
            owner,
        });
        Ok(Edge {
            height: style::FOOTER_GAP + room,
            art,
            figure,
        })
    }
}

/// Paragraphs one below the other, and their height.
fn stacked(
    shaper: &mut Shaper<'_>,
    paragraphs: &[Paragraph],
    owners: &Owners,
    width: f32,
    numbers: PageNumbers,
) -> Result<(f32, Art), Error> {
    let mut art = Art::default();
    let mut height = 0.0;
    for paragraph in paragraphs {
        for line in line::lines(shaper, paragraph, owners, width, Some(numbers))? {
            let below = line.height;
            art.line(line, 0.0, height);
            height += below;
        }
    }
    Ok((height, art))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_grows_with_its_text_so_that_its_modules_are_read_from_paper() {
        let smallest = style::points(style::SMALLEST_MODULE);
        for length in [20, 130, 330, 2000] {
            let code = Code::new(&"a".repeat(length)).unwrap();
            let placed = Placed::new(0, &code, style::points(20.0));
            let module = placed.size / code.side as f32;
            assert!(module >= smallest - 0.001, "{length}: {module}");
            assert!(placed.room() >= style::points(20.0) - 0.001, "{length}");
            assert!((placed.quiet - 4.0 * module).abs() < 0.001);
        }
    }
}
