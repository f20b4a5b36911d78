use std::collections::HashSet;

use serde_json::Value;
use serde_json::json;

use crate::form::Block;
use crate::form::ColumnWidth;
use crate::form::Edition;
use crate::form::Error;
use crate::form::FillOptions;
use crate::form::FilledForm;
use crate::form::Inline;
use crate::form::Lang;
use crate::form::Language;
use crate::form::Medium;
use crate::form::Notice;
use crate::form::Orientation;
use crate::form::Paragraph;
use crate::form::RepealNote;
use crate::form::Table;
use crate::form::Wording;
use crate::model::Permit;

const SAMPLE: &str = include_str!("../../fixtures/permits/atyrau-2013.json");
const OPEN_ENDED: &str = include_str!("../../fixtures/permits/atyrau-2013-open-ended.json");

const ELECTRONIC: FillOptions = FillOptions::new(Language::KkRu, Medium::Electronic);
const DRAFT: FillOptions = FillOptions::new(Language::KkRu, Medium::Draft);

fn edition() -> Edition {
    Edition::builtin("atyrau-2013").unwrap()
}

fn filled(permit: &str, options: &FillOptions) -> FilledForm {
    let permit = Permit::from_json(permit.as_bytes()).unwrap();
    edition().fill(&permit, options).unwrap().0
}

/// The sample after some changes.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut data = serde_json::from_str(SAMPLE).unwrap();
    change(&mut data);
    data.to_string()
}

/// Each printed paragraph as one line, a break as a space.
fn lines(form: &FilledForm) -> Vec<String> {
    let mut lines = Vec::new();
    for sheet in &form.sheets {
        sheet
            .blocks
            .iter()
            .for_each(|block| block_lines(block, &mut lines));
        lines.extend(sheet.footer.iter().map(line));
    }
    lines
}

fn block_lines(block: &Block, lines: &mut Vec<String>) {
    match block {
        Block::Group(blocks) | Block::Signature(blocks) => {
            blocks.iter().for_each(|block| block_lines(block, lines));
        }
        Block::List(list) => {
            let paragraphs = list.items.iter().flat_map(|item| &item.paragraphs);
            lines.extend(paragraphs.map(line));
        }
        Block::Paragraph(paragraph) => lines.push(line(paragraph)),
        Block::Bar(_) | Block::Space(_) => {}
        Block::Table(table) => lines.extend(paragraphs(table).map(line)),
    }
}

fn paragraphs(table: &Table) -> impl Iterator<Item = &Paragraph> {
    let rows = table.head.iter().chain(&table.body);
    rows.flat_map(|row| &row.cells)
        .flat_map(|cell| &cell.paragraphs)
}

fn line(paragraph: &Paragraph) -> String {
    let inlines = paragraph.inlines.iter();
    inlines
        .map(|inline| match inline {
            Inline::Break => " ",
            Inline::Page => "{page}",
            Inline::Pages => "{pages}",
            Inline::Text { text, .. } => text,
        })
        .collect()
}

fn tables(form: &FilledForm) -> Vec<&Table> {
    fn collect<'f>(blocks: &'f [Block], tables: &mut Vec<&'f Table>) {
        for block in blocks {
            match block {
                Block::Group(blocks) | Block::Signature(blocks) => collect(blocks, tables),
                Block::Table(table) => tables.push(table),
                Block::Bar(_) | Block::List(_) | Block::Paragraph(_) | Block::Space(_) => {}
            }
        }
    }
    let mut tables = Vec::new();
    form.sheets
        .iter()
        .for_each(|sheet| collect(&sheet.blocks, &mut tables));
    tables
}

