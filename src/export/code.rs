use std::collections::BTreeMap;
use std::fmt::Write;

use printpdf::DictItem;
use printpdf::ExternalStream;
use printpdf::ExternalXObject;
use printpdf::XObject;
use printpdf::XObjectId;

use crate::layout::Code;

/// The name of a code among the resources of a page.
pub(super) fn id(place: usize) -> XObjectId {
    XObjectId(format!("C{place}"))
}

/// A code as a form that every page can show: one path in units of its modules.
pub(super) fn picture(code: &Code) -> XObject {
    let mut path = String::with_capacity(code.dark.len() * 12);
    for dark in &code.dark {
        let y = code.side - dark.y - 1;
        // Writing to a string cannot fail.
        let _ = writeln!(path, "{} {y} {} 1 re", dark.x, dark.length);
    }
    path.push_str("f\n");
    let side = i64::try_from(code.side).unwrap_or(i64::MAX);
    let bounds = [0, 0, side, side].map(DictItem::Int).to_vec();
    let empty = DictItem::Dict {
        map: BTreeMap::new(),
    };
    let dict = [
        ("Type", DictItem::Name("XObject".into())),
        ("Subtype", DictItem::Name("Form".into())),
        ("BBox", DictItem::Array(bounds)),
        ("Resources", empty),
    ];
    XObject::External(ExternalXObject {
        stream: ExternalStream {
            dict: dict.map(|(key, value)| (key.to_owned(), value)).into(),
            content: path.into_bytes(),
            compress: false,
        },
        width: None,
        height: None,
        dpi: None,
    })
}
