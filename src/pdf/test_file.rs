//! Small files for tests, written object by object with right offsets.

use std::fmt::Write;

use time::macros::datetime;

use crate::pdf::prepare::SignatureDictionary;
use crate::pdf::prepare::prepare_signature;

/// A file in the making.
#[derive(Clone)]
pub(crate) struct TestFile {
    pub(crate) bytes: Vec<u8>,
    pending: Vec<(u32, usize)>,
    compressed: Vec<(u32, u32, u32)>,
    previous: Option<usize>,
    size: u32,
    trailer: String,
}

impl TestFile {
    pub(crate) fn new() -> Self {
        Self {
            bytes: b"%PDF-1.7\n".to_vec(),
            pending: vec![],
            compressed: vec![],
            previous: None,
            size: 1,
            trailer: String::new(),
        }
    }

    /// One page with a line of content, the table not yet written.
    pub(crate) fn one_page() -> Self {
        Self::new()
            .object(1, "<< /Type /Catalog /Pages 2 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>")
            .stream(4, "", b"0 0 m 9 9 l S")
    }

    /// To go on behind a finished file.
    pub(crate) fn after(bytes: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&bytes);
        let startxref = text[text.rfind("startxref").unwrap() + 9..]
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let size = text[text.rfind("/Size ").unwrap() + 6..]
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        Self {
            bytes,
            pending: vec![],
            compressed: vec![],
            previous: Some(startxref),
            size,
            trailer: String::new(),
        }
    }

    pub(crate) fn object(mut self, number: u32, content: &str) -> Self {
        self.begin(number);
        self.raw(&format!("{number} 0 obj\n{content}\nendobj\n"))
    }

    pub(crate) fn stream(self, number: u32, entries: &str, data: &[u8]) -> Self {
        self.stream_with_length(number, entries, &data.len().to_string(), data)
    }

    pub(crate) fn stream_with_length(
        mut self,
        number: u32,
        entries: &str,
        length: &str,
        data: &[u8],
    ) -> Self {
        self.begin(number);
        self = self.raw(&format!(
            "{number} 0 obj\n<< {entries} /Length {length} >>\nstream\n"
        ));
        self.bytes.extend_from_slice(data);
        self.raw("\nendstream\nendobj\n")
    }

    pub(crate) fn object_stream(self, number: u32, objects: &[(u32, &str)]) -> Self {
        let length = self.object_stream_data(objects).1.len().to_string();
        self.object_stream_with_length(number, &length, objects)
    }

    pub(crate) fn object_stream_with_length(
        mut self,
        number: u32,
        length: &str,
        objects: &[(u32, &str)],
    ) -> Self {
        let (first, data) = self.object_stream_data(objects);
        for (at, (inner, _)) in objects.iter().enumerate() {
            self.compressed.push((*inner, number, at as u32));
            self.size = self.size.max(inner + 1);
        }
        let entries = format!("/Type /ObjStm /N {} /First {first}", objects.len());
        self.stream_with_length(number, &entries, length, data.as_bytes())
    }

    fn object_stream_data(&self, objects: &[(u32, &str)]) -> (usize, String) {
        let (mut index, mut data) = (String::new(), String::new());
        for (inner, content) in objects {
            write!(index, "{inner} {} ", data.len()).unwrap();
            write!(data, "{content} ").unwrap();
        }
        (index.len(), index + &data)
    }

    pub(crate) fn raw(mut self, text: &str) -> Self {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// More entries for the trailers to come.
    pub(crate) fn trailer(mut self, entries: &str) -> Self {
        self.trailer = entries.to_owned();
        self
    }

    /// An entry of the next table that leads anywhere.
    pub(crate) fn entry(mut self, number: u32, offset: usize) -> Self {
        self.pending.push((number, offset));
        self
    }

    /// Forgets which objects lie in object streams.
    pub(crate) fn without_compressed(mut self) -> Self {
        self.compressed.clear();
        self
    }

    /// Ends the revision with a table.
    pub(crate) fn table(self) -> Self {
        self.table_with("")
    }

    pub(crate) fn table_with(mut self, entries: &str) -> Self {
        let start = self.bytes.len();
        let mut text = "xref\n".to_owned();
        if self.previous.is_none() {
            text += "0 1\n0000000000 65535 f \n";
        }
        for (number, offset) in std::mem::take(&mut self.pending) {
            write!(text, "{number} 1\n{offset:010} 00000 n \n").unwrap();
        }
        write!(
            text,
            "trailer\n<< /Size {} /Root 1 0 R {} {entries} >>\n",
            self.size,
            self.prev()
        )
        .unwrap();
        write!(text, "startxref\n{start}\n%%EOF\n").unwrap();
        self.previous = Some(start);
        self.raw(&text)
    }

    /// Ends the revision with a cross-reference stream.
    pub(crate) fn xref_stream(mut self, number: u32) -> Self {
        let start = self.bytes.len();
        let mut rows = vec![(number, 1_u8, start as u32, 0_u8)];
        rows.extend(
            std::mem::take(&mut self.pending)
                .into_iter()
                .map(|(number, offset)| (number, 1, offset as u32, 0)),
        );
        self = self.rows(number, rows);
        self.pending.clear();
        self.previous = Some(start);
        self.raw(&format!("startxref\n{start}\n%%EOF\n"))
    }

    /// Ends the revision with a table and a stream that tells of the compressed objects.
    pub(crate) fn hybrid(mut self, number: u32) -> Self {
        let start = self.bytes.len();
        self = self.rows(number, vec![]);
        self.table_with(&format!("/XRefStm {start}"))
    }

    fn rows(mut self, number: u32, mut rows: Vec<(u32, u8, u32, u8)>) -> Self {
        self.size = self.size.max(number + 1);
        let compressed = std::mem::take(&mut self.compressed);
        rows.extend(
            compressed
                .into_iter()
                .map(|(number, container, index)| (number, 2, container, index as u8)),
        );
        let index: String = rows
            .iter()
            .map(|(number, ..)| format!("{number} 1 "))
            .collect();
        let row = |(_, kind, second, third): &(u32, u8, u32, u8)| {
            [&[*kind], &second.to_be_bytes()[..], &[*third]].concat()
        };
        let data: Vec<u8> = rows.iter().flat_map(row).collect();
        let entries = format!(
            "/Type /XRef /W [1 4 1] /Index [{index}] /Size {} /Root 1 0 R {}",
            self.size,
            self.prev()
        );
        self.stream(number, &entries, &data)
    }

    fn begin(&mut self, number: u32) {
        self.pending.push((number, self.bytes.len()));
        self.size = self.size.max(number + 1);
    }

    /// `/Prev` and what else the trailer has.
    fn prev(&self) -> String {
        let previous = self
            .previous
            .map(|offset| format!("/Prev {offset} "))
            .unwrap_or_default();
        previous + &self.trailer
    }
}

pub(crate) fn dictionary() -> SignatureDictionary {
    SignatureDictionary {
        signing_time: datetime!(2026-03-04 07:08:09 UTC),
        reason: Some("Рұқсат беру".to_owned()),
        name: None,
        doc_mdp: Some(1),
        capacity: 64,
    }
}

/// The one-page file with a certification signature whose value is `CMS`.
pub(crate) fn signed() -> Vec<u8> {
    prepare_signature(&TestFile::one_page().table().bytes, &dictionary())
        .unwrap()
        .embed(b"CMS")
        .unwrap()
}

/// The same bytes with one place replaced by as many other bytes.
pub(crate) fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .expect(from);
    let mut out = bytes.to_vec();
    out[at..at + to.len()].copy_from_slice(to.as_bytes());
    out
}
