//! Who refers to whom in the document as it was signed.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::pdf::error::Error;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::reader::View;
use crate::pdf::xref::Location;

/// Counts the references to each of `targets` in every object of a view.
pub(super) fn count_references(
    view: View<'_, '_>,
    targets: &mut BTreeMap<u32, usize>,
) -> Result<(), Error> {
    if let Some(section) = view.sections().first() {
        for entry in section.trailer.entries() {
            count(&entry.value, targets);
        }
    }
    let sections: BTreeSet<usize> = view
        .sections()
        .iter()
        .map(|section| section.offset)
        .collect();
    let mut numbers: Vec<u32> = view
        .sections()
        .iter()
        .flat_map(|section| &section.entries)
        .map(|(number, _)| *number)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        let generation = match view.location(number) {
            Location::At { generation, .. } => generation,
            Location::InStream { .. } => 0,
            Location::Free => continue,
        };
        let object = view.object(ObjectId { number, generation })?;
        let is_section = matches!(view.location(number), Location::At { offset, .. } if sections.contains(&offset));
        match object.as_dictionary().filter(|_| is_section) {
            // The trailer of a revision: what it names, the newest trailer named above.
            Some(dictionary) => {
                let others = dictionary
                    .entries()
                    .iter()
                    .filter(|entry| !matches!(entry.key.as_bytes(), b"Info" | b"Root"));
                others.for_each(|entry| count(&entry.value, targets));
            }
            None => count(&object, targets),
        }
    }
    Ok(())
}

// Recursion ends where the parser's depth limit did.
fn count(object: &Object<'_>, targets: &mut BTreeMap<u32, usize>) {
    match object {
        Object::Reference(id) => {
            if let Some(seen) = targets.get_mut(&id.number) {
                *seen += 1;
            }
        }
        Object::Array(array) => array.items().iter().for_each(|item| count(item, targets)),
        Object::Dictionary(_) | Object::Stream(_) => {
            let entries = object
                .as_dictionary()
                .map(|dictionary| dictionary.entries())
                .unwrap_or_default();
            entries
                .iter()
                .for_each(|entry| count(&entry.value, targets));
        }
        _ => {}
    }
}
