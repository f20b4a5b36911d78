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

/// A limit must never be a thousand times another: where a table does not show what its marks mean,
/// nothing is issued.
#[test]
fn numbers_that_may_be_a_thousand_times_as_much_are_refused() {
    let folder = Folder::new("tables-thousands");
    let (mut data, head) = (open_ended(), "code;name.kk;name.ru;gps;2014\n");
    data.as_object_mut().unwrap().remove("annex1");
    data["totals"]["air"] = serde_json::json!({ "2014": "1.234" });
    folder.write("bare.json", data.to_string().as_bytes());
    let run = |gps: &str, tonnes: &str| {
        let rows = format!("{head}0301;Азот;Азот;{gps};{tonnes}\n0304;Азот;Азот;0;0\n");
        folder.write("limits.csv", rows.as_bytes());
        let data = "issue bare.json --dry-run --table annex1=limits.csv";
        folder.run(data)
    };
    for (gps, tonnes) in [
        ("0,5", "1,234"),
        ("0.5", "1.234"),
        ("7", "1,2340"),
        ("1,234", "1,23400"),
    ] {
        // Only the second has as many places as the total; all four are the same amount.
        run(gps, tonnes).assert(0, "nothing was written");
    }
    let open = "line 2, column 5: «1,234» may be a fraction or a thousand times as much";
    run("5", "1,234").assert(9, open);
    run("5", "1.234").assert(9, "«1.234» may be a fraction");
    run("12,500", "1,234").assert(9, "line 2, column 4: «12,500» may be a fraction");
    run("0.5", "1,234").assert(
        9,
        "limits.csv line 2, column 5: «1,234» has a comma, and «0.5» in line 2, column 4 has not",
    );
    run("1,234", "0.5").assert(
        9,
        "column 5: «0.5» has a point, and «1,234» in line 2, column 4",
    );
    for tonnes in [
        "1,234,567",
        "1.234,5",
        "1 23,4",
        "1e3",
        "−1,5",
        "1,5 т",
        "1'234",
    ] {
        run("0,5", tonnes).assert(9, "(limits.csv line 2, column 5 «2014»)");
    }
}

#[test]
fn a_table_of_any_spreadsheet_is_read_as_it_looks() {
    let folder = Folder::new("tables-looks");
    let mut data = open_ended();
    data["totals"]["air"] = serde_json::json!({ "2014": "12345.5" });
    data["annex1"] = serde_json::json!([
        {
            "code": "0301",
            "name": { "kk": "Азот; диоксиді \"NO2\"", "ru": "Азота диоксид" },
            "gps": "1234.5",
            "tonnes": { "2014": "12345.5" }
        },
    ]);
    folder.write("whole.json", data.to_string().as_bytes());
    data.as_object_mut().unwrap().remove("annex1");
    folder.write("bare.json", data.to_string().as_bytes());
    let time = "--time 2026-03-02T09:00:00Z";
    folder
        .run(&format!("issue whole.json -o whole.pdf {time}"))
        .assert(0, "");
    let whole = folder.read("whole.pdf");
    let table = "\r\n;;;;;;\r\n\"Код\n ЗВ\";name.kk;\"name.ru\";г/сек;2014;;\r\n\
                 0301;\"Азот;\n диоксиді \"\"NO2\"\"\";Азота диоксид\u{a0};1\u{a0}234,5;\
                 \"12\u{202f}345,5\";;\r\n;;;;;;\r\n\r\n";
    folder.write("limits.csv", table.as_bytes());
    let run = format!("issue bare.json {time} --table annex1=limits.csv -o");
    folder.run(&format!("{run} table.pdf")).assert(0, "");
    assert!(folder.read("table.pdf") == whole);

    let utf_16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, says) in [
        (
            utf_16.as_slice(),
            "limits.csv: it is UTF-16, not UTF-8\n  help: save it as CSV in UTF-8",
        ),
        (b"PK\x03\x04\x14\0", "limits.csv: it is a workbook, not CSV"),
    ] {
        folder.write("limits.csv", bytes);
        folder.run(&format!("{run} other.pdf")).assert(5, says);
    }
    for (from, to, says) in [
        (
            "\"12\u{202f}345,5\"",
            "\"12\u{202f}345,5",
            "limits.csv line 6: a quote opens here and is never",
        ),
        (
            "0301;",
            "\"0301\"1;",
            "limits.csv line 5: text follows a quoted cell",
        ),
        (
            "\u{a0};1",
            "\u{fffd};1",
            "a letter was lost when the file was saved: «\u{fffd}» stands",
        ),
        (
            "name.kk",
            "name.kk;name.KK",
            "line 3, column 3: «name.KK» names the same as column 2",
        ),
    ] {
        let spoilt = table.replacen(from, to, 1);
        assert_ne!(spoilt, table);
        folder.write("limits.csv", spoilt.as_bytes());
        folder.run(&format!("{run} other.pdf")).assert(9, says);
    }
    // «Ластаушы заттың атауы» as a spreadsheet saves it in Windows-1251.
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode("ЛЗ коды;Ластаушы затты? атауы\n1;2\n");
    folder.write("limits.csv", &bytes);
    folder.run(&format!("{run} other.pdf")).assert(
        9,
        "limits.csv line 1, column 2: a letter was lost when the file was saved",
    );
    assert!(!folder.path("other.pdf").exists());
}

