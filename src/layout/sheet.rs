use crate::form::Align;
use crate::form::Block;
use crate::form::FilledForm;
use crate::form::Inline;
use crate::form::Item;
use crate::form::List;
use crate::form::Marks;
use crate::form::Paragraph;
use crate::form::Sheet;
use crate::form::Style;
use crate::form::Table;
use crate::layout::error::Error;
use crate::layout::flow::Art;
use crate::layout::flow::Flow;
use crate::layout::flow::KEEP;
use crate::layout::flow::Strip;
use crate::layout::fonts::Fonts;
use crate::layout::furniture::Edge;
use crate::layout::furniture::Furniture;
use crate::layout::line;
use crate::layout::line::Line;
use crate::layout::pages::Direction;
use crate::layout::pages::Figure;
use crate::layout::pages::Page;
use crate::layout::pages::Pages;
use crate::layout::pages::Watermark;
use crate::layout::rule;
use crate::layout::shape::Shaper;
use crate::layout::structure::Artifact;
use crate::layout::structure::Numbering;
use crate::layout::structure::Owner;
use crate::layout::structure::Role;
use crate::layout::style;
use crate::layout::style::Above;
use crate::layout::style::Paper;
use crate::layout::table;
use crate::layout::tags::Tags;
use crate::layout::watermark;
use crate::layout::words::PageNumbers;

/// Sets a form on pages.
///
/// # Errors
///
/// When the fonts lack a character, or a table of the form has no sound shape.
pub fn lay_out(form: &FilledForm, fonts: &Fonts) -> Result<Pages, Error> {
    let mut shaper = Shaper::new(fonts);
    let mut tags = Tags::new(form.lang);
    let mut codes = Vec::new();
    let mut sheets = Vec::with_capacity(form.sheets.len());
    // The code is read out once: it says the same on every page.
    let mut code = None;
    for sheet in &form.sheets {
        let furniture = Furniture::new(sheet, &mut codes)?;
        let id = tags.open(Role::Sect, sheet.lang);
        let bodies = body(&mut shaper, &mut tags, sheet, &furniture)?;
        if let (None, Some(text)) = (code, furniture.code()) {
            code = Some(tags.figure(format!("QR-код: {text}")));
        }
        tags.close(id);
        sheets.push((sheet, furniture, bodies));
    }
    let total = sheets.iter().map(|(_, _, bodies)| bodies.len()).sum();
    let mut pages = Vec::with_capacity(total);
    for (sheet, furniture, bodies) in sheets {
        let paper = Paper::a4(sheet.orientation);
        let watermark = match &form.watermark {
            Some(text) => Some(watermark::across(&mut shaper, paper, text)?),
            None => None,
        };
        for body in bodies {
            let numbers = PageNumbers {
                page: pages.len() + 1,
                pages: total,
            };
            let head = furniture.head(&mut shaper, numbers)?;
            let owner = match furniture.code() {
                Some(_) => code.take(),
                None => None,
            };
            let owner = owner.unwrap_or(Owner::Artifact(Artifact::Footer));
            let foot = furniture.foot(&mut shaper, numbers, owner)?;
            pages.push(page(paper, head, body, foot, watermark.clone()));
        }
    }
    let (structure, signature) = tags.finish();
    Ok(Pages {
        title: form.title.clone(),
        lang: form.lang,
        pages,
        codes,
        structure,
        signature,
    })
}

/// The text of a sheet, page by page, placed from the corner of the text area.
fn body(
    shaper: &mut Shaper<'_>,
    tags: &mut Tags,
    sheet: &Sheet,
    furniture: &Furniture<'_>,
) -> Result<Vec<Art>, Error> {
    let paper = Paper::a4(sheet.orientation);
    let head = furniture.head(shaper, WIDEST)?.height;
    let foot = furniture.foot(shaper, WIDEST, Owner::Artifact(Artifact::Footer))?;
    let height = paper.foot() - foot.height - head - style::points(style::MARGIN_TOP);
    let mut stack = Stack {
        shaper,
        tags,
        width: paper.text_width(),
        height,
        strips: Vec::new(),
        above: Above::Top,
        space: 0.0,
    };
    for block in &sheet.blocks {
        stack.block(block, 1)?;
    }
    let mut flow = Flow::new(height);
    flow.place(stack.strips)?;
    Ok(flow.pages())
}

fn page(paper: Paper, head: Edge, body: Art, foot: Edge, watermark: Option<Watermark>) -> Page {
    let (left, top) = (
        style::points(style::MARGIN_LEFT),
        style::points(style::MARGIN_TOP),
    );
    let mut art = Art::default();
    art.add(head.art, left, top);
    art.add(body, left, top + head.height);
    let below = paper.foot() - foot.height;
    art.add(foot.art, left, below);
    rule::merge(&mut art.rules);
    let figure = foot.figure.map(|figure| Figure {
        x: style::rounded(left + figure.x),
        y: style::rounded(below + figure.y),
        ..figure
    });
    Page {
        width: paper.width,
        height: paper.height,
        watermark,
        rules: art.rules,
        runs: art.runs,
        figures: figure.into_iter().collect(),
    }
}

