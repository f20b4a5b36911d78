//! A verification `Report` as text and JSON, in Kazakh, Russian and English.
