//! Which columns the table of an appendix may have, and which of them a head row names.

use ruqsat::model::Bilingual;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text as it stands.
    Text,
    /// A text in two languages: two columns.
    Bilingual,
    /// A decimal number.
    Quantity,
    /// A word of the data, or what the forms print for it.
    Word(&'static [(&'static str, [&'static str; 2])]),
    /// A day, or a text in two languages.
    Deadline,
}

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Of a row.
    Row,
    /// Of several rows that follow one another.
    Group,
}

/// A field of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) level: Level,
}

/// The table of an appendix.
#[derive(Debug)]
pub(super) struct Annex {
    /// Its name in the data.
    pub(super) name: &'static str,
    /// Where the labels of its rows' fields stand in the form.
    pub(super) labels: &'static str,
    /// Where those of its groups' fields stand.
    pub(super) group_labels: &'static str,
    pub(super) fields: &'static [Field],
    /// Whether its rows have an amount for each year.
    pub(super) has_years: bool,
}

impl Annex {
    /// The one of that name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ANNEXES.iter().find(|annex| annex.name == name)
    }

    pub(super) fn names() -> Vec<&'static str> {
        ANNEXES.iter().map(|annex| annex.name).collect()
    }

    /// Whether several rows belong to one element of the data.
    pub(super) fn is_grouped(&self) -> bool {
        self.fields.iter().any(|field| field.level == Level::Group)
    }

    /// Every name that a head may have, the years apart.
    pub(super) fn names_of_columns(&self) -> Vec<String> {
        let fields = self.fields.iter();
        fields.flat_map(spellings).collect()
    }

    /// The column that a head names: by its name, or by what the form calls the field.
    pub(super) fn column<'l>(
        &self,
        head: &str,
        label: impl Fn(&str) -> Option<&'l Bilingual>,
    ) -> Head {
        let head = plain(head);
        if head.is_empty() || ROW_NUMBERS.contains(&head.as_str()) {
            return Head::Ignored;
        }
        if self.has_years && is_year(&head) {
            return Head::Column(format!("tonnes/{head}"), Level::Row, Kind::Quantity);
        }
        for field in self.fields {
            let column = |path: &str| Head::Column(path.replace('.', "/"), field.level, field.kind);
            if let Some(name) = spellings(field).iter().find(|name| plain(name) == head) {
                return column(name);
            }
            let base = match field.level {
                Level::Row => self.labels,
                Level::Group => self.group_labels,
            };
            let Some(names) = label(&format!("{base}/{}", field.name)) else {
                continue;
            };
            let is_kk = is_label(&head, &names.kk);
            if !is_kk && !is_label(&head, &names.ru) {
                continue;
            }
            // The same word for two languages, or for two fields, says too little.
            let language = if is_kk { "kk" } else { "ru" };
            match field.kind {
                Kind::Bilingual if plain(&names.kk) != plain(&names.ru) => {
                    return column(&format!("{}.{language}", field.name));
                }
                Kind::Bilingual => {}
                _ if matches!(field.name, "kk" | "ru") && field.name != language => {}
                _ => return column(field.name),
            }
        }
        Head::Unknown
    }
}

/// What a head names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// A path below the row (`name/kk`).
    Column(String, Level, Kind),
    /// Nothing of the data: the number of the row, or no head at all.
    Ignored,
    /// Nothing that is known.
    Unknown,
}

fn spellings(field: &Field) -> Vec<String> {
    let name = field.name;
    match field.kind {
        Kind::Bilingual => vec![format!("{name}.kk"), format!("{name}.ru")],
        Kind::Deadline => vec![name.to_owned(), format!("{name}.kk"), format!("{name}.ru")],
        _ => vec![name.to_owned()],
    }
}

/// The form names a field with its appendix first: «Приложение 1, код ЗВ».
fn is_label(head: &str, label: &str) -> bool {
    let label = plain(label);
    let short = label.split_once(", ").map(|(_, short)| short);
    label == head || short == Some(head)
}

