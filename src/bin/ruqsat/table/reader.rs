//! From the text of a table to elements of the data.

use std::collections::BTreeMap;

use ruqsat::form::Edition;
use ruqsat::model::FormName;
use serde_json::Map;
use serde_json::Value;

use crate::failure::Exit;
use crate::failure::Failure;
use crate::table::CODE;
use crate::table::Column;
use crate::table::UTF8;
use crate::table::cells;
use crate::table::cells::Encoding;
use crate::table::columns::Annex;
use crate::table::columns::Head;
use crate::table::columns::Kind;
use crate::table::columns::Level;
use crate::table::numbers;
use crate::table::numbers::Doubt;

/// A row as it stands.
pub(super) struct Record {
    line: u64,
    cells: Vec<String>,
}

/// Elements of the data, and the lines that they stand in.
pub(super) type Rows = (Vec<Value>, BTreeMap<String, u64>);

pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) annex: &'static Annex,
    /// The form whose data it is, as an edition that knows its labels names it.
    pub(super) form: FormName,
    pub(super) edition: Option<&'a Edition>,
    pub(super) encoding: Encoding,
}

impl Reader<'_> {
    /// The columns that the head row names, and the rows below it.
    pub(super) fn records(&self, text: &str) -> Result<(Vec<Column>, Vec<Record>), Failure> {
        let delimiter = self.delimiter(text)?;
        if let Some((line, broken)) = cells::broken_quotes(text, delimiter) {
            return Err(self.fault(line, None, &broken.to_string()));
        }
        let mut records = Vec::new();
        for record in parser(text, delimiter).records() {
            let record = record.map_err(|error| self.fault(1, None, &error.to_string()))?;
            let line = line_of(text, &record);
            let cells: Vec<_> = record.iter().map(cells::on_one_line).collect();
            self.check_letters(line, &cells)?;
            if cells.iter().any(|cell| !cell.is_empty()) {
                records.push(Record { line, cells });
            }
        }
        if records.is_empty() {
            return Err(self.fault(1, None, "it has no head row"));
        }
        let head = records.remove(0);
        Ok((self.columns(&head)?, records))
    }

    /// What stands between the cells: with it, the head row names the most columns.
    fn delimiter(&self, text: &str) -> Result<u8, Failure> {
        let mut best: Option<(usize, u8)> = None;
        let mut spoilt: Option<(usize, Failure)> = None;
        for delimiter in DELIMITERS {
            let head = parser(text, delimiter).records().find(|record| {
                let cells = record.iter().flatten();
                cells.map(str::trim).any(|cell| !cell.is_empty())
            });
            let Some(Ok(head)) = head else { continue };
            let known = head
                .iter()
                .filter(|head| matches!(self.head(head), Head::Column(..)))
                .count();
            let line = line_of(text, &head);
            let cells: Vec<_> = head.iter().map(str::to_owned).collect();
            let is_wider = spoilt
                .as_ref()
                .is_none_or(|(width, ..)| cells.len() > *width);
            if is_wider && let Err(failure) = self.check_letters(line, &cells) {
                spoilt = Some((cells.len(), failure));
            }
            if best.is_none_or(|(most, _)| known > most) {
                best = Some((known, delimiter));
            }
        }
        match (best, spoilt) {
            (None, _) => Err(self.fault(1, None, "it has no head row")),
            (Some((0, _)), Some((_, spoilt))) => Err(spoilt),
            (Some((0, _)), None) => {
                let fault = self.fault(1, None, "no head of it names a column");
                Err(fault.hint(self.known_columns()))
            }
            (Some((_, delimiter)), _) => Ok(delimiter),
        }
    }

    fn head(&self, head: &str) -> Head {
        self.annex.column(head, |pointer| {
            self.edition
                .and_then(|edition| edition.field_name(self.form.as_str(), pointer))
        })
    }

    fn columns(&self, head: &Record) -> Result<Vec<Column>, Failure> {
        let mut columns: Vec<Column> = Vec::new();
        for (index, text) in head.cells.iter().enumerate() {
            let fault = |text: &str| self.fault(head.line, Some(index), text);
            let (path, level, kind) = match self.head(text) {
                Head::Column(path, level, kind) => (Some(path), level, kind),
                Head::Ignored => (None, Level::Row, Kind::Text),
                Head::Unknown => {
                    let name = self.annex.name;
                    let fault = fault(&format!("«{text}» is no column of {name}"));
                    return Err(fault.hint(self.known_columns()));
                }
            };
            let same = |other: &Column| other.path.is_some() && other.path == path;
            if let Some(other) = columns.iter().position(same) {
                let before = other + 1;
                return Err(fault(&format!(
                    "«{text}» names the same as column {before}"
                )));
            }
            columns.push(Column {
                path,
                level,
                kind,
                head: text.clone(),
            });
        }
        Ok(columns)
    }

    fn check_letters(&self, line: u64, cells: &[String]) -> Result<(), Failure> {
        for (index, cell) in cells.iter().enumerate() {
            let letter = match self.encoding {
                Encoding::Utf8 => None,
                Encoding::Windows1251 => cells::foreign_letter(cell),
            };
            if let Some(letter) = letter {
                let text = format!(
                    "«{letter}» belongs to neither language: the file is not in Windows-1251"
                );
                return Err(self.fault(line, Some(index), &text).hint(UTF8));
            }
            if let Some(sign) = cells::lost_letter(cell, self.encoding) {
                let text = format!(
                    "a letter was lost when the file was saved: «{sign}» stands in its place"
                );
                return Err(self.fault(line, Some(index), &text).hint(UTF8));
            }
        }
        Ok(())
    }

    /// Refuses numbers of which nobody can say whether they are a thousand times as large.
    fn check_numbers(&self, columns: &[Column], records: &[Record]) -> Result<(), Failure> {
        let numbers = records.iter().flat_map(|record| {
            let cells = columns.iter().zip(&record.cells).enumerate();
            let numbers = cells.filter(|(_, (column, _))| column.kind == Kind::Quantity);
            numbers.map(|(index, (_, cell))| ((record.line, index, cell), numbers::says(cell)))
        });
        match numbers::doubt(numbers) {
            None => Ok(()),
            Some(Doubt::Mixed { place, mark, other }) => {
                let (line, index, cell) = place;
                let (line_before, before, cell_before) = other;
                let column = before + 1;
                let text = format!(
                    "«{cell}» has a {mark}, and «{cell_before}» in line {line_before}, column \
                     {column} has not: which of them stands before a fraction is not clear"
                );
                Err(self.fault(line, Some(index), &text).hint(ONE_MARK))
            }
            Some(Doubt::Either { place }) => {
                let (line, index, cell) = place;
                let text = format!(
                    "«{cell}» may be a fraction or a thousand times as much: no number of the \
                     table shows which"
                );
                Err(self.fault(line, Some(index), &text).hint(ONE_MARK))
            }
        }
    }

    /// The elements of the data.
    pub(super) fn rows(&self, columns: &[Column], records: &[Record]) -> Result<Rows, Failure> {
        let mut rows: Vec<Value> = Vec::new();
        let mut lines = BTreeMap::new();
        let mut group: Option<Map<String, Value>> = None;
        if let Some(first) = records.first() {
            self.check_count(columns, first)?;
        }
        self.check_numbers(columns, records)?;
        for record in records {
            self.check_width(columns, record)?;
            self.check_once(columns, record)?;
            let row = self.values(columns, record, Level::Row);
            let annex = self.annex.name;
            if !self.annex.is_grouped() {
                lines.insert(format!("/{annex}/{}", rows.len()), record.line);
                rows.push(Value::Object(row));
                continue;
            }
            let own = self.values(columns, record, Level::Group);
            match &group {
                Some(group) if self.continues(columns, record, group, &own)? => {}
                _ => {
                    lines.insert(format!("/{annex}/{}", rows.len()), record.line);
                    let mut element = own.clone();
                    element.insert(ROWS.to_owned(), Value::Array(Vec::new()));
                    rows.push(Value::Object(element));
                    group = Some(own);
                }
            }
            let outlet = rows.len() - 1;
            let inner = rows.last_mut().and_then(|element| element.get_mut(ROWS));
            if let Some(Value::Array(inner)) = inner {
                let index = inner.len();
                lines.insert(format!("/{annex}/{outlet}/{ROWS}/{index}"), record.line);
                inner.push(Value::Object(row));
            }
        }
        Ok((rows, lines))
    }

    /// Whether a row belongs to the group before it: it repeats its values, or leaves them out.
    fn continues(
        &self,
        columns: &[Column],
        record: &Record,
        group: &Map<String, Value>,
        own: &Map<String, Value>,
    ) -> Result<bool, Failure> {
        let first = self
            .annex
            .fields
            .iter()
            .find(|field| field.level == Level::Group);
        let first = first.map_or("", |field| field.name);
        if own.contains_key(first) && own.get(first) != group.get(first) {
            return Ok(false);
        }
        let group = Value::Object(group.clone());
        let own = Value::Object(own.clone());
        for (index, column) in columns.iter().enumerate() {
            let Some(path) = column
                .path
                .as_ref()
                .filter(|_| column.level == Level::Group)
            else {
                continue;
            };
            let pointer = format!("/{path}");
            let value = own.pointer(&pointer);
            if value.is_some() && value != group.pointer(&pointer) {
                let text = "it differs from the first row of the same outlet";
                return Err(self.fault(record.line, Some(index), text));
            }
        }
        Ok(true)
    }

    /// Cells beyond the head belong to nothing, and so do those below no head.
    fn check_width(&self, columns: &[Column], record: &Record) -> Result<(), Failure> {
        let stray = record.cells.iter().enumerate().find(|(index, cell)| {
            let headless = columns
                .get(*index)
                .is_none_or(|column| column.head.is_empty());
            headless && !cell.is_empty()
        });
        match stray {
            None => Ok(()),
            Some((index, _)) => Err(self.fault(record.line, Some(index), "it has no head")),
        }
    }

    /// A column that counts the rows is passed over; one that is only called so has values.
    fn check_count(&self, columns: &[Column], first: &Record) -> Result<(), Failure> {
        let cells = columns.iter().zip(&first.cells).enumerate();
        for (index, (column, cell)) in cells {
            let passed_over = column.path.is_none() && !column.head.is_empty();
            if passed_over && !cell.is_empty() && !cells::counts_from_one(cell) {
                let head = &column.head;
                let text = format!("«{head}» counts the rows, and this is not the first number");
                let fault = self.fault(first.line, Some(index), &text);
                return Err(fault.hint(self.known_columns()));
            }
        }
        Ok(())
    }

    /// A value is a day or a text, not both.
    fn check_once(&self, columns: &[Column], record: &Record) -> Result<(), Failure> {
        let given = || {
            let cells = columns.iter().zip(&record.cells).enumerate();
            cells.filter_map(|(index, (column, cell))| {
                let path = column.path.as_deref().filter(|_| !cell.is_empty())?;
                Some((index, path))
            })
        };
        for (index, path) in given() {
            let whole = path.split_once('/').map(|(name, _)| name);
            if let Some((other, _)) = given().find(|(_, other)| Some(*other) == whole) {
                let text = format!("column {} says it already", other + 1);
                return Err(self.fault(record.line, Some(index), &text));
            }
        }
        Ok(())
    }

    /// The values of a row or of its group; an empty cell is none.
    fn values(&self, columns: &[Column], record: &Record, level: Level) -> Map<String, Value> {
        let mut values = Map::new();
        for (column, cell) in columns.iter().zip(&record.cells) {
            let Some(path) = column.path.as_ref().filter(|_| column.level == level) else {
                continue;
            };
            if cell.is_empty() {
                continue;
            }
            let value = Value::String(value(column.kind, path, cell));
            match path.split_once('/') {
                None => {
                    values.insert(path.clone(), value);
                }
                Some((name, inner)) => {
                    let object = values
                        .entry(name)
                        .or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(object) = object {
                        object.insert(inner.to_owned(), value);
                    }
                }
            }
        }
        values
    }

    fn known_columns(&self) -> String {
        let mut names = self.annex.names_of_columns();
        if self.annex.has_years {
            names.push("and the years".to_owned());
        }
        let labels = "or what the form calls them";
        format!(
            "columns of {}: {}, {labels}",
            self.annex.name,
            names.join(", ")
        )
    }

    fn fault(&self, line: u64, column: Option<usize>, text: &str) -> Failure {
        let place = match column {
            None => format!("line {line}"),
            Some(index) => format!("line {line}, column {}", index + 1),
        };
        Failure::new(
            Exit::Refused,
            CODE,
            format!("{} {place}: {text}", self.file),
        )
    }
}

