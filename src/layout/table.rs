use std::rc::Rc;

use crate::form;
use crate::form::Borders;
use crate::form::Cell;
use crate::form::ColumnWidth;
use crate::form::Row;
use crate::form::Style;
use crate::form::Table;
use crate::layout::cell::Column;
use crate::layout::cell::Kind;
use crate::layout::error::Error;
use crate::layout::flow::Art;
use crate::layout::flow::Head;
use crate::layout::flow::KEEP;
use crate::layout::flow::Strip;
use crate::layout::grid;
use crate::layout::grid::Area;
use crate::layout::pages::Direction;
use crate::layout::rule;
use crate::layout::shape::Shaper;
use crate::layout::structure::Role;
use crate::layout::structure::Scope;
use crate::layout::structure::Spans;
use crate::layout::style;
use crate::layout::tags::Tags;

/// The strips of a table: its head, then each row, or rows that a span joins.
///
/// The head stays with the first row, the last row with the one before it.
pub(super) fn strips(
    shaper: &mut Shaper<'_>,
    tags: &mut Tags,
    table: &Table,
    width: f32,
    page: f32,
) -> Result<Vec<Strip>, Error> {
    let setting = Setting {
        borders: table.borders,
        edges: edges(&table.columns, width)?,
        kind: kind(table),
    };
    setting.element(tags, Role::Table, |tags| {
        setting.strips(shaper, tags, table, page)
    })
}

fn role(part: Part, scope: Option<form::Scope>, spans: Spans) -> Role {
    match (scope, part) {
        (Some(form::Scope::Row), _) => Role::TH(Scope::Row, spans),
        (Some(form::Scope::Column), _) | (None, Part::Head) => Role::TH(Scope::Column, spans),
        (None, Part::Body) => Role::TD(spans),
    }
}

/// Columns without a head and without lines only set paragraphs side by side.
fn kind(table: &Table) -> Kind {
    let mut cells = table.body.iter().flat_map(|row| &row.cells);
    let has_scope = cells.any(|cell| cell.scope.is_some());
    match table.borders {
        Borders::None if table.head.is_empty() && !has_scope => Kind::Plain,
        Borders::Grid | Borders::None => Kind::Cell,
    }
}

impl Setting {
    fn strips(
        &self,
        shaper: &mut Shaper<'_>,
        tags: &mut Tags,
        table: &Table,
        page: f32,
    ) -> Result<Vec<Strip>, Error> {
        let mut head = None;
        let mut strips = Vec::with_capacity(table.body.len() + 1);
        if !table.head.is_empty() {
            let picture = self.element(tags, Role::THead, |tags| {
                self.head(shaper, tags, &table.head, page)
            })?;
            let picture = Rc::new(picture);
            strips.push(Strip::of_head(&picture));
            head = Some(picture);
        }
        let room = page - head.as_ref().map_or(0.0, |head| head.height);
        let blocks = self.element(tags, Role::TBody, |tags| {
            self.blocks(shaper, tags, &table.body, Part::Body)
        })?;
        for rows in blocks {
            for (height, art) in self.parts(rows, room, Place::Top)? {
                strips.push(Strip::new(height, art).below(head.as_ref()));
            }
        }
        if head.is_some() {
            strips[0].keep = KEEP;
        }
        if let [.., before, _] = strips.as_mut_slice() {
            before.keep = KEEP;
        }
        if let (Some(last), true) = (strips.last_mut(), table.keep_with_next) {
            last.keep = KEEP;
        }
        Ok(strips)
    }

    /// An element of the table, where it is one to a reader.
    fn element<T>(&self, tags: &mut Tags, role: Role, build: impl FnOnce(&mut Tags) -> T) -> T {
        match self.kind {
            Kind::Cell => tags.part(role, build),
            Kind::Plain => build(tags),
        }
    }
}

/// Where the columns begin, and the last one ends.
fn edges(columns: &[ColumnWidth], width: f32) -> Result<Vec<f32>, Error> {
    let fixed: f32 = columns.iter().filter_map(fixed_points).sum();
    let shares: f32 = columns.iter().filter_map(share).sum();
    let left = width - fixed;
    if left < -ROUNDING || (shares > 0.0 && left <= 0.0) {
        return Err(Error::TableTooWide {
            width: fixed,
            available: width,
        });
    }
    let mut edges = Vec::with_capacity(columns.len() + 1);
    let mut edge = 0.0;
    edges.push(edge);
    for column in columns {
        edge += match column {
            ColumnWidth::Fixed(millimetres) => style::points(*millimetres),
            ColumnWidth::Share(share) => left * share / shares,
        };
        edges.push(style::rounded(edge));
    }
    Ok(edges)
}

