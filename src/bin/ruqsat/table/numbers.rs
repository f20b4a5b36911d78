//! What the numbers of a table mean: which mark stands between whole and fraction is decided once
//! for a table, and only where it leaves no doubt. Taken wrongly, a limit is a thousand times another.

use std::fmt;

/// A mark that people write before the fraction, and elsewhere between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Comma,
    Point,
}

/// What one number says about the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing: it has none, or is no number.
    Nothing,
    /// It stands before a fraction.
    Fraction(Mark),
    /// Three digits follow it: they may be a fraction, or the last of a whole number.
    Either(Mark),
}

/// Why the numbers of a table do not say what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt<P> {
    /// One number has another mark than one before it.
    Mixed { place: P, mark: Mark, other: P },
    /// Nothing in the table says what the mark of this number is.
    Either { place: P },
}

/// Holds the numbers of a table against each other; a place is whatever tells where one stands.
pub(super) fn doubt<P: Copy>(numbers: impl Iterator<Item = (P, Says)>) -> Option<Doubt<P>> {
    let mut first: Option<(P, Mark)> = None;
    let mut open: Option<P> = None;
    let mut is_settled = false;
    for (place, says) in numbers {
        let mark = match says {
            Says::Nothing => continue,
            Says::Fraction(mark) => {
                is_settled = true;
                mark
            }
            Says::Either(mark) => {
                open = open.or(Some(place));
                mark
            }
        };
        match first {
            None => first = Some((place, mark)),
            Some((_, known)) if known == mark => {}
            Some((other, _)) => return Some(Doubt::Mixed { place, mark, other }),
        }
    }
    let place = open.filter(|_| !is_settled)?;
    Some(Doubt::Either { place })
}

/// What a number says about the mark.
pub(super) fn says(text: &str) -> Says {
    let mut marks = text.match_indices([',', '.']);
    let (Some((at, mark)), None) = (marks.next(), marks.next()) else {
        return Says::Nothing;
    };
    let mark = match mark {
        "," => Mark::Comma,
        _ => Mark::Point,
    };
    let whole = text.get(..at).unwrap_or_default();
    let fraction = text.get(at + 1..).unwrap_or_default();
    // Neither a leading zero nor four digits stand before a mark of thousands, and who writes
    // spaces between thousands writes no other mark there.
    let may_be_thousands = fraction.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match is_number(&whole.replace(SPACES, "")) && is_number(fraction) && !whole.is_empty() {
        false => Says::Nothing,
        true if may_be_thousands => Says::Either(mark),
        true => Says::Fraction(mark),
    }
}

/// A number as the data writes it: with a point, and without spaces between groups of three digits.
/// What is no number stays as it is, for the reader of the data to refuse.
pub(super) fn decimal(text: &str) -> String {
    let marks = text.matches([',', '.']).count();
    let (whole, fraction) = text
        .split_once([',', '.'])
        .map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let groups: Vec<_> = whole.split(SPACES).collect();
    let is_grouped = groups.iter().enumerate().all(|(index, group)| {
        let length = match index {
            0 => (1..=3).contains(&group.len()),
            _ => group.len() == 3,
        };
        length && group.bytes().all(|byte| byte.is_ascii_digit())
    });
    if marks > 1 || (groups.len() > 1 && !is_grouped) {
        return text.to_owned();
    }
    let whole = groups.concat();
    match fraction {
        None => whole,
        Some(fraction) => format!("{whole}.{fraction}"),
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Comma => "comma",
            Self::Point => "point",
        })
    }
}

