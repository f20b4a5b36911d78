//! What may differ in the catalog: metadata, extensions, the document security store.

use std::collections::BTreeMap;

use crate::pdf::changes::comparison::Comparison;
use crate::pdf::changes::comparison::same;
use crate::pdf::changes::dss::Part;
use crate::pdf::changes::dss::PartKind;
use crate::pdf::changes::dss::parts;
use crate::pdf::changes::dss::related_parts;
use crate::pdf::changes::finding::Stop;
use crate::pdf::changes::finding::changed;
use crate::pdf::changes::finding::changed_key;
use crate::pdf::changes::metadata::only_last_change_differs;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;

impl<'p, 'a> Comparison<'p, 'a> {
    /// The catalog has the same keys with the same values, but for a few.
    pub(super) fn catalog(&mut self) -> Result<(), Stop> {
        let id = self.current.catalog_id()?;
        let (before, after) = (self.signed.catalog()?, self.current.catalog()?);
        if self.changed.contains(&id.number) {
            self.explained.insert(id.number, None);
        }
        for key in before.differing_keys(&after) {
            match key.as_slice() {
                b"AcroForm" | b"DSS" | b"Extensions" | b"Metadata" => {}
                b"Version"
                    if after
                        .get("Version")
                        .and_then(Object::as_name)
                        .is_some_and(is_version) => {}
                _ => return Err(changed_key(id.number, &key)),
            }
        }
        self.metadata(id, &before, &after)?;
        self.extensions(id, &before, &after)?;
        self.store(id, &before, &after)?;
        self.form(id, &before, &after)
    }

    /// It may tell of a later change, and of nothing else.
    fn metadata(
        &mut self,
        id: ObjectId,
        before: &Dictionary<'p>,
        after: &Dictionary<'p>,
    ) -> Result<(), Stop> {
        let (before, after) = match (before.get("Metadata"), after.get("Metadata")) {
            (None, None) => return Ok(()),
            (Some(before), Some(after)) => (before, after),
            _ => return Err(changed_key(id.number, b"Metadata")),
        };
        let touched = after
            .as_reference()
            .is_some_and(|id| self.changed.contains(&id.number) || self.added.contains(&id.number));
        if !touched && before.says_the_same(after) {
            return Ok(());
        }
        if !only_last_change_differs(self.signed, before, self.current, after)? {
            return Err(changed_key(id.number, b"Metadata"));
        }
        self.explain_value(Some(before), after)
    }

    /// Developer extensions (7.12): dictionaries of plain values.
    fn extensions(
        &mut self,
        id: ObjectId,
        before: &Dictionary<'p>,
        after: &Dictionary<'p>,
    ) -> Result<(), Stop> {
        let refused = || changed_key(id.number, b"Extensions");
        let Some(reference) = self.kept(id, "Extensions", before, after)? else {
            return Ok(());
        };
        self.explain_value(before.get("Extensions"), reference)?;
        let old = self.signed.value(before, "Extensions")?;
        let new = self.current.value(after, "Extensions")?;
        let Some(Object::Dictionary(new)) =
            new.filter(|_| old.as_ref().is_none_or(|old| old.as_dictionary().is_some()))
        else {
            return Err(refused());
        };
        if new.entries.len() > MAX_EXTENSIONS {
            return Err(refused());
        }
        for entry in &new.entries {
            let old = old.as_ref().and_then(Object::as_dictionary);
            let old = old
                .and_then(|old| old.entries.iter().find(|old| old.key == entry.key))
                .map(|old| &old.value);
            let touched = entry
                .value
                .as_reference()
                .is_some_and(|id| self.changed.contains(&id.number));
            if same(old, Some(&entry.value)) && !touched {
                continue;
            }
            self.explain_value(old, &entry.value)?;
            if !is_extension(&*self.current.resolve(&entry.value)?) {
                return Err(refused());
            }
        }
        Ok(())
    }

    fn store(
        &mut self,
        id: ObjectId,
        before: &Dictionary<'p>,
        after: &Dictionary<'p>,
    ) -> Result<(), Stop> {
        let Some(store) = self.kept(id, "DSS", before, after)? else {
            return Ok(());
        };
        let old = before.get("DSS");
        let Some(parts_now) = parts(self.current, store)? else {
            // Odd already when it was signed: then nothing of it may have changed.
            return if same(old, Some(store)) {
                Ok(())
            } else {
                Err(changed_key(id.number, b"DSS"))
            };
        };
        let mut uses: BTreeMap<Part, usize> = BTreeMap::new();
        if let Some(old) = old {
            for part in parts(self.signed, old)?.unwrap_or_default() {
                *uses.entry(part).or_insert(0) += 1;
            }
        }
        for part in parts_now {
            let number = part.id.number;
            if self.added.contains(&number) {
                self.explained.insert(number, Some(0));
            } else if self.changed.contains(&number) {
                // An array of certificates may grow, a certificate stays.
                let uses = uses.get(&part).filter(|_| part.kind == PartKind::Structure);
                self.explained
                    .insert(number, Some(*uses.ok_or_else(|| changed(number))?));
            }
        }
        self.earlier_stores()
    }

    /// The value that a key of the catalog has now. It may be new; it must not be gone.
    pub(super) fn kept<'o>(
        &self,
        id: ObjectId,
        key: &str,
        before: &Dictionary<'p>,
        after: &'o Dictionary<'p>,
    ) -> Result<Option<&'o Object<'p>>, Stop> {
        match after.get(key) {
            None if before.get(key).is_some() => Err(changed_key(id.number, key.as_bytes())),
            value => Ok(value),
        }
    }

    /// What belonged to a store that a later one replaced lies unused in the file.
    fn earlier_stores(&mut self) -> Result<(), Stop> {
        for from in 1..self.newer {
            let view = self.current.pdf.view_from(from);
            let catalog = view.catalog()?;
            let Some(store) = catalog.get("DSS") else {
                continue;
            };
            for Part { id, .. } in parts(view, store)?.unwrap_or_default() {
                let as_it_was = view.location(id.number) == self.current.location(id.number);
                if as_it_was && self.added.contains(&id.number) {
                    self.explained.entry(id.number).or_insert(Some(0));
                }
            }
        }
        Ok(())
    }

    /// Validation related information that was written and never entered into a store.
    pub(super) fn orphans(&mut self) -> Result<(), Stop> {
        for number in self
            .added
            .iter()
            .copied()
            .filter(|number| !self.explained.contains_key(number))
            .collect::<Vec<_>>()
        {
            let object = Object::Reference(ObjectId {
                number,
                generation: 0,
            });
            let Some(parts) = related_parts(self.current, &object)? else {
                continue;
            };
            for Part { id, .. } in parts
                .iter()
                .filter(|part| self.added.contains(&part.id.number))
            {
                self.explained.entry(id.number).or_insert(Some(0));
            }
        }
        Ok(())
    }
}

fn is_version(name: &[u8]) -> bool {
    matches!(name, b"1.3" | b"1.4" | b"1.5" | b"1.6" | b"1.7" | b"2.0")
}

fn is_extension(object: &Object<'_>) -> bool {
    let is_plain = |object: &Object<'_>| {
        matches!(
            object,
            Object::Boolean(_) | Object::Integer(_) | Object::Name(_) | Object::String(_)
        )
    };
    match object {
        Object::Dictionary(dictionary) => dictionary
            .entries
            .iter()
            .all(|entry| is_plain(&entry.value)),
        object => is_plain(object),
    }
}

/// Prefixes of developers; files have one to three.
const MAX_EXTENSIONS: usize = 64;
