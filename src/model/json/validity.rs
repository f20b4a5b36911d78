use crate::model::error::Fact;
use crate::model::json::fields::Fields;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::scalar::boolean;
use crate::model::json::scalar::date;
use crate::model::json::scalar::year;
use crate::model::json::tree::Tree;
use crate::model::validity::Start;
use crate::model::validity::Validity;

/// Years, or dates, or a start with an open end; nothing of two of these.
pub(super) fn validity(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Validity> {
    let mut fields = Fields::of(tree, place, problems)?;
    let has_years = fields.has("from_year") || fields.has("to_year");
    let has_dates = fields.has("from") || fields.has("to");
    let open_ended = fields.optional("open_ended", boolean);
    let is_open = open_ended == Some(Some(true));
    let has_end = fields.has("to_year") || fields.has("to");
    if (has_years && has_dates) || (is_open && has_end) {
        fields.problem(None, Fact::ValidityForm);
        // Known all the same, and their own problems are told.
        let _ = (
            fields.optional("from_year", year),
            fields.optional("to_year", year),
        );
        let _ = (fields.optional("from", date), fields.optional("to", date));
        fields.finish();
        return None;
    }
    let validity = match (has_dates, is_open) {
        (false, false) => years(&mut fields),
        (false, true) => fields
            .required("from_year", year)
            .map(Start::Year)
            .map(open),
        (true, false) => dates(&mut fields),
        (true, true) => fields.required("from", date).map(Start::Date).map(open),
    };
    fields.finish();
    open_ended.and(validity)
}

fn open(start: Start) -> Validity {
    Validity::OpenEnded { start }
}

fn years(fields: &mut Fields<'_, '_>) -> Option<Validity> {
    let from = fields.required("from_year", year);
    let to = fields.required("to_year", year);
    let (from, to) = (from?, to?);
    if to < from {
        fields.problem(None, Fact::PeriodReversed);
        return None;
    }
    Some(Validity::Years { from, to })
}

fn dates(fields: &mut Fields<'_, '_>) -> Option<Validity> {
    let from = fields.required("from", date);
    let to = fields.required("to", date);
    let (from, to) = (from?, to?);
    if to < from {
        fields.problem(None, Fact::PeriodReversed);
        return None;
    }
    Some(Validity::Dates { from, to })
}
