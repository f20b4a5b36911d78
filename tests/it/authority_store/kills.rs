//! A program that is killed at any moment leaves the old state or the new one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Child;
use std::time::Duration;
use std::time::Instant;

use ring::rand::SystemRandom;
use ruqsat::ca::store::Store;
use ruqsat::keys::Identity;
use ruqsat::x509::CrlReason;

use crate::authority_store::observed::Observed;
use crate::authority_store::observed::Revoked;
use crate::authority_store::program::Chance;
use crate::authority_store::program::Order;
use crate::authority_store::program::PASSWORD;
use crate::authority_store::program::Place;
use crate::authority_store::program::REASON;
use crate::authority_store::program::assert_succeeds;
use crate::authority_store::program::empty_folder;

#[test]
fn killed_at_any_moment_the_folder_holds_the_old_state_or_the_new_one() {
    assert_survives_kills("kills", &[]);
}

/// Its keys follow from the seed and from how much was drawn: that must not be forgotten.
#[test]
fn killed_at_any_moment_an_authority_of_a_seed_makes_no_key_twice() {
    assert_survives_kills("kills-of-a-seed", &["--seed", "7"]);
}

fn assert_survives_kills(name: &str, options: &[&str]) {
    let mut chance = Chance::new();
    let mut killer = Killer::default();
    let place = Place::founded(name, options);
    for number in 0..3 {
        place.must(&issue(number).arguments(1));
    }
    let mut before = Observed::of(&place.authority());
    let mut minute = 3;
    while killer.hits < KILLS {
        assert!(minute < 20 * KILLS, "hardly a program was still running");
        let order = next_order(&mut chance, &before, minute);
        let victim = place.start(&order.arguments(minute));
        // Somebody else's command at the same time, which nobody kills.
        let companion = chance.below(4) == 0;
        let companion =
            companion.then(|| place.start(&issue(minute + COMPANION).arguments(minute)));
        let killed = killer.kill(&mut chance, victim);
        let companions = companion.into_iter().map(assert_succeeds).count();
        let after = Observed::of(&place.authority());
        assert_one_step(&before, &after, &order, killed, companions);
        if chance.below(3) == 0 {
            minute += 1;
            place.must(
                &Order::Lists {
                    delta: chance.below(2) == 0,
                }
                .arguments(minute),
            );
            let settled = Observed::of(&place.authority());
            settled.assert_follows(&after);
            settled.assert_settled();
            assert_eq!(settled.revoked, after.revoked);
            before = settled;
        } else {
            before = after;
        }
        minute += 1;
    }
    assert_every_key_is_known(&place.root, &before);
}

#[test]
fn killed_while_it_is_founded_an_authority_is_whole_or_can_be_founded_again() {
    let mut chance = Chance::new();
    let mut killer = Killer::default();
    let mut attempts = 0;
    while killer.hits < FOUNDINGS {
        attempts += 1;
        assert!(
            attempts < 20 * FOUNDINGS,
            "hardly a program was still running"
        );
        let place = Place {
            root: empty_folder("founding"),
        };
        let init = ["init", "ca", "--at", "2026-03-01T09:00:00Z"];
        let killed = killer.kill(&mut chance, place.start(&init));
        if killed && Store::open(&place.authority()).is_err() {
            place.must(&init);
        }
        Observed::of(&place.authority()).assert_settled();
    }
}

/// Between the two looks stands one command, killed or not, and perhaps others that issue.
fn assert_one_step(
    before: &Observed,
    after: &Observed,
    order: &Order,
    killed: bool,
    companions: usize,
) {
    let told = format!("{order:?}, killed: {killed}");
    after.assert_follows(before);
    let issued = after.issued.len() - before.issued.len() - companions;
    let issues = matches!(order, Order::Issue { .. });
    assert!(
        issued == usize::from(issues) || issued == 0 && killed,
        "{told}"
    );

    let expected = with(&before.revoked, order);
    let is_done = after.revoked == expected;
    assert!(
        is_done || killed && after.revoked == before.revoked,
        "{told}"
    );
    if killed {
        let known = [&before.listed, &before.revoked, &after.revoked];
        assert!(known.contains(&&after.listed), "{told}: lists of no state");
    } else if !issues {
        after.assert_settled();
    }
}

