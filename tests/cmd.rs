//! The command line, as data: what is typed and what the program answers, one file a topic.
//!
//! Each file of `tests/cmd` runs in a folder of its own. `TRYCMD=overwrite cargo test --test cmd`
//! writes down what the program answers now, to be read before it is committed. What a file of
//! commands cannot say (bytes on the standard streams, spoilt files) stands here.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, and these tests run the program in folders"
)]

#[path = "cmd/batch.rs"]
mod batch;
#[path = "cmd/forms.rs"]
mod forms;
#[path = "cmd/interrupted.rs"]
mod interrupted;
#[path = "cmd/tables.rs"]
mod tables;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use ring::rand::SystemRandom;
use ruqsat::document::QrText;
use ruqsat::keys::Identity;
use ruqsat::model::Permit;
use ruqsat::x509::pem;
use trycmd::schema::Bin;

#[test]
fn the_program_answers_as_written() {
    trycmd::TestCases::new()
        .register_bin("ruqsat", Bin::Path(PROGRAM.into()))
        .case("tests/cmd/*.trycmd");
}

/// A command of another name would be passed over in silence.
#[test]
fn every_written_command_is_one_of_the_program() {
    let mut commands = 0;
    for entry in fs::read_dir("tests/cmd").unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "trycmd")
        {
            let text = fs::read_to_string(&path).unwrap();
            for line in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
                assert!(line.split(' ').next() == Some("ruqsat"), "{line}");
                commands += 1;
            }
        }
    }
    assert!(commands > 80, "{commands} commands");
}

#[test]
fn documents_pass_through_standard_streams() {
    let folder = Folder::with_signer("streams");
    let issued = folder.feed(
        "issue - -o - --for-signing --time 2026-03-02T09:00:00Z",
        SAMPLE,
    );
    issued.assert(0, "10 pages, with an empty signature field");
    assert!(issued.stdout.starts_with(b"%PDF-1.7"));

    let sign = "sign - -o - --key signer.p12 --password-file password.txt --crl ca/crl \
                --time 2026-03-02T09:00:00Z";
    let signed = folder.feed(sign, &issued.stdout);
    signed.assert(0, "Without a time-stamp");
    assert!(signed.stdout.starts_with(&issued.stdout));

    let verify = "verify - --trust ca --at 2026-03-03T09:00:00Z";
    let checked = folder.feed(verify, &signed.stdout);
    checked.assert(0, "");
    assert!(checked.stdout.starts_with("VALID ✔ -\n".as_bytes()));
    let checked = folder.feed(&format!("{verify} --json"), &signed.stdout);
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(report["document"]["file"], "-");
}

#[test]
fn spoilt_list_is_not_believed_and_stops_signing() {
    let folder = Folder::with_signer("spoilt-list");
    folder.write("permit.json", SAMPLE);
    let issue = "issue permit.json -o permit.pdf --key signer.p12 --password-file password.txt \
                 --crl ca/crl --time 2026-03-02T09:00:00Z";
    folder.run(issue).assert(0, "");
    let mut list = folder.read("ca/crl/ca.crl");
    *list.last_mut().unwrap() ^= 1;
    folder.write("ca/crl/ca.crl", &list);
    let verify = "verify permit.pdf --trust ca --at 2026-03-03T09:00:00Z --json";
    let checked = folder.run(verify);
    checked.assert(3, "");
    let report: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(report["reasons"][0]["code"], "REVOCATION_UNTRUSTED");
    let again = issue.replace("permit.pdf", "again.pdf");
    folder.run(&again).assert(7, "error[REVOCATION_UNTRUSTED]");
    assert!(!folder.path("again.pdf").exists());
}

#[test]
fn lists_in_pem_beside_the_root_are_evidence() {
    let folder = Folder::with_signer("pem-lists");
    let issue = "issue - -o permit.pdf --key signer.p12 --password-file password.txt \
                 --time 2026-03-02T09:00:00Z";
    folder.feed(issue, SAMPLE).assert(0, "");
    fs::create_dir(folder.path("trust")).unwrap();
    folder.write("trust/root.pem", &folder.read("ca/root.pem"));
    let verify = "verify permit.pdf --trust trust --at 2026-03-03T09:00:00Z";
    folder.run(verify).assert(3, "");
    for name in ["root", "ca"] {
        let list = pem::encode("X509 CRL", &folder.read(&format!("ca/crl/{name}.crl")));
        folder.write(&format!("trust/{name}-list.pem"), list.as_bytes());
    }
    folder.run(verify).assert(0, "");
}

