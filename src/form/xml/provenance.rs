//! Where a wording comes from: `K323*;K324`, `T;S4`.

/// Whether a text names at least one source, and nothing else.
pub(in crate::form) fn is_valid(text: &str) -> bool {
    text.split(';').all(is_mark)
}

/// Whether the wording is a regulation's or a found source's: no translation and no proposal of ours
/// has a part in it.
pub(in crate::form) fn is_official(text: &str) -> bool {
    text.split(';').all(|mark| !matches!(mark, "P" | "T"))
}

/// Whether a text names the line of a regulation as corrected: `K323*` for `K323`.
pub(super) fn names(text: &str, line: &str) -> bool {
    text.split(';')
        .any(|mark| mark.strip_suffix('*') == Some(line))
}

/// `T` our translation, `P` our proposal, `S12` a found source; `K323`, `R384-385` lines of the
/// Kazakh and the Russian regulation, with `*` where the wording is corrected.
fn is_mark(mark: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match mark.split_at_checked(1) {
        Some(("K" | "R", lines)) => {
            let lines = lines.strip_suffix('*').unwrap_or(lines);
            let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
            is_number(first) && is_number(last)
        }
        Some(("P" | "T", "")) => true,
        Some(("S", number)) => is_number(number),
        _ => false,
    }
}

/// What a source may be, for those who wrote none.
pub(in crate::form) const SOURCES: &str = "a source is K323, R90 or S12 (a line, a found source), T (translation), P (proposal), or several with ; between them";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_from_other_text() {
        for good in [
            "K323",
            "K323*;K324",
            "K315-316",
            "R384-385*",
            "T;S1;S2",
            "P",
            "S24",
        ] {
            assert!(is_valid(good), "{good}");
        }
        for bad in ["", "K", "K323;", "T4", "X1", "K3a", "К323", "*", "S12*"] {
            assert!(!is_valid(bad), "{bad}");
        }
    }
}
