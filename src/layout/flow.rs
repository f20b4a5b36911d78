use std::rc::Rc;

use crate::layout::error::Error;
use crate::layout::line::Line;
use crate::layout::pages::Rule;
use crate::layout::pages::Run;
use crate::layout::structure::Artifact;
use crate::layout::structure::Owner;
use crate::layout::style;

/// Texts and rules, placed from a corner of their own.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Art {
    pub(super) runs: Vec<Run>,
    pub(super) rules: Vec<Rule>,
}

/// The head of a table, for every page that the table reaches.
#[derive(Debug, PartialEq)]
pub(super) struct Head {
    pub(super) height: f32,
    pub(super) art: Art,
}

/// A piece of a sheet that no page break parts.
#[derive(Debug, PartialEq)]
pub(super) struct Strip {
    /// Space above, dropped at the top of a page.
    pub(super) gap: f32,
    pub(super) height: f32,
    /// How firmly it stays on the page of the next one: 0 not at all, up to [`KEEP`].
    pub(super) keep: u32,
    /// Drawn above when the strip is the first of a page.
    head: Option<Rc<Head>>,
    art: Art,
}

/// The strips of a sheet on pages of one height.
pub(super) struct Flow {
    height: f32,
    pages: Vec<Art>,
    y: f32,
}

impl Art {
    /// Adds another picture with its corner at a place.
    pub(super) fn add(&mut self, other: Self, x: f32, y: f32) {
        self.runs
            .extend(other.runs.into_iter().map(|run| moved_run(run, x, y)));
        self.rules
            .extend(other.rules.into_iter().map(|rule| moved_rule(rule, x, y)));
    }

    /// The same, to be seen and not read again.
    fn repeated(mut self) -> Self {
        for run in &mut self.runs {
            run.owner = Owner::Artifact(Artifact::Repeated);
        }
        self
    }

    /// Adds a line of text with its left end and top at a place.
    pub(super) fn line(&mut self, line: Line, x: f32, y: f32) {
        self.runs
            .extend(line.runs.into_iter().map(|run| moved_run(run, x, y)));
        self.rules
            .extend(line.rule.map(|rule| moved_rule(rule, x, y)));
    }
}

impl Strip {
    pub(super) fn new(height: f32, art: Art) -> Self {
        Self {
            gap: 0.0,
            height,
            keep: 0,
            head: None,
            art,
        }
    }

    pub(super) fn of_head(head: &Rc<Head>) -> Self {
        Self::new(head.height, head.art.clone())
    }

    /// The head is repeated where the strip begins a page.
    pub(super) fn below(mut self, head: Option<&Rc<Head>>) -> Self {
        self.head = head.map(Rc::clone);
        self
    }

    /// A line so many points from the left, behind something that stands at the very left.
    pub(super) fn of_line(line: Line, left: f32, mark: Option<Line>) -> Self {
        let mut art = Art::default();
        let height = line.height;
        if let Some(mark) = mark {
            art.line(mark, 0.0, 0.0);
        }
        art.line(line, left, 0.0);
        Self::new(height, art)
    }
}

impl Flow {
    pub(super) fn new(height: f32) -> Self {
        Self {
            height,
            pages: vec![Art::default()],
            y: 0.0,
        }
    }

    /// Places strips; those that stay together go to the next page together, and are parted only
    /// when they fill more than one, at the loosest place first.
    pub(super) fn place(&mut self, strips: Vec<Strip>) -> Result<(), Error> {
        self.place_from(strips, 1)
    }

    pub(super) fn pages(self) -> Vec<Art> {
        self.pages
    }

    /// Strips that a boundary of this firmness or more holds together are one piece.
    fn place_from(&mut self, strips: Vec<Strip>, firmness: u32) -> Result<(), Error> {
        let mut piece = Vec::new();
        for strip in strips {
            let last = strip.keep < firmness;
            piece.push(strip);
            if last {
                self.place_piece(std::mem::take(&mut piece))?;
            }
        }
        self.place_piece(piece)
    }

    fn place_piece(&mut self, piece: Vec<Strip>) -> Result<(), Error> {
        let (Some(first), Some((_, but_last))) = (piece.first(), piece.split_last()) else {
            return Ok(());
        };
        let height: f32 = piece.iter().map(|strip| strip.gap + strip.height).sum();
        let head = first.head.as_ref().map_or(0.0, |head| head.height);
        let on_new_page = height - first.gap + head;
        let here = if self.y > 0.0 {
            self.y + height
        } else {
            on_new_page
        };
        let room = self.height + TOLERANCE;
        if here > room && on_new_page > room {
            // Nothing holds a single strip together: it is checked where it is made.
            let Some(loosest) = but_last.iter().map(|strip| strip.keep).min() else {
                return Err(Error::RowsTooTall {
                    height: on_new_page,
                    available: self.height,
                });
            };
            return self.place_from(piece, loosest + 1);
        }
        if here > room {
            self.pages.push(Art::default());
            self.y = 0.0;
        }
        for strip in piece {
            self.put(strip);
        }
        Ok(())
    }

    fn put(&mut self, strip: Strip) {
        let Some(page) = self.pages.last_mut() else {
            return;
        };
        if self.y > 0.0 {
            self.y += strip.gap;
        } else if let Some(head) = &strip.head {
            page.add(head.art.clone().repeated(), 0.0, 0.0);
            self.y += head.height;
        }
        page.add(strip.art, 0.0, self.y);
        self.y = style::rounded(self.y + strip.height);
    }
}

fn moved_run(mut run: Run, x: f32, y: f32) -> Run {
    run.x = style::rounded(run.x + x);
    run.y = style::rounded(run.y + y);
    run
}

fn moved_rule(mut rule: Rule, x: f32, y: f32) -> Rule {
    rule.x = style::rounded(rule.x + x);
    rule.y = style::rounded(rule.y + y);
    rule
}

/// Firmness of what stays together wherever a page can hold it: a heading with what follows, the
/// first two lines of a paragraph and the last two. Groups are looser, inner ones firmer.
pub(super) const KEEP: u32 = 1000;
/// Of heights that were added up, in points.
const TOLERANCE: f32 = 0.05;
