//! What makes a filled template no XML (XML 1.0 §2.1), told where somebody can mend it: an element
//! without its end at its begin, and every one of them. The parser that reads the template stops at
//! the first, where it notices.

use crate::form::error::LanguageFault;
use crate::form::xml::reading::Fault;

/// All faults of the markup, in the order of the text.
pub(super) fn faults(text: &str) -> Vec<Fault> {
    let mut scan = Scan {
        text,
        open: Vec::new(),
        faults: Vec::new(),
    };
    scan.all();
    scan.faults.sort_by_key(|fault| fault.at);
    scan.faults
}

struct Scan<'t> {
    text: &'t str,
    /// Elements without their end so far, and where each begins.
    open: Vec<(&'t str, usize)>,
    faults: Vec<Fault>,
}

impl<'t> Scan<'t> {
    fn all(&mut self) {
        let mut at = 0;
        while let Some(found) = self.rest(at).find(['<', '&']) {
            at += found;
            at += match self.rest(at).as_bytes() {
                [b'&', ..] => self.reference(at),
                [b'<', b'/', ..] => self.end(at),
                _ => self.begin(at),
            };
            if self.open.len() > DEEPEST {
                return;
            }
        }
        while let Some((name, begin)) = self.open.pop() {
            self.fault(begin, format!("<{name}> has no end: </{name}>"));
        }
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// `&amp;`; bytes read.
    fn reference(&mut self, at: usize) -> usize {
        let rest = self.rest(at + 1);
        let name = rest.split_once(';').map_or("", |(name, _)| name);
        let is_number = |digits: &str, radix| u32::from_str_radix(digits, radix).is_ok();
        let is_known = matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")
            || name
                .strip_prefix("#x")
                .is_some_and(|hex| is_number(hex, 16))
            || name
                .strip_prefix('#')
                .is_some_and(|digits| is_number(digits, 10));
        if !is_known {
            self.fault(at, "an & stands alone: write &amp;".to_owned());
        }
        1
    }

    /// `</p>`; bytes read.
    fn end(&mut self, at: usize) -> usize {
        let rest = self.rest(at + 2);
        let name = name_of(rest);
        let after = rest.get(name.len()..).unwrap_or_default();
        if !after.trim_ascii_start().starts_with('>') {
            self.fault(at, format!("</{name} has no >"));
        }
        match self.open.iter().rposition(|(open, _)| *open == name) {
            None => self.fault(at, format!("</{name}> ends nothing: no <{name}> is open")),
            Some(place) => {
                for (inner, begin) in self.open.split_off(place).into_iter().skip(1) {
                    let fact = match EMPTY.contains(&inner) {
                        true => format!("<{inner}> has no end: write <{inner}/>"),
                        false => {
                            format!("<{inner}> has no end: </{name}> comes before </{inner}>")
                        }
                    };
                    self.fault(begin, fact);
                }
            }
        }
        2 + name.len()
    }

    /// `<p align="center">`; bytes read.
    fn begin(&mut self, at: usize) -> usize {
        let name = name_of(self.rest(at + 1));
        if name.is_empty() {
            self.fault(at, "a < stands alone: write &lt;".to_owned());
            return 1;
        }
        let mut read = 1 + name.len();
        let mut attributes: Vec<&str> = Vec::new();
        loop {
            let rest = self.rest(at + read);
            let trimmed = rest.trim_ascii_start();
            read += rest.len() - trimmed.len();
            if trimmed.starts_with("/>") {
                return read + 2;
            }
            if trimmed.starts_with('>') {
                self.open.push((name, at));
                return read + 1;
            }
            match attribute(trimmed) {
                Ok((attribute, length)) => {
                    if attributes.contains(&attribute) || attributes.len() > DEEPEST {
                        self.fault(at, format!("<{name}> has {attribute} twice"));
                    }
                    attributes.push(attribute);
                    read += length;
                }
                Err(fact) => {
                    self.fault(at, format!("<{name}>: {fact}"));
                    // What was meant is an element: its end will come.
                    let end = trimmed.find(['<', '>']).unwrap_or(trimmed.len());
                    let found = trimmed.get(end..).unwrap_or_default();
                    let is_empty = trimmed.get(..end).unwrap_or_default().ends_with('/');
                    if !is_empty {
                        self.open.push((name, at));
                    }
                    return read + end + usize::from(found.starts_with('>'));
                }
            }
        }
    }

    fn fault(&mut self, at: usize, reason: String) {
        let fault = LanguageFault::NotXml { reason };
        self.faults.push(Fault { at, fault });
    }
}

/// `align="center"`: its name and its length.
fn attribute(text: &str) -> Result<(&str, usize), String> {
    let name = name_of(text);
    if name.is_empty() {
        return Err("there is no > at its end".to_owned());
    }
    let after = text.get(name.len()..).unwrap_or_default();
    let Some(value) = after.strip_prefix('=') else {
        return Err(format!("{name} has no value: {name}=\"…\""));
    };
    let quote = value
        .chars()
        .next()
        .filter(|mark| matches!(mark, '"' | '\''));
    let Some(quote) = quote else {
        return Err(format!(
            "the value of {name} has no quotation marks: {name}=\"…\""
        ));
    };
    let inside = value.get(1..).unwrap_or_default();
    match inside.split_once(quote) {
        Some((inside, _)) if !inside.contains(['<', '>']) => {
            Ok((name, name.len() + 1 + inside.len() + 2))
        }
        _ => Err(format!(
            "the value of {name} has no quotation mark at its end"
        )),
    }
}

fn name_of(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Elements with nothing in them.
const EMPTY: [&str; 6] = ["bar", "br", "page", "pages", "qr", "space"];
/// Elements inside one another, and attributes of one.
const DEEPEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let faults = faults(text).into_iter();
        let told = faults.map(|fault| format!("{} {}", fault.at, fault.fault));
        told.collect()
    }