fn value(kind: Kind, path: &str, cell: &str) -> String {
    match kind {
        Kind::Text | Kind::Bilingual => cell.to_owned(),
        Kind::Quantity => numbers::decimal(cell),
        Kind::Deadline if path.contains('/') => cell.to_owned(),
        Kind::Deadline => cells::day(cell),
        Kind::Word(words) => {
            let lower = cell.to_lowercase();
            let word = words
                .iter()
                .find(|(_, printed)| printed.contains(&lower.as_str()));
            word.map_or_else(|| cell.to_owned(), |(word, _)| (*word).to_owned())
        }
    }
}

/// The line in which a record begins: its position is that of the empty lines before it.
fn line_of(text: &str, record: &csv::StringRecord) -> u64 {
    let Some(position) = record.position() else {
        return 1;
    };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + empty.filter(|byte| **byte == b'\n').count() as u64
}

fn parser(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// In the order of preference: a semicolon stands where the comma is decimal.
const DELIMITERS: [u8; 3] = [b';', b'\t', b','];
const ONE_MARK: &str = "write every number of the table with the same mark, and one of them with \
                        other than three digits behind it (1,2340), or whole numbers without any";
/// Where the rows of a group stand in the data.
const ROWS: &str = "rows";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reader(annex: &'static str) -> Reader<'static> {
        Reader {
            file: "table.csv",
            annex: Annex::named(annex).unwrap(),
            form: FormName::Permit,
            edition: None,
            encoding: Encoding::Windows1251,
        }
    }

    #[test]
    fn a_day_and_a_text_for_one_deadline_are_one_too_many() {
        let reader = reader("annex5");
        let text = "kk;ru;deadline.kk;deadline\na;b;c;\na;b;c;31.12.2014\n";
        let (columns, records) = reader.records(text).unwrap();
        let failure = reader.rows(&columns, &records).unwrap_err();
        let place = "table.csv line 3, column 3: column 4 says it already";
        assert_eq!(failure.message, place);
    }

    proptest! {
        /// Whatever stands in a table, it is read or refused with its place.
        #[test]
        fn garbage_is_read_or_refused(
            annex in prop::sample::select(vec!["annex1", "annex2", "annex5"]),
            pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60),
        ) {
            let text: String = pieces.concat();
            let reader = reader(annex);
            let rows = reader.records(&text).and_then(|(columns, records)| {
                reader.rows(&columns, &records)
            });
            match rows {
                Ok((rows, lines)) => prop_assert!(lines.len() >= rows.len()),
                Err(failure) => prop_assert!(failure.message.starts_with("table.csv line ")),
            }
        }
    }

    const PIECES: [&str; 20] = [
        ";",
        ";",
        ",",
        "\t",
        "\"",
        "\n",
        "\n",
        "\r\n",
        "code",
        "name.kk",
        "name.ru",
        "outlet",
        "deadline",
        "deadline.kk",
        "2014",
        "0,5",
        "1 000",
        "Ќ",
        "kk",
        "а",
    ];
}
