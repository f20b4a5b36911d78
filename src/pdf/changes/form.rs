//! What may differ in form and pages: signature fields.

use std::collections::BTreeSet;

use crate::pdf::changes::comparison::Comparison;
use crate::pdf::changes::field::invisible_field;
use crate::pdf::changes::field::signature_kind;
use crate::pdf::changes::finding::Changes;
use crate::pdf::changes::finding::ContentChange;
use crate::pdf::changes::finding::Stop;
use crate::pdf::changes::finding::changed;
use crate::pdf::changes::finding::changed_key;
use crate::pdf::fields::signature_fields;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::pages::pages;

impl<'p, 'a> Comparison<'p, 'a> {
    /// The form may have new fields at the end of `/Fields`, and `/SigFlags`.
    pub(super) fn form(
        &mut self,
        id: ObjectId,
        before: &Dictionary<'p>,
        after: &Dictionary<'p>,
    ) -> Result<(), Stop> {
        let Some(reference) = self.kept(id, "AcroForm", before, after)? else {
            return Ok(());
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
    pub(super) fn filled_fields(&mut self) -> Result<(), Stop> {
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
    pub(super) fn pages(&mut self) -> Result<(), Stop> {
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
}
