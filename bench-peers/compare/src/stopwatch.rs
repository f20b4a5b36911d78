//! How long one call takes.

use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

/// The shortest of many batches, each of about a millisecond: what other programs on the machine
/// take away is left out.
pub fn microseconds<T>(mut call: impl FnMut() -> T) -> f64 {
    let mut batch = |calls: u32| {
        let started = Instant::now();
        for _ in 0..calls {
            black_box(call());
        }
        started.elapsed()
    };
    let first = batch(3) / 3;
    let calls = (Duration::from_millis(1).as_nanos() / first.as_nanos().max(1)).clamp(1, 100_000);
    let calls = calls as u32;
    let started = Instant::now();
    let mut best = batch(calls);
    for _ in 0..5 {
        best = best.min(batch(calls));
    }
    while started.elapsed() < Duration::from_secs(1) {
        best = best.min(batch(calls));
    }
    best.as_secs_f64() * 1e6 / f64::from(calls)
}
