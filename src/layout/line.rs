use crate::form::Align;
use crate::form::Paragraph;
use crate::layout::error::Error;
use crate::layout::pages::Direction;
use crate::layout::pages::Piece;
use crate::layout::pages::Rule;
use crate::layout::pages::Run;
use crate::layout::rule;
use crate::layout::shape::Shaper;
use crate::layout::style;
use crate::layout::style::Type;
use crate::layout::tags::Owners;
use crate::layout::words;
use crate::layout::words::PageNumbers;
use crate::layout::words::Part;
use crate::layout::words::Reading;
use crate::layout::words::Then;
use crate::layout::words::Unit;

/// A line of a paragraph; its marks are placed from its left end and its top.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) height: f32,
    pub(super) runs: Vec<Run>,
    /// Below the last line of a blank.
    pub(super) rule: Option<Rule>,
}

/// The lines of a paragraph in a width of so many points.
pub(super) fn lines(
    shaper: &mut Shaper<'_>,
    paragraph: &Paragraph,
    owners: &Owners,
    width: f32,
    numbers: Option<PageNumbers>,
) -> Result<Vec<Line>, Error> {
    let units = words::units(shaper, paragraph, owners, numbers)?;
    let style = style::type_of(paragraph.style);
    let setting = Setting {
        paragraph,
        style,
        width,
        shaper,
    };
    let mut lines = setting.set(units);
    if paragraph.ruled {
        if lines.is_empty() {
            lines.push(Line {
                height: style.leading,
                runs: Vec::new(),
                rule: None,
            });
        }
        if let Some(last) = lines.last_mut() {
            last.height += style::BLANK_DROP;
            last.rule = Some(rule::new(
                Direction::Horizontal,
                0.0,
                last.height,
                width,
                style::RULE,
            ));
        }
    }
    Ok(lines)
}

pub(super) struct Setting<'s, 'f> {
    pub(super) paragraph: &'s Paragraph,
    pub(super) style: Type,
    pub(super) width: f32,
    pub(super) shaper: &'s Shaper<'f>,
}

