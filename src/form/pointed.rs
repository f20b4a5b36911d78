//! Values that know where they stand in the data, on their way through the template engine.
//!
//! A printed value goes in as text between noncharacters, which no data has: its JSON pointer, then
//! itself. So a template prints it like any other value and cannot name the wrong place.

/// A value with its JSON pointer.
pub(super) fn pointed(pointer: &str, value: &str) -> String {
    format!("{BEGIN}{pointer}{VALUE}{value}{END}")
}

/// The parts of a text: plain ones, and values with their pointers.
pub(super) fn parts(text: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    text.split(END).flat_map(|part| {
        let (plain, value) = match part.split_once(BEGIN) {
            Some((plain, value)) => (plain, value.split_once(VALUE)),
            None => (part, None),
        };
        let plain = (None, plain);
        let value = value.map(|(pointer, value)| (Some(pointer), value));
        std::iter::once(plain).chain(value)
    })
}

const BEGIN: char = '\u{fdd0}';
const VALUE: char = '\u{fdd1}';
const END: char = '\u{fdd2}';
