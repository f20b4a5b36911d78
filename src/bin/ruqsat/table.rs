//! Tables of appendices as CSV (RFC 4180, and what spreadsheets make of it): their rows go into the
//! data before it is read, and what is wrong with them is told with line and column.

mod cells;
mod columns;
mod numbers;
mod reader;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr;

use ruqsat::form::Edition;
use ruqsat::model::FormName;
use serde_json::Map;
use serde_json::Value;

use crate::editions::Editions;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::table::columns::Annex;
use crate::table::columns::Kind;
use crate::table::columns::Level;
use crate::table::reader::Reader;

/// `annex1=limits.csv`
#[derive(Debug, Clone)]
pub(crate) struct TableArg {
    annex: &'static str,
    path: PathBuf,
}

impl FromStr for TableArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = || {
            format!(
                "write it like annex1=limits.csv; tables: {}",
                Annex::names().join(", ")
            )
        };
        let (name, path) = text.split_once('=').ok_or_else(known)?;
        let annex = Annex::named(name).ok_or_else(known)?;
        Ok(Self {
            annex: annex.name,
            path: path.into(),
        })
    }
}

/// The data with the tables in it, and where each of their values came from.
#[derive(Debug)]
pub(crate) struct Filled {
    pub(crate) data: Vec<u8>,
    tables: Vec<Table>,
}

/// A table that was read.
#[derive(Debug)]
struct Table {
    file: String,
    annex: &'static str,
    rows: Value,
    /// The line of each element of the data, by its pointer.
    lines: BTreeMap<String, u64>,
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    /// Path below the row or its group; none for a column that is passed over.
    path: Option<String>,
    level: Level,
    kind: Kind,
    head: String,
}

/// Puts tables into the data of a document; the edition that the data names knows their heads.
pub(crate) fn fill(
    data: Vec<u8>,
    name: &Path,
    tables: &[TableArg],
    form: FormName,
    editions: &Editions,
) -> Result<Filled, Failure> {
    if tables.is_empty() {
        return Ok(Filled {
            data,
            tables: Vec::new(),
        });
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(&data) else {
        // The reader of the data says what is wrong with it.
        return Ok(Filled {
            data,
            tables: Vec::new(),
        });
    };
    let named = members.get("edition").and_then(Value::as_str);
    let edition = match named.map(|id| editions.open(id)).transpose()?.flatten() {
        None => editions.open(DEFAULT_EDITION)?,
        own => own,
    };
    let mut read = Vec::new();
    for table in tables {
        let twice = read.iter().any(|other: &Table| other.annex == table.annex);
        if twice || members.contains_key(table.annex) {
            let message = format!(
                "{} has {} already, and {} is to be it too",
                if twice { "another table" } else { "the data" },
                table.annex,
                table.path.display()
            );
            return Err(Failure::new(Exit::Refused, CODE, message)
                .hint(format!("{}: remove one of the two", name.display())));
        }
        read.push(Table::read(table, form, edition.as_deref())?);
    }
    let data = spliced(data, &members, &read);
    Ok(Filled { data, tables: read })
}

/// The members are written behind those that are there, so that what stands twice still does.
fn spliced(mut data: Vec<u8>, members: &Map<String, Value>, tables: &[Table]) -> Vec<u8> {
    let Some(end) = data.iter().rposition(|byte| *byte == b'}') else {
        return data;
    };
    data.truncate(end);
    let mut is_first = members.is_empty();
    for table in tables {
        let comma = if is_first { "" } else { "," };
        is_first = false;
        data.extend(format!("{comma}\"{}\":{}", table.annex, table.rows).bytes());
    }
    data.push(b'}');
    data
}

impl Filled {
    /// Adds to each fault in the data where it stands in a table.
    pub(crate) fn placed(&self, mut failure: Failure) -> Failure {
        for (detail, problem) in failure.details.iter_mut().zip(&failure.problems) {
            let place = self
                .tables
                .iter()
                .find_map(|table| table.place(&problem.pointer));
            if let Some(place) = place {
                detail.push_str(&format!(" ({place})"));
            }
        }
        failure
    }
}

impl Table {
    fn read(table: &TableArg, form: FormName, edition: Option<&Edition>) -> Result<Self, Failure> {
        let bytes = bytes_of(&table.path)?;
        let file = table.path.display().to_string();
        let (text, encoding) = cells::decoded(&bytes).map_err(|no_text| {
            Failure::new(Exit::Unreadable, CODE, format!("{file}: {no_text}")).hint(SAVE_AS)
        })?;
        let Some(annex) = Annex::named(table.annex) else {
            return Err(Failure::usage(CODE, format!("{} is no table", table.annex)));
        };
        let reader = Reader {
            file: &file,
            annex,
            form,
            edition,
            encoding,
        };
        let (columns, records) = reader.records(&text)?;
        let (rows, lines) = reader.rows(&columns, &records)?;
        Ok(Self {
            file,
            annex: annex.name,
            rows: Value::Array(rows),
            lines,
            columns,
        })
    }

    /// Where the value of a pointer stands.
    fn place(&self, pointer: &str) -> Option<String> {
        let mut row = pointer;
        loop {
            if let Some(line) = self.lines.get(row) {
                let path = pointer.get(row.len()..)?.trim_start_matches('/');
                return Some(self.place_in(*line, path));
            }
            (row, _) = row.rsplit_once('/')?;
        }
    }

    fn place_in(&self, line: u64, path: &str) -> String {
        let is_it = |column: &Column| {
            column.path.as_deref().is_some_and(|own| {
                let below = |long: &str, short: &str| {
                    long.strip_prefix(short)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                !path.is_empty() && (below(own, path) || below(path, own))
            })
        };
        match self.columns.iter().position(is_it) {
            Some(index) => {
                let head = self.columns.get(index).map_or("", |column| &column.head);
                let column = index + 1;
                format!("{} line {line}, column {column} «{head}»", self.file)
            }
            None => format!("{} line {line}", self.file),
        }
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_TABLE + 1).read_to_end(&mut bytes));
    match read {
        Ok(length) if length as u64 <= MAX_TABLE => Ok(bytes),
        Ok(_) => {
            let message = format!("{} has more than {MAX_TABLE} bytes", path.display());
            Err(Failure::new(Exit::Unreadable, CODE, message))
        }
        Err(error) => {
            let message = format!("{} cannot be read: {error}", path.display());
            Err(Failure::new(Exit::Unreadable, "INPUT_UNREADABLE", message))
        }
    }
}

const CODE: &str = "TABLE";
const SAVE_AS: &str = "save it as CSV in UTF-8";
const UTF8: &str = "save it as CSV in UTF-8: Windows-1251 has no Kazakh letters";
/// Names the columns for data that names no edition that is known.
const DEFAULT_EDITION: &str = "atyrau-2013";
/// The most bytes of a table: some 50 000 rows.
const MAX_TABLE: u64 = 16 * 1024 * 1024;
