//! What the library promises, tested from outside.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, and tests read sources and make keys"
)]

mod added_edition;
mod architecture;
#[cfg(all(unix, feature = "cli"))]
mod authority_store;
mod breakages;
mod corpora;
mod documents;
mod every_form;
mod files;
mod fixtures;
mod forge;
mod forms;
mod injection;
mod issuing;
mod letters;
mod other_authority;
mod reproducible;
mod second_reader;
#[cfg(feature = "serve")]
mod serve;
mod sheets;
mod signing;
mod structure;
mod suites;
mod support;
mod tampering;
mod verdicts;
