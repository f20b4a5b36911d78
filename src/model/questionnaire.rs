//! The questionnaire on quality and accessibility, and what many answers to it say together.

use std::fmt;

use serde::Serialize;
use serde::Serializer;
use time::Month;

use crate::model::bilingual::Bilingual;
use crate::model::document::canonical_json;
use crate::model::error::Error;
use crate::model::json;
use crate::model::service::Channel;

/// One person's answers; nobody is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Questionnaire {
    /// Name of the edition of forms it is printed on.
    pub edition: String,
    /// Name of the service.
    pub service_name: Bilingual,
    /// Month of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<CalendarMonth>,
    /// The way by which it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// What was answered.
    #[serde(flatten)]
    pub answers: Answers,
}

impl Questionnaire {
    /// Reads and checks the data of a questionnaire.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::questionnaire)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }
}

/// The answers of many persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionnaireSummary {
    /// Name of the edition of forms it is printed on.
    pub edition: String,
    /// Name of the service.
    pub service_name: Bilingual,
    /// Month of the answers, where they are of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<CalendarMonth>,
    /// The way by which the service was asked for, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// All answers; at least one.
    pub answers: Vec<Answers>,
}

impl QuestionnaireSummary {
    /// Reads and checks the data of a summary.
    ///
    /// # Errors
    ///
    /// When the bytes are no UTF-8 or no JSON, and with all problems at once when the data breaks
    /// the rules of the form.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        json::read(bytes, json::questionnaire_summary)
    }

    /// The data in its one canonical form.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        canonical_json(self)
    }

    /// How the answers to each of the two questions are shared out, worst answer first.
    #[must_use]
    pub fn shares(&self) -> [[Share; 3]; 2] {
        let shares = |question: fn(&Answers) -> Satisfaction| {
            Satisfaction::ALL.map(|answer| Share {
                count: self
                    .answers
                    .iter()
                    .filter(|one| question(one) == answer)
                    .count(),
                of: self.answers.len(),
            })
        };
        [shares(|one| one.q1), shares(|one| one.q2)]
    }
}

/// The answers to both questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// Quality of the process and the result.
    pub q1: Satisfaction,
    /// Quality of the information about the order of the service.
    pub q2: Satisfaction,
}

/// An answer, by its number on the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Satisfaction {
    /// 1) not satisfied.
    Not,
    /// 2) partly satisfied.
    Partly,
    /// 3) satisfied.
    Satisfied,
}

impl Satisfaction {
    /// All answers, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Not, Self::Partly, Self::Satisfied];

    /// Its number on the form.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Not => 1,
            Self::Partly => 2,
            Self::Satisfied => 3,
        }
    }
}

impl Serialize for Satisfaction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many gave the answer.
    pub count: usize,
    /// How many were asked, at least one.
    pub of: usize,
}

impl Share {
    /// Thousandths, rounded half up.
    #[must_use]
    pub fn per_mille(self) -> usize {
        let of = self.of.max(1);
        self.count.saturating_mul(2000).saturating_add(of) / (of * 2)
    }
}

/// A month of a year, as the data writes it: `2014-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CalendarMonth {
    /// The year.
    pub year: u16,
    /// The month.
    pub month: Month,
}

impl CalendarMonth {
    /// A year of four digits and a month of two, `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let year: u16 = digits(year, 4)?;
        let month: u16 = digits(month, 2)?;
        Some(Self {
            year: (year >= 1000).then_some(year)?,
            month: u8::try_from(month).ok()?.try_into().ok()?,
        })
    }
}

fn digits(text: &str, count: usize) -> Option<u16> {
    let only_digits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| text.parse().ok())?
}

impl fmt::Display for CalendarMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, u8::from(self.month))
    }
}

impl Serialize for CalendarMonth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_half_up() {
        for (count, of, per_mille) in [
            (1, 3, 333),
            (2, 3, 667),
            (1, 2000, 1),
            (0, 5, 0),
            (5, 5, 1000),
        ] {
            assert_eq!(
                Share { count, of }.per_mille(),
                per_mille,
                "{count} of {of}"
            );
        }
    }

    #[test]
    fn only_months_of_the_calendar() {
        let march = CalendarMonth {
            year: 2014,
            month: Month::March,
        };
        assert_eq!(CalendarMonth::parse("2014-03"), Some(march));
        assert_eq!(march.to_string(), "2014-03");
        for text in [
            "2014-13",
            "2014-00",
            "2014-3",
            "14-03",
            "2014",
            "+014-03",
            "2014-03-01",
            "",
        ] {
            assert_eq!(CalendarMonth::parse(text), None, "{text}");
        }
    }
}
