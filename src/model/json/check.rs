//! The rules between fields. They look at the raw data, so that a fault in one field does not
//! hide what is wrong between two others.

use std::collections::BTreeMap;

use time::Date;

use crate::model::error::Fact;
use crate::model::json::limits::MAX_YEARS;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::read::category;
use crate::model::json::scalar::by_year;
use crate::model::json::tree::Tree;
use crate::model::permit::Category;
use crate::model::quantity::Tonnes;
use crate::model::validity::Validity;

pub(super) fn permit(tree: &Tree<'_>, validity: Option<Validity>, problems: &mut Problems) {
    documents(tree, validity, problems);
    all_limits(tree, validity, problems);
}

/// Each kind of limit with its appendix; at least one.
pub(super) fn all_limits(tree: &Tree<'_>, validity: Option<Validity>, problems: &mut Problems) {
    let Some(totals @ Tree::Object(_)) = tree.get("totals") else {
        return;
    };
    let totals_place = Place::ROOT.key("totals");
    let mut kinds = 0;
    for kind in KINDS {
        let annex_place = Place::ROOT.key(kind.annex);
        let total_place = totals_place.key(kind.total);
        match (totals.get(kind.total), tree.get(kind.annex)) {
            (None, None) => continue,
            (None, Some(_)) => {
                let totals = kind.total_pointer;
                problems.add(annex_place, Fact::AnnexWithoutTotals { totals });
            }
            (Some(_), None) => {
                let annex = kind.annex_pointer;
                problems.add(total_place, Fact::TotalsWithoutAnnex { annex });
            }
            (Some(total), Some(annex)) => limits(
                (total, total_place),
                (annex, annex_place),
                validity,
                problems,
            ),
        }
        kinds += 1;
    }
    if kinds == 0 {
        problems.add(totals_place, Fact::NoKind);
    }
}

/// The category of the facility, where it can be read.
pub(super) fn facility_category(tree: &Tree<'_>) -> Option<Category> {
    let category_tree = tree.get("facility")?.get("category")?;
    category(category_tree, Place::ROOT, &mut Problems::default())
}

/// An open end is for category IV only.
pub(super) fn open_end(
    category: Option<Category>,
    validity: Option<Validity>,
    problems: &mut Problems,
) {
    let is_bounded = matches!(category, Some(Category::Ii | Category::Iii));
    if is_bounded && matches!(validity, Some(Validity::OpenEnded { .. })) {
        let validity = Place::ROOT.key("validity");
        problems.add(validity.key("open_ended"), Fact::OpenEndedCategory);
    }
}

/// What the category asks for: the conclusion and the programmes for II and III; an open end
/// only for IV.
fn documents(tree: &Tree<'_>, validity: Option<Validity>, problems: &mut Problems) {
    let category = facility_category(tree);
    open_end(category, validity, problems);
    if !matches!(category, Some(Category::Ii | Category::Iii)) {
        return;
    }
    if tree.get("basis").is_none() {
        problems.add(Place::ROOT.key("basis"), Fact::Missing);
    }
    let place = Place::ROOT.key("attachments");
    match tree.get("attachments") {
        None => problems.add(place, Fact::Missing),
        Some(attachments @ Tree::Object(_)) => {
            for name in ["action_plan", "monitoring"] {
                if attachments.get(name).is_none() {
                    problems.add(place.key(name), Fact::Missing);
                }
            }
        }
        Some(_) => {}
    }
}

/// One kind: its years lie in the validity, its rows have the same years and add up.
fn limits(
    (total, total_place): (&Tree<'_>, Place<'_>),
    (annex, annex_place): (&Tree<'_>, Place<'_>),
    validity: Option<Validity>,
    problems: &mut Problems,
) {
    let Some(stated) = quiet_amounts(total) else {
        return;
    };
    if let Some(validity) = validity {
        outside_validity(&stated, total_place, validity, problems);
    }
    if stated.is_empty() || stated.len() > MAX_YEARS {
        return;
    }
    let rows_key = "rows";
    let mut sums: BTreeMap<u16, Option<Tonnes>> = stated
        .keys()
        .map(|year| (*year, Some(Tonnes::ZERO)))
        .collect();
    let mut all_read = !annex.elements().is_empty();
    for (index, element) in annex.elements().iter().enumerate() {
        let place = annex_place.index(index);
        let Some(rows) = element.get(rows_key) else {
            all_read &= row(element, place, &mut sums, problems);
            continue;
        };
        let place = place.key(rows_key);
        all_read &= !rows.elements().is_empty();
        for (index, element) in rows.elements().iter().enumerate() {
            all_read &= row(element, place.index(index), &mut sums, problems);
        }
    }
    if all_read {
        compare(&stated, &sums, total_place, problems);
    }
}