/// Blocks as strips, one below the other.
struct Stack<'s, 'f> {
    shaper: &'s mut Shaper<'f>,
    tags: &'s mut Tags,
    width: f32,
    /// Of a page.
    height: f32,
    strips: Vec<Strip>,
    /// The last block.
    above: Above,
    /// What spaces of the form add below it.
    space: f32,
}

impl Stack<'_, '_> {
    fn block(&mut self, block: &Block, depth: u32) -> Result<(), Error> {
        match block {
            Block::Bar(share) => self.bar(*share),
            Block::Signature(blocks) => {
                self.group(blocks, depth)?;
                self.tags.signature();
            }
            Block::Group(blocks) => self.group(blocks, depth)?,
            Block::List(list) => self.list(list)?,
            Block::Paragraph(paragraph) => self.paragraph(paragraph)?,
            Block::Space(height) => self.space += style::points(*height),
            Block::Table(table) => self.table(table)?,
        }
        Ok(())
    }

    fn group(&mut self, blocks: &[Block], depth: u32) -> Result<(), Error> {
        let start = self.strips.len();
        for block in blocks {
            self.block(block, depth + 1)?;
        }
        if let Some((_, inside)) = self
            .strips
            .get_mut(start..)
            .and_then(<[Strip]>::split_last_mut)
        {
            for strip in inside {
                strip.keep = strip.keep.max(depth.min(KEEP - 1));
            }
        }
        Ok(())
    }

    fn bar(&mut self, share: f32) {
        let mut art = Art::default();
        let length = style::rounded(self.width * share.clamp(0.0, 1.0));
        if length > 0.0 {
            art.rules.push(rule::new(
                Direction::Horizontal,
                0.0,
                style::BAR / 2.0,
                length,
                style::BAR,
            ));
        }
        self.push(vec![Strip::new(style::BAR, art)], 1.0, Above::Blank);
    }

    fn list(&mut self, list: &List) -> Result<(), Error> {
        let numbering = match list.marks {
            Marks::Dash => Numbering::Disc,
            Marks::None => Numbering::None,
            Marks::Number | Marks::Parenthesis => Numbering::Decimal,
        };
        let list_id = self.tags.open_part(Role::L(numbering));
        for item in &list.items {
            let item_id = self.tags.open_part(Role::LI);
            self.item(item)?;
            self.tags.close(item_id);
        }
        self.tags.close(list_id);
        Ok(())
    }

    /// The text stands to the right of its mark.
    fn item(&mut self, item: &Item) -> Result<(), Error> {
        let mut mark = None;
        if let (false, Some(first)) = (item.mark.is_empty(), item.paragraphs.first()) {
            let mark_of = Paragraph {
                align: Align::Left,
                indent: 0.0,
                ruled: false,
                inlines: vec![Inline::Text {
                    text: item.mark.clone(),
                    bold: false,
                    italic: false,
                    pointer: None,
                }],
                ..first.clone()
            };
            let owners = self
                .tags
                .part(Role::Lbl, |tags| tags.sole_paragraph(&mark_of));
            let lines = line::lines(self.shaper, &mark_of, &owners, self.width, None)?;
            mark = lines.into_iter().next();
        }
        let body = self.tags.open_part(Role::LBody);
        for paragraph in &item.paragraphs {
            self.set(paragraph, style::points(style::LIST_INDENT), mark.take())?;
        }
        self.tags.close(body);
        Ok(())
    }

    fn paragraph(&mut self, paragraph: &Paragraph) -> Result<(), Error> {
        self.set(paragraph, 0.0, None)
    }

    /// Sets a paragraph so many points from the left, and something in the room before its first
    /// line.
    fn set(
        &mut self,
        paragraph: &Paragraph,
        left: f32,
        mut mark: Option<Line>,
    ) -> Result<(), Error> {
        let style = style::type_of(paragraph.style);
        let owners = self.tags.paragraph(paragraph);
        let lines = line::lines(self.shaper, paragraph, &owners, self.width - left, None)?;
        let strip = |line| Strip::of_line(line, left, mark.take());
        let mut strips: Vec<Strip> = lines.into_iter().map(strip).collect();
        if let (Style::Caption, Some(above)) = (paragraph.style, self.strips.last_mut()) {
            above.keep = KEEP;
        }
        // Neither the first nor the last line of a paragraph stands alone.
        if let [first, _, ..] = strips.as_mut_slice() {
            first.keep = KEEP;
        }
        if let [.., before, _] = strips.as_mut_slice() {
            before.keep = KEEP;
        }
        if let (Some(last), true) = (
            strips.last_mut(),
            paragraph.keep_with_next || style.keep_with_next,
        ) {
            last.keep = KEEP;
        }
        let space = self.above.space_to(paragraph.style);
        self.push(strips, space, Above::paragraph(paragraph));
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), Error> {
        let strips = table::strips(self.shaper, self.tags, table, self.width, self.height)?;
        self.push(strips, self.above.space_below(), Above::Table);
        Ok(())
    }

    fn push(&mut self, mut strips: Vec<Strip>, space: f32, this: Above) {
        if let Some(first) = strips.first_mut() {
            first.gap = style::rounded(space + self.space);
            self.above = this;
            self.space = 0.0;
        }
        self.strips.extend(strips);
    }
}

/// For the height of a footer, before the number of pages is known.
const WIDEST: PageNumbers = PageNumbers {
    page: 9999,
    pages: 9999,
};

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
