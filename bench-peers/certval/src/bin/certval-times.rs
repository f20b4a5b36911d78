//! How long `certval` takes: `certval-times MATERIAL PKITS`, microseconds as JSON.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use certval_judge::judge;
use certval_judge::judge::Judge;
use certval_judge::judge::Memory;
use certval_judge::judge::Revocation;
use certval_judge::judge::read;
use certval_judge::pkits;
use certval_judge::stopwatch::microseconds;
use serde_json::Value;
use serde_json::json;

/// 2026-11-24T12:00:00Z, as in the material.
const MOMENT: u64 = 1_795_521_600;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [material, pkits] = arguments.as_slice() else {
        eprintln!("usage: certval-times MATERIAL PKITS");
        return ExitCode::from(2);
    };
    match times(Path::new(material), Path::new(pkits)) {
        Ok(times) => {
            println!("{times}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn times(material: &Path, pkits: &Path) -> Result<Value, String> {
    let file = |name: &str| read(&material.join(name));
    let (root, ca, leaf) = (file("root.der")?, [file("ca.der")?], file("leaf.der")?);
    let lists = [file("root.crl")?, file("ca.crl")?];
    let settings = judge::settings(MOMENT, Revocation::Asked);
    let cold = || Judge::new(&root, &lists, Memory::None)?.ask(&leaf, &ca, &settings);
    cold()?;
    let ready = Judge::new(&root, &lists, Memory::OfSignatures)?;
    ready.ask(&leaf, &ca, &settings)?;
    let (cases, anchor) = pkits::load(pkits)?;
    let count = || {
        let right =
            |case: &&pkits::Loaded| pkits::ask(case, &anchor).is_ok() == case.case.is_valid();
        cases.iter().filter(right).count()
    };
    Ok(json!({
        "cold": microseconds(cold),
        "warm": microseconds(|| ready.ask(&leaf, &ca, &settings)),
        "pkits": microseconds(count),
        "right": count(),
    }))
}
