//! What the main job costs, stage by stage: `cargo bench --bench main_job`.
//!
//! Every document is a new one: the figures of appendices 1, 3 and 4 differ from iteration to
//! iteration, and the totals with them.
#![allow(missing_docs, reason = "criterion's macro makes a public function")]
#![allow(
    clippy::unwrap_used,
    reason = "a benchmark stops where something is wrong"
)]

use std::cell::Cell;
use std::hint::black_box;

use criterion::BatchSize;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use serde_json::Value;
use time::macros::datetime;

use ruqsat::document;
use ruqsat::document::RenderOptions;
use ruqsat::export;
use ruqsat::export::ExportOptions;
use ruqsat::export::SignatureField;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::FilledForm;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::layout;
use ruqsat::layout::Fonts;
use ruqsat::model::Permit;

fn make(c: &mut Criterion) {
    let permits = Permits::new();
    let edition = Edition::builtin("atyrau-2013").unwrap();
    let fonts = Fonts::builtin();
    let fill = || edition.fill(&permits.next(), &FILL).unwrap().0;
    let lay_out = |form: &FilledForm| layout::lay_out(form, fonts).unwrap();
    let export = ExportOptions {
        time: RENDER.time,
        attachments: Vec::new(),
        signature_field: SignatureField::Empty,
    };
    let pages = lay_out(&fill()).pages.len();
    let mut group = c.benchmark_group(format!("permit of {pages} pages"));
    group.bench_function("edition", |b| {
        b.iter(|| Edition::builtin("atyrau-2013").unwrap())
    });
    group.bench_function("read", |b| {
        b.iter_batched(
            || permits.json(),
            |json| Permit::from_json(&json).unwrap(),
            SIZE,
        );
    });
    group.bench_function("fill", |b| {
        b.iter_batched(
            || permits.next(),
            |permit| edition.fill(&permit, &FILL).unwrap(),
            SIZE,
        );
    });
    group.bench_function("layout", |b| {
        b.iter_batched(fill, |form| lay_out(&form), SIZE)
    });
    group.bench_function("export", |b| {
        b.iter_batched(
            || lay_out(&fill()),
            |pages| export::export(&pages, fonts, &export).unwrap(),
            SIZE,
        );
    });
    group.bench_function("whole", |b| {
        b.iter_batched(
            || permits.next(),
            |permit| black_box(document::render(&edition, &permit, &RENDER).unwrap().pdf),
            SIZE,
        );
    });
    group.finish();
}

/// Permits like the fixture, each with figures of its own.
struct Permits {
    model: Value,
    count: Cell<u128>,
}

impl Permits {
    fn new() -> Self {
        let fixture = include_bytes!("../fixtures/permits/atyrau-2013.json");
        Self {
            model: serde_json::from_slice(fixture).unwrap(),
            count: Cell::new(0),
        }
    }

    fn next(&self) -> Permit {
        Permit::from_json(&self.json()).unwrap()
    }

    fn json(&self) -> Vec<u8> {
        let count = self.count.get() + 1;
        self.count.set(count);
        let mut data = self.model.clone();
        data["number"] = format!("{:05}", count % 100_000).into();
        for (rows, total) in [("annex1", "air"), ("annex3", "waste"), ("annex4", "sulfur")] {
            let mut sums: Vec<(String, u128)> = Vec::new();
            for (place, row) in data[rows].as_array_mut().unwrap().iter_mut().enumerate() {
                let years = row["tonnes"].as_object_mut().unwrap();
                for (index, (year, tonnes)) in years.iter_mut().enumerate() {
                    let (digits, places) = parts(tonnes.as_str().unwrap());
                    let amount =
                        digits * (1000 + (count * 7 + place as u128) % 900) / 1000 + count % 10;
                    *tonnes = printed(amount, places).into();
                    if place == 0 {
                        sums.push((year.clone(), 0));
                    }
                    sums[index].1 += amount * 10u128.pow(PLACES - places);
                }
            }
            for (year, sum) in sums {
                data["totals"][total][year] = printed(sum, PLACES).into();
            }
        }
        serde_json::to_vec(&data).unwrap()
    }
}

fn parts(decimal: &str) -> (u128, u32) {
    let places = decimal
        .split_once('.')
        .map_or(0, |(_, places)| places.len());
    (
        decimal.replace('.', "").parse().unwrap(),
        u32::try_from(places).unwrap(),
    )
}

fn printed(amount: u128, places: u32) -> String {
    let one = 10u128.pow(places);
    format!(
        "{}.{:0width$}",
        amount / one,
        amount % one,
        width = places as usize
    )
}

/// Places of the totals.
const PLACES: u32 = 9;
const SIZE: BatchSize = BatchSize::SmallInput;
const FILL: FillOptions = FillOptions::new(Language::KkRu, Medium::Electronic);
const RENDER: RenderOptions = RenderOptions::new(
    Language::KkRu,
    Medium::Electronic,
    datetime!(2013-12-04 09:00 UTC),
);

criterion_group!(benches, make);
criterion_main!(benches);