#[test]
fn every_sentence_of_the_main_sheet_is_printed() {
    let lines: HashSet<_> = lines(&filled(SAMPLE, &ELECTRONIC)).into_iter().collect();
    for sentence in [
        "Сериясы А-W № 00017",
        "Серия А-W № 00017",
        "Қоршаған ортаға эмиссияға РҰҚСАТ",
        "РАЗРЕШЕНИЕ на эмиссии в окружающую среду",
        "(табиғат пайдаланушының атауы)",
        "(наименование природопользователя)",
        "060000, Атырау облысы, Атырау қаласы, Сынақ көшесі, 1-үй",
        "060000, Атырауская область, город Атырау, улица Сынак, дом 1",
        "(индекс, пошталық мекен-жайы)",
        "(индекс, почтовый адрес)",
        "Жеке сәйкестендіру нөмірі/ бизнес-сәйкестендіру нөмірі",
        "Индивидуальный идентификационный номер/ бизнес-идентификационный номер",
        "120540900019",
        "Табиғат пайдаланушының есеп нөмірі",
        "Учетный номер природопользователя",
        "ТП-06-0017",
        "Өндірістік объектінің атауы",
        "Наименование производственного объекта",
        "Өндірістік объектінің орналасқан жері",
        "Местонахождение производственного объекта",
        "табиғат пайдаланудың келесі шарттарын сақтау:",
        "соблюдать следующие условия природопользования:",
        "1. Ластаушы заттардың шығарындыларын мыналардан аспайтын көлемінде (1-қосымша), жүргізу:",
        "1. Производить выбросы загрязняющих веществ в объемах, не превышающих (приложение 1):",
        "2. Ластаушы заттардың төгінділерін мыналардан аспайтын көлемінде (2-қосымша), жүргізу:",
        "2. Производить сбросы загрязняющих веществ в объемах, не превышающих (приложение 2):",
        "3. Өндіріс және тұтыну қалдықтарын орналастыруды мыналардан аспайтын көлемінде (3-қосымша), жүргізу:",
        "3. Производить размещение отходов производства и потребления в объемах, не превышающих (приложение 3):",
        "4. Күкірт орналастыруды мыналардан аспайтын көлемдерде (4-қосымша) жүргізу:",
        "4. Производить размещение серы в объемах, не превышающих (приложение 4):",
        "5. Рұқсаттың қолданылу кезеңіне келісілген қоршаған ортаны қорғау жөніндегі іс-шаралар жоспарын орындау. (01.11.2013 жылғы № 5/1-2013)",
        "5. Выполнять план мероприятий по охране окружающей среды, согласованный на период действия Разрешения. (№ 5/1-2013 от 01.11.2013 года)",
        "6. Рұқсаттың қолданылу кезеңіне өндірістік экологиялық бақылау бағдарламасын орындау. (01.11.2013 жылғы № 5/2-2013)",
        "6. Выполнять программу производственного экологического контроля на период действия Разрешения. (№ 5/2-2013 от 01.11.2013 года)",
        "7. Осы Рұқсатқа 5-қосымшаға сәйкес табиғат пайдалану шарттары.",
        "7. Условия природопользования согласно приложению 5 к настоящему Разрешению.",
        "Қоршаған ортаға эмиссияға Рұқсаттың қолданылу мерзімі 2014 жылдан 2018 жылға дейін.",
        "Срок действия Разрешения на эмиссии в окружающую среду с 2014 года по 2018 год.",
        "Қоршаған ортаға эмиссияға Рұқсат қолданылатын технологиялар мен осы Рұқсатта көрсетілген табиғат пайдалану шарттары өзгергенге дейін қолданылады.",
        "Разрешение на эмиссии в окружающую среду действительно до изменения применяемых технологий и условий природопользования, указанных в настоящем Разрешении.",
        "Осы Рұқсаттың 5, 7-тармақтарында көрсетілген қосымшалар мен бағдарламалар осы Рұқсаттың ажырамас бөлігі болып табылады.",
        "Приложения и программы, указанные в пунктах 5, 7 настоящего Разрешения, являются неотъемлемой частью настоящего Разрешения.",
        "Басшы (уәкілетті тұлға)",
        "Руководитель (уполномоченное лицо)",
        "(тегі, аты, әкесінің аты болған жағдайда)",
        "(фамилия, имя, отчество при наличии)",
        "Жанұзақов Қайрат Серікұлы",
        "Жанузаков Кайрат Серикович",
        "Электрондық цифрлық қолтаңбамен куәландырылды",
        "Удостоверено электронной цифровой подписью",
        "Берілген күні / берілген жері: 04.12.2013, Атырау қаласы",
        "Дата выдачи / место выдачи: 04.12.2013, город Атырау",
        CLAUSE_KK,
        CLAUSE_RU,
    ] {
        assert!(lines.contains(sentence), "{sentence}");
    }
}

