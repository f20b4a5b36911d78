use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeStruct;
use time::Date;
use time::Month;

use crate::model::date;

/// How long a permit holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From one date to another, both included.
    Dates {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// From a start until technology or conditions change; category IV only.
    OpenEnded {
        /// When it begins.
        start: Start,
    },
    /// From one calendar year to another, both included.
    Years {
        /// The first year.
        from: u16,
        /// The last year.
        to: u16,
    },
}

/// Begin of an open-ended validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// On a date.
    Date(Date),
    /// On the first day of a year.
    Year(u16),
}

impl Validity {
    /// The first day on which the permit holds.
    #[must_use]
    pub fn first_day(&self) -> Option<Date> {
        match *self {
            Self::Dates { from, .. }
            | Self::OpenEnded {
                start: Start::Date(from),
            } => Some(from),
            Self::OpenEnded {
                start: Start::Year(year),
            }
            | Self::Years { from: year, .. } => {
                Date::from_calendar_date(i32::from(year), Month::January, 1).ok()
            }
        }
    }

    /// The last day on which the permit holds; `None` when it is open-ended.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self {
            Self::Dates { to, .. } => Some(*to),
            Self::OpenEnded { .. } => None,
            Self::Years { to, .. } => {
                Date::from_calendar_date(i32::from(*to), Month::December, 31).ok()
            }
        }
    }

    /// The first and the last calendar year that it touches; no last one when it is open-ended.
    #[must_use]
    pub fn years(&self) -> (u16, Option<u16>) {
        match *self {
            Self::Dates { from, to } => (date::year(from), Some(date::year(to))),
            Self::OpenEnded {
                start: Start::Date(from),
            } => (date::year(from), None),
            Self::OpenEnded {
                start: Start::Year(from),
            } => (from, None),
            Self::Years { from, to } => (from, Some(to)),
        }
    }
}

impl Serialize for Validity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Validity", 2)?;
        match self {
            Self::Dates { from, to } => {
                fields.serialize_field("from", &date::Iso(*from))?;
                fields.serialize_field("to", &date::Iso(*to))?;
            }
            Self::OpenEnded { start } => {
                match start {
                    Start::Date(from) => fields.serialize_field("from", &date::Iso(*from))?,
                    Start::Year(from) => fields.serialize_field("from_year", from)?,
                }
                fields.serialize_field("open_ended", &true)?;
            }
            Self::Years { from, to } => {
                fields.serialize_field("from_year", from)?;
                fields.serialize_field("to_year", to)?;
            }
        }
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_last_day_of_a_year_is_the_31st_of_december() {
        let years = Validity::Years {
            from: 2014,
            to: 2018,
        };
        assert_eq!(years.last_day(), Some(date!(2018 - 12 - 31)));
        assert_eq!(years.first_day(), Some(date!(2014 - 01 - 01)));
        assert_eq!(years.years(), (2014, Some(2018)));
    }

    #[test]
    fn an_open_ended_validity_has_no_last_day() {
        let open = Validity::OpenEnded {
            start: Start::Date(date!(2014 - 03 - 01)),
        };
        assert_eq!(open.last_day(), None);
        assert_eq!(open.years(), (2014, None));
    }
}
