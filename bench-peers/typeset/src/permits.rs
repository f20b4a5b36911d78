//! Permits that have not been there before: other names and amounts, with their sums.

use ruqsat::form::Language;
use serde_json::Value;

/// A kind of document that all set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// A permit of category IV in Russian: main sheet, a page of limits for two years, conditions.
    ThreePages,
    /// The permit of the fixtures in both languages, with all five appendices.
    TenPages,
    /// The same with this many rows in appendix 1.
    Rows(usize),
}

impl Sample {
    /// How it is called in tables and to children.
    pub fn name(self) -> String {
        match self {
            Self::ThreePages => "three pages".to_owned(),
            Self::TenPages => "ten pages".to_owned(),
            Self::Rows(count) => format!("{count} rows"),
        }
    }

    /// The sample of a name.
    pub fn of(name: &str) -> Result<Self, String> {
        match name {
            "three pages" => Ok(Self::ThreePages),
            "ten pages" => Ok(Self::TenPages),
            _ => {
                let count = name
                    .strip_suffix(" rows")
                    .and_then(|count| count.parse().ok());
                count
                    .map(Self::Rows)
                    .ok_or_else(|| format!("no sample {name}"))
            }
        }
    }

    pub fn language(self) -> Language {
        match self {
            Self::ThreePages => Language::Ru,
            Self::TenPages | Self::Rows(_) => Language::KkRu,
        }
    }

    /// Some permits, the same ones for the same seed.
    pub fn permits(self, count: usize, seed: u64) -> impl Iterator<Item = Value> {
        let mut chance = Chance(seed);
        (1..=count).map(move |number| self.permit(number, &mut chance))
    }

    fn permit(self, number: usize, chance: &mut Chance) -> Value {
        let model: Value = serde_json::from_str(match self {
            Self::ThreePages => OPEN_ENDED,
            Self::TenPages | Self::Rows(_) => PERMIT,
        })
        .expect("a fixture");
        let mut permit = model;
        let full: Value = serde_json::from_str(PERMIT).expect("a fixture");
        permit["number"] = format!("{number:05}").into();
        permit["annex5"] = full["annex5"].clone();
        for language in ["kk", "ru"] {
            let name = &mut permit["facility"]["name"][language];
            *name = format!(
                "{} {}",
                name.as_str().unwrap_or_default(),
                chance.below(1_000_000_000)
            )
            .into();
        }
        let rows = full["annex1"].as_array().expect("rows");
        let count = match self {
            Self::ThreePages => PAGE_OF_ROWS,
            Self::TenPages => rows.len(),
            Self::Rows(count) => count,
        };
        let mut years: Vec<String> = rows[0]["tonnes"]
            .as_object()
            .expect("years")
            .keys()
            .cloned()
            .collect();
        if self == Self::ThreePages {
            years.truncate(2);
        }
        // The sums of thousands of rows are no wider than those of a hundred.
        let digits = match self {
            Self::Rows(_) => 10_u64.pow(7),
            Self::ThreePages | Self::TenPages => 10_u64.pow(10),
        };
        let mut sums = vec![0; years.len()];
        let rows: Vec<Value> = (0..count)
            .map(|place| {
                let mut row = rows[place % rows.len()].clone();
                row["source_no"] = format!("{:04}", place + 1).into();
                row["gps"] = decimal(chance.below(digits), 7).into();
                row["tonnes"] = Value::Object(serde_json::Map::new());
                for (year, sum) in years.iter().zip(&mut sums) {
                    let amount = chance.below(digits);
                    *sum += amount;
                    row["tonnes"][year] = decimal(amount, 6).into();
                }
                row
            })
            .collect();
        permit["annex1"] = rows.into();
        for (year, sum) in years.iter().zip(sums) {
            permit["totals"]["air"][year] = decimal(sum, 6).into();
        }
        permit
    }
}

fn decimal(digits: u64, places: u32) -> String {
    let one = 10_u64.pow(places);
    format!(
        "{}.{:0width$}",
        digits / one,
        digits % one,
        width = places as usize
    )
}

/// SplitMix64: figures need to differ, nothing more.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// Rows of appendix 1 that fill one page: so many are sure to fit, whatever their figures.
const PAGE_OF_ROWS: usize = 26;
const PERMIT: &str = include_str!("../../../fixtures/permits/atyrau-2013.json");
const OPEN_ENDED: &str = include_str!("../../../fixtures/permits/atyrau-2013-open-ended.json");
