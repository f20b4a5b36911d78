//! Appendices as CSV, in every dialect that spreadsheets write.

use serde_json::Value;

use crate::Folder;
use crate::SAMPLE;

#[test]
fn appendices_as_csv_give_the_same_document_as_in_the_data() {
    let folder = Folder::new("tables");
    let (whole, bare, tables) = sample();
    folder.write("bare.json", bare.to_string().as_bytes());
    folder.write("whole.json", whole.to_string().as_bytes());
    let time = "--time 2026-03-02T09:00:00Z";
    folder
        .run(&format!("issue whole.json -o whole.pdf {time}"))
        .assert(0, "");
    let whole = folder.read("whole.pdf");
    for (dialect, delimiter, comma) in [
        ("a", ';', true),
        ("b", ',', false),
        ("c", '\t', true),
        ("d", ',', true),
    ] {
        let mut arguments = String::new();
        for (annex, rows) in &tables {
            let mut text = csv(rows, delimiter, comma);
            match dialect {
                "a" => text.insert(0, '\u{feff}'),
                "b" => text = text.replace('\n', "\r\n"),
                _ => {}
            }
            let name = format!("{dialect}-{annex}.csv");
            folder.write(&name, text.as_bytes());
            arguments.push_str(&format!(" --table {annex}={name}"));
        }
        let run = format!("issue bare.json -o {dialect}.pdf {time}{arguments}");
        folder.run(&run).assert(0, "10 pages");
        assert!(folder.read(&format!("{dialect}.pdf")) == whole, "{dialect}");
    }
}

#[test]
fn a_table_in_windows_1251_is_read_and_one_in_kz_1048_is_told_apart() {
    let folder = Folder::new("tables-1251");
    let data = String::from_utf8_lossy(OPEN_ENDED);
    let mut data: Value = serde_json::from_str(&data).unwrap();
    let mut text = "№ п/п;Көздің №;Код ЗВ;name.kk;Наименование ЗВ;г/сек;2014\n"
        .replace("Көздің №", "source_no");
    let rows = data["annex1"].as_array_mut().unwrap();
    for (index, row) in rows.iter_mut().enumerate() {
        row["name"]["kk"] = row["name"]["ru"].clone();
        let cell = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or("");
        let name = cell("/name/ru");
        let figures = format!("{};{}", cell("/gps"), cell("/tonnes/2014")).replace('.', ",");
        let (source, code) = (cell("/source_no"), cell("/code"));
        text.push_str(&format!(
            "{};{source};{code};{name};{name};{figures}\n",
            index + 1
        ));
    }
    folder.write("whole.json", data.to_string().as_bytes());
    data.as_object_mut().unwrap().remove("annex1");
    folder.write("bare.json", data.to_string().as_bytes());
    let (bytes, _, unmapped) = encoding_rs::WINDOWS_1251.encode(&text);
    assert!(!unmapped);
    folder.write("limits.csv", &bytes);
    let time = "--time 2026-03-02T09:00:00Z";
    folder
        .run(&format!("issue whole.json -o whole.pdf {time}"))
        .assert(0, "");
    let run = format!("issue bare.json -o table.pdf {time} --table annex1=limits.csv");
    folder.run(&run).assert(0, "");
    assert!(folder.read("table.pdf") == folder.read("whole.pdf"));

    // «Қ» of KZ-1048 in the fourth column of the second line.
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let cell = bytes[line..]
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b';');
    let (cell, _) = cell.map(|(at, _)| (line + at + 1, ())).nth(2).unwrap();
    let mut other = bytes.to_vec();
    other[cell] = 0x8d;
    folder.write("limits.csv", &other);
    let refused = folder.run(&run.replace("table.pdf", "other.pdf"));
    refused.assert(
        9,
        "error[TABLE]: limits.csv line 2, column 4: «Ќ» belongs to neither language",
    );
}

