//! No input makes the reader panic, and no change of a signed byte goes unseen.

use proptest::prelude::*;

use crate::pdf::coverage::Coverage;
use crate::pdf::limits::Limits;
use crate::pdf::prepare::prepare_signature;
use crate::pdf::reader::Pdf;
use crate::pdf::signature::SignatureEntry;
use crate::pdf::signature::signatures;
use crate::pdf::test_file::TestFile;
use crate::pdf::test_file::dictionary;
use crate::pdf::test_file::signed;

/// Reads all that there is to read.
fn exhaust(bytes: &[u8]) {
    let _ = prepare_signature(bytes, &dictionary()).map(|prepared| prepared.embed(b"CMS"));
    let Ok(pdf) = Pdf::open(bytes, &Limits::default()) else {
        return;
    };
    let _ = (pdf.page_count(), pdf.embedded_files(), pdf.revisions());
    for entry in signatures(&pdf).unwrap_or_default() {
        if let SignatureEntry::Signature(signature) = entry {
            let _ = (signature.changes_after(&pdf), signature.signed_bytes(bytes));
        }
    }
}

/// A form, an embedded file, compressed objects, two signatures and a store.
fn rich() -> Vec<u8> {
    let base = TestFile::new()
        .object_stream(
            7,
            &[
                (1, "<< /Type /Catalog /Pages 2 0 R /AF [5 0 R] /Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >> >>"),
                (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
                (3, "<< /Type /Page /Parent 2 0 R >>"),
                (5, "<< /Type /Filespec /UF (a) /EF << /F 6 0 R >> /AFRelationship /Data >>"),
            ],
        )
        .stream(6, "", b"{}")
        .xref_stream(8);
    let approval = crate::pdf::prepare::SignatureDictionary {
        doc_mdp: None,
        ..dictionary()
    };
    let first = prepare_signature(&base.bytes, &approval)
        .unwrap()
        .embed(b"CMS")
        .unwrap();
    prepare_signature(&first, &approval)
        .unwrap()
        .embed(b"CMS")
        .unwrap()
}

#[test]
fn files_cut_anywhere_are_read_without_panic() {
    for bytes in [signed(), rich()] {
        for length in (0..bytes.len()).step_by(3) {
            exhaust(&bytes[..length]);
        }
    }
}

#[test]
fn every_byte_may_be_another() {
    for (bytes, step) in [(signed(), 1), (rich(), 5)] {
        for at in (0..bytes.len()).step_by(step) {
            let mut altered = bytes.clone();
            altered[at] = if at % 2 == 0 { b' ' } else { bytes[at] ^ 1 };
            exhaust(&altered);
        }
    }
}

/// Whole coverage leaves no byte out but the digits between the angle brackets.
#[test]
fn only_the_digits_of_contents_are_outside() {
    let bytes = signed();
    let pdf = Pdf::open(&bytes, &Limits::default()).unwrap();
    let entries = signatures(&pdf).unwrap();
    let [SignatureEntry::Signature(signature)] = &entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!(signature.coverage(), Coverage::Whole);
    let [before, after] = signature.signed_bytes(&bytes).unwrap();
    assert_eq!(
        before.len() + after.len() + signature.contents.len() * 2 + 2,
        bytes.len()
    );
}

proptest! {
    #[test]
    fn mutated_files_are_read_without_panic(
        which in 0..2_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..6), 0..8_usize), 1..12),
    ) {
        let mut bytes = [signed(), rich()][which].clone();
        for (index, insert, remove) in edits {
            let at = index.index(bytes.len());
            let end = (at + remove).min(bytes.len());
            bytes.splice(at..end, insert);
            if bytes.is_empty() {
                return Ok(());
            }
        }
        exhaust(&bytes);
    }

    #[test]
    fn token_soup_is_read_without_panic(tokens in prop::collection::vec(prop::sample::select(TOKENS), 0..60)) {
        let body: String = tokens.concat();
        let offset = 9 + body.len();
        exhaust(format!("%PDF-1.7\n{body}xref\n0 1\n0000000000 65535 f \n1 1\n0000000009 00000 n \ntrailer\n<</Size 9/Root 1 0 R>>\nstartxref\n{offset}\n%%EOF\n").as_bytes());
        exhaust(format!("%PDF-1.7\n1 0 obj<<{body}>>endobj\nxref\n0 1\n0000000000 65535 f \n1 1\n0000000009 00000 n \ntrailer\n<</Size 9/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", 9 + 21 + body.len()).as_bytes());
    }
}

const TOKENS: &[&str] = &[
    "1 0 obj",
    "endobj",
    "<<",
    ">>",
    "[",
    "]",
    "(",
    ")",
    "<41>",
    "/Pages",
    "/AcroForm",
    "/Fields",
    "/Kids",
    "/V",
    "/FT/Sig",
    "/T(a)",
    "/Names",
    "/EmbeddedFiles",
    "/AF",
    "/EF",
    "/F",
    " 1 0 R ",
    " 0 ",
    " -1 ",
    " null ",
    "stream\n",
    "\nendstream",
    "/Length ",
    "/Contents",
    "/ByteRange[0 1 2 3]",
    "/SubFilter/x",
    "%",
    "\n",
    "/Type/ObjStm",
    "/Filter/FlateDecode",
    "/Perms",
    "/DocMDP",
    "/Reference",
];