#[test]
fn pem_holds_key_and_certificates_in_any_order_and_needs_its_issuer() {
    let folder = Folder::with_signer("pem");
    folder.write("permit.json", SAMPLE);
    let random = SystemRandom::new();
    let signer = folder.read("signer.p12");
    let signer = Identity::from_pkcs12(&signer, "secret", &random).unwrap();
    let (key, leaf) = (signer.key().to_pem(), signer.leaf().to_pem());
    let issuer = signer.issuers()[0].to_pem();
    folder.write("alone.pem", format!("{leaf}{}", *key).as_bytes());
    folder.write("whole.pem", format!("{issuer}{}{leaf}", *key).as_bytes());
    folder.write("other.pem", format!("{}{issuer}", *key).as_bytes());

    let issue = |key: &str, out: &str| {
        let time = "--time 2026-03-02T09:00:00Z";
        folder.run(&format!("issue permit.json -o {out} --key {key} {time}"))
    };
    issue("whole.pem", "whole.pdf").assert(0, "signed by");
    issue("alone.pem", "alone.pdf").assert(9, "error[CHAIN_INCOMPLETE]");
    issue("alone.pem --chain ca/ca.pem", "one.pdf").assert(0, "signed by");
    issue("alone.pem --chain ca", "two.pdf").assert(0, "signed by");
    issue("other.pem", "other.pdf").assert(9, "error[KEY_MISMATCH]");
    for file in ["whole.pdf", "one.pdf", "two.pdf"] {
        let verify = format!("verify {file} --trust ca --at 2026-03-03T09:00:00Z");
        folder.run(&verify).assert(0, "");
    }
}