impl Setting<'_, '_> {
    /// Each line takes as many units as fit.
    fn set(&self, units: Vec<Unit>) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line: Vec<Unit> = Vec::new();
        let mut filled = 0.0;
        // Of the lines just before.
        let mut hyphens = 0;
        let mut units = units.into_iter().peekable();
        while let Some(mut unit) = units.next() {
            if !line.is_empty() && filled + unit.width > self.room(&lines) {
                let left = self.room(&lines) - filled;
                if hyphens < MOST_HYPHENS
                    && self.may_part(&unit)
                    && self.is_loose(&line, left)
                    && let Some(rest) = self.hyphenate(&mut unit, left)
                {
                    line.push(std::mem::replace(&mut unit, rest));
                }
                hyphens = match line.last() {
                    Some(last) if last.is_hyphenated() => hyphens + 1,
                    _ => 0,
                };
                lines.push(self.line(&line, self.room(&lines), Ending::Full));
                line.clear();
                filled = 0.0;
            }
            while unit.width > self.room(&lines) && unit.clusters() > 1 {
                let room = self.room(&lines);
                let rest = self.hyphenate(&mut unit, room);
                let rest = rest.unwrap_or_else(|| self.split(&mut unit, room));
                let ending = match unit.then {
                    Then::Space(_) => Ending::Full,
                    Then::Break | Then::Hyphen => Ending::Last,
                };
                lines.push(self.line(&[unit], room, ending));
                unit = rest;
            }
            filled += unit.width + unit.then.width();
            let then = unit.then;
            line.push(unit);
            if then == Then::Break {
                let ending = match units.peek() {
                    Some(_) => Ending::Break,
                    None => Ending::Last,
                };
                lines.push(self.line(&line, self.room(&lines), ending));
                line.clear();
                filled = 0.0;
            }
        }
        lines
    }

    /// Width of the next line.
    fn room(&self, lines: &[Line]) -> f32 {
        self.width - if lines.is_empty() { self.indent() } else { 0.0 } + TOLERANCE
    }

    fn indent(&self) -> f32 {
        match self.paragraph.align {
            Align::Justify | Align::Left => style::points(self.paragraph.indent),
            Align::Center | Align::Decimal | Align::Right => 0.0,
        }
    }

    pub(super) fn width(&self, part: &Part) -> f32 {
        let word = part.word.width_in(part.clusters.clone());
        let hyphen = match part.reading.has_hyphen() {
            true => self.shaper.hyphen(part.face),
            false => 0,
        };
        self.shaper
            .points(part.face, word + hyphen, self.style.size)
    }

    pub(super) fn sum(&self, parts: &[Part]) -> f32 {
        parts.iter().map(|part| self.width(part)).sum()
    }

    fn line(&self, units: &[Unit], room: f32, ending: Ending) -> Line {
        let room = room - TOLERANCE;
        let (last, others) = match units.split_last() {
            Some((last, others)) => (last.width, others),
            None => (0.0, units),
        };
        let natural = others
            .iter()
            .map(|unit| unit.width + unit.then.width())
            .sum::<f32>()
            + last;
        let slack = room - natural;
        let (x, stretch) = match self.paragraph.align {
            Align::Center => (slack / 2.0, 0.0),
            Align::Left => (self.width - room, 0.0),
            Align::Decimal | Align::Right => (slack, 0.0),
            Align::Justify => (self.width - room, self.stretch(others, slack, ending)),
        };
        Line {
            height: self.style.leading,
            runs: self.runs(units, x, stretch, ending),
            rule: None,
        }
    }

    /// Whether a word may be parted only to fill its line: no fragment stands alone on the last
    /// line, and ragged text, such as a signatory's name, does without parted names.
    fn may_part(&self, unit: &Unit) -> bool {
        unit.then != Then::Break
            && (self.paragraph.align == Align::Justify || !unit.begins_with_capital())
    }

    /// Whether a line that ends here, so many points before the edge, would look too empty.
    fn is_loose(&self, units: &[Unit], left: f32) -> bool {
        match self.paragraph.align {
            Align::Justify => {
                let spaces = units.iter().filter(|unit| unit.then.width() > 0.0).count();
                left > self.style.size * LOOSE_SPACE * spaces.max(1) as f32
            }
            Align::Left => left > self.width * LOOSE_LINE,
            Align::Center | Align::Decimal | Align::Right => false,
        }
    }

    /// What each space of a justified line gains.
    fn stretch(&self, others: &[Unit], slack: f32, ending: Ending) -> f32 {
        let spaces = others.iter().filter(|unit| unit.then.width() > 0.0).count();
        if ending != Ending::Full || spaces == 0 {
            return 0.0;
        }
        let stretch = slack / spaces as f32;
        if stretch > self.style.size * MAX_STRETCH {
            0.0
        } else {
            stretch.max(0.0)
        }
    }

    fn runs(&self, units: &[Unit], mut x: f32, stretch: f32, ending: Ending) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::with_capacity(1);
        for (place, unit) in units.iter().enumerate() {
            for part in &unit.parts {
                let run = match runs.last_mut() {
                    Some(run) if run.face == part.face && run.owner == part.owner => run,
                    _ => {
                        runs.push(self.run(part, x));
                        runs.last_mut().expect("a run was just added")
                    }
                };
                add(run, part);
                x += self.width(part);
            }
            if let (Then::Space(width), true) = (unit.then, place + 1 < units.len()) {
                if let Some(run) = runs.last_mut() {
                    add_text(run, " ");
                    if stretch > 0.0 {
                        run.pieces.push(Piece::Gap(stretch));
                    }
                }
                x += width + stretch;
            }
        }
        // The words on either side of the line's end are two, for whoever reads on.
        let is_apart = match (ending, units.last().map(|unit| unit.then)) {
            (Ending::Break, _) => true,
            (Ending::Full, Some(Then::Space(_))) => true,
            (Ending::Full | Ending::Last, _) => false,
        };
        if let (true, Some(run)) = (is_apart, runs.last_mut()) {
            add_text(run, " ");
        }
        runs
    }

    fn run(&self, part: &Part, x: f32) -> Run {
        let slack = self.style.leading - (ASCENT + DESCENT) * self.style.size;
        Run {
            x: style::rounded(x),
            y: style::rounded(slack / 2.0 + ASCENT * self.style.size),
            face: part.face,
            size: self.style.size,
            owner: part.owner,
            pieces: Vec::with_capacity(1),
        }
    }
}

