//! Readers of single values.

use std::collections::BTreeMap;
use std::str::FromStr;

use time::Date;
use time::OffsetDateTime;

use crate::model::bilingual::Bilingual;
use crate::model::bin::Bin;
use crate::model::date;
use crate::model::digits::Digits;
use crate::model::error::Fact;
use crate::model::error::JsonType;
use crate::model::iin::Iin;
use crate::model::json::fields::Fields;
use crate::model::json::fields::wrong_type;
use crate::model::json::place::Place;
use crate::model::json::place::Problems;
use crate::model::json::tree::Tree;
use crate::model::quantity::Quantity;
use crate::model::quantity::Tonnes;

/// Text that can be printed: not blank, without controls and other invisible characters.
pub(super) fn text(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<String> {
    let text = string(tree, place, problems)?;
    let unprintable = text
        .chars()
        .enumerate()
        .find(|(_, character)| is_unprintable(*character));
    if let Some((index, character)) = unprintable {
        let position = index + 1;
        problems.add(
            place,
            Fact::ControlCharacter {
                character,
                position,
            },
        );
        return None;
    }
    if text.trim().is_empty() {
        problems.add(place, Fact::Empty);
        return None;
    }
    Some(text.to_owned())
}

pub(super) fn bilingual(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Bilingual> {
    let mut fields = Fields::of(tree, place, problems)?;
    let kk = fields.required("kk", text);
    let ru = fields.required("ru", text);
    fields.finish();
    Some(Bilingual { kk: kk?, ru: ru? })
}

pub(super) fn boolean(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<bool> {
    match tree {
        Tree::Boolean(value) => Some(*value),
        _ => {
            problems.add(place, wrong_type(JsonType::Boolean, tree));
            None
        }
    }
}

/// A year given as a number.
pub(super) fn year(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<u16> {
    let Tree::Number(number) = tree else {
        problems.add(place, wrong_type(JsonType::Number, tree));
        return None;
    };
    let year = number
        .and_then(|number| u16::try_from(number).ok())
        .filter(|year| (1000..=9999).contains(year))
        .ok_or(Fact::NotAYear);
    problems.ok(place, year)
}

/// A year given as the name of a member.
pub(super) fn year_of_name(name: &str) -> Option<u16> {
    let digits: Digits<4> = name.parse().ok()?;
    let year = digits.as_str().parse().ok()?;
    (year >= 1000).then_some(year)
}

pub(super) fn date(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Date> {
    let text = string(tree, place, problems)?;
    problems.ok(place, date::parse(text).ok_or(Fact::NotADate))
}

pub(super) fn moment(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<OffsetDateTime> {
    let text = string(tree, place, problems)?;
    problems.ok(place, date::parse_time(text).ok_or(Fact::NotATime))
}

pub(super) fn bin(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Bin> {
    parsed(tree, place, problems, Fact::Bin)
}

pub(super) fn iin(tree: &Tree<'_>, place: Place<'_>, problems: &mut Problems) -> Option<Iin> {
    parsed(tree, place, problems, Fact::Iin)
}

pub(super) fn digits<const N: usize>(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Digits<N>> {
    parsed(tree, place, problems, Fact::Digits)
}

pub(super) fn quantity<U>(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<Quantity<U>> {
    parsed(tree, place, problems, Fact::Quantity)
}

/// Amounts by year, not yet whether the years belong together.
pub(super) fn by_year(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<BTreeMap<u16, Tonnes>> {
    let Tree::Object(members) = tree else {
        problems.add(place, wrong_type(JsonType::Object, tree));
        return None;
    };
    let before = problems.list.len();
    let mut amounts = BTreeMap::new();
    for (name, value) in members {
        let place = place.key(name);
        let Some(year) = problems.ok(place, year_of_name(name).ok_or(Fact::NotAYear)) else {
            continue;
        };
        let amount = quantity(value, place, problems).unwrap_or(Tonnes::ZERO);
        if amounts.insert(year, amount).is_some() {
            problems.add(place, Fact::DuplicateKey);
        }
    }
    (problems.list.len() == before).then_some(amounts)
}

/// One of the words that the form knows.
pub(super) fn word<T: Copy>(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
    allowed: &'static [&'static str],
    values: &[T],
) -> Option<T> {
    let text = string(tree, place, problems)?;
    let value = allowed
        .iter()
        .zip(values)
        .find(|(word, _)| **word == text)
        .map(|(_, value)| *value)
        .ok_or_else(|| Fact::UnknownValue {
            value: text.to_owned(),
            allowed,
        });
    problems.ok(place, value)
}

pub(super) fn string<'t>(
    tree: &'t Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
) -> Option<&'t str> {
    match tree {
        Tree::String(text) => Some(text),
        _ => {
            problems.add(place, wrong_type(JsonType::String, tree));
            None
        }
    }
}

fn parsed<T: FromStr>(
    tree: &Tree<'_>,
    place: Place<'_>,
    problems: &mut Problems,
    fact: fn(T::Err) -> Fact,
) -> Option<T> {
    let text = string(tree, place, problems)?;
    problems.ok(place, text.parse().map_err(fact))
}

/// Controls; marks that show nothing or turn the direction of the text, so that a reader would
/// see other words than the data holds; noncharacters, which XML does not carry.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
        || u32::from(character) & 0xfffe == 0xfffe
}