const CLAUSE_KK: &str = "Осы құжат «Электрондық құжат және электрондық цифрлық қолтаңба туралы» Қазақстан Республикасының 2003 жылғы 7 қаңтардағы № 370-II Заңы 7-бабының 1-тармағына сәйкес қағаз тасығыштағы құжатпен бірдей.";
const CLAUSE_RU: &str = "Данный документ согласно пункту 1 статьи 7 ЗРК от 7 января 2003 года № 370-II «Об электронном документе и электронной цифровой подписи» равнозначен документу на бумажном носителе.";

#[test]
fn every_sentence_of_the_appendices_is_printed() {
    let lines: HashSet<_> = lines(&filled(SAMPLE, &ELECTRONIC)).into_iter().collect();
    for sentence in [
        "Қоршаған ортаға эмиссияға берілген рұқсатқа 1-қосымша",
        "Приложение 1 к Разрешению на эмиссии в окружающую среду",
        "Ластаушы заттар шығарындыларының лимиттері",
        "Лимиты выбросов загрязняющих веществ",
        "Мемлекеттік экологиялық сараптама қорытындысының атауы, нөмірі және күні: Эмиссиялар нормативтерінің жобасына мемлекеттік экологиялық сараптама қорытындысы, № 07-214, 14.10.2013",
        "Наименование, номер и дата заключения государственной экологической экспертизы: Заключение государственной экологической экспертизы на проект нормативов эмиссий, № 07-214, 14.10.2013",
        "Р/с №",
        "№ п/п",
        "Көздің №",
        "№ источника",
        "ЛЗ коды",
        "Код ЗВ",
        "Ластаушы заттың атауы",
        "Наименование ЗВ",
        "г/с",
        "г/сек",
        "т/жыл",
        "т/год",
        "Барлығы",
        "ВСЕГО",
        "12,987672492",
        "Қоршаған ортаға эмиссияға берілген рұқсатқа 2-қосымша",
        "Ластаушы заттар төгінділерінің лимиттері",
        "Лимиты сбросов загрязняющих веществ",
        "Шығарылым № және сарқынды суларды қабылдағыш",
        "№ выпуска и приемник сточных вод",
        "№ 1",
        "буландырғыш тоған",
        "пруд-испаритель",
        "Сарқынды су шығыны, м³/сағ; мың м³/жыл",
        "Расход сточных вод, м³/ч; тыс. м³/год",
        "5; 43,8",
        "Наименование загрязняющего вещества",
        "Концентрациясы, мг/дм³",
        "Концентрация, мг/дм³",
        "г/сағ",
        "г/ч",
        "1\u{a0}750,000",
        "Қоршаған ортаға эмиссияға берілген рұқсатқа 3-қосымша",
        "Өндіріс және тұтыну қалдықтарын орналастыру лимиттері",
        "Лимиты размещения отходов производства и потребления",
        "Қалдықтың атауы",
        "Наименование отхода",
        "Қалдықтар сыныптамасы бойынша коды",
        "Код по Классификатору отходов",
        "Қауіптілік деңгейі (жасыл / янтарь / қызыл)",
        "Уровень опасности (зеленый / янтарный / красный)",
        "янтарь",
        "янтарный",
        "Орналастыру орны",
        "Место размещения",
        "Қоршаған ортаға эмиссияға берілген рұқсатқа 4-қосымша",
        "Күкіртті орналастыру лимиттері",
        "Лимиты размещения серы",
        "Күкірт картасының №",
        "№ серной карты",
        "Орналасқан жері",
        "Местонахождение",
        "Орналастыру түрі (ашық түрде / жабық түрде)",
        "Вид размещения (в открытом виде / в закрытом виде)",
        "ашық түрде",
        "в открытом виде",
        "12\u{a0}000,000",
        "Қоршаған ортаға эмиссияға берілген рұқсатқа 5-қосымша",
        "Приложение 5 к Разрешению на эмиссии в окружающую среду",
        "Табиғат пайдалану шарттары",
        "Условия природопользования",
        "Шарттың мәтіні",
        "Текст условия",
        "Орындау мерзімі",
        "Срок исполнения",
        "Есеп берілетін орган",
        "Орган, которому представляется отчет",
        "Сериясы А-W № 00017 — {page}-бет, барлығы {pages}",
        "Серия А-W № 00017 — Страница {page} из {pages}",
    ] {
        assert!(lines.contains(sentence), "{sentence}");
    }
}

