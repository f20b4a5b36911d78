//! That a file is what it says, before its figures count.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use sha2::Digest;
use sha2::Sha256;

/// qpdf takes the file, and every amount of appendix 1 stands in its text.
pub fn file(file: &Path, data: &Value) -> Result<(), Box<dyn Error>> {
    run(Command::new("qpdf").arg("--check").arg(file))?;
    let text = run(Command::new("pdftotext").arg("-raw").arg(file).arg("-"))?;
    let text: String = text.split_whitespace().collect();
    let mut looked_for = vec![data["number"].as_str().unwrap_or_default().to_owned()];
    for row in data["annex1"].as_array().into_iter().flatten() {
        let amounts = row["tonnes"]
            .as_object()
            .into_iter()
            .flat_map(|years| years.values());
        let figures = amounts.chain([&row["gps"]]).filter_map(Value::as_str);
        looked_for.extend(figures.map(|figure| figure.replace('.', ",")));
    }
    match looked_for
        .iter()
        .find(|figure| !text.contains(figure.as_str()))
    {
        Some(figure) => Err(format!("{figure} does not stand in {}", file.display()).into()),
        None => Ok(()),
    }
}

pub fn pages(file: &Path) -> Result<usize, Box<dyn Error>> {
    Ok(run(Command::new("qpdf").arg("--show-npages").arg(file))?
        .trim()
        .parse()?)
}

/// The first half of the SHA-256 of all files one behind the other.
pub fn digest(files: &[PathBuf]) -> Result<String, Box<dyn Error>> {
    let mut digest = Sha256::new();
    for file in files {
        digest.update(fs::read(file)?);
    }
    Ok(digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn run(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.output()?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stdout)).into()),
    }
}
