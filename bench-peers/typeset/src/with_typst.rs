//! The filled form set and written by typst: the template is `form.typ`.

use std::error::Error;

use ruqsat::layout::Face;
use ruqsat::layout::Fonts;
use typst::Library;
use typst::LibraryExt;
use typst::World;
use typst::diag::FileError;
use typst::diag::FileResult;
use typst::foundations::Bytes;
use typst::foundations::Datetime;
use typst::foundations::Duration;
use typst::foundations::Smart;
use typst::syntax::FileId;
use typst::syntax::RootedPath;
use typst::syntax::Source;
use typst::syntax::VirtualPath;
use typst::syntax::VirtualRoot;
use typst::text::Font;
use typst::text::FontBook;
use typst::utils::LazyHash;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use typst_pdf::PdfStandard;
use typst_pdf::PdfStandards;
use typst_pdf::Timestamp;

use crate::contender::Input;

/// The library, the fonts and the template, all parsed once.
pub struct Typst {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    filled: (FileId, Bytes),
    data: (FileId, Bytes),
    options: PdfOptions,
}

impl Typst {
    pub fn new() -> Self {
        let builtin = Fonts::builtin();
        let font = |face: &Face| Font::new(Bytes::new(builtin.data(*face)), 0).expect("a font");
        let fonts: Vec<Font> = Face::ALL.iter().map(font).collect();
        let file = |name: &str| {
            let path = VirtualPath::new(name).expect("a path");
            RootedPath::new(VirtualRoot::Project, path).intern()
        };
        let template = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/form.typ"));
        let time = Datetime::from_ymd_hms(2014, 2, 3, 9, 0, 0).expect("a time");
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file("form.typ"), template.expect("form.typ")),
            filled: (file("filled.json"), Bytes::new(Vec::new())),
            data: (file("permit.json"), Bytes::new(Vec::new())),
            options: PdfOptions {
                timestamp: Some(Timestamp::new_utc(time)),
                standards: PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
                    .expect("two standards"),
                ident: Smart::Auto,
                ..PdfOptions::default()
            },
        }
    }

    pub fn set(&mut self, input: Input) -> Result<Vec<u8>, Box<dyn Error>> {
        self.filled.1 = Bytes::from_string(input.filled);
        self.data.1 = Bytes::from_string(input.data);
        let document = typst::compile::<PagedDocument>(self).output;
        let document = document.map_err(|errors| format!("{errors:?}"))?;
        let pdf =
            typst_pdf::pdf(&document, &self.options).map_err(|errors| format!("{errors:?}"))?;
        // What the last document did not use goes, or memory grows with every document: of 0, 1, 3 and
        // 10 documents to remember, this one was the fastest.
        comemo::evict(1);
        Ok(pdf)
    }
}

impl World for Typst {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.template.id() {
            true => Ok(self.template.clone()),
            false => Err(FileError::NotSource),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        [&self.filled, &self.data]
            .into_iter()
            .find(|(known, _)| *known == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
