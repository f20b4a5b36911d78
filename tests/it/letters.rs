//! What the templates print as the regulations' own words is theirs to the letter.
//!
//! The regulations lie beside the public test data; without them there is nothing to compare with.

use std::collections::HashSet;
use std::env;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::path::PathBuf;

use roxmltree::Document;
use roxmltree::Node;
use toml::Value;

#[test]
fn words_of_a_regulation_are_in_its_lines_letter_for_letter() {
    let Some(regulations) = Regulations::read() else {
        return;
    };
    let mut checked = 0;
    let mut wrong = Vec::new();
    for folder in editions() {
        let settings: Value = toml::from_str(&text(&folder.join("form.toml"))).unwrap();
        let corrections = corrections(&settings);
        for correction in &corrections {
            let line = regulations.lines(&correction.line).unwrap();
            assert!(line.contains(&correction.regulation), "{correction:?}");
        }
        let mut compare = |place: &str, marks: &[&str], words: &str| {
            if letters(words).is_empty() {
                return;
            }
            let lines: String = marks
                .iter()
                .filter_map(|mark| regulations.lines(mark))
                .collect();
            checked += 1;
            if !lines.contains(&letters(words)) {
                wrong.push(format!("{place}: {marks:?}: {words}"));
            }
        };
        for (path, source) in templates(&folder) {
            let source = format!("<x>{}</x>", without_tags(&source));
            for (marks, piece) in regulated(&Document::parse(&source).unwrap()) {
                if let Some(piece) = uncorrected(piece, &marks, &corrections) {
                    compare(&path.display().to_string(), &marks, &piece);
                }
            }
        }
        for (name, words, src) in sourced(&settings) {
            let marks: Vec<_> = src
                .split(';')
                .filter(|mark| regulations.lines(mark).is_some())
                .collect();
            for sentence in words.split(". ").filter(|_| !marks.is_empty()) {
                compare(&name, &marks, sentence);
            }
        }
    }
    println!("{checked} texts of the regulations compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked >= LEAST, "{checked}");
}

/// Each piece of text that comes from lines of a regulation and from nowhere else.
fn regulated<'d>(document: &'d Document<'_>) -> Vec<(Vec<&'d str>, String)> {
    let mut found = Vec::new();
    for node in document.descendants() {
        let marks: Vec<_> = node
            .attribute("src")
            .unwrap_or_default()
            .split(';')
            .collect();
        if marks.iter().all(|mark| mark.starts_with(['K', 'R'])) {
            let mut pieces = vec![String::new()];
            own_text(node, &mut pieces);
            found.extend(pieces.into_iter().map(|piece| (marks.clone(), piece)));
        }
    }
    found
}

/// The regulation's own wording of a text that is printed corrected; none where the slip is always
/// corrected, for then the settings do not say what it was.
fn uncorrected(piece: String, marks: &[&str], corrections: &[Correction]) -> Option<String> {
    if !marks.iter().any(|mark| mark.ends_with('*')) {
        return Some(piece);
    }
    let mut known = corrections.iter().filter(|correction| {
        marks
            .iter()
            .any(|mark| mark.trim_end_matches('*') == correction.line)
    });
    let correction = known.next()?;
    Some(letters(&piece).replace(&correction.printed, &correction.regulation))
}

