//! Asks `certval` all cases of PKITS and prints its answers as JSON.
//!
//! The command stands in the answer itself (`made_by`), to be run from the root of the project.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use certval_judge::judge;
use certval_judge::pkits;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

const COMMAND: &str = "cargo run --release --locked --manifest-path bench-peers/certval/Cargo.toml \
    --bin pkits-oracle -- \"$RUQSAT_CORPORA/pkits\" > tests/it/suites/pkits_certval.json";

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: pkits-oracle FOLDER");
        return ExitCode::from(2);
    };
    match answers(Path::new(&folder)) {
        Ok(answers) => {
            println!("{answers:#}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn answers(folder: &Path) -> Result<Value, String> {
    let (cases, anchor) = pkits::load(folder)?;
    let answers: Map<String, Value> = cases
        .iter()
        .map(|loaded| {
            let answer = match pkits::ask(loaded, &anchor) {
                Ok(()) => json!({ "valid": true }),
                Err(error) => json!({ "valid": false, "error": error }),
            };
            (loaded.case.name.clone(), answer)
        })
        .collect();
    Ok(json!({
        "made_by": {
            "command": COMMAND,
            "certval": judge::VERSION,
            "signatures": "ring 0.17.14",
        },
        "cases": answers,
    }))
}
