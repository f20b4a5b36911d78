//! Tables with a column for each year, in parts that fit a sheet.

use std::ops::Range;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::form::columns::Columns;
use crate::form::columns::width_of;
use crate::form::error::Error;
use crate::form::pointed;
use crate::form::settings::Figure;
use crate::form::settings::TableSettings;
use crate::model::Quantity;

/// What a template may ask of a table; null where the data has no amounts for it.
pub(super) fn table(settings: &TableSettings, data: &Value) -> Result<Value, Error> {
    let Some(total) = data.pointer(&settings.total).and_then(Value::as_object) else {
        return Ok(Value::Null);
    };
    let table = Table::new(settings, data, total)?;
    table.value()
}

/// A list of rows, and what its group says beside them.
struct Group<'d> {
    fields: Option<&'d Map<String, Value>>,
    rows: &'d [Value],
}

struct Table<'d> {
    settings: &'d TableSettings,
    total: &'d Map<String, Value>,
    groups: Vec<Group<'d>>,
    is_grouped: bool,
    year_width: f32,
    widths: Vec<(&'d Figure, f32)>,
    columns: Columns,
}

impl<'d> Table<'d> {
    fn new(
        settings: &'d TableSettings,
        data: &'d Value,
        total: &'d Map<String, Value>,
    ) -> Result<Self, Error> {
        let (groups, is_grouped) = groups(settings, data);
        let rows = || groups.iter().flat_map(|group| group.rows);
        let mut year_width = width_of_all(total.values())?;
        for row in rows() {
            if let Some(amounts) = row.get(AMOUNTS).and_then(Value::as_object) {
                year_width = year_width.max(width_of_all(amounts.values())?);
            }
        }
        let mut widths = Vec::with_capacity(settings.figures.len());
        for figure in &settings.figures {
            let values = || rows().filter_map(|row| row.get(&figure.field));
            let mut width = width_of_all(values())?.max(figure.least);
            if figure.sum {
                let sum = sum(values(), settings)?;
                width = width.max(width_of([sum.printed().as_str()]));
            }
            widths.push((figure, width));
        }
        let figures = widths.iter().map(|(_, width)| width).sum();
        let columns = Columns::new(settings, figures, year_width, total.len());
        Ok(Self {
            settings,
            total,
            groups,
            is_grouped,
            year_width,
            widths,
            columns,
        })
    }