fn outside_validity(
    stated: &BTreeMap<u16, Tonnes>,
    place: Place<'_>,
    validity: Validity,
    problems: &mut Problems,
) {
    let (from, to) = validity.years();
    for year in stated.keys().copied() {
        if year < from || to.is_some_and(|to| year > to) {
            let name = year.to_string();
            problems.add(
                place.key(&name),
                Fact::YearOutsideValidity { year, from, to },
            );
        }
    }
}

/// Adds a row to the sums; false when it does not have exactly the years of the totals.
fn row(
    element: &Tree<'_>,
    place: Place<'_>,
    sums: &mut BTreeMap<u16, Option<Tonnes>>,
    problems: &mut Problems,
) -> bool {
    let Some(amounts) = element.get("tonnes").and_then(quiet_amounts) else {
        return false;
    };
    let place = place.key("tonnes");
    let before = problems.list.len();
    for year in sums.keys().filter(|year| !amounts.contains_key(year)) {
        problems.add(place.key(&year.to_string()), Fact::Missing);
    }
    for (year, amount) in amounts {
        match sums.get_mut(&year) {
            Some(sum) => *sum = sum.and_then(|sum| sum.checked_add(amount)),
            None => problems.add(place.key(&year.to_string()), Fact::YearNotInTotals { year }),
        }
    }
    problems.list.len() == before
}

fn compare(
    stated: &BTreeMap<u16, Tonnes>,
    sums: &BTreeMap<u16, Option<Tonnes>>,
    place: Place<'_>,
    problems: &mut Problems,
) {
    for ((year, stated), computed) in stated.iter().zip(sums.values()) {
        let (year, stated) = (*year, *stated);
        let name = year.to_string();
        match *computed {
            None => problems.add(place.key(&name), Fact::SumTooLarge { year }),
            Some(computed) if !computed.is_same_amount(stated) => {
                let fact = Fact::SumDiffers {
                    year,
                    stated,
                    computed,
                };
                problems.add(place.key(&name), fact);
            }
            Some(_) => {}
        }
    }
}

/// Amounts whose own problems have been told already.
fn quiet_amounts(tree: &Tree<'_>) -> Option<BTreeMap<u16, Tonnes>> {
    by_year(tree, Place::ROOT, &mut Problems::default())
}

/// A date that is not before another one.
pub(super) fn not_before(
    date: Option<Date>,
    place: Place<'_>,
    (earlier, pointer): (Date, &'static str),
    problems: &mut Problems,
) {
    if let Some(date) = date.filter(|date| *date < earlier) {
        let fact = Fact::DateBefore {
            date,
            earlier,
            pointer,
        };
        problems.add(place, fact);
    }
}

/// A kind of limit: its member of `totals` and its appendix.
struct Kind {
    total: &'static str,
    total_pointer: &'static str,
    annex: &'static str,
    annex_pointer: &'static str,
}

const KINDS: [Kind; 4] = [
    kind("air", "/totals/air", "annex1", "/annex1"),
    kind("discharge", "/totals/discharge", "annex2", "/annex2"),
    kind("waste", "/totals/waste", "annex3", "/annex3"),
    kind("sulfur", "/totals/sulfur", "annex4", "/annex4"),
];

const fn kind(
    total: &'static str,
    total_pointer: &'static str,
    annex: &'static str,
    annex_pointer: &'static str,
) -> Kind {
    Kind {
        total,
        total_pointer,
        annex,
        annex_pointer,
    }
}