/// What is revoked when an order is carried out.
fn with(revoked: &Revoked, order: &Order) -> Revoked {
    let mut revoked = revoked.clone();
    match order {
        Order::Issue { .. } | Order::Lists { .. } => None,
        Order::Revoke { serial, .. } => revoked.insert(serial.clone(), REASON.parse().unwrap()),
        Order::Hold { serial, .. } => revoked.insert(serial.clone(), CrlReason::CertificateHold),
        Order::Release { serial, .. } => revoked.remove(serial),
    };
    revoked
}

fn next_order(chance: &mut Chance, now: &Observed, number: u32) -> Order {
    let is_held = |reason: &CrlReason| *reason == CrlReason::CertificateHold;
    let held = now.revoked.iter().filter(|(_, reason)| is_held(reason));
    let held: Vec<_> = held.map(|(serial, _)| serial.clone()).collect();
    let good = now
        .issued
        .keys()
        .filter(|serial| !now.revoked.contains_key(serial));
    let good: Vec<_> = good.cloned().collect();
    let delta = chance.below(2) == 0;
    let order = match chance.below(8) {
        0 | 1 => chance
            .one_of(&good)
            .cloned()
            .map(|serial| Order::Revoke { serial, delta }),
        2 => chance
            .one_of(&held)
            .cloned()
            .map(|serial| Order::Revoke { serial, delta }),
        3 => chance
            .one_of(&good)
            .cloned()
            .map(|serial| Order::Hold { serial, delta }),
        4 => chance
            .one_of(&held)
            .cloned()
            .map(|serial| Order::Release { serial, delta }),
        5 => Some(Order::Lists { delta }),
        _ => None,
    };
    order.unwrap_or_else(|| issue(number))
}

fn issue(number: u32) -> Order {
    Order::Issue {
        output: format!("{number}.p12"),
    }
}

/// A key file is there whole or not at all, and no serial number stands in two of them.
fn assert_every_key_is_known(root: &Path, authority: &Observed) {
    let mut serials = BTreeSet::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "p12") {
            let file = fs::read(&path).unwrap();
            let identity = Identity::from_pkcs12(&file, PASSWORD, &SystemRandom::new()).unwrap();
            let leaf = identity.leaf();
            assert!(serials.insert(leaf.serial().clone()), "{}", leaf.serial());
            assert_eq!(authority.issued[leaf.serial()], leaf.to_pem().as_bytes());
        }
    }
    assert!(serials.len() > 5, "{} certificates", serials.len());
}

/// Kills programs at moments spread over the time that they take: when many had ended by
/// themselves, it comes sooner, else later.
struct Killer {
    longest: Duration,
    hits: u32,
}

impl Default for Killer {
    fn default() -> Self {
        Self {
            longest: Duration::from_millis(8),
            hits: 0,
        }
    }
}

impl Killer {
    /// Whether the program was killed; one that was not must have succeeded.
    fn kill(&mut self, chance: &mut Chance, mut victim: Child) -> bool {
        let moment = self.longest * chance.below(1000) as u32 / 1000;
        let start = Instant::now();
        // Sleeping is too coarse for a program of a few milliseconds.
        while start.elapsed() < moment {
            std::thread::yield_now();
        }
        victim.kill().unwrap();
        let output = victim.wait_with_output().unwrap();
        if output.status.code().is_some() {
            self.longest = self.longest * 15 / 16;
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            return false;
        }
        self.longest = self.longest * 33 / 32;
        self.hits += 1;
        true
    }
}

const COMPANION: u32 = 1_000_000;
const FOUNDINGS: u32 = 40;
const KILLS: u32 = 80;
