use std::fmt;

use thiserror::Error;

use crate::pki::Limits;

/// What is left of the work that one validation may cost.
///
/// One budget is passed through the search for a path, its validation and the revocation check of
/// it, so that whoever sends certificates and lists cannot buy more work by sending more of them.
///
/// ```
/// use ruqsat::pki::{Budget, Limits, Unit};
///
/// let mut budget = Budget::new(&Limits { signatures: 2, ..Limits::strict() });
/// assert!(budget.spend(Unit::Signatures, 2).is_ok());
/// let error = budget.spend(Unit::Signatures, 1).unwrap_err();
/// assert_eq!((error.unit, error.limit), (Unit::Signatures, 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    limits: Limits,
    signatures: usize,
    steps: usize,
    names: usize,
    bytes: usize,
}

/// What a budget counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Signatures verified.
    Signatures,
    /// Certificates and lists looked at, and nodes and edges of policy graphs.
    Steps,
    /// Names compared with a constraint.
    Names,
    /// Octets over which a signature was verified, or that were searched.
    Bytes,
}

/// A limit of the policy was reached: the question stays unanswered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the limit of {limit} {unit} was reached")]
pub struct BudgetExceeded {
    /// What there was too much of.
    pub unit: Unit,
    /// How much the policy allows.
    pub limit: usize,
}

impl Budget {
    /// The whole budget that the limits allow.
    pub fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            signatures: 0,
            steps: 0,
            names: 0,
            bytes: 0,
        }
    }

    /// Takes `amount` off the budget before the work is done.
    ///
    /// # Errors
    ///
    /// When there is less left; then nothing more of this unit can be had.
    pub fn spend(&mut self, unit: Unit, amount: usize) -> Result<(), BudgetExceeded> {
        let limit = self.limits.of(unit);
        let spent = match unit {
            Unit::Signatures => &mut self.signatures,
            Unit::Steps => &mut self.steps,
            Unit::Names => &mut self.names,
            Unit::Bytes => &mut self.bytes,
        };
        *spent = spent.saturating_add(amount);
        if *spent > limit {
            return Err(BudgetExceeded { unit, limit });
        }
        Ok(())
    }

    /// How much was spent so far.
    pub fn spent(&self, unit: Unit) -> usize {
        match unit {
            Unit::Signatures => self.signatures,
            Unit::Steps => self.steps,
            Unit::Names => self.names,
            Unit::Bytes => self.bytes,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signatures => "signatures",
            Self::Steps => "steps",
            Self::Names => "names",
            Self::Bytes => "bytes",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;
    use super::BudgetExceeded;
    use super::Unit;
    use crate::pki::Limits;

    #[test]
    fn what_is_spent_is_gone_and_each_unit_has_its_own_limit() {
        let mut budget = Budget::new(&LIMITS);
        for (unit, limit) in [
            (Unit::Signatures, 1),
            (Unit::Steps, 2),
            (Unit::Names, 3),
            (Unit::Bytes, 4),
        ] {
            assert_eq!(budget.spend(unit, limit), Ok(()));
            assert_eq!(budget.spent(unit), limit);
            let exceeded = BudgetExceeded { unit, limit };
            assert_eq!(budget.spend(unit, 1), Err(exceeded));
            assert_eq!(budget.spend(unit, 0), Err(exceeded));
        }
    }

    #[test]
    fn an_amount_beyond_all_numbers_is_too_much_and_no_overflow() {
        let mut budget = Budget::new(&LIMITS);
        assert!(budget.spend(Unit::Bytes, usize::MAX).is_err());
        assert!(budget.spend(Unit::Bytes, usize::MAX).is_err());
    }

    const LIMITS: Limits = Limits {
        path_certificates: 8,
        signatures: 1,
        steps: 2,
        names: 3,
        bytes: 4,
    };
}