    #[test]
    fn markup_without_faults_has_none() {
        let text = "<form a='1' b=\"x &amp; &#xA0;&#160;\"><p>a&lt;b<br/></p><p></p ></form>";
        assert_eq!(told(text), Vec::<String>::new());
    }

    #[test]
    fn an_element_without_its_end_is_told_at_its_begin() {
        for (text, facts) in [
            (
                "<a><b><i>x</b><c></a>",
                &[
                    "6 <i> has no end: </b> comes before </i>",
                    "14 <c> has no end: </a> comes before </c>",
                ][..],
            ),
            (
                "<a><b>",
                &["0 <a> has no end: </a>", "3 <b> has no end: </b>"],
            ),
            ("<a></b></a>", &["3 </b> ends nothing: no <b> is open"]),
        ] {
            assert_eq!(told(text), facts, "{text}");
        }
    }

    #[test]
    fn damaged_tags_and_lonely_characters_are_told() {
        for (text, fact) in [
            ("<a>x & y</a>", "5 an & stands alone: write &amp;"),
            ("<a>&nbsp;</a>", "3 an & stands alone: write &amp;"),
            ("<a>1 < 2</a>", "5 a < stands alone: write &lt;"),
            (
                "<a b=c>x</a>",
                "0 <a>: the value of b has no quotation marks: b=\"…\"",
            ),
            ("<a b>x</a>", "0 <a>: b has no value: b=\"…\""),
            (
                "<a b=\"c>x</a>",
                "0 <a>: the value of b has no quotation mark at its end",
            ),
            ("<a b='1' b='2'/>", "0 <a> has b twice"),
            ("<a>x</a", "4 </a has no >"),
            (
                "<a><b c=\"1\"<d/></b></a>",
                "3 <b>: there is no > at its end",
            ),
        ] {
            assert_eq!(told(text), [fact], "{text}");
        }
    }
}
