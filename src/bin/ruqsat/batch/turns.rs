//! File names given out in the order of the lines, whichever line is ready first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::batch::names::NameKey;
use crate::batch::names::folded_key_of;
use crate::batch::names::key_of;

/// Whose turn it is, and the names that are taken.
#[derive(Default)]
pub(crate) struct Turns {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next: u64,
    /// How each is spelt.
    names: HashMap<NameKey, NameKey>,
}

/// Whose a name is that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The line's that asked.
    Now,
    /// That of a line before it.
    Before,
    /// That of a line before it, which spells it otherwise.
    Alike,
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
    /// Takes a name, unless a line before this one has it, or one that some file system takes for
    /// the same.
    pub(crate) fn take(self, name: &str) -> Taken {
        let (key, spelt) = (folded_key_of(name), key_of(name));
        let mut state = self.turns.at(self.place);
        match state.names.entry(key) {
            Entry::Vacant(place) => {
                place.insert(spelt);
                Taken::Now
            }
            Entry::Occupied(other) if *other.get() == spelt => Taken::Before,
            Entry::Occupied(_) => Taken::Alike,
        }
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
            let taken: Vec<Option<Taken>> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8)
                    .rev()
                    .map(|place| {
                        let turn = turns.turn(place);
                        scope.spawn(move || match place {
                            // One that has no name to ask for.
                            3 => None,
                            5 => Some(turn.take("ONE")),
                            _ => Some(turn.take(if place < 6 { "one" } else { "two" })),
                        })
                    })
                    .collect();
                let taken = threads.into_iter().map(|thread| thread.join().unwrap());
                taken.collect()
            });
            let (now, before, alike) = (Taken::Now, Taken::Before, Taken::Alike);
            // From the last line to the first.
            let expected = [before, now, alike, before, before, before, before, now];
            let mut expected = expected.map(Some);
            expected[4] = None;
            assert_eq!(taken, expected);
        }
    }
}
