use serde::Serialize;

use crate::form::context::printed_date;
use crate::model::Bilingual;
use crate::model::Condition;
use crate::model::Deadline;
use crate::model::Permit;

/// A row of appendix 5.
#[derive(Serialize)]
pub(in crate::form) struct ConditionRow<'p> {
    number: usize,
    text: &'p Bilingual,
    deadline_date: Option<String>,
    deadline_rule: Option<&'p Bilingual>,
    has_deadline: bool,
    report_to: Option<&'p Bilingual>,
}

impl<'p> ConditionRow<'p> {
    pub(in crate::form) fn all(permit: &'p Permit) -> Vec<Self> {
        let row = |(condition, number): (&'p Condition, usize)| {
            let (deadline_date, deadline_rule) = match &condition.deadline {
                Some(Deadline::Date(date)) => (Some(printed_date(*date)), None),
                Some(Deadline::Rule(rule)) => (None, Some(rule)),
                None => (None, None),
            };
            Self {
                number,
                text: &condition.text,
                deadline_date,
                deadline_rule,
                has_deadline: condition.deadline.is_some(),
                report_to: condition.report_to.as_ref(),
            }
        };
        permit.annex5.iter().zip(1..).map(row).collect()
    }
}