/// Where an edition takes over a sheet, it takes over its letters: what is marked there as a line of a
/// regulation and our proposal to use it stands in the other edition with that line alone.
#[test]
fn a_text_taken_over_from_another_edition_is_the_same_text() {
    let marked = |folder: &Path| -> Vec<(String, String, String)> {
        let mut found = Vec::new();
        for (path, source) in templates(folder) {
            let source = format!("<x>{}</x>", without_tags(&source));
            for node in Document::parse(&source).unwrap().descendants() {
                let marks = node.attribute("src").unwrap_or_default();
                if !marks.starts_with(['K', 'R']) {
                    continue;
                }
                let mut pieces = vec![String::new()];
                own_text(node, &mut pieces);
                let line = marks.trim_end_matches(";P").to_owned();
                found.extend(
                    pieces
                        .iter()
                        .map(|piece| letters(piece))
                        .filter(|piece| !piece.is_empty())
                        .map(|piece| (path.display().to_string(), line.clone(), piece)),
                );
            }
        }
        found
    };
    let [first, second] = editions();
    let first: HashSet<_> = marked(&first)
        .into_iter()
        .map(|(_, line, piece)| (line, piece))
        .collect();
    let regulations = Regulations::read();
    let mut compared = 0;
    for (path, line, piece) in marked(&second) {
        let is_its_own = regulations.as_ref().is_some_and(|regulations| {
            let lines = line.split(';').filter_map(|mark| regulations.lines(mark));
            lines.collect::<String>().contains(&piece)
        });
        // What the act of this edition says itself needs no other edition; what is put together of
        // several sources has none.
        let is_composed = line.split(';').any(|mark| mark.starts_with(['T', 'S']));
        if line.starts_with('R') || is_its_own || is_composed {
            continue;
        }
        compared += 1;
        assert!(
            first.contains(&(line.clone(), piece.clone())),
            "{path}: {line}: {piece}"
        );
    }
    assert!(compared >= 5, "{compared}");
}

#[test]
fn every_word_is_written_in_one_script_and_with_letters_of_its_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders: Vec<PathBuf> = editions().into_iter().collect();
    folders.extend([root.join("fixtures"), root.join("src/report")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|extension| extension.to_str()) {
                None => folders.push(path),
                Some("hbs" | "json" | "toml") => files.push(path),
                Some(_) => {}
            }
        }
    }
    let mut words = 0;
    let mut wrong = Vec::new();
    for file in &files {
        let source = text(file);
        let found = source.split(|character: char| !character.is_alphabetic());
        for word in found.filter(|word| !word.is_empty()) {
            words += 1;
            if !is_of_one_script(word) {
                wrong.push(format!("{}: {word}", file.display()));
            }
        }
    }
    println!("{words} words in {} files", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(words > 20_000 && files.len() > 100, "{words}");
}

#[test]
fn letters_that_only_look_right_are_found() {
    for word in ["рұқсат", "Ілеспе", "hbs", "Әә", "Һамитқызы", "IV"] {
        assert!(is_of_one_script(word), "{word}");
    }
    // Latin i, Latin h, Latin o, the turned e of phonetics, Bashkir ҡ, Ukrainian ї, fita.
    for word in [
        "Iлеспе",
        "қаhарман",
        "oблыс",
        "кǝсіпкер",
        "ҡала",
        "їм",
        "ѳмір",
    ] {
        assert!(!is_of_one_script(word), "{word}");
    }
}

/// Latin letters alone, or letters of the Russian and the Kazakh alphabet alone; Greek and Ordinal
/// signs are no letters of a word here.
fn is_of_one_script(word: &str) -> bool {
    let is_kazakh_or_russian =
        |letter: char| matches!(letter, 'А'..='я' | 'Ё' | 'ё') || KAZAKH_LETTERS.contains(letter);
    word.is_ascii() || word.chars().all(is_kazakh_or_russian)
}

const KAZAKH_LETTERS: &str = "ӘәҒғҚқҢңӨөҰұҮүҺһІі";

#[test]
fn another_letter_is_found() {
    let Some(regulations) = Regulations::read() else {
        return;
    };
    let line = regulations.lines("K310").unwrap();
    assert!(line.contains(&letters("эмиссияға РҰҚСАТ")));
    // Kazakh ұ and Russian у look alike in some types.
    assert!(!line.contains(&letters("эмиссияға РУҚСАТ")));
}

struct Regulations {
    kazakh: Vec<String>,
    russian: Vec<String>,
}