#[test]
fn faults_of_a_table_are_told_with_line_and_column() {
    let folder = Folder::new("tables-faults");
    let (whole, bare, tables) = sample();
    folder.write("bare.json", bare.to_string().as_bytes());
    folder.write("whole.json", whole.to_string().as_bytes());
    for (annex, rows) in &tables {
        folder.write(&format!("{annex}.csv"), csv(rows, ';', true).as_bytes());
    }
    let (_, annex1) = tables.iter().find(|(annex, _)| annex == "annex1").unwrap();
    let head = annex1[0].join(";");
    let run = |data: &str, text: &str| {
        folder.write("faulty.csv", text.as_bytes());
        let others =
            "--table annex2=annex2.csv --table annex3=annex3.csv --table annex4=annex4.csv";
        folder.run(&format!(
            "issue {data} -o out.pdf --table annex1=faulty.csv {others}"
        ))
    };
    let text = csv(annex1, ';', true);
    let faulty = text
        .replacen("0,104100", "0,10,4100", 1)
        .replacen("\n0143;", "\n143;", 1);
    let output = run("bare.json", &faulty);
    let column = annex1[0].iter().position(|head| head == "2014").unwrap() + 1;
    output.assert(9, &format!(
        "/annex1/0/tonnes/2014 (1-қосымша, т/жыл / Приложение 1, т/год): it is no plain decimal \
         number such as 0.104100 (faulty.csv line 2, column {column} «2014»)"
    ));
    output.assert(9, "it is not 4 digits (faulty.csv line 3, column 1 «code»)");
    let missing = text.replacen(&format!("\n{};", annex1[1][0]), "\n;", 1);
    run("bare.json", &missing).assert(9, "it is missing (faulty.csv line 2, column 1 «code»)");
    let unknown = text.replacen("gps", "g/s", 1);
    let output = run("bare.json", &unknown);
    output.assert(
        9,
        "error[TABLE]: faulty.csv line 1, column 4: «g/s» is no column of annex1",
    );
    output.assert(
        9,
        "help: columns of annex1: source_no, code, name.kk, name.ru, gps, and the years",
    );
    let twice = text.replacen("gps", "code", 1);
    run("bare.json", &twice).assert(9, "column 4: «code» names the same as column 1");
    let wide = text.replacen('\n', "\n;;;;;;;;;;;;stray\n", 1);
    run("bare.json", &wide).assert(9, "faulty.csv line 2, column 13: it has no head");
    let numbered = text.replacen(&head, &format!("№;{head}"), 1);
    let numbered = numbered.replacen("\n0123;", "\n6001;0123;", 1);
    run("bare.json", &numbered).assert(
        9,
        "faulty.csv line 2, column 1: «№» counts the rows, and this is not the first number",
    );
    run("bare.json", "").assert(9, "faulty.csv line 1: it has no head row");
    run("bare.json", "a;b\n1;2\n").assert(9, "no head of it names a column");
    run("bare.json", &format!("{head}\n"))
        .assert(9, "/annex1 (1-қосымша / Приложение 1): the list is empty");
    run("whole.json", &text).assert(9, "error[TABLE]: the data has annex1 already");
    run("missing.json", &text).assert(5, "error[INPUT_UNREADABLE]");
    let outlets = String::from_utf8(folder.read("annex2.csv")).unwrap();
    folder.write("annex2.csv", outlets.replacen("43,8", "43,9", 1).as_bytes());
    run("bare.json", &text).assert(9, "it differs from the first row of the same outlet");
    assert!(!folder.path("out.pdf").exists());
    for (table, says) in [
        ("annex9=x.csv", "tables: annex1"),
        ("annex1", "write it like"),
    ] {
        folder
            .run(&format!("issue bare.json -o out.pdf --table {table}"))
            .assert(2, says);
    }
}

/// The sample with a second outlet, the same without its appendices 1–4, and these as rows of cells.
fn sample() -> (Value, Value, Tables) {
    let mut data: Value = serde_json::from_slice(SAMPLE).unwrap();
    let mut second = data["annex2"][0].clone();
    second["outlet"] = Value::String("2".to_owned());
    second["rows"].as_array_mut().unwrap().drain(..2);
    let outlets = data["annex2"].as_array_mut().unwrap();
    outlets[0]["rows"].as_array_mut().unwrap().truncate(2);
    outlets.push(second);
    let whole = data.clone();
    let mut tables = Vec::new();
    for (annex, paths) in [
        ("annex1", ["code", "name.kk", "name.ru", "gps"].as_slice()),
        (
            "annex2",
            &[
                "outlet",
                "receiver.kk",
                "receiver.ru",
                "m3_h",
                "thousand_m3_year",
                "name.kk",
                "name.ru",
                "mg_dm3",
                "g_h",
            ],
        ),
        (
            "annex3",
            &[
                "name.kk", "name.ru", "code", "level", "place.kk", "place.ru",
            ],
        ),
        ("annex4", &["map", "form", "place.kk", "place.ru"]),
    ] {
        let elements = data.as_object_mut().unwrap().remove(annex).unwrap();
        let mut head: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
        head.extend((2014..=2018).map(|year| year.to_string()));
        let mut rows = vec![head.clone()];
        for element in elements.as_array().unwrap() {
            let inner = element.get("rows").and_then(Value::as_array);
            let single = vec![element.clone()];
            for row in inner.unwrap_or(&single) {
                let cell = |head: &String| {
                    let path = match head.starts_with("20") {
                        true => format!("/tonnes/{head}"),
                        false => format!("/{}", head.replace('.', "/")),
                    };
                    let value = row.pointer(&path).or_else(|| element.pointer(&path));
                    value.and_then(Value::as_str).unwrap_or_default().to_owned()
                };
                rows.push(head.iter().map(cell).collect());
            }
        }
        tables.push((annex.to_owned(), rows));
    }
    (whole, data, tables)
}

fn csv(rows: &[Vec<String>], delimiter: char, comma: bool) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let cells = row.iter().map(|cell| {
            let is_number = index > 0 && cell.contains('.') && cell.parse::<f64>().is_ok();
            let cell = match comma && is_number {
                true => cell.replace('.', ","),
                false => cell.clone(),
            };
            match cell.contains([delimiter, '"']) {
                true => format!("\"{}\"", cell.replace('"', "\"\"")),
                false => cell,
            }
        });
        text.push_str(&cells.collect::<Vec<_>>().join(&delimiter.to_string()));
        text.push('\n');
    }
    text
}

/// Rows of cells by appendix, the head first.
type Tables = Vec<(String, Vec<Vec<String>>)>;

const OPEN_ENDED: &[u8] = include_bytes!("../../fixtures/permits/atyrau-2013-open-ended.json");
