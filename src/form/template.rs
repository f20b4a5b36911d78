//! Filling by handlebars, with the fixed text kept out of its way.
//!
//! The engine's parser takes a microsecond for a few characters of text and looks for the line of
//! every tag from the top, and a partial copies the whole data for each value it prints. So fixed
//! text goes in as a short reference and is put back afterwards, a long template goes in as
//! pieces cut where no block is open, and partials are put in as text. What is put back knows its
//! line, so that a fault in the filled form is told at its place in the template.

use std::collections::BTreeMap;
use std::sync::Arc;

use handlebars::Context;
use handlebars::Handlebars;

use crate::form::error::Error;
use crate::form::error::Place;
use crate::form::helpers;
use crate::form::settings::Settings;

/// The files of an edition by their names.
pub(super) type Files = BTreeMap<String, String>;

/// A template ready to be filled.
#[derive(Debug)]
pub(super) struct Template {
    engine: Handlebars<'static>,
    files: Vec<String>,
    pieces: Vec<Piece>,
    texts: Vec<Text>,
    asks_for_clause: bool,
}

/// What the engine fills at once.
#[derive(Debug, Default)]
struct Piece {
    /// Where each tag begins in it, and where it stands in a file.
    tags: Vec<(usize, Spot)>,
}

/// Fixed text and where it begins.
#[derive(Debug)]
struct Text {
    text: String,
    spot: Spot,
}

/// A line of one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    file: usize,
    line: usize,
}

impl Template {
    /// Reads the template of a form, and those that it includes.
    pub(super) fn new(form: &str, files: &Files, settings: &Arc<Settings>) -> Result<Self, Error> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.set_prevent_indent(true);
        engine.register_escape_fn(xml_escape);
        helpers::register(&mut engine, settings);
        let mut reader = Reader {
            files,
            template: Self {
                engine,
                files: Vec::new(),
                pieces: Vec::new(),
                texts: Vec::new(),
                asks_for_clause: false,
            },
            source: String::new(),
            piece: Piece::default(),
            open_blocks: Vec::new(),
            length: 0,
        };
        let from = Spot { file: 0, line: 1 };
        reader.template.files.push(FORM_TOML.to_owned());
        reader.include(form, from, 0)?;
        reader.cut()?;
        Ok(reader.template)
    }

    /// Whether the form prints the clause on electronic documents.
    pub(super) fn asks_for_clause(&self) -> bool {
        self.asks_for_clause
    }

    /// The text with the values of `context` in their places.
    pub(super) fn fill(&self, context: &Context) -> Result<String, Error> {
        let mut filled = String::with_capacity(64 * 1024);
        for piece in 0..self.pieces.len() {
            let values = self.render(piece, context)?;
            self.put_back(&values, &mut filled, |_, _| {});
        }
        Ok(filled)
    }

    /// Where in the files each of some bytes of the filled text comes from.
    pub(super) fn places(&self, context: &Context, bytes: &[usize]) -> Vec<Place> {
        let mut filled = String::new();
        let mut starts = Vec::new();
        for piece in 0..self.pieces.len() {
            let Ok(values) = self.render(piece, context) else {
                break;
            };
            self.put_back(&values, &mut filled, |at, text| starts.push((at, text)));
        }
        let place = |byte: &usize| {
            let after = starts.partition_point(|(at, _)| at <= byte);
            let text = after
                .checked_sub(1)
                .and_then(|last| starts.get(last))
                .and_then(|(at, index)| Some((*at, self.texts.get(*index)?)));
            match text {
                None => self.place(Spot { file: 0, line: 1 }),
                Some((at, text)) => {
                    let before = text.text.get(..byte - at).unwrap_or(&text.text);
                    self.place(Spot {
                        line: text.spot.line + newlines(before),
                        ..text.spot
                    })
                }
            }
        };
        bytes.iter().map(place).collect()
    }

    fn render(&self, piece: usize, context: &Context) -> Result<String, Error> {
        let rendered = self.engine.render_with_context(&piece.to_string(), context);
        rendered.map_err(|error| Error::Fill {
            place: self.place_in(piece, error.column_no),
            reason: reason(error.reason()),
        })
    }

    /// Where a tag at a column of a piece stands: a piece is one line.
    fn place_in(&self, piece: usize, column: Option<usize>) -> Place {
        let column = column.unwrap_or(1).saturating_sub(1);
        let tags = self.pieces.get(piece).map_or(&[][..], |piece| &piece.tags);
        let after = tags.partition_point(|(at, _)| *at <= column);
        let tag = tags.get(after.saturating_sub(1));
        self.place(tag.map_or(Spot { file: 0, line: 1 }, |(_, spot)| *spot))
    }

    fn place(&self, spot: Spot) -> Place {
        Place {
            file: self.files.get(spot.file).cloned().unwrap_or_default(),
            line: spot.line,
        }
    }

    /// Appends `values` with the texts that it refers to, and tells where each of them begins.
    fn put_back(&self, values: &str, filled: &mut String, mut begins: impl FnMut(usize, usize)) {
        for (place, part) in values.split(REFERENCE).enumerate() {
            let index = part.parse().ok().filter(|_| place % 2 == 1);
            match index.and_then(|index: usize| Some((index, self.texts.get(index)?))) {
                Some((index, text)) => {
                    begins(filled.len(), index);
                    filled.push_str(&text.text);
                }
                None => filled.push_str(part),
            }
        }
    }
}

