use serde::Deserialize;
use serde::Serialize;

/// A value in the two languages of the forms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual<T = String> {
    /// Kazakh, the state language.
    pub kk: T,
    /// Russian.
    pub ru: T,
}

impl<T> Bilingual<T> {
    /// Both languages by reference.
    #[must_use]
    pub fn as_ref(&self) -> Bilingual<&T> {
        Bilingual {
            kk: &self.kk,
            ru: &self.ru,
        }
    }

    /// The same change in both languages.
    #[must_use]
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Bilingual<U> {
        Bilingual {
            kk: change(self.kk),
            ru: change(self.ru),
        }
    }
}
