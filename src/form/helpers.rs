//! What templates may do with a value.

use std::ops::RangeInclusive;
use std::sync::Arc;

use handlebars::Context;
use handlebars::Handlebars;
use handlebars::Helper;
use handlebars::HelperDef;
use handlebars::RenderContext;
use handlebars::RenderError;
use handlebars::RenderErrorReason;
use handlebars::ScopedJson;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::form::context::PROVENANCE;
use crate::form::dates;
use crate::form::language::Lang;
use crate::form::pointed;
use crate::form::settings::Settings;
use crate::form::settings::parse_date;
use crate::model::Quantity;
use crate::model::Share;

/// What a template may call.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How many arguments it takes.
    pub(super) arguments: RangeInclusive<usize>,
    /// Whether a field that the document lacks may be one of them.
    pub(super) may_lack: bool,
}

const fn printing(name: &'static str, arguments: usize) -> Function {
    Function {
        name,
        arguments: arguments..=arguments,
        may_lack: false,
    }
}

const fn asking(name: &'static str, arguments: RangeInclusive<usize>) -> Function {
    Function {
        name,
        arguments,
        may_lack: true,
    }
}

/// The functions of the form language.
pub(super) const FUNCTIONS: [Function; 19] = [
    asking("and", 2..=9),
    printing("count", 3),
    printing("day", 1),
    printing("day_kk", 1),
    printing("day_ru", 1),
    asking("eq", 2..=2),
    printing("figure", 1),
    printing("len", 1),
    printing("moment", 1),
    printing("month_kk", 1),
    printing("month_ru", 1),
    asking("ne", 2..=2),
    asking("not", 1..=1),
    asking("or", 2..=9),
    printing("ordinal", 1),
    printing("percent", 3),
    printing("without_stop", 1),
    printing("word_kk", 2),
    printing("word_ru", 2),
];

/// The names that the engine knows; no field of the data can have one of them.
pub(super) fn is_reserved(name: &str) -> bool {
    let blocks = ["each", "if", "log", "lookup", "unless", "with"];
    blocks.contains(&name) || FUNCTIONS.iter().any(|function| function.name == name)
}

/// Gives an engine the functions of the form language.
pub(super) fn register(engine: &mut Handlebars<'static>, settings: &Arc<Settings>) {
    let prints: [(&str, Print); 9] = [
        ("day", |text| parse_date(text).map(dates::day)),
        ("day_kk", |text| {
            parse_date(text).map(|date| dates::in_words(date, Lang::Kk))
        }),
        ("day_ru", |text| {
            parse_date(text).map(|date| dates::in_words(date, Lang::Ru))
        }),
        ("figure", figure),
        ("moment", |text| {
            OffsetDateTime::parse(text, &Rfc3339)
                .ok()
                .map(dates::moment)
        }),
        ("month_kk", |text| dates::month(text, Lang::Kk)),
        ("month_ru", |text| dates::month(text, Lang::Ru)),
        ("ordinal", |text| {
            text.parse::<usize>()
                .ok()?
                .checked_add(1)
                .map(|number| number.to_string())
        }),
        // The sentence of the form that it ends has one.
        ("without_stop", |text| {
            Some(text.strip_suffix('.').unwrap_or(text).to_owned())
        }),
    ];
    for (name, print) in prints {
        engine.register_helper(name, Box::new(Printed { name, print }));
    }
    for (name, lang) in [("word_kk", Lang::Kk), ("word_ru", Lang::Ru)] {
        let settings = Arc::clone(settings);
        engine.register_helper(name, Box::new(Word { settings, lang }));
    }
    engine.register_helper("count", Box::new(Counting::Count));
    engine.register_helper("percent", Box::new(Counting::Percent));
    engine.register_helper("eq", Box::new(Equality { wanted: true }));
    engine.register_helper("ne", Box::new(Equality { wanted: false }));
    engine.register_helper("and", Box::new(Logic::And));
    engine.register_helper("not", Box::new(Logic::Not));
    engine.register_helper("or", Box::new(Logic::Or));
}

