//! The names that a template may ask for.

use std::collections::BTreeMap;

use crate::form::settings::Settings;
use crate::form::settings::TableSettings;

/// What stands at a place of the data: members by name, elements of a list, or a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Schema {
    members: BTreeMap<String, Self>,
    each: Option<Box<Self>>,
}

/// A value without parts that are known.
static VALUE: Schema = Schema {
    members: BTreeMap::new(),
    each: None,
};

impl Schema {
    fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        let members = members.map(|(name, schema)| (name.to_owned(), schema));
        Self {
            members: members.into(),
            each: None,
        }
    }

    fn list(each: Self) -> Self {
        Self {
            members: BTreeMap::new(),
            each: Some(Box::new(each)),
        }
    }

    /// A member. A value may be one in two languages, or a date and also words.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match self.members.get(name) {
            Some(member) => Some(member),
            None if self.each.is_none() && matches!(name, "kk" | "ru") => Some(&VALUE),
            None => None,
        }
    }

    /// What each element is.
    pub(super) fn each(&self) -> Option<&Self> {
        self.each.as_deref()
    }

    /// Whether it can be printed.
    pub(super) fn is_value(&self) -> bool {
        self.members.is_empty() && self.each.is_none()
    }

    fn at(&mut self, pattern: &str) -> &mut Self {
        let mut place = self;
        for step in pattern.split('/').skip(1) {
            place = match step {
                "*" => place.each.get_or_insert_default(),
                name => place.members.entry(name.to_owned()).or_default(),
            };
        }
        place
    }

    fn find(&self, pattern: &str) -> Option<&Self> {
        let mut steps = pattern.split('/').skip(1);
        steps.try_fold(self, |place, step| match step {
            "*" => place.each(),
            name => place.members.get(name),
        })
    }
}

/// All that the templates of a form may ask for at its top.
pub(super) fn of_form(settings: &Settings, form: &str) -> Schema {
    let mut schema = Schema::default();
    for form in settings.forms_of(form) {
        for pattern in form.fields.keys() {
            schema.at(pattern);
        }
    }
    let tables = settings.tables(form).into_iter().map(|(name, table)| {
        let table = of_table(table, &schema);
        (name.to_owned(), table)
    });
    let tables = Schema {
        members: tables.collect(),
        each: None,
    };
    let text = || Schema::object([("text", Schema::default()), ("src", Schema::default())]);
    let added = [
        (
            "clause",
            Schema::object([
                ("src", Schema::default()),
                ("kk", Schema::default()),
                ("ru", Schema::default()),
            ]),
        ),
        (
            "repeal_note",
            Schema::object([("kk", text()), ("ru", text())]),
        ),
        ("draft", Schema::default()),
        ("electronic", Schema::default()),
        ("paper", Schema::default()),
        ("verbatim", Schema::default()),
        ("edition_in_force", Schema::default()),
        ("tables", tables),
    ];
    for (name, added) in added {
        schema.members.insert(name.to_owned(), added);
    }
    schema
}

fn of_table(table: &TableSettings, data: &Schema) -> Schema {
    let rows = data.find(&table.rows);
    let mut row = rows.and_then(Schema::each).cloned().unwrap_or_default();
    row.members.remove("tonnes");
    row.members
        .insert("number_in_table".to_owned(), Schema::default());
    row.members
        .insert("amounts".to_owned(), Schema::list(Schema::default()));
    let figures = |is_wanted: fn(bool) -> bool| Schema {
        members: table
            .figures
            .iter()
            .filter(|figure| is_wanted(figure.sum))
            .map(|figure| (figure.field.clone(), Schema::default()))
            .collect(),
        each: None,
    };
    let part = Schema::object([
        ("years", Schema::list(Schema::default())),
        ("years_count", Schema::default()),
        ("year_width", Schema::default()),
        ("width", figures(|_| true)),
        ("sum", figures(|sum| sum)),
        ("rows", Schema::list(row)),
        ("totals", Schema::list(Schema::default())),
    ]);
    match table.rows.split_once("/*") {
        None => Schema::object([
            ("orientation", Schema::default()),
            ("parts", Schema::list(part)),
        ]),
        Some((list, inner)) => {
            let group = data.find(list).and_then(Schema::each);
            let mut group = group.cloned().unwrap_or_default();
            group.members.remove(inner.trim_start_matches('/'));
            group
                .members
                .insert("parts".to_owned(), Schema::list(part.clone()));
            Schema::object([
                ("orientation", Schema::default()),
                ("groups", Schema::list(group)),
                ("sums", Schema::list(part)),
            ])
        }
    }
}
