//! Batches that somebody or something ends before their last line.

use std::io::Write as _;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::Folder;
use crate::PROGRAM;
use crate::batch::assert_each_is_whole;
use crate::batch::assert_whole;
use crate::batch::manifest;
use crate::batch::named;
use crate::batch::permit;

#[test]
fn a_manifest_is_gone_on_with_from_its_last_whole_line() {
    let folder = Folder::new("batch-manifest");
    std::fs::create_dir(folder.path("out")).unwrap();
    let batch = [permit(1), permit(2), permit(3)].join("\n");
    folder.write("permits.ndjson", batch.as_bytes());
    let run = "issue permits.ndjson --out-dir out --jobs 1 --resume out.ndjson";
    folder.run(run).assert(0, "3 documents, 3 written");
    let whole = String::from_utf8(folder.read("out.ndjson")).unwrap();

    // Killed within its third line, before the file had its name.
    folder.write("out.ndjson", &whole.as_bytes()[..whole.len() - 9]);
    std::fs::remove_file(folder.path("out/А-W-00003.pdf")).unwrap();
    folder
        .run(run)
        .assert(0, "1 written (a draft, not for signing), 2 there already");
    assert_eq!(manifest(&folder).len(), 3);
    assert_whole(&folder, &[1, 2, 3]);

    // Another manifest gets the lines of the old one too.
    folder
        .run(&format!("{run} --manifest new.ndjson"))
        .assert(0, "3 there already");
    let new = String::from_utf8(folder.read("new.ndjson")).unwrap();
    assert_eq!(new.lines().count(), 3);

    folder.write(
        "out.ndjson",
        whole.replacen("\"line\"", "\"row\"", 1).as_bytes(),
    );
    let spoilt = folder.run(run);
    spoilt.assert(
        5,
        "out.ndjson cannot be read: line 1 is no line of a manifest",
    );
}

/// Somebody presses Ctrl-C, or the machine is to be shut down: what is under way gets its file and its
/// line, nothing else is begun, and nothing is left behind.
#[cfg(unix)]
#[test]
fn a_batch_that_is_asked_to_end_finishes_what_is_under_way() {
    let folder = Folder::new("batch-asked");
    std::fs::create_dir(folder.path("out")).unwrap();
    let lines: Vec<_> = (1..=200).map(permit).collect();
    folder.write("permits.ndjson", lines.join("\n").as_bytes());
    let mut written = 0;
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let child = Asked::start(&folder, "permits.ndjson --jobs 2 --resume out.ndjson");
        wait_until(|| named(&folder) > written);
        child.signal(signal);
        let (ended, told) = child.end();
        assert_eq!(ended, Some(code), "{told}");
        assert!(
            told.contains("ending with the documents under way"),
            "{told}"
        );
        let says = "interrupted: the lines behind were not begun; go on with --resume out.ndjson";
        assert!(told.contains(says), "{told}");
        written = named(&folder);
        assert!(written < 200, "{told}");
        assert_eq!(manifest(&folder).len(), written);
        let numbers = numbers_of(&folder);
        assert_whole(&folder, &numbers);
    }
    let run = "issue permits.ndjson --out-dir out --resume out.ndjson";
    folder
        .run(run)
        .assert(0, &format!("{written} there already, 0 failed"));
    assert_whole(&folder, &(1..=200).collect::<Vec<_>>());
}

/// It waits for a line that does not come.
#[cfg(unix)]
#[test]
fn a_batch_that_waits_for_its_next_line_hears_too() {
    let folder = Folder::new("batch-waits");
    std::fs::create_dir(folder.path("out")).unwrap();
    let mut child = Asked::start(&folder, "- --manifest out.ndjson");
    let input = child.process.stdin.as_mut().unwrap();
    writeln!(input, "{}", permit(1)).unwrap();
    wait_until(|| named(&folder) == 1);
    child.signal("INT");
    // Its input stays open until it has ended.
    let input = child.process.stdin.take();
    let (ended, told) = child.end();
    drop(input);
    assert_eq!(ended, Some(130), "{told}");
    assert!(told.contains("out: 1 documents, 1 written"), "{told}");
    assert_whole(&folder, &[1]);
}

/// The second request does not wait for anything, and leaves no more than a kill does.
#[cfg(unix)]
#[test]
fn a_batch_that_is_asked_twice_ends_at_once() {
    let folder = Folder::new("batch-twice");
    std::fs::create_dir(folder.path("out")).unwrap();
    // A document that takes long.
    let mut long: Value = serde_json::from_str(&permit(2)).unwrap();
    let mut row = long["annex1"][0].clone();
    row["tonnes"] = serde_json::json!({ "2014": "0.5" });
    long["annex1"] = Value::Array(vec![row; 20_000]);
    long["totals"]["air"] = serde_json::json!({ "2014": "10000.0" });
    folder.write(
        "permits.ndjson",
        format!("{}\n{long}\n", permit(1)).as_bytes(),
    );
    let run = "permits.ndjson --jobs 1 --resume out.ndjson";
    let child = Asked::start(&folder, run);
    wait_until(|| named(&folder) == 1);
    child.signal("INT");
    std::thread::sleep(Duration::from_millis(100));
    child.signal("TERM");
    let (ended, told) = child.end();
    assert_eq!(ended, Some(143), "{told}");
    assert_eq!(named(&folder), 1);
    assert_each_is_whole(&folder);
    assert_eq!(manifest(&folder).len(), 1);
}

/// A batch that is running.
#[cfg(unix)]
struct Asked {
    process: std::process::Child,
}