fn reason(reason: &handlebars::RenderErrorReason) -> String {
    match reason {
        handlebars::RenderErrorReason::MissingVariable(path) => format!(
            "there is no value {}",
            path.as_deref().unwrap_or("of that name")
        ),
        reason => reason.to_string(),
    }
}

struct Reader<'s> {
    files: &'s Files,
    template: Template,
    /// What the engine is to get next.
    source: String,
    piece: Piece,
    /// Of each block that is open, how many conditions follow one another in it.
    open_blocks: Vec<usize>,
    /// Bytes read so far, those of a file that is included twice counted twice.
    length: usize,
}

impl Reader<'_> {
    fn include(&mut self, name: &str, from: Spot, depth: usize) -> Result<(), Error> {
        let file_name = format!("{name}.hbs");
        let source = self.files.get(&file_name).filter(|_| depth < MAX_DEPTH);
        let Some(mut rest) = source.map(String::as_str) else {
            return Err(Error::UnknownPartial {
                place: self.template.place(from),
                name: name.to_owned(),
            });
        };
        let known = self
            .template
            .files
            .iter()
            .position(|file| *file == file_name);
        let file = known.unwrap_or(self.template.files.len());
        if known.is_none() {
            self.template.files.push(file_name);
        }
        // A tag that includes an empty file costs too.
        self.length += rest.len() + 1;
        if self.length > LONGEST {
            let reason =
                format!("with all that it includes, the form is longer than {LONGEST} bytes");
            return Err(self.fault(from, &reason));
        }
        let mut spot = Spot { file, line: 1 };
        while let Some((text, tag)) = rest.split_once("{{") {
            self.text(text, spot);
            spot.line += newlines(text);
            let end = match tag.starts_with("!--") {
                true => "--}}",
                false => "}}",
            };
            let Some((tag, after)) = tag.split_once(end) else {
                return Err(self.fault(spot, "the tag has no end"));
            };
            self.tag(tag, spot, depth)?;
            spot.line += newlines(tag);
            rest = after;
        }
        self.text(rest, spot);
        Ok(())
    }

    fn tag(&mut self, tag: &str, spot: Spot, depth: usize) -> Result<(), Error> {
        match tag.split_at_checked(1) {
            Some(("!", _)) => return Ok(()),
            Some((">", name)) => return self.include(name.trim(), spot, depth + 1),
            Some(("#", name)) if !name.starts_with(['>', '*', '{']) => self.open_blocks.push(1),
            Some(("/", _)) => {
                self.open_blocks.pop();
            }
            Some(("#" | "&" | "{" | "~" | "^" | "*", _)) => {
                let reason = format!("the tag {{{{{tag}}}}} is none of this language");
                return Err(self.fault(spot, &reason));
            }
            _ => {}
        }
        // Each condition behind an `else` is a block inside the one before it.
        if let (Some(open), true) = (self.open_blocks.last_mut(), is_else_if(tag)) {
            *open += 1;
        }
        if self.open_blocks.iter().sum::<usize>() > DEEPEST {
            let reason = format!("blocks stand more than {DEEPEST} deep inside one another");
            return Err(self.fault(spot, &reason));
        }
        self.template.asks_for_clause |= tag.contains("clause");
        self.piece.tags.push((self.source.chars().count(), spot));
        let one_line = tag.replace(['\n', '\r'], " ");
        self.source.extend(["{{", &one_line, "}}"]);
        if self.open_blocks.is_empty() && self.source.len() >= PIECE {
            self.cut()?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str, spot: Spot) {
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
        self.template.texts.push(Text { text, spot });
        self.source.push(REFERENCE);
        self.source.push_str(&reference);
        self.source.push(REFERENCE);
    }

    fn cut(&mut self) -> Result<(), Error> {
        let piece = self.template.pieces.len();
        self.template.pieces.push(std::mem::take(&mut self.piece));
        let source = std::mem::take(&mut self.source);
        let template = &mut self.template;
        match template
            .engine
            .register_template_string(&piece.to_string(), source)
        {
            Ok(()) => Ok(()),
            Err(error) => Err(Error::Template {
                place: template.place_in(piece, error.pos().map(|(_, column)| column)),
                reason: error.reason().to_string(),
            }),
        }
    }

    fn fault(&self, spot: Spot, reason: &str) -> Error {
        Error::Template {
            place: self.template.place(spot),
            reason: reason.to_owned(),
        }
    }
}

