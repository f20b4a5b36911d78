//! What somebody may have meant who wrote a name that is none.

/// The names to choose from, the likeliest first: `; is it …?`, or all where none is like it.
pub(super) fn hint<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<(usize, &str)> = names.map(|name| (distance(wrong, name), name)).collect();
    names.sort_unstable();
    let near = wrong.chars().count().div_ceil(3).max(1);
    match names.first() {
        None => String::new(),
        Some((far, name)) if *far <= near => format!("; is it {name}?"),
        Some(_) if names.len() > MOST_NAMES => String::new(),
        Some(_) => {
            let mut names: Vec<&str> = names.into_iter().map(|(_, name)| name).collect();
            names.sort_unstable();
            format!("; there are {}", names.join(", "))
        }
    }
}

/// Letters to change, to add or to take away, or to swap with their neighbours.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(LONGEST).collect();
    let right: Vec<char> = right.chars().take(LONGEST).collect();
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, from) in left.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, to) in right.iter().enumerate() {
            let change = last[column] + usize::from(from != to);
            let add = next[column] + 1;
            let remove = last[column + 1] + 1;
            let mut least = change.min(add).min(remove);
            let is_swap =
                row > 0 && column > 0 && left[row - 1] == *to && right[column - 1] == *from;
            if is_swap {
                let swapped: &Vec<usize> = &before_last;
                least = least.min(swapped[column - 1] + 1);
            }
            next.push(least);
        }
        before_last = std::mem::replace(&mut last, next);
    }
    last[right.len()]
}

/// Names that are told in full.
const MOST_NAMES: usize = 12;
/// Letters of a name that are compared.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_is_told_or_all_of_a_few() {
        let names = || ["address", "name", "account_number"].into_iter();
        assert_eq!(hint("adress", names()), "; is it address?");
        assert_eq!(hint("nmae", names()), "; is it name?");
        assert_eq!(
            hint("phone", names()),
            "; there are account_number, address, name"
        );
        assert_eq!(hint("x", std::iter::empty()), "");
        let many: Vec<String> = (0..20).map(|number| format!("field{number}")).collect();
        assert_eq!(hint("zzz", many.iter().map(String::as_str)), "");
    }
}
