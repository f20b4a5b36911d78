//! What the templates of a permit may ask for. Every name is always there, so that strict mode
//! finds each misspelt one: what a permit does not have is null or an empty list.

use serde::Serialize;
use time::Date;

use crate::form::annex::Annex1;
use crate::form::annex::Annex2;
use crate::form::annex::Annex3;
use crate::form::annex::Annex4;
use crate::form::annex::ConditionRow;
use crate::form::error::Error;
use crate::form::options::Medium;
use crate::form::pointed::pointed;
use crate::form::settings::Clause;
use crate::form::settings::Settings;
use crate::model::Basis;
use crate::model::Bilingual;
use crate::model::Permit;
use crate::model::Reference;
use crate::model::Start;
use crate::model::Validity;
use crate::model::Yearly;

#[derive(Serialize)]
pub(super) struct PermitContext<'p> {
    draft: bool,
    electronic: bool,
    edition_in_force: bool,
    number: String,
    issue_date: String,
    issue_place: &'p Bilingual,
    issuing_body: &'p Bilingual,
    nature_user: NatureUserContext<'p>,
    facility: FacilityContext<'p>,
    totals: TotalsContext,
    action_plan: Option<ReferenceContext<'p>>,
    monitoring: Option<ReferenceContext<'p>>,
    years: Option<PeriodContext>,
    dates: Option<PeriodContext>,
    signatory: SignatoryContext<'p>,
    clause: Option<ClauseContext<'p>>,
    basis: Option<BasisContext<'p>>,
    annex1: Option<Annex1<'p>>,
    annex2: Option<Annex2<'p>>,
    annex3: Option<Annex3<'p>>,
    annex4: Option<Annex4<'p>>,
    annex5: Vec<ConditionRow<'p>>,
}

#[derive(Serialize)]
struct NatureUserContext<'p> {
    name: &'p Bilingual,
    index: &'p str,
    address: &'p Bilingual,
    id: &'p str,
    account_number: Option<&'p str>,
}

#[derive(Serialize)]
struct FacilityContext<'p> {
    name: &'p Bilingual,
    location: &'p Bilingual,
}

#[derive(Serialize)]
struct TotalsContext {
    air: Vec<YearLine>,
    discharge: Vec<YearLine>,
    waste: Vec<YearLine>,
    sulfur: Vec<YearLine>,
}

#[derive(Serialize)]
struct YearLine {
    year: u16,
    tonnes: String,
}

#[derive(Serialize)]
struct ReferenceContext<'p> {
    no: &'p str,
    date: String,
}

#[derive(Serialize)]
struct PeriodContext {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct SignatoryContext<'p> {
    position: &'p Bilingual,
    name: &'p Bilingual,
}

#[derive(Serialize)]
struct ClauseContext<'p> {
    src: &'p str,
    kk: &'p str,
    ru: &'p str,
}

#[derive(Serialize)]
struct BasisContext<'p> {
    name: &'p Bilingual,
    no: &'p str,
    date: String,
}

impl<'p> PermitContext<'p> {
    pub(super) fn new(
        permit: &'p Permit,
        medium: Medium,
        clause: Option<&'p Clause>,
        edition_in_force: bool,
        settings: &'p Settings,
    ) -> Result<Self, Error> {
        let (years, dates) = periods(&permit.validity);
        let widths = &settings.permit;
        Ok(Self {
            draft: medium == Medium::Draft,
            electronic: medium == Medium::Electronic,
            edition_in_force,
            number: pointed("/number", &permit.number.to_string()),
            issue_date: pointed("/issue_date", &printed_date(permit.issue_date)),
            issue_place: &permit.issue_place,
            issuing_body: &permit.issuing_body,
            nature_user: NatureUserContext {
                name: &permit.nature_user.name,
                index: permit.nature_user.address.index.as_str(),
                address: &permit.nature_user.address.text,
                id: permit.nature_user.id.as_str(),
                account_number: permit.nature_user.account_number.as_deref(),
            },
            facility: FacilityContext {
                name: &permit.facility.name,
                location: &permit.facility.location,
            },
            totals: TotalsContext {
                air: lines(permit.totals.air.as_ref()),
                discharge: lines(permit.totals.discharge.as_ref()),
                waste: lines(permit.totals.waste.as_ref()),
                sulfur: lines(permit.totals.sulfur.as_ref()),
            },
            action_plan: permit.attachments.action_plan.as_ref().map(reference),
            monitoring: permit.attachments.monitoring.as_ref().map(reference),
            years,
            dates,
            signatory: SignatoryContext {
                position: &permit.signatory.position,
                name: &permit.signatory.name,
            },
            clause: clause.map(|clause| ClauseContext {
                src: &clause.source,
                kk: &clause.kk,
                ru: &clause.ru,
            }),
            basis: permit.basis.as_ref().map(basis),
            annex1: Annex1::new(permit, widths.annex1)?,
            annex2: Annex2::new(permit, widths.annex2)?,
            annex3: Annex3::new(permit, widths.annex3, &settings.words),
            annex4: Annex4::new(permit, widths.annex4, &settings.words),
            annex5: ConditionRow::all(permit),
        })
    }
}

/// Validity in years and in dates: one of them, or none when it is open-ended.
fn periods(validity: &Validity) -> (Option<PeriodContext>, Option<PeriodContext>) {
    match validity {
        Validity::Dates { from, to } => {
            let (from, to) = (printed_date(*from), printed_date(*to));
            (None, Some(PeriodContext { from, to }))
        }
        Validity::OpenEnded {
            start: Start::Date(_) | Start::Year(_),
        } => (None, None),
        Validity::Years { from, to } => {
            let (from, to) = (from.to_string(), to.to_string());
            (Some(PeriodContext { from, to }), None)
        }
    }
}

fn lines(total: Option<&Yearly>) -> Vec<YearLine> {
    total
        .into_iter()
        .flat_map(Yearly::iter)
        .map(|(year, amount)| YearLine {
            year,
            tonnes: amount.printed(),
        })
        .collect()
}

fn reference(reference: &Reference) -> ReferenceContext<'_> {
    ReferenceContext {
        no: &reference.no,
        date: printed_date(reference.date),
    }
}

fn basis(basis: &Basis) -> BasisContext<'_> {
    BasisContext {
        name: &basis.conclusion_name,
        no: &basis.conclusion_no,
        date: printed_date(basis.conclusion_date),
    }
}

/// A date as both languages of the forms write it: `04.12.2013`.
pub(super) fn printed_date(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{day:02}.{:02}.{year:04}", u8::from(month))
}
