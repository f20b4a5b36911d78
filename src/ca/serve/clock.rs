//! The server's clock.

use std::time::SystemTime;

use time::Duration;
use time::OffsetDateTime;

/// A clock that runs as that of the system, ahead of or behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    ahead: Duration,
}

impl Clock {
    /// The clock that shows `time` now; without it that of the system.
    pub(super) fn starting_at(time: Option<OffsetDateTime>) -> Self {
        let system = system();
        Self {
            ahead: time.map_or(Duration::ZERO, |time| time - system),
        }
    }

    pub(super) fn now(self) -> OffsetDateTime {
        let system = system();
        system.checked_add(self.ahead).unwrap_or(system)
    }
}

fn system() -> OffsetDateTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    i128::try_from(since.unwrap_or_default().as_nanos())
        .ok()
        .and_then(|nanos| OffsetDateTime::from_unix_timestamp_nanos(nanos).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
