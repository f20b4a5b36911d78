//! The editions that the program brings with it, and the samples that fill their forms.

/// An edition as files.
pub(super) struct Builtin {
    pub(super) id: &'static str,
    pub(super) files: &'static [(&'static str, &'static str)],
    /// Data for a form, to look at it and to check it with.
    pub(super) samples: &'static [(&'static str, &'static str)],
}

/// The files of a folder below `templates`.
macro_rules! files {
    ($edition:literal: $($file:literal)*) => {
        &[$((
            $file,
            include_str!(concat!("../../templates/", $edition, "/", $file)),
        )),*]
    };
}

/// Files of `fixtures` with the form that each fills.
macro_rules! samples {
    ($($form:literal $file:literal)*) => {
        &[$(($form, include_str!(concat!("../../fixtures/", $file)))),*]
    };
}

pub(super) const BUILTIN: &[Builtin] = &[Builtin {
    id: "atyrau-2013",
    files: files!("atyrau-2013":
        "form.toml"
        "annex1.hbs" "annex2.hbs" "annex3.hbs" "annex4.hbs" "annex5.hbs"
        "duties.hbs" "footer.hbs" "holder.hbs" "limits.hbs" "main.hbs"
        "permit.hbs" "series.hbs" "signature.hbs"
    ),
    samples: samples!(
        "permit" "permits/atyrau-2013.json"
        "permit" "permits/atyrau-2013-open-ended.json"
    ),
}];