#[test]
fn the_heads_are_those_of_the_edition_that_the_data_names() {
    let folder = Folder::new("tables-edition");
    let mut data = open_ended();
    data["edition"] = Value::String("own-2027".to_owned());
    let row = data["annex1"][0].clone();
    data["annex1"] = serde_json::json!([row]);
    data["totals"]["air"] = row["tonnes"].clone();
    data.as_object_mut().unwrap().remove("annex1");
    folder.write("bare.json", data.to_string().as_bytes());
    std::fs::create_dir_all(folder.path("forms/own-2027")).unwrap();
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/atyrau-2013");
    for entry in std::fs::read_dir(own).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text
            .replace("id = \"atyrau-2013\"", "id = \"own-2027\"")
            .replace("Приложение 1, код ЗВ", "Приложение 1, шифр вещества");
        folder.write(&format!("forms/own-2027/{name}"), text.as_bytes());
    }
    let value = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    let table = |head: &str| {
        let head = format!("{head};name.kk;name.ru;gps;2014\n");
        let cells = ["/code", "/name/kk", "/name/ru", "/gps", "/tonnes/2014"].map(value);
        folder.write(
            "limits.csv",
            format!("{head}{}\n", cells.join(";")).as_bytes(),
        );
    };
    let run = "issue bare.json --dry-run --templates forms --table annex1=limits.csv";
    table("Шифр вещества");
    folder.run(run).assert(0, "nothing was written");
    table("Код ЗВ");
    folder.run(run).assert(9, "«Код ЗВ» is no column of annex1");
}

#[test]
fn every_form_with_appendices_takes_them_as_tables() {
    let folder = Folder::new("tables-forms");
    for (form, fixture) in [("reissue", REISSUE), ("application-permit", APPLICATION)] {
        let mut data: Value = serde_json::from_slice(fixture).unwrap();
        for row in data["annex1"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("source_no");
        }
        folder.write("whole.json", data.to_string().as_bytes());
        let rows = data.as_object_mut().unwrap().remove("annex1").unwrap();
        folder.write("bare.json", data.to_string().as_bytes());
        let rows = rows.as_array().unwrap();
        let years = rows[0]["tonnes"].as_object().unwrap().keys().cloned();
        let years: Vec<_> = years.collect();
        let head = "ЛЗ коды;ластаушы заттың атауы;наименование ЗВ;г/сек";
        let mut text = format!("{head};{}\n", years.join(";"));
        for row in rows {
            let mut paths = vec!["/code".to_owned(), "/name/kk".to_owned()];
            paths.extend(["/name/ru".to_owned(), "/gps".to_owned()]);
            paths.extend(years.iter().map(|year| format!("/tonnes/{year}")));
            let cells = paths
                .iter()
                .map(|path| row.pointer(path).and_then(Value::as_str));
            let cells: Vec<_> = cells.map(Option::unwrap_or_default).collect();
            text.push_str(&format!("\"{}\"\n", cells.join("\";\"")));
        }
        folder.write("annex1.csv", text.as_bytes());
        let run = |data: &str, out: &str| {
            let time = "--time 2026-03-02T09:00:00Z";
            folder.run(&format!(
                "issue {data} --form {form} -o {out} --force {time}"
            ))
        };
        run("whole.json", "whole.pdf").assert(0, "pages");
        run("bare.json --table annex1=annex1.csv", "table.pdf").assert(0, "pages");
        assert!(
            folder.read("table.pdf") == folder.read("whole.pdf"),
            "{form}"
        );
    }
}

#[test]
fn five_thousand_rows_are_read_and_a_fault_in_the_last_is_found() {
    let folder = Folder::new("tables-long");
    let mut data = open_ended();
    data.as_object_mut().unwrap().remove("annex1");
    data["totals"]["air"] = serde_json::json!({ "2014": "2500.0" });
    folder.write("bare.json", data.to_string().as_bytes());
    let mut text = "source_no;code;name.kk;name.ru;gps;2014\n".to_owned();
    for row in 1..=5_000 {
        text.push_str(&format!(
            "{row};0301;Азот диоксиді;Азота диоксид;0,25;0,5\n"
        ));
    }
    let spoilt = text.trim_end().to_owned() + "1\n";
    folder.write("limits.csv", spoilt.as_bytes());
    let run = "issue bare.json --dry-run --table annex1=limits.csv";
    folder.run(run).assert(
        9,
        "the total of 2014 is 2500.0 t, the appendix rows sum to 2500.01 t",
    );
    let spoilt = text.trim_end().to_owned() + ".1\n";
    folder.write("limits.csv", spoilt.as_bytes());
    folder
        .run(run)
        .assert(9, "(limits.csv line 5001, column 6 «2014»)");
    folder.write("limits.csv", text.as_bytes());
    folder.run(run).assert(0, "nothing was written");
}

/// A small permit.
fn open_ended() -> Value {
    serde_json::from_slice(OPEN_ENDED).unwrap()
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
const REISSUE: &[u8] = include_bytes!("../../fixtures/reissues/zhambyl-2014.json");
const APPLICATION: &[u8] =
    include_bytes!("../../fixtures/applications-permit/zhambyl-2014-all-kinds.json");
