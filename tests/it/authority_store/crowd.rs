//! Many programs at once lose nothing and repeat nothing.

use std::collections::BTreeSet;
use std::fs;
use std::thread;

use ring::rand::SystemRandom;
use ruqsat::keys::Identity;
use ruqsat::x509::CrlReason;
use ruqsat::x509::SerialNumber;

use crate::authority_store::observed::Observed;
use crate::authority_store::program::Order;
use crate::authority_store::program::PASSWORD;
use crate::authority_store::program::Place;
use crate::authority_store::program::assert_succeeds;

#[test]
fn many_programs_at_once_lose_nothing_and_repeat_no_number() {
    let place = Place::founded("crowd", &["--seed", "7"]);
    let founded = Observed::of(&place.authority());
    let serials: Vec<SerialNumber> = thread::scope(|scope| {
        let workers = (0..WORKERS).map(|worker| {
            scope.spawn({
                let place = &place;
                move || issue_in_turn(place, worker)
            })
        });
        let workers: Vec<_> = workers.collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    let distinct: BTreeSet<_> = serials.iter().cloned().collect();
    assert_eq!(distinct.len(), WORKERS * EACH, "no serial number twice");
    let issued = Observed::of(&place.authority());
    issued.assert_follows(&founded);
    let kept: BTreeSet<_> = issued.issued.keys().cloned().collect();
    assert_eq!(kept, distinct, "every certificate is noted");

    // Every third is left alone; all programs run at the same time.
    let orders = serials.iter().enumerate().filter_map(|(at, serial)| {
        let (serial, delta) = (serial.clone(), at % 2 == 0);
        match at % 3 {
            0 => Some(Order::Revoke { serial, delta }),
            1 => Some(Order::Hold { serial, delta }),
            _ => None,
        }
    });
    let orders: Vec<_> = orders.collect();
    let running: Vec<_> = orders
        .iter()
        .map(|order| place.start(&order.arguments(2)))
        .collect();
    running.into_iter().for_each(assert_succeeds);
    let after = Observed::of(&place.authority());
    after.assert_follows(&issued);
    after.assert_settled();
    assert_eq!(after.revoked.len(), orders.len());
    for order in &orders {
        let (serial, reason) = match order {
            Order::Hold { serial, .. } => (serial, CrlReason::CertificateHold),
            Order::Revoke { serial, .. } => (serial, CrlReason::Superseded),
            _ => continue,
        };
        assert_eq!(after.revoked.get(serial), Some(&reason));
    }
    let numbers = after.list_number - issued.list_number;
    assert_eq!(numbers, orders.len() as u64, "a number for every change");
}

/// One program after the other, beside those of the other workers.
fn issue_in_turn(place: &Place, worker: usize) -> Vec<SerialNumber> {
    let issue = |number: usize| {
        let output = format!("{worker}-{number}.p12");
        place.must(
            &Order::Issue {
                output: output.clone(),
            }
            .arguments(1),
        );
        let file = fs::read(place.root.join(output)).unwrap();
        let identity = Identity::from_pkcs12(&file, PASSWORD, &SystemRandom::new()).unwrap();
        identity.leaf().serial().clone()
    };
    (0..EACH).map(issue).collect()
}

const EACH: usize = 5;
const WORKERS: usize = 8;