#[test]
fn every_text_and_figure_of_the_data_is_printed() {
    let text = lines(&filled(SAMPLE, &ELECTRONIC)).join("\n");
    let permit = Permit::from_json(SAMPLE.as_bytes()).unwrap();
    for row in &permit.limits.annex1 {
        assert!(text.contains(&row.name.kk) && text.contains(&row.name.ru));
        assert!(text.contains(&row.gps.printed()) && text.contains(row.code.as_str()));
        for (_, amount) in row.tonnes.iter() {
            assert!(text.contains(&amount.printed()), "{amount}");
        }
    }
    for condition in &permit.annex5 {
        assert!(text.contains(&condition.text.kk) && text.contains(&condition.text.ru));
    }
}

#[test]
fn limits_stand_one_year_a_line_and_the_last_ends_the_item() {
    let lines = lines(&filled(SAMPLE, &ELECTRONIC));
    let item = |first: &str| {
        let start = lines
            .iter()
            .position(|line| line.starts_with(first))
            .unwrap();
        lines[start + 1..start + 6].to_vec()
    };
    assert_eq!(
        item("1. Ластаушы"),
        [
            "2014 жылы 327,663390400 тонна;",
            "2015 жылы 327,663390400 тонна;",
            "2016 жылы 321,110122152 тонна;",
            "2017 жылы 311,280221780 тонна;",
            "2018 жылы 311,280221780 тонна.",
        ]
    );
    assert_eq!(
        item("4. Производить"),
        [
            "в 2014 году 12\u{a0}000,000 тонн;",
            "в 2015 году 12\u{a0}000,000 тонн;",
            "в 2016 году 9\u{a0}000,000 тонн;",
            "в 2017 году 6\u{a0}000,000 тонн;",
            "в 2018 году 6\u{a0}000,000 тонн.",
        ]
    );
}

#[test]
fn both_languages_stand_apart_on_the_main_sheet_and_together_in_the_appendices() {
    let form = filled(SAMPLE, &ELECTRONIC);
    let langs: Vec<_> = form.sheets.iter().map(|sheet| sheet.lang).collect();
    assert_eq!(form.lang, Lang::Kk);
    assert_eq!(
        langs,
        [
            Lang::Kk,
            Lang::Ru,
            Lang::Kk,
            Lang::Kk,
            Lang::Kk,
            Lang::Kk,
            Lang::Kk
        ]
    );
    for sheet in &form.sheets[..2] {
        let mut lines = Vec::new();
        sheet
            .blocks
            .iter()
            .for_each(|block| block_lines(block, &mut lines));
        let holder = "(табиғат пайдаланушының атауы)".to_owned();
        assert_eq!(lines.contains(&holder), sheet.lang == Lang::Kk);
        let holder = "(наименование природопользователя)".to_owned();
        assert_eq!(lines.contains(&holder), sheet.lang == Lang::Ru);
    }
}

#[test]
fn one_language_prints_that_half_alone() {
    for (language, lang, own, other) in [
        (Language::Kk, Lang::Kk, "Барлығы", "ВСЕГО"),
        (Language::Ru, Lang::Ru, "ВСЕГО", "Барлығы"),
    ] {
        let options = FillOptions {
            language,
            ..ELECTRONIC
        };
        let form = filled(SAMPLE, &options);
        assert_eq!(form.lang, lang);
        assert!(form.sheets.iter().all(|sheet| sheet.lang == lang));
        assert_eq!(form.sheets.len(), 6);
        let lines = lines(&form);
        assert!(lines.contains(&own.to_owned()) && !lines.contains(&other.to_owned()));
    }
}

