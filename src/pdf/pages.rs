//! The page tree (ISO 32000-1 7.7.3).

use std::collections::BTreeSet;

use crate::pdf::error::Error;
use crate::pdf::error::Fault;
use crate::pdf::object::Dictionary;
use crate::pdf::object::Object;
use crate::pdf::object::ObjectId;
use crate::pdf::reader::Pdf;
use crate::pdf::reader::View;

impl Pdf<'_> {
    /// The number of pages, counted: what `/Count` says is not believed.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when the page tree is, or leads in a circle; [`Error::LimitReached`].
    pub fn page_count(&self) -> Result<usize, Error> {
        let mut count = 0;
        walk(self.view(), &mut |_, _| {
            count += 1;
            true
        })?;
        Ok(count)
    }
}

impl<'p> View<'p, '_> {
    /// The first page that is an object of its own.
    pub(crate) fn first_page(self) -> Result<Option<(ObjectId, Dictionary<'p>)>, Error> {
        let mut first = None;
        walk(self, &mut |id, page| {
            first = id.map(|id| (id, page.clone()));
            first.is_none()
        })?;
        Ok(first)
    }
}

/// The pages that are objects of their own, in order. One that stands within its parent cannot
/// change without it.
pub(crate) fn pages(view: View<'_, '_>) -> Result<Vec<ObjectId>, Error> {
    let mut pages = Vec::new();
    walk(view, &mut |id, _| {
        pages.extend(id);
        true
    })?;
    Ok(pages)
}

/// Gives every page to `visit`, until that returns `false`.
fn walk<'p>(
    view: View<'p, '_>,
    visit: &mut dyn FnMut(Option<ObjectId>, &Dictionary<'p>) -> bool,
) -> Result<(), Error> {
    let catalog = view.catalog()?;
    let root = catalog
        .get("Pages")
        .ok_or_else(|| view.damaged(Fault::Key("Pages")))?
        .clone();
    let mut seen = BTreeSet::new();
    // Kids in reverse, so that the next page is on top.
    let mut open = vec![(root, 0)];
    while let Some((node, depth)) = open.pop() {
        view.pdf.budget.spend_objects(1)?;
        view.pdf.budget.check_depth(depth)?;
        let id = node.as_reference();
        if id.is_some_and(|id| !seen.insert(id)) {
            return Err(view.damaged(Fault::PageTreeLoop));
        }
        let resolved = view.resolve(&node)?;
        let dictionary = resolved
            .as_dictionary()
            .ok_or_else(|| view.damaged(Fault::Key("Kids")))?;
        match view.value(dictionary, "Kids")? {
            Some(Object::Array(kids)) => {
                open.extend(kids.items.into_iter().rev().map(|kid| (kid, depth + 1)))
            }
            Some(_) => return Err(view.damaged(Fault::Key("Kids"))),
            None if !visit(id, dictionary) => return Ok(()),
            None => {}
        }
    }
    Ok(())
}