/// What stands between thousands: a space, one that does not break, a narrow one.
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_written_as_the_data_writes_them() {
        for (cell, number) in [
            ("0,104100", "0.104100"),
            ("0.104100", "0.104100"),
            ("12 000,000", "12000.000"),
            ("1\u{a0}234\u{a0}567,5", "1234567.5"),
            ("1\u{202f}234,5", "1234.5"),
            ("12000", "12000"),
            // Left for the reader of the data to refuse.
            ("1,234.5", "1,234.5"),
            ("1.234,5", "1.234,5"),
            ("1,234,567", "1,234,567"),
            ("12 00,5", "12 00,5"),
            ("1 2345", "1 2345"),
            ("-1,5", "-1.5"),
            ("1,", "1."),
            ("n/a", "n/a"),
        ] {
            assert_eq!(decimal(cell), number, "{cell}");
        }
    }

    #[test]
    fn three_digits_behind_a_mark_may_be_thousands() {
        let (comma, point) = (Mark::Comma, Mark::Point);
        for (cell, expected) in [
            ("1,234", Says::Either(comma)),
            ("999.000", Says::Either(point)),
            ("0,123", Says::Fraction(comma)),
            ("00,123", Says::Fraction(comma)),
            ("1234,567", Says::Fraction(comma)),
            ("1 234,567", Says::Fraction(comma)),
            ("1\u{a0}234.567", Says::Fraction(point)),
            ("1,23", Says::Fraction(comma)),
            ("1.2345", Says::Fraction(point)),
            ("1234", Says::Nothing),
            ("1,234,567", Says::Nothing),
            (",234", Says::Nothing),
            ("-1,234", Says::Nothing),
            ("n/a", Says::Nothing),
            ("", Says::Nothing),
        ] {
            assert_eq!(says(cell), expected, "{cell}");
        }
    }

    #[test]
    fn the_mark_is_one_for_the_whole_table_and_beyond_doubt() {
        let doubt = |cells: &[&str]| {
            let says = |(place, cell): (usize, &&str)| (place, says(cell));
            doubt(cells.iter().enumerate().map(says))
        };
        let (comma, point) = (Mark::Comma, Mark::Point);
        assert_eq!(doubt(&[]), None);
        assert_eq!(doubt(&["12", "1 234", "x"]), None);
        // One number that can be nothing else says what the others are.
        assert_eq!(doubt(&["1,234", "0,5"]), None);
        assert_eq!(doubt(&["0.5", "1.234", "12"]), None);
        assert_eq!(
            doubt(&["7", "1,234", "2,345"]),
            Some(Doubt::Either { place: 1 })
        );
        assert_eq!(doubt(&["1.234"]), Some(Doubt::Either { place: 0 }));
        let mixed = |place, mark, other| Some(Doubt::Mixed { place, mark, other });
        assert_eq!(doubt(&["0.5", "3", "1,234"]), mixed(2, comma, 0));
        assert_eq!(doubt(&["1,234", "0.5"]), mixed(1, point, 0));
        assert_eq!(doubt(&["0,5", "0.5"]), mixed(1, point, 0));
    }

    proptest! {
        /// A table that is read without doubt reads each number as its writer meant it, whichever
        /// of the two ways of writing is theirs.
        #[test]
        fn no_number_is_taken_for_one_a_thousand_times_as_large(
            counts in prop::collection::vec((0_u64..10_000_000, 0_usize..5), 1..8),
            comma in any::<bool>(),
            grouped in any::<bool>(),
        ) {
            let (fraction, thousands) = if comma { (',', '.') } else { ('.', ',') };
            let mut meant = Vec::new();
            let mut cells = Vec::new();
            for (count, places) in counts {
                let scale = 10_u64.pow(u32::try_from(places).unwrap());
                let (whole, rest) = ((count / scale).to_string(), count % scale);
                let rest = if places == 0 { String::new() } else { format!("{rest:0places$}") };
                let mut written = String::new();
                for (index, digit) in whole.chars().enumerate() {
                    if grouped && index > 0 && (whole.len() - index).is_multiple_of(3) {
                        written.push(thousands);
                    }
                    written.push(digit);
                }
                let mark = |mark: char| if places == 0 { String::new() } else { mark.to_string() };
                cells.push(format!("{written}{}{rest}", mark(fraction)));
                meant.push(format!("{whole}{}{rest}", mark('.')));
            }
            let numbers = cells.iter().enumerate().map(|(place, cell)| (place, says(cell)));
            if doubt(numbers).is_none() {
                for (cell, meant) in cells.iter().zip(meant) {
                    let read = decimal(cell);
                    let is_refused = read.contains(',') || read.matches('.').count() > 1;
                    prop_assert!(read == meant || is_refused, "{cells:?}: {cell} is {read}");
                }
            }
        }
    }
}
