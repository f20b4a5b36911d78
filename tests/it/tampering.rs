//! No change of a signed file is ever called valid.

use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use ruqsat::crypto::Provider;
use ruqsat::keys::Identity;
use ruqsat::verify::Evidence;
use ruqsat::verify::Policy;
use ruqsat::verify::Status;
use ruqsat::verify::verify;

use crate::support::CHECKING;
use crate::support::World;
use crate::support::check;
use crate::support::codes;
use crate::support::unsigned;

#[test]
fn no_changed_byte_of_a_p256_signed_file_is_valid() {
    let mut world = World::new();
    let signer = world.signer(&world.request());
    no_changed_byte_is_valid(&mut world, &signer);
}

#[test]
fn no_changed_byte_of_an_rsa_signed_file_is_valid() {
    let mut world = World::new();
    let signer = world.rsa_signer(&world.request());
    no_changed_byte_is_valid(&mut world, &signer);
}

/// 10 000 random positions and every byte of the signature value, trusted by the root alone.
fn no_changed_byte_is_valid(world: &mut World, signer: &Identity) {
    let file = world.sign(&unsigned(), signer).unwrap();
    let evidence = world.evidence();
    let policy = Policy::new(&Provider);
    let report = check(&file, &evidence);
    assert_eq!(codes(&report), Vec::<&str>::new());
    let gap = gap(&file);

    let mut runner = TestRunner::new(Config::with_cases(10_000));
    let strategy = (0..file.len(), 1..=255_u8);
    let result = runner.run(&strategy, |(position, difference)| {
        let mut changed = file.clone();
        changed[position] ^= difference;
        let same_digit =
            gap.contains(&position) && changed[position].eq_ignore_ascii_case(&file[position]);
        if !same_digit {
            assert_ne!(
                status(&changed, &evidence, &policy),
                Some(Status::Valid),
                "byte {position}"
            );
        }
        Ok(())
    });
    result.unwrap();

    for position in gap {
        for other in [b'0', b'7', b'f', b' '] {
            let mut changed = file.clone();
            if changed[position].eq_ignore_ascii_case(&other) {
                continue;
            }
            changed[position] = other;
            assert_ne!(
                status(&changed, &evidence, &policy),
                Some(Status::Valid),
                "byte {position}"
            );
        }
    }
}

#[test]
fn a_change_in_a_content_font_or_data_stream_is_first_of_all_an_alteration() {
    let mut world = World::new();
    let signer = world.signer(&world.request());
    let file = world.sign(&unsigned(), &signer).unwrap();
    let evidence = world.evidence();
    let starts = streams(&file);
    assert!(starts.len() > 10, "{} streams", starts.len());
    for (start, end) in starts {
        for position in [start, (start + end) / 2, end - 1] {
            let mut changed = file.clone();
            changed[position] ^= 0x01;
            let report = check(&changed, &evidence);
            assert_eq!(
                codes(&report).first(),
                Some(&"DOC_ALTERED"),
                "byte {position}"
            );
        }
    }
}

#[test]
fn nothing_may_follow_a_certified_document() {
    let mut world = World::new();
    let signer = world.signer(&world.request());
    let mut file = world.sign(&unsigned(), &signer).unwrap();
    let evidence = world.evidence();
    file.extend_from_slice(b"%\n");
    let policy = Policy::new(&Provider);
    assert_ne!(status(&file, &evidence, &policy), Some(Status::Valid));
}

/// None when the file cannot be examined at all.
fn status(file: &[u8], evidence: &Evidence, policy: &Policy<'_>) -> Option<Status> {
    Some(verify(file, evidence, policy, CHECKING).ok()?.status())
}

/// The place of the signature value, with its brackets.
fn gap(file: &[u8]) -> std::ops::Range<usize> {
    let key = b"/Contents <";
    let at = file
        .windows(key.len())
        .rposition(|window| window == key)
        .unwrap();
    let start = at + key.len() - 1;
    let length = file[start..].iter().position(|byte| *byte == b'>').unwrap();
    start..start + length + 1
}

/// The data of every stream but those that say where the objects are: without them there is no file.
fn streams(file: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = position(file, b"stream\n", from) {
        let start = start + b"stream\n".len();
        let Some(end) = position(file, b"\nendstream", start) else {
            break;
        };
        let dictionary = file[..start].rsplit(|byte| *byte == b'\n').nth(2);
        let is_map = dictionary.is_some_and(|line| position(line, b"/XRef", 0).is_some());
        if !is_map {
            found.push((start, end));
        }
        from = end + b"\nendstream".len();
    }
    found
}

fn position(file: &[u8], part: &[u8], from: usize) -> Option<usize> {
    file[from..]
        .windows(part.len())
        .position(|window| window == part)
        .map(|at| at + from)
}
