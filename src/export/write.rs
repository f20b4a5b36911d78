use lopdf::Dictionary;
use time::OffsetDateTime;

use crate::export::attachment::Attachment;
use crate::export::catalog;
use crate::export::catalog::SignatureField;
use crate::export::content;
use crate::export::deflate::Deflate;
use crate::export::deflate::Effort;
use crate::export::error::Error;
use crate::export::file;
use crate::export::font;
use crate::export::skeleton;
use crate::export::tree;
use crate::export::tree::Tree;
use crate::layout::Fonts;
use crate::layout::Pages;

/// What a file holds beside its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOptions {
    /// When the document was made.
    pub time: OffsetDateTime,
    /// Files inside the file.
    pub attachments: Vec<Attachment>,
    /// Whether there is a place for a signature.
    pub signature_field: SignatureField,
}

/// Writes pages as a PDF file.
///
/// # Errors
///
/// When there is no page, or a font cannot be subset; the other errors would be defects of the
/// libraries.
pub fn export(pages: &Pages, fonts: &Fonts, options: &ExportOptions) -> Result<Vec<u8>, Error> {
    let subsets = font::subsets(&pages.pages, fonts);
    let names = tree::names_of_marks(&pages.structure);
    let sides: Vec<usize> = pages.codes.iter().map(|code| code.side).collect();
    let mut deflate = Deflate::new();
    let mut contents = Vec::with_capacity(pages.pages.len());
    let mut shown = Vec::with_capacity(pages.pages.len());
    for page in &pages.pages {
        let (operations, marks) = content::operations(page, &subsets, &names, &sides);
        let content = content::written(operations)?;
        contents.push(deflate.stream(Dictionary::new(), &content, Effort::Usual)?);
        shown.push(marks);
    }
    drop(names);
    let mut document = skeleton::document(pages, contents, &subsets, fonts, &mut deflate)?;
    let tree = Tree::new(pages, shown, options.signature_field);
    let packed = catalog::finish(&mut document, &tree, pages, options, &mut deflate)?;
    drop(tree);
    file::write(document, packed, &mut deflate)
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
