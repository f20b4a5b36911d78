use crate::layout::pages::Direction;
use crate::layout::pages::Rule;
use crate::layout::style;

/// A rule with coordinates to a hundredth of a point, so that neighbours meet exactly.
pub(super) fn new(direction: Direction, x: f32, y: f32, length: f32, thickness: f32) -> Rule {
    let end = match direction {
        Direction::Horizontal => x + length,
        Direction::Vertical => y + length,
    };
    let (x, y, end) = (style::rounded(x), style::rounded(y), style::rounded(end));
    let length = match direction {
        Direction::Horizontal => end - x,
        Direction::Vertical => end - y,
    };
    Rule {
        x,
        y,
        length: style::rounded(length),
        thickness,
        direction,
    }
}

/// Joins rules that touch or cover one another: the frames of neighbouring cells become the lines
/// of a table.
pub(super) fn merge(rules: &mut Vec<Rule>) {
    rules.sort_by(|a, b| {
        key(a)
            .partial_cmp(&key(b))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut merged: Vec<Rule> = Vec::with_capacity(rules.len() / 4);
    for rule in rules.drain(..) {
        match merged.last_mut() {
            Some(last) if line(last) == line(&rule) && start(&rule) <= end(last) + TOUCH => {
                let length = end(&rule).max(end(last)) - start(last);
                last.length = style::rounded(length);
            }
            _ => merged.push(rule),
        }
    }
    *rules = merged;
}

fn key(rule: &Rule) -> (bool, f32, f32, f32) {
    let (vertical, across, thickness) = line(rule);
    (vertical, thickness, across, start(rule))
}

/// What rules on one line have in common.
fn line(rule: &Rule) -> (bool, f32, f32) {
    match rule.direction {
        Direction::Horizontal => (false, rule.y, rule.thickness),
        Direction::Vertical => (true, rule.x, rule.thickness),
    }
}

fn start(rule: &Rule) -> f32 {
    match rule.direction {
        Direction::Horizontal => rule.x,
        Direction::Vertical => rule.y,
    }
}

fn end(rule: &Rule) -> f32 {
    start(rule) + rule.length
}

/// Rounding of coordinates that were added up.
const TOUCH: f32 = 0.02;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_two_cells_become_five_lines() {
        let mut rules = Vec::new();
        for x in [0.0, 10.0] {
            rules.push(new(Direction::Horizontal, x, 0.0, 10.0, 0.5));
            rules.push(new(Direction::Horizontal, x, 5.0, 10.0, 0.5));
            rules.push(new(Direction::Vertical, x, 0.0, 5.0, 0.5));
            rules.push(new(Direction::Vertical, x + 10.0, 0.0, 5.0, 0.5));
        }
        merge(&mut rules);
        assert_eq!(rules.len(), 5);
        assert_eq!(rules[0], new(Direction::Horizontal, 0.0, 0.0, 20.0, 0.5));
        assert_eq!(rules[4], new(Direction::Vertical, 20.0, 0.0, 5.0, 0.5));
    }

    #[test]
    fn rules_apart_stay_apart() {
        let mut rules = vec![
            new(Direction::Horizontal, 0.0, 0.0, 10.0, 0.5),
            new(Direction::Horizontal, 12.0, 0.0, 10.0, 0.5),
        ];
        merge(&mut rules);
        assert_eq!(rules.len(), 2);
    }
}
