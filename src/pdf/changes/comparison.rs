//! The document as it was signed against the document as it is.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::pdf::changes::accounting::account;
use crate::pdf::changes::dss::Part;
use crate::pdf::changes::dss::PartKind;
use crate::pdf::changes::dss::parts;
use crate::pdf::changes::dss::related_parts;
use crate::pdf::changes::field::invisible_field;
use crate::pdf::changes::field::signature_kind;
use crate::pdf::changes::finding::Changes;
use crate::pdf::changes::finding::ContentChange;
use crate::pdf::changes::finding::Stop;
use crate::pdf::changes::finding::changed;
use crate::pdf::changes::finding::changed_key;
use crate::pdf::changes::metadata::only_last_change_differs;
use crate::pdf::changes::references::count_references;
use crate::pdf::fields::signature_fields;
use crate::pdf::object::Array;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::pages::pages;
use crate::pdf::reader::Pdf;
use crate::pdf::reader::View;
use crate::pdf::xref::Location;

/// Compares the first `end` bytes, which are a complete file, with the whole.
pub(super) fn compare(pdf: &Pdf<'_>, end: usize) -> Result<Changes, Stop> {
    let revisions = pdf.revisions();
    let signed = revisions
        .iter()
        .position(|revision| revision.ends_at(end))
        .ok_or(ContentChange::NotCovered)?;
    account(pdf, end, revisions.get(signed + 1..).unwrap_or_default())?;
    let newer = revisions[signed].sections.start;
    let mut comparison = Comparison::new(pdf, newer)?;
    comparison.trailers()?;
    comparison.catalog()?;
    comparison.filled_fields()?;
    comparison.pages()?;
    comparison.cross_references()?;
    comparison.orphans()?;
    comparison.finish()
}

struct Comparison<'p, 'a> {
    signed: View<'p, 'a>,
    current: View<'p, 'a>,
    /// How many sections are newer than the signature.
    newer: usize,
    added: BTreeSet<u32>,
    changed: BTreeSet<u32>,
    /// Added or changed objects with a permitted role, and how often the signed document refers to
    /// them in that role; none where it does not matter who else refers to it.
    explained: BTreeMap<u32, Option<usize>>,
    new_fields: BTreeSet<ObjectId>,
    worst: Changes,
}

impl<'p, 'a> Comparison<'p, 'a> {
    fn new(pdf: &'p Pdf<'a>, newer: usize) -> Result<Self, Stop> {
        let (signed, current) = (pdf.view_from(newer), pdf.view());
        let mut added = BTreeSet::new();
        let mut changed = BTreeSet::new();
        for (number, _) in pdf
            .sections
            .iter()
            .take(newer)
            .flat_map(|section| &section.entries)
        {
            pdf.budget.spend_objects(1 + pdf.sections.len() / 8)?;
            match (signed.location(*number), current.location(*number)) {
                (before, after) if before == after => {}
                (Location::Free, _) => {
                    added.insert(*number);
                }
                (_, Location::Free) => {
                    return Err(ContentChange::ObjectRemoved { object: *number }.into());
                }
                _ => {
                    changed.insert(*number);
                }
            }
        }
        let (explained, new_fields) = (BTreeMap::new(), BTreeSet::new());
        Ok(Self {
            signed,
            current,
            newer,
            added,
            changed,
            explained,
            new_fields,
            worst: Changes::Evidence,
        })
    }

    /// The newer trailers name the same catalog, and document information in which only the time
    /// and the program of the last change may differ (14.3.3): no reader shows them in the page.
    fn trailers(&mut self) -> Result<(), Stop> {
        let sections = &self.current.pdf.sections;
        let Some(signed) = sections.get(self.newer) else {
            return Err(ContentChange::NotCovered.into());
        };
        for section in sections.iter().take(self.newer) {
            if !same(signed.trailer.get("Root"), section.trailer.get("Root")) {
                return Err(ContentChange::Trailer { key: "Root" }.into());
            }
        }
        let empty = Dictionary {
            entries: Vec::new(),
            raw: &[],
            span: 0..0,
        };
        let information = |view: View<'p, 'a>, trailer| match view.value(trailer, "Info")? {
            None => Ok(empty.clone()),
            Some(Object::Dictionary(information)) => Ok(information),
            Some(_) => Err(Stop::from(ContentChange::Trailer { key: "Info" })),
        };
        let old = information(self.signed, &signed.trailer)?;
        let new = information(self.current, self.current.pdf.trailer())?;
        for key in old.differing_keys(&new) {
            let value = new
                .entries
                .iter()
                .find(|entry| entry.key.0 == key)
                .map(|entry| &entry.value);
            if !matches!(key.as_slice(), b"ModDate" | b"Producer")
                || !matches!(value, Some(Object::String(_)))
            {
                return Err(ContentChange::Trailer { key: "Info" }.into());
            }
        }
        let before = signed.trailer.get("Info");
        match self.current.pdf.trailer().get("Info") {
            Some(after) => self.explain_value(before, after),
            None => Ok(()),
        }
    }

