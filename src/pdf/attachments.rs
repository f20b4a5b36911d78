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
        specifications.extend(array(view, &catalog, "AF")?);
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
        let kids = array(view, node, "Kids")?;
        open.extend(kids.into_iter().rev().map(|kid| (kid, depth + 1)));
        let pairs = array(view, node, "Names")?;
        if pairs.len() % 2 != 0 {
            return Err(view.damaged(Fault::Key("Names")));
        }
        values.extend(pairs.into_iter().skip(1).step_by(2));
    }
    Ok(values)
}

/// The elements of the array under a key, none when there is no such key.
fn array<'p>(
    view: View<'p, '_>,
    dictionary: &Dictionary<'p>,
    key: &'static str,
) -> Result<Vec<Object<'p>>, Error> {
    match view.value(dictionary, key)? {
        None => Ok(Vec::new()),
        Some(Object::Array(array)) => Ok(array.items),
        Some(_) => Err(view.damaged(Fault::Key(key))),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::limits::Limits;
    use crate::pdf::test_file::TestFile;

    fn files(
        catalog: &str,
        more: impl Fn(TestFile) -> TestFile,
    ) -> Result<Vec<EmbeddedFile>, Error> {
        let file = TestFile::new()
            .object(1, &format!("<< /Pages 2 0 R {catalog} >>"))
            .object(2, "<< /Kids [] >>")
            .object(3, "<< /F (old) /UF (permit.json) /EF << /F 4 0 R /UF 4 0 R >> /AFRelationship /Data >>")
            .stream(4, "", b"{}")
            .stream(5, "", b"[]");
        let file = more(file).table();
        Pdf::open(&file.bytes, &Limits::default())?.embedded_files()
    }

    fn named(files: &[EmbeddedFile]) -> Vec<(&str, &[u8])> {
        files
            .iter()
            .map(|file| (file.name.as_str(), file.data.as_slice()))
            .collect()
    }

    #[test]
    fn a_file_named_twice_by_the_same_object_comes_once() {
        let catalog = "/Names << /EmbeddedFiles << /Kids [9 0 R] >> >> /AF [3 0 R]";
        let files = files(catalog, |file| {
            file.object(9, "<< /Names [(permit.json) 3 0 R] /Limits [(a) (z)] >>")
        })
        .unwrap();
        assert_eq!(named(&files), [("permit.json", &b"{}"[..])]);
        assert_eq!(files[0].relationship.as_deref(), Some("Data"));
    }

    #[test]
    fn two_files_of_one_name_both_come() {
        let catalog = "/Names << /EmbeddedFiles << /Names [(a) 3 0 R] >> >> /AF 9 0 R";
        let files = files(catalog, |file| {
            file.object(9, "[<< /UF (permit.json) /EF << /F 5 0 R >> >>]")
        })
        .unwrap();
        assert_eq!(
            named(&files),
            [("permit.json", &b"{}"[..]), ("permit.json", b"[]")]
        );
    }

    #[test]
    fn no_files() {
        assert_eq!(files("", |file| file), Ok(Vec::new()));
        assert_eq!(files("/AF [(outside.txt)]", |file| file), Ok(Vec::new()));
    }

    #[test]
    fn two_streams_for_one_file_are_damage() {
        let outcome = files("/AF [9 0 R]", |file| {
            file.object(9, "<< /UF (a) /EF << /F 4 0 R /UF 5 0 R >> >>")
        });
        assert!(
            matches!(
                outcome,
                Err(Error::Damaged {
                    fault: Fault::AmbiguousEmbeddedFile,
                    ..
                })
            ),
            "{outcome:?}"
        );
    }

    #[test]
    fn name_trees_in_a_circle_are_damage() {
        let outcome = files("/Names << /EmbeddedFiles 9 0 R >>", |file| {
            file.object(9, "<< /Kids [9 0 R] >>")
        });
        assert!(
            matches!(
                outcome,
                Err(Error::Damaged {
                    fault: Fault::NameTreeLoop,
                    ..
                })
            ),
            "{outcome:?}"
        );
    }
}