type Print = fn(&str) -> Option<String>;

/// Prints one value otherwise.
struct Printed {
    name: &'static str,
    print: Print,
}

impl HelperDef for Printed {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let text = argument(helper, 0)?;
        let print = |value: &str| {
            (self.print)(value)
                .ok_or_else(|| other(format!("{} does not print the value {value:?}", self.name)))
        };
        Ok(Value::String(pointed::mapped(&text, print)?).into())
    }
}

/// The word of a group that stands for a value.
struct Word {
    settings: Arc<Settings>,
    lang: Lang,
}

impl HelperDef for Word {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let (group, code) = (argument(helper, 0)?, argument(helper, 1)?);
        let words = self
            .settings
            .words
            .get(&group)
            .ok_or_else(|| other(format!("form.toml has no words.{group}")))?;
        let shows_provenance = context.data().get(PROVENANCE) == Some(&Value::Bool(true));
        let word = |code: &str| {
            words
                .get(code)
                .map(|word| match shows_provenance {
                    true => format!("{} [{}]", word.of(self.lang), word.src),
                    false => word.of(self.lang).to_owned(),
                })
                .ok_or_else(|| other(format!("words.{group} has no {code:?}")))
        };
        Ok(Value::String(pointed::mapped(&code, word)?).into())
    }
}

/// How many elements of a list have a value in a field.
#[derive(Clone, Copy)]
enum Counting {
    /// Their number.
    Count,
    /// Their share in percent, one decimal place.
    Percent,
}

impl HelperDef for Counting {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let list = helper.param(0).and_then(|param| param.value().as_array());
        let list = list.ok_or_else(|| other(format!("{} is given no list", helper.name())))?;
        let (field, wanted) = (argument(helper, 1)?, argument(helper, 2)?);
        let has_it = |element: &&Value| {
            let found = element.get(&field).and_then(text_of);
            found.is_some_and(|found| pointed::plain(&found) == pointed::plain(&wanted))
        };
        let share = Share {
            count: list.iter().filter(has_it).count(),
            of: list.len(),
        };
        let text = match self {
            Self::Count => share.count.to_string(),
            Self::Percent => {
                let thousandths = share.per_mille();
                format!("{}.{}", thousandths / 10, thousandths % 10)
            }
        };
        Ok(Value::String(text).into())
    }
}

/// Whether two values print the same.
struct Equality {
    wanted: bool,
}

impl HelperDef for Equality {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let text = |index| helper.param(index).and_then(|param| text_of(param.value()));
        let equal = match (text(0), text(1)) {
            (Some(left), Some(right)) => pointed::plain(&left) == pointed::plain(&right),
            (left, right) => left == right,
        };
        Ok(Value::Bool(equal == self.wanted).into())
    }
}

/// Conditions of conditions: what is missing is false, and no error.
#[derive(Clone, Copy)]
enum Logic {
    And,
    Not,
    Or,
}

impl HelperDef for Logic {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let mut truths = helper.params().iter().map(|param| is_true(param.value()));
        let truth = match self {
            Self::And => truths.all(|truth| truth),
            Self::Not => !truths.any(|truth| truth),
            Self::Or => truths.any(|truth| truth),
        };
        Ok(Value::Bool(truth).into())
    }
}

/// As `if` sees it.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Null => false,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// The text of an argument, with its pointer.
fn argument(helper: &Helper<'_>, index: usize) -> Result<String, RenderError> {
    let param = helper.param(index);
    let found = param.and_then(|param| text_of(param.value()));
    found.ok_or_else(|| {
        let path = param.and_then(|param| param.relative_path().cloned());
        other(format!(
            "{} is given no value{}",
            helper.name(),
            path.map(|path| format!(": {path}")).unwrap_or_default()
        ))
    })
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn figure(text: &str) -> Option<String> {
    text.parse::<Quantity<()>>().ok().map(Quantity::printed)
}

fn other(fact: String) -> RenderError {
    RenderErrorReason::Other(fact).into()
}
