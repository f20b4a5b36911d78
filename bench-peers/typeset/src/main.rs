//! Ours beside other typesetters: the same new permits in one run, a table of what each cost.
//!
//! ```text
//! python3 -m venv venv && venv/bin/pip install -r bench-peers/typeset/requirements.txt
//! cargo run --release --locked --manifest-path bench-peers/typeset/Cargo.toml -- \
//!     [--python venv/bin/python] [--count 50] [--seed N] [--only NAME] [--keep DIR]
//! cargo run … -- --rows           what a table of many rows costs ours
//! ```
//!
//! Every document has names and amounts of this run, so that nobody prints from a cache. Each
//! contender makes them in a process of its own, one after the other, after three documents that are
//! not counted. `ruqsat` and `krilla` begin with the data of the permit; `krilla` writes the pages
//! that our layout made, since it has none. The others get the filled form (`src/filled.rs`), whose
//! making is not counted for them, and set the same words in the same tables with the same fonts.
//! typst and krilla write PDF/A-3a and PDF/UA-1 with the data attached, WeasyPrint PDF/A-3a with
//! the data attached, ReportLab a plain PDF; only ours has the field of the signature and names the value
//! behind each text.
//!
//! CPU is user and system time of all threads. The digest is over all files of a contender, in
//! their order. Before a row is printed, every amount of its first and last document is looked for
//! in the text of the file, and qpdf checks the files.

mod check;
mod contender;
mod filled;
mod permits;
mod with_krilla;
#[cfg(feature = "typst")]
mod with_typst;

use std::error::Error;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use ruqsat::form::Edition;
use rustix::time::ClockId;
use rustix::time::clock_gettime;
use serde_json::Value;

use crate::contender::Contender;
use crate::contender::Input;
use crate::permits::Sample;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, name, sample, batch, folder] = &arguments[..] {
        if child == CHILD {
            return make(
                name,
                Sample::of(sample)?,
                Path::new(batch),
                Path::new(folder),
            );
        }
    }
    let options = Options::of(&arguments)?;
    println!(
        "{} documents, seed {}, {} processors, load {}\n",
        options.count,
        options.seed,
        std::thread::available_parallelism()?,
        fs::read_to_string("/proc/loadavg")?
            .split(' ')
            .next()
            .unwrap_or_default(),
    );
    match options.rows {
        true => rows(&options),
        false => [Sample::ThreePages, Sample::TenPages]
            .into_iter()
            .try_for_each(|sample| compare(&options, sample)),
    }
}

/// What is asked for.
struct Options {
    count: usize,
    seed: u64,
    python: Option<PathBuf>,
    only: Option<String>,
    work: PathBuf,
    rows: bool,
}

impl Options {
    fn of(arguments: &[String]) -> Outcome<Self> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let mut options = Self {
            count: 50,
            seed: now.as_nanos() as u64 % 1_000_000_000,
            python: None,
            only: None,
            work: std::env::temp_dir().join(format!("typeset-{}", std::process::id())),
            rows: false,
        };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            if word == "--rows" {
                options.rows = true;
                continue;
            }
            let value = words
                .next()
                .ok_or_else(|| format!("{word} needs a value"))?;
            match word.as_str() {
                "--count" => options.count = value.parse()?,
                "--seed" => options.seed = value.parse()?,
                "--python" => options.python = Some(value.into()),
                "--only" => options.only = Some(value.clone()),
                "--keep" => options.work = value.into(),
                _ => return Err(format!("unknown option {word}").into()),
            }
        }
        Ok(options)
    }
}

