//! `ruqsat ca`, run as somebody would run it, with what chance decides.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use ring::rand::SecureRandom as _;
use ring::rand::SystemRandom;
use ruqsat::x509::SerialNumber;
use time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

/// An empty folder below the target folder.
pub(super) fn empty_folder(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("authority-store")
        .join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).unwrap();
    root
}

/// A folder for the files of a test, with the authority in `ca` below it.
pub(super) struct Place {
    pub(super) root: PathBuf,
}

impl Place {
    /// A new authority that has issued nothing, made with these options of `ca init`.
    pub(super) fn founded(name: &str, options: &[&str]) -> Self {
        let place = Self {
            root: empty_folder(name),
        };
        fs::write(place.root.join("password.txt"), PASSWORD).unwrap();
        let at = written(FOUNDING);
        place.must(&[&["init", "ca", "--at", &at], options].concat());
        place
    }

    /// Where the authority lives.
    pub(super) fn authority(&self) -> PathBuf {
        self.root.join("ca")
    }

    /// Starts `ruqsat ca` with arguments.
    pub(super) fn start(&self, arguments: &[impl AsRef<str>]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_ruqsat"))
            .arg("ca")
            .args(arguments.iter().map(AsRef::as_ref))
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs `ruqsat ca` with arguments to its good end.
    #[track_caller]
    pub(super) fn must(&self, arguments: &[impl AsRef<str>]) {
        assert_succeeds(self.start(arguments));
    }
}

/// Waits for a program that nobody kills.
#[track_caller]
pub(super) fn assert_succeeds(child: Child) {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{:?}: {said}",
        output.status.code()
    );
}

/// A command of `ruqsat ca` that changes the folder.
#[derive(Clone, Debug)]
pub(super) enum Order {
    Issue { output: String },
    Revoke { serial: SerialNumber, delta: bool },
    Hold { serial: SerialNumber, delta: bool },
    Release { serial: SerialNumber, delta: bool },
    Lists { delta: bool },
}

impl Order {
    /// The arguments of `ruqsat ca`, so many minutes after the founding.
    pub(super) fn arguments(&self, minute: u32) -> Vec<String> {
        let time = written(FOUNDING + Duration::minutes(minute.into()));
        let (verb, serial, delta) = match self {
            Self::Issue { output } => {
                let fixed = "issue --ca ca --role individual --iin 691007390018 --name ТЕСТОВА \
                             --password-file password.txt";
                let fixed = fixed.split_whitespace().map(str::to_owned);
                let rest = ["-o", output, "--not-before", &time].map(str::to_owned);
                return fixed.chain(rest).collect();
            }
            Self::Revoke { serial, delta } => ("revoke", Some(serial), *delta),
            Self::Hold { serial, delta } => ("hold", Some(serial), *delta),
            Self::Release { serial, delta } => ("release", Some(serial), *delta),
            Self::Lists { delta } => ("crl", None, *delta),
        };
        let mut arguments = vec![verb.to_owned(), "--ca".to_owned(), "ca".to_owned()];
        arguments.extend(serial.map(SerialNumber::to_string));
        arguments.extend(["--clock".to_owned(), time]);
        if verb == "revoke" {
            arguments.extend(["--reason".to_owned(), REASON.to_owned()]);
        }
        if delta {
            arguments.push("--delta".to_owned());
        }
        arguments
    }
}

/// Numbers that follow from a seed (SplitMix64).
pub(super) struct Chance(u64);

impl Chance {
    /// A new seed each time, or that of `RUQSAT_SEED`, so that a failure can be looked for again:
    /// the same commands in the same order, though not killed after the very same instruction.
    pub(super) fn new() -> Self {
        let mut random = [0; 8];
        SystemRandom::new().fill(&mut random).unwrap();
        let seed = match std::env::var("RUQSAT_SEED") {
            Ok(seed) => seed.parse().unwrap(),
            Err(_) => u64::from_le_bytes(random),
        };
        // The harness shows it when the test fails.
        println!("RUQSAT_SEED={seed}");
        Self(seed)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    pub(super) fn one_of<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        match items.len() {
            0 => None,
            count => Some(&items[self.below(count)]),
        }
    }
}

fn written(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap()
}

pub(super) const PASSWORD: &str = "secret";
pub(super) const REASON: &str = "superseded";
const FOUNDING: OffsetDateTime = datetime!(2026-03-01 09:00 UTC);
