//! Files that our own program never writes: other attachments, revisions by another hand.

use std::fmt::Write as _;
use std::sync::LazyLock;

use ruqsat::export;
use ruqsat::export::Attachment;
use ruqsat::export::ExportOptions;
use ruqsat::export::Relationship;
use ruqsat::export::SignatureField;
use ruqsat::form::Edition;
use ruqsat::form::FillOptions;
use ruqsat::form::Language;
use ruqsat::form::Medium;
use ruqsat::layout;
use ruqsat::layout::Fonts;
use ruqsat::layout::Pages;

use crate::support::SIGNING;
use crate::support::position;
use crate::support::sample;

/// The pages of the sample, ready for signing, with these attachments.
pub(crate) fn with_attachments(attachments: &[(&str, &[u8])]) -> Vec<u8> {
    let attachments = attachments.iter().map(|(name, data)| Attachment {
        name: (*name).to_owned(),
        description: String::new(),
        relationship: Relationship::Data,
        media_type: "application/json".to_owned(),
        data: data.to_vec(),
    });
    let options = ExportOptions {
        time: SIGNING,
        attachments: attachments.collect(),
        signature_field: SignatureField::Empty,
    };
    export::export(&PAGES, Fonts::builtin(), &options).unwrap()
}

/// Appends a revision with new or other objects and a cross-reference stream, as ISO 32000-1 7.5.6
/// and 7.5.8 have them.
pub(crate) fn append(file: &[u8], objects: &[(u32, String)]) -> Vec<u8> {
    let start = last_line_number(file);
    let newest = &file[start..];
    let own: u32 = number_after(newest, b"/Size ");
    let own = objects
        .iter()
        .map(|(number, _)| number + 1)
        .fold(own, u32::max);
    let mut out = file.to_vec();
    let (mut index, mut rows) = (String::new(), Vec::new());
    let mut place = |number: u32, offset: usize| {
        write!(index, "{number} 1 ").unwrap();
        rows.push(1);
        rows.extend(u32::try_from(offset).unwrap().to_be_bytes());
    };
    for (number, content) in objects {
        place(*number, out.len());
        out.extend_from_slice(format!("{number} 0 obj\n{content}\nendobj\n").as_bytes());
    }
    let end = out.len();
    place(own, end);
    let (root, info): (u32, u32) = (
        number_after(newest, b"/Root "),
        number_after(newest, b"/Info "),
    );
    let id = position(newest, b"/ID", 0).unwrap();
    let id = &newest[id..=position(newest, b"]", id).unwrap()];
    let dictionary = format!(
        "{own} 0 obj\n<< /Type /XRef /W [1 4 0] /Index [{index}] /Length {} /Size {} /Prev {start} \
         /Root {root} 0 R /Info {info} 0 R {} >>\nstream\n",
        rows.len(),
        own + 1,
        String::from_utf8_lossy(id),
    );
    out.extend_from_slice(dictionary.as_bytes());
    out.extend_from_slice(&rows);
    out.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{end}\n%%EOF\n").as_bytes());
    out
}

/// The object of the first page's content, and what could stand there instead.
pub(crate) fn other_page_content(file: &[u8]) -> (u32, String) {
    let content = "q Q";
    let stream = format!(
        "<< /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    );
    (number_after(file, b"/Contents "), stream)
}

/// The catalog as it stands last in the file, with something more in it.
pub(crate) fn catalog_with(file: &[u8], more: &str) -> (u32, String) {
    let at = file
        .windows(CATALOG.len())
        .rposition(|window| window == CATALOG)
        .unwrap();
    let end = position(file, b"endobj", at).unwrap();
    let catalog = String::from_utf8(file[at..end].to_vec()).unwrap();
    let inner = catalog.trim_end().strip_suffix(">>").unwrap();
    let root = number_after(&file[last_line_number(file)..], b"/Root ");
    (root, format!("{inner} {more} >>"))
}

/// The number of `startxref`.
fn last_line_number(file: &[u8]) -> usize {
    let at = file
        .windows(START.len())
        .rposition(|window| window == START)
        .unwrap();
    number_after(&file[at..], START)
}

fn number_after<T: std::str::FromStr>(file: &[u8], key: &[u8]) -> T {
    let start = position(file, key, 0).unwrap() + key.len();
    let digits = file[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .map(|byte| char::from(*byte));
    digits.collect::<String>().parse().ok().unwrap()
}

static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let permit = sample();
    let options = FillOptions::new(Language::Ru, Medium::Electronic);
    let edition = Edition::builtin(&permit.edition).unwrap();
    let (form, _) = edition.fill(&permit, &options).unwrap();
    layout::lay_out(&form, Fonts::builtin()).unwrap()
});
const START: &[u8] = b"startxref\n";
const CATALOG: &[u8] = b"<</Type/Catalog";
