//! The document as it was signed against the document as it is.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::pdf::changes::accounting::account;
use crate::pdf::changes::finding::Changes;
use crate::pdf::changes::finding::ContentChange;
use crate::pdf::changes::finding::Stop;
use crate::pdf::changes::finding::changed;
use crate::pdf::changes::finding::changed_key;
use crate::pdf::changes::references::count_references;
use crate::pdf::object::Array;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
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

/// Both documents, and what of their difference is accounted for so far.
pub(super) struct Comparison<'p, 'a> {
    pub(super) signed: View<'p, 'a>,
    pub(super) current: View<'p, 'a>,
    /// How many sections are newer than the signature.
    pub(super) newer: usize,
    pub(super) added: BTreeSet<u32>,
    pub(super) changed: BTreeSet<u32>,
    /// Added or changed objects with a permitted role, and how often the signed document refers to
    /// them in that role; none where it does not matter who else refers to it.
    pub(super) explained: BTreeMap<u32, Option<usize>>,
    pub(super) new_fields: BTreeSet<ObjectId>,
    pub(super) worst: Changes,
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
    pub(super) fn appended(
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
    pub(super) fn explain_value(
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

    pub(super) fn explain_added(&mut self, id: ObjectId) -> Result<(), Stop> {
        if !self.added.contains(&id.number) {
            return Err(changed(id.number));
        }
        self.explained.insert(id.number, Some(0));
        Ok(())
    }
}

/// Both absent, or both saying the same.
pub(super) fn same(one: Option<&Object<'_>>, two: Option<&Object<'_>>) -> bool {
    match (one, two) {
        (None, None) => true,
        (Some(one), Some(two)) => one.says_the_same(two),
        _ => false,
    }
}
