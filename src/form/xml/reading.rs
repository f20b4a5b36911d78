use crate::form::error::LanguageFault;
use crate::form::language::Lang;
use crate::form::options::Language;
use crate::form::options::Provenance;
use crate::form::options::Wording;
use crate::form::settings::Correction;

/// What shapes the reading of a filled template.
#[derive(Debug, Clone, Copy)]
pub(in crate::form) struct Reading<'r> {
    pub(in crate::form) language: Language,
    pub(in crate::form) wording: Wording,
    pub(in crate::form) provenance: Provenance,
    /// Wordings that are not printed corrected.
    pub(in crate::form) regulation: &'r [&'r Correction],
}

/// A breach of the form language, at a byte of the filled template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::form) struct Fault {
    pub(in crate::form) at: usize,
    pub(in crate::form) fault: LanguageFault,
}

/// A filled template being read: a fault does not end it, so that all are told at once.
pub(super) struct Reader<'r> {
    pub(super) reading: Reading<'r>,
    /// Of the sheet or group at work.
    pub(super) langs: &'static [Lang],
    pub(super) faults: Vec<Fault>,
}

impl Reader<'_> {
    /// Notes a fault, so that reading goes on behind what has it.
    pub(super) fn note<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        match result {
            Ok(read) => Some(read),
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }

    pub(super) fn first_lang(&self) -> Lang {
        self.langs.first().copied().unwrap_or(Lang::Kk)
    }

    /// Reads something in other languages.
    pub(super) fn in_langs(&mut self, langs: &'static [Lang], read: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.langs, langs);
        read(self);
        self.langs = before;
    }
}

/// Both, the state language first.
pub(super) const BOTH: &[Lang] = &[Lang::Kk, Lang::Ru];