/// How a line came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// A line break inside the paragraph.
    Break,
    /// The next unit did not fit.
    Full,
    /// The end of the paragraph, or a cut word.
    Last,
}

impl Then {
    fn width(self) -> f32 {
        match self {
            Self::Break | Self::Hyphen => 0.0,
            Self::Space(width) => width,
        }
    }
}

fn add(run: &mut Run, part: &Part) {
    let word = &part.word;
    let shown = word.text_in(part.clusters.clone());
    let (shown, read) = match part.reading {
        Reading::AsShown => return add_clusters(run, part),
        Reading::Begin => (format!("{shown}-"), &*word.text),
        Reading::Middle => (format!("{shown}-"), ""),
        Reading::End => (shown.to_owned(), ""),
    };
    run.pieces.push(Piece::ReadAs {
        shown,
        read: read.to_owned(),
    });
}

fn add_clusters(run: &mut Run, part: &Part) {
    let word = &part.word;
    if word.clusters.iter().all(|cluster| cluster.glyph.is_none()) {
        return add_text(run, word.text_in(part.clusters.clone()));
    }
    for place in part.clusters.clone() {
        let text = word.text_of(place);
        match word.clusters[place].glyph {
            None => add_text(run, text),
            Some(id) => run.pieces.push(Piece::Glyph {
                id,
                text: text.to_owned(),
            }),
        }
    }
}

fn add_text(run: &mut Run, text: &str) {
    match run.pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => run.pieces.push(Piece::Text(text.to_owned())),
    }
}

