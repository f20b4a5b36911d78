//! What the texts of an edition say of where they come from.

use crate::form::check::Finding;
use crate::form::check::Findings;
use crate::form::check::at;
use crate::form::edition::Edition;
use crate::form::template::FORM_TOML;
use crate::form::template::Files;
use crate::form::xml;

/// Counts the texts that have a source, and lists those that are not official.
pub(super) fn collect(files: &Files, findings: &mut Findings) {
    for (file, text) in files {
        let mark = match file.as_str() {
            FORM_TOML => "src = \"",
            _ => "src=\"",
        };
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| rest.find(mark)) {
            let start = from + found + mark.len();
            let rest = text.get(start..).unwrap_or_default();
            let (source, after) = rest.split_once('"').unwrap_or((rest, ""));
            from = start + source.len();
            // One that is filled in is listed where it stands.
            if source.starts_with("{{") {
                continue;
            }
            findings.sourced += 1;
            if !xml::is_official(source) {
                let before = text.get(..start).unwrap_or_default();
                let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
                let words = match file.as_str() {
                    FORM_TOML => before.rsplit('\n').next().unwrap_or_default().to_owned(),
                    _ => words(after),
                };
                let words = shortened(words.trim());
                findings
                    .unofficial
                    .push(at(file, line, &format!("[{source}] {words}")));
            }
        }
    }
}

/// The words between a tag and its end.
fn words(after: &str) -> String {
    let inside = after.split_once('>').map_or(after, |(_, inside)| inside);
    let end = [
        "</kk>",
        "</ru>",
        "</p>",
        "</t>",
        "</watermark>",
        "</h1>",
        "</h2>",
        "</h3>",
    ]
    .iter()
    .filter_map(|end| inside.find(end))
    .min();
    let inside = inside
        .get(..end.unwrap_or(inside.len()))
        .unwrap_or_default();
    let mut words = String::new();
    let mut in_tag = false;
    for character in inside.chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => {}
            character => words.push(character),
        }
    }
    words
}

fn shortened(text: &str) -> String {
    let text: Vec<&str> = text.split_ascii_whitespace().collect();
    let text = text.join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A correction that no text has cannot be switched.
pub(super) fn corrections(edition: &Edition, faults: &mut Vec<Finding>) {
    let folded = |text: &str| text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let templates = edition.files.iter().filter(|(file, _)| *file != FORM_TOML);
    let texts: Vec<String> = templates.map(|(_, text)| folded(text)).collect();
    for correction in edition.corrections() {
        let mark = format!("{}*", correction.line);
        let is_there = texts
            .iter()
            .any(|text| text.contains(&mark) && text.contains(&folded(&correction.printed)));
        // A class L correction replaces whole sentences: its switch stands in the template.
        if !is_there {
            let settings = edition.files.get(FORM_TOML).map_or("", String::as_str);
            let near = format!("\"{}\"", correction.line);
            let line = settings.lines().position(|line| line.contains(&near));
            let text = format!(
                "no text with src {mark} has the words {:?}",
                correction.printed
            );
            faults.push(at(FORM_TOML, line.map_or(1, |line| line + 1), &text));
        }
    }
}

/// Characters of a text that are shown.
const LONGEST: usize = 80;
