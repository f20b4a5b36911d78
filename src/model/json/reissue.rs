use time::Date;

use crate::model::digits::Digits;
use crate::model::error::Fact;
use crate::model::json::check;
use crate::model::json::check::not_before;
use crate::model::json::fields::Fields;
use crate::model::json::fields::Reader;
use crate::model::json::limits::totals;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::read::number;
use crate::model::json::read::permit_fields;
use crate::model::json::read::series;
use crate::model::json::scalar::date;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;
use crate::model::json::validity::validity;
use crate::model::limits::Totals;
use crate::model::permit_number::PermitNumber;
use crate::model::reissue::Reissue;
use crate::model::reissue::ReissueReason;
use crate::model::reissue::ReplacedPermit;
use crate::model::validity::Validity;
use crate::model::yearly::Yearly;

/// The re-issued permit that the data describes.
pub(in crate::model) fn reissue(tree: &Tree<'_>, problems: &mut Problems) -> Option<Reissue> {
    let mut fields = Fields::of(tree, Place::ROOT, problems)?;
    let (permit, validity) = permit_fields(&mut fields);
    let replaces = fields.required("replaces", replaced);
    let reason = fields.required("reason", reason);
    fields.finish();
    check::permit(tree, validity, problems);
    if let Some(replaces) = &replaces {
        if let Some(validity) = validity {
            not_longer(validity, replaces.validity, problems);
        }
        succession(tree, replaces, problems);
        if let Some(totals) = quietly(tree, "totals", totals) {
            not_higher(&totals, &replaces.totals, problems);
        }
    }
    Some(Reissue {
        permit: permit?,
        replaces: replaces?,
        reason: reason?,
    })
}

fn replaced(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<ReplacedPermit> {
    let mut fields = Fields::of(tree, place, problems)?;
    let series = fields.required("series", series);
    let number = fields.required("number", number);
    let date = fields.required("date", date);
    let validity = fields.required("validity", validity);
    let totals = fields.required("totals", totals);
    fields.finish();
    Some(ReplacedPermit {
        number: PermitNumber::new(series?, number?.as_str()).ok()?,
        date: date?,
        validity: validity?,
        totals: totals?,
    })
}

pub(super) fn reason(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<ReissueReason> {
    let reasons = &ReissueReason::ALL;
    word(tree, place, problems, ReissueReason::WORDS, reasons)
}

/// The replaced permit is another one, was issued before, and is in force.
fn succession(tree: &Tree<'_>, replaces: &ReplacedPermit, problems: &mut Problems) {
    let place = Place::ROOT.key("replaces");
    let same_number = |number: Digits<5>| number.as_str() == replaces.number.number();
    if quietly(tree, "number", number).is_some_and(same_number) {
        problems.add(place.key("number"), Fact::ReplacesItself);
    }
    let Some(issue_date) = quietly(tree, "issue_date", date) else {
        return;
    };
    let earlier = (replaces.date, "/replaces/date");
    let at_issue = Place::ROOT.key("issue_date");
    not_before(Some(issue_date), at_issue, earlier, problems);
    let ended = |day: &Date| *day < issue_date;
    if let Some(last_day) = replaces.validity.last_day().filter(ended) {
        let fact = Fact::ReplacedNotInForce {
            last_day,
            issue_date,
        };
        problems.add(place.key("validity"), fact);
    }
}

/// A member whose own problems have been told already.
fn quietly<T>(tree: &Tree<'_>, name: &str, read: Reader<T>) -> Option<T> {
    read(tree.get(name)?, Place::ROOT, &mut Problems::default())
}

fn not_longer(validity: Validity, replaced: Validity, problems: &mut Problems) {
    let place = Place::ROOT.key("validity");
    if let (Some(from), Some(replaced)) = (validity.first_day(), replaced.first_day())
        && from < replaced
    {
        problems.add(place, Fact::TermBegins { from, replaced });
    }
    let to = validity.last_day();
    if let Some(replaced) = replaced.last_day()
        && to.is_none_or(|to| to > replaced)
    {
        problems.add(place, Fact::TermLonger { to, replaced });
    }
}

fn not_higher(totals: &Totals, replaced: &Totals, problems: &mut Problems) {
    let kinds = [
        ("air", &totals.air, &replaced.air),
        ("discharge", &totals.discharge, &replaced.discharge),
        ("waste", &totals.waste, &replaced.waste),
        ("sulfur", &totals.sulfur, &replaced.sulfur),
    ];
    let place = Place::ROOT.key("totals");
    for (kind, stated, replaced) in kinds {
        let limit_of = |year| {
            let mut limits = replaced.iter().flat_map(Yearly::iter);
            limits.find(|(other, _)| *other == year)
        };
        for (year, stated) in stated.iter().flat_map(Yearly::iter) {
            let replaced = limit_of(year).map(|(_, tonnes)| tonnes);
            if replaced.is_none_or(|limit| stated.is_more_than(limit)) {
                let fact = Fact::LimitRaised {
                    year,
                    stated,
                    replaced,
                };
                problems.add(place.key(kind).key(&year.to_string()), fact);
            }
        }
    }
}
