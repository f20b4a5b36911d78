//! What no rule of a form forbids and yet can hardly be: figures of appendices 1 and 2 that
//! contradict each other. A figure is rounded in its last place, so only what rounding does not
//! explain is doubted.

use std::fmt;

use crate::model::limits::AirEmission;
use crate::model::limits::Discharge;
use crate::model::limits::Limits;
use crate::model::limits::Outlet;
use crate::model::quantity::CubicMetresPerHour;
use crate::model::quantity::Gps;
use crate::model::quantity::GramsPerHour;
use crate::model::quantity::HALVES;
use crate::model::quantity::MgPerDm3;
use crate::model::quantity::Quantity;
use crate::model::quantity::ThousandCubicMetresPerYear;
use crate::model::quantity::Tonnes;

/// A figure that can hardly be, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// JSON pointer (RFC 6901) to the figure.
    pub pointer: String,
    /// Why it can hardly be.
    pub reason: DoubtReason,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.reason)
    }
}

/// Why a figure can hardly be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DoubtReason {
    /// More than the power of the emission makes when it lasts the whole year.
    #[error("{stated} t is more than {power} g/s makes in the whole of {year}")]
    MoreThanPower {
        /// The year.
        year: u16,
        /// Its limit.
        stated: Tonnes,
        /// Power of the emission.
        power: Gps,
    },
    /// More than the waste water of a year carries.
    #[error(
        "{stated} t in {year} is more than {volume} thousand m³ of {concentration} mg/dm³ carry"
    )]
    MoreThanVolume {
        /// The year.
        year: u16,
        /// Its limit.
        stated: Tonnes,
        /// Waste water of a year.
        volume: ThousandCubicMetresPerYear,
        /// Concentration of the substance.
        concentration: MgPerDm3,
    },
    /// Not what the flow of an hour carries.
    #[error("{stated} g/h is not what {flow} m³/h of {concentration} mg/dm³ carry")]
    NotTheFlow {
        /// The mass of an hour.
        stated: GramsPerHour,
        /// The flow.
        flow: CubicMetresPerHour,
        /// Concentration of the substance.
        concentration: MgPerDm3,
    },
}

impl Limits {
    /// What in them can hardly be, of each row its first year.
    #[must_use]
    pub fn doubts(&self) -> Vec<Doubt> {
        let air = self.annex1.iter().enumerate();
        let air = air.filter_map(|(index, row)| air_doubt(row, &format!("/annex1/{index}")));
        let water = self.annex2.iter().enumerate().flat_map(|(index, outlet)| {
            let rows = outlet.rows.iter().enumerate();
            rows.flat_map(move |(row_index, row)| {
                discharge_doubts(outlet, row, &format!("/annex2/{index}/rows/{row_index}"))
            })
        });
        air.chain(water).collect()
    }
}

fn air_doubt(row: &AirEmission, pointer: &str) -> Option<Doubt> {
    let exceeds = |(year, stated): &(u16, Tonnes)| {
        // Grams in tonnes.
        let most = row.gps.most().checked_mul(seconds(*year));
        least(*stated, 1_000_000)
            .zip(most)
            .is_some_and(|(least, most)| least > most)
    };
    let (year, stated) = row.tonnes.iter().find(exceeds)?;
    Some(Doubt {
        pointer: format!("{pointer}/tonnes/{year}"),
        reason: DoubtReason::MoreThanPower {
            year,
            stated,
            power: row.gps,
        },
    })
}

fn discharge_doubts(outlet: &Outlet, row: &Discharge, pointer: &str) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    // 1 mg/dm³ is 1 g/m³.
    let lightest = row.mg_dm3.least().checked_mul(outlet.m3_h.least());
    let heaviest = row.mg_dm3.most().checked_mul(outlet.m3_h.most());
    let is_above = least(row.g_h, HALVES)
        .zip(heaviest)
        .is_some_and(|(stated, heaviest)| stated > heaviest);
    let is_below = (row.g_h.most().checked_mul(HALVES))
        .zip(lightest)
        .is_some_and(|(stated, lightest)| stated < lightest);
    if is_above || is_below {
        doubts.push(Doubt {
            pointer: format!("{pointer}/g_h"),
            reason: DoubtReason::NotTheFlow {
                stated: row.g_h,
                flow: outlet.m3_h,
                concentration: row.mg_dm3,
            },
        });
    }
    let volume = outlet.thousand_m3_year;
    // A thousand cubic metres of 1 g/m³ carry a kilogram.
    let most = row.mg_dm3.most().checked_mul(volume.most());
    let exceeds = |(_, stated): &(u16, Tonnes)| {
        least(*stated, HALVES * 1000)
            .zip(most)
            .is_some_and(|(least, most)| least > most)
    };
    if let Some((year, stated)) = row.tonnes.iter().find(exceeds) {
        doubts.push(Doubt {
            pointer: format!("{pointer}/tonnes/{year}"),
            reason: DoubtReason::MoreThanVolume {
                year,
                stated,
                volume,
                concentration: row.mg_dm3,
            },
        });
    }
    doubts
}

