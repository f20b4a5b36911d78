//! Filled form and fonts to `Pages`.
