//! File names given out in the order of the lines, whichever line is ready first.

use std::collections::HashSet;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use ruqsat::crypto::DigestAlgorithm;

/// A file name, as short as it can be and still never another's: a batch may have any number.
pub(crate) type NameKey = [u8; 16];

/// The key of a file name.
pub(crate) fn key_of(name: &str) -> NameKey {
    let digest = DigestAlgorithm::Sha256.digest(name.as_bytes());
    let mut key = NameKey::default();
    key.iter_mut()
        .zip(digest)
        .for_each(|(place, byte)| *place = byte);
    key
}

/// Whose turn it is, and the names that are taken.
#[derive(Default)]
pub(crate) struct Turns {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next: u64,
    names: HashSet<NameKey>,
}

/// The right of one line to take a name once all lines before it have had theirs. Dropped, also by
/// a panic, it lets the next one go on.
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    place: u64,
}

impl Turns {
    /// The turn of a line; places are counted from 0 without gaps.
    pub(crate) fn turn(&self, place: u64) -> Turn<'_> {
        Turn { turns: self, place }
    }

    fn at(&self, place: u64) -> MutexGuard<'_, State> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.changed
            .wait_while(state, |state| state.next < place)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Takes a name; false when a line before this one has it.
    pub(crate) fn take(self, name: &str) -> bool {
        self.turns.at(self.place).names.insert(key_of(name))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.at(self.place).next = self.place + 1;
        self.turns.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_stands_first_has_the_name_whichever_asks_first() {
        for _ in 0..50 {
            let turns = Turns::default();
            let taken: Vec<bool> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8)
                    .rev()
                    .map(|place| {
                        let turn = turns.turn(place);
                        scope.spawn(move || match place {
                            // One that has no name to ask for.
                            3 => false,
                            _ => turn.take(if place < 6 { "one" } else { "two" }),
                        })
                    })
                    .collect();
                let taken = threads.into_iter().map(|thread| thread.join().unwrap());
                taken.collect()
            });
            // From the last line to the first.
            assert_eq!(
                taken,
                [false, true, false, false, false, false, false, true]
            );
        }
    }
}