#[test]
fn a_draft_is_marked_and_certifies_nothing() {
    let form = filled(SAMPLE, &DRAFT);
    assert_eq!(form.watermark.as_deref(), Some("ЖОБА / ПРОЕКТ"));
    let lines = lines(&form);
    for absent in [
        CLAUSE_KK,
        CLAUSE_RU,
        "Электрондық цифрлық қолтаңбамен куәландырылды",
    ] {
        assert!(!lines.contains(&absent.to_owned()));
    }
    assert!(lines.contains(&"М.О.".to_owned()) && lines.contains(&"М.П.".to_owned()));
    let form = filled(SAMPLE, &ELECTRONIC);
    assert_eq!(form.watermark, None);
    assert!(!self::lines(&form).contains(&"М.О.".to_owned()));
}

#[test]
fn the_clause_follows_the_day_of_issue() {
    for (day, printed) in [
        ("2013-12-04", true),
        ("2026-07-11", true),
        ("2026-07-12", false),
    ] {
        let data = changed(|data| data["issue_date"] = json!(day));
        let permit = Permit::from_json(data.as_bytes()).unwrap();
        let (form, notices) = edition().fill(&permit, &ELECTRONIC).unwrap();
        assert_eq!(
            lines(&form).contains(&CLAUSE_KK.to_owned()),
            printed,
            "{day}"
        );
        let notice = Notice::ClauseNotPrinted {
            issue_date: permit.issue_date,
        };
        assert_eq!(notices.contains(&notice), !printed, "{day}");
        let (_, notices) = edition().fill(&permit, &DRAFT).unwrap();
        assert!(!notices.contains(&notice));
    }
}

#[test]
fn outside_its_time_an_edition_prints_its_repeal() {
    for (day, in_force) in [
        ("2013-06-26", false),
        ("2013-06-27", true),
        ("2014-07-21", true),
        ("2014-07-22", false),
    ] {
        let data = changed(|data| data["issue_date"] = json!(day));
        let permit = Permit::from_json(data.as_bytes()).unwrap();
        let (form, notices) = edition().fill(&permit, &ELECTRONIC).unwrap();
        assert_eq!(edition().in_force(permit.issue_date), in_force);
        assert_eq!(notices.is_empty(), in_force, "{day}");
        let repealed = lines(&form)
            .iter()
            .any(|line| line.contains("Күші жойылды"));
        assert_eq!(repealed, !in_force, "{day}");
    }
}

#[test]
fn a_kind_without_limits_keeps_its_number_and_has_no_appendix() {
    let data = changed(|data| {
        data["totals"]
            .as_object_mut()
            .unwrap()
            .shift_remove("discharge");
        data.as_object_mut().unwrap().shift_remove("annex2");
    });
    let form = filled(&data, &ELECTRONIC);
    assert_eq!(form.sheets.len(), 6);
    let lines = lines(&form);
    for (item, next) in [
        ("2. Ластаушы", "3. Өндіріс"),
        ("2. Производить", "3. Производить"),
    ] {
        let at = lines
            .iter()
            .position(|line| line.starts_with(item))
            .unwrap();
        assert_eq!(lines[at + 1], "—");
        assert!(lines[at + 2].starts_with(next));
    }
    assert!(!lines.iter().any(|line| line.contains("рұқсатқа 2-қосымша")));
}

#[test]
fn characters_of_xml_and_of_the_template_engine_print_as_such() {
    let text = r#"A & B <b>C</b> "D" 'E' &amp; {{number}} {{{x}}} \{{y}} =`F` ]]>"#;
    let data = changed(|data| {
        data["nature_user"]["name"]["kk"] = json!(text);
        data["annex1"][0]["name"]["ru"] = json!(text);
        data["annex5"][0]["kk"] = json!(text);
    });
    let lines = lines(&filled(&data, &ELECTRONIC));
    let count = lines.iter().filter(|line| *line == text).count();
    // Main sheet, five appendix heads, one cell each in appendices 1 and 5
    assert_eq!(count, 8);
}

