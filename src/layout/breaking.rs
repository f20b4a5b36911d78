//! Words that do not fit their line.

use std::ops::Range;

use crate::form::Lang;
use crate::layout::hyphen;
use crate::layout::line::Setting;
use crate::layout::words::Part;
use crate::layout::words::Reading;
use crate::layout::words::Then;
use crate::layout::words::Unit;

impl Setting<'_, '_> {
    /// Parts the last word of a unit behind the last syllable that fits with its hyphen, and gives
    /// back the rest. Russian only: there are no patterns for Kazakh.
    pub(super) fn hyphenate(&self, unit: &mut Unit, room: f32) -> Option<Unit> {
        if self.paragraph.lang != Lang::Ru || unit.width <= room {
            return None;
        }
        let before: f32 = match unit.parts.split_last() {
            Some((_, others)) => self.sum(others),
            None => return None,
        };
        let part = unit.parts.last_mut()?;
        let is_plain = part
            .word
            .clusters
            .iter()
            .all(|cluster| cluster.glyph.is_none());
        let (begin, end) = match part.reading {
            Reading::AsShown if part.clusters == (0..part.word.clusters.len()) && is_plain => {
                (Reading::Begin, Reading::End)
            }
            Reading::End => (Reading::Middle, Reading::End),
            Reading::AsShown | Reading::Begin | Reading::Middle => return None,
        };
        let hyphen = self.shaper.hyphen(part.face);
        let fits = |cluster: &usize| {
            let units = part.word.width_in(part.clusters.start..*cluster) + hyphen;
            before + self.shaper.points(part.face, units, self.style.size) <= room
        };
        let cluster = hyphen::points(&part.word.text)
            .into_iter()
            .filter_map(|byte| part.word.cluster_at(byte))
            .filter(|cluster| part.clusters.contains(cluster) && *cluster > part.clusters.start)
            .filter(fits)
            .max()?;
        let rest = Part {
            clusters: cluster..part.clusters.end,
            reading: end,
            ..part.clone()
        };
        part.clusters.end = cluster;
        part.reading = begin;
        unit.width = self.sum(&unit.parts);
        let then = std::mem::replace(&mut unit.then, Then::Hyphen);
        let parts = vec![rest];
        Some(Unit {
            width: self.sum(&parts),
            parts,
            then,
        })
    }

    /// Cuts a unit that is longer than its line, and gives back the rest: at a space that would not
    /// end a line otherwise, or behind the last cluster that fits.
    pub(super) fn split(&self, unit: &mut Unit, room: f32) -> Unit {
        let mut end = 0;
        let mut width = 0.0;
        for (place, part) in unit.parts.iter().enumerate() {
            if &*part.word.text == " " {
                end = place;
            }
            width += self.width(part);
            if width > room {
                break;
            }
        }
        if end == 0 {
            return self.cut(unit, room);
        }
        let mut rest = unit.parts.split_off(end);
        let space = self.width(&rest.remove(0));
        let then = std::mem::replace(&mut unit.then, Then::Space(space));
        unit.width = self.sum(&unit.parts);
        Unit {
            width: self.sum(&rest),
            parts: rest,
            then,
        }
    }

    /// Cuts a unit behind the last cluster that fits, or the first one; gives back the rest.
    fn cut(&self, unit: &mut Unit, room: f32) -> Unit {
        let mut rest = Vec::new();
        let mut kept = Vec::new();
        let mut width = 0.0;
        for part in unit.parts.drain(..) {
            let mut end = part.clusters.start;
            while rest.is_empty() && end < part.clusters.end {
                let wider = width
                    + self
                        .shaper
                        .points(part.face, part.word.clusters[end].width, self.style.size);
                if wider > room && !(kept.is_empty() && end == part.clusters.start) {
                    break;
                }
                width = wider;
                end += 1;
            }
            let cut = |clusters: Range<usize>| Part {
                clusters,
                ..part.clone()
            };
            if end > part.clusters.start {
                kept.push(cut(part.clusters.start..end));
            }
            if end < part.clusters.end {
                rest.push(cut(end..part.clusters.end));
            }
        }
        let rest = Unit {
            width: self.sum(&rest),
            parts: rest,
            then: unit.then,
        };
        *unit = Unit {
            parts: kept,
            width,
            then: Then::Hyphen,
        };
        rest
    }
}

impl Unit {
    pub(super) fn clusters(&self) -> usize {
        self.parts.iter().map(|part| part.clusters.len()).sum()
    }

    /// Of its last word, quotation marks apart.
    pub(super) fn begins_with_capital(&self) -> bool {
        let word = self.parts.last().map_or("", |part| &part.word.text);
        word.chars()
            .find(|character| character.is_alphabetic())
            .is_some_and(char::is_uppercase)
    }

    pub(super) fn is_hyphenated(&self) -> bool {
        self.parts
            .last()
            .is_some_and(|part| part.reading.has_hyphen())
    }
}

#[cfg(test)]
mod tests {
    use crate::form::Align;
    use crate::form::Lang;
    use crate::form::Paragraph;
    use crate::layout::Artifact;
    use crate::layout::Fonts;
    use crate::layout::Run;
    use crate::layout::line;
    use crate::layout::samples::paragraph;
    use crate::layout::shape::Shaper;
    use crate::layout::tags::Owners;

    #[test]
    fn last_word_of_a_paragraph_is_whole() {
        let text = "Серия и номер ранее выданного разрешения";
        assert_eq!(
            set(Align::Left, text, 210.0),
            ["Серия и номер ранее выданного ", "разрешения"]
        );
        assert_eq!(
            set(Align::Left, &format!("{text} эмиссий"), 210.0),
            ["Серия и номер ранее выданного разрешения", " эмиссий"]
        );
    }

    #[test]
    fn names_are_parted_in_justified_text_only() {
        let text = "Абдрахманова-Жумагалиева Гульшахира Нурмухамедкызы";
        assert_eq!(
            set(Align::Left, text, 180.0),
            ["Абдрахманова-Жумагалиева ", "Гульшахира Нурмухамедкызы"]
        );
        let justified = set(Align::Justify, text, 180.0);
        assert_eq!(justified[0], "Абдрахманова-Жумагалиева Гульшахира");
    }

    #[test]
    fn who_reads_on_after_a_cut_at_a_space_reads_two_words() {
        assert_eq!(set(Align::Left, "№ п/п", 25.0), ["№ ", "п/п"]);
    }

    #[test]
    fn codes_of_wastes_end_their_lines_at_double_slashes() {
        assert_eq!(
            set(Align::Center, "N200302//Q14//WS13//C02+C43//H12", 100.0),
            ["N200302//Q14//", "WS13//C02+C43//", "H12"]
        );
    }

    /// The lines of a Russian paragraph, as they are read: a parted word stands where it begins.
    fn set(align: Align, text: &str, width: f32) -> Vec<String> {
        let fonts = Fonts::builtin();
        let paragraph = Paragraph {
            align,
            lang: Lang::Ru,
            ..paragraph(text)
        };
        let owners = Owners::artifact(Artifact::Footer);
        line::lines(&mut Shaper::new(fonts), &paragraph, &owners, width, None)
            .unwrap()
            .iter()
            .map(|line| line.runs.iter().map(Run::text).collect())
            .collect()
    }
}
