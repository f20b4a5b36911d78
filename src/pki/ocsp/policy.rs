use time::Duration;

/// How old and how exact a response must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OcspPolicy {
    /// By how much the responder's clock may differ from the time in question.
    pub tolerance: Duration,
    /// How long a response without nextUpdate is current, counted from its thisUpdate.
    pub max_age: Duration,
}

impl OcspPolicy {
    /// What documents are verified by: clocks agree, and a response without nextUpdate, as the
    /// national responder gives it, counts for a day.
    pub const fn strict() -> Self {
        Self {
            tolerance: Duration::ZERO,
            max_age: Duration::DAY,
        }
    }
}

impl Default for OcspPolicy {
    fn default() -> Self {
        Self::strict()
    }
}
