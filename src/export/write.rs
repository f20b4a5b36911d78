use printpdf::PdfDocument;
use printpdf::PdfSaveOptions;
use time::OffsetDateTime;

use crate::export::attachment::Attachment;
use crate::export::catalog;
use crate::export::catalog::SignatureField;
use crate::export::code;
use crate::export::content;
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
    let mut document = PdfDocument::new(&pages.title);
    for subset in &subsets {
        document
            .resources
            .fonts
            .map
            .insert(subset.id(), subset.to_font(fonts)?);
    }
    let names = tree::names_of_marks(&pages.structure);
    let sides: Vec<usize> = pages.codes.iter().map(|code| code.side).collect();
    for (place, code) in pages.codes.iter().enumerate() {
        let picture = code::picture(code);
        document
            .resources
            .xobjects
            .map
            .insert(code::id(place), picture);
    }
    let mut shown = Vec::with_capacity(pages.pages.len());
    for page in &pages.pages {
        let (page, marks) = content::page(page, &subsets, &names, &sides);
        document.pages.push(page);
        shown.push(marks);
    }

    let mut warnings = Vec::new();
    let mut document = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    if let Some(warning) = warnings.into_iter().next() {
        return Err(Error::Operation {
            operation: warning.op_id,
            message: warning.msg,
        });
    }
    skeleton::finish(&mut document, &subsets, fonts, !pages.codes.is_empty())?;
    let tree = Tree::new(pages, shown, options.signature_field);
    let packed = catalog::finish(&mut document, &tree, pages, options)?;
    file::write(&document, &packed)
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