#[test]
fn the_code_on_a_print_belongs_to_its_file_alone() {
    let folder = Folder::with_signer("code");
    let issue = "issue - -o permit.pdf --key signer.p12 --password-file password.txt \
                 --time 2026-03-02T09:00:00Z";
    folder.feed(issue, SAMPLE).assert(0, "");
    folder.feed("issue - -o draft.pdf", SAMPLE).assert(0, "");
    let permit = Permit::from_json(SAMPLE).unwrap();
    let code = QrText::new(
        &permit.edition,
        "permit",
        Some(permit.number.to_string()),
        Some(permit.issue_date),
        &permit.to_json(),
    );
    let url = code.to_url(&"https://ruqsat.example/".parse().unwrap());
    let verify = |file: &str, code: &str| {
        let at = "--trust ca --crl ca/crl --at 2026-03-03T09:00:00Z --json";
        let output = folder.run(&format!("verify {file} {at} --qr {code}"));
        let codes: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output, codes["reasons"].to_string())
    };
    for text in [code.to_string(), url] {
        let (output, reasons) = verify("permit.pdf", &text);
        output.assert(0, "");
        assert_eq!(reasons, "[]");
        let other = text.replacen("00017", "00018", 1);
        let (output, reasons) = verify("permit.pdf", &other);
        output.assert(1, "");
        assert!(reasons.contains(r#""code":"DATA_MISMATCH""#), "{reasons}");
        assert!(reasons.contains(r#""params":{"field":"qr"}"#), "{reasons}");
        verify("draft.pdf", &text).0.assert(4, "");
        verify("draft.pdf", &other).0.assert(1, "");
    }
    for text in ["А-W", "https://ruqsat.example/", "RUQSAT1;a;b;c;d;e"] {
        verify("permit.pdf", text).0.assert(2, "error[NOT_A_CODE]");
    }
}

#[test]
fn data_that_breaks_a_rule_is_refused_with_its_values() {
    let folder = Folder::new("data");
    let sample = String::from_utf8_lossy(SAMPLE);
    for (from, to, expected) in [
        (
            "atyrau-2013",
            "atyrau-1913",
            "error[EDITION_UNKNOWN]: there is no edition \"atyrau-1913\"",
        ),
        (
            "327.663390400",
            "327.663390401",
            "the total of 2014 is 327.663390401 t, the appendix rows sum to 327.663390400 t",
        ),
        ("город Атырау", "город ☃", "no glyph for «☃» (U+2603)"),
        ("\"category\": \"II\"", "\"category\": \"I\"", "category I"),
        (
            "\"series\"",
            "\"\\u001b[2J\": 1, \"series\"",
            "/\\u{1b}[2J: the form has no such field",
        ),
    ] {
        let data = sample.replacen(from, to, 1);
        let issued = folder.feed("issue - -o permit.pdf", data.as_bytes());
        issued.assert(9, expected);
    }
    assert_eq!(folder.files(), Vec::<PathBuf>::new());
}

#[test]
fn what_fails_writes_nothing() {
    let folder = Folder::with_signer("nothing");
    folder.write("permit.json", SAMPLE);
    folder.write("empty.pdf", b"");
    folder.write("wrong.txt", b"guess\n");
    folder.run("issue permit.json -o draft.pdf").assert(0, "");
    let before = folder.files();
    for (arguments, code) in [
        ("issue signer.p12 -o out.pdf", 5),
        ("issue permit.json -o out.pdf --edition atyrau-1913", 2),
        ("issue permit.json -o out/out.pdf", 2),
        ("issue permit.json -o out.pdf --key signer.p12", 2),
        (
            "issue permit.json -o out.pdf --key signer.p12 --password-file wrong.txt",
            6,
        ),
        (
            "issue permit.json -o out.pdf --key signer.p12 --password-file password.txt --time 2036-01-01T00:00:00Z",
            9,
        ),
        (
            "issue permit.json -o out.pdf --key signer.p12 --password-file password.txt --crl wrong.txt",
            7,
        ),
        (
            "sign draft.pdf -o out.pdf --key signer.p12 --password-file password.txt --time 2026-03-02T09:00:00Z",
            9,
        ),
        (
            "sign empty.pdf -o out.pdf --key signer.p12 --password-file password.txt --time 2026-03-02T09:00:00Z",
            5,
        ),
        (
            "sign permit.json -o out.pdf --key signer.p12 --password-file password.txt --time 2026-03-02T09:00:00Z",
            5,
        ),
        ("verify empty.pdf --trust ca", 5),
        (
            "ca issue --ca ca --role head --iin 691007390018 --name Ким -o out.p12 --password-file password.txt",
            2,
        ),
        (
            "ca issue --ca ca --role individual --iin 691007390019 --name Ким -o out.p12 --password-file password.txt",
            9,
        ),
        ("ca revoke --ca ca 4711 --reason superseded", 2),
        ("demo --out permit.json", 2),
    ] {
        let output = folder.run(arguments);
        assert_eq!(output.code, Some(code), "{arguments}: {}", output.stderr);
        assert!(output.stderr.contains("error"), "{arguments}");
        assert_eq!(folder.files(), before, "{arguments}");
    }
}

#[cfg(unix)]
#[test]
fn key_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::with_signer("modes");
    let mode = fs::metadata(folder.path("signer.p12"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A folder of its own for a test, below the target folder.
struct Folder {
    root: PathBuf,
}

impl Folder {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("cmd")
            .join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        Self { root }
    }

    /// With an authority in `ca` and the head of the sample's issuing body in `signer.p12`.
    fn with_signer(name: &str) -> Self {
        let folder = Self::new(name);
        folder.write("password.txt", b"secret\n");
        folder
            .run("ca init ca --at 2026-03-01T09:00:00Z")
            .assert(0, "");
        let issue = "ca issue --ca ca --role head --iin 691007390018 --name Жанұзақов \
                     --bin 101140900013 --org Басқарма -o signer.p12 --password-file password.txt \
                     --at 2026-03-01T10:00:00Z";
        folder.run(issue).assert(0, "");
        folder
    }

    /// Runs the program with arguments that stand apart by spaces.
    fn run(&self, arguments: &str) -> Output {
        self.feed(arguments, b"")
    }

    /// Runs the program with something on its standard input.
    fn feed(&self, arguments: &str, input: &[u8]) -> Output {
        let mut child = Command::new(PROGRAM)
            .args(arguments.split_whitespace())
            .current_dir(&self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One that does not read it is no failure.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Output {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Every file and folder in it, at any depth.
    fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![self.root.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path.clone());
                }
                found.push(path);
            }
        }
        found.sort();
        found
    }
}

/// What the program answered.
struct Output {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Output {
    #[track_caller]
    fn assert(&self, code: i32, says: &str) {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        assert!(self.stderr.contains(says), "{}", self.stderr);
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_ruqsat");
const SAMPLE: &[u8] = include_bytes!("../fixtures/permits/atyrau-2013.json");