#[cfg(unix)]
impl Asked {
    fn start(folder: &Folder, arguments: &str) -> Self {
        let process = Command::new(PROGRAM)
            .args(["issue", "--out-dir", "out"])
            .args(arguments.split_whitespace())
            .current_dir(folder.path("."))
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self { process }
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Its exit code and what it told.
    fn end(self) -> (Option<i32>, String) {
        let output = self.process.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), told)
    }
}

/// Waits, but not for ever.
#[cfg(unix)]
fn wait_until(is_so: impl Fn() -> bool) {
    let came = (0..6_000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        is_so()
    });
    assert!(came, "it does not come");
}

/// The states between two steps, made by hand: a kill meets the short ones too seldom.
#[test]
fn every_state_that_a_kill_can_leave_is_gone_on_from() {
    let folder = Folder::new("batch-states");
    std::fs::create_dir(folder.path("out")).unwrap();
    let batch = [permit(1), permit(2)].join("\n");
    folder.write("permits.ndjson", batch.as_bytes());
    let run = "issue permits.ndjson --out-dir out --jobs 1 --resume out.ndjson --time 2026-03-02T09:00:00Z";
    folder.run(run).assert(0, "2 documents, 2 written");
    let whole = folder.read("out.ndjson");
    let last = whole[..whole.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap()
        + 1;
    let file = folder.read("out/А-W-00002.pdf");
    let part = "out/.А-W-00002.pdf.4711.part";
    let (half, none) = (&file[..file.len() / 2], &file[..0]);
    for (manifest, left, is_named, written) in [
        // The file is being written; it is whole; its line is written in part, or as a whole.
        (&whole[..last], Some(none), false, 1),
        (&whole[..last], Some(half), false, 1),
        (&whole[..last], Some(&file[..]), false, 1),
        (&whole[..last + 1], Some(&file[..]), false, 1),
        (&whole[..last + 90], Some(&file[..]), false, 1),
        (&whole[..whole.len() - 1], Some(&file[..]), false, 1),
        (&whole[..], Some(&file[..]), false, 1),
        // It has its name, and the hidden one too.
        (&whole[..], Some(&file[..]), true, 0),
        // Nothing but the manifest, which is empty yet.
        (&whole[..0], None, false, 2),
    ] {
        folder.write("out.ndjson", manifest);
        let _ = std::fs::remove_file(folder.path("out/А-W-00002.pdf"));
        if manifest.is_empty() {
            std::fs::remove_file(folder.path("out/А-W-00001.pdf")).unwrap();
        }
        if is_named {
            folder.write("out/А-W-00002.pdf", &file);
        }
        if let Some(left) = left {
            folder.write(part, left);
        }
        let output = folder.run(run);
        output.assert(0, &format!("2 documents, {written} written"));
        assert!(!folder.path(part).exists());
        assert_whole(&folder, &[1, 2]);
        assert!(folder.read("out/А-W-00002.pdf") == file);
        assert!(folder.read("out.ndjson").starts_with(&whole[..last]));
    }
}

#[test]
fn a_batch_killed_at_any_moment_ends_with_one_whole_file_a_number() {
    let folder = Folder::new("batch-killed");
    std::fs::create_dir(folder.path("out")).unwrap();
    let numbers: Vec<u32> = (1..=24).collect();
    let lines: Vec<_> = numbers.iter().map(|number| permit(*number)).collect();
    folder.write("permits.ndjson", lines.join("\n").as_bytes());
    let arguments = "issue permits.ndjson --out-dir out --jobs 3 --resume out.ndjson";
    // The same moments in every run; what the program is doing then is another matter.
    let mut state: u64 = 2_463_534_242;
    let mut kills = 0;
    let ended = loop {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let mut child = Command::new(PROGRAM)
            .args(arguments.split_whitespace())
            .current_dir(folder.path("."))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if kills % 2 == 0 {
            // At the very moment at which a file has got its name.
            let before = named(&folder);
            while named(&folder) == before && child.try_wait().unwrap().is_none() {}
        } else {
            // The first ones at once; later ones longer, so that slow machines come to an end too.
            let longest = 20 + kills * 15;
            std::thread::sleep(Duration::from_millis(state % longest));
        }
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if let Some(code) = status.code() {
            break code;
        }
        kills += 1;
        assert!(kills < 500, "it does not come to an end");
        assert_each_is_whole(&folder);
    };
    assert!(kills >= 5, "killed {kills} times only");
    assert_eq!(ended, 0);
    assert_whole(&folder, &numbers);
    let known = folder.run(arguments);
    known.assert(
        0,
        "24 documents, 0 written (a draft, not for signing), 24 there already",
    );
    assert_whole(&folder, &numbers);

    // A file that was spoilt since is somebody's now, and one that is gone is made again.
    folder.write("out/А-W-00007.pdf", b"mine");
    std::fs::remove_file(folder.path("out/А-W-00008.pdf")).unwrap();
    let again = folder.run(arguments);
    again.assert(8, "failed: line 7 (OUTPUT_EXISTS)");
    again.assert(
        8,
        "24 documents, 1 written (a draft, not for signing), 22 there already",
    );
    assert_eq!(folder.read("out/А-W-00007.pdf"), b"mine");
    folder
        .run(&format!("{arguments} --force"))
        .assert(0, "1 written");
    assert_whole(&folder, &numbers);
}

/// The numbers of the files that are there, in order.
#[cfg(unix)]
fn numbers_of(folder: &Folder) -> Vec<u32> {
    let names = std::fs::read_dir(folder.path("out")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut numbers: Vec<u32> = names
        .map(|name| {
            name.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        })
        .map(|digits| digits.parse().unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}