/// The least that a rounded figure can stand for, in another scale.
fn least<U: Copy>(figure: Quantity<U>, scale: u128) -> Option<u128> {
    figure.least().checked_mul(scale)
}

fn seconds(year: u16) -> u128 {
    let days = if time::util::is_leap_year(i32::from(year)) {
        366
    } else {
        365
    };
    days * 86_400
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::model::Permit;

    const SAMPLE: &[u8] = include_bytes!("../../fixtures/permits/atyrau-2013.json");

    /// The doubts about one row of an appendix, its total made to fit.
    fn doubts(changes: &[(&str, &str)]) -> Vec<String> {
        let mut data: Value = serde_json::from_slice(SAMPLE).unwrap();
        data["annex1"] = json!([data["annex1"][0]]);
        data["totals"]["air"] = data["annex1"][0]["tonnes"].clone();
        data["annex2"][0]["rows"] = json!([data["annex2"][0]["rows"][0]]);
        data["totals"]["discharge"] = data["annex2"][0]["rows"][0]["tonnes"].clone();
        for (pointer, value) in changes {
            *data.pointer_mut(pointer).unwrap() = json!(value);
        }
        for (kind, row) in [("air", "/annex1/0"), ("discharge", "/annex2/0/rows/0")] {
            data["totals"][kind] = data.pointer(row).unwrap()["tonnes"].clone();
        }
        let permit = Permit::from_json(data.to_string().as_bytes()).unwrap();
        let doubts = permit.limits.doubts();
        doubts.iter().map(Doubt::to_string).collect()
    }

    #[test]
    fn the_sample_gives_no_doubt() {
        let permit = Permit::from_json(SAMPLE).unwrap();
        assert_eq!(permit.limits.doubts(), []);
        assert_eq!(doubts(&[]), [""; 0]);
    }

    /// 0.1 g/s make 3.1536 t in a year of 365 days, 3.16224 t in one of 366.
    #[test]
    fn a_limit_beyond_the_power_of_its_emission_is_doubted_by_the_days_of_the_year() {
        let power = ("/annex1/0/gps", "0.100000000");
        let in_2015 = |tonnes| doubts(&[power, ("/annex1/0/tonnes/2015", tonnes)]);
        assert_eq!(in_2015("3.153600"), [""; 0]);
        assert_eq!(
            in_2015("3.153610"),
            [
                "/annex1/0/tonnes/2015: 3.153610 t is more than 0.100000000 g/s makes in the whole of 2015"
            ]
        );
        let in_2016 = |tonnes| doubts(&[power, ("/annex1/0/tonnes/2016", tonnes)]).len();
        assert_eq!((in_2016("3.162240"), in_2016("3.162250")), (0, 1));
    }

    #[test]
    fn what_rounding_explains_is_not_doubted() {
        // 0.1 g/s may stand for 0.1499 g/s.
        let doubts = |power, tonnes| {
            doubts(&[("/annex1/0/gps", power), ("/annex1/0/tonnes/2014", tonnes)]).len()
        };
        assert_eq!(doubts("0.1", "4.7"), 0);
        assert_eq!(doubts("0.1", "4.8"), 1);
        assert_eq!(doubts("0.10", "4.7"), 1);
        assert_eq!(doubts("99999999999999999999", "99999999999999999999"), 0);
    }

    /// The outlet lets out 5 m³/h and 43.8 thousand m³ a year; 15.0 mg/dm³ of the substance.
    #[test]
    fn a_discharge_that_its_water_does_not_carry_is_doubted() {
        let mass = |value| doubts(&[("/annex2/0/m3_h", "5.00"), ("/annex2/0/rows/0/g_h", value)]);
        assert_eq!(mass("75.000"), [""; 0]);
        assert_eq!(
            mass("76.000"),
            ["/annex2/0/rows/0/g_h: 76.000 g/h is not what 5.00 m³/h of 15.0 mg/dm³ carry"]
        );
        assert_eq!(mass("74.000").len(), 1);
        let year = |value| {
            doubts(&[
                ("/annex2/0/thousand_m3_year", "43.800"),
                ("/annex2/0/rows/0/tonnes/2018", value),
            ])
        };
        assert_eq!(year("0.657000"), [""; 0]);
        assert_eq!(year("0.100000"), [""; 0]);
        assert_eq!(
            year("0.660000"),
            [
                "/annex2/0/rows/0/tonnes/2018: 0.660000 t in 2018 is more than 43.800 thousand m³ of 15.0 mg/dm³ carry"
            ]
        );
    }
}