/// One table.
fn compare(options: &Options, sample: Sample) -> Outcome<()> {
    let batch = Batch::write(options, sample, options.count)?;
    println!(
        "| {} | pages | CPU ms a document | ms a page | times ours | kB a file | peak MB | SHA-256 of all files |",
        sample.name()
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut ours = None;
    for name in ["ruqsat", "krilla", "typst", "WeasyPrint", "ReportLab"] {
        if options.only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let Some(cost) = batch.cost(options, name)? else {
            println!("| {name} | not measured: no --python |");
            continue;
        };
        let files = batch.files(name)?;
        for place in [0, files.len() - 1] {
            check::file(&files[place], &batch.data(place)?)
                .map_err(|error| format!("{name}: {error}"))?;
        }
        let pages = check::pages(&files[0])?;
        let bytes: u64 = files
            .iter()
            .map(|file| fs::metadata(file).map_or(0, |meta| meta.len()))
            .sum();
        let each = cost.seconds * 1000.0 / options.count as f64;
        let ours = *ours.get_or_insert(each);
        println!(
            "| {name} | {pages} | {each:.1} | {:.2} | {:.1} | {:.0} | {:.0} | {} |",
            each / pages as f64,
            each / ours,
            bytes as f64 / files.len() as f64 / 1000.0,
            cost.megabytes,
            check::digest(&files)?,
        );
    }
    println!();
    batch.remove(options)
}

/// What a table of many rows costs ours.
fn rows(options: &Options) -> Outcome<()> {
    println!(
        "| rows | pages | CPU ms a document | µs a row | kB a file | peak MB |\n|---|---|---|---|---|---|"
    );
    for count in [400, 1000, 2500, 5000] {
        let sample = Sample::Rows(count);
        let documents = (10_000 / count).clamp(3, 20);
        let batch = Batch::write(options, sample, documents)?;
        let cost = batch.cost(options, "ruqsat")?.ok_or("nothing measured")?;
        let files = batch.files("ruqsat")?;
        check::file(&files[0], &batch.data(0)?)?;
        let each = cost.seconds * 1000.0 / documents as f64;
        println!(
            "| {count} | {} | {each:.1} | {:.1} | {:.0} | {:.0} |",
            check::pages(&files[0])?,
            each * 1000.0 / count as f64,
            fs::metadata(&files[0])?.len() as f64 / 1000.0,
            cost.megabytes,
        );
        batch.remove(options)?;
    }
    Ok(())
}

/// What a contender took.
struct Cost {
    seconds: f64,
    megabytes: f64,
}

/// Documents on disk, one a line: their data and the filled form.
struct Batch {
    sample: Sample,
    folder: PathBuf,
}

impl Batch {
    fn write(options: &Options, sample: Sample, count: usize) -> Outcome<Self> {
        let folder = options.work.join(sample.name().replace(' ', "-"));
        fs::create_dir_all(&folder)?;
        let batch = Self { sample, folder };
        let edition = Edition::builtin("atyrau-2013")?;
        let mut file = BufWriter::new(fs::File::create(batch.file())?);
        for permit in sample.permits(count + WARM, options.seed) {
            let data = serde_json::to_string(&permit)?;
            let (form, pages) = contender::laid_out(&edition, &data, sample.language())?;
            let line = match sample {
                Sample::Rows(_) => serde_json::json!({ "data": data }),
                _ => {
                    serde_json::json!({ "data": data, "filled": filled::json(&form, &pages).to_string() })
                }
            };
            writeln!(file, "{line}")?;
        }
        file.flush()?;
        Ok(batch)
    }

    fn file(&self) -> PathBuf {
        self.folder.join("batch.ndjson")
    }

    /// Runs a contender over the batch; nothing without the Python that it needs.
    fn cost(&self, options: &Options, name: &str) -> Outcome<Option<Cost>> {
        let folder = self.folder.join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let mut command = match (name, &options.python) {
            ("WeasyPrint" | "ReportLab", None) => return Ok(None),
            ("WeasyPrint" | "ReportLab", Some(python)) => {
                let mut command = Command::new(python);
                command
                    .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("peers.py"))
                    .arg(name)
                    .arg(WARM.to_string());
                command
            }
            _ => {
                let mut command = Command::new(std::env::current_exe()?);
                command.args([CHILD, name, &self.sample.name()]);
                command
            }
        };
        // One document after the other on one thread: the peers' threads only cost them time to meet.
        command.env("RAYON_NUM_THREADS", "1");
        let output = command
            .arg(self.file())
            .arg(&folder)
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("{name} ended with {}", output.status).into());
        }
        let output = String::from_utf8(output.stdout)?;
        let mut numbers = output.split_whitespace().map(str::parse);
        let mut next =
            || -> Outcome<f64> { Ok(numbers.next().ok_or("no figure from the child")??) };
        Ok(Some(Cost {
            seconds: next()?,
            megabytes: next()?,
        }))
    }

    /// What a contender wrote, in order.
    fn files(&self, name: &str) -> Outcome<Vec<PathBuf>> {
        let entries = fs::read_dir(self.folder.join(name))?;
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.sort();
        match files.is_empty() {
            true => Err(format!("{name} wrote nothing").into()),
            false => Ok(files),
        }
    }

    /// The data of a document that counts.
    fn data(&self, place: usize) -> Outcome<Value> {
        let lines = BufReader::new(fs::File::open(self.file())?).lines();
        let line: Value = serde_json::from_str(
            &lines
                .skip(WARM + place)
                .next()
                .ok_or("no such document")??,
        )?;
        Ok(serde_json::from_str(
            line["data"].as_str().unwrap_or_default(),
        )?)
    }

    fn remove(self, options: &Options) -> Outcome<()> {
        if options.work.starts_with(std::env::temp_dir())
            && options.work.to_string_lossy().contains("typeset-")
        {
            fs::remove_dir_all(self.folder)?;
        }
        Ok(())
    }
}

/// A contender at work: prints its CPU seconds and its peak memory in MB.
fn make(name: &str, sample: Sample, batch: &Path, folder: &Path) -> Outcome<()> {
    let mut contender = Contender::new(name).ok_or_else(|| format!("no contender {name}"))?;
    let mut seconds = 0.0;
    for (place, line) in BufReader::new(fs::File::open(batch)?).lines().enumerate() {
        let mut line: Value = serde_json::from_str(&line?)?;
        let mut taken = |key: &str| match line[key].take() {
            Value::String(text) => text,
            _ => String::new(),
        };
        let mut input = Input {
            data: taken("data"),
            filled: String::new(),
        };
        if name == "typst" {
            input.filled = taken("filled");
        }
        drop(line);
        let start = cpu();
        let pdf = contender.set(input, sample.language())?;
        let took = cpu() - start;
        if place >= WARM {
            seconds += took;
            fs::write(folder.join(format!("{:05}.pdf", place - WARM)), pdf)?;
        }
    }
    println!("{seconds} {}", peak()?);
    Ok(())
}

/// CPU seconds of all threads of this process.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory that this process has held, in MB.
fn peak() -> Outcome<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).ok_or("no figure")?.parse()?;
    Ok(kilobytes * 1024.0 / 1e6)
}

/// The first word of a process that is one contender.
const CHILD: &str = "child";
/// Documents that come first and are not counted.
const WARM: usize = 3;
