//! Embedded files (ISO 32000-1 7.11.4) and associated files (ISO 32000-2 14.13).

use std::collections::BTreeSet;

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::reader::Pdf;
use crate::pdf::reader::View;

/// A file within the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EmbeddedFile {
    /// `/UF`, else `/F`, of its file specification.
    pub name: String,
    /// `/AFRelationship`, for example `Data`.
    pub relationship: Option<String>,
    /// What it holds, decoded.
    pub data: Vec<u8>,
}

impl Pdf<'_> {
    /// The files of the name tree `/EmbeddedFiles` and of the catalog's `/AF`. A file that both
    /// name by the same object comes once; two files of one name both come.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when a tree or a file specification is, or gives two streams for one
    /// file; [`Error::UnsupportedFilter`]; [`Error::LimitReached`].
    pub fn embedded_files(&self) -> Result<Vec<EmbeddedFile>, Error> {
        let view = self.view();
        let catalog = view.catalog()?;
        let mut specifications = name_tree_values(view, &catalog)?;
        match view.value(&catalog, "AF")? {
            None => {}
            Some(Object::Array(array)) => specifications.extend(array.items),
            Some(_) => return Err(view.damaged(Fault::Key("AF"))),
        }
        let mut seen = BTreeSet::new();
        let mut files = Vec::new();
        for specification in &specifications {
            if specification
                .as_reference()
                .is_some_and(|id| !seen.insert(id))
            {
                continue;
            }
            match &*view.resolve(specification)? {
                Object::Dictionary(dictionary) => files.extend(embedded_file(view, dictionary)?),
                // A bare string names a file outside.
                Object::Null | Object::String(_) => {}
                _ => return Err(view.damaged(Fault::Key("EF"))),
            }
        }
        Ok(files)
    }
}

fn name_tree_values<'p>(
    view: View<'p, '_>,
    catalog: &Dictionary<'p>,
) -> Result<Vec<Object<'p>>, Error> {
    let mut values = Vec::new();
    let Some(names) = view.value(catalog, "Names")? else {
        return Ok(values);
    };
    let names = names
        .as_dictionary()
        .ok_or_else(|| view.damaged(Fault::Key("Names")))?;
    let mut seen = BTreeSet::new();
    let mut open: Vec<_> = names
        .get("EmbeddedFiles")
        .map(|root| (root.clone(), 0))
        .into_iter()
        .collect();
    while let Some((node, depth)) = open.pop() {
        view.pdf.budget.spend_objects(1)?;
        view.pdf.budget.check_depth(depth)?;
        if node.as_reference().is_some_and(|id| !seen.insert(id)) {
            return Err(view.damaged(Fault::NameTreeLoop));
        }
        let node = view.resolve(&node)?;
        let node = node
            .as_dictionary()
            .ok_or_else(|| view.damaged(Fault::Key("EmbeddedFiles")))?;
        if let Some(kids) = view.value(node, "Kids")? {
            let kids = kids
                .as_array()
                .ok_or_else(|| view.damaged(Fault::Key("Kids")))?;
            open.extend(
                kids.items()
                    .iter()
                    .rev()
                    .map(|kid| (kid.clone(), depth + 1)),
            );
        }
        if let Some(pairs) = view.value(node, "Names")? {
            let pairs = pairs
                .as_array()
                .ok_or_else(|| view.damaged(Fault::Key("Names")))?;
            if pairs.items().len() % 2 != 0 {
                return Err(view.damaged(Fault::Key("Names")));
            }
            values.extend(pairs.items().chunks_exact(2).map(|pair| pair[1].clone()));
        }
    }
    Ok(values)
}

/// None for a file specification that embeds nothing.
fn embedded_file<'p>(
    view: View<'p, '_>,
    specification: &Dictionary<'p>,
) -> Result<Option<EmbeddedFile>, Error> {
    let Some(streams) = view.value(specification, "EF")? else {
        return Ok(None);
    };
    let streams = streams
        .as_dictionary()
        .ok_or_else(|| view.damaged(Fault::Key("EF")))?;
    let reference = match (streams.get("UF"), streams.get("F")) {
        (Some(one), Some(two)) if !one.says_the_same(two) => {
            return Err(view.damaged(Fault::AmbiguousEmbeddedFile));
        }
        (Some(reference), _) | (None, Some(reference)) => reference,
        (None, None) => return Err(view.damaged(Fault::Key("EF"))),
    };
    let stream = view.resolve(reference)?;
    let stream = stream
        .as_stream()
        .ok_or_else(|| view.damaged(Fault::Key("EF")))?;
    let name = match (
        view.value(specification, "UF")?,
        view.value(specification, "F")?,
    ) {
        (Some(Object::String(name)), _) | (None, Some(Object::String(name))) => name.text(),
        _ => return Err(view.damaged(Fault::Key("UF"))),
    };
    let relationship = view.value(specification, "AFRelationship")?;
    let relationship = relationship
        .as_ref()
        .and_then(Object::as_name)
        .map(|name| String::from_utf8_lossy(name).into_owned());
    Ok(Some(EmbeddedFile {
        name,
        relationship,
        data: view.pdf.stream_data(stream)?,
    }))
}