fn fixed_points(column: &ColumnWidth) -> Option<f32> {
    match column {
        ColumnWidth::Fixed(millimetres) => Some(style::points(*millimetres)),
        ColumnWidth::Share(_) => None,
    }
}

fn share(column: &ColumnWidth) -> Option<f32> {
    match column {
        ColumnWidth::Fixed(_) => None,
        ColumnWidth::Share(share) => Some(*share),
    }
}

struct Setting {
    borders: Borders,
    edges: Vec<f32>,
    kind: Kind,
}

/// Of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Body,
}

/// Where the text of a cell stands in its height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Middle,
    Top,
}

/// Rows that no page break parts: one, or those that spans join.
#[derive(Debug, Default)]
struct Rows {
    heights: Vec<f32>,
    cells: Vec<Placed>,
}

/// A cell whose text is set.
#[derive(Debug)]
struct Placed {
    /// First and last row, in its block.
    rows: (usize, usize),
    /// Its edges.
    left: f32,
    right: f32,
    /// Where its text begins.
    text_left: f32,
    /// It stands at the foot of its row: a blank, to be near the caption below it.
    at_foot: bool,
    column: Column,
}

impl Setting {
    fn head(
        &self,
        shaper: &mut Shaper<'_>,
        tags: &mut Tags,
        rows: &[Row],
        page: f32,
    ) -> Result<Head, Error> {
        let mut height = 0.0;
        let mut art = Art::default();
        for rows in self.blocks(shaper, tags, rows, Part::Head)? {
            for (below, part) in self.parts(rows, page, Place::Middle)? {
                art.add(part, 0.0, height);
                height += below;
            }
        }
        if height > page {
            return Err(Error::RowsTooTall {
                height,
                available: page,
            });
        }
        Ok(Head {
            height: style::rounded(height),
            art,
        })
    }

    /// The rows, those that a span joins together.
    fn blocks(
        &self,
        shaper: &mut Shaper<'_>,
        tags: &mut Tags,
        rows: &[Row],
        part: Part,
    ) -> Result<Vec<Rows>, Error> {
        let areas = grid::areas(rows, self.edges.len() - 1)?;
        let mut blocks: Vec<Rows> = Vec::with_capacity(rows.len());
        let (mut first, mut end) = (0, 0);
        for (index, (row, areas)) in rows.iter().zip(areas).enumerate() {
            if index == end {
                blocks.push(Rows::default());
                first = index;
            }
            end = areas.iter().map(|area| area.rows.end).fold(end, usize::max);
            let Some(block) = blocks.last_mut() else {
                break;
            };
            let captioned =
                self.kind == Kind::Plain && rows.get(index + 1).is_some_and(is_captions);
            block.heights.push(0.0);
            self.element(tags, Role::TR, |tags| {
                for (cell, area) in row.cells.iter().zip(areas) {
                    let spans = Spans {
                        columns: area.columns.len(),
                        rows: area.rows.len(),
                    };
                    let role = role(part, cell.scope, spans);
                    let placed = self.element(tags, role, |tags| {
                        self.place(shaper, tags, cell, &area, first)
                    });
                    let at_foot = captioned && cell.paragraphs.iter().all(|blank| blank.ruled);
                    block.cells.push(Placed { at_foot, ..placed? });
                }
                Ok::<_, Error>(())
            })?;
        }
        align_commas(&mut blocks);
        Ok(blocks)
    }

    /// Sets the text of a cell of a block that begins with a row.
    fn place(
        &self,
        shaper: &mut Shaper<'_>,
        tags: &mut Tags,
        cell: &Cell,
        area: &Area,
        first: usize,
    ) -> Result<Placed, Error> {
        let (left, right) = (self.edges[area.columns.start], self.edges[area.columns.end]);
        let (side, _) = style::padding(self.borders);
        let inside = |at_edge: bool| match self.borders {
            Borders::None if at_edge => 0.0,
            Borders::Grid | Borders::None => side,
        };
        let text_left = left + inside(area.columns.start == 0);
        let text_right = right - inside(area.columns.end + 1 == self.edges.len());
        Ok(Placed {
            rows: (area.rows.start - first, area.rows.end - 1 - first),
            left,
            right,
            text_left,
            at_foot: false,
            column: Column::set(
                shaper,
                tags,
                &cell.paragraphs,
                text_right - text_left,
                self.kind,
            )?,
        })
    }

