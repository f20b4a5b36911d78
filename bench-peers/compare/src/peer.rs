//! Peers that run in processes of their own, and what each of them took.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// In microseconds; of `right` there are 246.
pub struct Figures {
    pub cold: f64,
    pub warm: f64,
    pub pkits: f64,
    pub right: usize,
}

impl Figures {
    pub fn print(&self, name: &str, bare: f64) {
        let Self {
            cold,
            warm,
            pkits,
            right,
        } = self;
        let (cold_ratio, warm_ratio, pkits) = (cold / bare, warm / bare, pkits / 1000.0);
        println!(
            "{name:<10}{cold:>12.1}{cold_ratio:>8.2}{warm:>12.1}{warm_ratio:>8.2}{pkits:>14.1}{right:>10}"
        );
    }
}

/// `certval-times` of the crate beside this one.
pub fn certval(material: &Path, pkits: &Path) -> Result<Figures, String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../certval/Cargo.toml");
    let mut command = Command::new("cargo");
    command.args([
        "run",
        "-q",
        "--release",
        "--locked",
        "--bin",
        "certval-times",
    ]);
    command.args(["--manifest-path", manifest, "--"]);
    run(command.arg(material).arg(pkits))
}

/// `pyhanko_times.py` beside this crate.
pub fn pyhanko(python: &Path, material: &Path, pkits: &Path) -> Result<Figures, String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../pyhanko_times.py");
    run(Command::new(python).arg(script).arg(material).arg(pkits))
}

fn run(command: &mut Command) -> Result<Figures, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let told: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let number = |name: &str| told[name].as_f64().ok_or(format!("no {name}"));
    Ok(Figures {
        cold: number("cold")?,
        warm: number("warm")?,
        pkits: number("pkits")?,
        right: number("right")? as usize,
    })
}