    fn value(&self) -> Result<Value, Error> {
        let mut table = Map::new();
        table.insert("orientation".to_owned(), self.columns.orientation.into());
        if !self.is_grouped {
            let rows = self.groups.first().map_or(&[][..], |group| group.rows);
            table.insert("parts".to_owned(), self.parts(rows, &totals(self.total)?)?);
            return Ok(table.into());
        }
        let mut groups = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let totals = match self.groups.len() {
                1 => totals(self.total)?,
                _ => self.totals_of(group.rows)?,
            };
            let mut value = group.fields.cloned().unwrap_or_default();
            value.remove(last_step(&self.settings.rows));
            value.insert("parts".to_owned(), self.parts(group.rows, &totals)?);
            groups.push(Value::Object(value));
        }
        let sums = match self.groups.len() {
            1 => json!([]),
            _ => self.parts(&[], &totals(self.total)?)?,
        };
        table.insert("groups".to_owned(), groups.into());
        table.insert("sums".to_owned(), sums);
        Ok(table.into())
    }

    fn parts(&self, rows: &[Value], totals: &[String]) -> Result<Value, Error> {
        let part = |range: &Range<usize>| self.part(rows, totals, range);
        let parts = self.columns.parts.iter().map(part);
        Ok(Value::Array(parts.collect::<Result<_, _>>()?))
    }

    fn part(
        &self,
        rows: &[Value],
        totals: &[String],
        range: &Range<usize>,
    ) -> Result<Value, Error> {
        let years: Vec<&String> = self
            .total
            .keys()
            .skip(range.start)
            .take(range.len())
            .collect();
        let mut width = Map::new();
        let mut sums = Map::new();
        for (figure, millimetres) in &self.widths {
            width.insert(figure.field.clone(), json!(millimetres));
            if figure.sum {
                let values = rows.iter().filter_map(|row| row.get(&figure.field));
                let sum = sum(values, self.settings)?;
                sums.insert(figure.field.clone(), sum.printed().into());
            }
        }
        let mut printed = Vec::with_capacity(rows.len());
        for (row, number) in rows.iter().zip(1usize..) {
            printed.push(self.row(row, number, &years)?);
        }
        Ok(json!({
            "years_count": years.len(),
            "years": years,
            "year_width": self.year_width,
            "width": width,
            "sum": sums,
            "rows": printed,
            "totals": totals.get(range.clone()).unwrap_or_default(),
        }))
    }

    fn row(&self, row: &Value, number: usize, years: &[&String]) -> Result<Value, Error> {
        let mut value = Map::new();
        value.insert("number_in_table".to_owned(), number.into());
        let amounts = row.get(AMOUNTS);
        for (name, field) in row.as_object().into_iter().flatten() {
            if name != AMOUNTS {
                value.insert(name.clone(), field.clone());
            }
        }
        let printed = years.iter().map(|year| {
            let amount = amounts.and_then(|amounts| amounts.get(year.as_str()));
            printed(amount.unwrap_or(&Value::Null))
        });
        let printed = printed.collect::<Result<Vec<String>, _>>()?;
        value.insert("amounts".to_owned(), printed.into());
        Ok(value.into())
    }

    /// What the rows of one group sum to in each year.
    fn totals_of(&self, rows: &[Value]) -> Result<Vec<String>, Error> {
        let years = self.total.keys();
        years
            .map(|year| {
                let amounts = rows
                    .iter()
                    .filter_map(|row| row.get(AMOUNTS)?.get(year.as_str()));
                Ok(sum(amounts, self.settings)?.printed())
            })
            .collect()
    }
}

/// The rows that a pointer names: one list, or one in each element of another.
fn groups<'d>(settings: &TableSettings, data: &'d Value) -> (Vec<Group<'d>>, bool) {
    fn rows(value: Option<&Value>) -> &[Value] {
        value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
    match settings.rows.split_once("/*") {
        None => {
            let group = Group {
                fields: None,
                rows: rows(data.pointer(&settings.rows)),
            };
            (vec![group], false)
        }
        Some((list, inner)) => {
            let group = |value: &'d Value| Group {
                fields: value.as_object(),
                rows: rows(value.pointer(inner)),
            };
            let groups = rows(data.pointer(list)).iter().map(group);
            (groups.collect(), true)
        }
    }
}

fn last_step(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

fn totals(total: &Map<String, Value>) -> Result<Vec<String>, Error> {
    total.values().map(printed).collect()
}

fn printed(amount: &Value) -> Result<String, Error> {
    let text = amount.as_str().unwrap_or_default();
    pointed::mapped(text, |text| Ok(figure(text)?.printed()))
}

fn width_of_all<'v>(figures: impl Iterator<Item = &'v Value>) -> Result<f32, Error> {
    let mut width = 0.0f32;
    for value in figures {
        let printed = plain_figure(value)?.printed();
        width = width.max(width_of([printed.as_str()]));
    }
    Ok(width)
}

fn sum<'v>(
    values: impl Iterator<Item = &'v Value>,
    settings: &TableSettings,
) -> Result<Quantity<()>, Error> {
    let mut sum = Quantity::ZERO;
    for value in values {
        sum = sum
            .checked_add(plain_figure(value)?)
            .ok_or_else(|| Error::SumTooLarge {
                rows: settings.rows.clone(),
            })?;
    }
    Ok(sum)
}

fn plain_figure(value: &Value) -> Result<Quantity<()>, Error> {
    figure(pointed::plain(value.as_str().unwrap_or_default()))
}

fn figure(text: &str) -> Result<Quantity<()>, Error> {
    text.parse().map_err(|_| Error::NoFigure {
        value: text.to_owned(),
    })
}

/// The field of a row with its amounts by year.
const AMOUNTS: &str = "tonnes";
