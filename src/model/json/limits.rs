//! Readers of the totals and of appendices 1–4.

use crate::model::error::Fact;
use crate::model::json::fields::Fields;
use crate::model::json::fields::list;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::scalar::bilingual;
use crate::model::json::scalar::by_year;
use crate::model::json::scalar::digits;
use crate::model::json::scalar::quantity;
use crate::model::json::scalar::text;
use crate::model::json::scalar::word;
use crate::model::json::tree::Tree;
use crate::model::limits::AirEmission;
use crate::model::limits::DangerLevel;
use crate::model::limits::Discharge;
use crate::model::limits::Limits;
use crate::model::limits::Outlet;
use crate::model::limits::SulfurForm;
use crate::model::limits::SulfurPlacement;
use crate::model::limits::Totals;
use crate::model::limits::WastePlacement;
use crate::model::yearly::Yearly;

/// The totals and the appendices that they sum up, members of the document itself.
pub(super) fn limits(fields: &mut Fields<'_, '_>) -> Option<Limits> {
    let totals = fields.required("totals", totals);
    let annex1 = fields.optional("annex1", annex1);
    let annex2 = fields.optional("annex2", annex2);
    let annex3 = fields.optional("annex3", annex3);
    let annex4 = fields.optional("annex4", annex4);
    Some(Limits {
        totals: totals?,
        annex1: annex1?.unwrap_or_default(),
        annex2: annex2?.unwrap_or_default(),
        annex3: annex3?.unwrap_or_default(),
        annex4: annex4?.unwrap_or_default(),
    })
}

/// The amounts of the main sheet.
pub(super) fn totals(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Totals> {
    let mut fields = Fields::of(tree, place, problems)?;
    let air = fields.optional("air", total);
    let discharge = fields.optional("discharge", total);
    let waste = fields.optional("waste", total);
    let sulfur = fields.optional("sulfur", total);
    fields.finish();
    Some(Totals {
        air: air?,
        discharge: discharge?,
        waste: waste?,
        sulfur: sulfur?,
    })
}

fn total(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Yearly> {
    let amounts = by_year(tree, place, problems)?;
    if amounts.is_empty() || amounts.len() > MAX_YEARS {
        let count = amounts.len();
        problems.add(place, Fact::YearLines { count });
        return None;
    }
    let yearly = Yearly::new(&amounts);
    if yearly.is_none() {
        let missing = amounts
            .keys()
            .map(|year| year + 1)
            .find(|next| !amounts.contains_key(next))
            .unwrap_or_default();
        problems.add(place, Fact::YearsNotConsecutive { missing });
    }
    yearly
}

/// Amounts of a row. Whether its years are those of the totals, `check` says.
fn row_amounts(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Yearly> {
    Yearly::new(&by_year(tree, place, problems)?)
}

pub(super) fn annex1(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Vec<AirEmission>> {
    list(tree, place, problems, air_emission)
}

fn air_emission(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<AirEmission> {
    let mut fields = Fields::of(tree, place, problems)?;
    let source_no = fields.optional("source_no", text);
    let code = fields.required("code", digits);
    let name = fields.required("name", bilingual);
    let gps = fields.required("gps", quantity);
    let tonnes = fields.required("tonnes", row_amounts);
    fields.finish();
    Some(AirEmission {
        source_no: source_no?,
        code: code?,
        name: name?,
        gps: gps?,
        tonnes: tonnes?,
    })
}

pub(super) fn annex2(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Vec<Outlet>> {
    list(tree, place, problems, outlet)
}

fn outlet(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Outlet> {
    let mut fields = Fields::of(tree, place, problems)?;
    let outlet = fields.required("outlet", text);
    let receiver = fields.required("receiver", bilingual);
    let m3_h = fields.required("m3_h", quantity);
    let thousand_m3_year = fields.required("thousand_m3_year", quantity);
    let rows = fields.required("rows", discharges);
    fields.finish();
    Some(Outlet {
        outlet: outlet?,
        receiver: receiver?,
        m3_h: m3_h?,
        thousand_m3_year: thousand_m3_year?,
        rows: rows?,
    })
}

fn discharges(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Vec<Discharge>> {
    list(tree, place, problems, discharge)
}

fn discharge(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Discharge> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let mg_dm3 = fields.required("mg_dm3", quantity);
    let g_h = fields.required("g_h", quantity);
    let tonnes = fields.required("tonnes", row_amounts);
    fields.finish();
    Some(Discharge {
        name: name?,
        mg_dm3: mg_dm3?,
        g_h: g_h?,
        tonnes: tonnes?,
    })
}

pub(super) fn annex3(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Vec<WastePlacement>> {
    list(tree, place, problems, waste)
}

fn waste(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<WastePlacement> {
    let mut fields = Fields::of(tree, place, problems)?;
    let name = fields.required("name", bilingual);
    let code = fields.required("code", text);
    let level = fields.required("level", danger_level);
    let tonnes = fields.required("tonnes", row_amounts);
    let location = fields.required("place", bilingual);
    fields.finish();
    Some(WastePlacement {
        name: name?,
        code: code?,
        level: level?,
        tonnes: tonnes?,
        place: location?,
    })
}

fn danger_level(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<DangerLevel> {
    let levels = [DangerLevel::Green, DangerLevel::Amber, DangerLevel::Red];
    word(tree, place, problems, &["green", "amber", "red"], &levels)
}

pub(super) fn annex4(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Vec<SulfurPlacement>> {
    list(tree, place, problems, sulfur)
}

fn sulfur(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<SulfurPlacement> {
    let mut fields = Fields::of(tree, place, problems)?;
    let map = fields.required("map", text);
    let form = fields.optional("form", sulfur_form);
    let tonnes = fields.required("tonnes", row_amounts);
    let location = fields.required("place", bilingual);
    fields.finish();
    Some(SulfurPlacement {
        map: map?,
        form: form?,
        tonnes: tonnes?,
        place: location?,
    })
}

fn sulfur_form(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<SulfurForm> {
    let forms = [SulfurForm::Open, SulfurForm::Closed];
    word(tree, place, problems, &["open", "closed"], &forms)
}

/// Lines that a kind may have on the main sheet.
pub(super) const MAX_YEARS: usize = 10;
