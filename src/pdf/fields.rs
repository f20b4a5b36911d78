//! Signature fields of the interactive form (ISO 32000-1 12.7).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::reader::View;

/// A field of type `/Sig`, signed or empty.
#[derive(Clone, Debug)]
pub(crate) struct SignatureField<'p> {
    /// None when it stands within the array that lists it.
    pub(crate) id: Option<ObjectId>,
    /// The fully qualified name (12.7.3.2).
    pub(crate) name: String,
    pub(crate) dictionary: Dictionary<'p>,
}

/// All that the form tells about signature fields.
#[derive(Debug, Default)]
pub(crate) struct SignatureFields<'p> {
    pub(crate) fields: Vec<SignatureField<'p>>,
    /// Every partial name at the root of the form, whatever its type.
    pub(crate) root_names: BTreeSet<String>,
    /// Fields that cannot be read, with the name of the nearest field above that can.
    pub(crate) unreadable: Vec<(String, Error)>,
}

/// A node still to visit.
struct Node<'p> {
    object: Object<'p>,
    parent_name: Rc<str>,
    parent_is_signature: bool,
    depth: usize,
}

/// Walks the form from `/AcroForm /Fields`. A field that cannot be read does not hide the others.
///
/// # Errors
///
/// [`Error::Damaged`] when the form itself cannot be read; [`Error::LimitReached`].
pub(crate) fn signature_fields<'p>(view: View<'p, '_>) -> Result<SignatureFields<'p>, Error> {
    let mut found = SignatureFields::default();
    let catalog = view.catalog()?;
    let Some(form) = view.value(&catalog, "AcroForm")? else {
        return Ok(found);
    };
    let form = form
        .as_dictionary()
        .ok_or_else(|| view.damaged(Fault::Key("AcroForm")))?;
    let Some(fields) = view.value(form, "Fields")? else {
        return Ok(found);
    };
    let fields = fields
        .as_array()
        .ok_or_else(|| view.damaged(Fault::Key("Fields")))?;
    let mut open: Vec<Node<'p>> = Vec::new();
    for object in fields.items().iter().rev() {
        open.push(Node {
            object: object.clone(),
            parent_name: Rc::from(""),
            parent_is_signature: false,
            depth: 0,
        });
    }
    let mut seen = BTreeSet::new();
    while let Some(node) = open.pop() {
        view.pdf.budget.spend_objects(1)?;
        let name = node.parent_name.clone();
        match visit(view, &node, &mut seen, &mut found) {
            Ok(kids) => open.extend(kids),
            Err(limit @ Error::LimitReached(_)) => return Err(limit),
            Err(error) => found.unreadable.push((name.to_string(), error)),
        }
    }
    Ok(found)
}

fn visit<'p>(
    view: View<'p, '_>,
    node: &Node<'p>,
    seen: &mut BTreeSet<ObjectId>,
    found: &mut SignatureFields<'p>,
) -> Result<Vec<Node<'p>>, Error> {
    view.pdf.budget.check_depth(node.depth)?;
    let id = node.object.as_reference();
    if id.is_some_and(|id| !seen.insert(id)) {
        return Err(view.damaged(Fault::FieldLoop));
    }
    let Object::Dictionary(dictionary) = view.resolve(&node.object)?.into_owned() else {
        return Err(view.damaged(Fault::Key("Fields")));
    };
    let is_signature = match view.value(&dictionary, "FT")? {
        Some(field_type) => field_type.as_name() == Some(b"Sig"),
        None => node.parent_is_signature,
    };
    let partial_name = match view.value(&dictionary, "T")? {
        Some(Object::String(name)) => Some(name.text()),
        Some(_) => return Err(view.damaged(Fault::Key("T"))),
        None => None,
    };
    let name = qualified_name(&node.parent_name, partial_name.as_deref());
    let name = name.ok_or_else(|| view.damaged(Fault::Key("T")))?;
    if node.depth == 0 {
        found.root_names.extend(partial_name.clone());
    }
    let kids = match view.value(&dictionary, "Kids")? {
        Some(Object::Array(array)) => array.items,
        Some(_) => return Err(view.damaged(Fault::Key("Kids"))),
        None => Vec::new(),
    };
    // A node without name is a widget of the field above it, whose value stands there.
    if is_signature && (partial_name.is_some() || dictionary.get("V").is_some() || node.depth == 0)
    {
        found.fields.push(SignatureField {
            id,
            name: name.to_string(),
            dictionary,
        });
    }
    let kids = kids.into_iter().rev().map(|object| Node {
        object,
        parent_name: Rc::clone(&name),
        parent_is_signature: is_signature,
        depth: node.depth + 1,
    });
    Ok(kids.collect())
}

/// None when it is longer than any form has it.
fn qualified_name(parent: &Rc<str>, partial: Option<&str>) -> Option<Rc<str>> {
    let name: Rc<str> = match partial {
        None => return Some(Rc::clone(parent)),
        Some(partial) if parent.is_empty() => Rc::from(partial),
        Some(partial) => Rc::from(format!("{parent}.{partial}")),
    };
    Some(name).filter(|name| name.len() <= MAX_NAME_LENGTH)
}

/// Bytes of a fully qualified name. ISO 32000 sets no limit; forms stay below 200.
const MAX_NAME_LENGTH: usize = 4096;