#[test]
fn an_open_end_has_no_term_and_says_until_when_it_holds() {
    let lines = lines(&filled(OPEN_ENDED, &ELECTRONIC));
    assert!(!lines.iter().any(|line| line.contains("қолданылу мерзімі")));
    assert!(!lines.iter().any(|line| line.starts_with("Срок действия")));
    assert!(
        lines
            .iter()
            .any(|line| line.ends_with("өзгергенге дейін қолданылады."))
    );
    for printed in [
        "0001",
        "тұрақты",
        "постоянно",
        "01.02.2015",
        "Рұқсат берген орган",
        "920401490411",
    ] {
        assert!(lines.contains(&printed.to_owned()), "{printed}");
    }
}

#[test]
fn a_term_in_dates_is_printed_in_dates() {
    let data = changed(|data| data["validity"] = json!({"from": "2014-01-01", "to": "2018-12-31"}));
    let lines = lines(&filled(&data, &ELECTRONIC));
    for sentence in [
        "Қоршаған ортаға эмиссияға Рұқсаттың қолданылу мерзімі 01.01.2014 жылдан 31.12.2018 жылға дейін.",
        "Срок действия Разрешения на эмиссии в окружающую среду с 01.01.2014 года по 31.12.2018 года.",
    ] {
        assert!(lines.contains(&sentence.to_owned()), "{sentence}");
    }
}

#[test]
fn ten_years_and_many_substances_fit() {
    let amounts: serde_json::Map<_, _> = (2014..2024)
        .map(|year| (year.to_string(), json!("12345.678901234567")))
        .collect();
    let totals: serde_json::Map<_, _> = (2014..2024)
        .map(|year| (year.to_string(), json!("4938271.5604938268")))
        .collect();
    let data = changed(|data| {
        data["validity"]["to_year"] = json!(2023);
        data["totals"]["air"] = totals.into();
        let mut row = data["annex1"][0].clone();
        row["tonnes"] = amounts.into();
        data["annex1"] = Value::Array(vec![row; 400]);
    });
    let form = filled(&data, &ELECTRONIC);
    assert_eq!(form.sheets[2].orientation, Orientation::Landscape);
    let tables: Vec<_> = tables(&form)
        .into_iter()
        .filter(|table| table.body.len() == 401)
        .collect();
    let years: Vec<_> = tables
        .iter()
        .map(|table| table.head[1].cells.len())
        .collect();
    assert_eq!(years, [4, 4, 2]);
    for table in tables {
        assert!(width(table) < 262.0 - 50.0, "{:?}", table.columns);
    }
}

/// Millimetres of a table's fixed columns.
fn width(table: &Table) -> f32 {
    let widths = table.columns.iter();
    widths
        .map(|column| match column {
            ColumnWidth::Fixed(mm) => *mm,
            ColumnWidth::Share(_) => 0.0,
        })
        .sum()
}

#[test]
fn several_outlets_have_a_table_each_and_a_common_sum() {
    let data = changed(|data| {
        let mut outlet = data["annex2"][0].clone();
        outlet["outlet"] = json!("2");
        data["annex2"].as_array_mut().unwrap().push(outlet);
        for year in 2014..2019 {
            data["totals"]["discharge"][year.to_string()] = json!("76.501080");
        }
    });
    let lines = lines(&filled(&data, &ELECTRONIC));
    let count = |text: &str| lines.iter().filter(|line| *line == text).count();
    assert_eq!(count("38,250540"), 2 * 5);
    assert_eq!(count("76,501080"), 5);
    assert_eq!(
        (
            count("№ 2"),
            count("Барлық шығарылымдар"),
            count("Все выпуски")
        ),
        (2, 1, 1)
    );
}

#[test]
fn the_cells_of_every_row_fill_its_columns() {
    for permit in [SAMPLE, OPEN_ENDED] {
        for language in [Language::KkRu, Language::Kk, Language::Ru] {
            let form = filled(
                permit,
                &FillOptions {
                    language,
                    ..ELECTRONIC
                },
            );
            for table in tables(&form) {
                for rows in [&table.head, &table.body] {
                    assert_rows_fill(rows, table.columns.len());
                }
            }
        }
    }
}

