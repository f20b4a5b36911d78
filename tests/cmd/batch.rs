//! Batches: what a file of commands cannot say.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use ruqsat::crypto::DigestAlgorithm;
use ruqsat::document::Embedded;
use ruqsat::pdf::Limits;
use ruqsat::pdf::Pdf;
use serde_json::Value;

use crate::Folder;
use crate::PROGRAM;

#[test]
fn a_batch_goes_on_after_a_failure_and_names_the_line() {
    let folder = Folder::new("batch");
    std::fs::create_dir(folder.path("out")).unwrap();
    let twice = permit(3);
    let lines = [
        permit(1),
        "{\"edition\": ".to_owned(),
        String::new(),
        permit(2).replace("\"category\":\"IV\"", "\"category\":\"V\""),
        permit(3),
        twice,
        permit(4).replace("Атырау қаласы", "Атырау ☃"),
        permit(5),
    ];
    folder.write("permits.ndjson", lines.join("\n").as_bytes());
    let run = "issue permits.ndjson --out-dir out --jobs 3 --manifest out.ndjson";
    let output = folder.run(run);
    output.assert(8, "out: 7 documents, 3 written (a draft, not for signing)");
    output.assert(8, "error[NOT_JSON]: line 2: the data is not JSON");
    output.assert(8, "/facility/category");
    let manifest = manifest(&folder);
    let told: Vec<_> = manifest
        .iter()
        .map(|(line, entry)| {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            (*line, text(&entry["file"]), text(&entry["error"]["code"]))
        })
        .collect();
    let expected = [
        (1, "А-W-00001.pdf", "-"),
        (2, "-", "NOT_JSON"),
        (4, "-", "PERMIT_DATA"),
        (5, "А-W-00003.pdf", "-"),
        (6, "А-W-00003.pdf", "NUMBER_TWICE"),
        (7, "А-W-00004.pdf", "PERMIT_DATA"),
        (8, "А-W-00005.pdf", "-"),
    ];
    let expected = expected.map(|(line, file, code)| (line, file.to_owned(), code.to_owned()));
    assert_eq!(told, expected);
    assert_eq!(manifest[&4]["error"]["pointer"], "/facility/category");
    assert_eq!(manifest[&1]["number"], "А-W № 00001");
    assert_whole(&folder, &[1, 3, 5]);

    // Once more, nothing is replaced: the first batch's manifest is somebody's, and so are its files.
    folder
        .run(run)
        .assert(2, "error[OUTPUT_EXISTS]: out.ndjson exists");
    let before = folder.files();
    let other = "issue permits.ndjson --out-dir out --manifest other.ndjson";
    folder.run(other).assert(8, "7 documents, 0 written");
    assert_eq!(folder.files().len(), before.len() + 1);
}

#[test]
fn of_many_failures_the_first_are_named_and_the_others_counted() {
    let folder = Folder::new("batch-failures");
    folder.write("permits.ndjson", "{}\n".repeat(25).as_bytes());
    let output = folder.run("issue permits.ndjson --dry-run --jobs 2");
    output.assert(8, "0 of 25 documents can be issued");
    output.assert(8, "failed: line 1 (PERMIT_DATA), line 2 (PERMIT_DATA), ");
    output.assert(8, ", line 20 (PERMIT_DATA) and 5 more");
}

#[cfg(unix)]
#[test]
fn a_batch_that_cannot_be_read_on_is_an_error_and_no_short_batch() {
    let folder = Folder::new("batch-unreadable");
    std::fs::create_dir(folder.path("out")).unwrap();
    // A folder opens, and fails when it is read.
    std::fs::create_dir(folder.path("permits.ndjson")).unwrap();
    folder
        .run("issue permits.ndjson --out-dir out --jobs 2")
        .assert(5, "error[INPUT_UNREADABLE]: the batch cannot be read on");
}