impl Regulations {
    fn read() -> Option<Self> {
        let folder = PathBuf::from(env::var_os("RUQSAT_CORPORA")?);
        let seeds = folder.parent()?.join("seeds");
        let read = |name: &str| {
            let text = fs::read_to_string(seeds.join(name)).ok()?;
            Some(text.split('\n').map(letters).collect())
        };
        Some(Self {
            kazakh: read("000_d473be9392096257.txt")?,
            russian: read("003_5cefa27604c80629.txt")?,
        })
    }

    /// The letters of the lines that a mark names; none for a mark of another kind.
    fn lines(&self, mark: &str) -> Option<String> {
        let (lines, numbers) = match mark.split_at_checked(1)? {
            ("K", numbers) => (&self.kazakh, numbers),
            ("R", numbers) => (&self.russian, numbers),
            _ => return None,
        };
        let range = range(numbers.trim_end_matches('*'))?;
        Some(lines.get(range)?.concat())
    }
}

/// Lines counted from 1, as places counted from 0.
fn range(numbers: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let place = |text: &str| text.parse::<usize>().ok()?.checked_sub(1);
    Some(place(first)?..=place(last)?)
}

/// Letters and digits in lower case: what the recognition of the scans kept.
pub(crate) fn letters(text: &str) -> String {
    let kept = text.chars().filter(|character| character.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[derive(Debug)]
struct Correction {
    line: String,
    regulation: String,
    printed: String,
}

fn corrections(settings: &Value) -> Vec<Correction> {
    let list = settings["corrections"].as_array().unwrap();
    list.iter()
        .map(|correction| Correction {
            line: correction["line"].as_str().unwrap().to_owned(),
            regulation: letters(correction["regulation"].as_str().unwrap()),
            printed: letters(correction["printed"].as_str().unwrap()),
        })
        .collect()
}

/// Words and the repeal note of the settings in each language, with what of their source is of
/// that language.
fn sourced(settings: &Value) -> Vec<(String, &str, String)> {
    let mut found = Vec::new();
    let mut add = |name: String, words, src: &str, regulation: char| {
        let marks: Vec<_> = src
            .split(';')
            .filter(|mark| mark.starts_with(regulation))
            .collect();
        found.push((name, words, marks.join(";")));
    };
    for (group, words) in settings["words"].as_table().unwrap() {
        for (name, word) in words.as_table().unwrap() {
            let of = |key: &str| word[key].as_str().unwrap();
            add(format!("words.{group}.{name}"), of("kk"), of("src"), 'K');
            add(format!("words.{group}.{name}"), of("ru"), of("src"), 'R');
        }
    }
    let note = &settings["repeal_note"];
    for (lang, regulation) in [("kk", 'K'), ("ru", 'R')] {
        let of = |key: &str| note[lang][key].as_str().unwrap();
        add(
            format!("repeal_note.{lang}"),
            of("text"),
            of("src"),
            regulation,
        );
    }
    found
}

/// The text of an element up to each value, without what has a source of its own.
fn own_text(node: Node<'_, '_>, pieces: &mut Vec<String>) {
    for child in node.children() {
        match child.tag_name().name() {
            "v" => pieces.push(String::new()),
            _ if child.has_attribute("src") => pieces.push(String::new()),
            _ if child.is_text() => pieces.last_mut().unwrap().push_str(child.text().unwrap()),
            _ => own_text(child, pieces),
        }
    }
}

/// A template without its tags: an XML fragment with the text of every branch.
fn without_tags(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some((before, tag)) = rest.split_once("{{") {
        text.push_str(before);
        let end = if tag.starts_with("!--") { "--}}" } else { "}}" };
        rest = tag.split_once(end).unwrap().1;
    }
    text + rest
}

pub(crate) fn templates(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hbs"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.clone(), text(&path)))
        .collect()
}

pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

pub(crate) fn editions() -> [PathBuf; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    ["atyrau-2013", "zhambyl-2014"].map(|edition| root.join(edition))
}

/// Texts compared when this was written.
const LEAST: usize = 107;