/// Lines one below the other that end in a hyphen, at most.
const MOST_HYPHENS: usize = 2;
/// What the spaces of a justified line may gain before a word is parted, in the size of type.
const LOOSE_SPACE: f32 = 0.25;
/// What a ragged line may lack before a word is parted, of its width.
const LOOSE_LINE: f32 = 0.15;
/// Of a line that is full by rounding.
const TOLERANCE: f32 = 0.01;
/// Widest stretch of a space, in the size of type: beyond it the line stays ragged.
const MAX_STRETCH: f32 = 0.8;
/// Liberation Serif's, in the size of type.
const ASCENT: f32 = 0.891;
const DESCENT: f32 = 0.216;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Inline;
    use crate::layout::Fonts;
    use crate::layout::samples::paragraph;

    #[test]
    fn lines_hold_as_many_words_as_fit() {
        let found = set(
            &paragraph("Қоршаған ортаға эмиссияға рұқсат беретін органның атауы"),
            120.0,
        );
        assert_eq!(
            found,
            [
                "Қоршаған ортаға",
                "эмиссияға рұқсат",
                "беретін органның",
                "атауы"
            ]
        );
    }

    #[test]
    fn word_longer_than_its_line_is_cut() {
        let kazakh = Paragraph {
            lang: crate::form::Lang::Kk,
            ..paragraph("а бвгдежзиклмнопрстуфхцчшщ э")
        };
        let found = set(&kazakh, 60.0);
        assert_eq!(found, ["а", "бвгдежзикл", "мнопрстуф", "хцчшщ э"]);
    }

    #[test]
    fn russian_word_is_parted_by_a_hyphen_and_read_as_one() {
        let fonts = Fonts::builtin();
        let justified = Paragraph {
            align: Align::Justify,
            ..paragraph("Условия природопользования эмиссий")
        };
        let mut shaper = Shaper::new(fonts);
        let lines = lines(&mut shaper, &justified, &owners(), 90.0, None).unwrap();
        let pieces = |line: &Line| line.runs[0].pieces.clone();
        let parted = |shown: &str, read: &str| Piece::ReadAs {
            shown: shown.to_owned(),
            read: read.to_owned(),
        };
        assert_eq!(
            pieces(&lines[0]).last(),
            Some(&parted("приро-", "природопользования"))
        );
        assert_eq!(pieces(&lines[1])[0], parted("допользования", ""));
        let kazakh = Paragraph {
            lang: crate::form::Lang::Kk,
            ..justified
        };
        assert_eq!(
            set(&kazakh, 90.0),
            ["Условия", "природопользова", "ния эмиссий"]
        );
    }

    #[test]
    fn space_behind_the_number_sign_ends_a_line_rather_than_cut_a_word() {
        assert_eq!(set(&paragraph("№ п/п"), 25.0), ["№", "п/п"]);
    }

    #[test]
    fn line_narrower_than_a_letter_holds_one_letter() {
        assert_eq!(set(&paragraph("щит"), 1.0), ["щ", "и", "т"]);
    }

    #[test]
    fn breaks_make_empty_lines_but_none_at_the_end() {
        let text = |text: &str| Inline::Text {
            text: text.to_owned(),
            bold: false,
            italic: false,
            pointer: None,
        };
        let inlines = vec![
            text("а"),
            Inline::Break,
            Inline::Break,
            text("б"),
            Inline::Break,
        ];
        assert_eq!(
            set(
                &Paragraph {
                    inlines,
                    ..paragraph("")
                },
                100.0
            ),
            ["а", "", "б"]
        );
    }

    #[test]
    fn justified_lines_but_the_last_end_at_the_right_edge() {
        let paragraph = Paragraph {
            align: Align::Justify,
            indent: 5.0,
            ..paragraph(
                "Осы Рұқсатқа 5-қосымшаға сәйкес табиғат пайдалану шарттары осы Рұқсаттың бөлігі \
                 болып табылады, бағдарламалар мен қосымшалар да сондай",
            )
        };
        let fonts = Fonts::builtin();
        let mut shaper = Shaper::new(fonts);
        let lines = lines(&mut shaper, &paragraph, &owners(), 290.0, None).unwrap();
        assert!(lines.len() > 2);
        for (place, line) in lines.iter().enumerate() {
            let [run] = line.runs.as_slice() else {
                panic!("one run a line")
            };
            let end = run.x + crate::layout::samples::width(fonts, run);
            assert_eq!(run.x, if place == 0 { style::points(5.0) } else { 0.0 });
            assert_eq!(
                (end - 290.0).abs() < 0.05,
                place + 1 < lines.len(),
                "{end} in line {place}"
            );
        }
    }

    #[test]
    fn right_aligned_figures_end_at_the_right_edge() {
        let fonts = Fonts::builtin();
        let mut shaper = Shaper::new(fonts);
        for figure in ["1,5", "327,663390400", "12\u{a0}000,000"] {
            let paragraph = Paragraph {
                align: Align::Right,
                ..paragraph(figure)
            };
            let lines = lines(&mut shaper, &paragraph, &owners(), 100.0, None).unwrap();
            let run = &lines[0].runs[0];
            assert!((run.x + crate::layout::samples::width(fonts, run) - 100.0).abs() < 0.05);
        }
    }

    #[test]
    fn blank_without_text_has_a_line_and_a_rule() {
        let fonts = Fonts::builtin();
        let blank = Paragraph {
            ruled: true,
            ..paragraph("")
        };
        let lines = lines(&mut Shaper::new(fonts), &blank, &owners(), 100.0, None).unwrap();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].rule.unwrap().length, 100.0);
    }

    #[test]
    fn change_of_face_begins_a_run() {
        let text = |text: &str, bold| Inline::Text {
            text: text.to_owned(),
            bold,
            italic: false,
            pointer: None,
        };
        let inlines = vec![text("Срок ", false), text("5", true), text(" лет", false)];
        let fonts = Fonts::builtin();
        let lines = lines(
            &mut Shaper::new(fonts),
            &Paragraph {
                inlines,
                ..paragraph("")
            },
            &owners(),
            200.0,
            None,
        )
        .unwrap();
        let texts: Vec<String> = lines[0].runs.iter().map(Run::text).collect();
        assert_eq!(texts, ["Срок ", "5 ", "лет"]);
    }

    fn owners() -> Owners {
        Owners::artifact(crate::layout::Artifact::Footer)
    }

    fn set(paragraph: &Paragraph, width: f32) -> Vec<String> {
        let fonts = Fonts::builtin();
        lines(&mut Shaper::new(fonts), paragraph, &owners(), width, None)
            .unwrap()
            .iter()
            .map(|line| line.runs.iter().map(Run::text).collect::<String>())
            .map(|line| line.trim_end().to_owned())
            .collect()
    }
}