#[test]
fn files_of_other_forms_are_named_by_form_and_number_or_line() {
    let folder = Folder::new("batch-forms");
    std::fs::create_dir(folder.path("out")).unwrap();
    let refusal = |number: &str| {
        let mut refusal: Value = serde_json::from_slice(REFUSAL).unwrap();
        refusal["number"] = Value::String(number.to_owned());
        refusal.to_string()
    };
    let batch = [refusal("07/214"), refusal("../1"), refusal("07:214")].join("\n");
    let run = "issue - --out-dir out --jobs 2 --form";
    let output = folder.feed(&format!("{run} refusal"), batch.as_bytes());
    output.assert(8, "failed: line 3 (NUMBER_TWICE)");
    let answers: Value = serde_json::from_slice(QUESTIONNAIRE).unwrap();
    let batch = format!("{answers}\n\n{answers}");
    let output = folder.feed(&format!("{run} questionnaire"), batch.as_bytes());
    output.assert(0, "2 documents, 2 written");
    let names = std::fs::read_dir(folder.path("out")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(
        names,
        [
            "questionnaire-1.pdf",
            "questionnaire-3.pdf",
            "refusal-.._1.pdf",
            "refusal-07_214.pdf"
        ]
    );
}

#[test]
fn a_dry_run_checks_every_line_and_writes_nothing() {
    let folder = Folder::with_signer("batch-dry");
    let lines = [permit(1), permit(2).replace("\"IV\"", "\"V\""), permit(1)];
    folder.write("permits.ndjson", lines.join("\n").as_bytes());
    let before = folder.files();
    let signed = "--key signer.p12 --password-file password.txt --time 2026-03-02T09:00:00Z";
    let output = folder.run(&format!("issue permits.ndjson --dry-run {signed}"));
    output.assert(
        8,
        "1 of 3 documents can be issued (to be signed), 2 cannot; nothing was",
    );
    output.assert(8, "failed: line 2 (PERMIT_DATA), line 3 (NUMBER_TWICE)");
    folder.write("permit.json", permit(1).as_bytes());
    let output = folder.run(&format!("issue permit.json --dry-run {signed}"));
    output.assert(0, "pages, to be signed; nothing was written");
    std::fs::remove_file(folder.path("permit.json")).unwrap();
    assert_eq!(folder.files(), before);
}

#[test]
fn a_batch_is_signed_and_each_file_is_valid() {
    let folder = Folder::with_signer("batch-signed");
    std::fs::create_dir(folder.path("out")).unwrap();
    let other = permit(3).replace("101140900013", "120540900019");
    let lines = [permit(1), permit(2), other];
    let batch = lines.join("\n");
    let run = "issue - --out-dir out --key signer.p12 --password-file password.txt --crl ca/crl \
               --time 2026-03-02T09:00:00Z";
    let output = folder.feed(run, batch.as_bytes());
    output.assert(8, "failed: line 3 (BIN_MISMATCH)");
    output.assert(8, "3 documents, 2 written (signed)");
    for number in ["00001", "00002"] {
        let verify = format!("verify out/А-W-{number}.pdf --trust ca --at 2026-03-03T09:00:00Z");
        folder.run(&verify).assert(0, "");
    }
    assert!(!folder.path("out/А-W-00003.pdf").exists());
}

#[test]
fn a_line_without_end_is_refused_and_not_kept() {
    let folder = Folder::new("batch-long");
    std::fs::create_dir(folder.path("out")).unwrap();
    let mut batch = permit(1).into_bytes();
    batch.push(b'\n');
    batch.resize(batch.len() + 17 * 1024 * 1024, b' ');
    batch.push(b'\n');
    batch.extend(permit(2).bytes());
    let output = folder.feed("issue - --out-dir out", &batch);
    output.assert(
        8,
        "error[LINE_TOO_LONG]: line 2: it has more than 16777216 bytes",
    );
    assert_whole(&folder, &[1, 2]);
}

#[test]
fn two_batches_do_not_write_to_one_folder() {
    let folder = Folder::new("batch-two");
    std::fs::create_dir(folder.path("out")).unwrap();
    let mut first = Command::new(PROGRAM)
        .args(["issue", "-", "--out-dir", "out", "--manifest", "out.ndjson"])
        .current_dir(folder.path("."))
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = first.stdin.take().unwrap();
    writeln!(input, "{}", permit(1)).unwrap();
    // It has the folder once it has written; then it waits for the next line.
    for _ in 0..6_000 {
        if folder.path("out/А-W-00001.pdf").exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = folder.feed("issue - --out-dir out", permit(2).as_bytes());
    second.assert(2, "error[FOLDER_IN_USE]: another batch is writing to out");
    drop(input);
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_whole(&folder, &[1]);
}

#[test]
fn a_file_of_other_data_is_not_taken_for_the_line_that_has_its_number() {
    let folder = Folder::new("batch-other-data");
    std::fs::create_dir(folder.path("out")).unwrap();
    folder.write(
        "permits.ndjson",
        [permit(1), permit(2)].join("\n").as_bytes(),
    );
    let run = "issue permits.ndjson --out-dir out --jobs 1 --resume out.ndjson";
    folder.run(run).assert(0, "2 documents, 2 written");
    let before = folder.read("out/А-W-00002.pdf");

    // Corrected after it was issued, or another batch with the same number.
    let corrected = permit(2).replace("Атырау қаласы", "Құлсары қаласы");
    assert_ne!(corrected, permit(2));
    folder.write(
        "permits.ndjson",
        [permit(1), corrected].join("\n").as_bytes(),
    );
    let again = folder.run(run);
    again.assert(
        8,
        "line 2: error[OTHER_DATA]: А-W-00002.pdf was issued with other data",
    );
    again.assert(
        8,
        "2 documents, 0 written (a draft, not for signing), 1 there already, 1 failed",
    );
    assert_eq!(folder.read("out/А-W-00002.pdf"), before);
    folder
        .run(&format!("{run} --force"))
        .assert(0, "1 written (a draft, not for signing), 1 there already");
    assert_ne!(folder.read("out/А-W-00002.pdf"), before);
}

#[test]
fn only_the_lines_that_failed_are_issued_again() {
    let folder = Folder::new("batch-only-failed");
    std::fs::create_dir(folder.path("out")).unwrap();
    let bad = permit(2).replace("\"IV\"", "\"V\"");
    let write = |lines: &[String]| folder.write("permits.ndjson", lines.join("\n").as_bytes());
    write(&[permit(1), bad, permit(3), permit(3)]);
    let run = "issue permits.ndjson --out-dir out --jobs 2 --resume out.ndjson";
    let only = format!("{run} --only-failed");
    folder
        .run(&only)
        .assert(5, "out.ndjson does not exist: no line has failed yet");
    let first = folder.run(run);
    first.assert(8, "failed: line 2 (PERMIT_DATA), line 4 (NUMBER_TWICE)");

    // The second line of a number takes nothing from the first.
    let again = folder.run(run);
    again.assert(
        8,
        "0 written (a draft, not for signing), 2 there already, 2 failed",
    );
    again.assert(8, "failed: line 2 (PERMIT_DATA), line 4 (NUMBER_TWICE)");

    // Line 1 is not looked at: its file is nobody's business here. Line 5 was not in the batch.
    folder.write("out/А-W-00001.pdf", b"mine");
    write(&[permit(1), permit(2), permit(3), permit(4), permit(5)]);
    let output = folder.run(&format!("{only} --manifest new.ndjson"));
    output.assert(
        0,
        "5 documents, 2 written (a draft, not for signing), 2 there already, 0 failed, 1 left out \
         that the manifest does not know",
    );
    assert_eq!(folder.read("out/А-W-00001.pdf"), b"mine");
    assert!(!folder.path("out/А-W-00005.pdf").exists());
    let new = String::from_utf8(folder.read("new.ndjson")).unwrap();
    assert_eq!(new.lines().count(), 4);

    // Where lines were taken away, the numbers of the others are not theirs any more.
    write(&[permit(2), permit(3)]);
    let before = folder.read("out.ndjson");
    let moved = folder.run(&only);
    moved.assert(
        8,
        "error[OTHER_LINES]: the manifest has another document in this line than А-W-00002.pdf",
    );
    assert_eq!(folder.read("out.ndjson"), before);
    folder
        .run("issue permits.ndjson --out-dir out --only-failed")
        .assert(2, "--resume");
}

#[test]
fn names_that_some_file_system_takes_for_one_fail_the_later_line() {
    let folder = Folder::new("batch-alike");
    std::fs::create_dir(folder.path("out")).unwrap();
    let refusal = |number: &str| {
        let mut refusal: Value = serde_json::from_slice(REFUSAL).unwrap();
        refusal["number"] = Value::String(number.to_owned());
        refusal.to_string()
    };
    let (long, longest) = ("ә".repeat(109), "ә".repeat(108));
    let numbers = ["Ә-1", "ә-1", "й", "и\u{306}", &long, &longest, "CON", "7."];
    let batch: Vec<_> = numbers.iter().map(|number| refusal(number)).collect();
    folder.write("batch.ndjson", batch.join("\n").as_bytes());
    let output = folder.run("issue batch.ndjson --form refusal --out-dir out --force");
    output.assert(
        8,
        "line 2: error[NUMBER_TWICE]: a line before it has a name that differs from \
         refusal-ә-1.pdf in upper and lower case or in the spelling of a letter only",
    );
    output.assert(8, "a line before it is refusal-й.pdf already");
    output.assert(
        8,
        "line 5: error[NAME_TOO_LONG]: its number makes a file name of 230 bytes, more than 228",
    );
    output.assert(
        8,
        "failed: line 2 (NUMBER_TWICE), line 4 (NUMBER_TWICE), line 5 (NAME_TOO_LONG)",
    );
    assert!(folder.path("out/refusal-CON.pdf").exists());
    assert!(folder.path("out/refusal-7..pdf").exists());
    assert_eq!(named(&folder), 5);
}

#[test]
fn a_manifest_never_takes_the_place_of_the_batch() {
    let folder = Folder::new("batch-itself");
    std::fs::create_dir(folder.path("out")).unwrap();
    folder.write("permits.ndjson", permit(1).as_bytes());
    let run = "issue permits.ndjson --out-dir out --force --manifest out/../permits.ndjson";
    folder
        .run(run)
        .assert(2, "error[MANIFEST]: permits.ndjson is the batch itself");
    assert_eq!(folder.read("permits.ndjson"), permit(1).as_bytes());
}

/// A night's batch tells nobody how it goes: its standard error is closed, or full.
#[cfg(target_os = "linux")]
#[test]
fn a_batch_that_nobody_listens_to_does_its_work() {
    let folder = Folder::new("batch-deaf");
    std::fs::create_dir(folder.path("out")).unwrap();
    let bad = permit(2).replace("\"IV\"", "\"V\"");
    folder.write("permits.ndjson", [permit(1), bad].join("\n").as_bytes());
    let status = Command::new("sh")
        .args([
            "-c",
            "exec \"$0\" issue permits.ndjson --out-dir out 2>/dev/full",
            PROGRAM,
        ])
        .current_dir(folder.path("."))
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(8));
    assert_whole(&folder, &[1]);
}

/// Drafts to look at first, and then the same batch with a key: nobody may take the drafts for it.
#[test]
fn a_draft_is_not_taken_for_the_signed_document_of_its_line() {
    let folder = Folder::with_signer("batch-other-options");
    std::fs::create_dir(folder.path("out")).unwrap();
    folder.write("permits.ndjson", permit(1).as_bytes());
    let run = "issue permits.ndjson --out-dir out --resume out.ndjson --time 2026-03-02T09:00:00Z";
    let key = "--key signer.p12 --password-file password.txt --crl ca/crl";
    folder
        .run(run)
        .assert(0, "1 written (a draft, not for signing)");
    for options in [
        key,
        "--for-signing",
        "--lang kk",
        "--qr-base https://ruqsat.example/",
    ] {
        folder.run(&format!("{run} {options}")).assert(
            8,
            "line 1: error[OTHER_OPTIONS]: А-W-00001.pdf was issued in another way than now",
        );
    }
    folder
        .run(&format!("{run} --for-signing --force"))
        .assert(0, "1 written (with an empty");
    folder
        .run(&format!("{run} {key}"))
        .assert(8, "failed: line 1 (OTHER_OPTIONS)");
    folder
        .run(&format!("{run} {key} --force"))
        .assert(0, "1 written (signed)");
    folder
        .run(&format!("{run} {key}"))
        .assert(0, "1 there already");
    folder
        .run(&format!("{run} --for-signing"))
        .assert(8, "failed: line 1 (OTHER_OPTIONS)");
}

/// How many files have got their name.
pub(crate) fn named(folder: &Folder) -> usize {
    let names = std::fs::read_dir(folder.path("out")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name());
    names
        .filter(|name| !name.to_string_lossy().starts_with('.'))
        .count()
}

/// Every PDF is whole, whatever happened.
pub(crate) fn assert_each_is_whole(folder: &Folder) {
    for entry in std::fs::read_dir(folder.path("out")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with('.') {
            number_of(&folder.read(&format!("out/{name}")));
        }
    }
}

/// The folder holds one whole file for each of the numbers and nothing else, and the manifest, where
/// there is one, knows their digests.
pub(crate) fn assert_whole(folder: &Folder, numbers: &[u32]) {
    let mut found = Vec::new();
    let mut sums = BTreeMap::new();
    for entry in std::fs::read_dir(folder.path("out")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let bytes = folder.read(&format!("out/{name}"));
        let number = number_of(&bytes);
        assert_eq!(name, format!("А-W-{number}.pdf"));
        found.push(number.parse::<u32>().unwrap());
        let digest = DigestAlgorithm::Sha256.digest(&bytes);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        sums.insert(name, hex);
    }
    found.sort_unstable();
    assert_eq!(found, numbers);
    if folder.path("out.ndjson").exists() {
        for entry in manifest(folder).values() {
            if entry["status"] == "ok" {
                let name = entry["file"].as_str().unwrap();
                assert_eq!(entry["sha256"].as_str(), sums.get(name).map(String::as_str));
            }
        }
    }
}

/// The number in a document's data.
fn number_of(file: &[u8]) -> String {
    let pdf = Pdf::open(file, &Limits::default()).unwrap();
    assert!(file.ends_with(b"%%EOF\n"));
    let embedded = Embedded::read(&pdf).unwrap().unwrap();
    let number = embedded.document.number().unwrap();
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The last word of the manifest about each line.
pub(crate) fn manifest(folder: &Folder) -> BTreeMap<u64, Value> {
    let text = String::from_utf8(folder.read("out.ndjson")).unwrap();
    let entries = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    entries
        .map(|entry| (entry["line"].as_u64().unwrap(), entry))
        .collect()
}

/// A small permit on one line.
pub(crate) fn permit(number: u32) -> String {
    let mut permit: Value = serde_json::from_slice(SAMPLE).unwrap();
    permit["number"] = Value::String(format!("{number:05}"));
    // Whom the test's signer is.
    permit["signatory"]["iin"] = Value::String("691007390018".to_owned());
    permit.to_string()
}

const REFUSAL: &[u8] = include_bytes!("../../fixtures/refusals/atyrau-2013.json");
const QUESTIONNAIRE: &[u8] = include_bytes!("../../fixtures/questionnaires/atyrau-2013.json");
const SAMPLE: &[u8] = include_bytes!("../../fixtures/permits/atyrau-2013-open-ended.json");