/// Whether a tag is an `else` with a condition.
fn is_else_if(tag: &str) -> bool {
    let rest = tag.trim_matches(['~', ' ', '\n', '\r', '\t']);
    let rest = rest.strip_prefix("else").or_else(|| rest.strip_prefix('^'));
    rest.is_some_and(|rest| !rest.trim().is_empty())
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
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

/// The file that names the forms.
pub(super) const FORM_TOML: &str = "form.toml";
/// Stands before and after the number of a text: no data has it, being a control character.
const REFERENCE: char = '\u{1}';
/// Bytes from which on a piece is cut where it can be.
const PIECE: usize = 512;
/// Blocks inside one another: the engine calls itself for each.
pub(super) const DEEPEST: usize = 48;
/// Bytes of a template with all that it includes; those of the editions here have less than 100 000.
pub(super) const LONGEST: usize = 4 * 1024 * 1024;
/// Templates that may include each other.
pub(super) const MAX_DEPTH: usize = 6;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(sources: &[(&str, &str)]) -> Result<Template, Error> {
        let files = sources
            .iter()
            .map(|(name, text)| (format!("{name}.hbs"), (*text).to_owned()))
            .collect();
        let settings = "id = 'x'\nname = { kk = 'x', ru = 'x' }\nforms = {}\n\
                        in_force = { from = '2013-01-01', to = '2014-01-01' }";
        Template::new("main", &files, &Arc::new(toml::from_str(settings).unwrap()))
    }

    fn filled(sources: &[(&str, &str)], data: serde_json::Value) -> Result<String, Error> {
        template(sources)?.fill(&Context::wraps(data).unwrap())
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
            assert!(matches!(result, Err(Error::Fill { .. })), "{template}");
        }
    }

    #[test]
    fn a_broken_template_is_an_error() {
        for template in ["{{x", "{{#if x}}", "{{/if}}", "{{#if x}}{{/each}}"] {
            let result = self::template(&[("main", template)]);
            assert!(matches!(result, Err(Error::Template { .. })), "{template}");
        }
    }

    #[test]
    fn blocks_inside_one_another_have_an_end() {
        let nested = |depth| ["{{#if x}}".repeat(depth), "{{/if}}".repeat(depth)].concat();
        let chained = |count| format!("{{{{#if x}}}}{}{{{{/if}}}}", "{{else if x}}".repeat(count));
        assert!(template(&[("main", &nested(DEEPEST))]).is_ok());
        assert!(template(&[("main", &chained(DEEPEST - 1))]).is_ok());
        for text in [
            nested(DEEPEST + 1),
            nested(100_000),
            chained(DEEPEST),
            chained(100_000),
        ] {
            let result = template(&[("main", &text)]);
            assert!(matches!(result, Err(Error::Template { .. })));
        }
    }

    #[test]
    fn templates_that_include_each_other_a_thousandfold_have_an_end() {
        let (one, two) = ("{{> one}}".repeat(4000), "{{> two}}".repeat(4000));
        let sources = [("main", one.as_str()), ("one", two.as_str()), ("two", "")];
        assert!(matches!(template(&sources), Err(Error::Template { .. })));
    }

    #[test]
    fn an_unknown_or_endless_partial_is_an_error() {
        for template in ["{{> other}}", "{{> main}}"] {
            let result = self::template(&[("main", template)]);
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
