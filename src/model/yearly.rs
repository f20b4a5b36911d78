use std::collections::BTreeMap;

use serde::Serialize;
use serde::Serializer;

use crate::model::quantity::Tonnes;

/// Tonnes by year: one amount for each of one or more consecutive years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yearly {
    amounts: Vec<(u16, Tonnes)>,
}

impl Yearly {
    /// Amounts of consecutive years; `None` when there is no year or one is left out.
    #[must_use]
    pub fn new(by_year: &BTreeMap<u16, Tonnes>) -> Option<Self> {
        let (first_year, _) = by_year.first_key_value()?;
        let (last_year, _) = by_year.last_key_value()?;
        let span = usize::from(last_year - first_year) + 1;
        let amounts = by_year.iter().map(|(year, amount)| (*year, *amount));
        (span == by_year.len()).then(|| Self {
            amounts: amounts.collect(),
        })
    }

    /// Each year with its amount, earliest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u16, Tonnes)> {
        self.amounts.iter().copied()
    }

    /// The years, earliest first.
    pub fn years(&self) -> impl ExactSizeIterator<Item = u16> {
        self.iter().map(|(year, _)| year)
    }
}

impl Serialize for Yearly {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_or_no_year_is_none() {
        let amounts = |years: &[u16]| years.iter().map(|year| (*year, Tonnes::ZERO)).collect();
        assert!(Yearly::new(&amounts(&[])).is_none());
        assert!(Yearly::new(&amounts(&[2014, 2016])).is_none());
        let yearly = Yearly::new(&amounts(&[2016, 2014, 2015])).unwrap();
        assert_eq!(yearly.years().collect::<Vec<_>>(), [2014, 2015, 2016]);
    }
}
