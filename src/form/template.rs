//! Filling by handlebars, with the fixed text kept out of its way.
//!
//! The engine's parser takes a microsecond for a few characters of text and looks for the line of
//! every tag from the top, and a partial copies the whole data for each value it prints. So fixed
//! text goes in as a short reference and is put back afterwards, a long template goes in as
//! pieces cut where no block is open, and partials are put in as text.

use handlebars::Context;
use handlebars::Handlebars;

use crate::form::error::Error;

/// A template ready to be filled.
#[derive(Debug)]
pub(super) struct Template {
    engine: Handlebars<'static>,
    pieces: usize,
    texts: Vec<String>,
}

impl Template {
    /// Reads the template `name` among `sources`, and those that it includes.
    pub(super) fn new(name: &str, sources: &[(&str, &str)]) -> Result<Self, Error> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.set_prevent_indent(true);
        engine.register_escape_fn(xml_escape);
        let mut reader = Reader {
            sources,
            template: Self {
                engine,
                pieces: 0,
                texts: Vec::new(),
            },
            piece: String::new(),
            open_blocks: 0,
        };
        reader.include(name, 0)?;
        reader.cut()?;
        Ok(reader.template)
    }

    /// The text with the values of `context` in their places.
    pub(super) fn fill(&self, context: &Context) -> Result<String, Error> {
        let mut filled = String::with_capacity(64 * 1024);
        for piece in 0..self.pieces {
            let values = self
                .engine
                .render_with_context(&piece.to_string(), context)
                .map_err(|error| Error::Fill(error.into()))?;
            self.put_back(&values, &mut filled);
        }
        Ok(filled)
    }

    /// Appends `values` with the texts that it refers to.
    fn put_back(&self, values: &str, filled: &mut String) {
        for (place, part) in values.split(REFERENCE).enumerate() {
            let text = part
                .parse()
                .ok()
                .and_then(|index: usize| self.texts.get(index));
            match text.filter(|_| place % 2 == 1) {
                Some(text) => filled.push_str(text),
                None => filled.push_str(part),
            }
        }
    }
}

struct Reader<'s> {
    sources: &'s [(&'s str, &'s str)],
    template: Template,
    /// What the engine is to get next.
    piece: String,
    open_blocks: usize,
}

impl Reader<'_> {
    fn include(&mut self, name: &str, depth: usize) -> Result<(), Error> {
        let source = self.sources.iter().find(|(known, _)| *known == name);
        let Some(&(_, mut rest)) = source.filter(|_| depth < MAX_DEPTH) else {
            return Err(Error::UnknownPartial {
                name: name.to_owned(),
            });
        };
        while let Some((text, tag)) = rest.split_once("{{") {
            self.text(text);
            let end = match tag.starts_with("!--") {
                true => "--}}",
                false => "}}",
            };
            let Some((tag, after)) = tag.split_once(end) else {
                // Left to the engine, which says what is wrong with it.
                self.piece.push_str("{{");
                self.piece.push_str(tag);
                return Ok(());
            };
            self.tag(tag, depth)?;
            rest = after;
        }
        self.text(rest);
        Ok(())
    }

    fn tag(&mut self, tag: &str, depth: usize) -> Result<(), Error> {
        match tag.split_at_checked(1) {
            Some(("!", _)) => return Ok(()),
            Some((">", name)) => return self.include(name.trim(), depth + 1),
            Some(("#", _)) => self.open_blocks += 1,
            Some(("/", _)) => self.open_blocks = self.open_blocks.saturating_sub(1),
            _ => {}
        }
        self.piece.extend(["{{", tag, "}}"]);
        if self.open_blocks == 0 && self.piece.len() >= PIECE {
            self.cut()?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let reference = self.template.texts.len().to_string();
        let mut lines = text.split('\n');
        let mut text = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            text.push('\n');
            text.push_str(line.trim_ascii_start());
        }
        self.template.texts.push(text);
        self.piece.push(REFERENCE);
        self.piece.push_str(&reference);
        self.piece.push(REFERENCE);
    }

    fn cut(&mut self) -> Result<(), Error> {
        let name = self.template.pieces.to_string();
        self.template
            .engine
            .register_template_string(&name, std::mem::take(&mut self.piece))
            .map_err(|error| Error::Template(error.into()))?;
        self.template.pieces += 1;
        Ok(())
    }
}

/// Characters that mean something in XML, and the one that means something here.
fn xml_escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // No data has it; as a character reference it is no XML.
            REFERENCE => escaped.push_str("&#1;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Stands before and after the number of a text: no data has it, being a control character.
const REFERENCE: char = '\u{1}';
/// Bytes from which on a piece is cut where it can be.
const PIECE: usize = 512;
/// Templates that may include each other.
const MAX_DEPTH: usize = 4;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(sources: &[(&str, &str)], data: serde_json::Value) -> Result<String, Error> {
        Template::new("main", sources)?.fill(&Context::wraps(data).unwrap())
    }

    #[test]
    fn text_values_blocks_and_partials_come_out_in_order() {
        let sources = [
            (
                "main",
                "{{!-- {{no}} tag --}}<a>\n    {{x}} &amp;{{> part}}</a>{{! nor this}}",
            ),
            (
                "part",
                "{{#each list}}<b>{{this}}{{#if @last}}.{{else}};{{/if}}</b>{{/each}}",
            ),
        ];
        let data = json!({"x": "1 & <2>", "list": ["\"", "{{x}}"]});
        assert_eq!(
            filled(&sources, data).unwrap(),
            "<a>\n1 &amp; &lt;2&gt; &amp;<b>&quot;;</b><b>{{x}}.</b></a>"
        );
    }

    #[test]
    fn long_templates_are_cut_only_where_no_block_is_open() {
        let line = "{{#if yes}}{{x}} text {{#each list}}{{this}}{{/each}}{{/if}}\n";
        let data = json!({"yes": true, "x": 7, "list": [1, 2]});
        let text = filled(&[("main", &line.repeat(100))], data).unwrap();
        assert_eq!(text, "7 text 12\n".repeat(100));
    }

    #[test]
    fn a_name_that_is_not_there_is_an_error() {
        for template in [
            "{{y}}",
            "{{x.y}}",
            "{{#each y}}{{/each}}",
            "{{#with y}}{{/with}}",
        ] {
            let result = filled(&[("main", template)], json!({"x": {}}));
            assert!(matches!(result, Err(Error::Fill(_))), "{template}");
        }
    }

    #[test]
    fn a_broken_template_is_an_error() {
        for template in ["{{x", "{{#if x}}", "{{/if}}", "{{#if x}}{{/each}}"] {
            let result = Template::new("main", &[("main", template)]);
            assert!(matches!(result, Err(Error::Template(_))), "{template}");
        }
    }

    #[test]
    fn an_unknown_or_endless_partial_is_an_error() {
        for template in ["{{> other}}", "{{> main}}"] {
            let result = Template::new("main", &[("main", template)]);
            assert!(
                matches!(result, Err(Error::UnknownPartial { .. })),
                "{template}"
            );
        }
    }

    #[test]
    fn data_that_looks_like_a_reference_is_none() {
        let text = filled(&[("main", "secret {{x}}")], json!({"x": "\u{1}9\u{1}"})).unwrap();
        assert_eq!(text, "secret &#1;9&#1;");
    }
}