    /// Pictures of rows, one below the other, none higher than the room.
    fn parts(&self, mut rows: Rows, room: f32, place: Place) -> Result<Vec<(f32, Art)>, Error> {
        let (_, above) = style::padding(self.borders);
        rows.measure(2.0 * above);
        let height = rows.height();
        if height <= room {
            return Ok(vec![(height, self.draw(rows, place))]);
        }
        if rows.heights.len() > 1 {
            return Err(Error::RowsTooTall {
                height,
                available: room,
            });
        }
        let mut parts = Vec::new();
        while rows.cells.iter().any(|cell| !cell.column.is_empty()) {
            let mut part = Rows {
                heights: vec![0.0],
                cells: Vec::with_capacity(rows.cells.len()),
            };
            for cell in &mut rows.cells {
                let column = cell.column.take(room - 2.0 * above);
                part.cells.push(Placed { column, ..*cell });
            }
            part.measure(2.0 * above);
            let height = part.height();
            if height > room {
                return Err(Error::RowsTooTall {
                    height,
                    available: room,
                });
            }
            parts.push((height, self.draw(part, place)));
        }
        Ok(parts)
    }

    fn draw(&self, rows: Rows, place: Place) -> Art {
        let (_, above) = style::padding(self.borders);
        let mut art = Art::default();
        for cell in rows.cells {
            let top: f32 = rows.heights[..cell.rows.0].iter().sum();
            let height: f32 = rows.heights[cell.rows.0..=cell.rows.1].iter().sum();
            if self.borders == Borders::Grid {
                for y in [top, top + height] {
                    art.rules.push(rule::new(
                        Direction::Horizontal,
                        cell.left,
                        y,
                        cell.right - cell.left,
                        style::RULE,
                    ));
                }
                for x in [cell.left, cell.right] {
                    art.rules
                        .push(rule::new(Direction::Vertical, x, top, height, style::RULE));
                }
            }
            let y = match place {
                _ if cell.at_foot => top + height - above - cell.column.height,
                Place::Middle => top + (height - cell.column.height) / 2.0,
                Place::Top => top + above,
            };
            cell.column.draw(&mut art, cell.text_left, y);
        }
        art
    }
}

/// Whether a row only explains the blanks above it.
fn is_captions(row: &Row) -> bool {
    row.cells
        .iter()
        .flat_map(|cell| &cell.paragraphs)
        .all(|paragraph| paragraph.style == Style::Caption)
}

/// Moves the figures of each column so that their commas stand one below the other, as far as the
/// longest of them leaves room.
fn align_commas(blocks: &mut [Rows]) {
    // Left edge, right edge, longest fraction.
    let mut columns: Vec<(f32, f32, f32)> = Vec::new();
    let mut cells: Vec<&mut Placed> = blocks
        .iter_mut()
        .flat_map(|rows| &mut rows.cells)
        .filter(|cell| cell.column.fraction.is_some())
        .collect();
    let place = |columns: &[(f32, f32, f32)], cell: &Placed| {
        let is_own =
            |(left, right, _): &(f32, f32, f32)| *left == cell.left && *right == cell.right;
        columns.iter().position(is_own)
    };
    for cell in &cells {
        let fraction = cell.column.fraction.unwrap_or(0.0);
        match place(&columns, cell) {
            Some(place) => columns[place].2 = columns[place].2.max(fraction),
            None => columns.push((cell.left, cell.right, fraction)),
        }
    }
    for cell in &mut cells {
        let longest = place(&columns, cell).map_or(0.0, |place| columns[place].2);
        let fraction = cell.column.fraction.unwrap_or(0.0);
        cell.column.move_left(longest - fraction);
    }
}

impl Rows {
    /// Each row as high as its highest cell; what a spanning cell lacks goes to its last row.
    fn measure(&mut self, padding: f32) {
        for cell in self.cells.iter().filter(|cell| cell.rows.0 == cell.rows.1) {
            let height = &mut self.heights[cell.rows.0];
            *height = height.max(style::rounded(cell.column.height + padding));
        }
        for cell in self.cells.iter().filter(|cell| cell.rows.0 < cell.rows.1) {
            let (first, last) = cell.rows;
            let lacking =
                cell.column.height + padding - self.heights[first..=last].iter().sum::<f32>();
            self.heights[last] += style::rounded(lacking.max(0.0));
        }
    }

    fn height(&self) -> f32 {
        style::rounded(self.heights.iter().sum())
    }
}

/// Of column widths that were added up, in points.
const ROUNDING: f32 = 0.1;