fn assert_rows_fill(rows: &[crate::form::Row], columns: usize) {
    let area: usize = rows
        .iter()
        .flat_map(|row| &row.cells)
        .map(|cell| cell.column_span * cell.row_span)
        .sum();
    assert_eq!(area, rows.len() * columns);
    assert!(
        rows.iter()
            .flat_map(|row| &row.cells)
            .all(|cell| !cell.paragraphs.is_empty())
    );
}

#[test]
fn corrected_wordings_are_printed_instead_of_the_regulations() {
    let text = lines(&filled(SAMPLE, &ELECTRONIC)).join("\n");
    let edition = edition();
    assert_eq!(edition.corrections().len(), 3);
    for correction in edition.corrections() {
        assert!(text.contains(&correction.printed), "{}", correction.printed);
        assert!(
            !text.contains(&correction.regulation),
            "{}",
            correction.regulation
        );
    }
}

#[test]
fn verbatim_gives_the_regulations_words() {
    let verbatim = FillOptions {
        wording: Wording::Verbatim,
        ..ELECTRONIC
    };
    let text = lines(&filled(SAMPLE, &verbatim)).join("\n");
    for correction in edition().corrections() {
        assert!(text.contains(&correction.regulation), "{correction:?}");
    }
    assert!(!text.contains("мыналардан аспайтын көлемінде (1-қосымша)"));
}

#[test]
fn a_sheet_of_paper_has_its_seal_and_no_clause() {
    let paper = FillOptions::new(Language::KkRu, Medium::Paper);
    let form = filled(SAMPLE, &paper);
    assert_eq!(form.watermark, None);
    let lines = lines(&form);
    for printed in ["(қолы)", "(подпись)", "М.О.", "М.П."] {
        assert!(lines.contains(&printed.to_owned()), "{printed}");
    }
    for absent in [
        CLAUSE_KK,
        CLAUSE_RU,
        "Удостоверено электронной цифровой подписью",
    ] {
        assert!(!lines.contains(&absent.to_owned()), "{absent}");
    }
}

#[test]
fn the_repeal_can_be_left_out() {
    let data = changed(|data| data["issue_date"] = json!("2015-01-01"));
    let repealed = |repeal_note| {
        let options = FillOptions {
            repeal_note,
            ..ELECTRONIC
        };
        lines(&filled(&data, &options))
            .iter()
            .any(|line| line.contains("Күші жойылды"))
    };
    assert!(repealed(RepealNote::Printed));
    assert!(!repealed(RepealNote::Hidden));
}

#[test]
fn every_field_of_the_data_has_a_name_in_the_form() {
    let edition = edition();
    for permit in [SAMPLE, OPEN_ENDED] {
        assert_named(&edition, &serde_json::from_str(permit).unwrap(), "");
    }
    let name = edition.field_name("permit", "/totals/air/2014").unwrap();
    assert_eq!(name.ru, "Пункт 1, выбросы загрязняющих веществ, тонн");
    assert_eq!(
        edition
            .field_name("permit", "/facility/name/kk")
            .unwrap()
            .kk,
        "Өндірістік объектінің атауы"
    );
    for unknown in ["/extra", "/nature_user/bin", "", "/annex1/x", "/kk"] {
        assert_eq!(edition.field_name("permit", unknown), None, "{unknown}");
    }
}

fn assert_named(edition: &Edition, value: &Value, pointer: &str) {
    if !pointer.is_empty() {
        assert!(edition.field_name("permit", pointer).is_some(), "{pointer}");
    }
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| assert_named(edition, value, &format!("{pointer}/{name}"))),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(index, value)| assert_named(edition, value, &format!("{pointer}/{index}"))),
        _ => {}
    }
}

#[test]
fn an_edition_says_whose_signature_it_takes() {
    let edition = edition();
    assert_eq!(edition.id(), "atyrau-2013");
    assert_eq!(edition.signer_roles("permit"), ["head", "can-sign"]);
    assert!(matches!(
        Edition::builtin("atyrau-2031"),
        Err(Error::UnknownEdition { id }) if id == "atyrau-2031"
    ));
}
