//! The lines for the workers. A thread of its own waits for them, so that a request to end is heard
//! while nothing comes in.

use std::io;
use std::io::BufRead;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;

use crate::batch::lines::Line;
use crate::batch::lines::Lines;
use crate::batch::signals;
use crate::batch::signals::Request;

/// Lines as they come in, until there are no more or somebody asks for an end.
pub(super) struct Feed {
    arrivals: Mutex<Arrivals>,
    state: Arc<State>,
}

struct Arrivals {
    receiver: Receiver<Arrival>,
    /// How many lines were given out.
    given: u64,
    /// What was wrong with the input.
    unreadable: Option<io::Error>,
}

/// What the threads share.
#[derive(Default)]
struct State {
    bytes: AtomicU64,
    stop: AtomicBool,
    request: OnceLock<Request>,
}

enum Arrival {
    Line(Line),
    Unreadable(io::Error),
    End,
}

impl Feed {
    /// Begins to read, and from now on hears requests to end.
    pub(super) fn start(lines: Lines<Box<dyn BufRead + Send>>) -> io::Result<Self> {
        // One line lies ready while the others are worked at.
        let (sender, receiver) = mpsc::sync_channel(1);
        let state = Arc::new(State::default());
        signals::watch({
            let (state, sender) = (Arc::clone(&state), sender.clone());
            move |request| {
                let _ = state.request.set(request);
                state.stop.store(true, Ordering::Release);
                // Wakes a worker that waits for a line; where none waits, lines are there.
                let _ = sender.try_send(Arrival::End);
            }
        })?;
        std::thread::spawn({
            let state = Arc::clone(&state);
            move || read(lines, &state, &sender)
        });
        Ok(Self {
            arrivals: Mutex::new(Arrivals {
                receiver,
                given: 0,
                unreadable: None,
            }),
            state,
        })
    }

    /// The next line and its place, counted from 0 without gaps.
    pub(super) fn next(&self) -> Option<(Line, u64)> {
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        if self.state.stop.load(Ordering::Acquire) {
            return None;
        }
        match arrivals.receiver.recv() {
            // What has come in together with a request to end is not begun.
            Ok(Arrival::Line(line)) if !self.state.stop.load(Ordering::Acquire) => {
                let place = arrivals.given;
                arrivals.given += 1;
                return Some((line, place));
            }
            Ok(Arrival::Unreadable(error)) => arrivals.unreadable = Some(error),
            Ok(Arrival::Line(_) | Arrival::End) | Err(_) => {}
        }
        self.stop();
        None
    }

    /// Gives out no further line.
    pub(super) fn stop(&self) {
        self.state.stop.store(true, Ordering::Release);
    }

    /// How many bytes have been read.
    pub(super) fn bytes(&self) -> u64 {
        self.state.bytes.load(Ordering::Relaxed)
    }

    /// Why it ended before the end of the input, where somebody asked for it.
    pub(super) fn request(&self) -> Option<Request> {
        self.state.request.get().copied()
    }

    /// What was wrong with the input.
    pub(super) fn unreadable(&self) -> Option<io::Error> {
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        arrivals.unreadable.take()
    }
}

fn read(mut lines: Lines<Box<dyn BufRead + Send>>, state: &State, sender: &SyncSender<Arrival>) {
    loop {
        let arrival = match lines.next() {
            Ok(Some(line)) => Arrival::Line(line),
            Ok(None) => Arrival::End,
            Err(error) => Arrival::Unreadable(error),
        };
        state.bytes.store(lines.bytes(), Ordering::Relaxed);
        let is_last = !matches!(arrival, Arrival::Line(_));
        if sender.send(arrival).is_err() || is_last {
            return;
        }
    }
}