    fn catalog(&mut self) -> Result<(), Stop> {
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
        let Some(reference) = after.get("Extensions") else {
            return if before.get("Extensions").is_some() {
                Err(changed_key(id.number, b"Extensions"))
            } else {
                Ok(())
            };
        };
        self.explain_value(before.get("Extensions"), reference)?;
        let (old, new) = (
            self.signed.value(before, "Extensions")?,
            self.current.value(after, "Extensions")?,
        );
        let none = Vec::new();
        let old = old
            .as_ref()
            .and_then(Object::as_dictionary)
            .map_or(&none, |old| &old.entries);
        let Some(Object::Dictionary(new)) = new else {
            return Err(changed_key(id.number, b"Extensions"));
        };
        if new.entries.len() > MAX_EXTENSIONS {
            return Err(changed_key(id.number, b"Extensions"));
        }
        for entry in &new.entries {
            let counterpart = old
                .iter()
                .find(|old| old.key == entry.key)
                .map(|old| &old.value);
            let touched = entry
                .value
                .as_reference()
                .is_some_and(|id| self.changed.contains(&id.number));
            if same(counterpart, Some(&entry.value)) && !touched {
                continue;
            }
            self.explain_value(counterpart, &entry.value)?;
            let plain = match &*self.current.resolve(&entry.value)? {
                Object::Dictionary(dictionary) => dictionary
                    .entries
                    .iter()
                    .all(|entry| is_plain(&entry.value)),
                object => is_plain(object),
            };
            if !plain {
                return Err(changed_key(id.number, b"Extensions"));
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
        let (old, new) = (before.get("DSS"), after.get("DSS"));
        let old_parts = match old {
            Some(old) => parts(self.signed, old)?.unwrap_or_default(),
            None => Vec::new(),
        };
        let Some(new) = new else {
            return if old.is_some() {
                Err(changed_key(id.number, b"DSS"))
            } else {
                Ok(())
            };
        };
        let mut old_uses: BTreeMap<Part, usize> = BTreeMap::new();
        for part in old_parts {
            *old_uses.entry(part).or_insert(0) += 1;
        }
        let Some(new_parts) = parts(self.current, new)? else {
            // Odd already when it was signed: then nothing of it may have changed.
            return if same(old, Some(new)) {
                Ok(())
            } else {
                Err(changed_key(id.number, b"DSS"))
            };
        };
        for Part { id, kind } in new_parts {
            if self.added.contains(&id.number) {
                self.explained.insert(id.number, Some(0));
            } else if self.changed.contains(&id.number) {
                let part = Part {
                    id,
                    kind: PartKind::Structure,
                };
                let uses = old_uses.get(&part).copied().unwrap_or(0);
                if kind != PartKind::Structure || uses == 0 {
                    return Err(changed(id.number));
                }
                self.explained.insert(id.number, Some(uses));
            }
        }
        self.earlier_stores()
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

    /// The form may have new fields at the end of `/Fields`, and `/SigFlags`.
    fn form(
        &mut self,
        id: ObjectId,
        before: &Dictionary<'p>,
        after: &Dictionary<'p>,
    ) -> Result<(), Stop> {
        let Some(reference) = after.get("AcroForm") else {
            return if before.get("AcroForm").is_some() {
                Err(changed_key(id.number, b"AcroForm"))
            } else {
                Ok(())
            };
        };
        self.explain_value(before.get("AcroForm"), reference)?;
        let (old, new) = (
            self.signed.value(before, "AcroForm")?,
            self.current.value(after, "AcroForm")?,
        );
        let empty = Dictionary {
            entries: Vec::new(),
            raw: &[],
            span: 0..0,
        };
        let old = old.as_ref().map_or(Some(&empty), Object::as_dictionary);
        let (Some(old), Some(Object::Dictionary(new))) = (old, &new) else {
            return Err(changed_key(id.number, b"AcroForm"));
        };
        let owner = reference.as_reference().unwrap_or(id).number;
        for key in old.differing_keys(new) {
            match key.as_slice() {
                b"Fields" => {}
                b"SigFlags"
                    if new
                        .get("SigFlags")
                        .is_some_and(|flags| flags.as_integer().is_some()) => {}
                _ => return Err(changed_key(owner, &key)),
            }
        }
        let known = signature_fields(self.signed)?;
        let mut names = known.root_names;
        for field in self.appended(owner, "Fields", old, new)? {
            self.new_field(field, &mut names)?;
        }
        Ok(())
    }

    fn new_field(&mut self, id: ObjectId, names: &mut BTreeSet<String>) -> Result<(), Stop> {
        let refused = || Stop::from(ContentChange::ObjectAdded { object: id.number });
        if !self.added.contains(&id.number) {
            return Err(changed(id.number));
        }
        let object = self.current.object(id)?;
        let Object::Dictionary(dictionary) = &object else {
            return Err(refused());
        };
        let field = invisible_field(self.current, dictionary)?.ok_or_else(refused)?;
        // Fields of one name are one field (12.7.3.2).
        if !names.insert(field.name) {
            return Err(refused());
        }
        if let Some(appearance) = field.appearance {
            self.explain_added(appearance)?;
        }
        self.explain_added(id)?;
        self.new_fields.insert(id);
        self.new_value(field.value)
    }

    fn new_value(&mut self, id: ObjectId) -> Result<(), Stop> {
        self.explain_added(id)?;
        let object = self.current.object(id)?;
        let Object::Dictionary(value) = &object else {
            return Err(ContentChange::ObjectAdded { object: id.number }.into());
        };
        match signature_kind(value) {
            None => Err(ContentChange::ObjectAdded { object: id.number }.into()),
            Some(Changes::Signed) => {
                self.worst = Changes::Signed;
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    /// Fields that were empty and got a value, nothing else.
    fn filled_fields(&mut self) -> Result<(), Stop> {
        for field in signature_fields(self.signed)?.fields {
            let Some(id) = field.id.filter(|id| self.changed.contains(&id.number)) else {
                continue;
            };
            let object = self.current.object(id)?;
            let Object::Dictionary(after) = &object else {
                return Err(changed(id.number));
            };
            let keys = field.dictionary.differing_keys(after);
            if let Some(other) = keys.iter().find(|key| key.as_slice() != b"V") {
                return Err(changed_key(id.number, other));
            }
            let value = after.get("V").and_then(Object::as_reference);
            let value = value
                .filter(|_| field.dictionary.get("V").is_none())
                .ok_or_else(|| changed_key(id.number, b"V"))?;
            self.explained.insert(id.number, None);
            self.new_value(value)?;
        }
        Ok(())
    }

    /// Pages may have the new fields at the end of `/Annots`.
    fn pages(&mut self) -> Result<(), Stop> {
        if self
            .changed
            .iter()
            .all(|number| self.explained.contains_key(number))
        {
            return Ok(());
        }
        for id in pages(self.signed)? {
            let (before, after) = (self.signed.object(id)?, self.current.object(id)?);
            let (Object::Dictionary(before), Object::Dictionary(after)) = (&before, &after) else {
                return Err(changed(id.number));
            };
            if self.changed.contains(&id.number) {
                if let Some(key) = before
                    .differing_keys(after)
                    .iter()
                    .find(|key| key.as_slice() != b"Annots")
                {
                    return Err(changed_key(id.number, key));
                }
                self.explained.insert(id.number, None);
            }
            for annotation in self.appended(id.number, "Annots", before, after)? {
                if !self.new_fields.contains(&annotation) {
                    return Err(changed_key(id.number, b"Annots"));
                }
            }
        }
        Ok(())
    }

    /// Streams that hold cross-references or other objects.
    fn cross_references(&mut self) -> Result<(), Stop> {
        let newer: Vec<_> = self.current.pdf.sections.iter().take(self.newer).collect();
        let offsets: BTreeSet<usize> = newer.iter().map(|section| section.offset).collect();
        let containers: BTreeSet<u32> = newer
            .iter()
            .flat_map(|section| &section.entries)
            .filter_map(|(_, location)| {
                if let Location::InStream { container, .. } = location {
                    Some(*container)
                } else {
                    None
                }
            })
            .collect();
        for number in self.added.union(&self.changed).copied().collect::<Vec<_>>() {
            let Location::At { offset, generation } = self.current.location(number) else {
                continue;
            };
            let is_section = offsets.contains(&offset);
            let is_container = containers.contains(&number) && self.added.contains(&number);
            if !is_section && !is_container {
                continue;
            }
            let stream = self.current.object(ObjectId { number, generation })?;
            let stream_type = if is_section { "XRef" } else { "ObjStm" };
            if !stream
                .as_stream()
                .is_some_and(|stream| stream.dictionary().is("Type", stream_type))
            {
                continue;
            }
            if self.changed.contains(&number) && !self.was_cross_reference(number)? {
                return Err(changed(number));
            }
            self.explained.entry(number).or_insert(Some(0));
        }
        Ok(())
    }

    fn was_cross_reference(&self, number: u32) -> Result<bool, Stop> {
        let Location::At { generation, .. } = self.signed.location(number) else {
            return Ok(false);
        };
        let object = self.signed.object(ObjectId { number, generation })?;
        Ok(object
            .as_stream()
            .is_some_and(|stream| stream.dictionary().is("Type", "XRef")))
    }

    /// Validation related information that was written and never entered into a store.
    fn orphans(&mut self) -> Result<(), Stop> {
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

    /// Nothing is left over, and nothing of it was referred to before for another purpose.
    fn finish(self) -> Result<Changes, Stop> {
        if let Some(number) = self
            .changed
            .iter()
            .find(|number| !self.explained.contains_key(number))
        {
            return Err(changed(*number));
        }
        if let Some(number) = self
            .added
            .iter()
            .find(|number| !self.explained.contains_key(number))
        {
            return Err(ContentChange::ObjectAdded { object: *number }.into());
        }
        let expected = self
            .explained
            .iter()
            .filter_map(|(number, uses)| uses.map(|uses| (*number, uses)));
        let mut counted: BTreeMap<u32, usize> =
            expected.clone().map(|(number, _)| (number, 0)).collect();
        count_references(self.signed, &mut counted)?;
        for (number, uses) in expected {
            if counted.get(&number) != Some(&uses) {
                return Err(ContentChange::ReferredObject { object: number }.into());
            }
        }
        Ok(self.worst)
    }

    /// What an array has at its end that it had not before; its beginning is the same.
    fn appended(
        &mut self,
        owner: u32,
        key: &'static str,
        before: &Dictionary<'p>,
        after: &Dictionary<'p>,
    ) -> Result<Vec<ObjectId>, Stop> {
        let refused = || changed_key(owner, key.as_bytes());
        let (old, new) = (
            self.signed.value(before, key)?,
            self.current.value(after, key)?,
        );
        let old = old
            .as_ref()
            .map(|old| old.as_array().ok_or_else(refused))
            .transpose()?
            .map_or(&[][..], Array::items);
        let Some(new) = &new else {
            return if old.is_empty() {
                Ok(Vec::new())
            } else {
                Err(refused())
            };
        };
        let new = new.as_array().ok_or_else(refused)?.items();
        if let Some(reference) = after.get(key) {
            self.explain_value(before.get(key), reference)?;
        }
        let begins_the_same =
            new.len() >= old.len() && old.iter().zip(new).all(|(old, new)| old.says_the_same(new));
        if !begins_the_same {
            return Err(refused());
        }
        new.iter()
            .skip(old.len())
            .map(|item| item.as_reference().ok_or_else(refused))
            .collect()
    }

    /// The object that a value stands in, when that was added or, in the same place, changed. What
    /// it says is for the caller to judge.
    fn explain_value(
        &mut self,
        before: Option<&Object<'p>>,
        after: &Object<'p>,
    ) -> Result<(), Stop> {
        let Some(id) = after.as_reference() else {
            return Ok(());
        };
        if self.added.contains(&id.number) {
            self.explained.insert(id.number, Some(0));
        } else if self.changed.contains(&id.number) {
            if before.and_then(Object::as_reference) != Some(id) {
                return Err(changed(id.number));
            }
            let uses = self.explained.entry(id.number).or_insert(Some(0));
            *uses = uses.map(|uses| uses + 1);
        }
        Ok(())
    }

    fn explain_added(&mut self, id: ObjectId) -> Result<(), Stop> {
        if !self.added.contains(&id.number) {
            return Err(changed(id.number));
        }
        self.explained.insert(id.number, Some(0));
        Ok(())
    }
}

fn same(one: Option<&Object<'_>>, two: Option<&Object<'_>>) -> bool {
    match (one, two) {
        (None, None) => true,
        (Some(one), Some(two)) => one.says_the_same(two),
        _ => false,
    }
}

fn is_version(name: &[u8]) -> bool {
    matches!(name, b"1.3" | b"1.4" | b"1.5" | b"1.6" | b"1.7" | b"2.0")
}

fn is_plain(object: &Object<'_>) -> bool {
    matches!(
        object,
        Object::Boolean(_) | Object::Integer(_) | Object::Name(_) | Object::String(_)
    )
}

/// Prefixes of developers; files have one to three.
const MAX_EXTENSIONS: usize = 64;
