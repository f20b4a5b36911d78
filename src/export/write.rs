use printpdf::PdfDocument;
use printpdf::PdfSaveOptions;
use time::OffsetDateTime;

use crate::export::attachment::Attachment;
use crate::export::catalog;
use crate::export::catalog::SignatureField;
use crate::export::content;
use crate::export::error::Error;
use crate::export::font;
use crate::export::skeleton;
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
    document.pages = pages
        .pages
        .iter()
        .map(|page| content::page(page, &subsets))
        .collect();

    let mut warnings = Vec::new();
    let mut document = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    if let Some(warning) = warnings.into_iter().next() {
        return Err(Error::Operation {
            operation: warning.op_id,
            message: warning.msg,
        });
    }
    skeleton::finish(&mut document, &subsets, fonts)?;
    catalog::finish(&mut document, pages, options)?;
    let mut file = Vec::with_capacity(SIZE);
    document.save_to(&mut file)?;
    // A signature covers the end of line too, whatever is appended later.
    file.push(b'\n');
    Ok(file)
}

/// Of a usual document, in bytes.
const SIZE: usize = 128 * 1024;

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