/// Lower case, single spaces.
fn plain(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn is_year(head: &str) -> bool {
    head.len() == 4 && head.bytes().all(|byte| byte.is_ascii_digit())
}

const fn field(name: &'static str, kind: Kind) -> Field {
    let level = Level::Row;
    Field { name, kind, level }
}

const fn group(name: &'static str, kind: Kind) -> Field {
    let level = Level::Group;
    Field { name, kind, level }
}

const fn annex(name: &'static str, labels: &'static str, fields: &'static [Field]) -> Annex {
    Annex {
        name,
        labels,
        group_labels: labels,
        fields,
        has_years: true,
    }
}

static ANNEXES: [Annex; 5] = [
    annex(
        "annex1",
        "/annex1/*",
        &[
            field("source_no", Kind::Text),
            field("code", Kind::Text),
            field("name", Kind::Bilingual),
            field("gps", Kind::Quantity),
        ],
    ),
    Annex {
        group_labels: "/annex2/*",
        ..annex(
            "annex2",
            "/annex2/*/rows/*",
            &[
                group("outlet", Kind::Text),
                group("receiver", Kind::Bilingual),
                group("m3_h", Kind::Quantity),
                group("thousand_m3_year", Kind::Quantity),
                field("name", Kind::Bilingual),
                field("mg_dm3", Kind::Quantity),
                field("g_h", Kind::Quantity),
            ],
        )
    },
    annex(
        "annex3",
        "/annex3/*",
        &[
            field("name", Kind::Bilingual),
            field("code", Kind::Text),
            field("level", Kind::Word(&LEVELS)),
            field("place", Kind::Bilingual),
        ],
    ),
    annex(
        "annex4",
        "/annex4/*",
        &[
            field("map", Kind::Text),
            field("form", Kind::Word(&FORMS)),
            field("place", Kind::Bilingual),
        ],
    ),
    Annex {
        has_years: false,
        ..annex(
            "annex5",
            "/annex5/*",
            &[
                field("kk", Kind::Text),
                field("ru", Kind::Text),
                field("deadline", Kind::Deadline),
                field("report_to", Kind::Bilingual),
            ],
        )
    },
];

/// As the forms print them.
const LEVELS: [(&str, [&str; 2]); 3] = [
    ("green", ["жасыл", "зеленый"]),
    ("amber", ["янтарь", "янтарный"]),
    ("red", ["қызыл", "красный"]),
];
const FORMS: [(&str, [&str; 2]); 2] = [
    ("open", ["ашық түрде", "в открытом виде"]),
    ("closed", ["жабық түрде", "в закрытом виде"]),
];
/// Heads of the column that counts the rows.
const ROW_NUMBERS: [&str; 4] = ["№", "№ п/п", "р/с №", "п/п"];

#[cfg(test)]
mod tests {
    use ruqsat::form::Edition;

    use super::*;

    fn found(annex: &str, head: &str) -> Option<String> {
        let edition = Edition::builtin("atyrau-2013").unwrap();
        let annex = Annex::named(annex).unwrap();
        match annex.column(head, |pointer| edition.field_name("permit", pointer)) {
            Head::Column(path, _, _) => Some(path),
            Head::Ignored => Some(String::new()),
            Head::Unknown => None,
        }
    }

    #[test]
    fn a_head_is_a_name_of_the_data_or_of_the_form_in_either_language() {
        for (annex, head, path) in [
            ("annex1", "code", "code"),
            ("annex1", "ЛЗ коды", "code"),
            ("annex1", "Код  ЗВ ", "code"),
            ("annex1", "Приложение 1, код ЗВ", "code"),
            ("annex1", "name.kk", "name/kk"),
            ("annex1", "Ластаушы заттың атауы", "name/kk"),
            ("annex1", "НАИМЕНОВАНИЕ ЗВ", "name/ru"),
            ("annex1", "г/с", "gps"),
            ("annex1", "г/сек", "gps"),
            ("annex1", "2014", "tonnes/2014"),
            ("annex1", "№ п/п", ""),
            ("annex2", "№ выпуска", "outlet"),
            ("annex2", "Концентрация, мг/дм³", "mg_dm3"),
            ("annex2", "приемник сточных вод", "receiver/ru"),
            ("annex3", "уровень опасности", "level"),
            ("annex4", "№ серной карты", "map"),
            ("annex5", "шарттың мәтіні", "kk"),
            ("annex5", "текст условия", "ru"),
            ("annex5", "срок исполнения", "deadline"),
            ("annex5", "deadline.kk", "deadline/kk"),
        ] {
            assert_eq!(found(annex, head).as_deref(), Some(path), "{head}");
        }
        for (annex, head) in [("annex1", "name"), ("annex1", "14"), ("annex5", "2014")] {
            assert_eq!(found(annex, head), None, "{head}");
        }
    }

    #[test]
    fn every_field_of_every_table_has_a_label_in_the_form() {
        let edition = Edition::builtin("atyrau-2013").unwrap();
        for annex in &ANNEXES {
            for field in annex.fields {
                let base = match field.level {
                    Level::Row => annex.labels,
                    Level::Group => annex.group_labels,
                };
                let pointer = format!("{base}/{}", field.name);
                assert!(
                    edition.field_name("permit", &pointer).is_some(),
                    "{pointer}"
                );
            }
        }
    }
}
