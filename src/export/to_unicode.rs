use std::collections::BTreeMap;
use std::fmt::Write;

/// The characters of each glyph, as a CMap (ISO 32000-1, 9.10.3).
pub(super) fn map(texts: &BTreeMap<u16, String>) -> String {
    let mut map = String::from(HEAD);
    let texts: Vec<(&u16, &String)> = texts.iter().collect();
    for texts in texts.chunks(AT_ONCE) {
        // Writing to a string cannot fail.
        let _ = writeln!(map, "{} beginbfchar", texts.len());
        for (glyph, text) in texts {
            let _ = write!(map, "<{glyph:04X}> <");
            for unit in text.encode_utf16() {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str(TAIL);
    map
}

const HEAD: &str = "\
/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
";

const TAIL: &str = "\
endcmap
CMapName currentdict /CMap defineresource pop
end
end
";

/// Entries of one block, at most.
const AT_ONCE: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_a_hundred_entries_at_most() {
        let texts = (0..101).map(|glyph| (glyph, "ә".to_owned())).collect();
        let map = map(&texts);
        assert!(map.contains("100 beginbfchar\n<0000> <04D9>\n"));
        assert!(map.contains("1 beginbfchar\n<0064> <04D9>\nendbfchar\n"));
    }
}
